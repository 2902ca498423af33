"""Rows of any number in constant memory, by key, with no transaction left open between two chunks."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, tuple_

from crawler.store.database import Database

CHUNK: Final = 1_000
"""Rows held at once."""


def stream_rows(
    database: Database, query: Select[Any], key: Sequence[ColumnElement[Any]], *, size: int = CHUNK
) -> Iterator[Sequence[Row[Any]]]:
    """Yield the rows of a query in chunks, ordered by a key.

    A row that changes its key while others are read may come twice, none is left out that stands still.

    Args:
        database: Read.
        query: Its columns hold those of the key by their names.
        key: Unique together, and with an index.
        size: Rows of a chunk.
    """
    last: tuple[Any, ...] | None = None
    ordered = query.order_by(*key).limit(size)
    names = [column.name for column in key]
    while True:
        wanted = ordered if last is None else ordered.where(tuple_(*key) > tuple_(*last))
        with database.reading() as connection:
            rows = connection.execute(wanted).all()
        if rows:
            yield rows
        if len(rows) < size:
            return
        last = tuple(getattr(rows[-1], name) for name in names)
