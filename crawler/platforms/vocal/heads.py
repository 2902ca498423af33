"""What stands above the body of a story page: community, headline, standfirst, badges, likes, hero."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from crawler.platforms.vocal.addresses import path_segments
from crawler.platforms.vocal.bylines import is_author_link
from crawler.platforms.vocal.labels import (
    badges_in,
    is_progress,
    label_of,
    looks_like_caption,
    parse_like_count,
    parse_logo,
    split_badges,
)
from crawler.platforms.vocal.pictures import is_ornament, is_small, leads_to_front
from crawler.platforms.vocal.printed_tags import read_tag_links
from crawler.reading.markup import fold_text
from crawler.reading.outline import Line, text_of
from crawler.reading.tree import holds

MAX_DEK = 600
"""Longest standfirst, in characters."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MINUTES = re.compile(r"(?:\d{1,3} ?[-–] ?\d{1,3}|(?P<n>\d{1,3})) ?min(?:ute)?s?(?: read)?", re.IGNORECASE)
_LEAST_WORDS = 3
"""Words of a standfirst inside a headline; fewer may be a part of it that is set small."""
_LINK_SIGNS = frozenset({"#", "¶", "§", "🔗"})
_MAX_SIGN = 3
"""Most letters that stand for an author's picture."""


@dataclass(slots=True)
class Head:
    """The top of a story page.

    Attributes:
        headline: As printed.
        headline_rule: "label" next to the byline or the logo, "structure" by its element.
        dek: As printed.
        dek_rule: As for the headline.
        community: Name in the logo's text, or of the link to it.
        badges: In printed order.
        like_count: As printed.
        hero: The picture's element.
        caption: The words under it.
        author: Name in the byline.
        minutes: Reading time in a line of its own above the byline.
        tags: (name, ``href``) of links to tags around headline and byline, in order.
        end: The first line that may be body.
    """

    headline: str | None = None
    headline_rule: str = "structure"
    dek: str | None = None
    dek_rule: str = "structure"
    community: str | None = None
    badges: list[str] = field(default_factory=list)
    like_count: int | None = None
    hero: etree._Element | None = None
    caption: str | None = None
    author: str | None = None
    minutes: int | None = None
    tags: list[tuple[str, str | None]] = field(default_factory=list)
    end: int = 0


def read_titles(
    lines: Sequence[Line],
    first: int,
    above: int,
    *,
    known: Sequence[str],
    slug: str | None,
    author: str | None = None,
) -> Head:
    """Read community, headline and standfirst.

    Args:
        lines: All lines of the page.
        first: The first line that may be one; after an old page's note.
        above: The line they stand above: the byline's first, or the first paragraph where there is no byline.
        known: Headlines that structured data claim, most trusted first.
        slug: The story's name in its address, which resembles the headline.
        author: Name in the byline, which is no standfirst where it stands alone.
    """
    head = Head(end=above, author=author)
    start = max(_read_logo(lines, above, head), first)
    titles = [index for index in range(start, above) if _is_title(lines[index])]
    if start > first and not any(lines[index].tag == "h1" for index in titles):
        titles = [*_named_before(lines, range(first, start), known), *titles]
    at = _find_headline(lines, titles, known, slug, has_logo=start > 0)
    if at is None:
        return head
    title, inner_dek = _part_title(lines[at], known, slug)
    head.headline, badges = split_badges(title) if title not in known else (title, ())
    head.badges.extend(badges)
    head.headline_rule = "label" if start > 0 else "structure"
    for index in range(start, above):
        minutes = _MINUTES.fullmatch(lines[index].text)
        if minutes is not None and minutes["n"]:
            head.minutes = int(minutes["n"])
        if index > at or (index < at and not _is_navigation(lines[index])):
            head.badges.extend(badges_in(lines[index].parts))
            head.tags.extend(read_tag_links(lines[index]))
    pictures = (index for index in range(start, above) if _is_picture(lines[index], author))
    words = lines[above].element if above < len(lines) else None
    heading = lines[at].element
    hero = next((index for index in pictures if not is_ornament(lines[index].element, words, heading)), None)
    below = [index for index in titles if index > at and not _repeats(lines[index].text, head)]
    if hero is not None:
        head.hero = lines[hero].element
        credit = next((index for index in titles if _is_credit(lines, index, hero)), None)
        if credit is not None and credit != at:
            head.caption = lines[credit].text
            below = [index for index in below if index != credit]
    if inner_dek is not None:
        head.dek = inner_dek
    elif below and len(lines[below[0]].text) <= MAX_DEK:
        head.dek = lines[below[0]].text
    return head


def _part_title(line: Line, known: Sequence[str], slug: str | None) -> tuple[str, str | None]:
    """Return a heading's words without the sign of a link to it, and the standfirst set small in it.

    Where a page without headings breaks one line between both, the headline is what others call the story.
    """
    title = " ".join(line.text.split())
    first, _, rest = line.text.partition("\n")
    if rest and line.tag not in HEADINGS and _is_named(first, known, slug) and title not in known:
        dek = next((piece for piece in rest.split("\n") if piece and label_of(piece) is None), "")
        return first, dek if 0 < len(dek) <= MAX_DEK else None
    small = line.element.find(".//small")
    dek = text_of(small) if small is not None else ""
    if len(dek.split()) >= _LEAST_WORDS and title.endswith(dek) and len(title) > len(dek):
        return title[: -len(dek)].rstrip(" –—-:"), dek
    last = text_of(line.marks[-1]) if line.marks else ""
    if last in _LINK_SIGNS and title.endswith(last) and len(title) > len(last):
        return title[: -len(last)].rstrip(), None
    return title, None


