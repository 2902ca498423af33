"""Telling the hub of an issue, and remembering whether it heard."""

from datetime import datetime
from typing import Final

from crawler.config import Config
from plugin.archive import Archive
from plugin.composing import FEED_TYPES
from plugin.digests import Digest
from plugin.errors import OutletError
from plugin.issues import Issue, Push
from plugin.publishing.reports import OutletResult
from plugin.publishing.websub import ping_hub

HUB: Final = "hub"
"""Name of the hub among the outlets, in `publish --to`."""


def hub_place(config: Config) -> str | None:
    """Return what the hub is called among the outlets; None: there is none, or feeds have no address."""
    server = config.server
    return f"{HUB} {server.hub_url}" if server.hub_url and server.base_url else None


def announce_issue(
    archive: Archive, digest: Digest, issue: Issue, *, config: Config, now: datetime
) -> OutletResult | None:
    """Tell the hub that a digest's feeds have changed; a failure is remembered, and tried again later.

    Args:
        archive: The library.
        digest: The definition.
        issue: The issue, saved, so that the feeds show it already.
        config: Gives the hub, and the address that the feeds call themselves.
        now: Noted as the time of the push, aware.

    Returns:
        How it ended; None where no hub is set.
    """
    server, place = config.server, hub_place(config)
    if server.hub_url is None:
        return None
    if server.base_url is None or place is None:
        message = f"set server.base_url: {HUB} {server.hub_url} must be told where the feeds are"
        return OutletResult(f"{HUB} {server.hub_url}", error=message)
    home = f"{server.base_url}/digests/{digest.slug}/"
    topics = [f"{home}{name}.{ending}" for name in ("feed", "issues") for ending in FEED_TYPES]
    error = None
    try:
        ping_hub(server.hub_url, topics)
    except OutletError as refusal:
        error = str(refusal)
    archive.save_push(Push(digest=digest.slug, number=issue.number, outlet=place, pushed_at=now, error=error))
    return OutletResult(place, n_topics=len(topics), error=error)
