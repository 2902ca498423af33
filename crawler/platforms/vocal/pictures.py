"""Pictures of a story's page that are none of the story's: avatars and icons."""

import re

from lxml import etree

from crawler.platforms.vocal.bylines import is_author_link
from crawler.reading.markup import fold_text

_MAX_ICON = 96
"""Most pixels of an avatar or an icon on either side."""
_SIZE = re.compile(r"(?:^|[;\s])(?:max-)?(?:width|height)\s*:\s*(\d{1,4})px", re.IGNORECASE)
_SCALED = re.compile(r"/upload/(?:[^/]*,)?w_(\d{1,4})[,/]")
"""The width that the platform's image service is asked for."""
_AVATAR_WORDS = re.compile(
    r"(?:['’]s)?(?: (?:avatar|(?:profile )?(?:image|photo|picture|portrait)|profile))?"
)
"""What an avatar's words say after the name."""
_MAX_DEPTH = 4
"""Most elements around a picture that are looked at."""
_AVATAR = re.compile(r"(?:^|[\s_-])avatar(?:$|[\s_-])", re.IGNORECASE)


def is_small(image: etree._Element, author: str | None = None) -> bool:
    """Tell an avatar or icon from a picture: by the size it is given, its words and the link it stands in.

    Args:
        image: An image's element.
        author: Name of the story's author, which an avatar's words repeat.
    """
    sizes = [(image.get(name) or "").removesuffix("px") for name in ("width", "height")]
    sizes += _SIZE.findall(image.get("style") or "")
    sizes += _SCALED.findall(image.get("src") or "")
    if any(size.isdigit() and int(size) <= _MAX_ICON for size in sizes):
        return True
    alt, name = fold_text(image.get("alt") or ""), fold_text(author or "")
    if name and alt.startswith(name) and _AVATAR_WORDS.fullmatch(alt, len(name)):
        return True
    if _AVATAR.search(image.get("class") or ""):
        return True
    parent = image.getparent()
    for _ in range(_MAX_DEPTH):
        if parent is None:
            return False
        if is_author_link(parent):
            return True
        parent = parent.getparent()
    return False
