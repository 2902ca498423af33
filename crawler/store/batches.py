"""What one write transaction is about to write, gathered by table and written with few executemany calls.

A batch is filled while its pages are decided one after another and flushed at the end, or earlier when a page
needs to read back what an earlier page of the same batch changed.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Table, bindparam, delete, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Delete, Insert, Update

from crawler.store.loading import chunked

_ID_BLOCK: Final = 64
"""Ids taken from a PostgreSQL sequence at once; unused ones are lost, which harms nothing."""


class Batch:
    """Rows to insert, update and delete in one transaction.

    Args:
        connection: In a write transaction.
        is_sqlite: Which dialect's upserts to use.
    """

    def __init__(self, connection: Connection, *, is_sqlite: bool) -> None:
        self.connection: Final = connection
        self._is_sqlite = is_sqlite
        self._inserts: dict[Table, list[Mapping[str, Any]]] = defaultdict(list)
        self._upserts: dict[tuple[Table, tuple[str, ...]], list[Mapping[str, Any]]] = defaultdict(list)
        self._updates: dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
        self._orphans: dict[Table, list[dict[str, Any]]] = defaultdict(list)
        self._ids: dict[str, Iterator[int]] = {}

    def next_id(self, table: Table) -> int:
        """Return an id that no row of the table has had; the caller writes the row."""
        numbers = self._ids.get(table.name)
        number = next(numbers, None) if numbers is not None else None
        if number is None:
            numbers = self._ids[table.name] = self._reserve(table.name)
            number = next(numbers)
        return number

    def _reserve(self, name: str) -> Iterator[int]:
        if self._is_sqlite:
            # The write transaction keeps every other writer out, and SQLite notes the highest id inserted.
            query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
            highest = self.connection.execute(query, {"name": name}).scalar() or 0
            return iter(range(highest + 1, 2**62))
        query = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :n)")
        return iter(self.connection.execute(query, {"name": name, "n": _ID_BLOCK}).scalars().all())

    def insert(self, table: Table, row: Mapping[str, Any]) -> None:
        """Insert a row; every row for one table names the same columns."""
        self._inserts[table].append(row)

    def upsert(self, table: Table, row: Mapping[str, Any], *, keep: Sequence[str] = ()) -> None:
        """Insert a row or overwrite the one with the same key.

        Args:
            table: One with a column "key" or a primary key named in `_CONFLICTS`.
            row: Every row for one table names the same columns.
            keep: Columns that an existing row keeps.
        """
        self._upserts[table, tuple(keep)].append(row)

    def update(self, table: Table, row_id: int, values: Mapping[str, Any]) -> None:
        """Change some columns of the row with an id."""
        columns = tuple(sorted(values))
        self._updates[table, columns].append({"row_id": row_id, **values})

    def delete_children(self, table: Table, article_id: int) -> None:
        """Delete an article's rows in a table of its own, before new ones are inserted."""
        self._orphans[table].append({"owner": article_id})

    def flush(self) -> None:
        """Run everything gathered so far: parents before children, deletions before insertions."""
        for table, owners in self._orphans.items():
            self.connection.execute(_delete_children(table), owners)
        order = {table: position for position, table in enumerate(_sorted_tables(self._inserts))}
        for table in sorted(self._inserts, key=order.__getitem__):
            self.connection.execute(insert(table), self._inserts[table])
        for (table, keep), rows in self._upserts.items():
            self.connection.execute(_upsert(table, rows[0], keep, is_sqlite=self._is_sqlite), rows)
        for (table, _), changes in self._updates.items():
            self.connection.execute(_update(table), changes)
        for gathered in (self._orphans, self._inserts, self._upserts, self._updates):
            gathered.clear()

    def look_up(self, table: Table, keys: Sequence[bytes]) -> list[RowMapping]:
        """Return the rows of a table whose column "key" is among the keys."""
        rows: list[RowMapping] = []
        for part in chunked(keys):
            rows += self.connection.execute(select(table).where(table.c.key.in_(part))).mappings()
        return rows


def _sorted_tables(tables: Mapping[Table, object]) -> list[Table]:
    known = next(iter(tables)).metadata.sorted_tables if tables else []
    return [table for table in known if table in tables]


def _delete_children(table: Table) -> Delete:
    return delete(table).where(table.c.article_id == bindparam("owner"))


def _update(table: Table) -> Update:
    return update(table).where(table.c.id == bindparam("row_id"))


def _upsert(table: Table, row: Mapping[str, Any], keep: Sequence[str], *, is_sqlite: bool) -> Insert:
    """Return the upsert for rows like one; the dialects' statements differ in nothing but their class."""
    conflict = "key" if "key" in table.c else table.primary_key.columns.keys()[0]
    statement = sqlite.insert(table) if is_sqlite else postgresql.insert(table)
    changed = {name: statement.excluded[name] for name in row if name != conflict and name not in keep}
    if not changed:
        return statement.on_conflict_do_nothing(index_elements=[conflict])
    return statement.on_conflict_do_update(index_elements=[conflict], set_=changed)
