"""Which part of a list page is one story's card, by the links to stories that its elements hold."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile
from typing import cast

from lxml import etree

from crawler.reading.dates import find_relative_dates
from crawler.reading.outline import Line, text_of

_MAX_LINES = 25
"""Most lines of a card; one that holds more is a page's column in which a single story is linked."""
_MAX_TEXT = 2_000
"""Longest text of a card looked at for a date, in characters."""
_MAX_PARTS = 200
"""Most parts of it."""
_MAX_LINKS, _MAX_DEPTH = 5, 12
"""Most links to a page's only story, and elements around each, that are looked at for its card."""
_ITEMS = frozenset({"article", "li", "tr"})
"""Elements that are one of several by their very name."""
_PAGES = frozenset({"body", "main", "html"})


class CardBoxes:
    """The largest elements that link to one story only, where the element around links to others.

    Args:
        links: Every link of the page to a story, with the story's address.
        lines: Of the page.
    """

    def __init__(self, links: Iterable[tuple[etree._Element, str]], lines: Sequence[Line]) -> None:
        self._held: dict[etree._Element, str | None] = {}
        found = list(links)
        for link, url in found:
            self._add(link, url)
        if len({url for _, url in found}) == 1:
            self._bound_only_one([link for link, _ in found])
        self._boxes: dict[etree._Element, etree._Element | None] = {}
        n_lines: dict[etree._Element, int] = {}
        self._not_one: set[etree._Element] = set()
        for line in lines:
            box = self._box_of(line.element)
            if box is not None and line.text:
                n_lines[box] = n_lines.get(box, 0) + 1
                if n_lines[box] > _MAX_LINES or line.tag == "h1":
                    self._not_one.add(box)

    def story_of(self, line: Line) -> str | None:
        """Return the address of the one story whose card a line stands in; None where that is unknown."""
        box = self._box_of(line.element)
        return self._held[box] if box is not None and box not in self._not_one else None

    def _add(self, link: etree._Element, url: str) -> None:
        """Note for the elements around a link which story they lead to, or None where it is not one."""
        element: etree._Element | None = link
        while element is not None:
            if element not in self._held:
                self._held[element] = url
            elif self._held[element] in (url, None):
                return
            else:
                self._held[element] = None
            element = element.getparent()

    def _bound_only_one(self, links: Sequence[etree._Element]) -> None:
        """Take for the card of the page's only story what holds its link and a date, or the item it is."""
        for link in links[:_MAX_LINKS]:
            around = [link, *islice(link.iterancestors(), _MAX_DEPTH)]
            inside = takewhile(lambda element: element.tag not in _PAGES, around)
            dated = (
                element for element in inside if next(find_relative_dates(_spaced(element)), None) is not None
            )
            card = next(dated, None)
            if card is None:
                continue
            card = _widen(card)
            for above in card.iterancestors():
                self._held[above] = None

    def _box_of(self, element: etree._Element) -> etree._Element | None:
        if element in self._boxes:
            return self._boxes[element]
        found = self._find_box(element)
        self._boxes[element] = found
        return found

    def _find_box(self, element: etree._Element) -> etree._Element | None:
        box: etree._Element | None = None
        above: etree._Element | None = element
        while above is not None:
            if above in self._held:
                if self._held[above] is None:
                    return box
                box = above
            above = above.getparent()
        return None  # the whole page leads to one story, or to none


def _spaced(element: etree._Element) -> str:
    """Return an element's text with blanks between its parts, which may be a date and a title."""
    parts = islice(cast(Iterator[str], element.itertext()), _MAX_PARTS)
    return " ".join(" ".join(parts)[:_MAX_TEXT].split())


def _widen(card: etree._Element) -> etree._Element:
    """Return the item that a card is a part of, else the block that holds it and nothing else."""
    around = takewhile(lambda element: element.tag not in _PAGES, card.iterancestors())
    outside = list(islice(around, _MAX_DEPTH))
    item = next((each for each in outside if each.tag in _ITEMS), None)
    if item is None and outside and text_of(outside[0]) == text_of(card):
        return outside[0]
    return item if item is not None else card
