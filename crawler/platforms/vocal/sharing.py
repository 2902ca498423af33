"""Which lines of a discussion are whose: those under a comment's head, or above where names stand below."""

from collections.abc import Callable, Collection, Sequence

from lxml import etree

from crawler.platforms.vocal.labels import label_of
from crawler.platforms.vocal.sections import Span
from crawler.platforms.vocal.signatures import ITEMS, Head
from crawler.reading.outline import Line
from crawler.reading.tree import ancestors, holds

_OUTSIDE = frozenset({"nav", "footer", "form", "aside"})
"""Elements around a line that belongs to no comment."""
_MAX_SIGN = 40
"""Most characters of what may stand above a name in its comment's box: a picture's sign, "Pinned"."""


def share_out(
    lines: Sequence[Line],
    span: Span,
    heads: Sequence[Head],
    outside: Collection[etree._Element],
    is_word: Callable[[Line], bool],
) -> list[Sequence[Line]]:
    """Return the lines of each comment.

    Args:
        lines: All lines of the page.
        span: The lines under the label.
        heads: In page order.
        outside: Elements that also hold what is no comment.
        is_word: Tells a line that can be a comment's words from labels, buttons and counts.
    """
    if not heads:
        return []
    boxes = _Boxes(heads, outside)
    above = [at for at in range(span[0], heads[0].start) if is_word(lines[at])]
    if above and _are_signed_below(lines, span, heads, boxes, is_word):
        held = [at for at in above if boxes.holds(0, lines[at])]
        starts = [(held or above)[0], *(head.end for head in heads[:-1])]
        return [lines[start : head.start] for start, head in zip(starts, heads, strict=True)]
    ends = [_begin_of(lines, heads, at, boxes) for at in range(1, len(heads))]
    ends.append(_end_of_last(lines, heads, span, outside))
    return [
        lines[head.end : end]
        if head.date_at is None
        else [*lines[head.end : head.date_at], *lines[head.date_at + 1 : end]]
        for head, end in zip(heads, ends, strict=True)
    ]


class _Boxes:
    """The elements that hold one comment each; made only where they are asked for."""

    def __init__(self, heads: Sequence[Head], outside: Collection[etree._Element]) -> None:
        self._heads = heads
        self._outside = outside
        self._counts: dict[etree._Element, int] | None = None

    def box(self, at: int) -> etree._Element | None:
        """Return the item around one head, or the largest element around it, that holds no other."""
        if self._counts is None:
            self._counts = {}
            for head in self._heads:
                for element in ancestors(head.element):
                    self._counts[element] = self._counts.get(element, 0) + 1
        found = None
        for element in ancestors(self._heads[at].element):
            if self._counts[element] > 1 or element in self._outside:
                break
            found = element
            if element.tag in ITEMS:
                break
        return found

    def holds(self, at: int, line: Line) -> bool:
        """Tell whether the box around one head holds a line."""
        box = self.box(at)
        return box is not None and holds(box, line.element)


def _are_signed_below(
    lines: Sequence[Line],
    span: Span,
    heads: Sequence[Head],
    boxes: _Boxes,
    is_word: Callable[[Line], bool],
) -> bool:
    """Tell a discussion whose names stand below the words, by the boxes of single comments.

    Where no box holds a head and words, the words below the last head decide.
    """
    n_above = n_below = 0
    for at, head in enumerate(heads):
        first = heads[at - 1].end if at else span[0]
        last = heads[at + 1].start if at + 1 < len(heads) else span[1]
        n_above += any(
            _is_said(line) and is_word(line) and boxes.holds(at, line) for line in lines[first : head.start]
        )
        n_below += any(is_word(line) and boxes.holds(at, line) for line in lines[head.end : last])
    if n_above or n_below:
        return n_above > n_below
    return not any(is_word(line) for line in lines[heads[-1].end : span[1]])


def _is_said(line: Line) -> bool:
    """Tell words from the sign that stands for a picture."""
    return any(char.isalnum() for char in line.text)


def _begin_of(lines: Sequence[Line], heads: Sequence[Head], at: int, boxes: _Boxes) -> int:
    """Return the first line of a comment: its head's, or what stands above that in its own box."""
    start = heads[at].start
    while start > heads[at - 1].end:
        line = lines[start - 1]
        if line.tag == "p" or len(line.text) > _MAX_SIGN or label_of(line.text) is not None:
            break
        if not boxes.holds(at, line):
            break
        start -= 1
    return start


def _end_of_last(
    lines: Sequence[Line], heads: Sequence[Head], span: Span, outside: Collection[etree._Element]
) -> int:
    """Return where the last comment ends: with its item, or with what cannot belong to it."""
    last = heads[-1]
    own = list(ancestors(last.element))
    item = next((element for element in own if element.tag in ITEMS and element not in outside), None)
    boxes = [item] if item is not None else []
    if item is None and len(heads) == 1:
        inside = [element for element in own if element not in outside]
        boxes = inside[-1:]
    if len(heads) > 1:
        above = set(ancestors(heads[-2].element))
        common = next((at for at, element in enumerate(own) if element in above), None)
        if common is not None:
            boxes.extend(own[max(0, common - 1) : common + 1])
    for box in boxes:
        held = [at for at in range(last.end, span[1]) if holds(box, lines[at].element)]
        if held and any(lines[at].text for at in held):
            return held[-1] + 1
    seen = set(own)
    for at in range(last.end, span[1]):
        for element in ancestors(lines[at].element):
            if element in seen:
                break
            seen.add(element)
            if element.tag in _OUTSIDE:
                return at
    return span[1]
