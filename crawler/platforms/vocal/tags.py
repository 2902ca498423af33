"""Tags that a copied text prints glued together: "startuptech newsfuture".

The page sets tags apart by boxes; its text does not. They can be told apart only by knowing them.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

MAX_LINE = 1_000
"""Longest line split, in characters; twenty tags of the longest kind have 600."""
MAX_TAG = 60
"""Longest tag name looked for, in characters; the longest bundled one has under 40."""

_BLANKS = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[,;|·•\t\r\n]|\s/\s|\s{3}|\s(?=#)")
_SEAM = re.compile(r"\s|[^\W\d_A-Z][A-Z]")
"""Where one glued tag may end, unlike in one word that two others happen to make: "lovesong"."""


@dataclass(frozen=True, slots=True)
class TagSplit:
    """Tags told apart, or not.

    Attributes:
        tags: Names in printed order and case; no two alike when case-folded.
        is_certain: Exactly one way to tell them apart was found.
        warning: For the operator, why the text was kept as one tag; None when it is certain.
    """

    tags: tuple[str, ...]
    is_certain: bool
    warning: str | None = None


def split_glued_tags(text: str, known: Collection[str] = ()) -> TagSplit:
    """Tell glued tags apart by the names that are known.

    A split must cover the whole text with known names, no blank between two of them. Exactly one such split
    is taken. Where there are several, a capital after a small letter or a digit must be a seam, and a text
    that starts with a capital holds only capitalized tags (the newer ones): taken if that leaves one split.
    Capitals alone never cut: "MicrofictionLoreBook" may be one name.
    Printed separators (comma, bullet, tab, "#") cut wherever they stand.

    Args:
        text: One line as printed, any length; longer than ``MAX_LINE`` is kept whole and is never certain.
        known: Names besides the bundled ones, any case. Empty ones are passed over.

    Example:
        >>> split_glued_tags("startuptech newsfuture").tags
        ('startup', 'tech news', 'future')
        >>> split_glued_tags("HumorMicrofictionFan Fiction").tags
        ('Humor', 'Microfiction', 'Fan Fiction')
        >>> split_glued_tags("quokkasyodeling").warning
        'tags printed without separator, kept as one: no split into known tags'
    """
    if len(text) > MAX_LINE:
        return TagSplit((text.strip(),), False, _warning("the line is too long"))
    parts = [part.strip().lstrip("#").strip() for part in _SEPARATORS.split(text.strip())]
    parts = [_BLANKS.sub(" ", part) for part in parts if part]
    if len(parts) != 1:
        return TagSplit(_drop_doubles(parts), bool(parts))
    names = common_tags() | {_fold(name) for name in known if name.strip()}
    pieces = _find_pieces(parts[0], names)
    found = _list_splits(parts[0], pieces)
    if len(found) > 1 and _SEAM.search(parts[0]) and _fold(parts[0]) not in common_tags():
        # A library may know the whole line, from before it knew the tags in it.
        pieces[0] = [end for end in pieces[0] if end < len(parts[0])]
        found = _list_splits(parts[0], pieces)
    if len(found) > 1:
        found = _list_splits(parts[0], _keep_capitals(parts[0], pieces)) or found
    if len(found) == 1:
        return TagSplit(_drop_doubles(found[0]), True)
    reason = "several splits into known tags" if found else "no split into known tags"
    return TagSplit((parts[0],), False, _warning(reason))


@cache
def common_tags() -> frozenset[str]:
    """Return the bundled names of the platform's common tags, case-folded."""
    lines = files("crawler.platforms.vocal").joinpath("tags.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(_fold(line) for line in lines if line.strip() and not line.startswith("#"))


def _fold(name: str) -> str:
    return _BLANKS.sub(" ", name.strip()).casefold()


def _warning(reason: str) -> str:
    return f"tags printed without separator, kept as one: {reason}"


def _drop_doubles(tags: Sequence[str]) -> tuple[str, ...]:
    unlike: dict[str, str] = {}
    for tag in tags:
        unlike.setdefault(_fold(tag), tag)
    return tuple(unlike.values())


def _find_pieces(part: str, names: frozenset[str] | set[str]) -> list[list[int]]:
    """Return, for each start of a known name, its ends in rising order; dead ends are left out.

    Time is proportional to the length of the text times ``MAX_TAG``.
    """
    size = len(part)
    ends: list[list[int]] = [[] for _ in range(size + 1)]
    leads_out = [False] * size + [True]
    for start in range(size - 1, -1, -1):
        for end in range(start + 1, min(size, start + MAX_TAG) + 1):
            if leads_out[end] and part[start:end].casefold() in names:
                ends[start].append(end)
                leads_out[start] = True
    return ends


def _keep_capitals(part: str, pieces: list[list[int]]) -> list[list[int]]:
    """Drop the pieces that the capitals of the text contradict."""
    capitalized = part[:1].isupper()
    inner = [0]
    for left, right in pairwise(part):
        inner.append(inner[-1] + (right.isupper() and (left.islower() or left.isdigit())))
    kept: list[list[int]] = []
    for start, ends in enumerate(pieces):
        starts_right = start < len(part) and (part[start].isupper() or not capitalized)
        kept.append([end for end in ends if starts_right and inner[end - 1] == inner[start]])
    return kept


def _list_splits(part: str, pieces: list[list[int]]) -> list[tuple[str, ...]]:
    """Return the first two splits; they are counted before any is walked, so time stays linear."""
    size = len(part)
    count = [0] * size + [1]
    for start in range(size - 1, -1, -1):
        count[start] = min(2, sum(count[end] for end in pieces[start]))
    splits: list[tuple[str, ...]] = []
    for rank in range(count[0] if size else 0):
        start, tags, left = 0, list[str](), rank
        while start < size:
            for end in pieces[start]:
                if left < count[end]:
                    tags.append(part[start:end])
                    start = end
                    break
                left -= count[end]
        splits.append(tuple(tags))
    return splits
