"""Lists of articles: HTML lists, feeds and sitemaps."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from urllib.parse import urlsplit

from lxml import etree

from crawler.platforms.base import ArticleCard, Page, PageInput, PageLinks
from crawler.platforms.generic.opening import Html, is_same_site, page_url, parse_printed, rels
from crawler.reading.feeds import parse_feed, parse_sitemap
from crawler.reading.markup import count_words
from crawler.reading.outline import text_of
from crawler.reading.urls import absolute_url, canonicalize_url
from crawler.records import MAX_HEADLINE

MAX_CARDS = 1_000
"""Most stories taken from one list; the longest archive page seen has some hundreds."""

_MAX_DEPTH = 60
"""Most elements around a link looked at; real pages nest some 30."""
_MAX_TEASER_PARTS = 5
"""Most elements of one teaser that stand beside its headline: a picture, a date, a name, two paragraphs."""

_MAX_BEFORE = 60
"""Most words of one teaser before its link: a section, the words of a picture, a name, a short standfirst."""

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"}
)
_NO_STORY_PATH = re.compile(
    r"/(?:tags?|category|categories|topics?|authors?|users?|u|page|feed|rss|login|log-in|signin|signup|register"
    r"|about|contact|privacy[\w-]*|terms[\w-]*|search|subscribe|account|cart|legal|imprint|impressum|cookies?)"
    r"(?:/|$)"
    r"|\.(?:jpe?g|png|gif|webp|svg|pdf|zip|mp[34]|css|js|xml|rss|json|ico)$",
    re.IGNORECASE,
)
_STORY_PATH = re.compile(r"/\d{4}/\d{1,2}/|\w-\w+-\w|/(?:p|posts?|story|stories|articles?|news)/[^/]|\d{4}")
_OLDER = re.compile(
    r"(?:next(?: page)?|more stories|(?:[‹«←]\s*)?older(?: posts| stories| entries)?"
    r"|(?:[‹«←]\s*)?ältere (?:beiträge|artikel|einträge)|nächste seite"
    r"|(?:[‹«←]\s*)?articles (?:plus anciens|précédents)|page suivante"
    r"|(?:[‹«←]\s*)?entradas (?:más )?(?:antiguas|anteriores)|página siguiente"
    r"|(?:[‹«←]\s*)?(?:articoli|post) (?:meno recenti|precedenti|più vecchi)|pagina successiva"
    r"|(?:[‹«←]\s*)?(?:postagens|posts) (?:mais )?antig[ao]s|próxima página"
    r"|(?:[‹«←]\s*)?oudere berichten|volgende pagina"
    r"|(?:[‹«←]\s*)?(?:предыдущие|более старые) (?:записи|статьи)|следующая страница"
    r"|次のページ|(?:過去|以前)の(?:投稿|記事)|古い(?:投稿|記事)"
    r"|(?:[‹«←]\s*)?(?:مقالات|مشاركات|تدوينات) أقدم)\s*[›»→>]*|[›»→]",
    re.IGNORECASE,
)
_OLDER_CLASSES = frozenset({
    "blog-pager-older-link", "nav-previous", "older-posts", "pagination-next",
    "wp-block-query-pagination-next",
})  # fmt: skip
"""Of the link to older articles, or of what stands around it, in themes of Blogger, WordPress and Ghost."""
_PAGING = re.compile(r"(?:^|[\s_-])(?:page-numbers|paginat(?:ion|or)|pager|paging)(?:$|[\s_-])")
_HEADINGS = ("h1", "h2", "h3", "h4")


def read_feed(page: PageInput) -> Page:
    """Return a feed's entries as cards."""
    listing = parse_feed(page.text, page.url)
    if listing is None:
        return Page("generic", "unknown", url=page_url(page), missing={"article": "a broken feed"})
    cards = [
        ArticleCard(
            url=canonicalize_url(entry.url) or entry.url,
            headline=entry.title,
            author_name=entry.author_names[0] if entry.author_names else None,
            published_bounds=(entry.published_at, entry.published_at) if entry.published_at else None,
            modified_at=entry.modified_at,
            comment_count=entry.comment_count,
        )
        for entry in listing.entries
    ]
    links = PageLinks(articles=_canonical([card.url for card in cards]), next_page=listing.next_url)
    return Page("generic", "feed", url=page_url(page), title=listing.title, cards=cards, links=links)


