"""Whole crawls of the demo platform: everything once, little the second time, and no fault that stops it."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from crawler.config import Config
from crawler.demo import DemoOptions, DemoPlatform, Faults, HostileLimits, serve_demo
from crawler.demo.synthetic import make_content
from crawler.errors import ConfigError, FetchError, GleaningsError
from crawler.runner import CrawlLimits, CrawlReport, PublicationReport, crawl, crawl_in_process, processes
from crawler.runner.crawling import running_clock
from crawler.runner.drift import ALL_PAGES, enough_runs, find_drift
from crawler.runner.leasing import is_dead, new_owner, take_lease
from crawler.runner.planning import list_planned, plan_hosts, seed_for
from crawler.runner.replaying import replay
from crawler.runner.vault import Vault, erase_kept, read_kept, read_warc
from crawler.seeds import Seed
from crawler.spiders.visits import Answer
from crawler.store import Store, open_store
from crawler.store.views import FrontierEntry, PageSave, RunView
from tests.crawling import (
    QUICK,
    Exchange,
    Reply,
    crawl_site,
    demo,
    list_page,
    seeds_of,
    serve_site,
    story_page,
)

CONFIG = Config(crawl=QUICK)
PATIENT = CrawlLimits(patience=timedelta(seconds=20))


@dataclass(frozen=True)
class ShiftedClock:
    """The real clock, so much later; pickles."""

    by: timedelta

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.by


def opened(database: Path) -> Store:
    return open_store(f"sqlite:///{database}")


DATES = {f"{which}_{part}" for which in ("published", "modified") for part in ("at", "text", "bounds")}
"""What narrows with every look at a relative date (DESIGN section 4)."""


def kept(database: Path, *, without: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """All that is kept of articles and comments but the times of the visits."""
    exclude = {"last_seen_at", *without}
    with opened(database) as store:
        articles = [store.articles.get(each.id) for each in store.articles.iterate()]
        rows: list[BaseModel] = [*articles, *store.comments.iterate()]
        return [row.model_dump_json(exclude=exclude) for row in rows]


@pytest.fixture
def fresh_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start crawls as they are started outside of tests: as children of this very process, limits and all."""
    monkeypatch.setattr(processes, "START_METHOD", "spawn")


@pytest.mark.usefixtures("fresh_interpreter")
def test_a_crawl_finds_everything_the_platform_shows(tmp_path: Path) -> None:
    platform = demo()
    with serve_demo(platform) as url:
        report = crawl_site(seeds_of(platform, url), tmp_path / "a.db")
        truth = platform.truth()
        with opened(tmp_path / "a.db") as store:
            stored = {str(each.url): each for each in store.articles.iterate()}
    assert report.exit_code == 0
    assert report.articles_new == len(platform.stories()) == len(stored)
    assert report.comments_new == sum(len(story.comments) for story in truth.values())
    assert set(report.outcomes) == {"saved"}
    for story in truth.values():
        article = stored[f"{url}{story.path}"]
        assert (article.headline, article.authors[0].name) == (story.headline, story.author_name)
        assert article.publication == f"demo-{story.community.lower()}"
    repeated = [
        path for path, n in Counter(each.path for each in platform.requests.entries()).items() if n > 1
    ]
    assert repeated == []


@pytest.mark.slow
def test_an_unchanged_site_costs_almost_nothing(tmp_path: Path) -> None:
    """1,000 stories, a day later: relative dates have changed every body and ETag, but nothing else."""
    database = tmp_path / "a.db"
    clock = Shifted()
    platform = DemoPlatform(make_content(1_000, page_bytes=20_000), anchor=clock(), clock=clock)
    with serve_demo(platform) as url:
        seeds = seeds_of(platform, url)
        first = crawl_in_process(seeds, f"sqlite:///{database}", config=CONFIG)
        n_first = bodies(platform)
        before = kept(database, without={*DATES, "updated_at"})
        clock.by = timedelta(days=1)
        platform.requests.reset()
        second = crawl_in_process(seeds, f"sqlite:///{database}", config=CONFIG, clock=ShiftedClock(clock.by))
        n_second = bodies(platform)
        after = kept(database, without={*DATES, "updated_at"})
    assert first.articles_new == 1_000
    assert (second.articles_new, second.articles_changed, second.comments_new) == (0, 0, 0)
    assert n_second <= 0.02 * n_first
    assert after == before


class Shifted:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.by


def bodies(platform: DemoPlatform) -> int:
    served = platform.requests.entries(status=200)
    return len([each for each in served if each.path != "/robots.txt"])


def test_an_unchanged_site_changes_no_row(tmp_path: Path) -> None:
    platform = demo()
    with serve_demo(platform) as url:
        seeds = seeds_of(platform, url)
        crawl_site(seeds, tmp_path / "a.db")
        before = kept(tmp_path / "a.db")
        crawl_site(seeds, tmp_path / "a.db")
    assert kept(tmp_path / "a.db") == before


