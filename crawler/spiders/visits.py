"""What one fetch means: its outcome, what to keep, and when to come again. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from crawler.store.revisit import (
    LONGEST_REVISIT,
    SHORTEST_REVISIT,
    next_visit_at,
    parse_http_date,
    parse_retry_after,
    recheck_gone_at,
    retry_at,
)
from crawler.store.views import FAILED, FrontierEntry, Outcome

CLOCK_TOLERANCE: Final = timedelta(days=3650)
"""A `Date` further back than this says nothing about when the page was made."""

CLOCK_LEAD: Final = timedelta(days=1)
"""A `Date` further ahead of our clock is a mistake; believed, it would make all later visits older ones."""

_STATUS_OUTCOMES: Final[Mapping[int, Outcome]] = {
    206: "broken",
    304: "unchanged",
    401: "blocked",
    402: "login_wall",
    403: "blocked",
    404: "gone",
    407: "blocked",
    408: "later",
    410: "gone",
    425: "later",
    429: "later",
    451: "blocked",
}
_WAITS: Final[Mapping[Outcome, timedelta]] = {
    "blocked": timedelta(days=7),
    "login_wall": timedelta(days=30),
    "refused_address": timedelta(days=30),
    "too_large": timedelta(days=30),
    "broken": timedelta(days=7),
    "layout_changed": timedelta(days=1),
}
SITEMAP_WAIT: Final = timedelta(days=1)
"""Sitemaps are large and mostly written once a day."""

AUTHOR_WAIT: Final = timedelta(days=30)
"""Bios change seldom; an author who writes again is not visited more often for it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one address, free of Scrapy.

    Attributes:
        entry: What was asked for.
        url: Where the answer came from in the end, after redirects.
        status: HTTP status of the last answer.
        headers: By lower-case name; of a repeated one, all values joined by ", ".
        body: Decompressed; "" for a 304.
        via: Redirects on the way: (status, the address that redirected).
        received_at: By our clock; aware UTC.
    """

    entry: FrontierEntry
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    via: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """How a fetch ended.

    Attributes:
        outcome: One of DESIGN section 6.
        error: One sentence, None when it ended well.
        retry_after: How long the server asked to be left alone.
    """

    outcome: Outcome
    error: str | None = None
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """What a page tells about when to come again.

    Attributes:
        active_at: When the article was published or last modified, if printed.
        comments_at: When its newest comment was written, if printed.
        is_growing: It has more comments than at the visit before.
    """

    active_at: datetime | None = None
    comments_at: datetime | None = None
    is_growing: bool = False


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often pages are visited that have no age of their own.

    Attributes:
        every: How often the publication is due.
        start_urls: Addresses where a crawl of it starts; they are due again, further list pages are not.
    """

    every: timedelta
    start_urls: frozenset[str] = field(default_factory=frozenset)


def decide_by_status(status: int, headers: Mapping[str, str], *, now: datetime) -> Ending | None:
    """Tell how a fetch ended, as far as the status decides it.

    Args:
        status: Of the last answer.
        headers: By lower-case name.
        now: By our clock; for a `Retry-After` that names a date.

    Returns:
        None for a success: the page must be read to know.

    Source:
        RFC 9110 section 15; RFC 6585 (429); RFC 7725 (451); RFC 8470 (425).

    Example:
        >>> from datetime import UTC
        >>> decide_by_status(503, {"retry-after": "120"}, now=datetime(2026, 11, 23, tzinfo=UTC))
        Ending(outcome='later', error='the server answered 503', retry_after=datetime.timedelta(seconds=120))
    """
    # 206 is a part of a page, and we asked for no part.
    if 200 <= status < 300 and status not in _STATUS_OUTCOMES:
        return None
    outcome = _STATUS_OUTCOMES.get(status, "later" if status >= 500 else "broken")
    if outcome == "unchanged":
        return Ending(outcome)
    scheme = urlsplit(headers.get("location", "").strip()).scheme.lower()
    if 300 <= status < 400 and scheme not in ("", "http", "https"):
        return Ending("refused_address", f"it redirects to an address of kind {scheme}:")
    asked = parse_retry_after(headers.get("retry-after"), now=now) if outcome == "later" else None
    return Ending(outcome, f"the server answered {status}", asked)


