"""Everything kept, as lines of JSON; streamed, so that memory does not grow with the library."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from plugin.archive import Archive

HIDDEN = {"changed_at", "stored_comment_count", "author_ids"}
"""Fields of a view that the export leaves out: derived from the others."""


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
    for value in sources[kind]():
        yield json.dumps(_to_row(value), ensure_ascii=False)


def _to_row(value: Any) -> dict[str, Any]:  # noqa: ANN401 - one of the views
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude=HIDDEN)
    raise TypeError(f"{type(value).__name__} is no view")