def read_sitemap(page: PageInput) -> Page:
    """Return a sitemap's pages as cards; the sitemaps of an index as lists to fetch."""
    listing = parse_sitemap(page.text, page.url)
    entries = listing.entries if listing else ()
    cards = [
        ArticleCard(
            url=canonicalize_url(entry.url) or entry.url,
            headline=entry.title,
            published_bounds=(entry.published_at, entry.published_at) if entry.published_at else None,
            modified_at=entry.modified_at,
        )
        for entry in entries
    ]
    links = PageLinks(
        articles=_canonical([card.url for card in cards]),
        lists=_canonical([entry.url for entry in listing.sitemaps] if listing else []),
    )
    return Page("generic", "sitemap", url=page_url(page), cards=cards, links=links)


def read_cards(html: Html) -> list[ArticleCard]:
    """Return the stories a list links to: headings that are links, and links that hold a heading."""
    found = _story_links(html).items()
    return [_to_card(html, url, text_of(heading), anchor) for url, (heading, anchor) in found]


def looks_like_story(url: str) -> bool:
    """Tell an address like an article's.

    Example:
        >>> urls = ("https://a.example/2026/05/salt", "https://a.example/tag/low-tide-walks", "https://a.example/blog")
        >>> [looks_like_story(url) for url in urls]
        [True, False, False]
    """
    path = urlsplit(url).path
    return _STORY_PATH.search(path) is not None and _NO_STORY_PATH.search(path) is None


def teaser_boxes(html: Html) -> dict[etree._Element, str]:
    """Return the text of each box that teases another story, by the box.

    A box is the largest element around a story's link that holds no other story's, and no running text before
    it: that is an article which names one other. Where the page puts nothing around headline and teaser, the
    box is the headline with what follows up to the next one.
    """
    sizes: dict[etree._Element, int] = {}
    links = [pair for pair in _story_links(html).values() if not _is_in_sentence(pair[1], sizes)]
    titles = list(islice(html.root.iter("h1"), 2))
    own = set(titles[0].iterancestors()) if len(titles) == 1 else set()
    n_links: Counter[etree._Element] = Counter()
    for _, anchor in links:
        n_links.update(islice(anchor.iterancestors(), _MAX_DEPTH))
    boxes: dict[etree._Element, str] = {}
    for heading, anchor in links:
        box = anchor
        n_before = 0
        while (above := box.getparent()) is not None and n_links[above] == 1 and above not in own:
            n_before += sum(count_words(text_of(each)) for each in box.itersiblings(preceding=True))
            if n_before > _MAX_BEFORE:
                break
            box = above
        texts = [text_of(box)]
        if box in (heading, anchor):
            following = takewhile(lambda each: not n_links[each], box.itersiblings())
            texts.extend(text_of(each) for each in islice(following, _MAX_TEASER_PARTS))
        boxes[box] = " ".join(texts)
    return boxes


def _is_in_sentence(anchor: etree._Element, sizes: dict[etree._Element, int]) -> bool:
    """Tell a link in running text; ``sizes`` keeps the lengths of paragraphs, for one may hold many links."""
    paragraph = next((up for up in islice(anchor.iterancestors(), _MAX_DEPTH) if up.tag == "p"), None)
    if paragraph is None:
        return False
    if paragraph not in sizes:
        sizes[paragraph] = len(text_of(paragraph))
    return sizes[paragraph] > 2 * len(text_of(anchor))


