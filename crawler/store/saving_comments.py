"""Comments of the pages of a batch: new, edited, removed, or as they were.

A comment that is no longer shown is removed: the row loses its text, the revision keeps it. Only a complete
look tells that one is missing: an article page that holds all its comments, or a round of comment pages that
showed as many as the article prints. Pages of another copy of the article tell nothing of the kind.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from crawler.reading.comment_ids import is_derived_id
from crawler.records import COMMENTS_PER_PAGE, CommentRecord
from crawler.store.batches import Batch
from crawler.store.decide import SaveDecision, decide_comment, is_complete
from crawler.store.identity import bound_label
from crawler.store.indexing import COMMENT_WORDS, IndexWriter, fold_fields, list_at, make_key
from crawler.store.known import KnownArticles
from crawler.store.loading import chunked, load_comments
from crawler.store.rejoining import rejoin
from crawler.store.renaming import find_followed, find_renamed, has_strangers, list_missing
from crawler.store.revisions import add_revision
from crawler.store.rows import comment_columns, comment_fingerprint, new_comment_columns
from crawler.store.sightings import KnownArticle
from crawler.store.tables import Tables
from crawler.store.views import CommentView, PageSave

_comment = Tables.comment
_LIGHT: Final = (
    *("article_id", "platform_id", "id", "fingerprint", "state", "last_seen_at", "position", "like_count"),
    "author_name",
)
_SELECT_LIGHT: Final = select(*(_comment.c[name] for name in _LIGHT))
_REMOVED: Final = {"state": "removed", "body_html": "", "body_text": ""}


@dataclass(slots=True)
class _Known:
    id: int
    fingerprint: bytes
    state: str
    last_seen_at: datetime
    position: int
    like_count: int | None
    author_name: str | None


class CommentSaver:
    """Saves comments; knows those of every article the batch may touch.

    Args:
        batch: Takes the rows.
        articles: The articles the batch may touch.
        words: Takes what can be searched for.
    """

    def __init__(self, batch: Batch, articles: KnownArticles, words: IndexWriter) -> None:
        self._batch = batch
        self._words = words
        self._known: dict[int, dict[str, _Known]] = {}
        self._touched: dict[int, KnownArticle] = {}
        for part in chunked(articles.ids()):
            for row in batch.connection.execute(_SELECT_LIGHT.where(_comment.c.article_id.in_(part))):
                article_id, platform_id, *light = row
                self._known.setdefault(article_id, {})[platform_id] = _Known(*light)

    def save(self, page: PageSave, article: KnownArticle | None, *, is_elsewhere: bool) -> tuple[int, int]:
        """Save the comments of one page.

        Returns:
            How many were new, and how many changed.
        """
        if article is None:
            return 0, 0
        known = self._known.setdefault(article.id, {})
        self._touched[article.id] = article
        n_new = 0
        edited: list[tuple[_Known, CommentRecord]] = []
        records = rejoin(self._under_known_ids(_placed(page, known), known, page.seen_at), known)
        is_whole = page.article is not None and page.article.comments_complete
        if is_whole and not is_elsewhere and page.seen_at >= article.last_seen_at:
            self._follow(records, known, page.seen_at)
        for record in records:
            held = known.get(bound_label(record.platform_id))
            if held is None:
                self._insert(known, article.id, record, page.seen_at)
                n_new += 1
            elif held.fingerprint != comment_fingerprint(record):
                edited.append((held, record))
            else:
                self._touch(held, record, page.seen_at)
        n_changed = self._update(edited, page.seen_at)
        if not is_elsewhere:
            n_changed += self._close_round(page, article, known)
        return n_new, n_changed

    def _under_known_ids(
        self, records: Sequence[CommentRecord], known: dict[str, _Known], seen_at: datetime
    ) -> Sequence[CommentRecord]:
        """Return a page's comments under the ids they are kept by; the platform's own ids replace others."""
        missing = list_missing(records, known)
        if not missing:
            return records
        self._batch.flush()
        whole = load_comments(self._batch.connection, [held.id for held in known.values()])
        kept = sorted(whole.values(), key=lambda each: (each.position, each.id))
        renamed = find_renamed(records, kept, missing=missing)
        own = {old: bound_label(new) for new, old in renamed.items() if is_derived_id(old)}
        self._rename(known, kept, own, seen_at)
        renamed = {new: old for new, old in renamed.items() if old not in own}
        if not renamed:
            return records
        return [
            each.model_copy(
                update={
                    "platform_id": renamed.get(each.platform_id, each.platform_id),
                    "parent_id": renamed.get(each.parent_id or "", each.parent_id),
                }
            )
            for each in records
        ]

    def _follow(self, records: Sequence[CommentRecord], known: dict[str, _Known], seen_at: datetime) -> None:
        """Give comments whose writer has another name now, or that answer another comment, their new ids.

        Args:
            records: All comments of the article.
            known: Those kept of it.
            seen_at: When the page was made.
        """
        if not has_strangers(records, known):
            return
        self._batch.flush()
        whole = load_comments(self._batch.connection, [held.id for held in known.values()])
        kept = sorted(whole.values(), key=lambda each: (each.position, each.id))
        self._rename(known, kept, find_followed(records, kept), seen_at)

    def _rename(
        self,
        known: dict[str, _Known],
        kept: Sequence[CommentView],
        new_ids: Mapping[str, str],
        seen_at: datetime,
    ) -> None:
        """Keep comments, and what their answers say they answer, under other ids of the platform."""
        for each in kept if new_ids else ():
            new = new_ids.get(each.platform_id)
            values = {} if new is None else {"platform_id": new}
            if each.parent_id is not None and each.parent_id in new_ids:
                values["parent_id"] = new_ids[each.parent_id]
            if values:
                self._batch.update(_comment, each.id, {**values, "updated_at": seen_at})
            if new is not None:
                known[new] = known.pop(each.platform_id)

    def row_of(self, article_id: int, platform_id: str) -> int | None:
        """Return the row of a comment of an article that the batch touches."""
        held = self._known.get(article_id, {}).get(bound_label(platform_id))
        return held.id if held is not None else None

    def _insert(
        self, known: dict[str, _Known], article_id: int, record: CommentRecord, seen_at: datetime
    ) -> None:
        row = new_comment_columns(record)
        mark = comment_fingerprint(record)
        comment_id = self._batch.next_id(_comment)
        row |= {"id": comment_id, "article_id": article_id, "first_seen_at": seen_at, "last_seen_at": seen_at}
        row |= {"updated_at": seen_at, "fingerprint": mark}
        self._batch.insert(_comment, row)
        known[row["platform_id"]] = _Known(
            comment_id, mark, record.state, seen_at, record.position, record.like_count, record.author_name
        )
        if record.state == "visible":
            key = make_key(list_at(record.published_at, seen_at), comment_id)
            self._words.add(COMMENT_WORDS, key, fold_fields((record.body_text,)))

    def _touch(self, held: _Known, record: CommentRecord, seen_at: datetime) -> None:
        """Note that a comment is as it was; its place and likes follow the newest page."""
        if seen_at < held.last_seen_at:
            return
        values: dict[str, Any] = {}
        if held.position != record.position:
            values["position"] = held.position = record.position
        if record.like_count is not None and held.like_count != record.like_count:
            values["like_count"] = held.like_count = record.like_count
            values["updated_at"] = seen_at
        if seen_at > held.last_seen_at:
            values["last_seen_at"] = held.last_seen_at = seen_at
        if values:
            self._batch.update(_comment, held.id, values)

    def _update(self, edited: Sequence[tuple[_Known, CommentRecord]], seen_at: datetime) -> int:
        """Compare comments that say something else now; return how many changed."""
        if not edited:
            return 0
        self._batch.flush()
        n_changed = 0
        whole = load_comments(self._batch.connection, sorted({held.id for held, _ in edited}))
        for held, record in edited:
            old = whole[held.id]
            decision = decide_comment(old, record, seen_at)
            values = comment_columns(decision.values)
            if seen_at >= held.last_seen_at:
                values |= {"last_seen_at": seen_at, "fingerprint": comment_fingerprint(record)}
                held.fingerprint, held.last_seen_at = values["fingerprint"], seen_at
                held.position = record.position
            self._write(held, old, decision, values, seen_at)
            n_changed += decision.change != "unchanged"
        return n_changed

    def _write(
        self,
        held: _Known,
        old: CommentView,
        decision: SaveDecision,
        columns: dict[str, Any],
        seen_at: datetime,
    ) -> None:
        """Write what a decision changes of a comment, in its row, its history and the search index."""
        if decision.values:
            columns["updated_at"] = max(seen_at, old.last_seen_at)
        if columns:
            self._batch.update(_comment, held.id, columns)
        if decision.change != "unchanged":
            before = decision.before
            after = {name: decision.values.get(name) for name in before}
            add_revision(self._batch, "comment_id", held.id, seen_at, decision.change, before, after)
        held.state = decision.values.get("state", held.state)
        held.author_name = decision.values.get("author_name", held.author_name)
        self._reindex(old, decision.values)

    def _reindex(self, old: CommentView, values: Mapping[str, Any]) -> None:
        if not {"state", "body_text", "published_at"} & set(values):
            return
        if old.state == "visible":
            key = make_key(list_at(old.published_at, old.first_seen_at), old.id)
            self._words.remove(COMMENT_WORDS, key, fold_fields((old.body_text,)))
        if values.get("state", old.state) == "visible":
            published_at = values.get("published_at", old.published_at)
            key = make_key(list_at(published_at, old.first_seen_at), old.id)
            self._words.add(COMMENT_WORDS, key, fold_fields((values.get("body_text", old.body_text),)))

    def _close_round(self, page: PageSave, article: KnownArticle, known: Mapping[str, _Known]) -> int:
        """Remove what a complete look did not show; note whether all printed comments are kept.

        A look begins with the article's page. When that page can't hold them all, the look goes on over its
        comment pages until they showed as many as the article prints.
        """
        if page.article is not None:
            if page.seen_at < article.last_seen_at:
                return 0
            begins_at = None if page.article.comments_complete else page.seen_at
            if begins_at != article.comment_round_at and (begins_at is None or page.article.comment_count):
                article.comment_round_at = begins_at
                self._batch.update(Tables.article, article.id, {"comment_round_at": begins_at})
            article.comment_count = page.article.comment_count or article.comment_count
        says_complete = page.article.comments_complete if page.article is not None else None
        since = page.seen_at if says_complete else article.comment_round_at
        removed = 0
        if since is not None:
            shown = sum(held.last_seen_at >= since for held in known.values() if held.state == "visible")
            if says_complete or (article.comment_count is not None and shown >= article.comment_count > 0):
                removed = self._remove(known.values(), since, page.seen_at)
        kept = sum(held.state == "visible" for held in known.values())
        if page.article is None and article.comments_complete:
            return removed
        complete = is_complete(says_complete, printed=article.comment_count, kept=kept)
        if complete != article.comments_complete:
            article.comments_complete = complete
            self._batch.update(Tables.article, article.id, {"comments_complete": complete})
        return removed

    def _remove(self, known: Iterable[_Known], since: datetime, seen_at: datetime) -> int:
        """Mark as removed every visible comment that was not seen since an instant."""
        missing = {held.id: held for held in known if held.state == "visible" and held.last_seen_at < since}
        if not missing:
            return 0
        self._batch.flush()
        for comment_id, old in load_comments(self._batch.connection, sorted(missing)).items():
            before = {name: getattr(old, name) for name in _REMOVED}
            decision = SaveDecision("gone", _REMOVED, before)
            held = missing[comment_id]
            held.fingerprint = b""
            self._write(held, old, decision, {**_REMOVED, "fingerprint": b""}, seen_at)
        return len(missing)

    def finish(self) -> None:
        """Write how many visible comments each article has that gained or lost some."""
        for article in self._touched.values():
            count = sum(held.state == "visible" for held in self._known[article.id].values())
            if count != article.stored_comment_count:
                article.stored_comment_count = count
                self._batch.update(Tables.article, article.id, {"stored_comment_count": count})


def _placed(page: PageSave, known: Mapping[str, _Known]) -> Sequence[CommentRecord]:
    """Return a page's comments, those of a further page whose address tells no number after all before it.

    Such a page keeps the place it had. At its first look it comes after the pages that led to it.
    """
    comments = page.comments
    if page.article is not None or page.article_url is None or not comments or comments[0].position:
        return comments
    own = {bound_label(each.platform_id) for each in comments}
    place = max((known[each].position // COMMENTS_PER_PAGE for each in own if each in known), default=0)
    if place == 0:
        places = (held.position // COMMENTS_PER_PAGE for each, held in known.items() if each not in own)
        place = max(places, default=-1) + 1
    first = place * COMMENTS_PER_PAGE
    return [each.model_copy(update={"position": first + each.position}) for each in comments]


def count_visible(comments: Sequence[CommentRecord]) -> int:
    """Return how many comments of a page are visible, doubled ones once."""
    return len({comment.platform_id for comment in comments if comment.state == "visible"})
