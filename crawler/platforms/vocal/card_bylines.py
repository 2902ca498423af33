"""Who wrote a listed story and when, by a line of its card, in whatever way the pieces are glued."""

import re
from collections.abc import Sequence
from itertools import accumulate

from crawler.platforms.base import PageInput
from crawler.platforms.vocal.bylines import is_author_link, time_value
from crawler.platforms.vocal.cards import Card
from crawler.reading.dates import find_days, find_relative_dates, parse_date
from crawler.reading.outline import DATE_TAGS, Line, text_of
from crawler.reading.relative import parse_age

MAX_TITLE = 300
"""Longest line of a card that is looked at for a day, in characters; a title may be four times as long."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_AFTER_DATE = re.compile(
    r"\s*(?:[•·|]?\s*in(?:\s.{1,80})?|[•·|]?\s*\d{1,4} min(?:ute)?s? read)?"
    r"(?:\s*[•·|][^•·|]{1,40}){0,4}(?:[\s•·|]+\d{1,7}(?: (?:comments?|likes?|reads?|views?))?){0,4}[\s•·|]*",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    {
        "a", "all", "an", "and", "any", "day", "dint", "every", "far", "her", "his", "it", "its", "my",
        "night", "no", "noon", "now", "one", "our", "that", "the", "their", "then", "these", "this",
        "those", "way", "your",
    }
)  # fmt: skip
"""Small words after "By" that begin a sentence and no name."""
_MAX_INITIALS = 4
"""Longest last word of a name that ends in a full stop, in characters: "Esq."."""
_PUBLISHED_END = re.compile(r"(?:Published|PUBLISHED)?(?:\s(?:on|ON))?$")


def read_card_byline(
    line: Line, parts: Sequence[str], card: Card, page: PageInput, *, is_title: bool
) -> bool:
    """Take author and date from a line; return whether it has a date.

    Args:
        line: Of a card.
        parts: Its pieces, without what is printed between them.
        card: To be filled.
        page: The page.
        is_title: It may be the title: "By the River" names no author there.
    """
    link = next((mark for mark in line.marks if is_author_link(mark) and text_of(mark)), None)
    if link is not None and card.author is None:
        card.author = text_of(link)
    timed = next((mark for mark in line.marks if mark.tag in DATE_TAGS and time_value(mark)), None)
    exact = time_value(timed) if timed is not None else None
    spans = list(find_relative_dates(line.text)) if len(line.text) < 1_000 else []
    if not spans and exact is None and not is_title and len(line.text) < MAX_TITLE:
        spans = _find_days(line.text, parts, page)
    if not spans and exact is None:
        if not is_title and line.tag not in _HEADINGS and (name := _undated_author(line.text)):
            card.guesses.append(name)
        return False
    if line.tag in _HEADINGS and exact is None:
        return False
    start, end = spans[-1] if spans else _place_of(text_of(timed) if timed is not None else "", line.text)
    if not _AFTER_DATE.fullmatch(line.text, end):
        return False
    reading = parse_date(exact or line.text[start:end], seen_at=page.seen_at)
    if link is not None and card.published is None:
        card.author = text_of(link)  # surer than a link in the words above
    card.published = card.published or reading
    if card.author is None:
        ended, begun = _parts_before(line.text[:start], parts)
        before = _without_title(line, line.text[:start])
        guess = card.guesses[-1] if card.guesses else _lone_name(card.last_line)
        is_beside = start < end or not card.guesses or before[:3].lower() == "by "
        card.author = (_glued_author(begun, before, ended, parts) if is_beside else None) or guess
    return True


def _place_of(date: str, text: str) -> tuple[int, int]:
    """Return where a date stands in a line that only its element tells; at the end where it has no words."""
    start = text.rfind(date) if date else -1
    return (start, start + len(date)) if start >= 0 else (len(text), len(text))


def author_after(title: str, text: str) -> str | None:
    """Return the name in "TITLE by NAME"."""
    return _undated_author(text.partition(title)[2].strip(" ,•·|-–—")) if title else None


def _undated_author(text: str) -> str | None:
    """Return the name in "By Ann Lee"; None where that is a standfirst: "By the light of the moon"."""
    name = text[3:].strip() if text[:3].lower() == "by " and len(text) < 100 else ""
    return name if name and name.split()[0] not in _NO_NAMES else None


def _find_days(text: str, parts: Sequence[str], page: PageInput) -> list[tuple[int, int]]:
    """Return where a line of a card names a day, or an age in a piece of its own: "Jan 5, 2024", "3d"."""
    found = list(find_days(text))
    if not found:
        own = (part for part in parts if len(part) < 20 and parse_age(part.lower()) is not None)
        found = [(text.rindex(part), text.rindex(part) + len(part)) for part in own if part in text]
    known = (span for span in found if parse_date(text[slice(*span)], seen_at=page.seen_at, language="en"))
    return list(known)


def _without_title(line: Line, before: str) -> str:
    """Return what stands before a date without the linked title that begins the line."""
    titles = (text_of(mark) for mark in line.marks if mark.tag == "a" and not is_author_link(mark))
    title = next((text for text in titles if text and before.startswith(text)), "")
    rest = before[len(title) :].strip()
    return rest or before


def _lone_name(text: str | None) -> str | None:
    """Return the line right before a date where it can be a name: up to four words, no sentence."""
    if text is None or len(text) > 60 or len(text.split()) > 4 or text[-1] in "!?:":
        return None
    return text if text[-1] != "." or _ends_in_initials(text) else None


def _ends_in_initials(text: str) -> bool:
    """Tell "Ann Lee Jr." and "Ann L." from a sentence of a few words."""
    words = text.split()
    return len(words) > 1 and len(words[-1]) <= _MAX_INITIALS and all(word[0].isupper() for word in words)


def _glued_author(begun: str, before: str, ended: Sequence[str], parts: Sequence[str]) -> str | None:
    """Return the name before a date: "By Ann Lee", "Ann LeePublished ", or the part that says so.

    Args:
        begun: As `_parts_before` gives it.
        before: What stands before the date, without a title.
        ended: The parts of the line that end before the date.
        parts: Of the line.
    """
    name = _plain_name(begun)
    if not name:
        told = [part for part in reversed(ended) if part in before]
        own = next((part for part in told if part.lower().startswith("by ")), None)
        last = next((part for part in told if part not in ("By", "Published")), None)
        if own is not None:
            name = before[before.rindex(own) :]
        else:
            name = last if last is not None and len(parts) > 2 else before
        name = _plain_name(name)
    return name if 0 < len(name) <= 100 else None


def _parts_before(before: str, parts: Sequence[str]) -> tuple[list[str], str]:
    """Return the parts that end before the date, and the beginning of the one that the date stands in."""
    n_left = sum(char.isalnum() for char in before)
    for at, part in enumerate(parts):
        n_own = sum(char.isalnum() for char in part)
        if n_left < n_own:
            seen = accumulate(char.isalnum() for char in part)
            begun = part[: next(place for place, count in enumerate(seen) if count > n_left)]
            return [ended for ended in parts[:at] if any(map(str.isalnum, ended))], begun
        n_left -= n_own
    return list(parts), ""


def _plain_name(text: str) -> str:
    name = _PUBLISHED_END.sub("", text.strip()).strip(" •·|,–—-")
    return name[3:].strip() if name[:3].lower() == "by " else ("" if name.lower() == "by" else name)
