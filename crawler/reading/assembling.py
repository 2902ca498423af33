"""What is done to a page before a person sees it: late parts placed, components and AMP's elements shown."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import cast

from lxml import etree

_STREAMED = re.compile(r"\$(?:\?-->|R[CRS]\()")
"""In a page whose server sent parts of it after the rest."""
_MAX_PARTS = 200
"""Most late parts placed; a page has a dozen."""
_PLACED = re.compile(r"""\$R[CRS]\(\s*["']([^"']{1,40})["']\s*,\s*["']([^"']{1,40})["']""")
_MAX_DEPTH = 100
"""Depth of a slot from which it stays empty: what is moved there may be as deep as the parser allows."""
_MAX_SHADOW = 5_000
"""Most elements of a component in which its slots are looked for."""
_BEGINS = frozenset({"$", "$?", "$!", "$~"})
"""Comments that begin a boundary; "/$" ends one."""
_PLAIN = {
    "amp-img": "img",
    "amp-anim": "img",
    "amp-video": "video",
    "amp-audio": "audio",
    "amp-iframe": "iframe",
    "amp-youtube": "iframe",
    "amp-vimeo": "iframe",
    "amp-dailymotion": "iframe",
    "lite-youtube": "iframe",
    "lite-vimeo": "iframe",
}
_PLAYERS = {
    "amp-youtube": "https://www.youtube.com/embed/",
    "amp-vimeo": "https://player.vimeo.com/video/",
    "amp-dailymotion": "https://www.dailymotion.com/embed/video/",
    "lite-youtube": "https://www.youtube.com/embed/",
    "lite-vimeo": "https://player.vimeo.com/video/",
}
"""Elements that stand for a player until it is wanted -> where the player is."""


_BACKGROUND = re.compile(
    r"background(?:-image)?\s{0,9}:[^;(]{0,200}url\(\s{0,9}['\"]?([^'\")\s]{4,2000})", re.IGNORECASE
)
_MAX_STYLE = 4_000
"""Longest style looked at, in characters."""
_PIXEL = re.compile(r"0*[01](?:px)?")
_COUNTING = re.compile(r"pixel|track|beacon|stats?\b|analytics|/tr\?|/collect\b", re.IGNORECASE)
"""Words in the address of a picture that counts readers."""
_PHOTO = re.compile(r"\.(?:jpe?g|png|webp|avif)(?:[?#]|$)", re.IGNORECASE)
_MAX_BOXES = 3
"""Most boxes with nothing else in them around a ``<noscript>``."""
_PICTURES = frozenset({"amp-img", "img", "picture"})
_MAX_BESIDE = 20
"""Most elements beside it that are looked at."""


def has_late_parts(text: str) -> bool:
    """Tell a page whose server sent parts of it after the rest; a search for one rare sign costs little.

    Example:
        >>> has_late_parts('<!--$?--><template id="B:0"></template><!--/$-->'), has_late_parts("It cost $3.")
        (True, False)
    """
    return "$" in text and _STREAMED.search(text) is not None


def place_late_parts(root: etree._Element) -> None:
    """Put the parts of a page that a server sent last where its scripts put them.

    Args:
        root: A tree with its comments, which mark the places; it is changed.

    Source:
        React's streaming renderer: ``<template id="B:0">`` and what is shown meanwhile stand between the
        comments "$?" and "/$", and ``$RC("B:0","S:0")`` puts the children of ``<div hidden id="S:0">``
        there; ``$RS("S:1","P:1")`` does so with one part of a part, whose place is a template alone.
    """
    by_id: dict[str, etree._Element] = {}
    for element in root.iter("*"):
        name = element.get("id")
        if name and ":" in name:
            by_id.setdefault(name, element)
    for place_name, part_name in islice(_pairs(root, by_id), _MAX_PARTS):
        place, part = by_id.get(place_name), by_id.get(part_name)
        parent = place.getparent() if place is not None else None
        if place is None or part is None or parent is None or part in place.iterancestors():
            continue
        if place.tag == "template" and "B:" in place_name:
            _drop_fallback(place, parent)
        _move(part, place, parent)


def open_shadow(template: etree._Element) -> bool:
    """Show what a component draws of itself, with its children where it has slots for them.

    Args:
        template: It is changed, and its siblings move into it.

    Returns:
        Whether it is shown at all, as other templates are not.

    Source:
        WHATWG HTML, declarative shadow roots: ``<template shadowrootmode="open">`` in its host.
    """
    if template.get("shadowrootmode") is None:
        return False
    template.tag = "div"
    siblings = list(template.itersiblings())
    wanted = {each.get("slot") or "" for each in siblings} | ({""} if template.tail else set())
    slots = _find_slots(template, wanted) if wanted else {}
    filled = {name: slots[name] for each in siblings if (name := each.get("slot") or "") in slots}
    if template.tail and "" in slots:
        filled[""] = slots[""]
    for slot in filled.values():  # what it shows while it is empty
        slot[:] = []
        slot.text = None
    if "" in filled:
        filled[""].text = template.tail
    for each in siblings:
        if each.tag == "template":  # only a host's first is drawn
            each.attrib.clear()
        if (name := each.get("slot") or "") in filled:
            filled[name].append(each)
    return True


def _find_slots(template: etree._Element, names: set[str]) -> dict[str, etree._Element]:
    """Return the first slot of each name, but for those too deep to hold anything.

    A second one of a name is not looked at: components stand in each other, and hostile ones hold thousands.
    """
    slots: dict[str, etree._Element] = {}
    wanted = set(names)
    for element in islice(template.iter("*"), _MAX_SHADOW):
        if element.tag == "slot" and (name := element.get("name") or "") in wanted:
            wanted.remove(name)
            if next(islice(element.iterancestors(), _MAX_DEPTH - 1, None), None) is None:
                slots[name] = element
    return slots


def show_plain(element: etree._Element) -> str:
    """Turn a picture or player of AMP, or a light one, into that of HTML; return its name, new or old.

    Args:
        element: It is changed.
    """
    name = str(element.tag)
    plain = _PLAIN.get(name)
    if plain is None:
        return name
    video = element.get("data-videoid") or element.get("videoid")
    if name in _PLAYERS and video:
        element.set("src", _PLAYERS[name] + video)
    element.tag = plain
    if plain == "img":  # what is inside is shown only while it loads
        element[:] = []
        element.text = None
    return plain


def is_icon(element: etree._Element) -> bool:
    """Tell a word that an icon font draws as a picture, by the class that chooses the font."""
    name = element.get("class")
    return name is not None and ("material-icons" in name or "material-symbols" in name)


def keeps_breaks(element: etree._Element) -> bool:
    """Tell an element whose utility class keeps its line breaks."""
    return "whitespace-pre" in (element.get("class") or "")


def show_painted(element: etree._Element) -> bool:
    """Turn an empty element that says it is a picture, and has one as its background, into an image.

    Returns:
        Whether it was one; it is changed then.
    """
    style = element.get("style") or "" if element.get("role") == "img" else ""
    match = _BACKGROUND.search(style[:_MAX_STYLE])
    if match is None:
        return False
    element.tag = "img"
    element.set("src", match[1])
    element.set("alt", element.get("aria-label") or element.get("title") or "")
    return True


def show_fallbacks(root: etree._Element) -> None:
    """Show the picture of a ``<noscript>`` that stands in a figure or a box without the one a script fills.

    Args:
        root: It is changed.
    """
    for figure in islice(root.iter("figure"), _MAX_PARTS):
        images = list(islice(figure.iter("img", "iframe", "video", "amp-img"), 2))
        fallback = images[0].getparent() if len(images) == 1 else None
        if fallback is not None and fallback.tag == "noscript":
            fallback.tag = "div"
    for fallback in list(islice(root.iter("noscript"), _MAX_PARTS)):
        images = list(islice(fallback.iter("img", "iframe"), 2))
        is_picture = len(images) == 1 and _is_shown_late(images[0]) and not _has_words(fallback)
        above = fallback.getparent()
        is_in_box = above is not None and above.tag not in ("body", "head", "html")
        is_in_box = is_in_box and next(fallback.iterancestors("figure"), None) is None
        if is_picture and is_in_box and not _stands_beside_picture(fallback):
            fallback.tag = "div"


def _is_shown_late(image: etree._Element) -> bool:
    """Tell a picture of the page from one that only counts who reads it."""
    sizes = (image.get("width") or "", image.get("height") or "")
    if image.tag != "img" or any(_PIXEL.fullmatch(size) for size in sizes):
        return False
    if "none" in (image.get("style") or "") or _COUNTING.search(image.get("src") or ""):
        return False
    return bool(image.get("alt") or image.get("srcset")) or _PHOTO.search(image.get("src") or "") is not None


def _has_words(element: etree._Element) -> bool:
    return any(not text.isspace() for text in islice(cast(Iterator[str], element.itertext()), _MAX_BESIDE))


def _stands_beside_picture(fallback: etree._Element) -> bool:
    """Tell whether the same picture, or what is shown until it is loaded, stands beside its copy."""
    box = fallback
    for _ in range(_MAX_BOXES):
        for beside in (box.getprevious(), box.getnext()):
            inside = islice(beside.iter("*"), _MAX_BESIDE) if beside is not None else ()
            if any(each.tag in _PICTURES for each in inside):
                return True
        above = box.getparent()
        if above is None or above.tag in _PICTURES:
            return True
        if len(above) > 1:
            break
        box = above
    return False


def _pairs(root: etree._Element, by_id: dict[str, etree._Element]) -> Iterator[tuple[str, str]]:
    """Yield the names of each place and of the part that belongs there; innermost parts first."""
    told: dict[str, str] = {}
    for script in root.iter("script"):
        for one, other in _PLACED.findall(script.text or ""):
            place, part = (other, one) if "P:" in other else (one, other)
            told[part] = place
    for name in by_id:
        if "S:" in name and name not in told:
            told[name] = name.replace("S:", "B:")
    for part, place in sorted(told.items(), key=lambda pair: "P:" not in pair[1]):
        yield place, part


def _drop_fallback(place: etree._Element, parent: etree._Element) -> None:
    """Drop what stands after a place up to the comment that ends it."""
    depth = 0
    held: list[etree._Element] = []
    for sibling in place.itersiblings():
        if isinstance(sibling, etree._Comment):
            text = (sibling.text or "").strip()
            if text == "/$":
                if depth == 0:
                    for each in held:
                        parent.remove(each)
                    place.tail = None
                    return
                depth -= 1
            depth += text in _BEGINS
        held.append(sibling)


def _move(part: etree._Element, place: etree._Element, parent: etree._Element) -> None:
    """Put a part's children in the place of an element."""
    box = etree.Element("div")
    box.text, box.tail = part.text, place.tail
    box.extend(list(part))
    parent.replace(place, box)
    part.text = None
