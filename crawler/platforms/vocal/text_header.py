"""What stands above the body of a copied story page: community, headline, byline, badges, hero."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crawler.platforms.vocal.labels import is_badge, parse_like_count, parse_logo
from crawler.platforms.vocal.text_byline import Byline, find_byline
from crawler.platforms.vocal.text_lines import LONG_LINE, Line
from crawler.platforms.vocal.text_navigation import MAX_NAVIGATION, skip_navigation
from crawler.platforms.vocal.text_sections import fold_name

MAX_DEK = 300
"""Longest standfirst told from a first paragraph, in characters; the longest seen has 140."""
MAX_SENTENCE = 140
"""Longest standfirst seen, in characters."""
_MAX_ABOVE = 12
"""Most lines above the logo of a known community, whatever follows it."""
_MAX_CAPTION_WORDS = 16
_SITE = "vocal"

_COMMUNITIES = frozenset(
    [
        *(
            "01",
            "art",
            "beat",
            "blush",
            "bookclub",
            "chapters",
            "cleats",
            "confessions",
            "criminal",
            "critique",
        ),
        *(
            "earth",
            "education",
            "families",
            "feast",
            "fiction",
            "filthy",
            "futurism",
            "fyi",
            "gamers",
            "geeks",
        ),
        *(
            "history",
            "horror",
            "humans",
            "humor",
            "interview",
            "journal",
            "lifehack",
            "longevity",
            "marriage",
        ),
        *("men", "motivation", "petlife", "photography", "poets", "potent", "pride", "proof", "psyche"),
        *("resources", "serve", "styled", "thechain", "theswamp", "trader", "unbalanced", "viva", "wander"),
        *("wheel", "writers"),
    ]
)
_POWERED = re.compile(r"(?P<name>.{1,60}?) is (?:a community on|powered by) Vocal\b.*")
_SUPPORTED = re.compile(
    r"You support (?P<name>(?!this creator).{1,100}?) by reading, sharing and tipping", re.IGNORECASE
)
_NOISE = re.compile(
    r"like|likes|share|report story|report|follow|subscribe|tip|facebook|twitter|copy link|[•·|]",
    re.IGNORECASE,
)
_MEDIUM = (
    r"(?:photo|image|picture|illustration|art|artwork|painting|drawing|cover|screenshot|graphic|video"
    r"|collage)s?"
)
_STOCK = (
    r"(?:unsplash|pexels|pixabay|shutterstock|getty images|adobe stock|istock|freepik|wikimedia(?: commons)?"
    r"|canva)"
)
_CAPTION = re.compile(
    rf"(?:\w+ ){{0,3}}{_MEDIUM}(?: \w+){{0,2}} (?:by|from|courtesy|credits?|via|taken|made|created)\b.*"
    rf"|{_MEDIUM}(?: credits?| source)?: ?.*|(?:source|credits?|courtesy)(?: of)?: .*"
    rf"|.* (?:on|from|via|of|at|-|/|\|) ?{_STOCK}(?:\.com)?\.?|https?://\S+",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    rf"(?:.*\bby:? (?P<by>.+?)|(?P<dash>.+?) -) ?(?:(?:\b(?:on|from|via|of|at)|-|/|\|) ?)?{_STOCK}"
    r"(?:\.com)?\.?"
    rf"|(?:\w+ ){{0,3}}{_MEDIUM}(?: credit)?(?: \w+)? by:? (?P<other>.+?)\.?"
    rf"|{_MEDIUM}(?: credits?)?: ?(?! ?{_STOCK})(?P<named>.{{2,60}}?)\.?|© ?(?P<holder>[^\W\d].{{1,60}}?)\.?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Header:
    """What the top of a page says; see `crawler.records.ArticleRecord` for the fields.

    Attributes:
        byline: The parsed byline, or None.
        author_name: The name in it, or in an old page's note on support.
        body_start: Index of the first line of the body.
        is_marked: A logo, a byline or an old page's note on Vocal was found.
        lost: Why a field is None.
    """

    community: str | None = None
    headline: str | None = None
    dek: str | None = None
    byline: Byline | None = None
    author_name: str | None = None
    badges: list[str] = field(default_factory=list)
    like_count: int | None = None
    alt: str | None = None
    caption: str | None = None
    body_start: int = 0
    is_marked: bool = False
    lost: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def read_header(lines: Sequence[Line], *, seen_at: datetime, slug: str | None) -> Header:
    """Read the top of a page.

    Args:
        lines: All lines of the page.
        seen_at: When it was seen; aware UTC.
        slug: Last part of the story's address, which tells a headline from a standfirst; None if unknown.
    """
    header = Header()
    start = _read_note(lines, header)
    start = _read_logo(lines, start, seen_at, header)
    if header.community is None:
        start = skip_navigation(lines, start, seen_at)
    found = find_byline(lines, start, start + 6, seen_at)
    above = lines[start : found[0]] if found is not None else []
    is_titled = header.community is not None and len(above) == 2
    if found is not None and not _is_own_byline(above, found[2], is_titled=is_titled):
        found = None
    if found is None:
        _read_unsigned(lines, start, header, slug)
        return header
    first, after, header.byline = found
    header.author_name, header.is_marked = header.byline.name, header.is_marked or not header.byline.is_bare
    above = [line for line in lines[start:first] if not _take_badge(line, header)]
    above = [line for line in above if not _is_same(line.label, header.author_name)]
    _read_titles([line.text for line in above], header, slug)
    if len(above) <= 1 and not header.byline.is_old:
        _recover_headline(lines, after, above, header)
    header.body_start = _read_hero(lines, after, header)
    if header.byline.is_old and header.dek is None:
        _take_dek(lines, header)
        header.body_start = _read_hero(lines, header.body_start, header, is_first=False)
    return header


def parse_credit(caption: str) -> str | None:
    """Return whom a caption credits with the picture, or None.

    Example:
        >>> captions = ("Photo by Ann Lee on Unsplash", "Ann L. - Unsplash", "(Photo: Bo)", "The old pier")
        >>> [parse_credit(caption) for caption in captions]
        ['Ann Lee', 'Ann L.', 'Bo', None]
    """
    match = _CREDIT.fullmatch(caption.strip("()[] "))
    credit = next((group for group in match.groups() if group), None) if match else None
    return credit.strip() if credit else None


def _read_note(lines: Sequence[Line], header: Header) -> int:
    """Read the note on Vocal that pages of 2017 to 2019 begin with; return the first line after it."""
    for index in range(min(3, len(lines))):
        match = _POWERED.fullmatch(lines[index].label)
        if match is None:
            continue
        header.community, header.is_marked = match["name"], True
        supported = _SUPPORTED.search(lines[index].label)
        header.author_name = supported["name"] if supported else None
        ends = (
            at for at in range(index, min(index + 40, len(lines))) if lines[at].text.lower() == "show less"
        )
        return next(ends, index) + 1
    return 0


def _read_logo(lines: Sequence[Line], start: int, seen_at: datetime, header: Header) -> int:
    """Find the community's logo, also below the navigation copied with the page; return the line after it.

    The site's own logo stands in the navigation, so its name is never a community.
    """
    for index in range(start, min(start + MAX_NAVIGATION, len(lines))):
        name = parse_logo(lines[index].label)
        if name is None or name.casefold() == _SITE:
            continue
        is_known = name.casefold().replace(" ", "") in _COMMUNITIES
        below = lines[index + 1].label if index + 1 < len(lines) else ""
        is_titled = is_known or below[:3].lower() != "by "
        is_near = index - start < _MAX_ABOVE and (index == start or is_known)
        if is_titled and (is_near or _has_titles_and_byline(lines, index + 1, seen_at)):
            header.community, header.is_marked = name, is_known
            return index + 1
    return start


def _has_titles_and_byline(lines: Sequence[Line], start: int, seen_at: datetime) -> bool:
    found = find_byline(lines, start, start + 3, seen_at)
    return found is not None and found[0] > start and not found[2].is_bare


def _is_own_byline(above: Sequence[Line], byline: Byline, *, is_titled: bool) -> bool:
    """Tell the page's byline from one that a body quotes: only short lines, and few, stand above it.

    Args:
        above: The lines over it.
        byline: It.
        is_titled: They are two right under the logo: a title, and a standfirst of any length.
    """
    if is_titled and byline.minutes is not None and len(above[0].text) <= MAX_DEK:
        return True
    is_high = len(above) < 3 or byline.minutes is not None
    return is_high and not any(len(line.text) > MAX_DEK for line in above)


def _read_titles(above: list[str], header: Header, slug: str | None) -> None:
    """Tell headline and standfirst among the lines above the byline."""
    at = next((index for index, text in enumerate(above) if _is_slug(text, slug)), None)
    if at is None:
        at = max(0, len(above) - 2) if header.community is None else 0
    header.headline = above[at] if at < len(above) else None
    header.dek = " ".join(above[at + 1 :]) or None


def _recover_headline(lines: Sequence[Line], after: int, above: Sequence[Line], header: Header) -> None:
    """Find a headline that an extractor lost: a stock picture's text repeats it above the credit."""
    pair = [line for line in lines[after : after + 4] if not _NOISE.fullmatch(line.label)]
    pair = [line for line in pair if not is_badge(line.label) and parse_like_count(line.label) is None]
    is_pair = len(pair) > 1 and pair[1].gap == 0 and _is_caption(pair[1].label) and pair[0].label
    if is_pair and not _is_caption(pair[0].label) and not _is_same(pair[0].label, header.headline):
        header.dek, header.headline = header.headline, pair[0].text
    elif above and header.community and above[0].gap > 1:
        header.warnings.append(
            "an empty place above the headline: it may be the standfirst of a lost headline"
        )


