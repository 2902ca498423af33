"""Conditional requests and content coding: what a client has and what it takes; pure functions."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

_TAG = re.compile(r'[\s,]*(?P<weak>W/)?"(?P<tag>[^"\x00-\x20\x7f]*)"\s*(?:,|$)')
_CODING = re.compile(r"\s*([\w*!#$%&'+.^`|~-]+)\s*(?:;\s*[qQ]\s*=\s*([01](?:\.\d{0,3})?)\s*)?\Z")

CODINGS = ("br", "gzip")
"""Content codings we can send, the best first."""

_ALIASES = {"x-gzip": "gzip"}


def parse_etags(header: str, *, is_strong: bool = False) -> list[str] | None:
    """Return the opaque tags of a condition, quotes and weakness taken off; None for "*".

    Args:
        header: The value of ``If-None-Match`` or ``If-Match``; several fields joined by commas.
        is_strong: Leave out weak tags, which a strong comparison never confirms.

    Returns:
        What stands before the first fault.

    Source:
        RFC 9110 sections 13.1.1 and 13.1.2: the comparison is strong for ``If-Match``, else weak.

    Example:
        >>> parse_etags('W/"a", "b"')
        ['a', 'b']
    """
    if header.strip() == "*":
        return None
    tags = []
    position = 0
    while found := _TAG.match(header, position):
        if not (is_strong and found["weak"]):
            tags.append(found["tag"])
        position = found.end()
    return tags


def match_etag(header: str, digest: str, coding: str | None) -> str | None:
    """Return the tag to confirm in a 304, or None when the client must be sent the body.

    A body has one tag in each coding (``digest``, ``digest-gzip``, ``digest-br``). A client may hold any of
    them; it is told that the one it holds is fresh.

    Args:
        header: The ``If-None-Match``.
        digest: Of the content as it is now.
        coding: In which the body would be sent now; None for plain.

    Example:
        >>> match_etag('"x", "abc-gzip"', "abc", "br")
        'abc-gzip'
    """
    own = to_tag(digest, coding)
    held = parse_etags(header)
    if held is None or own in held:
        return own
    variants = {to_tag(digest, each) for each in (None, *CODINGS)}
    return next((tag for tag in held if tag in variants), None)


def is_wanted(if_match: str | None, if_unmodified_since: str | None, tag: str, modified_at: datetime) -> bool:
    """Tell whether a client that wants only what it knows, or nothing, may be sent a body.

    Args:
        if_match: The ``If-Match``; None when the client sent none.
        if_unmodified_since: The same; counts only without ``If-Match``, and only as a date that can be read.
        tag: Of the body in the coding that would be sent, without its quotes.
        modified_at: Aware UTC, in whole seconds.

    Source:
        RFC 9110 sections 13.1.1, 13.1.4 and 13.2: an origin server must look at them before all else.

    Example:
        >>> now = datetime(2026, 11, 3, 9, tzinfo=UTC)
        >>> is_wanted('"a", "b"', None, "b", now), is_wanted('W/"b"', None, "b", now)
        (True, False)
        >>> is_wanted(None, "Tue, 03 Nov 2026 08:59:59 GMT", "b", now)
        False
    """
    if if_match is not None:
        held = parse_etags(if_match, is_strong=True)
        return held is None or tag in held
    since = _read_date(if_unmodified_since) if if_unmodified_since is not None else None
    return since is None or modified_at <= since


def to_tag(digest: str, coding: str | None) -> str:
    """Return the opaque tag of a body in a coding."""
    return f"{digest}-{coding}" if coding else digest


def is_unmodified(header: str, modified_at: datetime) -> bool:
    """Tell whether ``If-Modified-Since`` allows a 304; a date that can't be read is passed over.

    Args:
        header: The field's value.
        modified_at: Aware UTC, in whole seconds.
    """
    since = _read_date(header)
    return since is not None and modified_at <= since


def _read_date(header: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def to_http_date(moment: datetime) -> str:
    """Return an instant as HTTP prints it.

    Example:
        >>> to_http_date(datetime(2026, 11, 3, 9, tzinfo=UTC))
        'Tue, 03 Nov 2026 09:00:00 GMT'
    """
    return format_datetime(moment.astimezone(UTC), usegmt=True)


@lru_cache(maxsize=256)
def choose_coding(header: bytes) -> str | None:
    """Return the content coding to send, None for plain.

    Args:
        header: ``Accept-Encoding``; b"" when the client sent none.

    Source:
        RFC 9110 section 12.5.3.

    Example:
        >>> choose_coding(b"gzip, br;q=0.5"), choose_coding(b"identity"), choose_coding(b"*")
        ('gzip', None, 'br')
    """
    weights: dict[str, float] = {}
    for part in header.decode("latin-1").split(","):
        if found := _CODING.match(part):
            weights[_ALIASES.get(found[1].lower(), found[1].lower())] = float(found[2]) if found[2] else 1.0
    best, best_weight = None, 0.0
    for coding in CODINGS:
        weight = weights.get(coding, weights.get("*", 0.0))
        if weight > best_weight:
            best, best_weight = coding, weight
    return best if best_weight >= weights.get("identity", 0.0) else None
