"""Links to stories in a sentence, which are no cards: "A reply to The Tin Orchard"."""

from collections.abc import Mapping, Sequence
from itertools import islice

from lxml import etree

from crawler.platforms.vocal.bylines import is_author_link
from crawler.reading.dates import find_relative_dates
from crawler.reading.outline import Line, text_of

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_MIN_WORDS = 2
"""Fewest words around a link that make it a part of a sentence; "New:" is none."""
_MAX_TEXT = 500
_MAX_LINES = 100
"""Most lines of a page that are looked at."""
_MAX_LINKS = 50
"""Most links of a card."""
_MAX_DEPTH = 5
"""Most elements around a line that are looked at for the card it stands in."""


def find_mentions(lines: Sequence[Line], urls: Mapping[etree._Element, str | None]) -> set[etree._Element]:
    """Return the links to stories that stand in a sentence, without a byline, and begin no card.

    Either a box around the sentence has one story more, which comes first and is linked by nothing but its
    title: the sentence is that one's. Or the story named has a heading of its own elsewhere on the page.

    Args:
        lines: Of the page.
        urls: Every link of the page, with the story it leads to.
    """
    sentences = ((line, links) for line in lines if (links := _links_in_sentence(line, urls)))
    found = list(islice(sentences, _MAX_LINES))
    mentions = {link for line, links in found if _is_in_card(line, links, urls) for link in links}
    named = {urls[link] for _, links in found for link in links}
    titled = {url for link, url in urls.items() if url in named and _is_in_heading(link)} if named else ()
    return mentions.union(link for _, links in found for link in links if urls[link] in titled)


def _links_in_sentence(line: Line, urls: Mapping[etree._Element, str | None]) -> Sequence[etree._Element]:
    """Return a line's links to stories where words of the same sentence stand around them; else none."""
    if line.tag in _HEADINGS or not line.marks or len(line.text) > _MAX_TEXT or len(line.parts) < 2:
        return ()
    links = [mark for mark in line.marks if urls.get(mark) is not None and text_of(mark)]
    if not links or any(is_author_link(mark) for mark in line.marks):
        return ()
    outside = line.text
    for link in links:
        outside = outside.replace(text_of(link), " ", 1)
    is_begun = _count_words(line.text.partition(text_of(links[0]))[0]) >= _MIN_WORDS
    is_sentence = _count_words(outside) >= _MIN_WORDS and (is_begun or line.text[-1] in ".!?…")
    return links if is_sentence and next(find_relative_dates(line.text), None) is None else ()


def _count_words(text: str) -> int:
    return sum(word[0].isalpha() for word in text.split())


def _is_in_card(
    line: Line, named: Sequence[etree._Element], urls: Mapping[etree._Element, str | None]
) -> bool:
    """Tell whether the nearest box around a line that links to a story it does not name is one card."""
    own = {urls[link] for link in named}
    for box in islice(line.element.iterancestors(), _MAX_DEPTH):
        links = (link for link in box.iter("a") if urls.get(link) is not None)
        first: etree._Element | None = None
        for n_seen, link in enumerate(links):
            first = link if first is None else first
            if urls[link] not in (*own, urls[first]) or n_seen >= _MAX_LINKS:
                return False
        if first is not None and urls[first] not in own:
            return _is_title(first)
    return False


def _is_in_heading(link: etree._Element) -> bool:
    around = any(above.tag in _HEADINGS for above in link.iterancestors())
    return around or any(inner.tag in _HEADINGS for inner in link.iter())


def _is_title(link: etree._Element) -> bool:
    """Tell a link that is a picture or all there is in its block from one among other words."""
    block = link.getparent()
    if block is None or not text_of(link) or _is_in_heading(link):
        return True
    return text_of(block) == text_of(link)
