"""A library as a whole: checked, moved between databases, backed up while it is written."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from crawler.errors import StoreError
from crawler.records import AuthorRecord
from crawler.store import open_store
from crawler.store.views import PageSave
from tests.test_crawler_store import make_comment, make_page


def fill(store, now, n_articles=12):
    """Save some stories with threads, edits, a gone one and everything else a library can hold."""
    pages = [
        make_page(n, now, comments=[make_comment(0), make_comment(1, "Äußerst schön.", parent="c0")])
        for n in range(1, n_articles + 1)
    ]
    store.save_pages(pages)
    later = now + timedelta(days=1)
    store.save_pages(
        [make_page(1, later, headline="Edited", comments=[make_comment(0, "Edited as well, wholly.")])]
    )
    run = store.runs.start("vocal-01", now)
    store.runs.finish(run, later, outcomes={"saved": n_articles})
    store.frontier.set_pause("vocal.media", later, "asked for quiet")
    store.takedowns.take_down("https://vocal.media/01/story-2", now)


def everything(store):
    """Return all that a library tells about its articles."""
    articles = list(store.articles.iterate())
    return (
        articles,
        [store.comments.list(article.id) for article in articles],
        list(store.authors.iterate()),
        [store.articles.revisions(article.id) for article in articles],
        [store.articles.aliases(article.id) for article in articles],
        store.publications.list(),
        store.runs.latest("vocal-01"),
        store.frontier.get_pause("vocal.media"),
        store.takedowns.count(),
        store.library,
        [
            (hit.article.id, hit.comment and hit.comment.id)
            for hit in store.search.find("wall OR schon").items
        ],
    )


def execute(store, *statements):
    with store.transaction() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_used_library_is_clean(store, now):
    fill(store, now)
    assert store.check() == []


@pytest.mark.parametrize(
    ("damage", "kind", "example"),
    [
        ("UPDATE comment SET parent_id = 'nobody' WHERE id = 6", "thread", "comment 6"),
        (
            "UPDATE comment SET parent_id = 'c1' WHERE platform_id = 'c0' AND article_id = 3",
            "thread",
            "comment",
        ),
        (
            "UPDATE comment SET parent_id = CASE platform_id WHEN 'c0' THEN 'c2' WHEN 'c1' THEN 'c0' ELSE 'c1' END"
            " WHERE article_id = 3",
            "thread",
            "comment",
        ),
        (
            "UPDATE article SET platform_id = (SELECT platform_id FROM article WHERE id = 3) WHERE id = 4",
            "identity",
            "article 4",
        ),
        ("UPDATE alias SET article_id = 3 WHERE article_id = 4", "identity", "article 4"),
        ("DELETE FROM alias WHERE article_id = 4", "identity", "article 4"),
        ("UPDATE alias SET value = 'https://x.example' WHERE kind = 'url'", "identity", None),
        ("UPDATE article SET stored_comment_count = 9 WHERE id = 4", "count", "article 4"),
        ("UPDATE article SET published_earliest = last_seen_at WHERE id = 4", "time", "article 4"),
    ],
)
def test_each_kind_of_fault_is_found(store, now, damage, kind, example):
    fill(store, now)
    execute(store, damage)
    problems = store.check()
    assert {problem.kind for problem in problems} == {kind}
    assert example is None or example in problems[0].examples[0]
    assert problems[0].count >= 1


def test_two_authors_with_one_address_are_found(store, now):
    described = [
        AuthorRecord(platform="vocal", name=name, url=f"https://vocal.media/authors/{name}")
        for name in ("ada", "bo")
    ]
    store.save_pages([PageSave(now, authors=tuple(described))])
    assert store.check() == []
    execute(store, "UPDATE author SET url = (SELECT url FROM author WHERE id = 1) WHERE id = 2")
    [problem] = store.check()
    assert (problem.kind, problem.examples) == ("identity", ("author 2",))


def test_an_orphan_is_found(store, now):
    fill(store, now)
    store.close()
    if not store.url.startswith("sqlite"):
        pytest.skip("PostgreSQL lets no orphan arise")
    with closing(sqlite3.connect(store.url.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM author")
    with open_store(store.url) as again:
        kinds = {problem.kind for problem in again.check()}
    assert "orphan" in kinds


def test_a_damaged_file_is_found(store, now):
    fill(store, now, 200)
    store.close()
    if not store.url.startswith("sqlite"):
        pytest.skip("PostgreSQL keeps its own files")
    path = Path(store.url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_alias_article_id'"
        page = connection.execute(query).fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    data = bytearray(path.read_bytes())
    data[(page - 1) * size + 40 : page * size] = b"\xff" * (size - 40)
    path.write_bytes(data)
    with open_store(store.url) as again:
        assert again.check()[0].kind == "damage"


def test_a_file_that_is_damaged_at_its_root_is_refused(store, now):
    store.close()
    if not store.url.startswith("sqlite"):
        pytest.skip("PostgreSQL keeps its own files")
    path = Path(store.url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[100:4_000] = b"\xff" * 3_900
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        open_store(store.url)


def test_a_search_index_that_forgot_is_found_and_rebuilt(store, now):
    fill(store, now)
    before = everything(store)
    execute(
        store,
        "DELETE FROM comment_words"
        if store.url.startswith("postgres")
        else "INSERT INTO comment_words (comment_words) VALUES ('delete-all')",
    )
    [problem] = store.check()
    assert (problem.kind, problem.count) == ("search", 21)
    store.rebuild_search()
    assert store.check() == []
    assert everything(store) == before


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def target_url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'moved.db'}"
    return request.getfixturevalue("postgres_url")


def test_a_moved_library_is_the_same_library(store, now, target_url):
    fill(store, now)
    heard = []
    copies = store.move(target_url, progress=lambda table, n: heard.append((table, n)))
    assert ("article", 11) in heard
    assert {copy.table: copy.row_count for copy in copies}["article"] == 11
    with open_store(target_url) as moved:
        assert everything(moved) == everything(store)
        assert moved.check() == []
        [report] = moved.save_pages([make_page(99, now)])
        assert report.article_id > max(article.id for article in store.articles.iterate())
        again = replace(make_page(3, now), seen_at=now + timedelta(days=3))
        assert moved.save_pages([again])[0].change == "unchanged"


def test_a_library_moves_into_an_empty_database_only(store, now, target_url):
    fill(store, now)
    with open_store(target_url, upgrade=True) as other:
        other.save_pages([make_page(1, now)])
        before = list(other.articles.iterate())
        with pytest.raises(StoreError, match="empty"):
            store.move(target_url)
        assert list(other.articles.iterate()) == before


def test_a_library_that_is_written_meanwhile_is_not_moved(store, now, target_url):
    fill(store, now)

    def write(table, _n):
        if table == "article" and store.articles.count() < 13:
            writer = threading.Thread(target=store.save_pages, args=([make_page(77, now)],))
            writer.start()
            writer.join()

    with pytest.raises(StoreError, match="during the move"):
        store.move(target_url, progress=write)
    with open_store(target_url) as target:
        assert target.articles.count() == 0


def test_a_table_that_nobody_knows_is_not_left_behind(store, now, target_url):
    execute(store, "CREATE TABLE stranger (id integer)")
    with pytest.raises(StoreError, match="stranger"):
        store.move(target_url)
    execute(store, "DROP TABLE stranger")


def test_a_backup_is_whole_though_a_crawl_writes(store, now, tmp_path):
    fill(store, now)
    stop = threading.Event()
    written = []

    def crawl():
        number = 100
        while not stop.is_set():
            store.save_pages([make_page(number, now, comments=[make_comment(0)])])
            written.append(number)
            number += 1

    crawler = threading.Thread(target=crawl)
    crawler.start()
    try:
        while len(written) < 3 and crawler.is_alive():
            stop.wait(0.01)
        for number in range(3):
            store.back_up(tmp_path / f"backup{number}.db")
    finally:
        stop.set()
        crawler.join()
    for number in range(3):
        with open_store(f"sqlite:///{tmp_path / f'backup{number}.db'}") as copy:
            assert copy.check() == []
            assert copy.library == store.library
            assert 11 < copy.articles.count() <= 11 + len(written)
    assert not list(tmp_path.glob(".*unfinished*"))


def test_a_backup_overwrites_nothing(store, tmp_path):
    (tmp_path / "taken.db").write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        store.back_up(tmp_path / "taken.db")
    assert (tmp_path / "taken.db").read_text() == "mine"
    with pytest.raises(StoreError, match="no such folder"):
        store.back_up(tmp_path / "nowhere" / "x.db")
