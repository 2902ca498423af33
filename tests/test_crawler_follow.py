"""Following: what an address is, what is written of it, and what is refused; over HTTP on loopback."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

import cli
from crawler.config import load_config
from crawler.demo import DemoOptions, Faults, serve_demo
from crawler.errors import ConfigError, FetchError, SeedError
from crawler.runner.enrolling import append_publication, check_double, load_known, locked, make_slug
from crawler.runner.fetched import FetchedPage
from crawler.runner.fetching import open_fetcher
from crawler.runner.following import check_reach, find_publication
from crawler.runner.planning import parse_address
from crawler.runner.recognizing import Candidate, Recognition, clean_name
from crawler.seeds import load_seed_file
from tests.crawling import Exchange, Reply, Site, crawl_site, demo, html, list_page, serve_site, story_page

LOOPBACK = '[crawl]\nallow_private_hosts = ["127.0.0.1"]\ndefault_delay = "0s"\n'
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Tide Notes</title><language>en-GB</language>'
    "<item><title>One</title><link>{base}/2026/10/one</link></item>"
    "<item><title>Two</title><link>{base}/2026/10/two</link></item></channel></rss>"
)
SITEMAP = (
    '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<url><loc>{base}/2026/10/one</loc></url></urlset>"
)
FEED_LINK = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
STORIES = [f"/2026/10/story-{number}" for number in range(6)]


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that may ask loopback, as the current folder."""
    (tmp_path / "gleanings.toml").write_text(LOOPBACK)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def fetcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], FetchedPage]]:
    """One process that fetches for all tests: starting Scrapy takes longer than any of them."""
    config = load_config(
        tmp_path_factory.mktemp("fetcher"),
        options={"crawl": tomllib.loads(LOOPBACK)["crawl"], "contact_url": "https://a.example/bot"},
    )
    with open_fetcher(config) as fetch:
        yield fetch


@pytest.fixture
def gleanings(
    workspace: Path,
    fetcher: Callable[[str], FetchedPage],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Run]:
    """Return a function that runs the command line in the workspace, fetching through the shared process."""

    @contextmanager
    def shared(_: object) -> Iterator[Callable[[str], FetchedPage]]:
        yield fetcher

    monkeypatch.setattr("crawler.runner.following.open_fetcher", shared)

    def run(*args: str) -> Run:
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main(list(args))
        captured = capsys.readouterr()
        return Run(int(end.value.code or 0), captured.out, captured.err)

    return run


def followed(workspace: Path) -> list[dict[str, object]]:
    path = workspace / "seeds" / "followed.toml"
    return tomllib.loads(path.read_text())["publication"] if path.exists() else []


def refuses(run: Run, *, code: int, says: str) -> None:
    """Hold a refusal to the promise: its exit code, one sentence."""
    assert (run.code, run.out) == (code, ""), run.err
    assert len(run.err.strip().splitlines()) == 1, run.err
    assert run.err.startswith("Error: ")
    assert says in run.err


def pages(answers: Mapping[str, Reply | str]) -> Callable[[Exchange], Reply]:
    """Answer by path, 404 elsewhere; {base} in a text is the site's own address."""

    def answer(exchange: Exchange) -> Reply:
        found = answers.get(exchange.path)
        if found is None:
            return Reply(404, b"nothing here")
        if isinstance(found, str):
            base = f"http://{exchange.headers['host']}"
            kind = "application/xml" if found.startswith("<?xml") else "text/html"
            return Reply(body=found.replace("{base}", base).encode(), headers={"Content-Type": kind})
        return found

    return answer


@contextmanager
def site(answers: Mapping[str, Reply | str]) -> Iterator[Site]:
    with serve_site(pages(answers)) as served:
        yield served


def with_head(extra: str, body: str = "<p>Welcome.</p>") -> str:
    return f'<html lang="de"><head><title>Tide House</title>{extra}</head><body>{body}</body></html>'


# What an address is.


@pytest.fixture(scope="module")
def platform(
    fetcher: Callable[[str], FetchedPage],
) -> Iterator[tuple[str, Callable[[str], Recognition]]]:
    """The demo platform's address, and a function that looks at a path of it."""
    with serve_demo(demo()) as url:
        yield url, lambda path: find_publication(url + path, fetcher)


