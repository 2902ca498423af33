"""Feeds as feed readers see them: the same entries in all, and never an old one as new, over a year of edits."""

import json
import random
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta

import feedparser
import pytest

from crawler.store.views import FrontierEntry, PageSave
from plugin.errors import NothingToPublish
from plugin.publishing import make_issue
from plugin.server.app import create_app
from tests.samples import LANTERN, NOW, SITE, make_library, make_page, prose
from tests.serving import SiteClient, serving

FEEDS = (
    "/digests/lantern/feed.rss",
    "/digests/lantern/feed.atom",
    "/publications/stories-fiction/feed.rss",
    "/publications/stories-fiction/feed.atom",
)


WEEKS = 52


def key_of(entry) -> str:
    """Return what a feed reader knows an entry by: its id, else its link, else its title."""
    return entry.get("id") or entry.get("link") or entry.title


class Subscriber:
    """A feed reader that asks conditionally and remembers what it has shown."""

    def __init__(self, client, path):
        self.client = client
        self.path = path
        self.etag = None
        self.known: dict[str, dict] = {}
        self.shown: list[str] = []
        self.updates: list[tuple[str, str]] = []

    def fetch(self):
        headers = {"if-none-match": self.etag} if self.etag else {}
        response = self.client.get(self.path, headers=headers)
        if response.status_code == 304:
            return
        assert response.status_code == 200
        self.etag = response.headers["etag"]
        parsed = feedparser.parse(response.content, sanitize_html=False, resolve_relative_uris=False)
        assert not parsed.bozo
        assert len({key_of(entry) for entry in parsed.entries}) == len(parsed.entries)
        assert len({entry.updated for entry in parsed.entries}) == len(parsed.entries)
        for entry in parsed.entries:
            key = key_of(entry)
            if key not in self.known:
                self.shown.append(key)
            elif self.known[key]["updated"] != entry.updated:
                assert entry.updated > self.known[key]["updated"], "an update never goes back"
                self.updates.append((key, entry.updated))
            self.known[key] = entry


class Platform:
    """A year of stories on one platform, edited, moved and taken down as on a real one."""

    def __init__(self, archive, seed):
        self.archive = archive
        self.dice = random.Random(seed)
        self.stories: dict[int, dict] = {}
        self.ids: dict[int, int] = {}
        self.gone: set[int] = set()
        self.substantive: dict[int, int] = {}

    def crawl(self, number, moment):
        page = make_page(number, seen_at=moment, comments=moment.day % 4, **self.stories[number])
        (report,) = self.archive.store.save_pages([page])
        if number in self.ids:
            assert report.article_id == self.ids[number], "the same story, whatever was edited"
        self.ids[number] = report.article_id
        return report

    def live_a_week(self, week, moment):
        for number in range(week * 4, week * 4 + 4):
            published = moment - timedelta(days=self.dice.randrange(3))
            self.stories[number] = {
                "published_at": published,
                "published_bounds": (published, published),
                "headline": f"{self.dice.choice(('Moss', 'Tide', 'Rust', 'Salt'))}, week {week}, {number}",
            }
            self.crawl(number, moment)
        living = [number for number in self.stories if number not in self.gone]
        for number in self.dice.sample(living, min(8, len(living))):
            self.edit(number, self.dice.randrange(5), moment + timedelta(days=1))
        for number in self.dice.sample(living, min(5, len(living))):
            if number not in self.gone:
                self.crawl(number, moment + timedelta(days=2))

    def edit(self, number, kind, moment):
        story = self.stories[number]
        page = make_page(number, **story)
        if kind == 0:
            story["body_text"] = page.article.body_text.replace("somebody", "somebodie", 1)
            story["body_html"] = page.article.body_html.replace("somebody", "somebodie", 1)
        elif kind == 1:
            body = prose(number + 10_000 * self.dice.randrange(1, 9), 9)
            story["body_text"] = "\n\n".join(body)
            story["body_html"] = "".join(f"<p>{part}</p>" for part in body)
        elif kind == 2:
            slug = f"{SITE}/moved/{number}-{self.dice.randrange(10**6)}"
            story["url"] = story["canonical_url"] = slug
        elif kind == 3:
            story["headline"] = f"{page.article.headline} (revised)"
        elif self.dice.random() < 0.3:
            url = page.article.url
            place = FrontierEntry(
                url=url,
                role="article",
                publication=page.article.publication,
                article_id=self.ids[number],
                outcome="gone",
                fetched_at=moment,
            )
            self.archive.store.save_pages([PageSave(seen_at=moment, fetched=place)])
            self.gone.add(number)
            return
        report = self.crawl(number, moment)
        if report.change in ("substantive", "back"):
            self.substantive[number] = self.substantive.get(number, 0) + 1


