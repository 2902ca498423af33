"""What is due now: a pure choice among publications and digests."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from crawler.seeds import Seed
from crawler.store.views import PublicationView
from plugin.digests import Digest, is_due

JobKind = Literal["crawl", "digest"]

FIRST_RETRY = timedelta(minutes=5)
"""Wait after a job's first failure; it doubles with each further one."""

LONGEST_RETRY = timedelta(hours=6)
"""Longest wait after failures, however many."""


DIGEST_PATIENCE = timedelta(hours=1)
"""Longest wait of a due digest for the crawls that run beside it."""


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do in a process of its own.

    Attributes:
        kind: "crawl" for all due publications of a host, "digest" for the next issue of a digest.
        name: The host, or the digest's slug.
        publications: Slugs of the publications to crawl, in the order of the seeds; none for a digest.
    """

    kind: JobKind
    name: str
    publications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """How often a job has failed in a row, and when it may be tried again."""

    count: int
    not_before: datetime


def list_due_jobs(
    seeds: Sequence[Seed],
    kept: Mapping[str, PublicationView],
    digests: Sequence[Digest],
    last_cuts: Mapping[str, datetime | None],
    *,
    unpublished: Collection[str] = (),
    now: datetime,
) -> list[Job]:
    """Return what is due, crawls first, each host and each digest once.

    Args:
        seeds: The publications of the workspace.
        kept: Slug -> what the store knows of it; absent ones were never crawled and are due at once.
        digests: The digests of the workspace.
        last_cuts: Slug -> when an issue was last made or tried.
        unpublished: Slugs of digests whose newest issue did not reach every outlet.
        now: Aware UTC.
    """
    hosts: dict[str, list[str]] = {}
    for seed in seeds:
        view = kept.get(seed.slug)
        is_waiting = view is not None and (
            view.paused or (view.next_due_at is not None and view.next_due_at > now)
        )
        if seed.enabled and not is_waiting:
            hosts.setdefault(seed.host, []).append(seed.slug)
    crawls = [Job("crawl", host, tuple(slugs)) for host, slugs in hosts.items()]
    due = [
        digest.slug
        for digest in digests
        if digest.slug in unpublished or is_due(digest, last_cuts.get(digest.slug), now)
    ]
    return crawls + [Job("digest", slug) for slug in due]


def choose_jobs(
    due: Sequence[Job],
    *,
    running: Collection[Job],
    failures: Mapping[tuple[JobKind, str], Failure],
    max_crawls: int,
    waiting_since: Mapping[str, datetime] = MappingProxyType({}),
    now: datetime,
) -> list[Job]:
    """Return the due jobs to start now.

    A host or digest that is being worked on is left out, so is one whose last failure is too fresh; no more
    crawls run at once than allowed. A digest waits for the crawls that are due with it, so that the issue
    holds what they find, but not for ever.

    Args:
        due: From `list_due_jobs`.
        running: What is being done.
        failures: (kind, name) -> its failures; absent when the last try went well.
        max_crawls: Most crawls at once; >= 1.
        waiting_since: Digest -> when it was first found due.
        now: Aware UTC.
    """
    busy = {(job.kind, job.name) for job in running}
    ready = [
        job
        for job in due
        if (job.kind, job.name) not in busy and not _is_too_fresh(failures.get((job.kind, job.name)), now)
    ]
    crawls = [job for job in ready if job.kind == "crawl"]
    n_running = sum(job.kind == "crawl" for job in running)
    # A crawl that crashed is soon tried again; what it will find belongs into the issue as well.
    starts = [now] * bool(crawls or n_running) + [
        failures[job.kind, job.name].not_before
        for job in due
        if job.kind == "crawl" and (job.kind, job.name) in failures
    ]
    next_at = min(starts, default=None)
    digests = [
        job
        for job in ready
        if job.kind == "digest"
        and (next_at is None or max(now, next_at) - waiting_since.get(job.name, now) >= DIGEST_PATIENCE)
    ]
    return crawls[: max(0, max_crawls - n_running)] + digests


def _is_too_fresh(failure: Failure | None, now: datetime) -> bool:
    return failure is not None and failure.not_before > now


def note_failure(last: Failure | None, now: datetime) -> Failure:
    """Return a job's failures after one more.

    Example:
        >>> from datetime import UTC
        >>> noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
        >>> note_failure(note_failure(None, noon), noon).not_before.isoformat()
        '2026-11-23T12:10:00+00:00'
    """
    count = 1 if last is None else last.count + 1
    wait = min(FIRST_RETRY * 2 ** min(count - 1, 16), LONGEST_RETRY)
    return Failure(count, now + wait)