@pytest.mark.parametrize(
    ("path", "kind", "name", "canonical"),
    [
        ("/theHarbor", "community", "The Harbor", "/theHarbor"),
        ("/theHarbor/?via=x#top", "community", "The Harbor", "/theHarbor"),
        ("/theHarbor?page=99", "community", "The Harbor", "/theHarbor"),
        ("/01/latest-stories", "list", "Latest Stories in 01", "/01/latest-stories"),
        ("/top-stories", "list", "Top Stories", "/top-stories"),
        ("/authors/marit-osterholt", "author", "Marit Osterholt", "/authors/marit-osterholt"),
        ("/theHarbor/tag/rivers", "tag", "rivers stories in The Harbor", "/theHarbor/tag/rivers"),
    ],
)
def test_pages_of_the_platform_are_told_apart(
    platform: tuple[str, Callable[[str], Recognition]], path: str, kind: str, name: str, canonical: str
) -> None:
    url, look = platform
    found = look(path).found
    assert found is not None
    assert (found.kind, found.platform, found.name, found.url) == (kind, "vocal", name, url + canonical)
    assert found.language == "en"
    assert found.article_count


def test_a_story_leads_to_its_author_and_offers_the_community(
    platform: tuple[str, Callable[[str], Recognition]],
) -> None:
    url, look = platform
    seen = look("/theHarbor/the-last-lamp-lighter-of-skerrow")
    assert seen.story == "The Last Lamp at Skerrow Point"
    assert seen.found is not None
    assert (seen.found.kind, seen.found.url) == ("author", f"{url}/authors/marit-osterholt")
    assert [(each.kind, each.url) for each in seen.alternatives] == [("community", f"{url}/theHarbor")]


def test_a_site_with_a_list_is_followed_itself(workspace: Path, gleanings: Callable[..., Run]) -> None:
    with site({"/essays/": list_page(STORIES), "/": list_page(STORIES)}) as served:
        run = gleanings("follow", f"{served.url}/essays/")
        assert run.code == 0, run.err
        assert served.paths() == ["/robots.txt", "/essays/"], "one page is asked for, after robots.txt"
    (publication,) = followed(workspace)
    assert publication["platform"] == "generic"
    assert publication["url"] == f"{served.url}/essays/"
    assert publication["slug"] == "127-0-0-1-essays"
    assert "is a site with 6 stories" in run.out


@pytest.mark.parametrize("path", ["/", "/about"])
def test_a_site_without_a_list_leads_to_its_feed(
    workspace: Path, gleanings: Callable[..., Run], path: str
) -> None:
    with site({path: with_head(FEED_LINK), "/feed.xml": RSS}) as served:
        run = gleanings("follow", served.url + path)
    assert run.code == 0, run.err
    assert "following the feed it declares" in run.out
    (publication,) = followed(workspace)
    assert publication == {
        "slug": "127-0-0-1",
        "platform": "generic",
        "name": "Tide Notes",
        "url": f"{served.url}/feed.xml",
        "language": "en-gb",
        "every": "6h",
        "rights": "excerpt",
        "enabled": True,
    }


def test_a_dead_feed_leaves_the_sitemap(workspace: Path, gleanings: Callable[..., Run]) -> None:
    answers = {
        "/robots.txt": Reply(body=b"User-agent: *\nDisallow:\nSitemap: /map.xml\n"),
        "/": with_head(FEED_LINK),
        "/map.xml": SITEMAP,
    }
    with site(answers) as served:
        answers["/robots.txt"] = Reply(body=f"Sitemap: {served.url}/map.xml\n".encode())
        run = gleanings("follow", served.url)
    assert run.code == 0, run.err
    (publication,) = followed(workspace)
    assert (publication["url"], publication["name"]) == (f"{served.url}/map.xml", "Tide House")
    assert publication["language"] == "de"


