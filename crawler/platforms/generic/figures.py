"""The pictures, captions, embeds and rules that stand between the lines of a text."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from html import unescape
from itertools import islice

from lxml import etree

from crawler.platforms.generic.lead import is_small
from crawler.reading.images import embed_link, image_url
from crawler.reading.markup import count_words, elements_around
from crawler.reading.outline import MEDIA_TAGS, Line
from crawler.reading.urls import absolute_url

MAX_BOXES = 8
"""Most boxes around a picture in a text."""
MAX_CAPTION = 80
"""Most words of a caption with its credit."""
MIN_OPENING = 20
"""Words of a line from which it is the text's own."""
MIN_SIDE = 100
"""Fewest pixels of either side of a picture, where they are said; a face or a mark is smaller."""

_SOURCE = re.compile(r'<img[^>]* src="([^"]*)"')
_EMBEDS = frozenset({"audio", "embed", "iframe", "object", "video"})
_PLAYER = re.compile(r"/(?:embed|player|v|videos?|tracks?|episodes?)(?:\.html?)?[/?][^/]", re.IGNORECASE)
"""What the address of a video or a sound says in its path, and that of an advertisement does not."""
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:$|\?)", re.IGNORECASE)


def find_pictures(body: str, lines: Sequence[Line], base: str | None) -> list[int]:
    """Return the places of the pictures of a body among the page's lines.

    Args:
        body: Sanitized.
        lines: Of the page.
        base: Address that relative links count from.
    """
    wanted = Counter(unescape(url) for url in _SOURCE.findall(body))
    found: list[int] = []
    for place, line in enumerate(lines):
        url = image_url(line.element, base) if line.tag == "img" and wanted else None
        if url is not None and wanted[url] > 0:
            wanted[url] -= 1
            found.append(place)
    return found


def find_media(
    lines: Sequence[Line], found: Sequence[int], pictures: Collection[int], base: str | None
) -> set[int]:
    """Return the places of pictures, captions, embeds and rules between the lines of a text.

    Args:
        lines: Of the page.
        found: Places of the text's lines, in order.
        pictures: Places of pictures known to be the text's; they may stand above it.
        base: Address that relative links count from.
    """
    around = elements_around(lines[place] for place in found)
    # What stands above the first paragraph opens the article and is its hero, not a part of its text.
    start = next((place for place in found if count_words(lines[place].text) > MIN_OPENING), found[-1])
    boxes: dict[etree._Element, list[int]] = {}
    for place, line in enumerate(lines):
        box = _box_of(line.element, around)
        if box is not None:
            boxes.setdefault(box, []).append(place)
    known = {None, *(image_url(lines[place].element, base) for place in pictures)}
    more: set[int] = set()
    for box, places in boxes.items():
        captions = [place for place in places if lines[place].text]
        if not all(_is_caption(lines[place]) for place in captions):
            continue
        is_between = start < places[0] and places[-1] < found[-1]
        own = [place for place in places if place in pictures]
        for place in places if is_between else ():
            line = lines[place]
            is_rule = line.tag == "hr" and around.issuperset((box.getprevious(), box.getnext()))
            if is_rule or (line.tag in _EMBEDS and _plays(line.element, base)):
                own.append(place)
            elif line.tag == "img" and _is_of_text(line.element, base):
                url = image_url(line.element, base)
                own += [place] if url not in known else []
                known.add(url)
        more.update((*own, *captions) if own and is_between else own)
    return more


def _box_of(element: etree._Element, around: Collection[etree._Element]) -> etree._Element | None:
    """Return the largest element around one that holds no line of the text; None for a line of it."""
    box = element
    for above in islice((element, *element.iterancestors()), MAX_BOXES):
        if above in around:
            return box if above is not element or element.tag in MEDIA_TAGS else None
        box = above
    return None


def _is_caption(line: Line) -> bool:
    is_marked = line.tag == "figcaption" or next(line.element.iterancestors("figcaption"), None) is not None
    return is_marked and count_words(line.text) <= MAX_CAPTION


def _is_of_text(image: etree._Element, base: str | None) -> bool:
    """Tell a picture of the text from a mark and from one that leads elsewhere, as advertisements do."""
    if is_small(image, MIN_SIDE):
        return False
    if next(image.iterancestors("figure"), None) is not None:
        return True
    link = next(image.iterancestors("a"), None)
    return link is None or _PICTURE.search(absolute_url(base, link.get("href")) or "") is not None


def _plays(embed: etree._Element, base: str | None) -> bool:
    """Tell a video or a sound from what else is embedded: advertisements, forms, buttons to share."""
    sources = (embed.get(name) or "" for name in ("src", "data-src", "data"))
    is_player = embed.tag in ("audio", "video") or any(_PLAYER.search(source) for source in sources)
    return is_player and embed_link(embed, base) is not None
