"""Who wrote an article: persons, in order, and never the outlet where a person is named."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from lxml import etree

from crawler.platforms.generic.fronts import are_names
from crawler.platforms.generic.headings import SITE_MARKS
from crawler.platforms.generic.moments import MAX_DEPTH, is_of_comments, own_elements
from crawler.platforms.generic.naming import names_in_line, part_names
from crawler.platforms.generic.opening import MAX_CLASSED, Html, domain_labels, letters_of, names_of, rels
from crawler.reading.markup import fold_text
from crawler.reading.outline import text_of
from crawler.reading.structured import as_text, types_of
from crawler.reading.urls import absolute_url, host_of
from crawler.records import AuthorRef

_GROUP_TYPES = frozenset({"Organization", "NewsMediaOrganization", "Corporation", "WebSite", "Brand", "Blog"})
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author(?:[\s_-]?(?:name|line|info))?)(?:$|[\s_-])", re.IGNORECASE
)
_BYLINE_TAGS = ("p", "div", "span", "address", "a", "li", "small", "h3", "h4", "h5", "h6")
_CARD_CLASSES = frozenset({"vcard", "h-card"})
_NAME_CLASSES = frozenset({"fn", "p-name"})
_SIGNATURE = re.compile(r"(?:By|(?:Posted|Written|Published) by) (?=[^\W\d_a-z])(\S.*)")
_TITLES = frozenset({"jr", "sr", "ii", "iii", "iv", "dr", "prof", "mr", "mrs", "ms"})
"""Words beside a name that only a person bears."""
_FACE = re.compile(r"(?:^|[\s_-])(?:avatar|gravatar|headshot)(?:$|[\s_-])", re.IGNORECASE)

MAX_BYLINE = 200
"""Most characters of a line that names the authors."""
MAX_AROUND = 6
"""Most lines above or below a headline among which its author's face stands."""
MAX_CARD_NAMES = 10
"""Most persons named in one card."""


def read_authors(html: Html) -> list[AuthorRef]:
    """Return the persons who wrote it, in order; the outlet only where nobody else is named."""
    is_outlet = outlet_test(html)
    for candidates in _candidates(html):
        if found := _part_each(html, candidates, is_outlet):
            return found
    declared = next((claims.authors for claims in html.claims if claims.authors), [])
    return _part_each(html, declared, lambda _: False)


def _part_each(
    html: Html, candidates: list[tuple[str, str | None]], is_outlet: Callable[[str], bool]
) -> list[AuthorRef]:
    """Return the persons of lines of names with their addresses, each once."""
    found: dict[str, AuthorRef] = {}
    for printed, url in candidates[:50]:
        for name in part_names(printed, is_outlet):
            address = absolute_url(html.base, url) if url else None
            found.setdefault(fold_text(name), AuthorRef(name=name, url=address))
    return list(found.values())


def _candidates(html: Html) -> Iterator[list[tuple[str, str | None]]]:
    """Yield what may name the authors, as (names, address), most trusted first."""
    yield from _declared(html)
    yield _read_cards(html)
    byline = read_byline(html)
    names = html.front.names if byline == html.front.byline else None
    names = names or names_in_line(byline or "", is_marked=True)
    yield [(names, None)] if names else []
    yield _read_face(html)


def _declared(html: Html) -> Iterator[list[tuple[str, str | None]]]:
    for claims in html.claims:
        yield claims.authors
    marked = (element for element in html.root.iter("a") if "author" in rels(element))
    links = [element for element in islice(marked, MAX_CLASSED) if text_of(element)]
    yield [(text_of(link), link.get("href")) for link in own_elements(html, links)] if links else []


def read_byline(html: Html) -> str | None:
    """Return the printed line that names the authors."""
    declared = tuple(name for names in _declared(html) for name, _ in names if name)
    for text in _read_classed(html):
        if text.startswith(declared) or names_in_line(text, is_marked=True):
            return text
    if html.front.byline:
        return html.front.byline
    lines = html.page.lines
    return next((line.text for line in lines if len(line.text) <= 100 and _is_signature(line.text)), None)


