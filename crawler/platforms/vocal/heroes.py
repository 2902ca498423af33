"""What stands between the byline and the body of a story page: badges, likes, hero, older standfirst."""

from collections.abc import Sequence
from typing import Protocol

from lxml import etree

from crawler.platforms.vocal.controls import likes_in_counts
from crawler.platforms.vocal.heads import HEADINGS, MAX_DEK, Head
from crawler.platforms.vocal.labels import (
    badges_in,
    button_row,
    is_button,
    is_progress,
    label_of,
    looks_like_caption,
    parse_like_count,
    parse_logo,
)
from crawler.platforms.vocal.pictures import box_of, is_ornament, is_small
from crawler.platforms.vocal.printed_tags import read_tag_links
from crawler.reading.markup import fold_text
from crawler.reading.outline import Line
from crawler.reading.tree import holds

_BODY_TAGS = (*HEADINGS, "pre", "blockquote", "li")
"""Lines that are no words under a picture."""
_SHORT = 120
"""Longest standfirst told from a paragraph by its length alone, in characters; most have under 80."""
_BUTTONS = frozenset({"like", "likes", "share"})
"""What no story begins with, whatever element it stands in."""
_MAX_CAPTION = 300
"""Longest caption told from a paragraph by its element alone, in characters."""
_NEAR = 20
"""Lines below a caption in which paragraphs made like it are looked for."""
_HERO_REACH = 12
"""Lines after the byline among which the hero may stand."""


class Boxes(Protocol):
    """What is known of the body's place in the tree."""

    def first_paragraph(self) -> int:
        """Return the first line inside the body's container."""
        ...

    def is_around(self, element: etree._Element) -> bool:
        """Tell whether the body's container also holds ``element``."""
        ...


def read_below_byline(
    lines: Sequence[Line],
    head: Head,
    boxes: Boxes,
    *,
    span: tuple[int, int],
    is_old: bool,
    deks: Sequence[str],
) -> None:
    """Take standfirst of the older layout, badges, likes, hero and caption from between byline and body.

    Where the body has a box of its own, everything before the box is taken; on a page without boxes only
    what looks like it.

    Args:
        lines: All lines of the page.
        head: Filled in; its ``end`` moves to the first line that is none of these.
        boxes: Where the body is.
        span: First line after the byline, first line of the next section.
        is_old: The byline is that of the older layout.
        deks: Standfirsts that structured sources claim.
    """
    first = boxes.first_paragraph()
    is_flat = first < span[1] and span[0] > 0 and boxes.is_around(lines[span[0] - 1].element)
    claimed = {fold_text(dek) for dek in deks}
    index = span[0]
    while index < min(span[1], span[0] + _HERO_REACH):
        line = lines[index]
        is_before = index < first or is_flat
        if not is_before and not line.text and head.hero is None:
            is_before = _is_hero_of(line, head.headline) or _is_credited(lines, index, span[1])
        elif not is_before and head.hero is not None and lines[index - 1].element is head.hero:
            is_before = _is_surely_caption(line)
        if not is_before or not _take(lines, index, head, is_flat=is_flat, is_old=is_old, claimed=claimed):
            break
        index += 1
    taken = (at for at in range(span[0], index) if lines[at].text.strip("•·| ") == head.caption)
    at = next((at for at in taken if not _is_surely_caption(lines[at])), None)
    if at is not None and not any(_is_words(line) for line in lines[at + 1 : span[1]]):
        head.caption, index = None, at  # it is all the story there is
    head.end = max(index, span[0])


def _is_credited(lines: Sequence[Line], index: int, end: int) -> bool:
    """Tell a hero inside the body's box by the words under it that say whose picture it is."""
    below = lines[index + 1] if index + 1 < end else None
    return lines[index].tag == "img" and below is not None and looks_like_caption(below.text)


def _is_surely_caption(line: Line) -> bool:
    return line.tag == "figcaption" or looks_like_caption(line.text)


