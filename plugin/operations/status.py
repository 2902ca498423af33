"""How the whole fares: each publication, each digest, and the scheduler that should look after them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from crawler.config import Config
from crawler.errors import ConfigError
from crawler.runner.drift import enough_runs, find_drift
from crawler.runner.leasing import is_dead
from crawler.runner.planning import INTERRUPTED, check_contact
from crawler.runner.reports import count_of
from crawler.seeds import Seed, load_seeds
from crawler.store.views import PublicationView, RunView
from plugin.archive import Archive
from plugin.archive.beats import BEAT, last_beat
from plugin.digests import Digest, next_due_at
from plugin.issues import Beat
from plugin.publishing import failed_pushes

SILENCE = 3 * BEAT
"""A scheduler that has given no sign of life for longer is presumed dead."""

OVERDUE_SHARE = 2.0
"""A publication is overdue when it has not been crawled well for this many of its periods."""


N_RUNS = 30
"""Runs of a publication that are looked back on."""


@dataclass(frozen=True, slots=True)
class PublicationStatus:
    """How one publication fares.

    Attributes:
        state: "new" (never crawled), "crawling" (now), "fine", "failing", "overdue", "interrupted" (by a
            signal, by whatever ended its process, or by a loss of power: it goes on at its next crawl),
            "paused" or "disabled".
        outcomes: Of its last run: outcome -> fetches.
        error: Why its last run failed, one sentence.
        drift: Fields that its pages lack more often than they used to, one sentence each.
    """

    slug: str
    state: str
    articles: int
    last_good_run_at: datetime | None
    next_due_at: datetime | None
    outcomes: dict[str, int]
    error: str | None
    drift: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestStatus:
    """How one digest fares; ``next_due_at`` is None before its first issue was tried: it is due now."""

    slug: str
    issues: int
    last_cut_at: datetime | None
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """How the workspace fares.

    Attributes:
        scheduler: The scheduler's last sign of life; None when it never ran.
        alarms: One sentence for each thing that somebody should look at.
    """

    publications: tuple[PublicationStatus, ...]
    digests: tuple[DigestStatus, ...]
    scheduler: Beat | None
    alarms: tuple[str, ...]


def read_status(archive: Archive, config: Config, digests: Sequence[Digest], *, now: datetime) -> Status:
    """Look at everything that can go silent.

    Args:
        archive: The library.
        config: Of the workspace; its folder holds the seeds.
        digests: Of the workspace.
        now: Aware UTC.

    Raises:
        SeedError: A seed file is wrong.
    """
    kept = {view.slug: view for view in archive.store.publications.list()}
    seeds = load_seeds(config.seeds_dir)
    runs = {seed.slug: archive.store.runs.list(seed.slug, limit=N_RUNS) for seed in seeds}
    leased = {host for host in {seed.host for seed in seeds} if is_leased(archive, host, now)}
    publications = tuple(
        replace(
            judge_publication(
                seed,
                kept.get(seed.slug),
                next(iter(runs[seed.slug]), None),
                is_leased=seed.host in leased,
                now=now,
            ),
            drift=_drift_of(seed, seeds, runs),
        )
        for seed in seeds
    )
    beat = last_beat(archive.store)
    crawled = [seed for seed in seeds if seed.enabled and not (seed.slug in kept and kept[seed.slug].paused)]
    alarms = (
        *_scheduler_alarms(beat, now),
        *_contact_alarms(crawled, config),
        *(alarm for each in publications for alarm in _alarms(each)),
        *(alarm for each in digests for alarm in _push_alarms(archive, each, config)),
    )
    return Status(publications, tuple(_read_digest(archive, each) for each in digests), beat, alarms)


def is_leased(archive: Archive, host: str, now: datetime) -> bool:
    """Tell whether a process that lives, as far as can be told from here, crawls a host."""
    lease = archive.store.frontier.get_lease(host)
    return lease is not None and lease.expires_at > now and not is_dead(lease.owner)


def _drift_of(seed: Seed, seeds: Sequence[Seed], runs: Mapping[str, Sequence[RunView]]) -> tuple[str, ...]:
    """Hold a publication's last runs against its earlier ones, or those of its platform while it has few."""
    latest = enough_runs(runs[seed.slug])
    earlier = runs[seed.slug][len(latest) :]
    others = [
        run
        for each in seeds
        if each.platform == seed.platform and each != seed
        for run in runs[each.slug][1:]
    ]
    return tuple(f"{seed.slug}: {drift}" for drift in find_drift(latest, earlier, others=others))


def find_error(run: RunView | None, *, is_leased: bool) -> str | None:
    """Return why a run failed, ``INTERRUPTED`` where it was ended before it was done, or None.

    Args:
        run: Of a publication; None: there was none.
        is_leased: A process crawls its host now; a run without an end goes on only then.
    """
    if run is not None and run.ended_at is None and not is_leased:
        return INTERRUPTED
    return run.error if run else None


