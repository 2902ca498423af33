"""The comments of a story page, by the repetition of author, date and words under their label."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree

from crawler.platforms.vocal.bylines import is_author_link, time_value
from crawler.platforms.vocal.labels import Label, is_removed_mark, label_of, parse_like_count
from crawler.platforms.vocal.sections import Span
from crawler.platforms.vocal.threads import Place, Threads
from crawler.reading.dates import DateReading, find_relative_dates, may_hold_relative_date, parse_date
from crawler.reading.markup import elements_around
from crawler.reading.outline import Line, normalize_line, text_of
from crawler.reading.relative import parse_age
from crawler.reading.urls import absolute_url, canonicalize_url

MAX_INITIALS = 3
"""Most letters that stand for a commenter's picture."""
MAX_NAME = 100
"""Longest name of a commenter, in characters."""

_HEAD_END = re.compile(
    r"[\s•·|,()\-–—]*(?:(?:edited|author|creator|op|pinned|staff|moderator)[\s•·|,()\-–—]*){0,3}",
    re.IGNORECASE,
)
_ANSWERS = re.compile(r"(?:in reply to|replying to|replied to|↳|↪)\s*@?(.{1,100})", re.IGNORECASE)
_ANSWERS_NEXT = re.compile(r"(?:in reply to|replying to|replied to|↳|↪)\s*:?", re.IGNORECASE)
_ANSWERS_BEGIN = frozenset("iıİIrR↳↪")
"""First characters of what these two match; a look at one spares most comments both."""
_NOTE = re.compile(
    r"author|creator|op|edited|staff|moderator|pinned|verified|top comment|[•·|]", re.IGNORECASE
)
_NOTES = re.compile(rf"(?:(?:{_NOTE.pattern}) *)*", re.IGNORECASE)
"""Nothing but such words beside a name."""
_MORE = re.compile(
    r"(?:(?:load|show|view|see|read|all) )?"
    r"(?:(?:all|more|older|newer|next|previous|earlier|later|\d{1,7}) ){0,3}"
    r"(?:comments?|page(?: of (?:the )?comments)?)(?: \(?\d{1,7}\)?)?"
    r"|next|older|more|load more|show more|[»›→]|next [»›→]|\d{1,4}",
    re.IGNORECASE,
)
_MORE_WORD = re.compile(r"\b(?:load|show|view|see|more|older|all)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[;:!?\"“”]|,\s[a-z]|\b(?:I|we|was|is|the|this|read|wrote|saw)\b")


_AROUND_DATE = " \t\n\xa0•·|,-–—()"
_ITEMS = frozenset({"li", "article", "tr"})


@dataclass(slots=True)
class Comment:
    """One comment as printed.

    Attributes:
        name: Its author's name; None for a removed comment without one.
        href: Link to its author as it stands.
        date: As printed.
        published: What the date means; exact where the element says so.
        lines: Its words.
        parent: Place of the comment it answers in the list.
        own_id: The platform's id, where its element carries one.
        like_count: As printed.
        is_removed: Its words are gone.
    """

    name: str | None
    href: str | None
    date: str
    published: DateReading | None
    lines: list[Line] = field(default_factory=list)
    parent: int | None = None
    own_id: str | None = None
    like_count: int | None = None
    is_removed: bool = False


@dataclass(slots=True)
class _Head:
    start: int
    end: int
    name: str | None
    href: str | None
    date: str
    exact: str | None
    element: etree._Element
    is_linked: bool
    is_apart: bool


def read_comments(
    lines: Sequence[Line], span: Span, seen_at: datetime
) -> tuple[list[Comment], set[etree._Element]]:
    """Read the comments of a page.

    Args:
        lines: All lines of the page.
        span: The lines under the label.
        seen_at: When the page was served.

    Returns:
        (comments in page order, elements that hold more than one comment's words).
    """
    heads = _choose_heads(list(_find_heads(lines, span)))
    heads = sorted([*heads, *_find_marks(lines, span, heads)], key=lambda head: head.start)
    comments: list[Comment] = []
    places: list[Place] = []
    dates: dict[str, DateReading | None] = {}
    outside = elements_around(_outside(lines, span, heads))
    for head, own in zip(heads, _share_out(lines, span, heads, outside), strict=True):
        comment = Comment(head.name, head.href, head.date, _read_date(head, seen_at, dates))
        answers, refers = _fill(comment, own)
        comments.append(comment)
        bodies = [line.element for line in comment.lines]
        places.append(Place(head.element, bodies, answers, head.name, refers))
    outside -= {place.head for place in places}
    threads = Threads(places, outside)
    for comment, parent, own_id in zip(comments, threads.find_parents(), threads.own_ids(), strict=True):
        comment.parent, comment.own_id = parent, own_id
    return comments, threads.around


