"""Tags under a story: in links, in a row of their own, or printed as text."""

import re
from collections.abc import Iterable, Sequence

from lxml import etree

from crawler.platforms.vocal.labels import label_of, parse_like_count
from crawler.platforms.vocal.tags import MAX_TAG, common_tags, split_glued_tags
from crawler.reading.outline import Line, text_of

TAGS_WORD = re.compile(r"(?:tags?|tagged|topics?|filed)?(?:in|under|as|with)?", re.IGNORECASE)
"""What a page prints before tags, without blanks; nothing too."""
_TAGS_CLASS = re.compile(r"(?:^|[\s_-])(?:tag|topic)(?:s|list)?(?:$|[\s_-])", re.IGNORECASE)
_MAX_WORD = 20
"""Longest word before tags, in characters."""
_MAX_BUTTONS = 60
"""Most buttons under a body that are looked at."""
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


def part_tags(line: Line) -> str:
    """Return the words of a line that may be tags, with a comma between those in elements of their own."""
    element = line.element
    while len(element) == 1 and text_of(element[0]) == line.text:
        element = element[0]
    names = [text_of(child) for child in element]
    is_apart = len(names) > 1 and "".join("".join(names).split()) == "".join(line.text.split())
    is_named = is_apart and all(0 < len(name) <= MAX_TAG and label_of(name) is None for name in names)
    return ", ".join(names) if is_named else line.text


def _has_seam(tags: Sequence[str], text: str) -> bool:
    """Tell two glued tags from a word that two others make, or one tag: "lovesong", "love poems"."""
    return len(tags) > 1 and (" " in text or any(char.isupper() for char in text[1:]))


def has_common(text: str) -> bool:
    """Tell whether one of the names in a text, parted by commas, is a common tag."""
    return any(name.strip().casefold() in common_tags() for name in text.split(","))


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


def read_tag_buttons(buttons: Sequence[tuple[Line, Line | None]]) -> list[str]:
    """Return the tags that stand on buttons under a body; [] where the buttons are none.

    Tags are told from other buttons by the row they stand in: it holds nothing that a button is for, and a
    common tag, or it is called tags in the line above or by its class. Beside other buttons only common tags
    are sure.

    Args:
        buttons: In page order, each with the line above it.
    """
    rows: dict[etree._Element | None, list[tuple[Line, Line | None]]] = {}
    for line, above in buttons[:_MAX_BUTTONS]:
        rows.setdefault(_row_of(line.element), []).append((line, above))
    for row, held in rows.items():
        names = [line.text.lstrip("# ") for line, _ in held]
        common = [name for name in names if _are_common((name,))]
        is_plain = not any(label_of(name) or parse_like_count(name) is not None for name in names)
        is_hashed = all(line.text[0] == "#" for line, _ in held)
        if is_plain and (common or is_hashed or _is_called_tags(row, held[0][1])):
            return [name for name in names if 0 < len(name) <= MAX_TAG]
        if common:
            return common
    return []


def is_tags_word(line: Line) -> bool:
    """Tell a line that is nothing but the word for tags: "Tags:", "Filed under"."""
    word = "".join(line.text[: _MAX_WORD + 1].split()).rstrip(":")
    return 0 < len(word) <= _MAX_WORD and TAGS_WORD.fullmatch(word) is not None


def _row_of(button: etree._Element) -> etree._Element | None:
    """Return the box around a button that holds other things too."""
    row = button.getparent()
    while row is not None and len(row) == 1 and not (row.text or "").strip():
        row = row.getparent()
    return row


def _is_called_tags(row: etree._Element | None, above: Line | None) -> bool:
    """Tell a row of tags by the word before it, or by its class."""
    if above is not None and is_tags_word(above):
        return True
    return row is not None and _TAGS_CLASS.search(row.get("class") or "") is not None


def tag_links_in(lines: Iterable[Line]) -> list[tuple[str, str | None]]:
    """Return (name, ``href``) of all links to tags in some lines, such as an older page's byline."""
    marks = (mark for line in lines for mark in line.marks if mark.tag == "a" and _is_tag_link(mark))
    return [(name, mark.get("href")) for mark in marks if (name := text_of(mark).lstrip("# "))]
