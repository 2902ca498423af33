"""The scheduler: does what is due, each crawl and each issue in a process of its own."""

import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from crawler.config import Config, load_config
from crawler.errors import GleaningsError
from crawler.runner import CrawlLimits, crawl_publications, utc_now
from crawler.runner.processes import end_with_parent
from crawler.seeds import load_seeds
from plugin.archive import Archive, open_library
from plugin.archive.beats import BEAT, save_beat
from plugin.digests import Digest, find_digest, is_due, load_digests
from plugin.errors import NothingToPublish
from plugin.issues import Beat, Issue
from plugin.operations.agenda import Failure, Job, JobKind, choose_jobs, list_due_jobs, note_failure
from plugin.operations.metrics import RunMetrics
from plugin.publishing import is_published, make_issue, publish_issue
from plugin.server.metrics import serve_metrics

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

TICK = timedelta(seconds=15)
"""Between two looks at what is due."""

GRACE = timedelta(seconds=25)
"""How long children may take to end after a signal; then they are killed, and the next run goes on."""


@dataclass(frozen=True, slots=True)
class ScheduleOptions:
    """How the scheduler works.

    Attributes:
        max_crawls: Hosts crawled at once; >= 1.
        is_once: Do what is due now, wait for it, and end.
        metrics_port: Where Prometheus finds the run tables' figures, on loopback; None: nowhere.
        start_logging: Called in each child, which inherits no handlers; must pickle.
    """

    max_crawls: int = 2
    is_once: bool = False
    metrics_port: int | None = None
    start_logging: Callable[[], None] = logging.basicConfig


@dataclass
class Scheduler:
    """Does what is due until it is told to stop.

    Children are separate processes: one that crashes is noted and tried again later, with longer and longer
    waits; the others never notice. What was missed during sleep is caught up on once.

    Args:
        config: Settings of the workspace; seeds and digests are read again at each look.
        options: How it works.
        say: Takes one line about what happened.
        clock: Tells the time.
    """

    config: Config
    options: ScheduleOptions = ScheduleOptions()
    say: Callable[[str], None] = print
    clock: Clock = utc_now
    _running: dict[Job, BaseProcess] = field(default_factory=dict, init=False)
    _failures: dict[tuple[JobKind, str], Failure] = field(default_factory=dict, init=False)
    _waiting_since: dict[str, datetime] = field(default_factory=dict, init=False)
    _stop: threading.Event = field(default_factory=threading.Event, init=False)
    _n_failed: int = field(default=0, init=False)
    _n_done: int = field(default=0, init=False)
    _is_cut_off: bool = field(default=False, init=False)

    def run(self) -> int:
        """Work until a signal, or with ``is_once`` until all that was due is done.

        Returns:
            The exit code: 0; with ``is_once`` 1 when every job failed, 3 when some did or a signal came
            before the end.

        Raises:
            ConfigError: Seeds or digests are wrong at the start; later they are only complained about.
            StoreError: The library can't be opened.
        """
        self._started_at = self.clock()
        self._beat_at: datetime | None = None
        with (
            open_library(self.config.database_url) as archive,
            serve_metrics(RunMetrics(self.config.database_url), "127.0.0.1", self.options.metrics_port),
            self._listening(),
        ):
            jobs = self._look(archive)
            try:
                self._loop(archive, jobs)
            finally:
                self._end_children()
            # Not after a crash: then the sign of life stays open, and `gleanings status` raises its alarm.
            self._beat(archive, is_last=True)
        if not self.options.is_once:
            return 0
        if self._is_cut_off:
            self.say("Interrupted: the next run goes on from there.")
            return 3
        if not self._n_failed:
            return 0
        return 3 if self._n_done else 1

    def stop(self) -> None:
        """Ask the scheduler to end in good order."""
        self._stop.set()

    def _loop(self, archive: Archive, jobs: list[Job]) -> None:
        waiting = list(jobs)
        while not self._stop.is_set():
            self._beat(archive)
            self._reap()
            started = self._start(waiting)
            if self.options.is_once:
                waiting = [job for job in waiting if job not in started]
                if not waiting and not self._running:
                    return
            self._wait()
            if not self.options.is_once:
                waiting = self._look_again(archive)
        self._reap()
        self._is_cut_off = bool(self._running or waiting)

    def _look(self, archive: Archive) -> list[Job]:
        seeds = load_seeds(self.config.seeds_dir)
        archive.store.publications.sync(seeds, are_all=True)
        digests = load_digests(self.config.seeds_dir / "digests")
        kept = {view.slug: view for view in archive.store.publications.list()}
        cuts = {digest.slug: archive.last_cut_at(digest.slug) for digest in digests}
        unpublished = [each.slug for each in digests if _unpublished_issue(archive, each, self.config)]
        return list_due_jobs(seeds, kept, digests, cuts, unpublished=unpublished, now=self.clock())

    def _look_again(self, archive: Archive) -> list[Job]:
        """Look, but let a file that is being edited, or a busy database, stop nothing."""
        try:
            return self._look(archive)
        except GleaningsError as error:
            self.say(f"Cannot tell what is due: {error}")
            return []

    def _start(self, due: list[Job]) -> list[Job]:
        now = self.clock()
        digests = {job.name for job in due if job.kind == "digest"}
        self._waiting_since = {name: self._waiting_since.get(name, now) for name in digests}
        chosen = choose_jobs(
            due,
            running=list(self._running),
            failures=self._failures,
            max_crawls=self.options.max_crawls,
            waiting_since=self._waiting_since,
            now=now,
        )
        context = multiprocessing.get_context("spawn")
        for job in chosen:
            child = context.Process(
                target=_do_job,
                args=(
                    job,
                    self.config.workspace.absolute(),
                    self.config.database_url,
                    self.options.start_logging,
                ),
                name=f"gleanings-{job.kind}",
            )
            child.start()
            self._running[job] = child
            self.say(f"{_describe(job)}: started")
        return chosen

    def _reap(self) -> None:
        """Take note of the children that have ended."""
        for job, child in list(self._running.items()):
            if child.is_alive():
                continue
            child.join()
            code = child.exitcode
            child.close()
            del self._running[job]
            key = (job.kind, job.name)
            # What a crawl left undone is due in its time; an issue that reached one outlet only is due now.
            if code == 0 or (code == 3 and job.kind == "crawl"):
                self._n_done += 1
                self._n_failed += code == 3
                self._failures.pop(key, None)
                self.say(f"{_describe(job)}: {'done' if code == 0 else 'partly done'}")
                continue
            self._n_failed += 1
            self._failures[key] = failure = note_failure(self._failures.get(key), self.clock())
            how = f"killed by signal {-code}" if code is not None and code < 0 else f"exit code {code}"
            again = "" if self.options.is_once else f", tried again after {failure.not_before:%H:%M} UTC"
            self.say(f"{_describe(job)}: failed ({how}){again}")

    def _wait(self) -> None:
        """Wait for a child's end, for the next look, or for a signal."""
        from multiprocessing.connection import wait

        sentinels = [child.sentinel for child in self._running.values()]
        if not sentinels:
            self._stop.wait(TICK.total_seconds())
            return
        # A signal does not end this wait; so it is cut in pieces that nobody minds waiting for.
        for _ in range(int(TICK.total_seconds() * 2)):
            if self._stop.is_set() or wait(sentinels, timeout=0.5):
                return

    def _end_children(self) -> None:
        for child in self._running.values():
            if child.is_alive():
                child.terminate()
        deadline = utc_now() + GRACE
        for job, child in self._running.items():
            child.join(max(0.0, (deadline - utc_now()).total_seconds()))
            if child.is_alive():
                self.say(f"{_describe(job)}: did not end in time and was killed")
                child.kill()
                child.join()
            child.close()
        self._running.clear()

    def _beat(self, archive: Archive, *, is_last: bool = False) -> None:
        now = self.clock()
        if not is_last and self._beat_at is not None and timedelta(0) <= now - self._beat_at < BEAT:
            return
        owner = f"{socket.gethostname()}/{os.getpid()}"
        stopped_at = now if is_last else None
        try:
            beat = Beat(owner=owner, started_at=self._started_at, beat_at=now, stopped_at=stopped_at)
            save_beat(archive.store, beat)
            self._beat_at = now
        except GleaningsError as error:
            self.say(f"Cannot leave a sign of life: {error}")

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM while the block runs."""
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, lambda *_: self._stop.set()) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _unpublished_issue(archive: Archive, digest: Digest, config: Config) -> Issue | None:
    """Return a digest's newest issue when it did not reach every outlet, by whatever failure or kill."""
    latest = archive.latest_issue(digest.slug)
    if latest is None or is_published(archive, digest, latest, config=config):
        return None
    return latest