@pytest.mark.parametrize(
    ("path", "text", "kind", "name"),
    [("/blog/feed.xml", RSS, "feed", "Tide Notes"), ("/map.xml", SITEMAP, "sitemap", "127.0.0.1")],
)
def test_feeds_and_sitemaps_are_followed_as_they_are(
    workspace: Path, gleanings: Callable[..., Run], path: str, text: str, kind: str, name: str
) -> None:
    with site({path: text}) as served:
        run = gleanings("follow", served.url + path, "--json")
    assert run.code == 0, run.err
    row = json.loads(run.out)
    assert (row["kind"], row["name"], row["platform"], row["is_written"]) == (kind, name, "auto", True)
    (publication,) = followed(workspace)
    assert (publication["url"], publication["platform"]) == (served.url + path, "auto")


INDEX = (
    '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<sitemap><loc>{base}/map.xml</loc></sitemap></sitemapindex>"
)
EMPTY_FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>Tide Notes</title></channel></rss>'


@pytest.mark.parametrize(
    ("text", "says", "count"),
    [
        (INDEX, "is a sitemap that names other sitemaps.", None),
        (SITEMAP, "is a sitemap with 1 story.", 1),
        (EMPTY_FEED, "is a feed with 0 stories.", 0),
        (RSS, "is a feed with 2 stories.", 2),
    ],
)
def test_what_is_followed_is_said_with_its_stories(
    workspace: Path, gleanings: Callable[..., Run], text: str, says: str, count: int | None
) -> None:
    with site({"/x.xml": text}) as served:
        told = gleanings("follow", f"{served.url}/x.xml", "--dry-run").out
        row = json.loads(gleanings("follow", f"{served.url}/x.xml", "--json").out)
    assert told.startswith(f"{served.url}/x.xml {says}\n")
    assert row["article_count"] == count
    assert len(followed(workspace)) == 1


def test_a_story_of_a_plain_site_leads_to_its_feed(workspace: Path, gleanings: Callable[..., Run]) -> None:
    with site({"/2026/10/one": story_page("/2026/10/one", extra=FEED_LINK), "/feed.xml": RSS}) as served:
        run = gleanings("follow", f"{served.url}/2026/10/one")
    assert run.code == 0, run.err
    assert 'is a story, "The story at 2026/10/one"; following its feed Tide Notes' in run.out
    assert followed(workspace)[0]["url"] == f"{served.url}/feed.xml"


@pytest.mark.parametrize("lists", [True, False])
def test_an_author_of_a_plain_site_is_looked_at_before_being_followed(
    workspace: Path, gleanings: Callable[..., Run], lists: bool
) -> None:
    story = story_page("/2026/10/one", extra=FEED_LINK)
    named = story.body.replace(b'"name":"Ann Lee"', b'"name":"Ann Lee","url":"/by/ann"')
    by_ann = list_page(STORIES) if lists else html(with_head(""))
    with site(
        {"/2026/10/one": Reply(200, named, story.headers), "/by/ann": by_ann, "/feed.xml": RSS}
    ) as served:
        run = gleanings("follow", f"{served.url}/2026/10/one")
    assert run.code == 0, run.err
    (publication,) = followed(workspace)
    if lists:
        assert (publication["url"], publication["name"]) == (f"{served.url}/by/ann", "Ann Lee")
        assert f"Or follow its feed 127.0.0.1: gleanings follow {served.url}/feed.xml" in run.out
    else:
        assert publication["url"] == f"{served.url}/feed.xml"


def test_redirects_lead_to_the_address_that_is_kept(workspace: Path, gleanings: Callable[..., Run]) -> None:
    with serve_demo(demo()) as url, site({}) as served:
        served.answer = lambda _: Reply(301, headers={"Location": f"{url}/stanza"})
        assert gleanings("follow", f"{served.url}/old").code == 0
    assert followed(workspace)[0]["url"] == f"{url}/stanza"


# What is written.


def test_following_then_crawling(workspace: Path) -> None:
    options = ["--name", "Harbor", "--every", "12h", "--rights", "full"]
    with serve_demo(demo()) as url:
        run = subprocess.run(
            [sys.executable, "-m", "cli", "follow", f"{url}/theHarbor", *options],
            env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parent)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (run.returncode, run.stderr) == (0, "")
        assert run.stdout.splitlines()[-1] == "Next: gleanings crawl vocal-theharbor"
        (seed,) = load_seed_file(workspace / "seeds" / "followed.toml")
        report = crawl_site([seed], workspace / "a.db", config=load_config(workspace))
    assert (seed.slug, seed.name, seed.rights, seed.enabled) == ("vocal-theharbor", "Harbor", "full", True)
    assert seed.every.total_seconds() == 12 * 3600
    assert report.articles_new == 5


