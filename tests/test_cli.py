"""The command line as scripts rely on it: output, exit codes, and one clear sentence for bad input."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import cli

COPIED_TEXT = """\
hedgerow logo

The Heron Who Kept Office Hours

Notes from a towpath

By Odalys BrackenPublished 3 months ago 2 min read

Every weekday at nine the heron arrives at the lock and stands on the same stone, like a clerk who has lost his desk.

Nobody has told him that the canal office closed. He waits until noon, looks along the water twice, and leaves.

birdscanals

About the Creator

Odalys Bracken

Walks slowly. https://example.org/odalys

Reader insights

Be the first to share your insights about this piece.

How does it work?

Add your insights

Comments (1)

Sign in to comment
  • Fenwick Oyelaran 2 months ago

    He was there this morning, too.

Find us on social media

Miscellaneous links

  • Explore
  • Contact

© 2026 Creatd, Inc. All Rights Reserved.
"""


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def gleanings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Run]:
    """Return a function that runs the command line in a fresh folder."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(*args: str) -> Run:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main(list(args))
        captured = capsys.readouterr()
        return Run(int(end.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(COPIED_TEXT, encoding="utf-8")
    return path


def assert_one_sentence(run: Run, *, code: int, says: str) -> None:
    """Hold an error to the promise: the right exit code, one line, the subject, no traceback."""
    lines = run.err.strip().splitlines()
    assert run.code == code, run.err
    assert says in lines[-1]
    assert "Traceback" not in run.err
    errors = [line for line in lines if line.startswith("Error")]
    assert len(errors) == 1, run.err


def test_a_copied_text_becomes_an_article_with_its_comment(
    gleanings: Callable[..., Run], story: Path
) -> None:
    run = gleanings("import", str(story), "--seen-at", "2026-11-20T12:00")
    assert run.code == 0, run.err
    assert "The Heron Who Kept Office Hours" in run.err
    (article,) = gleanings("export", "articles").rows
    assert article["headline"] == "The Heron Who Kept Office Hours"
    assert article["dek"] == "Notes from a towpath"
    assert article["byline"] == "By Odalys Bracken"
    assert article["authors"] == [{"name": "Odalys Bracken", "url": None}]
    assert article["community"] == {"name": "hedgerow", "url": None}
    assert article["published_text"] == "3 months ago"
    earliest, latest = article["published_bounds"]
    assert earliest < article["published_at"] < latest < "2026-11-20T12:00:00Z"
    assert article["reading_minutes"] == 2
    assert [tag["name"] for tag in article["tags"]] == ["birds", "canals"] or len(article["tags"]) == 1
    assert article["url"] is None
    assert article["change"] == "new"
    (comment,) = gleanings("export", "comments").rows
    assert comment["article_id"] == article["id"]
    assert (comment["author_name"], comment["body_text"]) == (
        "Fenwick Oyelaran",
        "He was there this morning, too.",
    )
    (author,) = [row for row in gleanings("export", "authors").rows if row["name"] == "Odalys Bracken"]
    assert author["links"] == ["https://example.org/odalys"]


def test_importing_twice_keeps_one(gleanings: Callable[..., Run], story: Path) -> None:
    assert gleanings("import", str(story)).code == 0
    assert gleanings("import", str(story)).code == 0
    assert len(gleanings("export", "articles").rows) == 1
    assert len(gleanings("export", "comments").rows) == 1


def test_a_url_gives_a_copied_text_its_address(gleanings: Callable[..., Run], story: Path) -> None:
    url = "https://vocal.media/hedgerow/the-heron-who-kept-office-hours"
    assert gleanings("import", str(story), "--url", url).code == 0
    (article,) = gleanings("export", "articles").rows
    assert article["canonical_url"] == url
    assert article["community"] == {"name": "hedgerow", "url": "https://vocal.media/hedgerow"}
    assert gleanings("articles", "show", url).out.startswith("The Heron Who Kept Office Hours\n")


def test_the_exported_line_has_the_fields_of_the_contract(gleanings: Callable[..., Run], story: Path) -> None:
    gleanings("import", str(story))
    (article,) = gleanings("export", "articles").rows
    assert list(article) == [
        "id", "platform", "platform_id", "publication", "community", "url", "canonical_url", "headline", "dek", "byline",
        "authors", "published_at", "published_bounds", "published_text", "modified_at", "modified_bounds", "modified_text",
        "language", "hero", "body_html", "body_text", "word_count", "reading_minutes", "tags", "badges", "insights",
        "like_count", "comment_count", "access", "license", "rights_line", "robots", "comments_complete", "provenance",
        "change", "first_seen_at", "last_seen_at",
    ]  # fmt: skip
    (comment,) = gleanings("export", "comments").rows
    assert list(comment) == [
        "id", "article_id", "article_url", "platform_id", "parent_id", "position", "author_name", "author_url",
        "published_at", "published_bounds", "published_text", "body_html", "body_text", "like_count", "state",
    ]  # fmt: skip


def test_good_files_are_kept_beside_bad_ones(
    gleanings: Callable[..., Run], story: Path, tmp_path: Path
) -> None:
    run = gleanings("import", str(story), str(tmp_path / "missing.txt"))
    assert_one_sentence(run, code=3, says="no such file")
    assert len(gleanings("export", "articles").rows) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "no such file"),
        (b"", "the file is empty"),
        (b"  \n\n ", "the file is empty"),
        (bytes(range(256)) * 64, "binary.bin"),
        (b"milk\neggs\nflour\n", "not an article"),
        (b"\x1f\x8b no gzip after all", "not an article"),
        (b"<div>" * 20_000, "not an article"),
    ],
    ids=["missing", "empty", "blank", "binary", "a shopping list", "a broken gzip", "a deep tree"],
)
def test_what_is_no_page_is_refused(
    gleanings: Callable[..., Run], tmp_path: Path, content: bytes | None, says: str
) -> None:
    path = tmp_path / "binary.bin"
    if content is not None:
        path.write_bytes(content)
    run = gleanings("import", str(path))
    assert_one_sentence(run, code=1, says=says)
    assert str(path) in run.err
    assert gleanings("export", "articles").rows == []


