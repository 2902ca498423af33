"""Comments that a reader has found, before they have their final ids, and the records made of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.reading.comment_ids import derive_comment_ids
from crawler.reading.dates import DateReading
from crawler.records import COMMENTS_PER_PAGE, CommentRecord, build_record


@dataclass(slots=True)
class Draft:
    """One comment before it has its final id; see `crawler.records.CommentFields`."""

    name: str | None
    url: str | None
    published: DateReading | None
    text: str | None
    html: str
    body: str
    own_id: str | None = None
    parent: int | None = None
    like_count: int | None = None
    is_removed: bool = False


def comment_records(
    drafts: Sequence[Draft], article_url: str | None, page_number: int | None = None
) -> list[CommentRecord]:
    """Return the records, each with the platform's id where all have one, else with a derived one.

    Args:
        drafts: In page order.
        article_url: Canonical address of the story.
        page_number: Of a further page of comments, whose comments stand after those of all pages before it.
    """
    first = (page_number or 0) * COMMENTS_PER_PAGE
    ids = [draft.own_id for draft in drafts]
    known = [own_id for own_id in ids if own_id]
    if len(known) < len(drafts) or len(set(known)) < len(known):
        known = list(derive_comment_ids((draft.name, draft.parent, draft.body) for draft in drafts))
    return [
        build_record(
            CommentRecord,
            article_url=article_url,
            platform_id=known[position],
            parent_id=known[draft.parent] if draft.parent is not None else None,
            position=first + position,
            author_name=draft.name,
            author_url=draft.url,
            published_at=draft.published.at if draft.published else None,
            published_bounds=draft.published.bounds if draft.published else None,
            published_text=draft.text,
            body_html=draft.html,
            body_text=draft.body,
            like_count=draft.like_count,
            state="removed" if draft.is_removed else "visible",
        )
        for position, draft in enumerate(drafts)
    ]
