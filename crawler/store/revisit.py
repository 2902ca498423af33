"""When to come again: pure functions of what a visit found."""

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

REST_SHARE = 0.5
"""The share of its age that a page is left alone for: a story of four days is due again after two, a story of
two months after one. Over its first ten years a story costs about 40 visits."""

LIVELY = timedelta(days=3)
"""A discussion whose last comment is younger is alive: its story is due again after as long as it has been
quiet, so visits come thick after a comment and double their distance from there."""

UNKNOWN_AGE = timedelta(days=14)
"""What an article without a date is taken for."""

SHORTEST_REVISIT = timedelta(hours=3)
LONGEST_REVISIT = timedelta(days=120)

FIRST_RETRY = timedelta(seconds=2)
RETRY_GROWTH = 4
"""Retries wait 2 s, 8 s, 32 s, 2 min, 9 min, 34 min, ... : most hiccups end within one run, and a dead host
is asked a dozen times a week."""
LONGEST_RETRY = timedelta(days=1)
LONGEST_RETRY_AFTER = timedelta(days=7)
"""A `Retry-After` beyond this is a mistake or a jest; the address is tried again all the same."""

GONE_CHECKS = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
"""A page that is gone is looked for so often before it is given up."""


def next_visit_at(
    *,
    now: datetime,
    active_at: datetime | None,
    comments_at: datetime | None = None,
    is_growing: bool = False,
) -> datetime:
    """Return when a known article is to be fetched again.

    The wait is a share of the article's age, so visits thin out; while its discussion is alive they thicken.

    Args:
        now: When this visit took place; aware UTC.
        active_at: When the article was published or last modified, whichever is later; None: unknown.
        comments_at: When its newest comment was written, if known.
        is_growing: Comments were added since the visit before; the wait is the shortest one.

    Returns:
        A time between ``SHORTEST_REVISIT`` and ``LONGEST_REVISIT`` after ``now``.

    Example:
        >>> now = datetime(2026, 11, 23, tzinfo=UTC)
        >>> next_visit_at(now=now, active_at=now - timedelta(days=8)) - now
        datetime.timedelta(days=4)
        >>> week, day = now - timedelta(days=8), now - timedelta(days=1)
        >>> next_visit_at(now=now, active_at=week, comments_at=day) - now
        datetime.timedelta(days=1)
    """
    if is_growing:
        return now + SHORTEST_REVISIT
    wait = (now - active_at if active_at is not None else UNKNOWN_AGE) * REST_SHARE
    if comments_at is not None and now - comments_at <= LIVELY:
        wait = min(wait, now - comments_at)
    return now + min(max(wait, SHORTEST_REVISIT), LONGEST_REVISIT)


def retry_at(*, now: datetime, attempts: int, key: str, retry_after: timedelta | None = None) -> datetime:
    """Return when to try again what failed.

    Args:
        now: When it failed; aware UTC.
        attempts: Failures in a row, this one included; >= 1.
        key: The address; it alone decides the jitter of up to a half either way, so that pages that failed
            together do not come back together, and the same question has the same answer.
        retry_after: What the server asked for; a lower bound, itself bounded by ``LONGEST_RETRY_AFTER``.

    Example:
        >>> now = datetime(2026, 11, 23, tzinfo=UTC)
        >>> 1.0 <= (retry_at(now=now, attempts=1, key="u") - now).total_seconds() <= 3.0
        True
        >>> retry_at(now=now, attempts=1, key="u", retry_after=timedelta(minutes=5)) - now
        datetime.timedelta(seconds=300)
    """
    growth: int = RETRY_GROWTH ** min(max(attempts - 1, 0), 20)
    wait = min(FIRST_RETRY * growth, LONGEST_RETRY) * (0.5 + _share(key, attempts))
    if retry_after is not None:
        asked = min(max(retry_after, timedelta(0)), LONGEST_RETRY_AFTER)
        wait = max(wait, asked)
    return now + wait


def parse_retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """Read a `Retry-After`: seconds, or a date.

    Args:
        value: The header, or None where there is none.
        now: By our clock; aware UTC.

    Returns:
        A span >= 0; None for nothing or nonsense.

    Example:
        >>> parse_retry_after("Mon, 23 Nov 2026 07:00:30 GMT", now=datetime(2026, 11, 23, 7, tzinfo=UTC))
        datetime.timedelta(seconds=30)
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:12]), 10**9))
    moment = parse_http_date(text)
    return max(moment - now, timedelta(0)) if moment is not None else None


@lru_cache(maxsize=256)
def parse_http_date(value: str | None) -> datetime | None:
    """Read an HTTP date; None for nothing or nonsense.

    Example:
        >>> parse_http_date("Mon, 23 Nov 2026 07:00:30 GMT")
        datetime.datetime(2026, 11, 23, 7, 0, 30, tzinfo=datetime.timezone.utc)
    """
    try:
        moment = parsedate_to_datetime(value or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def recheck_gone_at(*, now: datetime, attempts: int) -> datetime | None:
    """Return when to look again for a page that is gone; None when it was looked for often enough.

    Args:
        now: When it was found gone; aware UTC.
        attempts: How often in a row, this time included; >= 1.
    """
    return now + GONE_CHECKS[attempts - 1] if attempts <= len(GONE_CHECKS) else None


def _share(key: str, attempts: int) -> float:
    """Return a number in [0, 1) that depends on nothing but the arguments."""
    digest = hashlib.blake2b(f"{attempts} {key}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32
