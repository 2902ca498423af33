"""Long work shows a bar on a terminal and plain lines elsewhere."""

import os
import pty
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.commands import progress
from crawler.commands.context import Session
from crawler.commands.progress import ProgressPrinter

ROOT = Path(__file__).parents[1]
STORY = """The Heron

By Ida MossPublished 3 days ago 2 min read

It stood in the ditch all morning and looked at nothing that anybody else could see from the road.

In the evening it was still there, and so were we, and the soup was cold.

About the Creator

Ida Moss
"""


def run_on_terminal(arguments: list[str], folder: Path) -> tuple[int, str]:
    """Run a command whose standard error is a terminal; return its exit code and what it wrote there."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cli", *arguments]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "PYTHONPATH": str(ROOT)}
    written = b""
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        try:
            while piece := os.read(ours, 4096):
                written += piece
        except OSError:
            pass  # as Linux says that the other side is gone
    os.close(ours)
    return process.returncode, written.decode("utf-8", "replace")


def test_an_import_shows_a_bar_on_a_terminal(tmp_path: Path) -> None:
    names = [f"story-{number}.txt" for number in range(3)]
    for number, name in enumerate(names):
        (tmp_path / name).write_text(STORY.replace("Heron", f"Heron {number}"))
    code, written = run_on_terminal(["import", *names], tmp_path)
    assert code == 0
    assert "━" in written
    assert "of 3 files" in written


def test_a_quiet_import_shows_none(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text(STORY)
    assert run_on_terminal(["-q", "import", "story.txt"], tmp_path) == (0, "")


def test_elsewhere_plain_lines_come_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "PLAIN_INTERVAL", timedelta(0))
    with ProgressPrinter(Session()) as printer:
        printer.show("article: 500 rows copied", done=500)
    monkeypatch.setattr(progress, "PLAIN_INTERVAL", timedelta(hours=1))
    with ProgressPrinter(Session()) as printer:
        printer.show("article: 900 rows copied", done=900)
    assert capsys.readouterr().err == "article: 500 rows copied\n"
