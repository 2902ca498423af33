"""What careless and hostile people type: one sentence and an exit code, never a traceback."""

from pathlib import Path

import pytest

from tests.commanding import run_forked

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
    assert run_forked("init", str(tmp_path / "w")).returncode == 0

    done = run_forked(*words, "--workspace", str(tmp_path / "w"))

    assert done.returncode == 2, done.stderr
    assert "is not in the range" in done.stderr
    assert "Traceback" not in done.stderr
