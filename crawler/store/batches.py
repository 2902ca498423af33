"""What one write transaction is about to write, gathered by table and written with few executemany calls.

A batch is filled while its pages are decided one after another and flushed at the end, or earlier when a page
needs to read back what an earlier page of the same batch changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Table, bindparam, delete, insert, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.dml import UpdateBase

from crawler.store.binding import BoundStatement
from crawler.store.loading import chunked

_MAX_ID_BLOCK: Final = 64
"""Most ids taken from a PostgreSQL sequence at once; unused ones are lost, which harms nothing."""


class Batch:
    """Rows to insert, update and delete in one transaction.

    Args:
        connection: In a write transaction.
        is_sqlite: Which dialect's upserts to use.
    """

    def __init__(self, connection: Connection, *, is_sqlite: bool) -> None:
        self.connection: Final = connection
        self.is_sqlite: Final = is_sqlite
        self._inserts: dict[Table, list[Mapping[str, Any]]] = defaultdict(list)
        self._upserts: dict[tuple[Table, tuple[str, ...]], list[Mapping[str, Any]]] = defaultdict(list)
        self._updates: dict[Table, dict[int, dict[str, Any]]] = defaultdict(dict)
        self._orphans: dict[Table, list[Mapping[str, Any]]] = defaultdict(list)
        self._ids: dict[str, Iterator[int]] = {}
        self._id_blocks: dict[str, int] = {}
        self._preferred: dict[str, list[int]] = {}

    def next_id(self, table: Table) -> int:
        """Return an id that no row of the table has had; the caller writes the row."""
        if self._preferred.get(table.name):
            return self._preferred[table.name].pop(0)
        numbers = self._ids.get(table.name)
        number = next(numbers, None) if numbers is not None else None
        if number is None:
            numbers = self._ids[table.name] = self._reserve(table.name)
            number = next(numbers)
        return number

    def prefer_ids(self, table: Table, ids: Iterable[int]) -> None:
        """Say which ids the next new rows of a table get; nothing of it is left for later rows but these.

        Args:
            table: Whose rows.
            ids: Free ones, see `free_ids`.
        """
        self._preferred[table.name] = list(ids)
        self._ids.pop(table.name, None)

    def free_ids(self, table: Table, ids: Iterable[int]) -> set[int]:
        """Return those ids that no row of a table has."""
        wanted = set(ids)
        return wanted - {row_id for (row_id,) in self.look_up(table, "id", wanted, ["id"])}

    def _reserve(self, name: str) -> Iterator[int]:
        if self.is_sqlite:
            if self._preferred:
                self.flush()  # preferred ids may be higher than any that is written
            # The write transaction keeps every other writer out, and SQLite notes the highest id inserted.
            query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
            highest = self.connection.execute(query, {"name": name}).scalar() or 0
            return iter(range(highest + 1, 2**62))
        query = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :n)")
        size = self._id_blocks[name] = min(2 * self._id_blocks.get(name, 0) or 1, _MAX_ID_BLOCK)
        return iter(self.connection.execute(query, {"name": name, "n": size}).scalars().all())

    def insert(self, table: Table, row: Mapping[str, Any]) -> None:
        """Insert a row; every row for one table names the same columns."""
        self._inserts[table].append(row)

    def upsert(self, table: Table, row: Mapping[str, Any], *, keep: Sequence[str] = ()) -> None:
        """Insert a row or overwrite the one with the same key.

        Args:
            table: Unique by its column "key" where it has one, else by its primary key.
            row: Every row for one table names the same columns.
            keep: Columns that an existing row keeps.
        """
        self._upserts[table, tuple(keep)].append(row)

    def update(self, table: Table, row_id: int, values: Mapping[str, Any]) -> None:
        """Change some columns of the row with an id; later changes of a column win."""
        self._updates[table].setdefault(row_id, {}).update(values)

    def delete_children(self, table: Table, article_id: int) -> None:
        """Delete an article's rows in a table of its own, before new ones are inserted."""
        self._orphans[table].append({"owner": article_id})

    def flush(self) -> None:
        """Run everything gathered so far: parents before children, deletions before insertions."""
        for table, owners in self._orphans.items():
            self._run("delete", table, owners)
        for table in sorted(self._inserts, key=_dependency_order):
            self._run("insert", table, self._inserts[table])
        for (table, keep), rows in self._upserts.items():
            self._run("upsert", table, rows, keep)
        for table, changes in self._updates.items():
            for group in _group_by_columns(changes):
                self._run("update", table, group)
        for gathered in (self._orphans, self._inserts, self._upserts, self._updates):
            gathered.clear()

    def _run(
        self, verb: str, table: Table, rows: Sequence[Mapping[str, Any]], keep: tuple[str, ...] = ()
    ) -> None:
        bound_statement(verb, table, tuple(rows[0]), keep, self.is_sqlite).run(self.connection, rows)

    def look_up(
        self, table: Table, column: str, values: Iterable[object], wanted: Sequence[str]
    ) -> list[tuple[Any, ...]]:
        """Return columns of the rows that have one of the values in a column.

        Args:
            table: Where to look.
            column: An indexed one.
            values: Bytes, numbers or texts; none gives no rows.
            wanted: Columns that hold bytes, numbers or texts.
        """
        head = f"SELECT {', '.join(wanted)} FROM {table.name} WHERE {column}"
        rows: list[tuple[Any, ...]] = []
        for part in chunked(values):
            if self.is_sqlite:
                marks = ",".join("?" * len(part))
                rows += map(tuple, self.connection.exec_driver_sql(f"{head} IN ({marks})", tuple(part)))
            else:
                rows += map(tuple, self.connection.exec_driver_sql(f"{head} = ANY(%(part)s)", {"part": part}))
        return rows


