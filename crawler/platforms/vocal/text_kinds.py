"""What a copied text is, when it is no story."""

import re
from collections.abc import Sequence

from crawler.platforms.base import PageKind
from crawler.platforms.vocal.text_lines import Line
from crawler.reading.dates import find_relative_dates

_LIST_TITLE = re.compile(
    r"(?:top|latest|all|new|featured) stories|most recently published stories .*|new stories you.ll love.*"
    r"|stories in .{1,60} that you.ll love.*|explore communities|staff picks|popular authors"
    r"|featured collections",
    re.IGNORECASE,
)
_CARD_END = re.compile(r"\s+in\s+[A-Z0-9].{0,60}")
_WALL = re.compile(
    r"(?:log|sign) ?in|(?:log|sign) in (?:to|with) .{1,40}"
    r"|continue with (?:google|facebook|apple|email|twitter|x)|forgot(?:ten)? (?:your )?password\?"
    r"|create (?:an|your) account|sign up(?: for free)?|join (?:for free|vocal)"
    r"|(?:don.t|already) have an account\?.{0,20}|(?:e-?mail|password|email address)\*?"
    r"|keep me (?:logged|signed) in|remember me|or",
    re.IGNORECASE,
)
_WALL_TITLE = re.compile(
    r"(?:please )?(?:log|sign) ?in\b.*|welcome back.*|create (?:an|your) account", re.IGNORECASE
)
_ERROR = re.compile(
    r"(?:error )?(?:40[0134]|410|429|50[0-4])(?:\b.{0,60})?"
    r"|.{0,40}\bpage (?:not found|could not be found|(?:doesn.t|does not) exist|(?:isn.t|is not) available)"
    r"\b.{0,60}|(?:bad gateway|service unavailable|gateway time-?out|internal server error|access denied"
    r"|forbidden|too many requests|not found)\.?|oops\b.{0,80}|attention required!.*|just a moment\.*"
    r"|checking your browser.*|verify(?:ing)? (?:that )?you are (?:a )?human.*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^\W\d_]{2,}[^.!?\n]{0,400}[.!?…][\"”’')]*(?=\s|$)")
_MAX_SHORT = 30
"""Most lines of a wall or an error page with all its links."""


def guess_kind(lines: Sequence[Line]) -> PageKind | None:
    """Tell a list, a wall or an error page by its words, or return None.

    Args:
        lines: All lines of the text.
    """
    first = [line.label for line in lines[:12]]
    n_cards = count_cards(lines)
    if n_cards > 1 or (n_cards and any(_LIST_TITLE.fullmatch(label) for label in first)):
        return "list"
    if sum(_LIST_TITLE.fullmatch(label) is not None for label in first) > 1:
        return "list"
    if len(lines) > _MAX_SHORT:
        return None
    if any(_ERROR.fullmatch(label) for label in first[:3]):
        return "error"
    n_wall = sum(_WALL.fullmatch(line.label) is not None for line in lines)
    is_titled = any(_WALL_TITLE.fullmatch(label) for label in first[:4])
    if n_wall > 2 or (n_wall and is_titled and 2 * n_wall >= len(lines)):
        return "login_wall"
    return None


def count_cards(lines: Sequence[Line]) -> int:
    """Return how many lines end like a card of a list page: "By Ann Lee5 days ago in Fiction"."""
    n_cards = 0
    for line in lines:
        label = line.label
        if " ago in " in label and len(label) < 200:
            n_cards += any(
                start and _CARD_END.match(label[end:]) for start, end in find_relative_dates(label)
            )
    return n_cards


def is_prose(lines: Sequence[Line]) -> bool:
    """Tell running text from a list of words: sentences, and most of the text in them.

    Args:
        lines: What would be the body.
    """
    n_sentences, n_inside, n_all = 0, 0, 0
    for line in lines[:200]:
        text = line.text[:2_000]
        n_all += len(text)
        for match in _SENTENCE.finditer(text):
            n_sentences += 1
            n_inside += len(match[0])
    return n_sentences > 1 and n_all >= 150 and n_inside >= 0.6 * n_all
