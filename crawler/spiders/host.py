"""The spider: walks what is due of the publications of one host."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, Self
from urllib.parse import urlsplit

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, UnsupportedURLSchemeError
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler.errors import FetchError, GleaningsError, PageError, PageLayoutChanged, StoreError
from crawler.platforms import read_page
from crawler.platforms.base import Page
from crawler.spiders.job import HostJob
from crawler.spiders.keeping import (
    MAX_LINKS,
    Visit,
    is_in_scope,
    is_sent_up,
    judge_page,
    keep_ending,
    keep_page,
)
from crawler.spiders.queue import FrontierQueue
from crawler.spiders.visits import Answer, Ending, conditions, decide_by_status, seen_at
from crawler.spiders.walking import NO_WALK, Ground, KnownArticle, Walk, decide_next_page, find_changed
from crawler.store.agenda import DuePage
from crawler.store.revisit import LONGEST_RETRY_AFTER
from crawler.store.views import FAILED, FrontierEntry, PageSave, SaveReport

log = logging.getLogger(__name__)

PATIENCE_WITH_HOST: Final = 10
"""After so many fetches in a row that ended "later" the host is left alone: it is down, or tired of us."""

_KEPT: Final = frozenset(("saved", "layout_changed"))
"""Outcomes whose pages go into the vault: what was read, and what a later reader may be able to read."""

MAX_SITEMAPS: Final = 20
"""Sitemaps of a robots.txt that are looked at."""

_LISTING: Final = frozenset(("list", "feed", "sitemap"))
_OVERLOADED: Final = frozenset((0, 429, 503))
"""Statuses whose `Retry-After` is for the whole host; 0 is a fetch that its robots.txt put off."""


class HostSpider(Spider):
    """Walks the due publications of one host.

    It takes addresses from the frontier, has each page read, and yields for each fetch one tuple of
    `PageSave`: all that the fetch changes.

    Args:
        job: What to crawl.
    """

    name = "host"

    def __init__(self, job: HostJob) -> None:
        super().__init__()
        self.job = job
        self.store = job.store
        self.manners = job.manners
        self.queue = FrontierQueue(job)
        self._is_ending = False
        self._n_later = 0
        self._put_off: set[str] = set()
        self._asked: set[str] = set()
        self._notes: set[asyncio.Future[None]] = set()

    async def start(self) -> AsyncIterator[Request]:
        """Yield requests for what is due, until nothing is."""
        # Scrapy's middleware for it would be one more layer for every page.
        self.timeout = self.settings.getint("DOWNLOAD_TIMEOUT")
        if self.job.plan.urls:
            entries = await asyncio.to_thread(self.store.frontier.get, self.job.plan.urls)
            self._asked.update(entries)
            self.queue.put(entries.values())
        alarm = asyncio.get_running_loop().call_later(self.job.plan.max_time.total_seconds(), self.run_out)
        try:
            async for page in self.queue.pages():
                yield self._request(page)
        finally:
            alarm.cancel()

    def stop(self, reason: str) -> None:
        """Ask for no page any more; those under way are still saved."""
        self.job.stop_reason = self.job.stop_reason or reason
        self._end()

    def run_out(self) -> None:
        """Leave to the next run what still waits for its turn: this one has taken its time."""
        if not any(tally.outcomes for tally in self.job.tallies.values()):
            self.stop(f"{self.job.host} wants longer waits between two requests than a crawl lasts")
        self._end()

    def _end(self) -> None:
        self._is_ending = True
        self.queue.close()
        self.manners.close()

    def keep_count(self, saves: Sequence[PageSave], reports: Sequence[SaveReport]) -> None:
        """Take note of what was saved; called by the item pipeline."""
        for save, report in zip(saves, reports, strict=True):
            if save.fetched is not None:
                self.job.tallies[save.fetched.publication].count_save(save, report)
                note_failure(self.job, save.fetched, self._asked)
            if self.job.plan.urls:
                found = (*save.discovered, *save.requeued)
                self.queue.put(entry for entry in found if entry.role in ("comments", "author"))
        self.queue.settle(saves)

    def give_up(self, error: BaseException) -> None:
        """End the crawl since nothing can be saved any more; called by the item pipeline."""
        self.job.error = error
        self.stop("the store refused")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401 - Scrapy's interface
        """Make one that ends the crawl at a bug, instead of waiting for a page that never comes."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.give_up_at_bug, signal=signals.spider_error)
        return spider

    def give_up_at_bug(self, failure: Failure) -> None:
        """End the crawl: one of our own callbacks raised."""
        self.give_up(failure.value or RuntimeError("a callback failed"))

    def _request(self, page: DuePage) -> Request:
        entry = page.entry
        is_known = entry.fetched_at is not None and not self.job.plan.full
        return Request(
            entry.url,
            headers=conditions(entry) if is_known else None,
            callback=self.parse_list if entry.role in _LISTING else self.parse,
            errback=self.fail,
            meta={"due": page, "download_timeout": self.timeout},
            dont_filter=True,
        )

    def parse(self, response: Response, **_: Any) -> list[tuple[PageSave, ...]]:  # noqa: ANN401 - Scrapy's interface
        """Read a story, a further page of comments, or an author's page."""
        visit = self._visit(response)
        page, ending = self._read(visit)
        return [self._keep(visit, page, ending)]

    async def parse_list(self, response: Response) -> AsyncIterator[tuple[PageSave, ...]]:
        """Read a list page, feed or sitemap, and decide whether to walk on."""
        visit = self._visit(response)
        page, ending = self._read(visit)
        walk = NO_WALK
        if page is not None and ending.outcome == "saved" and not self.job.plan.urls:
            try:
                walk = await self._decide_walk(visit, page)
            except StoreError as error:
                self.give_up(error)
                self.queue.drop(visit.answer.entry.url)
                return
        yield self._keep(visit, page, ending, walk)

    def fail(self, failure: Failure) -> Iterator[tuple[PageSave, ...]]:
        """Give a fetch that brought no answer its outcome."""
        request: Request = failure.request  # type: ignore[attr-defined]
        due: DuePage = request.meta["due"]
        entry = due.entry
        if self._is_ending and isinstance(failure.value, IgnoreRequest):
            self.queue.drop(entry.url)
            return
        answer = Answer(
            entry=entry, url=request.url, status=0, headers={}, body=b"", received_at=self.job.now()
        )
        yield self._keep(
            self._visit_of(answer, due), None, decide_by_error(failure.value or ValueError("no reason given"))
        )

    def _visit(self, response: Response) -> Visit:
        request = response.request
        if request is None:
            raise ValueError(f"a response without its request: {response.url}")
        due: DuePage = request.meta["due"]
        statuses = request.meta.get("redirect_reasons", ())
        headers = {
            name.decode("latin-1").lower(): b", ".join(_in_order(name, values)).decode("latin-1")
            for name, values in response.headers.items()
        }
        answer = Answer(
            entry=due.entry,
            url=response.url,
            status=response.status,
            headers=headers,
            body=response.body,
            received_at=self.job.now(),
            via=tuple(zip(statuses, request.meta.get("redirect_urls", ()), strict=True)),
        )
        return self._visit_of(answer, due)

    def _visit_of(self, answer: Answer, due: DuePage) -> Visit:
        slug = answer.entry.publication
        job = self.job
        return Visit(
            answer=answer,
            seed=job.by_slug[slug],
            rhythm=job.rhythms[slug],
            hosts=job.hosts,
            known_comment_count=due.comment_count,
            known_comment_pages=due.comment_pages,
        )

    def _read(self, visit: Visit) -> tuple[Page | None, Ending]:
        """Read the page of a fetch, whatever it holds."""
        answer = visit.answer
        ending = decide_by_status(answer.status, answer.headers, now=answer.received_at)
        if ending is not None and ending.outcome == "unchanged" and not conditions(answer.entry):
            return None, Ending("broken", "the server answered 304 to a request without conditions")
        if ending is not None:
            return None, ending
        slug = visit.seed.slug
        try:
            page = read_page(
                answer.body,
                answer.url,
                seen_at=seen_at(answer.headers, received_at=answer.received_at),
                headers=answer.headers,
                platform=self.job.platforms[slug],
                known_tags=self.job.known_tags,
            )
        except PageLayoutChanged as error:
            return None, Ending("layout_changed", error.message)
        except PageError as error:
            return None, Ending("login_wall" if error.kind == "login_wall" else "broken", error.message)
        except GleaningsError as error:
            return None, Ending("broken", str(error))
        except Exception as error:
            log.warning("page could not be read: %s", answer.url, exc_info=True)
            return None, Ending("broken", f"{type(error).__name__}: {error}"[:500])
        self._learn(slug, page)
        return page, judge_page(page, answer.entry.role, is_sent_up=is_sent_up(answer))

    def _learn(self, slug: str, page: Page) -> None:
        """Take note of what a page says beyond its records."""
        tally = self.job.tallies[slug]
        if self.job.platforms[slug] is None and page.platform != "generic" and page.kind == "list":
            self.job.platforms[slug] = page.platform
        if page.article is not None:
            tally.n_article_pages += 1
            tally.missing.update(page.missing.keys())
            for name in page.missing:
                self._count(f"page/missing/{name}/{page.platform}")
        for warning in page.warnings:
            if warning in tally.warnings or len(tally.warnings) < 100:
                tally.warnings[warning] += 1

    def _count(self, key: str) -> None:
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value(key)

    async def _decide_walk(self, visit: Visit, page: Page) -> Walk:
        """Compare a list with what is known, and decide where to go from it."""
        tally = self.job.tallies[visit.seed.slug]
        tally.n_lists += 1
        following = page.links.next_page
        if following is not None and not is_in_scope(following, self.job.hosts):
            page = replace(page, links=replace(page.links, next_page=None))
        addresses = {*page.links.articles[:MAX_LINKS], *([following] if following else [])}
        known = await asyncio.to_thread(self.store.frontier.get, addresses)
        articles = await asyncio.to_thread(self._known_articles, known)
        changed = find_changed(page.cards[:MAX_LINKS], articles=articles, known=known)
        n_walked = tally.n_lists_known
        if n_walked is None:
            n_walked = await asyncio.to_thread(self.job.agenda.count_pages, visit.seed.slug, "list")
        ground = Ground(known, n_walked, tally.n_lists, visit.seed.max_pages)
        chosen = decide_next_page(page, ground)
        tally.n_lists_known = n_walked + (chosen is not None and chosen not in known)
        return Walk(chosen, tuple(changed), self._hints(visit))

    def _hints(self, visit: Visit) -> tuple[str, ...]:
        """Return the sitemaps worth a look: those of a whole site that is crawled from its start page."""
        if visit.answer.entry.url != visit.seed.url or urlsplit(visit.seed.url).path not in ("", "/"):
            return ()
        named = self.manners.sitemaps(visit.answer.url)
        return tuple(url for url in named[:MAX_SITEMAPS] if is_in_scope(url, self.job.hosts))

    def _known_articles(self, known: Mapping[str, FrontierEntry]) -> dict[str, KnownArticle]:
        """Return what the store has of the articles behind frontier entries, by address."""
        ids = {entry.article_id: url for url, entry in known.items() if entry.article_id is not None}
        summaries = self.store.articles.get_summaries(list(ids))
        return {
            ids[article_id]: KnownArticle(summary.headline, summary.comment_count)
            for article_id, summary in summaries.items()
        }

    def _keep(
        self, visit: Visit, page: Page | None, ending: Ending, walk: Walk = NO_WALK
    ) -> tuple[PageSave, ...]:
        """Return what to save of a fetch, with its page in the vault where pages are kept."""
        self._mind_host(visit.answer, ending)
        saves = self._saves(visit, page, ending, walk)
        if self.job.vault is None or ending.outcome not in _KEPT or not visit.answer.body:
            return saves
        try:
            return (*saves[:-1], replace(saves[-1], kept=self.job.vault.keep(visit.answer)))
        except StoreError as error:
            self.give_up(error)
            return saves

    def _saves(self, visit: Visit, page: Page | None, ending: Ending, walk: Walk) -> tuple[PageSave, ...]:
        if page is None or ending.outcome != "saved":
            if visit.answer.entry.role == "article":
                self.job.budget.give_back()
            return keep_ending(visit, ending)
        try:
            return keep_page(visit, page, ending, walk)
        except ValueError as error:
            # A date or address that the reader let through and a record or entry refuses.
            return keep_ending(visit, Ending("broken", f"{type(error).__name__}: {error}"[:500]))

    def _mind_host(self, answer: Answer, ending: Ending) -> None:
        """Leave the host alone for a while when it asked for it, and for this run when it only fails."""
        if ending.outcome != "later":
            self._n_later = 0
            return
        if answer.status in _OVERLOADED and ending.retry_after is not None:
            self._pause(urlsplit(answer.url).netloc, answer, ending.retry_after)
        # What fails once more says nothing new of its host, nor does what redirects to another one.
        self._n_later += is_in_scope(answer.url, self.job.hosts) and answer.entry.url not in self._put_off
        self._put_off.add(answer.entry.url)
        if self._n_later >= PATIENCE_WITH_HOST:
            self.stop(f"{self.job.host} did not answer {self._n_later} times in a row ({ending.error})")

    def _pause(self, host: str, answer: Answer, wait: timedelta) -> None:
        """Leave a host alone as it asked, in this process and in those to come."""
        until = answer.received_at + min(wait, LONGEST_RETRY_AFTER)
        whose = answer.url if answer.status else "robots.txt"
        reason = f"{whose} was answered with Retry-After"
        note = asyncio.ensure_future(asyncio.to_thread(self.store.frontier.set_pause, host, until, reason))
        self._notes.add(note)
        note.add_done_callback(self._notes.discard)
        self.manners.pause(host, wait.total_seconds())
        if wait > self.job.plan.patience and host.lower() in self.job.hosts:
            self.stop(f"{host} asked to be left alone until {until:%Y-%m-%d %H:%M} UTC")


