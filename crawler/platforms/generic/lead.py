"""The picture of an article: the one that the page declares, else the one that it opens with."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from crawler.platforms.generic.opening import Html
from crawler.reading.images import image_url
from crawler.reading.markup import count_words
from crawler.reading.outline import Line, text_of
from crawler.reading.urls import absolute_url
from crawler.records import Image

MAX_BELOW = 14
"""Most lines below the headline among which the picture stands: standfirst, names, days, buttons."""
MAX_ABOVE = 4
"""Most lines above it, for a picture over the headline."""
MAX_DEPTH = 12
"""Most elements around a picture that are looked at."""
MAX_PICTURES = 200
"""Most pictures of a page looked at."""
MIN_SIDE = 150
"""Fewest pixels of either side, where they are said; a face or a mark is smaller."""

_PIXELS = re.compile(r"[0-9]{1,5}")
_LONG = 20
"""Words from which a paragraph is the article's own; no picture below it opens the article."""
_MAX_CAPTION = 300
_APART = frozenset({"nav", "aside", "footer", "button", "form"})
_NO_LEAD = re.compile(
    r"(?:^|[\s_/.-])(avatars?|logos?|icons?|emojis?|badges?|gravatar|author|byline|profile|sponsor|pixel|share|ads?"
    r"|blank|spacer|preload(?:er)?|loader|spinner|placeholder|ornament|divider)(?=$|[\s_/.-])",
    re.IGNORECASE,
)
_NO_HERO = frozenset({
    "avatar", "avatars", "blank", "favicon", "gravatar", "icon", "icons", "logo", "logos", "placeholder",
    "preload", "preloader", "spacer",
})  # fmt: skip
"""What the file's name says, with few other words, of a picture that a site declares for all of its pages."""
_ORDINARY = frozenset({"blank", "icon", "icons", "pixel"})
"""Names of marks that are words of headlines too, which the names of pictures repeat."""
_MAX_OTHERS = 2
_SIZE = re.compile(r"[0-9]{1,5}(?:x[0-9]{1,5})?")
_AREA = re.compile(r"[0-9]{1,5}x[0-9]{1,5}")
_BETWEEN = re.compile(r"[\s_.-]+")


def read_hero(html: Html) -> Image | None:
    """Return the declared picture, unless it is a mark of the site, else the one the article opens with.

    A picture with the name of a mark counts if the article shows it: then the article is about one.
    """
    for claims in html.claims:
        if claims.image is None:
            continue
        url = absolute_url(html.base, claims.image[0])
        if url is not None and (not _is_mark(url) or _is_shown(url, html)):
            return Image(url=url, alt=claims.image[1], caption=claims.image[2], credit=claims.image[3])
    return read_lead(html)


def _is_mark(url: str) -> bool:
    """Tell the file of a mark: its name has hardly a word more, and beside "pixel" only a size."""
    stem = _file_of(url).lower().rpartition(".")[0] or _file_of(url).lower()
    words = [each for each in _BETWEEN.split(stem.replace("web-app-manifest", "icon")) if each]
    if "pixel" in words and all(each == "pixel" or _AREA.fullmatch(each) for each in words):
        return True
    others = [each for each in words if each not in _NO_HERO and _SIZE.fullmatch(each) is None]
    return not _NO_HERO.isdisjoint(words) and len(others) <= _MAX_OTHERS


def _is_sign(url: str) -> bool:
    """Tell the file of a face, a mark, a button or what parts a page."""
    words = _NO_LEAD.findall(url.rpartition("/")[2])
    return any(each.lower() not in _ORDINARY for each in words) or _is_mark(url)


def _is_shown(url: str, html: Html) -> bool:
    own = _file_of(url)
    pictures = islice((line.element for line in html.page.lines if _is_picture(line)), MAX_PICTURES)
    shown = (each for each in pictures if own in (each.get("src") or ""))
    return any(next(each.iterancestors(*_APART, "header", "a"), None) is None for each in shown)


def _file_of(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[2]


def read_lead(html: Html) -> Image | None:
    """Return the picture between headline and text, or right above the headline in the article's own box.

    Faces, marks of the site, and what stands in a menu or a margin open no article.
    """
    heading = html.heading
    if heading is None:
        return None
    lines = html.page.lines
    own = {heading, *heading.iter()}
    place = next((at for at, line in enumerate(lines) if line.element in own), None)
    if place is None:
        return None
    around = set(islice(heading.iterancestors("article", "header", "figure", "section", "div"), MAX_DEPTH))
    above = [line for line in lines[max(0, place - MAX_ABOVE) : place] if _is_picture(line)]
    within = (
        line for line in reversed(above) if not around.isdisjoint(islice(line.element.iterancestors(), 3))
    )
    for line in (*_opening(lines[place + 1 : place + 1 + MAX_BELOW]), *within):
        url = image_url(line.element, html.base) if _may_lead(line.element) else None
        if url is not None and not _is_sign(url):
            alt = " ".join((line.element.get("alt") or "").split())
            if _NO_LEAD.search(alt.strip("[]() ").rpartition(" ")[2]):
                continue
            return Image(url=url, alt=alt or None, caption=_caption_of(line.element))
    return None


def is_small(image: etree._Element, least: int) -> bool:
    """Tell a picture that says of either side that it has fewer pixels."""
    sides = [(image.get(name) or "").removesuffix("px") for name in ("width", "height")]
    return any(_PIXELS.fullmatch(side) is not None and int(side) < least for side in sides)


def _opening(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the pictures down to the first paragraph of the text."""
    for line in lines:
        if _is_picture(line):
            yield line
        elif line.tag in ("p", "div", "li", "td", "font") and count_words(line.text) > _LONG:
            return


def _is_picture(line: Line) -> bool:
    return line.tag == "img"


def _may_lead(image: etree._Element) -> bool:
    """Tell a picture that may open an article by its size, its names and what it stands in."""
    if is_small(image, MIN_SIDE):
        return False
    for element in (image, *islice(image.iterancestors(), MAX_DEPTH)):
        if element.tag in _APART or _NO_LEAD.search(element.get("class") or ""):
            return False
        if element.tag == "figure":
            break
    return True


def _caption_of(image: etree._Element) -> str | None:
    figure = next(image.iterancestors("figure"), None)
    caption = next(figure.iter("figcaption"), None) if figure is not None else None
    text = text_of(caption) if caption is not None else ""
    return text if 0 < len(text) <= _MAX_CAPTION else None
