"""The item pipeline: pages are saved in batches, in a thread, each batch in one transaction."""

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol, Self, cast

from crawler.errors import StoreError
from crawler.store import Store
from crawler.store.views import PageSave, SaveReport

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

log = logging.getLogger(__name__)

BATCH_SIZE: Final = 64
"""Pages in one transaction at most: some 10 ms of writing."""

LINGER: Final = 0.02
"""Seconds that a page waits for company before it is saved; a transaction costs about a millisecond."""


class SavingSpider(Protocol):
    """What the pipeline needs of a spider."""

    store: Store

    def keep_count(self, saves: Sequence[PageSave], reports: Sequence[SaveReport]) -> None:
        """Take note of what was saved."""

    def give_up(self, error: BaseException) -> None:
        """End the crawl: nothing can be saved any more."""


class SavePipeline:
    """Saves what the spider yields: for each fetch one tuple of `PageSave`.

    A page and its frontier entry are saved in the same transaction, so whenever the process is killed a page
    is either kept and done, or neither. While one batch is written the next one gathers.
    """

    def __init__(self, spider: SavingSpider) -> None:
        self._spider = spider
        self._pending: list[tuple[PageSave, ...]] = []
        self._arrived = asyncio.Event()
        self._is_closing = False
        self._writer: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Make one for a crawler's spider."""
        return cls(cast("SavingSpider", crawler.spider))

    async def open_spider(self) -> None:
        """Start the writer."""
        self._writer = asyncio.ensure_future(self._write())
        self._writer.add_done_callback(self._note_end)

    def process_item(self, item: tuple[PageSave, ...]) -> tuple[PageSave, ...]:
        """Take a page in; it is saved soon."""
        self._pending.append(item)
        self._arrived.set()
        return item

    async def close_spider(self) -> None:
        """Save what is left."""
        self._is_closing = True
        self._arrived.set()
        if self._writer is not None:
            await asyncio.wait({self._writer})

    def _note_end(self, writer: "asyncio.Task[None]") -> None:
        """Let nothing wait for a writer that has died."""
        error = None if writer.cancelled() else writer.exception()
        if error is not None:
            log.error("pages could not be saved", exc_info=error)
            self._spider.give_up(error)

    async def _write(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            if not self._is_closing and len(self._pending) < BATCH_SIZE:
                await asyncio.sleep(LINGER)
            while self._pending:
                batch, self._pending = self._pending[:BATCH_SIZE], self._pending[BATCH_SIZE:]
                if not await self._save([save for item in batch for save in item]):
                    return
            if self._is_closing:
                return

    async def _save(self, saves: list[PageSave]) -> bool:
        """Save one batch; tell whether the store took it."""
        try:
            reports = await asyncio.to_thread(self._spider.store.save_pages, saves)
        except StoreError as error:
            self._pending.clear()
            self._spider.give_up(error)
            return False
        self._spider.keep_count(saves, reports)
        return True
