"""The date of a comment in a line of its own, after a name, or among buttons."""

import re
from collections.abc import Iterator, Sequence

from crawler.platforms.vocal.bylines import is_author_link, time_value
from crawler.platforms.vocal.labels import MAX_NAME, is_button
from crawler.reading.dates import find_days, find_relative_dates, may_hold_relative_date
from crawler.reading.outline import DATE_TAGS, Line, normalize_line, text_of
from crawler.reading.relative import parse_age

_AROUND = r"[\s•·|,():\[\]+#¶§▲▼⋮…\-–—]*"
_NOTES = r"(?:edited|permalink|link|author|creator|op|pinned|staff|moderator|says|said|wrote|writes)"
HEAD_END = re.compile(rf"{_AROUND}(?:{_NOTES}{_AROUND}){{0,3}}", re.IGNORECASE)
"""What may follow the date of a comment in its line."""
_EDIT = re.compile(
    r"[\s•·|,(]*(?:last )?(?:edited|updated|modified)(?: on| at)?:? (?P<date>.{2,40}?)\)?", re.IGNORECASE
)
ANSWER_END = re.compile(
    r"[\s•·|,(]*(?:in reply to|replying to|replied to|↳|↪)\s*@?(?P<name>[^.!?]{1,60}?)\)?", re.IGNORECASE
)
"""What a comment answers, after its date."""
_MAX_REST = 80
"""Most characters of what follows a date in its line."""
_CLOCK = re.compile(
    r"(?:,? (?:at |[-–|@] )?|T)\d{1,2}[:.]\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]\.?m\b\.?)?"
    r"(?: ?(?:z|utc|gmt|[ecmp][sd]t|cest|cet|bst|[+-]\d\d:?\d\d))?",
    re.IGNORECASE,
)
"""A time of day after a day."""
_WEEKDAY = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? $", re.IGNORECASE
)
_NUMBERS = re.compile(r"\d{1,2}([/.])\d{1,2}\1(?:20)?\d\d")
"""A day in numbers; a date only where an element holds nothing else."""
_AGE = re.compile(
    r"\d{1,3} (?:s|m|h|d|w|y|mo|secs?|mins?|hrs?|hours?|days?|wks?|weeks?|mos?|months?|yrs?|years?)\.?"
)
"""An age whose "ago" is left out."""
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_AROUND_DATE = " \t\n\xa0•·|,-–—()"
_MAX_DAY = 40
"""Most characters of a line that is only a day, with words such as "Posted on" before it."""
_MAX_PIECES = 12
"""Most elements of a line that may hold a date and buttons."""
_LEAST_PIECES = 2
_MAX_DATE_PIECES = 7
"""Fewest and most text nodes of a date in pieces."""
_HEDGES = ("about", "almost", "less than", "over")
"""What may stand before an age that is whole without it."""
_PIECES = re.compile(r" [•·|] ")
_POSTED = re.compile(r"(?:posted|published|commented|replied|on)?(?: on)?", re.IGNORECASE)

Found = tuple[str | None, str, str | None, bool]
"""(date as printed, text before it, what its element says exactly, whether it stands apart)."""
_NONE: Found = (None, "", None, False)


def date_in(line: Line) -> Found:
    """Return the date that a line ends with, or that stands in it among buttons."""
    marked = _date_of_mark(line)
    if marked is not None:
        return marked
    text = line.text
    if is_edit_note(text):
        return _NONE
    apart = _date_of_pieces(line) or _date_apart(line)
    if apart is not None:
        return apart
    spans = [*find_relative_dates(text)] or _find_day(line)
    ends = [(start, _end_of(text, end)) for start, end in spans]
    found = next((span for span in ends if _ends_head(text, span[1])), None)
    if found is None:
        return _NONE
    start, end = found
    weekday = _WEEKDAY.search(text, 0, start)
    date = text[start:end]
    before = text[: weekday.start() if weekday is not None else start]
    parts = [normalize_line(part).strip(_AROUND_DATE) for part in line.parts]
    if date not in parts:
        glued = next((part for part in parts if part and date.endswith(part) and part[:1].isdigit()), None)
        if glued is not None:
            return glued, text[: end - len(glued)], None, True
    return date, before, None, date in parts


