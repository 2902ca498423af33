"""An export read back: the lines that `gleanings export` wrote become the same library again.

Into an empty library every row comes back under its id. Into another one articles, comments and authors are
merged by their identity, as pages seen when the export last saw them would be. Lines come in the order
publications, authors, articles, comments, revisions; within one file that is the order of the export.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sqlalchemy import func, select

from crawler.errors import StoreError
from crawler.records import ArticleRecord, AuthorRecord, CommentRecord, build_record
from crawler.store.batches import Batch
from crawler.store.database import Database
from crawler.store.moving import set_sequences
from crawler.store.saving import PageSaver
from crawler.store.tables import Tables
from crawler.store.views import Alias, PageSave

BATCH: Final = 200
"""Lines restored in one transaction."""

LineKind = Literal["publications", "authors", "articles", "comments", "revisions", "issues"]
_MARKS: Final[tuple[tuple[LineKind, frozenset[str]], ...]] = (
    ("articles", frozenset({"headline", "body_text", "platform"})),
    ("comments", frozenset({"article_id", "body_text", "author_name"})),
    ("authors", frozenset({"name", "bio_text", "platform"})),
    ("publications", frozenset({"slug", "rights", "url"})),
    ("revisions", frozenset({"subject", "before", "after"})),
    ("issues", frozenset({"digest", "number", "entries"})),
)
_PUBLICATION: Final = ("slug", "platform", "name", "url", "language", "rights", "enabled", "paused")
_SUBJECTS: Final = ("article", "author", "comment")

Line = Mapping[str, Any]


@dataclass(slots=True)
class RestoreReport:
    """What a restoration did.

    Attributes:
        counts: Kind -> lines read of it.
        skipped: Kind -> lines that belong to nothing in the library, or to another part of the program.
    """

    counts: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)


def kind_of_line(line: Line) -> LineKind | None:
    """Return which export a line is of; None when it is of none."""
    return next((kind for kind, names in _MARKS if names <= line.keys()), None)


def restore_lines(database: Database, lines: Iterable[str], *, seen_at: datetime) -> RestoreReport:
    """Restore a library from the lines of an export.

    Args:
        database: Empty, or a library to merge into.
        lines: JSON objects, blank lines allowed.
        seen_at: When the export was made, for what its lines do not date; aware UTC.

    Raises:
        StoreError: A line is no line of an export; what came before it is kept.
        RecordError: A field breaks its promise; what came before it is kept.
    """
    restorer = _Restorer(database, seen_at)
    waiting: list[Line] = []
    kind: LineKind | None = None
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        line = _parse(text, number)
        found = kind_of_line(line)
        if found is None:
            raise StoreError("this is no line of an export", f"line {number}")
        if found != kind or len(waiting) >= BATCH:
            restorer.restore(kind, waiting)
            waiting = []
        kind = found
        waiting.append(line)
    restorer.restore(kind, waiting)
    restorer.finish()
    return restorer.report


def _parse(text: str, number: int) -> Line:
    try:
        line = json.loads(text)
    except ValueError:
        line = None
    if not isinstance(line, dict):
        raise StoreError("this is no JSON object, as an export has one on each line", f"line {number}")
    return line


def _instant(value: object, otherwise: datetime) -> datetime:
    return datetime.fromisoformat(value).astimezone(UTC) if isinstance(value, str) else otherwise


class _Restorer:
    """Restores lines kind by kind; remembers which row became which."""

    def __init__(self, database: Database, seen_at: datetime) -> None:
        self._database = database
        self._seen_at = seen_at
        self._moved: dict[str, dict[int, int]] = {subject: {} for subject in _SUBJECTS}
        self._nameless: dict[tuple[str, str], list[int]] = {}
        self.report = RestoreReport()
        with database.reading() as connection:
            query = select(func.count()).select_from(Tables.article)
            self._keeps_ids = connection.execute(query).scalar_one() == 0

    def restore(self, kind: LineKind | None, lines: Sequence[Line]) -> None:
        """Restore some lines of one kind, in one transaction."""
        if kind is None:
            return
        self.report.counts[kind] = self.report.counts.get(kind, 0) + len(lines)
        if kind == "issues":
            self._skip(kind, len(lines))
            return
        with self._database.transaction() as connection:
            batch = Batch(connection, is_sqlite=self._database.is_sqlite)
            if kind == "publications":
                self._restore_publications(batch, lines)
            elif kind == "authors":
                self._restore_authors(batch, lines)
            elif kind == "articles":
                self._restore_articles(batch, lines)
            elif kind == "comments":
                self._restore_comments(batch, lines)
            else:
                self._restore_revisions(batch, lines)
            batch.flush()

    def finish(self) -> None:
        """Let PostgreSQL count on from the highest ids."""
        if not self._database.is_sqlite:
            with self._database.transaction() as connection:
                set_sequences(connection, [Tables.article, Tables.author, Tables.comment, Tables.revision])

    def _skip(self, kind: str, number: int = 1) -> None:
        self.report.skipped[kind] = self.report.skipped.get(kind, 0) + number

    def _row_of(self, subject: str, exported_id: int) -> int:
        return self._moved[subject].get(exported_id, exported_id)

    def _restore_publications(self, batch: Batch, lines: Sequence[Line]) -> None:
        for line in lines:
            row = {name: line.get(name) for name in _PUBLICATION}
            for name in ("last_good_run_at", "next_due_at"):
                row[name] = _instant(line[name], self._seen_at) if line.get(name) else None
            batch.upsert(Tables.publication, row)

    def _restore_authors(self, batch: Batch, lines: Sequence[Line]) -> None:
        """Restore described authors; one known by name only comes with the byline that names them."""
        records = [_build(AuthorRecord, line) for line in lines]
        free = batch.free_ids(Tables.author, [line["id"] for line in lines]) if self._keeps_ids else set()
        pages = [
            PageSave(_instant(line.get("first_seen_at"), self._seen_at), authors=(record,))
            for line, record in zip(lines, records, strict=True)
        ]
        saver = PageSaver(batch, pages)
        for line, record, page in zip(lines, records, pages, strict=True):
            if record.url is None and record.platform_id is None and record.handle is None:
                if line["id"] in free:
                    self._nameless.setdefault((record.platform, record.name), []).append(line["id"])
                continue
            batch.prefer_ids(Tables.author, [line["id"]] if line["id"] in free else [])
            saver.save(page)
        saver.finish()
        for line, row_id in zip(lines, saver.author_ids(pages), strict=True):
            if row_id is not None:
                self._moved["author"][line["id"]] = row_id
                last = _instant(line.get("last_seen_at"), self._seen_at)
                batch.update(Tables.author, row_id, {"last_seen_at": last})

    def _restore_articles(self, batch: Batch, lines: Sequence[Line]) -> None:
        records = [_build(ArticleRecord, line, comments_complete=False) for line in lines]
        free = batch.free_ids(Tables.article, [line["id"] for line in lines]) if self._keeps_ids else set()
        pages: list[PageSave] = []
        for line, record in zip(lines, records, strict=True):
            aliases = tuple(
                Alias(each["kind"], each["value"], each["reason"]) for each in line.get("aliases", ())
            )
            pages.append(
                PageSave(_instant(line.get("first_seen_at"), self._seen_at), record, aliases=aliases)
            )
        saver = PageSaver(batch, pages)
        saver.reserve_author_ids(self._nameless)
        for line, page in zip(lines, pages, strict=True):
            batch.prefer_ids(Tables.article, [line["id"]] if line["id"] in free else [])
            known_id = saver.known_id(page)
            if known_id is not None and line.get("change") == "gone":
                self._moved["article"][line["id"]] = known_id
                continue  # it is no page that shows the article
            report = saver.save(page)
            if report.article_id is None:
                self._skip("articles")
                continue
            if report.article_id != line["id"]:
                self._moved["article"][line["id"]] = report.article_id
            if report.change == "new":
                batch.update(Tables.article, report.article_id, self._dates_of(line))
            elif line.get("comments_complete"):
                batch.update(Tables.article, report.article_id, {"comments_complete": True})
        saver.finish()

    def _dates_of(self, line: Line) -> dict[str, Any]:
        """Return what of an article its page does not say: how it fared in the exported library."""
        first = _instant(line.get("first_seen_at"), self._seen_at)
        last = _instant(line.get("last_seen_at"), self._seen_at)
        change = line.get("change", "new")
        return {
            "change": change,
            "last_seen_at": last,
            "changed_at": _instant(line.get("changed_at"), first if change == "new" else last),
            "updated_at": _instant(line.get("updated_at"), last),
            "comments_complete": bool(line.get("comments_complete")),
        }

    def _restore_comments(self, batch: Batch, lines: Sequence[Line]) -> None:
        wanted = {self._row_of("article", line["article_id"]) for line in lines}
        missing = batch.free_ids(Tables.article, wanted)
        free = batch.free_ids(Tables.comment, [line["id"] for line in lines]) if self._keeps_ids else set()
        pages: list[PageSave] = []
        kept: list[Line] = []
        for line in lines:
            article_id = self._row_of("article", line["article_id"])
            if article_id in missing:
                self._skip("comments")
                continue
            seen_at = _instant(line.get("first_seen_at"), self._seen_at)
            comment = _build(CommentRecord, line)
            pages.append(PageSave(seen_at, comments=(comment,), article_id=article_id))
            kept.append(line)
        saver = PageSaver(batch, pages)
        for line, page in zip(kept, pages, strict=True):
            batch.prefer_ids(Tables.comment, [line["id"]] if line["id"] in free else [])
            saver.save(page)
        saver.finish()
        for line, page in zip(kept, pages, strict=True):
            row_id = saver.comment_id(page.article_id or 0, page.comments[0].platform_id)
            if row_id is not None and row_id != line["id"]:
                self._moved["comment"][line["id"]] = row_id

    def _restore_revisions(self, batch: Batch, lines: Sequence[Line]) -> None:
        revision = Tables.revision
        owners = {
            subject: batch.free_ids(
                Tables.by_name(subject),
                [self._row_of(subject, line["subject_id"]) for line in lines if line["subject"] == subject],
            )
            for subject in _SUBJECTS
        }
        free = batch.free_ids(revision, [line["id"] for line in lines])
        for line in lines:
            owner = self._row_of(line["subject"], line["subject_id"])
            if owner in owners[line["subject"]] or line["id"] not in free:
                self._skip("revisions")
                continue
            row: dict[str, Any] = {f"{subject}_id": None for subject in _SUBJECTS}
            row[f"{line['subject']}_id"] = owner
            row |= {"id": line["id"], "seen_at": _instant(line["seen_at"], self._seen_at)}
            batch.insert(
                revision, {**row, "change": line["change"], "before": line["before"], "after": line["after"]}
            )


def _build(kind: Any, line: Line, **changes: Any) -> Any:  # noqa: ANN401 - one of the three records
    """Return the record a line tells of."""
    fields = {name: line[name] for name in kind.model_fields if name in line}
    return build_record(kind, **(fields | changes))