@lru_cache(maxsize=64)
def _dependency_order(table: Table) -> int:
    return table.metadata.sorted_tables.index(table)


def _group_by_columns(changes: Mapping[int, dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """Return the changes of rows in groups that name the same columns."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row_id, values in changes.items():
        columns = tuple(sorted(values))
        groups[columns].append({"row_id": row_id, **{name: values[name] for name in columns}})
    return groups.values()


@lru_cache(maxsize=512)
def bound_statement(
    verb: str, table: Table, columns: tuple[str, ...], keep: tuple[str, ...], is_sqlite: bool
) -> BoundStatement:
    """Return the statement for rows that name the given columns, compiled once.

    Args:
        verb: "insert", "upsert", "update" (by ``row_id``) or "delete" (by ``owner``).
        table: Whose rows.
        columns: Names of the rows' values, in any order.
        keep: Columns that an upsert leaves alone in an existing row.
        is_sqlite: Which dialect.
    """
    statement: UpdateBase
    if verb == "insert":
        statement = insert(table)
    elif verb == "update":
        statement = update(table).where(table.c.id == bindparam("row_id"))
    elif verb == "delete":
        statement = delete(table).where(table.c.article_id == bindparam("owner"))
    else:
        statement = _upsert(table, columns, keep, is_sqlite=is_sqlite)
    dialect: Dialect = SQLiteDialect_pysqlite() if is_sqlite else PGDialect_psycopg()  # type: ignore[no-untyped-call]
    return BoundStatement(statement, columns, table, dialect)


def _upsert(table: Table, columns: Sequence[str], keep: Sequence[str], *, is_sqlite: bool) -> UpdateBase:
    """Return the upsert for rows with these columns; the dialects differ in nothing but the class."""
    conflict = (
        next((name for name in ("key", "slug") if name in table.c), None)
        or table.primary_key.columns.keys()[0]
    )
    statement = sqlite.insert(table) if is_sqlite else postgresql.insert(table)
    changed = {name: statement.excluded[name] for name in columns if name != conflict and name not in keep}
    if not changed:
        return statement.on_conflict_do_nothing(index_elements=[conflict])
    return statement.on_conflict_do_update(index_elements=[conflict], set_=changed)
