"""Boxes in or beside a body that ask for support or lead to other stories."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree

from crawler.platforms.vocal.addresses import leads_to_story
from crawler.platforms.vocal.labels import Label, label_of
from crawler.platforms.vocal.printed_tags import read_tag_links
from crawler.platforms.vocal.sections import Span
from crawler.reading.outline import Line, text_of
from crawler.reading.tree import ancestors, holds

_PROMOTING: frozenset[Label | None] = frozenset({"more", "support", "read_next"})
"""Labels that begin such a box."""
ASIDES = frozenset({"aside", "nav", "form", "footer", "dialog", "button"})
"""Elements that stand beside the text."""
MAX_CARD = 500
"""Longest text of an embedded story's card, in characters."""
MAX_DEPTH = 6
"""Most elements around a line in which its teaser's link and byline are looked for."""
MAX_PIECES = 60
"""Most pieces of text of one of them."""
_MAX_LINES = 60
"""Most lines of a card."""
_TEXTS = frozenset({"p", "li", "blockquote"})
_NEAR = 3
"""Lines below a label among which its links and buttons stand."""
_MAX_TEASERS = 30
"""Most boxes that tease other stories looked at in one page."""
_BY_NAME = re.compile(r"by\s+\S.{0,80}", re.IGNORECASE)
_MAX_INITIALS = 3
"""Longest last word of a name that ends in a full stop, in characters: "Esq."."""


def find_promotions(lines: Sequence[Line], span: Span) -> set[int]:
    """Return the lines of boxes that ask for support or lead to other stories, before the body is known.

    Args:
        lines: All lines of the page.
        span: Where the body may stand.
    """
    found: set[int] = set()
    start, end = span
    beside = [lines[at].element for at in (start - 1, end) if 0 <= at < len(lines)]
    labeled = (at for at in range(start, end) if label_of(lines[at].text) in _PROMOTING)
    for index in islice(labeled, _MAX_TEASERS):
        if index in found or not _is_teaser(lines, index, end):
            continue
        found.add(index)
        for above in islice(ancestors(lines[index].element), 1, MAX_DEPTH):
            held = _lines_in(lines, span, index, above)
            if held is None or any(holds(above, other) for other in beside):
                break
            texts = [at for at in held if lines[at].text]
            if len(texts) > 1:
                is_headed = texts[0] == index and lines[index].tag != "button"
                found.update(held if is_headed or len(texts) == 2 else ())
                break
    return found


def _lines_in(lines: Sequence[Line], span: Span, index: int, box: etree._Element) -> range | None:
    """Return the lines of a box around one of them; None where it is larger than a card."""
    first = last = index
    length = len(lines[index].text)
    while first > span[0] and holds(box, lines[first - 1].element):
        first -= 1
        length += len(lines[first].text)
        if length > MAX_CARD or index - first > _MAX_LINES:
            return None
    while last + 1 < span[1] and holds(box, lines[last + 1].element):
        last += 1
        length += len(lines[last].text)
        if length > MAX_CARD or last - index > _MAX_LINES:
            return None
    return range(first, last + 1)


def _is_teaser(lines: Sequence[Line], index: int, end: int) -> bool:
    """Tell a teaser's label from the same words of the author's.

    The page's own stands in a box beside the text, or has a link, a button or more of its words beside it.

    Args:
        lines: All lines of the page.
        index: The label.
        end: Where the body ends at the latest.
    """
    line, below = lines[index], [each for each in lines[index + 1 : index + 1 + _NEAR] if each.text]
    is_linked = line.tag not in _TEXTS and bool(line.marks)
    if line.tag == "button" or is_linked or _is_aside(line):
        return True
    if index + 1 >= end:
        return line.tag not in _TEXTS
    box = line.element.getparent()
    above = lines[index - 1 : index] if index > 0 else []
    return any(_is_sign(each) for each in (*above, *below) if box is not None and holds(box, each.element))


def _is_sign(line: Line) -> bool:
    """Tell what stands beside a teaser's label: a link, a button, a field, another such label."""
    if read_tag_links(line):
        return False
    label = label_of(line.text)
    if line.tag == "button" or label in _PROMOTING:
        return label != "action"
    return is_link_line(line) or _is_aside(line)


