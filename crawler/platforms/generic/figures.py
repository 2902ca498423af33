"""The pictures, captions, embeds and rules that stand between the lines of a text."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from html import unescape
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from crawler.platforms.generic.lead import is_small
from crawler.platforms.generic.lists import looks_like_story
from crawler.reading.images import embed_link, image_url
from crawler.reading.markup import count_words, elements_around
from crawler.reading.outline import MEDIA_TAGS, Line
from crawler.reading.urls import absolute_url, host_of

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
_PLAYER = re.compile(r"/(?:embed|player|videos?|tracks?|episodes?)(?:\.html?)?[/?][^/]", re.IGNORECASE)
"""What the address of a video or a sound says in its path, and that of an advertisement does not."""
_OF_OTHERS = re.compile(
    r"(?:^|[\s_-])(?:authors?|avatars?|bio|byline|gravatar|profile|promos?|sponsor(?:ed)?)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Names of boxes with the face of a writer, or with what the site or another sells."""
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:$|\?)", re.IGNORECASE)


def find_pictures(body: str, lines: Sequence[Line], base: str | None) -> list[int]:
    """Return the places of the pictures of a body among the page's lines.

    Faces of writers and what is sold are left out, and so are pictures in figures that tease another story.

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
    around = elements_around(line for line in lines if found and count_words(line.text) > MIN_OPENING)
    told = _told(lines) if found else set()
    images = {place: lines[place].element for place in found}
    return [
        place
        for place, image in images.items()
        if not _is_of_others(image, around) and not _teases(image, base, told)
    ]


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
    told = _told(lines)
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
            elif line.tag == "img" and _is_of_text(line.element, base, around, told):
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


def _is_of_text(
    image: etree._Element, base: str | None, around: Collection[etree._Element], told: Collection[str]
) -> bool:
    """Tell a picture of the text from a mark, a face, a pixel that counts and what leads elsewhere."""
    if is_small(image, MIN_SIDE) or _counts(image, base) or _is_of_others(image, around):
        return False
    if next(image.iterancestors("figure"), None) is not None:
        return not _teases(image, base, told)
    link = next(image.iterancestors("a"), None)
    return link is None or _PICTURE.search(absolute_url(base, link.get("href")) or "") is not None


def _is_of_others(image: etree._Element, around: Collection[etree._Element]) -> bool:
    """Tell by the names of the boxes in which no line of the text stands."""
    for above in islice((image, *image.iterancestors()), MAX_BOXES):
        if above in around:
            return False
        if _OF_OTHERS.search(above.get("class") or ""):
            return True
    return False


def _counts(image: etree._Element, base: str | None) -> bool:
    """Tell a pixel by which another host counts readers: nothing says that it is a picture."""
    said = ("alt", "title", "width", "height", "srcset", "data-srcset")
    if any((image.get(name) or "").strip() for name in said):
        return False
    if next(image.iterancestors("figure", "picture"), None) is not None:
        return False
    url = image_url(image, base)
    if url is None or base is None or host_of(url) == host_of(base):
        return False
    parts = urlsplit(url)
    return bool(parts.query) and _PICTURE.search(parts.path) is None


def _told(lines: Sequence[Line]) -> set[str]:
    """Return where the words of a page lead, but for captions."""
    links = (mark for line in lines if line.text and line.tag != "figcaption" for mark in line.marks)
    return {link.get("href") or "" for link in links if link.tag == "a"}


def _teases(image: etree._Element, base: str | None, told: Collection[str]) -> bool:
    """Tell a figure that leads to another story of the site from one that leads to its own page or file.

    An article about several stories leads to each by words too.
    """
    link = next(image.iterancestors("a"), None)
    if link is None or link.get("href") in told or "attachment" in (link.get("rel") or "").split():
        return False
    url = absolute_url(base, link.get("href"))
    if url is None or base is None or host_of(url) != host_of(base):
        return False
    path = urlsplit(url).path
    is_own = path.startswith(urlsplit(base).path.rstrip("/") or "/") or _PICTURE.search(path) is not None
    is_figure = next(image.iterancestors("figure"), None) is not None
    return is_figure and not is_own and looks_like_story(url)


def _plays(embed: etree._Element, base: str | None) -> bool:
    """Tell a video or a sound from what else is embedded: advertisements, forms, buttons to share."""
    sources = (embed.get(name) or "" for name in ("src", "data-src", "data"))
    is_player = embed.tag in ("audio", "video") or any(_PLAYER.search(source) for source in sources)
    return is_player and embed_link(embed, base) is not None
