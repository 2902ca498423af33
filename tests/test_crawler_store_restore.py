"""An export read back is the same library."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.records import AuthorRef
from crawler.runner.importing import import_files
from crawler.store import open_store
from crawler.store.export_lines import kind_of_line
from crawler.store.views import Alias, FrontierEntry, PageSave
from plugin.archive import Archive
from plugin.operations.exporting import export_lines
from tests.test_crawler_store import make_comment, make_page

KINDS = ("publications", "authors", "articles", "comments", "revisions")


def fill(store, now):
    """Save stories with threads, namesakes, edits, a moved and a gone one, a copied text."""
    nameless = [
        AuthorRef(name="Anna Only-Name"),
        AuthorRef(name="Bea", url="https://vocal.media/authors/bea"),
    ]
    store.save_pages(
        [
            make_page(1, now, comments=[make_comment(0), make_comment(1, parent="c0")]),
            make_page(2, now, authors=nameless),
            make_page(3, now, published_at=None, published_bounds=None, published_text=None, language="de"),
            make_page(4, now, url=None, canonical_url=None, platform_id=None, publication=None),
        ]
    )
    later = now + timedelta(days=2)
    gone = FrontierEntry("https://vocal.media/01/story-2", "article", "vocal-01", outcome="gone")
    store.save_pages(
        [
            make_page(
                1, later, headline="Edited wholly", comments=[make_comment(0, "Rewritten from its start.")]
            ),
            make_page(
                3, later, url="https://vocal.media/01/moved", canonical_url="https://vocal.media/01/moved"
            ),
            PageSave(later, fetched=gone),
        ]
    )


def export(store):
    return [line for kind in KINDS for line in export_lines(Archive(store), kind)]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def other(request, tmp_path):
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'restored.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    with open_store(url, upgrade=True) as opened:
        yield opened


def test_an_export_restores_the_same_library(store, other, now):
    fill(store, now)
    lines = export(store)
    report = other.restore(lines, seen_at=now)
    assert report.skipped == {}
    assert report.counts["articles"] == 4
    assert export(other) == lines
    assert other.check() == []
    assert [hit.article.id for hit in other.search.find("lichens", over="articles").items] == [
        hit.article.id for hit in store.search.find("lichens", over="articles").items
    ]
    assert [comment.platform_id for comment in other.comments.list(1)] == ["c0", "c1"]
    [report] = other.save_pages([make_page(9, now)])
    assert report.article_id == 5


def test_a_restored_library_is_crawled_on_as_before(store, other, now):
    fill(store, now)
    other.restore(export(store), seen_at=now)
    later = now + timedelta(days=3)
    page = make_page(
        3, later, url="https://vocal.media/01/moved", canonical_url="https://vocal.media/01/moved"
    )
    assert other.save_pages([page])[0].article_id == 3
    assert other.articles.count() == store.articles.count()


def test_restoring_twice_changes_nothing(store, other, now):
    fill(store, now)
    lines = export(store)
    other.restore(lines, seen_at=now)
    other.restore(lines, seen_at=now)
    assert export(other) == lines


def test_an_export_is_merged_into_a_library_by_identity(store, other, now):
    fill(store, now)
    other.save_pages([make_page(7, now), make_page(1, now + timedelta(days=9), headline="Newest here")])
    other.restore(export(store), seen_at=now)
    headlines = sorted(article.headline for article in other.articles.iterate())
    assert headlines == ["Newest here", "Story 2", "Story 3", "Story 4", "Story 7"]
    moved = other.articles.find("https://vocal.media/01/story-1")
    assert len(other.comments.list(moved.id)) == 2
    assert other.check() == []


def histories(store):
    """Return what is known of each story's past, by its headline then."""
    return sorted(
        (line["before"].get("headline"), line["after"].get("headline"))
        for line in map(json.loads, export_lines(Archive(store), "revisions"))
        if line["subject"] == "article" and "headline" in line["before"]
    )


