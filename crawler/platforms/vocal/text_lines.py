"""A copied text as lines that mean something: line ends, blanks, bullets and hard wraps taken care of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crawler.platforms.vocal.labels import label_of
from crawler.platforms.vocal.text_labels import is_broken_label, part_labels
from crawler.platforms.vocal.text_links import drop_references, take_off_addresses
from crawler.platforms.vocal.text_mail import take_off_quoting
from crawler.platforms.vocal.text_markdown import is_markdown, take_off_block_marks, take_off_marks
from crawler.reading.characters import strip_unstorable

MAX_LABEL = 400
"""Longest line looked at as a label, byline or caption, in characters; longer ones are body.

The longest real byline seen has under 150. The bound keeps every pattern's time small on hostile input.
"""
PROSE = 160
"""A line longer than this is a paragraph of its own, never a line of verse; in characters."""
LONG_LINE = 80
"""A line at least this long is hardly ever a title, a caption or a line of verse; in characters."""

MAX_GAP = 100
"""Most line ends in a row that are looked at: no layout has more, and a text of nothing else takes time."""
_MANY_ENDS = re.compile(rf"\n{{{MAX_GAP},}}")
_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
_BULLET = re.compile(r"([•◦▪‣●○□■▫·*+\-–—]|\d{1,3}[.)])\s+(?=\S)")
_LETTER_BULLET = re.compile(r"(o)\s+(?=\S)")
"""What some programs print before an item of a list inside another one; a word anywhere else."""
_NARROWEST, _WIDEST = 54, 100
"""Columns between which the longest row of a text wrapped at 60 to 100 ends: no word need reach the edge.
Verse is narrower, whole paragraphs are wider."""
_OWN_LINES = frozenset({"about", "insights", "top_insights", "comments", "sign_in", "footer"})
"""Labels that begin a row, however full the one above is."""
_MANY = 12
"""Fewest broken rows that tell a narrow wrap from verse, when all are full."""
_SENTENCE_END = (".", "!", "?", "…", '."', ".”", '!"', "!”", '?"', "?”", ")", "’", "'")
_NO_HYPHEN = frozenset({"and", "or", "to"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not empty.

    Attributes:
        text: Without bullet, indentation and doubled blanks; not empty.
        bullet: "•", "-", "1.", ... or "" where there is none.
        indent: Columns before the bullet or the text.
        gap: Empty lines before it, of more than `MAX_GAP` about so many.
    """

    text: str
    bullet: str
    indent: int
    gap: int

    @property
    def printed(self) -> str:
        """The text with its bullet."""
        return f"{self.bullet} {self.text}" if self.bullet else self.text

    @property
    def label(self) -> str:
        """The text where it is short enough to be a label, else ""."""
        return self.text if len(self.text) <= MAX_LABEL else ""


def read_lines(text: str) -> list[Line]:
    r"""Return the lines of a copied text, hard wraps undone.

    Args:
        text: Any string: any line ends, a byte order mark, no-break blanks, tabs, control characters.

    Example:
        >>> [(line.text, line.gap) for line in read_lines("\ufeffA\r\n\r\n  • B\xa0 C")]
        [('A', 0), ('B C', 1)]
    """
    cleaned = _MANY_ENDS.sub("\n" * MAX_GAP, _INVISIBLE.sub("", strip_unstorable(_ENDS.sub("\n", text))))
    rows = [_BLANKS.sub(_to_blanks, row).rstrip() for row in cleaned.split("\n")]
    lines: list[Line] = []
    gap, outer = 0, -1  # the column of the list's bullet around a row; -1 outside of lists
    for row in _to_paragraphs(rows):
        if not row:
            gap += 1
            continue
        body = row.lstrip(" ")
        indent = len(row) - len(body)
        match = _BULLET.match(body) or (_LETTER_BULLET.match(body) if 0 <= outer < indent else None)
        content = body[match.end() :] if match else body
        bullet = match[1] if match else ""
        if indent <= outer or (bullet and outer < 0):
            outer = indent if bullet in ("•", "*", "+", "-") else -1
        lines.append(Line(_BLANKS.sub(" ", content), bullet, indent, gap))
        gap = 0
    return lines


def _to_paragraphs(rows: Sequence[str]) -> list[str]:
    """Return the rows as the page has them: what programs added taken off, hard wraps undone.

    Rows were broken with their marks in them, so marks inside rows are taken off after wraps are undone.
    """
    rows = drop_references(take_off_quoting(rows))
    is_marked = is_markdown(rows)
    rows = list(_undo_wraps(take_off_block_marks(rows, is_marked=is_marked)))
    return part_labels(take_off_addresses(take_off_marks(rows) if is_marked else rows))


