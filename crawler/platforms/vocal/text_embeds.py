"""What the card of an embedded story leaves in a copied body: its byline."""

import re
from collections.abc import Sequence

from crawler.platforms.vocal.text_lines import LONG_LINE, Line
from crawler.reading.dates import find_relative_dates

_NAME = r"By [^\W\d_a-z][^\s,;:!?]*(?: [^\s,;:!?]+){1,4}"
_BY_NAME = re.compile(_NAME)
_BY_GLUED_NAME = re.compile(r"By [^\W\d_a-z][^\s,;:!?]*(?: [^\s,;:!?]+){0,4}(?<!\s)(?:Published)?")
_BY_DATED_NAME = re.compile(rf"{_NAME}(?<!Published)(?: ?[•·|])? ")
_BY_PUBLISHED = re.compile(rf"{_NAME}(?: ?[•·|])? Published ")
_AFTER_DATE = re.compile(
    r"(?: ?[•·|]? ?Updated .{1,40})?(?: in [A-Z0-9][\w ]{0,40}?)?"
    r"(?: ?[•·|]? ?\d{1,4}[ -]?min(?:ute)?s? read)?"
)
_NO_NAME = re.compile(
    r"By (?:the|an?|my|our|your|his|her|its|their|this|that|all|any|no|now|then|far|popular|land|sea|air|day"
    r"|night|dawn|noon|candle|moon|hand|heart|chance|design|law|nature|accident|default"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september"
    r"|october|november|december|spring|summer|autumn|winter|christmas|easter|way|means)\b"
    r"|.* (?:the|an?|my|our|your|his|her|in|on|at|to|for|with) ",
    re.IGNORECASE,
)
"""Headings and sentences: "By the Numbers", "By Popular Demand", "By Hook in the End"."""
_MAX_TITLE = 120
_SENTENCE_END = (".", "!", "?", "…", ".)", ".”", '."', "!”", "?”")
_MIN_SENTENCE = 30
"""Shortest sentence told from a verse, in characters."""


def drop_embedded_bylines(lines: Sequence[Line]) -> list[Line]:
    """Drop the "By NAME" that the card of an embedded story leaves in a body, with a date or without.

    Under a poem's title verse follows, so the name of its poet stays; so does a name under a quote.

    Args:
        lines: The body, without the tags.
    """
    return [line for index, line in enumerate(lines) if not _is_embedded_byline(lines, index)]


def _is_embedded_byline(lines: Sequence[Line], index: int) -> bool:
    label = lines[index].label
    if index == 0 or label[:3] != "By " or lines[index].bullet:
        return False
    if _is_dated(label, is_titled=_is_title(lines[index - 1])):
        return True
    if _BY_NAME.fullmatch(label) is None or label.endswith(".") or _NO_NAME.match(label):
        return False
    above = lines[index - 1]
    below = lines[index + 1 : index + 3]
    if _is_title(above):
        is_card = index > 1 and _is_prose(lines[index - 2])
        return _starts_prose(below) if below else is_card
    return _is_prose(above) and _starts_prose(below)


def _is_dated(label: str, *, is_titled: bool) -> bool:
    """Tell "By Ann Lee2 years ago in Feast", which no sentence is.

    "By Ann Lee Published 2 years ago" may also be quoted by hand, so it needs its story's title above.
    """
    for start, end in find_relative_dates(label):
        if _AFTER_DATE.fullmatch(label, end):
            name = label[:start]
            is_sure = _BY_DATED_NAME.fullmatch(name) is not None or _BY_GLUED_NAME.fullmatch(name) is not None
            return is_sure or (is_titled and _BY_PUBLISHED.fullmatch(name) is not None)
    return False


def _is_title(line: Line) -> bool:
    return (
        0 < len(line.label) <= _MAX_TITLE
        and not line.bullet
        and not line.text.endswith((".", ",", ";", ":", "!”", ".”", "?”", '"', "’", "”"))
    )


def _is_prose(line: Line) -> bool:
    """Tell a paragraph that ends with its sentence and is no quote, whose author a byline would name."""
    is_quote = line.text[0] in "\"“‘'«„" or line.text.endswith(("”", '"', "’"))
    return line.text.endswith(_SENTENCE_END) and not is_quote and len(line.text) >= _MIN_SENTENCE


def _starts_prose(lines: Sequence[Line]) -> bool:
    """Tell a paragraph, or a heading above one, from verse."""
    if not lines:
        return False
    first = lines[0]
    if len(first.text) >= LONG_LINE:
        return True
    is_sentence = (
        len(first.text) >= _MIN_SENTENCE and first.text[0].isupper() and first.text.endswith(_SENTENCE_END)
    )
    if len(lines) == 1:
        return is_sentence
    is_above_prose = len(lines[1].text) >= LONG_LINE
    return is_above_prose and (is_sentence or first.text[0].isupper())
