"""Single pages fetched as a crawl would fetch them, in a process of its own.

Scrapy's reactor runs once in a process, so the pages of one errand are asked for one after the other by one
child, which keeps robots.txt and the pace of each host in mind.
"""

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final, TypeAlias

from crawler.config import Config
from crawler.errors import FetchError, GleaningsError
from crawler.runner.fetched import FetchedPage
from crawler.runner.processes import end_with_parent

GRACE_SECONDS: Final = 2.0
"""How long the child may take to end once nothing is asked of it any more."""


Fetch: TypeAlias = Callable[[str], FetchedPage]
"""Fetches the page at an address, or raises `FetchError`."""


@contextmanager
def open_fetcher(config: Config) -> Iterator[Fetch]:
    """Start a process that fetches pages until the block ends.

    Each page is asked for as in a crawl: robots.txt obeyed, in the host's pace, with our User-Agent, from
    public addresses only unless the settings open others, redirects held to the same rules.

    Args:
        config: Of the workspace.

    Yields:
        A function that fetches one page. It raises `FetchError` for a page that can't be had, with its
        outcome and one sentence about why, and `GleaningsError` when the process died.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=True)
    child = context.Process(target=_run_child, args=(theirs, config), name="gleanings-fetch")
    with _deaf_to_interrupts():
        child.start()
    theirs.close()
    try:
        yield lambda url: _ask(ours, url)
    finally:
        with suppress(OSError):
            ours.send(None)
        ours.close()
        _end(child)


def _ask(connection: Connection, url: str) -> FetchedPage:
    try:
        connection.send(url)
        answer = connection.recv()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise GleaningsError("the process that fetches pages died", url) from None
    if isinstance(answer, FetchError):
        raise answer
    if not isinstance(answer, FetchedPage):
        raise TypeError(f"no page but {type(answer).__name__}")
    return answer


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ignore SIGINT, so that a child started meanwhile does too: it is ended by us, not by the terminal."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _end(child: BaseProcess) -> None:
    """Make sure that the child is gone."""
    child.join(GRACE_SECONDS)
    if child.is_alive():
        child.terminate()
        child.join(GRACE_SECONDS)
    if child.is_alive():
        child.kill()
        child.join()
    child.close()


def _run_child(connection: Connection, config: Config) -> None:
    """Fetch what is asked for; the main function of the child process."""
    from crawler.runner.errands import run_errands

    end_with_parent()
    with connection:
        run_errands(connection, config)