def _read_classed(html: Html) -> Iterator[str]:
    """Yield the texts of the article's own elements whose names say that they hold the author."""
    classed = (each for each in html.root.iter(*_BYLINE_TAGS) if _BYLINE_CLASS.search(names_of(each)))
    marked = [each for each in islice(classed, MAX_CLASSED) if not is_of_comments(each)]
    told = {each: text for each in marked if 1 < len(text := text_of(each)) <= MAX_BYLINE}
    for element in own_elements(html, told) if told else ():
        yield told[element]


def _read_face(html: Html) -> list[tuple[str, str | None]]:
    """Return name and address of the person whose face is a link near the headline, if it bears the name."""
    lines = html.page.lines
    own = set(html.heading.iter()) if html.heading is not None else set()
    place = next((at for at, line in enumerate(lines) if line.element in own), None)
    if place is None:
        return []
    near = (line for line in lines[max(0, place - MAX_AROUND) : place + MAX_AROUND] if line.tag == "img")
    for line in near:
        link = next(line.element.iterancestors("a"), None)
        if link is None or not _FACE.search(line.element.get("class") or ""):
            continue
        name = text_of(link)
        if 2 <= len(name.split()) <= 4 and are_names(name):
            return [(name, link.get("href"))]
    return []


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
    told = declared_groups(html)
    folded = [fold_text(name) for name in told]
    hosts = host_names(html)
    found = set(told)
    for title in (html.data.title, *(claims.headline for claims in html.claims)):
        tails = (title.rpartition(mark)[2].strip() for mark in SITE_MARKS if mark in title) if title else ()
        for tail in tails:
            own = fold_text(tail)
            is_cut = any(name.startswith(own) and 2 * len(own) >= len(name) for name in folded)
            if is_cut or letters_of(tail) in hosts:
                found.add(tail)
    return found


def declared_groups(html: Html) -> set[str]:
    """Return the names that the page declares of organizations and sites."""
    names = {
        as_text(node.get("name"))
        for node in (*html.data.jsonld, *html.data.microdata)
        if _GROUP_TYPES.intersection(types_of(node)) and "Person" not in types_of(node)
    }
    return {name for name in (*names, html.site_name) if name}


def outlet_test(html: Html) -> Callable[[str], bool]:
    """Return what tells the name of the page's outlet from a person's.

    It is a declared one, alone or among other words, or that of the host; but a person's site may bear the
    person's name, so that a name with the shape of a person's is not the host's.
    """
    folded = {fold_text(name) for name in declared_groups(html)}
    longer = tuple(f" {name} " for name in folded if " " in name)
    hosts = host_names(html)

    def is_outlet(name: str) -> bool:
        own = fold_text(name)
        among = (f" {own} ".partition(each) for each in longer if each in f" {own} ")
        if own in folded or any(not _is_title(f"{before} {behind}") for before, _, behind in among):
            return True
        is_personal = len(name.split()) in (2, 3, 4) and are_names(name) and not name.isupper()
        return letters_of(name) in hosts and not is_personal

    return is_outlet


def _is_title(words: str) -> bool:
    told = [word.strip(".,") for word in words.split()]
    return bool(told) and _TITLES.issuperset(told)


def host_names(html: Html) -> set[str]:
    """Return the letters of the page's host, whole and without what stands around its name.

    Example: "news.harbor.example" -> {"newsharborexample", "harborexample", "harbor"}.
    """
    host = (host_of(html.page.url or html.url or "") or "").removeprefix("www.")
    labels = host.split(".")
    if len(labels) < 2:
        return set()
    own = domain_labels(host)
    return {letters_of(host), letters_of("".join(own)), letters_of(own[0])}


def _is_signature(text: str) -> bool:
    """Tell "By Ann Lee" from a sentence that begins with "By"."""
    match = _SIGNATURE.match(text)
    return match is not None and not text.endswith((".", "!", "?", ":")) and len(text.split()) <= 12