def test_a_directory_is_refused(gleanings: Callable[..., Run], tmp_path: Path) -> None:
    assert_one_sentence(gleanings("import", str(tmp_path)), code=1, says="is a directory")


def test_a_url_for_two_files_is_wrong_usage(gleanings: Callable[..., Run], story: Path) -> None:
    run = gleanings("import", str(story), str(story), "--url", "https://vocal.media/01/x")
    assert run.code == 2
    assert "--url names one page" in run.err


@pytest.mark.parametrize("address", ["vocal.media/01/x", "01", "ftp://vocal.media/01/x", ""])
def test_a_url_that_is_no_web_address_is_wrong_usage(
    gleanings: Callable[..., Run], story: Path, address: str
) -> None:
    run = gleanings("import", str(story), "--url", address)
    assert_one_sentence(run, code=2, says=f'"{address}" is not a web address')
    assert gleanings("export", "articles").rows == []


@pytest.mark.parametrize("is_first", [True, False])
def test_an_address_told_later_or_before_makes_no_second_author(
    gleanings: Callable[..., Run], story: Path, is_first: bool
) -> None:
    url = ("--url", "https://vocal.media/hedgerow/the-heron-who-kept-office-hours")
    for options in (url, ()) if is_first else ((), url):
        assert gleanings("import", str(story), *options).code == 0
    (article,) = gleanings("export", "articles").rows
    assert article["canonical_url"] == url[1]
    (author,) = gleanings("export", "authors").rows
    assert author["name"] == "Odalys Bracken"


