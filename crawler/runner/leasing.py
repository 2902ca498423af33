"""One process a host: a lease in the store, renewed while the crawl lives, taken over from the dead."""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Callable
from datetime import datetime

from crawler.errors import StoreError
from crawler.store import Store
from crawler.store.views import LEASE_TIME, Lease

log = logging.getLogger(__name__)


def new_owner() -> str:
    """Name this process: host name, process id, and a random part, since ids come back."""
    return f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"


def is_dead(owner: str) -> bool:
    """Tell whether the process of this name is known to be gone.

    Args:
        owner: From `new_owner`. Of another machine nothing is known: its lease runs out.

    Example:
        >>> is_dead(new_owner()), is_dead("elsewhere/1/00000000")
        (False, False)
    """
    parts = owner.split("/")
    if len(parts) != 3 or parts[0] != socket.gethostname() or not parts[1].isdigit() or os.name != "posix":
        return False
    try:
        os.kill(int(parts[1]), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def take_lease(store: Store, host: str, owner: str, now: datetime) -> Lease | None:
    """Take the right to crawl a host, if need be from a process that died.

    Returns:
        None when it is ours now, else the lease that stands in the way.
    """
    if store.frontier.acquire_lease(host, owner, now) is not None:
        return None
    standing = store.frontier.get_lease(host)
    if standing is not None and is_dead(standing.owner):
        store.frontier.release_lease(standing)
    if store.frontier.acquire_lease(host, owner, now) is not None:
        return None
    return store.frontier.get_lease(host) or standing


async def keep_lease(
    store: Store, host: str, owner: str, *, now: Callable[[], datetime], lost: Callable[[], None]
) -> None:
    """Renew a lease every third of its time until cancelled.

    Args:
        store: Where the lease stands.
        host: Whose.
        owner: Who holds it.
        now: Tells the time.
        lost: Called once when another process has taken it.
    """
    lease = Lease(host, owner, now() + LEASE_TIME)
    while True:
        await asyncio.sleep(LEASE_TIME.total_seconds() / 3)
        try:
            if await asyncio.to_thread(store.frontier.renew_lease, lease, now()) is None:
                lost()
                return
        except StoreError as error:
            log.warning("the lease of %s could not be renewed: %s", host, error)
