"""What a crawl is asked to do, and what it tells afterwards; plain values that pickle."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Tells the present instant, aware UTC."""


def utc_now() -> datetime:
    """Return the present instant; the default clock, which a child process can be handed."""
    return datetime.now(UTC)


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun.

    Example:
        >>> count_of(1, "article"), count_of(2, "article")
        ('1 article', '2 articles')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@dataclass(frozen=True, slots=True)
class CrawlLimits:
    """How much of the crawl to do.

    Attributes:
        max_articles: Stop after so many article pages over all publications; None: no bound.
        urls: Fetch just these addresses, with their comments and authors; that is no run of a publication.
        due_only: Leave out publications whose time has not come.
        full: Fetch every known article again, without asking whether it changed.
        dry_run: Tell what would be fetched; no request, no change.
        patience: How long a run waits for an address that asked to be tried later; those that want
            longer are left to a later run.
        max_time: After so long a run ends and leaves the rest to the next one.
    """

    max_articles: int | None = None
    urls: tuple[str, ...] = ()
    due_only: bool = False
    full: bool = False
    dry_run: bool = False
    patience: timedelta = timedelta(seconds=60)
    max_time: timedelta = timedelta(hours=6)


NO_LIMITS: Final = CrawlLimits()
"""All that is due of every publication asked for."""


@dataclass(frozen=True, slots=True)
class CrawlProgress:
    """How far a crawl has come.

    Attributes:
        n_pages: Fetches that have ended.
        n_articles: Article pages kept among them.
        n_comments: Comments stored for the first time.
        n_waiting: Addresses known to be due and not yet fetched; grows as list pages are read.
        elapsed: Since the crawl began.
        hosts: Hosts being crawled at this moment.
    """

    n_pages: int
    n_articles: int
    n_comments: int
    n_waiting: int
    elapsed: timedelta
    hosts: tuple[str, ...] = ()

    @property
    def pages_per_second(self) -> float:
        """The mean rate so far; 0 before the first page."""
        seconds = self.elapsed.total_seconds()
        return self.n_pages / seconds if seconds else 0.0

    @property
    def time_left(self) -> timedelta | None:
        """How long the known rest takes at that rate; None before the first page."""
        rate = self.pages_per_second
        return timedelta(seconds=self.n_waiting / rate) if rate else None


@dataclass(frozen=True, slots=True)
class PublicationReport:
    """What a crawl did for one publication.

    Attributes:
        outcomes: Outcome -> number of fetches that ended so.
        articles_new: Articles stored for the first time.
        articles_changed: Known articles whose text changed, that went, or that came back.
        articles_unchanged: Known articles found as they were.
        comments_new: Comments stored for the first time.
        missing: Field -> number of article pages on which it was None.
        warnings: Sentences of the readers -> how often each was said.
        error: Why the publication could not be crawled or not to its end, one sentence; None when it could.
        planned: What a dry run would fetch first, in order.
    """

    publication: str
    started_at: datetime
    ended_at: datetime
    outcomes: Mapping[str, int] = field(default_factory=dict)
    articles_new: int = 0
    articles_changed: int = 0
    articles_unchanged: int = 0
    comments_new: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)
    warnings: Mapping[str, int] = field(default_factory=dict)
    error: str | None = None
    planned: tuple[str, ...] = ()

    @property
    def n_pages(self) -> int:
        """Fetches that ended, in whatever way."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What a crawl did.

    Attributes:
        publications: One report for each that was asked for and due, in the order of the seeds.
        is_interrupted: A signal ended it before it was done; the next crawl goes on from there.
    """

    publications: tuple[PublicationReport, ...] = ()
    is_interrupted: bool = False

    @property
    def outcomes(self) -> dict[str, int]:
        """Outcome -> number of fetches, over all publications."""
        total: Counter[str] = Counter()
        for each in self.publications:
            total.update(each.outcomes)
        return dict(total)

    @property
    def missing(self) -> dict[str, int]:
        """Field -> number of article pages on which it was None, over all publications."""
        total: Counter[str] = Counter()
        for each in self.publications:
            total.update(each.missing)
        return dict(total)

    @property
    def articles_new(self) -> int:
        """Articles stored for the first time, over all publications."""
        return sum(each.articles_new for each in self.publications)

    @property
    def articles_changed(self) -> int:
        """Known articles that changed, over all publications."""
        return sum(each.articles_changed for each in self.publications)

    @property
    def articles_unchanged(self) -> int:
        """Known articles found as they were, over all publications."""
        return sum(each.articles_unchanged for each in self.publications)

    @property
    def comments_new(self) -> int:
        """Comments stored for the first time, over all publications."""
        return sum(each.comments_new for each in self.publications)

    @property
    def failures(self) -> tuple[PublicationReport, ...]:
        """The publications that could not be crawled, or not to their end."""
        return tuple(each for each in self.publications if each.error is not None)

    @property
    def exit_code(self) -> int:
        """0 when all went well or nothing was due, 1 when every publication failed, 3 when some did."""
        if not self.failures:
            return 3 if self.is_interrupted else 0
        has_gain = any(each.outcomes.get("saved") or each.error is None for each in self.publications)
        return 3 if has_gain else 1
