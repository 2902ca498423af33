"""What can be wrong with a SQLite file before it is opened."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from crawler.errors import StoreError
from crawler.store.database import Database


def check_file(database: Database) -> None:
    """Refuse a path that can't hold a library, with the reason.

    Raises:
        StoreError: No such folder, a folder, no SQLite file, or not writable.
    """
    name = database.engine.url.database
    if name in (None, "", ":memory:"):
        return
    path = Path(str(name))
    if path.is_dir():
        raise StoreError("this is a folder; name a file in it for the library", path)
    if not path.parent.is_dir():
        raise StoreError("there is no such folder; make it first", path.parent)
    if not path.exists():
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise StoreError("the folder can't be written, so no library can be made in it", path.parent)
        return
    if not path.is_file():
        raise StoreError("this is not a file", path)
    if not os.access(path, os.R_OK | os.W_OK) or not os.access(path.parent, os.W_OK | os.X_OK):
        raise StoreError("the library can't be written; check the rights on the file and its folder", path)
    if not _is_sqlite(path):
        raise StoreError("this file is not a SQLite database", path)


def _is_sqlite(path: Path) -> bool:
    """Tell whether SQLite takes a file for its own; an empty one is.

    SQLite must look itself. Were the file opened and closed here, this process would lose every lock that its
    other connections hold on it, and the next process to leave would remove the log they still write to.

    Source:
        "How To Corrupt An SQLite Database File", section 2.2, on POSIX advisory locks.
    """
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0)
        ) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error as error:
        # What else may be wrong, as a lock or a damage, shows when it is opened in earnest.
        return getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_NOTADB
    return True
