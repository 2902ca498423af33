"""The body of a story page: which lines are the author's own."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from crawler.platforms.vocal.addresses import leads_to_story
from crawler.platforms.vocal.bylines import is_author_link
from crawler.platforms.vocal.labels import (
    ADVERTS,
    badges_in,
    button_row,
    is_button,
    is_progress,
    label_of,
    looks_like_caption,
    parse_like_count,
)
from crawler.platforms.vocal.printed_tags import (
    TAGS_WORD,
    has_common,
    is_tags_word,
    part_tags,
    read_last_tags,
    read_tag_buttons,
    read_tag_links,
)
from crawler.platforms.vocal.sections import Span
from crawler.platforms.vocal.teasers import (
    ASIDES,
    MAX_CARD,
    MAX_DEPTH,
    MAX_PIECES,
    Teasers,
    find_promotions,
    is_by_name,
    is_link_line,
)
from crawler.reading.outline import BLOCK_TAGS, GENERIC_TAGS, Line, normalize_line, text_of
from crawler.reading.tree import ancestors, holds
from crawler.reading.urls import absolute_url

_UNITS = frozenset({"ul", "ol", "dl", "blockquote", "figure", "table", "pre", "details"})
_PARTS = frozenset(
    {"li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "tfoot", "figcaption", "picture", "a", "p"}
)
_AUTHORS_TAGS = frozenset({
    "p", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt", "dd", "pre", "caption",
    "figcaption",
})  # fmt: skip
"""Lines that may be the author's whatever they say: a chapter is called "4"."""
_MAX_SHORT = 200
"""Longest line that may be tags, a byline or another part of the page around the body, in characters."""
_REACH = 8
"""Lines on either side of one among which its card's other lines stand; a card has five."""
_MAX_BELOW = 2
_MAX_NOTE = 60
"""Most lines of a card under its byline, and the longest of them: a host's name, a reading time."""
_MAX_BADGE = 80
"""Most characters of badges around the hero."""


@dataclass(slots=True)
class Body:
    """The author's own lines.

    Attributes:
        lines: In page order; an embedded story is one line with a link.
        container: The element that holds most of them; None when there are none.
        tags: (name, ``href``) of the links under the body, in order.
        glued_tags: A short line under the body that may be tags without links.
        like_count: As printed under the body.
        badges: As printed under the body.
    """

    lines: list[Line] = field(default_factory=list)
    container: etree._Element | None = None
    tags: list[tuple[str, str | None]] = field(default_factory=list)
    glued_tags: str | None = None
    like_count: int | None = None
    badges: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Spot:
    """What the elements around a line say of it; the same for all children of one element.

    Attributes:
        box: The element around the whole list, quote or wrapper that the child belongs to.
        aside: The aside, form or navigation it stands in.
        link: The link it stands in.
    """

    box: etree._Element | None
    aside: etree._Element | None
    link: etree._Element | None


_NOWHERE = _Spot(None, None, None)


