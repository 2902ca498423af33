"""Pages are saved in batches, in order, and a store that refuses ends the crawl."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.errors import StoreError
from crawler.pipelines import BATCH_SIZE, SavePipeline
from crawler.store.views import PageSave, SaveReport

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class FakeStore:
    """Takes pages, or refuses from a batch on."""

    refuses_from: int = 1_000
    refusal: Exception = field(default_factory=lambda: StoreError("the disk is full"))
    batches: list[list[PageSave]] = field(default_factory=list)

    def save_pages(self, pages: Sequence[PageSave]) -> list[SaveReport]:
        if len(self.batches) >= self.refuses_from:
            raise self.refusal
        self.batches.append(list(pages))
        return [SaveReport() for _ in pages]


@dataclass
class FakeSpider:
    """Counts what was saved."""

    store: Any
    n_saved: int = 0
    error: BaseException | None = None
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def keep_count(self, saves: Sequence[PageSave], reports: Sequence[SaveReport]) -> None:
        assert len(saves) == len(reports)
        self.n_saved += len(saves)
        self.heard.set()

    def give_up(self, error: BaseException) -> None:
        self.error = error
        self.heard.set()


def page(number: int) -> PageSave:
    return PageSave(seen_at=NOW, article_url=f"https://example.org/{number}")


async def feed(spider: FakeSpider, n_items: int, *, n_alone: int = 0) -> None:
    """Hand pages to the pipeline; the first few each once it is known what became of the one before."""
    pipeline = SavePipeline(spider)
    await pipeline.open_spider()
    for number in range(n_items):
        spider.heard.clear()
        pipeline.process_item((page(number),))
        if number < n_alone:
            await asyncio.wait_for(spider.heard.wait(), 30)
    await pipeline.close_spider()


@pytest.mark.parametrize("n_items", [0, 1, BATCH_SIZE, BATCH_SIZE + 1, 1_000])
def test_every_page_is_saved_once_and_in_order(n_items: int) -> None:
    spider = FakeSpider(FakeStore())
    asyncio.run(feed(spider, n_items))
    saved = [save.article_url for batch in spider.store.batches for save in batch]
    assert saved == [f"https://example.org/{number}" for number in range(n_items)]
    assert spider.n_saved == n_items
    assert all(len(batch) <= BATCH_SIZE for batch in spider.store.batches)


def test_a_page_does_not_wait_for_a_whole_batch() -> None:
    spider = FakeSpider(FakeStore())
    asyncio.run(feed(spider, 3, n_alone=3))
    assert [len(batch) for batch in spider.store.batches] == [1, 1, 1]


def test_what_belongs_to_one_fetch_stays_in_one_transaction() -> None:
    spider = FakeSpider(FakeStore())

    async def run() -> None:
        pipeline = SavePipeline(spider)
        await pipeline.open_spider()
        for number in range(BATCH_SIZE * 2):
            pipeline.process_item((page(number), page(-number)))
        await pipeline.close_spider()

    asyncio.run(run())
    for batch in spider.store.batches:
        assert len(batch) % 2 == 0


@pytest.mark.parametrize("refusal", [StoreError("the disk is full"), RuntimeError("a bug")])
def test_a_store_that_refuses_ends_the_crawl(refusal: Exception) -> None:
    spider = FakeSpider(FakeStore(refuses_from=1, refusal=refusal))
    asyncio.run(feed(spider, 5, n_alone=2))
    assert spider.error is refusal
    assert len(spider.store.batches) == 1