def test_a_platform_that_there_is_not_is_wrong_usage(gleanings: Callable[..., Run], story: Path) -> None:
    run = gleanings("import", str(story), "--platform", "vocl")
    assert_one_sentence(run, code=2, says="no platform is called")


def test_a_list_in_which_nothing_fits_does_not_call_the_library_empty(
    gleanings: Callable[..., Run], story: Path
) -> None:
    assert "collects some" in gleanings("articles", "list").err
    gleanings("import", str(story))
    run = gleanings("articles", "list", "--tag", "no such tag")
    assert (run.code, run.out) == (0, "")
    assert run.err.startswith("No article fits")


@pytest.mark.parametrize("address", ["", "7", "Odalys Bracken", "ftp://vocal.media/x"])
def test_a_takedown_of_no_address_is_wrong_usage(gleanings: Callable[..., Run], address: str) -> None:
    assert_one_sentence(gleanings("takedown", address, "--yes"), code=2, says="is not a web address")


def test_one_of_a_kind_is_told_as_one(gleanings: Callable[..., Run], story: Path) -> None:
    url = "https://vocal.media/hedgerow/the-heron-who-kept-office-hours"
    gleanings("import", str(story), "--url", url)
    assert "Removed: 1 article, 1 comment, " in gleanings("takedown", url, "--yes").out


def test_an_export_of_nothing_and_of_issues_reads_back(
    gleanings: Callable[..., Run], story: Path, tmp_path: Path
) -> None:
    """`gleanings import *.jsonl` takes whatever `gleanings export` wrote."""
    gleanings("import", str(story))
    paths = []
    for kind in ("articles", "comments", "revisions"):
        paths.append(tmp_path / f"{kind}.jsonl")
        paths[-1].write_text(gleanings("export", kind).out, encoding="utf-8")
    assert paths[-1].stat().st_size == 0
    paths.append(tmp_path / "issues.jsonl")
    paths[-1].write_text(
        '{"digest": "weekly", "number": 1, "title": "No. 1", "entries": []}\n', encoding="utf-8"
    )
    run = gleanings("import", *map(str, paths), "--database", "sqlite:///other.db")
    assert run.code == 0, run.err
    assert f"{tmp_path}/articles.jsonl: 1 article\n" in run.err
    assert f"{tmp_path}/revisions.jsonl: nothing in it" in run.err
    assert f"{tmp_path}/issues.jsonl: 1 issue left out" in run.err
    assert "issues.jsonl: 1 issue\n" not in run.err


def test_a_wrong_seed_key_names_the_file(gleanings: Callable[..., Run]) -> None:
    Path("seeds").mkdir()
    Path("seeds/mine.toml").write_text(
        '[[publication]]\nslug = "a"\nname = "A"\nulr = "https://example.org"\n'
    )
    for command in (["crawl"], ["publications", "list"]):
        run = gleanings(*command)
        assert_one_sentence(run, code=2, says="mine.toml")
        assert 'did you mean "url"?' in run.err


def test_a_seeds_folder_that_is_none_is_not_taken_for_an_empty_one(gleanings: Callable[..., Run]) -> None:
    Path("seeds").write_text("x")
    for command in (["crawl"], ["publications", "list"], ["digest", "list"]):
        assert_one_sentence(gleanings(*command), code=2, says="seeds")


def test_unknown_names_list_the_known_ones(gleanings: Callable[..., Run]) -> None:
    gleanings("init")
    assert_one_sentence(gleanings("digest", "make", "weakly"), code=2, says="known are weekly")
    assert_one_sentence(gleanings("crawl", "vocal-02"), code=2, says="known are vocal-01")
    assert_one_sentence(gleanings("render", "weekly"), code=1, says="no issue yet")
    assert_one_sentence(gleanings("articles", "show", "7"), code=1, says="7")
    assert gleanings("digset").code == 2


def test_crawling_the_public_web_needs_a_contact(gleanings: Callable[..., Run]) -> None:
    gleanings("init")
    run = gleanings("crawl", "vocal-01")
    assert run.code in (1, 2)
    assert "contact_url" in run.err + run.out


