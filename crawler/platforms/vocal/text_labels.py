"""The page's labels as lines of their own: parted where a copy glues them, joined where it breaks them."""

import re
from collections.abc import Sequence

from crawler.platforms.vocal.labels import parse_logo

_LABEL = re.compile(
    r"(?:About the (?:Creator|Author)s?|Reader insights?|How does it work\?|Add your insights|Top insights?"
    r"|Be the first to share your insights about this piece\.?|Comments(?: ?\(\d{1,7}\))?"
    r"|There are no comments for this story\.?|Be the first to respond and start the conversation\.?"
    r"|Sign in to comment|Find us on social media|Miscellaneous links)(?P<blank> *)"
)
_COUNT = re.compile(r"\(\d{1,7}\)")
_MAX_PARTS = 20


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
    if not parts or (is_spaced and start < len(text)):
        return [row]
    return [*parts, text[start:]] if start < len(text) else parts
