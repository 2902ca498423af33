"""Who wrote a comment and when: where a name and a date meet, and the marks of removed comments."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from crawler.platforms.vocal.bylines import is_author_link, time_value
from crawler.platforms.vocal.labels import count_of_comments, is_removed_mark, label_of
from crawler.platforms.vocal.sections import Span
from crawler.reading.dates import find_days, find_relative_dates, may_hold_relative_date
from crawler.reading.outline import Line, normalize_line, text_of
from crawler.reading.relative import parse_age

MAX_INITIALS = 3
"""Most letters that stand for a commenter's picture."""
MAX_NAME = 100
"""Longest name of a commenter, in characters."""

HEAD_END = re.compile(
    r"[\s•·|,()\-–—]*(?:(?:edited|author|creator|op|pinned|staff|moderator)[\s•·|,()\-–—]*){0,3}",
    re.IGNORECASE,
)
"""What may follow the date of a comment in its line."""
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
_MAX_DAY = 40
"""Most characters of a line that is only a day, with words such as "Posted on" before it."""
_SENTENCE = re.compile(r"[;:!?\"“”]|,\s[a-z]|\b(?:I|we|was|is|the|this|read|wrote|saw)\b")


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_AROUND_DATE = " \t\n\xa0•·|,-–—()"
_NEXT = 10
"""Lines below a date among which the words stand, under its buttons."""
_WORDS = frozenset({"p", "blockquote"})
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
    above = lines[head.start - 1].text.casefold() if head.start > floor else ""
    initials = {word[0] for word in (head.name or "").casefold().split()}
    is_sign = 0 < len(above) <= MAX_INITIALS and set(above) <= initials
    return head.start - 1 if is_sign and lines[head.start - 1].tag != "p" else head.start


def _head_at(lines: Sequence[Line], index: int, floor: int) -> Head | None:
    """Return the head whose date stands in this line; ``floor`` is the first line its name may stand in."""
    line = lines[index]
    if not line.text or len(line.text) > 300:
        return None
    is_plain = not line.marks and len(line.parts) == 1
    if is_plain and not may_hold_relative_date(line.text) and not _may_be_day(line.text):
        return None  # nearly all words of comments
    date, before, exact, is_apart = _date_in(line)
    if date is None:
        return None
    links = [(mark, words) for mark in line.marks if is_author_link(mark) and (words := text_of(mark))]
    if any(words == line.text for _, words in links):
        return None
    link, linked = links[0] if links else (None, "")
    name = _without_initials(line, before.strip(" •·|,-–—:(\t\n"))
    said = _SAID.fullmatch(name) if link is None else None
    name = said["name"] or "" if said else name
    if name and (link is not None or not NOTES.fullmatch(name)):
        name = linked if linked and name.replace(" ", "").startswith(linked.replace(" ", "")) else name
        name = _strip_notes(line, name) if link is None else name
        href = link.get("href") if link is not None else None
        return Head(index, index + 1, name, href, date, exact, line.element, link is not None, is_apart)
    return _head_around(lines, index, floor, date, exact)


def _head_around(lines: Sequence[Line], index: int, floor: int, date: str, exact: str | None) -> Head | None:
    """Return the head whose date has a line of its own: a link to its author beside decides."""
    above = _head_above(lines, index, floor, date, exact)
    if above is not None and above.is_linked:
        return above
    below = _head_below(lines, index, date, exact)
    return below or (above if _is_sure(date) else None)


def _head_below(lines: Sequence[Line], index: int, date: str, exact: str | None) -> Head | None:
    """Return the head whose date has a line of its own, with a link to the author in the line after it."""
    link = _whole_link(lines[index + 1]) if index + 1 < len(lines) else None
    if link is None:
        return None
    element = lines[index].element
    return Head(index, index + 2, text_of(link), link.get("href"), date, exact, element, True, True)


def _is_sure(date: str) -> bool:
    """Tell a wording that is a date wherever it stands: "3 days ago", but not "May 3" or "3d"."""
    return next(find_relative_dates(date), None) is not None


def _may_be_day(text: str) -> bool:
    """Tell a short line that may be a day or an age of letters: "Nov 18, 2026", "3d"."""
    return len(text) <= _MAX_DAY and not text.isalpha() and any(char.isdigit() for char in text)