def test_later_crawls_find_what_is_new_and_what_changed(tmp_path: Path) -> None:
    platform = demo()
    with serve_demo(platform) as url:
        seeds = seeds_of(platform, url)
        crawl_site(seeds, tmp_path / "a.db")
        newest = platform.shelf.stories("community", "hedgerow")[0]
        room = [story for story in platform.stories() if story.community == "stanza"]
        platform.publish_story(
            make_content(1)
            .stories[0]
            .__class__(
                slug="brand-new",
                headline="Brand new",
                community="hedgerow",
                author=newest.author,
                source=newest.source.read(),
            )
        )
        platform.edit_story(newest.slug, headline="A headline that was changed")
        platform.delete_story(room[0].slug)
        platform.requests.reset()
        report = crawl_site(seeds, tmp_path / "a.db")
        n_requests = platform.requests.count()
        with opened(tmp_path / "a.db") as store:
            changed = store.articles.find(f"{url}{newest.path}")
    assert report.articles_new == 1
    assert report.articles_changed == 1
    assert changed is not None
    assert changed.headline == "A headline that was changed"
    assert n_requests <= 1 + 7 + 2


def test_new_comments_are_found_when_their_story_is_due(tmp_path: Path) -> None:
    database = tmp_path / "a.db"
    platform = demo()
    with serve_demo(platform) as url:
        seeds = seeds_of(platform, url)
        crawl_site(seeds, database)
        story = max(platform.stories(), key=lambda each: len(each.source.read().comments))
        platform.add_comment(story.slug, "<p>I only found this today.</p>", name="Late Reader")
        report = crawl_in_process(
            seeds, f"sqlite:///{database}", config=CONFIG, clock=ShiftedClock(timedelta(days=130))
        )
    assert report.comments_new == 1


def test_every_fault_ends_in_its_outcome(tmp_path: Path) -> None:
    faults = Faults.named(["throttle", "flaky", "moved", "deleted"])
    platform = demo(DemoOptions(faults=faults))
    with serve_demo(platform) as url:
        report = crawl_site(seeds_of(platform, url), tmp_path / "a.db", limits=PATIENT)
        statuses = Counter(each.status for each in platform.requests.entries())
        n_readable = len(platform.truth())
    assert report.exit_code == 0
    assert report.outcomes["later"] == statuses[429] + statuses[500] > 0
    assert report.outcomes["gone"] == statuses[404] > 0
    assert report.outcomes["moved"] == statuses[301] > 0
    assert report.articles_new == n_readable


def test_a_login_wall_is_no_article(tmp_path: Path) -> None:
    platform = demo(DemoOptions(faults=Faults.named(["login-wall"])))
    with serve_demo(platform) as url:
        report = crawl_site(seeds_of(platform, url), tmp_path / "a.db")
        walled = [story for story in platform.truth().values() if story.access != "free"]
    assert report.outcomes["login_wall"] == len(walled) > 0
    assert report.articles_new == len(platform.stories()) - len(walled)


HOSTILE = {
    "gzip-bomb": "too_large",
    "endless-body": "too_large",
    "redirect-loop": "broken",
    "redirect-away": "refused_address",
    "many-links": "too_large",
}


def test_hostile_pages_end_in_an_outcome_and_spare_the_rest(tmp_path: Path) -> None:
    names = [*HOSTILE, "nested-lists", "invalid-bytes", "long-headline"]
    platform = demo(DemoOptions(faults=Faults(hostile=frozenset(names), limits=HostileLimits())))
    started_at = time.monotonic()
    with serve_demo(platform) as url:
        report = crawl_site(seeds_of(platform, url), tmp_path / "a.db")
        with opened(tmp_path / "a.db") as store:
            room = platform.content.communities[0].slug
            entries = store.frontier.get(f"{url}/{room}/{name}" for name in names)
            n_stored = store.articles.count()
    outcomes = {address.rpartition("/")[2]: entry.outcome for address, entry in entries.items()}
    assert {name: outcomes[name] for name in HOSTILE} == HOSTILE
    assert None not in outcomes.values()
    assert len(outcomes) == len(names)
    assert n_stored >= 40
    assert report.exit_code == 0
    assert time.monotonic() - started_at < 90


IMPATIENT_CRAWL = """
import sys
from datetime import timedelta
import crawler.settings
from crawler.config import Config, CrawlConfig
from crawler.runner import CrawlLimits, crawl
from crawler.seeds import Seed
from crawler.store import open_store
assert crawler.settings.DOWNLOAD_TIMEOUT <= 30
crawler.settings.DOWNLOAD_TIMEOUT = 3
config = Config(crawl=CrawlConfig(allow_private_hosts=("127.0.0.1",), default_delay=timedelta(0)))
with open_store(sys.argv[1]) as store:
    seed = Seed(slug="a", name="A", url=sys.argv[2])
    print(crawl([seed], store, config=config, limits=CrawlLimits(urls=sys.argv[3:])).outcomes)
"""