class BodyFinder:
    """Finds the body between byline and the next section.

    Args:
        lines: All lines of the page.
        span: Where the body may stand.
        base_url: Address of the page.
        notices: Lines in it that are the page's own.
    """

    def __init__(
        self, lines: Sequence[Line], span: Span, base_url: str | None, notices: Collection[int] = ()
    ) -> None:
        self._notices = notices
        self._lines = lines
        self._span = span
        self._base_url = base_url
        self._spots: dict[etree._Element, _Spot] = {}
        self._insides: dict[etree._Element, bool] = {}
        self._tag_list: etree._Element | None = None
        self.container = self._find_container()

    def first_paragraph(self) -> int:
        """Return the first line inside the container; the end of the span when there is none."""
        start, end = self._span
        return next((index for index in range(start, end) if self._is_inside(self._lines[index])), end)

    def is_around(self, element: etree._Element) -> bool:
        """Tell whether the container also holds ``element``, such as the headline: a page without boxes."""
        return self.container is not None and any(above is self.container for above in ancestors(element))

    def read(self, start: int) -> Body:
        """Return the body.

        Args:
            start: The first line after hero and caption.
        """
        body = Body(container=self.container)
        teasers = Teasers(self._lines, (start, self._span[1]), self.container, self._base_url)
        dropped = {*teasers.find(), *self._notices}
        inside: list[Line] = []
        buttons: list[int] = []
        for index in range(start, self._span[1]):
            line = self._lines[index]
            is_short = len(line.text) <= _MAX_SHORT
            tags = read_tag_links(line) if is_short and line.marks else None
            if is_short and line.text.casefold() in ADVERTS:
                continue
            if tags:
                body.tags.extend(tags)
            elif index in dropped or not self._is_inside(line):
                self._see_outside(line, body, is_dropped=index in dropped)
                is_free = line.element.tag == "button" and index not in dropped
                if is_free and self._spot_of(line.element).aside is None:
                    buttons.append(index)
            elif body.tags and is_short and _is_button(line):
                self._see_outside(line, body, is_dropped=False)
            else:
                inside.append(line)
                if buttons and not _is_chrome(line):
                    buttons.clear()
        self._settle_tags(body, inside, buttons)
        body.lines = list(self._drop_cards(_trim(inside, body)))
        return body

    def _settle_tags(self, body: Body, inside: list[Line], buttons: Sequence[int]) -> None:
        """Take tags from buttons, the word for tags from the end of the body, and no list of other things."""
        if buttons and not body.tags:
            beside = [(self._lines[at], self._lines[at - 1] if at else None) for at in buttons]
            body.tags.extend((name, None) for name in read_tag_buttons(beside))
        if body.tags and inside and is_tags_word(inside[-1]):
            inside.pop()
        if self._tag_list is not None and body.glued_tags and not has_common(body.glued_tags):
            body.glued_tags = body.glued_tags if "," not in body.glued_tags else None

    def _find_container(self) -> etree._Element | None:
        """Return the deepest element with three quarters of the text between byline and next section."""
        lines, span = self._lines, self._span
        short = (at for at in range(*span) if len(lines[at].text) <= _MAX_BADGE or lines[at - 1].tag == "img")
        captions = {at for at in short if _is_of_hero(lines, at)}
        others = {*find_promotions(lines, span), *self._notices}
        weights = self._weigh({*others, *captions}) or self._weigh(others) or self._weigh(self._notices)
        if not weights:
            return None
        total = sum(weights.values())
        best = max(weights, key=lambda element: weights[element])
        if weights[best] * 4 >= total * 3:
            return best
        covered: dict[etree._Element, int] = defaultdict(int)
        for element, weight in weights.items():
            for above in ancestors(element):
                covered[above] += weight
        return next((above for above in ancestors(best) if covered[above] * 4 >= total * 3), best)

    def _weigh(self, left_out: Collection[int]) -> dict[etree._Element, int]:
        """Return how much text the boxes hold, but for some lines."""
        weights: dict[etree._Element, int] = defaultdict(int)
        for index in range(*self._span):
            line = self._lines[index]
            is_own = index not in left_out and line.element.tag not in ASIDES
            if line.text and is_own:
                spot = self._spot_of(line.element)
                if spot.aside is None and spot.box is not None and not _is_apart(line):
                    weights[line.element if _is_box(line) else spot.box] += len(line.text)
        return weights

    def _spot_of(self, element: etree._Element) -> _Spot:
        """Return what the elements around a line's element say of it."""
        parent = element.getparent()
        if parent is None:
            return _NOWHERE
        spot = self._spots.get(parent)
        if spot is None:
            above = self._spot_of(parent)
            tag = parent.tag
            spot = self._spots[parent] = _Spot(
                box=above.box if _is_wrapper(parent) and above.box is not None else parent,
                aside=parent if tag in ASIDES else above.aside,
                link=parent if tag == "a" else above.link,
            )
        return spot

    def _is_inside(self, line: Line) -> bool:
        element = line.element
        if self.container is None or element.tag in ASIDES:
            return False
        parent = element.getparent()
        if parent is None or element is self.container:
            return parent is not None
        inside = self._insides.get(parent)
        if inside is None:
            inside = self._insides[parent] = self._spot_of(element).aside is None and self.is_around(parent)
        return inside

    def _aside_of(self, line: Line) -> etree._Element | None:
        """Return the element beside the text that a line stands in: an aside, a form, navigation."""
        element = line.element
        return element if element.tag in ASIDES else self._spot_of(element).aside

    def _see_outside(self, line: Line, body: Body, *, is_dropped: bool) -> None:
        """Take likes and glued tags from a line that is not the author's."""
        likes = _likes_in(line) if line.text else None
        if likes is not None and body.like_count is None:
            body.like_count = likes
        elif badges := badges_in(line.parts):
            body.badges.extend(badges)
        elif line.text and not is_dropped and label_of(line.text) is None and not _is_frame(line):
            is_short = len(line.text) <= 200 and "\n" not in line.text and line.text[-1] not in ".!?:"
            is_short = is_short and line.tag != "button" and not is_by_name(line.text)
            is_short = is_short and self._aside_of(line) is None
            body.glued_tags = self._with_items_above(line, body) if is_short and not line.marks else None

    def _with_items_above(self, line: Line, body: Body) -> str:
        """Return a line that may be tags, after those in the items of its list before it."""
        above = line.element.getparent() if line.tag == "li" else None
        is_next = above is not None and above is self._tag_list and body.glued_tags is not None
        self._tag_list = above
        return f"{body.glued_tags}, {line.text}" if is_next else part_tags(line)

    def _drop_cards(self, lines: Sequence[Line]) -> Iterator[Line]:
        """Yield the lines with each embedded story's card as one line with its link."""
        boxes = set(self._find_cards(lines))
        seen: set[etree._Element] = set()
        has_paragraphs = any(line.tag == "p" for line in lines)
        is_below_link = False
        for line in lines:
            card = self._card_of(line, boxes)
            if card is not None:
                is_below_link = card.tag == "a"
                if card not in seen:
                    seen.add(card)
                    yield from self._link_lines(card)
            elif (len(line.parts) > 1 and line.marks) and self._is_signed_link(line):
                yield from self._link_lines(line.element)
            elif not is_by_name(line.text) or not _is_stray(
                line, has_paragraphs=has_paragraphs, is_below_link=is_below_link
            ):
                is_below_link = bool(line.marks) and is_link_line(line) and self._has_story(line)
                yield self._with_link_around(line, seen)

    def _with_link_around(self, line: Line, seen: set[etree._Element]) -> Line:
        """Return the first plain line of a link that holds whole boxes as that link, any other as it is."""
        link = self._spot_of(line.element).link if len(line.parts) == 1 and line.tag in ("div", "p") else None
        if link is None or link in seen or absolute_url(self._base_url, link.get("href")) is None:
            return line
        seen.add(link)
        return _to_link(line.text, link)

    def _is_signed_link(self, line: Line) -> bool:
        """Tell an embedded story whose title and "By NAME" are two pieces of one link."""
        pieces = [normalize_line(part) for part in line.parts[1:]]
        is_signed = any(is_by_name(piece) for piece in pieces if piece)
        links = [mark for mark in line.marks if mark.tag == "a"]
        if not is_signed or len(links) != 1 or not self._has_story(line):
            return False
        title = text_of(links[0])
        return is_link_line(line) or (
            line.text.startswith(title) and is_by_name(line.text[len(title) :].strip())
        )

    def _find_cards(self, lines: Sequence[Line]) -> Iterator[etree._Element]:
        """Yield the boxes of embedded stories: the nearest around a "By NAME" that also holds the link."""
        for index, line in enumerate(lines):
            if not line.text or not is_by_name(line.text):
                continue
            near = lines[max(0, index - _REACH) : index + _REACH + 1]
            for above in islice(ancestors(line.element), MAX_DEPTH):
                if self.container is not None and holds(above, self.container):
                    break
                if any(self._leads_to_story(link) for link in islice(above.iter("a"), MAX_PIECES)):
                    if self._is_card([other for other in near if holds(above, other.element)], line):
                        yield above
                    break

    def _is_card(self, held: Sequence[Line], signed: Line) -> bool:
        """Tell a card from a box that also holds the author's own lines, above the link or under the name."""
        texts = [line for line in held if line.text]
        at = texts.index(signed)
        first = next((index for index, line in enumerate(texts) if self._has_story(line)), at)
        below = texts[max(at, first) + 1 :]
        return (
            sum(len(line.text) for line in texts) <= MAX_CARD
            and min(at, first) <= 1
            and len(below) <= _MAX_BELOW
            and all(len(line.text) <= _MAX_NOTE for line in below)
        )

    def _has_story(self, line: Line) -> bool:
        """Tell whether a line links to a story or stands in such a link."""
        marks = (mark for mark in line.marks if mark.tag == "a")
        around = self._spot_of(line.element).link
        return any(self._leads_to_story(link) for link in (*marks, *([] if around is None else [around])))

    def _card_of(self, line: Line, boxes: Container[etree._Element]) -> etree._Element | None:
        """Return the element of the embedded story's card that a line belongs to."""
        box = next((above for above in ancestors(line.element) if above in boxes), None) if boxes else None
        if box is not None:
            return box
        link = line.element if line.element.tag == "a" else self._spot_of(line.element).link
        return link if link is not None and self._leads_to_story(link) else None

    def _leads_to_story(self, link: etree._Element) -> bool:
        return leads_to_story(link.get("href"), self._base_url)

    def _link_lines(self, card: etree._Element) -> Iterator[Line]:
        """Yield one line with the story's title and its link, if the card has both."""
        links = [card] if card.tag == "a" else list(card.iter("a"))
        link = next((found for found in links if self._leads_to_story(found) and text_of(found)), None)
        if link is None:
            return
        heading = next((text_of(found) for found in card.iter("h1", "h2", "h3", "h4", "h5", "h6")), None)
        first = next((text for found in link.iter() if (text := (found.text or "").strip())), "")
        title = " ".join((heading or first).split())
        if not title or (is_by_name(title) and text_of(card) != title):
            return
        yield _to_link(title, link)


