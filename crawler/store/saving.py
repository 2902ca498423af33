"""Saving pages: look up what is known for the whole batch, decide each page, write everything at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from crawler.records import ArticleRecord
from crawler.store.batches import Batch
from crawler.store.decide import SaveDecision, decide_save, is_absent
from crawler.store.identity import url_key
from crawler.store.indexing import ARTICLE_WORDS, IndexWriter, fold_fields, list_at, make_key
from crawler.store.known import KnownArticles
from crawler.store.merging import merge_articles
from crawler.store.revisions import add_revision
from crawler.store.rows import CHILDREN, article_columns, fold_tag, new_article_columns
from crawler.store.saving_authors import AuthorSaver
from crawler.store.saving_comments import CommentSaver, count_visible
from crawler.store.saving_frontier import FrontierSaver
from crawler.store.sightings import KnownArticle, Sighting
from crawler.store.tables import Tables
from crawler.store.views import ArticleView, Change, FrontierEntry, PageSave, SaveReport
from crawler.store.words import limit_words

_CHILD_TABLE: Final = {
    "authors": Tables.article_author,
    "tags": Tables.article_tag,
    "hero": Tables.medium,
    "badges": Tables.badge,
    "insights": Tables.insight,
}
_INDEXED: Final = ("headline", "dek", "body_text")
MOVES_CHANGED_AT: Final = ("new", "substantive", "back", "gone")
_NO_ARTICLE_COLUMNS: Final = {
    "same_as_id": None, "redated_at": None, "comment_round_at": None
}  # fmt: skip


def save_batch(batch: Batch, pages: Sequence[PageSave]) -> list[SaveReport]:
    """Save pages in the batch's transaction.

    Args:
        batch: Empty; flushed when this returns.
        pages: In the order in which they were fetched.

    Returns:
        One report a page, in the same order.
    """
    return [report for group in _split(pages) for report in _save_group(batch, group)]


def _save_group(batch: Batch, pages: Sequence[PageSave]) -> list[SaveReport]:
    """Save pages that are looked up together."""
    saver = PageSaver(batch, pages)
    doubled = saver.find_doubled(pages)
    if doubled:
        for survivor, double in doubled:
            merge_articles(batch, survivor, double, max(page.seen_at for page in pages))
        saver = PageSaver(batch, pages)
    reports = [saver.save(page) for page in pages]
    saver.finish()
    return reports


def _split(pages: Sequence[PageSave]) -> Iterator[list[PageSave]]:
    """Part pages so that none is looked up before an earlier one with a name of its own is saved."""
    group: list[PageSave] = []
    taken: set[str | None] = set()
    for page in pages:
        record = page.article
        names: set[str | None] = set()
        if record is not None:
            names = {record.url, record.canonical_url, *(alias.value for alias in page.aliases)} - {None}
        if not taken.isdisjoint(names):
            yield group
            group, taken = [], set()
        group.append(page)
        taken |= names
    if group:
        yield group


class PageSaver:
    """Saves the pages of one batch, one after another.

    Args:
        batch: Takes the rows.
        pages: All pages of the batch; what is known about them is looked up here, in a few queries.
    """

    def __init__(self, batch: Batch, pages: Sequence[PageSave]) -> None:
        self._batch = batch
        self._frontier = FrontierSaver(batch, pages)
        self._articles = KnownArticles(batch, pages)
        self._authors = AuthorSaver(batch, pages)
        self._words = IndexWriter(batch.connection, is_sqlite=batch.is_sqlite)
        self._comments = CommentSaver(batch, self._articles, self._words)
        folded = {fold_tag(tag.name) for page in pages if page.article for tag in page.article.tags}
        self._tags: dict[str, int] = dict(self._batch.look_up(Tables.tag, "folded", folded, ("folded", "id")))

    def find_doubled(self, pages: Sequence[PageSave]) -> list[tuple[int, int]]:
        """Return pairs of articles that the pages show to be one; see `KnownArticles.find_doubled`."""
        return self._articles.find_doubled(pages)

    def save(self, page: PageSave) -> SaveReport:
        """Save one page: its article, comments, authors, and its place in the frontier."""
        sighting = self._articles.identify(page)
        if sighting.is_taken_down or (page.article is not None and self._authors.is_taken_down(page.article)):
            self._frontier.keep_out(page, sighting.names)
            return SaveReport(taken_down=True)
        page = self._authors.without_taken_down(page)
        if page.article is not None and sighting.article is not None:
            self._authors.adopt(page.article, sighting.article.id)
        self._authors.save_described(page)
        change: Change | None = None
        fields: tuple[str, ...] = ()
        known = sighting.article
        if page.article is not None:
            known, change, fields = self._save_article(page, page.article, sighting)
            if page.aliases:
                for left in self._articles.list_left(sighting, known):
                    if page.seen_at >= left.last_seen_at:
                        self._set_gone(left, page)
        elif page.fetched is not None and known is not None:
            change, page = self._note_ending(known, page, page.fetched)
        new, changed = self._comments.save(page, known, is_elsewhere=sighting.is_elsewhere)
        self._frontier.save(page, known.id if known is not None else None)
        return SaveReport(known.id if known is not None else None, change, fields, new, changed)

    def add(self, page: PageSave, *, is_gone: bool) -> SaveReport:
        """Save an article that is known to be none of those kept, as an export read back is.

        Args:
            page: With an article.
            is_gone: It stands at its addresses no longer, and takes none from another.
        """
        sighting = self._articles.as_new(page)
        if page.article is None or sighting.is_taken_down or self._authors.is_taken_down(page.article):
            return SaveReport(taken_down=True)
        known = self._insert(page, page.article, sighting)
        self._articles.add_aliases(sighting, known, page.seen_at, takes_over=not is_gone)
        return SaveReport(known.id, "new")

    def reserve_author_ids(self, reserved: dict[tuple[str, str], list[int]]) -> None:
        """Say which ids new authors get, by (platform, name); those taken are popped."""
        self._authors.reserved = reserved

    def known_id(self, page: PageSave) -> int | None:
        """Return the row of the article a page is or belongs to; None when the library has none."""
        known = self._articles.identify(page).article
        return known.id if known is not None else None

    def author_ids(self, pages: Sequence[PageSave]) -> list[int | None]:
        """Return the row of the first person that each page describes; None where it describes nobody."""
        return [self._authors.described_id(page) for page in pages]

    def comment_id(self, article_id: int, platform_id: str) -> int | None:
        """Return the row of a comment of an article that the batch has touched."""
        return self._comments.row_of(article_id, platform_id)

    def finish(self) -> None:
        """Write what is only known after the last page."""
        self._comments.finish()
        self._authors.finish()
        self._batch.flush()
        self._words.flush()

    def _save_article(
        self, page: PageSave, record: ArticleRecord, sighting: Sighting
    ) -> tuple[KnownArticle, Change, tuple[str, ...]]:
        known, seen_at = sighting.article, page.seen_at
        if known is None:
            known = self._insert(page, record, sighting)
            for displaced in self._articles.add_aliases(sighting, known, seen_at):
                # Only a page that stands at the address itself; a wrong canonical link displaces nobody.
                if record.url is not None and url_key(record.url) == displaced.home_key:
                    self._set_gone(displaced, page)
            return known, "new", ()
        if sighting.tells_nothing_new() and not known.is_redated_by(record, seen_at):
            decision = self._touch(known, record, seen_at)
        else:
            decision = self._update(known, record, seen_at, sighting)
        self._articles.add_aliases(sighting, known, seen_at)
        return known, decision.change, decision.changed_fields

    def _insert(self, page: PageSave, record: ArticleRecord, sighting: Sighting) -> KnownArticle:
        seen_at = page.seen_at
        known = KnownArticle.from_record(
            self._batch.next_id(Tables.article), record, seen_at, sighting.fingerprint
        )
        row = {
            **_NO_ARTICLE_COLUMNS,
            **new_article_columns(record),
            "id": known.id,
            "publication_id": self._frontier.publication_id(record.publication, like=record),
            "change": "new",
            "first_seen_at": seen_at,
            "last_seen_at": seen_at,
            "changed_at": seen_at,
            "updated_at": seen_at,
            "listed_at": known.listed_at,
            "fingerprint": sighting.fingerprint,
            "content_key": sighting.content_key,
            "restlessness": {},
            "stored_comment_count": count_visible(page.comments),
        }
        known.stored_comment_count = row["stored_comment_count"]
        self._batch.insert(Tables.article, row)
        head = fold_fields((record.headline, record.dek))
        key = make_key(known.listed_at, known.id)
        self._words.add(ARTICLE_WORDS, key, (*head, limit_words(sighting.words)))
        self._articles.add(known, sighting)
        for name in CHILDREN:
            self._insert_children(known.id, name, getattr(record, name), record, seen_at)
        return known

    def _touch(self, known: KnownArticle, record: ArticleRecord, seen_at: datetime) -> SaveDecision:
        """Note a visit that found nothing new; only times move."""
        listed_at = known.listed_at
        decision = known.decide_unchanged(record, seen_at)
        values: dict[str, Any] = article_columns(decision.values)
        if values:
            values["updated_at"] = known.updated_at = max(known.updated_at, seen_at)
        if known.listed_at != listed_at:
            values["listed_at"] = known.listed_at
            self._reindex(known.id, self._articles.whole(known.id), {}, (listed_at, known.listed_at))
        if seen_at > known.last_seen_at:
            values["last_seen_at"] = known.last_seen_at = seen_at
        if values:
            self._batch.update(Tables.article, known.id, values)
        return decision

    def _reindex(
        self, article_id: int, old: ArticleView, values: Mapping[str, Any], places: tuple[datetime, datetime]
    ) -> None:
        """Put an article's words where they are found now.

        Args:
            article_id: Its row.
            old: As it was.
            values: Field -> new value, for those that differ.
            places: Its instant in lists, before and after.
        """
        before = [getattr(old, name) for name in _INDEXED]
        after = [values.get(name, text) for name, text in zip(_INDEXED, before, strict=True)]
        if places[0] == places[1] and before == after:
            return
        self._words.remove(ARTICLE_WORDS, make_key(places[0], article_id), fold_fields(before))
        self._words.add(ARTICLE_WORDS, make_key(places[1], article_id), fold_fields(after))

    def _update(
        self, known: KnownArticle, record: ArticleRecord, seen_at: datetime, sighting: Sighting
    ) -> SaveDecision:
        """Compare the whole article, and write what differs."""
        old = self._articles.whole(known.id)
        listed_at = known.listed_at
        decision = decide_save(
            old, record, seen_at, restlessness=known.restlessness, is_elsewhere=sighting.is_elsewhere
        )
        columns = _changed_columns(old, decision, seen_at, sighting)
        if "publication" in decision.values:
            columns["publication_id"] = self._frontier.publication_id(record.publication, like=record)
        self._batch.update(Tables.article, known.id, columns)
        self._reindex(known.id, old, decision.values, (listed_at, columns["listed_at"]))
        for name in CHILDREN:
            if name in decision.values:
                self._batch.delete_children(_CHILD_TABLE[name], known.id)
                self._insert_children(known.id, name, decision.values[name], record, seen_at)
        self._add_revision(known.id, decision, seen_at)
        known.absorb(decision, columns)
        return decision

    def _add_revision(self, article_id: int, decision: SaveDecision, seen_at: datetime) -> None:
        if not decision.before and decision.change == "unchanged":
            return
        after = {name: decision.values.get(name) for name in decision.before}
        add_revision(self._batch, "article_id", article_id, seen_at, decision.change, decision.before, after)

    def _insert_children(
        self, article_id: int, name: str, value: object, record: ArticleRecord, seen_at: datetime
    ) -> None:
        if is_absent(value):
            return
        table = _CHILD_TABLE[name]
        values: list[Any] = value if isinstance(value, list) else [value]
        author_ids = self._authors.resolve(record, seen_at) if name == "authors" else ()
        for position, each in enumerate(values):
            row: dict[str, Any] = {"article_id": article_id, "position": position}
            if name == "badges":
                row["name"] = each
            else:
                row |= each.__dict__
            if name == "hero":
                row["role"] = "hero"
            elif name == "tags":
                row["tag_id"] = self._tag_id(each.name)
            elif name == "authors":
                row["author_id"] = author_ids[position]
            self._batch.insert(table, row)

    def _tag_id(self, name: str) -> int:
        folded = fold_tag(name)
        if folded not in self._tags:
            self._tags[folded] = self._batch.next_id(Tables.tag)
            self._batch.insert(Tables.tag, {"id": self._tags[folded], "folded": folded, "name": name})
        return self._tags[folded]

    def _note_ending(
        self, known: KnownArticle, page: PageSave, fetched: FrontierEntry
    ) -> tuple[Change | None, PageSave]:
        """Note what a fetch without a page tells of its article; return the page with its next visit."""
        if fetched.outcome == "gone":
            return self._mark_gone(known, page), page
        if fetched.outcome == "unchanged" and known.change == "gone" and known.same_as_id is None:
            # It stands here as it did: read it, that it may come back.
            at = fetched.fetched_at or page.seen_at
            fetched = replace(fetched, due_at=at, etag=None, last_modified=None)
            return None, replace(page, fetched=fetched)
        return None, page

    def _mark_gone(self, known: KnownArticle, page: PageSave) -> Change:
        is_home = page.fetched is None or known.home_key in (None, url_key(page.fetched.url))
        if known.change == "gone" or page.seen_at < known.last_seen_at or not is_home:
            return "unchanged"
        self._set_gone(known, page)
        return "gone"

    def _set_gone(self, known: KnownArticle, page: PageSave) -> None:
        if known.change == "gone":
            return
        seen_at = page.seen_at
        values = {"change": "gone", "changed_at": seen_at, "updated_at": seen_at}
        self._batch.update(Tables.article, known.id, values)
        add_revision(self._batch, "article_id", known.id, seen_at, "gone", {}, {})
        known.change = "gone"
        if page.fetched is not None:
            # Where else it stood, it may stand still.
            self._frontier.look_again(known.id, page.fetched.url, page.fetched.fetched_at or seen_at)


def _changed_columns(
    old: ArticleView, decision: SaveDecision, seen_at: datetime, sighting: Sighting
) -> dict[str, Any]:
    """Return the columns of an article that a decision changes, times included."""
    first_seen_at = min(old.first_seen_at, seen_at)
    published_at = decision.values.get("published_at", old.published_at)
    columns = article_columns(decision.values) | {
        "restlessness": dict(decision.restlessness),
        "first_seen_at": first_seen_at,
        "last_seen_at": max(seen_at, old.last_seen_at),
        "listed_at": list_at(published_at, first_seen_at),
    }
    if seen_at >= old.last_seen_at and not sighting.is_elsewhere:
        columns["fingerprint"] = sighting.fingerprint
        if sighting.content_key is not None:
            columns["content_key"] = sighting.content_key
    if decision.values:
        columns["updated_at"] = max(old.updated_at, seen_at)
    if decision.is_redated:
        columns["redated_at"] = seen_at
    if decision.change != "unchanged":
        columns["change"] = decision.change
        columns["updated_at"] = max(old.updated_at, seen_at)
    if decision.change in MOVES_CHANGED_AT:
        columns["changed_at"] = max(old.changed_at, seen_at)
    return columns
