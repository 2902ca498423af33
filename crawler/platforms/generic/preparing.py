"""A copy of a page in which its text is looked for, without furniture and with its sentences in one piece."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from crawler.platforms.generic.figures import MAX_CAPTION, MIN_OPENING
from crawler.platforms.generic.fronts import is_sentence
from crawler.platforms.generic.loose import find_loose, wrap
from crawler.platforms.generic.opening import Html
from crawler.platforms.generic.pruning import find_furniture
from crawler.reading.markup import count_words
from crawler.reading.outline import MEDIA_TAGS, text_of

MAX_INLINE = 500
"""Most dates and pieces of code in sentences kept in their place."""
MAX_TABLES = 20
"""Most tables looked at to tell whether they are the page's layout."""
MAX_CELL = 100
"""Most words of a cell of facts."""
MAX_CAPTIONS = 2_000
"""Most paragraphs and captions looked at."""
MIN_SHARE = 3
"""Words in paragraphs to each in captions; with fewer the captions of its pictures are the article."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page as its text is looked for and rendered.

    Attributes:
        root: A copy of the page's tree, nobody else's.
        heading: What is the page's heading there.
    """

    root: etree._Element
    heading: etree._Element | None

    def markup(self) -> str:
        """Return the copy as trafilatura needs it.

        It takes dates for furniture and code for blocks, and breaks captions at their marks, which are put
        back when the body is rendered.
        """
        renamed = list(_inline(self.root))
        names = [element.tag for element in renamed]
        for element in renamed:
            element.tag = "tt" if element.tag == "code" else "span"
        gaps = [(_take_out(caption), caption) for caption in _captions(self.root)]
        text = etree.tostring(self.root, method="html", encoding="unicode")
        for gap, caption in gaps:
            _replace(gap, caption)
        for element, name in zip(renamed, names, strict=True):
            element.tag = name
        return text


def prepare(html: Html) -> Prepared:
    """Copy a page, take out its furniture and make boxes of its layout and paragraphs of its loose text."""
    root = copy.deepcopy(html.root)
    twins = dict(zip(html.root.iter(), root.iter(), strict=True))
    for cell in list(_layout(html)):
        twins[cell].tag = "div"
    furniture = [twins[element] for element in find_furniture(html)]
    taken = set(furniture)
    for loose in find_loose(root):
        if taken.isdisjoint(loose.marks):
            wrap(loose)
    for element in furniture:
        _take_out(element)
    for field in islice(root.iter("label", "output"), MAX_INLINE):
        if next(field.iterancestors("p", "li", "blockquote"), None) is not None:
            field.tag = "span"  # trafilatura drops fields of forms, and the words in them
    return Prepared(root, twins[html.heading] if html.heading is not None else None)


def _take_out(element: etree._Element) -> etree._Element:
    """Put an empty element in the place of one; trafilatura finds the paragraphs of what is only renamed."""
    gap = etree.Element("aside")
    _replace(element, gap)
    return gap


def _replace(element: etree._Element, other: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        element.tail, other.tail = None, element.tail
        parent.replace(element, other)


def _captions(root: etree._Element) -> list[etree._Element]:
    """Return the captions of pictures and embeds below the first paragraph.

    There are none where they are a good part of what the page says.
    """
    found: list[etree._Element] = []
    sizes: list[int] = []
    n_around = 0
    is_below = False
    for element in islice(root.iter("p", "figcaption"), MAX_CAPTIONS):
        n_words = count_words(text_of(element))
        figure = next(element.iterancestors("figure"), None)
        if element.tag == "p":
            n_around += n_words
            is_below = is_below or n_words > MIN_OPENING
            continue
        has_media = figure is not None and next(figure.iter(*MEDIA_TAGS), None) is not None
        if is_below and has_media and n_words <= MAX_CAPTION:
            found.append(element)
            sizes.append(n_words)
    return found if MIN_SHARE * sum(sizes) <= n_around else []


def _layout(html: Html) -> Iterator[etree._Element]:
    """Yield the tables that only put the page's parts beside each other, with their rows and cells."""
    above = set(html.heading.iterancestors()) if html.heading is not None else set()
    n_letters = sum(len(line.text) for line in html.page.lines)
    for table in islice(html.root.iter("table"), MAX_TABLES):
        parts = [part for part in table if part.tag in ("tbody", "thead", "tfoot")]
        rows = [row for part in (table, *parts) for row in part if row.tag == "tr"]
        cells = [cell for row in rows for cell in row if cell.tag in ("td", "th")]
        is_page = any(cell in above for cell in cells)
        if is_page or (any(map(_holds_text, cells)) and 2 * len(text_of(table)) > n_letters):
            yield from (table, *parts, *rows, *cells)


def _holds_text(cell: etree._Element) -> bool:
    """Tell a cell with a page's running text from one of a table of facts."""
    return len(list(islice(cell.iter("p"), 2))) == 2 and count_words(text_of(cell)) > MAX_CELL


def _inline(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the dates and pieces of code that stand in sentences."""
    texts: dict[etree._Element, str] = {}
    for element in islice(root.iter("time", "code"), MAX_INLINE):
        above = islice(element.iterancestors("p", "pre", "li", "blockquote"), 1)
        box = next(above, None)
        if box is None or box.tag == "pre":
            continue
        if element.tag == "time":
            text = texts[box] if box in texts else texts.setdefault(box, text_of(box))
            if not is_sentence(text.replace(text_of(element), " ", 1)):
                continue
        yield element
