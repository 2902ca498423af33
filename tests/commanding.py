"""Ways to run the command line in a process of its own."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import cli

ROOT = Path(__file__).parent.parent


def run_gleanings(*args: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a shell does: in a fresh interpreter."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *args],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def run_forked(*args: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process that has its modules loaded: to load them takes longer than most commands."""
    with TemporaryDirectory() as folder:
        told = [Path(folder, name) for name in ("stdout", "stderr")]
        child = multiprocessing.get_context("forkserver").Process(target=_run, args=(args, *told))
        child.start()
        child.join(120)
        is_ended = child.exitcode is not None
        child.kill()
        child.join()
        assert is_ended, f"{args} did not end in two minutes"
        out, err = (path.read_text(encoding="utf-8") for path in told)
        return subprocess.CompletedProcess(args, child.exitcode, out, err)


def _run(args: tuple[str, ...], out: Path, err: Path) -> None:
    for number, path in ((1, out), (2, err)):
        with path.open("wb") as file:
            os.dup2(file.fileno(), number)
    cli.main(list(args))
