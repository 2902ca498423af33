"""Revisions: what each visit changed, kept as exported values before and after."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, RowMapping, select

from crawler.store.batches import Batch
from crawler.store.database import Database
from crawler.store.streaming import stream_rows
from crawler.store.tables import Tables
from crawler.store.views import Change, RevisionView


def to_exported(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Return a field's value as the export writes it: times in ISO 8601 with Z, nested values as objects.

    Example:
        >>> to_exported(datetime(2026, 3, 1, tzinfo=UTC))
        '2026-03-01T00:00:00Z'
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, list | tuple):
        return [to_exported(each) for each in value]
    return value


def add_revision(
    batch: Batch,
    owner: str,
    owner_id: int,
    seen_at: datetime,
    change: Change,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """Keep what a visit changed.

    Args:
        batch: Takes the row.
        owner: "article_id", "author_id" or "comment_id".
        owner_id: Its row.
        seen_at: When the change was seen.
        change: Its class.
        before: Field -> value before.
        after: The same fields -> value after.
    """
    row: dict[str, Any] = {"article_id": None, "author_id": None, "comment_id": None}
    row |= {owner: owner_id, "seen_at": seen_at, "change": change}
    row["before"] = {name: to_exported(value) for name, value in before.items()}
    row["after"] = {name: to_exported(value) for name, value in after.items()}
    batch.insert(Tables.revision, row)


def list_revisions(connection: Connection, condition: ColumnElement[bool]) -> list[RevisionView]:
    """Return revisions that fulfill a condition, oldest first."""
    query = select(Tables.revision).where(condition).order_by(Tables.revision.c.id)
    return [read_revision(row) for row in connection.execute(query).mappings()]


def read_revision(row: RowMapping) -> RevisionView:
    """Return the view of a revision."""
    for subject in ("article", "author", "comment"):
        if row[f"{subject}_id"] is not None:
            return RevisionView(
                id=row["id"],
                subject=subject,
                subject_id=row[f"{subject}_id"],
                seen_at=row["seen_at"],
                change=row["change"],
                before=row["before"],
                after=row["after"],
            )
    raise ValueError(f"revision {row['id']} is of nothing")


class History:
    """The shelf of revisions, of articles, authors and comments alike.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def iterate(self, *, since: datetime | None = None) -> Iterator[RevisionView]:
        """Yield every revision in constant memory, oldest first.

        Args:
            since: Only those seen at or after this instant.
        """
        revision = Tables.revision
        query = select(revision)
        key: tuple[ColumnElement[Any], ...] = (revision.c.id,)
        if since is not None:
            query, key = query.where(revision.c.seen_at >= since), (revision.c.seen_at, revision.c.id)
        for rows in stream_rows(self._database, query, key):
            yield from (read_revision(row._mapping) for row in rows)