def _is_words(line: Line) -> bool:
    """Tell what may be a story's text from pictures, buttons, counts and tags."""
    is_tags = any("/tag" in (mark.get("href") or "") for mark in line.marks)
    is_frame = is_button(line.text) or bool(button_row(line.parts)) or label_of(line.text) is not None
    return bool(line.text) and not is_tags and not is_frame


def _take(
    lines: Sequence[Line], index: int, head: Head, *, is_flat: bool, is_old: bool, claimed: set[str]
) -> bool:
    """Take one line if it is part of the head; return False where the body begins."""
    line = lines[index]
    text = line.text.strip("•·| ")
    likes = parse_like_count(text) if text and _may_count(lines, index, head) else None
    likes = likes_in_counts(line) if likes is None else likes
    if not line.text:
        return _is_icon(lines, index) or _take_picture(line, head, is_flat=is_flat)
    if not text or (line.tag == "div" and is_progress(text)):  # a dot between two parts, a bar
        return True
    if head.caption is None and line.tag != "button" and _is_in_figure(line, head):
        head.caption = text
    elif badges := badges_in(line.parts):
        head.badges.extend(badges)
    elif tags := read_tag_links(line):
        head.tags.extend(tags)
    elif likes is not None:
        head.like_count = likes if head.like_count is None else head.like_count
    elif line.tag == "button" or label_of(text) is not None or len(button_row(line.parts)) > 1:
        return line.tag == "button" or label_of(text) is None or _is_control(line, text, is_old=is_old)
    elif head.hero is not None and head.caption is None and _is_caption(lines, index, head, is_flat=is_flat):
        head.caption = text
    elif (
        head.dek is None
        and len(text) <= MAX_DEK
        and (
            _is_dek(line, head, is_flat=is_flat, is_old=is_old, claimed=claimed)
            or (is_old and head.hero is None and is_set_off(lines, index, head.headline))
        )
    ):
        head.dek, head.dek_rule = text, "label" if is_old else "structure"
    else:
        return not is_flat and len(text) < MAX_DEK
    return True


def _may_count(lines: Sequence[Line], index: int, head: Head) -> bool:
    """Tell a count of likes from the number of a chapter: a heading, or a paragraph under the hero."""
    line = lines[index]
    if line.tag != "p" or head.hero is None:
        return line.tag not in HEADINGS
    beside = [*lines[index - 1 : index], *lines[index + 1 : index + 2]]
    return any(label_of(each.text) == "action" for each in beside)


def _take_picture(line: Line, head: Head, *, is_flat: bool) -> bool:
    """Take a line without text if it is the hero, or goes by above it; return False where the body begins."""
    if line.tag != "img":
        return line.tag == "hr" or (line.tag == "audio" and not is_flat)
    logo = parse_logo(line.element.get("alt") or "")
    head.community = head.community or logo
    alt = " ".join((line.element.get("alt") or "").split())
    if logo is not None or is_small(line.element, None if alt == head.headline else head.author):
        return True
    is_better = bool(alt) and alt == head.headline and head.caption is None
    if is_better and head.hero is not None and not (head.hero.get("alt") or "").strip():
        head.hero = line.element
    if head.hero is not None and is_flat:
        return False
    head.hero = head.hero if head.hero is not None else line.element
    return True


def _is_icon(lines: Sequence[Line], index: int) -> bool:
    """Tell a picture without words beside a badge, a count of likes or a button from the hero."""
    line = lines[index]
    if line.tag != "img" or index + 1 >= len(lines):
        return False
    below = lines[index + 1]
    text = below.text.strip("•·| ")
    is_part = bool(text) and (
        below.tag == "button"
        or parse_like_count(text) is not None
        or bool(badges_in(below.parts))
        or label_of(text) is not None
    )
    return is_ornament(line.element, below.element if is_part else None, lines[index - 1].element)