def _is_aside(line: Line) -> bool:
    return any(above.tag in ASIDES for above in ancestors(line.element))


class Teasers:
    """The boxes that tease other stories or ask for support, in and around a body.

    Args:
        lines: All lines of the page.
        span: The lines to look at.
        container: The element that holds most of the body; None when there is none.
        base_url: Address of the page.
    """

    def __init__(
        self, lines: Sequence[Line], span: Span, container: etree._Element | None, base_url: str | None
    ) -> None:
        self._lines = lines
        self._span = span
        self._container = container
        self._base_url = base_url

    def find(self) -> set[int]:
        """Return their lines."""
        dropped: set[int] = set()
        n_boxes = 0
        for index in range(*self._span):
            label = label_of(self._lines[index].text)
            if (
                label is not None
                and label in _PROMOTING
                and index not in dropped
                and _is_teaser(self._lines, index, self._span[1])
            ):
                n_boxes += 1
                if n_boxes > _MAX_TEASERS:
                    dropped.add(index)
                    continue
                box = self._box_of(self._lines[index])
                held = [at for at in range(*self._span) if holds(box, self._lines[at].element)]
                is_box = not self._is_prose(held)
                dropped.update(held if is_box else ())
                if not is_box or label != "support":
                    dropped.update(self._teaser_run(max(held) if is_box else index, label))
        return dropped

    def _box_of(self, line: Line) -> etree._Element:
        """Return the largest element around a teaser's label that does not hold the whole body."""
        box = line.element
        for above in ancestors(line.element):
            if above is self._container or (self._container is not None and holds(above, self._container)):
                break
            if above.tag == "p" and above is not box:  # never closed, or it would not hold a box
                break
            box = above
        return box

    def _is_prose(self, indexes: Sequence[int]) -> bool:
        lines = (self._lines[index] for index in indexes)
        plain = [line for line in lines if len(line.text) > 60 and not is_link_line(line)]
        if sum(len(line.text) for line in plain) <= MAX_CARD:
            return False
        return sum(len(line.text) for line in plain if not self._is_teased(line)) > MAX_CARD

    def _is_teased(self, line: Line) -> bool:
        """Tell whether a line stands in a box of its own with another story's link and byline."""
        for above in islice(ancestors(line.element), MAX_DEPTH):
            texts = [text for text in islice(above.itertext(), MAX_PIECES) if not text.isspace()]
            if above is self._container or sum(map(len, texts)) > MAX_CARD:
                return False
            if any(text.strip()[:3].lower() in ("by", "by ") for text in texts) and any(
                leads_to_story(link.get("href"), self._base_url)
                for link in islice(above.iter("a"), MAX_PIECES)
            ):
                return True
        return False

    def _teaser_run(self, index: int, label: Label) -> Iterator[int]:
        """Yield a teaser's label and the cards and fields right after it."""
        yield index
        for at in range(index + 1, self._span[1]):
            line = self._lines[at]
            if label == "support" and not line.text:
                return
            is_card = is_link_line(line) or is_by_name(line.text) or not line.text
            is_field = label_of(line.text) in ("action", *_PROMOTING)
            if not is_card and not is_field and not self._is_teased(line):
                return
            yield at


def is_link_line(line: Line) -> bool:
    """Tell whether a line is one link, or stands inside a link."""
    if not line.text:
        return False
    links = [mark for mark in line.marks if mark.tag == "a"]
    if links and sum(len(text_of(link)) for link in links) >= 0.8 * len(line.text):
        return True
    return any(above.tag == "a" for above in ancestors(line.element))


def is_by_name(text: str) -> bool:
    """Tell "By Ann Lee" and "By J. Lee Jr." from a sentence: "By noon it rained."."""
    if text[:1] not in "bB" or not _BY_NAME.fullmatch(text) or text[-1] in '!?:;,…”"’':
        return False
    return text[-1] != "." or len(text.rsplit(maxsplit=1)[-1].rstrip(".")) <= _MAX_INITIALS