def note_failure(job: HostJob, entry: FrontierEntry, asked: Collection[str]) -> None:
    """Note that a page asked for by its address failed; or that a start page did, or not after all."""
    tally = job.tallies[entry.publication]
    has_failed = entry.outcome in FAILED
    why = f" ({entry.error})" if entry.error else ""
    if entry.url in asked:
        # That a known article is gone is an answer.
        if has_failed or (entry.outcome == "gone" and entry.article_id is None):
            tally.error = f"the page ended as {entry.outcome}{why}: {entry.url}"
    elif entry.url == job.by_slug[entry.publication].url:
        said = f"its start page ended as {entry.outcome}{why}: {entry.url}"
        tally.error = said if has_failed or entry.outcome == "gone" else None


def _in_order(name: bytes, values: Sequence[bytes]) -> Sequence[bytes]:
    """Put what a repeated `X-Robots-Tag` tells all robots before what it tells a named one.

    In one line an agent's name holds for all that follows it.
    """
    return sorted(values, key=lambda value: b":" in value) if name.lower() == b"x-robots-tag" else values


def decide_by_error(error: BaseException) -> Ending:
    """Give an exception of the downloader its outcome.

    Args:
        error: As it reached the spider.

    Example:
        >>> decide_by_error(IgnoreRequest("max redirections reached"))
        Ending(outcome='broken', error='it redirects again and again', retry_after=None)
    """
    if isinstance(error, FetchError):
        return Ending(error.outcome, error.message, error.retry_after)  # type: ignore[arg-type]
    if isinstance(error, UnsupportedURLSchemeError):
        return Ending("refused_address", str(error))
    if isinstance(error, IgnoreRequest):
        return Ending("broken", "it redirects again and again" if "redirect" in str(error) else str(error))
    return Ending("broken", f"{type(error).__name__}: {error}"[:500])
