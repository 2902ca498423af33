"""The byline of a copied story page: name, dates and minutes in one glued line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.platforms.vocal.labels import MAX_NAME
from crawler.platforms.vocal.text_lines import MAX_LABEL, Line
from crawler.reading.dates import DateReading, find_relative_dates, parse_date

_BY = re.compile(r"by[: ]", re.IGNORECASE)
_DOT = r"(?:[•·|]|(?<=\s)[–—-](?=\s)|β€’|â€¢|В·|Â·)"
"""A separator, also as the usual mis-decodings of the first two."""
_AROUND_NAME = re.compile(r"^[\s•·|–—-]+|(?:[\s•·|,;:(–—-]|β€’|â€¢|В·|Â·)+$")
_PUBLISHED = re.compile(r"P(?:ublished|UBLISHED)|(?<!\w)published")
"""Glued to the name where it has a capital."""
_BEFORE = rf"\s*(?:{_DOT}|[,;])?\s*"
_LENGTH = r"(?:read(?:ing)? (?:time|length)|length)"
"""What some print before the minutes."""
_DATE_END = re.compile(
    rf"\s*(?:{_DOT}|[,;]? ?\b(?:last )?Updated\b|{_LENGTH}\b|\d{{1,4}}[ -]?min(?:ute)?s? read\b|$)",
    re.IGNORECASE,
)
_UPDATED = re.compile(rf"(?:{_BEFORE}|\. )(?:and )?\(?(?:last )?Updated\s*:?\s*(?=\S)", re.IGNORECASE)
_MINUTES = re.compile(
    rf"{_BEFORE}(?P<label>{_LENGTH}\s*:?\s*)?(?P<minutes>\d{{1,4}})[ -]?min(?:ute)?s?"
    rf"(?(label)(?: read)?| read)\b\s*{_DOT}?\s*",
    re.IGNORECASE,
)
_IN_TAGS = re.compile(
    rf"\s+in\s+(?P<tags>[^•·|]{{1,120}}?)\s*(?:{_DOT}\s*updated\s+(?P<updated>.{{1,60}}))?", re.IGNORECASE
)
_MINUTES_AHEAD = r"\d{1,4}[ -]?min(?:ute)?s? read\b"
_IN_PLACE = re.compile(
    rf"^ in [^•·|.,;:]{{1,60}}?(?= ?(?:{_DOT}|\bUpdated\b).{{0,60}}{_MINUTES_AHEAD}| ?{_MINUTES_AHEAD})",
    re.IGNORECASE,
)
_IN_NEW_PLACE = re.compile(rf"{_IN_PLACE.pattern}|^ in [^•·|/.,;:]{{1,60}}$", re.IGNORECASE)
"""The community after a date; the minutes behind it tell it from an old page's tags."""
_CONTINUES = re.compile(
    rf"{_DOT}?\s*(?:Published\b.*|Updated\b.*|\d{{1,4}}[ -]?min(?:ute)?s? read\s*|{_DOT})$", re.IGNORECASE
)
_TAIL = re.compile(r"(?:\bread|\bago)$", re.IGNORECASE)
"""The last word of a byline that says when or how long."""
_MAX_ROWS = 4
"""Most rows over which a narrow window breaks one."""


@dataclass(frozen=True, slots=True)
class Byline:
    """What one byline says.

    Attributes:
        printed: As found, up to the name's end: "By A B".
        name: The author's name, as printed.
        published: When, with its wording.
        updated: When last changed; None where not printed.
        minutes: Reading time, in minutes.
        tags: The labels old pages print after "in", in order.
        rest: What follows on the same line, such as a caption; "" where nothing does.
        is_old: The wording of 2020 to 2022, which puts the standfirst under the byline.
    """

    printed: str
    name: str
    published: DateReading | None
    updated: DateReading | None = None
    minutes: int | None = None
    tags: tuple[str, ...] = ()
    rest: str = ""
    is_old: bool = False

    @property
    def is_bare(self) -> bool:
        """Nothing in it is the platform's own wording: "by Ann Lee 2 years ago"."""
        return self.is_old and not self.tags and self.updated is None


def find_byline(
    lines: Sequence[Line], start: int, end: int, seen_at: datetime
) -> tuple[int, int, Byline] | None:
    """Return (first line, first line after, byline) of the first true byline.

    Args:
        lines: All lines of the page.
        start: Where to begin; the line after the community's logo.
        end: The first line too far down to be the page's own byline.
        seen_at: When the page was seen; aware UTC.
    """
    for index in range(start, min(end, len(lines))):
        whole: tuple[int, int, Byline] | None = None
        for text, after in _gather(lines, index):
            byline = parse_byline(text, seen_at=seen_at)
            if byline is None or (whole is not None and byline.rest):
                continue
            if whole is None or _n_told(byline) > _n_told(whole[2]):
                whole = index, after, byline
        if whole is not None:
            return whole
    return None


def parse_byline(text: str, *, seen_at: datetime) -> Byline | None:
    """Read one byline.

    The name may hold anything, "Published" too, so it ends at the last "Published" with a date after it.

    Args:
        text: One line, single blanks.
        seen_at: When the page was seen; aware UTC.

    Example:
        >>> from datetime import UTC
        >>> now = datetime(2026, 11, 23, tzinfo=UTC)
        >>> text = "By Ann LeePublished a year ago • Updated 3 days ago • 2 min read"
        >>> byline = parse_byline(text, seen_at=now)
        >>> byline.printed, byline.published.text, byline.updated.text, byline.minutes
        ('By Ann Lee', 'a year ago', '3 days ago', 2)
        >>> parse_byline("by Ann Lee 2 years ago in ode / sonnet", seen_at=now).tags
        ('ode', 'sonnet')
    """
    text = " ".join(text[:MAX_LABEL].split())
    if not _BY.match(text):
        return None
    current = _parse_current(text, seen_at)
    if current is not None and not current.rest:
        return current
    return _parse_old(text, seen_at) or current or _parse_short(text, seen_at)


