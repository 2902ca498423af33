"""Tags under a story: in links, in a row of their own, or printed as text."""

import re
from collections.abc import Iterable, Sequence

from lxml import etree

from crawler.platforms.vocal.tags import common_tags, split_glued_tags
from crawler.reading.outline import Line, text_of

TAGS_WORD = re.compile(r"(?:tags?|tagged|topics?|filed)?(?:in|under|as|with)?", re.IGNORECASE)
"""What a page prints before tags, without blanks; nothing too."""
_MAX_LISTED = 10
"""Most tags one below the other."""
_MAX_GLUED = 120
"""Longest paragraph that is nothing but tags, in characters."""
_SENTENCE_END = (".", "!", "?", "…", "”", '"')


def read_last_tags(lines: Sequence[Line]) -> tuple[list[str], int]:
    """Return the tags that a body ends with as text, and how many of its lines they are; ([], 0) for none.

    A box, or a list under the end of a sentence, holds nothing but names of common tags; a row of names with
    "#" may hold any; a paragraph under the end of a sentence is common tags glued together.
    """
    if len(lines) < 2 or lines[-1].marks:
        return [], 0
    last = lines[-1]
    parts = [" ".join(part.split()) for part in last.parts if not part.isspace()]
    is_row = len(parts) > 1 and last.tag in ("div", "p")
    if is_row and all(len(part) > 1 and part[0] == "#" and part.count("#") == 1 for part in parts):
        return [part[1:].strip(" ,") for part in parts], 1
    if is_row and last.tag == "div" and _are_common(parts):
        return parts, 1
    if last.tag == "li":
        n_items = next((at for at, line in enumerate(reversed(lines)) if line.tag != "li"), len(lines))
        names = [line.text for line in lines[len(lines) - n_items :]]
        is_below = n_items < len(lines) and lines[-n_items - 1].text.endswith(_SENTENCE_END)
        is_list = 1 < n_items <= _MAX_LISTED and is_below and _are_common(names)
        return (names, n_items) if is_list else ([], 0)
    if last.tag == "p" and len(last.text) <= _MAX_GLUED and lines[-2].text.endswith(_SENTENCE_END):
        split = split_glued_tags(last.text) if "," not in last.text else None
        is_glued = split is not None and split.is_certain and _are_common(split.tags)
        if split is not None and is_glued and (len(split.tags) > 2 or _has_seam(split.tags, last.text)):
            return list(split.tags), 1
    return [], 0


def _has_seam(tags: Sequence[str], text: str) -> bool:
    """Tell two glued tags from a word that two others make, or one tag: "lovesong", "love poems"."""
    return len(tags) > 1 and (" " in text or any(char.isupper() for char in text[1:]))


def _are_common(names: Iterable[str]) -> bool:
    return all(name.casefold() in common_tags() for name in names)


def read_tag_links(line: Line) -> list[tuple[str, str | None]]:
    """Return the tags of a line that is nothing but links to tags; [] for any other line."""
    if not line.marks or not line.text or len(line.text) > 1_000:
        return []
    links = [mark for mark in line.marks if mark.tag == "a"]
    if not links or not all(_is_tag_link(link) for link in links):
        return []
    names = [text_of(link) for link in links]
    left = "".join(char for char in line.text if char.isalnum())
    told = "".join(char for name in names for char in name if char.isalnum())
    if left != told and not TAGS_WORD.fullmatch(left.removesuffix(told)):
        return []
    found = ((name.lstrip("# "), link.get("href")) for name, link in zip(names, links, strict=True))
    return [(name, href) for name, href in found if name]


def _is_tag_link(link: etree._Element) -> bool:
    href = link.get("href") or ""
    return "/tag/" in href or "/tags/" in href or "tag" in (link.get("rel") or "").lower().split()


def tag_links_in(lines: Iterable[Line]) -> list[tuple[str, str | None]]:
    """Return (name, ``href``) of all links to tags in some lines, such as an older page's byline."""
    marks = (mark for line in lines for mark in line.marks if mark.tag == "a" and _is_tag_link(mark))
    return [(name, mark.get("href")) for mark in marks if (name := text_of(mark))]
