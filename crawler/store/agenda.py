"""What a crawl asks of the frontier: what is due of its publications, what waits for another try."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, select, update

from crawler.store.batches import Batch
from crawler.store.identity import bound_label
from crawler.store.loading import chunked
from crawler.store.publications import publication_ids
from crawler.store.saving_frontier import frontier_row
from crawler.store.store import Store
from crawler.store.tables import Tables
from crawler.store.views import FrontierEntry, PageRole

_frontier = Tables.frontier
_DUE: Final = select(
    _frontier, Tables.publication.c.slug.label("publication"), Tables.article.c.comment_count
).select_from(
    _frontier.join(Tables.publication).outerjoin(
        Tables.article, Tables.article.c.id == _frontier.c.article_id
    )
)


@dataclass(frozen=True, slots=True)
class DuePage:
    """An address to fetch, with what the library knows of its article.

    Attributes:
        comment_count: As the article's page printed it last; None where it is no known article.
        comment_pages: Known further pages of its comments.
    """

    entry: FrontierEntry
    comment_count: int | None = None
    comment_pages: tuple[str, ...] = ()


def _is_revisit(entry: FrontierEntry) -> bool:
    return entry.role == "article" and entry.fetched_at is not None and entry.article_id is not None


class Agenda:
    """The frontier as one crawl sees it.

    Args:
        store: The library.
        slugs: The publications that are crawled.
        hosts: Those they are on.
    """

    def __init__(self, store: Store, slugs: Sequence[str], hosts: Sequence[str]) -> None:
        self._store = store
        self._hosts = [bound_label(host) for host in hosts]
        with store.reading() as connection:
            ids = publication_ids(connection)
        self._publication_ids = [ids[slug] for slug in slugs if slug in ids]

    def due(self, now: datetime, *, limit: int, roles: Sequence[PageRole]) -> list[DuePage]:
        """Return what should be fetched by now, the longest overdue first.

        Args:
            now: Aware UTC.
            limit: Most entries.
            roles: Only pages expected to be one of these.
        """
        found: list[DuePage] = []
        with self._store.reading() as connection:
            for host in self._hosts:
                found += self._due_on(connection, host, now, limit=limit, roles=roles)
            found.sort(key=lambda page: page.entry.due_at or now)
            del found[limit:]
            known = [page.entry.article_id for page in found if _is_revisit(page.entry)]
            pages = self._comment_pages(connection, [each for each in known if each is not None])
        return [
            replace(page, comment_pages=tuple(pages.get(page.entry.article_id or 0, ())))
            if _is_revisit(page.entry)
            else page
            for page in found
        ]

    def _comment_pages(self, connection: Connection, article_ids: Sequence[int]) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for part in chunked(article_ids):
            query = (
                select(_frontier.c.article_id, _frontier.c.url)
                .where(_frontier.c.article_id.in_(part), _frontier.c.role == "comments")
                .order_by(_frontier.c.id)
            )
            for article_id, url in connection.execute(query):
                found.setdefault(article_id, []).append(url)
        return found

    def _due_on(
        self, connection: Connection, host: str, now: datetime, *, limit: int, roles: Sequence[PageRole]
    ) -> list[DuePage]:
        query = (
            _DUE.where(
                _frontier.c.host == host,
                _frontier.c.due_at <= now,
                _frontier.c.publication_id.in_(self._publication_ids),
                _frontier.c.role.in_(roles),
            )
            .order_by(_frontier.c.due_at, _frontier.c.id)
            .limit(limit)
        )
        names = FrontierEntry.__dataclass_fields__
        return [
            DuePage(FrontierEntry(**{name: row[name] for name in names}), row["comment_count"])
            for row in connection.execute(query).mappings()
        ]

    def count_due(self, now: datetime) -> int:
        """Return how many addresses are due by now."""
        query = select(func.count()).where(
            _frontier.c.due_at <= now, _frontier.c.publication_id.in_(self._publication_ids)
        )
        with self._store.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def next_retry_at(self) -> datetime | None:
        """Return when the first page is due that was put off ("later"); None when none was."""
        query = select(func.min(_frontier.c.due_at)).where(
            _frontier.c.publication_id.in_(self._publication_ids), _frontier.c.outcome == "later"
        )
        with self._store.reading() as connection:
            moment: datetime | None = connection.execute(query).scalar()
        return moment

    def count_pages(self, slug: str, role: PageRole) -> int:
        """Return how many addresses of a role the frontier knows of a publication."""
        query = (
            select(func.count())
            .select_from(_frontier.join(Tables.publication))
            .where(Tables.publication.c.slug == slug, _frontier.c.role == role)
        )
        with self._store.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def requeue(self, entries: Iterable[FrontierEntry]) -> None:
        """Add addresses; known ones become due when these are, and keep all else.

        Raises:
            KeyError: An entry's publication is not in the library.
        """
        wanted = list(entries)
        if not wanted:
            return
        with self._store.transaction() as connection:
            is_sqlite = connection.dialect.name == "sqlite"
            batch = Batch(connection, is_sqlite=is_sqlite)
            ids = publication_ids(connection)
            for entry in wanted:
                row = frontier_row(entry, ids[entry.publication])
                batch.upsert(_frontier, row, keep=[name for name in row if name != "due_at"])
            batch.flush()

    def requeue_articles(self, now: datetime) -> None:
        """Make every article that was fetched before due now, and its comment and author pages."""
        with self._store.transaction() as connection:
            connection.execute(update(_frontier).where(self._known_pages()).values(due_at=now))

    def known_articles(self, *, limit: int) -> list[FrontierEntry]:
        """Return the pages that `requeue_articles` would make due, as they stand, in the order they were met.

        Args:
            limit: Most entries.
        """
        slug = Tables.publication.c.slug.label("publication")
        query = select(_frontier, slug).join_from(_frontier, Tables.publication)
        query = query.where(self._known_pages()).order_by(_frontier.c.id).limit(limit)
        names = FrontierEntry.__dataclass_fields__
        with self._store.reading() as connection:
            rows = connection.execute(query).mappings()
            return [FrontierEntry(**{name: row[name] for name in names}) for row in rows]

    def _known_pages(self) -> ColumnElement[bool]:
        known = _frontier.c.publication_id.in_(self._publication_ids) & _frontier.c.fetched_at.is_not(None)
        pages = known & _frontier.c.role.in_(("article", "comments", "author"))
        # An article that is gone may be back; a page of comments that is gone is named again where it is.
        is_left = (_frontier.c.outcome == "moved") | (
            (_frontier.c.outcome == "gone") & (_frontier.c.role != "article")
        )
        return pages & (_frontier.c.outcome.is_(None) | ~is_left)
