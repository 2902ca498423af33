"""One crawl: what is due is planned, each host is walked, what became of it is reported."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crawler.config import Config, find_workspace, load_config
from crawler.errors import GleaningsError, StoreError
from crawler.platforms import platform_named
from crawler.reading.robots import AGENT
from crawler.runner.drift import ALL_PAGES
from crawler.runner.leasing import new_owner, take_lease
from crawler.runner.pacing import host_delays
from crawler.runner.planning import (
    INTERRUPTED,
    HostPlan,
    list_planned,
    parse_address,
    plan_hosts,
    prepare_frontier,
)
from crawler.runner.reports import (
    NO_LIMITS,
    Clock,
    CrawlLimits,
    CrawlProgress,
    CrawlReport,
    PublicationReport,
    utc_now,
)
from crawler.seeds import Seed, load_seeds, select_seeds
from crawler.store import Store
from crawler.store.agenda import Agenda
from crawler.store.views import Lease

if TYPE_CHECKING:
    from crawler.runner.vault import Vault
    from crawler.spiders.job import HostJob, Tally

log = logging.getLogger(__name__)

SOONEST_RETRY: Final = timedelta(minutes=15)
"""A publication with pages to be tried later is due again after this, if that is before its time."""


def crawl_publications(
    slugs: Iterable[str],
    store: Store,
    *,
    config: Config,
    limits: CrawlLimits = NO_LIMITS,
    clock: Clock = utc_now,
    on_progress: Callable[[CrawlProgress], None] | None = None,
) -> CrawlReport:
    """Crawl publications of the workspace by name.

    Args:
        slugs: Their names; none: all enabled ones.
        store: Where to keep what is found.
        config: Of the workspace; its folder holds the seeds.
        limits: How much to do.
        clock: Tells the time.
        on_progress: Called a few times a second.

    Raises:
        SeedError: A seed file is wrong, or no publication has that name.
        GleaningsError: As `crawl` does.
    """
    seeds = load_seeds(config.seeds_dir)
    chosen = select_seeds(seeds, slugs)
    if not limits.dry_run:
        store.publications.sync(seeds, are_all=True)
    return crawl(chosen, store, config=config, limits=limits, clock=clock, on_progress=on_progress)


def crawl(
    seeds: Sequence[Seed],
    store: Store,
    *,
    config: Config | None = None,
    limits: CrawlLimits = NO_LIMITS,
    clock: Clock = utc_now,
    on_progress: Callable[[CrawlProgress], None] | None = None,
) -> CrawlReport:
    """Crawl publications and keep what they publish.

    Publications of one host are crawled together, several hosts at the same time. SIGINT and SIGTERM end the
    crawl in good order. Scrapy's reactor runs once in a process: for a second crawl in the same process
    take `crawl_in_process`.

    Args:
        seeds: The publications; paused ones are passed over.
        store: Where to keep what is found.
        config: Of the workspace; None: of the one around the current folder, as the command line takes it.
        limits: How much to do.
        clock: Tells the time when the crawl begins; from there it counts itself.
        on_progress: Called a few times a second.

    Returns:
        What was done; a failing publication is an entry in it, never an exception.

    Raises:
        ConfigError: A public host is to be crawled without `contact_url`, no platform has that name, or one
            of ``limits.urls`` is no web address.
        FetchError: An address of ``limits.urls`` belongs to no publication asked for.
        GleaningsError: This process has crawled before.
        StoreError: The store refuses.
    """
    if config is None:
        config = load_config(find_workspace(Path.cwd()))
    now = running_clock(clock)
    limits = replace(limits, urls=tuple(dict.fromkeys(parse_address(url) for url in limits.urls)))
    if not limits.dry_run:
        store.publications.sync(seeds)
    plans = plan_hosts(seeds, store, config=config, limits=limits, now=now())
    for seed in seeds:
        if seed.platform != "auto":
            platform_named(seed.platform)
    if limits.dry_run:
        return _report_plans(plans, store, limits=limits, now=now())
    if not plans:
        return CrawlReport()
    from crawler.runner.reactor import run_jobs

    crawling = _Crawling(store, config, limits, now, on_progress)
    with crawling:
        jobs = crawling.open(plans)
        is_interrupted = run_jobs(jobs, config=config, tick=crawling.tell) if jobs else False
        crawling.close(is_interrupted=is_interrupted)
    order = {seed.slug: position for position, seed in enumerate(seeds)}
    reports = sorted(crawling.reports, key=lambda report: order[report.publication])
    return CrawlReport(tuple(reports), is_interrupted)


def running_clock(clock: Clock, *, timer: Callable[[], float] = time.monotonic) -> Clock:
    """Return a clock that starts with the given one and then counts by itself.

    A crawl's waits are then right though the system's clock is set meanwhile, or stands still in a test.

    Args:
        clock: Tells the time once.
        timer: Seconds on a clock that never jumps.
    """
    start, origin = clock(), timer()
    return lambda: start + timedelta(seconds=timer() - origin)


@dataclass
class _Crawling:
    """The state of one crawl: leases, runs, and what is told of them."""

    store: Store
    config: Config
    limits: CrawlLimits
    now: Clock
    on_progress: Callable[[CrawlProgress], None] | None
    reports: list[PublicationReport] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.owner = new_owner()
        self.started_at = self.now()
        self._jobs: list[HostJob] = []
        self._runs: dict[str, int] = {}
        self._leases = ExitStack()

    def __enter__(self) -> None:
        self._leases.__enter__()

    def __exit__(self, *error: object) -> None:
        self._leases.close()

    def open(self, plans: Sequence[HostPlan]) -> "list[HostJob]":
        """Take the hosts that are free, and begin a run for each of their publications."""
        from crawler.middlewares import Manners
        from crawler.spiders.job import Budget, HostJob, Plan

        budget = Budget(self.limits.max_articles)
        known_tags = self.store.articles.known_tags()
        limits = self.limits
        for plan in plans:
            if not self._take(plan):
                continue
            job = HostJob(
                host=plan.host,
                seeds=plan.seeds,
                store=self.store,
                manners=Manners(AGENT, delay=self._delay_of(plan), patience=limits.patience.total_seconds()),
                now=self.now,
                plan=Plan(tuple(plan.owners), limits.full, limits.patience, limits.max_time),
                budget=budget,
                known_tags=known_tags,
                owner=self.owner,
                vault=self._vault(plan),
            )
            self._begin(plan)
            for slug, tally in job.tallies.items():
                tally.run = self._runs.get(slug)
            self._jobs.append(job)
        return self._jobs

    def _take(self, plan: HostPlan) -> bool:
        """Take a host's lease; what stands in the way becomes the report of its publications."""
        standing = take_lease(self.store, plan.host, self.owner, self.now())
        if standing is not None:
            until = standing.expires_at.strftime("%H:%M:%S UTC")
            self._refuse(
                plan, f"{plan.host} is being crawled by {standing.owner}, whose lease ends at {until}"
            )
            return False
        self._leases.callback(self._release, plan.host)
        pause = self.store.frontier.get_pause(plan.host)
        if pause is not None and pause > self.now() + self.limits.patience:
            self._refuse(plan, f"{plan.host} asked to be left alone until {pause:%Y-%m-%d %H:%M} UTC")
            return False
        return True

    def _release(self, host: str) -> None:
        try:
            self.store.frontier.release_lease(Lease(host, self.owner, self.now()))
        except StoreError as error:
            log.warning("the lease of %s could not be given back: %s", host, error)

    def _refuse(self, plan: HostPlan, error: str) -> None:
        now = self.now()
        self.reports.extend(PublicationReport(seed.slug, now, now, error=error) for seed in plan.seeds)

    def _begin(self, plan: HostPlan) -> None:
        cut = {seed.slug for seed in plan.seeds if self._was_cut(seed.slug)}
        prepare_frontier(plan, self.store, limits=self.limits, now=self.now(), cut=cut)
        if self.limits.urls:
            # A few pages tell nothing of how their publication fares, nor when it is due.
            return
        for seed in plan.seeds:
            self._runs[seed.slug] = self.store.runs.start(seed.slug, self.now())

    def _vault(self, plan: HostPlan) -> "Vault | None":
        if not self.config.crawl.keep_pages:
            return None
        from crawler.runner.vault import Vault

        vault = Vault(self.config.pages_dir, plan.host, self.store.kept)
        self._leases.callback(vault.close)
        return vault

    def _was_cut(self, slug: str) -> bool:
        last = self.store.runs.latest(slug)
        return last is not None and (last.ended_at is None or last.error == INTERRUPTED)

    def _delay_of(self, plan: HostPlan) -> Callable[[str], float]:
        asked = [seed.politeness.delay for seed in plan.seeds if seed.politeness.delay is not None]
        return host_delays(self.config.crawl, asked={plan.host: max(asked)} if asked else {})

    def tell(self) -> None:
        """Tell how far the crawl has come."""
        if self.on_progress is None:
            return
        tallies = [tally for job in self._jobs for tally in job.tallies.values()]
        self.on_progress(
            CrawlProgress(
                n_pages=sum(sum(tally.outcomes.values()) for tally in tallies),
                n_articles=sum(
                    tally.articles_new + tally.articles_changed + tally.articles_unchanged
                    for tally in tallies
                ),
                n_comments=sum(tally.comments_new for tally in tallies),
                n_waiting=sum(job.n_waiting for job in self._jobs),
                elapsed=self.now() - self.started_at,
                hosts=tuple(job.host for job in self._jobs if not job.is_done),
            )
        )

    def close(self, *, is_interrupted: bool) -> None:
        """End every run and report it."""
        for job in self._jobs:
            for seed in job.seeds:
                self._end(job, seed, is_interrupted=is_interrupted)

    def _end(self, job: "HostJob", seed: Seed, *, is_interrupted: bool) -> None:
        tally = job.tallies[seed.slug]
        error = describe_failure(job, tally, is_interrupted=is_interrupted)
        report = PublicationReport(
            publication=seed.slug,
            started_at=self.started_at,
            ended_at=self.now(),
            outcomes=dict(tally.outcomes),
            articles_new=tally.articles_new,
            articles_changed=tally.articles_changed,
            articles_unchanged=tally.articles_unchanged,
            comments_new=tally.comments_new,
            missing=dict(tally.missing),
            warnings=dict(tally.warnings),
            error=None if error == INTERRUPTED else error,
        )
        self.reports.append(report)
        if seed.slug not in self._runs:
            return
        try:
            self._finish_run(seed, report, error, tally.n_article_pages)
        except StoreError:
            # The store refused before, and the report already says so.
            if job.error is None:
                raise

    def _finish_run(
        self, seed: Seed, report: PublicationReport, error: str | None, n_article_pages: int
    ) -> None:
        # What a signal cut off goes on as soon as somebody asks what is due.
        due_at = report.ended_at + (timedelta(0) if error == INTERRUPTED else seed.every)
        retry = Agenda(self.store, [seed.slug], [seed.host]).next_retry_at()
        if retry is not None:
            due_at = min(due_at, max(retry, report.ended_at + SOONEST_RETRY))
        self.store.runs.finish(
            self._runs[seed.slug],
            report.ended_at,
            outcomes=report.outcomes,
            missing={**report.missing, ALL_PAGES: n_article_pages},
            counts={
                "articles_new": report.articles_new,
                "articles_changed": report.articles_changed,
                "comments_new": report.comments_new,
            },
            error=error,
        )
        self.store.publications.set_due(seed.slug, due_at)


def describe_failure(job: "HostJob", tally: "Tally", *, is_interrupted: bool) -> str | None:
    """Return why a publication was not crawled to its end, one sentence, or None when it was."""
    if isinstance(job.error, GleaningsError):
        return str(job.error)
    if job.error is not None:
        first = (str(job.error).splitlines() or [""])[0]
        return f"a mistake in Gleanings ended the crawl ({type(job.error).__name__}: {first[:200]})"
    if is_interrupted:
        return INTERRUPTED
    return job.stop_reason or tally.error


def _report_plans(
    plans: Sequence[HostPlan], store: Store, *, limits: CrawlLimits, now: datetime
) -> CrawlReport:
    reports = []
    for plan in plans:
        planned = list_planned(plan, store, limits=limits, now=now)
        reports += [
            PublicationReport(seed.slug, now, now, planned=tuple(planned[seed.slug])) for seed in plan.seeds
        ]
    return CrawlReport(tuple(reports))