def test_init_never_overwrites(gleanings: Callable[..., Run]) -> None:
    assert gleanings("init").code == 0
    Path("gleanings.toml").write_text("# mine\n")
    assert_one_sentence(gleanings("init"), code=2, says="is there already")
    assert Path("gleanings.toml").read_text() == "# mine\n"


@pytest.mark.parametrize(
    "words",
    [
        ("init", ""),
        ("demo", "--dir", ""),
        ("import", ""),
        ("db", "backup", ""),
        ("render", "weekly", "-o", ""),
        ("digest", "pin", "weekly", "1", "--who", ""),
    ],
)
def test_an_unset_variable_names_nothing(gleanings: Callable[..., Run], words: tuple[str, ...]) -> None:
    assert_one_sentence(gleanings(*words), code=2, says="it says nothing")
    assert list(Path.cwd().iterdir()) == []


def test_a_starter_workspace_works_as_it_is(gleanings: Callable[..., Run], story: Path) -> None:
    gleanings("init")
    assert gleanings("publications", "list", "--json").rows[0]["slug"] == "vocal-01"
    assert [row["slug"] for row in gleanings("digest", "list", "--json").rows] == ["weekly"]
    run = gleanings("digest", "make", "weekly")
    assert run.code == 0, "nothing new is not a failure"
    gleanings("import", str(story))
    assert "nothing" in gleanings("crawl").out.lower()


@pytest.mark.parametrize("place", ["a-file/below", "a-file"])
def test_a_folder_that_cannot_be_written_is_one_sentence(gleanings: Callable[..., Run], place: str) -> None:
    Path("a-file").write_text("x")
    run = gleanings("init", place)
    assert run.code in (1, 2)
    assert "a-file" in run.err
    assert "Traceback" not in run.err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_good_files_are_kept_beside_one_that_may_not_be_read(
    gleanings: Callable[..., Run], story: Path, tmp_path: Path
) -> None:
    locked = tmp_path / "locked.txt"
    locked.touch(mode=0o000)
    run = gleanings("import", str(locked), str(story))
    assert_one_sentence(run, code=3, says=f"cannot be read (Permission denied): {locked}")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder_is_one_sentence(gleanings: Callable[..., Run], tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    assert_one_sentence(gleanings("init", str(folder)), code=2, says="cannot be written")
    assert_one_sentence(gleanings("--workspace", str(folder), "articles", "list"), code=1, says=str(folder))


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all.db",
        "mysql://x@y/z",
        "nonsense",
        "postgresql+psycopg://u:secret@127.0.0.1:1/x",
        "postgresql+psycopg://u:secret@127.0.0.1:port/x",
    ],
)
def test_a_database_that_is_not_there_is_one_sentence(gleanings: Callable[..., Run], url: str) -> None:
    run = gleanings("articles", "list", "--database", url)
    assert run.code in (1, 2)
    assert len(run.err.strip().splitlines()) == 1, run.err
    assert "secret" not in run.err


def test_a_file_that_is_no_database_is_one_sentence(gleanings: Callable[..., Run]) -> None:
    Path("x.db").write_bytes(b"this is not a database" * 100)
    assert_one_sentence(gleanings("articles", "list", "--database", "sqlite:///x.db"), code=1, says="x.db")


