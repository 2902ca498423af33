"""The feeds' site over HTTP: every address, every condition, any prefix, whatever is asked."""

import asyncio
import base64
import gzip
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import brotli
import feedparser
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.routing import Mount

from crawler.config import Config, ServerConfig
from crawler.errors import StoreError
from crawler.records import AuthorRef, CommentRecord, Tag
from crawler.store import open_store
from crawler.store.tables import Tables
from plugin.archive import open_library
from plugin.composing import MAX_ENTRIES
from plugin.digests import Digest, Limits
from plugin.errors import DigestError, OutletRejected, OutletUnavailable
from plugin.publishing import make_issue
from plugin.publishing.websub import ping_hub
from plugin.server.addresses import find_redirect, parse_address
from plugin.server.app import create_app
from plugin.server.bodies import Body, BodyCache, follow
from plugin.server.conditions import choose_coding, is_unmodified, match_etag, parse_etags
from plugin.server.ports import PortUnavailable
from plugin.server.running import KEEP_ALIVE_SECONDS, open_listener, serve
from tests.samples import LANTERN, NOW, make_library, make_page
from tests.serving import SiteClient, free_port

ROOT = Path(__file__).parent.parent
PAGES = [
    "/",
    "/digests/lantern/",
    "/digests/lantern/1/",
    "/articles/1/",
    "/publications/stories-fiction/",
    "/authors/1/",
    "/tags/sea/",
    "/tags/short%20fiction/",
    "/search/",
    "/search/?q=lamp",
]
FEEDS = [
    f"{stem}.{ending}"
    for stem in (
        "/digests/lantern/feed",
        "/digests/lantern/issues",
        "/publications/stories-fiction/feed",
        "/authors/1/feed",
        "/tags/short%20fiction/feed",
        "/articles/1/comments",
    )
    for ending in ("rss", "atom", "json")
] + [f"/search/feed.{ending}?q=lamp" for ending in ("rss", "atom", "json")]
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A library with two issues that tests only read."""
    path = tmp_path_factory.mktemp("shelf") / "library.db"
    with make_library(f"sqlite:///{path}", n_articles=16, issues=2) as archive:
        yield archive


@pytest.fixture(scope="module")
def client(shelf):
    return SiteClient(create_app(shelf, digests=[LANTERN]))


@pytest.fixture(scope="module")
def either_shelf(shared_url):
    """The same library, once on SQLite and once on PostgreSQL."""
    with make_library(shared_url, n_articles=16, issues=2) as archive:
        yield archive


@pytest.fixture(scope="module")
def either_client(either_shelf):
    return SiteClient(create_app(either_shelf, digests=[LANTERN]))


@pytest.fixture
def library(tmp_path):
    """A library with one issue that a test may change."""
    with make_library(f"sqlite:///{tmp_path / 'library.db'}", n_articles=8) as archive:
        yield archive


def links_of(response: httpx.Response) -> dict[str, str]:
    return {link.rel: link.href for link in feedparser.parse(response.content).feed.links}


# Addresses


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers(either_client, path):
    response = either_client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    tree = lxml_html.fromstring(response.text)
    assert len(tree.xpath("//h1")) == 1
    assert len(tree.xpath("//main")) == 1


@pytest.mark.parametrize("path", FEEDS)
def test_every_feed_answers_under_the_address_it_names(either_client, path):
    response = either_client.get(path)
    assert response.status_code == 200
    ending = path.partition("?")[0].rpartition(".")[2]
    assert response.headers["content-type"] == f"{TYPES[ending]}; charset=utf-8"
    own = f"http://testserver{path}"
    assert response.headers["link"] == f'<{own}>; rel="self"'
    if ending == "json":
        assert response.json()["feed_url"] == own
        assert response.json()["items"]
    else:
        parsed = feedparser.parse(response.content)
        assert not parsed.bozo
        assert links_of(response)["self"] == own
        assert parsed.entries


def test_the_small_addresses_answer(client):
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/healthz").headers["cache-control"] == "no-store"
    script = client.get("/copy.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "clipboard" in script.text


def test_the_list_of_all_feeds_is_opml_and_every_feed_in_it_answers(client):
    response = client.get("/opml.xml")
    tree = etree.fromstring(response.content)
    assert tree.get("version") == "2.0"
    urls = tree.xpath("//outline/@xmlUrl")
    assert "http://testserver/digests/lantern/feed.atom" in urls
    assert "http://testserver/publications/stories-humans/feed.atom" in urls
    assert tree.xpath("//outline[@xmlUrl]/@type") == ["rss"] * len(urls)
    assert all(client.get(url).status_code == 200 for url in urls)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/digests/lantern", "/digests/lantern/"),
        ("/digests/lantern/1", "/digests/lantern/1/"),
        ("/search?q=a%20b&x=1", "/search/?q=a%20b&x=1"),
        ("/tags/a%0d%0ab", "/tags/a%0D%0Ab/"),
    ],
)
def test_a_forgotten_slash_is_added(client, path, target):
    response = client.get(path)
    if "%0d" in path:
        # No line break may reach a header, whatever becomes of it.
        assert response.status_code in (308, 404)
        assert "\n" not in response.headers.get("location", "")
        return
    assert response.status_code == 308
    assert response.headers["location"] == target


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/digests/nope/",
        "/digests/nope/feed.rss",
        "/digests/lantern/99/",
        "/digests/lantern/0/",
        "/digests/lantern/archive/99.atom",
        "/digests/lantern/archive/1.rss",
        "/digests/lantern/feed.xml",
        "/digests/LANTERN/",
        "/articles/999999/",
        "/articles/99999999999/",
        "/articles/999999/comments.atom",
        "/authors/999999/",
        "/authors/999999/feed.json",
        "/publications/nope/",
        "/tags/nope/",
        "/tags/nope/feed.rss",
        "/digests/../../etc/passwd",
        "/digests/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc/passwd",
        "/copy.js/../../pyproject.toml",
        "/static/style.css",
        "/%00",
        "/digests/lantern/\ud7ff/",
        "/articles/1/comments.html",
    ],
)
def test_where_nothing_stands_a_small_page_says_so(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "Nothing here" in response.text
    assert response.headers["cache-control"] == "no-store"
    assert "root:" not in response.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/digests/lantern/feed.rss", "/nope"])
def test_other_methods_are_refused(client, method, path):
    response = client.request(method, path)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path",
    [
        "/search/?q=%FF",
        f"/search/?q={'a' * 301}",
        "/search/?q=a%00b",
        "/search/feed.rss",
        "/search/?q=NOT+lamp",
        "/search/feed.atom?q=NOT+lamp",
        "/tags/sea/?after=nowhere",
        "/publications/stories-fiction/feed.rss?after=1/2/3",
        "/authors/1/?after=99999-01-01T00:00:00/1",
        "/digests/lantern/?after=x",
        "/digests/lantern/?after=99999999999999999999",
    ],
)
def test_a_query_that_can_not_be_right_is_answered_as_such(client, path):
    response = client.get(path)
    assert response.status_code == 400
    assert lxml_html.fromstring(response.text).xpath("//h1")


@pytest.mark.parametrize(
    "address",
    [
        "/digests/lantern/feed.json?after=2147483647-0",
        "/digests/lantern/feed.json?after=99999999999999999-0",
        "/digests/lantern/issues.atom?after=999999999",
        "/digests/lantern/archive/2147483647.atom",
        "/digests/lantern/archive/1-999999999.atom",
        "/digests/lantern/2147483647/",
        "/publications/stories-fiction/feed.rss?after=99999999999999999-999999999",
        "/tags/sea/feed.atom?after=99999999999999999-999999999",
        "/search/feed.json?q=sea&after=99999999999999999-999999999",
        "/authors/2147483647/",
        "/authors/1/feed.rss?after=99999999999999999-999999999",
        "/articles/2147483647/",
        "/articles/1/comments.json?after=999999999-999999999",
        "/articles/1/comments.json?after=99999999999999999-999999999",
    ],
)
def test_numbers_beyond_any_are_answered(either_client, address):
    assert either_client.get(address).status_code in (200, 400, 404)


@pytest.mark.parametrize("host", ["a b", "a/b", "x" * 300, "evil.example@x", "", 'a"><script>'])
def test_a_host_that_can_not_be_right_is_refused(client, host):
    response = client.get("/", headers={"host": host})
    assert response.status_code == 400
    assert "<script>" not in response.text


@pytest.mark.parametrize(
    ("server", "expected"),
    [(("127.0.0.1", 8000), "http://127.0.0.1:8000"), (("::1", 80), "http://[::1]:80"), (None, None)],
)
def test_who_names_no_host_is_answered_under_the_address_it_asked(client, server, expected):
    scope = {"type": "http", "method": "GET", "path": "/digests/lantern/feed.atom", "headers": []}
    sent = talk(client.app, {**scope, "server": server}, [])
    assert sent[0]["status"] == (200 if expected else 400)
    if expected:
        own = feedparser.parse(sent[1]["body"]).feed.links
        assert f"{expected}/digests/lantern/feed.atom" in [link.href for link in own if link.rel == "self"]
    probe = talk(client.app, {**scope, "path": "/healthz", "server": server}, [])
    assert (probe[0]["status"], probe[1]["body"]) == (200, b"ok\n")


def test_a_configured_address_needs_no_host(shelf):
    config = Config(server=ServerConfig(base_url="https://digests.example.org/feeds/"))
    client = SiteClient(create_app(shelf, config, digests=[LANTERN]))
    response = client.get("/digests/lantern/feed.atom", headers={"host": "evil.example"})
    assert b"evil.example" not in response.content
    assert links_of(response)["self"] == "https://digests.example.org/feeds/digests/lantern/feed.atom"
    page = lxml_html.fromstring(client.get("/digests/lantern/").text)
    assert "/feeds/digests/lantern/1/" in page.xpath("//a/@href")
    assert page.xpath("//input/@value")[0].startswith("https://digests.example.org/feeds/digests/lantern/")


@pytest.mark.parametrize("path", ["//evil.example/", "//evil.example", "///", "/\\evil.example"])
def test_no_path_leads_elsewhere(client, path):
    scope = {"type": "http", "method": "GET", "path": path, "headers": [(b"host", b"localhost")]}
    sent = talk(client.app, scope, [])
    assert sent[0]["status"] == 404
    assert b"location" not in dict(sent[0]["headers"])


@given(
    path=st.text(max_size=40),
    query=st.binary(max_size=40),
    headers=st.dictionaries(
        st.sampled_from(["if-none-match", "if-modified-since", "accept-encoding", "host", "range"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
    ),
)
@settings(max_examples=300)
def test_no_request_crashes_it(client, path, query, headers):
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/" + path,
        "root_path": "",
        "query_string": query,
        "headers": [(b"host", b"localhost")]
        + [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
    }
    sent = talk(client.app, scope, [{"type": "http.request", "body": b""}])
    assert sent[0]["status"] in (200, 304, 308, 400, 404)
    for name, value in sent[0]["headers"]:
        assert isinstance(name, bytes)
        assert b"\n" not in value
        assert b"\r" not in value


@pytest.mark.parametrize("kind", ["digests/x/feed.rss", "tags/a/b/feed.atom", "articles/3/comments.json"])
def test_addresses_are_parsed_into_what_they_name(kind):
    address = parse_address(f"/{kind}")
    assert address is not None
    assert kind.endswith(f".{address.format_name}")
    assert find_redirect(f"/{kind}") is None


# Conditions


@pytest.mark.parametrize("path", [*PAGES, *FEEDS])
def test_a_second_fetch_is_confirmed_without_a_body(client, path):
    first = client.get(path)
    for header in (
        first.headers["etag"],
        f"W/{first.headers['etag']}",
        f'"other", {first.headers["etag"]}',
        "*",
    ):
        second = client.get(path, headers={"if-none-match": header})
        assert second.status_code == 304
        assert second.content == b""
        for name in ("etag", "last-modified", "cache-control", "vary"):
            assert second.headers[name] == first.headers[name]
        assert "content-length" not in second.headers
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200
    dated = client.get(path, headers={"if-modified-since": first.headers["last-modified"]})
    assert dated.status_code == 304
    both = {"if-none-match": '"other"', "if-modified-since": first.headers["last-modified"]}
    assert client.get(path, headers=both).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/", "/digests/lantern/feed.atom"])
def test_who_wants_only_what_it_knows_is_sent_nothing_else(client, path, method):
    first = client.get(path, headers={"accept-encoding": "identity"})
    tag, date = first.headers["etag"], first.headers["last-modified"]
    old = "Mon, 05 Jan 2026 00:00:00 GMT"
    for conditions, status in (
        ({"if-match": tag}, 200),
        ({"if-match": f'"other", {tag}'}, 200),
        ({"if-match": "*"}, 200),
        ({"if-match": '"other"'}, 412),
        ({"if-match": f"W/{tag}"}, 412),
        ({"if-match": tag, "accept-encoding": "gzip"}, 412),
        ({"if-match": '"other"', "if-none-match": tag}, 412),
        ({"if-match": tag, "if-none-match": tag}, 304),
        ({"if-unmodified-since": date}, 200),
        ({"if-unmodified-since": old}, 412),
        ({"if-unmodified-since": "yesterday"}, 200),
        ({"if-unmodified-since": old, "if-match": tag}, 200),
    ):
        # Twice: what came before is answered on a shorter way.
        for _ in range(2):
            answer = client.request(method, path, headers={"accept-encoding": "identity", **conditions})
            assert answer.status_code == status, conditions
    assert client.get("/nope", headers={"if-match": '"other"'}).status_code == 404


@pytest.mark.parametrize("path", [PAGES[1], FEEDS[0], FEEDS[1], FEEDS[2]])
def test_a_head_says_what_a_get_would(client, path):
    head, get = client.head(path), client.get(path)
    assert head.content == b""
    assert {**head.headers} == {**get.headers}
    assert client.head("/nope").status_code == 404
    assert client.head("/nope").content == b""


@pytest.mark.parametrize("path", [PAGES[1], FEEDS[0]])
def test_codings_are_negotiated_and_tagged_apart(client, path):
    plain = client.get(path, headers={"accept-encoding": "identity"})
    tags = {plain.headers["etag"]}
    for coding, decode in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        headers, body = client.get_raw(path, {"accept-encoding": coding})
        assert headers["content-encoding"] == coding
        assert int(headers["content-length"]) == len(body) < len(plain.content)
        assert decode(body) == plain.content
        assert headers["vary"] == "Accept-Encoding"
        tags.add(headers["etag"])
        # What a client holds in one coding is confirmed whatever it asks for next, under the tag it holds.
        again = client.get(path, headers={"accept-encoding": "identity", "if-none-match": headers["etag"]})
        assert (again.status_code, again.headers["etag"]) == (304, headers["etag"])
    assert len(tags) == 3


def test_the_tag_is_of_the_content_and_outlives_a_restart(shelf, client):
    other = SiteClient(create_app(shelf, digests=[LANTERN]))
    for path in (*PAGES, *FEEDS):
        assert other.get(path).headers["etag"] == client.get(path).headers["etag"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        ("gzip", "gzip"),
        ("gzip, br", "br"),
        ("GZIP;q=1.0, br;q=0.2", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("*", "br"),
        ("*;q=0", None),
        ("identity, gzip;q=0.5", None),
        ("deflate, zstd", None),
        ("br;q=nonsense, gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip;Q=0.5, br;Q=0", "gzip"),
    ],
)
def test_accept_encoding(header, expected):
    assert choose_coding(header.encode()) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"a"', ["a"]),
        ('W/"a" , "b",W/"c"', ["a", "b", "c"]),
        ("*", None),
        ('"a, b"', []),
        ("a", []),
        ('"a" b, "c"', []),
        ('"a", b, "c"', ["a"]),
        (',"a",, ,"b",', ["a", "b"]),
        ("", []),
        ('"' + "x" * 100_000, []),
    ],
)
def test_if_none_match_lists(header, expected):
    assert parse_etags(header) == expected


def test_a_tag_of_any_coding_is_confirmed_as_it_is():
    assert match_etag('"abc-br"', "abc", "gzip") == "abc-br"
    assert match_etag('"abc", "abc-gzip"', "abc", "gzip") == "abc-gzip"
    assert match_etag("*", "abc", "gzip") == "abc-gzip"
    assert match_etag('"abcd"', "abc", None) is None


@pytest.mark.parametrize("header", ["", "yesterday", "Mon, 99 Foo 2026 00:00:00 GMT", "0", "-1", "é"])
def test_a_date_that_can_not_be_read_is_passed_over(header):
    assert not is_unmodified(header, NOW)


def test_pages_and_feeds_say_how_long_they_keep(client):
    assert client.get("/digests/lantern/feed.rss").headers["cache-control"] == "public, max-age=60"
    assert client.get("/").headers["cache-control"] == "public, max-age=0, s-maxage=60, must-revalidate"


# What changes is seen


def test_a_new_issue_is_seen_at_the_next_fetch(library):
    client = SiteClient(create_app(library, digests=[LANTERN]))
    before = client.get("/digests/lantern/feed.atom")
    later = NOW + timedelta(days=7)
    library.store.save_pages([make_page(number, seen_at=later) for number in range(20, 26)])
    make_issue(library, LANTERN, now=later + timedelta(hours=1))
    for name, value in (
        ("if-none-match", before.headers["etag"]),
        ("if-modified-since", before.headers["last-modified"]),
    ):
        after = client.get("/digests/lantern/feed.atom", headers={name: value})
        assert after.status_code == 200
    assert len(feedparser.parse(after.content).entries) > len(feedparser.parse(before.content).entries)
    assert "No. 2" in client.get("/digests/lantern/").text


def test_a_write_that_changes_nothing_here_keeps_every_tag(library):
    client = SiteClient(create_app(library, digests=[LANTERN]))
    before = client.get("/digests/lantern/feed.atom")
    generation = library.generation()
    library.store.save_pages([make_page(40, seen_at=NOW + timedelta(days=1))])
    assert library.generation() != generation
    after = client.get("/digests/lantern/feed.atom", headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 304
    assert after.headers["last-modified"] == before.headers["last-modified"]


def test_a_takedown_shows_at_the_next_fetch_everywhere(library):
    client = SiteClient(create_app(library, digests=[LANTERN]))
    paths = ["/digests/lantern/feed.rss", "/digests/lantern/1/", "/digests/lantern/archive/1.atom"]
    before = {path: client.get(path) for path in paths}
    issue = library.get_issue("lantern", 1)
    gone = issue.entries[0]
    library.redact([gone.article_id], at=NOW + timedelta(days=1))
    for path in paths:
        for name, value in (
            ("if-none-match", before[path].headers["etag"]),
            ("if-modified-since", before[path].headers["last-modified"]),
        ):
            after = client.get(path, headers={name: value})
            assert after.status_code == 200
            assert gone.headline not in after.text
            assert "taken down" in after.text
    entries = feedparser.parse(client.get(paths[0]).content).entries
    assert entries[0].id == gone.guid


def test_an_article_that_is_gone_answers_so(library):
    client = SiteClient(create_app(library, digests=[LANTERN]))
    article = library.store.articles.list().items[0]
    url = f"/articles/{article.id}/"
    assert client.get(url).status_code == 200
    mark_gone(library, article.url)
    response = client.get(url)
    assert response.status_code == 410
    assert "Gone" in response.text
    assert article.headline not in client.get(f"/publications/{article.publication}/").text
    assert client.get(f"{url}comments.atom").status_code == 410


def test_an_article_that_turned_out_to_be_another_leads_there(library):
    client = SiteClient(
        create_app(
            library, Config(server=ServerConfig(base_url="https://d.example/reading")), digests=[LANTERN]
        )
    )
    one, two, three = (each.id for each in library.store.articles.list().items[:3])
    with library.store.transaction() as connection:
        for double, survivor in ((three, two), (two, one)):
            is_double = Tables.article.c.id == double
            values = {"change": "gone", "same_as_id": survivor}
            connection.execute(update(Tables.article).where(is_double).values(values))
    for path in ("", "comments.atom", "comments.json?after=9-9"):
        response = client.get(f"/articles/{three}/{path}")
        assert response.status_code == 308
        assert response.headers["location"] == f"/reading/articles/{one}/{path}"
        assert client.head(f"/articles/{two}/{path}").headers["location"] == response.headers["location"]
    mark_gone(library, library.store.articles.get_many([one])[one].url)
    assert client.get(f"/articles/{three}/").status_code == 410


def test_every_tag_of_an_article_leads_to_its_page_or_nowhere(library):
    names = ["C#/F#", ".", "..", "...", "?q=#x", "50%", "日本", "x" * 200, "x" * 201]
    library.store.save_pages([make_page(0, tags=[Tag(name=name) for name in names])])
    client = SiteClient(create_app(library, digests=[LANTERN]))
    page = lxml_html.fromstring(client.get("/articles/1/").text)
    shown = page.xpath("//dt[.='Tags']/following-sibling::dd//li")
    assert [each.text_content() for each in shown] == names
    links = {link.text_content(): link.get("href") for each in shown for link in each.xpath("a")}
    assert list(links) == [name for name in names if name not in (".", "..") and len(name) <= 200]
    for name, href in links.items():
        answer = client.get(str(httpx.URL("http://feeds.example/articles/1/").join(href).raw_path, "ascii"))
        assert answer.status_code == 200
        assert name.casefold() in lxml_html.fromstring(answer.text).xpath("string(//h1)").casefold()


def test_each_of_several_authors_is_found_from_their_article(library):
    authors = [
        AuthorRef(name="Ann Moss", url="https://stories.example/authors/ann"),
        AuthorRef(name="Bo Reed"),
    ]
    library.store.save_pages([make_page(0, authors=authors)])
    client = SiteClient(create_app(library, digests=[LANTERN]))
    page = lxml_html.fromstring(client.get("/articles/1/").text)
    links = {link.text_content(): link.get("href") for link in page.xpath("//dl//a[contains(., 'More by')]")}
    assert list(links) == ["More by Ann Moss", "More by Bo Reed"]
    for name, href in links.items():
        assert f'<h1 dir="auto">{name.removeprefix("More by ")}</h1>' in client.get(href).text


def test_what_was_taken_down_is_gone_for_good(library):
    client = SiteClient(create_app(library, digests=[LANTERN]))
    article = library.store.articles.list().items[0]
    library.store.takedowns.take_down(article.url, NOW + timedelta(days=1))
    for path in (f"/articles/{article.id}/", f"/articles/{article.id}/comments.rss"):
        assert client.get(path).status_code == 410
    author = library.store.authors.list().items[0]
    library.store.takedowns.take_down(author.url, NOW + timedelta(days=1))
    for path in (f"/authors/{author.id}/", f"/authors/{author.id}/feed.atom"):
        assert client.get(path).status_code == 410
    assert client.get("/articles/999999/").status_code == 404
    assert client.get("/authors/999999/").status_code == 404


def mark_gone(library, url):
    """Let the crawl find that a story is no longer there."""
    from crawler.store.views import FrontierEntry, PageSave

    entry = FrontierEntry(
        url=url, role="article", publication="stories-fiction", outcome="gone", fetched_at=NOW
    )
    library.store.save_pages([PageSave(seen_at=NOW + timedelta(days=2), fetched=entry)])


def test_what_asks_robots_to_stay_away_is_not_shown(library):
    page = make_page(60, robots=["noindex"])
    (report,) = library.store.save_pages([page])
    client = SiteClient(create_app(library, digests=[LANTERN]))
    assert client.get(f"/articles/{report.article_id}/").status_code == 404
    assert page.article.headline not in client.get(f"/publications/{page.article.publication}/feed.rss").text


def test_definitions_are_read_again_when_their_files_change(library, tmp_path):
    folder = tmp_path / "seeds" / "digests"
    folder.mkdir(parents=True)
    (folder / "lantern.toml").write_text('title = "The Lantern"\n')
    client = SiteClient(create_app(library, Config(workspace=tmp_path)))
    assert client.get("/digests/harbor/").status_code == 404
    (folder / "harbor.toml").write_text('title = "The Harbor"\n')
    client.app._freshness._next_definitions = 0.0
    assert "The Harbor" in client.get("/digests/harbor/").text
    (folder / "harbor.toml").write_text("title = 3\n")
    client.app._freshness._next_definitions = 0.0
    assert "The Harbor" in client.get("/digests/harbor/").text


def test_a_wrong_definition_is_told_at_the_start(library, tmp_path):
    folder = tmp_path / "seeds" / "digests"
    folder.mkdir(parents=True)
    (folder / "lantern.toml").write_text("titel = 3\n")
    with pytest.raises(DigestError, match="titel"):
        create_app(library, Config(workspace=tmp_path))


class BrokenArchive:
    """A library whose database went away."""

    def __init__(self, archive):
        self.store = archive.store

    def peek_generation(self):
        return None

    def generation(self):
        raise StoreError("the server can't be reached", "postgresql://host/library")


def test_a_library_out_of_reach_is_answered_as_such(library):
    app = create_app(library, digests=[LANTERN])
    client = SiteClient(app)
    assert client.get("/").status_code == 200
    broken = BrokenArchive(library)
    app._freshness._archive = broken
    app._ping = broken.generation
    response = client.get("/digests/lantern/feed.rss")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "60"
    assert client.get("/healthz").status_code == 503


# Memory


def body_of(content: bytes, *, moment=NOW, epoch=1) -> Body:
    return Body("page", content, "text/plain", [(b"vary", b"Accept-Encoding")], moment, epoch)


def test_bodies_stay_within_their_bound():
    cache = BodyCache(max_bytes=10_000)
    for number in range(100):
        cache.put(f"/{number}", body_of(b"x" * 1_000))
    assert 5 <= len(cache) <= 10
    assert cache.get("/99") is not None
    assert cache.get("/0") is None
    cache.put("/large", body_of(b"x" * 20_000))
    assert cache.get("/large") is None


def test_codings_count_towards_the_bound():
    cache = BodyCache(max_bytes=10_000)
    body = body_of(bytes(range(256)) * 16)
    cache.put("/a", body)
    body.variant("gzip")
    body.variant("br")
    cache.put("/a", body)
    assert cache._size == body.size + 4


def test_an_unchanged_body_is_kept_and_a_changed_one_is_younger():
    old = body_of(b"a" * 300)
    old.variant("br")
    same = follow(body_of(b"a" * 300, moment=NOW + timedelta(days=1), epoch=2), old)
    assert same is old
    assert (same.epoch, same.modified_at) == (2, NOW)
    changed = follow(body_of(b"b" * 300, moment=NOW, epoch=3), old)
    assert changed.modified_at == NOW + timedelta(seconds=1)


def test_a_body_is_made_once_for_many(shelf):
    app = create_app(shelf, digests=[LANTERN])
    client = SiteClient(app)
    for _ in range(20):
        client.get("/digests/lantern/feed.rss?utm_source=x")
        client.get("/digests/lantern/feed.rss")
    assert app.metrics.renderings == 1
    assert app.metrics.requests["digest_feed", 200] == 40


# Feeds that grow


def test_a_first_fetch_is_bounded_and_the_archives_hold_the_rest(tmp_path):
    with make_library(f"sqlite:///{tmp_path / 'library.db'}", n_articles=72, issues=12) as archive:
        client = SiteClient(create_app(archive, digests=[LANTERN]))
        response = client.get("/digests/lantern/feed.atom")
        entries = feedparser.parse(response.content).entries
        assert 0 < len(entries) <= 50
        found, url = {entry.id for entry in entries}, links_of(response).get("prev-archive")
        n_archives = 0
        while url:
            response = client.get(url)
            assert response.status_code == 200
            assert b"<fh:archive/>" in response.content
            assert links_of(response)["current"] == "http://testserver/digests/lantern/feed.atom"
            found |= {entry.id for entry in feedparser.parse(response.content).entries}
            url, n_archives = links_of(response).get("prev-archive"), n_archives + 1
        assert n_archives >= 3
        all_entries = [
            entry.guid for number in range(1, 13) for entry in archive.get_issue("lantern", number).entries
        ]
        assert found == set(all_entries)
        assert len(all_entries) > 50


def test_lists_are_paged_by_key(tmp_path):
    with make_library(f"sqlite:///{tmp_path / 'library.db'}", n_articles=120, issues=0) as archive:
        client = SiteClient(create_app(archive, digests=[]))
        for start in (
            "/authors/1/feed.rss",
            "/publications/stories-humans/feed.atom",
            "/search/feed.json?q=the",
        ):
            url, seen = f"http://testserver{start}", []
            while url:
                response = client.get(url)
                assert response.status_code == 200
                if ".json" in start:
                    items = [item["id"] for item in response.json()["items"]]
                    own, url = response.json()["feed_url"], response.json().get("next_url")
                else:
                    items = [entry.id for entry in feedparser.parse(response.content).entries]
                    own, url = links_of(response)["self"], links_of(response).get("next")
                assert client.get(own).status_code == 200
                assert 0 < len(items) <= 50
                seen += items
            assert len(seen) == len(set(seen))
            if "search" in start:
                assert len(seen) == 120


def page_through(client: SiteClient, path: str) -> list[str]:
    """Return the ids of a feed's entries on all its pages, each at most once."""
    url, seen = f"http://testserver{path}", []
    while url:
        response = client.get(url)
        assert response.status_code == 200
        if ".json" in path:
            items = [item["id"] for item in response.json()["items"]]
            assert response.json()["feed_url"] == url
            url = response.json().get("next_url")
        else:
            items = [entry.id for entry in feedparser.parse(response.content).entries]
            assert links_of(response)["self"] == url
            url = links_of(response).get("next")
        assert 0 < len(items) <= 50
        seen += items
    assert len(seen) == len(set(seen))
    return seen


