"""JSON Feed 1.1."""

import json
from datetime import UTC, datetime
from typing import Any

from plugin.formats.base import Document
from plugin.formats.cleaning import clean_feed
from plugin.formats.fragments import entry_link, hero_url, render_fragment, website_link
from plugin.formats.links import absolute
from plugin.formats.wording import GONE_TEXT, author_names, distinct_updates, rights_text
from plugin.issues import Entry, Feed

VERSION = "https://jsonfeed.org/version/1.1"


class JsonFeedFormat:
    """Renders a feed as JSON Feed 1.1.

    What the format has no name for (community, publication, discussion, rights) stands in ``_gleanings``.
    """

    name = "json"
    media_type = "application/feed+json; charset=utf-8"
    extension = "json"

    def render(self, feed: Feed, *, base_url: str) -> Document:
        """Return the document; see ``Format.render``."""
        feed = clean_feed(feed)
        text = json.dumps(_to_feed(feed, base_url), ensure_ascii=False, indent=1)
        return Document(text.encode() + b"\n", self.media_type, f"feed.{self.extension}")


def _to_feed(feed: Feed, base_url: str) -> dict[str, Any]:
    updates = distinct_updates(feed.entries)
    hub = absolute(feed.link("hub"), base_url)
    return _present(
        {
            "version": VERSION,
            "title": feed.title,
            "home_page_url": website_link(feed, base_url),
            "feed_url": absolute(feed.link("self"), base_url),
            "description": feed.description,
            "next_url": absolute(feed.link("next"), base_url),
            "language": feed.language,
            "authors": [{"name": feed.author_name}] if feed.author_name else None,
            "hubs": [{"type": "WebSub", "url": hub}] if hub else None,
        }
    ) | {"items": [_to_item(entry, updates[entry.guid], base_url) for entry in feed.entries]}


def _to_item(entry: Entry, updated: datetime, base_url: str) -> dict[str, Any]:
    urls = {author.name: absolute(author.url, base_url) for author in entry.authors}
    return _present(
        {
            "id": entry.guid,
            "url": entry_link(entry, base_url),
            "title": entry.headline,
            "content_html": render_fragment(entry, base_url),
            "summary": GONE_TEXT if entry.is_gone else entry.summary_text or None,
            "image": hero_url(entry, base_url),
            "date_published": _to_date(entry.published_at),
            "date_modified": _to_date(updated),
            "authors": [_present({"name": name, "url": urls.get(name)}) for name in author_names(entry)]
            or None,
            "tags": [tag.name for tag in entry.tags] or None,
            "language": entry.language,
            "_gleanings": None if entry.is_gone else _to_extension(entry, base_url),
        }
    )


def _to_extension(entry: Entry, base_url: str) -> dict[str, Any]:
    return _present(
        {
            "about": "https://jsonfeed.org/version/1.1#extensions",
            "community": entry.community and entry.community.name,
            "publication": entry.publication_name,
            "publication_url": absolute(entry.publication_url, base_url),
            "page_url": absolute(entry.page_url, base_url),
            "rights": rights_text(entry),
            "note": entry.note,
            "section": entry.section,
            "comment_count": entry.comment_count if entry.in_reply_to is None else None,
            "comments_url": absolute(entry.comments_url, base_url),
            "comments_feed_url": absolute(entry.comments_feed_url, base_url),
            "in_reply_to": entry.in_reply_to,
            "also_at": [
                {"publication": place.publication, "url": absolute(place.url, base_url)}
                for place in entry.also_at
            ]
            or None,
        }
    )


def _to_date(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment is not None else None


def _present(values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is absent: the format has no null."""
    return {key: value for key, value in values.items() if value is not None}
