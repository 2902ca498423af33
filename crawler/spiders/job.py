"""What one host's crawl is about and how it stands; shared by the spider, the pipeline and the runner."""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from crawler.seeds import Seed
from crawler.spiders.visits import Answer, Rhythm
from crawler.store import Store
from crawler.store.agenda import Agenda
from crawler.store.views import KeptPage, PageSave, SaveReport

log = logging.getLogger(__name__)


class Manners(Protocol):
    """What the spider needs of `crawler.middlewares.Manners`."""

    def pause(self, host: str, seconds: float) -> None:
        """Leave a host alone for so long."""

    def close(self) -> None:
        """Let no request out any more."""

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that the robots.txt of an address's origin names, once it is known."""
        ...


class Keeping(Protocol):
    """What the spider needs of a vault."""

    def keep(self, answer: Answer) -> KeptPage:
        """Keep a page as it came.

        Raises:
            StoreError: It cannot be written.
        """
        ...


@dataclass
class Budget:
    """Articles that may still be fetched, over all hosts of one crawl.

    Attributes:
        left: None: no bound.
    """

    left: int | None = None

    def take(self) -> bool:
        """Take one, if there is one."""
        if self.left is None:
            return True
        if self.left <= 0:
            return False
        self.left -= 1
        return True

    def give_back(self) -> None:
        """Return one: the fetch brought no article."""
        if self.left is not None:
            self.left += 1

    @property
    def is_spent(self) -> bool:
        """Whether none is left."""
        return self.left is not None and self.left <= 0


@dataclass
class Tally:
    """What a crawl has done for one publication so far.

    Attributes:
        run: Id of the crawl run, for log lines.
    """

    run: int | None = None
    outcomes: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    articles_new: int = 0
    articles_changed: int = 0
    articles_unchanged: int = 0
    comments_new: int = 0
    n_article_pages: int = 0
    n_lists: int = 0
    n_lists_known: int | None = None
    error: str | None = None

    def count_save(self, save: PageSave, report: SaveReport) -> None:
        """Count a page that was saved; a page of comments tells nothing of how its article fared."""
        outcome, is_article = None, True
        if save.fetched is not None and save.fetched.outcome is not None:
            is_same = save.fetched.outcome == "saved" and report.change == "unchanged"
            outcome = "unchanged" if is_same else save.fetched.outcome
            is_article = save.fetched.role == "article"
            self.outcomes[outcome] += 1
            if log.isEnabledFor(logging.INFO):
                keys = {"run": self.run, "publication": save.fetched.publication, "url": save.fetched.url}
                reason = f": {save.fetched.error}" if save.fetched.error else ""
                log.info("%s%s", outcome, reason, extra=keys)
        self.comments_new += report.new_comments
        if report.change == "new":
            self.articles_new += 1
        elif report.change not in (None, "unchanged"):
            self.articles_changed += 1
        elif is_article and (outcome or report.change) == "unchanged":
            self.articles_unchanged += 1


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of the crawl to do, see `crawler.runner.CrawlLimits`.

    Attributes:
        urls: Fetch just these; empty: all that is due.
        full: Ask for every page without validators.
        patience: How long to wait for what is to be tried later.
        max_time: After so long the run ends.
    """

    urls: tuple[str, ...] = ()
    full: bool = False
    patience: timedelta = timedelta(seconds=60)
    max_time: timedelta = timedelta(hours=6)


@dataclass
class HostJob:
    """All due publications of one host, crawled together.

    Attributes:
        host: Host, with its port where the seeds name one.
        seeds: Its publications; at least one.
        now: Tells the present instant, aware UTC; never goes back.
        owner: Names the process, for the host's lease.
        vault: Keeps fetched pages; None: they are not kept.
        known_tags: Help to split glued tags.
        tallies: By slug.
        error: The store's refusal, or the bug, that ended the crawl.
        stop_reason: Why the crawl ended before nothing was due, one sentence.
        n_waiting: Addresses known to be due, as last counted.
        is_done: The host's crawl has ended.
    """

    host: str
    seeds: Sequence[Seed]
    store: Store
    manners: Manners
    now: Callable[[], datetime]
    plan: Plan
    budget: Budget
    owner: str = ""
    vault: Keeping | None = None
    known_tags: Collection[str] = ()
    tallies: dict[str, Tally] = field(default_factory=dict)
    error: BaseException | None = None
    stop_reason: str | None = None
    n_waiting: int = 0
    is_done: bool = False

    def __post_init__(self) -> None:
        self.by_slug = {seed.slug: seed for seed in self.seeds}
        self.hosts = frozenset(both_names(seed.host for seed in self.seeds))
        self.agenda = Agenda(self.store, tuple(self.by_slug), sorted(self.hosts))
        self.tallies = {seed.slug: Tally() for seed in self.seeds}
        self.platforms: dict[str, str | None] = {
            seed.slug: None if seed.platform == "auto" else seed.platform for seed in self.seeds
        }
        starts = frozenset(seed.url for seed in self.seeds)
        self.rhythms = {seed.slug: Rhythm(seed.every, starts) for seed in self.seeds}


def both_names(hosts: Iterable[str]) -> list[str]:
    """Return hosts with and without "www.": a site's pages call themselves by either.

    Example:
        >>> both_names(["www.example.org"])
        ['example.org', 'www.example.org']
    """
    bare = dict.fromkeys(host.removeprefix("www.") for host in hosts)
    return [name for host in bare for name in (host, f"www.{host}")]
