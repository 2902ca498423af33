"""An HTML page with what several readers need of it, computed once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from crawler.platforms.base import PageInput
from crawler.platforms.generic.fronts import Front, read_front
from crawler.platforms.generic.headings import find_headings
from crawler.reading.claims import Claims, all_claims
from crawler.reading.dates import DateReading, parse_date
from crawler.reading.markup import fold_text
from crawler.reading.outline import text_of
from crawler.reading.structured import Structured
from crawler.reading.urls import absolute_url, canonicalize_url, host_of

MAX_CLASSED = 40
"""Most elements of one class looked into; boxes nested in each other repeat their text."""

_NO_LETTERS = re.compile(r"[\W_]+")
_PAGE_IN_PATH = re.compile(r"/comment-page-(\d{1,4})(/?)$")


@dataclass(slots=True)
class Html:
    """One HTML page with what several readers need of it.

    Attributes:
        page: The page itself.
        root: Its tree.
        data: What it declares.
        claims: The same by source, most trusted first.
        base: Address that relative links count from.
        url: Its canonical address.
        heading: The first-level heading of its article, or of the list it is.
        h1: Its text.
        site_name: Name of the site, as declared or as the heading that leads to the front page says.
        front: What stands around the headline.
        teasers: The boxes that tease other stories, once they were looked for.
    """

    page: PageInput
    root: etree._Element
    data: Structured
    claims: list[Claims]
    base: str | None
    url: str | None
    heading: etree._Element | None
    h1: str | None
    site_name: str | None
    front: Front
    teasers: dict[etree._Element, str] | None = None


def open_html(page: PageInput, root: etree._Element) -> Html:
    """Compute what the readers share.

    Args:
        page: The page.
        root: Its tree.
    """
    data = page.structured
    base = page.base_url
    declared = data.first_meta("og:site_name", "application-name")
    claims = all_claims(data)
    titles = [title for title in (data.title, *(each.headline for each in claims)) if title]
    heading, site_heading = find_headings(root, titles=titles, site_name=declared, base=base)
    return Html(
        page=page,
        root=root,
        data=data,
        claims=claims,
        base=base,
        url=_canonical_of(page, data, base),
        heading=heading,
        h1=text_of(heading) if heading is not None else None,
        site_name=declared or site_heading,
        front=read_front(page.lines, heading, title=data.title, seen_at=page.seen_at, language=data.language),
    )


def page_url(page: PageInput) -> str | None:
    """Return where the page came from in its one spelling."""
    return canonicalize_url(page.url) if page.url else None


def page_of_comments(url: str) -> int | None:
    """Return the page of an article's comments that an address leads to; None for any other.

    Source:
        WordPress, paged comments: ``/comment-page-2/``, and ``?cpage=2`` without speaking addresses.

    Example:
        >>> urls = ("https://a.example/salt/comment-page-2/#comments", "https://a.example/?p=4&cpage=3", "https://a.example/salt")
        >>> [page_of_comments(url) for url in urls]
        [2, 3, None]
    """
    parts = urlsplit(url)
    match = _PAGE_IN_PATH.search(parts.path)
    number = match[1] if match else next(iter(parse_qs(parts.query).get("cpage", [])), "")
    return int(number) if number.isdecimal() and len(number) < 5 else None


def story_of_comments(url: str) -> str:
    """Return the article whose further comments lie at an address below its own; other addresses as they are.

    Example:
        >>> story_of_comments("https://a.example/salt/comment-page-2/")
        'https://a.example/salt/'
    """
    parts = urlsplit(url)
    kept = [each for each in parts.query.split("&") if not each.startswith("cpage=")]
    return parts._replace(path=_PAGE_IN_PATH.sub(r"\2", parts.path), query="&".join(kept)).geturl()


def is_same_site(html: Html, url: str) -> bool:
    """Tell whether an address is on the page's own host, with or without "www."."""
    own, other = host_of(html.page.url or html.url or ""), host_of(url)
    return own is None or (other or "").removeprefix("www.") == own.removeprefix("www.")


def is_same_outlet(html: Html, url: str) -> bool:
    """Tell whether an address is on the page's own host or on another of the same domain.

    Example: "sport.harbor.example" and "news.harbor.example" are of one outlet.
    """
    own, other = host_of(html.page.url or html.url or ""), host_of(url)
    return own is None or (other is not None and domain_labels(own) == domain_labels(other))


def domain_labels(host: str) -> list[str]:
    """Return the labels of the domain that a host's owner has registered, as far as the host tells it.

    Example:
        >>> domain_labels("www.news.harbor.example"), domain_labels("sport.harbor.co.uk")
        (['harbor', 'example'], ['harbor', 'co', 'uk'])
    """
    labels = host.split(".")
    n_behind = 2 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else 1
    return labels[-n_behind - 1 :]


def rels(element: etree._Element) -> list[str]:
    """Return the words of an element's ``rel``."""
    return (element.get("rel") or "").lower().split()


def _canonical_of(page: PageInput, data: Structured, base: str | None) -> str | None:
    """Return the declared canonical address, unless it is the site's front page under a deeper one.

    A further page of comments is one of its story.
    """
    own = page_url(page)
    if own is not None:
        own = canonicalize_url(story_of_comments(own))
    declared = [href for href, _ in data.links.get("canonical", [])]
    declared += [address for address in (data.first_meta("og:url"),) if address]
    for href in declared:
        address = absolute_url(base, href)
        found = canonicalize_url(address) if address else None
        if found and (
            urlsplit(found).path not in ("", "/") or own is None or urlsplit(own).path in ("", "/")
        ):
            return canonicalize_url(story_of_comments(found))
    return own


def names_of(element: etree._Element) -> str:
    """Return an element's own names together: class, ``itemprop`` and ``rel``."""
    return f"{element.get('class', '')} {element.get('itemprop', '')} {element.get('rel', '')}"


def find_classed(html: Html, pattern: re.Pattern[str], *tags: str) -> Iterator[str]:
    """Yield the texts of the first elements whose class, ``itemprop`` or ``rel`` matches; none empty.

    Args:
        html: The page.
        pattern: Searched in the three attributes together.
        *tags: Names of the elements looked at.
    """
    n_found = 0
    for element in html.root.iter(*tags):
        if pattern.search(names_of(element)):
            n_found += 1
            text = text_of(element)
            if text:
                yield text
        if n_found >= MAX_CLASSED:
            return


def parse_printed(html: Html, text: str | None) -> DateReading | None:
    """Read a date that stands on the page, in its language and seen when the page was."""
    if not text:
        return None
    language = html.data.language
    return parse_date(text, seen_at=html.page.seen_at, language=language, is_timeago=False)


def letters_of(text: str) -> str:
    r"""Return the letters and digits of a text, folded: a key for texts whose blanks and marks may differ.

    Example:
        >>> letters_of("By Ann,\n3 May") == letters_of("by Ann 3 May")
        True
    """
    return _NO_LETTERS.sub("", fold_text(text))
