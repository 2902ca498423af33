"""One database, SQLite or PostgreSQL: connections, transactions, and errors in plain words."""

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool, StaticPool

from crawler.errors import StoreError, StoreLocked
from crawler.store.glance import Glance

BUSY_TIMEOUT_MS: Final = 30_000
"""How long SQLite waits for another process's write to end; a batch of a crawl takes some 50 ms."""

_SWITCH_TRIES: Final = 5
_BEGIN = "gleanings_begin"
_WRITES = "BEGIN IMMEDIATE"
_POSTGRES_NAMES = ("postgres", "postgresql")


class Database:
    """A pool of connections to one database.

    Writing happens in one transaction at a time on SQLite, whatever the number of threads: the lock is
    taken here first, so that threads queue instead of polling the file. Reading is never blocked by it.

    A process forked meanwhile, as a web server's worker is, opens connections of its own: neither database
    allows two processes to share one. A library in memory is copied with its process.

    Args:
        url: A parsed SQLAlchemy URL with its driver.

    Attributes:
        shown_url: The URL without its password, for messages.
        is_sqlite: Whether it is SQLite, else it is PostgreSQL.
    """

    def __init__(self, url: URL) -> None:
        self.shown_url: Final = hide_password(url)
        self.is_sqlite: Final = url.get_backend_name() == "sqlite"
        self._is_memory = self.is_sqlite and url.database in (None, "", ":memory:")
        self._writer = threading.RLock()
        self._writing: Connection | None = None
        self.engine: Final = self._make_engine(url)
        # A read transaction of SQLite sees one state anyway; PostgreSQL is asked to, on the same pool.
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reader = self.engine.execution_options(**level)
        self._glance = Glance(self.engine) if self.is_sqlite and not self._is_memory else None
        if not self._is_memory:
            os.register_at_fork(after_in_child=partial(_start_anew, weakref.ref(self)))

    def _make_engine(self, url: URL) -> Engine:
        if not self.is_sqlite:
            return create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=24)
        engine = create_engine(
            url,
            poolclass=StaticPool if self._is_memory else QueuePool,
            connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
            **({} if self._is_memory else {"pool_size": 8, "max_overflow": 24}),
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open the one write transaction; committed at the end of the block, rolled back on an exception.

        The library's generation moves with it. Keep it short: no network and no waiting inside.

        Raises:
            StoreLocked: Another process holds the database for longer than the busy timeout.
            StoreError: The database refused: full disk, read-only, unreachable.
        """
        with self._writer if self.is_sqlite else _no_lock():
            if self.is_sqlite and self._writing is not None:
                raise RuntimeError("this thread is already inside a write transaction")
            with self.translated(), self.engine.connect() as bare:
                connection = bare.execution_options(**{_BEGIN: _WRITES})
                with connection.begin():
                    self._writing = connection if self.is_sqlite else None
                    try:
                        yield connection
                        # Last of all: on PostgreSQL the row stays locked until the commit.
                        connection.execute(_MOVE_GENERATION)
                    finally:
                        self._writing = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a read transaction: one consistent state of the library for the length of the block.

        Inside a write transaction of the same thread on a database in memory it is that transaction.

        Raises:
            StoreError: The database refused.
        """
        with self._writer if self._is_memory else _no_lock():
            if self._is_memory and self._writing is not None:
                yield self._writing
                return
            with self.translated(), self._reader.connect() as connection:
                yield connection

    def peek_generation(self) -> int | None:
        """Return the library's generation if it can be told within microseconds, without waiting.

        Returns:
            The generation after the last commit of any process; None where only a transaction can tell: on
            PostgreSQL, in memory, or when the file is out of reach just now.
        """
        return self._glance.generation() if self._glance is not None else None

    def owns_file(self, path: Path) -> bool:
        """Tell whether a file, by whatever name, is the library or lies beside it as a part of it.

        Such a file must not be opened: closing it would drop the locks that SQLite holds on it here.

        Source:
            "How To Corrupt An SQLite Database File", section 2.2, https://www.sqlite.org/howtocorrupt.html
        """
        if not self.is_sqlite or self._is_memory:
            return False
        own = self.engine.url.database
        return any(_is_same_file(path, Path(f"{own}{suffix}")) for suffix in ("", "-wal", "-shm", "-journal"))

    def start_anew(self) -> None:
        """Leave every connection to the process this one was forked from."""
        self._writer, self._writing = threading.RLock(), None
        self.engine.dispose(close=False)
        if self._glance is not None:
            self._glance.start_anew()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn what the database refuses within the block into plain words, where the user can mend it."""
        try:
            yield
        except DBAPIError as error:
            refusal = explain(error, self.shown_url)
            if refusal is None:
                raise
            raise refusal from None

    def close(self) -> None:
        """Close every connection; the database can't be used afterwards."""
        if self._glance is not None:
            self._glance.close()
        self.engine.dispose()


def _is_same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # there is no such file, or it can't be reached: then it can't be opened either
        return False


def _start_anew(forked: "weakref.ref[Database]") -> None:
    database = forked()
    if database is not None:
        database.start_anew()


_MOVE_GENERATION = text("UPDATE library SET generation = generation + 1")


@contextmanager
def _no_lock() -> Iterator[None]:
    yield


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Set what SQLite forgets between connections; we begin transactions ourselves.

    With the write-ahead log readers and the writer don't wait for each other. The first connection to a new
    file switches it on; that asks for the file alone, so a second process may have to try again.
    """
    connection.isolation_level = None
    for attempt in range(_SWITCH_TRIES):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == _SWITCH_TRIES - 1:
                raise
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -16000")
    connection.execute("PRAGMA wal_autocheckpoint = 4000")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


def parse_url(url: str) -> URL:
    """Return the URL with the driver Gleanings uses.

    Args:
        url: "sqlite:///relative.db", "sqlite:////absolute.db", "sqlite://" or "postgresql://...".

    Raises:
        StoreError: It is no database URL, or of a database that Gleanings does not know.

    Example:
        >>> str(parse_url("postgresql://host/library"))
        'postgresql+psycopg://host/library'
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise StoreError('not a database URL; write "sqlite:///gleanings.db" or "postgresql://..."') from None
    if parsed.drivername in _POSTGRES_NAMES:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise StoreError("Gleanings keeps its library in SQLite or PostgreSQL only", hide_password(parsed))
    return parsed


def hide_password(url: URL) -> str:
    """Return the URL as text, its password replaced wherever it stands.

    Example:
        >>> hide_password(make_url("postgresql://me:secret@host/db?password=secret&sslmode=require"))
        'postgresql://me:***@host/db?sslmode=require'
    """
    return url.difference_update_query([name for name in url.query if "pass" in name]).render_as_string()


def make_database(url: str) -> Database:
    """Make the pool for a URL; nothing is opened yet.

    Raises:
        StoreError: The URL is wrong, or its driver is not installed.
    """
    parsed = parse_url(url)
    try:
        return Database(parsed)
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StoreError(
            'PostgreSQL needs psycopg; install it with `pip install "gleanings[postgres]"`',
            hide_password(parsed),
        ) from None


_EXPLANATIONS = (
    ("file is not a database", "this file is not a SQLite database"),
    ("file is encrypted", "this file is not a SQLite database"),
    ("malformed", "the database is damaged; restore a backup made with `gleanings db backup`"),
    ("readonly database", "the database can't be written; check the rights on the file and its folder"),
    ("unable to open database file", "the database can't be opened; check that its folder can be written"),
    ("disk is full", "the disk is full"),
    ("no space left", "the disk is full"),
    ("disk i/o error", "the disk can't be read or written"),
    ("authentication failed", "the server refused the user or password"),
    ("no password supplied", "the server asks for a password"),
    ("does not exist", "the server has no such database or user"),
    ("connection", "the server can't be reached; check that it runs and that the URL is right"),
    ("failed to resolve host", "the server can't be reached; check that it runs and that the URL is right"),
)


def explain(error: DBAPIError, shown_url: str) -> StoreError | None:
    """Return what a database's refusal means for the user, or None when the refusal is a bug of ours.

    Args:
        error: As SQLAlchemy raised it.
        shown_url: The database, without password.
    """
    if not isinstance(error, DatabaseError):
        return None
    message = str(error.orig).lower()
    if "database is locked" in message or "database table is locked" in message:
        return StoreLocked("another process has been writing for too long; try again", shown_url)
    if type(error).__name__ not in ("OperationalError", "DatabaseError"):
        return None
    for sign, sentence in _EXPLANATIONS:
        if sign in message:
            return StoreError(sentence, shown_url)
    return None