def _to_link(text: str, link: etree._Element) -> Line:
    """Return a paragraph of nothing but a link."""
    paragraph = etree.Element("p")
    anchor = etree.SubElement(paragraph, "a", href=link.get("href") or "")
    anchor.text = text
    return Line(text, (text,), paragraph, "p", (anchor,))


def _is_stray(line: Line, *, has_paragraphs: bool, is_below_link: bool) -> bool:
    """Tell the "By NAME" of an embedded story from the same words in the author's text."""
    links = (text_of(mark) for mark in line.marks if is_author_link(mark))
    is_signed = any(text and line.text[2:].strip().startswith(text) for text in links)
    is_under = is_below_link and not line.text[2:].strip()[:1].islower()
    return is_signed or is_under or (line.tag == "div" and has_paragraphs)


def _is_of_hero(lines: Sequence[Line], at: int) -> bool:
    """Tell a caption, or the badges around the hero, from the story's text."""
    line = lines[at]
    if line.tag == "figcaption":
        return True
    if len(line.text) > _MAX_SHORT:
        return False
    is_below_picture = at > 0 and lines[at - 1].tag == "img"
    return (is_below_picture and looks_like_caption(line.text)) or bool(badges_in(line.parts))


def _is_box(line: Line) -> bool:
    """Tell a box whose paragraphs are parted by empty lines or other blocks from one paragraph."""
    element = line.element
    if line.tag != "div" or element.tag not in GENERIC_TAGS:
        return False
    return "\n\n" in line.text or any(child.tag in BLOCK_TAGS for child in element)