def _is_slug(text: str, slug: str | None) -> bool:
    if slug is None or len(text) > MAX_DEK:
        return False
    words, wanted = (
        re.findall(r"[a-z0-9]+", text.lower().replace("'", " ")),
        re.findall(r"[a-z0-9]+", slug.lower()),
    )
    return bool(words) and (words == wanted or words == wanted[:-1])


def _take_badge(line: Line, header: Header) -> bool:
    if not is_badge(line.label):
        return False
    header.badges.append(line.text.removesuffix("."))
    return True


def _read_hero(lines: Sequence[Line], start: int, header: Header, *, is_first: bool = True) -> int:
    """Take what stands between byline and body; return the body's first line.

    Extractors print it right under the byline, where anything is a caption. Where empty lines come between,
    only what looks like a caption is one.
    """
    is_first = is_first and header.byline is not None and not _is_old(header)
    rest = header.byline.rest if header.byline and is_first else ""
    if rest:
        _take_hero_text(Line(rest, "", 0, 0), header, is_close=True)
    is_spaced = any(line.gap for line in lines[start : start + 20])
    index = start
    while index < len(lines) and index < start + 10:
        line = lines[index]
        ends_block = index + 1 == len(lines) or lines[index + 1].gap > 0
        is_close = is_first and is_spaced and ends_block and line.gap == 0 and not line.bullet
        if (
            parse_like_count(line.label) == 1
            and line.gap
            and not _is_hero(lines[index + 1 : index + 2], header)
        ):
            break
        is_caption = is_close or _is_under_picture(lines, index, header)
        if not _take_hero_text(line, header, is_close=is_caption):
            break
        index += 1
    return index


