"""What stands above the body of a story page: community, headline, standfirst, badges, likes, hero."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lxml import etree

from crawler.platforms.vocal.addresses import path_segments
from crawler.platforms.vocal.bylines import is_author_link
from crawler.platforms.vocal.labels import (
    button_row,
    is_badge,
    is_button,
    label_of,
    looks_like_caption,
    parse_like_count,
    parse_logo,
    split_badges,
)
from crawler.reading.markup import fold_text
from crawler.reading.outline import Line

MAX_DEK = 600
"""Longest standfirst, in characters."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BODY_TAGS = (*_HEADINGS, "pre", "blockquote", "li")
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


@dataclass(slots=True)
class Head:
    """The top of a story page.

    Attributes:
        headline: As printed.
        headline_rule: "label" next to the byline or the logo, "structure" by its element.
        dek: As printed.
        dek_rule: As for the headline.
        community: Name in the logo's text, or of the link to it.
        badges: In printed order.
        like_count: As printed.
        hero: The picture's element.
        caption: The words under it.
        end: The first line that may be body.
    """

    headline: str | None = None
    headline_rule: str = "structure"
    dek: str | None = None
    dek_rule: str = "structure"
    community: str | None = None
    badges: list[str] = field(default_factory=list)
    like_count: int | None = None
    hero: etree._Element | None = None
    caption: str | None = None
    end: int = 0


def read_titles(
    lines: Sequence[Line], first: int, above: int, *, known: Sequence[str], slug: str | None
) -> Head:
    """Read community, headline and standfirst.

    Args:
        lines: All lines of the page.
        first: The first line that may be one; after an old page's note.
        above: The line they stand above: the byline's first, or the first paragraph where there is no byline.
        known: Headlines that structured data claim, most trusted first.
        slug: The story's name in its address, which resembles the headline.
    """
    head = Head(end=above)
    start = max(_read_logo(lines, above, head), first)
    titles = [index for index in range(start, above) if _is_title(lines[index])]
    if start > first and not any(lines[index].tag == "h1" for index in titles):
        titles = [*_named_before(lines, range(first, start), known), *titles]
    at = _find_headline(lines, titles, known, slug, has_logo=start > 0)
    if at is None:
        return head
    title = " ".join(lines[at].text.split())
    head.headline, badges = split_badges(title) if title not in known else (title, ())
    head.badges.extend(badges)
    head.headline_rule = "label" if start > 0 else "structure"
    for index in range(at + 1, above):
        if is_badge(lines[index].text):
            head.badges.append(lines[index].text.rstrip("."))
    hero = next((index for index in range(start, above) if _is_picture(lines[index])), None)
    below = [index for index in titles if index > at]
    if hero is not None:
        head.hero = lines[hero].element
        words = next((index for index in titles if _is_credit(lines, index, hero)), None)
        if words is not None and words != at:
            head.caption = lines[words].text
            below = [index for index in below if index != words]
    if below and len(lines[below[0]].text) <= MAX_DEK:
        head.dek = lines[below[0]].text
    return head


def _named_before(lines: Sequence[Line], above_logo: range, known: Sequence[str]) -> list[int]:
    """Return the main heading that a copy of the page prints above the logo, if others call the page so."""
    names = {fold_text(title) for title in known}
    found = (at for at in above_logo if lines[at].tag == "h1" and fold_text(lines[at].text) in names)
    return list(found)[-1:]


def _read_logo(lines: Sequence[Line], above: int, head: Head) -> int:
    """Take the community from its logo; return the line after it, or 0."""
    for index in range(min(above, len(lines)) - 1, -1, -1):
        line = lines[index]
        name = parse_logo(line.element.get("alt") or "") if line.tag == "img" else None
        if name is None:
            inside = (parse_logo(mark.get("alt") or "") for mark in line.marks if mark.tag == "img")
            name = next((found for found in inside if found), None)
        if name is None and line.text.lower().endswith(" logo") and index < 40:
            name = parse_logo(line.text)
        if name is not None:
            head.community = name
            return index + 1
    return 0


def _is_title(line: Line) -> bool:
    """Tell whether a line above the byline may be headline or standfirst."""
    text = line.text
    if not text or is_badge(text) or parse_like_count(text) is not None:
        return False
    if any(is_author_link(mark) for mark in line.marks):
        return False
    return line.tag in _HEADINGS or (label_of(text) is None and not _is_navigation(line))


def _is_navigation(line: Line) -> bool:
    element: etree._Element | None = line.element
    while element is not None:
        if element.tag in ("nav", "button", "form"):
            return True
        element = element.getparent()
    return False


def _find_headline(
    lines: Sequence[Line], titles: Sequence[int], known: Sequence[str], slug: str | None, *, has_logo: bool
) -> int | None:
    """Return the line of the headline: the nearest main heading, what other sources call it, or by place."""
    mains = [index for index in titles if lines[index].tag == "h1"]
    folded = {index: fold_text(lines[index].text) for index in titles[-30:]}
    claimed = [fold_text(title) for title in known]
    for title in claimed:
        same = [index for index, text in folded.items() if text == title]
        if same:
            return next((index for index in same if index in mains), same[-1])
    if mains:
        return mains[-1]
    if slug is not None:
        for index in titles:
            if _matches_slug(lines[index].text, slug):
                return index
    for tag in _HEADINGS[1:3]:
        headings = [index for index in titles if lines[index].tag == tag]
        if headings:
            return headings[0] if has_logo else headings[-1]
    if not titles:
        return None
    return titles[0] if has_logo else titles[max(0, len(titles) - 2)]


