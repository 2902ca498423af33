"""Addresses that text browsers and mail programs print beside links: numbers, lists, brackets."""

import re
from collections.abc import Sequence

_LIST_TITLE = re.compile(r"references|(?:visible|hidden) links:?", re.IGNORECASE)
_LISTED = re.compile(r"\d{1,4}\. \S{1,4000}")
_NUMBER = re.compile(r"\[(\d{1,4})\]")
_NUMBERED = re.compile(r"by \[\d{1,4}\]\S|\[\d{1,4}\].{1,60} logo$", re.IGNORECASE)
_ADDRESS = re.compile(r" ?<(https?://[^<>\s]{1,2000})>")
_ADDRESSED = re.compile(r"by [^<>]{1,100} ?<https?://[^<>\s]{1,2000}>", re.IGNORECASE)
_MAX_ROW = 10_000
"""Longest row looked at, in characters; no paragraph is longer."""


def drop_references(rows: Sequence[str]) -> list[str]:
    """Return the rows without the list of addresses that a text browser prints at the end.

    An author's own references look alike, so the page's byline or logo must have a number too, or the list
    the browser's title.

    Args:
        rows: Of the text.

    Example:
        >>> drop_references(["By [1]Ann Lee 2 years ago in ode", "References", "  1. https://vocal.media/"])
        ['By [1]Ann Lee 2 years ago in ode']
    """
    at, n_listed, has_title = len(rows), 0, False
    while at > 0:
        row = rows[at - 1].strip()
        if row and _LISTED.fullmatch(row) is None and _LIST_TITLE.fullmatch(row) is None:
            break
        n_listed += row[:1].isdigit()
        has_title = has_title or row.lower().startswith(("visible", "hidden"))
        at -= 1
    is_list = n_listed > 0 and any(_LIST_TITLE.fullmatch(row.strip()) for row in rows[at : at + 3])
    return list(rows[:at]) if is_list and (has_title or _is_numbered(rows)) else list(rows)


def take_off_addresses(rows: Sequence[str]) -> list[str]:
    """Return the rows without the numbers and addresses of links; as they are where the byline has none.

    Numbers of links count up through the text, so a number out of turn is the author's.

    Args:
        rows: Of the text, wraps undone.

    Example:
        >>> take_off_addresses(["By [1]Ann Lee 2 years ago in [2]ode", "A year [1984] of [3]rain."])
        ['By Ann Lee 2 years ago in ode', 'A year [1984] of rain.']
        >>> take_off_addresses(["By Ann Lee <https://vocal.media/authors/ann> 2 years ago in ode"])
        ['By Ann Lee 2 years ago in ode']
    """
    kept = list(rows)
    if _is_numbered(rows):
        kept = _without_numbers(kept)
    if any(_ADDRESSED.match(row.strip()[:3_000]) for row in rows):
        kept = [_without_addresses(row) for row in kept]
    return kept


def _is_numbered(rows: Sequence[str]) -> bool:
    return any(_NUMBERED.match(row.strip()) for row in rows if "[" in row[:200] and len(row) < _MAX_ROW)


def _without_numbers(rows: Sequence[str]) -> list[str]:
    last = 0

    def drop(match: re.Match[str]) -> str:
        """Drop the next number in turn; one or two may be hidden with their links."""
        nonlocal last
        if not last < int(match[1]) <= last + 3:
            return match[0]
        last = int(match[1])
        return ""

    return [_NUMBER.sub(drop, row) for row in rows]


def _without_addresses(row: str) -> str:
    if len(row) > _MAX_ROW or "<http" not in row:
        return row
    return _ADDRESS.sub("", row) if _ADDRESS.sub("", row).strip() else _ADDRESS.sub(r"\1", row)