def _is_named(text: str, known: Sequence[str], slug: str | None) -> bool:
    """Tell what structured data or the address call the story."""
    folded = fold_text(text)
    return any(fold_text(title) == folded for title in known) or (
        slug is not None and _matches_slug(text, slug)
    )


def _repeats(text: str, head: Head) -> bool:
    """Tell a second print of the headline, the author's name or a picture's letters from a standfirst."""
    folded, author = fold_text(text), fold_text(head.author or "")
    if folded in (fold_text(head.headline or ""), author):
        return True
    return len(text) <= _MAX_SIGN and set(folded) <= {word[0] for word in author.split()}


def _named_before(lines: Sequence[Line], above_logo: range, known: Sequence[str]) -> list[int]:
    """Return the main heading that a copy of the page prints above the logo, if others call the page so."""
    names = {fold_text(title) for title in known}
    found = (at for at in above_logo if lines[at].tag == "h1" and fold_text(lines[at].text) in names)
    return list(found)[-1:]


def _read_logo(lines: Sequence[Line], above: int, head: Head) -> int:
    """Take the community from its logo; return the line after it, or 0."""
    for index in range(min(above, len(lines)) - 1, -1, -1):
        line = lines[index]
        name = parse_logo(line.element.get("alt") or "") if line.tag == "img" else None
        if name is None:
            inside = (parse_logo(mark.get("alt") or "") for mark in line.marks if mark.tag == "img")
            name = next((found for found in inside if found), None)
        if name is None and line.text.lower().endswith(" logo") and index < 40:
            name = parse_logo(line.text)
        if name is not None:
            head.community = name
            return index + 1
    return 0


def _is_title(line: Line) -> bool:
    """Tell whether a line above the byline may be headline or standfirst."""
    text = line.text
    if text and line.tag == "h1":
        return not any(is_author_link(mark) for mark in line.marks) and not _is_wordmark(line)
    if (
        not text
        or _MINUTES.fullmatch(text)
        or read_tag_links(line)
        or badges_in(line.parts)
        or (line.tag not in HEADINGS and parse_like_count(text) is not None)
    ):
        return False
    if any(is_author_link(mark) for mark in line.marks):
        return False
    is_words = label_of(text) is None and not is_progress(text) and not _is_navigation(line)
    return line.tag in HEADINGS or is_words


def _is_wordmark(line: Line) -> bool:
    """Tell the site's or the community's name, a link to its front page, from a headline."""
    links = [mark for mark in line.marks if mark.tag == "a" and text_of(mark) == line.text]
    links += line.element.iterancestors("a")
    return any(leads_to_front(link) for link in links)


def _is_navigation(line: Line) -> bool:
    element: etree._Element | None = line.element
    while element is not None:
        if element.tag in ("nav", "button", "form"):
            return True
        element = element.getparent()
    return False


def _find_headline(
    lines: Sequence[Line], titles: Sequence[int], known: Sequence[str], slug: str | None, *, has_logo: bool
) -> int | None:
    """Return the line of the headline: the nearest main heading, what other sources call it, or by place."""
    mains = [index for index in titles if lines[index].tag == "h1"]
    folded = {index: fold_text(lines[index].text) for index in titles[-30:]}
    claimed = [fold_text(title) for title in known]
    for title in claimed:
        same = [index for index, text in folded.items() if text == title]
        if same:
            return next((index for index in same if index in mains), same[-1])
    if mains:
        return mains[-1]
    named = _find_broken(lines, titles[-30:], known, slug)
    if named is None and slug is not None:
        named = next((index for index in titles if _matches_slug(lines[index].text, slug)), None)
    if named is not None:
        return named
    for tag in HEADINGS[1:3]:
        headings = [index for index in titles if lines[index].tag == tag]
        if headings:
            return headings[0] if has_logo else headings[-1]
    if not titles:
        return None
    return titles[0] if has_logo else titles[max(0, len(titles) - 2)]


def _find_broken(
    lines: Sequence[Line], titles: Sequence[int], known: Sequence[str], slug: str | None
) -> int | None:
    """Return the line that begins with the headline and breaks after it."""
    broken = ((index, *lines[index].text.partition("\n")) for index in titles)
    return next((index for index, first, _, rest in broken if rest and _is_named(first, known, slug)), None)


def _matches_slug(text: str, slug: str) -> bool:
    words = _words(text)
    wanted = _words(slug)
    return bool(words) and words in (wanted, wanted[:-1])


def _words(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in text.casefold().replace("'", " ")).split()


def slug_of(url: str | None) -> str | None:
    """Return the last part of a story's address."""
    segments = path_segments(url) if url else []
    return segments[-1] if len(segments) > 1 else None


def _is_credit(lines: Sequence[Line], index: int, hero: int) -> bool:
    """Tell a caption from a standfirst above the byline: by its element, or its words under the picture."""
    line = lines[index]
    figure = next(lines[hero].element.iterancestors("figure"), None)
    is_inside = figure is not None and holds(figure, line.element)
    return line.tag == "figcaption" or is_inside or (index == hero + 1 and looks_like_caption(line.text))


def _is_picture(line: Line, author: str | None) -> bool:
    """Tell a picture above the byline from a logo or an avatar."""
    return (
        line.tag == "img"
        and parse_logo(line.element.get("alt") or "") is None
        and not is_small(line.element, author)
    )