def test_a_long_series_is_paged(tmp_path):
    with make_library(f"sqlite:///{tmp_path / 'library.db'}", n_articles=53, issues=53) as archive:
        client = SiteClient(create_app(archive, digests=[LANTERN]))
        for ending in TYPES:
            assert len(page_through(client, f"/digests/lantern/issues.{ending}")) == 53
        guids = [archive.get_issue("lantern", number).entries[0].guid for number in range(53, 0, -1)]
        assert page_through(client, "/digests/lantern/feed.json") == guids
        assert client.get("/digests/lantern/issues.rss?after=x").status_code == 400
        assert client.get("/digests/lantern/feed.json?after=3").status_code == 400
        assert client.get("/digests/lantern/?after=1").status_code == 404


def test_an_issue_larger_than_a_feed_is_paged_in_json(tmp_path):
    digest = LANTERN.model_copy(update={"limits": Limits(entries=120, per_author=120, per_publication=120)})
    url = f"sqlite:///{tmp_path / 'library.db'}"
    with make_library(url, n_articles=150, issues=2, digest=digest) as archive:
        client = SiteClient(create_app(archive, digests=[digest]))
        issues = [archive.get_issue("lantern", number) for number in (2, 1)]
        assert [len(issue.entries) for issue in issues] == [75, 75]
        expected = [entry.guid for issue in issues for entry in issue.entries]
        assert page_through(client, "/digests/lantern/feed.json") == expected


