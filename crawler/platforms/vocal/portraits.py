"""Which picture around a person's name shows the person, and not the site, a story or another network."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from lxml import etree

from crawler.platforms.vocal.addresses import canonical_url, unwrap_url
from crawler.platforms.vocal.bylines import is_author_link
from crawler.platforms.vocal.labels import parse_logo
from crawler.reading.images import image_url
from crawler.reading.markup import fold_text
from crawler.reading.outline import Line
from crawler.reading.urls import absolute_url

_FRAMES = frozenset({"nav", "footer"})
_DRAWING = re.compile(r"[^?#]*\.svgz?(?:[?#].*)?", re.IGNORECASE)
_OF_PERSON = re.compile(r"/[^?#]{0,500}?\b(?:avatars?|authors?|profiles?|users?)\b", re.IGNORECASE)
"""An address of a drawn portrait; a logo's has none of these words."""
_PICTURE = re.compile(r"[^?#]*\.(?:jpe?g|png|webp|gif|avif)(?:[?#].*)?", re.IGNORECASE)
_SIGN = re.compile(r"\b(?:award|badge|banner|cover|flag|icon|verified)\b", re.IGNORECASE)
"""Words for pictures beside a name that do not show the person."""
_PORTRAIT = re.compile(r"\b(?:author|avatar|creator|photo|picture|portrait|profile|user)\b", re.IGNORECASE)
_OWN_SITE = "vocal"


def find_portrait(
    lines: Sequence[Line],
    *,
    name: str,
    base_url: str | None,
    own_url: str | None,
    told: str | None = None,
) -> str | None:
    """Return the address of a person's picture.

    A picture that is named after the person is sure. What a machine is told comes next, for of a picture
    without a name only its place tells anything.

    Args:
        lines: Those around the name, the name's own among them.
        name: Of the person.
        base_url: Address of the page.
        own_url: Canonical address of the person's page.
        told: A picture's address that structured data give.

    Returns:
        None where the only pictures are the site's logo, drawings, or lead to somewhere else.
    """
    wanted = fold_text(name)
    images = [image for image in _images(lines, wanted) if not _is_framed(image)]
    whole_name = re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
    others: list[etree._Element] = []
    for image in images:
        if whole_name.search(fold_text(image.get("alt") or "")) is None:
            others.append(image)
        elif url := image_url(image, base_url):
            return unwrap_url(url)
    if told:
        return told
    heads = [line.element for line in lines if fold_text(line.text) == wanted]
    around = {above: depth for head in heads for depth, above in enumerate([*head.iterancestors()][::-1])}
    found = [(image, url) for image in others if (url := image_url(image, base_url))]
    found = [
        (image, url)
        for image, url in found
        if not _is_of_site(image, url, around) and not _leads_away(image, base_url, own_url)
    ]
    nearest = max(found, key=lambda pair: _closeness(pair[0], around), default=None)
    return unwrap_url(nearest[1]) if nearest is not None else None


def _images(lines: Sequence[Line], name: str) -> Iterator[etree._Element]:
    """Yield the pictures between lines, and those beside words that say whom they show."""
    for line in lines:
        if line.tag == "img":
            yield line.element
        for mark in line.marks if line.text else ():
            alt = (mark.get("alt") or "").strip() if mark.tag == "img" else ""
            if alt and (fold_text(alt) == name or _PORTRAIT.search(alt)):
                yield mark


def _closeness(image: etree._Element, around: Mapping[etree._Element, int]) -> tuple[bool, int]:
    """Return what is greater for a picture without other words, in a smaller box with the name."""
    alt = (image.get("alt") or "").strip()
    is_portrait = not alt or _PORTRAIT.search(alt) is not None
    return is_portrait, next((around[above] for above in image.iterancestors() if above in around), 0)


def _is_framed(image: etree._Element) -> bool:
    return any(above.tag in _FRAMES for above in image.iterancestors())


def _is_of_site(image: etree._Element, url: str, heads: Collection[etree._Element]) -> bool:
    """Tell a logo or an icon: by its words, as a drawing, or in a page's head that does not hold the name."""
    alt = (image.get("alt") or "").strip()
    if (
        alt.casefold() == _OWN_SITE
        or parse_logo(alt) is not None
        or _SIGN.search(alt)
        or (_DRAWING.fullmatch(url) and not _OF_PERSON.search(url))
    ):
        return True
    return any(above.tag == "header" and above not in heads for above in image.iterancestors())


def _leads_away(image: etree._Element, base_url: str | None, own_url: str | None) -> bool:
    """Tell a picture whose link leads neither to the person's page nor to a larger picture."""
    link = next(image.iterancestors("a"), None)
    href = (link.get("href") or "").strip() if link is not None else ""
    if link is None or not href or href.startswith("#") or is_author_link(link) or _PICTURE.fullmatch(href):
        return False
    url = absolute_url(base_url, href)
    return url is None or canonical_url(url) != own_url
