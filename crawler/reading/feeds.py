"""Feeds and sitemaps as lists of addresses with what they tell of each.

Neither is ever the source of an article: feeds cut bodies, sitemaps know none. They say what exists and when
it changed.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from lxml import etree

from crawler.reading.characters import strip_unstorable
from crawler.reading.urls import absolute_url

_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,2000}(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<(?:[A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONTH = re.compile(r"\d{4}-\d\d")
_HEAD = 4_000
"""Characters looked at to tell what a document is."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """What a feed says of one article.

    Attributes:
        url: Absolute.
        title: Without markup; None where the feed gives none.
        author_names: In order.
        published_at: Aware UTC.
        modified_at: Aware UTC; None where the feed gives no second date.
        comment_count: As given by ``slash:comments`` or ``thr:total``.
        comments_feed_url: The feed of its comments (``wfw:commentRss``), absolute.
    """

    url: str
    title: str | None = None
    author_names: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    comment_count: int | None = None
    comments_feed_url: str | None = None


@dataclass(frozen=True, slots=True)
class FeedListing:
    """A feed's own words and its entries, in its order and without doubled addresses.

    Attributes:
        title: Without markup.
        home_url: The site it belongs to, absolute.
        language: As declared, lower case.
        entries: In feed order.
        next_url: The page with older entries, absolute.
    """

    title: str | None = None
    home_url: str | None = None
    language: str | None = None
    entries: tuple[FeedEntry, ...] = ()
    next_url: str | None = None


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """What a sitemap says of one page.

    Attributes:
        url: Absolute.
        modified_at: Aware UTC. Of a bare day its last second, so that a page changed later that day is not
            passed over.
        title: From a news sitemap.
        published_at: From a news sitemap; aware UTC.
    """

    url: str
    modified_at: datetime | None = None
    title: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SitemapListing:
    """A sitemap's entries, or the sitemaps that an index names; in order, without doubled addresses."""

    entries: tuple[SitemapEntry, ...] = ()
    sitemaps: tuple[SitemapEntry, ...] = ()


def is_feed(text: str) -> bool:
    """Tell whether a document is RSS, Atom or JSON Feed by its first characters.

    Example:
        >>> is_feed('<?xml version="1.0"?><rss version="2.0">'), is_feed("<html>"), is_feed("{}")
        (True, False, False)
    """
    head = text[:_HEAD].lstrip("\ufeff \t\r\n")
    if head.startswith("{"):
        return re.search(r'"version"\s*:\s*"https?:(?:\\?/){2}jsonfeed\.org', head) is not None
    return _root_name(head) in ("rss", "feed", "rdf")


def is_sitemap(text: str) -> bool:
    """Tell whether a document is a sitemap or an index of sitemaps by its first characters."""
    return _root_name(text[:_HEAD]) in ("urlset", "sitemapindex")


def parse_feed(text: str, url: str | None) -> FeedListing | None:
    """Read RSS 0.9 to 2.0, Atom 0.3 and 1.0 or JSON Feed 1.x.

    Args:
        text: The decoded document; entity declarations are not obeyed.
        url: Where it came from, for relative addresses.

    Returns:
        None when it is none of them. Entries without an address are left out.

    Source:
        XML is read by feedparser, which repairs what is not well-formed; https://jsonfeed.org/version/1.1.
    """
    if not is_feed(text):
        return None
    text = strip_unstorable(text.lstrip("\ufeff \t\r\n"))
    return _parse_json(text, url) if text.startswith("{") else _parse_xml(text, url)


def parse_sitemap(text: str, url: str | None) -> SitemapListing | None:
    """Read a sitemap or an index of sitemaps.

    Args:
        text: The decoded, unpacked document; entity declarations are not obeyed, broken ones are read as far
            as they go.
        url: Where it came from, for relative addresses.

    Returns:
        None when it is neither.

    Source:
        https://www.sitemaps.org/protocol.html; news extension:
        https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap.
    """
    if not is_sitemap(text):
        return None
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, recover=True, remove_comments=True
    )
    document = _DECLARATION.sub("", _DOCTYPE.sub("", text.lstrip("\ufeff"), count=1), count=1)
    document = document[max(document.find("<"), 0) :]  # a program's warning may be printed before it
    root = etree.fromstring(document.encode("utf-8", "replace"), parser)
    if root is None:
        return None
    entries: dict[str, SitemapEntry] = {}
    sitemaps: dict[str, SitemapEntry] = {}
    for element in root.iterchildren():
        entry = _read_sitemap_entry(element, url)
        if entry is not None:
            found = sitemaps if _local_name(element) == "sitemap" else entries
            found.setdefault(entry.url, entry)
    return SitemapListing(tuple(entries.values()), tuple(sitemaps.values()))


def parse_instant(text: str | None) -> datetime | None:
    """Read the dates that feeds and sitemaps are bound to: ISO 8601, UTC where no zone is given.

    Args:
        text: A bare day stands for its last second, a bare month for that of its first day.

    Example:
        >>> parse_instant("2026-05-04T10:00:00+02:00").isoformat(), parse_instant("2026-05-04").isoformat()
        ('2026-05-04T08:00:00+00:00', '2026-05-04T23:59:59+00:00')
        >>> parse_instant("last week") is None
        True
    """
    stripped = (text or "").strip()[:64]
    if _MONTH.fullmatch(stripped):
        stripped += "-01"
    try:
        if _DAY.fullmatch(stripped):
            stripped += "T23:59:59"
        instant = datetime.fromisoformat(stripped)
        instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant if 1900 < instant.year < 9000 else None


