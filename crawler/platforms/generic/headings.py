"""Which of a page's headings names its article, and which the site."""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from crawler.reading.markup import count_words, fold_text
from crawler.reading.outline import text_of
from crawler.reading.urls import absolute_url, canonicalize_url

MAX_NOTE = 20
"""Most words of a note between the name of a site and the headline below it."""
MAX_HEADINGS = 20
"""Most first-level headings looked at; the article's own stands among the first."""

SITE_MARKS = (" | ", " - ", " – ", " — ", " · ", " » ", " « ", " -- ", " :: ", "｜", "：", ": ")
"""What titles put between an article's headline and the name of its site."""
_FOLDED_MARKS = tuple(unicodedata.normalize("NFKC", mark) for mark in SITE_MARKS)
_MARKS_BEHIND = tuple(mark.rstrip() for mark in _FOLDED_MARKS if mark.strip() != ":")
"""Those behind a headline; a colon is more often a part of it."""


def find_headings(
    root: etree._Element, *, titles: Sequence[str], site_name: str | None, base: str | None
) -> tuple[etree._Element | None, str | None]:
    """Return the heading of the article, and the site's name where it is a heading too.

    A heading that leads to the front page is the site's name. Of several others the first is the article's,
    unless it is the site's declared name or a title begins with a later one alone. Where none is left or
    named by a title, one of a lower level is the article's if a title names it and no text stands above it:
    then the higher one names the site or a part of it.

    Args:
        root: The page's tree.
        titles: Its ``<title>`` and the headlines it declares; they may hold the site's name too.
        site_name: As declared.
        base: Address that relative links count from.
    """
    headings: list[etree._Element] = []
    site_heading = None
    for element in islice(_with_text(root, "h1"), MAX_HEADINGS):
        if _leads_home(element, base):
            site_heading = site_heading or text_of(element)
        else:
            headings.append(element)
    others = [each for each in headings if fold_text(text_of(each)) != fold_text(site_name or "")]
    headings = others or headings
    named = [each for each in headings if _is_named(each, titles)]
    if named:
        return named[0], site_heading
    lower = [each for tag in ("h2", "h3") for each in islice(_with_text(root, tag), MAX_HEADINGS)]
    if not headings:
        in_title = (each for each in lower if any(is_in_title(text_of(each), title) for title in titles[:1]))
        return next(in_title, None), site_heading
    below = next((each for each in lower if _is_named(each, titles) and not _is_apart(each)), None)
    if below is None or _is_chapter(below, headings[0], root):
        return headings[0], site_heading
    is_of_site = is_in_title(text_of(headings[0]).rstrip("."), titles[0])
    return below, site_heading or (text_of(headings[0]) if is_of_site else None)


def begins_title(heading: str, title: str | None) -> bool:
    """Tell whether a page's title is a heading, alone or before the name of the site.

    Example:
        >>> begins_title("Salt", "Salt | Tidal"), begins_title("Salt", "Salted fish")
        (True, False)
    """
    own, whole = fold_text(heading), fold_text(title or "")
    return own == whole or whole.startswith(tuple(own + mark for mark in _MARKS_BEHIND))


def is_in_title(heading: str, title: str | None) -> bool:
    """Tell whether a page's title is a heading, alone or beside the name of the site.

    Example:
        >>> is_in_title("Salt", "Tidal: Salt"), is_in_title("Salt", "Tidal salt")
        (True, False)
    """
    own, whole = fold_text(heading), fold_text(title or "")
    return begins_title(heading, title) or whole.endswith(tuple(mark + own for mark in _FOLDED_MARKS))


def first_subheading(root: etree._Element) -> str | None:
    """Return the first heading of the second level that stands in no menu, margin, head or foot."""
    for element in islice(_with_text(root, "h2"), MAX_HEADINGS):
        if not _is_apart(element) and next(element.iterancestors("header"), None) is None:
            return text_of(element)
    return None


def _is_named(heading: etree._Element, titles: Sequence[str]) -> bool:
    return any(begins_title(text_of(heading), title) for title in titles)


def _is_chapter(heading: etree._Element, higher: etree._Element, root: etree._Element) -> bool:
    """Tell a heading with running text between it and the higher one above, whose chapter it names."""
    is_between = False
    for element in root.iter("p", str(heading.tag), str(higher.tag)):
        if element is heading:
            return False
        if is_between and element.tag == "p" and count_words(text_of(element)) > MAX_NOTE:
            return True
        is_between = is_between or element is higher
    return False


def _is_apart(heading: etree._Element) -> bool:
    return next(heading.iterancestors("nav", "aside", "footer"), None) is not None


def _with_text(root: etree._Element, tag: str) -> Iterator[etree._Element]:
    return (element for element in root.iter(tag) if text_of(element))


def _leads_home(heading: etree._Element, base: str | None) -> bool:
    """Tell whether all of a heading is a link to the site's front page."""
    link = next(heading.iterancestors("a"), None)
    if link is None:
        link = next(heading.iter("a"), None)
        if link is None or text_of(link) != text_of(heading):
            return False
    href = (link.get("href") or "").strip()
    address = canonicalize_url(absolute_url(base, href) or "")
    if address is None:
        return href == "/"
    home = urlsplit(address)
    return home.path in ("", "/") and not home.query and href != "#"
