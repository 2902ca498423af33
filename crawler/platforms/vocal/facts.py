"""Facts printed around a bio, one or several a line: since when a person is a member, how many follow."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from crawler.reading.dates import parse_date
from crawler.reading.outline import Line, normalize_line

_NUMBER = r"\d{1,3}(?:,\d{3}){1,3}|\d{1,3}(?:[.,]\d{1,2})?[km]\b|\d{1,9}"
_COUNTED = "stories|story|followers?|following|subscribers?|articles|posts|creators"
_COUNTS = re.compile(
    rf"(?P<count>{_NUMBER}) ?(?P<what>{_COUNTED})(?![a-z])(?: published)?"
    rf"|\b(?P<label>{_COUNTED})\W{{0,4}}(?:\d{{1,4}} ?(?:/|of) ?)?(?P<after>{_NUMBER})\)?",
    re.IGNORECASE,
)
_LONE_NUMBER = re.compile(rf"\W*(?:{_NUMBER})\W*", re.IGNORECASE)
_JOINED = re.compile(r"(?:joined(?: vocal)?|member since|creator since)\W+(.{3,40}?)\.?", re.IGNORECASE)
_JOINED_LABEL = re.compile(r"(?:joined(?: vocal)?|member since|creator since):?", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_BETWEEN = re.compile(r"\s*[·•|]\s*")
_MAX_FACTS = 120
"""Longest line of facts, in characters."""
_MOST = 2**31 - 1
_MAX_LOOKED = 1_000
"""Characters of a text in which counts are looked for."""
_MAX_PIECES = 8
"""Most pieces of such a line."""
_ANY_TIME = datetime(2030, 1, 1, tzinfo=UTC)
"""When a page was seen does not matter to what is a date."""
WORDS = frozenset(
    {
        "about", "all stories", "articles", "bio", "creators", "follower", "followers", "following",
        "latest stories", "location", "posts", "recent stories", "stats", "stories", "stories published",
        "subscribed to", "subscribers", "subscriptions", "top stories", "vocal", "vocal creator",
        "vocal member",
    }
)  # fmt: skip
"""Words of the page around a bio, in lines of their own."""


def is_count(text: str) -> bool:
    """Tell whether a text is one count: "947 Followers", "Stories (3)"."""
    return _COUNTS.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Tell whether a text is a number, whose word stands elsewhere."""
    return _LONE_NUMBER.fullmatch(text) is not None


def words_beside_counts(text: str) -> str:
    """Return a text in small letters without counts and marks, for a look at what else it says."""
    return " ".join(re.sub(r"[^\w ]+", " ", _COUNTS.sub(" ", text[:_MAX_LOOKED])).lower().split())


def since(text: str) -> str | None:
    """Return the date in "Joined May 2023"; None for a bio that begins so: "Joined the navy in 1999".

    Example:
        >>> since("Joined May 2023"), since("Joined the navy in 1999")
        ('May 2023', None)
    """
    match = _JOINED.fullmatch(text)
    return match[1] if match and _is_time(match[1]) else None


def facts_of(line: Line) -> list[str]:
    """Return the facts of a line that says nothing else, at least one of which counts or dates; else [].

    They are parted by points, or by nothing but the elements that each has for its own.
    """
    if len(line.text) > _MAX_FACTS or _DIGIT.search(line.text) is None:
        return []
    for pieces in (_BETWEEN.split(line.text), [normalize_line(part) for part in line.parts]):
        facts = [piece for piece in pieces if piece]
        if len(facts) <= _MAX_PIECES and all(map(_is_fact, facts)) and _has_sure(facts):
            return facts
    return []


def read_joined(lines: Sequence[Line]) -> tuple[str | None, list[Line]]:
    """Return since when a person is a member, as printed, and the lines that say nothing but that."""
    texts = [line for line in lines if line.text]
    for index, line in enumerate(texts):
        told = since(line.text)
        if told is not None:
            return told, [line]
        told = next((found for fact in facts_of(line) if (found := since(fact)) is not None), None)
        if told is not None:
            return told, []
        below = texts[index + 1] if index + 1 < len(texts) else None
        if below is not None and _JOINED_LABEL.fullmatch(line.text) and _is_time(below.text):
            return below.text, [line, below]
    return None, []


def read_counts(lines: Sequence[Line]) -> dict[str, int]:
    """Return the printed numbers of stories and followers; number and word may have lines of their own."""
    counts: dict[str, int] = {}
    text = " ".join(_without_dates(line) for line in lines if line.text and len(line.text) < _MAX_FACTS)
    for match in _COUNTS.finditer(text):
        word = (match["what"] or match["label"]).lower()
        number = (match["count"] or match["after"]).lower()
        number = number.replace(",", "." if number[-1] in "km" else "")
        scale = {"k": 1_000, "m": 1_000_000}.get(number[-1], 1)
        if word.startswith(("follower", "subscriber")):
            counts.setdefault("follower", min(round(float(number.rstrip("km")) * scale), _MOST))
        elif word.startswith(("stor", "article", "post")):
            counts.setdefault("story", min(round(float(number.rstrip("km")) * scale), _MOST))
    return counts


def _without_dates(line: Line) -> str:
    facts = facts_of(line)
    return " ".join(fact for fact in facts if since(fact) is None) if len(facts) > 1 else line.text


def _is_fact(text: str) -> bool:
    return _is_sure(text) or is_number(text) or text.lower().strip(":() ") in WORDS


def _has_sure(facts: Sequence[str]) -> bool:
    """Tell whether one of the facts counts or dates, or a number and its word are pieces of their own."""
    pairs = (f"{one} {other}" for one, other in pairwise(facts))
    return any(map(_is_sure, facts)) or any(map(is_count, pairs))


def _is_sure(text: str) -> bool:
    return is_count(text.strip("() ")) or since(text) is not None


def _is_time(text: str) -> bool:
    is_year = text.isascii() and text.isdigit() and len(text) == 4
    return is_year or parse_date(text, seen_at=_ANY_TIME, language="en") is not None
