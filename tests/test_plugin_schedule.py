"""The scheduler: what is due is a pure choice; doing it survives crashes and stops in good order."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.config import load_config
from crawler.demo import DemoPlatform, serve_demo
from crawler.demo.synthetic import make_content
from crawler.seeds import Seed
from crawler.store.views import PublicationView, RunView
from plugin.archive import open_library
from plugin.archive.beats import last_beat
from plugin.digests import Digest, load_digests
from plugin.operations.agenda import (
    DIGEST_PATIENCE,
    FIRST_RETRY,
    LONGEST_RETRY,
    Failure,
    Job,
    choose_jobs,
    list_due_jobs,
    note_failure,
)
from plugin.operations.status import SILENCE, judge_publication, read_status
from plugin.publishing import make_issue, publish_issue
from tests.curating import make_page

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def seed(slug: str, url: str = "https://a.example/x", **changes: object) -> Seed:
    return Seed(slug=slug, name=slug, url=url, **changes)


def kept(slug: str, *, due: datetime | None, paused: bool = False) -> PublicationView:
    return PublicationView(
        1, slug, "vocal", slug, "https://a.example/x", None, "excerpt", True, paused, 0, None, due
    )


def due_crawls(seeds: list[Seed], *views: PublicationView) -> list[Job]:
    return list_due_jobs(seeds, {view.slug: view for view in views}, [], {}, now=NOW)


def test_what_was_never_crawled_is_due() -> None:
    assert due_crawls([seed("a")]) == [Job("crawl", "a.example", ("a",))]


def test_publications_of_one_host_are_one_job() -> None:
    seeds = [seed("a"), seed("b", "https://b.example/"), seed("c", "https://A.example/y")]
    assert due_crawls(seeds) == [Job("crawl", "a.example", ("a", "c")), Job("crawl", "b.example", ("b",))]


@pytest.mark.parametrize(
    "view",
    [kept("a", due=NOW + HOUR), kept("a", due=NOW - HOUR, paused=True), kept("a", due=None, paused=True)],
    ids=["not yet", "paused", "paused before its first crawl"],
)
def test_what_waits_is_not_due(view: PublicationView) -> None:
    assert due_crawls([seed("a")], view) == []


def test_a_disabled_publication_is_not_due() -> None:
    assert due_crawls([seed("a", enabled=False)]) == []


def test_a_digest_is_due_by_its_cadence_or_until_it_is_published() -> None:
    digest = Digest(slug="d", title="D", cadence="daily", at="07:00")
    due = [Job("digest", "d")]
    assert list_due_jobs([], {}, [digest], {"d": NOW - timedelta(days=1)}, now=NOW) == due
    assert list_due_jobs([], {}, [digest], {"d": NOW - HOUR}, now=NOW) == []
    assert list_due_jobs([], {}, [digest], {"d": NOW - HOUR}, unpublished=["d"], now=NOW) == due


def test_a_host_is_never_crawled_twice_at_once() -> None:
    one, same, other = Job("crawl", "h", ("a",)), Job("crawl", "h", ("b",)), Job("crawl", "i", ("c",))
    assert choose_jobs([same, other], running=[one], failures={}, max_crawls=2, now=NOW) == [other]


def test_no_more_crawls_than_allowed_run() -> None:
    crawls = [Job("crawl", host) for host in "abc"]
    assert choose_jobs(crawls, running=[], failures={}, max_crawls=2, now=NOW) == crawls[:2]
    assert choose_jobs(crawls, running=crawls[:2], failures={}, max_crawls=2, now=NOW) == []


def test_a_failed_job_waits_longer_each_time_and_never_for_good() -> None:
    job, failure = Job("crawl", "h"), None
    waits = []
    for _ in range(40):
        failure = note_failure(failure, NOW)
        waits.append(failure.not_before - NOW)
        key = {("crawl", "h"): failure}
        assert choose_jobs([job], running=[], failures=key, max_crawls=1, now=NOW) == []
        assert choose_jobs([job], running=[], failures=key, max_crawls=1, now=failure.not_before) == [job]
    assert waits[0] == FIRST_RETRY
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_RETRY


def test_a_digest_waits_for_the_crawls_that_are_due_with_it() -> None:
    crawl, digest = Job("crawl", "h"), Job("digest", "d")
    options = {"failures": {}, "max_crawls": 1, "now": NOW}
    assert choose_jobs([crawl, digest], running=[], **options) == [crawl]
    assert choose_jobs([digest], running=[crawl], **options) == []
    assert choose_jobs([digest], running=[], **options) == [digest]


def test_a_digest_does_not_wait_for_ever() -> None:
    crawl, digest = Job("crawl", "h"), Job("digest", "d")
    since = {"d": NOW - DIGEST_PATIENCE}
    assert choose_jobs(
        [digest], running=[crawl], failures={}, max_crawls=1, waiting_since=since, now=NOW
    ) == [digest]


def test_a_digest_does_not_wait_for_a_crawl_that_must_wait_itself() -> None:
    crawl, digest = Job("crawl", "h"), Job("digest", "d")
    failures = {("crawl", "h"): Failure(3, NOW + HOUR)}
    assert choose_jobs([crawl, digest], running=[], failures=failures, max_crawls=1, now=NOW) == [digest]


def test_a_digest_waits_for_a_crawl_that_crashed_and_is_soon_tried_again() -> None:
    crawl, digest = Job("crawl", "h"), Job("digest", "d")
    failures = {("crawl", "h"): note_failure(None, NOW)}
    options = {"running": [], "failures": failures, "max_crawls": 1}
    assert choose_jobs([crawl, digest], now=NOW, **options) == []
    assert choose_jobs([crawl, digest], now=NOW + FIRST_RETRY, **options) == [crawl]
    since = {"d": NOW - DIGEST_PATIENCE}
    assert choose_jobs([crawl, digest], now=NOW, waiting_since=since, **options) == [digest]


def test_failures_of_a_digest_do_not_hold_a_host_of_that_name() -> None:
    failures = {("digest", "h"): Failure(1, NOW + HOUR)}
    job = Job("crawl", "h")
    assert choose_jobs([job], running=[], failures=failures, max_crawls=1, now=NOW) == [job]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "last_good_before", "state"),
    [
        (None, HOUR, "fine"),
        ("its start page is gone", HOUR, "failing"),
        ("interrupted", HOUR, "interrupted"),
        ("interrupted", 24 * HOUR, "overdue"),
        (None, 24 * HOUR, "overdue"),
    ],
)
def test_a_run_that_a_signal_ended_is_no_failure(
    error: str | None, last_good_before: timedelta, state: str
) -> None:
    view = replace(kept("a", due=NOW), last_good_run_at=NOW - last_good_before)
    run = RunView(1, "a", NOW - HOUR, NOW, {"saved": 3}, {}, 0, 0, 0, error)
    assert judge_publication(seed("a", every="6h"), view, run, now=NOW).state == state


@pytest.mark.parametrize(
    ("is_leased", "last_good_before", "state", "error"),
    [
        (True, HOUR, "crawling", None),
        (False, HOUR, "interrupted", "interrupted"),
        (False, 24 * HOUR, "overdue", "interrupted"),
    ],
)
def test_a_run_without_an_end_goes_on_only_while_somebody_crawls_its_host(
    is_leased: bool, last_good_before: timedelta, state: str, error: str | None
) -> None:
    view = replace(kept("a", due=NOW), last_good_run_at=NOW - last_good_before)
    run = RunView(1, "a", NOW - HOUR, None, {}, {}, 0, 0, 0, None)
    status = judge_publication(seed("a", every="6h"), view, run, is_leased=is_leased, now=NOW)
    assert (status.state, status.error) == (state, error)


@pytest.mark.parametrize(
    ("enabled", "contact", "is_alarm"),
    [("true", "", True), ("false", "", False), ("true", 'contact_url = "https://me.example/"', False)],
)
def test_status_tells_of_a_publication_that_no_crawl_will_touch(
    tmp_path: Path, enabled: str, contact: str, is_alarm: bool
) -> None:
    write_workspace(tmp_path, "http://127.0.0.1:9")
    (tmp_path / "seeds" / "public.toml").write_text(
        f'[[publication]]\nslug = "far"\nname = "Far"\nurl = "https://far.example/"\nenabled = {enabled}\n',
        encoding="utf-8",
    )
    settings = (tmp_path / "gleanings.toml").read_text(encoding="utf-8")
    (tmp_path / "gleanings.toml").write_text(f"{contact}\n{settings}", encoding="utf-8")
    config = load_config(tmp_path)
    with open_library(config.database_url) as archive:
        alarms = read_status(archive, config, [], now=NOW).alarms
    assert [alarm.partition(":")[0] for alarm in alarms] == [
        'set "contact_url" in gleanings.toml before crawling far.example'
    ] * is_alarm


def test_status_tells_of_an_issue_that_can_not_be_published(tmp_path: Path) -> None:
    write_workspace(tmp_path, "http://127.0.0.1:9")
    config = load_config(tmp_path)
    digest = load_digests(config.seeds_dir / "digests")[0]
    blocked = tmp_path / "public"
    blocked.write_text("in the way", encoding="utf-8")
    with open_library(config.database_url) as archive:
        archive.store.save_pages([make_page(1, seen_at=NOW)])
        issue = make_issue(archive, digest, now=NOW)
        assert read_status(archive, config, [digest], now=NOW).alarms == ()
        publish_issue(archive, digest, issue, config=config, to=str(blocked / "elsewhere"), now=NOW)
        assert read_status(archive, config, [digest], now=NOW).alarms == ()
        publish_issue(archive, digest, issue, config=config, now=NOW)
        assert read_status(archive, config, [digest], now=NOW).alarms == (
            f"issue 1 of daily is not published: cannot be written: it is not a folder: {blocked}",
        )
        blocked.unlink()
        publish_issue(archive, digest, issue, config=config, now=NOW)
        assert read_status(archive, config, [digest], now=NOW).alarms == ()


def write_workspace(folder: Path, url: str) -> None:
    (folder / "seeds" / "digests").mkdir(parents=True)
    (folder / "gleanings.toml").write_text(
        '[crawl]\nallow_private_hosts = ["127.0.0.1"]\ndefault_delay = "0s"\n', encoding="utf-8"
    )
    (folder / "seeds" / "demo.toml").write_text(
        f'[[publication]]\nslug = "demo"\nplatform = "vocal"\nname = "Demo"\nurl = "{url}/latest-stories"\nevery = "1h"\n',
        encoding="utf-8",
    )
    (folder / "seeds" / "digests" / "daily.toml").write_text(
        'title = "Daily"\ncadence = "daily"\nwindow = "3650d"\n[[outlet]]\nkind = "folder"\npath = "public"\n',
        encoding="utf-8",
    )


def start(folder: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "cli", "schedule", "--workspace", str(folder), *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run_once(folder: Path) -> int:
    with start(folder, "--once") as process:
        process.communicate(timeout=120)
    return process.returncode


def make_platform() -> DemoPlatform:
    now = datetime.now(UTC)
    return DemoPlatform(
        make_content(12, seed=7, page_bytes=4_000), anchor=now, clock=lambda: datetime.now(UTC)
    )


def test_once_crawls_then_the_next_look_finds_nothing_due(tmp_path: Path) -> None:
    with serve_demo(make_platform()) as url:
        write_workspace(tmp_path, url)
        first = start(tmp_path, "--once")
        output = first.communicate(timeout=120)[0]
        assert first.returncode == 0, output
        assert "crawl 127.0.0.1:" in output
        with open_library(f"sqlite:///{tmp_path}/gleanings.db") as archive:
            assert archive.store.articles.count() == 12
            issue = archive.latest_issue("daily")
            assert issue is not None, "the issue was made from what the crawl had just found"
            assert len(issue.entries) == 12
            beat = last_beat(archive.store)
            assert beat is not None
            assert beat.stopped_at is not None, "a scheduler that ended in good order is not silent"
        assert (tmp_path / "public/digests/daily/feed.atom").is_file()
        again = start(tmp_path, "--once")
        assert "crawl" not in again.communicate(timeout=120)[0]
        assert again.returncode == 0


def test_a_place_that_can_not_be_reached_keeps_no_issue_from_being_made(tmp_path: Path) -> None:
    write_workspace(tmp_path, "http://127.0.0.1:9")
    (tmp_path / "seeds" / "demo.toml").unlink()
    (tmp_path / "public").write_text("in the way", encoding="utf-8")
    config = load_config(tmp_path)
    digest = load_digests(config.seeds_dir / "digests")[0]
    before = datetime.now(UTC) - timedelta(days=2)
    with open_library(config.database_url) as archive:
        archive.store.save_pages([make_page(1, seen_at=before)])
        issue = make_issue(archive, digest, now=before)
        assert publish_issue(archive, digest, issue, config=config, now=before).exit_code == 1
        archive.store.save_pages([make_page(2, seen_at=before + HOUR)])
        assert run_once(tmp_path) == 1
        assert [each.number for each in archive.issues("daily")] == [2, 1]
        (tmp_path / "public").unlink()
        assert run_once(tmp_path) == 0
        assert [each.number for each in archive.issues("daily")] == [2, 1]
    for number in (1, 2):
        assert (tmp_path / "public" / "digests" / "daily" / str(number) / "index.html").is_file()


def test_every_word_of_the_scheduler_and_its_children_is_a_log_line_when_asked(tmp_path: Path) -> None:
    with serve_demo(make_platform()) as url:
        write_workspace(tmp_path, url)
        # Gone, not out of reach: for a host that may come back a crawl waits its whole patience.
        lost = f'[[publication]]\nslug = "lost"\nname = "L"\nurl = "{url}/no-such-room"\n'
        (tmp_path / "seeds" / "lost.toml").write_text(lost, encoding="utf-8")
        output = start(tmp_path, "--once", "-v", "--log-format", "json").communicate(timeout=300)[0]
    lines = [json.loads(line) for line in output.splitlines()]
    fetched = [line for line in lines if line["url"] and line["publication"] == "demo"]
    assert len(fetched) > 12
    assert all(line["run"] == fetched[0]["run"] for line in fetched)
    assert any(line["level"] == "error" and line["publication"] == "lost" for line in lines)
    assert any("crawl 127.0.0.1:" in line["message"] for line in lines)


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--once",), 3)])
def test_a_signal_ends_the_scheduler_and_its_children(
    tmp_path: Path, options: tuple[str, ...], code: int
) -> None:
    """One that was to do what is due, and did not come to its end, says so as a crawl does."""
    platform = make_platform()
    with serve_demo(platform) as url:
        write_workspace(tmp_path, url)
        process = start(tmp_path, *options)
        assert process.stdout is not None
        while "crawl" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        output = process.communicate(timeout=120)[0]
        assert process.returncode == code, output
        assert ("Interrupted: the next run goes on from there." in output) == (code == 3)
        assert "Traceback" not in output


def test_a_crash_of_a_child_is_noted_and_nothing_else_stops(tmp_path: Path) -> None:
    with serve_demo(make_platform()) as url:
        write_workspace(tmp_path, url)
        process = start(tmp_path, "--once")
        children: list[int] = []
        deadline = time.monotonic() + 60
        while not children and time.monotonic() < deadline:
            children = crawl_children(process.pid)
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        output = process.communicate(timeout=120)[0]
    assert "killed by signal 9" in output
    assert process.returncode in (1, 3), output
    assert "Traceback" not in output


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_an_exception_in_the_scheduler_itself_raises_the_alarm_until_one_runs_again(tmp_path: Path) -> None:
    """The disk that its log goes to is full: what it says of the first job it starts is what breaks it."""
    with serve_demo(make_platform()) as url:
        write_workspace(tmp_path, url)
        with Path("/dev/full").open("w") as full:
            broken = subprocess.Popen(
                [sys.executable, "-m", "cli", "schedule", "--workspace", str(tmp_path)], cwd=ROOT, stderr=full
            )
            assert broken.wait(120) == 1
        config = load_config(tmp_path)
        with open_library(config.database_url) as archive:
            beat = last_beat(archive.store)
            assert beat is not None
            assert beat.stopped_at is None
            soon = read_status(archive, config, [], now=beat.beat_at + SILENCE)
            late = read_status(archive, config, [], now=beat.beat_at + SILENCE + timedelta(minutes=1))
        assert not any("scheduler" in alarm for alarm in soon.alarms)
        assert f"the scheduler {beat.owner} has been silent for 4 minutes; start it again" in late.alarms
        again = start(tmp_path, "--once")
        output = again.communicate(timeout=120)[0]
        assert again.returncode == 0, output
        with open_library(config.database_url) as archive:
            assert archive.store.articles.count() == 12
            later = read_status(archive, config, [], now=datetime.now(UTC) + timedelta(minutes=10))
        assert later.alarms == ()


def crawl_children(pid: int) -> list[int]:
    """Return the spawned children of a process, from /proc or from ps."""
    listing = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()]
    return [int(row[0]) for row in rows if int(row[1]) == pid and "spawn_main" in row[2]]
