"""Rows to the driver: statements written by SQLAlchemy once, values bound by us.

SQLAlchemy's own binding asks every value of every row for its type; on the crawl's path that costs more than
SQLite itself. Here a statement is compiled once for a table and its columns, and only the columns that the
driver can't take as they are get converted.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import JSON, Connection, Dialect, Table
from sqlalchemy.sql.dml import UpdateBase
from sqlmodel import UTCDateTime

_to_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@lru_cache(maxsize=4096)
def write_instant(moment: datetime) -> str:
    """Return an instant as SQLite keeps it, in SQLAlchemy's form: UTC, blank in the middle, microseconds.

    Example:
        >>> write_instant(datetime(2026, 3, 1, 12, tzinfo=UTC))
        '2026-03-01 12:00:00.000000'
    """
    if moment.tzinfo is not UTC:
        if moment.utcoffset() is None:
            raise ValueError("naive datetime: times must be aware")
        moment = moment.astimezone(UTC)
    return moment.isoformat(" ", "microseconds")[:26]


class BoundStatement:
    """A statement for rows that all name the same columns.

    Args:
        statement: An insert, upsert, update or delete with a bind parameter for each column.
        columns: Names of its parameters.
        table: Tells the columns' types; parameters that are no column are passed as they are.
        dialect: Of the connection it is run on.
    """

    def __init__(self, statement: UpdateBase, columns: Sequence[str], table: Table, dialect: Dialect) -> None:
        keys = [name for name in columns if name in table.c]
        compiled = statement.compile(dialect=dialect, column_keys=keys)
        self._sql = str(compiled)
        self._order: list[str] | None = compiled.positiontup if compiled.positional else None
        names = self._order or list(columns)
        self._values = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
        self._names = names
        self._converters = [
            (place, converter)
            for place, name in enumerate(names)
            if (converter := _converter(table, name, dialect)) is not None
        ]

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run the statement for every row."""
        bound = [self._bind(row) for row in rows]
        if self._order is not None:
            connection.exec_driver_sql(self._sql, bound)
        else:
            connection.exec_driver_sql(
                self._sql, [dict(zip(self._names, each, strict=True)) for each in bound]
            )

    def _bind(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        values = list(self._values(row))
        for place, convert in self._converters:
            value = values[place]
            if value is not None:
                values[place] = convert(value)
        return tuple(values)


@lru_cache(maxsize=1024)
def _types_of(table: Table) -> dict[str, Any]:
    return {column.name: column.type for column in table.c}


def _converter(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    kind = _types_of(table).get(name)
    if isinstance(kind, UTCDateTime):
        return write_instant if dialect.name == "sqlite" else None
    return _to_json if isinstance(kind, JSON) else None
