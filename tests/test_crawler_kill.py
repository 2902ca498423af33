"""Killed with -9 at any instant, a crawl loses nothing and stores nothing twice."""

import multiprocessing
import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from crawler.config import Config
from crawler.demo import DemoPlatform, serve_demo
from crawler.runner import crawl
from crawler.seeds import Seed
from crawler.store import open_store
from tests.crawling import QUICK, demo, seeds_of

IN_FLIGHT = 16 + 64
"""Pages that may be under way or not yet saved when a crawl is killed."""


def start_crawl(platform: DemoPlatform, url: str, database: str) -> BaseProcess:
    context = multiprocessing.get_context("forkserver")
    child = context.Process(target=_crawl, args=(database, seeds_of(platform, url)))
    child.start()
    return child


def _crawl(database: str, seeds: list[Seed]) -> None:
    with open_store(database) as store:
        sys.exit(crawl(seeds, store, config=Config(crawl=QUICK)).exit_code)


def end_of(child: BaseProcess) -> int | None:
    """Wait for a crawl's exit code; None when it does not end."""
    child.join(120)
    return child.exitcode


def wait_for_requests(platform: DemoPlatform, child: BaseProcess, n_requests: int) -> None:
    """Wait until the platform has served so many, or the crawl has ended."""
    ends_at = time.monotonic() + 120
    while platform.requests.count() < n_requests and child.is_alive() and time.monotonic() < ends_at:
        time.sleep(0.001)


def assert_whole(platform: DemoPlatform, url: str, database: str) -> None:
    """Compare the store with what the platform shows."""
    with open_store(database) as store:
        listed = list(store.articles.iterate())
        stored = Counter(article.url for article in listed)
        assert stored == Counter(f"{url}{story.path}" for story in platform.stories())
        truth = platform.truth()
        shown = {f"{url}{story.path}": truth[story.slug] for story in platform.stories()}
        for article in listed:
            assert article.stored_comment_count == len(
                [each for each in shown[str(article.url)].comments if not each.is_removed]
            )


@pytest.mark.slow
def test_twenty_kills_in_a_row_lose_nothing(tmp_path: Path) -> None:
    dice = random.Random(7)
    platform = demo()
    database = f"sqlite:///{tmp_path / 'library.db'}"
    n_kills = 0
    with serve_demo(platform) as url:
        while n_kills < 20:
            n_before = platform.requests.count()
            child = start_crawl(platform, url, database)
            wait_for_requests(platform, child, n_before + dice.randrange(1, 14))
            time.sleep(dice.random() * 0.02)
            if not child.is_alive():
                break
            child.kill()
            child.join()
            n_kills += 1
        assert end_of(start_crawl(platform, url, database)) == 0
        assert_whole(platform, url, database)
        repeated = [
            count for path, count in Counter(map(_path, platform.requests.entries())).items() if count > 1
        ]
    assert n_kills >= 3
    assert sum(repeated) - len(repeated) <= n_kills * IN_FLIGHT


def _path(request: object) -> str:
    return str(getattr(request, "path", ""))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_crawl_in_good_order(tmp_path: Path, number: signal.Signals) -> None:
    platform = demo()
    database = f"sqlite:///{tmp_path / 'library.db'}"
    with serve_demo(platform) as url:
        child = start_crawl(platform, url, database)
        wait_for_requests(platform, child, 12)
        assert child.pid is not None
        os.kill(child.pid, number)
        assert end_of(child) == 3
        n_before = platform.requests.count()
        with open_store(database) as store:
            runs = store.runs.list()
            n_kept = store.articles.count()
            due_at = {view.next_due_at for view in store.publications.list()}
        assert {run.error for run in runs} == {"interrupted"}
        assert all(at is not None and at <= datetime.now(UTC) for at in due_at), "it goes on when asked next"
        assert end_of(start_crawl(platform, url, database)) == 0
        again = Counter(map(_path, platform.requests.entries()))
        assert_whole(platform, url, database)
    assert n_kept < 40
    assert [path for path, count in again.items() if count > 1] == ["/robots.txt"]
    assert n_before < sum(again.values())
