"""A library as a whole: copied to another database with counts and checksums compared, or backed up."""

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, func, inspect, select, text
from sqlalchemy.engine.interfaces import IsolationLevel

from crawler.errors import StoreError
from crawler.store.batches import bound_statement
from crawler.store.database import Database, make_database
from crawler.store.indexing import INDEXES
from crawler.store.reindexing import index_everything, read_chunks
from crawler.store.tables import Tables, metadata
from crawler.store.upgrading import MigrationBranch, prepare_schema

_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class TableCopy:
    """What was copied of one table, the same on both sides.

    Attributes:
        table: Its name.
        row_count: Its rows.
        checksum: Sum of the hashes of its rows, hexadecimal; the order of rows makes no difference.
    """

    table: str
    row_count: int
    checksum: str


Progress = Callable[[str, int], None]
"""Told a table's name and how many of its rows are copied."""


def move_library(
    source: Database,
    url: str,
    branches: Sequence[MigrationBranch],
    *,
    progress: Progress | None = None,
) -> list[TableCopy]:
    """Copy a library into an empty database and compare both; the source stays as it is.

    Everything arrives in one transaction, or nothing.

    Args:
        source: The library.
        url: The other database, SQLite or PostgreSQL.
        branches: Every part of the schema that the library has.
        progress: Called after each chunk.

    Returns:
        What was copied, table by table, in the order of copying.

    Raises:
        StoreError: The other database has articles, or the library was written meanwhile, or has tables that
            no branch knows, or a checksum differs.
    """
    target = make_database(url)
    with closing(target):
        prepare_schema(target, branches, upgrade=True)
        generation = _read_generation(source)
        copies = _copy(source, target, progress or _ignore)
        if _read_generation(source) != generation:
            _empty(target)
            raise StoreError(
                "the library was written during the move; stop crawls and try again", source.shown_url
            )
        with target.reading() as connection:
            for copy in copies:
                found = _sum_table(connection, metadata.tables[copy.table])
                if found != copy:
                    raise StoreError(f"{copy.table} arrived changed; do not use the copy", target.shown_url)
    return copies


def backup_library(source: Database, path: Path, branches: Sequence[MigrationBranch]) -> None:
    """Write one consistent state of a library to a SQLite file; crawls and readers go on.

    The file appears under its name only when it is whole.

    Args:
        source: The library, on either database.
        path: A new file in a folder that exists.
        branches: Every part of the schema that the library has.

    Raises:
        StoreError: The file exists already, or can't be written.
    """
    if path.exists():
        raise StoreError("this file exists already; name a new one for the backup", path)
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK | os.X_OK):
        raise StoreError("there is no such folder that can be written", path.parent)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        if source.is_sqlite:
            _vacuum_into(source, unfinished)
        else:
            target = make_database(f"sqlite:///{unfinished}")
            with closing(target):
                prepare_schema(target, branches, upgrade=True)
                _copy(source, target, _ignore)
            _leave_write_ahead_log(unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _ignore(_table: str, _n_rows: int) -> None:
    """Report to nobody."""


def _vacuum_into(source: Database, path: Path) -> None:
    """Write a compact copy; SQLite reads one state of the file, whoever writes meanwhile."""
    raw = source.engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(path),))
    except sqlite3.Error as error:
        raise StoreError(f"the backup can't be written: {error}", path) from None
    finally:
        raw.close()


def _leave_write_ahead_log(path: Path) -> None:
    """Make a file whole in itself, without the log beside it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _read_generation(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(Tables.library.c.generation)).scalar_one())


def _snapshot(source: Database) -> Connection:
    """Return a connection that sees one state of the library for as long as it is open."""
    if source.is_sqlite:
        return source.engine.connect()
    level: IsolationLevel = "REPEATABLE READ"
    return source.engine.connect().execution_options(isolation_level=level)


def _copy(source: Database, target: Database, progress: Progress) -> list[TableCopy]:
    """Copy every table in one transaction, parents first, and index what can be searched."""
    with _snapshot(source) as reader, target.transaction() as writer:
        tables = _list_tables(reader, source)
        if writer.execute(select(func.count()).select_from(Tables.article)).scalar_one():
            raise StoreError("this database holds articles already; name an empty one", target.shown_url)
        for table in reversed(tables):
            writer.execute(delete(table))
        copies = [_copy_table(reader, writer, table, target, progress) for table in tables]
        index_everything(reader, writer, is_sqlite=target.is_sqlite)
        if not target.is_sqlite:
            set_sequences(writer, tables)
    return copies


def _list_tables(connection: Connection, source: Database) -> list[Table]:
    """Return the library's tables, parents first.

    Raises:
        StoreError: It has a table that no branch knows: copying would lose it.
    """
    there = set(inspect(connection).get_table_names())
    ours = {name for name in there if name.endswith("_version") or name.startswith("sqlite_")}
    ours |= {name for name in there for index in INDEXES if name.startswith(index.table)}
    unknown = there - ours - set(metadata.tables)
    if unknown:
        raise StoreError(f"no part of this program knows the table {min(unknown)}", source.shown_url)
    return [table for table in metadata.sorted_tables if table.name in there]


def _copy_table(
    reader: Connection, writer: Connection, table: Table, target: Database, progress: Progress
) -> TableCopy:
    count = total = 0
    columns = tuple(column.name for column in table.columns)
    statement = bound_statement("insert", table, columns, (), target.is_sqlite)
    for rows in read_chunks(reader, table):
        statement.run(writer, rows)
        count += len(rows)
        total += sum(_hash_row(table, row) for row in rows)
        progress(table.name, count)
    return _summarize(table, count, total)


def _sum_table(connection: Connection, table: Table) -> TableCopy:
    count = total = 0
    for rows in read_chunks(connection, table):
        count += len(rows)
        total += sum(_hash_row(table, row) for row in rows)
    return _summarize(table, count, total)


def _summarize(table: Table, count: int, total: int) -> TableCopy:
    return TableCopy(table.name, count, f"{total % 2 ** (4 * _DIGITS):0{_DIGITS}x}")


def _hash_row(table: Table, row: dict[str, Any]) -> int:
    """Return a number for what a row says; the library's generation moves by itself and does not count."""
    told = [(name, row[name]) for name in sorted(row) if (table.name, name) != ("library", "generation")]
    return int.from_bytes(blake2b(repr(told).encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def set_sequences(connection: Connection, tables: Sequence[Table]) -> None:
    """Let PostgreSQL count on from the highest id of each table."""
    for table in tables:
        sequence = connection.execute(
            text("SELECT pg_get_serial_sequence(:name, 'id')") if "id" in table.c else text("SELECT NULL"),
            {"name": table.name} if "id" in table.c else {},
        ).scalar()
        if sequence is not None:
            highest = select(func.coalesce(func.max(table.c.id), 0))
            number = connection.execute(highest).scalar_one()
            connection.execute(
                text("SELECT setval(:name, :number, :is_used)"),
                {"name": sequence, "number": max(number, 1), "is_used": number > 0},
            )


def _empty(target: Database) -> None:
    with target.transaction() as connection:
        there = set(inspect(connection).get_table_names())
        for table in reversed(metadata.sorted_tables):
            if table.name in there and table.name != "library":
                connection.execute(delete(table))
