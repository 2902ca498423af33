"""Notices of the page where a body stands: that the rest is withheld, or that it may hurt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.platforms.vocal.labels import label_of
from crawler.platforms.vocal.sections import Span
from crawler.reading.outline import Line
from crawler.records import Access

_WITHHELD = re.compile(
    r"(?:this|the (?:full|rest of (?:this|the))) (?:story|post|article|piece) is (?:only )?(?:available )?"
    r"(?:for|to) (?:paid |paying |vocal\+? )?(?:members|subscribers)(?: only| of vocal.{0,20})?"
    r"(?:[.!]|[.!,;–-] ?(?:become|subscribe|join|upgrade|sign|log|create|register)\b.{0,80})?"
    r"|members[- ]only(?: (?:story|post|article))?",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"(?:please )?(?:subscribe|sign (?:in|up)|log ?in|join|register|upgrade|become a member"
    r"|create (?:a|an|your) (?:free )?account)\b.{0,30}?"
    r" to (?:continue|keep|finish|read|unlock|see|view)\b.{0,60}"
    r"|continue reading with .{1,60}|you must be (?:logged|signed) in\b.{0,60}"
    r"|you(?:.ve| have) reached .{0,40}limit.{0,40}",
    re.IGNORECASE,
)
"""What stands at the end of the part of a story that is shown."""
_ASKS = re.compile(
    r"(?:become a .{0,20}member|subscribe|join|upgrade|sign (?:up|in)|log ?in|already (?:a|have) )\b.{0,60}"
    r"|unlock (?:this|the full|the rest of this) .{0,60}",
    re.IGNORECASE,
)
_WARNS = re.compile(
    r"(?:this \w{1,10} )?may contain sensitive material or discuss topics that some readers may find "
    r"distressing\b.*"
    r"|the views and opinions expressed in this story are those of the author and do not necessarily\b.*",
    re.IGNORECASE,
)
_PAID = re.compile(r"\b(?:paid|paying)\b", re.IGNORECASE)
_BEGINS = frozenset(
    form
    for begin in (
        "this ",
        "the f",
        "the r",
        "the v",
        "membe",
        "may c",
        "subsc",
        "sign ",
        "log i",
        "login",
        "join ",
        "regis",
        "upgra",
        "becom",
        "creat",
        "conti",
        "you m",
        "you'v",
        "you’v",
        "you h",
        "pleas",
    )
    for form in (begin, begin.capitalize(), begin.upper())
)
"""How what `_WITHHELD`, `_WARNS` and `_CONTINUES` match begins; a look at it spares most lines the rest."""
_MAX_NOTICE = 400
"""Longest notice, in characters."""
_MAX_MARK = 30
"""Longest mark above a story, in characters: "Members-only story"."""
_MAX_BELOW = 200
"""Longest line below a notice that the rest is withheld, in characters; in a longer one the story goes on."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What a page says instead of its story, or before it.

    Attributes:
        access: Who may read the whole.
        lines: The notices' own lines and the buttons that belong to them.
    """

    access: Access = "free"
    lines: frozenset[int] = frozenset()


def find_gate(lines: Sequence[Line], span: Span) -> Gate:
    """Find the notices between byline and next section.

    A story may say such a thing too. So the notice that the rest is withheld has some of the story above it
    and nothing below, or it is a mark above the first paragraph.

    Args:
        lines: All lines of the page.
        span: Where the body may stand.
    """
    notices = [
        at for at in range(*span) if lines[at].text[:5] in _BEGINS and len(lines[at].text) <= _MAX_NOTICE
    ]
    if not notices:
        return Gate()
    access: Access = "free"
    found: set[int] = set()
    prose = (at for at in range(*span) if lines[at].tag == "p" and len(lines[at].text) > _MAX_MARK)
    first_prose = next(prose, span[1])
    last_long = next((at for at in reversed(range(*span)) if len(lines[at].text) > _MAX_BELOW), 0)
    asking = {at for at in range(notices[0], span[1]) if lines[at].text and _belongs(lines[at])}
    last_asking = max(asking, default=-1)
    told = (at for at in reversed(range(notices[0], span[1])) if at not in asking and _is_told(lines[at]))
    last_told = next(told, -1)
    ended = span[1]
    for index in notices:
        text = lines[index].text
        if _WARNS.fullmatch(text):
            found.add(index)
        elif _WITHHELD.fullmatch(text) or _is_asked(lines[index], is_pressed=index < last_asking):
            is_end = first_prose < index >= last_long and index >= last_told
            is_short = lines[index].tag != "p" and len(text) <= _MAX_MARK
            is_mark = first_prose >= index and is_short and _WITHHELD.fullmatch(text) is not None
            if is_end or is_mark:
                access = "paid" if _PAID.search(text) else "members"
                found.add(index)
            ended = min(ended, index) if is_end else ended
    found.update(at for at in asking if at >= ended)
    return Gate(access, frozenset(found))


def _is_told(line: Line) -> bool:
    """Tell a paragraph that may be the story's own: a notice above it is not the end."""
    return line.tag == "p" and not line.marks


def _is_asked(line: Line, *, is_pressed: bool) -> bool:
    """Tell "Sign in to continue reading" from a last sentence so worded: by its element or a button below."""
    return _CONTINUES.fullmatch(line.text) is not None and (line.tag != "p" or is_pressed)


def _belongs(line: Line) -> bool:
    """Tell what a notice asks of the reader, and its buttons."""
    is_button = line.tag == "button" or label_of(line.text) is not None
    return is_button or any(pattern.fullmatch(line.text) for pattern in (_ASKS, _WITHHELD))