def test_a_used_port_is_one_sentence(gleanings: Callable[..., Run]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert_one_sentence(gleanings("serve", "--port", str(port)), code=1, says=str(port))


def test_a_demo_refuses_a_used_port_before_it_writes_anything(gleanings: Callable[..., Run]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        assert_one_sentence(gleanings("demo", "--dir", "d", "--port", port), code=2, says=port)
    assert not Path("d").exists()


def test_a_demo_knows_its_faults(gleanings: Callable[..., Run]) -> None:
    run = gleanings("demo", "--dir", "d", "--fault", "sulk")
    assert_one_sentence(run, code=2, says='"sulk"; known are deleted, edited')
    assert not Path("d").exists()


def test_a_demo_takes_no_folder_that_is_anothers(gleanings: Callable[..., Run]) -> None:
    Path("mine").mkdir()
    Path("mine/letter.txt").write_text("x")
    assert_one_sentence(gleanings("demo", "--dir", "mine"), code=2, says="mine")
    Path("damaged").mkdir()
    Path("damaged/.demo.toml").write_text("port = 8765\n")
    assert_one_sentence(gleanings("demo", "--dir", "damaged"), code=2, says="damaged")


def test_global_options_may_stand_anywhere(
    gleanings: Callable[..., Run], story: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert gleanings("import", str(story), "--workspace", str(other)).code == 0
    assert gleanings("articles", "list", "--json").rows == []
    assert len(gleanings("--workspace", str(other), "--json", "articles", "list").rows) == 1
    assert len(gleanings("articles", "list", "--json", "--workspace", str(other)).rows) == 1


def test_global_options_may_stand_after_a_groups_name(
    gleanings: Callable[..., Run], story: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert gleanings("import", str(story), "--workspace", str(other)).code == 0
    assert len(gleanings("articles", "--workspace", str(other), "--json", "list").rows) == 1
    assert gleanings("db", "-q", "--database", f"sqlite:///{other}/gleanings.db", "check").code == 0


def test_the_environment_may_name_the_workspace(
    gleanings: Callable[..., Run], story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("GLEANINGS_WORKSPACE", str(other))
    assert gleanings("import", str(story)).code == 0
    assert len(gleanings("articles", "list", "--json").rows) == 1
    assert gleanings("articles", "list", "--json", "--workspace", ".").rows == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["crwl"], 'did you mean "crawl"?'),
        (["digest", "mak"], 'did you mean "make"?'),
        (["comments", "zzz"], "there are list, show"),
    ],
)
def test_a_misspelled_command_is_met_with_the_nearest(
    gleanings: Callable[..., Run], words: list[str], says: str
) -> None:
    assert_one_sentence(gleanings(*words), code=2, says=says)


def test_an_author_is_shown_by_id_and_by_name(gleanings: Callable[..., Run], story: Path) -> None:
    gleanings("import", str(story))
    listed = gleanings("authors", "list", "--json").rows
    assert listed
    for author in listed:
        assert gleanings("authors", "show", str(author["id"]), "--json").rows[0]["name"] == author["name"]
        assert gleanings("authors", "show", str(author["name"]), "--json").rows[0]["id"] == author["id"]
    assert_one_sentence(gleanings("authors", "show", "99"), code=1, says="99")
    assert_one_sentence(gleanings("authors", "show", "9" * 30), code=1, says="9" * 30)


def test_a_comment_is_shown_with_its_day_not_with_what_the_page_called_it_then(
    gleanings: Callable[..., Run], story: Path
) -> None:
    gleanings("import", str(story), "--seen-at", "2026-11-20T12:00")
    (comment,) = gleanings("export", "comments").rows
    assert str(comment["published_text"]).endswith("ago")
    shown = gleanings("articles", "show", "1").out
    assert f"Fenwick Oyelaran · {str(comment['published_at'])[:10]}" in shown
    assert "ago" not in shown.partition("Comments (1)")[2]


def test_a_publication_is_shown_with_its_seed(gleanings: Callable[..., Run]) -> None:
    gleanings("init")
    row = gleanings("publications", "show", "vocal-01", "--json").rows[0]
    assert (row["every"], row["comments"], row["max_pages"], row["delay"]) == ("6h", True, 5, None)
    shown = gleanings("publications", "show", "vocal-01").out
    assert re.search(r"^every +6h$", shown, re.MULTILINE)


def test_times_of_a_table_name_their_zone(gleanings: Callable[..., Run], story: Path) -> None:
    url = "https://vocal.media/hedgerow/the-heron-who-kept-office-hours"
    gleanings("import", str(story), "--url", url, "--seen-at", "2026-11-20T12:00")
    assert "2026-11-20 12:00Z" in gleanings("articles", "why", "1").out


def test_a_find_is_dated_for_programs_too(gleanings: Callable[..., Run], story: Path) -> None:
    gleanings("import", str(story))
    (article,) = gleanings("export", "articles").rows
    finds = gleanings("search", "heron", "--json").rows
    assert finds
    assert {find["published_at"] for find in finds} == {article["published_at"]}


def test_a_scheduler_that_never_ran_has_all_its_keys(gleanings: Callable[..., Run]) -> None:
    (row,) = (row for row in gleanings("status", "--json").rows if row["kind"] == "scheduler")
    assert row == {
        "kind": "scheduler",
        "owner": None,
        "started_at": None,
        "beat_at": None,
        "stopped_at": None,
    }


def run_piped(script: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `gleanings` is this program."""
    function = f'gleanings() {{ "{sys.executable}" -m cli "$@"; }}\n'
    return subprocess.run(
        ["bash", "-c", function + script], capture_output=True, text=True, errors="replace", check=False
    )


@pytest.mark.parametrize("n_paragraphs", [2, 5_000], ids=["a short line", "more than a pipe holds"])
def test_a_reader_that_goes_away_is_no_failure(story: Path, tmp_path: Path, n_paragraphs: int) -> None:
    long = COPIED_TEXT.replace("birdscanals", "The lock keeper nodded and went on.\n\n" * n_paragraphs)
    story.write_text(long, encoding="utf-8")
    run = run_piped(f"gleanings -q import {story} --workspace {tmp_path}")
    assert run.returncode == 0, run.stderr
    run = run_piped(f"gleanings export articles --workspace {tmp_path} | head -c 1; exit ${{PIPESTATUS[0]}}")
    assert (run.returncode, run.stdout, run.stderr) == (0, "{", "")


@pytest.mark.parametrize("redirection", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_break_nothing(story: Path, tmp_path: Path, redirection: str) -> None:
    run_piped(f"gleanings -q import {story} --workspace {tmp_path}")
    run = run_piped(f"gleanings articles list --workspace {tmp_path} {redirection}")
    assert run.returncode == 0
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_any_text_can_be_printed_in_any_locale(story: Path, tmp_path: Path, encoding: str) -> None:
    story.write_text(COPIED_TEXT.replace("Heron Who", "Heron 🌿 “Who”"), encoding="utf-8")
    run_piped(f"gleanings -q import {story} --workspace {tmp_path}")
    for command in ("articles list", "articles show 1", "search heron"):
        run = run_piped(f"PYTHONIOENCODING={encoding} gleanings {command} --workspace {tmp_path}")
        assert run.returncode == 0, run.stderr
        assert "Kept Office Hours" in run.stdout
    for command in ("export articles", "articles list --json", "articles show 1 --json"):
        run = run_piped(f"PYTHONIOENCODING={encoding} gleanings {command} --workspace {tmp_path}")
        assert json.loads(run.stdout)["headline"] == "The Heron 🌿 “Who” Kept Office Hours"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_command_in_good_order(tmp_path: Path, number: signal.Signals) -> None:
    pipe = tmp_path / "story.txt"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "cli", "import", str(pipe), "--workspace", str(tmp_path)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child,
        pipe.open("wb"),  # waits until the command reads
    ):
        child.send_signal(number)
        _, err = child.communicate(timeout=120)
    assert (child.returncode, err.split()) == (1, ["Stopped."])


def test_a_help_text_stands_behind_every_name(gleanings: Callable[..., Run]) -> None:
    run = gleanings("--help")
    assert run.code == 0
    for name in cli.COMMANDS:
        assert f"  {name} " in run.out
        assert gleanings(name, "--help").code == 0
    assert gleanings("--version").out.startswith("gleanings, version ")