def _is_under_picture(lines: Sequence[Line], index: int, header: Header) -> bool:
    """Tell a caption in any words: short, no sentence and no title, right under the picture, above prose."""
    if header.alt is None or not _is_same(lines[index - 1].text, header.alt) or index + 1 >= len(lines):
        return False
    words = lines[index].label.split()
    is_short = 2 < len(words) <= _MAX_CAPTION_WORDS and lines[index].bullet == ""
    is_phrase = is_short and words[-1].isalpha() and words[-1][0].islower()
    return is_phrase and len(lines[index + 1].text) >= LONG_LINE


def _take_hero_text(line: Line, header: Header, *, is_close: bool) -> bool:
    label = line.label
    likes = parse_like_count(label)
    if _take_badge(line, header) or _NOISE.fullmatch(label):
        return True
    if likes is not None:
        header.like_count = likes
        return True
    if header.alt is None and header.caption is None and _is_same(label, header.headline):
        is_bracketed = line.text[0] == "[" and line.text[-1] == "]" and header.headline != line.text
        header.alt = line.text[1:-1] if is_bracketed else line.text
        return True
    if header.caption is None and label and len(label) <= MAX_DEK and (is_close or _is_caption(label)):
        header.caption = line.text
        return True
    return False


def _is_hero(lines: Sequence[Line], header: Header) -> bool:
    """Tell whether a picture's words follow, so that a lone "1" above them is one like and no chapter."""
    return any(_is_caption(line.label) or _is_same(line.label, header.headline) for line in lines)


