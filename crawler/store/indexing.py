"""The search index: words of articles and comments by a key that sorts them newest first.

A key is made of an entry's place in lists (seconds) and its id, so the index's own order is the order of a
search. SQLite has FTS5 without a copy of the words, PostgreSQL a table of tsvectors; both get the words that
`crawler.store.words` folds, and nothing folds them again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from crawler.store.words import fold_words, limit_words

ID_BITS: Final = 29
"""Bits of a key that are the id: 536 million articles."""
_ID_MASK: Final = (1 << ID_BITS) - 1
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST_LISTED: Final = datetime(1700, 1, 1, tzinfo=UTC)
"""Older dates are errors of pages; they are listed here, which keeps keys within 64 bits."""

Fields = Sequence[str | None]
"""Texts of an entry, in the order of its index's columns."""


@dataclass(frozen=True, slots=True)
class WordIndex:
    """One index.

    Attributes:
        table: Its table.
        columns: Names of its texts.
    """

    table: str
    columns: tuple[str, ...]


ARTICLE_WORDS: Final = WordIndex("article_words", ("headline", "dek", "body"))
COMMENT_WORDS: Final = WordIndex("comment_words", ("body",))
INDEXES: Final = (ARTICLE_WORDS, COMMENT_WORDS)


def list_at(published_at: datetime | None, first_seen_at: datetime) -> datetime:
    """Return the instant under which an article or comment stands in lists.

    Its publication where known, but never later than it was first seen; in whole seconds.

    Example:
        >>> seen = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)
        >>> str(list_at(None, seen)), str(list_at(datetime(2099, 1, 1, tzinfo=UTC), seen))
        ('2026-03-01 12:00:00+00:00', '2026-03-01 12:00:00+00:00')
    """
    moment = min(published_at or first_seen_at, first_seen_at)
    return max(moment.replace(microsecond=0), EARLIEST_LISTED)


def make_key(listed_at: datetime, row_id: int) -> int:
    """Return the key of an entry; keys sort as (``listed_at``, ``row_id``) does.

    Example:
        >>> make_key(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), 7)
        536870919
    """
    return ((listed_at - _EPOCH) // timedelta(seconds=1) << ID_BITS) | row_id


def split_key(key: int) -> tuple[datetime, int]:
    """Return the instant and id that a key is made of."""
    return _EPOCH + timedelta(seconds=key >> ID_BITS), key & _ID_MASK


def fold_fields(fields: Fields) -> tuple[str, ...]:
    """Return what of an entry's texts the index takes."""
    return tuple(limit_words(fold_words(text)) if text else "" for text in fields)


class IndexWriter:
    """Gathers what one transaction changes of the indexes.

    Args:
        connection: In a write transaction.
        is_sqlite: Which index there is.
    """

    def __init__(self, connection: Connection, *, is_sqlite: bool) -> None:
        self._connection = connection
        self._is_sqlite = is_sqlite
        self._added: dict[WordIndex, dict[int, tuple[str, ...]]] = defaultdict(dict)
        self._removed: dict[WordIndex, dict[int, tuple[str, ...]]] = defaultdict(dict)

    def add(self, index: WordIndex, key: int, folded: tuple[str, ...]) -> None:
        """Add an entry, its texts folded by `fold_fields`."""
        self._added[index][key] = folded

    def remove(self, index: WordIndex, key: int, folded: tuple[str, ...]) -> None:
        """Take an entry out; SQLite finds its words only when told again what they were."""
        if self._added[index].pop(key, None) is None:
            self._removed[index].setdefault(key, folded)

    def flush(self) -> None:
        """Write everything gathered, removals first."""
        for index in INDEXES:
            self._delete(index, self._removed.pop(index, {}))
            self._insert(index, self._added.pop(index, {}))

    def _delete(self, index: WordIndex, entries: Mapping[int, tuple[str, ...]]) -> None:
        if not entries:
            return
        if self._is_sqlite:
            columns = ", ".join(index.columns)
            marks = ", ".join("?" * len(index.columns))
            statement = (
                f"INSERT INTO {index.table} ({index.table}, rowid, {columns}) VALUES ('delete', ?, {marks})"
            )
            rows: list[Any] = [(key, *folded) for key, folded in entries.items()]
        else:
            statement = f"DELETE FROM {index.table} WHERE key = %(key)s"
            rows = [{"key": key} for key in entries]
        self._connection.exec_driver_sql(statement, rows)

    def _insert(self, index: WordIndex, entries: Mapping[int, tuple[str, ...]]) -> None:
        if not entries:
            return
        if self._is_sqlite:
            columns = ", ".join(index.columns)
            marks = ", ".join("?" * len(index.columns))
            statement = f"INSERT INTO {index.table} (rowid, {columns}) VALUES (?, {marks})"
            rows: list[Any] = [(key, *folded) for key, folded in entries.items()]
        else:
            statement = f"INSERT INTO {index.table} (key, words) VALUES (%(key)s, %(words)s::tsvector)"
            rows = [{"key": key, "words": " ".join(folded)} for key, folded in entries.items()]
        self._connection.exec_driver_sql(statement, rows)


def create_indexes(connection: Connection, *, is_sqlite: bool) -> None:
    """Make empty indexes in place of those there are, if any."""
    for index in INDEXES:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {index.table}")
        if is_sqlite:
            columns = ", ".join(index.columns)
            # The tokenizer "ascii" splits at blanks and leaves every letter beyond ASCII alone: the words
            # come out as they went in. Short prefixes get an index of their own, else they read every word.
            connection.exec_driver_sql(
                f"CREATE VIRTUAL TABLE {index.table} USING fts5({columns}, content='', columnsize=0, "
                "tokenize='ascii', prefix='2 3')"
            )
        else:
            connection.exec_driver_sql(
                f"CREATE TABLE {index.table} (key bigint PRIMARY KEY, words tsvector NOT NULL)"
            )
            connection.exec_driver_sql(f"CREATE INDEX ix_{index.table} ON {index.table} USING gin (words)")


def fill_index(
    connection: Connection, index: WordIndex, entries: Iterable[tuple[int, Fields]], *, is_sqlite: bool
) -> None:
    """Add entries to an index, some thousand at a time.

    Args:
        connection: In a write transaction.
        index: Holds none of them yet.
        entries: Key and texts of each.
        is_sqlite: Which index there is.
    """
    writer = IndexWriter(connection, is_sqlite=is_sqlite)
    for number, (key, fields) in enumerate(entries, 1):
        writer.add(index, key, fold_fields(fields))
        if number % 2_000 == 0:
            writer.flush()
    writer.flush()
