"""Runs Scrapy in this process: one crawler a host, a few at a time, until done or told to end."""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.utils.reactor import is_reactor_installed
from twisted.logger import LogEvent, globalLogBeginner

from crawler.config import Config
from crawler.errors import GleaningsError
from crawler.pipelines import SavePipeline
from crawler.runner.leasing import keep_lease
from crawler.settings import crawl_settings
from crawler.spiders.host import HostSpider
from crawler.spiders.job import HostJob

log = logging.getLogger(__name__)

HOSTS_AT_ONCE: Final = 8
"""Most of a polite crawl is waiting; eight hosts keep one core busy without delays."""

STOP_SECONDS: Final = 15.0
"""After a signal, pages under way may take so long; then the process goes without them."""

TICK_SECONDS: Final = 0.25


def run_jobs(jobs: Sequence[HostJob], *, config: Config, tick: Callable[[], None]) -> bool:
    """Crawl hosts until nothing is due on any of them.

    Args:
        jobs: One a host; what happened is in their tallies afterwards.
        config: Of the workspace.
        tick: Called a few times a second.

    Returns:
        Whether a signal ended the crawl before it was done.

    Raises:
        GleaningsError: This process has crawled before.
    """
    if is_reactor_installed():
        raise GleaningsError("this process has crawled before and can do it only once; use crawl_in_process")
    process = quiet_process(crawl_settings(config))
    run = _Run(process, jobs, tick)
    with _signals(run.interrupt):
        run.go()
    return run.is_interrupted


def quiet_process(settings: Settings) -> AsyncCrawlerProcess:
    """Return Scrapy's process, set up so that neither it nor Twisted speaks to the user in our place.

    What becomes of a fetch is an outcome. Only an error that neither of them expected is logged, and all
    they have to say at the highest verbosity.
    """
    # Scrapy introduces itself while it sets its own loggers' levels.
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        process = AsyncCrawlerProcess(settings)
    finally:
        logging.disable(before)
    # Until someone listens, Twisted prints to standard error, with tracebacks.
    globalLogBeginner.beginLoggingTo([_drop], discardBuffer=True, redirectStandardIO=False)  # type: ignore[list-item]
    is_debugging = logging.root.level <= logging.DEBUG
    levels = {"scrapy": logging.ERROR, "twisted": logging.CRITICAL + 1, "protego": logging.ERROR}
    for name, level in levels.items():
        logging.getLogger(name).setLevel(logging.DEBUG if is_debugging else level)
    return process


def _drop(_event: LogEvent) -> None:
    """Let go of an event; Scrapy hands the same one to `logging`."""


def _reactor() -> Any:  # noqa: ANN401 - Twisted's is a module made of zope interfaces
    """Return the installed reactor; importing it before it is installed would install another."""
    from twisted.internet import reactor

    return reactor


class _Run:
    """One life of the reactor."""

    def __init__(
        self, process: AsyncCrawlerProcess, jobs: Sequence[HostJob], tick: Callable[[], None]
    ) -> None:
        self.is_interrupted = False
        self._process = process
        self._jobs = jobs
        self._tick = tick
        self._crawlers: set[Crawler] = set()
        self._stopping = asyncio.Event()
        self._is_forced = False
        self._failure: BaseException | None = None

    def go(self) -> None:
        """Run the reactor until everything is done."""
        _reactor().callWhenRunning(lambda: asyncio.ensure_future(self._main()))
        self._process.start(stop_after_crawl=False, install_signal_handlers=False)
        if self._failure is not None:
            raise self._failure

    def interrupt(self) -> None:
        """End the crawl in good order; a second time: at once. Called by a signal."""
        self._is_forced = self.is_interrupted
        self.is_interrupted = True
        _reactor().callFromThread(self._stop)

    def _stop(self) -> None:
        for crawler in self._crawlers:
            _stop(crawler, "interrupted")
        self._stopping.set()

    async def _main(self) -> None:
        ticker = asyncio.ensure_future(self._keep_ticking())
        try:
            await self._crawl_all()
        except Exception as error:  # noqa: BLE001 - carried out of the reactor and raised there
            self._failure = error
        finally:
            ticker.cancel()
            reactor = _reactor()
            reactor.callLater(0, reactor.stop)

    async def _crawl_all(self) -> None:
        turns = asyncio.Semaphore(HOSTS_AT_ONCE)
        crawls = asyncio.gather(*(self._crawl_host(job, turns) for job in self._jobs))
        stopping = asyncio.ensure_future(self._stopping.wait())
        both: set[asyncio.Future[Any]] = {crawls, stopping}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not crawls.done():
            await asyncio.wait({crawls}, timeout=0 if self._is_forced else STOP_SECONDS)
        stopping.cancel()
        if crawls.done():
            crawls.result()
        else:
            for crawler in self._crawlers:
                pipeline = crawler.get_item_pipeline(SavePipeline)
                if pipeline is not None:
                    await pipeline.close_spider()

    async def _crawl_host(self, job: HostJob, turns: asyncio.Semaphore) -> None:
        async with turns:
            if self.is_interrupted:
                return
            crawler = self._process.create_crawler(HostSpider)
            self._crawlers.add(crawler)
            done = self._process.crawl(crawler, job=job)
            lease = asyncio.ensure_future(
                keep_lease(job.store, job.host, job.owner, now=job.now, lost=lambda: _lose(crawler))
            )
            try:
                await done
            finally:
                lease.cancel()
                job.is_done = True
                self._crawlers.discard(crawler)

    async def _keep_ticking(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self._tick()


def _lose(crawler: Crawler) -> None:
    _stop(crawler, "another process has taken over the host")


def _stop(crawler: Crawler, reason: str) -> None:
    if isinstance(crawler.spider, HostSpider):
        crawler.spider.stop(reason)


@contextmanager
def _signals(interrupt: Callable[[], None]) -> Iterator[None]:
    """Let SIGINT and SIGTERM call a function while the block runs; only the main thread can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(_number: int, _frame: FrameType | None) -> None:
        """Pass the signal on as a wish to end in good order."""
        interrupt()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