def _is_control(line: Line, text: str, *, is_old: bool) -> bool:
    """Tell a button, or a link to the comments below, from a first line of the body with such words."""
    if text.lower() in _BUTTONS or (is_old and text.lower() == "report story"):
        return True
    label = label_of(text)
    if label == "comments":
        return line.tag == "button" or bool(line.marks)
    return line.tag != "p" and label in ("action", "support", "sign_in")


def _is_dek(line: Line, head: Head, *, is_flat: bool, is_old: bool, claimed: set[str]) -> bool:
    if fold_text(line.text) in claimed:
        return True
    if head.hero is not None and not line.tag.startswith("h"):
        return False
    is_heading = line.tag in HEADINGS
    return (is_old and (is_heading or not is_flat or line.tag == "div")) or (is_heading and not is_flat)


def is_set_off(lines: Sequence[Line], index: int, headline: str | None) -> bool:
    """Tell an older page's standfirst from a first paragraph where both are paragraphs: by what follows it.

    Below it stands the hero, or a box that holds the paragraphs, or a paragraph much longer than a line
    that ends like no sentence.
    """
    text, below = lines[index].text, [line for line in lines[index + 1 : index + 4] if line.tag != "hr"]
    if not below or (" " not in text and text.isascii()):
        return False
    is_open = text[-1] not in ".,;:"
    if below[0].tag == "img" and not is_small(below[0].element):
        words = below[1] if len(below) > 1 else None
        has_caption = words is not None and (words.tag == "figcaption" or looks_like_caption(words.text))
        return is_open or has_caption or _is_hero_of(below[0], headline)
    if not is_open or not below[0].text:
        return False
    boxes = [box_of(line.element) for line in (lines[index], *below[:2])]
    is_outside = len(boxes) > 2 and boxes[0] is not boxes[1] and boxes[1] is boxes[2]
    return is_outside or len(text) <= _SHORT <= len(below[0].text)


def _is_caption(lines: Sequence[Line], index: int, head: Head, *, is_flat: bool) -> bool:
    line = lines[index]
    if not is_flat:
        return line.tag not in _BODY_TAGS
    if lines[index - 1].element is not head.hero:
        return False
    if looks_like_caption(line.text) or _is_boxed_with(lines[index - 1], line):
        return True
    n_alike = sum(_is_alike(line, other) for other in lines[index + 1 : index + _NEAR])
    is_paragraph = n_alike > 1 or (n_alike == 1 and len(line.text) > _SHORT)
    return line.tag not in ("p", *_BODY_TAGS) and len(line.text) <= _MAX_CAPTION and not is_paragraph


def _is_in_figure(line: Line, head: Head) -> bool:
    """Tell the words under the hero, whatever they say, by the element they share."""
    figure = next(head.hero.iterancestors("figure"), None) if head.hero is not None else None
    return head.hero is not None and (
        line.tag == "figcaption" or (figure is not None and holds(figure, line.element))
    )


def _is_boxed_with(hero: Line, line: Line) -> bool:
    """Tell the words that share a box of their own with the picture from the first paragraph."""
    box = line.element.getparent()
    is_own = box is not None and box.tag == "div" and len(box) == 2 and box is hero.element.getparent()
    return is_own and len(line.text) <= _SHORT


def _is_alike(line: Line, other: Line) -> bool:
    """Tell two paragraphs, each a box, from a caption and a paragraph."""
    one, two = line.element, other.element
    is_beside = one.getparent() is two.getparent() and one is not two
    return bool(other.text) and is_beside and one.tag == two.tag and one.get("class") == two.get("class")


def _is_hero_of(line: Line, headline: str | None) -> bool:
    """Tell a hero inside the body's box from its first picture: a stock picture repeats the headline."""
    alt = " ".join((line.element.get("alt") or "").split())
    return line.tag == "img" and bool(alt) and alt == headline
