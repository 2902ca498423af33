"""What is copied above a story: the site's navigation, a consent notice, a mail's head and its greeting."""

import re
from collections.abc import Sequence
from datetime import datetime

from crawler.platforms.vocal.labels import is_badge
from crawler.platforms.vocal.text_byline import Byline, find_byline
from crawler.platforms.vocal.text_lines import LONG_LINE, Line
from crawler.platforms.vocal.text_sections import find_signed_about, fold_name

MAX_NAVIGATION = 40
"""Most lines copied above a story, where title and byline tell its beginning."""
_MAX_TITLES = 2
"""Most lines of titles: headline and standfirst."""
_MAX_TITLE = 300
"""Longest of them, in characters."""
_FEW = 5
"""Lines above a byline that are looked through without further evidence."""
_UNDER = 4
"""Lines under a byline that may be a badge, a count and the picture's words."""
_NAVIGATION = re.compile(
    r"skip to .{1,30}|menu|search|home|close|ok|got it|communities|challenges|resources|vocal(?:\+| logo)?"
    r"|create (?:a )?story|(?:top|latest) stories|(?:log|sign) (?:in|up|out)|join|get started|[×✕]"
    r"|.{0,200}\bcookies?\b.{0,200}|(?:accept|allow|reject|decline|deny)(?: all)?"
    r"|manage (?:preferences|settings|consent)|https?://\S+",
    re.IGNORECASE,
)
"""Words of the page around a story, as they are copied with it; also words of stories, so more must fit."""
_MENU = re.compile(
    r"explore|create|latest|top|discover|stories|creators|write(?: a story)?|notifications?|messages|profile"
    r"|account|settings|library|subscriptions?|about(?: us)?|help|support|contact|more|\d{1,3}\+?"
    r"|(?:from|sent|date|to|cc|subject|reply-to):.*",
    re.IGNORECASE,
)
"""Words that are navigation, or a mail's head, only under more of it: "Explore" may also be a headline."""


def skip_navigation(lines: Sequence[Line], start: int, seen_at: datetime) -> int:
    """Return the line after what was copied above titles and byline; ``start`` where nothing was.

    Args:
        lines: All lines of the text.
        start: Where to begin.
        seen_at: When the page was seen; aware UTC.
    """
    found = find_byline(lines, start, start + MAX_NAVIGATION, seen_at)
    if found is None or found[2].is_bare or found[0] == start:
        return start
    last = found[0] - 1
    while last > start and is_badge(lines[last].label):
        last -= 1
    title = fold_name(lines[last].label)
    if title and any(fold_name(line.label) == title for line in lines[found[1] : found[1] + _UNDER]):
        return last  # the picture's words repeat the headline
    above = range(start, last)
    after = next((index + 1 for index in reversed(above) if _is_navigation(lines, start, index)), start)
    if last - after < _MAX_TITLES or found[0] - start <= _FEW:
        return after if last - after < _MAX_TITLES else start
    is_sure = _is_signed(lines, found[1], found[2]) or (
        found[2].minutes is not None and not any(_is_prose(line) for line in lines[start:last])
    )
    return _find_titles(lines, after, last) if is_sure else start


def _is_navigation(lines: Sequence[Line], start: int, index: int) -> bool:
    label = lines[index].label
    return _NAVIGATION.fullmatch(label) is not None or (index > start and _MENU.fullmatch(label) is not None)


def _is_signed(lines: Sequence[Line], after: int, byline: Byline) -> bool:
    """Tell whether the block on the author below repeats the byline's name, so that it is the page's own."""
    return find_signed_about(lines, after, len(lines), byline.name) is not None


def _is_prose(line: Line) -> bool:
    return len(line.text) >= LONG_LINE and _NAVIGATION.fullmatch(line.label) is None


def _find_titles(lines: Sequence[Line], start: int, last: int) -> int:
    """Return the first of the titles that end with a line; no item of a list and no end of a block is one.

    Rows without an empty one between them are a block: a menu, a mail's head.
    """
    first = last - 1
    is_item = lines[first].bullet != lines[last].bullet or len(lines[first].text) > _MAX_TITLE
    ends_block = first > start and lines[first].gap == 0 and lines[last].gap > 0
    return last if is_item or ends_block else first
