"""The platform's visible words, in every era, and what each of them marks."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

Label = Literal[
    "about", "insights", "insights_noise", "top_insights", "comments", "sign_in", "no_comments",
    "footer", "more", "support", "action", "read_next",
]  # fmt: skip
"""What a line marks.

"about", "insights", "comments" and "footer" begin a section; "more" begins teasers of other stories,
"support" asks for money or an address, "action" is a button, the others stand inside their section.
"""

MAX_LABEL = 90
"""Longest line that can be a label, in characters."""

MAX_NAME = 100
"""Longest name of a person, in characters."""

ADVERTS = frozenset({"advertisement", "advertisements", "sponsored content"})
"""What stands above an advert in the middle of a body, in lower case."""
_MAX_DIGITS = 15
"""Most characters of a count, commas among them."""
_TOO_MANY = 2**31
_MAX_BUTTONS = 20
"""Most pieces of a row of buttons."""
_EXACT: dict[str, Label] = {
    "about the creator": "about",
    "about the creators": "about",
    "about the author": "about",
    "about the authors": "about",
    "reader insights": "insights",
    "reader insight": "insights",
    "be the first to share your insights about this piece": "insights_noise",
    "how does it work?": "insights_noise",
    "how does it work": "insights_noise",
    "add your insights": "insights_noise",
    "top insights": "top_insights",
    "top insight": "top_insights",
    "comments": "comments",
    "comment": "comments",
    "sign in to comment": "sign_in",
    "log in to comment": "sign_in",
    "there are no comments for this story": "no_comments",
    "be the first to respond and start the conversation": "no_comments",
    "find us on social media": "footer",
    "miscellaneous links": "footer",
    "keep reading": "more",
    "related stories": "more",
    "recommended stories": "more",
    "recommended for you": "more",
    "you might also like": "more",
    "you may also like": "more",
    "more from this creator": "more",
    "more from this author": "more",
    "more stories": "more",
    "read next": "read_next",
    "now reading": "read_next",
    "pledge your support": "support",
    "subscribe for free": "support",
    "support the creator": "support",
    "send a tip": "support",
    "leave a tip": "support",
    "give a tip": "support",
    "subscribe": "support",
    "newsletter": "support",
    "sign up": "support",
    "sign up now": "support",
    "sign up for free": "support",
    "sign me up": "support",
    "join now": "support",
    "sign up for our newsletter": "support",
    "enjoyed the story": "support",
    "like": "action",
    "likes": "action",
    "share": "action",
    "report": "action",
    "report story": "action",
    "report comment": "action",
    "reply": "action",
    "replies": "action",
    "follow": "action",
    "following": "action",
    "tip": "action",
    "copy link": "action",
    "delete": "action",
    "edit": "action",
    "show replies": "action",
    "hide replies": "action",
    "view replies": "action",
    "facebook": "action",
    "twitter": "action",
    "tweet": "action",
    "linkedin": "action",
    "pinterest": "action",
    "pin it": "action",
    "reddit": "action",
    "whatsapp": "action",
    "•": "action",
    "·": "action",
    "|": "action",
}
_COMMENTS = re.compile(
    r"comments? ?\(?(\d{1,3}(?:,\d{3}){1,3}|\d{1,9})?\)?|(\d{1,9}) comments?", re.IGNORECASE
)
_PATTERNS: tuple[tuple[re.Pattern[str], Label], ...] = (
    (
        re.compile(
            r"sign in to (?:comment|join the conversation)(?: (?:on|and|or|with)\b.*)?", re.IGNORECASE
        ),
        "sign_in",
    ),
    (re.compile(r"be the first to (?:respond|comment)\b.*", re.IGNORECASE), "no_comments"),
    (
        re.compile(
            r"more stories from .{1,80}|more from .{1,60}"
            r"|(?:see|view) (?:all|more) (?:posts|stories) (?:by|from) .{1,80}",
            re.IGNORECASE,
        ),
        "more",
    ),
    (
        re.compile(
            r"enjoyed the story\?.*|subscribe for free to .*"
            r"|(?:get|join|(?:sign up|subscribe) (?:to|for)) (?:our|the) .{0,30}"
            r"(?:newsletter|emails?|updates)\b.*|support the creator.*",
            re.IGNORECASE,
        ),
        "support",
    ),
    (re.compile(r"\d{1,7} (?:repl(?:y|ies)|likes?)|repl(?:y|ies) ?\(\d{1,7}\)", re.IGNORECASE), "action"),
    (
        re.compile(
            r"(?:show|view|hide|load|see) (?:\w+ ){0,2}repl(?:y|ies)(?: ?\(\d{1,7}\))?", re.IGNORECASE
        ),
        "action",
    ),
    (
        re.compile(
            r"share (?:on|to|via|by) (?:facebook|twitter|x|linkedin|reddit|pinterest|whatsapp|e-?mail)"
        ),
        "action",
    ),
)
_REMOVED = re.compile(
    r"\[?(?:this comment (?:has been|was) (?:removed|deleted)\b.{0,60}"
    r"|(?:comment )?(?:deleted|removed)(?: by (?:the |its |a )?\w+)?)\]?\.?",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright\b)\s*.*(?:\d{4}|rights|creatd).*", re.IGNORECASE)
_COUNT = re.compile(
    r"(?:[♥♡❤🤍👍]\ufe0f? ?)?(?P<n>\d{1,3}(?:,\d{3}){1,3}|\d{1,7}|\d{1,3}(?:\.\d)?(?P<k>k))(?: likes?)?"
    r"|likes? \(?(?P<after>\d{1,3}(?:,\d{3}){1,3}|\d{1,7})\)?",
    re.IGNORECASE,
)

_PROGRESS = re.compile(
    r"(?:(?:reading )?progress ?:? ?)?\d{1,3}(?:\.\d)? ?%(?: (?:read|completed?|done|finished))?",
    re.IGNORECASE,
)
_MAX_PROGRESS = 40

RATINGS = {
    "Good Effort": "You have potential. Keep practicing and don’t give up!",
    "Nice Work": "Very well written. Keep up the good work!",
    "Outstanding": "Excellent work. Looking forward to reading more!",
}
"""Judgments readers can give -> the sentence printed with each."""

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_BADGE_BODY = (
    rf"Top Story(?: ?[-–—] ?(?:{_MONTH}) \d{{4}})?|Content Warning|AI[- ]Generated|Editor['’]?s Pick"
    r"|Staff Pick|(?:Runner[- ]Up|Winner|Honorable Mention|Grand Prize|(?:First|Second|Third) Place|Finalist)"
    r"\b[^.]{0,120}?\bChallenge"
)
_BADGE = re.compile(rf"(?:{_BADGE_BODY})\.?")
_SIGN = re.compile(r"^[^\w]+")
"""A picture or a dot before a badge."""
_MAX_BADGES = 300
"""Longest line that may be badges, in characters."""
_BADGE_BEGINS = frozenset("TCAESRWHGF")
"""First letters of badges; a look at one spares nearly all lines the pattern."""
_LOUD_BADGE = re.compile(_BADGE.pattern, re.IGNORECASE)
_TITLE_BADGES = re.compile(
    rf"(?P<title>.*?)\s*(?P<badges>\.\s*(?:{_BADGE_BODY})\s*(?=\.|$)"
    rf"(?:\.{{1,2}}\s*(?:{_BADGE_BODY})\s*(?=\.|$))*)\.?$",
    re.DOTALL,
)
_LOGO = re.compile(r"(?P<name>.{1,60}?) logo", re.IGNORECASE)
_CAPTION = re.compile(
    r"(?:(?:\w+ ){0,3}(?:photo(?:graphy?)?|pic|image|picture|illustration|art(?:work)?|painting|drawing"
    r"|cover|screenshot)s?(?: \w+){0,2} (?:by|from|courtesy|credits?|via|taken|made|created)\b"
    r"|(?:source|credits?|courtesy)(?: of)?:).*"
    r"|(?:\w+ )?(?:photo(?:graph)?|image|picture|illustration|artwork|painting|drawing|screenshot)s?: ?"
    r"\w[^.!?;]{1,60}|(?:my|our) own (?:photo|picture|image)s?|© ?\w.{1,60}"
    r"|(?:.{1,80} (?:on|from|via|-|–|/|\|) ?|via )?(?:unsplash|pexels|pixabay|shutterstock|getty images"
    r"|adobe stock|istock|freepik|wikimedia(?: commons)?|canva|midjourney|pinterest)(?:\.com)?\.?"
    r"|https?://\S+",
    re.IGNORECASE,
)


def label_of(text: str) -> Label | None:
    """Return what a line marks, by its words alone; a label may also be quoted in a body or a comment.

    Example:
        >>> label_of("About the Creator"), label_of("Comments (12)"), label_of("A quiet lake")
        ('about', 'comments', None)
    """
    return _label_of(text) if 0 < len(text) <= MAX_LABEL else None


@lru_cache(maxsize=8192)
def _label_of(text: str) -> Label | None:
    folded = text.lower().strip(" :.!•·\u200b")
    if not folded:
        return "action"
    if not folded[0].isalnum() and folded[0] not in "©(|":
        words = _SIGN.sub("", folded)
        if words[:1].isalpha():  # a picture before a label; before a number it belongs to a count
            folded = words
    found = _EXACT.get(folded)
    if found is not None:
        return found
    if folded[0] in "c0123456789" and _COMMENTS.fullmatch(folded):
        return "comments" if "comment" in folded else None
    if "©" in folded and folded.startswith("find us on social media"):
        return "footer"
    if folded[0] in "sbmelvhgjr0123456789":
        return next((label for pattern, label in _PATTERNS if pattern.fullmatch(folded)), None)
    return "footer" if is_rights_line(text) else None


def count_of_comments(text: str) -> int | None:
    """Return the number printed in a comments label; None where it has none.

    Example:
        >>> [count_of_comments(text) for text in ("Comments (1,204)", "3 comments", "Comments")]
        [1204, 3, None]
    """
    text = text.strip(" :.•·")
    words = _SIGN.sub("", text)
    match = _COMMENTS.fullmatch(words if words[:1].isalpha() else text)
    digits = (match[1] or match[2]) if match else None
    return to_count(digits) if digits else None


def to_count(digits: str) -> int | None:
    """Return a printed number; None for one that is no count of anything here.

    Example:
        >>> to_count("1,204"), to_count("3,000,000,000")
        (1204, None)
    """
    number = int(digits.replace(",", "")) if len(digits) <= _MAX_DIGITS else _TOO_MANY
    return number if number < _TOO_MANY else None


def is_removed_mark(text: str) -> bool:
    """Tell what stands in the place of a removed comment's words.

    Example:
        >>> [is_removed_mark(text) for text in ("[deleted]", "Comment removed by the author", "Gone")]
        [True, True, False]
    """
    return len(text) < 120 and _REMOVED.fullmatch(text) is not None


def is_rights_line(text: str) -> bool:
    """Tell whether a line claims rights: "© 2026 A Company. All Rights Reserved."."""
    return text[:1] in "©(cC" and len(text) <= 200 and _RIGHTS.fullmatch(text) is not None


def parse_like_count(text: str) -> int | None:
    """Return the number in a line that is only that: "16", "16 likes".

    Example:
        >>> [parse_like_count(text) for text in ("1,016", "♥ 16", "1.2K likes", "Like", "16 days")]
        [1016, 16, 1200, None, None]
    """
    match = _COUNT.fullmatch(text)
    if match is None:
        return None
    if match["k"]:
        return round(float(match["n"][:-1]) * 1_000)
    return to_count(match["n"] or match["after"])


def is_button(text: str) -> bool:
    """Tell whether a line is a button or a count: "Share", "16"."""
    return label_of(text) == "action" or parse_like_count(text) is not None


def is_progress(text: str) -> bool:
    """Tell how much of a page was read, as a bar at its top says.

    Example:
        >>> [is_progress(text) for text in ("12%", "0 % read", "Reading progress: 3%", "100% wool")]
        [True, True, True, False]
    """
    return "%" in text and len(text) <= _MAX_PROGRESS and _PROGRESS.fullmatch(text) is not None


def button_row(parts: Sequence[str]) -> list[str]:
    """Return the words of a line that is a row of buttons and counts; [] for any other line.

    Args:
        parts: The line's text nodes.

    Example:
        >>> button_row(["16", " ", "Share"]), button_row(["Share", " your bread"])
        (['16', 'Share'], [])
    """
    if not 1 < len(parts) <= _MAX_BUTTONS:
        return []
    words = [" ".join(part.split()) for part in parts if not part.isspace()]
    return words if all(is_button(word) for word in words) else []


def is_badge(text: str) -> bool:
    """Tell whether a whole line is a badge.

    Example:
        >>> is_badge("Top Story - October 2023"), is_badge("TOP STORY"), is_badge("Top Story of my life")
        (True, True, False)
    """
    pattern = _LOUD_BADGE if text.isupper() else _BADGE
    return len(text) <= 200 and pattern.fullmatch(text) is not None


def badges_in(parts: Sequence[str]) -> list[str]:
    """Return the badges of a line that holds nothing else, one or several side by side.

    Args:
        parts: The line's text nodes.

    Example:
        >>> badges_in(["🏆 Top Story - May 2026"]), badges_in(["Content Warning", " ", "AI-Generated"])
        (['Top Story - May 2026'], ['Content Warning', 'AI-Generated'])
        >>> badges_in(["Top Story", " of my life"])
        []
    """
    if sum(map(len, parts)) > _MAX_BADGES:
        return []
    whole = " ".join("".join(parts).split())
    if not whole or _SIGN.sub("", whole)[:1].upper() not in _BADGE_BEGINS:
        return []
    for words in ([whole], [" ".join(part.split()) for part in parts if not part.isspace()]):
        names = [_SIGN.sub("", word) for word in words]
        if all(is_badge(name) for name in names):
            return [name.rstrip(".") for name in names]
    return []


def split_badges(title: str) -> tuple[str, tuple[str, ...]]:
    """Part a list page's title from the badges appended to it.

    Example:
        >>> split_badges("The Lake. Top Story - October 2023. Content Warning.")
        ('The Lake', ('Top Story - October 2023', 'Content Warning'))
        >>> split_badges("Why?")
        ('Why?', ())
    """
    if len(title) > 2_000:
        return title, ()
    match = _TITLE_BADGES.fullmatch(title)
    if match is None or not match["title"]:
        return title, ()
    return match["title"], tuple(badge for part in match["badges"].split(".") if (badge := part.strip()))


def parse_logo(alt: str) -> str | None:
    """Return the community's name in the text of its logo: "Poets logo"."""
    match = _LOGO.fullmatch(" ".join(alt.split()))
    return match["name"] if match else None


def looks_like_caption(text: str) -> bool:
    """Tell whether a line is worded like the caption of a picture.

    Example:
        >>> looks_like_caption("Photo by Ann Lee on Unsplash"), looks_like_caption("The photo was old.")
        (True, False)
    """
    return len(text) <= 300 and _CAPTION.fullmatch(text.strip("()[] ")) is not None


def strip_site_name(title: str, site: str | None) -> str:
    """Return a page title without the site's or the community's name at its end.

    Example:
        >>> strip_site_name("The Lake | Poets", None), strip_site_name("The Lake - Vocal", "Vocal")
        ('The Lake', 'The Lake')
    """
    if site and title.endswith(site):
        return title[: -len(site)].rstrip(" |–—-·:") or title
    if " | " in title:
        return title.split(" | ", 1)[0].strip() or title
    return title
