"""A page's text that a mail quotes: its marks taken off, the mail's own words left out."""

import re
from collections.abc import Sequence

from crawler.platforms.vocal.labels import label_of, parse_logo

_MARK = re.compile(r" ?[>|] ?")
_BYLINE = re.compile(r"by\b.{1,120}(?:published\b|\bago\b)", re.IGNORECASE)
_SECTIONS = frozenset({"about", "insights", "comments"})
_MAX_DEPTH = 5
"""Most levels of quoting; a mail passed on more often is not read by anybody."""


def take_off_quoting(rows: Sequence[str]) -> list[str]:
    """Return what a mail quotes, without its marks; the rows as they are where they are no such mail.

    A page that quotes somebody has such marks too, in a few rows. So most rows must have one, and the page's
    own byline, logo or labels must stand among those and not among the others.

    Args:
        rows: Of the text.

    Example:
        >>> take_off_quoting(["On Monday Ann wrote:", "> By Bo LindPublished a day ago", ">> He said so."])
        ['By Bo LindPublished a day ago', '> He said so.']
        >>> take_off_quoting(["By Bo LindPublished a day ago", "> He said so.", "> And so."])
        ['By Bo LindPublished a day ago', '> He said so.', '> And so.']
    """
    kept = list(rows)
    for _ in range(_MAX_DEPTH):
        marked = [index for index, row in enumerate(kept) if _MARK.match(row)]
        n_full = sum(bool(row) for row in kept)
        if not marked or 2 * len(marked) <= n_full:
            break
        inner = [_MARK.sub("", row, count=1) for row in kept[marked[0] : marked[-1] + 1] if _may_stay(row)]
        if len(marked) < n_full and (
            not any(map(_is_page, inner)) or any(_is_page(row) for row in kept if not _MARK.match(row))
        ):
            break
        kept = inner
    return kept


def _may_stay(row: str) -> bool:
    return not row or _MARK.match(row) is not None


def _is_page(row: str) -> bool:
    text = _MARK.sub("", row.strip()).strip(" >|")
    return (
        label_of(text) in _SECTIONS
        or _BYLINE.match(text[:400]) is not None
        or (len(text) < 80 and parse_logo(text) is not None)
    )
