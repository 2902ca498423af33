"""Everything kept, as lines of JSON; streamed, so that memory does not grow with the library."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from plugin.archive import Archive

FIELDS: dict[str, tuple[str, ...]] = {
    "articles": (
        "id", "platform", "platform_id", "publication", "community", "url", "canonical_url", "headline",
        "dek", "byline", "authors", "published_at", "published_bounds", "published_text", "modified_at",
        "modified_bounds", "modified_text", "language", "hero", "body_html", "body_text", "word_count",
        "reading_minutes", "tags", "badges", "insights", "like_count", "comment_count", "access", "license",
        "rights_line", "robots", "comments_complete", "provenance", "change", "first_seen_at", "last_seen_at",
    ),
    "authors": (
        "id", "platform", "url", "platform_id", "handle", "name", "bio_html", "bio_text", "avatar_url",
        "links", "location", "joined_at", "follower_count", "article_count", "first_seen_at", "last_seen_at",
    ),
    "comments": (
        "id", "article_id", "article_url", "platform_id", "parent_id", "position", "author_name",
        "author_url", "published_at", "published_bounds", "published_text", "body_html", "body_text",
        "like_count", "state",
    ),
}  # fmt: skip
"""Fields of an exported line, in order; a kind that is not here is written as its view has it."""


def export_lines(archive: Archive, kind: str, *, since: datetime | None = None) -> Iterator[str]:
    """Yield one JSON object a line, oldest first.

    Args:
        archive: The library.
        kind: "articles", "authors", "comments", "publications", "revisions" or "issues".
        since: Only what was first seen or changed at or after this instant; aware UTC.

    Yields:
        Lines without their line end; fields as in DESIGN section 9.
    """
    sources: dict[str, Callable[[], Iterator[Any]]] = {
        "articles": lambda: archive.store.articles.iterate(since=since),
        "authors": lambda: archive.store.authors.iterate(since=since),
        "comments": lambda: archive.store.comments.iterate(since=since),
        "publications": lambda: iter(archive.store.publications.list()),
        "revisions": lambda: archive.store.history.iterate(since=since),
        "issues": lambda: archive.iterate_issues(since=since),
    }
    fields = FIELDS.get(kind)
    adapter: TypeAdapter[Any] | None = None
    for value in sources[kind]():
        # All values are of one class, and a serializer costs as much to make as a thousand rows to write.
        adapter = adapter or TypeAdapter(type(value))
        row = adapter.dump_python(value, mode="json")
        yield json.dumps({name: row[name] for name in fields} if fields else row, ensure_ascii=False)
