"""Stories that go, come back, or stand at another address: what crawls of a changing site make of them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from pathlib import Path

from crawler.config import Config
from crawler.runner import CrawlLimits, CrawlReport, crawl_in_process
from crawler.seeds import Seed
from crawler.store import open_store
from crawler.store.views import ArticleFilter, ArticleView, FrontierEntry, PageSave
from tests.crawling import QUICK, Exchange, Reply, Site, html, list_page, serve_site
from tests.samples import make_page, prose


@dataclass(frozen=True)
class Later:
    """The real clock, so much later; pickles."""

    by: timedelta

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.by


@dataclass
class Changing:
    """A site whose pages a test exchanges; answers 304 to who has the page."""

    pages: dict[str, Reply] = field(default_factory=dict)
    by: timedelta = timedelta(0)

    def answer(self, exchange: Exchange) -> Reply:
        reply = self.pages.get(exchange.path, Reply(404))
        headers = {"date": format_datetime(datetime.now(UTC) + self.by, usegmt=True), **reply.headers}
        if reply.status != 200:
            return Reply(reply.status, reply.body, headers)
        headers["ETag"] = f'"{blake2b(reply.body, digest_size=8).hexdigest()}"'
        is_known = exchange.headers.get("if-none-match") == headers["ETag"]
        return Reply(304, b"", headers) if is_known else Reply(200, reply.body, headers)

    def crawl(self, site: Site, folder: Path, *rooms: str, days: float = 0) -> CrawlReport:
        """Crawl the rooms of the site so many days later."""
        self.by += timedelta(days=days)
        site.requests.clear()
        return crawl_in_process(
            [
                Seed.model_validate({"slug": room, "name": room, "url": f"{site.url}/{room}"})
                for room in rooms
            ],
            database(folder),
            config=Config(crawl=QUICK),
            limits=CrawlLimits(patience=timedelta(seconds=5)),
            clock=Later(self.by),
        )


def database(folder: Path) -> str:
    return f"sqlite:///{folder / 'library.db'}"


def articles(folder: Path) -> list[ArticleView]:
    """All that is kept, gone ones too, in the order in which they were met."""
    with open_store(database(folder)) as store:
        found = store.articles.list(ArticleFilter(with_gone=True), limit=100).items
        return [store.articles.get(number) for number in sorted(each.id for each in found)]


def story(headline: str, seed: int, *, head: str = "") -> Reply:
    """A story; the same seed gives the same text."""
    words = "".join(f"<p>{part}</p>" for part in prose(seed, 3))
    return html(
        f'<html lang="en"><head><title>{headline}</title><meta property="og:type" content="article">{head}'
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"Article",'
        f'"headline":"{headline}","datePublished":"2026-11-01T08:00:00Z",'
        '"author":{"@type":"Person","name":"Ann Lee"}}</script></head>'
        f"<body><main><article><h1>{headline}</h1><p>By Ann Lee</p>{words}</article></main></body></html>"
    )


def test_a_story_that_comes_back_as_it_was_is_back(tmp_path: Path) -> None:
    site = Changing({"/poems": list_page(["/poems/a"]), "/poems/a": story("The tide", 1)})
    with serve_site(site.answer) as served:
        site.crawl(served, tmp_path, "poems")
        taken = site.pages.pop("/poems/a")
        site.crawl(served, tmp_path, "poems", days=20)
        assert [each.change for each in articles(tmp_path)] == ["gone"]
        site.pages["/poems/a"] = taken
        report = site.crawl(served, tmp_path, "poems", days=3)
    assert report.articles_changed == 1
    assert [each.change for each in articles(tmp_path)] == ["back"]


def test_a_story_that_moved_without_a_redirect_is_found_where_it_is(tmp_path: Path) -> None:
    site = Changing({"/poems": list_page(["/poems/a"]), "/tales": list_page(["/tales/b"])})
    site.pages |= {"/poems/a": story("The tide", 1), "/tales/b": story("On bread", 2)}
    with serve_site(site.answer) as served:
        site.crawl(served, tmp_path, "poems", "tales")
        site.pages |= {"/tales/a": site.pages.pop("/poems/a"), "/tales": list_page(["/tales/a", "/tales/b"])}
        site.crawl(served, tmp_path, "poems", "tales", days=2)
        site.crawl(served, tmp_path, "poems", "tales", days=20)
        assert "/poems/a" in served.paths()
    kept = {each.headline: (each.change, each.url) for each in articles(tmp_path)}
    assert kept["The tide"] == ("back", f"{served.url}/tales/a")
    assert kept["On bread"] == ("new", f"{served.url}/tales/b")


def test_a_library_that_waits_for_a_story_to_change_reads_it_again(store, now) -> None:
    """As libraries do that were filled while validators outlived their page."""
    page = make_page(1)
    entry = FrontierEntry(page.article.url, "article", "p", etag='"a"', outcome="saved", fetched_at=now)
    store.save_pages([replace(page, fetched=entry)])
    for outcome in ("gone", "unchanged"):
        now += timedelta(days=1)
        entry = replace(entry, outcome=outcome, fetched_at=now, due_at=now + timedelta(days=9))
        store.save_pages([PageSave(now, fetched=entry)])
    [found] = store.frontier.get([entry.url]).values()
    assert (found.etag, found.due_at, found.outcome) == (None, now, "unchanged")


def moved(target: str, status: int = 301) -> Reply:
    return Reply(status, b"", {"Location": target})


def test_a_story_whose_address_leads_to_nothing_is_gone(tmp_path: Path) -> None:
    """To another story, to no page, or to the list above it; a passing redirect upwards tells nothing yet."""
    names = ("other", "nothing", "list", "home", "shop", "stays")
    paths = {name: f"/poems/{name}" for name in names}
    site = Changing({path: story(f"The {name}", seed) for seed, (name, path) in enumerate(paths.items())})
    site.pages |= {"/poems": list_page([*paths.values()]), "/": html("<title>Home</title><p>Welcome.</p>")}
    with serve_site(site.answer) as served:
        site.crawl(served, tmp_path, "poems")
        targets = {"other": "/poems/stays", "nothing": "/poems/void", "list": "/poems", "home": "/"}
        site.pages |= {paths[name]: moved(target) for name, target in targets.items()}
        site.pages[paths["shop"]] = moved("/", 302)
        site.crawl(served, tmp_path, "poems", days=20)
        changes = {each.headline: each.change for each in articles(tmp_path)}
        with open_store(database(tmp_path)) as store:
            entry = store.frontier.get([f"{served.url}/poems/stays"]).popitem()[1]
            assert entry.article_id == store.articles.find(entry.url).id
        assert changes == dict.fromkeys((f"The {name}" for name in targets), "gone") | {
            "The shop": "new",
            "The stays": "new",
        }
        site.pages[paths["list"]] = story("The list", 2)
        site.crawl(served, tmp_path, "poems", days=2)
        changes = {each.headline: each.change for each in articles(tmp_path)}
    assert changes["The list"] == "back"


def test_where_else_a_story_stood_is_looked_at_when_it_is_gone(store, now) -> None:
    home = make_page(1, seen_at=now)
    url = "https://stories.example/poets/story-1"
    copied = home.article.model_copy(update={"url": url, "canonical_url": url, "publication": "poets"})
    entries = [
        FrontierEntry(page.url, "article", "p", etag='"a"', outcome="saved", due_at=now + timedelta(days=9))
        for page in (home.article, copied)
    ]
    store.save_pages([replace(home, fetched=entries[0]), replace(home, article=copied, fetched=entries[1])])
    later = now + timedelta(days=1)
    gone = replace(entries[0], outcome="gone", fetched_at=later, due_at=later + timedelta(days=2))
    [report] = store.save_pages([PageSave(later, fetched=gone)])
    kept = store.frontier.get([each.url for each in entries])
    assert report.change == "gone"
    assert (kept[url].etag, kept[url].due_at) == (None, later)
    assert kept[entries[0].url].due_at == gone.due_at
    [report] = store.save_pages([replace(home, seen_at=later, article=copied, fetched=entries[1])])
    assert (report.change, store.articles.get(report.article_id).url) == ("back", url)
