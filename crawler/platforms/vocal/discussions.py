"""The comments of a story page, by the repetition of author, date and words under their label."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

from lxml import etree

from crawler.platforms.vocal.controls import (
    buttons_in,
    count_of_votes,
    is_around,
    is_control,
    is_edited,
    is_frame,
    is_more,
    is_more_button,
    is_more_replies,
    is_more_words,
    is_surely_votes,
    likes_before_reply,
)
from crawler.platforms.vocal.labels import is_removed_mark, label_of, parse_like_count
from crawler.platforms.vocal.sections import Span
from crawler.platforms.vocal.sharing import share_out
from crawler.platforms.vocal.signatures import (
    NOTES,
    Head,
    choose_heads,
    find_heads,
    find_items,
    find_names,
    find_removed,
    names_above_words,
)
from crawler.platforms.vocal.threads import Place, Threads
from crawler.reading.dates import DateReading, parse_date
from crawler.reading.markup import elements_around, fold_text
from crawler.reading.outline import Line, text_of
from crawler.reading.urls import absolute_url, canonicalize_url

_ANSWERS = re.compile(r"(?:in reply to|replying to|replied to|↳|↪)\s*@?(.{1,100})", re.IGNORECASE)
_ANSWERS_NEXT = re.compile(r"(?:in reply to|replying to|replied to|↳|↪)\s*:?", re.IGNORECASE)
_MAX_ANSWERED = 40
"""Most characters of the name of somebody answered who wrote no comment here."""
_SENTENCE = re.compile(r"[,;!?]|\. ")
_ANSWERS_BEGIN = frozenset("iıİIrR↳↪")
"""First characters of what these two match; a look at one spares most comments both."""


_Names = Callable[[], frozenset[str]]
"""Names of all commenters, folded; made where they are first asked for."""


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
    heads = list(names_above_words(lines, span, choose_heads(list(find_heads(lines, span))), _is_word))
    heads = heads or list(find_names(lines, span)) or find_items(lines, span)
    heads = sorted([*heads, *find_removed(lines, span, heads)], key=lambda head: head.start)
    heads = _without_twins(lines, heads)
    comments: list[Comment] = []
    places: list[Place] = []
    dates: dict[str, DateReading | None] = {}
    names = cache(lambda: frozenset(fold_text(head.name) for head in heads if head.name))
    outside = elements_around(_outside(lines, span, heads))
    for head, own in zip(heads, share_out(lines, span, heads, outside, _is_word), strict=True):
        published = _read_date(head, seen_at, dates)
        comment = Comment(head.name, head.href, head.date, published, like_count=head.like_count)
        answers, refers = _fill(comment, own, names)
        comments.append(comment)
        bodies = [line.element for line in comment.lines]
        places.append(Place(head.element, bodies, answers or head.answers, head.name, refers or head.refers))
    outside -= {place.head for place in places}
    threads = Threads(places, outside)
    for comment, parent, own_id in zip(comments, threads.find_parents(), threads.own_ids(), strict=True):
        comment.parent, comment.own_id = parent, own_id
    return comments, threads.around


def _without_twins(lines: Sequence[Line], heads: list[Head]) -> list[Head]:
    """Make one of a name and date that are printed twice, for screens of two sizes."""
    found: list[Head] = []
    for head in heads:
        last = found[-1] if found else None
        if last is not None and head.name and _is_twin(last, head):
            between = lines[last.end : head.start]
            if not any(_is_word(line) for line in between):
                last.end = head.end
                continue
        found.append(head)
    return found


def _is_twin(head: Head, other: Head) -> bool:
    is_same = (head.name, head.date, head.href) == (other.name, other.date, other.href)
    return is_same and bool(head.date) and head.date_at is None


def _is_word(line: Line) -> bool:
    """Tell a line that can be a comment's words from labels, buttons and counts."""
    text = line.text
    is_pressed = line.tag == "button" or label_of(text) is not None or parse_like_count(text) is not None
    return bool(text) and not is_pressed and not NOTES.fullmatch(text) and not is_more(line)


