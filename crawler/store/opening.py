"""What can be wrong with a SQLite file before it is opened."""

import os
from pathlib import Path
from typing import Final

from crawler.errors import StoreError
from crawler.store.database import Database

_HEADER: Final = b"SQLite format 3\x00"


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
    with path.open("rb") as file:
        start = file.read(len(_HEADER))
    if start and start != _HEADER:
        raise StoreError("this file is not a SQLite database", path)