def seen_at(headers: Mapping[str, str], *, received_at: datetime) -> datetime:
    """Return when a page was made: its `Date` less its `Age`, else when it was received.

    Args:
        headers: By lower-case name.
        received_at: By our clock; aware UTC.

    Source:
        RFC 9111 section 4.2.3: `Age` counts the seconds since a cache got the answer.

    Example:
        >>> from datetime import UTC
        >>> noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
        >>> seen_at({"date": "Mon, 23 Nov 2026 11:59:00 GMT", "age": "60"}, received_at=noon).isoformat()
        '2026-11-23T11:58:00+00:00'
    """
    made = parse_http_date(headers.get("date"))
    if made is None or not -CLOCK_TOLERANCE <= made - received_at <= CLOCK_LEAD:
        return received_at
    age = headers.get("age", "").strip()
    seconds = int(age) if age.isascii() and age.isdigit() and len(age) < 9 else 0
    return made - timedelta(seconds=seconds)


def close_entry(
    entry: FrontierEntry,
    ending: Ending,
    *,
    now: datetime,
    rhythm: Rhythm,
    rest: Rest = Rest(),
) -> FrontierEntry:
    """Return a frontier entry as it stands after a fetch.

    Validators stay as they are, but for a page that is gone; `keep_validators` puts new ones in.

    Args:
        entry: As it stood before.
        ending: How the fetch ended.
        now: By our clock; aware UTC.
        rhythm: Of its publication.
        rest: Of the article, where the page was one.
    """
    is_gone = ending.outcome == "gone"
    has_failed = ending.outcome in FAILED or is_gone
    if is_gone:
        # Should it come back as it was, "not modified" would not show it.
        entry = replace(entry, etag=None, last_modified=None)
    closed = replace(
        entry,
        outcome=ending.outcome,
        error=ending.error,
        fetched_at=now,
        attempts=entry.attempts + 1 if has_failed else 0,
    )
    return replace(closed, due_at=_due_after(closed, ending, now=now, rhythm=rhythm, rest=rest, before=entry))


def keep_validators(entry: FrontierEntry, headers: Mapping[str, str]) -> FrontierEntry:
    """Return the entry with the validators of a page that was read, both verbatim.

    Source:
        RFC 9110 section 8.8. That both must be stored on each 200 and sent back as they came is what three
        feed readers learned late (FINDINGS section 4).
    """
    return replace(
        entry, etag=_short(headers.get("etag")), last_modified=_short(headers.get("last-modified"))
    )


def conditions(entry: FrontierEntry) -> dict[str, bytes]:
    """Return the request headers that ask for a page only if it changed, byte for byte as they came."""
    headers = {"If-None-Match": entry.etag, "If-Modified-Since": entry.last_modified}
    return {name: value.encode("latin-1", "replace") for name, value in headers.items() if value is not None}


def _short(value: str | None) -> str | None:
    """Return a validator; one that no server would send is not kept.

    Source:
        RFC 9110 sections 5.5 and 8.8.3: beyond ASCII every byte may stand in it, control characters may not.
    """
    if not value or len(value) > 1_000 or any(mark < " " or mark == "\x7f" for mark in value):
        return None
    return value


def _due_after(
    closed: FrontierEntry, ending: Ending, *, now: datetime, rhythm: Rhythm, rest: Rest, before: FrontierEntry
) -> datetime | None:
    is_start = closed.url in rhythm.start_urls
    if ending.outcome == "later":
        return retry_at(now=now, attempts=closed.attempts, key=closed.url, retry_after=ending.retry_after)
    if is_start:
        return now + rhythm.every
    if ending.outcome in _WAITS:
        return now + _WAITS[ending.outcome]
    if ending.outcome == "gone":
        return recheck_gone_at(now=now, attempts=closed.attempts) if closed.role == "article" else None
    if ending.outcome == "moved":
        return None
    if closed.role in ("feed", "sitemap"):
        return now + (rhythm.every if closed.role == "feed" else max(rhythm.every, SITEMAP_WAIT))
    if closed.role not in ("article", "author"):
        return None
    if closed.role == "author":
        return now + AUTHOR_WAIT
    if ending.outcome == "unchanged" and before.fetched_at is not None:
        # Nothing was read: visits go on thinning out from the one before.
        gap = max(now - before.fetched_at, SHORTEST_REVISIT)
        return now + min(gap * 1.5, LONGEST_REVISIT)
    return next_visit_at(
        now=now, active_at=rest.active_at, comments_at=rest.comments_at, is_growing=rest.is_growing
    )
