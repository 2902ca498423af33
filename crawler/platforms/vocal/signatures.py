"""Who wrote a comment and when: where a name and a date meet, and the marks of removed comments."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from lxml import etree

from crawler.platforms.vocal.bylines import is_author_link
from crawler.platforms.vocal.comment_dates import (
    ANSWER_END,
    date_in,
    end_of_first_date,
    is_day_with_year,
    is_sure_date,
    may_hold_date,
)
from crawler.platforms.vocal.controls import likes_in_row, votes_in_row
from crawler.platforms.vocal.labels import MAX_NAME, count_of_comments, is_removed_mark, label_of
from crawler.platforms.vocal.sections import Span
from crawler.reading.dates import may_hold_relative_date
from crawler.reading.outline import Line, normalize_line, text_of
from crawler.reading.tree import holds

_MAX_INITIALS = 3
"""Most letters that stand for a commenter's picture."""

_NOTE = re.compile(
    r"author|creator|op|edited|staff|moderator|pinned|verified|top comment|[•·|]", re.IGNORECASE
)
NOTES = re.compile(rf"(?:(?:{_NOTE.pattern}) *)*", re.IGNORECASE)
"""Nothing but such words beside a name."""
_SAID = re.compile(
    r"(?i:(?:posted|published|commented|replied|on)(?: on)?)"
    r"|(?P<name>.+)\s(?:posted|published|commented|replied|wrote|said|says)(?: on)?"
)
"""What a page prints between a name and a date."""
_SENTENCE = re.compile(r"[;:!?\"“”]|,\s[a-z]|\b(?:I|we|was|is|the|this|read|wrote|saw)\b")


