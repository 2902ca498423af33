"""Where the parts of a copied story page begin and end.

Every label of the page may also stand inside its body or a comment. So a label counts only with what the page
prints under it: the author's own name, an empty-state sentence, a sign-in line, a comment's head.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from crawler.platforms.vocal.labels import (
    ADVERTS,
    MAX_NAME,
    RATINGS,
    count_of_comments,
    is_rights_line,
    label_of,
)
from crawler.platforms.vocal.text_lines import Line
from crawler.reading.dates import find_relative_dates

_RATING_WORDS = frozenset(
    "".join(char for char in words.casefold() if char.isalnum()) for pair in RATINGS.items() for words in pair
)
_UNDER_COMMENTS = ("sign_in", "no_comments")
_OWN_UNDER_COMMENTS = re.compile(r"sign in to comment\b|there are no comments for this story", re.IGNORECASE)
_FOOTER = re.compile(r"find us on social media|miscellaneous links", re.IGNORECASE)
_FOOTER_TOP = re.compile(r"find us on social media", re.IGNORECASE)
_FOOTER_ITEMS = re.compile(
    r"(?:(?:find us on social media|miscellaneous links|explore|contact|privacy policy|terms of use|support"
    r"|facebook|twitter|instagram|linkedin|tiktok|youtube|pinterest|x)[\s•*·|-]*)+",
    re.IGNORECASE,
)
_FOOTER_LINE = re.compile(
    rf"find us on social media\W*{_FOOTER_ITEMS.pattern}\W*(?P<rights>©.{{1,200}})", re.IGNORECASE
)
"""The whole footer in one line."""
_NOW_READING = re.compile(r"now reading", re.IGNORECASE)
_READ_NEXT = re.compile(r"read next", re.IGNORECASE)
_TRAILER = re.compile(
    r"enjoyed the story\?.*|subscribe for free(?: to receive all .*)?|pledge your support|keep reading"
    r"|more stories from .+ and writers in .+|support the creator\.?",
    re.IGNORECASE,
)
_IN_COMMUNITY = re.compile(r" in [\w'’& -]{1,40}$")
"""How a card says where its story stands."""
_NEAR = 6
"""Lines under "Keep reading" among which the first card ends."""
_MAX_FOOTER = 25
"""Most lines of a footer; seven are known."""


@dataclass(frozen=True, slots=True)
class Sections:
    """The parts after the header; each as the lines under its label, None where the label is absent.

    Attributes:
        body: From the header's end to the first label.
        about: Under "About the Creator".
        insights: Under "Reader insights".
        comments: Under "Comments".
        comment_count: The number in "Comments (1)"; 0 where the page says there are none.
        now_reading: The title an old page repeats under "Now Reading".
        rights_line: The last line that claims rights.
        has_footer: The page's last links or that line are there.
    """

    body: list[Line]
    about: list[Line] | None = None
    insights: list[Line] | None = None
    comments: list[Line] | None = None
    comment_count: int | None = None
    now_reading: str | None = None
    rights_line: str | None = None
    has_footer: bool = False


def cut_sections(lines: Sequence[Line], start: int, author_name: str | None) -> Sections:
    """Cut a page at its true labels.

    Args:
        lines: All lines of the page.
        start: Where the body begins.
        author_name: The name in the byline, which the author block repeats; None when there is no byline.
    """
    end, rights_line = _find_footer(lines, start)
    about = find_signed_about(lines, start, end, author_name)
    insights = _find_insights(lines, start if about is None else about, end)
    if insights is None and about is not None:
        insights = _find_insights(lines, start, about)
    latest = max((at for at in (about, insights) if at is not None), default=start)
    comments = _find_comments(lines, latest, end)
    if comments is None:
        comments = _find_early_comments(lines, start, latest)
    if about is None:
        about = _find_other_about(lines, start, min(_present(insights, comments), default=end))
    marks = sorted([*_present(about, insights, comments), end])
    reading = next((i for i in range(start, marks[0]) if _NOW_READING.fullmatch(lines[i].label)), None)
    now_reading = None
    if reading is not None and _is_reading_end(lines, reading, marks[0]):
        title = lines[reading + 1].text if reading + 1 < marks[0] else ""
        now_reading = None if not title or _READ_NEXT.fullmatch(title) else title
    else:
        reading = None

    def under(at: int | None) -> list[Line] | None:
        """Return the lines from a mark to the next one."""
        if at is None:
            return None
        return _drop_trailer(lines[at + 1 : next(mark for mark in marks if mark > at)])

    below = under(comments)
    body = _drop_trailer(lines[start : marks[0] if reading is None else reading])
    return Sections(
        body=[line for line in body if line.label.casefold() not in ADVERTS],
        about=under(about),
        insights=under(insights),
        comments=below,
        comment_count=None if comments is None else _read_count(lines[comments], below or []),
        now_reading=now_reading,
        rights_line=rights_line,
        has_footer=end < len(lines),
    )


def has_labels(lines: Sequence[Line]) -> bool:
    """Tell whether labels that only this platform prints so stand anywhere in the text.

    "About the author" and "Be the first to comment" are on half of all sites and tell nothing.
    """
    return (
        _find_insights(lines, 0, len(lines)) is not None
        or any(
            label_of(line.label) == "comments" and _OWN_UNDER_COMMENTS.match(below.label)
            for line, below in pairwise(lines)
        )
        or any(line.label == "About the Creator" for line in lines)
        or any("Creatd, Inc" in line.label and is_rights_line(line.label) for line in lines)
    )


def find_comment_head(line: Line) -> tuple[str, str] | None:
    """Return (name, date as printed) of a comment's head "Ann B 11 months ago", or None.

    The name is "" where the date stands on a line of its own.
    """
    text = line.label.removesuffix(" (edited)").removesuffix(" (Edited)")
    if not text.endswith(("ago", "now", "yesterday", "Yesterday")):
        return None
    spans = list(find_relative_dates(text))
    if not spans or spans[-1][1] != len(text):
        return None
    start = spans[-1][0]
    name = text[:start].strip(" •·|,-–—")
    return (name, text[start:]) if len(name) <= MAX_NAME else None


def find_signed_about(lines: Sequence[Line], start: int, end: int, author_name: str | None) -> int | None:
    """Return the last label of the author's block with the byline's own name under it, or None.

    Args:
        lines: All lines of the page.
        start: Where to begin.
        end: The first line no longer looked at.
        author_name: The name in the byline; None when there is none.
    """
    if author_name is None:
        return None
    wanted = fold_name(author_name) or author_name.strip()
    labels = [index for index in range(start, end) if label_of(lines[index].label) == "about"]
    for index in reversed(labels):
        below = lines[index + 1].label if index + 1 < end else ""
        if (fold_name(below) or below) == wanted:
            return index
    return None


def fold_name(name: str) -> str:
    """Return what two printings of one name share: letters and digits without case."""
    return "".join(char for char in name.casefold() if char.isalnum())


def _present(*marks: int | None) -> list[int]:
    return [mark for mark in marks if mark is not None]


def _find_footer(lines: Sequence[Line], start: int) -> tuple[int, str | None]:
    """Return where the footer begins, or the number of lines, and the line of rights."""
    end, rights, n_items, is_labeled = len(lines), None, 0, False
    for index in range(len(lines) - 1, max(start, len(lines) - _MAX_FOOTER) - 1, -1):
        label = lines[index].label
        if index >= len(lines) - 3 and (whole := _FOOTER_LINE.fullmatch(label)):
            return index, whole["rights"]
        if index >= len(lines) - 3 and is_rights_line(label):
            end, rights = index, rights or lines[index].text
        elif _FOOTER_ITEMS.fullmatch(label):
            end, n_items = index, n_items + 1
            is_labeled = is_labeled or _FOOTER.match(label) is not None
            if _FOOTER_TOP.match(label):
                break
        elif index < end - 2:
            break
    return (end if rights or is_labeled or n_items > 1 else len(lines)), rights


def _find_other_about(lines: Sequence[Line], start: int, end: int) -> int | None:
    """Return the last label with a name of somebody else and little more under it."""
    labels = [index for index in range(start, end) if label_of(lines[index].label) == "about"]
    return next((index for index in reversed(labels) if _ends_page(lines, index, end)), None)


def _ends_page(lines: Sequence[Line], index: int, end: int) -> bool:
    """Tell whether a name and a short text, and then another label or nothing, follow."""
    n_chars = 0
    for line in lines[index + 1 : end]:
        if label_of(line.label) in ("insights", "comments"):
            break
        n_chars += len(line.text)
    name = lines[index + 1].label if index + 1 < end else ""
    is_name = 0 < len(name) <= MAX_NAME and len(name.split()) <= 8 and not name.endswith((".", ",", ":", ";"))
    return is_name and n_chars <= 1_500


def _find_insights(lines: Sequence[Line], start: int, end: int) -> int | None:
    """Return the first label with its evidence in the three lines under it."""
    for index in range(start, end):
        if label_of(lines[index].label) == "insights":
            below = lines[index + 1 : min(index + 4, end)]
            if any(_is_insight(line) for line in below):
                return index
            if not below or label_of(below[0].label) == "comments":
                return index
    return None


def _find_comments(lines: Sequence[Line], start: int, end: int) -> int | None:
    weak = None
    for index in range(start, end):
        if label_of(lines[index].label) != "comments":
            continue
        below = lines[index + 1 : min(index + 4, end)]
        if not below or any(label_of(line.label) in _UNDER_COMMENTS for line in below):
            return index
        if weak is None and any(find_comment_head(line) for line in below):
            weak = index
    return weak


def _find_early_comments(lines: Sequence[Line], start: int, end: int) -> int | None:
    """Return the label of comments above another section, by the page's own words below it."""
    at = _find_comments(lines, start, end)
    below = lines[at + 1 : min(at + 4, end)] if at is not None else []
    return at if any(_OWN_UNDER_COMMENTS.match(line.label) for line in below) else None


