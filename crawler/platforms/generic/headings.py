"""Which of a page's headings names its article, and which the site."""

from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from crawler.reading.markup import fold_text
from crawler.reading.outline import text_of
from crawler.reading.urls import absolute_url, canonicalize_url

MAX_HEADINGS = 20
"""Most first-level headings looked at; the article's own stands among the first."""

SITE_MARKS = (" | ", " - ", " – ", " — ", " · ", " » ", ": ")
"""What titles put between an article's headline and the name of its site."""


def find_headings(
    root: etree._Element, *, title: str | None, site_name: str | None, base: str | None
) -> tuple[etree._Element | None, str | None]:
    """Return the heading of the article, and the site's name where it is a heading too.

    A heading that leads to the front page is the site's name. Of several others the first is the article's,
    unless it is the site's declared name or the title begins with a later one alone. Where none is left, one
    of a lower level is the article's if the title names it.

    Args:
        root: The page's tree.
        title: Its ``<title>``.
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
    if not headings:
        lower = (element for tag in ("h2", "h3") for element in islice(_with_text(root, tag), MAX_HEADINGS))
        return next((each for each in lower if is_in_title(text_of(each), title)), None), site_heading
    named = [each for each in headings if begins_title(text_of(each), title)]
    return (named or headings)[0], site_heading


def begins_title(heading: str, title: str | None) -> bool:
    """Tell whether a page's title is a heading, alone or before the name of the site.

    Example:
        >>> begins_title("Salt", "Salt | Tidal"), begins_title("Salt", "Salted fish")
        (True, False)
    """
    own, whole = fold_text(heading), fold_text(title or "")
    return own == whole or whole.startswith(tuple(own + mark.rstrip() for mark in SITE_MARKS if mark != ": "))


def is_in_title(heading: str, title: str | None) -> bool:
    """Tell whether a page's title is a heading, alone or beside the name of the site.

    Example:
        >>> is_in_title("Salt", "Tidal: Salt"), is_in_title("Salt", "Tidal salt")
        (True, False)
    """
    own, whole = fold_text(heading), fold_text(title or "")
    return begins_title(heading, title) or whole.endswith(tuple(mark + own for mark in SITE_MARKS))


def first_subheading(root: etree._Element) -> str | None:
    """Return the first heading of the second level that stands in no menu, margin, head or foot."""
    for element in islice(_with_text(root, "h2"), MAX_HEADINGS):
        if next(element.iterancestors("nav", "aside", "footer", "header"), None) is None:
            return text_of(element)
    return None


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
