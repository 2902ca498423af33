"""The records of a page's comments, marked or declared, and the addresses of its further comments."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lxml import etree

from crawler.platforms.drafts import Draft, comment_records
from crawler.platforms.generic.opening import (
    Html,
    is_same_site,
    page_of_comments,
    parse_printed,
    story_of_comments,
)
from crawler.platforms.generic.threads import MAX_HEADING, Marked, find_comments
from crawler.reading.claims import CommentClaim
from crawler.reading.markup import Runs, html_to_text, render_lines, sanitize_html, text_to_html
from crawler.reading.outline import Line, text_of
from crawler.reading.urls import absolute_url, canonicalize_url
from crawler.records import CommentRecord

MAX_PAGES = 200
"""Most further pages of comments taken from one page."""

_COUNTED = re.compile(
    r"(\d{1,3}(?:[.,]\d{3})+|\d{1,6}|one|no) (?:reader |user )?"
    r"(?:comments?|thoughts?|responses?|replies|reply|kommentare?|gedanken|commentaires?|comentarios?"
    r"|comentários?|comment[oi]|reacties?|kommentarer|комментари[йяев]+)\b.{0,300}"
    r"|(?:comments?|kommentare|commentaires|comentarios|comentários|commenti|reacties)[ :]*\((\d{1,6})\)",
    re.IGNORECASE,
)
"""A heading of comments with their number."""


@dataclass(frozen=True, slots=True)
class Discussion:
    """What a page shows of the discussion of its article.

    Attributes:
        comments: In page order.
        count: How many there are, as printed above the first.
        pages: Addresses of the other pages of comments.
    """

    comments: list[CommentRecord]
    count: int | None
    pages: tuple[str, ...]


def read_discussion(html: Html) -> Discussion:
    """Return the comments of a page, as it marks them or, where it declares more, as declared.

    The page's tree is changed: nothing may be read from it afterwards.

    Raises:
        RecordError: A field breaks its promise.
    """
    marked, places = find_comments(html)
    told = next((claims.comments for claims in html.claims if claims.comments), [])
    first = next(iter(places), None)
    count = _printed_count(html, first) if first is not None else None
    pages = _other_pages(html)
    drafts = _from_claims(html, told) if len(told) > len(marked) else _from_marked(html, marked)
    return Discussion(_to_records(html, drafts), count, pages)


def _to_records(html: Html, drafts: Sequence[Draft]) -> list[CommentRecord]:
    """Return the records; ids that only count the comments are none."""
    if _are_places([draft.own_id for draft in drafts if draft.own_id]):
        drafts = [replace(draft, own_id=None) for draft in drafts]
    return comment_records(drafts, html.url, page_of_comments(html.page.url or ""))


def _are_places(ids: Sequence[str]) -> bool:
    """Tell ids that only count the comments of a page: another comment has each of them when one is added.

    Example:
        >>> _are_places(["1", "3", "2"]), _are_places(["40", "41"])
        (True, False)
    """
    numbers = {int(each) for each in ids if len(each) < 5 and each.isdecimal()}
    return numbers in (set(range(len(ids))), set(range(1, len(ids) + 1)))


def _other_pages(html: Html) -> tuple[str, ...]:
    """Return the addresses of the other pages of comments to which a page links."""
    addresses = (html.page.url or "", html.url or "")
    own = {(canonicalize_url(story_of_comments(each)) or "").rstrip("/") for each in addresses}
    found: dict[str, None] = {}
    for link in html.root.iter("a"):
        href = link.get("href") or ""
        if "comment-page-" not in href and "cpage=" not in href:
            continue
        url = canonicalize_url(absolute_url(html.base, href) or "")
        if url is None or page_of_comments(url) is None or not is_same_site(html, url):
            continue
        if story_of_comments(url).rstrip("/") in own and url != canonicalize_url(html.page.url or ""):
            found[url] = None
    return tuple(found)[:MAX_PAGES]


def _printed_count(html: Html, first: etree._Element) -> int | None:
    """Return the number of comments in the last heading above the first one; None where there is none."""
    count = None
    for element in html.root.iter("h2", "h3", "h4", "h5", str(first.tag)):
        if element is first:
            break
        text = text_of(element)[:MAX_HEADING] if element.tag != first.tag else ""
        if match := _COUNTED.fullmatch(text):
            digits = re.sub(r"\D", "", match[1] or match[2])
            count = int(digits) if digits else int(match[1].lower() == "one")
    return count


def _from_marked(html: Html, marked: Sequence[Marked]) -> list[Draft]:
    around = _elements_around(html.page.lines, marked) if marked else set()
    runs = Runs()
    return [
        Draft(
            name=each.name,
            url=absolute_url(html.base, each.href) if each.href else None,
            published=each.day,
            text=each.text,
            html=(words := render_lines(each.lines, html.base, around=around, runs=runs)),
            body=html_to_text(words),
            own_id=each.number,
            parent=each.parent,
        )
        for each in marked
    ]


def _elements_around(lines: Sequence[Line], marked: Sequence[Marked]) -> set[etree._Element]:
    """Return the elements that hold more than one comment's words, or others too."""
    owners = {id(line): place for place, comment in enumerate(marked) for line in comment.lines}
    held: dict[etree._Element, int] = {}
    around: set[etree._Element] = set()
    for line in lines:
        owner = owners.get(id(line), -1)
        for above in (line.element, *line.element.iterancestors()):
            if above in around:
                break
            if held.setdefault(above, owner) != owner:
                around.add(above)
    return around


def _from_claims(html: Html, told: Sequence[CommentClaim]) -> list[Draft]:
    drafts: list[Draft] = []
    places: dict[str, int] = {}
    for claim in told:
        body = claim.body or ""
        markup = body if "</" in body or "<br" in body or "<p" in body else text_to_html(body)
        words = sanitize_html(markup, html.base)
        if not words:
            continue
        if key := claim.platform_id or claim.key:
            places[key] = len(drafts)
        parent = places.get(claim.parent_id) if claim.parent_id else None
        drafts.append(
            Draft(
                name=claim.author_name,
                url=absolute_url(html.base, claim.author_url) if claim.author_url else None,
                published=parse_printed(html, claim.published),
                text=None,
                html=words,
                body=html_to_text(words),
                own_id=claim.platform_id,
                parent=parent if parent != len(drafts) else None,
                like_count=claim.like_count,
            )
        )
    return drafts
