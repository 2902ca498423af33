"""Where a list goes on: its next page by link, by word or by number."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from crawler.platforms.base import PageInput
from crawler.platforms.vocal.addresses import canonical_url, first_page, page_number
from crawler.reading.outline import text_of
from crawler.reading.urls import absolute_url

MAX_LINKS = 10_000
"""Most links of a page looked at; a real list page has about a hundred."""
_NEXT = re.compile(
    r"(?:next|older|more|(?:load|show|view|see) more)(?: (?:stories|page|posts))?|[»›→>]|next ?[»›→>]",
    re.IGNORECASE,
)
_NEXT_HINT = re.compile(r"(?:go to |to |see |show )?(?:the )?next\b", re.IGNORECASE)
"""How the label of a link to the next page begins."""


def page_links(page: PageInput) -> Iterator[etree._Element]:
    """Yield the first `MAX_LINKS` links of a page."""
    return islice(page.root.iter("a"), MAX_LINKS) if page.root is not None else iter(())


def find_next_page(page: PageInput) -> str | None:
    """Return the address of the next page of a list; None on the last one.

    A ``rel=next`` link decides, then a link that says "Next", then the numbers: lists count from 0 or from
    1, which the difference between a link's words and its address tells.
    """
    here = canonical_url(page.url) if page.url else None
    for href, _ in page.structured.links.get("next", []):
        found = _list_url(href, page, here)
        if found:
            return found
    numbered: dict[int, tuple[int, str]] = {}
    current: int | None = None
    beside: dict[int, str] = {}
    for link in page_links(page):
        hint = link.get("aria-label") or link.get("title") or ""
        words = (text_of(link) or hint).removeprefix("Page ")
        is_next = "next" in (link.get("rel") or "").lower().split() or _NEXT_HINT.match(hint) is not None
        url = _list_url(link.get("href"), page, here)
        if link.get("aria-current") and words.isdigit():
            current = int(words)
        is_off = link.get("aria-disabled") == "true" or "disabled" in (link.get("class") or "").split()
        if is_off or url is None:
            continue
        if is_next or (_NEXT.fullmatch(words) and page_number(url) is not None):
            return url
        number = page_number(url)
        if number is not None:
            beside.setdefault(number, url)
        if number is not None and words.isascii() and words.isdigit() and len(words) < 8:
            numbered[int(words)] = (number, url)
    own = page_number(here) if here else None
    unnamed = beside.get(own + 1) if own is not None and not numbered else None
    return _next_by_number(numbered, current, here) or unnamed


def _next_by_number(
    numbered: dict[int, tuple[int, str]], current: int | None, here: str | None
) -> str | None:
    if not numbered:
        return None
    offset = next(iter(words - number for words, (number, _) in numbered.items()))
    if current is None:
        own = page_number(here) if here else None
        current = own + offset if own is not None else 1
    following = numbered.get(current + 1)
    return following[1] if following else None


def _list_url(href: str | None, page: PageInput, here: str | None) -> str | None:
    """Return the canonical address of another page of the same list."""
    url = absolute_url(page.url, href) if href else None
    if url is None:
        return None
    found = canonical_url(url)
    if here is None:
        return found
    return found if found != here and first_page(found) == first_page(here) else None
