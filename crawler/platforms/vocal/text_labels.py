"""The page's labels as lines of their own: parted where a copy glues them, joined where it breaks them."""

import re
from collections.abc import Sequence

from crawler.platforms.vocal.labels import RATINGS, parse_logo

_LABEL = re.compile(
    r"(?:About the (?:Creator|Author)s?|Reader insights?|How does it work\?|Add your insights|Top insights?"
    r"|Be the first to share your insights about this piece\.?|Comments(?: ?\(\d{1,7}\))?"
    r"|There are no comments for this story\.?|Be the first to respond and start the conversation\.?"
    r"|Sign in to comment|Find us on social media|Miscellaneous links)(?P<blank> *)"
)
_COUNT = re.compile(r"\(\d{1,7}\)")
_MAX_PARTS = 20
_SENTENCES = (
    "Be the first to share your insights about this piece",
    "Be the first to respond and start the conversation",
    "There are no comments for this story",
    *RATINGS.values(),
)
"""What the page prints whole, longer than a narrow window."""
_BROKEN_BYLINE = re.compile(
    r"by .{1,100}(?:published|updated)\b.{0,40}"
    r"(?:\b(?:a|an|about|\d{1,4})|\w (?:minute|hour|day|month|year)s?|min|(?<=ago)\d{1,4})"
    r"\n(?:.{0,20}\bago\b|min\b|read\b).*",
    re.IGNORECASE,
)
"""Broken inside a date or the minutes; between them the page may break it itself."""


def part_labels(rows: Sequence[str]) -> list[str]:
    """Return the rows with each label of the page on a row of its own.

    Boxes side by side are copied without a blank between them: no prose has a capital right after a small
    letter. With a blank, all of the row must be labels. A count on the row below its label is joined with it.

    Args:
        rows: Of the text, wraps undone.

    Example:
        >>> part_labels(["Comments (2)Sign in to comment", "Comments on my last story"])
        ['Comments (2)', 'Sign in to comment', 'Comments on my last story']
        >>> part_labels(["Comments", "", "(2)", "[Poets logo]"])
        ['Comments (2)', '', 'Poets logo']
    """
    kept: list[str] = []
    for row in rows:
        text = row.strip()
        if _COUNT.fullmatch(text) and (at := _last_full(kept)) is not None and kept[at] == "Comments":
            kept[at] = f"{kept[at]} {text}"
        elif text[:1] == "[" and text[-1:] == "]" and len(text) < 90 and parse_logo(text[1:-1]):
            kept.append(text[1:-1])
        else:
            kept.extend(_part(row, text))
    return kept


def is_broken_label(row: str, following: str) -> bool:
    """Tell whether two rows are one sentence of the page's own, or its byline, so that a program broke them.

    Args:
        row: Of the text, as it came.
        following: The row right below it.

    Example:
        >>> is_broken_label("Be the first to share your", "insights about this piece.")
        True
        >>> is_broken_label("By Ann Lee", "Published 3 days ago")
        False
    """
    start, rest = row.strip(" >*#"), following.strip(" >*#")
    if not start or not rest or len(start) > 100:
        return False
    if start.lower().startswith("by "):
        return _BROKEN_BYLINE.fullmatch(f"{start}\n{rest}"[:300]) is not None
    whole = f"{start} {rest}"
    return any(
        len(start) < len(sentence) and whole.startswith(sentence[: len(whole)]) for sentence in _SENTENCES
    )


def _last_full(rows: Sequence[str]) -> int | None:
    return next((at for at in range(len(rows) - 1, max(len(rows) - 4, -1), -1) if rows[at]), None)


def _part(row: str, text: str) -> list[str]:
    parts: list[str] = []
    is_spaced, start = False, 0
    while len(parts) < _MAX_PARTS and (match := _LABEL.match(text, start)) is not None:
        rest = text[match.end() : match.end() + 1]
        if rest and not match["blank"] and not rest.isupper():
            break
        is_spaced = is_spaced or bool(rest and match["blank"])
        parts.append(match[0].strip())
        start = match.end()
    is_label = len(parts) > 1 or (start < len(text) and parts and not parts[0].endswith((".", "?")))
    if not is_label or (is_spaced and start < len(text)):
        return [row]
    return [*parts, text[start:]] if start < len(text) else parts