def test_a_body_that_drips_is_cut_off(tmp_path: Path) -> None:
    """It would go on for many minutes; the time that a page may take is shortened, to wait for less of it."""
    limits = HostileLimits(slow_pieces=3_600, slow_interval=timedelta(seconds=1))
    platform = demo(DemoOptions(faults=Faults(hostile=frozenset({"slow-body"}), limits=limits)))
    with serve_demo(platform) as url:
        seed = seeds_of(platform, url)[0]
        command = [sys.executable, "-c", IMPATIENT_CRAWL, f"sqlite:///{tmp_path / 'a.db'}", seed.url]
        done = subprocess.run(
            [*command, f"{seed.url}/slow-body"], capture_output=True, text=True, timeout=120, check=False
        )
    assert (done.stdout, done.stderr) == ("{'later': 1}\n", "")


def test_a_failing_publication_never_stops_another(tmp_path: Path) -> None:
    platform = demo()
    with serve_demo(platform) as url, serve_site(lambda _: Reply(500)) as broken:
        good = seeds_of(platform, url)[0]
        missing = Seed(slug="missing", name="M", url=f"{url}/no-such-room")
        dead = Seed(slug="dead", name="D", url="http://127.0.0.1:9/")
        down = Seed(slug="down", name="D", url=f"{broken.url}/")
        report = crawl_site(
            [missing, dead, good, down], tmp_path / "a.db", limits=CrawlLimits(patience=timedelta(seconds=1))
        )
    assert [each.publication for each in report.publications] == ["missing", "dead", good.slug, "down"]
    errors = {each.publication: each.error for each in report.publications}
    assert errors[good.slug] is None
    assert "gone" in str(errors["missing"])
    assert errors["dead"] is not None
    assert "robots.txt" in str(errors["down"])
    assert report.exit_code == 3
    assert report.publications[2].articles_new > 0


def test_a_limit_stops_early_and_the_next_crawl_goes_on(tmp_path: Path) -> None:
    platform = demo()
    with serve_demo(platform) as url:
        seeds = seeds_of(platform, url)
        first = crawl_site(seeds, tmp_path / "a.db", limits=CrawlLimits(max_articles=5))
        second = crawl_site(seeds, tmp_path / "a.db")
    assert first.articles_new == 5
    assert first.articles_new + second.articles_new == len(platform.stories())


def test_single_addresses_are_fetched_with_their_comments_and_authors(tmp_path: Path) -> None:
    platform = demo()
    with serve_demo(platform) as url:
        story = max(platform.stories(), key=lambda each: len(each.source.read().comments))
        limits = CrawlLimits(urls=(f"{url}{story.path}",))
        report = crawl_site(seeds_of(platform, url), tmp_path / "a.db", limits=limits)
        paths = [each.path for each in platform.requests.entries()]
    assert report.articles_new == 1
    assert report.comments_new == len(platform.truth()[story.slug].comments)
    assert [each.publication for each in report.publications] == [f"demo-{story.community.lower()}"]
    assert all(story.path in path or path.startswith(("/authors/", "/robots")) for path in paths)


def test_a_known_address_is_fetched_for_the_publication_that_met_it(tmp_path: Path) -> None:
    """Two publications hold the story; the nearer one by its address is not the one that met it."""
    platform = demo()
    with serve_demo(platform) as url:
        room = seeds_of(platform, url)[0]
        every = Seed(slug="every", name="E", url=f"{url}/latest-stories")
        crawl_site([every], tmp_path / "a.db")
        story = next(each for each in platform.stories() if f"{url}{each.path}".startswith(f"{room.url}/"))
        limits = CrawlLimits(urls=(f"{url}{story.path}?utm_source=x#top",))
        report = crawl_site([room, every], tmp_path / "a.db", limits=limits)
        with pytest.raises(FetchError, match="this page is one of every, which is not enabled or not named"):
            crawl_site([room], tmp_path / "a.db", limits=limits)
    assert [(each.publication, each.error) for each in report.publications] == [("every", None)]
    assert report.articles_unchanged == 1


def test_single_addresses_of_two_hosts_are_fetched_each_by_the_crawl_of_its_own(tmp_path: Path) -> None:
    one, two = demo(), demo()
    with serve_demo(one) as first, serve_demo(two) as second:
        rooms = [seeds_of(one, first)[0], seeds_of(two, second)[0].model_copy(update={"slug": "other"})]
        path = next(
            each.path for each in one.stories() if f"{first}{each.path}".startswith(f"{rooms[0].url}/")
        )
        limits = CrawlLimits(urls=(f"{first}{path}", f"{second}{path}"))
        report = crawl_site(rooms, tmp_path / "a.db", limits=limits)
        fetched = [
            [each.path for each in each_demo.requests.entries()].count(path) for each_demo in (one, two)
        ]
    assert [each.error for each in report.publications] == [None, None]
    assert fetched == [1, 1]