def _share_out(
    lines: Sequence[Line], span: Span, heads: Sequence[_Head], outside: set[etree._Element]
) -> list[Sequence[Line]]:
    """Return the lines of each comment: those under its head, or above where all are signed at their end."""
    if not heads:
        return []
    words = [line for line in lines[span[0] : heads[0].start] if _is_word(line)]
    if words and not any(_is_word(line) for line in lines[heads[-1].end : span[1]]):
        above = [lines.index(words[0], span[0]), *(head.end for head in heads[:-1])]
        return [lines[start : head.start] for start, head in zip(above, heads, strict=True)]
    ends = [*(head.start for head in heads[1:]), _end_of_last(lines, heads, span, outside)]
    return [lines[head.end : end] for head, end in zip(heads, ends, strict=True)]


def _is_word(line: Line) -> bool:
    """Tell a line that can be a comment's words from labels, buttons and counts."""
    text = line.text
    is_control = line.tag == "button" or label_of(text) is not None or parse_like_count(text) is not None
    return bool(text) and not is_control and not _NOTES.fullmatch(text) and not _is_more(line)


def _outside(lines: Sequence[Line], span: Span, heads: Sequence[_Head]) -> list[Line]:
    """Return the lines around the comments that are none: the label, what follows it, the next section."""
    first = heads[0].start if heads else span[1]
    labels = [line for line in lines[span[0] : first] if line.text and label_of(line.text) is not None]
    return [*lines[max(0, span[0] - 1) : span[0]], *labels, *lines[span[1] : span[1] + 1]]


def find_comment_pages(lines: Sequence[Line], span: Span, page_url: str | None) -> tuple[list[str], bool]:
    """Return the addresses of further pages of comments, and whether the page offers more than it prints.

    Args:
        lines: All lines of the page.
        span: The lines under the label.
        page_url: Address of this page.
    """
    found: list[str] = []
    has_more = False
    here = canonicalize_url(page_url) if page_url else None
    for line in lines[span[0] : span[1]]:
        for mark in line.marks:
            href = mark.get("href") or ""
            if "page" not in href and "comment" not in href and mark.get("rel") is None:
                continue
            words = text_of(mark)
            is_next = mark.get("rel") in ("next", "prev") or mark.get("aria-label", "").lower().startswith(
                "next"
            )
            is_here = bool(mark.get("aria-current")) or (
                words == "1" and here is not None and "?" not in here
            )
            if mark.tag == "a" and not is_here and (is_next or (words and _MORE.fullmatch(words))):
                url = absolute_url(page_url, href)
                plain = canonicalize_url(url) if url else None
                if plain is not None and here is not None and plain != here and _same_story(plain, here):
                    found.append(plain)
                    has_more = True
        if line.tag != "p" and len(line.text) < 60 and not line.marks and _is_more_button(line.text):
            has_more = True
    return list(dict.fromkeys(found)), has_more


def _is_more_button(text: str) -> bool:
    folded = text.casefold()
    return (
        ("comment" in folded or "load" in folded or "show" in folded)
        and _MORE.fullmatch(text) is not None
        and _MORE_WORD.search(text) is not None
    )


def _same_story(url: str, here: str) -> bool:
    one, other = urlsplit(url), urlsplit(here)
    if one.netloc != other.netloc or one.path.count("/") < 2:
        return False
    base = re.sub(r"/comments?(?:[-/].*)?$", "", other.path.rstrip("/"))
    return one.path.rstrip("/") == base or one.path.startswith(f"{base}/comment")


def _find_heads(lines: Sequence[Line], span: Span) -> Iterator[_Head]:
    """Yield every place where a name and a date meet."""
    floor = index = span[0]
    while index < span[1]:
        head = _head_at(lines, index, floor)
        if head is not None:
            yield head
            floor = index = max(head.end, index + 1)
        else:
            index += 1


