"""Who wrote an article: persons, in order, and never the outlet where a person is named."""

import re

from crawler.platforms.generic.opening import Html, find_classed, rels
from crawler.reading.markup import fold_text
from crawler.reading.outline import text_of
from crawler.reading.structured import as_text, types_of
from crawler.reading.urls import absolute_url
from crawler.records import AuthorRef

_GROUP_TYPES = frozenset({"Organization", "NewsMediaOrganization", "Corporation", "WebSite", "Brand", "Blog"})
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author(?:[\s_-]?(?:name|line|info))?)(?:$|[\s_-])", re.IGNORECASE
)
_BYLINE = re.compile(r"(?P<by>by|von|par|por|written by|words by)[: ]\s*(?P<names>\S.{1,150})", re.IGNORECASE)
_NAMES_END = re.compile(
    r"\s*(?:[•·|,]|\bon\b|\bpublished\b|\bupdated\b|\bin\b)\s*(?:\w+ )?\d.*|\s*[•·|].*", re.IGNORECASE
)
_JOINED = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|&|und|et)\s+")


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
        match = _BYLINE.match(read_byline(html) or "")
        names = _NAMES_END.sub("", match["names"]) if match else ""
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
    lines = html.page.lines
    return next((line.text for line in lines if len(line.text) <= 100 and _is_signature(line.text)), None)


def group_names(html: Html) -> set[str]:
    """Return the names of outlets: organizations and sites, never persons."""
    names = {
        as_text(node.get("name"))
        for node in (*html.data.jsonld, *html.data.microdata)
        if _GROUP_TYPES.intersection(types_of(node))
    }
    return {name for name in (*names, html.site_name) if name}


def _part_names(printed: str) -> list[str]:
    """Part "Ann Lee, Bo Ray and Cy Dee"; a name of one word is not parted off."""
    match = _BYLINE.fullmatch(printed[:200]) if printed[:3].lower() in ("by ", "by:") else None
    printed = (match["names"] if match else printed).strip(" ,;")[:200]
    names = [name for name in _JOINED.split(printed) if name]
    is_list = len(names) > 1 and all(len(name.split()) in (2, 3, 4) for name in names)
    return names if is_list else ([printed] if printed else [])


def _is_signature(text: str) -> bool:
    """Tell "By Ann Lee" from a sentence that begins with "By"."""
    match = re.match(r"By (?=[^\W\d_a-z])(\S.*)", text)
    return match is not None and not text.endswith((".", "!", "?", ":")) and len(text.split()) <= 12
