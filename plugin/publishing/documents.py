"""An issue as documents at their addresses: what a folder shows of a digest.

The addresses are the served ones. What only a server has (pages of articles and authors, comment feeds) is
not linked to: the discussion is where the original is.

A site without a public address can stand anywhere: its pages and Atom feeds link to what is beside them
relatively. RSS and JSON Feed want whole addresses, so there they name none of the site's own.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from crawler.store.views import Library
from plugin.composing import (
    FEED_TYPES,
    MAX_ENTRIES,
    archive_feed,
    archive_name,
    count_parts,
    digest_feed,
    issue_to_feed,
    issues_feed,
)
from plugin.digests import Digest
from plugin.formats import FORMATS, Document
from plugin.formats.cleaning import clean_model
from plugin.formats.pages import FEED_NAMES, FeedAddress, Frame, Turn, render_digest_page, render_index_page
from plugin.issues import Entry, Feed, FeedLink, Issue, IssueSummary
from plugin.mailing import EMAIL, get_document_format
from plugin.outlets import Outlet

Documents = dict[str, Document]
"""Address relative to the site's root, without a leading slash -> document."""

_HTML_TYPE: Final = "text/html; charset=utf-8"
_ISSUE_FILES: Final = {
    "html": "index.html",
    "markdown": "issue.md",
    "text": "issue.txt",
    "email": "issue.eml",
}
"""Format of a single issue -> name of its file."""


def issue_documents(
    digest: Digest, issue: Issue, *, next_issue: IssueSummary | None, library: Library, base_url: str
) -> Documents:
    """Return what shows one issue: its page, its texts, its part of the archive.

    Args:
        digest: Its formats decide which of them there are.
        issue: The issue.
        next_issue: The one after it, to link to; None: it is the newest.
        library: Gives guids.
        base_url: Public address without a trailing slash, or "".

    Raises:
        UnknownFormat: The digest names a format that does not exist.
    """
    offered, latest_number = _offered(digest), next_issue.number if next_issue else issue.number
    feed = stand_alone(issue_to_feed(issue, latest_number=latest_number, offered=offered))
    shown = {
        address: get_document_format(name).render(feed, base_url=base_url)
        for name, address in _issue_files(digest, issue.number).items()
    }
    archived = {
        address: _feed_document(
            archive_feed(digest, issue, part=part, library=library, next_issue=next_issue),
            digest,
            "atom",
            address=address,
            base_url=base_url,
        )
        for part, address in enumerate(_archive_files(digest, issue.number, len(issue.entries)), start=1)
    }
    return shown | archived


def issue_addresses(digest: Digest, number: int, entry_count: int) -> list[str]:
    """Return the addresses of the documents of one issue.

    Args:
        digest: Its formats decide which of them there are.
        number: Of the issue.
        entry_count: Entries it has.
    """
    return [*_issue_files(digest, number).values(), *_archive_files(digest, number, entry_count)]


def shown_formats(digest: Digest, issue: Issue, outlet: Outlet) -> list[str]:
    """Return the formats in which an outlet shows an issue or its digest, whatever the definition says now.

    Args:
        digest: The definition.
        issue: The issue.
        outlet: Where it may stand.
    """
    shown = []
    for name in (*(each.name for each in FORMATS), EMAIL.name):
        alone = digest.model_copy(update={"formats": (name,)})
        addresses = issue_addresses(alone, issue.number, len(issue.entries))
        if name in FEED_TYPES:
            addresses += [f"digests/{digest.slug}/{kind}.{name}" for kind in ("feed", "issues")]
        if any(map(outlet.holds, addresses)):
            shown.append(name)
    return shown


def _issue_files(digest: Digest, number: int) -> dict[str, str]:
    """Return the formats an issue is shown in, each with its address."""
    home = f"digests/{digest.slug}/{number}/"
    return {name: f"{home}{_ISSUE_FILES[name]}" for name in digest.formats if name in _ISSUE_FILES}


def _archive_files(digest: Digest, number: int, entry_count: int) -> list[str]:
    """Return the addresses of an issue's archive documents, one a part."""
    parts = range(1, count_parts(entry_count) + 1) if "atom" in digest.formats else ()
    return [f"digests/{digest.slug}/archive/{archive_name(number, part)}" for part in parts]


