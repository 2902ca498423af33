"""The digest commands as an editor uses them, in a workspace filled by import."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import cli

SEEDS = """
[[publication]]
slug = "towpath"
platform = "vocal"
name = "The Towpath"
url = "https://towpath.example/"
enabled = false
rights = "{rights}"
"""

DIGEST = 'title = "Weekly"\nwindow = "30d"\n'


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


class Desk:
    """A workspace with one publication and one digest, and the command line in it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        (folder / "seeds" / "digests").mkdir(parents=True)
        (folder / "gleanings.toml").touch()
        self.write_seeds("excerpt")
        self.write_digest("")

    def write_seeds(self, rights: str) -> None:
        (self.folder / "seeds" / "p.toml").write_text(SEEDS.format(rights=rights), encoding="utf-8")

    def write_digest(self, text: str, *, slug: str = "weekly") -> None:
        (self.folder / "seeds" / "digests" / f"{slug}.toml").write_text(DIGEST + text, encoding="utf-8")

    def add(self, *numbers: int, **fields: Any) -> None:
        path = self.folder / "lines.jsonl"
        path.write_text(
            "".join(json.dumps(_line(each, **fields)) + "\n" for each in numbers), encoding="utf-8"
        )
        assert self("import", str(path)).code == 0

    def __call__(self, *arguments: str) -> Run:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main([*arguments, "--workspace", str(self.folder)])
        printed = self._capsys.readouterr()
        return Run(int(end.value.code or 0), printed.out, printed.err)


def _line(number: int, **fields: Any) -> dict[str, Any]:
    seen = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = f"Lock {number} was built in {1700 + number}. " + " ".join(f"w{number}x{n}" for n in range(150))
    return {
        "id": number,
        "platform": "vocal",
        "publication": "towpath",
        "community": None,
        "url": f"https://towpath.example/lock-{number}",
        "canonical_url": f"https://towpath.example/lock-{number}",
        "headline": f"Lock {number}",
        "byline": f"By Keeper {number}",
        "authors": [{"name": f"Keeper {number}", "url": f"https://towpath.example/keeper-{number}"}],
        "published_at": seen,
        "published_bounds": [seen, seen],
        "language": "en",
        "body_html": f"<p>{text}</p>",
        "body_text": text,
        "word_count": len(text.split()),
        "tags": [],
        "access": "free",
        "first_seen_at": seen,
        "last_seen_at": seen,
        **fields,
    }


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path / "workspace", capsys)


def test_what_the_seeds_say_of_rights_and_names_holds_without_a_crawl(desk: Desk) -> None:
    desk.add(1)
    desk.write_digest('[content]\nmode = "full"\nwords = 20\n[limits]\nentries = 1\n')
    desk.write_seeds("full")
    assert desk("digest", "make", "weekly").code == 0
    [entry] = json.loads(desk("digest", "show", "weekly", "--json").out)["entries"]
    assert entry["publication_name"] == "The Towpath"
    assert "w1x149" in entry["content_html"]


def test_rights_taken_back_in_the_seeds_hold_for_the_next_issue(desk: Desk) -> None:
    desk.write_digest('[content]\nmode = "full"\nwords = 20\n')
    desk.write_seeds("full")
    desk.add(1)
    assert desk("digest", "make", "weekly").code == 0
    desk.write_seeds("excerpt")
    desk.add(2)
    assert desk("digest", "make", "weekly").code == 0
    [entry] = json.loads(desk("digest", "show", "weekly", "--json").out)["entries"]
    assert entry["content_html"] is None
    assert "w2x149" not in entry["summary_html"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('formats = ["rss", "atm"]', 'did you mean "atom"'),
        ('[[outlet]]\nkind = "floder"\npath = "public"', 'did you mean "folder"'),
        ('[[outlet]]\nkind = "folder"', 'needs the key "path"'),
    ],
)
@pytest.mark.parametrize("command", [("digest", "list"), ("digest", "make", "weekly")])
def test_an_unknown_format_or_outlet_is_told_before_anything_is_made(
    desk: Desk, command: tuple[str, ...], text: str, words: str
) -> None:
    desk.add(1)
    desk.write_digest(text)
    run = desk(*command)
    assert (run.code, run.out) == (2, "")
    assert words in run.err
    assert "weekly.toml" in run.err
    desk.write_digest("")
    assert json.loads(desk("digest", "list", "--json").out)["issues"] == 0


@pytest.mark.parametrize("words", ["", "  \n"])
def test_a_note_or_correction_says_something(desk: Desk, words: str) -> None:
    desk.add(1)
    for command in (("note", "weekly", "1", words), ("correct", "weekly", "1", words)):
        run = desk("digest", *command)
        assert run.code == 2
        assert "it says nothing" in run.err
    assert desk("digest", "actions", "weekly", "--json").out == ""


@pytest.mark.parametrize("words", [("articles", "list"), ("authors", "list"), ("search", "lock")])
def test_a_list_that_is_cut_off_says_so(desk: Desk, words: tuple[str, ...]) -> None:
    desk.add(1, 2, 3)
    cut, whole = desk(*words, "--limit", "2", "--json"), desk(*words, "--limit", "3", "--json")
    assert [len(run.out.splitlines()) for run in (cut, whole)] == [2, 3]
    assert whole.out.startswith(cut.out)
    assert [run.err for run in (cut, whole)] == ["More than 2 fit; --limit shows more.\n", ""]


def test_an_article_that_is_gone_is_shown_as_gone(desk: Desk) -> None:
    desk.add(1)
    assert "gone" not in desk("articles", "show", "1").out
    desk.add(2, change="gone")
    assert " words · gone\n" in desk("articles", "show", "2").out