def may_hold_date(text: str) -> bool:
    """Tell, much faster, most lines without a date."""
    if may_hold_relative_date(text):
        return True
    return len(text) <= MAX_NAME + _MAX_DAY and _DIGIT.search(text) is not None


def end_of_first_date(text: str) -> int:
    """Return where the date ends that a line begins with; 0 where it begins with none."""
    spans = (*find_relative_dates(text), *find_days(text)) if len(text) <= MAX_NAME + _MAX_DAY else ()
    return next((_end_of(text, end) for start, end in spans if start == 0), 0)


def is_edit_note(text: str) -> bool:
    """Tell what only says when a comment was changed: "(edited 2 hours ago)"."""
    match = _EDIT.fullmatch(text) if len(text) <= 2 * _MAX_DAY else None
    return match is not None and is_whole_date(match["date"])


def is_sure_date(text: str) -> bool:
    """Tell a wording that is a date wherever it stands: "3 days ago", but not "May 3" or "3d"."""
    return next(find_relative_dates(text), None) is not None


def is_day_with_year(text: str) -> bool:
    """Tell a whole day, "May 3, 2024", from "May 3", which may be said."""
    if _NUMBERS.fullmatch(text):
        return True
    start, end = next(find_days(text), (0, 0))
    return end > 0 and _YEAR.search(text, start, end) is not None and _ends_head(text, _end_of(text, end))


def _date_of_mark(line: Line) -> Found | None:
    """Return what an element made for dates says."""
    for mark in line.marks:
        if mark.tag in DATE_TAGS:
            words = text_of(mark)
            if not words and mark.tag != "abbr" and time_value(mark):  # a script is to fill it
                return "", line.text, time_value(mark), True
            if words and (mark.tag != "abbr" or time_value(mark)) and words in line.text:
                at = line.text.rindex(words)
                if _ends_head(line.text, at + len(words)):
                    return words, line.text[:at], time_value(mark), True
                if _is_row(line, words):
                    return words, "", time_value(mark), True
    return None


def _date_of_pieces(line: Line) -> Found | None:
    """Return a date at a line's end whose words stand in several elements: "about", "4 hours ago"."""
    parts = line.parts
    if len(parts) < _LEAST_PIECES or not line.text.endswith("ago"):
        return None
    is_cut = parts[-1][:1].isalpha() and parts[-2][-1:].isalpha()  # a word in two elements
    whole = not is_cut and parse_age(parts[-1].strip(_AROUND_DATE).lower()) is not None
    before = parts[-2] if not parts[-2].isspace() else parts[-3] if len(parts) > _LEAST_PIECES else ""
    if whole and not before.lower().rstrip().endswith(_HEDGES):  # most are so
        return None
    found, tail = "", parts[-1]
    for part in reversed(parts[-_MAX_DATE_PIECES:-1]):
        tail = part + tail
        date = normalize_line(tail).strip(_AROUND_DATE)
        if parse_age(date.lower()) is not None and not (whole and part[:1].isdigit()):
            found = date
    return (found, line.text[: -len(found)], None, True) if found else None