def _matches_slug(text: str, slug: str) -> bool:
    words = _words(text)
    wanted = _words(slug)
    return bool(words) and words in (wanted, wanted[:-1])


def _words(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in text.casefold().replace("'", " ")).split()


def slug_of(url: str | None) -> str | None:
    """Return the last part of a story's address."""
    segments = path_segments(url) if url else []
    return segments[-1] if len(segments) > 1 else None


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
            is_before = _is_hero_of(line, head.headline)
        if not is_before or not _take(lines, index, head, is_flat=is_flat, is_old=is_old, claimed=claimed):
            break
        index += 1
    taken = (at for at in range(span[0], index) if lines[at].text.strip("•·| ") == head.caption)
    at = next((at for at in taken if not _is_surely_caption(lines[at])), None)
    if at is not None and not any(_is_words(line) for line in lines[at + 1 : span[1]]):
        head.caption, index = None, at  # it is all the story there is
    head.end = max(index, span[0])


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
    likes = parse_like_count(text) if text and line.tag not in _HEADINGS else None
    if not line.text:
        if line.tag != "img":
            return line.tag == "hr"
        logo = parse_logo(line.element.get("alt") or "")
        head.community = head.community or logo
        if logo is not None or _is_small(line.element):
            return True
        if head.hero is not None and is_flat:
            return False
        head.hero = head.hero if head.hero is not None else line.element
    elif is_badge(text):
        head.badges.append(text.rstrip("."))
    elif likes is not None:
        head.like_count = likes if head.like_count is None else head.like_count
    elif label_of(text) is not None:
        is_button = text.lower() in _BUTTONS or (is_old and text.lower() == "report story")
        return is_button or (line.tag != "p" and label_of(text) in ("action", "support", "sign_in"))
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


def _is_dek(line: Line, head: Head, *, is_flat: bool, is_old: bool, claimed: set[str]) -> bool:
    if fold_text(line.text) in claimed:
        return True
    if head.hero is not None and not line.tag.startswith("h"):
        return False
    is_heading = line.tag in _HEADINGS
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
    if below[0].tag == "img" and not _is_small(below[0].element):
        words = below[1] if len(below) > 1 else None
        has_caption = words is not None and (words.tag == "figcaption" or looks_like_caption(words.text))
        return is_open or has_caption or _is_hero_of(below[0], headline)
    if not is_open or not below[0].text:
        return False
    boxes = [_box_of(line.element) for line in (lines[index], *below[:2])]
    is_outside = len(boxes) > 2 and boxes[0] is not boxes[1] and boxes[1] is boxes[2]
    return is_outside or len(text) <= _SHORT <= len(below[0].text)


def _box_of(element: etree._Element) -> etree._Element | None:
    """Return the nearest element around a line that holds more than it."""
    above = element.getparent()
    while above is not None and len(above) == 1 and not (above.text or "").strip():
        above = above.getparent()
    return above


def _is_credit(lines: Sequence[Line], index: int, hero: int) -> bool:
    """Tell a caption from a standfirst above the byline: by its element, or its words under the picture."""
    line = lines[index]
    figure = next(lines[hero].element.iterancestors("figure"), None)
    is_inside = figure is not None and figure in list(line.element.iterancestors())
    return line.tag == "figcaption" or is_inside or (index == hero + 1 and looks_like_caption(line.text))


def _is_caption(lines: Sequence[Line], index: int, head: Head, *, is_flat: bool) -> bool:
    line = lines[index]
    figure = next(head.hero.iterancestors("figure"), None) if head.hero is not None else None
    if line.tag == "figcaption" or (figure is not None and figure in list(line.element.iterancestors())):
        return True
    if not is_flat:
        return line.tag not in _BODY_TAGS
    if lines[index - 1].element is not head.hero:
        return False
    if looks_like_caption(line.text) or _is_boxed_with(lines[index - 1], line):
        return True
    n_alike = sum(_is_alike(line, other) for other in lines[index + 1 : index + _NEAR])
    is_paragraph = n_alike > 1 or (n_alike == 1 and len(line.text) > _SHORT)
    return line.tag not in ("p", *_BODY_TAGS) and len(line.text) <= _MAX_CAPTION and not is_paragraph


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


def _is_picture(line: Line) -> bool:
    """Tell a picture above the byline from a logo or an avatar."""
    return (
        line.tag == "img"
        and parse_logo(line.element.get("alt") or "") is None
        and not _is_small(line.element)
    )


def _is_small(image: etree._Element) -> bool:
    """Tell an avatar or icon from a picture, by the size it is given and the link it stands in."""
    for name in ("width", "height"):
        value = (image.get(name) or "").removesuffix("px")
        if value.isdigit() and int(value) <= 96:
            return True
    parent = image.getparent()
    for _ in range(4):
        if parent is None:
            return False
        if is_author_link(parent):
            return True
        parent = parent.getparent()
    return False