def series_documents(
    digest: Digest, issues: Sequence[Issue], *, library: Library, base_url: str, hub_url: str | None = None
) -> Documents:
    """Return what shows a digest as a whole: its feeds and its page.

    Args:
        digest: Its formats decide which of them there are.
        issues: The newest first, one more than ``plugin.composing.MAX_ENTRIES`` is enough.
        library: Gives guids.
        base_url: Public address without a trailing slash, or "".
        hub_url: WebSub hub that the feeds name, once they have a public address; None: none.

    Raises:
        UnknownFormat: The digest names a format that does not exist.
    """
    home, offered = f"digests/{digest.slug}/", _offered(digest)
    documents: Documents = {}
    for name in offered:
        entries = digest_feed(digest, issues, library=library, extension=name, offered=offered)
        series = issues_feed(digest, issues, library=library, extension=name, offered=offered)
        for address, feed in ((f"{home}feed.{name}", entries), (f"{home}issues.{name}", series)):
            documents[address] = _feed_document(
                feed, digest, name, address=address, base_url=base_url, hub_url=hub_url
            )
    if "html" in digest.formats:
        shown = clean_model(issues_feed(digest, issues, library=library, extension="html", offered=offered))
        # A folder has no second page of a series, but the newest issue left out leads to all before it.
        left_out = issues[MAX_ENTRIES:]
        turn = Turn(older=f"/{home}{left_out[0].number}/") if left_out else None
        frame = Frame(f"/{home}", base_url)
        page = render_digest_page(shown, frame, feeds=_feed_addresses(digest, offered), turn=turn)
        documents[f"{home}index.html"] = Document(page.encode(), _HTML_TYPE, "index.html")
    return documents


def index_document(shelf: Iterable[Feed], *, base_url: str) -> Documents:
    """Return the page of all digests in a folder.

    Args:
        shelf: Each digest's series.
        base_url: Public address without a trailing slash, or "".
    """
    page = render_index_page([clean_model(feed) for feed in shelf], Frame("/", base_url))
    return {"index.html": Document(page.encode(), _HTML_TYPE, "index.html")}


def stand_alone(feed: Feed) -> Feed:
    """Return a feed that links to nothing but documents of its digest and originals."""
    return feed.model_copy(update={"entries": tuple(_stand_alone(entry) for entry in feed.entries)})


def drop_links(feed: Feed, is_dropped: Callable[[str], bool]) -> Feed:
    """Return a feed without some of its links, and of those to its entries' pages and its neighbors.

    Args:
        feed: The feed.
        is_dropped: Tells of an address whether it goes.
    """
    entries = tuple(
        entry.model_copy(update={"page_url": None})
        if entry.page_url and is_dropped(entry.page_url)
        else entry
        for entry in feed.entries
    )
    links = tuple(link for link in feed.links if not is_dropped(link.href))
    neighbors = {"previous_issue_url": feed.previous_issue_url, "next_issue_url": feed.next_issue_url}
    dropped = {name: None for name, href in neighbors.items() if href is not None and is_dropped(href)}
    return feed.model_copy(update={"entries": entries, "links": links, **dropped})


def is_own(href: str) -> bool:
    """Tell whether an address is one of the site's own: path-absolute."""
    return href.startswith("/")


def _is_page(href: str) -> bool:
    return is_own(href) and href.endswith("/")


def _feed_document(
    feed: Feed, digest: Digest, name: str, *, address: str, base_url: str, hub_url: str | None = None
) -> Document:
    """Return a feed as it stands at an address of the folder."""
    feed = stand_alone(feed)
    if hub_url and base_url:
        feed = feed.model_copy(update={"links": (*feed.links, FeedLink(rel="hub", href=hub_url))})
    if "html" not in digest.formats:
        feed = drop_links(feed, _is_page)
    if not base_url and name == "atom":
        base_url = "/".join([".."] * address.count("/"))
    elif not base_url:
        feed = drop_links(feed, is_own)
    return get_document_format(name).render(feed, base_url=base_url)


def _stand_alone(entry: Entry) -> Entry:
    if entry.article_id is None:
        return entry
    gone = dict.fromkeys(("page_url", "author_page_url", "comments_feed_url"))
    return entry.model_copy(update={**gone, "author_page_urls": (), "comments_url": entry.url})


def _offered(digest: Digest) -> list[str]:
    """Return the feeds a digest is published as, and refuse formats that don't exist."""
    for name in digest.formats:
        get_document_format(name)
    return [name for name in digest.formats if name in FEED_TYPES]


def _feed_addresses(digest: Digest, offered: Sequence[str]) -> list[FeedAddress]:
    """Return the feeds that a digest's page offers, the best first."""
    extensions = {FEED_TYPES[name]: name for name in offered}
    return [
        FeedAddress(
            f"/digests/{digest.slug}/feed.{extensions[media_type]}", media_type, f"{digest.title} ({name})"
        )
        for media_type, (name, _) in FEED_NAMES.items()
        if media_type in extensions
    ]