def test_histories_of_two_libraries_are_joined(store, other, now):
    fill(store, now)
    later = now + timedelta(days=1)
    other.save_pages([make_page(number, now) for number in (7, 8)])
    other.save_pages([make_page(number, later, headline=f"{number}, edited wholly") for number in (7, 8)])
    for _ in range(2):
        report = other.restore(export(store), seen_at=now)
        assert report.skipped == {}
        assert histories(other) == [
            ("Story 1", "Edited wholly"),
            ("Story 7", "7, edited wholly"),
            ("Story 8", "8, edited wholly"),
        ]
    assert other.check() == []
    other.save_pages([make_page(9, now)])
    other.save_pages([make_page(9, later, headline="9, edited wholly")])
    assert len(histories(other)) == 4


def test_a_story_kept_here_before_an_import_keeps_its_dates(store, other, now):
    fill(store, now)
    latest = now + timedelta(days=9)
    other.save_pages([make_page(1, now)])
    other.save_pages([make_page(1, latest, headline="Newest here, and wholly so")])
    before = other.articles.get(1).changed_at
    other.restore(export(store), seen_at=now)
    assert other.articles.get(1).changed_at == before == latest


def test_rows_that_share_a_name_come_back_as_they_were(store, other, now):
    """An address given to another story, a double and its survivor: each row is restored under its id."""
    first = make_page(1, now)
    later = now + timedelta(days=1)
    store.save_pages([first])
    other_text = "Bread rests all night beside the oven, and the crust cracks under a thumb at dawn."
    taken = {"headline": "Bread", "platform_id": "65a0c0ffee65a0c0ffee7777", "body_text": other_text}
    store.save_pages([make_page(1, later, **taken)])
    assert [store.articles.get(number).change for number in (1, 2)] == ["gone", "new"]
    store.save_pages([make_page(5, now, platform_id=None)])
    moved = {"url": "https://vocal.media/01/x", "canonical_url": "https://vocal.media/01/x"}
    edited = {**moved, "platform_id": None, "headline": "Anew"}
    store.save_pages([make_page(5, later, **edited)])
    redirect = (Alias("url", "https://vocal.media/01/story-5", "redirect"),)
    store.save_pages([replace(make_page(5, later, **edited), aliases=redirect)])
    assert store.articles.get(4).same_as_id == 3
    lines = export(store)
    assert other.restore(lines, seen_at=now).skipped == {}
    assert export(other) == lines
    assert other.articles.get(4).same_as_id == 3
    assert [each.changed_at for each in other.articles.iterate()] == [
        each.changed_at for each in store.articles.iterate()
    ]
    assert other.articles.find(first.article.canonical_url).id == 2
    assert other.check() == []


def test_an_export_in_files_is_read_in_its_order_and_as_one(store, other, now, tmp_path):
    fill(store, now)
    paths = []
    for kind in sorted(KINDS):
        path = tmp_path / f"{kind}.jsonl"
        tight = [
            json.dumps(json.loads(line), separators=(",", ":")) for line in export_lines(Archive(store), kind)
        ]
        path.write_text("\n".join(tight), encoding="utf-8-sig")
        paths.append(path)
    report = import_files(paths, other, clock=lambda: now)
    assert report.failures == []
    assert [line for line in report.lines if line.startswith("Warning")] == []
    assert export(other) == export(store)


def test_comments_alone_find_their_articles_in_another_library_by_address(store, other, now):
    fill(store, now)
    other.save_pages([make_page(8, now), make_page(1, now, comments=[])])
    lines = [json.loads(line) for line in export_lines(Archive(store), "comments")]
    address = store.articles.get(1).canonical_url
    report = other.restore([json.dumps(line | {"article_url": address}) for line in lines], seen_at=now)
    assert report.skipped == {}
    assert [len(other.comments.list(number)) for number in (1, 2)] == [0, 2]


def test_an_export_that_is_not_utf_8_is_one_clear_sentence(other, now, tmp_path):
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b'{"id": 1, "platform": "p", "headline": "a", "body_text": ""}\n{"id": \xff}\n')
    [failure] = import_files([path], other, clock=lambda: now).failures
    assert "not UTF-8" in str(failure)


def test_comments_of_articles_that_are_missing_are_skipped_and_counted(store, other, now):
    fill(store, now)
    lines = list(export_lines(Archive(store), "comments"))
    report = other.restore(lines, seen_at=now)
    assert (report.counts, report.skipped) == ({"comments": 2}, {"comments": 2})


