"""Find beside an article's text the boxes that are made of teasers of other articles."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from crawler.platforms.generic.lists import looks_like_story
from crawler.platforms.generic.opening import Html, is_same_outlet, page_url
from crawler.reading.markup import count_words
from crawler.reading.outline import Line, text_of
from crawler.reading.urls import absolute_url, canonicalize_url

MIN_PARAGRAPH = 20
"""Words from which a paragraph is running text."""
MIN_TEXT = 120
"""Fewest words of the paragraphs beside each other that are an article's text."""
MIN_TEASERS = 2
"""Fewest articles that a box of teasers leads to."""
MIN_LABELED = 4
"""Fewest articles that a box leads to of whose words labels and buttons are the greater part."""
MAX_TEASER = 60
"""Most words of a line below a headline that tell what its article is about."""
MAX_BELOW = 3
"""Most lines below a headline that belong to its teaser: what it is about, a name, a day."""
MAX_DEPTH = 60
"""Most elements around a line looked at; real pages nest some 30."""
MAX_LINES = 5_000
"""Most lines of a page looked at."""

_ENDS = (".", "!", "?", "…", "。", "！", "？")
"""What ends a summary, and no name with a day."""


@dataclass(frozen=True, slots=True)
class Teasers:
    """What a box of teasers holds.

    Attributes:
        n_words: All of its words.
        has_summaries: Sentences stand below its headlines.
    """

    n_words: int
    has_summaries: bool


def find_teasing(html: Html) -> Iterator[etree._Element]:
    """Yield the largest boxes below an article's text of which teasers are the greater part.

    There must be more text than teasers with a summary: a list, and an article of links, has less.
    """
    lines = html.page.lines[:MAX_LINES]
    sizes = _running(lines)
    text, n_words = sizes.most_common(1)[0] if sizes else (None, 0)
    if text is None or n_words < MIN_TEXT:
        return
    below = {each for above in (text, *text.iterancestors()) for each in above.itersiblings()}
    held: dict[etree._Element, list[Line]] = {}
    for line in lines:
        chain = (line.element, *islice(line.element.iterancestors(), MAX_DEPTH))
        box = next((each for each in chain if each in below), None)
        if box is not None:
            held.setdefault(box, []).append(line)
    found = {box: teasers for box, inside in held.items() if (teasers := _read_teasers(inside, html))}
    has_more = sum(each.n_words for each in found.values()) >= n_words
    yield from (box for box, teasers in found.items() if not (has_more and teasers.has_summaries))


def size_of_text(lines: Sequence[Line]) -> int:
    """Return the words of the most running text that stands in one box."""
    return max(_running(lines[:MAX_LINES]).values(), default=0)


def _running(lines: Sequence[Line]) -> Counter[etree._Element]:
    """Count the words of running text that stand beside each other, by the box around them."""
    sizes: Counter[etree._Element] = Counter()
    for line in lines:
        n_words = count_words(line.text)
        if n_words > MIN_PARAGRAPH:
            above = line.element.getparent() if line.element.tag == "p" else line.element
            sizes[line.element if above is None else above] += n_words
    return sizes


def _read_teasers(lines: Sequence[Line], html: Html) -> Teasers | None:
    """Return what a box holds if teasers are the greater part of it, or all of it but short labels.

    A teaser has one paragraph at most: more below a link are a text that links.
    """
    stories: set[str] = set()
    n_words = n_teasing = n_running = n_summaries = 0
    last = -MAX_BELOW - 1
    has_summary = False
    for place, line in enumerate(lines):
        size = count_words(line.text)
        n_words += size
        story = _story_of(line, html) if size else None
        if story is not None:
            stories.add(story)
            last, has_summary = place, False
        is_below = place - last <= MAX_BELOW and size <= MAX_TEASER
        if story is not None or (is_below and not (has_summary and size > MIN_PARAGRAPH)):
            n_teasing += size
            n_summaries += story is None and line.text.endswith(_ENDS)
            has_summary = has_summary or size > MIN_PARAGRAPH
        elif size > MIN_PARAGRAPH:
            n_running += size
    is_teasing = 2 * n_teasing >= n_words > 4 * n_running
    is_labeled = n_running == 0 and len(stories) >= MIN_LABELED and 3 * n_teasing >= n_words
    if len(stories) < MIN_TEASERS or not (is_teasing or is_labeled):
        return None
    return Teasers(n_words, has_summaries=n_summaries > 0)


def _story_of(line: Line, html: Html) -> str | None:
    """Return the address of the site's other article to which a line is the link, with hardly a word more."""
    links = [mark for mark in line.marks if mark.tag == "a"]
    link = next(line.element.iterancestors("a"), None)
    if link is None:
        link = next((each for each in links if 2 * len(text_of(each)) > len(line.text)), None)
    address = absolute_url(html.base, link.get("href")) if link is not None else None
    url = canonicalize_url(address) if address else None
    is_other = url is not None and url not in (html.url, page_url(html.page)) and is_same_outlet(html, url)
    return url if url is not None and is_other and looks_like_story(url) else None