def _is_reading_end(lines: Sequence[Line], index: int, end: int) -> bool:
    return any(_READ_NEXT.fullmatch(line.label) for line in lines[index + 1 : min(index + 3, end)])


def _drop_trailer(lines: Sequence[Line]) -> list[Line]:
    """Drop the requests for support and the teasers of other stories at a section's end."""
    for index, line in enumerate(lines):
        below = lines[index + 1 : index + 1 + _NEAR]
        if _TRAILER.fullmatch(line.label) and (
            not below or any(_TRAILER.fullmatch(after.label) for after in below[:2])
        ):
            return list(lines[:index])
        if label_of(line.label) in ("more", "read_next") and any(map(_is_card_end, below)):
            return list(lines[:index])
    return list(lines)


def _is_card_end(line: Line) -> bool:
    """Tell what ends a teaser's card, "By Ann Lee 3 days ago in Earth", with its name or without."""
    label = line.label
    match = _IN_COMMUNITY.search(label) if len(label) <= 2 * MAX_NAME else None
    if match is None:
        return False
    spans = list(find_relative_dates(label[: match.start()]))
    is_dated = bool(spans) and spans[-1][1] == match.start()
    return is_dated and (spans[-1][0] == 0 or label[:3].lower() == "by ")


def _read_count(label: Line, below: Sequence[Line]) -> int | None:
    count = count_of_comments(label.label)
    if count is not None:
        return count
    return 0 if any(label_of(line.label) == "no_comments" for line in below[:3]) else None


def _is_insight(line: Line) -> bool:
    """Tell what stands under "Reader insights" and nowhere else: a judgment, a sub-label or a button."""
    is_rating = fold_name(line.label[:200]) in _RATING_WORDS
    return is_rating or label_of(line.label) in ("insights_noise", "top_insights")