def _story_links(html: Html) -> dict[str, tuple[etree._Element, etree._Element]]:
    """Return address -> (element with the headline, its link) of the stories a page links to."""
    found: dict[str, tuple[etree._Element, etree._Element]] = {}
    own = {html.url, page_url(html.page)}
    for heading, anchor in _linked_headings(html.root):
        address = absolute_url(html.base, anchor.get("href"))
        url = canonicalize_url(address) if address else None
        path = urlsplit(url).path if url else ""
        if (
            url is None
            or url in own
            or not text_of(heading)
            or not is_same_site(html, url)
            or path in ("", "/")
        ):
            continue
        if len(found) < MAX_CARDS and not _NO_STORY_PATH.search(path) and url not in found:
            found[url] = heading, anchor
    return found


def next_page(html: Html) -> str | None:
    """Return the next list page: declared, else a link that says so, in words or by its class."""
    declared = [href for href, _ in html.data.links.get("next", [])]
    anchors = list(html.root.iter("a"))
    declared += [a.get("href", "") for a in anchors if "next" in rels(a)]
    declared += [a.get("href", "") for a in anchors if _OLDER.fullmatch(text_of(a)[:60])]
    declared += [a.get("href", "") for a in anchors if _is_classed_older(a)]
    for href in declared:
        address = absolute_url(html.base, href)
        url = canonicalize_url(address) if address else None
        if url and is_same_site(html, url) and url != page_url(html.page):
            return url
    return None


def _is_classed_older(anchor: etree._Element) -> bool:
    """Tell the link to older articles by its class; "next" is one only among numbers of pages."""
    above = anchor.getparent()
    own = anchor.get("class") or ""
    around = (above.get("class") or "") if above is not None else ""
    if not _OLDER_CLASSES.isdisjoint((*own.split(), *around.split())):
        return True
    is_next = "next" in own.split() or "next" in around.split()
    return is_next and any(
        _PAGING.search(each.get("class") or "") for each in (anchor, *islice(anchor.iterancestors(), 3))
    )


def feed_links(html: Html) -> tuple[str, ...]:
    """Return the feeds the site declares; those of comments tell of no articles."""
    found = [
        absolute_url(html.base, href)
        for href, kind in html.data.links.get("alternate", [])
        if kind.split(";")[0].strip().lower() in _FEED_TYPES and "comments" not in href.lower()
    ]
    return _canonical([url for url in found if url])


def _canonical(urls: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for url in urls if (found := canonicalize_url(url))))


def _linked_headings(root: etree._Element) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Yield (element with the headline, its link), in page order.

    A link without words lies over all of its teaser, as in themes of Hugo: the headline is beside it.
    """
    for element in root.iter("a", *_HEADINGS):
        if element.tag == "a":
            inner = next(element.iter(*_HEADINGS), None)
            if inner is None and len(element) == 0 and not (element.text or "").strip():
                inner = _heading_under(element)
            if inner is not None:
                yield inner, element
            elif _STORY_PATH.search(element.get("href", "")) and len(text_of(element).split()) >= 4:
                yield element, element
        else:
            link = next(element.iter("a"), None)
            if link is not None:
                yield element, link


def _heading_under(anchor: etree._Element) -> etree._Element | None:
    """Return the only heading beside an empty link in an article's box, if it is no link itself."""
    box = anchor.getparent()
    if box is None or box.tag not in ("article", "li"):
        return None
    if next(islice(box, _MAX_TEASER_PARTS, None), None) is not None:  # its length takes counting all
        return None
    headings = list(islice(box.iter(*_HEADINGS), 2))
    is_only = len(headings) == 1 and next(headings[0].iter("a"), None) is None
    return headings[0] if is_only else None


def _to_card(html: Html, url: str, headline: str, anchor: etree._Element) -> ArticleCard:
    """Return a card with what its own box prints."""
    box = next((up for up in anchor.iterancestors("article", "li")), None)
    moment = next(box.iter("time"), None) if box is not None else None
    reading = None
    if moment is not None:
        reading = parse_printed(html, moment.get("datetime")) or parse_printed(html, text_of(moment))
    authors = [text_of(a) for a in box.iter("a") if "author" in rels(a)] if box is not None else []
    return ArticleCard(
        url=url,
        headline=headline[:MAX_HEADLINE],
        author_name=next((name for name in authors if name), None),
        published_bounds=reading.bounds if reading else None,
    )
