"""An export read back: the lines that `gleanings export` wrote become the same library again.

Into an empty library every row comes back under its id. Into another one articles, comments and authors are
merged by their identity, as pages seen when the export last saw them would be. Lines come in the order
publications, authors, articles, comments, revisions; within one file that is the order of the export.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import func, select

from crawler.errors import GleaningsError
from crawler.records import ArticleRecord, AuthorRecord, CommentRecord
from crawler.store.batches import Batch
from crawler.store.database import Database
from crawler.store.export_lines import SUBJECTS, ExportLine, Line, parse_line
from crawler.store.identity import url_key
from crawler.store.moving import set_sequences
from crawler.store.saving import MOVES_CHANGED_AT, PageSaver
from crawler.store.tables import Tables
from crawler.store.views import Alias, PageSave

BATCH: Final = 200
"""Lines restored in one transaction."""

_PUBLICATION: Final = ("slug", "platform", "name", "url", "language", "rights", "enabled", "paused")

MAX_REFUSED: Final = 20
"""Refused lines that a report names; of the others it tells the number."""


@dataclass(slots=True)
class RestoreReport:
    """What a restoration did.

    Attributes:
        counts: Kind -> lines read of it.
        skipped: Kind -> lines that belong to nothing in the library, or to another part of the program.
        moved: Subject -> exported id -> the row it became, where they differ.
        nameless: (platform, name) -> exported ids of authors known by name only, whose byline is to come.
        keeps_ids: The library had no article when it began.
        has_articles: Lines of articles were read.
        refused: Number and reason of each line that was refused, the first of them.
        n_refused: How many lines were refused in all.
    """

    counts: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    moved: dict[str, dict[int, int]] = field(default_factory=lambda: {each: {} for each in SUBJECTS})
    nameless: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    keeps_ids: bool = False
    has_articles: bool = False
    refused: list[tuple[int, str]] = field(default_factory=list)
    n_refused: int = 0

    def refuse(self, number: int, reason: str) -> None:
        """Note that a line, counted from 1, was not read."""
        self.n_refused += 1
        if self.n_refused <= MAX_REFUSED:
            self.refused.append((number, reason))

    def next(self) -> "RestoreReport":
        """Return the report of the next file of the same export: it counts afresh and remembers the rest."""
        return replace(self, counts={}, skipped={}, refused=[], n_refused=0)


def restore_lines(
    database: Database, lines: Iterable[str], *, seen_at: datetime, after: RestoreReport | None = None
) -> RestoreReport:
    """Restore a library from the lines of an export.

    Args:
        database: Empty, or a library to merge into.
        lines: JSON objects, blank lines allowed.
        seen_at: When the export was made, for what its lines do not date; aware UTC.
        after: What came of the file before, when an export is read from several.

    Returns:
        What was restored, and which lines were refused: each on its own, the others are kept.

    Raises:
        StoreError: The database refuses; what came before is kept.
    """
    restorer = _Restorer(database, seen_at, after)
    waiting: list[ExportLine] = []
    keys: set[object] = set()  # of those; what stands twice must meet itself in the library
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = parse_line(text)
        except GleaningsError as error:
            restorer.report.refuse(number, str(error))
            continue
        if waiting and (line.kind != waiting[0].kind or len(waiting) >= BATCH or line.key in keys):
            restorer.restore(waiting)
            waiting, keys = [], set()
        waiting.append(line)
        keys.add(line.key)
    restorer.restore(waiting)
    restorer.finish()
    return restorer.report


def _instant(value: object, otherwise: datetime) -> datetime:
    return datetime.fromisoformat(value).astimezone(UTC) if isinstance(value, str) else otherwise


class _Restorer:
    """Restores lines kind by kind; remembers which row became which."""

    def __init__(self, database: Database, seen_at: datetime, after: RestoreReport | None) -> None:
        self._database = database
        self._seen_at = seen_at
        self.report = after.next() if after is not None else RestoreReport()
        self._moved = self.report.moved
        self._nameless = self.report.nameless
        if after is None:
            with database.reading() as connection:
                query = select(func.count()).select_from(Tables.article)
                self.report.keeps_ids = connection.execute(query).scalar_one() == 0
        self._keeps_ids = self.report.keeps_ids

    def restore(self, parsed: Sequence[ExportLine]) -> None:
        """Restore some lines of one kind, in one transaction."""
        if not parsed:
            return
        kind = parsed[0].kind
        lines = [each.fields for each in parsed]
        self.report.counts[kind] = self.report.counts.get(kind, 0) + len(lines)
        if kind == "issues":
            self._skip(kind, len(lines))
            return
        with self._database.transaction() as connection:
            batch = Batch(connection, is_sqlite=self._database.is_sqlite)
            if kind == "publications":
                self._restore_publications(batch, lines)
            elif kind == "authors":
                self._restore_authors(batch, parsed)
            elif kind == "articles":
                self._restore_articles(batch, parsed)
            elif kind == "comments":
                self._restore_comments(batch, parsed)
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

    def _restore_authors(self, batch: Batch, parsed: Sequence[ExportLine]) -> None:
        """Restore described authors; one known by name only comes with the byline that names them."""
        lines = [each.fields for each in parsed]
        records = [each.record for each in parsed if isinstance(each.record, AuthorRecord)]
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

    def _restore_articles(self, batch: Batch, parsed: Sequence[ExportLine]) -> None:
        self.report.has_articles = True
        lines = [each.fields for each in parsed]
        records = [each.record for each in parsed if isinstance(each.record, ArticleRecord)]
        free = batch.free_ids(Tables.article, [line["id"] for line in lines]) if self._keeps_ids else set()
        pages: list[PageSave] = []
        for line, record in zip(lines, records, strict=True):
            aliases = tuple(
                Alias(each["kind"], each["value"], each["reason"]) for each in line.get("aliases") or ()
            )
            pages.append(
                PageSave(_instant(line.get("first_seen_at"), self._seen_at), record, aliases=aliases)
            )
        saver = PageSaver(batch, pages)
        saver.reserve_author_ids(self._nameless)
        for line, page in zip(lines, pages, strict=True):
            batch.prefer_ids(Tables.article, [line["id"]] if line["id"] in free else [])
            is_gone = line.get("change") == "gone"
            if line["id"] in free:
                report = saver.add(page, is_gone=is_gone)
            else:
                known_id = saver.known_id(page)
                if known_id is not None and is_gone:
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
            "changed_at": last if change in MOVES_CHANGED_AT[1:] else first,
            "updated_at": _instant(line.get("updated_at"), last),
            "comments_complete": bool(line.get("comments_complete")),
        }

    def _restore_comments(self, batch: Batch, parsed: Sequence[ExportLine]) -> None:
        lines = [each.fields for each in parsed]
        records = [each.record for each in parsed if isinstance(each.record, CommentRecord)]
        rows = self._articles_of(batch, lines)
        free = batch.free_ids(Tables.comment, [line["id"] for line in lines]) if self._keeps_ids else set()
        pages: list[PageSave] = []
        kept: list[Line] = []
        for line, comment in zip(lines, records, strict=True):
            article_id = rows.get((line["article_id"], line.get("article_url")))
            if article_id is None:
                self._skip("comments")
                continue
            seen_at = _instant(line.get("first_seen_at"), self._seen_at)
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

    def _articles_of(self, batch: Batch, lines: Sequence[Line]) -> dict[tuple[int, str | None], int]:
        """Return the row of each comment's article, by its exported id and address; without the missing.

        Where the articles' own lines did not come, a number says nothing of another library: there the
        address leads, and an article without one must be one here too.
        """
        named = {(line["article_id"], line.get("article_url")) for line in lines}
        rows = {name: self._row_of("article", name[0]) for name in named}
        wanted = ("id", "canonical_url")
        there = dict(batch.look_up(Tables.article, "id", set(rows.values()), wanted))
        if self.report.has_articles:
            return {name: row for name, row in rows.items() if row in there}
        keys = {url_key(url): url for _, url in named if url is not None}
        found = batch.look_up(Tables.alias, "key", keys, ("key", "article_id"))
        by_url = {keys[key]: article_id for key, article_id in found}
        led = {name: by_url[name[1]] for name in named if name[1] in by_url}
        return led | {
            name: row for name, row in rows.items() if name[1] is None and there.get(row, "") is None
        }

    def _restore_revisions(self, batch: Batch, lines: Sequence[Line]) -> None:
        """Restore what visits changed; what the library knows already, word for word, stays as it is."""
        owned = [(line["subject"], self._row_of(line["subject"], line["subject_id"])) for line in lines]
        known, latest = self._known_revisions(batch, owned)
        missing = {
            subject: batch.free_ids(Tables.by_name(subject), [row for name, row in owned if name == subject])
            for subject in SUBJECTS
        }
        rows: list[dict[str, Any]] = []
        for line, (subject, owner) in zip(lines, owned, strict=True):
            if owner in missing[subject]:
                self._skip("revisions")
                continue
            row: dict[str, Any] = {f"{each}_id": owner if each == subject else None for each in SUBJECTS}
            row |= {"seen_at": _instant(line["seen_at"], self._seen_at), "change": line["change"]}
            row |= {name: self._translate(line[name]) for name in ("before", "after")}
            if _content_of(row) in known:
                continue
            rows.append({"id": line["id"], **row})
            if subject == "article":
                self._tell_article(
                    batch, owner, row, is_latest=row["seen_at"] >= latest.get(owner, row["seen_at"])
                )
        # Where another library's history has one of their numbers, all of them get new ones.
        if len(batch.free_ids(Tables.revision, [row["id"] for row in rows])) < len(rows):
            for row in rows:
                row["id"] = batch.next_id(Tables.revision)
        for row in rows:
            batch.insert(Tables.revision, row)

    def _known_revisions(
        self, batch: Batch, owned: Iterable[tuple[str, int]]
    ) -> tuple[set[str], dict[int, datetime]]:
        """Return what the library knows of the histories of (subject, row), and when each article's ends."""
        revision, known = Tables.revision, set[str]()
        latest: dict[int, datetime] = {}
        ids: dict[str, set[int]] = {subject: set() for subject in SUBJECTS}
        for subject, row_id in owned:
            ids[subject].add(row_id)
        for subject, wanted in ids.items():
            query = select(revision).where(revision.c[f"{subject}_id"].in_(wanted))
            for row in batch.connection.execute(query).mappings():
                known.add(_content_of(dict(row)))
                if subject == "article":
                    latest[row["article_id"]] = max(
                        row["seen_at"], latest.get(row["article_id"], row["seen_at"])
                    )
        return known, latest

    def _translate(self, values: Line) -> Line:
        """Return a revision's values with the number of another article as it is here."""
        other = values.get("same_as_id")
        return values if other is None else {**values, "same_as_id": self._row_of("article", other)}

    def _tell_article(self, batch: Batch, article_id: int, row: Line, *, is_latest: bool) -> None:
        """Note what an article's own line does not say: when it changed, and which other one it is.

        Args:
            batch: Takes the row.
            article_id: Of the row.
            row: A revision.
            is_latest: The library knows of no later change, whose date would stand.
        """
        values: dict[str, Any] = {}
        if is_latest:
            if row["change"] in MOVES_CHANGED_AT:
                values["changed_at"] = row["seen_at"]
            if "published_bounds" in row["before"]:
                values["redated_at"] = row["seen_at"]
        if row["after"].get("same_as_id") is not None:
            values |= {"same_as_id": row["after"]["same_as_id"], "content_key": None}
        if values:
            batch.update(Tables.article, article_id, values)


def _content_of(row: Mapping[str, Any]) -> str:
    """Return all of a revision but its number, in a form that can be compared."""
    seen_at = row["seen_at"].astimezone(UTC).isoformat()
    named = [row[f"{subject}_id"] for subject in SUBJECTS]
    return json.dumps([*named, seen_at, row["change"], row["before"], row["after"]], sort_keys=True)