@pytest.mark.slow
def test_over_a_year_no_old_entry_comes_as_new(tmp_path):
    with make_library(f"sqlite:///{tmp_path / 'library.db'}", n_articles=1, issues=0) as archive:
        client = SiteClient(create_app(archive, digests=[LANTERN]))
        subscribers = {path: Subscriber(client, path) for path in FEEDS}
        platform = Platform(archive, seed=1)
        for week in range(WEEKS):
            moment = NOW + timedelta(weeks=week)
            platform.live_a_week(week, moment)
            with suppress(NothingToPublish):
                make_issue(archive, LANTERN, now=moment + timedelta(days=3))
            for subscriber in subscribers.values():
                subscriber.fetch()
        key = f":{archive.store.library.key}/articles/"
        for path, subscriber in subscribers.items():
            # Each story is shown as new once, and its name is its row's.
            assert len(subscriber.shown) == len(set(subscriber.shown)) >= 40
            assert all(key in guid for guid in subscriber.shown)
            if path.startswith("/digests/"):
                # What an issue quotes is frozen.
                assert subscriber.updates == []
        for path in FEEDS[2:]:
            rows = {f"{guid_number}": number for number, guid_number in platform.ids.items()}
            for guid, _ in subscribers[path].updates:
                number = rows[guid.rpartition("/")[2]]
                assert platform.substantive.get(number), "only a change of substance is an update"
            assert subscribers[path].updates


def entries_of(content: bytes) -> list[tuple]:
    """Return what an RSS or Atom feed says, as plain values."""
    return [
        (
            entry.id,
            entry.title,
            entry.link,
            ", ".join(author["name"] for author in entry.authors),
            datetime(*entry.published_parsed[:6], tzinfo=UTC),
            datetime(*entry.updated_parsed[:6], tzinfo=UTC),
            [tag.term for tag in entry.tags],
            entry.content[0].value,
        )
        for entry in feedparser.parse(content, sanitize_html=False, resolve_relative_uris=False).entries
    ]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A library with two issues."""
    path = tmp_path_factory.mktemp("readers") / "library.db"
    with make_library(f"sqlite:///{path}", n_articles=16, issues=2) as archive:
        yield archive


def test_all_formats_say_the_same(shelf):
    client = SiteClient(create_app(shelf, digests=[LANTERN]))
    rss, atom, items = (
        client.get(f"/digests/lantern/feed.{ending}").content for ending in ("rss", "atom", "json")
    )
    assert entries_of(rss) == entries_of(atom)
    told = [
        (
            item["id"],
            item["title"],
            item["url"],
            ", ".join(author["name"] for author in item["authors"]),
            datetime.fromisoformat(item["date_published"]).replace(microsecond=0),
            datetime.fromisoformat(item["date_modified"]).replace(microsecond=0),
            item["tags"],
            item["content_html"],
        )
        for item in json.loads(items)["items"]
    ]
    assert told == entries_of(rss)


def test_the_reader_library_reads_the_same(shelf):
    reader = pytest.importorskip("reader", reason="the reader library is not installed")
    pytest.importorskip("sgmllib", reason="the reader library lacks sgmllib3k")
    app = create_app(shelf, digests=[LANTERN])
    with serving(app) as url, reader.make_reader(":memory:") as library:
        read = {}
        for ending in ("rss", "atom", "json"):
            feed = f"{url}/digests/lantern/feed.{ending}"
            library.add_feed(feed)
            library.update_feed(feed)
            assert library.get_feed(feed).last_exception is None
            read[ending] = {
                entry.id: (entry.title, entry.link, entry.authors_str, entry.published.replace(microsecond=0))
                for entry in library.get_entries(feed=feed)
            }
            # A second look is answered from memory.
            assert library.update_feed(feed) is None
    told = entries_of(SiteClient(app).get("/digests/lantern/feed.rss").content)
    assert read["rss"] == {guid: (title, link, names, date) for guid, title, link, names, date, *_ in told}
    assert read["rss"] == read["atom"] == read["json"]
    assert app.metrics.requests["digest_feed", 304] == 3


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_newsboat_reads_the_same_and_is_told_when_nothing_is_new(shelf, tmp_path, ending):
    newsboat = shutil.which("newsboat")
    if newsboat is None:
        pytest.skip("newsboat is not installed")
    app = create_app(shelf, digests=[LANTERN])
    with serving(app) as url:
        (tmp_path / "urls").write_text(f"{url}/digests/lantern/feed.{ending}\n")
        (tmp_path / "config").write_text("show-read-feeds yes\n")
        command = [newsboat, "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"]
        home = {"HOME": str(tmp_path), "LANG": "C.UTF-8"}
        # It keeps the validators of its second fetch only.
        for _ in range(3):
            subprocess.run(command, cwd=tmp_path, check=True, timeout=120, env=home)
    assert app.metrics.requests["digest_feed", 304] == 1
    with closing(sqlite3.connect(tmp_path / "cache.db")) as cache:
        read = set(cache.execute("SELECT guid, title, url, author, pubDate FROM rss_item"))
    told = entries_of(SiteClient(app).get("/digests/lantern/feed.rss").content)
    assert read == {
        (guid, title, link, names, int(published.timestamp()))
        for guid, title, link, names, published, *_ in told
    }
