"""Dates as printed, turned into intervals that hold the true instant.

"11 months ago" is not an instant and "March 3, 2024" is not one either: each is an interval. An interval
seen later narrows one stored earlier (`intersect_bounds`), so the date of an article sharpens with every
crawl.
"""

import re
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from crawler.reading.relative import RELATIVE_WORDING, Ages, parse_age

Bounds = tuple[datetime, datetime]
"""(earliest, latest) instant, aware UTC, both inclusive."""

MAX_TEXT = 120
"""Longest text tried, in characters; a date with weekday, zone and label has under 80."""

_EAST, _WEST = timedelta(hours=14), timedelta(hours=12)
"""A local time without a zone may be up to 14 h ahead of UTC and 12 h behind it."""

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?\\.?" for name in _MONTHS).replace("sep(?:", "sept?(?:")
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? +)?"
_ZONE = r"z|(?:utc|gmt)?[+-]\d\d?(?::?\d\d)?|utc|gmt|[ecmp][sd]t|cet|cest|bst"
_CLOCK = (
    r"(?:,? (?:at |[-–|@] )?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?"
    rf"(?: ?(?P<zone>{_ZONE}))?)?"
)
_CLOCK_FIRST = re.compile(
    rf"(?P<clock>\d{{1,2}}[:.]\d\d(?::\d\d)?(?: ?[ap]\.?m\b\.?)?(?: ?(?:{_ZONE})\b)?)"
    r"(?:,|,? on| [-–|])? (?!\d{4}$)(?P<day>[a-z\d].+)"
)
_DAY_FORMS = tuple(
    re.compile(_WEEKDAY + form + _CLOCK)
    for form in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        rf"(?P<name>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)?[ -](?P<name>{_MONTH})(?:,?[ -](?P<year>\d{{4}}))?",
        rf"(?P<year>\d{{4}}),? (?P<name>{_MONTH}) (?P<day>\d{{1,2}})",
        r"(?P<year>\d{4})[年년] ?(?P<month>\d{1,2})[月월] ?(?P<day>\d{1,2})[日일](?: ?[(（][^\W\d]+[)）])?",
    )
)
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[tT ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)? ?([zZ]|[+-]\d\d(?::?\d\d)?)?"
)
_ISO_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?(z|[+-]\d\d(?::?\d\d)?)?")
_NUMERIC = re.compile(r"(?P<first>\d{1,2})[/.](?P<second_number>\d{1,2})[/.](?P<year>\d{4})" + _CLOCK)
_MONTH_YEAR = re.compile(rf"(?P<name>{_MONTH}),? (?P<year>\d{{4}})")
_RFC_822 = re.compile(r"(?:[a-z]{3,9},? )?\d{1,2}[ -][a-z]{3}[ -]\d{2,4} \d\d:\d\d.*", re.IGNORECASE)
_EPOCH = re.compile(r"(?:\d{10}|\d{13})")
_LABEL = re.compile(
    r"^(?:(?:first |originally |last |date )?"
    r"(?:published|posted|updated|edited|modified|created|written|added|commented|replied|shared|date)"
    r"(?: (?:on|at|:))?|on)\b[:\s]*",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "bst": 1, "cet": 1, "cest": 2,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_DAY_IN_LINE = re.compile(
    rf"\d{{4}}-\d\d-\d\d(?!\d)"
    rf"|(?-i:(?=[A-Z]))(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,? \d{{4}}(?!\d))?"
    rf"|(?<!\d)(?<!\d:)\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH})(?![a-z])(?:,? \d{{4}}(?!\d))?",
    re.IGNORECASE,
)
_GUESSED_UNITS = tuple(timedelta(hours=hours) for hours in (365 * 24, 30 * 24, 24, 1))
_RELATIVE = re.compile(RELATIVE_WORDING, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateReading:
    """A printed date.

    Attributes:
        at: Best guess inside ``bounds``: the instant itself where ``is_exact``, the middle of a relative
            wording's interval, noon UTC of a printed day.
        bounds: (earliest, latest), aware UTC, both inclusive.
        text: The date as printed, without label and with single blanks.
        is_exact: The text named an instant, with time and zone.
    """

    at: datetime
    bounds: Bounds
    text: str
    is_exact: bool


def parse_date(
    text: str, *, seen_at: datetime, language: str | None = None, is_timeago: bool = True
) -> DateReading | None:
    """Read a printed date, relative or absolute.

    Args:
        text: As printed, a label before it allowed ("Published 3d ago"). Any string: what is no date gives
            None, and so does a bare year, which is more often a line of rights.
        seen_at: When the page was served; aware. No interval of a relative wording reaches beyond it.
        language: BCP 47 tag of the page, a hint for wordings that are not English and for 03/04/2024.
        is_timeago: See `crawler.reading.relative.parse_age`.

    Raises:
        ValueError: ``seen_at`` is naive.

    Example:
        >>> reading = parse_date("Published 11 months ago", seen_at=datetime(2026, 11, 18, tzinfo=UTC))
        >>> [str(bound.date()) for bound in reading.bounds], reading.text
        (['2025-12-08', '2026-01-07'], '11 months ago')
        >>> parse_date("© 2026", seen_at=datetime(2026, 11, 18, tzinfo=UTC)) is None
        True
    """
    if seen_at.utcoffset() is None:
        raise ValueError("seen_at is naive: times must be aware")
    if len(text) > 4 * MAX_TEXT:
        return None
    if text[10:11] == "T" and text[-1:] == "Z":  # as programs write it, and quick to read
        try:
            return _exact(datetime.fromisoformat(text), text)
        except ValueError:
            pass
    ages = parse_age(text.lower(), is_timeago=is_timeago)
    if ages is not None:
        return _of_ages(ages, text, seen_at.astimezone(UTC))
    printed = _LABEL.sub("", _BLANKS.sub(" ", text).strip(" •·|,-–—")).strip(" •·|,-–—.")
    if not printed or len(printed) > MAX_TEXT:
        return None
    seen_at = seen_at.astimezone(UTC)
    wording = printed.lower()
    try:
        ages = parse_age(wording, is_timeago=is_timeago)
        if ages is not None:
            return _of_ages(ages, printed, seen_at)
        return _parse_absolute(wording, printed, seen_at, language)
    except (ValueError, OverflowError):
        return None


def _of_ages(ages: Ages, printed: str, seen_at: datetime) -> DateReading | None:
    try:
        earliest, latest = seen_at - ages[1], seen_at - ages[0]
    except OverflowError:
        return None
    return DateReading(earliest + (latest - earliest) / 2, (earliest, latest), printed, False)


def intersect_bounds(stored: Bounds, seen: Bounds) -> Bounds | None:
    """Return what two intervals for one date have in common, or None when they contradict each other.

    Example:
        >>> day = [datetime(2026, 1, n, tzinfo=UTC) for n in range(1, 5)]
        >>> intersect_bounds((day[0], day[2]), (day[1], day[3])) == (day[1], day[2])
        True
        >>> intersect_bounds((day[0], day[1]), (day[2], day[3])) is None
        True
    """
    earliest, latest = max(stored[0], seen[0]), min(stored[1], seen[1])
    return (earliest, latest) if earliest <= latest else None


def find_relative_dates(text: str) -> Iterator[tuple[int, int]]:
    """Yield where relative dates stand in a line, as (start, end) offsets, first to last.

    Args:
        text: One line with plain blanks; neighbors may be glued: a name before a number or an article
            ("Ann2 years ago", "Anna day ago"), a capital or a digit after "ago" ("a day agoUpdated").

    Example:
        >>> line = "By AnnPublished 2 years ago Updated a day ago 6 min read"
        >>> [line[start:end] for start, end in find_relative_dates(line)]
        ['2 years ago', 'a day ago']
    """
    if may_hold_relative_date(text):  # the pattern is slow where it fails
        for match in _RELATIVE.finditer(text):
            yield match.span()


def find_days(text: str) -> Iterator[tuple[int, int]]:
    """Yield where days are named in a line, as (start, end) offsets, first to last.

    Args:
        text: One line with plain blanks; what stands before a day may be glued to it.

    Example:
        >>> line = "By AnnPublished January 5, 2024 in Journal"
        >>> [line[start:end] for start, end in find_days(line)]
        ['January 5, 2024']
    """
    if any(char.isdigit() for char in text):
        for match in _DAY_IN_LINE.finditer(text):
            yield match.span()


def may_hold_relative_date(text: str) -> bool:
    """Tell, much faster than `find_relative_dates`, most lines in which it finds nothing.

    Example:
        >>> may_hold_relative_date("Ann 2 days AGO"), may_hold_relative_date("A quiet lake")
        (True, False)
    """
    lowered = text.lower()
    return "ago" in lowered or "now" in lowered or "yesterday" in lowered


def _parse_absolute(
    wording: str, printed: str, seen_at: datetime, language: str | None
) -> DateReading | None:
    iso = _ISO.fullmatch(wording) or _ISO.fullmatch(wording := _in_usual_order(wording))
    if iso:
        return _read_iso(iso, printed, seen_at)
    if _EPOCH.fullmatch(wording):
        seconds = int(wording) / (1000 if len(wording) == 13 else 1)
        return _exact(datetime.fromtimestamp(seconds, UTC), printed)
    for form in _DAY_FORMS:
        match = form.fullmatch(wording)
        if match:
            return _read_day(match, printed, seen_at)
    match = _NUMERIC.fullmatch(wording)
    if match:
        return _read_numeric(match, printed, seen_at, language)
    match = _MONTH_YEAR.fullmatch(wording)
    if match:
        return _read_month(int(match["year"]), _month_number(match["name"]), printed, seen_at)
    if _RFC_822.fullmatch(printed):
        instant = parsedate_to_datetime(printed)
        if instant.tzinfo is None:
            return _within(instant, timedelta(minutes=1), printed, seen_at)
        return _exact(instant, printed)
    return _ask_dateparser(printed, seen_at, language)


def _in_usual_order(wording: str) -> str:
    """Return a wording with the hour behind the day, and with the marks that ISO 8601 allows to leave out."""
    basic = _ISO_BASIC.fullmatch(wording)
    if basic:
        year, month, day, hour, minute, second, zone = basic.groups()
        return f"{year}-{month}-{day}t{hour}:{minute}:{second or '00'}{zone or ''}"
    turned = _CLOCK_FIRST.fullmatch(wording)
    return f"{turned['day']} {turned['clock']}" if turned else wording


def _exact(instant: datetime, printed: str) -> DateReading:
    utc = instant.astimezone(UTC)
    if not 1900 < utc.year < 9000:
        raise ValueError(f"no date of a publication: year {utc.year}")
    return DateReading(utc, (utc, utc), printed, True)


def _within(local: datetime, length: timedelta, printed: str, seen_at: datetime) -> DateReading:
    """Read a local time of ``length`` in an unknown zone; not beyond ``seen_at`` unless it wholly is."""
    start = local.replace(tzinfo=UTC)
    if not 1900 < start.year < 9000:
        raise ValueError(f"no date of a publication: year {start.year}")
    earliest, latest = start - _EAST, start + length + _WEST
    if earliest <= seen_at:
        latest = min(latest, seen_at)
    return DateReading(min(max(start + length / 2, earliest), latest), (earliest, latest), printed, False)


def _read_iso(match: re.Match[str], printed: str, seen_at: datetime) -> DateReading:
    year, month, day, hour, minute = (int(match[group]) for group in range(1, 6))
    fraction = int((match[7] or "0")[:6].ljust(6, "0"))
    local = datetime(year, month, day, hour, minute, min(int(match[6] or 0), 59), fraction)
    if match[8] is None:
        return _within(local, timedelta(0), printed, seen_at)
    return _exact(local.replace(tzinfo=_zone(match[8])), printed)


def _read_day(match: re.Match[str], printed: str, seen_at: datetime) -> DateReading | None:
    groups = match.groupdict()
    month = _month_number(match["name"]) if groups.get("name") else int(match["month"])
    day = int(match["day"])
    if groups["year"]:
        return _read_clock(match, datetime(int(match["year"]), month, day), printed, seen_at)
    for year in (seen_at.year, seen_at.year - 1):
        if (month, day) == (2, 29) and not isleap(year):
            continue
        candidate = datetime(year, month, day)
        if candidate.replace(tzinfo=UTC) - _EAST <= seen_at:
            return _read_clock(match, candidate, printed, seen_at)
    return None


def _read_clock(match: re.Match[str], day: datetime, printed: str, seen_at: datetime) -> DateReading:
    if match["hour"] is None:
        return _within(day, timedelta(days=1), printed, seen_at)
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] == "p" else 0)
    fraction = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    local = day.replace(
        hour=hour, minute=int(match["minute"]), second=int(match["second"] or 0), microsecond=fraction
    )
    if match["zone"] is None:
        length = timedelta(0) if match["second"] else timedelta(minutes=1)
        return _within(local, length, printed, seen_at)
    return _exact(local.replace(tzinfo=_zone(match["zone"])), printed)