def _root_name(head: str) -> str:
    rest = _DOCTYPE.sub("", head, count=1)
    match = re.search(
        r"<(?:[A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)", re.sub(r"<!--.*?-->", "", rest, flags=re.DOTALL)
    )
    return match[1].lower() if match else ""


def _parse_xml(text: str, url: str | None) -> FeedListing:
    import feedparser

    document = _DECLARATION.sub("", _DOCTYPE.sub("", text, count=1), count=1)
    headers = {"content-type": "application/xml; charset=utf-8"}
    if url is not None:
        headers["content-location"] = url
    parsed = feedparser.parse(
        BytesIO(document.encode("utf-8", "replace")),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    feed: dict[str, Any] = dict(parsed.feed)
    home_url = absolute_url(url, feed.get("link"))
    entries: dict[str, FeedEntry] = {}
    for raw in parsed.entries:
        entry = _read_xml_entry(dict(raw), home_url or url)
        if entry is not None:
            entries.setdefault(entry.url, entry)
    return FeedListing(
        title=_plain(feed.get("title")),
        home_url=home_url,
        language=(feed.get("language") or "").strip().lower() or None,
        entries=tuple(entries.values()),
        next_url=_next_link(feed.get("links") or (), url),
    )


def _read_xml_entry(raw: Mapping[str, Any], base: str | None) -> FeedEntry | None:
    address = absolute_url(base, _string(raw.get("link")))
    if address is None and raw.get("link") is not None:  # a link that leads nowhere beside a name that may
        address = absolute_url(None, raw.get("id"))
    if address is None:
        return None
    people = raw.get("authors") or ([{"name": raw["author"]}] if raw.get("author") else [])
    published = _instant(raw.get("published_parsed") or raw.get("created_parsed"))
    modified = _instant(raw.get("updated_parsed"))
    return FeedEntry(
        address,
        title=_plain(raw.get("title")),
        author_names=_names(person.get("name") for person in people if isinstance(person, Mapping)),
        published_at=published or modified,
        modified_at=modified,
        comment_count=_count(raw.get("slash_comments") or raw.get("thr_total")),
        comments_feed_url=absolute_url(base, raw.get("wfw_commentrss")),
    )


def _parse_json(text: str, url: str | None) -> FeedListing | None:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    items = feed.get("items")
    home_url = absolute_url(url, _string(feed.get("home_page_url")))
    entries: dict[str, FeedEntry] = {}
    for item in items if isinstance(items, list) else []:
        entry = _read_json_item(item, home_url or url) if isinstance(item, dict) else None
        if entry is not None:
            entries.setdefault(entry.url, entry)
    return FeedListing(
        title=_plain(feed.get("title")),
        home_url=home_url,
        language=(_string(feed.get("language")) or "").lower() or None,
        entries=tuple(entries.values()),
        next_url=absolute_url(url, _string(feed.get("next_url"))),
    )


def _read_json_item(item: Mapping[str, Any], base: str | None) -> FeedEntry | None:
    address = absolute_url(base, _string(item.get("url"))) or absolute_url(None, _string(item.get("id")))
    if address is None:
        return None
    authors = item.get("authors")
    people = authors if isinstance(authors, list) else [item.get("author")]
    return FeedEntry(
        address,
        title=_plain(item.get("title")),
        author_names=_names(person.get("name") for person in people if isinstance(person, dict)),
        published_at=parse_instant(_string(item.get("date_published"))),
        modified_at=parse_instant(_string(item.get("date_modified"))),
    )


def _read_sitemap_entry(element: etree._Element, base: str | None) -> SitemapEntry | None:
    values: dict[str, str] = {}
    for node in element.iterdescendants():
        if isinstance(node.tag, str) and node.text and node.text.strip():
            values.setdefault(_local_name(node), node.text.strip())
    address = absolute_url(base, values.get("loc"))
    if address is None or _local_name(element) not in ("url", "sitemap"):
        return None
    return SitemapEntry(
        address,
        modified_at=parse_instant(values.get("lastmod")),
        title=_plain(values.get("title")) if "publication_date" in values else None,
        published_at=parse_instant(values.get("publication_date")),
    )


def _local_name(element: etree._Element) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def _next_link(links: Sequence[Mapping[str, Any]], base: str | None) -> str | None:
    for wanted in ("next", "prev-archive"):
        for link in links:
            if link.get("rel") == wanted:
                return absolute_url(base, link.get("href"))
    return None


def _instant(moment: Sequence[int] | None) -> datetime | None:
    """Return feedparser's UTC tuple as a datetime."""
    if moment is None:
        return None
    try:
        year, month, day, hour, minute, second = moment[:6]
        instant = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return instant if 1900 < instant.year < 9000 else None


def _plain(value: object) -> str | None:
    """Return a title without markup and doubled blanks; None when nothing is left."""
    text = _string(value)
    if text is not None and ("<" in text or "&" in text):
        from lxml.html import document_fromstring

        # Not ``fragment_fromstring``: it fails at a reference to what no document can hold ("&#11;").
        box = document_fromstring(f"<div>{text[:_HEAD]}</div>")
        text = strip_unstorable(str(box.xpath("string()")))
    return " ".join((text or "").split()) or None


def _names(values: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever a feed holds
    return tuple(dict.fromkeys(name for value in values if (name := _plain(value)) is not None))


def _string(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _count(value: object) -> int | None:
    text = str(value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
