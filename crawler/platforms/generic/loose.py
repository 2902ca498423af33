"""Paragraphs that stand beside blocks without an element of their own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from crawler.platforms.generic.lead import is_small
from crawler.reading.markup import count_words
from crawler.reading.outline import BLOCK_TAGS, DATE_TAGS, MEDIA_TAGS, UNSEEN_TAGS, text_of

MIN_LOOSE = 12
"""Fewest words of a paragraph without an element of its own."""
MAX_LOOSE = 500
"""Most such paragraphs of a page."""

_BOXES = ("article", "div", "font", "main", "p", "section", "td")
_MARKS = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "mark", "math", "meter", "nobr", "output", "progress", "q", "rb",
    "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var",
    "wbr", *DATE_TAGS,
})  # fmt: skip
"""Elements that are part of a text, unless a block stands in them."""
MAX_SIGN = 48
"""Most pixels of a picture that stands in a sentence for a word."""
_SIGN = re.compile(r"(?:^|[\s_-])(?:emojis?|smil(?:ey|ie)s?)(?:$|[\s_-])", re.IGNORECASE)
_PARTING = frozenset({*BLOCK_TAGS, *MEDIA_TAGS, *UNSEEN_TAGS, *_MARKS})
"""Elements of which it is known whether they part a text."""


@dataclass(frozen=True, slots=True)
class Loose:
    """A paragraph without an element: the text behind ``above``, or at the box's start, and some marks."""

    box: etree._Element
    above: etree._Element | None
    marks: list[etree._Element]

    @property
    def opening(self) -> str:
        """The text before the first mark."""
        return (self.box.text if self.above is None else self.above.tail) or ""

    def is_running(self) -> bool:
        """Tell running text from a row of links or labels: its words stand around its marks."""
        n_around = count_words(self.opening) + sum(count_words(each.tail or "") for each in self.marks)
        n_inside = sum(count_words(text_of(each)) for each in self.marks)
        return n_inside <= 2 * n_around and n_around + n_inside >= MIN_LOOSE

    def has_words(self) -> bool:
        """Tell a paragraph from what is only breaks."""
        return bool(self.opening.strip()) or any(
            text_of(each) or (each.tail or "").strip() for each in self.marks
        )

    def ends_with_text(self) -> bool:
        """Tell a paragraph with words or marks from one that a break ends."""
        if not self.marks:
            return bool(self.opening.strip())
        return self.marks[-1].tag != "br" or bool((self.marks[-1].tail or "").strip())

    def set_opening(self, text: str | None) -> None:
        """Change the text before the first mark."""
        if self.above is None:
            self.box.text = text
        else:
            self.above.tail = text


def find_loose(root: etree._Element) -> list[Loose]:
    """Return the paragraphs that stand beside blocks without an element, parted by blocks and double breaks.

    trafilatura drops what stands there before the first block, and what begins with a mark. A ``<wbr>``, in
    which the parser puts all that follows, is taken out where blocks follow.

    Args:
        root: Changed.
    """
    if any(_holds_blocks(each) for each in islice(root.iter("wbr"), MAX_LOOSE)):
        etree.strip_tags(root, "wbr")
    return list(islice(_loose_paragraphs(root), MAX_LOOSE))


def wrap(loose: Loose) -> etree._Element:
    """Put a paragraph around a text that has none."""
    paragraph = etree.Element("p")
    paragraph.text = loose.opening
    loose.set_opening(None)
    if loose.above is None:
        loose.box.insert(0, paragraph)
    else:
        loose.above.addnext(paragraph)
    paragraph.extend(loose.marks)
    return paragraph


def _loose_paragraphs(root: etree._Element) -> Iterator[Loose]:
    for box in root.iter(*_BOXES):
        if next((each for each in box if each.tag in BLOCK_TAGS), None) is None:
            continue
        parts = [Loose(box, None, [])]
        for child in box:
            last = parts[-1].marks[-1] if parts[-1].marks else None
            is_double = last is not None and child.tag == last.tag == "br" and not (last.tail or "").strip()
            is_word = _may_be_word(child) and parts[-1].ends_with_text()
            if (_is_mark(child) or is_word) and not is_double:
                parts[-1].marks.append(child)
                continue
            if is_double:
                parts[-1].marks.pop()
            else:
                yield from _running(parts)
                parts = []
            parts.append(Loose(box, child, []))
        yield from _running(parts)


def _is_mark(element: etree._Element) -> bool:
    if element.tag == "img":
        return is_small(element, MAX_SIGN + 1) or _SIGN.search(element.get("class") or "") is not None
    return element.tag in _MARKS and not _holds_blocks(element)


def _holds_blocks(element: etree._Element) -> bool:
    return len(element) > 0 and next(element.iter(*BLOCK_TAGS), None) is not None


def _may_be_word(element: etree._Element) -> bool:
    """Tell an element of the page's own before text, which is a word if it stands behind text too."""
    if element.tag in _PARTING or not (element.tail or "").strip():
        return False
    return len(element) == 0 or next(element.iter(*BLOCK_TAGS, *MEDIA_TAGS), None) is None


def _running(parts: Sequence[Loose]) -> list[Loose]:
    """Return what stands between two blocks, if one of its paragraphs is running text."""
    is_text = any(part.is_running() for part in parts)
    return [part for part in parts if is_text and part.has_words()]
