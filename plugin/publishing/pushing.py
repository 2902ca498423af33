"""Documents of an issue into their outlets, one outlet's failure never stopping another."""

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from crawler.config import Config
from plugin.archive import Archive
from plugin.composing import MAX_ENTRIES, issue_to_feed, issues_feed
from plugin.digests import Digest, load_digests
from plugin.errors import DigestError, IssueNotFound, OutletError, UnknownOutlet
from plugin.formats import Document
from plugin.issues import Issue, Push
from plugin.mailing import get_document_format
from plugin.outlets import OUTLETS, FolderOutlet, Outlet, open_outlet
from plugin.publishing.announcing import HUB, announce_issue, hub_place
from plugin.publishing.documents import (
    Documents,
    drop_links,
    index_document,
    is_own,
    issue_addresses,
    issue_documents,
    series_documents,
    stand_alone,
)
from plugin.publishing.reports import OutletResult, PublishReport

_log = logging.getLogger(__name__)


def render_issue(
    archive: Archive, digest: Digest, number: int | None, format_name: str, *, config: Config
) -> Document:
    """Return an issue in one format.

    Args:
        archive: The library.
        digest: The definition.
        number: The issue; None: the newest.
        format_name: As on the command line.
        config: Gives the address that the feeds call themselves.

    Raises:
        UnknownFormat: There is no such format.
        IssueNotFound: There is no such issue.
    """
    renderer = get_document_format(format_name)
    issues = archive.issues(digest.slug)
    if number is None and not issues:
        message = f"no issue yet; `gleanings digest make {digest.slug}` makes the first one"
        raise IssueNotFound(message, digest.slug)
    latest = issues[0].number if issues else 0
    issue = archive.get_issue(digest.slug, number or latest)
    base_url = config.server.base_url or ""
    if base_url:
        return renderer.render(issue_to_feed(issue, latest_number=latest), base_url=base_url)
    return renderer.render(drop_links(stand_alone(issue_to_feed(issue)), is_own), base_url="")


def publish_issue(
    archive: Archive,
    digest: Digest,
    issue: Issue,
    *,
    config: Config,
    to: str | None = None,
    now: datetime,
) -> PublishReport:
    """Push an issue, with the feeds that hold it, to a digest's outlets, and tell the hub.

    Pushed as well are others that an outlet lacks, and the one before each, whose page links to it.
    Publishing again changes nothing; after a takedown it replaces what was there.

    Args:
        archive: The library.
        digest: The definition.
        issue: The issue.
        config: Gives the address that the feeds call themselves, and the folder that paths count from.
        to: One of the digest's kinds of outlets, a folder, or "hub"; None: all its outlets and the hub.
        now: Noted as the time of the push, aware.

    Raises:
        DigestError: The digest has no outlet, one of unknown kind, or a format that does not exist.
    """
    results = []
    if to != HUB and (to is not None or digest.outlet or hub_place(config) is None):
        results = _push_to_outlets(archive, digest, issue, config=config, to=to, now=now)
    if to in (None, HUB):
        told = announce_issue(archive, digest, issue, config=config, now=now)
        if told is None and to == HUB:
            raise UnknownOutlet("no hub is set; server.hub_url names one")
        results += [told] if told is not None else []
    return PublishReport(digest.slug, issue.number, tuple(results))


def _push_to_outlets(
    archive: Archive, digest: Digest, issue: Issue, *, config: Config, to: str | None, now: datetime
) -> list[OutletResult]:
    base_url = config.server.base_url or ""
    issues = archive.list_issues(digest.slug, limit=MAX_ENTRIES + 1)
    series = series_documents(
        digest,
        issues,
        library=archive.store.library,
        base_url=base_url,
        hub_url=config.server.hub_url,
    )
    results = []
    for outlet in _choose_outlets(digest, config, to):
        documents = _lacking(archive, digest, issue, outlet, base_url=base_url)
        documents |= series
        documents |= _front_page(archive, digest, outlet, config) if "html" in digest.formats else {}
        result = _push(outlet, documents)
        archive.save_push(
            Push(
                digest=digest.slug,
                number=issue.number,
                outlet=result.outlet,
                pushed_at=now,
                error=result.error,
            )
        )
        results.append(result)
    return results


