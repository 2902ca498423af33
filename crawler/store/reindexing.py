"""Every word of a library, told to its search index anew."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Table, select, text, tuple_

from crawler.store.database import Database
from crawler.store.indexing import (
    ARTICLE_WORDS,
    COMMENT_WORDS,
    Fields,
    create_indexes,
    fill_index,
    list_at,
    make_key,
)
from crawler.store.tables import Tables

CHUNK: Final = 1_000
"""Rows held at once."""


def read_chunks(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Yield all rows of a table, some at a time, in the order of their primary key.

    Args:
        connection: Its transaction decides which state is read.
        table: Any size.
    """
    key = tuple(table.primary_key.columns)
    query = select(table).order_by(*key).limit(CHUNK)
    last: tuple[Any, ...] | None = None
    while True:
        wanted = query if last is None else query.where(tuple_(*key) > tuple_(*last))
        rows = [dict(row) for row in connection.execute(wanted).mappings()]
        if rows:
            yield rows
        if len(rows) < CHUNK:
            return
        last = tuple(rows[-1][column.name] for column in key)


def index_everything(reader: Connection, writer: Connection, *, is_sqlite: bool) -> None:
    """Fill empty indexes with every article and visible comment.

    Args:
        reader: Has the texts.
        writer: In a write transaction, where the indexes are; may be the same.
        is_sqlite: Which index the writer has.
    """
    fill_index(writer, ARTICLE_WORDS, _list_articles(reader), is_sqlite=is_sqlite)
    fill_index(writer, COMMENT_WORDS, _list_comments(reader), is_sqlite=is_sqlite)


def _list_articles(connection: Connection) -> Iterator[tuple[int, Fields]]:
    for rows in read_chunks(connection, Tables.article):
        for row in rows:
            key = make_key(list_at(row["published_at"], row["first_seen_at"]), row["id"])
            yield key, (row["headline"], row["dek"], row["body_text"])


def _list_comments(connection: Connection) -> Iterator[tuple[int, Fields]]:
    for rows in read_chunks(connection, Tables.comment):
        for row in rows:
            if row["state"] == "visible":
                key = make_key(list_at(row["published_at"], row["first_seen_at"]), row["id"])
                yield key, (row["body_text"],)


def rebuild_search(database: Database) -> None:
    """Index every article and comment anew, in one transaction; until its end searches use the old index."""
    with database.transaction() as connection:
        if not database.is_sqlite:
            connection.execute(text("LOCK TABLE article, comment IN SHARE MODE"))
        create_indexes(connection, is_sqlite=database.is_sqlite)
        index_everything(connection, connection, is_sqlite=database.is_sqlite)
