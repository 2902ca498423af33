"""What RSS and Atom have in common: the XML they are written with and the elements of other namespaces."""

from collections.abc import Mapping
from io import StringIO
from typing import Protocol
from xml.sax.saxutils import escape

from feedgenerator.django.utils.xmlutils import SimplerXMLGenerator

from crawler.reading.characters import strip_unstorable
from plugin.formats.fragments import hero_url, image_type
from plugin.formats.links import absolute
from plugin.issues import Entry, Feed

GENERATOR = "Gleanings"

NAMESPACES = {
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
    "xmlns:thr": "http://purl.org/syndication/thread/1.0",
}
"""Of both formats."""

FEED_LINKS = ("self", "next", "prev-archive", "next-archive", "current", "hub")
"""Relations of a feed that both formats write beside alternate; feedgenerator's own self has no type."""

ATOM_TYPE = "application/atom+xml"
_TITLE_ENTITIES = {"&": "&#x26;", "<": "&#x3C;", ">": "&#x3E;"}


class FeedXml(SimplerXMLGenerator):  # type: ignore[misc]
    """Writes XML that no text can break.

    Characters outside XML are deleted; an element or attribute whose value is None is left out.

    Attributes:
        safe_titles: Write markup characters of titles as numbers, which RSS readers never take for HTML.
    """

    safe_titles = False

    def startElement(self, name: str, attrs: Mapping[str, str]) -> None:  # noqa: N802
        """Begin an element on a line of its own, so that people can read a feed and its changes."""
        self.ignorableWhitespace("\n")
        super().startElement(name, attrs)

    def addQuickElement(  # noqa: N802 - the base class's name
        self, name: str, contents: str | None = None, attrs: Mapping[str, str | None] | None = None
    ) -> None:
        """Write an element without children, unless it has nothing to say."""
        given = {key: strip_unstorable(value) for key, value in (attrs or {}).items() if value is not None}
        if attrs and len(given) < len(attrs) and not contents:
            return
        if contents is None and not given:
            return
        self.startElement(name, given)
        text = strip_unstorable(contents or "")
        entities = _TITLE_ENTITIES if name == "title" and self.safe_titles else None
        self.ignorableWhitespace(_escape(text, entities))
        self.endElement(name)


def _escape(text: str, entities: Mapping[str, str] | None) -> str:
    if entities is None:
        return escape(text, {"\r": "&#13;"})
    return "".join(entities.get(character, character) for character in text)


class _Writable(Protocol):
    def write(self, outfile: StringIO, encoding: str) -> None:
        """Write the document as text."""


def write_xml(feed: _Writable) -> bytes:
    """Return a feed generator's document as UTF-8."""
    text = StringIO()
    feed.write(text, "utf-8")
    return text.getvalue().encode()


def feed_links(feed: Feed, base_url: str) -> list[dict[str, str | None]]:
    """Return the attributes of a feed's links (self, paging, archives, hub), in a fixed order."""
    found = []
    for link in (each for rel in FEED_LINKS for each in feed.links if each.rel == rel):
        more = {"type": link.media_type, "title": link.title}
        found.append(
            {"rel": link.rel, "href": absolute(link.href, base_url)}
            | {name: value for name, value in more.items() if value is not None}
        )
    return found


def add_media(xml: FeedXml, entry: Entry, base_url: str) -> None:
    """Write ``media:content`` for an entry's picture.

    Source:
        Media RSS 1.5.1, which both formats may carry.
    """
    url = hero_url(entry, base_url)
    if url is None or entry.hero is None:
        return
    type_ = image_type(url)
    attributes = {"url": url, "medium": "image"} | ({"type": type_} if type_ else {})
    xml.startElement("media:content", attributes)
    if words := entry.hero.caption or entry.hero.alt:
        xml.addQuickElement("media:description", words, {"type": "plain"})
    xml.addQuickElement("media:credit", entry.hero.credit)
    xml.endElement("media:content")


def add_reply(xml: FeedXml, entry: Entry, base_url: str) -> None:
    """Write ``thr:in-reply-to`` for a comment.

    Source:
        RFC 4685 section 3.
    """
    if entry.in_reply_to is not None:
        attributes = {"ref": entry.in_reply_to}
        if (href := absolute(entry.in_reply_to_url, base_url)) is not None:
            attributes |= {"href": href, "type": "text/html"}
        xml.addQuickElement("thr:in-reply-to", "", attributes)