def test_a_known_address_with_www_is_fetched_for_a_publication_without(tmp_path: Path) -> None:
    """A crawl follows links to both names of its host, and meets pages under either."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    seed = Seed(slug="s", name="S", url="https://a.org/")
    url = "https://www.a.org/1"
    with opened(tmp_path / "a.db") as store:
        store.publications.sync([seed])
        store.frontier.add([FrontierEntry(url, "article", "s", due_at=now)])
        limits = CrawlLimits(urls=(url,))
        [plan] = plan_hosts(
            [seed], store, config=Config(contact_url="https://example.org/us"), limits=limits, now=now
        )
        assert list_planned(plan, store, limits=limits, now=now) == {"s": [url]}


def test_single_addresses_are_no_run_of_their_publication(tmp_path: Path) -> None:
    """Else a failing publication would be called fine, and put off, for a page of it that was fetched."""
    platform = demo()
    with serve_demo(platform) as url:
        seeds = seeds_of(platform, url)[:1]
        crawl_site(seeds, tmp_path / "a.db")
        story = next(
            each for each in platform.stories() if f"{url}{each.path}".startswith(f"{seeds[0].url}/")
        )
        with opened(tmp_path / "a.db") as store:
            before = (store.publications.get(seeds[0].slug), store.runs.list())
        report = crawl_site(seeds, tmp_path / "a.db", limits=CrawlLimits(urls=(f"{url}{story.path}",)))
        with opened(tmp_path / "a.db") as store:
            after = (store.publications.get(seeds[0].slug), store.runs.list())
    assert report.articles_unchanged == 1
    assert after == before


def test_a_single_address_that_brings_no_page_is_a_failure(tmp_path: Path) -> None:
    platform = demo()
    with serve_demo(platform) as url:
        seeds = seeds_of(platform, url)[:1]
        story = next(
            each for each in platform.stories() if f"{url}{each.path}".startswith(f"{seeds[0].url}/")
        )
        urls = (f"{seeds[0].url}/no-such-story", f"{url}{story.path}")
        both = crawl_site(seeds, tmp_path / "a.db", limits=CrawlLimits(urls=urls))
        alone = crawl_site(seeds, tmp_path / "a.db", limits=CrawlLimits(urls=urls[:1]))
    down = crawl_site(seeds, tmp_path / "a.db", limits=CrawlLimits(urls=urls[1:]))
    assert (both.exit_code, alone.exit_code, down.exit_code) == (3, 1, 1)
    assert "the page ended as gone" in str(both.publications[0].error)
    assert "the page ended as later (" in str(down.publications[0].error)


def test_full_asks_for_every_known_article_again(tmp_path: Path) -> None:
    platform = demo()
    with serve_demo(platform) as url:
        seeds = seeds_of(platform, url)[:2]
        first = crawl_site(seeds, tmp_path / "a.db")
        platform.requests.reset()
        again = crawl_site(seeds, tmp_path / "a.db", limits=CrawlLimits(full=True))
        conditional = [each for each in platform.requests.entries() if each.is_conditional]
    assert again.articles_unchanged == first.articles_new
    assert again.articles_new == again.articles_changed == 0
    assert conditional == []


def test_full_asks_for_what_was_gone_too(tmp_path: Path) -> None:
    platform = demo()
    with serve_demo(platform) as url:
        seeds = seeds_of(platform, url)
        crawl_site(seeds, tmp_path / "a.db")
        story = platform.stories()[0]
        platform.delete_story(story.slug)
        gone = crawl_site(seeds, tmp_path / "a.db", limits=CrawlLimits(full=True))
        platform.publish_story(story)
        back = crawl_site(seeds, tmp_path / "a.db", limits=CrawlLimits(full=True))
        with opened(tmp_path / "a.db") as store:
            changes = Counter(each.change for each in store.articles.iterate())
    assert (gone.articles_changed, back.articles_changed) == (1, 1)
    assert (changes["gone"], changes["back"]) == (0, 1)


def test_a_dry_run_asks_and_changes_nothing(tmp_path: Path) -> None:
    platform = demo()
    with serve_demo(platform) as url:
        seeds = seeds_of(platform, url)
        report = crawl_site(seeds, tmp_path / "a.db", limits=CrawlLimits(dry_run=True))
        assert platform.requests.count() == 0
    assert [each.planned for each in report.publications] == [(seed.url,) for seed in seeds]
    with opened(tmp_path / "a.db") as store:
        assert store.publications.list() == []


def test_a_dry_run_of_everything_tells_of_every_known_article(tmp_path: Path) -> None:
    with serve_site(
        lambda each: list_page(["/s/a-1", "/s/a-2"]) if each.path == "/" else story_page(each.path)
    ) as site:
        seed = Seed(slug="a", name="A", url=f"{site.url}/", platform="generic")
        crawl_site([seed], tmp_path / "a.db")
        n_before = len(site.requests)
        due = crawl_site([seed], tmp_path / "a.db", limits=CrawlLimits(dry_run=True))
        full = crawl_site([seed], tmp_path / "a.db", limits=CrawlLimits(dry_run=True, full=True))
        assert len(site.requests) == n_before
    assert due.publications[0].planned == (seed.url,)
    assert set(full.publications[0].planned) == {seed.url, f"{site.url}/s/a-1", f"{site.url}/s/a-2"}


def test_an_authors_page_that_was_met_before_can_be_a_publication(tmp_path: Path) -> None:
    platform = demo()
    with serve_demo(platform) as url:
        room = seeds_of(platform, url)[0]
        crawl_site([room], tmp_path / "a.db")
        with opened(tmp_path / "a.db") as store:
            met = store.frontier.due(datetime.now(UTC) + timedelta(days=400), publication=room.slug)
        author = next(entry.url for entry in met if entry.role == "author")
        own = Seed(slug="one-author", name="One", url=author)
        report = crawl_site([room, own], tmp_path / "a.db").publications[1]
        again = crawl_site([room, own], tmp_path / "a.db").publications[1]
    assert report.outcomes.get("saved", 0) >= 1
    assert sum(again.outcomes.values()) == 1, "its start page is asked for at each crawl"


def test_only_due_publications_are_crawled_when_asked(tmp_path: Path) -> None:
    platform = demo()
    with serve_demo(platform) as url:
        seeds = seeds_of(platform, url)[:2]
        due = CrawlLimits(due_only=True)
        assert crawl_site(seeds[:1], tmp_path / "a.db", limits=due).articles_new > 0
        second = crawl_site(seeds, tmp_path / "a.db", limits=due)
        assert [each.publication for each in second.publications] == [seeds[1].slug]
        assert crawl_site(seeds, tmp_path / "a.db", limits=due) == CrawlReport()
        with opened(tmp_path / "a.db") as store:
            store.publications.pause(seeds[0].slug)
        third = crawl_site(seeds, tmp_path / "a.db")
        assert [each.publication for each in third.publications] == [seeds[1].slug]


def test_a_host_is_crawled_by_one_process(tmp_path: Path) -> None:
    platform = demo()
    with serve_demo(platform) as url, opened(tmp_path / "a.db") as store:
        seed = seeds_of(platform, url)[0]
        other = f"{new_owner()}"
        store.frontier.acquire_lease(seed.host, other, datetime.now(UTC))
        report = crawl_site([seed], tmp_path / "a.db")
        assert platform.requests.count() == 0
    assert "is being crawled by" in str(report.publications[0].error)
    assert report.exit_code == 1


def test_the_lease_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    child.wait()
    host_name = new_owner().split("/")[0]
    dead = f"{host_name}/{child.pid}/00000000"
    assert is_dead(dead)
    now = datetime.now(UTC)
    with opened(tmp_path / "a.db") as store:
        store.frontier.acquire_lease("example.org", dead, now)
        assert take_lease(store, "example.org", new_owner(), now) is None
        elsewhere = "elsewhere/1/00000000"
        store.frontier.acquire_lease("example.net", elsewhere, now)
        standing = take_lease(store, "example.net", new_owner(), now)
        assert standing is not None
        assert standing.owner == elsewhere
        assert take_lease(store, "example.net", new_owner(), now + timedelta(minutes=3)) is None


SECOND_CRAWL = """
import sys
from datetime import timedelta
from crawler.config import Config, CrawlConfig
from crawler.errors import GleaningsError
from crawler.runner import crawl
from crawler.seeds import Seed
from crawler.store import open_store
config = Config(crawl=CrawlConfig(allow_private_hosts=("127.0.0.1",), default_delay=timedelta(0)))
with open_store(sys.argv[1]) as store:
    seed = Seed(slug="a", name="A", url=sys.argv[2])
    crawl([seed], store, config=config)
    try:
        crawl([seed], store, config=config)
    except GleaningsError as error:
        print(error)