def _head_at(lines: Sequence[Line], index: int, floor: int) -> _Head | None:
    """Return the head whose date stands in this line; ``floor`` is the first line its name may stand in."""
    line = lines[index]
    if not line.text or len(line.text) > 300:
        return None
    is_plain = not line.marks and len(line.parts) == 1
    if is_plain and not may_hold_relative_date(line.text):  # nearly all words of comments
        return None
    date, before, exact, is_apart = _date_in(line)
    if date is None:
        return None
    link, linked = None, ""
    for mark in line.marks:
        if is_author_link(mark) and (words := text_of(mark)):
            if words == line.text:
                return None
            if link is None:
                link, linked = mark, words
    name = _without_initials(line, before.strip(" •·|,-–—:(\t\n"))
    if name and (link is not None or not _NOTES.fullmatch(name)):
        name = linked if linked and name.replace(" ", "").startswith(linked.replace(" ", "")) else name
        name = _strip_notes(line, name) if link is None else name
        href = link.get("href") if link is not None else None
        return _Head(index, index + 1, name, href, date, exact, line.element, link is not None, is_apart)
    return _head_above(lines, index, floor, date, exact)


def _head_above(lines: Sequence[Line], index: int, floor: int, date: str, exact: str | None) -> _Head | None:
    """Return the head whose date has a line of its own, with the name in a line before it."""
    for at in range(index - 1, max(floor, index - 5) - 1, -1):
        line = lines[at]
        if _NOTES.fullmatch(line.text):
            continue
        if len(line.text) > MAX_NAME or label_of(line.text) is not None:
            break
        link = next((mark for mark in line.marks if is_author_link(mark) and text_of(mark)), None)
        name = text_of(link) if link is not None else line.text
        href = link.get("href") if link is not None else None
        return _Head(at, index + 1, name, href, date, exact, line.element, link is not None, True)
    return None


def _date_in(line: Line) -> tuple[str | None, str, str | None, bool]:
    """Return (date as printed, text before it, what its element says exactly, whether it stands apart)."""
    for mark in line.marks:
        if mark.tag in ("time", "abbr"):
            words = text_of(mark)
            if words and (mark.tag == "time" or time_value(mark)) and words in line.text:
                at = line.text.rindex(words)
                if _HEAD_END.fullmatch(line.text, at + len(words)):
                    return words, line.text[:at], time_value(mark), True
    if len(line.parts) > 1:
        last = line.parts[-1].strip(_AROUND_DATE)
        if line.text.endswith(last) and parse_age(last.lower()) is not None:
            return last, line.text[: -len(last)], None, True
    spans = list(find_relative_dates(line.text))
    if not spans or not _HEAD_END.fullmatch(line.text, spans[-1][1]):
        return None, "", None, False
    start, end = spans[-1]
    date = line.text[start:end]
    parts = [normalize_line(part).strip(_AROUND_DATE) for part in line.parts]
    if date not in parts:
        apart = next((part for part in parts if part and date.endswith(part) and part[:1].isdigit()), None)
        if apart is not None:
            return apart, line.text[: end - len(apart)], None, True
    return date, line.text[:start], None, date in parts


def _without_initials(line: Line, name: str) -> str:
    """Drop the letters that stand for a picture in an element of their own before a name: "A" "Ann Lee"."""
    parts = [part for text in line.parts[:4] if (part := normalize_line(text))]
    if len(parts) < 2 or len(parts[0]) > MAX_INITIALS or not name.startswith(parts[0]):
        return name
    initials = [word[0].casefold() for word in parts[1].split()]
    is_sign = parts[1].startswith(parts[0]) or set(parts[0].casefold()) <= set(initials)
    return name[len(parts[0]) :].lstrip() if is_sign and len(name) > len(parts[0]) else name


def _strip_notes(line: Line, name: str) -> str:
    """Drop "Author" and the like, which stand in elements of their own after a name."""
    parts = [normalize_line(part).strip(" •·|") for part in line.parts]
    if len(parts) > 2 and len(parts[0]) <= MAX_INITIALS and name.startswith(parts[1] or " "):
        parts = parts[1:]
    if (
        len(parts) > 2
        and parts[0]
        and name.startswith(parts[0])
        and any(_NOTE.fullmatch(part) for part in parts[1:])
    ):
        return parts[0]
    return name


_SURE_SIGNS: tuple[Callable[[_Head], bool], ...] = (
    lambda head: head.is_linked,
    lambda head: head.exact is not None,
    lambda head: head.is_apart,
)


def _choose_heads(heads: list[_Head]) -> list[_Head]:
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


def _is_beside(head: _Head, first: _Head) -> bool:
    """Tell whether a head begins an item of the same list as the first one."""
    if first.element.tag != "li" or head.element.tag != "li":
        return False
    one, other = (next(each.element.iterancestors("ul", "ol"), None) for each in (first, head))
    return one is other


def _find_marks(lines: Sequence[Line], span: Span, heads: Sequence[_Head]) -> Iterator[_Head]:
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
                yield _Head(at, at, None, None, "", None, line.element, False, True)
                item_of_last = item
        is_below_head = False