def _outside(lines: Sequence[Line], span: Span, heads: Sequence[Head]) -> list[Line]:
    """Return the lines around the comments that are none: the label, what follows it, the next section."""
    first = heads[0].start if heads else span[1]
    labels = [
        line for line in lines[span[0] : first] if line.text and label_of(line.text) not in (None, "action")
    ]
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
            is_told = is_told or is_more_replies(text_of(mark))
            if not is_told and ("?" not in href or len(line.text) >= 60):
                continue
            words = text_of(mark)
            if not is_told and not is_more_button(words):
                continue
            is_next = mark.get("rel") in ("next", "prev") or mark.get("aria-label", "").lower().startswith(
                "next"
            )
            is_here = bool(mark.get("aria-current")) or (
                words == "1" and here is not None and "?" not in here
            )
            if (
                mark.tag == "a"
                and not is_here
                and (is_next or is_more_words(words) or is_more_replies(words))
            ):
                url = absolute_url(page_url, href)
                plain = canonicalize_url(url) if url else None
                if plain is not None and here is not None and plain != here and _same_story(plain, here):
                    found.append(plain)
                    has_more = True
        if line.tag != "p" and len(line.text) < 60 and not line.marks and is_more_button(line.text):
            has_more = True
    return list(dict.fromkeys(found)), has_more


def _same_story(url: str, here: str) -> bool:
    one, other = urlsplit(url), urlsplit(here)
    if one.netloc != other.netloc or one.path.count("/") < 2:
        return False
    base = re.sub(r"/comments?(?:[-/].*)?$", "", other.path.rstrip("/"))
    return one.path.rstrip("/") == base or one.path.startswith(f"{base}/comment")


def _read_date(head: Head, seen_at: datetime, known: dict[str, DateReading | None]) -> DateReading | None:
    """Read a comment's date; ``known`` are the wordings met before, which most comments share."""
    if head.exact:
        exact = parse_date(head.exact, seen_at=seen_at)
        if exact is not None:
            return exact
    if head.date not in known:
        known[head.date] = parse_date(head.date, seen_at=seen_at)
    return known[head.date]


def _fill(comment: Comment, lines: Sequence[Line], names: _Names) -> tuple[str | None, str | None]:
    """Give a comment its words and likes; return the name it says it answers, and the id linked to there.

    Args:
        comment: Without its words.
        lines: Those that are its own.
        names: Of all commenters, which tell an answer from a sentence.
    """
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
        if is_named_next or (reply and _is_answer(line, reply[1], names)):
            answers = reply[1].strip() if reply else text.removeprefix("@")
            refers = next(
                (href.rpartition("#")[2] for mark in line.marks if "#" in (href := mark.get("href", ""))),
                None,
            )
            is_named_next = False
        elif line.tag == "p" and not is_frame(
            line, None if is_first else comment.lines[-1]
        ):  # most of what follows stands in none
            comment.lines.append(line)
        elif may_answer and _ANSWERS_NEXT.fullmatch(text):
            is_named_next = True
        elif is_around(line, label_of(text), is_first=is_first):
            likes = count_of_votes(text) if len(line.parts) == 1 else likes_before_reply(line)
            comment.like_count = comment.like_count if likes is None else likes
        elif not is_first and (likes := count_of_votes(text)) is not None:
            comment.like_count = likes
        elif buttons := buttons_in(line):
            likes = next((count for part in buttons if (count := count_of_votes(part)) is not None), None)
            comment.like_count = comment.like_count if likes is None else likes
        elif not (NOTES.fullmatch(text) or is_more(line) or is_control(line, is_first=is_first)):
            comment.lines.append(line)
    _finish(comment)
    return answers, refers


def _finish(comment: Comment) -> None:
    """Take counts at the end of the words for likes, and tell a removed comment."""
    while len(comment.lines) > 1 and is_surely_votes(comment.lines[-1].text):
        votes = count_of_votes(comment.lines.pop().text)
        comment.like_count = votes if comment.like_count is None else comment.like_count
    if len(comment.lines) > 1 and is_edited(comment.lines[-1].text):
        comment.lines.pop()
    comment.is_removed = bool(comment.lines) and all(is_removed_mark(line.text) for line in comment.lines)
    if comment.is_removed and comment.name and is_removed_mark(comment.name):
        comment.name = None


def _is_answer(line: Line, name: str, names: _Names) -> bool:
    """Tell "in reply to Ann" from a sentence that begins so, by the name or the line's looks."""
    if fold_text(name.strip(" @:.")) in names() or any("#" in mark.get("href", "") for mark in line.marks):
        return True
    return line.tag != "p" and len(name) <= _MAX_ANSWERED and not _SENTENCE.search(name)