def test_a_dry_run_writes_nothing(workspace: Path, gleanings: Callable[..., Run]) -> None:
    with serve_demo(demo()) as url:
        run = gleanings("follow", f"{url}/stanza", "--dry-run", "--disabled")
    assert run.code == 0, run.err
    assert 'Would add "vocal-stanza"' in run.out
    assert ", not enabled" in run.out
    assert not (workspace / "seeds").exists()


VALUES = {"slug": "b", "name": 'B "quoted" \\ ö', "url": "https://b.example/", "enabled": True}
WRITTEN = {
    "comments": '# mine\n\n[[publication]]\nslug = "a" # first\nname   = "A"\nurl = "https://a.example/"\n\n# end',
    "tables": '[[publication]]\nslug = "a"\nname = "A"\nurl = "https://a.example/"\n[publication.politeness]\ndelay = "2s"\n',
    "windows": '# mine\r\n[[publication]]\r\nslug = "a"\r\nname = "A"\r\nurl = "https://a.example/"\r\n',
    "mark": '\ufeff# mine\n[[publication]]\nslug = "a"\nname = "A"\nurl = "https://a.example/"\n',
    "comment only": "# nothing yet",
    "empty": "",
}


@pytest.mark.parametrize("before", WRITTEN.values(), ids=WRITTEN)
def test_what_stands_in_the_file_stays_to_the_byte(tmp_path: Path, before: str) -> None:
    path = tmp_path / "followed.toml"
    path.write_bytes(before.encode())
    n_before = len(load_seed_file(path))
    append_publication(path, VALUES)
    after = path.read_bytes().decode()
    assert after.startswith(before)
    assert ("\n" in after.replace("\r\n", "")) != ("\r\n" in before)
    seeds = load_seed_file(path)
    assert len(seeds) == n_before + 1
    assert (seeds[-1].slug, seeds[-1].name) == ("b", VALUES["name"])
    assert [each.name for each in tmp_path.iterdir()] == ["followed.toml"], "no part is left over"


@pytest.mark.parametrize(
    "before",
    [
        "publication = []  # none\n",
        'publication = [\n  {slug="a", name="A", url="https://a.example"}, # a\n]\n',
    ],
)
def test_an_array_in_one_place_is_extended_there(tmp_path: Path, before: str) -> None:
    path = tmp_path / "followed.toml"
    path.write_text(before)
    append_publication(path, VALUES)
    assert load_seed_file(path)[-1].slug == "b"
    assert before.partition("#")[2].strip(" ]\n") in path.read_text()


