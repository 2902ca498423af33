"""What stands between an article's headline and its text: who wrote it, and on which day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from lxml import etree

from crawler.platforms.generic.headings import begins_title
from crawler.reading.dates import DateReading, find_days, find_relative_dates, parse_date
from crawler.reading.outline import Line, text_of

MAX_LINES = 8
"""Most lines below a headline looked at: a standfirst, a name, a day, a picture's words and some buttons."""
MAX_LONG_LINES = 2
"""Most lines of running text among them; a standfirst may be one, the second is the article's own."""
MAX_ABOVE = 8
"""Most words of a line above the headline that names a section or leads elsewhere."""
MAX_LABELS = 8
"""Most words beside the dates in a line of them; with more it is a sentence that names a day."""

MAX_MARKS = 20
"""Most links and dates of one line looked at; a line of dates has some two."""

_MAX_BYLINE = 150
_LONG = 14
"""Words from which a line is running text."""
_TODAY = timedelta(days=2)
"""Time within which a day above a headline may be that on which the page was made."""
_OLDEST = 1990
"""First year of a day that tells, alone under a headline, when a page of the web appeared."""

_NAMED = re.compile(
    r"(?:(?:written|words|story|text|posted|published)(?:[ :]+))?"
    r"(?:(?P<by>by|von|par|por|di|door|av|af)[: ]"
    r"|(?:作者|撰文|撰稿|记者|記者|著者|執筆|文)\s?[：:/／|｜])"
    r"\s*(?P<names>\S.{1,120})",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"(?<!\d)(?:\d{1,2}(?:\.|º|er)?\s(?:de\s)?[^\W\d]{3,12}\.?,?\s(?:de\s)?|\d{1,2}[./]\s?\d{1,2}[./]\s?)\d{4}(?!\d)"
    r"|(?<!\d)\d{4}[年년]\s?\d{1,2}[月월]\s?\d{1,2}[日일]"
)
_HOUR = r"\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\b\.?)?(?:\s(?:utc|gmt|z|[ecmp][sd]t|cet|cest|bst)\b)?"
_HOUR_BEHIND = re.compile(rf"(?:,?\sat\s|,?\s(?:[|@–-]\s)?|T){_HOUR}", re.IGNORECASE)
_HOUR_BEFORE = re.compile(
    rf"(?<!\d){_HOUR}(?:,|,? on)? (?:(?:mon|tue|wed|thu|fri|sat|sun)\w*\.?,? )?$", re.IGNORECASE
)
_AROUND = re.compile(
    r"^[\s,;:|•·–—-]+|(?:[\s,;:|•·–—-]|(?<!\w)(?:on|am|le|el|il|op|den|vom|published|posted|at"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day))+$",
    re.IGNORECASE,
)
_DAY_LABEL = re.compile(
    r"(?:(?:first |originally )?(?:published|posted|written|veröffentlicht|publié|publicado|pubblicato)\W*)?"
    r"(?:on|am|le|el|il|op|den|vom)?\W*",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\W*|\s*(?:[|•·–—-]|in\b).*", re.IGNORECASE)
CHANGED = re.compile(
    r"\W*\b(?:last )?(?:updated|edited|modified|aktualisiert|geändert|modifié|actualizado)"
    r"(?: on| am| le| el)?:?\s*$",
    re.IGNORECASE,
)
"""The word for a change before a day."""
OTHER_DAY = re.compile(
    r"(?:^|[\s_-])(?:events?|widgets?|start|begin|end|due|expiry|expiration|birth|deadline|today|current"
    r"|release|sidebar|related)[_-]?(?:date|time)",
    re.IGNORECASE,
)
"""Names of elements with a day that tells of something else than the article, or of another one."""
_BEHIND = re.compile(r"(?<=\w)\s*(?:[|•·–—]|\bin\b).*", re.IGNORECASE)
_JOINED = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|&|und|et|y|e|i)\s+")
_SET_APART = frozenset({"i", "em", "small", "cite", "address"})
_PERSON = re.compile(
    r"/(?:@|~|authors?/|people/|persons?/|profiles?/|users?/|contributors?/|staff/|by/|writers?/|journalists?/|team/)[^/?#]",
    re.IGNORECASE,
)
"""Addresses of persons' pages."""
_PARTICLES = frozenset({
    "al", "af", "av", "bin", "da", "das", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "ibn",
    "la", "le", "lo", "of", "ten", "ter", "van", "von", "y", "zu", "zum", "zur",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Front:
    """What was found around a headline.

    Attributes:
        byline: The line that names the authors, as printed.
        names: The names in it.
        day: When it appeared, as printed there or on a line beside it.
        lines: The lines these were read from.
        above: Short lines above the headline: its section, links to elsewhere.
    """

    byline: str | None = None
    names: str | None = None
    day: DateReading | None = None
    lines: tuple[str, ...] = ()
    above: tuple[str, ...] = ()


def read_front(
    lines: Sequence[Line],
    heading: etree._Element | None,
    *,
    title: str | None,
    seen_at: datetime,
    language: str | None,
) -> Front:
    """Read what stands around the headline.

    Args:
        lines: Of the whole page.
        heading: The headline's element, where it is a heading.
        title: The page's ``<title>``, by which a headline that is none is found.
        seen_at: When the page was served; aware.
        language: BCP 47 tag of the page.
    """
    printed = [(part, line) for line in lines for part in line.text.split("\n") if part]
    headline = _find_headline(printed, heading, title)
    # Without one it is the beginning of the page, where only names with a day are sure.
    is_below = headline is not None
    first, start = headline or (-1, -1)
    byline = names = day = None
    found: list[str] = []
    n_long = 0
    for text, line in islice(printed, start + 1, start + 1 + MAX_LINES):
        n_long += len(text.split()) > _LONG
        if n_long > MAX_LONG_LINES or (line.tag == "h1" and text != printed[max(start, 0)][0]):
            break
        named, printed_day = _read_line(text, seen_at, language)
        if named is None and printed_day is None and line.text == text:
            named = _read_names(without_times(line), is_dated=True) if _has_times(line) else None
        if is_below and n_long == 0 and named is None:
            if printed_day is None and line.text == text:
                named, printed_day = _read_signed_day(line, seen_at, language)
            named = named or _read_linked(line)
        if not is_below and not (named and printed_day):
            continue
        if named and byline is None:
            byline, names, day = text, named, printed_day or day
            found.append(text)
        elif (
            not named
            and printed_day
            and day is None
            and n_long == 0
            and _is_of_page(line, printed_day, seen_at)
        ):
            day = printed_day
            found.append(text)
    if day is None and first > 0:
        day = _day_above(printed[first - 1][0], seen_at, language)
        found += [printed[first - 1][0]] if day is not None else []
    above = (text for text, _ in printed[: max(first, 0)] if len(text.split()) <= MAX_ABOVE)
    return Front(byline, names, day, tuple(found), tuple(above))


def are_names(text: str) -> bool:
    """Tell names of persons from other words, by their capitals.

    Example:
        >>> are_names("Ann de la Cruz and Bo Ray"), are_names("the river"), are_names("Ann, 3 May")
        (True, False, False)
    """
    if len(text) > _MAX_BYLINE or any(char.isdigit() for char in text) or text.endswith((":", "!", "?")):
        return False
    for name in _JOINED.split(text.strip()):
        words = name.split()
        if not 1 <= len(words) <= 5 or not all(_is_of_name(word) for word in words):
            return False
        if words[-1].lower() in _PARTICLES or (words[-1].endswith(".") and len(words[-1]) > 3):
            return False
    return True


def is_sentence(text: str, n_words: int = MAX_LABELS) -> bool:
    """Tell a sentence that names a day from a line of dates with their labels.

    Args:
        text: One printed line.
        n_words: Most words of such a line.
    """
    return len(text.split()) > n_words or text.rstrip().endswith(".")


def without_times(line: Line) -> str:
    """Return a line without its first ``<time>`` elements, which say for themselves what day they are."""
    text = line.text
    for mark in line.marks[:MAX_MARKS]:
        if mark.tag == "time":
            text = text.replace(text_of(mark), " ", 1)
    return text


def _has_times(line: Line) -> bool:
    return any(mark.tag == "time" for mark in line.marks)


def without_days(text: str, *, mark: str = " ") -> str:
    """Return a line without the days and ages named in it.

    Args:
        text: One printed line.
        mark: What stands for each.
    """
    for pattern in (find_days, find_relative_dates):
        for start, end in reversed(list(pattern(text))):
            text = f"{text[:start]}{mark}{text[end:]}"
    return _DAY.sub(mark, text)


def _is_of_name(word: str) -> bool:
    letters = word.lstrip("“‘\"'(")
    return letters[:1].isalpha() and (
        letters[:1] != letters[:1].lower() or _has_no_case(letters) or word in _PARTICLES
    )


def _has_no_case(word: str) -> bool:
    return word.lower() == word.upper()


def _find_headline(
    printed: Sequence[tuple[str, Line]], heading: etree._Element | None, title: str | None
) -> tuple[int, int] | None:
    """Return where the headline's first and last line stand."""
    if heading is not None:
        own = set(heading.iter()) | set(islice(heading.iterancestors("a"), 1))
        places = [place for place, (_, line) in enumerate(printed) if line.element in own]
        return (places[0], places[-1]) if places else None
    titled = (place for place, (text, _) in enumerate(printed) if begins_title(text, title))
    return next(((place, place) for place in titled), None)


def _is_of_page(line: Line, day: DateReading, seen_at: datetime) -> bool:
    """Tell a day of publication from the heading of a diary, of an old letter and of a fair to come."""
    if day.bounds[0] > seen_at or OTHER_DAY.search(line.element.get("class") or ""):
        return False
    return (not line.tag.startswith("h") or "\n" in line.text) and day.at.year >= _OLDEST


def _read_line(text: str, seen_at: datetime, language: str | None) -> tuple[str | None, DateReading | None]:
    """Return the names and the day of a line that consists of them, (None, None) for any other."""
    if len(text) > _MAX_BYLINE:
        return None, None
    before, day, after = part_day(text, seen_at, language)
    if day is None:
        return _read_names(text, is_dated=False), None
    if CHANGED.search(before):
        return _read_names(CHANGED.sub("", before), is_dated=True), None
    names = _read_names(before, is_dated=True)
    if names is not None and _AFTER.fullmatch(after):
        return names, day
    if _DAY_LABEL.fullmatch(before):
        names = _read_names(_AROUND.sub("", _BEHIND.sub("", after)), is_dated=True)
        if names is not None or _AFTER.fullmatch(after):
            return names, day
    # "Doors open: June 5, 2025, 10:30 am" tells another hour than that of publication.
    is_labeled = before.rstrip().endswith(":") and any(map(str.islower, before))
    is_told = is_labeled or any(word[0].islower() for word in before.split())
    is_told = is_told and _DAY_LABEL.fullmatch(before) is None
    is_stamp = _has_hour(day) and not is_told and not is_sentence(without_days(f"{before} {after}"))
    return None, day if is_stamp else None


def _has_hour(day: DateReading) -> bool:
    """Tell a stamp, which names the hour too, from a day of which a line may tell anything."""
    return ":" in day.text


def _read_names(text: str, *, is_dated: bool) -> str | None:
    """Return the names of "by Ann Lee"; a day beside them leaves less doubt."""
    match = _NAMED.fullmatch(_AROUND.sub("", text))
    if match is None or not are_names(match["names"]):
        return None
    is_sure = (
        is_dated or match["by"] is None or match["by"].lower() == "by" or len(match["names"].split()) > 1
    )
    return match["names"] if is_sure else None


def _day_above(text: str, seen_at: datetime, language: str | None) -> DateReading | None:
    """Return the day that is all of the line above a headline; today's is that of the paper's head."""
    named, day = _read_line(text, seen_at, language)
    is_old = named is None and day is not None and seen_at - day.bounds[1] > _TODAY
    return day if is_old and day is not None and day.at.year >= _OLDEST else None


def _read_signed_day(
    line: Line, seen_at: datetime, language: str | None
) -> tuple[str | None, DateReading | None]:
    """Return the name and the day of a line that is "Ann Lee, 3 May 2024"; (None, None) for any other.

    A place is written so too: only a line set apart, or another mark between the two, makes it a person's.
    """
    if len(line.text) > _MAX_BYLINE:
        return None, None
    before, day, after = part_day(line.text, seen_at, language)
    name = _AROUND.sub("", before)
    is_whole = day is not None and not any(char.isalnum() for char in after)
    if not is_whole or not 2 <= len(name.split()) <= 4 or not are_names(name):
        return None, None
    is_set = any(child.tag in _SET_APART for child in islice(line.element, MAX_MARKS))
    is_person = is_set or line.element.tag in _SET_APART or before.rstrip()[-1:] in "|•·–—"
    return (name if is_person else None), day


def _read_linked(line: Line) -> str | None:
    """Return the name that is all of a line, or all but its dates, and leads to the page of a person."""
    if len(line.text) > _MAX_BYLINE:
        return None
    links = [mark for mark in line.marks[:MAX_MARKS] if _PERSON.search(mark.get("href") or "")]
    name = text_of(links[0]) if links else ""
    rest = without_days(without_times(line).replace(name, " ", 1))
    is_alone = not any(char.isalnum() for char in rest)
    return name if name and is_alone and are_names(name) else None


def part_day(text: str, seen_at: datetime, language: str | None) -> tuple[str, DateReading | None, str]:
    """Part a line at the first day in it, with the hour beside it.

    Args:
        text: One printed line.
        seen_at: When the page was served; aware.
        language: BCP 47 tag of the page.
    """
    spans = [next(find_days(text), None), next(find_relative_dates(text), None)]
    match = _DAY.search(text)
    spans.append(match.span() if match else None)
    for start, end in sorted(span for span in spans if span is not None):
        day = parse_date(text[start:end], seen_at=seen_at, language=language, is_timeago=False)
        if day is None:
            continue
        behind, before = _HOUR_BEHIND.match(text, end), _HOUR_BEFORE.search(text[:start])
        if behind or before:
            first, last = (start, behind.end()) if behind else (before.start() if before else start, end)
            hour = parse_date(text[first:last], seen_at=seen_at, language=language, is_timeago=False)
            if hour is not None:
                return text[:first], hour, text[last:]
        return text[:start], day, text[end:]
    return text, None, ""
