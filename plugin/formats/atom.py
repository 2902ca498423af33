"""Atom 1.0."""

from datetime import UTC, datetime
from io import StringIO
from typing import Any

from feedgenerator.django.utils.feedgenerator import Atom1Feed, rfc3339_date

from plugin.formats.base import Document
from plugin.formats.cleaning import clean_feed, clean_html
from plugin.formats.elements import (
    ATOM_TYPE,
    GENERATOR,
    NAMESPACES,
    FeedXml,
    add_media,
    add_reply,
    feed_links,
    write_xml,
)
from plugin.formats.fragments import entry_link, render_fragment, website_link
from plugin.formats.links import absolute
from plugin.formats.wording import GONE_TEXT, author_names, distinct_updates, rights_text
from plugin.issues import Entry, Feed


class AtomFormat:
    """Renders a feed as Atom 1.0.

    ``summary`` is the excerpt, ``content`` all that a reader should show. ``updated`` is distinct within the
    feed; see ``wording.distinct_updates``.
    """

    name = "atom"
    media_type = f"{ATOM_TYPE}; charset=utf-8"
    extension = "atom"

    def render(self, feed: Feed, *, base_url: str) -> Document:
        """Return the document; see ``Format.render``."""
        feed = clean_feed(feed)
        return Document(write_xml(_AtomFeed(feed, base_url)), self.media_type, f"feed.{self.extension}")


class _AtomFeed(Atom1Feed):  # type: ignore[misc]
    """feedgenerator's Atom with the elements it lacks."""

    def __init__(self, feed: Feed, base_url: str) -> None:
        super().__init__(
            title=feed.title,
            link=website_link(feed, base_url),
            description=None,
            subtitle=feed.description,
            language=feed.language,
            # An entry without an author is valid only where the feed has one.
            author_name=feed.author_name or feed.title,
            feed_guid=feed.guid,
        )
        self.source = feed
        self.base_url = base_url
        updates = distinct_updates(feed.entries)
        for entry in feed.entries:
            self.add_item(
                title=entry.headline,
                link=entry_link(entry, base_url),
                description=GONE_TEXT if entry.is_gone else clean_html(entry.summary_html) or None,
                content=render_fragment(entry, base_url),
                pubdate=entry.published_at and entry.published_at.astimezone(UTC),
                updateddate=updates[entry.guid],
                unique_id=entry.guid,
                categories=[tag.name for tag in entry.tags],
                item_copyright=None if entry.is_gone else rights_text(entry),
                entry=entry,
            )

    def write(self, outfile: StringIO, encoding: str) -> None:
        """Write the document."""
        xml = FeedXml(outfile, encoding, short_empty_elements=True)
        xml.startDocument()
        xml.startElement("feed", self.root_attributes())
        self.add_root_elements(xml)
        self.write_items(xml)
        xml.endElement("feed")
        xml.endDocument()

    def root_attributes(self) -> dict[str, str]:
        """Declare every namespace that entries use."""
        attributes: dict[str, str] = super().root_attributes()
        return attributes | NAMESPACES | {"xmlns:fh": "http://purl.org/syndication/history/1.0"}

    def latest_post_date(self) -> datetime:
        """Return when the feed last changed, not when it was built."""
        return self.source.updated_at.astimezone(UTC)

    def add_root_elements(self, handler: FeedXml) -> None:
        """Write what is said of the feed itself."""
        super().add_root_elements(handler)
        handler.addQuickElement("generator", GENERATOR)
        for attributes in feed_links(self.source, self.base_url):
            handler.addQuickElement("link", "", attributes)
        if self.source.is_archive:
            handler.startElement("fh:archive", {})
            handler.endElement("fh:archive")

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """Name an entry's language where it is not the feed's."""
        language = item["entry"].language
        return {"xml:lang": language} if language and language != self.source.language else {}

    def add_item_elements(self, handler: FeedXml, item: dict[str, Any]) -> None:
        """Write one entry."""
        super().add_item_elements(handler, item)
        entry: Entry = item["entry"]
        if entry.is_gone:
            return
        self._add_authors(handler, entry)
        self._add_source(handler, entry, item["updateddate"])
        self._add_replies(handler, entry)
        add_reply(handler, entry, self.base_url)
        add_media(handler, entry, self.base_url)

    def _add_authors(self, xml: FeedXml, entry: Entry) -> None:
        urls = {author.name: absolute(author.url, self.base_url) for author in entry.authors}
        for name in author_names(entry):
            xml.startElement("author", {})
            xml.addQuickElement("name", name)
            xml.addQuickElement("uri", urls.get(name))
            xml.endElement("author")

    def _add_source(self, xml: FeedXml, entry: Entry, updated: datetime) -> None:
        """Write the publication as ``source``; the author of an entry that names none."""
        url = absolute(entry.publication_url, self.base_url)
        if not entry.publication_name or url is None:
            return
        xml.startElement("source", {})
        xml.addQuickElement("id", url)
        xml.addQuickElement("title", entry.publication_name)
        xml.addQuickElement("link", "", {"rel": "alternate", "href": url, "type": "text/html"})
        xml.addQuickElement("updated", rfc3339_date(updated))
        xml.endElement("source")

    def _add_replies(self, xml: FeedXml, entry: Entry) -> None:
        """Write where the discussion is and how long.

        Source:
            RFC 4685 sections 4 and 5.
        """
        count = {"thr:count": str(entry.comment_count)} if entry.in_reply_to is None else {}
        for href, type_ in ((entry.comments_url, "text/html"), (entry.comments_feed_url, ATOM_TYPE)):
            url = absolute(href, self.base_url)
            xml.addQuickElement("link", "", {"rel": "replies", "href": url, "type": type_} | count)
        if count:
            xml.addQuickElement("thr:total", count["thr:count"])
