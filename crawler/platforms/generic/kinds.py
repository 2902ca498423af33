"""What a page is, decided before anything is read from it."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import islice, takewhile
from urllib.parse import urlsplit

from lxml import etree

from crawler.platforms.base import PageKind
from crawler.platforms.generic.fronts import is_sentence
from crawler.platforms.generic.lists import looks_like_story, teaser_boxes
from crawler.platforms.generic.moments import own_elements, own_times
from crawler.platforms.generic.opening import Html, letters_of, page_url
from crawler.platforms.generic.people import read_authors
from crawler.reading.markup import count_words
from crawler.reading.outline import text_of
from crawler.reading.structured import is_article_node, types_of
from crawler.reading.urls import absolute_url, canonicalize_url

MIN_CARDS = 4
"""Fewest linked headlines that make a list of a page which declares nothing."""
MIN_ALIKE = 2
"""Fewest teasers made alike that make a list of a page with hardly anything else."""
MAX_FOLLOWING = 5
"""Most elements after a headline that belong to its teaser."""
MAX_TEASER_TEXT, MAX_PARTS = 50_000, 100
"""Most characters of teasers, and most paragraphs, compared to tell a list from an article."""
MIN_WORDS = 120
"""Fewest words of running text that make an article of a page which declares nothing."""
_MARGINS = frozenset({"aside", "footer", "form", "header", "nav"})
_HEADINGS = ("h2", "h3", "h4")
_LIST_TYPES = frozenset({"Blog", "CollectionPage", "ItemList", "SearchResultsPage"})
_SINGLE = frozenset({
    "single-post", "node-type-article", "node-type-blog", "node-type-story", "page-node-type-article",
})  # fmt: skip
_POST = re.compile(r"\?p=(\d{1,12})$")
_ERROR_TITLE = re.compile(
    r"(?:error )?(?:40[0134]|410|429|50[0-4])\b.{0,60}|.{0,40}\b(?:page )?not found\b.{0,60}"
    r"|access denied.{0,60}|just a moment\.*|attention required!.{0,60}"
    r"|(?:service|site) (?:temporarily )?unavailable.{0,60}"
    r"|.{0,40}internal server error.{0,60}|bad gateway.{0,60}|forbidden|too many requests.{0,60}"
    r"|are you a robot.{0,60}",
    re.IGNORECASE,
)
_WALL_TITLE = re.compile(
    r"(?:please )?(?:log|sign)[ -]?(?:in|up|on)\b.{0,80}"
    r"|(?:login|register|create (?:an|your) account)\b.{0,80}|before you continue.{0,80}"
    r"|subscribe to (?:continue|read).{0,80}",
    re.IGNORECASE,
)


def guess_kind(html: Html) -> PageKind | None:
    """Return what the page is by its own words; None where only its text can tell."""
    data = html.data
    node = data.article_node()
    titles = [text for text in (html.h1, data.title) if text]
    if node is None and any(_ERROR_TITLE.fullmatch(text[:200]) for text in titles):
        return "error"
    has_password = any(element.get("type") == "password" for element in html.root.iter("input"))
    if node is None and any(_WALL_TITLE.fullmatch(text[:200]) for text in titles):
        return "login_wall"
    if node is None and has_password and count_words(text_of(html.root)) < MIN_WORDS:
        return "login_wall"
    types = {name for found in (*data.jsonld, *data.microdata) for name in types_of(found)}
    n_articles = sum(is_article_node(found) for found in (*data.jsonld, *data.microdata))
    og_type = (data.first_meta("og:type") or "").lower()
    path = urlsplit(html.page.url or "").path
    if path in ("", "/") and html.page.url and og_type != "article":
        return "list"
    is_list_type = bool(types & _LIST_TYPES) and og_type != "article"
    if n_articles > 2 and og_type != "article" and not _names_itself(html):
        return "list"
    if is_list_type and n_articles != 1:
        return "list"
    if node is not None and not (is_list_type and not _names_itself(html)):
        return "article"
    return "article" if og_type == "article" or data.first_meta("article:published_time") else None


def is_of_teasers(html: Html, text: str) -> bool:
    """Tell a list, whose running text is that of its teasers, from an article with teasers beside it.

    Archives declare themselves articles by OpenGraph as often as not, so only a declared date or an article
    object is believed before the text is looked at.

    Args:
        html: The page.
        text: Its running text.
    """
    if html.data.article_node() is not None or html.data.first_meta("article:published_time"):
        return False
    if is_single_post(html):
        return False
    boxes = teaser_boxes(html)
    if len(boxes) < MIN_CARDS and not is_short_list(html, boxes):
        return False
    # Letters alone: where boxes run together in the text there are blanks between them, or none.
    teasers = [letters_of(teaser) for teaser in _bounded(boxes.values())]
    around = "".join(teasers)
    parts = [letters_of(part) for part in text[:MAX_TEASER_TEXT].split("\n")[:MAX_PARTS]]
    n_letters = sum(map(len, parts))
    rest = "\n".join(part for part in parts if part not in around)
    n_outside = len(rest.replace("\n", ""))
    # A part of several teasers stands in none of them: they stand in it.
    n_inside = n_letters - n_outside + sum(len(teaser) for teaser in set(teasers) if teaser in rest)
    return 2 * n_inside >= n_letters


def is_short_list(html: Html, boxes: Mapping[etree._Element, str] | None = None) -> bool:
    """Tell a list of two or three articles from a page that names others beside its own text.

    Its teasers are made alike and stand beside each other in no margin, each with more than a link, and most
    of what the page says is theirs. Under an address like an article's no sentence stands outside of them.

    Args:
        html: The page.
        boxes: As `crawler.platforms.generic.lists.teaser_boxes` gives them, where that is at hand.
    """
    boxes = teaser_boxes(html) if boxes is None else boxes
    if len(boxes) < MIN_ALIKE or len({(box.tag, box.getparent()) for box in boxes}) > 1:
        return False
    first = next(iter(boxes))
    if any(above.tag in _MARGINS for above in first.iterancestors()) or not all(map(_is_teaser, boxes)):
        return False
    held = {element for box in boxes for part in _parts_of(box, boxes) for element in part.iter()}
    around = [
        line.text
        for line in html.page.lines
        if line.element not in held
        and not any(above.tag in _MARGINS for above in (line.element, *line.element.iterancestors()))
    ]
    is_short = 2 * sum(map(len, around)) <= sum(map(len, boxes.values()))
    is_of_article = looks_like_story(html.page.url or "") and any(is_sentence(text) for text in around)
    return is_short and not is_of_article


def _parts_of(box: etree._Element, boxes: Container[etree._Element]) -> Iterator[etree._Element]:
    """Yield a teaser's box; where that is its headline alone, also what follows up to the next."""
    yield box
    if box.tag in _HEADINGS:
        yield from takewhile(lambda each: each not in boxes, islice(box.itersiblings(), MAX_FOLLOWING))