def judge_publication(
    seed: Seed,
    view: PublicationView | None,
    run: RunView | None,
    *,
    is_leased: bool = False,
    now: datetime,
) -> PublicationStatus:
    """Say how a publication fares.

    Args:
        seed: As written.
        view: What the store knows of it; None before its first crawl.
        run: Its last run, also one that goes on.
        is_leased: A process crawls its host now; a run without an end goes on only then.
        now: Aware UTC.
    """
    last_good = view.last_good_run_at if view else None
    error = find_error(run, is_leased=is_leased)
    if not seed.enabled:
        state = "disabled"
    elif view is not None and view.paused:
        state = "paused"
    elif run is None:
        state = "new"
    elif error not in (None, INTERRUPTED):
        state = "failing"
    elif now - (last_good or run.started_at) > OVERDUE_SHARE * seed.every:
        state = "overdue"
    elif error is not None:
        state = "interrupted"
    elif run.ended_at is None:
        state = "crawling"
    else:
        state = "fine"
    return PublicationStatus(
        slug=seed.slug,
        state=state,
        articles=view.article_count if view else 0,
        last_good_run_at=last_good,
        next_due_at=view.next_due_at if view else None,
        outcomes=dict(run.outcomes) if run else {},
        error=error,
    )


def find_silence(beat: Beat | None, now: datetime) -> timedelta | None:
    """Return for how long a scheduler that should be running has been silent; None when all is well.

    One that never ran, or that was stopped in good order, is not expected to speak.

    Example:
        >>> from datetime import UTC
        >>> noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
        >>> beat = Beat(owner="host/7", started_at=noon, beat_at=noon)
        >>> find_silence(beat, noon + timedelta(minutes=2)), find_silence(beat, noon + timedelta(hours=2))
        (None, datetime.timedelta(seconds=7200))
    """
    if beat is None or beat.stopped_at is not None or now - beat.beat_at <= SILENCE:
        return None
    return now - beat.beat_at


def format_status(status: Status) -> str:
    """Return the status as text for people."""
    lines = [_publication_line(each) for each in status.publications] or ["No publications yet."]
    for digest in status.digests:
        due = f"due {_instant(digest.next_due_at)}" if digest.next_due_at else "due now"
        lines.append(f"digest {digest.slug}: {count_of(digest.issues, 'issue')}, {due}")
    beat = status.scheduler
    if beat is None:
        lines.append("scheduler: never ran")
    elif beat.stopped_at is not None:
        lines.append(f"scheduler: stopped {_instant(beat.stopped_at)}")
    else:
        lines.append(f"scheduler: {beat.owner}, last sign of life {_instant(beat.beat_at)}")
    lines += [f"ALARM: {alarm}" for alarm in status.alarms]
    return "\n".join(lines)


def status_rows(status: Status) -> list[dict[str, Any]]:
    """Return the status as JSON-ready rows, each with its ``kind``."""
    rows = [{"kind": "publication", **asdict(each)} for each in status.publications]
    rows += [{"kind": "digest", **asdict(each)} for each in status.digests]
    beat = status.scheduler.model_dump() if status.scheduler else dict.fromkeys(Beat.model_fields)
    rows.append({"kind": "scheduler", **beat})
    rows += [{"kind": "alarm", "text": alarm} for alarm in status.alarms]
    return rows


def _read_digest(archive: Archive, digest: Digest) -> DigestStatus:
    last = archive.last_cut_at(digest.slug)
    due = next_due_at(digest, last) if last is not None else None
    return DigestStatus(digest.slug, len(archive.issues(digest.slug)), last, due)


def _scheduler_alarms(beat: Beat | None, now: datetime) -> tuple[str, ...]:
    silence = find_silence(beat, now)
    if beat is None or silence is None:
        return ()
    minutes = int(silence.total_seconds() // 60)
    return (f"the scheduler {beat.owner} has been silent for {count_of(minutes, 'minute')}; start it again",)


def _contact_alarms(seeds: Sequence[Seed], config: Config) -> tuple[str, ...]:
    """Tell of crawls that are refused before they begin, which leaves no run to judge."""
    try:
        check_contact(seeds, config)
    except ConfigError as error:
        return (error.message,)
    return ()


def _alarms(status: PublicationStatus) -> list[str]:
    alarms = list(status.drift)
    if status.state == "failing":
        alarms.append(f"{status.slug} fails: {status.error}")
    if status.state == "overdue":
        alarms.append(f"{status.slug} was last crawled well {_instant(status.last_good_run_at)}")
    return alarms


def _push_alarms(archive: Archive, digest: Digest, config: Config) -> list[str]:
    """Tell of a newest issue that does not reach its readers."""
    issues = archive.issues(digest.slug)
    failed = failed_pushes(archive, digest, issues[0].number, config=config) if issues else []
    return [f"issue {each.number} of {digest.slug} is not published: {each.error}" for each in failed]


def _publication_line(status: PublicationStatus) -> str:
    outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(status.outcomes.items()))
    parts = [
        f"{status.slug}: {status.state}",
        count_of(status.articles, "article"),
        f"last good run {_instant(status.last_good_run_at)}",
        f"next {_instant(status.next_due_at)}",
    ]
    return ", ".join(parts) + (f" ({outcomes})" if outcomes else "")


def _instant(moment: datetime | None) -> str:
    return "never" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"