def test_mode_and_link_of_the_file_stay(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text("# mine\n")
    real.chmod(0o640)
    link = tmp_path / "followed.toml"
    link.symlink_to(real)
    append_publication(link, VALUES)
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert load_seed_file(real)[0].slug == "b"


def test_a_file_that_nobody_may_write_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "followed.toml"
    path.write_text("# mine\n")
    path.chmod(0o444)
    with pytest.raises(SeedError, match="read-only"):
        append_publication(path, VALUES)
    assert path.read_text() == "# mine\n"
    assert [each.name for each in tmp_path.iterdir()] == ["followed.toml"]


def _append(folder: Path, number: int) -> None:
    with locked(folder):
        values = {"slug": f"p-{number}", "name": "P", "url": f"https://p{number}.example/"}
        append_publication(folder / "followed.toml", values)


def test_a_folder_that_cannot_be_made_is_one_sentence(workspace: Path, gleanings: Callable[..., Run]) -> None:
    (workspace / "seeds").write_text("a file")
    with serve_demo(demo()) as url:
        refuses(gleanings("follow", f"{url}/stanza"), code=2, says="Not a directory")
    assert (workspace / "seeds").read_text() == "a file"


def test_two_at_a_time_lose_nothing(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.starmap(_append, [(tmp_path, number) for number in range(20)])
    slugs = {seed.slug for seed in load_seed_file(tmp_path / "followed.toml")}
    assert slugs == {f"p-{number}" for number in range(20)}


@pytest.mark.parametrize(
    ("candidate", "slug"),
    [
        (("community", "vocal", "https://vocal.media/theChain"), "vocal-thechain"),
        (("tag", "vocal", "https://vocal.media/poets/tag/slam%20poetry"), "vocal-poets-tag-slam-poetry"),
        (("list", "vocal", "https://vocal.media/"), "vocal"),
        (("feed", "auto", "https://blog.example.org/feed/"), "blog-example-org"),
        (("feed", "auto", "https://example.org/notes/index.xml"), "example-org-notes"),
        (("site", "generic", "https://xn--bcher-kva.example/über-uns/"), "xn-bcher-kva-example-uber-uns"),
        (("site", "generic", "https://example.org/日本/"), "example-org"),
        (
            ("site", "generic", f"https://example.org/{'long-' * 60}"),
            ("example-org-" + "long-" * 60)[:94].strip("-"),
        ),
    ],
)
def test_slugs_say_what_it_is(candidate: tuple[str, str, str], slug: str) -> None:
    kind, platform, url = candidate
    made = Candidate(kind, platform, "x", url)  # type: ignore[arg-type]
    assert make_slug(made, ()) == slug
    assert make_slug(made, {slug, f"{slug}-2"}) == f"{slug}-3"


def test_names_are_one_line() -> None:
    assert clean_name("a\x00\n b\u2028c", "https://a.example/") == "a b c"
    assert len(clean_name("x" * 999, "https://a.example/")) == 200


# What is refused.

MINE = """\
[[publication]]
slug = "harbor"
platform = "{platform}"
name = "Harbor"
url = "{url}"
enabled = {enabled}
"""


@pytest.mark.parametrize(
    ("platform", "kept", "asked"),
    [
        ("vocal", "https://vocal.media/01", "http://www.vocal.media./01/?via=me#x"),
        ("vocal", "https://vocal.media/poets", "https://poets.media/"),
        ("vocal", "https://vocal.media/01", "https://vocal.media/01?page=7"),
        ("auto", "https://a.example/blog/", "http://www.a.example/blog?utm_source=x"),
        ("generic", "https://a.example/?cat=3", "https://A.example:443/?cat=3"),
    ],
)
def test_one_thing_is_followed_once_however_it_is_spelled(
    tmp_path: Path, platform: str, kept: str, asked: str
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(MINE.format(platform=platform, url=kept, enabled="true"))
    with pytest.raises(SeedError, match=r'followed already as "harbor".*mine\.toml'):
        check_double(asked, load_known(tmp_path))


@pytest.mark.parametrize(
    "asked", ["https://a.example/?cat=4", "https://a.example/blog", "https://b.example/?cat=3"]
)
def test_what_differs_is_no_double(tmp_path: Path, asked: str) -> None:
    (tmp_path / "mine.toml").write_text(
        MINE.format(platform="generic", url="https://a.example/?cat=3", enabled="true")
    )
    check_double(asked, load_known(tmp_path))


def test_a_double_is_refused_without_a_request(workspace: Path, gleanings: Callable[..., Run]) -> None:
    with site({}) as served:
        (workspace / "seeds").mkdir()
        text = MINE.format(platform="vocal", url=f"{served.url}/01", enabled="false")
        (workspace / "seeds" / "mine.toml").write_text(text)
        run = gleanings("follow", f"{served.url}/01/")
        assert served.requests == []
    refuses(run, code=2, says="mine.toml")
    assert "set enabled = true there" in run.err
    assert followed(workspace) == []


def test_a_double_that_only_the_page_shows_is_refused(workspace: Path, gleanings: Callable[..., Run]) -> None:
    with serve_demo(demo()) as url:
        assert gleanings("follow", f"{url}/authors/marit-osterholt").code == 0
        before = (workspace / "seeds" / "followed.toml").read_bytes()
        run = gleanings("follow", f"{url}/theHarbor/the-last-lamp-lighter-of-skerrow")
    refuses(run, code=2, says='followed already as "vocal-authors-marit-osterholt"')
    assert "followed.toml" in run.err
    assert (workspace / "seeds" / "followed.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--slug", "harbor"], 'the slug "harbor" is taken'),
        (["--slug", "Not A Slug"], "is no slug"),
        (["--every", "often"], '"often" is not a duration'),
        (["--every", "0s"], "longer than nothing"),
        (["--name", " "], "the name"),
    ],
)
def test_wrong_wishes_are_refused_before_anybody_is_asked(
    workspace: Path, gleanings: Callable[..., Run], options: list[str], says: str
) -> None:
    (workspace / "seeds").mkdir()
    (workspace / "seeds" / "mine.toml").write_text(
        MINE.format(platform="auto", url="https://a.example/", enabled="true")
    )
    with site({}) as served:
        run = gleanings("follow", f"{served.url}/x", *options)
        assert served.requests == []
    refuses(run, code=2, says=says)