def _is_teaser(box: etree._Element) -> bool:
    """Tell a headline with a heading of its own or words beside it from a mere link."""
    link = next(box.iter("a"), box)
    return (
        box.tag in _HEADINGS or next(box.iter(*_HEADINGS), None) is not None or text_of(box) != text_of(link)
    )


def _bounded(teasers: Iterable[str]) -> Iterator[str]:
    """Yield the first teasers, as many as are compared."""
    n_chars = 0
    for teaser in teasers:
        yield teaser[: MAX_TEASER_TEXT - n_chars]
        n_chars += len(teaser)
        if n_chars >= MAX_TEASER_TEXT:
            return


def is_marked(html: Html) -> bool:
    """Tell a page with one piece that is marked as an article and signed and dated like one, however short.

    A headline in the only article of the page is such a mark; a note or a poem has no more.
    """
    heading = html.heading
    box = (
        next((each for each in heading.iterancestors() if _is_entry(each)), None)
        if heading is not None
        else None
    )
    if heading is None or box is None or any(True for _ in heading.iter("a")):
        return False
    inside = set(box.iter())
    others = (each for each in html.root.iter("article") if each not in inside and each is not box)
    around = set(box.iterancestors())
    if any(each not in around for each in own_elements(html, others)):
        return False
    is_dated = html.front.day is not None or any(True for _ in own_times(html))
    return is_dated and bool(read_authors(html))


def is_single_post(html: Html) -> bool:
    """Tell by the marks of its software that a page is one article, however short and little declared.

    Source:
        ``body_class`` and ``rel="shortlink"`` of WordPress; the classes that Drupal gives a page.
    """
    body = next(html.root.iter("body"), None)
    names = set((body.get("class") or "").split()) if body is not None else set()
    if names & _SINGLE:
        return True
    links = [match[1] for href, _ in html.data.links.get("shortlink", []) if (match := _POST.search(href))]
    own = html.heading.iterancestors() if links and html.heading is not None else ()
    return any(each.get("id") == f"post-{links[0]}" for each in own)


def _is_entry(element: etree._Element) -> bool:
    """Tell an article by its element or, as microformats have it, by its class."""
    return element.tag == "article" or not {"h-entry", "hentry"}.isdisjoint(
        (element.get("class") or "").split()
    )


def is_paid(html: Html) -> bool:
    """Tell whether the page says that its text is not free to read."""
    tier = (html.data.first_meta("article:content_tier", "content_tier") or "").lower()
    return tier == "locked" or any(claims.is_free is False for claims in html.claims)


def _names_itself(html: Html) -> bool:
    """Tell whether an article object of the page gives the page's own address."""
    own = {html.url, page_url(html.page)} - {None}
    for claims in html.claims:
        address = absolute_url(html.base, claims.url) if claims.source != "meta" else None
        if address and canonicalize_url(address) in own:
            return True
    return False
