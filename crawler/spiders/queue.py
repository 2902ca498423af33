"""What to fetch next: taken from the frontier in the store, a few addresses at a time.

Nothing waits in memory: what is discovered goes to the store with the page that named it and comes back from
there when it is due. So a crawl of a hundred thousand pages needs no more memory than one of a hundred, and
one that is killed has nothing to lose but the pages under way.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from crawler.spiders.job import HostJob
from crawler.store.agenda import DuePage
from crawler.store.views import FrontierEntry, PageRole, PageSave

IN_FLIGHT: Final = 96
"""Addresses handed out and not yet saved: what Scrapy has under way (16) and what the next batches hold."""

_ALL_ROLES: Final[tuple[PageRole, ...]] = ("list", "article", "comments", "author", "feed", "sitemap")
_SHORT_WAIT: Final = timedelta(milliseconds=10)
_FOLLOWING: Final[tuple[PageRole, ...]] = ("comments", "author")


class FrontierQueue:
    """Hands out what is due of some publications.

    Args:
        job: Whose publications; its store is asked in a thread.
    """

    def __init__(self, job: HostJob) -> None:
        self.in_flight: set[str] = set()
        self._job = job
        self._ready: deque[DuePage] = deque()
        self._given: set[str] = set()
        self._changed = asyncio.Event()
        self._is_closed = False
        self._patience = job.plan.patience
        self._waited_until: datetime | None = None
        self._ends_at = job.now() + job.plan.max_time

    def close(self) -> None:
        """Hand out nothing more."""
        self._is_closed = True
        self._changed.set()

    def put(self, entries: Iterable[FrontierEntry]) -> None:
        """Add addresses to fetch in this run, when only given ones are fetched."""
        for entry in entries:
            if entry.url not in self._given:
                self._given.add(entry.url)
                self._ready.append(DuePage(entry))

    def settle(self, saves: Iterable[PageSave]) -> None:
        """Take note that fetches were saved; their addresses may be handed out again when due."""
        for save in saves:
            if save.fetched is not None:
                self.in_flight.discard(save.fetched.url)
                if save.fetched.outcome != "later":
                    self._waited_until = None
        self._changed.set()

    def drop(self, url: str) -> None:
        """Take back an address whose fetch brought nothing to save; it stays due."""
        self.in_flight.discard(url)
        self._changed.set()

    async def pages(self) -> AsyncIterator[DuePage]:
        """Yield addresses until nothing is due, nor will be within the plan's patience."""
        while not self._is_closed and self._job.now() < self._ends_at:
            self._changed.clear()
            room = IN_FLIGHT - len(self.in_flight)
            batch = await self._take(room) if room > IN_FLIGHT // 3 else []
            for page in batch:
                self.in_flight.add(page.entry.url)
                yield page
            if batch or self._changed.is_set():
                # Pages were saved while the frontier was asked: there may be more than it said.
                continue
            if self.in_flight:
                await self._changed.wait()
            elif not await self._wait_for_later():
                return

    async def _take(self, room: int) -> list[DuePage]:
        job = self._job
        if job.plan.urls:
            return [self._ready.popleft() for _ in range(min(room, len(self._ready)))]
        roles = _FOLLOWING if job.budget.is_spent else _ALL_ROLES
        # A page saved while the question is under way may still be in the answer: what counts is what was
        # in flight when it was asked.
        in_flight = set(self.in_flight)
        limit = len(in_flight) + room
        due = await asyncio.to_thread(job.agenda.due, job.now(), limit=limit, roles=roles)
        fresh = [page for page in due if page.entry.url not in in_flight]
        return [page for page in fresh[:room] if page.entry.role != "article" or job.budget.take()]

    async def _wait_for_later(self) -> bool:
        """Wait until a page that was put off is due; tell whether one will be before patience runs out."""
        job = self._job
        if job.plan.urls or job.budget.is_spent:
            return False
        if self._waited_until is not None:
            # The time that another try took in vain, as at a page that never ends, was waited for too.
            self._patience -= job.now() - self._waited_until
        due_at = await asyncio.to_thread(job.agenda.next_retry_at)
        wait = max(due_at - job.now(), _SHORT_WAIT) if due_at is not None else None
        if wait is None or wait > self._patience:
            return False
        self._patience -= wait
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), wait.total_seconds())
        self._waited_until = job.now()
        return True