def test_an_editor_sees_notes_and_corrections_before_and_after_the_issue_is_made(desk: Desk) -> None:
    desk.add(1)
    desk("digest", "make", "weekly")
    desk.add(2, 3)
    desk("digest", "note", "weekly", "2", "Read this one aloud.")
    desk("digest", "correct", "weekly", "1", "It was built later.")
    rows = [json.loads(line) for line in desk("digest", "preview", "weekly", "--json").out.splitlines()]
    assert {row["article_id"]: row["note"] for row in rows} == {2: "Read this one aloud.", 3: None}
    commands = (("preview", "weekly"), ("preview", "weekly", "--why"), ("make", "weekly"), ("show", "weekly"))
    for command in commands:
        lines = desk("digest", *command).out.splitlines()
        note = lines.index("     Note: Read this one aloud.")
        assert "Lock 2" in lines[note - 1]
        assert "Correction to No. 1: It was built later." in lines
        assert not any("Note:" in line for line in lines[note + 1 :])


def test_a_correction_of_an_entry_names_it(desk: Desk) -> None:
    desk.add(1)
    assert desk("digest", "make", "weekly").code == 0
    assert desk("digest", "correct", "weekly", "1", "It was built later.", "--article", "1").code == 0
    [row] = desk("digest", "actions", "weekly").out.splitlines()[1:]
    assert row.split()[:4] == ["1", "erratum", "1", "1"]
    desk.add(2)
    desk("digest", "make", "weekly")
    text = desk("render", "weekly", "--format", "text").out
    assert "Correction to No. 1: “Lock 1”: It was built later." in text


def test_what_was_pinned_and_then_dropped_enters_no_issue(desk: Desk) -> None:
    desk.add(1, 2)
    assert desk("digest", "pin", "weekly", "1").code == 0
    assert desk("digest", "drop", "weekly", "1").code == 0
    assert "Lock 1" not in desk("digest", "make", "weekly").out
    desk.add(3)
    assert "Lock 1" not in desk("digest", "make", "weekly").out
    assert desk("digest", "actions", "weekly", "--json").out == ""


@pytest.mark.parametrize("place", ["", " "])
def test_an_issue_is_not_published_to_a_place_without_a_name(
    desk: Desk, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    desk.add(1)
    assert desk("digest", "make", "weekly").code == 0
    before = sorted(tmp_path.rglob("*.html"))
    run = desk("publish", "weekly", "--to", place)
    assert (run.code, "it says nothing" in run.err) == (2, True)
    assert sorted(tmp_path.rglob("*.html")) == before


def test_the_link_of_a_digest_stands_in_its_feeds_and_on_its_page(desk: Desk) -> None:
    path = desk.folder / "seeds" / "digests" / "weekly.toml"
    path.write_text(f'{DIGEST}link = "https://paper.example/weekly"\n', encoding="utf-8")
    desk.add(1)
    assert desk("digest", "make", "weekly").code == 0
    assert desk("publish", "weekly", "--to", str(desk.folder / "public")).code == 0
    folder = desk.folder / "public" / "digests" / "weekly"
    assert "<link>https://paper.example/weekly</link>" in (folder / "feed.rss").read_text(encoding="utf-8")
    assert 'href="https://paper.example/weekly"' in (folder / "index.html").read_text(encoding="utf-8")


def test_a_headline_of_several_lines_is_listed_on_one(desk: Desk) -> None:
    desk.add(1, headline="The lock\r\nand the \nkey")
    assert "  1. The lock and the key (Keeper 1) #1" in desk("digest", "preview", "weekly").out
    assert "  - The lock and the key · Keeper 1 · The Towpath\n" in desk("digest", "make", "weekly").out


def test_entries_of_no_section_stand_apart_from_the_last_section(desk: Desk) -> None:
    desk.write_digest('[[section]]\ntitle = "Gates"\ntags = ["gates"]\n')
    desk.add(1, tags=[{"name": "Gates", "url": None}])
    desk.add(2)
    lines = desk("digest", "make", "weekly").out.splitlines()
    assert lines[1:] == [
        "",
        "Gates",
        "  - Lock 1 · Keeper 1 · The Towpath",
        "",
        "-",
        "  - Lock 2 · Keeper 2 · The Towpath",
    ]


def test_a_publication_that_nobody_knows_is_warned_of(desk: Desk) -> None:
    desk.add(1)
    desk.write_digest(
        '[select]\npublications = ["towpaht"]\n[[section]]\ntitle = "T"\npublications = ["towpath"]\n'
    )
    for verb in ("preview", "make"):
        run = desk("digest", verb, "weekly")
        assert run.code == 0
        assert 'no publication is called "towpaht"; did you mean "towpath"?' in run.err
    assert "1 candidate was left out" in run.err
    desk.write_digest('[select]\npublications = ["towpath"]\n')
    assert "Warning" not in desk("digest", "preview", "weekly").err


def test_a_digest_without_issues_says_why_nothing_is_new(desk: Desk) -> None:
    run = desk("digest", "make", "weekly")
    assert (run.code, run.err) == (
        0,
        "nothing new yet: no story came in within the window of 30 days: weekly\n",
    )
    desk.add(1)
    assert desk("digest", "make", "weekly").code == 0
    assert desk("digest", "make", "weekly").err == "nothing new since the last issue: weekly\n"


def test_help_names_every_format(desk: Desk) -> None:
    with_email = ("rss", "atom", "json", "html", "markdown", "text", "email")
    assert all(name in desk("render", "--help").out for name in with_email)