def _gather(lines: Sequence[Line], index: int) -> list[tuple[str, int]]:
    """Return the line with the following ones that are pieces of one byline, then as one that was broken.

    A program breaks it at any blank, so the rows that follow without an empty one may go on with it.
    """
    label = lines[index].label
    if not _BY.match(label + " ") or len(label) > MAX_LABEL:
        return []
    after = index + 1
    if label.lower().rstrip(" :") == "by" and after < len(lines):
        label, after = f"{label} {lines[after].label}", after + 1
    pieces = [label]
    while after < len(lines) and len(pieces) < 6 and _CONTINUES.match(lines[after].label):
        pieces.append(lines[after].label)
        after += 1
    found = [(" ".join(pieces), after)]
    while after < min(index + _MAX_ROWS, len(lines)) and _may_go_on(lines[after]):
        pieces.append(lines[after].label)
        after += 1
        if _TAIL.search(pieces[-1]):
            found.append((" ".join(pieces), after))
    return found


def _may_go_on(line: Line) -> bool:
    return line.gap == 0 and not line.bullet and 0 < len(line.label) <= MAX_NAME and not _BY.match(line.label)


def _n_told(byline: Byline) -> int:
    """Return how many things a byline tells; one that was broken tells less without its other rows."""
    return (byline.updated is not None) + (byline.minutes is not None) + (not byline.rest)


def _clean_name(text: str) -> str:
    return _AROUND_NAME.sub("", text)


def _parse_current(text: str, seen_at: datetime) -> Byline | None:
    for match in reversed(list(_PUBLISHED.finditer(text, 3))):
        name, after = _clean_name(text[3 : match.start()]), text[match.end() :]
        found = _read_date(after, seen_at)
        if name and len(name) <= MAX_NAME and found is not None:
            published = found[0]
            place = (_IN_PLACE if text[0] == "b" else _IN_NEW_PLACE).match(found[1])
            rest = found[1][place.end() :] if place is not None else found[1]
            updated, minutes, rest = _read_rest(rest, seen_at)
            return Byline(f"{text[:2]} {name}", name, published, updated, minutes, rest=rest)
    return None


def _parse_short(text: str, seen_at: datetime) -> Byline | None:
    """Read "By Ann Lee · 3 days ago · 2 min read", in which the minutes tell the date from a name."""
    for start, end in reversed(list(find_relative_dates(text))):
        name, minutes = _clean_name(text[3:start]), _MINUTES.fullmatch(text, end)
        published = parse_date(text[start:end], seen_at=seen_at) if minutes is not None else None
        if minutes is not None and published is not None and 0 < len(name) <= MAX_NAME:
            return Byline(f"{text[:2]} {name}", name, published, minutes=int(minutes["minutes"]))
    return None


def _read_date(text: str, seen_at: datetime) -> tuple[DateReading, str] | None:
    """Read the date a text starts with; return it and what follows."""
    stripped = text.lstrip(" :")
    span = next(find_relative_dates(stripped), None)
    if span is not None and span[0] == 0:
        reading = parse_date(stripped[: span[1]], seen_at=seen_at)
        return None if reading is None else (reading, stripped[span[1] :])
    match = _DATE_END.search(stripped)
    if match is None or match.start() < 2:  # "3d"
        return None
    reading = parse_date(stripped[: match.start()], seen_at=seen_at, language="en")
    return None if reading is None else (reading, stripped[match.start() :])


def _read_rest(text: str, seen_at: datetime) -> tuple[DateReading | None, int | None, str]:
    updated, minutes = None, None
    match = _UPDATED.match(text)
    if match:
        found = _read_date(text[match.end() :], seen_at)
        if found is not None:
            updated, text = found[0], found[1].removeprefix(")")
    match = _MINUTES.match(text)
    if match:
        minutes, text = int(match["minutes"]), text[match.end() :]
    return updated, minutes, text.strip(" •·|–—-)")


def _parse_old(text: str, seen_at: datetime) -> Byline | None:
    spans = list(find_relative_dates(text))
    for is_tagged in (True, False):
        for start, end in reversed(spans):
            name, after = _clean_name(text[3:start]), text[end:]
            match = _IN_TAGS.fullmatch(after) if is_tagged else None
            if is_tagged != (match is not None) or (match is None and after.strip()):
                continue
            published = parse_date(text[start:end], seen_at=seen_at)
            if name and len(name) <= MAX_NAME and published is not None:
                return _to_old(f"{text[:2]} {name}", name, published, match, seen_at)
    return None


def _to_old(
    printed: str, name: str, published: DateReading, match: re.Match[str] | None, seen_at: datetime
) -> Byline:
    if match is None:
        return Byline(printed, name, published, is_old=True)
    tags = tuple(tag for part in match["tags"].split(" / ") if (tag := part.strip()))
    updated = parse_date(match["updated"], seen_at=seen_at, language="en") if match["updated"] else None
    return Byline(printed, name, published, updated, tags=tags, is_old=True)
