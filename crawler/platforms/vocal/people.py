"""The author block of a story page, as a record."""

import re
from collections.abc import Sequence
from typing import Any

from crawler.platforms.vocal.addresses import canonical_url, handle_of
from crawler.platforms.vocal.bylines import is_author_link
from crawler.platforms.vocal.elsewhere import (
    icon_addresses,
    is_row_of_links,
    is_row_of_tags,
    linked_addresses,
)
from crawler.platforms.vocal.facts import facts_of, read_counts
from crawler.platforms.vocal.labels import label_of, parse_like_count
from crawler.platforms.vocal.portraits import find_portrait
from crawler.reading.markup import elements_around, html_to_text, render_lines, sanitize_html
from crawler.reading.outline import Line, lines_to_text, text_of
from crawler.reading.urls import absolute_url
from crawler.records import AuthorRecord, build_record

_MORE = re.compile(
    r"(?:read|show|see|view) (?:more|less|all|(?:full )?(?:profile|bio))"
    r"(?: (?:stories|posts|articles|works?)(?: (?:by|from) .{1,80})?)?[\s.…»›→]*",
    re.IGNORECASE,
)


_TO_PAGE = re.compile(r"(?:read|show|see|view|visit|more|all)\b", re.IGNORECASE)
"""First word of a link to the author's page that is not the name."""
_MAX_BUTTONS = 6
"""Most buttons side by side in an author's block."""


def read_author(
    lines: Sequence[Line],
    others: Sequence[Line],
    *,
    name: str | None,
    href: str | None,
    base_url: str | None,
) -> AuthorRecord | None:
    """Read the lines under "About the Creator".

    Args:
        lines: The block's own lines.
        others: The lines right before and after it.
        name: The author as the byline names them.
        href: Link to the author in the byline, as it stands.
        base_url: Address of the page.

    Returns:
        None when the block names nobody.
    """
    wanted = _squeeze(name or "")
    texts = [line for line in lines if line.text and not _is_chrome(line, name or "", base_url)]
    first = next((line for line in texts[:3] if wanted and _squeeze(line.text) == wanted), None)
    if first is None and texts and len(texts[0].text) <= 100 and (name is None or texts[0].tag != "p"):
        first = texts[0]
    bio = [line for line in texts[: _support_at(lines, texts)] if line is not first and not _is_link(line)]
    link = next((mark for line in lines for mark in line.marks if is_author_link(mark)), None)
    if link is None:
        link = next(
            (above for line in lines for above in line.element.iterancestors("a") if is_author_link(above)),
            None,
        )
    own = absolute_url(base_url, link.get("href") if link is not None else href)
    url = canonical_url(own) if own else None
    full_name = (text_of(link) if link is not None and first is None else first.text if first else "") or name
    if not full_name:
        return None
    avatar = find_portrait(lines, name=full_name, base_url=base_url, own_url=url)
    links = linked_addresses(lines, base_url, url)
    if others:
        links += icon_addresses(others[0], others[1] if len(others) > 1 else None, base_url)
    html = render_lines(bio, base_url, around=elements_around([*others, *([first] if first else [])]))
    return author_record(
        name=full_name,
        url=url,
        bio_html=html or None,
        bio_text=lines_to_text(bio) or None,
        avatar_url=avatar,
        links=list(dict.fromkeys(links)),
        follower_count=read_counts([line for line in lines if facts_of(line)]).get("follower"),
    )


def author_record(**fields: Any) -> AuthorRecord:  # noqa: ANN401 - pydantic checks them
    """Make an author's record; the handle comes from the address."""
    return build_record(AuthorRecord, platform="vocal", handle=handle_of(fields.get("url")), **fields)


def claimed_author(
    name: str, url: str | None, bio: tuple[str | None, str | None], base_url: str | None
) -> AuthorRecord | None:
    """Return what a JSON state tells of an author beyond the name; None when that is nothing."""
    html = sanitize_html(bio[0], base_url) if bio[0] else ""
    avatar = absolute_url(base_url, bio[1])
    if not html and avatar is None:
        return None
    return author_record(
        name=name, url=url, bio_html=html or None, bio_text=html_to_text(html) or None, avatar_url=avatar
    )


def _is_link(line: Line) -> bool:
    """Tell an item of a list of the author's pages elsewhere from a sentence with a link."""
    if line.tag != "li" or len(line.marks) != 1:
        return False
    return line.marks[0].tag == "a" and text_of(line.marks[0]) == line.text


def _support_at(lines: Sequence[Line], texts: Sequence[Line]) -> int:
    """Return how many lines stand above those that ask for support, which buttons follow."""
    asked = next(
        (at for at, line in enumerate(lines) if line.text[:18].lower() == "enjoyed the story?"), None
    )
    if asked is not None:
        own = {id(line) for line in texts}
        return sum(id(line) in own for line in lines[:asked])
    n_own = len(texts)
    while n_own and label_of(texts[n_own - 1].text) == "support":
        n_own -= 1
    last = next((line for line in reversed(lines) if line.text), None)
    is_sold = last is not None and last is not texts[-1] and _is_button(last) if texts else False
    return n_own if is_sold else len(texts)


def is_more(text: str) -> bool:
    """Tell what opens the rest of a bio, or the list of a person's stories.

    Example:
        >>> [is_more(text) for text in ("Read more", "View all stories", "Read more books.")]
        [True, True, False]
    """
    return _MORE.fullmatch(text) is not None


def is_initials(text: str, name: str) -> bool:
    """Tell the letters that stand in the place of a person's picture.

    Example:
        >>> [is_initials(text, "Ada Moss") for text in ("AM", "A", "Am", "Ada Moss")]
        [True, True, False, False]
    """
    words = name.split()
    shown = {words[0][0], words[0][0] + words[-1][0], "".join(word[0] for word in words)} if words else set()
    return text in {each.upper() for each in shown} and _squeeze(text) != _squeeze(name)


def _is_chrome(line: Line, name: str, base_url: str | None) -> bool:
    """Tell what stands around a bio: buttons, facts, initials for a picture, tags of the story above."""
    if facts_of(line) or is_more(line.text) or is_row_of_links(line) or is_row_of_tags(line, base_url):
        return True
    return (line.tag == "button" and _squeeze(line.text) != _squeeze(name)) or (
        is_initials(line.text, name)
        or _is_button(line)
        or _is_row_of_buttons(line)
        or _leads_to_page(line, name)
    )


def _is_row_of_buttons(line: Line) -> bool:
    """Tell links to tip and to pledge, side by side, from a sentence of such words."""
    words = [part.strip() for part in line.parts if not part.isspace()]
    return 1 < len(words) <= _MAX_BUTTONS and all(label_of(word) in ("action", "support") for word in words)


def _leads_to_page(line: Line, name: str) -> bool:
    """Tell "See more from Ann Lee", a link to the author's page, from the name that leads there."""
    links = [mark for mark in line.marks if mark.tag == "a"]
    if len(links) != 1 or text_of(links[0]) != line.text or not is_author_link(links[0]):
        return False
    return bool(name) and _TO_PAGE.match(line.text) is not None and _squeeze(line.text) != _squeeze(name)


def _is_button(line: Line) -> bool:
    if line.tag in ("p", "blockquote"):
        return label_of(line.text) == "more" and line.text[:3].lower() in ("see", "vie")
    return label_of(line.text) in ("action", "support") or parse_like_count(line.text) is not None


def _squeeze(text: str) -> str:
    return "".join(text.split()).casefold()
