"""A site that grades its guest: every crawl of ours is judged by what the site saw, and the score is printed."""

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.config import Config, CrawlConfig
from crawler.errors import FetchError
from crawler.middlewares import Manners, PolitePace, RobotsRules, parse_robots
from crawler.runner import CrawlLimits
from crawler.seeds import Politeness, Seed
from crawler.store import open_store
from tests.crawling import Exchange, Reply, Site, crawl_site, list_page, serve_site, story_page

CONTACT = "https://example.org/about-our-crawler"


@dataclass
class Grader:
    """Answers like a site with many wishes, and remembers how they were met."""

    robots: str
    stories: list[str] = field(default_factory=lambda: [f"/s/story-{n}" for n in range(6)])
    throttled: dict[str, Callable[[], Reply]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    robots_status: int = 200

    def __call__(self, exchange: Exchange) -> Reply:
        path = exchange.path
        if path == "/robots.txt" and self.robots_status != 200:
            return Reply(self.robots_status, headers={"Retry-After": "3600"})
        if path == "/robots.txt":
            return Reply(body=self.robots.encode(), headers={"Content-Type": "text/plain"})
        if path in self.throttled and path not in self.seen:
            self.seen.add(path)
            return self.throttled[path]()
        if path == "/":
            reply = list_page([*self.stories, "/private/hidden", "/s/for-others-only"])
        elif path.startswith("/s/"):
            reply = story_page(path)
        else:
            return Reply(404)
        etag = f'W/"{path}, with a \\"quote"'
        reply.headers |= {"ETag": etag, "Last-Modified": "Sun, 01 Nov 2026 08:00:00 GMT"}
        if exchange.headers.get("if-none-match") == etag:
            return Reply(304, headers={"ETag": etag})
        return reply


def crawl_graded(grader: Grader, database: Path, *, delay: float = 0.0, patience: float = 10.0) -> Site:
    config = Config(
        contact_url=CONTACT,
        crawl=CrawlConfig(allow_private_hosts=("127.0.0.1",), default_delay=timedelta(seconds=delay)),
    )
    with serve_site(grader) as site:
        seed = Seed(slug="graded", name="Graded", url=f"{site.url}/", platform="generic")
        crawl_site([seed], database, config=config, limits=CrawlLimits(patience=timedelta(seconds=patience)))
        return site


ROBOTS = """
User-agent: *
Disallow: /

User-agent: otherbot
Allow: /

User-agent: Gleanings
Disallow: /private/
Disallow: /s/for-*-only$
{more}
"""

OTHERS_ROBOTS = """
User-agent: Glean
Disallow: /

User-agent: *
Disallow: /private/
"""


def gaps(site: Site) -> list[float]:
    return [
        later.at - earlier.at for earlier, later in pairwise(sorted(site.requests, key=lambda each: each.at))
    ]


def test_manners_are_graded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Print the score that the README quotes; each line is one of the issue's wishes."""
    score: dict[str, bool] = {}

    def dated() -> Reply:
        until = datetime.now(UTC) + timedelta(seconds=3)
        return Reply(503, headers={"Retry-After": format_datetime(until, usegmt=True)})

    plain = ROBOTS.format(more="")
    late = {"/s/story-1": lambda: Reply(429, headers={"Retry-After": "2"})}
    # Most of a polite crawl is waiting: all sites are crawled at once.
    with ThreadPoolExecutor(8) as pool:

        def crawling(name: str, robots: str, *, delay: float = 0.0, **wishes: Any) -> Future[Site]:
            grader = Grader(robots, **wishes)
            return pool.submit(crawl_graded, grader, tmp_path / f"{name}.db", delay=delay)

        delayed_crawl = crawling("delayed", ROBOTS.format(more="Crawl-delay: 0.4"))
        rated_crawl = crawling("rated", ROBOTS.format(more="Request-rate: 2/1"))
        own_crawl = crawling("own", plain, delay=0.3)
        # The next request may be on its way when an answer comes late: so far apart none is.
        asked_crawl = crawling("asked", plain, delay=0.3, throttled=late)
        dated_crawl = crawling("dated", plain, delay=0.3, throttled={"/s/story-1": dated})
        second_crawl = pool.submit(crawl_twice, tmp_path / "twice.db")
        refused_crawl = crawling("refused", plain, robots_status=503)
        walled_crawl = crawling("walled", OTHERS_ROBOTS)

    delayed = delayed_crawl.result()
    score["robots.txt is asked for first"] = delayed.paths()[0] == "/robots.txt"
    score["robots.txt is asked for once"] = delayed.paths().count("/robots.txt") == 1
    score["the group of our own name is obeyed"] = "/s/story-0" in delayed.paths()
    score["Disallow is obeyed"] = "/private/hidden" not in delayed.paths()
    score["Disallow with wildcards is obeyed"] = "/s/for-others-only" not in delayed.paths()
    score["Crawl-delay is kept"] = min(gaps(delayed)) >= 0.4
    agents = {each.headers.get("user-agent", "") for each in delayed.requests}
    score["every request names us and the contact"] = all(
        agent.startswith("Gleanings/") and f"(+{CONTACT})" in agent for agent in agents
    )
    score["no cookie and no referer is sent"] = not any(
        {"cookie", "referer"} & each.headers.keys() for each in delayed.requests
    )
    score["Request-rate is kept"] = min(gaps(rated_crawl.result())) >= 0.5
    score["our own delay is kept"] = min(gaps(own_crawl.result())) >= 0.3

    asked = asked_crawl.result()
    score["Retry-After in seconds is kept"] = waits_after(asked, "/s/story-1") >= 2
    score["429 is not final"] = asked.paths().count("/s/story-1") == 2

    dated_site = dated_crawl.result()
    score["Retry-After as a date is kept"] = waits_after(dated_site, "/s/story-1") >= 1.9
    score["503 is not final"] = dated_site.paths().count("/s/story-1") == 2

    again = second_crawl.result()
    score["both validators come back verbatim"] = validators_of(again) == {
        ('W/"/, with a \\"quote"', "Sun, 01 Nov 2026 08:00:00 GMT")
    }
    score["a second visit asks only for what is due"] = len(again) == 2

    refused_site = refused_crawl.result()
    score["a failing robots.txt forbids for now"] = set(refused_site.paths()) == {"/robots.txt"}
    score["Retry-After of robots.txt is kept"] = len(refused_site.paths()) == 1
    score["a group for a name that ours begins with is not ours"] = (
        "/s/story-0" in walled_crawl.result().paths()
    )

    summary = f"manners: {sum(score.values())} of {len(score)}"
    with capsys.disabled():
        lines = [f"{'met   ' if is_met else 'MISSED'} {wish}" for wish, is_met in score.items()]
        sys.stdout.write("\n".join(["", *lines, summary, ""]))
    assert [wish for wish, is_met in score.items() if not is_met] == []
    assert f"{summary}." in (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def waits_after(site: Site, path: str) -> float:
    """Seconds between the answer that asked to be left alone and the next request to the host."""
    asked_at = next(each.at for each in site.requests if each.path == path and each.status in (429, 503))
    return min(each.at - asked_at for each in site.requests if each.at > asked_at)


def crawl_twice(database: Path) -> list[Exchange]:
    """The requests of a second crawl of an unchanged site."""
    config = Config(
        contact_url=CONTACT, crawl=CrawlConfig(allow_private_hosts=("127.0.0.1",), default_delay=timedelta(0))
    )
    with serve_site(Grader(ROBOTS.format(more=""))) as site:
        seed = Seed(slug="graded", name="Graded", url=f"{site.url}/", platform="generic")
        crawl_site([seed], database, config=config)
        n_before = len(site.requests)
        crawl_site([seed], database, config=config)
        return site.requests[n_before:]


def validators_of(exchanges: list[Exchange]) -> set[tuple[str, str]]:
    return {
        (each.headers.get("if-none-match", ""), each.headers.get("if-modified-since", ""))
        for each in exchanges
        if each.path != "/robots.txt"
    }


@pytest.mark.parametrize(("status", "n_pages"), [(404, 7), (403, 7), (500, 0), (503, 0), (429, 0)])
def test_a_missing_robots_txt_allows_and_a_broken_one_forbids(
    status: int, n_pages: int, tmp_path: Path
) -> None:
    stories = [f"/s/story-{n}" for n in range(6)]

    def answer(exchange: Exchange) -> Reply:
        if exchange.path == "/robots.txt":
            return Reply(status)
        return list_page(stories) if exchange.path == "/" else story_page(exchange.path)

    with serve_site(answer) as site:
        seed = Seed(slug="a", name="A", url=f"{site.url}/", platform="generic")
        report = crawl_site([seed], tmp_path / "a.db", limits=CrawlLimits(patience=timedelta(seconds=1)))
        assert len([path for path in site.paths() if path != "/robots.txt"]) == n_pages
    assert (report.exit_code == 0) is (n_pages > 0)


def test_a_long_pause_ends_the_run_and_binds_the_next(tmp_path: Path) -> None:
    grader = Grader("", throttled={"/": lambda: Reply(429, headers={"Retry-After": "600"})})
    with serve_site(grader) as site:
        seed = Seed(slug="a", name="A", url=f"{site.url}/", platform="generic")
        first = crawl_site([seed], tmp_path / "a.db")
        n_asked = len(site.requests)
        second = crawl_site([seed], tmp_path / "a.db")
        assert len(site.requests) == n_asked
    assert "asked to be left alone" in str(first.publications[0].error)
    assert "asked to be left alone" in str(second.publications[0].error)
    assert first.outcomes == {"later": 1}
    with open_store(f"sqlite:///{tmp_path / 'a.db'}") as store:
        entry = store.frontier.get([seed.url])[seed.url]
    assert entry.due_at is not None
    assert entry.fetched_at is not None
    assert entry.due_at - entry.fetched_at >= timedelta(seconds=600)


def test_publications_of_one_host_share_its_pace(tmp_path: Path) -> None:
    grader = Grader("")
    with serve_site(grader) as site:
        seeds = [
            Seed(
                slug=f"p{n}",
                name="P",
                url=f"{site.url}/?n={n}",
                platform="generic",
                politeness=Politeness(delay=timedelta(seconds=0.2)),
            )
            for n in range(2)
        ]
        crawl_site(
            seeds,
            tmp_path / "a.db",
            limits=CrawlLimits(urls=tuple(f"{site.url}/s/story-{n}" for n in range(5))),
        )
        assert min(gaps(site)) >= 0.2


def test_rules_know_our_name_whatever_its_case() -> None:
    rules = parse_robots(200, b"User-agent: gleanings\nDisallow: /a\nCrawl-delay: 2\nRequest-rate: 1/5")
    assert rules.delay("Gleanings") == 5
    with pytest.raises(OSError, match="forbidden"):
        rules.check("https://x.y/a", "Gleanings")


def test_rules_of_an_unreadable_file_allow() -> None:
    assert parse_robots(200, b"\xff\xfe\x00<html>").delay("Gleanings") == 0
    RobotsRules().check("https://x.y/a", "Gleanings")


def test_a_pace_is_only_ever_raised() -> None:
    pace = PolitePace(1.0)
    pace.raise_delay(0.5)
    assert pace.delay == 1.0
    pace.raise_delay(2.0)
    assert pace.delay == 2.0


def test_manners_keep_one_pace_a_host() -> None:
    manners = Manners("Gleanings", lambda _: 1.0)
    assert manners.pace("a") is manners.pace("a")
    manners.pause("a", 1_000)
    assert 900 < manners.pace("a").paused_for <= 1_000
    assert manners.pace("b").paused_for == 0


@pytest.mark.parametrize(
    ("named", "is_ours"),
    [
        ("Gleanings", True),
        ("gleanings/1.0", True),
        ("GLEANINGS (a crawler)", True),
        ("Glean", False),
        ("Gleanings-Images", False),
        ("g", False),
    ],
)
@pytest.mark.parametrize("spelling", ["User-agent: {}", "user agent : {}", "USERAGENT {}"])
def test_a_group_is_ours_by_its_whole_product_token(named: str, is_ours: bool, spelling: str) -> None:
    rules = parse_robots(200, f"{spelling.format(named)}\nDisallow: /\nCrawl-delay: 7\n".encode())
    assert (rules.delay("Gleanings") == 7) is is_ours
    assert rules.parser is not None
    if is_ours:
        with pytest.raises(FetchError, match=r"forbidden by robots\.txt"):
            rules.check("https://x.example/a", "Gleanings")
    else:
        rules.check("https://x.example/a", "Gleanings")


def test_of_an_endless_robots_txt_the_beginning_counts(tmp_path: Path) -> None:
    stories = [f"/s/story-{n}" for n in range(3)]
    robots = b"User-agent: *\nDisallow: /s/story-1\n" + b"# and so on\n" * 800_000

    def answer(exchange: Exchange) -> Reply:
        if exchange.path == "/robots.txt":
            return Reply(body=robots)
        return list_page(stories) if exchange.path == "/" else story_page(exchange.path)

    with serve_site(answer) as site:
        seed = Seed(slug="a", name="A", url=f"{site.url}/", platform="generic")
        report = crawl_site([seed], tmp_path / "a.db")
    assert len(robots) > 8 * 1024 * 1024
    assert sorted(site.paths()) == ["/", "/robots.txt", "/s/story-0", "/s/story-2"]
    assert report.outcomes == {"saved": 3, "blocked": 1}


def test_a_robots_txt_that_asks_for_quiet_binds_the_next_run(tmp_path: Path) -> None:
    grader = Grader("", robots_status=429)
    with serve_site(grader) as site:
        seed = Seed(slug="a", name="A", url=f"{site.url}/", platform="generic")
        first = crawl_site([seed], tmp_path / "a.db")
        second = crawl_site([seed], tmp_path / "a.db")
        assert site.paths() == ["/robots.txt"]
    assert "asked to be left alone" in str(first.publications[0].error)
    assert "asked to be left alone" in str(second.publications[0].error)


@pytest.mark.parametrize("delay", ["3600", "1e308"])
def test_a_run_ends_in_time_though_its_pages_wait_for_their_turn(tmp_path: Path, delay: str) -> None:
    robots = Reply(body=f"User-agent: *\nCrawl-delay: {delay}\n".encode())
    with serve_site(lambda exchange: robots if exchange.path == "/robots.txt" else list_page([])) as site:
        seed = Seed(slug="a", name="A", url=f"{site.url}/", platform="generic")
        limits = CrawlLimits(patience=timedelta(seconds=1), max_time=timedelta(seconds=2))
        report = crawl_site([seed], tmp_path / "a.db", limits=limits)
        assert site.paths() == ["/robots.txt"]
        with open_store(f"sqlite:///{tmp_path / 'a.db'}") as store:
            [entry] = store.frontier.get([seed.url]).values()
    assert "longer waits between two requests than a crawl lasts" in str(report.publications[0].error)
    assert (entry.outcome, entry.attempts) == (None, 0)


def test_a_run_that_has_taken_its_time_leaves_the_rest_to_the_next(tmp_path: Path) -> None:
    robots = Reply(body=b"User-agent: *\nCrawl-delay: 1.5\n")

    def answer(exchange: Exchange) -> Reply:
        if exchange.path == "/robots.txt":
            return robots
        links = [f"/stories/{number}" for number in range(8)]
        return list_page(links) if exchange.path == "/" else story_page(exchange.path)

    with serve_site(answer) as site:
        seed = Seed(slug="a", name="A", url=f"{site.url}/", platform="generic")
        limits = CrawlLimits(max_time=timedelta(seconds=4))
        report = crawl_site([seed], tmp_path / "a.db", limits=limits)
        n_fetched = len(site.requests) - 1
    assert (report.exit_code, report.publications[0].error) == (0, None)
    assert report.outcomes == {"saved": n_fetched}
    assert n_fetched < 5


@pytest.mark.parametrize("status", [429, None])
def test_another_host_that_a_site_redirects_to_ends_no_crawl(tmp_path: Path, status: int | None) -> None:
    """It asks to be left alone for an hour, or nobody answers there."""
    links = [f"/stories/{number:02}" for number in range(15)]
    wish = Reply(status or 404, headers={"Retry-After": "3600"})
    with serve_site(lambda exchange: Reply(404) if exchange.path == "/robots.txt" else wish) as other:
        target = f"{other.url}/story" if status is not None else "http://127.0.0.1:9/story"

        def answer(exchange: Exchange) -> Reply:
            if exchange.path in ("/", "/robots.txt"):
                return list_page(links) if exchange.path == "/" else Reply(404)
            is_here = exchange.path == links[-1]
            return story_page(exchange.path) if is_here else Reply(302, headers={"Location": target})

        with serve_site(answer) as site:
            seed = Seed(slug="a", name="A", url=f"{site.url}/", platform="generic")
            limits = CrawlLimits(patience=timedelta(0))
            report = crawl_site([seed], tmp_path / "a.db", limits=limits)
    assert (report.articles_new, report.publications[0].error) == (1, None)
    assert report.outcomes == {"saved": 2, "later": 14}
    assert len(other.requests) <= 1 + 14 * (status is not None)
