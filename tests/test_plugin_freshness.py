"""A site answers with what stands in the library when it is asked, never with what stood there a moment ago."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import anyio
import httpx
import pytest

from crawler.store.views import FrontierEntry, PageSave
from plugin.archive import open_library
from plugin.server.app import create_app
from plugin.server.freshness import SharedLook
from tests.samples import NOW, make_library, make_page
from tests.serving import serving

ROOT = Path(__file__).parent.parent


@pytest.fixture(params=["sqlite", "memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request, tmp_path) -> str:
    """A library in each of the places one can be."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'library.db'}"


def test_every_request_knows_every_commit_made_before_it(url):
    async def alternate(archive, writer):
        app = create_app(archive, digests=[])
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            for number in range(1, 26):
                writer.store.save_pages([make_page(number * 3, seen_at=NOW + timedelta(days=number))])
                paths = ["/publications/stories-futurism/feed.json"] * 3
                for answer in [await client.get(path) for path in paths]:
                    assert len(answer.json()["items"]) == number + 1
                story = f"https://stories.example/futurism/story-{number * 3}"
                (article,) = [each for each in writer.store.articles.list().items if each.url == story]
                assert (await client.get(f"/articles/{article.id}/")).status_code == 200
                if number % 5 == 0:
                    assert (await client.get(f"/articles/{article.id}/")).status_code == 200

    # Connections of its own, as another process has; memory has only the one library.
    with (
        make_library(url, n_articles=1, issues=0) as archive,
        archive if url == "sqlite://" else open_library(url) as writer,
    ):
        asyncio.run(alternate(archive, writer))


def test_a_story_that_goes_is_gone_for_whoever_asks_next(url):
    async def take_away(archive, writer):
        transport = httpx.ASGITransport(app=create_app(archive, digests=[]))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            for article in writer.store.articles.list().items:
                path = f"/articles/{article.id}/"
                for _ in range(3):
                    assert (await client.get(path)).status_code == 200
                entry = FrontierEntry(
                    url=article.url,
                    role="article",
                    publication=article.publication,
                    outcome="gone",
                    fetched_at=NOW,
                )
                writer.store.save_pages([PageSave(seen_at=NOW + timedelta(days=2), fetched=entry)])
                assert (await client.get(path)).status_code == 410

    with (
        make_library(url, n_articles=12, issues=0) as archive,
        archive if url == "sqlite://" else open_library(url) as writer,
    ):
        asyncio.run(take_away(archive, writer))


def test_a_server_of_our_own_knows_every_commit_too(tmp_path):
    url = f"sqlite:///{tmp_path / 'library.db'}"
    with make_library(url, n_articles=1, issues=0) as archive, open_library(url) as writer:
        app = create_app(archive, digests=[])
        with serving(app) as base:
            clients = [httpx.Client(base_url=base) for _ in range(4)]
            for number in range(1, 21):
                writer.store.save_pages([make_page(number * 3, seen_at=NOW + timedelta(days=number))])
                counts = []

                def ask(client, counts=counts):
                    for _ in range(3):
                        counts.append(
                            len(client.get("/publications/stories-futurism/feed.json").json()["items"])
                        )

                threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                assert counts == [number + 1] * 12
            for client in clients:
                client.close()


# One look for many


class SlowLook:
    """Begins and ends when the test says so."""

    def __init__(self) -> None:
        self.begun = 0
        self.gate = threading.Semaphore(0)

    def __call__(self) -> bool:
        self.begun += 1
        self.gate.acquire()
        return True


async def _until(is_so) -> None:
    with anyio.fail_after(60):
        while not is_so():
            await anyio.lowlevel.checkpoint()


def test_requests_that_come_during_a_look_share_the_next_one():
    async def ask() -> None:
        slow = SlowLook()
        shared, results = SharedLook(slow), []

        async def one() -> None:
            results.append(await shared.look())

        async with anyio.create_task_group() as group:
            group.start_soon(one)
            await _until(lambda: slow.begun == 1)
            for _ in range(20):
                group.start_soon(one)
            await anyio.wait_all_tasks_blocked()
            slow.gate.release()
            await _until(lambda: slow.begun == 2)
            assert results == [True]
            slow.gate.release()
        assert (slow.begun, results) == (2, [True] * 21)

    anyio.run(ask)


def test_who_waits_for_one_that_was_canceled_looks_itself():
    async def ask() -> None:
        slow = SlowLook()
        shared, results = SharedLook(slow), []

        async def one() -> None:
            results.append(await shared.look())

        async with anyio.create_task_group() as group:
            group.start_soon(one)
            await _until(lambda: slow.begun == 1)
            async with anyio.create_task_group() as doomed:
                doomed.start_soon(one)
                await anyio.wait_all_tasks_blocked()
                group.start_soon(one)
                await anyio.wait_all_tasks_blocked()
                doomed.cancel_scope.cancel()
            slow.gate.release(2)
        assert (slow.begun, results) == (2, [True, True])

    anyio.run(ask)


def test_an_app_may_be_asked_in_one_event_loop_after_another():
    shared = SharedLook(lambda: True)
    assert [anyio.run(shared.look) for _ in range(3)] == [True] * 3


# Forked workers

FORK = """
import os, sys
from datetime import timedelta
from plugin.archive import open_library
from tests.samples import NOW, make_page
archive = open_library(sys.argv[1])
archive.store.save_pages([make_page(1)])
before = archive.generation()
children = []
for number in range(3):
    child = os.fork()
    if child == 0:
        archive.store.save_pages([make_page(10 + number, seen_at=NOW + timedelta(days=1))])
        assert archive.generation() > before
        assert archive.peek_generation() != before
        archive.close()
        os._exit(0)
    children.append(child)
assert all(os.waitpid(child, 0)[1] == 0 for child in children)
assert archive.generation() == before + 3
assert archive.peek_generation() in (None, before + 3)
assert archive.store.articles.count() == 4
archive.store.save_pages([make_page(30)])
archive.close()
print("well")
"""


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_forked_workers_have_connections_of_their_own(kind, request, tmp_path):
    url = request.getfixturevalue("postgres_url") if kind == "postgres" else f"sqlite:///{tmp_path / 'a.db'}"
    open_library(url, upgrade=True).close()
    done = subprocess.run(
        [sys.executable, "-c", FORK, url], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (0, "well\n"), done.stderr


# A glance


def test_a_glance_sees_each_commit_and_keeps_no_view_open(tmp_path):
    path = tmp_path / "library.db"
    with open_library(f"sqlite:///{path}") as archive:
        store = archive.store
        for number in range(5):
            before = store.peek_generation()
            store.save_pages([make_page(number)])
            assert store.peek_generation() == store.generation() == before + 1
        # A view held open would keep the log from being emptied.
        with sqlite3.connect(path) as other:
            assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)
        other.close()


def test_a_glance_that_is_not_possible_is_none(tmp_path):
    with open_library("sqlite://") as archive:
        assert archive.peek_generation() is None
    path = tmp_path / "library.db"
    with open_library(f"sqlite:///{path}") as archive:
        with sqlite3.connect(path) as other:
            other.execute("DROP TABLE library")
        other.close()
        assert archive.peek_generation() is None
