"""HTML: one page that stands alone."""

from plugin.formats.base import Document
from plugin.formats.cleaning import clean_feed
from plugin.formats.pages import FEED_NAMES, FeedAddress, Frame, render_feed_page
from plugin.issues import Feed

_FILES = {
    "application/atom+xml": "feed.atom",
    "application/rss+xml": "feed.rss",
    "application/feed+json": "feed.json",
}


class HtmlFormat:
    """Renders a feed as a page with its style in it, no script, and nothing to load but pictures.

    With ``base_url`` "" the page is meant for a folder opened from disk: it links to the feeds beside it, to
    the issues before and after it relatively, and else to the originals.
    """

    name = "html"
    media_type = "text/html; charset=utf-8"
    extension = "html"

    def render(self, feed: Feed, *, base_url: str) -> Document:
        """Return the document; see ``Format.render``."""
        feed = clean_feed(feed)
        path = next(
            (href for href in (feed.link("alternate"), feed.link("self")) if href and href[:1] == "/"), "/"
        )
        page = render_feed_page(feed, Frame(path, base_url), feeds=_feed_addresses(feed))
        return Document(page.encode(), self.media_type, f"index.{self.extension}")


def _feed_addresses(feed: Feed) -> list[FeedAddress]:
    """Return the feeds that the page's own links name, best first."""
    named = {
        (link.media_type or "").partition(";")[0]: link
        for link in feed.links
        if link.rel in ("self", "alternate")
    }
    return [
        FeedAddress(named[media_type].href, media_type, named[media_type].title or f"{feed.title} ({name})")
        for media_type, (name, _) in FEED_NAMES.items()
        if media_type in named
    ]
