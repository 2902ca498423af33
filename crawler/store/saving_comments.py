"""Comments of the pages of a batch: new, edited, removed, or as they were."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from crawler.records import CommentRecord
from crawler.store.batches import Batch
from crawler.store.decide import decide_comment
from crawler.store.identity import bound_label
from crawler.store.known import KnownArticle, KnownArticles
from crawler.store.loading import chunked, load_comments
from crawler.store.revisions import add_revision
from crawler.store.rows import comment_columns, fingerprint
from crawler.store.tables import Tables
from crawler.store.views import PageSave

_comment = Tables.comment
_LIGHT: Final = select(
    _comment.c.id,
    _comment.c.article_id,
    _comment.c.platform_id,
    _comment.c.fingerprint,
    _comment.c.state,
    _comment.c.last_seen_at,
)


@dataclass(slots=True)
class _Known:
    id: int
    fingerprint: bytes
    state: str
    last_seen_at: datetime


class CommentSaver:
    """Saves comments; knows those of every article the batch may touch.

    Args:
        batch: Takes the rows.
        articles: The articles the batch may touch.
    """

    def __init__(self, batch: Batch, articles: KnownArticles) -> None:
        self._batch = batch
        self._known: dict[int, dict[str, _Known]] = {}
        self._recount: set[int] = set()
        for part in chunked(articles.ids()):
            for row in batch.connection.execute(_LIGHT.where(_comment.c.article_id.in_(part))):
                of_article = self._known.setdefault(row.article_id, {})
                of_article[row.platform_id] = _Known(row.id, row.fingerprint, row.state, row.last_seen_at)

    def save(self, page: PageSave, article: KnownArticle | None, *, is_elsewhere: bool) -> tuple[int, int]:
        """Save the comments of one page.

        A comment that a complete page no longer shows is removed: its text stays in the revision only. Pages
        of another copy of the article tell nothing about what is missing.

        Returns:
            How many were new, and how many changed.
        """
        if article is None:
            return 0, 0
        known = self._known.setdefault(article.id, {})
        new = changed = 0
        for record in page.comments:
            held = known.get(bound_label(record.platform_id))
            if held is None:
                self._insert(known, article.id, record, page.seen_at)
                new += 1
            elif held.fingerprint != fingerprint(record):
                changed += self._update(held, article.id, record, page.seen_at)
            else:
                self._touch(held, page.seen_at)
        if page.article is not None and page.article.comments_complete and not is_elsewhere:
            changed += self._remove_missing(page, article.id, known)
        return new, changed

    def _insert(
        self, known: dict[str, _Known], article_id: int, record: CommentRecord, seen_at: datetime
    ) -> None:
        row = comment_columns(record.__dict__)
        mark = fingerprint(record)
        held = _Known(self._batch.next_id(_comment), mark, record.state, seen_at)
        row |= {"id": held.id, "article_id": article_id, "first_seen_at": seen_at, "last_seen_at": seen_at}
        row |= {"updated_at": seen_at, "fingerprint": mark}
        self._batch.insert(_comment, row)
        known[row["platform_id"]] = held
        self._recount.add(article_id)

    def _touch(self, held: _Known, seen_at: datetime) -> None:
        if seen_at > held.last_seen_at:
            held.last_seen_at = seen_at
            self._batch.update(_comment, held.id, {"last_seen_at": seen_at})

    def _update(self, held: _Known, article_id: int, record: CommentRecord, seen_at: datetime) -> bool:
        self._batch.flush()
        old = load_comments(self._batch.connection, [held.id])[held.id]
        decision = decide_comment(old, record, seen_at)
        values = comment_columns(decision.values)
        if seen_at >= held.last_seen_at:
            values |= {"last_seen_at": seen_at, "fingerprint": fingerprint(record)}
            held.fingerprint, held.last_seen_at = values["fingerprint"], seen_at
        if decision.values:
            values["updated_at"] = max(seen_at, old.last_seen_at)
        if values:
            self._batch.update(_comment, held.id, values)
        if decision.change == "unchanged":
            return False
        after = {name: decision.values.get(name) for name in decision.before}
        self._revise(held, article_id, seen_at, decision.change, (decision.before, after))
        held.state = decision.values.get("state", held.state)
        return True

    def _remove_missing(self, page: PageSave, article_id: int, known: Mapping[str, _Known]) -> int:
        shown = {bound_label(record.platform_id) for record in page.comments}
        missing = [
            held
            for platform_id, held in known.items()
            if platform_id not in shown and held.state == "visible" and held.last_seen_at < page.seen_at
        ]
        if not missing:
            return 0
        self._batch.flush()
        for comment_id, old in load_comments(self._batch.connection, [held.id for held in missing]).items():
            values = {"state": "removed", "body_html": "", "body_text": "", "updated_at": page.seen_at}
            self._batch.update(_comment, comment_id, {**values, "fingerprint": b""})
            before = {"state": old.state, "body_html": old.body_html, "body_text": old.body_text}
            after = {"state": "removed", "body_html": "", "body_text": ""}
            add_revision(self._batch, "comment_id", comment_id, page.seen_at, "gone", before, after)
        for held in missing:
            held.state, held.fingerprint = "removed", b""
        self._recount.add(article_id)
        return len(missing)

    def _revise(
        self,
        held: _Known,
        article_id: int,
        seen_at: datetime,
        change: Any,  # noqa: ANN401
        fields: tuple[Mapping[str, Any], Mapping[str, Any]],
    ) -> None:
        add_revision(self._batch, "comment_id", held.id, seen_at, change, *fields)
        self._recount.add(article_id)

    def finish(self) -> None:
        """Write how many visible comments each article has that gained or lost some."""
        for article_id in self._recount:
            count = sum(held.state == "visible" for held in self._known[article_id].values())
            self._batch.update(Tables.article, article_id, {"stored_comment_count": count})
