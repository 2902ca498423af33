"""Issues as rows, and back."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, delete, insert, select, update

from crawler.store.tables import Tables
from plugin.archive.sql import chunked
from plugin.issues import Entry, Erratum, Issue, IssuedArticle, IssueSummary, LedgerChange
from plugin.tables import PluginTables

_issue = PluginTables.issue
_entry = PluginTables.issue_entry
_mention = PluginTables.issue_mention
_erratum = PluginTables.erratum
_action = PluginTables.editor_action

_HEAD = ("guid", "title", "digest_title", "description", "link", "language", "utc_offset")
TAKEN_DOWN = "Taken down"
"""Headline of a tombstone."""


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """An issue with all that its making changes, to be saved in one transaction.

    Attributes:
        issue: Numbered one after the newest that its maker knew.
        traits: What tells its stories again; one an entry, in the same order.
        change: What becomes of its digest's ledger.
        saved_at: When it is saved, aware UTC.
        applied: Actions it uses up.
    """

    issue: Issue
    traits: tuple[IssuedArticle, ...]
    change: LedgerChange
    saved_at: datetime
    applied: tuple[int, ...] = ()


def insert_issue(connection: Connection, draft: IssueDraft) -> None:
    """Insert an issue with its entries, what they mention, and its errata."""
    issue = draft.issue
    key = {"digest": issue.digest, "number": issue.number}
    head = issue.model_dump(mode="json", include=set(_HEAD))
    row = {
        **key,
        "made_at": issue.made_at,
        "saved_at": draft.saved_at,
        "entry_count": len(issue.entries),
        "head": head,
    }
    connection.execute(insert(_issue).values(row))
    entries, mentions = [], []
    for position, (entry, traits) in enumerate(zip(issue.entries, draft.traits, strict=True)):
        place = {**key, "position": position}
        values = {"traits": traits.model_dump(mode="json"), "entry": entry.model_dump(mode="json")}
        entries.append({**place, "article_id": entry.article_id, **values})
        targets = {("article", each.article_id) for each in entry.also_at}
        targets |= {("comment", each.comment_id) for each in entry.comments}
        mentions += [{**place, "kind": kind, "target_id": each} for kind, each in targets if each is not None]
    connection.execute(insert(_entry), entries)
    if mentions:
        connection.execute(insert(_mention), mentions)
    errata = [
        {
            **key,
            "position": place,
            "about_number": each.number,
            "article_id": each.article_id,
            "text": each.text,
        }
        for place, each in enumerate(issue.errata)
    ]
    if errata:
        connection.execute(insert(_erratum), errata)


def all_showable(connection: Connection, article_ids: Collection[int]) -> bool:
    """Tell whether every article is still kept and not gone.

    Args:
        connection: In a write transaction: on SQLite nothing can change them before it ends. PostgreSQL is
            asked to hold their rows until then.
        article_ids: Those an issue is about to quote.
    """
    found = 0
    for part in chunked(sorted(article_ids)):
        query = select(Tables.article.c.id).where(
            Tables.article.c.id.in_(part), Tables.article.c.change != "gone"
        )
        found += len(connection.execute(query.with_for_update(read=True)).all())
    return found == len(article_ids)


def apply_actions(connection: Connection, action_ids: Collection[int], *, number: int) -> bool:
    """Note which issue used up which actions; False when one of them was undone or used up meanwhile."""
    applied = 0
    for part in chunked(sorted(action_ids)):
        stands = (_action.c.undone_at.is_(None), _action.c.applied_to.is_(None))
        statement = update(_action).where(_action.c.id.in_(part), *stands).values(applied_to=number)
        applied += connection.execute(statement).rowcount
    return applied == len(action_ids)


def load_summaries(connection: Connection, digest: str) -> list[IssueSummary]:
    """Return a digest's issues without their entries, the newest first."""
    query = select(_issue).where(_issue.c.digest == digest).order_by(_issue.c.number.desc())
    return [
        IssueSummary(
            digest=row["digest"],
            number=row["number"],
            guid=row["head"]["guid"],
            title=row["head"]["title"],
            made_at=row["made_at"],
            entry_count=row["entry_count"],
        )
        for row in connection.execute(query).mappings()
    ]


def list_keys(connection: Connection, *, since: datetime | None) -> list[tuple[str, int]]:
    """Return digest and number of every issue made at or after an instant, oldest first."""
    query = select(_issue.c.digest, _issue.c.number).order_by(
        _issue.c.made_at, _issue.c.digest, _issue.c.number
    )
    if since is not None:
        query = query.where(_issue.c.made_at >= since)
    return [(row.digest, row.number) for row in connection.execute(query)]


def load_issues(
    connection: Connection, condition: ColumnElement[bool], *, limit: int | None = None
) -> list[Issue]:
    """Return whole issues, the newest of each digest first."""
    query = select(_issue).where(condition).order_by(_issue.c.digest, _issue.c.number.desc()).limit(limit)
    return [_load_issue(connection, row) for row in connection.execute(query).mappings().all()]