"""


def test_a_second_crawl_in_one_process_is_refused_clearly(tmp_path: Path) -> None:
    with serve_site(lambda exchange: story_page(exchange.path)) as site:
        command = [sys.executable, "-c", SECOND_CRAWL, f"sqlite:///{tmp_path / 'a.db'}", f"{site.url}/a"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "this process has crawled before" in done.stdout
    with opened(tmp_path / "a.db") as store:
        assert store.frontier.get_lease("127.0.0.1") is None


LIGHT = "import sys, crawler.runner; print([name for name in ('scrapy', 'twisted', 'starlette') if name in sys.modules])"


def test_importing_the_runner_loads_no_framework() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_crawl_that_is_killed_says_so(tmp_path: Path) -> None:
    def answer(exchange: Exchange) -> Reply:
        if exchange.path == "/robots.txt":
            return Reply(404)
        kill_children()
        return list_page([])

    with serve_site(answer) as site, pytest.raises(GleaningsError, match="signal 9"):
        crawl_site([Seed(slug="a", name="A", url=f"{site.url}/")], tmp_path / "a.db")


def kill_children() -> None:
    import multiprocessing

    for child in multiprocessing.active_children():
        if child.pid is not None:
            os.kill(child.pid, signal.SIGKILL)


@pytest.mark.usefixtures("fresh_interpreter")
def test_a_full_disk_ends_the_crawl_with_a_sentence_and_the_next_one_goes_on(tmp_path: Path) -> None:
    """No file of the child may grow beyond a bound, which is how a full disk looks from inside."""
    database = tmp_path / "a.db"
    platform = demo()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with serve_demo(platform) as url:
        seeds = seeds_of(platform, url)
        opened(database).close()
        resource.setrlimit(resource.RLIMIT_FSIZE, (database.stat().st_size + 150_000, before[1]))
        try:
            first = crawl_site(seeds, database)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        second = crawl_site(seeds, database)
        with opened(database) as store:
            n_stored = store.articles.count()
    assert first.exit_code in (1, 3)
    assert str(database) in str(first.publications[0].error)
    assert second.exit_code == 0
    assert n_stored == len(platform.stories())


# What is planned


def test_an_address_to_fetch_must_be_one() -> None:
    seed = Seed(slug="a", name="A", url="https://example.org/a")
    with open_store("sqlite://") as store, pytest.raises(ConfigError, match='"story" is not a web address'):
        crawl([seed], store, config=Config(), limits=CrawlLimits(urls=("story",)))


def test_an_address_of_no_publication_is_refused() -> None:
    seed = Seed(slug="a", name="A", url="https://example.org/a")
    with pytest.raises(FetchError, match="no publication"):
        seed_for("https://example.net/x", [seed])


def test_an_address_belongs_to_the_publication_with_the_longest_common_path() -> None:
    seeds = [Seed(slug=slug, name="A", url=f"https://example.org/{slug}") for slug in ("art", "arthur", "b")]
    assert seed_for("https://example.org/arthur/story", seeds).slug == "arthur"
    assert seed_for("https://example.org/art/story", seeds).slug == "art"


def test_publications_are_grouped_by_host() -> None:
    urls = ["https://a.org/1", "https://b.org/", "https://a.org/2"]
    seeds = [Seed(slug=f"s{n}", name="S", url=url) for n, url in enumerate(urls)]
    with open_store("sqlite://") as store:
        config = Config(contact_url="https://example.org/us")
        plans = plan_hosts(seeds, store, config=config, limits=CrawlLimits(), now=datetime.now(UTC))
    assert [(plan.host, len(plan.seeds)) for plan in plans] == [("a.org", 2), ("b.org", 1)]


def test_nothing_to_crawl_is_nothing_wrong() -> None:
    with open_store("sqlite://") as store:
        report = crawl([], store, config=Config())
    assert (report, report.exit_code) == (CrawlReport(), 0)


def test_without_a_config_the_one_around_the_current_folder_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gleanings.toml").write_text('[crawl]\nallow_private_hosts = ["127.0.0.1"]\n')
    monkeypatch.chdir(tmp_path)
    limits = CrawlLimits(dry_run=True)
    with open_store("sqlite://") as store:
        seed = Seed(slug="a", name="A", url="http://127.0.0.1:9/")
        report = crawl([seed], store, limits=limits)
        assert [each.publication for each in report.publications] == ["a"]
        monkeypatch.chdir(tmp_path.parent)
        with pytest.raises(ConfigError, match="contact_url"):
            crawl([Seed(slug="b", name="B", url="https://example.org/")], store, limits=limits)


def test_an_unknown_platform_is_a_clear_error(tmp_path: Path) -> None:
    with open_store("sqlite://") as store, pytest.raises(ConfigError, match="no platform"):
        crawl(
            [Seed(slug="a", name="A", url="http://127.0.0.1:9/", platform="nosuch")],
            store,
            config=Config(crawl=QUICK),
        )


# What is reported


def published(slug: str, *, error: str | None = None, **outcomes: int) -> PublicationReport:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    return PublicationReport(slug, moment, moment, outcomes, error=error)


@pytest.mark.parametrize(
    ("publications", "is_interrupted", "code"),
    [
        ((), False, 0),
        ((published("a", saved=1),), False, 0),
        ((published("a"),), False, 0),
        ((published("a", error="x"),), False, 1),
        ((published("a", error="x", saved=3),), False, 3),
        ((published("a", error="x"), published("b", error="y")), False, 1),
        ((published("a", error="x"), published("b")), False, 3),
        ((published("a", saved=1),), True, 3),
    ],
)
def test_the_exit_code_tells_how_it_went(
    publications: tuple[PublicationReport, ...], is_interrupted: bool, code: int
) -> None:
    assert CrawlReport(publications, is_interrupted).exit_code == code


def test_a_running_clock_counts_by_itself() -> None:
    seconds = [10.0]
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    now = running_clock(lambda: moment, timer=lambda: seconds[0])
    seconds[0] = 13.5
    assert now() == moment + timedelta(seconds=3.5)


# The vault


def keeping(workspace: Path) -> Config:
    return Config.model_construct(
        **{**dict(Config(crawl=QUICK.model_copy(update={"keep_pages": True}))), "workspace": workspace}
    )


def test_kept_pages_are_read_again_without_a_request(tmp_path: Path) -> None:
    platform = demo()
    config = keeping(tmp_path)
    with serve_demo(platform) as url:
        seeds = seeds_of(platform, url)
        crawl_site(seeds, tmp_path / "a.db", config=config)
        n_requests = platform.requests.count()
        with opened(tmp_path / "a.db") as store:
            assert store.kept.count() == n_requests - 1
            by_slug = {seed.slug: seed for seed in seeds}
            again = replay(store, config, seeds=by_slug)
            assert (again.n_pages, again.n_changed, again.comments_new, again.n_failed) == (
                n_requests - 1,
                0,
                0,
                0,
            )
        forget_headlines(tmp_path / "a.db")
        with opened(tmp_path / "a.db") as store:
            fixed = replay(store, config, seeds=by_slug, publication=seeds[0].slug)
            n_stories = len([each for each in platform.stories() if each.community == "01"])
            headlines = {article.headline for article in store.articles.iterate()}
        assert platform.requests.count() == n_requests
    assert fixed.fields["headline"] == fixed.n_changed == n_stories
    assert {story.headline for story in platform.stories() if story.community == "01"} < headlines
    assert fixed.exit_code == 0


def test_a_kept_page_that_was_cut_off_is_a_failure_and_the_rest_is_read(tmp_path: Path) -> None:
    def answer(exchange: Exchange) -> Reply:
        return list_page(["/s/story-1", "/s/story-2"]) if exchange.path == "/" else story_page(exchange.path)

    config = keeping(tmp_path)
    with serve_site(answer) as site:
        seed = Seed(slug="a", name="A", url=f"{site.url}/", platform="generic")
        crawl_site([seed], tmp_path / "a.db", config=config)
    [file] = config.pages_dir.glob("*.warc.gz")
    file.write_bytes(file.read_bytes()[:-40])
    with opened(tmp_path / "a.db") as store:
        again = replay(store, config, seeds={"a": seed})
    assert (again.n_failed, again.exit_code) == (1, 3)
    [said] = again.failures.values()
    assert f"the kept page in {file} is damaged" in said


def test_what_headers_asked_of_robots_survives_a_replay(tmp_path: Path) -> None:
    headers = {"X-Robots-Tag": "noarchive, otherbot: noindex, gleanings: noimageindex"}

    def answer(exchange: Exchange) -> Reply:
        if exchange.path == "/":
            return list_page(["/s/story-1"])
        reply = story_page(exchange.path) if exchange.path.startswith("/s/") else Reply(404)
        return Reply(reply.status, reply.body, {**reply.headers, **headers})

    config = keeping(tmp_path)
    with serve_site(answer) as site:
        seed = Seed(slug="a", name="A", url=f"{site.url}/", platform="generic")
        crawl_site([seed], tmp_path / "a.db", config=config)
    with opened(tmp_path / "a.db") as store:
        again = replay(store, config, seeds={"a": seed})
        (article,) = store.articles.iterate()
    assert article.robots == ["noarchive", "noimageindex"]
    assert (again.n_pages, again.n_changed) == (2, 0)


def test_a_site_whose_lists_never_say_what_its_stories_say_costs_no_more(tmp_path: Path) -> None:
    """Bodies and tags change at every request, and the list has short titles of its own."""
    stories = [f"/s/story-{n}" for n in range(30)]
    n_asked = 0

    def answer(exchange: Exchange) -> Reply:
        nonlocal n_asked
        n_asked += 1
        if exchange.path == "/robots.txt":
            return Reply(404)
        page = list_page(stories) if exchange.path == "/" else story_page(exchange.path)
        links = [f'<h2><a href="{path}">Read no. {n} of ours here</a></h2>' for n, path in enumerate(stories)]
        body = f"<main><h1>All</h1>{''.join(links)}</main>".encode() if exchange.path == "/" else page.body
        return Reply(200, body + b"<!-- %d -->" % n_asked, {**page.headers, "ETag": f'"{n_asked}"'})

    with serve_site(answer) as site:
        seed = Seed(slug="a", name="A", url=f"{site.url}/", platform="generic")
        assert crawl_site([seed], tmp_path / "a.db").articles_new == len(stories)
        n_before = len(site.requests)
        crawl_site([seed], tmp_path / "a.db")
        assert site.paths()[n_before:] == ["/robots.txt", "/"]


def forget_headlines(database: Path) -> None:
    """Leave the library as an older reader would have: with other headlines."""
    import sqlite3

    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE article SET headline = 'Misread', fingerprint = x'00'")


def test_a_vault_forgets_what_was_never_finished(tmp_path: Path) -> None:
    """A process killed while it wrote leaves half a record behind the last indexed one."""
    moment = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def answer(number: int) -> Answer:
        entry = FrontierEntry(url=f"http://x.y/{number}", role="article", publication="a")
        return Answer(entry, entry.url, 200, {"content-type": "text/html"}, b"<p>%d</p>" % number, moment)

    seed = Seed(slug="a", name="A", url="http://x.y/")
    with open_store("sqlite://") as store:
        store.publications.sync([seed])
        vault = Vault(tmp_path, "x.y:80", store.kept)
        for number in range(3):
            fetched = FrontierEntry(
                url=f"http://x.y/{number}", role="article", publication="a", outcome="saved"
            )
            store.save_pages([PageSave(seen_at=moment, fetched=fetched, kept=vault.keep(answer(number)))])
        vault.keep(answer(99))
        vault.close()
        (path,) = tmp_path.iterdir()
        with path.open("ab") as file:
            file.write(b"\x1f\x8b half a member")
        again = Vault(tmp_path, "x.y:80", store.kept)
        fetched = FrontierEntry(url="http://x.y/3", role="article", publication="a", outcome="saved")
        store.save_pages([PageSave(seen_at=moment, fetched=fetched, kept=again.keep(answer(3)))])
        again.close()
        places = [place for place, _ in store.kept.iterate()]
        kept_pages = [read_kept(tmp_path, place) for place in places]
        with path.open("rb") as file:
            whole = [page.body for page in read_warc(file)]
        assert whole == [b"<p>0</p>", b"<p>1</p>", b"<p>2</p>", b"<p>3</p>"]
        assert [page.body for page in kept_pages if page] == whole
        assert erase_kept(tmp_path, places[1])
        assert read_kept(tmp_path, places[1]) is None
        with path.open("rb") as file:
            assert b"".join(page.body for page in read_warc(file)) == b"<p>0</p><p>2</p><p>3</p>"
        assert b"<p>1</p>" not in path.read_bytes()


# Drift


def run_of(missing: dict[str, int], **outcomes: int) -> RunView:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    return RunView(1, "a", moment, moment, outcomes, missing, 0, 0, 0, None)


@pytest.mark.parametrize(
    ("latest", "history", "fields"),
    [
        ({"*": 50, "byline": 50}, {"*": 500, "byline": 10}, ["byline"]),
        ({"*": 50, "byline": 2}, {"*": 500, "byline": 10}, []),
        ({"*": 50, "dek": 30}, {"*": 500, "dek": 290}, []),
        ({"*": 9, "byline": 9}, {"*": 500}, []),
        ({"*": 50, "byline": 50}, {"*": 9}, []),
        ({}, {}, []),
        ({"*": 50, "a": 20, "b": 50}, {"*": 100}, ["b", "a"]),
    ],
)
def test_drift_is_measured_against_a_platforms_own_history(
    latest: dict[str, int], history: dict[str, int], fields: list[str]
) -> None:
    assert [drift.field for drift in find_drift([run_of(latest)], [run_of(history)])] == fields


def test_a_publication_without_a_history_is_held_against_what_its_platform_hardly_ever_lacks() -> None:
    latest = run_of({"*": 12, "hero": 12, "byline": 12})
    others = [run_of({"*": 50, "hero": 20, "byline": 1})]
    (drift,) = find_drift([latest], [], others=others)
    assert str(drift) == "byline is missing on 100% of 12 pages, where other publications lack it on 2%"
    assert find_drift([latest], [run_of({"*": 30, "hero": 30, "byline": 30})], others=others) == []
    (drift,) = find_drift([latest], [run_of({"*": 30, "byline": 30})], others=others)
    assert str(drift) == "hero is missing on 100% of 12 pages, where it used to be on 0%"


def test_runs_of_a_few_pages_tell_of_drift_together() -> None:
    few, none, many = run_of({"*": 4, "byline": 4}), run_of({}), run_of({"*": 50})
    assert enough_runs([none, few, few, none, few, many]) == [none, few, few, none, few]
    assert enough_runs([many, few]) == [many]
    assert enough_runs([none, few]) == [none, few]
    assert [each.field for each in find_drift(enough_runs([none, few, few, few]), [many])] == ["byline"]


def test_pages_without_headline_and_body_are_drift_too() -> None:
    (drift,) = find_drift([run_of({"*": 5}, layout_changed=45)], [run_of({"*": 100})])
    assert (drift.field, drift.share) == ("layout", 0.9)


def test_a_run_counts_the_pages_it_read(tmp_path: Path) -> None:
    platform = demo()
    with serve_demo(platform) as url:
        seed = seeds_of(platform, url)[0]
        crawl_site([seed], tmp_path / "a.db")
    with opened(tmp_path / "a.db") as store:
        run = store.runs.latest(seed.slug)
        assert run is not None
        assert run.missing[ALL_PAGES] == run.articles_new
