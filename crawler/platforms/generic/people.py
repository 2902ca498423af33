"""Who wrote an article: persons, in order, and never the outlet where a person is named."""

import re
from itertools import islice

from lxml import etree

from crawler.platforms.generic.fronts import are_names
from crawler.platforms.generic.headings import SITE_MARKS
from crawler.platforms.generic.moments import MAX_DEPTH, own_elements
from crawler.platforms.generic.opening import MAX_CLASSED, Html, find_classed, letters_of, rels
from crawler.reading.markup import fold_text
from crawler.reading.outline import text_of
from crawler.reading.structured import as_text, types_of
from crawler.reading.urls import absolute_url, host_of
from crawler.records import AuthorRef

_GROUP_TYPES = frozenset({"Organization", "NewsMediaOrganization", "Corporation", "WebSite", "Brand", "Blog"})
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author(?:[\s_-]?(?:name|line|info))?)(?:$|[\s_-])", re.IGNORECASE
)
_CARD_CLASSES = frozenset({"vcard", "h-card"})
_NAME_CLASSES = frozenset({"fn", "p-name"})
_BYLINE = re.compile(
    r"(?P<by>(?:(?:written|words|posted|published|story|text) )?by|von|par|por)[: ]\s*(?P<names>\S.{1,150})",
    re.IGNORECASE,
)
_NAMES_END = re.compile(
    r"\s*(?:[•·|,]|\bon\b|\bat\b|\bpublished\b|\bupdated\b|\bin\b)\s*(?:\w+ )?\d.*|\s*[•·|].*", re.IGNORECASE
)
_SIGNATURE = re.compile(r"(?:By|(?:Posted|Written|Published) by) (?=[^\W\d_a-z])(\S.*)")
_JOINED = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|&|und|et)\s+")

MAX_CARD_NAMES = 10
"""Most persons named in one card."""


def read_authors(html: Html) -> list[AuthorRef]:
    """Return the persons who wrote it, in order; the outlet only where nobody else is named."""
    outlets = {fold_text(name) for name in group_names(html)}
    candidates: list[tuple[str, str | None]] = []
    for claims in html.claims:
        persons = [(name, url) for name, url in claims.authors if fold_text(name) not in outlets]
        if persons:
            candidates = persons
            break
    if not candidates:
        candidates = [(text_of(a), a.get("href")) for a in html.root.iter("a") if "author" in rels(a)]
        candidates = [(name, url) for name, url in candidates if name and fold_text(name) not in outlets]
    if not candidates:
        candidates = [(name, url) for name, url in _read_cards(html) if fold_text(name) not in outlets]
    if not candidates:
        byline = read_byline(html)
        names = html.front.names if byline == html.front.byline else None
        match = _BYLINE.match(byline or "") if names is None else None
        names = _NAMES_END.sub("", match["names"]) if match else names
        candidates = [(names, None)] if names and fold_text(names) not in outlets else []
    if not candidates:
        candidates = next((claims.authors for claims in html.claims if claims.authors), [])
    found: dict[str, AuthorRef] = {}
    for printed, url in candidates[:50]:
        for name in _part_names(printed):
            address = absolute_url(html.base, url) if url else None
            found.setdefault(fold_text(name), AuthorRef(name=name, url=address))
    return list(found.values())


def read_byline(html: Html) -> str | None:
    """Return the printed line that names the authors."""
    for text in find_classed(html, _BYLINE_CLASS, "p", "div", "span", "address", "a", "li", "small"):
        if 1 < len(text) <= 200:
            return text
    if html.front.byline:
        return html.front.byline
    lines = html.page.lines
    return next((line.text for line in lines if len(line.text) <= 100 and _is_signature(line.text)), None)


def _read_cards(html: Html) -> list[tuple[str, str | None]]:
    """Return name and address of the persons whose card is marked as the author's.

    Of several the first and those beside it count: further down the page the cards tell of other articles.

    Source:
        The microformats hCard (``author vcard``, ``fn``) and h-card (``p-author``, ``p-name``).
    """
    marked = list(islice((each for each in html.root.iter() if _is_card(each)), MAX_CLASSED))
    cards = list(own_elements(html, marked)) if marked else []
    found: list[tuple[str, str | None]] = []
    for card in cards:
        if card.getparent() is not cards[0].getparent():
            continue
        named = [each for each in card.iter() if not _NAME_CLASSES.isdisjoint(_classes(each))]
        # One that holds another names it again.
        outer = {
            above for each in named[:MAX_CARD_NAMES] for above in islice(each.iterancestors(), MAX_DEPTH)
        }
        named = [each for each in named[:MAX_CARD_NAMES] if each not in outer]
        for element in named or [card]:
            name = text_of(element)
            # Of several persons in one card each has a link of its own, if any.
            links = [*islice(element.iterancestors("a"), 1), *islice(element.iter("a"), 1)]
            links += [] if len(named) > 1 else islice(card.iter("a"), 1)
            if name and are_names(name):
                found.append((name, next((link.get("href") for link in links), None)))
    return found


def _is_card(element: etree._Element) -> bool:
    names = _classes(element)
    return "p-author" in names or ("author" in names and not _CARD_CLASSES.isdisjoint(names))


def _classes(element: etree._Element) -> list[str]:
    value = element.get("class")
    return value.split() if value else []


def group_names(html: Html) -> set[str]:
    """Return the names of outlets: organizations and sites, never persons.

    One that a title ends with is often shorter than what is declared, or the host's.
    """
    names = {
        as_text(node.get("name"))
        for node in (*html.data.jsonld, *html.data.microdata)
        if _GROUP_TYPES.intersection(types_of(node))
    }
    told = {name for name in (*names, html.site_name) if name}
    folded = [fold_text(name) for name in told]
    hosts = host_names(html)
    for title in (html.data.title, *(claims.headline for claims in html.claims)):
        tails = (title.rpartition(mark)[2].strip() for mark in SITE_MARKS if mark in title) if title else ()
        for tail in tails:
            own = fold_text(tail)
            is_cut = any(name.startswith(own) and 2 * len(own) >= len(name) for name in folded)
            if is_cut or letters_of(tail) in hosts:
                told.add(tail)
    return told


def host_names(html: Html) -> set[str]:
    """Return the letters of the page's host, whole and without what stands around its name.

    Example: "news.harbor.example" -> {"newsharborexample", "harborexample", "harbor"}.
    """
    host = (host_of(html.page.url or html.url or "") or "").removeprefix("www.")
    labels = host.split(".")
    if len(labels) < 2:
        return set()
    n_behind = 2 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else 1
    own = labels[-n_behind - 1]
    return {letters_of(host), letters_of("".join(labels[-n_behind - 1 :])), letters_of(own)}


def _part_names(printed: str) -> list[str]:
    """Part "Ann Lee, Bo Ray and Cy Dee"; a name of one word is not parted off."""
    match = _BYLINE.fullmatch(printed[:200]) if printed[:3].lower() in ("by ", "by:") else None
    printed = (match["names"] if match else printed).strip(" ,;")[:200]
    names = [name for name in _JOINED.split(printed) if name]
    is_list = len(names) > 1 and all(len(name.split()) in (2, 3, 4) for name in names)
    return names if is_list else ([printed] if printed else [])


def _is_signature(text: str) -> bool:
    """Tell "By Ann Lee" from a sentence that begins with "By"."""
    match = _SIGNATURE.match(text)
    return match is not None and not text.endswith((".", "!", "?", ":")) and len(text.split()) <= 12