def is_published(archive: Archive, digest: Digest, issue: Issue, *, config: Config) -> bool:
    """Tell whether an issue reached every outlet of its digest, and the hub where there is one.

    Args:
        archive: The library.
        digest: The definition.
        issue: The issue.
        config: Gives the folder that paths count from, and the hub.

    Raises:
        DigestError: One of its outlets is of unknown kind.
    """
    reached = {push.outlet for push in archive.pushes(digest.slug, issue.number) if push.error is None}
    return all(place in reached for place in _wanted_places(digest, config))


def failed_pushes(archive: Archive, digest: Digest, number: int, *, config: Config) -> list[Push]:
    """Return the pushes of an issue that failed the last time they were tried.

    Args:
        archive: The library.
        digest: The definition; a place that it does not name any more counts for nothing.
        number: The issue.
        config: Gives the folder that paths count from, and the hub.

    Raises:
        DigestError: One of its outlets is of unknown kind.
    """
    wanted = _wanted_places(digest, config)
    return [each for each in archive.pushes(digest.slug, number) if each.error and each.outlet in wanted]


def _wanted_places(digest: Digest, config: Config) -> list[str]:
    outlets = [open_outlet(each, workspace=config.workspace) for each in digest.outlet]
    hub = hub_place(config)
    return [f"{outlet.kind} {outlet.place}" for outlet in outlets] + ([hub] if hub is not None else [])


def _choose_outlets(digest: Digest, config: Config, to: str | None) -> list[Outlet]:
    chosen = [each for each in digest.outlet if to is None or each.kind == to]
    if chosen:
        return [open_outlet(each, workspace=config.workspace) for each in chosen]
    if to is None:
        raise DigestError(
            f'the digest "{digest.slug}" has no [[outlet]]; add one, or name a folder with --to'
        )
    if any(outlet.kind == to for outlet in OUTLETS):
        raise UnknownOutlet(f'the digest "{digest.slug}" has no outlet of kind "{to}"')
    return [FolderOutlet(Path(to))]


def _lacking(archive: Archive, digest: Digest, issue: Issue, outlet: Outlet, *, base_url: str) -> Documents:
    """Return the documents of the issue, of others that the outlet lacks, and of those before them.

    The one before is written anew, and first, because it links to the one after it.
    """
    documents: Documents = {}
    newest_first = archive.issues(digest.slug)
    due = {issue.number} | {
        each.number
        for each in newest_first
        if not all(map(outlet.holds, issue_addresses(digest, each.number, each.entry_count)))
    }
    for each, following in reversed([*zip(newest_first, [None, *newest_first], strict=False)]):
        if not due.isdisjoint((each.number, each.number + 1)):
            documents |= issue_documents(
                digest,
                archive.get_issue(digest.slug, each.number),
                next_issue=following,
                library=archive.store.library,
                base_url=base_url,
            )
    return documents


def _front_page(archive: Archive, digest: Digest, outlet: Outlet, config: Config) -> Documents:
    """Return the page of all digests that are published to the same place."""
    beside = [
        each
        for each in load_digests(config.seeds_dir / "digests")
        if each.slug != digest.slug
        and outlet.place in _places(each, config)
        and outlet.holds(f"digests/{each.slug}/index.html")
    ]
    shelf: list[Digest] = sorted([digest, *beside], key=lambda each: each.slug)
    library = archive.store.library
    feeds = [
        issues_feed(each, archive.list_issues(each.slug, limit=1), library=library, extension="html")
        for each in shelf
    ]
    return index_document(feeds, base_url=config.server.base_url or "")


def _places(digest: Digest, config: Config) -> Sequence[str]:
    try:
        return [open_outlet(each, workspace=config.workspace).place for each in digest.outlet]
    except DigestError:
        # Another digest's mistake is told when that one is published.
        return []


def _push(outlet: Outlet, documents: Documents) -> OutletResult:
    """Push to one outlet; whatever goes wrong there is its result."""
    name = f"{outlet.kind} {outlet.place}"
    try:
        return OutletResult(name, outlet.push(documents))
    except OutletError as error:
        return OutletResult(name, error=str(error))
    except Exception as error:  # noqa: BLE001 - the boundary of one outlet: the others must still be served
        _log.exception("push failed", extra={"outlet": name})
        return OutletResult(name, error=f"the outlet failed: {name}: {type(error).__name__}: {error}")
