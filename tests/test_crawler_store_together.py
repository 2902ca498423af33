"""Many at one library at once: nobody waits for long, nobody sees "database is locked", nothing is lost."""

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from crawler.errors import StoreLocked
from crawler.seeds import Seed
from crawler.store import database as database_module
from crawler.store import open_store
from crawler.store.views import LEASE_TIME, PageSave
from tests.test_crawler_store import make_comment, make_page

SECONDS = 3.0
"""How long the crowd works here; ``tests.benchmarks.bench_store minute`` lets it work for a minute."""

BUSY_SECONDS = database_module.BUSY_TIMEOUT_MS / 1_000
"""When a writer that waits for another gives up."""

WORKER = """
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, UTC
from sqlalchemy import text
from crawler.store import open_store
from crawler.store.views import ArticleFilter
from tests.test_crawler_store import make_comment, make_page

def read(store):
    listing = store.articles.list(limit=20)
    for each in listing.items[:3]:
        store.articles.get(each.id)
    store.search.find("lichens", limit=5)
    for place, _ in enumerate(store.comments.iterate()):
        if place > 500:
            break

url, role, seconds, offset = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
now = datetime(2026, 11, 23, 12, tzinfo=UTC)
done, longest = 0, 0.0
with open_store(url) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    end = time.monotonic() + seconds
    while time.monotonic() < end or done < 2:
        start = time.monotonic()
        if role == "crawl":
            numbers = range(offset + done * 20, offset + done * 20 + 20)
            store.save_pages([make_page(n, now, comments=[make_comment(0)]) for n in numbers])
        elif role == "digest":
            with store.transaction() as connection:
                articles = store.articles.list(ArticleFilter(seen_since=now), limit=20).items
                connection.execute(text("INSERT INTO note (body) VALUES (:body)"), {"body": str(len(articles))})
        else:
            with ThreadPoolExecutor(3) as pool:
                list(pool.map(read, [store] * 3))
        longest = max(longest, time.monotonic() - start)
        done += 1
print(json.dumps({"role": role, "done": done, "longest": longest}))
"""


def run_crowd(url, seconds, roles):
    """Let one process a role work at once; return what each says of its work."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, url, role, str(seconds), str(1 + place * 100_000)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for place, role in enumerate(roles)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    reports = []
    for process in processes:
        output, errors = process.communicate(timeout=seconds + 120)
        assert errors == ""
        reports.append(json.loads(output))
    return reports


def test_a_crawl_a_digest_and_three_readers_work_at_once(store):
    with store.transaction() as connection:
        connection.execute(text("CREATE TABLE note (body text)"))
    try:
        roles = ("crawl", "digest", "three readers")
        reports = run_crowd(_url_of(store), SECONDS, roles)
        assert [report["role"] for report in reports] == list(roles)
        assert all(report["done"] >= 2 for report in reports), reports
        assert max(report["longest"] for report in reports) < BUSY_SECONDS / 2, reports
        assert store.articles.count() == reports[0]["done"] * 20
        with store.reading() as connection:
            assert connection.execute(text("SELECT count(*) FROM note")).scalar() == reports[1]["done"]
        assert store.check() == []
    finally:
        with store.transaction() as connection:
            connection.execute(text("DROP TABLE note"))


def _url_of(store):
    with store.reading() as connection:
        return connection.engine.url.render_as_string(hide_password=False)


def test_two_crawls_that_meet_the_same_stories_store_each_once(store, now):
    url = _url_of(store)
    stores = [open_store(url) for _ in range(3)]
    failures = []

    def crawl(own):
        try:
            for start in range(1, 60, 10):
                own.save_pages(
                    [make_page(n, now, comments=[make_comment(0)]) for n in range(start, start + 10)]
                )
        except Exception as error:  # noqa: BLE001 - a thread hands its failure to the test
            failures.append(error)

    threads = [threading.Thread(target=crawl, args=(own,)) for own in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for own in stores:
        own.close()
    assert failures == []
    counts = Counter(article.headline for article in store.articles.iterate())
    assert counts == {f"Story {n}": 1 for n in range(1, 61)}
    assert store.comments.count() == 60
    assert store.authors.count() == 1
    assert store.check() == []


def test_many_threads_share_one_store(store, now):
    failures = []

    def work(place):
        try:
            for number in range(5):
                store.save_pages([make_page(place * 100 + number + 1, now)])
                store.articles.list(limit=5)
        except Exception as error:  # noqa: BLE001 - a thread hands its failure to the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.articles.count() == 40


def test_a_reader_sees_one_state_while_a_writer_goes_on(store, now):
    store.save_pages([make_page(1, now)])
    query = text("SELECT count(*) FROM article")
    with store.reading() as connection:
        before = connection.execute(query).scalar()
        store.save_pages([make_page(2, now)])
        assert connection.execute(query).scalar() == before
    assert store.articles.count() == 2


def test_a_database_held_for_too_long_is_one_clear_sentence(tmp_path, now, monkeypatch):
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_MS", 50)
    url = f"sqlite:///{tmp_path / 'library.db'}"
    with open_store(url) as holder, open_store(url) as waiter, holder.transaction():
        started = time.monotonic()
        with pytest.raises(StoreLocked, match="another process") as caught:
            waiter.save_pages([make_page(1, now)])
        assert time.monotonic() - started < 10
        assert waiter.articles.count() == 0
    assert "database is locked" not in str(caught.value)


def test_a_write_inside_a_write_is_a_bug_and_says_so(tmp_path, now):
    with (
        open_store(f"sqlite:///{tmp_path / 'library.db'}") as store,
        store.transaction(),
        pytest.raises(RuntimeError, match="already inside"),
    ):
        store.save_pages([make_page(1, now)])


def test_a_failed_batch_leaves_no_trace(store, now):
    generation = store.generation()
    broken = PageSave(now, make_page(2, now).article, comments=(None,))
    with pytest.raises(AttributeError):
        store.save_pages([make_page(1, now), broken])
    assert (store.articles.count(), store.generation()) == (0, generation)
    [report] = store.save_pages([make_page(1, now)])
    assert report.change == "new"


def test_one_process_crawls_a_host(store, now):
    host = "vocal.media"
    with open_store(_url_of(store)) as other:
        mine = store.frontier.acquire_lease(host, "me", now)
        assert other.frontier.acquire_lease(host, "you", now) is None
        assert other.frontier.acquire_lease("other.example", "you", now) is not None
        assert store.frontier.acquire_lease(host, "me", now) == mine
        assert other.frontier.get_lease(host) == mine
        kept = store.frontier.renew_lease(mine, now + timedelta(minutes=1))
        assert kept.expires_at == now + timedelta(minutes=1) + LEASE_TIME
        store.frontier.release_lease(kept)
        assert store.frontier.get_lease(host) is None
        assert store.frontier.renew_lease(kept, now) is None
        assert other.frontier.acquire_lease(host, "you", now) is not None
        store.frontier.release_lease(kept)
        assert store.frontier.get_lease(host).owner == "you"


def test_the_lease_of_a_dead_process_is_taken_over(store, now):
    host = "vocal.media"
    dead = open_store(_url_of(store))
    lease = dead.frontier.acquire_lease(host, "dead", now)
    dead.close()
    # PostgreSQL knows at once that a process is gone; on SQLite its lease runs out.
    late = now if store.url.startswith("postgres") else lease.expires_at
    mine = store.frontier.acquire_lease(host, "me", late)
    assert mine is not None
    with open_store(_url_of(store)) as risen:
        assert risen.frontier.renew_lease(lease, late) is None
    assert store.frontier.get_lease(host) == mine


def test_a_lease_that_is_not_renewed_is_lost_on_sqlite(tmp_path, now):
    url = f"sqlite:///{tmp_path / 'library.db'}"
    with open_store(url) as hung, open_store(url) as other:
        lease = hung.frontier.acquire_lease("vocal.media", "hung", now)
        assert other.frontier.acquire_lease("vocal.media", "you", lease.expires_at) is not None
        assert hung.frontier.renew_lease(lease, lease.expires_at) is None


_LOSE_LOCK = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'
AND (classid::bigint << 32) | objid::bigint = hashtextextended(current_schema() || '/' || :host, 0)
"""