def _read_numeric(match: re.Match[str], printed: str, seen_at: datetime, language: str | None) -> DateReading:
    """Read 03/04/2024: both orders where both are days, the language's one as the best guess.

    Raises:
        ValueError: Neither is one.
    """
    first, second, year = int(match["first"]), int(match["second_number"]), int(match["year"])
    orders = [(second, first), (first, second)]
    if (language or "").lower() in ("en", "en-us", "") and "/" in printed:
        orders.reverse()
    readings = [
        _read_clock(match, datetime(year, month, day), printed, seen_at)
        for month, day in orders
        if month <= 12
    ]
    earliest = min(reading.bounds[0] for reading in readings)
    latest = max(reading.bounds[1] for reading in readings)
    exact = len({reading.bounds for reading in readings}) == 1 and readings[0].is_exact
    return DateReading(readings[0].at, (earliest, latest), printed, exact)


def _read_month(year: int, month: int, printed: str, seen_at: datetime) -> DateReading:
    start = datetime(year, month, 1)
    end = datetime(year + month // 12, month % 12 + 1, 1)
    return _within(start, end - start, printed, seen_at)


def _month_number(name: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def _zone(name: str) -> timezone:
    if name.lower() in _ZONES:
        return timezone(timedelta(hours=_ZONES[name.lower()]))
    digits = re.sub(r"\D", "", name)
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    sign = -1 if "-" in name else 1
    return timezone(sign * timedelta(hours=hours, minutes=minutes))


def _ask_dateparser(printed: str, seen_at: datetime, language: str | None) -> DateReading | None:
    """Try the last resort: slow, and eager to see dates everywhere, so only on short texts with a number.

    English is wholly covered above. A wording whose date moves with the reference time is relative. How that
    program rounds is unknown, and the unit is guessed from the age.
    """
    primary = re.split("[-_]", (language or "").lower())[0]
    is_english = primary == "en" or printed.lower().endswith("ago")
    if is_english or len(printed) > 50 or not re.search(r"\d", printed) or printed.isnumeric():
        return None
    from dateparser.date import DateDataParser

    languages = [primary] if primary else None
    found: list[datetime] = []
    for base in (seen_at, seen_at - timedelta(days=1)):
        settings = {
            "RELATIVE_BASE": base.replace(tzinfo=None),
            "STRICT_PARSING": True,
            "PREFER_DATES_FROM": "past",
            "TO_TIMEZONE": "UTC",
            "TIMEZONE": "UTC",
        }
        parser = DateDataParser(languages=languages, settings=settings)
        instant = parser.get_date_data(printed).date_obj
        if instant is None:
            return None
        found.append(instant.replace(tzinfo=None))
    if found[0] == found[1]:
        length = timedelta(minutes=1) if found[0].time() != datetime.min.time() else timedelta(days=1)
        return _within(found[0], length, printed, seen_at)
    age = max(seen_at - found[0].replace(tzinfo=UTC), timedelta(0))
    unit = next((unit for unit in _GUESSED_UNITS if age >= unit), timedelta(minutes=1))
    earliest, latest = seen_at - age - unit, min(seen_at, seen_at - age + unit / 2)
    return DateReading(earliest + (latest - earliest) / 2, (earliest, latest), printed, False)
