"""Who may crawl a host now: one process at a time, whatever their number.

On SQLite the right is a row with an expiry, which its process renews; a dead one's is free when it expires.
On PostgreSQL it is an advisory lock on a connection of its own, which is free the moment its process dies;
the row only tells who has it.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, or_, select, text, update
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from crawler.store.batches import Batch
from crawler.store.database import Database
from crawler.store.identity import bound_label
from crawler.store.tables import Tables
from crawler.store.views import LEASE_TIME, Lease

_host = Tables.host
_NO_HOST: Final[dict[str, Any]] = {
    "owner": None, "lease_expires_at": None, "paused_until": None, "pause_reason": None
}  # fmt: skip
# The schema is part of the lock: two libraries in one database don't share it.
_LOCK: Final = "hashtextextended(current_schema() || '/' || :host, 0)"
_TRY_LOCK: Final = text(f"SELECT pg_try_advisory_lock({_LOCK})")
_UNLOCK: Final = text(f"SELECT pg_advisory_unlock({_LOCK})")


class Leases:
    """The leases that this process holds, and those it knows of.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: dict[str, tuple[str, Connection]] = {}

    def acquire(self, host: str, owner: str, now: datetime) -> Lease | None:
        """Take the right to crawl a host; see `crawler.store.frontier.Frontier.acquire_lease`."""
        if not self._database.is_sqlite and not self._lock(host, owner):
            return None
        lease = Lease(host, owner, now + LEASE_TIME)
        statement = update(_host).where(_host.c.name == bound_label(host))
        if self._database.is_sqlite:
            statement = statement.where(
                or_(_host.c.owner.is_(None), _host.c.owner == owner, _host.c.lease_expires_at <= now)
            )
        statement = statement.values(owner=owner, lease_expires_at=lease.expires_at)
        with self._database.transaction() as connection:
            ensure_host(connection, host, is_sqlite=self._database.is_sqlite)
            taken = connection.execute(statement).rowcount
        return lease if taken else None

    def renew(self, lease: Lease, now: datetime) -> Lease | None:
        """Keep a lease; see `crawler.store.frontier.Frontier.renew_lease`."""
        if (
            not self._database.is_sqlite
            and not self._is_held(lease)
            and not self._lock(lease.host, lease.owner)
        ):
            return None
        expires_at = now + LEASE_TIME
        mine = (_host.c.name == bound_label(lease.host)) & (_host.c.owner == lease.owner)
        with self._database.transaction() as connection:
            kept = connection.execute(update(_host).where(mine).values(lease_expires_at=expires_at)).rowcount
        if not kept:
            self._give_up(lease)
            return None
        return Lease(lease.host, lease.owner, expires_at)

    def release(self, lease: Lease) -> None:
        """Give a lease back; nothing happens when another process has it by now."""
        mine = (_host.c.name == bound_label(lease.host)) & (_host.c.owner == lease.owner)
        with self._database.transaction() as connection:
            connection.execute(update(_host).where(mine).values(owner=None, lease_expires_at=None))
        self._give_up(lease)

    def get(self, host: str) -> Lease | None:
        """Return who has the right to crawl a host, expired or not; None when nobody has."""
        with self._database.reading() as connection:
            row = connection.execute(select(_host).where(_host.c.name == bound_label(host))).first()
        return Lease(host, row.owner, row.lease_expires_at) if row is not None and row.owner else None

    def close(self) -> None:
        """Let go of every lock; the rows expire by themselves."""
        for host in list(self._held):
            self._let_go(host)

    def _lock(self, host: str, owner: str) -> bool:
        """Take the advisory lock of a host, or tell that another has it."""
        if host in self._held:
            return self._held[host][0] == owner
        with self._database.translated():
            connection = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if not connection.execute(_TRY_LOCK, {"host": host}).scalar():
            connection.close()
            return False
        self._held[host] = (owner, connection)
        return True

    def _is_held(self, lease: Lease) -> bool:
        """Tell whether the lock is still ours: its connection lives. One that was lost may be taken anew."""
        owner, connection = self._held.get(lease.host, ("", None))
        if connection is None or owner != lease.owner:
            return False
        try:
            connection.execute(text("SELECT 1"))
        except DBAPIError:
            self._let_go(lease.host)
            return False
        return True

    def _give_up(self, lease: Lease) -> None:
        if self._held.get(lease.host, ("", None))[0] == lease.owner:
            self._let_go(lease.host)

    def _let_go(self, host: str) -> None:
        _, connection = self._held.pop(host)
        with suppress(DBAPIError, PendingRollbackError):  # a lost connection has lost its lock as well
            connection.execute(_UNLOCK, {"host": host})
        connection.close()


def ensure_host(connection: Connection, host: str, *, is_sqlite: bool) -> None:
    """Make the row of a host where there is none."""
    batch = Batch(connection, is_sqlite=is_sqlite)
    batch.upsert(_host, {"name": bound_label(host), **_NO_HOST}, keep=tuple(_NO_HOST))
    batch.flush()
