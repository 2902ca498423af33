"""RSS 2.0."""

from datetime import UTC, datetime
from html import escape
from io import StringIO
from typing import Any

from feedgenerator.django.utils.feedgenerator import Rss201rev2Feed, rfc3339_date

from plugin.formats.base import Document
from plugin.formats.cleaning import clean_feed, clean_html
from plugin.formats.elements import (
    GENERATOR,
    NAMESPACES,
    FeedXml,
    add_media,
    add_reply,
    feed_links,
    write_xml,
)
from plugin.formats.fragments import entry_link, render_fragment, website_link
from plugin.formats.links import NO_HOST, absolute
from plugin.formats.wording import GONE_TEXT, author_names, distinct_updates, rights_text
from plugin.issues import Entry, Feed

_NAMESPACES = NAMESPACES | {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:fh": "http://purl.org/syndication/history/1.0",
    "xmlns:slash": "http://purl.org/rss/1.0/modules/slash/",
    "xmlns:wfw": "http://wellformedweb.org/CommentAPI/",
}


class RssFormat:
    """Renders a feed as RSS 2.0.

    ``description`` is the excerpt, ``content:encoded`` all that a reader should show. ``guid`` is no link.
    """

    name = "rss"
    media_type = "application/rss+xml; charset=utf-8"
    extension = "rss"

    def render(self, feed: Feed, *, base_url: str) -> Document:
        """Return the document; see ``Format.render``."""
        feed = clean_feed(feed)
        channel = _RssChannel(feed, base_url)
        return Document(write_xml(channel), self.media_type, f"feed.{self.extension}")


def _describe(entry: Entry) -> str:
    """Return an entry's excerpt; never empty, since the W3C validator wants one before the content."""
    return clean_html(entry.summary_html) or f"<p>{escape(entry.dek or entry.headline, quote=False)}</p>"


def _comments_rss(entry: Entry) -> str | None:
    """Return the comment feed in RSS, as the element's name promises; it stands beside the one in Atom."""
    url = entry.comments_feed_url
    return f"{url.removesuffix('.atom')}.rss" if url is not None and url.endswith(".atom") else url


def _to_description(text: str) -> str:
    """Return plain text as a channel's description, which many readers show as HTML.

    Only what could be markup is written as such: a lone ampersand reads right either way.
    """
    return escape(text, quote=False) if "<" in text else text


def _channel_link(feed: Feed, base_url: str) -> str:
    """Return the channel's website, which RSS wants whole even where the site has no public address."""
    link = website_link(feed, base_url) or "/"
    return f"https://{NO_HOST}{link}" if link.startswith("/") else link


class _RssChannel(Rss201rev2Feed):  # type: ignore[misc]
    """feedgenerator's RSS with the elements it lacks."""

    def __init__(self, feed: Feed, base_url: str) -> None:
        super().__init__(
            title=feed.title,
            link=_channel_link(feed, base_url),
            description=_to_description(feed.description or feed.title),
            language=feed.language,
            ttl=feed.ttl_minutes,
        )
        self.source = feed
        self.base_url = base_url
        updates = distinct_updates(feed.entries)
        for entry in feed.entries:
            self.add_item(
                title=entry.headline,
                link=entry_link(entry, base_url),
                description=GONE_TEXT if entry.is_gone else _describe(entry),
                pubdate=entry.published_at and entry.published_at.astimezone(UTC),
                comments=absolute(entry.comments_url, base_url),
                unique_id=entry.guid,
                unique_id_is_permalink=False,
                categories=[tag.name for tag in entry.tags],
                entry=entry,
                updated=updates[entry.guid],
            )

    def write(self, outfile: StringIO, encoding: str) -> None:
        """Write the document."""
        xml = FeedXml(outfile, encoding, short_empty_elements=True)
        xml.safe_titles = True
        xml.startDocument()
        xml.startElement("rss", {"version": self._version} | _NAMESPACES)
        xml.startElement("channel", {})
        self.add_root_elements(xml)
        self.write_items(xml)
        xml.endElement("channel")
        xml.endElement("rss")
        xml.endDocument()

    def latest_post_date(self) -> datetime:
        """Return when the feed last changed, not when it was built."""
        return self.source.updated_at.astimezone(UTC)

    def add_root_elements(self, handler: FeedXml) -> None:
        """Write what is said of the channel itself."""
        super().add_root_elements(handler)
        handler.addQuickElement("generator", GENERATOR)
        for attributes in feed_links(self.source, self.base_url):
            handler.addQuickElement("atom:link", "", attributes)
        if self.source.is_archive:
            handler.startElement("fh:archive", {})
            handler.endElement("fh:archive")

    def add_item_elements(self, handler: FeedXml, item: dict[str, Any]) -> None:
        """Write one item."""
        super().add_item_elements(handler, item)
        entry: Entry = item["entry"]
        handler.addQuickElement("dc:creator", ", ".join(author_names(entry)) or None)
        handler.addQuickElement("content:encoded", render_fragment(entry, self.base_url))
        handler.addQuickElement("atom:updated", rfc3339_date(item["updated"]))
        if entry.is_gone:
            return
        handler.addQuickElement("dc:rights", rights_text(entry))
        publication_url = absolute(entry.publication_url, self.base_url)
        if entry.publication_name and publication_url:
            handler.addQuickElement("source", entry.publication_name, {"url": publication_url})
        if entry.in_reply_to is None:
            handler.addQuickElement("slash:comments", str(entry.comment_count))
        handler.addQuickElement("wfw:commentRss", absolute(_comments_rss(entry), self.base_url))
        add_reply(handler, entry, self.base_url)
        add_media(handler, entry, self.base_url)