def _head_above(lines: Sequence[Line], index: int, floor: int, date: str, exact: str | None) -> Head | None:
    """Return the head whose date has a line of its own, with the name in a line before it."""
    for near in range(index - 1, max(floor, index - 5) - 1, -1):
        if NOTES.fullmatch(lines[near].text):
            continue
        at = _first_of_item(lines, near, index, floor) if lines[near].tag in _WORDS else near
        if len(lines[at].text) > MAX_NAME or label_of(lines[at].text) is not None:
            break
        line, end, date_at = (lines[at], index + 1, None) if at == near else (lines[at], at + 1, index)
        link = next((mark for mark in line.marks if is_author_link(mark) and text_of(mark)), None)
        name = text_of(link) if link is not None else _strip_notes(line, line.text)
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
    held = (each for each in range(floor, at) if _is_said_in(lines[each], box))
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
    is_held = box is not None and (line.element is box or box in line.element.iterancestors())
    return is_held and _is_said(line)


def _date_in(line: Line) -> tuple[str | None, str, str | None, bool]:
    """Return (date as printed, text before it, what its element says exactly, whether it stands apart)."""
    for mark in line.marks:
        if mark.tag in ("time", "abbr"):
            words = text_of(mark)
            if words and (mark.tag == "time" or time_value(mark)) and words in line.text:
                at = line.text.rindex(words)
                if HEAD_END.fullmatch(line.text, at + len(words)):
                    return words, line.text[:at], time_value(mark), True
    if len(line.parts) > 1:
        last = line.parts[-1].strip(_AROUND_DATE)
        if line.text.endswith(last) and parse_age(last.lower()) is not None:
            return last, line.text[: -len(last)], None, True
    spans = list(find_relative_dates(line.text)) or _find_day(line)
    if not spans or not HEAD_END.fullmatch(line.text, spans[-1][1]):
        return None, "", None, False
    start, end = spans[-1]
    date = line.text[start:end]
    parts = [normalize_line(part).strip(_AROUND_DATE) for part in line.parts]
    if date not in parts:
        apart = next((part for part in parts if part and date.endswith(part) and part[:1].isdigit()), None)
        if apart is not None:
            return apart, line.text[: end - len(apart)], None, True
    return date, line.text[:start], None, date in parts


def _find_day(line: Line) -> list[tuple[int, int]]:
    """Return where a line is a day or an age of letters, or where one follows the link to an author."""
    if len(line.text) > MAX_NAME + _MAX_DAY:
        return []
    if parse_age(line.text.lower()) is not None:
        return [(0, len(line.text))]
    is_linked = any(is_author_link(mark) for mark in line.marks)
    apart = {normalize_line(part).strip(_AROUND_DATE) for part in line.parts if _YEAR.search(part)}
    return [
        (start, end)
        for start, end in find_days(line.text)
        if start == 0 or is_linked or line.text[start:end] in apart
    ][-1:]


def _without_initials(line: Line, name: str) -> str:
    """Drop the letters that stand for a picture in an element of their own before a name: "A" "Ann Lee"."""
    first = next((part for text in line.parts[:4] if (part := normalize_line(text))), "")
    if not 0 < len(first) <= MAX_INITIALS or not name.startswith(first):
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
    if len(parts) > 2 and len(parts[0]) <= MAX_INITIALS and name.startswith(parts[1]):
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
    """Tell whether a head begins an item of the same list as the first one."""
    if first.element.tag != "li" or head.element.tag != "li":
        return False
    one, other = (next(each.element.iterancestors("ul", "ol"), None) for each in (first, head))
    return one is other


def find_removed(lines: Sequence[Line], span: Span, heads: Sequence[Head]) -> Iterator[Head]:
    """Yield the marks that removed comments leave without a name or date, so that answers keep their parent.

    The words of a removed comment that has both stand right below its head, and are no mark of their own.
    """
    taken = {at for head in heads for at in range(head.start, head.end)}
    by_end = {head.end for head in heads}
    item_of_last: etree._Element | None = None
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
            is_own = item is not item_of_last if item is not None else line.text.lower().startswith("this ")
            if is_own:
                yield Head(at, at, None, None, "", None, line.element, False, True)
                item_of_last = item
        is_below_head = False


def _item_of(element: etree._Element | None) -> etree._Element | None:
    while element is not None and element.tag not in ITEMS:
        element = element.getparent()
    return element


def _is_name(head: Head) -> bool:
    name = head.name or ""
    return 0 < len(name) <= MAX_NAME and len(name.split()) <= 8 and _SENTENCE.search(name) is None
