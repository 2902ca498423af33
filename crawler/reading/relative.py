"""Relative wordings of dates ("11 months ago") as intervals of age.

Two families are told apart. The English strings of jQuery-timeago give exactly the ages for which that
program prints them. Every other wording ("3h ago", "1 month ago", "over 2 years ago") comes from a program
that may round or cut, so its interval holds both.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

Ages = tuple[timedelta, timedelta]
"""(youngest, oldest) age, both inclusive, never negative."""

MAX_YEARS = 60
"""Oldest "N years ago" taken for a date; the web is younger, prose is not."""

_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_MONTH, _YEAR = timedelta(days=30), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class _Unit:
    """One unit of age.

    Attributes:
        length: The length timeago counts with; the shortest usual one.
        longest: The longest a calendar makes it.
        low: Youngest age timeago prints the plural for.
        high: First age timeago no longer prints the plural for.
    """

    length: timedelta
    longest: timedelta
    low: timedelta
    high: timedelta


_SPELLINGS = (
    ("seconds", _Unit(_SECOND, _SECOND, _SECOND, _MINUTE), "seconds? secs? s"),
    ("minutes", _Unit(_MINUTE, _MINUTE, 90 * _SECOND, 45 * _MINUTE), "minutes? mins? m"),
    ("hours", _Unit(_HOUR, _HOUR, 90 * _MINUTE, 24 * _HOUR), "hours? hrs? h"),
    ("days", _Unit(_DAY, _DAY, 42 * _HOUR, 30 * _DAY), "days? d"),
    ("weeks", _Unit(_WEEK, _WEEK, _WEEK, _MONTH), "weeks? wks? w"),
    ("months", _Unit(_MONTH, 31 * _DAY, 45 * _DAY, _YEAR), "months? mos? mths?"),
    ("years", _Unit(_YEAR, 366 * _DAY, 1.5 * _YEAR, MAX_YEARS * _YEAR), "years? yrs? y"),
)
_UNITS = {name: unit for name, unit, _ in _SPELLINGS}
_UNIT_PATTERN = "|".join(
    f"(?P<{name}>{'|'.join(spellings.split())})" for name, _, spellings in reversed(_SPELLINGS)
)
_BARE_UNITS = re.sub(r"\?P<\w+>", "?:", _UNIT_PATTERN)

_TIMEAGO_SINGULAR: dict[str, Ages] = {
    "less than a minute ago": (timedelta(0), 45 * _SECOND),
    "about a minute ago": (45 * _SECOND, 90 * _SECOND),
    "about an hour ago": (45 * _MINUTE, 90 * _MINUTE),
    "a day ago": (24 * _HOUR, 42 * _HOUR),
    "about a month ago": (30 * _DAY, 45 * _DAY),
    "about a year ago": (_YEAR, 1.5 * _YEAR),
}
_TIMEAGO_PLURAL = re.compile(
    r"(?:about (?P<hours>\d{1,2}) hours|(?P<minutes>\d{1,2}) minutes|(?P<days>\d{1,2}) days"
    r"|(?P<months>\d{1,2}) months|(?P<years>\d{1,2}) years) ago"
)
_OTHER_PLURAL = re.compile(
    rf"(?:(?P<hedge>about|around|approximately|approx\.?|over|more than|almost|nearly|less than|~) ?)?"
    rf"(?P<number>\d{{1,3}}|an?|one|a few|few|a couple of) ?(?:{_UNIT_PATTERN}) ago"
)
_ABBREVIATED = re.compile(r"\d{1,3}(?:[smhdwy]|mo)")
"""An age that some programs print without "ago": "3d", "5mo"."""
_NAMED: dict[str, Ages] = {
    "now": (timedelta(0), 5 * _MINUTE),
    "just now": (timedelta(0), 5 * _MINUTE),
    "right now": (timedelta(0), 5 * _MINUTE),
    "moments ago": (timedelta(0), 5 * _MINUTE),
    "a moment ago": (timedelta(0), 5 * _MINUTE),
    "seconds ago": (timedelta(0), _MINUTE),
    "a few seconds ago": (timedelta(0), _MINUTE),
    "few seconds ago": (timedelta(0), _MINUTE),
    "today": (timedelta(0), _DAY),
    "yesterday": (timedelta(0), 2 * _DAY),
    "last week": (timedelta(0), 2 * _WEEK),
    "last month": (timedelta(0), 62 * _DAY),
    "last year": (timedelta(0), 731 * _DAY),
}
_AT_TIME = re.compile(r" (?:at )?\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?$")

RELATIVE_WORDING = (
    rf"(?:(?:(?:about|around|approximately|approx\.?|over|more than|almost|nearly|less than|~)[ \t]*)?"
    rf"(?:\d{{1,3}}[ \t]*|(?:an?|a\ few|a\ couple\ of|\b(?:one|few))[ \t]+)"
    rf"(?:{_BARE_UNITS})[ \t]+ago(?-i:(?![a-z]))"
    rf"|\b(?:just now|moments ago|a moment ago|seconds ago|yesterday)\b)"
)
"""Pattern (for ``re.IGNORECASE``) of a relative date inside a longer line with plain blanks."""


@lru_cache(maxsize=1024)
def parse_age(wording: str, *, is_timeago: bool = True) -> Ages | None:
    """Return the ages for which a program prints ``wording``.

    Args:
        wording: Lower case, single blanks, nothing around it: "about an hour ago".
        is_timeago: Take the strings that jQuery-timeago prints as its own. False where another program may
            have printed them, which widens the interval.

    Returns:
        (youngest, oldest), or None when it is no relative wording.

    Source:
        jQuery-timeago 1.6.7, ``inWords``: under 45 s, 90 s, 45 min, 90 min, 24 h, 42 h, 30 d, 45 d, 365 d
        and 1.5 years in turn; plurals are ``Math.round`` of minutes, hours, days, days/30 and days/365.

    Example:
        >>> [str(age) for age in parse_age("3 days ago")]
        ['2 days, 12:00:00', '3 days, 12:00:00']
        >>> [age.days for age in parse_age("12 months ago")]
        [345, 365]
        >>> [age.days for age in parse_age("12 months ago", is_timeago=False)]
        [345, 403]
    """
    if is_timeago:
        ages = _parse_timeago(wording)
        if ages is not None:
            return ages
    found = _NAMED.get(wording) or _NAMED.get(_AT_TIME.sub("", wording))
    if found is not None:
        return found
    match = _OTHER_PLURAL.fullmatch(f"{wording} ago" if _ABBREVIATED.fullmatch(wording) else wording)
    return _other_ages(match) if match else None


def _parse_timeago(wording: str) -> Ages | None:
    ages = _TIMEAGO_SINGULAR.get(wording)
    if ages is not None:
        return ages
    match = _TIMEAGO_PLURAL.fullmatch(wording)
    if match is None or match.lastgroup is None:
        return None
    unit, number = _UNITS[match.lastgroup], int(match[match.lastgroup])
    youngest = max(unit.low, (number - 0.5) * unit.length)
    oldest = min(unit.high, (number + 0.5) * unit.length)
    return (youngest, oldest) if youngest < oldest else None


def _other_ages(match: re.Match[str]) -> Ages | None:
    """Return the ages for a wording of a program that may round or cut."""
    name = next(name for name in _UNITS if match[name])
    unit, words = _UNITS[name], match["number"]
    vague = not words.isdigit()
    number = int(words) if not vague else (1 if words in ("a", "an", "one") else 3)
    if name == "years" and number > MAX_YEARS:
        return None
    if vague and number == 3:
        return (unit.length, 10 * unit.longest)
    hedge = match["hedge"] or ""
    youngest = number if hedge in ("over", "more than") else number - 0.5
    oldest = number if hedge in ("almost", "nearly", "less than") else number + 1
    if hedge == "less than":
        youngest = 0
    return (max(timedelta(0), youngest * unit.length), oldest * unit.longest)