def _to_blanks(match: re.Match[str]) -> str:
    return " " * len(match[0].replace("\t", "    ") if match.start() == 0 else match[0])


def _undo_wraps(rows: Sequence[str]) -> Iterator[str]:
    """Join rows that a program broke at a fixed width."""
    wrap = _find_wrap(rows)
    held: list[str] = []
    for index, row in enumerate(rows):
        following = rows[index + 1] if index + 1 < len(rows) else ""
        if held and wrap is not None and wrap.goes_on(rows[index - 1], row, following):
            held.append(_glue(rows[index - 1], row) + row.strip())
        else:
            if held:
                yield "".join(held)
            held = [row]
    if held:
        yield "".join(held)


def _glue(start: str, rest: str) -> str:
    """Return what joins two rows: nothing in "self-taught", a blank in "pre- and postwar"."""
    word = rest.strip().split(" ", 1)[0]
    is_hyphen = start.endswith("-") and start[-2:-1].isalnum() and word[:1].isalnum()
    return "" if is_hyphen and word not in _NO_HYPHEN else " "


@dataclass(frozen=True, slots=True)
class _Wrap:
    """How a text was wrapped.

    Most programs fill each row: a row is broken only where the next word would not fit. Some balance rows
    (``fmt``): then every broken row is nearly full. Breaks of verse and of labels leave more room.

    Attributes:
        width: Columns of the longest row.
        floor: Columns from which on a row is full, whatever follows.
    """

    width: int
    floor: float

    def is_soft(self, row: str, following: str) -> bool:
        """Tell whether a row ends only because the next word had no room."""
        if not row or not following or _BULLET.match(following.lstrip(" ")):
            return False
        if label_of(following.strip()) in _OWN_LINES:
            return False
        word = following.lstrip(" ").split(" ", 1)[0]
        return len(row) >= self.floor or len(row) + 1 + len(word) >= self.width

    def goes_on(self, row: str, following: str, after: str) -> bool:
        """Tell a broken row from a whole one whose full stop happens to stand near the edge.

        A paragraph that ends in the following row ends it with a full stop, a line of tags does not.
        """
        if not self.is_soft(row, following):
            return False
        is_whole = row.endswith(_SENTENCE_END) and not following.endswith(_SENTENCE_END)
        return not is_whole or self.is_soft(following, after)


def _find_wrap(rows: Sequence[str]) -> _Wrap | None:
    """Return how a text is wrapped, or None when it is not.

    The shares hold for the tests' texts, wrapped by ``fold``, ``fmt`` and ``textwrap`` at 60 to 100 columns.
    Rows that go on begin with a small letter in most prose and in little verse. Short rows are labels, names
    and ends of paragraphs, and tell nothing: in a text without empty lines they are most of all rows.
    """
    width = max((len(row) for row in rows if " " in row.strip()), default=0)
    if width > _WIDEST:
        return None
    if width < _NARROWEST:
        return _find_narrow_wrap(rows, width)
    breaks = [(row, following) for row, following in pairwise(rows) if following and 2 * len(row) >= width]
    balanced = _Wrap(width, 0.75 * width)
    is_balanced = len(breaks) > 5 and _soft_share(balanced, breaks, small_share=0.6) >= 0.85
    wrap = balanced if is_balanced else _Wrap(width, width)
    share = _soft_share(wrap, breaks, small_share=0.4)
    return wrap if share and share >= min(0.5, max(3 / len(breaks), 0.25)) else None


def _find_narrow_wrap(rows: Sequence[str], width: int) -> _Wrap | None:
    """Return how a text is wrapped that is as narrow as verse.

    Two things tell: a sentence of the page's own is broken too, or every row of many leaves no room for the
    next word, which no verse does for long.
    """
    wrap = _Wrap(width, width)
    breaks = [
        (row, below)
        for row, below in pairwise(rows)
        if row and below and _BULLET.match(below.lstrip(" ")) is None
    ]
    soft = [(row, below) for row, below in breaks if wrap.is_soft(row, below)]
    if any(is_broken_label(row, below) for row, below in soft):
        return wrap
    n_going_on = sum(not below.lstrip(" ")[:1].isupper() for _, below in soft)
    return wrap if len(soft) == len(breaks) >= _MANY and 2 * n_going_on >= len(soft) else None


def _soft_share(wrap: _Wrap, breaks: Sequence[tuple[str, str]], *, small_share: float) -> float:
    """Return the share of soft breaks; 0 where too few of them go on with a small letter."""
    soft = [following.lstrip(" ") for row, following in breaks if wrap.is_soft(row, following)]
    n_going_on = sum(not following[:1].isupper() for following in soft)
    return len(soft) / len(breaks) if soft and n_going_on >= small_share * len(soft) else 0.0