@pytest.mark.parametrize(
    ("url", "code", "says"),
    [
        ("nonsense", 2, "not a web address"),
        ("vocal.media/01", 2, 'did you mean "https://vocal.media/01"?'),
        ("ftp://a.example/", 2, "not a web address"),
        ("file:///etc/hostname", 2, "not a web address"),
        ("https://", 2, "not a web address"),
        ("https://vocal.media/01", 2, "contact_url"),
        ("http://10.0.0.1/", 1, "not on the public internet"),
        ("http://[::1]/", 1, "not on the public internet"),
        ("http://localhost/", 1, "not on the public internet"),
    ],
)
def test_addresses_that_are_not_asked(
    workspace: Path, gleanings: Callable[..., Run], url: str, code: int, says: str
) -> None:
    refuses(gleanings("follow", url), code=code, says=says)
    assert not (workspace / "seeds").exists()


FORM = '<form><input name="user"><input type="password"></form>'
REFUSALS: dict[str, tuple[Reply | str, str]] = {
    "missing": (Reply(404, b"no"), "there is no such page (404)"),
    "gone": (Reply(410, b"no"), "gone for good"),
    "forbidden": (Reply(403, b"no"), "refuses us the page (403)"),
    "busy": (Reply(429, b"no", {"Retry-After": "60"}), "come back later"),
    "failing": (Reply(502, b"no"), "answered 502"),
    "loop": (Reply(302, b"", {"Location": "/x"}), "redirects again and again"),
    "away": (Reply(302, b"", {"Location": "http://10.0.0.1/"}), "not on the public internet"),
    "file": (Reply(302, b"", {"Location": "file:///etc/hostname"}), "file:"),
    "wall": (with_head("", f"<h1>Log in</h1>{FORM}"), "asks to sign in"),
    "soft 404": (with_head("", "<h1>Page not found</h1>"), "something went wrong"),
    "a page about nothing": (
        with_head("", "<p>Opening hours: 9 to 5.</p>"),
        "neither a list of stories nor a feed",
    ),
    "empty": (html(""), "neither a list of stories nor a feed"),
    "pdf": (Reply(body=b"%PDF-1.7\n\x00\x01", headers={"Content-Type": "application/pdf"}), "neither a list"),
    "json": (Reply(body=b'{"a": 1}', headers={"Content-Type": "application/json"}), "neither a list"),
    "broken feed": ('<?xml version="1.0"?><urlset></urlset>', "names no page"),
    "feed cut off": ('<?xml version="1.0"?><rss version="2.0"><channel><title>Tide', "breaks off"),
    "story alone": (story_page("/x"), "nor a list it stands in; try the front page of its site"),
    "story without text": (
        with_head('<meta property="og:type" content="article">', ""),
        "it is an article without text",
    ),
    "dead feed": (with_head(FEED_LINK), "neither the page nor the feed or sitemap it declares"),
    "stories elsewhere": (RSS.replace("{base}", "https://a.example"), "follow a.example instead"),
}


