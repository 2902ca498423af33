"""Authors: by id, address or name, listed, streamed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from crawler.errors import StoreError
from crawler.store.database import Database
from crawler.store.identity import author_url_key
from crawler.store.loading import SELECT_AUTHORS, load_authors
from crawler.store.revisions import list_revisions
from crawler.store.rows import read_author
from crawler.store.streaming import stream_rows
from crawler.store.tables import Tables
from crawler.store.views import AuthorView, Listing, Revisions
from crawler.store.words import fold_words

_author = Tables.author


class Authors:
    """The shelf of authors.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, author_id: int) -> AuthorView:
        """Return one author.

        Raises:
            StoreError: No author has that id.
        """
        with self._database.reading() as connection:
            found = load_authors(connection, [author_id])
        if author_id not in found:
            raise StoreError("no such author; `gleanings authors list` shows them", author_id)
        return found[author_id]

    def find(self, text: str) -> AuthorView | None:
        """Return the author with an id or an address, or the first one with a name, in whatever case.

        Args:
            text: "7", an address in any spelling, or a whole name; a name of digits only counts where no
                author has that id.
        """
        if text.isdecimal() and text.isascii() and int(text) < 2**31:
            with self._database.reading() as connection:
                found = load_authors(connection, [int(text)])
            if found:
                return found[int(text)]
        if "://" in text:
            alias = Tables.author_alias
            query = select(alias.c.author_id).where(alias.c.key == author_url_key(text))
        else:
            query = select(_author.c.id).where(_author.c.folded_name == fold_words(text))
            query = query.order_by(_author.c.id).limit(1)
        with self._database.reading() as connection:
            author_id = connection.execute(query).scalar()
            return load_authors(connection, [author_id])[author_id] if author_id is not None else None

    def list(self, *, limit: int = 50, after: str | None = None) -> Listing[AuthorView]:
        """Return one page of authors in the order in which they were first met.

        Args:
            limit: Most authors of the page; >= 1.
            after: ``next_after`` of the page before; None for the first.

        Raises:
            StoreError: ``after`` is not from a list.
        """
        if after is not None and not after.isdecimal():
            raise StoreError("not a place in a list; use the one a list ended with", after)
        query = SELECT_AUTHORS.where(_author.c.id > int(after or 0)).order_by(_author.c.id).limit(limit + 1)
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        next_after = str(rows[limit - 1]["id"]) if len(rows) > limit else None
        return Listing(tuple(read_author(row) for row in rows[:limit]), next_after)

    def count(self) -> int:
        """Return how many authors are kept."""
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(_author)).scalar_one()

    def iterate(self, *, since: datetime | None = None) -> Iterator[AuthorView]:
        """Yield every author in constant memory, in the order in which they were first met.

        Args:
            since: Only those of whom anything changed at or after this instant, in the order of change.
        """
        query = SELECT_AUTHORS
        key: tuple[ColumnElement[Any], ...] = (_author.c.id,)
        if since is not None:
            query, key = query.where(_author.c.updated_at >= since), (_author.c.updated_at, _author.c.id)
        for rows in stream_rows(self._database, query, key):
            yield from (read_author(row._mapping) for row in rows)

    def revisions(self, author_id: int) -> Revisions:
        """Return what later visits changed of an author, oldest first."""
        with self._database.reading() as connection:
            return list_revisions(connection, Tables.revision.c.author_id == author_id)