def _is_apart(line: Line) -> bool:
    """Tell a line that belongs to the page around the body: a button, a count, a badge, tags."""
    if len(line.text) > _MAX_SHORT:
        return False
    return bool(line.marks and read_tag_links(line)) or (line.tag not in ("p", "li") and _is_chrome(line))


def _trim(inside: list[Line], body: Body) -> list[Line]:
    """Drop buttons and counts from both ends, and note glued tags at the end of a page without boxes."""
    while inside and _is_chrome(inside[-1]):
        likes = _likes_in(inside[-1])
        body.like_count = body.like_count if likes is None else likes
        inside.pop()
    while inside and _is_chrome(inside[0]):
        inside.pop(0)
    last = inside[-1] if inside else None
    names, n_lines = ([], 0) if body.tags else read_last_tags(inside)
    if n_lines > 0:
        body.tags.extend((name, None) for name in names)
        del inside[-n_lines:]
    elif (
        last is not None and last.tag == "div" and len(inside) > 1 and not body.tags and inside[-2].tag == "p"
    ):
        is_short = 0 < len(last.text) <= 200 and "\n" not in last.text and last.text[-1] not in '.!?:…”"'
        if is_short and not last.marks:
            body.glued_tags = part_tags(last)
            inside.pop()
    return inside


def _is_frame(line: Line) -> bool:
    """Tell what stands around a body in elements of its own from tags printed as text."""
    is_word = TAGS_WORD.fullmatch(line.text.strip(" :")) is not None
    is_said = bool(badges_in(line.parts)) or is_progress(line.text)
    return is_word or is_said or _is_button(line) or line.text.casefold() in ADVERTS


def _is_button(line: Line) -> bool:
    """Tell whether a line is a button or a count by its words alone, as after the tags; or a row of them."""
    return is_button(line.text) or len(button_row(line.parts)) > 1


def _likes_in(line: Line) -> int | None:
    """Return the number of likes in a line that is only that, or a row of buttons with it."""
    likes = (parse_like_count(text) for text in (line.text, *button_row(line.parts)))
    return next((count for count in likes if count is not None), None)


def _is_chrome(line: Line) -> bool:
    if not line.text or line.tag in _AUTHORS_TAGS:
        return False
    is_word = line.tag == "div" and bool(TAGS_WORD.match(line.text)) and _is_frame(line)
    is_labeled = label_of(line.text) in ("support", "more") or bool(badges_in(line.parts))
    return is_word or is_labeled or _is_button(line) or (line.tag == "div" and is_progress(line.text))


def _is_wrapper(element: etree._Element) -> bool:
    """Tell whether an element adds nothing to what is inside it, or belongs to a list, quote or table."""
    if element.tag in _UNITS or element.tag in _PARTS:
        return True
    text = element.text
    return len(element) == 1 and (not text or text.isspace())