def _date_apart(line: Line) -> Found | None:
    """Return the date that an element of its own holds, the last of the line or among buttons."""
    text = line.text
    if len(line.parts) < 2 and len(text) <= _MAX_DAY and is_whole_date(text):
        return text, "", None, True
    last = line.parts[-1].strip(_AROUND_DATE)
    if len(line.parts) > 1 and text.endswith(last) and parse_age(last.lower()) is not None:  # most are so
        return last, "" if _is_row(line, last) else text[: -len(last)], None, True
    for part in reversed(line.parts[-_MAX_PIECES:]) if len(line.parts) > 1 else ():
        piece = normalize_line(part).strip(_AROUND_DATE)
        if piece and len(piece) <= _MAX_DAY and is_whole_date(piece):
            at = text.rfind(piece)
            if at >= 0 and _ends_head(text, at + len(piece)):
                return piece, "" if _is_row(line, piece) else text[:at], None, True
    pieces = row_pieces(line) if len(text) <= MAX_NAME and (len(line.parts) > 1 or " · " in text) else ()
    date = next((piece for piece in pieces if is_whole_date(piece)), None)
    return (date, "", None, True) if date is not None and _is_row(line, date) else None


def _is_row(line: Line, date: str) -> bool:
    """Tell a date among buttons and counts, "3 days ago · 3 likes · Reply", from one after a name."""
    if any(is_author_link(mark) for mark in line.marks):
        return False
    pieces = [piece for piece in row_pieces(line) if piece != date]
    return bool(pieces) and len(pieces) <= _MAX_PIECES and all(is_button(piece) for piece in pieces)


def row_pieces(line: Line) -> Sequence[str]:
    """Return the pieces of a line between its elements and its dots."""
    found: list[str] = []
    for part in line.parts:
        found += (piece for each in _PIECES.split(normalize_line(part)) if (piece := each.strip(" •·|")))
    return found


def is_whole_date(text: str) -> bool:
    """Tell a text that is a date and nothing else, with its weekday and time of day.

    Example:
        >>> texts = ("2 days ago", "Sunday, May 5, 2024 at 3:04 PM", "5/6/24", "2 hrs", "May be", "42")
        >>> [is_whole_date(text) for text in texts]
        [True, True, True, True, False, False]
    """
    if len(text) > _MAX_DAY:
        return False
    lowered = text.lower()
    if parse_age(lowered) is not None:
        return True
    if _DIGIT.search(text) is None:
        return False
    if _AGE.fullmatch(lowered) or _NUMBERS.fullmatch(text):
        return True
    for start, end in (*find_relative_dates(text), *find_days(text)):
        weekday = _WEEKDAY.search(text, 0, start)
        if (start == 0 or (weekday is not None and weekday.start() == 0)) and _end_of(text, end) == len(text):
            return True
    return False


def _end_of(text: str, end: int) -> int:
    """Return the end of a day with the time of day after it."""
    clock = _CLOCK.match(text, end)
    return clock.end() if clock is not None else end


def _ends_head(text: str, at: int) -> bool:
    """Tell whether nothing follows a date but notes, when the comment was changed, and what it answers."""
    if HEAD_END.fullmatch(text, at) is not None:
        return True
    rest = text[at : at + _MAX_REST]
    return len(text) - at < _MAX_REST and (is_edit_note(rest) or ANSWER_END.fullmatch(rest) is not None)


def _find_day(line: Line) -> list[tuple[int, int]]:
    """Return where a line is a day or an age of letters, or where one follows the link to an author."""
    text = line.text
    if len(text) > MAX_NAME + _MAX_DAY:
        return []
    if parse_age(text.lower()) is not None:
        return [(0, len(text))]
    last = text.rpartition(" · ")[2]
    if last != text and parse_age(last.lower()) is not None:
        return [(len(text) - len(last), len(text))]
    linked = next((text_of(mark) for mark in line.marks if is_author_link(mark)), "")
    first = len(linked) if linked and text.startswith(linked) else 0
    apart = {normalize_line(part).strip(_AROUND_DATE) for part in line.parts if _YEAR.search(part)}
    return [
        span
        for span in _days_from(text, first)
        if linked or text[slice(*span)] in apart or _POSTED.fullmatch(text[: span[0]].strip())
    ][-1:]


def _days_from(text: str, first: int) -> Iterator[tuple[int, int]]:
    """Yield where days are named in a text, from ``first`` on: a number may end the name before."""
    for start, end in find_days(text[first:]):
        yield start + first, end + first