def _item_of(element: etree._Element | None) -> etree._Element | None:
    while element is not None and element.tag not in _ITEMS:
        element = element.getparent()
    return element


def _is_name(head: _Head) -> bool:
    name = head.name or ""
    return 0 < len(name) <= MAX_NAME and len(name.split()) <= 8 and _SENTENCE.search(name) is None


def _end_of_last(
    lines: Sequence[Line], heads: Sequence[_Head], span: Span, outside: set[etree._Element]
) -> int:
    """Return where the last comment ends: with its item, or with what cannot belong to it."""
    last = heads[-1]
    item = next(
        (element for element in _path(last.element) if element.tag in _ITEMS and element not in outside), None
    )
    boxes = [item] if item is not None else []
    if len(heads) > 1:
        above = _path(heads[-2].element)
        own = _path(last.element)
        common = next((at for at, element in enumerate(own) if element in above), None)
        if common is not None:
            boxes.extend(own[max(0, common - 1) : common + 1])
    for box in boxes:
        held = [at for at in range(last.end, span[1]) if _is_under(lines[at].element, box)]
        if held and any(lines[at].text for at in held):
            return held[-1] + 1
    for at in range(last.end, span[1]):
        if any(element.tag in ("nav", "footer", "form", "aside") for element in _path(lines[at].element)[:6]):
            return at
    return span[1]


def _path(element: etree._Element | None) -> list[etree._Element]:
    found: list[etree._Element] = []
    while element is not None:
        found.append(element)
        element = element.getparent()
    return found


def _is_under(element: etree._Element | None, outer: etree._Element) -> bool:
    return outer in _path(element)


def _read_date(head: _Head, seen_at: datetime, known: dict[str, DateReading | None]) -> DateReading | None:
    """Read a comment's date; ``known`` are the wordings met before, which most comments share."""
    if head.exact:
        exact = parse_date(head.exact, seen_at=seen_at)
        if exact is not None:
            return exact
    if head.date not in known:
        known[head.date] = parse_date(head.date, seen_at=seen_at)
    return known[head.date]


def _fill(comment: Comment, lines: Sequence[Line]) -> tuple[str | None, str | None]:
    """Give a comment its words and likes; return the name it says it answers, and the id linked to there."""
    answers: str | None = None
    refers: str | None = None
    is_named_next = False
    for line in lines:
        text = line.text
        if not text:
            continue
        is_first = not comment.lines
        may_answer = is_first and text[0] in _ANSWERS_BEGIN
        reply = _ANSWERS.fullmatch(text) if may_answer and len(text) < 130 else None
        if reply or is_named_next:
            answers = reply[1].strip() if reply else text.removeprefix("@")
            refers = next(
                (href.rpartition("#")[2] for mark in line.marks if "#" in (href := mark.get("href", ""))),
                None,
            )
            is_named_next = False
        elif line.tag == "p":  # what follows stands in no paragraph
            comment.lines.append(line)
        elif may_answer and _ANSWERS_NEXT.fullmatch(text):
            is_named_next = True
        elif _is_around(line, label_of(text), is_first=is_first):
            likes = parse_like_count(text)
            comment.like_count = comment.like_count if likes is None else likes
        elif not is_first and (likes := parse_like_count(text)) is not None:
            comment.like_count = likes
        elif len(line.parts) > 1 and (buttons := _buttons_in(line)):
            likes = next((count for part in buttons if (count := parse_like_count(part)) is not None), None)
            comment.like_count = comment.like_count if likes is None else likes
        elif line.tag != "button" and not (_NOTES.fullmatch(text) or _is_more(line)):
            comment.lines.append(line)
    words = "\n".join([line.text for line in comment.lines])
    comment.is_removed = is_removed_mark(words)
    return answers, refers


def _is_around(line: Line, label: Label | None, *, is_first: bool) -> bool:
    """Tell what stands around a comment's words from a text that begins with the same words."""
    if line.tag == "blockquote":
        return False
    return label == "action" or (not is_first and label in ("sign_in", "no_comments", "support", "footer"))


def _buttons_in(line: Line) -> list[str]:
    """Return the words of a row of buttons and counts, "Like" and "Reply"; [] for any other line."""
    parts = [part for text in line.parts if (part := normalize_line(text).strip(" •·|"))]
    is_row = all(label_of(part) == "action" or parse_like_count(part) is not None for part in parts)
    return parts if is_row and any(label_of(part) == "action" for part in parts) else []


def _is_more(line: Line) -> bool:
    return (bool(line.marks) or line.tag == "button") and _MORE.fullmatch(line.text) is not None
