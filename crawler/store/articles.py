"""Articles: by id or address, listed, streamed, counted, explained."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, func, select, tuple_

from crawler.errors import ArticleNotFound
from crawler.store.database import Database
from crawler.store.filtering import Plan, find_places, list_conditions, plan_search, read_key, write_key
from crawler.store.identity import url_key
from crawler.store.loading import chunked, load_articles, load_summaries
from crawler.store.revisions import list_revisions
from crawler.store.search import find_article_places
from crawler.store.tables import Tables
from crawler.store.views import (
    Aliases,
    AliasView,
    ArticleFilter,
    ArticleSummary,
    ArticleView,
    Listing,
    Revisions,
)

STREAM_SIZE: Final = 200
"""Articles held at once while streaming; 200 of 60 KB are 12 MB."""

_article = Tables.article
_EVERY: Final = ArticleFilter()


class Articles:
    """The shelf of articles.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, article_id: int) -> ArticleView:
        """Return one article.

        Raises:
            ArticleNotFound: No article has that id.
        """
        found = self.get_many([article_id])
        if article_id not in found:
            raise ArticleNotFound("no such article; `gleanings articles list` shows them", article_id)
        return found[article_id]

    def find(self, url_or_id: str) -> ArticleView | None:
        """Return the article with an id, or known under an address of any spelling.

        Args:
            url_or_id: "7", or an absolute address: present or former, canonical, mirror or redirect.
        """
        if url_or_id.isdecimal() and url_or_id.isascii():
            number = int(url_or_id)
            return self.get_many([number]).get(number) if number < 2**31 else None
        with self._database.reading() as connection:
            query = select(Tables.alias.c.article_id).where(Tables.alias.c.key == url_key(url_or_id))
            article_id = connection.execute(query).scalar()
            return load_articles(connection, [article_id])[article_id] if article_id is not None else None

    def get_many(self, article_ids: Sequence[int]) -> dict[int, ArticleView]:
        """Return articles by id, in the order asked for; unknown ids are left out."""
        with self._database.reading() as connection:
            return load_articles(connection, article_ids)

    def get_summaries(self, article_ids: Sequence[int]) -> dict[int, ArticleSummary]:
        """Return articles without bodies by id, in the order asked for; unknown ids are left out."""
        with self._database.reading() as connection:
            return load_summaries(connection, article_ids)

    def list(
        self,
        wanted: ArticleFilter = _EVERY,
        *,
        limit: int = 50,
        after: str | None = None,
        newest_first: bool = True,
    ) -> Listing[ArticleSummary]:
        """Return one page of a list, ordered by publication date (at the latest when first seen).

        Args:
            wanted: Which articles.
            limit: Most articles of the page; >= 1.
            after: ``next_after`` of the page before; None for the first.
            newest_first: Else oldest first.

        Raises:
            StoreError: ``after`` is not from a list.
        """
        place = read_key(after) if after is not None else None
        with self._database.reading() as connection:
            if wanted.query is not None:
                places = find_article_places(
                    connection, wanted, after=place, limit=limit + 1, newest_first=newest_first
                )
            else:
                plan = plan_search(connection, list(list_conditions(connection, wanted)))
                places = find_places(
                    connection, plan, limit=limit + 1, after=place, newest_first=newest_first
                )
            found = load_summaries(connection, [article_id for _, article_id in places[:limit]])
        next_after = write_key(places[limit - 1]) if len(places) > limit else None
        return Listing(tuple(found.values()), next_after)

    def iterate(
        self, wanted: ArticleFilter | None = None, *, since: datetime | None = None
    ) -> Iterator[ArticleView]:
        """Yield whole articles in constant memory.

        No transaction stays open between two articles, so a consumer may take its time. The order is the one
        that finds them fastest: by id, or by the instant that ``since`` or the filter asks for, or newest
        first for a filter with a query.

        Args:
            wanted: Which articles; None means all of them, gone ones too.
            since: Only those of which anything changed at or after this instant.
        """
        wanted = wanted or ArticleFilter(with_gone=True)
        if wanted.query is not None:
            yield from self._iterate_listing(wanted, since)
            return
        with self._database.reading() as connection:
            plan = plan_search(connection, list(list_conditions(connection, wanted)))
        order = _streaming_order(wanted, plan, since)
        last: tuple[Any, ...] | None = None
        while True:
            with self._database.reading() as connection:
                rows = _next_rows(connection, plan, order, since, last)
                found = load_articles(connection, [row[-1] for row in rows])
            yield from found.values()
            if len(rows) < STREAM_SIZE:
                return
            last = tuple(rows[-1])

    def _iterate_listing(self, wanted: ArticleFilter, since: datetime | None) -> Iterator[ArticleView]:
        after: str | None = None
        while True:
            listing = self.list(wanted, limit=STREAM_SIZE, after=after)
            found = self.get_many([article.id for article in listing.items])
            yield from (view for view in found.values() if since is None or view.updated_at >= since)
            after = listing.next_after
            if after is None:
                return

    def count(self, wanted: ArticleFilter = _EVERY) -> int:
        """Return how many articles a list has."""
        with self._database.reading() as connection:
            if wanted.query is not None:
                return len(find_article_places(connection, wanted))
            plan = plan_search(connection, list(list_conditions(connection, wanted)))
            query = select(func.count()).select_from(_article).where(plan.where)
            return int(connection.execute(query).scalar_one())

    def known_tags(self) -> frozenset[str]:
        """Return every tag of the library, as first printed."""
        with self._database.reading() as connection:
            return frozenset(connection.execute(select(Tables.tag.c.name)).scalars())

    def revisions(self, article_id: int) -> Revisions:
        """Return what later visits changed of an article, oldest first."""
        with self._database.reading() as connection:
            return list_revisions(connection, Tables.revision.c.article_id == article_id)

    def aliases(self, article_id: int) -> Aliases:
        """Return every name under which an article is known, oldest first."""
        alias = Tables.alias
        query = select(alias).where(alias.c.article_id == article_id)
        with self._database.reading() as connection:
            rows = connection.execute(
                query.order_by(alias.c.first_seen_at, alias.c.kind, alias.c.value)
            ).mappings()
            return [AliasView(**{name: row[name] for name in row if name != "key"}) for row in rows]

    def urls_known(self, urls: Collection[str]) -> set[str]:
        """Return those addresses that lead to an article, in any spelling."""
        keys = {url: url_key(url) for url in urls}
        known: set[Any] = set()
        with self._database.reading() as connection:
            for part in chunked(set(keys.values())):
                known |= set(
                    connection.execute(
                        select(Tables.alias.c.key).where(Tables.alias.c.key.in_(part))
                    ).scalars()
                )
        return {url for url, key in keys.items() if key in known}


def _streaming_order(
    wanted: ArticleFilter, plan: Plan, since: datetime | None
) -> tuple[ColumnElement[Any], ...]:
    """Return the columns by which articles are streamed: an index that leads straight to those wanted."""
    for column, bound in (
        (_article.c.updated_at, since),
        (_article.c.first_seen_at, wanted.seen_since),
        (_article.c.changed_at, wanted.changed_since),
        (_article.c.published_latest, wanted.published_since),
    ):
        if bound is not None and (plan.rare is None or since is not None):
            return (column, _article.c.id)
    return (_article.c.id,)


def _next_rows(
    connection: Connection,
    plan: Plan,
    order: Sequence[ColumnElement[Any]],
    since: datetime | None,
    last: tuple[Any, ...] | None,
) -> "list[Row[Any]]":
    query = select(*order).where(plan.where).order_by(*order).limit(STREAM_SIZE)
    if since is not None:
        query = query.where(_article.c.updated_at >= since)
    if last is not None:
        query = query.where(tuple_(*order) > tuple_(*last))
    return list(connection.execute(query).all())