def test_an_issue_larger_than_a_feed_has_an_archive_document_for_each_part(tmp_path):
    digest = LANTERN.model_copy(update={"limits": Limits(entries=120, per_author=120, per_publication=120)})
    url = f"sqlite:///{tmp_path / 'library.db'}"
    with make_library(url, n_articles=150, issues=2, digest=digest) as archive:
        client = SiteClient(create_app(archive, digests=[digest]))
        expected = [entry.guid for number in (2, 1) for entry in archive.get_issue("lantern", number).entries]
        address, met, addresses = "http://testserver/digests/lantern/feed.atom", [], []
        while address:
            response = client.get(address)
            assert response.status_code == 200
            assert links_of(response)["self"] == address
            met += [entry.id for entry in feedparser.parse(response.content).entries]
            address = links_of(response).get("prev-archive")
            addresses += [address.rpartition("/")[2]] if address else []
        assert met == expected
        assert addresses == ["2-2.atom", "1.atom", "1-2.atom"]
        for name in ("1-1", "1-3", "1-0", "1-02", "1-999999999", "1-9999999999", "3-2"):
            assert client.get(f"/digests/lantern/archive/{name}.atom").status_code == 404


def test_a_long_discussion_is_paged_and_each_comment_has_an_address(tmp_path):
    comments = [
        CommentRecord(
            platform_id=f"c{number}",
            parent_id=f"c{number - 1}" if number % 3 == 2 else None,
            position=number,
            author_name="Wren",
            published_at=NOW - timedelta(minutes=number // 2),
            published_bounds=(NOW - timedelta(minutes=number // 2),) * 2,
            body_html="<p>Yes.</p>",
            body_text="Yes.",
        )
        for number in range(1, 121)
    ]
    with make_library(f"sqlite:///{tmp_path / 'library.db'}", n_articles=1) as archive:
        page = make_page(1)
        archive.store.save_pages([replace(page, comments=tuple(comments))])
        (number,) = [each.id for each in archive.store.articles.list().items if each.url == page.article.url]
        client = SiteClient(create_app(archive, digests=[]))
        for ending in TYPES:
            assert len(page_through(client, f"/articles/{number}/comments.{ending}")) == 120
        anchors = set(lxml_html.fromstring(client.get(f"/articles/{number}/").text).xpath("//@id"))
        entries = feedparser.parse(client.get(f"/articles/{number}/comments.atom").content).entries
        assert {urlsplit(entry.link).fragment for entry in entries} <= anchors
        assert len({entry.link for entry in entries}) == 50
        assert client.get(f"/articles/{number}/comments.rss?after=7").status_code == 400


def test_the_feed_of_a_tag_names_the_address_that_links_lead_to(tmp_path):
    names = ["C++", "C#/F#", "he said: a, b", "feed", "/", "100 % @home"]
    with open_library(f"sqlite:///{tmp_path / 'library.db'}", upgrade=True) as archive:
        archive.store.save_pages([make_page(1, tags=[Tag(name=name) for name in names])])
        client = SiteClient(create_app(archive))
        page = lxml_html.fromstring(client.get("/articles/1/").text)
        tags = page.xpath("//dt[.='Tags']/following-sibling::dd//@href")
        assert len(tags) == len(names)
        for tag in tags:
            shown = lxml_html.fromstring(client.get(tag).text)
            assert shown.xpath("//link[@rel='canonical']/@href") == [f"http://testserver{tag}"]
            feeds = shown.xpath("//link[@type='application/atom+xml']/@href")
            assert feeds == [f"{tag}feed.atom"]
            document = client.get(feeds[0])
            links = etree.fromstring(document.content).findall("{http://www.w3.org/2005/Atom}link")
            own = [each.get("href") for each in links if each.get("rel") == "self"]
            assert own == [f"http://testserver{feeds[0]}"]
            assert f'<{own[0]}>; rel="self"' in document.headers["link"]


@pytest.mark.parametrize("name", ["C#", "what?", "50%25", "a/b", "x&y=z", "日本"])
def test_older_entries_of_a_tag_are_found_whatever_its_name(tmp_path, name):
    with open_library(f"sqlite:///{tmp_path / 'library.db'}", upgrade=True) as archive:
        pages = [make_page(n, comments=0, tags=[Tag(name=name)]) for n in range(MAX_ENTRIES + 3)]
        archive.store.save_pages(pages)
        client = SiteClient(create_app(archive))
        home = f"/tags/{quote(name.casefold(), safe='')}/"
        older = client.get(client.get(f"{home}feed.json").json()["next_url"])
        assert len(older.json()["items"]) == 3
        first = lxml_html.fromstring(client.get(home).text)
        second = lxml_html.fromstring(client.get(first.xpath("//a[@rel='prev']/@href")[0]).text)
        assert len(second.xpath("//article[@class='entry']")) == 3
        back = client.get(second.xpath("//a[@rel='next']/@href")[0])
        assert len(lxml_html.fromstring(back.text).xpath("//article[@class='entry']")) == MAX_ENTRIES


def test_rss_names_the_comment_feed_in_rss(client):
    item = etree.fromstring(client.get("/digests/lantern/feed.rss").content).find("channel/item")
    url = item.findtext("{http://wellformedweb.org/CommentAPI/}commentRss")
    assert url.endswith("/comments.rss")
    assert client.get(url).headers["content-type"].startswith("application/rss+xml")


def test_older_pages_of_a_digest_follow_each_other(tmp_path):
    with make_library(f"sqlite:///{tmp_path / 'library.db'}", n_articles=44, issues=22) as archive:
        client = SiteClient(create_app(archive, digests=[LANTERN]))
        first = lxml_html.fromstring(client.get("/digests/lantern/").text)
        (older,) = first.xpath("//nav[@class='turn']/a/@href")
        second = lxml_html.fromstring(client.get(older).text)
        titles = [tree.xpath("//p[@class='what']/a/text()") for tree in (first, second)]
        assert [len(each) for each in titles] == [20, 2]
        assert titles[1][-1] == "The Lantern, No. 1"


def test_a_hub_is_named_in_feed_and_header(shelf):
    config = Config(server=ServerConfig(hub_url="https://hub.example/"))
    client = SiteClient(create_app(shelf, config, digests=[LANTERN]))
    for ending in ("rss", "atom"):
        response = client.get(f"/digests/lantern/feed.{ending}")
        own = f"http://testserver/digests/lantern/feed.{ending}"
        assert links_of(response)["hub"] == "https://hub.example/"
        assert response.headers["link"] == f'<https://hub.example/>; rel="hub", <{own}>; rel="self"'
    assert client.get("/digests/lantern/feed.json").json()["hubs"] == [
        {"type": "WebSub", "url": "https://hub.example/"}
    ]
    assert "hub" not in links_of(client.get("/digests/lantern/archive/1.atom"))


# What browsers may do


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_guarded(client, path):
    response = client.get(path)
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    tree = lxml_html.fromstring(response.text)
    for style in tree.xpath("//style"):
        digest = base64.b64encode(sha256(style.text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    for script in tree.xpath("//script"):
        assert script.get("src") == "/copy.js"
        assert not (script.text or "").strip()
    assert not tree.xpath("//*[@style] | //*[@onclick] | //*[@onload]")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", FEEDS[:3])
def test_feeds_may_be_fetched_by_readers_in_a_browser(client, path):
    assert client.get(path).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_names_its_feeds_for_programs(client, path):
    tree = lxml_html.fromstring(client.get(path).text)
    feeds = tree.xpath("//link[@rel='alternate']")
    for feed in feeds:
        assert client.get(feed.get("href")).status_code == 200
        assert client.get(feed.get("href")).headers["content-type"].startswith(feed.get("type"))
    if path not in ("/", "/search/"):
        assert [feed.get("type") for feed in feeds] == [TYPES[each] for each in ("atom", "rss", "json")]


# Mounting


def follow_every_link(client: SiteClient, start: str, prefix: str) -> set[str]:
    """Fetch all that can be reached from a page; fail on whatever does not answer or leaves the prefix."""
    waiting, seen = [start], set()
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        response = client.get(url)
        assert response.status_code == 200, url
        found = []
        if response.headers["content-type"].startswith("text/html"):
            tree = lxml_html.fromstring(response.text)
            found = tree.xpath(
                "//a/@href | //link/@href | //script/@src | //form/@action | //input[@readonly]/@value"
            )
            anchors = set(tree.xpath("//@id"))
            for href in found:
                assert not href.startswith("#") or href[1:] in anchors, f"{url} {href}"
        elif "xml" in response.headers["content-type"]:
            tree = etree.fromstring(response.content)
            found = tree.xpath("//@href | //@xmlUrl | //@htmlUrl | //*[local-name()='link']/text()")
            found += tree.xpath("//comments/text() | //*[local-name()='commentRss']/text()")
        for href in found:
            target = urljoin(f"http://testserver{url}" if url.startswith("/") else url, href)
            if urlsplit(target).netloc == "testserver":
                assert urlsplit(target).path.startswith(f"{prefix}/"), f"{url} links to {href}"
                waiting.append(target.partition("#")[0])
    return seen


@pytest.mark.parametrize("prefix", ["", "/reading", "/a/b c/d"])
def test_mounted_anywhere_every_link_is_followed(shelf, prefix):
    feeds = create_app(shelf, digests=[LANTERN])
    app = Starlette(routes=[Mount(prefix, app=feeds)]) if prefix else feeds
    client = SiteClient(app)
    quoted = prefix.replace(" ", "%20")
    seen = follow_every_link(client, f"http://testserver{quoted}/", quoted)
    paths = {urlsplit(url).path.removeprefix(quoted) for url in seen}
    assert {"/", "/digests/lantern/", "/digests/lantern/1/", "/digests/lantern/2/"} <= paths
    assert {"/opml.xml", "/copy.js", "/search/", "/digests/lantern/feed.json"} <= paths
    assert any(path.startswith("/articles/") for path in paths)
    assert any(path.startswith("/authors/") for path in paths)
    assert any(path.startswith("/tags/") for path in paths)
    assert any(path.startswith("/publications/") for path in paths)


def test_a_site_that_is_told_its_place_behind_a_proxy_mounts_it_all_the_same(shelf):
    site = Starlette(routes=[Mount("/reading", app=create_app(shelf, digests=[LANTERN]))])

    async def placed(scope, receive, send):
        # As FastAPI(root_path="/proxy") does: the proxy took the prefix off the path.
        await site({**scope, "root_path": "/proxy"}, receive, send)

    client = SiteClient(placed)
    response = client.get("/reading/digests/lantern/feed.atom")
    assert links_of(response)["self"] == "http://testserver/proxy/reading/digests/lantern/feed.atom"
    assert "/proxy/reading/digests/lantern/1/" in client.get("/reading/digests/lantern/").text


def test_the_first_app_of_a_site_keeps_its_own_addresses(shelf):
    fastapi = pytest.importorskip("fastapi")
    site = fastapi.FastAPI()

    @site.get("/hello")
    def hello() -> str:
        return "hello"

    site.mount("/reading", create_app(shelf, digests=[LANTERN]))
    client = SiteClient(site)
    assert client.get("/hello").json() == "hello"
    assert "/reading/digests/lantern/" in client.get("/reading/").text
    assert client.get("/reading/nope").status_code == 404


def talk(app, scope, events):
    """Run an ASGI connection with the events given, and return what the app sent."""
    sent, waiting = [], list(events)

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


def test_a_store_of_the_crawler_alone_is_enough(tmp_path):
    url = f"sqlite:///{tmp_path / 'library.db'}"
    with open_store(url) as store:
        store.save_pages([make_page(1)])
        client = SiteClient(create_app(store=store, config=Config(workspace=tmp_path), digests=[LANTERN]))
        assert client.get("/digests/lantern/feed.atom").status_code == 200
        assert client.get("/articles/1/").status_code == 200
    with open_library(url) as archive:
        assert archive.latest_issue("lantern") is None
        client = SiteClient(create_app(archive.store, digests=[LANTERN]))
        assert client.get("/digests/lantern/").status_code == 200


def test_a_lifespan_is_taken_part_in(client):
    events = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent = talk(client.app, {"type": "lifespan"}, events)
    assert [each["type"] for each in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_websocket_is_refused(client):
    sent = talk(client.app, {"type": "websocket", "path": "/"}, [{"type": "websocket.connect"}])
    assert sent == [{"type": "websocket.close", "code": 1000}]


# Running

SERVE = """
import sys
from plugin.archive import open_library
from plugin.server import serve
from plugin.server.app import create_app
with open_library(sys.argv[1]) as archive:
    say = lambda url: print(url, flush=True)
    serve(create_app(archive, digests=[]), port=0, metrics_port=int(sys.argv[2]), say=say)
print("ended well")
"""


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_cleanly(tmp_path, number):
    url = f"sqlite:///{tmp_path / 'library.db'}"
    open_library(url).close()
    metrics_port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, url, str(metrics_port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        served = process.stdout.readline().strip()
        assert fetch(f"{served}healthz") == b"ok\n"
        metrics = fetch(f"http://127.0.0.1:{metrics_port}/metrics").decode()
        assert 'gleanings_http_requests_total{kind="health",status="200"}' in metrics
        # A connection that stays open, as it may for half a minute, must not hold the end up.
        with socket.create_connection(("127.0.0.1", urlsplit(served).port)):
            process.send_signal(number)
            output, _ = process.communicate(timeout=KEEP_ALIVE_SECONDS - 5)
        assert process.returncode == 0
        assert output == "ended well\n"
    finally:
        process.kill()
        process.wait()


def test_a_port_chosen_by_the_system_is_told(tmp_path):
    open_library(f"sqlite:///{tmp_path / 'gleanings.db'}").close()
    command = [sys.executable, "-m", "cli", "--workspace", str(tmp_path), "serve", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        said = process.stderr.readline()
        url = re.fullmatch(r"Serving at (http://127\.0\.0\.1:[1-9]\d+/) ; stop with Ctrl-C\.\n", said)[1]
        assert fetch(f"{url}healthz") == b"ok\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def test_a_used_port_is_one_clear_sentence(shelf):
    with open_listener("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortUnavailable, match="this port is in use") as caught:
            serve(create_app(shelf, digests=[]), port=port)
        assert str(port) in str(caught.value)
        with pytest.raises(PortUnavailable, match="this port is in use; choose another with --metrics-port"):
            serve(create_app(shelf, digests=[]), port=0, metrics_port=port)


@pytest.mark.parametrize("host", ["203.0.113.9", "no-such-host.invalid"])
def test_an_address_that_is_not_ours_is_one_clear_sentence(host):
    with pytest.raises(PortUnavailable, match=re.escape(host)):
        open_listener(host, 0)


# WebSub


class FakeHub:
    """Answers pings with the statuses given, the last one for good; an exception is raised."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.bodies: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(request.content.decode())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer)


def ping(hub: FakeHub) -> list[timedelta]:
    waits: list[timedelta] = []
    with httpx.Client(transport=httpx.MockTransport(hub)) as client:
        ping_hub(
            "https://hub.example/",
            ["https://a.example/feed.atom", "https://a.example/feed.rss"],
            client=client,
            wait=waits.append,
        )
    return waits


def test_a_hub_is_told_of_every_feed():
    hub = FakeHub(204)
    assert ping(hub) == []
    assert hub.bodies == [
        "hub.mode=publish&hub.url=https%3A%2F%2Fa.example%2Ffeed.atom&hub.url=https%3A%2F%2Fa.example%2Ffeed.rss"
    ]


def test_a_hub_out_of_reach_is_asked_again():
    hub = FakeHub(httpx.ConnectError("refused"), 503, 429, 202)
    assert len(ping(hub)) == 3
    assert len(hub.bodies) == 4


def test_a_hub_that_stays_away_is_told():
    with pytest.raises(OutletUnavailable, match="answered 500"):
        ping(FakeHub(500))


def test_a_hub_that_refuses_is_not_asked_again():
    hub = FakeHub(400)
    with pytest.raises(OutletRejected, match="answered 400"):
        ping(hub)
    assert len(hub.bodies) == 1


def test_a_digest_without_issues_has_pages_and_feeds(library):
    client = SiteClient(create_app(library, digests=[Digest(slug="new", title="New")]))
    assert "No issue has been made yet" in client.get("/digests/new/").text
    for ending in TYPES:
        assert client.get(f"/digests/new/feed.{ending}").status_code == 200
        assert client.get(f"/digests/new/issues.{ending}").status_code == 200
    assert client.get("/digests/new/1/").status_code == 404


def test_a_body_is_made_whenever_it_can_be_read_again(library, monkeypatch):
    client = SiteClient(create_app(library, digests=[LANTERN]))

    def refuse(*_):
        raise StoreError("the disk can't be read")

    monkeypatch.setattr(client.app._contents, "answer", refuse)
    assert client.get("/digests/lantern/").status_code == 503
    monkeypatch.undo()
    assert client.get("/digests/lantern/").status_code == 200


def test_metrics_are_told_as_prometheus_reads_them(shelf):
    app = create_app(shelf, digests=[LANTERN])
    client = SiteClient(app)
    for path in ("/", "/", "/nope"):
        client.get(path)
    told = {
        (sample.name, sample.labels.get("kind"), sample.labels.get("status")): sample.value
        for family in app.metrics.collect()
        for sample in family.samples
    }
    assert told["gleanings_http_requests_total", "index", "200"] == 2
    assert told["gleanings_http_requests_total", "unknown", "404"] == 1
    assert told["gleanings_renderings_total", None, None] == 1
    assert told["gleanings_http_body_bytes_total", None, None] > 1_000