@pytest.mark.parametrize("line", ["nonsense", "[]", "7", '{"a": 1}', "{", '"headline"', "[" * 100_000])
def test_what_is_no_export_is_named_by_its_line(other, now, line):
    report = other.restore(["", line], seen_at=now)
    assert [number for number, _ in report.refused] == [2]
    assert (report.n_refused, report.counts) == (1, {})


WRONG = {
    "articles": [
        {"headline": ""}, {"id": "seven"}, {"id": 10**30}, {"first_seen_at": "yesterday"}, {"authors": 5},
        {"aliases": [{"kind": "url"}]}, {"aliases": 7}, {"change": "odd"}, {"last_seen_at": 5}, {"id": None},
    ],
    "comments": [{"article_id": []}, {"state": "odd"}, {"id": True}, {"platform_id": None}],
    "authors": [{"name": ""}, {"id": -1}, {"last_seen_at": "2026-11-23T07:00:00"}],
    "publications": [
        {"slug": None}, {"url": 3}, {"next_due_at": "soon"}, {"name": "\ud800"}, {"enabled": "perhaps"},
        {"language": []},
    ],
    "revisions": [{"subject": "moon"}, {"before": []}, {"seen_at": None}, {"change": None}, {"after": {"a": "\0"}}],
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_line_is_named_and_every_other_one_is_kept(store, other, now, kind):
    fill(store, now)
    lines = export(store)
    place, line = next(
        (place, json.loads(text))
        for place, text in enumerate(lines)
        if kind_of_line(json.loads(text)) == kind
    )
    wrong = [json.dumps(line | changes) for changes in WRONG[kind]]
    report = other.restore([*lines[:place], *wrong, *lines[place:]], seen_at=now)
    assert [number for number, _ in report.refused] == list(range(place + 1, place + 1 + len(wrong)))
    assert export(other) == lines, "the rest is restored as if the wrong lines had never been there"


def test_an_import_names_file_and_line_of_what_it_left_out(store, other, now, tmp_path):
    fill(store, now)
    lines = list(export_lines(Archive(store), "articles"))
    wrong = json.dumps(json.loads(lines[1]) | {"headline": ""})
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join([lines[0], wrong, *lines[2:], *["{"] * 30]), encoding="utf-8")
    report = import_files([path], other, clock=lambda: now)
    said = [str(failure) for failure in report.failures]
    assert said[0].startswith(f"{path}, line 2, was left out: ")
    assert "headline" in said[0]
    assert said[-1] == f"{path}: 11 more lines were left out"
    assert (report.exit_code, other.articles.count()) == (3, 3)


def test_lines_that_stand_twice_are_restored_once(store, other, now):
    fill(store, now)
    lines = export(store)
    report = other.restore([line for line in lines for _ in range(2)], seen_at=now)
    assert report.n_refused == 0
    assert export(other) == lines


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
@pytest.mark.parametrize("make_name", [None, os.link, os.symlink])
def test_the_library_itself_is_never_opened_by_an_import(tmp_path, now, suffix, make_name):
    library = tmp_path / "library.db"
    with open_store(f"sqlite:///{library}") as opened:
        opened.save_pages([make_page(1, now)])
        path = Path(f"{library}{suffix}")
        if make_name is not None:
            other_name = tmp_path / "story.html"
            make_name(path, other_name)
            path = other_name
        with note_opened(path) as n_opened:
            report = import_files([path], opened, clock=lambda: now)
        [failure] = report.failures
        assert "the library itself" in str(failure)
        assert n_opened == []


@contextmanager
def note_opened(path: Path) -> Iterator[list[str]]:
    """Note each time that Python opens a file."""
    opened: list[str] = []
    wanted = str(path)
    is_on = True

    def listen(event: str, args: tuple[object, ...]) -> None:
        if is_on and event == "open" and str(args[0]) == wanted:
            opened.append(wanted)

    sys.addaudithook(listen)
    try:
        yield opened
    finally:
        is_on = False


def test_another_library_is_no_page(tmp_path, store, now):
    path = tmp_path / "other.db"
    open_store(f"sqlite:///{path}").close()
    [failure] = import_files([path], store, clock=lambda: now).failures
    assert "SQLite database" in str(failure)


def test_each_line_is_known_by_its_fields(store, now):
    fill(store, now)
    for kind in KINDS:
        assert {kind_of_line(json.loads(line)) for line in export_lines(Archive(store), kind)} == {kind}
