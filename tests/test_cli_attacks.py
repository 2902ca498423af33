"""What careless and hostile people type: one sentence and an exit code, never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

BEYOND_ANY_COLUMN = "9" * 24


@pytest.mark.parametrize(
    "words",
    [
        ("articles", "list", "--limit", BEYOND_ANY_COLUMN),
        ("authors", "list", "--limit", BEYOND_ANY_COLUMN),
        ("search", "geese", "--limit", BEYOND_ANY_COLUMN),
        ("comments", "show", BEYOND_ANY_COLUMN),
        ("digest", "show", "weekly", "--issue", BEYOND_ANY_COLUMN),
        ("digest", "undo", "weekly", "--action", BEYOND_ANY_COLUMN),
        ("render", "weekly", "--issue", BEYOND_ANY_COLUMN),
        ("publish", "weekly", "--issue", BEYOND_ANY_COLUMN),
    ],
    ids=" ".join,
)
def test_a_number_that_no_column_holds_is_wrong_usage(tmp_path: Path, words: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", "import cli; cli.main()"]
    subprocess.run([*command, "init", str(tmp_path / "w")], check=True, capture_output=True)

    done = subprocess.run(
        [*command, *words, "--workspace", str(tmp_path / "w")], check=False, capture_output=True, text=True
    )

    assert done.returncode == 2, done.stderr
    assert "is not in the range" in done.stderr
    assert "Traceback" not in done.stderr