def _is_caption(label: str) -> bool:
    """Tell a caption from a first paragraph: "Photo by Ann Lee", not "The photo from my youth shows me."."""
    is_sentence = len(label) > 60 and label.endswith((".", "!", "?", ":", "…"))
    return _CAPTION.fullmatch(label) is not None and not is_sentence


def _is_same(left: str, right: str | None) -> bool:
    return bool(left) and right is not None and (fold_name(left) or left) == (fold_name(right) or right)


def _take_dek(lines: Sequence[Line], header: Header) -> None:
    """Take the first line of the body as the standfirst where it plainly is one."""
    at = header.body_start
    if at + 1 >= len(lines) or lines[at].bullet or not 0 < len(lines[at].label) <= MAX_DEK:
        return
    below = lines[at + 1]
    label = lines[at].label
    if _is_apart(label) or _is_caption(label) or _is_same(label, header.headline):
        return
    usual_gap = max((line.gap for line in lines[at + 2 : at + 6]), default=1)
    is_set_off = below.gap > usual_gap and lines[at].gap <= below.gap
    text = lines[at].text
    is_phrase = " " in text and len(text) <= 120 and not text.endswith((".", ",", ";", ":"))
    is_short = is_phrase and len(below.text) >= (LONG_LINE if text.istitle() else 120)
    # a caption may stand between
    is_short = is_short or (
        _is_old(header) and any(_is_lone_sentence(text, line.text) for line in lines[at + 1 : at + 3])
    )
    is_above_hero = is_badge(below.label) or _is_hero(lines[at + 1 : at + 2], header)
    next_ones = lines[at + 2 : at + 4]
    is_above_likes = _is_apart(below.label) and (
        _is_hero(next_ones, header) or any(len(line.text) >= LONG_LINE for line in next_ones[:1])
    )
    if is_set_off or is_short or is_above_hero or is_above_likes:
        header.dek, header.body_start = lines[at].text, at + 1
    else:
        header.lost["dek"] = "ambiguous: the first paragraph may be the standfirst"


def _is_old(header: Header) -> bool:
    return header.byline is not None and header.byline.is_old


def _is_lone_sentence(text: str, below: str) -> bool:
    """Tell one sentence above a paragraph, where pages of 2021 print a standfirst as most of them have."""
    is_one = len(text) <= MAX_SENTENCE and re.search(r"[.!?…][\"”’']* +\S", text) is None
    return is_one and len(below) >= LONG_LINE and 2 * len(below) >= 3 * len(text)


def _is_apart(label: str) -> bool:
    """Tell a badge, a button or a count of likes, which are neither standfirst nor body."""
    return is_badge(label) or _NOISE.fullmatch(label) is not None or parse_like_count(label) is not None


def _read_unsigned(lines: Sequence[Line], start: int, header: Header, slug: str | None) -> None:
    """Read a page without a byline: the first line is the headline, the second may be the standfirst."""
    if start >= len(lines):
        header.body_start = len(lines)
        return
    at = next((i for i in range(start, min(start + 3, len(lines))) if _is_slug(lines[i].text, slug)), start)
    header.headline, header.body_start = lines[at].text, at + 1
    if at + 1 < len(lines) and lines[at + 1].gap == 0 and any(line.gap for line in lines[at + 1 : at + 5]):
        header.dek, header.body_start = lines[at + 1].text, at + 2
    else:
        _take_dek(lines, header)
    header.body_start = _read_hero(lines, header.body_start, header, is_first=False)