@pytest.mark.parametrize(("answer", "says"), REFUSALS.values(), ids=REFUSALS)
def test_pages_that_are_nothing_to_follow(
    workspace: Path,
    gleanings: Callable[..., Run],
    answer: Reply | str,
    says: str,
) -> None:
    (workspace / "gleanings.toml").write_text(f'contact_url = "https://a.example/bot"\n{LOOPBACK}')
    with site({"/x": answer}) as served:
        run = gleanings("follow", f"{served.url}/x")
    refuses(run, code=1, says=says)
    assert not (workspace / "seeds").exists()


def test_a_story_behind_a_wall_asks_to_sign_in(fetcher: Callable[[str], FetchedPage]) -> None:
    options = DemoOptions(faults=Faults(login_wall_every=1))
    with serve_demo(demo(options)) as url, pytest.raises(FetchError, match="asks to sign in") as raised:
        find_publication(f"{url}/theHarbor/the-last-lamp-lighter-of-skerrow", fetcher)
    assert raised.value.outcome == "login_wall"


def test_what_robots_txt_forbids_is_not_asked(fetcher: Callable[[str], FetchedPage]) -> None:
    answers = {
        "/robots.txt": Reply(body=b"User-agent: gleanings\nDisallow: /private\n"),
        "/private": with_head(""),
    }
    with site(answers) as served:
        with pytest.raises(FetchError, match=r"forbidden by robots\.txt") as raised:
            fetcher(f"{served.url}/private")
        assert served.paths() == ["/robots.txt"]
    assert raised.value.outcome == "blocked"


def test_a_site_is_asked_politely(fetcher: Callable[[str], FetchedPage]) -> None:
    with site(
        {"/robots.txt": Reply(body=b"User-agent: *\nCrawl-delay: 0.3\n"), "/a": with_head("")}
    ) as served:
        fetcher(f"{served.url}/a")
        fetcher(f"{served.url}/a")
        assert served.paths() == ["/robots.txt", "/a", "/a"], "robots.txt is asked for once"
        gaps = [
            later.at - earlier.at
            for earlier, later in zip(served.requests, served.requests[1:], strict=False)
        ]
        agents = {each.headers["user-agent"] for each in served.requests}
    assert min(gaps) >= 0.29
    assert len(agents) == 1
    assert "(+https://a.example/bot)" in agents.pop()


def test_a_host_that_is_not_there_is_one_sentence(fetcher: Callable[[str], FetchedPage]) -> None:
    with pytest.raises(FetchError, match="the host refuses the connection") as raised:
        fetcher("http://127.0.0.1:1/")
    assert raised.value.outcome == "later"


def test_an_interrupt_ends_it_without_a_word_from_the_child(workspace: Path) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def answer(_: Exchange) -> Reply:
        arrived.set()
        go_on.wait(120)
        return Reply(404)

    with serve_site(answer) as served:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", "follow", f"{served.url}/x"],
            env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parent)},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            assert arrived.wait(60)
            # As a terminal does it: to the whole group.
            os.killpg(process.pid, signal.SIGINT)
            _, err = process.communicate(timeout=100)
        finally:
            go_on.set()
            process.kill()
            process.wait()
    assert (process.returncode, err.strip()) == (1, "Stopped.")
    assert not (workspace / "seeds").exists()


def test_a_redirect_into_the_public_web_needs_a_contact(workspace: Path) -> None:
    config = load_config(workspace)
    with pytest.raises(ConfigError, match="contact_url"):
        check_reach("https://a.example/", config)
    check_reach("http://127.0.0.1:8000/", config)


def test_addresses_are_taken_in_one_spelling() -> None:
    assert parse_address(" HTTPS://User:pw@Vocal.media./01#x ") == "https://vocal.media/01"


@pytest.mark.parametrize(
    "broken", ['[[publication]]\nslug = "a"\n', "not toml", '[[publication]]\nulr = "x"\n']
)
def test_a_wrong_seed_file_is_named_and_left_alone(
    workspace: Path, gleanings: Callable[..., Run], broken: str
) -> None:
    (workspace / "seeds").mkdir()
    path = workspace / "seeds" / "followed.toml"
    path.write_text(broken)
    refuses(gleanings("follow", "http://127.0.0.1:1/"), code=2, says="followed.toml")
    assert path.read_text() == broken
