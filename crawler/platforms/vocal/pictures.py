"""Pictures of a story's page that are none of the story's: avatars, icons and logos."""

import re

from lxml import etree

from crawler.platforms.vocal.addresses import HOME, address_kind
from crawler.platforms.vocal.bylines import is_author_link
from crawler.reading.markup import fold_text
from crawler.reading.tree import holds
from crawler.reading.urls import absolute_url

_MAX_ICON = 96
"""Most pixels of an avatar or an icon on either side."""
_MAX_DIGITS = 4
_SIZE = re.compile(r"(?:^|[;\s])(?:max-)?(?:width|height)\s*:\s*(\d{1,4})px", re.IGNORECASE)
_SCALED = re.compile(r"/upload/(?:[^/]*,)?w_(\d{1,4})[,/]")
"""The width that the platform's image service is asked for."""
_AVATAR_WORDS = re.compile(
    r"(?:['’]s)?(?: (?:avatar|(?:profile )?(?:image|photo|picture|portrait)|profile))?"
)
"""What an avatar's words say after the name."""
_MAX_DEPTH = 4
"""Most elements around a picture that are looked at."""
_OWN = f"https://{HOME}/"
_AVATAR = re.compile(r"(?:^|[\s_-])avatar(?:$|[\s_-])", re.IGNORECASE)
_OF_PERSON = re.compile(
    r"(?:(?:author|creator|profile|user)(?:['’]s)? )?(?:avatar|(?:profile )?(?:photo|picture))"
)
"""Words of an avatar that names nobody."""
_SIGN = re.compile(r"[^?#]*\.svgz?(?:[?#].*)?|[^?#]*/avatars?/.*", re.IGNORECASE | re.DOTALL)
"""Address of a drawing or an avatar."""


def is_small(image: etree._Element, author: str | None = None) -> bool:
    """Tell an avatar, icon or logo from a picture: by the size it is given, its words and its link.

    Args:
        image: An image's element.
        author: Name of the story's author, which an avatar's words repeat.
    """
    if image.get("aria-hidden") == "true" and (image.get("src") or "")[:5] == "data:":
        return True  # what some scripts put beside a picture to keep its place
    sizes = [(image.get(name) or "").removesuffix("px") for name in ("width", "height")]
    sizes += _SIZE.findall(image.get("style") or "")
    sizes += _SCALED.findall(image.get("src") or "")
    if any(size.isdecimal() and len(size) <= _MAX_DIGITS and int(size) <= _MAX_ICON for size in sizes):
        return True
    alt, name = fold_text(image.get("alt") or ""), fold_text(author or "")
    if name and alt.startswith(name) and _AVATAR_WORDS.fullmatch(alt, len(name)):
        return True
    if _AVATAR.search(image.get("class") or "") or _OF_PERSON.fullmatch(alt):
        return True
    parent = image.getparent()
    for _ in range(_MAX_DEPTH):
        if parent is None:
            return False
        if is_author_link(parent) or leads_to_front(parent):
            return True
        parent = parent.getparent()
    return False


def leads_to_front(element: etree._Element) -> bool:
    """Tell a link to the front page of the site or of a community, in which a logo stands."""
    href = (element.get("href") or "").strip() if element.tag == "a" else ""
    is_own = href.startswith(_OWN) or (href.startswith("/") and not href.startswith("//"))
    url = absolute_url(_OWN, href) if is_own else None
    return url is not None and address_kind(url) in ("home", "community")


def is_ornament(image: etree._Element, words: etree._Element | None, outside: etree._Element | None) -> bool:
    """Tell an avatar or icon that has no words itself, by its address or the words that share its box.

    Args:
        image: An image's element.
        words: What an avatar or icon stands beside: a byline, a badge, a button.
        outside: What stands in the same box only where the box is the whole head.
    """
    if (image.get("alt") or "").strip():
        return False
    if _SIGN.fullmatch(image.get("src") or ""):
        return True
    box = box_of(image)
    if box is None or words is None or not holds(box, words):
        return False
    return outside is None or not holds(box, outside)


def box_of(element: etree._Element) -> etree._Element | None:
    """Return the nearest element around another that holds more than it."""
    above = element.getparent()
    while above is not None and len(above) == 1 and not _has_loose_words(above):
        above = above.getparent()
    return above


def _has_loose_words(element: etree._Element) -> bool:
    """Tell whether an element says something beside its one child."""
    return bool((element.text or "").strip() or (element[0].tail or "").strip())