_NEXT = 10
"""Lines below a date among which the words stand, under its buttons."""
_WORDS = frozenset({"p", "blockquote"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6", "dt"})
_BY = re.compile(r"by\s+(?=\S)", re.IGNORECASE)
_ANSWERS = re.compile(
    r"\b(?:replied|replying|replies|answered|answering|in reply)\b|[▸›→»]|\s>\s", re.IGNORECASE
)
_LEAST_ANSWER = 2
"""Characters after a date from which it may say what it answers."""
_PLAIN_PARTS = 3
"""Text nodes of a line that is a name and a date."""
_MAX_SAID = 200
"""Most lines of a comment whose date stands below them."""
_MAX_LINES = 40
"""Most lines between a comment's author and the date below its words."""
_OWN_MARKS = ("this ", "comment ", "[")
"""How a removed comment's mark begins where no item holds it."""
_MAX_BOXES = 3
"""Most elements around such a mark in which its date is looked for."""
ITEMS = frozenset({"li", "article", "tr"})
"""Elements that hold one comment, and its answers at most."""


@dataclass(slots=True)
class Head:
    """Where a comment begins.

    Attributes:
        start: Its first line.
        end: The line after its last one.
        name: Of the author; None on the mark of a removed comment.
        href: Link to the author as it stands.
        date: As printed; "" where none is.
        exact: What the date's element says exactly.
        element: The block it stands in.
        is_linked: The name is a link to an author.
        is_apart: The date has an element of its own.
        date_at: The line of the date, where the words stand between it and the name.
        like_count: As printed beside the date.
        answers: Name of the author it says beside its own that it answers.
        refers: Id of the comment that a link there leads to.
    """

    start: int
    end: int
    name: str | None
    href: str | None
    date: str
    exact: str | None
    element: etree._Element
    is_linked: bool
    is_apart: bool
    date_at: int | None = None
    like_count: int | None = None
    answers: str | None = None
    refers: str | None = None


def find_heads(lines: Sequence[Line], span: Span) -> Iterator[Head]:
    """Yield every place where a name and a date meet."""
    floor = index = span[0]
    while index < span[1]:
        head = _head_at(lines, index, floor)
        if head is not None:
            head.start = _without_picture(lines, head, floor)
            yield head
            floor = index = max(head.end, index + 1)
        else:
            index += 1


def names_above_words(
    lines: Sequence[Line], span: Span, heads: Sequence[Head], is_word: Callable[[Line], bool]
) -> Sequence[Head]:
    """Return the heads with the names above the words, where every date stands below them.

    The line above a date is the name, unless nothing is said below the last date and something above the
    first besides that line: then it is the end of the words, and the name is the first line of all.

    Args:
        lines: All lines of the page.
        span: Where the comments stand.
        heads: In page order, none of them with a link to the author.
        is_word: Tells a line that may be said.
    """
    if any(head.is_linked or head.name is None or head.end - head.start != 2 for head in heads):
        return heads
    if not heads or any(is_word(line) for line in lines[heads[-1].end : span[1]]):
        return heads
    found: list[Head] = []
    start = span[0]
    for head in heads:
        said = [at for at in range(start, head.end - 1) if is_word(lines[at])]
        if len(said) > 2 and _are_initials(lines[said[0]].text, lines[said[1]].text):
            said = said[1:]
        if len(said) < 2 or not _is_name(replace(head, name=lines[said[0]].text)):
            return heads
        name = lines[said[0]]
        below = replace(head, start=said[0], end=said[0] + 1, name=name.text, element=name.element)
        found.append(replace(below, date_at=head.end - 1))
        start = head.end
    return found


def _are_initials(text: str, name: str) -> bool:
    """Tell letters that stand for a picture by the name below them."""
    return len(text) <= _MAX_INITIALS and set(text.casefold()) <= {
        word[0] for word in name.casefold().split()
    }


def find_names(lines: Sequence[Line], span: Span) -> Iterator[Head]:
    """Yield the links to authors in lines of their own, for a page that prints no dates."""
    if any(label_of(line.text) == "no_comments" for line in lines[slice(*span)]):
        return
    for at in range(*span):
        link = _whole_link(lines[at])
        if link is not None:
            yield Head(at, at + 1, text_of(link), link.get("href"), "", None, lines[at].element, True, True)


def find_items(lines: Sequence[Line], span: Span) -> list[Head]:
    """Return the names in the first lines of items, for a page that prints neither dates nor links.

    There are exactly as many items as the label counts, and each has words under a name.
    """
    count = count_of_comments(lines[span[0] - 1].text) if span[0] > 0 else None
    if not count or count > span[1] - span[0]:
        return []
    held: dict[etree._Element, list[int]] = {}
    for at in range(*span):
        item = _item_of(lines[at].element) if lines[at].text and label_of(lines[at].text) is None else None
        if item is not None:
            held.setdefault(item, []).append(at)
    heads = [
        Head(at, at + 1, lines[at].text, None, "", None, lines[at].element, False, True)
        for at in (places[0] for places in held.values() if len(places) > 1)
    ]
    are_names = all(_is_name(head) and not may_hold_relative_date(head.name or "") for head in heads)
    return heads if are_names and len(heads) == len(held) == count else []


def _whole_link(line: Line) -> etree._Element | None:
    """Return the link to an author that is all of a line."""
    is_whole = (mark for mark in line.marks if is_author_link(mark) and text_of(mark) == line.text)
    return next(is_whole, None) if line.text else None


def _without_picture(lines: Sequence[Line], head: Head, floor: int) -> int:
    """Return the first line of a head with the letters above it that stand for a picture: "AL", "Ann Lee"."""
    above = lines[head.start - 1].text if head.start > floor else ""
    if not 0 < len(above) <= _MAX_INITIALS or lines[head.start - 1].tag == "p":
        return head.start
    initials = {word[0] for word in (head.name or "").casefold().split()}
    return head.start - 1 if set(above.casefold()) <= initials else head.start


def _head_at(lines: Sequence[Line], index: int, floor: int) -> Head | None:
    """Return the head whose date stands in this line; ``floor`` is the first line its name may stand in."""
    line = lines[index]
    if not line.text or len(line.text) > 300:
        return None
    is_plain = not line.marks and len(line.parts) == 1
    if is_plain and not may_hold_date(line.text):
        return None  # nearly all words of comments
    date, before, exact, is_apart = date_in(line)
    if date is None:
        return _head_behind(line, index)
    links = [(mark, words) for mark in line.marks if is_author_link(mark) and (words := text_of(mark))]
    if date and any(words == line.text for _, words in links):
        return None
    link, linked = links[0] if links else (None, "")
    name = _without_initials(line, before.strip(" •·|,-–—:(\t\n"))
    said = _SAID.fullmatch(name) if link is None else None
    name = said["name"] or "" if said else name
    if name and (link is not None or not NOTES.fullmatch(name)):
        name = linked if linked and linked.replace(" ", "") in name.replace(" ", "") else name
        name = _strip_notes(line, name) if link is None else name
        href = link.get("href") if link is not None else None
        head = Head(index, index + 1, name, href, date, exact, line.element, link is not None, is_apart)
        if len(links) > 1 and _ANSWERS.search(before):
            head.answers = links[1][1]
        _note_answer(head, line, len(before) + len(date))
        if len(line.parts) > _PLAIN_PARTS:
            head.like_count = votes_in_row(line)
        return head
    return _head_around(lines, index, floor, date, exact)


def _note_answer(head: Head, line: Line, at: int) -> None:
    """Take the name or the link after a date that says what the comment answers."""
    said = ANSWER_END.fullmatch(line.text[at:].lstrip()) if len(line.text) - at > _LEAST_ANSWER else None
    if said is not None:
        head.answers = head.answers or said["name"].strip(" :")
        hrefs = (mark.get("href", "") for mark in line.marks)
        head.refers = next((href.rpartition("#")[2] for href in hrefs if "#" in href), None)


def _head_behind(line: Line, index: int) -> Head | None:
    """Return the head of a line in which the name follows the date: "3 days ago by Ann"."""
    end = end_of_first_date(line.text)
    if end == 0:
        return None
    rest = line.text[end:].strip(" •·|,-–—")
    link = next((mark for mark in line.marks if is_author_link(mark) and text_of(mark)), None)
    name = _BY.sub("", rest)
    is_named = text_of(link) == name if link is not None else name != rest
    if not is_named or not name:
        return None
    href = link.get("href") if link is not None else None
    return Head(index, index + 1, name, href, line.text[:end], None, line.element, link is not None, True)


def _head_around(lines: Sequence[Line], index: int, floor: int, date: str, exact: str | None) -> Head | None:
    """Return the head whose date has a line of its own, perhaps with likes and buttons."""
    head = _head_near(lines, index, floor, date, exact)
    if head is not None:
        head.like_count = likes_in_row(lines[index])
    return head


def _head_near(lines: Sequence[Line], index: int, floor: int, date: str, exact: str | None) -> Head | None:
    """Return the head of a date in a line of its own: a link to its author beside decides."""
    above = _head_above(lines, index, floor, date, exact)
    if above is not None and above.is_linked:
        return above
    linked = _head_far_above(lines, index, floor, date, exact) or _head_below(lines, index, date, exact)
    is_sure = is_sure_date(date) or exact is not None or is_day_with_year(date)
    return linked or (above if is_sure else None)


def _head_far_above(
    lines: Sequence[Line], index: int, floor: int, date: str, exact: str | None
) -> Head | None:
    """Return the head whose date stands below the words, or a line about the author: with the last link."""
    for at in range(index - 1, max(floor, index - _MAX_LINES) - 1, -1):
        link = _whole_link(lines[at])
        if link is not None:
            element = lines[at].element
            return Head(at, at + 1, text_of(link), link.get("href"), date, exact, element, True, True, index)
    return None


def _head_below(lines: Sequence[Line], index: int, date: str, exact: str | None) -> Head | None:
    """Return the head whose date has a line of its own, with a link to the author in the line after it."""
    link = _whole_link(lines[index + 1]) if index + 1 < len(lines) else None
    if link is None:
        return None
    element = lines[index].element
    return Head(index, index + 2, text_of(link), link.get("href"), date, exact, element, True, True)


def _head_above(lines: Sequence[Line], index: int, floor: int, date: str, exact: str | None) -> Head | None:
    """Return the head whose date has a line of its own, with the name in a line before it."""
    for near in range(index - 1, max(floor, index - 5) - 1, -1):
        if NOTES.fullmatch(lines[near].text) or (lines[near].tag == "button" and near > floor):
            continue
        at = _first_of_item(lines, near, index, floor) if lines[near].tag in _WORDS else near
        if len(lines[at].text) > MAX_NAME or label_of(lines[at].text) is not None:
            break
        line, end, date_at = (lines[at], index + 1, None) if at == near else (lines[at], at + 1, index)
        link = next((mark for mark in line.marks if is_author_link(mark) and text_of(mark)), None)
        linked = text_of(link) if link is not None else ""
        name = linked if linked and linked in line.text else _strip_notes(line, line.text)
        href = link.get("href") if link is not None else None
        return Head(at, end, name, href, date, exact, line.element, link is not None, True, date_at)
    return None


def _first_of_item(lines: Sequence[Line], at: int, index: int, floor: int) -> int:
    """Return the line of the name above a comment's words, where their date stands below them; else ``at``.

    Args:
        lines: All lines of the page.
        at: The line above the date, a paragraph.
        index: The line of the date.
        floor: The first line that may hold the name.
    """
    paths = [[lines[each].element, *lines[each].element.iterancestors()] for each in (index, at)]
    box = next((element for element in paths[0] if element in paths[1]), None)
    held = (each for each in range(max(floor, at - _MAX_SAID), at) if _is_said_in(lines[each], box))
    first = next(held, at)
    line, following = lines[first], lines[index + 1 : index + _NEXT]
    below = next((each for each in following if _is_said(each)), None)
    if below is not None and _is_said_in(below, box) and below.tag != line.tag:
        return at  # the words are below the date
    is_name = line.tag not in _WORDS and len(line.text) <= MAX_NAME and not NOTES.fullmatch(line.text)
    return first if is_name and not _SENTENCE.search(line.text) else at


def _is_said(line: Line) -> bool:
    return bool(line.text) and label_of(line.text) is None


def _is_said_in(line: Line, box: etree._Element | None) -> bool:
    return box is not None and holds(box, line.element) and _is_said(line)


def _without_initials(line: Line, name: str) -> str:
    """Drop the letters that stand for a picture in an element of their own before a name: "A" "Ann Lee"."""
    first = next((part for text in line.parts[:4] if (part := normalize_line(text))), "")
    if not 0 < len(first) <= _MAX_INITIALS or not name.startswith(first):
        return name
    parts = [part for text in line.parts[:4] if (part := normalize_line(text))]
    if len(parts) < 2:
        return name
    initials = [word[0].casefold() for word in parts[1].split()]
    is_sign = parts[1].startswith(parts[0]) or set(parts[0].casefold()) <= set(initials)
    return name[len(parts[0]) :].lstrip() if is_sign and len(name) > len(parts[0]) else name


def _strip_notes(line: Line, name: str) -> str:
    """Drop "Author" and the like, which stand in elements of their own after a name."""
    parts = [part for text in line.parts if (part := normalize_line(text).strip(" •·|"))]
    if len(parts) > 2 and len(parts[0]) <= _MAX_INITIALS and name.startswith(parts[1]):
        parts = parts[1:]
    if len(parts) > 1 and name.startswith(parts[0]) and any(_NOTE.fullmatch(part) for part in parts[1:]):
        return parts[0]
    return name


_SURE_SIGNS: tuple[Callable[[Head], bool], ...] = (
    lambda head: head.is_linked,
    lambda head: head.exact is not None,
    lambda head: head.is_apart,
)


def choose_heads(heads: list[Head]) -> list[Head]:
    """Keep the heads that look like the first: a comment's own words may end in a date too."""
    for is_sure in _SURE_SIGNS:
        if heads and is_sure(heads[0]):
            tags = {head.element.tag for head in heads if is_sure(head)}
            return [
                head
                for head in heads
                if is_sure(head) or (head.is_apart and head.element.tag in tags and _is_name(head))
            ]
    return [head for head in heads if _is_name(head) or _is_beside(head, heads[0])]


def _is_beside(head: Head, first: Head) -> bool:
    """Tell whether a head is made like the first one: an item of its list, a heading, a box of its class."""
    one, other = first.element, head.element
    if one.tag != other.tag:
        return False
    if one.tag == "li":
        return next(one.iterancestors("ul", "ol"), None) is next(other.iterancestors("ul", "ol"), None)
    is_classed = one.tag not in _WORDS and one.get("class") and one.get("class") == other.get("class")
    return one.tag in _HEADINGS or bool(is_classed)


def find_removed(lines: Sequence[Line], span: Span, heads: Sequence[Head]) -> Iterator[Head]:
    """Yield the marks that removed comments leave without a name or date, so that answers keep their parent.

    The words of a removed comment that has both stand right below its head, and are no mark of their own.
    """
    taken = {at for head in heads for at in range(head.start, head.end)}
    dates = {head.date_at for head in heads}
    by_end = {head.end for head in heads}
    item_of_last: etree._Element | None = None
    last, mark = "", None
    is_below_head = False
    for at in range(*span):
        line = lines[at]
        is_below_head = is_below_head or at in by_end
        if at in taken:
            item_of_last = _item_of(line.element)
            continue
        if not line.text:
            continue
        if not is_below_head and is_removed_mark(line.text):
            item = _item_of(line.element)
            is_said_so = line.text.lower().startswith(_OWN_MARKS) and (last != mark or last == line.text)
            if item is not item_of_last if item is not None else is_said_so:
                head = Head(at, at, None, None, "", None, line.element, False, True)
                if at - 1 not in taken and at - 1 not in dates and at - 1 not in by_end:
                    _take_date_above(lines, head)
                yield head
                item_of_last, mark = item, line.text
        last = line.text
        is_below_head = False


def _take_date_above(lines: Sequence[Line], head: Head) -> None:
    """Give the mark of a removed comment the date in the line above, in a box that holds nothing else."""
    above = lines[head.start - 1]
    if not above.text or len(above.text) > MAX_NAME or not may_hold_date(above.text):
        return
    date, before, exact, _ = date_in(above)
    box = next(
        (box for box in islice(head.element.iterancestors(), _MAX_BOXES) if holds(box, above.element)), None
    )
    before_it = lines[head.start - 2].element if head.start > 1 else None
    if (
        date
        and not before.strip()
        and box is not None
        and before_it is not None
        and not holds(box, before_it)
    ):
        head.start, head.date, head.exact = head.start - 1, date, exact


def _item_of(element: etree._Element | None) -> etree._Element | None:
    while element is not None and element.tag not in ITEMS:
        element = element.getparent()
    return element


def _is_name(head: Head) -> bool:
    name = head.name or ""
    return 0 < len(name) <= MAX_NAME and len(name.split()) <= 8 and _SENTENCE.search(name) is None
