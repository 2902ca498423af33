"""Crawls in processes of their own: a process can run Scrapy's reactor only once."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Final

from crawler.config import Config
from crawler.errors import GleaningsError
from crawler.runner.crawling import crawl
from crawler.runner.reports import NO_LIMITS, Clock, CrawlLimits, CrawlProgress, CrawlReport, utc_now
from crawler.seeds import Seed
from crawler.store import open_store

START_METHOD: Final = "spawn"
"""A fresh interpreter: no lock, thread or open file of this process comes along."""

GRACE_SECONDS = 30.0
"""How long a crawl that was asked to end may take."""


@dataclass(frozen=True, slots=True)
class _Order:
    """What the child process is to do; pickled."""

    seeds: tuple[Seed, ...]
    database_url: str
    config: Config
    limits: CrawlLimits
    clock: Clock


def crawl_in_process(
    seeds: Sequence[Seed],
    database_url: str,
    *,
    config: Config,
    limits: CrawlLimits = NO_LIMITS,
    clock: Clock = utc_now,
    on_progress: Callable[[CrawlProgress], None] | None = None,
) -> CrawlReport:
    """Crawl in a fresh process and wait for its report.

    An interrupt of this process ends the crawl in good order; if this process dies, the crawl ends itself.

    Args:
        seeds: As for `crawl`.
        database_url: The store, opened by the child.
        config: Settings of the workspace.
        limits: How much to do.
        clock: Tells the time; must pickle, so a function of a module.
        on_progress: Called in this process, a few times a second.

    Raises:
        GleaningsError: As `crawl` does; or the process died.
    """
    context = multiprocessing.get_context(START_METHOD)
    ours, theirs = context.Pipe(duplex=True)
    order = _Order(tuple(seeds), database_url, config, limits, clock)
    child = context.Process(target=_run_order, args=(theirs, order), name="gleanings-crawl")
    child.start()
    theirs.close()
    try:
        return _await_report(ours, child, on_progress)
    finally:
        ours.close()
        _end(child)


def _await_report(
    connection: Connection, child: BaseProcess, on_progress: Callable[[CrawlProgress], None] | None
) -> CrawlReport:
    while True:
        try:
            wait([connection, child.sentinel])
            if not connection.poll():
                child.join()
                raise GleaningsError(f"the crawl's process died ({_describe_exit(child.exitcode)})")
            message = connection.recv()
        except EOFError:
            child.join()
            raise GleaningsError(f"the crawl's process died ({_describe_exit(child.exitcode)})") from None
        except KeyboardInterrupt:
            # The terminal sent it to the child as well, which ends in good order and reports.
            _ask_to_end(child)
            continue
        if isinstance(message, CrawlReport):
            return message
        if isinstance(message, GleaningsError):
            raise message
        if on_progress is not None:
            on_progress(message)


def _describe_exit(code: int | None) -> str:
    return f"killed by signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _ask_to_end(child: BaseProcess) -> None:
    if child.pid is not None and child.is_alive():
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGTERM)


def _end(child: BaseProcess) -> None:
    """Make sure that the child is gone."""
    child.join(1.0)
    if child.is_alive():
        _ask_to_end(child)
        child.join(GRACE_SECONDS)
    if child.is_alive():
        child.kill()
        child.join()
    child.close()


def _run_order(connection: Connection, order: _Order) -> None:
    """Run one crawl; the main function of the child process."""
    end_with_parent()
    try:
        with open_store(order.database_url) as store:
            report = crawl(
                order.seeds,
                store,
                config=order.config,
                limits=order.limits,
                clock=order.clock,
                on_progress=lambda progress: _tell(connection, progress),
            )
        _tell(connection, report)
    except GleaningsError as error:
        _tell(connection, error)
    finally:
        connection.close()


def _tell(connection: Connection, message: object) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.send(message)


def end_with_parent() -> None:
    """End in good order when the parent dies, by whatever signal."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        """Wait for the parent's end, then ask this process to end as well."""
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