def _load_issue(connection: Connection, row: RowMapping) -> Issue:
    def rows_of(table: Table) -> Sequence[RowMapping]:
        """Return the issue's rows of a table, in their order."""
        place = (table.c.digest == row["digest"], table.c.number == row["number"])
        return connection.execute(select(table).where(*place).order_by(table.c.position)).mappings().all()

    return Issue(
        digest=row["digest"],
        number=row["number"],
        made_at=row["made_at"],
        entries=tuple(Entry.model_validate(each["entry"]) for each in rows_of(_entry)),
        errata=tuple(
            Erratum(number=each["about_number"], article_id=each["article_id"], text=each["text"])
            for each in rows_of(_erratum)
        ),
        **row["head"],
    )


def redact_articles(
    connection: Connection, article_ids: Iterable[int], *, at: datetime
) -> set[tuple[str, int]]:
    """Turn what issues quote of articles into tombstones.

    Args:
        connection: In a write transaction.
        article_ids: The articles taken down.
        at: When; becomes ``updated_at`` of the tombstones, so that feed readers fetch them.

    Returns:
        (digest, number) of every issue changed.
    """
    touched: set[tuple[str, int]] = set()
    for part in chunked(sorted(set(article_ids))):
        for row in connection.execute(select(_entry).where(_entry.c.article_id.in_(part))).mappings().all():
            entry = _tombstone(Entry.model_validate(row["entry"]), at=at)
            traits = IssuedArticle(article_id=row["article_id"], number=row["number"], headline=TAKEN_DOWN)
            _write_entry(connection, row, entry, traits)
            touched.add((row["digest"], row["number"]))
        for row in _mentioning(connection, "article", part):
            entry = Entry.model_validate(row["entry"])
            kept = tuple(each for each in entry.also_at if each.article_id not in part)
            _write_entry(connection, row, entry.model_copy(update={"also_at": kept, "updated_at": at}))
            touched.add((row["digest"], row["number"]))
        about = _erratum.c.article_id.in_(part)
        errata = connection.execute(select(_erratum.c.digest, _erratum.c.number).where(about))
        touched |= {(row.digest, row.number) for row in errata.all()}
        connection.execute(update(_erratum).where(about).values(text=TAKEN_DOWN))
    return touched


def redact_comments(
    connection: Connection, comment_ids: Iterable[int], *, at: datetime
) -> set[tuple[str, int]]:
    """Take quoted comments out of issues.

    Args:
        connection: In a write transaction.
        comment_ids: Rows of the comments taken down.
        at: When; becomes ``updated_at`` of the entries that quoted them.

    Returns:
        (digest, number) of every issue changed.
    """
    touched: set[tuple[str, int]] = set()
    for part in chunked(sorted(set(comment_ids))):
        for row in _mentioning(connection, "comment", part):
            entry = Entry.model_validate(row["entry"])
            kept = tuple(each for each in entry.comments if each.comment_id not in part)
            _write_entry(connection, row, entry.model_copy(update={"comments": kept, "updated_at": at}))
            touched.add((row["digest"], row["number"]))
    return touched


def redact_notes(connection: Connection, article_ids: Iterable[int]) -> None:
    """Take out what editors wrote about articles; the actions themselves stay."""
    ids = set(article_ids)
    written = connection.execute(
        select(_action.c.id, _action.c.article_ids).where(_action.c.text.is_not(None))
    )
    for row in written.all():
        if ids.intersection(row.article_ids):
            connection.execute(update(_action).where(_action.c.id == row.id).values(text=None))


def _mentioning(connection: Connection, kind: str, targets: Sequence[int]) -> Iterator[RowMapping]:
    """Yield the entries that mention any of the targets, each once, and forget that they do."""
    wanted = (_mention.c.kind == kind, _mention.c.target_id.in_(targets))
    places = connection.execute(
        select(_mention.c.digest, _mention.c.number, _mention.c.position).where(*wanted).distinct()
    ).all()
    for digest, number, position in places:
        query = select(_entry).where(
            _entry.c.digest == digest, _entry.c.number == number, _entry.c.position == position
        )
        yield connection.execute(query).mappings().one()
    connection.execute(delete(_mention).where(*wanted))


def _write_entry(
    connection: Connection, row: RowMapping, entry: Entry, traits: IssuedArticle | None = None
) -> None:
    values: dict[str, Any] = {"entry": entry.model_dump(mode="json")}
    if traits is not None:
        values["traits"] = traits.model_dump(mode="json")
    place = (
        _entry.c.digest == row["digest"],
        _entry.c.number == row["number"],
        _entry.c.position == row["position"],
    )
    connection.execute(update(_entry).where(*place).values(values))


def _tombstone(entry: Entry, *, at: datetime) -> Entry:
    """Return what stays of an entry: its place and its guid."""
    return Entry(
        guid=entry.guid,
        article_id=entry.article_id,
        headline=TAKEN_DOWN,
        updated_at=at,
        summary_html="",
        summary_text="",
        section=entry.section,
        is_gone=True,
    )
