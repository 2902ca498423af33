"""What stands at the addresses of digests: their pages, feeds, issues and archives."""

import re
from collections.abc import Sequence
from typing import Final

from plugin.archive import Archive
from plugin.composing import (
    MAX_ENTRIES,
    archive_feed,
    count_parts,
    digest_feed,
    issue_to_feed,
    issues_feed,
)
from plugin.digests import Digest
from plugin.errors import IssueNotFound
from plugin.formats.cleaning import clean_feed
from plugin.formats.pages import Turn, render_digest_page, render_feed_page, render_index_page
from plugin.issues import Issue
from plugin.server.addresses import MAX_NUMBER
from plugin.server.asking import Ask, feed_addresses, feed_reply, page_reply
from plugin.server.replies import Reply, message
from plugin.server.requests import read_place

ISSUES_PER_PAGE: Final = 20

_NUMBER = re.compile(r"[0-9]{1,9}")


class DigestContents:
    """The part of the site that shows digests.

    Safe to use from several threads.

    Args:
        archive: The library.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._library = archive.store.library

    def index(self, ask: Ask, digests: Sequence[Digest]) -> Reply:
        """Return the page of all digests."""
        shelf = [
            clean_feed(
                issues_feed(
                    digest,
                    self._archive.list_issues(digest.slug, limit=1),
                    library=self._library,
                    extension="html",
                )
            )
            for digest in digests
        ]
        return page_reply(render_index_page(shelf, ask.frame))

    def answer(self, ask: Ask, digest: Digest) -> Reply | None:
        """Return what stands at an address of a digest; None: it has no such issue."""
        kind = ask.address.kind
        library = self._library
        if kind == "digest":
            return self._digest_page(ask, digest)
        if kind == "digest_feed":
            return self._entries_of_digest(ask, digest)
        if kind == "issues_feed":
            return self._series_of_digest(ask, digest)
        try:
            issue = self._archive.get_issue(digest.slug, ask.address.number or 0)
        except IssueNotFound:
            return None
        summaries, part = self._archive.issues(digest.slug), ask.address.part
        if kind == "archive":
            if part > count_parts(len(issue.entries)):
                return None
            following = next((each for each in summaries if each.number == issue.number + 1), None)
            feed = archive_feed(digest, issue, part=part, library=library, next_issue=following)
            return feed_reply(ask, feed)
        feed = clean_feed(issue_to_feed(issue, latest_number=summaries[0].number))
        return page_reply(render_feed_page(feed, ask.frame, feeds=feed_addresses(feed)))

    def _entries_of_digest(self, ask: Ask, digest: Digest) -> Reply:
        place = read_place(ask.query["after"]) if "after" in ask.query else (MAX_NUMBER, 0)
        if place is None:
            return message(400, ask.place)
        number, skip = place
        # As many issues as have room, and the first that has none.
        n_issues, n_entries = 1, -skip
        for summary in self._archive.issues(digest.slug):
            if summary.number <= number and n_entries <= MAX_ENTRIES:
                n_issues, n_entries = n_issues + 1, n_entries + summary.entry_count
        issues = self._archive.list_issues(digest.slug, limit=n_issues, before=number + 1)
        extension = ask.address.format_name or "atom"
        feed = digest_feed(
            digest,
            issues,
            library=self._library,
            extension=extension,
            skip=skip,
            is_paged=extension == "json",
        )
        return feed_reply(ask, feed)

    def _series_of_digest(self, ask: Ask, digest: Digest) -> Reply:
        try:
            shown, older = self._issues(ask, digest, limit=MAX_ENTRIES)
        except ValueError:
            return message(400, ask.place)
        extension = ask.address.format_name or "atom"
        feed = issues_feed(digest, shown, library=self._library, extension=extension, older_url=older)
        return feed_reply(ask, feed)

    def _issues(self, ask: Ask, digest: Digest, *, limit: int) -> tuple[list[Issue], str | None]:
        """Return the issues of one page of a series, and where the older ones are.

        Raises:
            ValueError: What the page comes after is no issue's number.
        """
        after = ask.query.get("after")
        if after is not None and not _NUMBER.fullmatch(after):
            raise ValueError(after)
        found = self._archive.list_issues(
            digest.slug, limit=limit + 1, before=int(after) if after is not None else None
        )
        shown = found[:limit]
        return shown, f"{ask.href}?after={shown[-1].number}" if len(found) > limit else None

    def _digest_page(self, ask: Ask, digest: Digest) -> Reply:
        try:
            shown, older = self._issues(ask, digest, limit=ISSUES_PER_PAGE)
        except ValueError:
            return message(400, ask.place)
        if not shown and "after" in ask.query:
            return message(404, ask.place)
        home = f"/digests/{digest.slug}/"
        series = issues_feed(digest, shown, library=self._library, extension="html")
        entries = digest_feed(digest, (), library=self._library, extension="html")
        turn = Turn(older=older, newer=home if "after" in ask.query else None)
        page = render_digest_page(clean_feed(series), ask.frame, feeds=feed_addresses(entries), turn=turn)
        return page_reply(page)
