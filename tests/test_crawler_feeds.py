"""Feeds and sitemaps become lists of addresses with what they tell of each."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.reading.feeds import (
    FeedEntry,
    FeedListing,
    SitemapEntry,
    is_feed,
    is_sitemap,
    parse_feed,
    parse_instant,
    parse_sitemap,
)

DATA = Path(__file__).parent / "data" / "feeds"
NETS = FeedEntry(
    "https://harbor.example/nets",
    title="Nets mended by hand",
    author_names=("Runa Valdis", "Ivo Mar"),
    published_at=datetime(2026, 11, 3, 6, tzinfo=UTC),
    modified_at=datetime(2026, 11, 4, tzinfo=UTC),
)


def feed(name: str) -> FeedListing:
    listing = parse_feed((DATA / name).read_text(encoding="utf-8"), "https://harbor.example/feed")
    assert listing is not None
    return listing


@pytest.mark.parametrize("name", ["harbor.rss", "harbor.atom", "harbor.json"])
def test_every_format_tells_the_same_of_an_entry(name: str) -> None:
    entry = feed(name).entries[0]
    assert (entry.url, entry.title, entry.author_names, entry.published_at) == (
        NETS.url,
        NETS.title,
        NETS.author_names,
        NETS.published_at,
    )


@pytest.mark.parametrize(
    ("name", "language", "next_url"),
    [
        ("harbor.rss", "en-gb", "https://harbor.example/feed?page=2"),
        ("harbor.atom", "en", "https://harbor.example/archive/3.atom"),
        ("harbor.json", "en", "https://harbor.example/feed.json?page=2"),
    ],
)
def test_every_format_tells_whose_feed_it_is(name: str, language: str, next_url: str) -> None:
    listing = feed(name)
    assert (listing.title, listing.home_url) == ("The Harbor & Tide", "https://harbor.example/")
    assert (listing.language, listing.next_url) == (language, next_url)


def test_entries_without_an_address_and_doubles_are_left_out() -> None:
    assert [entry.url for entry in feed("harbor.rss").entries] == [
        "https://harbor.example/nets",
        "https://harbor.example/rope",
        "https://harbor.example/anchor",
    ]
    assert [entry.url for entry in feed("harbor.json").entries] == [
        "https://harbor.example/nets",
        "https://harbor.example/rope",
    ]


@pytest.mark.parametrize("character", ["&#1;", "&#11;", "&#xFFFE;", "&#0;", "&#xD800;"])
def test_a_title_that_names_what_no_document_can_hold_hides_no_entry(character: str) -> None:
    items = "".join(
        f"<item><title>{title}</title><link>https://harbor.example/{place}</link></item>"
        for place, title in enumerate([f"Tar{character.replace('&', '&amp;')} &amp;amp; rope", "Sails"])
    )
    listing = parse_feed(
        f"<rss version='2.0'><channel>{items}</channel></rss>", "https://harbor.example/feed"
    )
    assert listing is not None
    titles = [entry.title or "" for entry in listing.entries]
    assert titles[1] == "Sails"
    assert titles[0].replace("\ufffd", "") == "Tar & rope"


@pytest.mark.parametrize("link", ["<link/>", "<link>urn:x</link>", "<link>javascript:x()</link>", ""])
@pytest.mark.parametrize("order", ["{link}{name}", "{name}{link}"])
def test_a_name_that_is_an_address_stands_in_for_a_link_that_leads_nowhere(link: str, order: str) -> None:
    item = order.format(link=link, name="<guid>https://a.example/x</guid>")
    listing = parse_feed(f"<rss version='2.0'><channel><item>{item}</item></channel></rss>", None)
    assert listing is not None
    assert [entry.url for entry in listing.entries] == ["https://a.example/x"]


@pytest.mark.parametrize("name", ["tag:a.example,2026:x", "urn:uuid:1"])
def test_a_name_that_is_no_address_does_not(name: str) -> None:
    item = f"<link/><guid>{name}</guid>"
    listing = parse_feed(
        f"<rss version='2.0'><channel><item>{item}</item></channel></rss>", "https://a.example/"
    )
    assert listing is not None
    assert listing.entries == ()


def test_counts_of_comments_and_their_feeds() -> None:
    rss = feed("harbor.rss").entries[0]
    assert (rss.comment_count, rss.comments_feed_url) == (7, "https://harbor.example/nets/comments.rss")
    assert feed("harbor.atom").entries[0].comment_count == 7


@pytest.mark.parametrize("date", ["not a date", "0000-01-01", "9999-12-31", "Wed, 18 Nov 0026 12:00:00 GMT"])
def test_no_feed_has_a_date_out_of_time(date: str) -> None:
    item = f"<link>https://a.example/x</link><pubDate>{date}</pubDate>"
    listing = parse_feed(f"<rss version='2.0'><channel><item>{item}</item></channel></rss>", None)
    assert listing is not None
    assert [entry.published_at for entry in listing.entries] == [None]


def test_what_is_no_date_is_none() -> None:
    assert feed("harbor.rss").entries[1].published_at is None
    assert feed("harbor.json").entries[1].published_at is None
    assert feed("harbor.rss").entries[0].modified_at is None


def test_a_sitemap_lists_pages_with_their_last_change() -> None:
    listing = parse_sitemap(
        (DATA / "sitemap.xml").read_text(encoding="utf-8"), "https://harbor.example/s.xml"
    )
    assert listing is not None
    assert listing.sitemaps == ()
    assert listing.entries == (
        SitemapEntry("https://harbor.example/nets", datetime(2026, 11, 4, 8, tzinfo=UTC)),
        SitemapEntry("https://harbor.example/rope", datetime(2026, 11, 4, 23, 59, 59, tzinfo=UTC)),
        SitemapEntry("https://harbor.example/anchor"),
        SitemapEntry(
            "https://harbor.example/storm",
            title="Storm warning",
            published_at=datetime(2026, 11, 5, 6, 30, tzinfo=UTC),
        ),
    )


def test_an_index_lists_sitemaps() -> None:
    listing = parse_sitemap((DATA / "sitemap_index.xml").read_text(encoding="utf-8"), None)
    assert listing is not None
    assert listing.entries == ()
    assert [entry.url for entry in listing.sitemaps] == [
        "https://harbor.example/sitemap-2025.xml.gz",
        "https://harbor.example/sitemap-2026.xml.gz",
    ]


@pytest.mark.parametrize("before", ["", "\ufeff\n", "Notice: x in y.php\n"])
def test_a_sitemap_is_read_behind_what_a_program_complains_of(before: str) -> None:
    text = f"{before}<?xml version='1.0'?><urlset><url><loc>https://a.example/x</loc></url></urlset>"
    listing = parse_sitemap(text, None)
    assert listing is not None
    assert listing.entries == (SitemapEntry("https://a.example/x"),)


def test_what_begins_like_a_sitemap_and_holds_no_element_is_none() -> None:
    assert parse_sitemap("<!ENTITY a 'b'><urlset", None) is None


@pytest.mark.parametrize(
    ("text", "feed_kind", "sitemap_kind"),
    [
        ("<rss/>", True, False),
        ('\ufeff\n<?xml version="1.0"?>\n<!-- a --><feed xmlns="http://www.w3.org/2005/Atom"/>', True, False),
        ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', True, False),
        ('{"version": "https:\\/\\/jsonfeed.org\\/version\\/1", "items": []}', True, False),
        ("<urlset/>", False, True),
        ("<ns0:urlset/>", False, True),
        ("<sitemapindex/>", False, True),
        ("<!DOCTYPE html><html><body><p>rss</p></body></html>", False, False),
        ('{"version": 1}', False, False),
        ("", False, False),
        ("plain words", False, False),
    ],
)
def test_kinds_are_told_by_the_first_element(text: str, feed_kind: bool, sitemap_kind: bool) -> None:
    assert (is_feed(text), is_sitemap(text)) == (feed_kind, sitemap_kind)
    assert (parse_feed(text, None) is not None, parse_sitemap(text, None) is not None) == (
        feed_kind,
        sitemap_kind,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-04T10:00:00Z", "2026-11-04T10:00:00+00:00"),
        ("2026-11-04T10:00", "2026-11-04T10:00:00+00:00"),
        ("2026-11", "2026-11-01T23:59:59+00:00"),
        ("0001-01-01", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("2026-13-45", None),
        ("", None),
        (None, None),
    ],
)
def test_instants(text: str | None, expected: str | None) -> None:
    found = parse_instant(text)
    assert (found.isoformat() if found else None) == expected


LEVELS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f"<!DOCTYPE x [{LEVELS}]>"


@pytest.mark.parametrize("root", ["rss", "urlset"])
def test_entity_bombs_and_local_files_are_harmless(root: str) -> None:
    outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    started = time.process_time()
    for doctype in (BOMB, outside):
        inner = "<channel><title>&a11;&f;</title><item><link>https://a.example/&f;</link></item></channel>"
        if root == "urlset":
            inner = "<url><loc>https://a.example/&a11;&f;</loc></url>"
        text = f'<?xml version="1.0"?>{doctype}<{root}>{inner}</{root}>'
        shown = f"{parse_feed(text, None)}{parse_sitemap(text, None)}"
        assert "root:" not in shown
        assert len(shown) < 2_000
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel><item><link>https://a.example/x",
        "<rss version='2.0'><channel><item><title>A & B</title><link>https://a.example/x</link></item>",
        "<rss>" * 1_000,
        "<rss><channel>" + "<item><link>https://a.example/%d</link></item>" * 3_000,
        "<urlset>" + "<url>" * 5_000,
        "<urlset>" + "<url><loc>https://a.example/</loc></url>" * 20_000,
        '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000,
        '{"version": "https://jsonfeed.org/version/1", "items": {"a": 1}}',
        '{"version": "https://jsonfeed.org/version/1"} trailing',
        "<!DOCTYPE rss [" + "x" * 1_000_000,
    ],
)
def test_broken_documents_are_read_as_far_as_they_go(text: str) -> None:
    started = time.process_time()
    parse_feed(text, "https://a.example/")
    parse_sitemap(text, "https://a.example/")
    assert time.process_time() - started < 10


def test_an_unclosed_feed_still_gives_its_entry() -> None:
    text = "<rss version='2.0'><channel><item><title>A & B</title><link>https://a.example/x</link></item>"
    listing = parse_feed(text, None)
    assert listing is not None
    assert [(entry.url, entry.title) for entry in listing.entries] == [("https://a.example/x", "A & B")]
