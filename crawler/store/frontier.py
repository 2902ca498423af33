"""The frontier: what to fetch and when, who crawls a host now, and which hosts asked for quiet."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import RowMapping, func, select, update

from crawler.errors import StoreError
from crawler.store.batches import Batch
from crawler.store.database import Database
from crawler.store.identity import bound_label, exact_url_key
from crawler.store.leases import Leases, ensure_host
from crawler.store.loading import chunked
from crawler.store.publications import publication_ids
from crawler.store.saving_frontier import frontier_row
from crawler.store.tables import Tables
from crawler.store.views import FAILED, FrontierEntry, Lease

_frontier = Tables.frontier
_host = Tables.host
_ENTRIES: Final = select(_frontier, Tables.publication.c.slug.label("publication")).join_from(
    _frontier, Tables.publication
)


class Frontier:
    """The shelf of addresses to fetch.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._leases = Leases(database)

    def due(
        self,
        now: datetime,
        *,
        host: str | None = None,
        publication: str | None = None,
        limit: int = 1_000,
    ) -> list[FrontierEntry]:
        """Return what should be fetched by now, the longest overdue first.

        Args:
            now: Aware UTC.
            host: Only addresses of this host.
            publication: Only addresses of the publication with this slug.
            limit: Most entries.
        """
        query = _ENTRIES.where(_frontier.c.due_at <= now)
        if host is not None:
            query = query.where(_frontier.c.host == bound_label(host))
        if publication is not None:
            query = query.where(Tables.publication.c.slug == publication)
        query = query.order_by(_frontier.c.due_at, _frontier.c.id).limit(limit)
        with self._database.reading() as connection:
            return [_read(row) for row in connection.execute(query).mappings()]

    def count_due(self, now: datetime) -> dict[str, int]:
        """Return how many addresses are due, by host; hosts with none are left out."""
        query = (
            select(_frontier.c.host, func.count().label("n"))
            .where(_frontier.c.due_at <= now)
            .group_by(_frontier.c.host)
        )
        with self._database.reading() as connection:
            return {row.host: row.n for row in connection.execute(query)}

    def failed(self, publication: str, *, limit: int = 1_000) -> list[FrontierEntry]:
        """Return a publication's addresses whose last fetch failed, the latest first.

        Args:
            publication: Its slug.
            limit: Most entries.
        """
        query = (
            _ENTRIES.where(Tables.publication.c.slug == publication, _frontier.c.outcome.in_(FAILED))
            .order_by(_frontier.c.fetched_at.desc(), _frontier.c.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [_read(row) for row in connection.execute(query).mappings()]

    def get(self, urls: Iterable[str]) -> dict[str, FrontierEntry]:
        """Return what the frontier knows of addresses; unknown ones are left out."""
        keys = {exact_url_key(url) for url in urls}
        found: dict[str, FrontierEntry] = {}
        with self._database.reading() as connection:
            for part in chunked(keys):
                rows = connection.execute(_ENTRIES.where(_frontier.c.key.in_(part))).mappings()
                found |= {row["url"]: _read(row) for row in rows}
        return found

    def add(self, entries: Iterable[FrontierEntry]) -> None:
        """Add addresses; known ones keep what they have.

        Raises:
            StoreError: An entry's publication is not in the library.
        """
        self._upsert(entries, keep_known=True)

    def save(self, entries: Iterable[FrontierEntry]) -> None:
        """Add addresses or overwrite what the frontier has of them, for fetches that saved no page.

        Raises:
            StoreError: An entry's publication is not in the library.
        """
        self._upsert(entries, keep_known=False)

    def _upsert(self, entries: Iterable[FrontierEntry], *, keep_known: bool) -> None:
        wanted = list(entries)
        if not wanted:
            return
        with self._database.transaction() as connection:
            batch = Batch(connection, is_sqlite=self._database.is_sqlite)
            ids = publication_ids(connection)
            for entry in wanted:
                if entry.publication not in ids:
                    raise StoreError("no such publication in the library", entry.publication)
                row = frontier_row(entry, ids[entry.publication])
                batch.upsert(_frontier, row, keep=tuple(row) if keep_known else ())
            batch.flush()

    def reschedule(self, urls: Sequence[str], due_at: datetime | None) -> None:
        """Say when known addresses are to be fetched next; None means not again."""
        with self._database.transaction() as connection:
            for part in chunked(exact_url_key(url) for url in urls):
                connection.execute(update(_frontier).where(_frontier.c.key.in_(part)).values(due_at=due_at))

    def acquire_lease(self, host: str, owner: str, now: datetime) -> Lease | None:
        """Take the right to crawl a host, or return None while another process has it.

        Args:
            host: "vocal.media" or "127.0.0.1:8000".
            owner: Names the process; one that has the lease already gets it again.
            now: Aware UTC.
        """
        return self._leases.acquire(host, owner, now)

    def renew_lease(self, lease: Lease, now: datetime) -> Lease | None:
        """Keep a lease for another while, or return None when it is lost."""
        return self._leases.renew(lease, now)

    def release_lease(self, lease: Lease) -> None:
        """Give a lease back; nothing happens when another process has it by now."""
        self._leases.release(lease)

    def get_lease(self, host: str) -> Lease | None:
        """Return who has the right to crawl a host, expired or not; None when nobody has."""
        return self._leases.get(host)

    def close(self) -> None:
        """Let go of what this process holds outside of the tables."""
        self._leases.close()

    def get_pause(self, host: str) -> datetime | None:
        """Return until when a host asked to be left alone, also when that has passed."""
        with self._database.reading() as connection:
            query = select(_host.c.paused_until).where(_host.c.name == bound_label(host))
            until: datetime | None = connection.execute(query).scalar()
        return until

    def set_pause(self, host: str, until: datetime | None, reason: str | None = None) -> None:
        """Keep until when a host asked to be left alone; None ends the pause.

        Args:
            host: Its name, with its port where one is given.
            until: The ``Retry-After`` as an instant.
            reason: One sentence for the operator.
        """
        with self._database.transaction() as connection:
            ensure_host(connection, host, is_sqlite=self._database.is_sqlite)
            statement = update(_host).where(_host.c.name == bound_label(host))
            connection.execute(statement.values(paused_until=until, pause_reason=reason))


def _read(row: RowMapping) -> FrontierEntry:
    return FrontierEntry(**{name: row[name] for name in FrontierEntry.__dataclass_fields__})