def _describe(job: Job) -> str:
    return f"crawl {job.name}" if job.kind == "crawl" else f"digest {job.name}"


def _do_job(job: Job, workspace: Path, database_url: str, start_logging: Callable[[], None]) -> None:
    """Do one job and end the process with its exit code; the main function of a child."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    start_logging()
    try:
        config = load_config(workspace, options={"database": database_url})
        code = _crawl(job, config) if job.kind == "crawl" else _make(job, config)
    except GleaningsError as error:
        log.error("%s: %s", _describe(job), error)
        code = error.exit_code
    sys.exit(code)


def _crawl(job: Job, config: Config) -> int:
    with open_library(config.database_url) as archive:
        report = crawl_publications(
            job.publications, archive.store, config=config, limits=CrawlLimits(due_only=True), clock=utc_now
        )
    for each in report.failures:
        log.error("%s: %s", each.publication, each.error, extra={"publication": each.publication})
    return report.exit_code


def _make_due_issue(archive: Archive, digest: Digest, config: Config) -> Issue | None:
    """Make a digest's next issue; None: it is not due, or nothing is new."""
    now = utc_now()
    if not is_due(digest, archive.last_cut_at(digest.slug), now):
        return None
    archive.store.publications.sync(load_seeds(config.seeds_dir), are_all=True)
    try:
        return make_issue(archive, digest, now=now, clock=utc_now)
    except NothingToPublish:
        return None


def _make(job: Job, config: Config) -> int:
    digest = find_digest(load_digests(config.seeds_dir / "digests"), job.name)
    with open_library(config.database_url) as archive:
        # A place that can't be reached keeps no issue from being made; the next one brings it along.
        issue = _make_due_issue(archive, digest, config) or _unpublished_issue(archive, digest, config)
        if issue is None or is_published(archive, digest, issue, config=config):
            return 0
        report = publish_issue(archive, digest, issue, config=config, now=utc_now())
    for failure in report.failures:
        log.error("digest %s: %s", job.name, failure)
    return report.exit_code