@pytest.mark.postgres
def test_a_lease_outlives_its_connection(postgres_url, now):
    """As when the server starts anew; unless another process has taken the host meanwhile."""
    host = "vocal.media"
    with open_store(postgres_url, upgrade=True) as store, open_store(postgres_url) as other:
        mine = store.frontier.acquire_lease(host, "me", now)
        with other.transaction() as connection:
            assert connection.execute(text(_LOSE_LOCK), {"host": host}).scalars().all() == [True]
        assert store.frontier.renew_lease(mine, now) == mine
        assert other.frontier.acquire_lease(host, "you", now) is None
        with other.transaction() as connection:
            connection.execute(text(_LOSE_LOCK), {"host": host})
        theirs = other.frontier.acquire_lease(host, "you", now)
        assert store.frontier.renew_lease(mine, now) is None
        other.frontier.release_lease(theirs)
        assert store.frontier.renew_lease(mine, now) is None
        assert other.frontier.acquire_lease(host, "you", now) is not None


def test_two_processes_that_ask_at_once_get_one_lease(store, now):
    taken = []
    barrier = threading.Barrier(6)

    stores = [open_store(_url_of(store)) for _ in range(6)]

    def ask(place):
        barrier.wait()
        lease = stores[place].frontier.acquire_lease("vocal.media", f"process {place}", now)
        if lease is not None:
            taken.append(lease)

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in stores:
        each.close()
    assert len(taken) == 1


GUEST = """
import sys
from crawler.seeds import Seed
from crawler.store import open_store
with open_store(sys.argv[1]) as store:
    seeds = [Seed(slug=each.slug, name="x", url=each.url) for each in store.publications.list()]
    if len(sys.argv) > 2:
        store.publications.sync([*seeds, Seed(slug=sys.argv[2], name="x", url="https://x.example/")])
    print(*sorted(view.slug for view in store.publications.list()))
"""


def test_opening_a_library_twice_lets_go_of_no_lock(tmp_path):
    """To close any descriptor of a file drops all of the process's locks on it, also those of SQLite.

    Then the next process to leave takes itself for the last one and removes the log that is still written to.
    """
    url = f"sqlite:///{tmp_path / 'library.db'}"

    def visit(*names):
        run = subprocess.run(
            [sys.executable, "-c", GUEST, url, *names], capture_output=True, text=True, check=True
        )
        return run.stdout.split()

    with open_store(url) as store:
        store.publications.sync([Seed(slug="first", name="x", url="https://x.example/")])
        with open_store(url) as second:
            assert second.publications.list()
        assert visit("guest") == ["first", "guest"]
        assert (tmp_path / "library.db-wal").exists()
        assert {view.slug for view in store.publications.list()} == {"first", "guest"}
        store.publications.sync([Seed(slug="last", name="x", url="https://x.example/")])
        assert visit() == ["first", "guest", "last"]
    with sqlite3.connect(tmp_path / "library.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
