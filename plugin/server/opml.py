"""OPML 2.0: all feeds of the site in one file that every feed reader imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from plugin.formats.elements import FeedXml


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed, or a named group of them.

    Attributes:
        text: Its name.
        feed_url: Absolute; None for a group.
        page_url: Absolute.
        is_atom: Atom, else RSS.
        outlines: Of a group.
    """

    text: str
    feed_url: str | None = None
    page_url: str | None = None
    description: str | None = None
    is_atom: bool = True
    outlines: "Sequence[Outline]" = ()


def render_opml(title: str, outlines: Sequence[Outline]) -> bytes:
    """Return the document.

    Args:
        title: Of the whole list.
        outlines: In order.

    Source:
        OPML 2.0, section "Subscription lists": ``type`` is "rss" for every syndication format.
    """
    text = StringIO()
    xml = FeedXml(text, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("opml", {"version": "2.0"})
    xml.startElement("head", {})
    xml.addQuickElement("title", title)
    xml.endElement("head")
    xml.startElement("body", {})
    for each in outlines:
        _write_outline(xml, each)
    xml.endElement("body")
    xml.endElement("opml")
    xml.endDocument()
    return text.getvalue().encode()


def _write_outline(xml: FeedXml, outline: Outline) -> None:
    given = {
        "text": outline.text,
        "title": outline.text,
        "type": "rss" if outline.feed_url else None,
        "version": ("ATOM" if outline.is_atom else "RSS2") if outline.feed_url else None,
        "xmlUrl": outline.feed_url,
        "htmlUrl": outline.page_url,
        "description": outline.description,
    }
    xml.startElement("outline", {name: value for name, value in given.items() if value is not None})
    for each in outline.outlines:
        _write_outline(xml, each)
    xml.endElement("outline")
