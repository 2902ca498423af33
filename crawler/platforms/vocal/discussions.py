"""The comments of a story page, by the repetition of author, date and words under their label."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree

from crawler.platforms.vocal.labels import Label, is_removed_mark, label_of, parse_like_count
from crawler.platforms.vocal.sections import Span
from crawler.platforms.vocal.signatures import (
    ITEMS,
    NOTES,
    Head,
    choose_heads,
    find_heads,
    find_items,
    find_names,
    find_removed,
)
from crawler.platforms.vocal.threads import Place, Threads
from crawler.reading.dates import DateReading, parse_date
from crawler.reading.markup import elements_around
from crawler.reading.outline import Line, normalize_line, text_of
from crawler.reading.urls import absolute_url, canonicalize_url

_ANSWERS = re.compile(r"(?:in reply to|replying to|replied to|↳|↪)\s*@?(.{1,100})", re.IGNORECASE)
_ANSWERS_NEXT = re.compile(r"(?:in reply to|replying to|replied to|↳|↪)\s*:?", re.IGNORECASE)
_ANSWERS_BEGIN = frozenset("iıİIrR↳↪")
"""First characters of what these two match; a look at one spares most comments both."""
_MORE = re.compile(
    r"(?:(?:load|show|view|see|read|all) )?"
    r"(?:(?:all|more|older|newer|next|previous|earlier|later|\d{1,7}) ){0,3}"
    r"(?:comments?|page(?: of (?:the )?comments)?)(?: \(?\d{1,7}\)?)?"
    r"|next|older|more|load more|show more|[»›→]|next [»›→]|\d{1,4}",
    re.IGNORECASE,
)
_MORE_WORD = re.compile(r"\b(?:load|show|view|see|more|older|all)\b", re.IGNORECASE)


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
    heads = choose_heads(list(find_heads(lines, span)))
    heads = heads or list(find_names(lines, span)) or find_items(lines, span)
    heads = sorted([*heads, *find_removed(lines, span, heads)], key=lambda head: head.start)
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
    lines: Sequence[Line], span: Span, heads: Sequence[Head], outside: set[etree._Element]
) -> list[Sequence[Line]]:
    """Return the lines of each comment: those under its head, or above where all are signed at their end."""
    if not heads:
        return []
    words = [line for line in lines[span[0] : heads[0].start] if _is_word(line)]
    if words and not any(_is_word(line) for line in lines[heads[-1].end : span[1]]):
        above = [lines.index(words[0], span[0]), *(head.end for head in heads[:-1])]
        return [lines[start : head.start] for start, head in zip(above, heads, strict=True)]
    ends = [*(head.start for head in heads[1:]), _end_of_last(lines, heads, span, outside)]
    return [
        lines[head.end : end]
        if head.date_at is None
        else [*lines[head.end : head.date_at], *lines[head.date_at + 1 : end]]
        for head, end in zip(heads, ends, strict=True)
    ]


def _is_word(line: Line) -> bool:
    """Tell a line that can be a comment's words from labels, buttons and counts."""
    text = line.text
    is_control = line.tag == "button" or label_of(text) is not None or parse_like_count(text) is not None
    return bool(text) and not is_control and not NOTES.fullmatch(text) and not _is_more(line)


def _outside(lines: Sequence[Line], span: Span, heads: Sequence[Head]) -> list[Line]:
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
            is_told = "page" in href or "comment" in href or mark.get("rel") is not None
            if not is_told and ("?" not in href or len(line.text) >= 60):
                continue
            words = text_of(mark)
            if not is_told and not _is_more_button(words):
                continue
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


def _end_of_last(
    lines: Sequence[Line], heads: Sequence[Head], span: Span, outside: set[etree._Element]
) -> int:
    """Return where the last comment ends: with its item, or with what cannot belong to it."""
    last = heads[-1]
    item = next(
        (element for element in _path(last.element) if element.tag in ITEMS and element not in outside), None
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


def _read_date(head: Head, seen_at: datetime, known: dict[str, DateReading | None]) -> DateReading | None:
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
        elif line.tag == "p" and not _is_frame(line):  # most of what follows stands in none
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
        elif line.tag != "button" and not (NOTES.fullmatch(text) or _is_more(line)):
            comment.lines.append(line)
    words = "\n".join([line.text for line in comment.lines])
    comment.is_removed = is_removed_mark(words)
    return answers, refers


def _is_frame(line: Line) -> bool:
    """Tell links to more comments, to like and to reply, and a count with a heart, from a paragraph."""
    if not line.text[0].isalnum() and parse_like_count(line.text) is not None:
        return True
    return bool(line.marks) and (_is_more_button(line.text) or _is_link_row(line) or bool(_buttons_in(line)))


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


def _is_link_row(line: Line) -> bool:
    """Tell a paragraph of links that are buttons, "Reply" and "Report", from a paragraph that is said."""
    words = [text_of(mark) for mark in line.marks if mark.tag == "a"]
    return bool(words) and " ".join(words) == line.text and all(label_of(word) == "action" for word in words)


def _is_more(line: Line) -> bool:
    return (bool(line.marks) or line.tag == "button") and _MORE.fullmatch(line.text) is not None
