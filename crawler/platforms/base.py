"""What every platform's reader takes and gives.

A reader is a pure function of a `PageInput`: no network, no clock, no database, so a saved page is a whole
test. Adding a platform is one new module with a `PLATFORM` in it and one line in `crawler.platforms`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal, Protocol

from lxml import etree

from crawler.reading.characters import strip_invisible
from crawler.reading.outline import Line, parse_html, read_lines
from crawler.reading.structured import Structured, read_structured
from crawler.reading.urls import absolute_url
from crawler.records import ArticleRecord, AuthorRecord, Bounds, CommentRecord

PageKind = Literal["article", "list", "author", "feed", "sitemap", "login_wall", "error", "unknown"]
"""What a page is. Only an "article" carries an ``ArticleRecord``; on an "unknown" one nothing was found."""


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """What a list page, feed or sitemap tells of one article; a hint, never stored as an article.

    Attributes:
        url: Canonical address.
        headline: As printed, with appended badges taken off; None where the list prints none.
        author_name: As printed.
        published_bounds: (earliest, latest) of the printed date, aware UTC.
        modified_at: Exact time of the last change, from a sitemap or feed.
        badges: "Top Story - October 2023", "AI-Generated", ... in printed order.
        comment_count: As printed.
    """

    url: str
    headline: str | None = None
    author_name: str | None = None
    published_bounds: Bounds | None = None
    modified_at: datetime | None = None
    badges: tuple[str, ...] = ()
    comment_count: int | None = None


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What to fetch next; absolute canonical addresses in page order without doubles.

    Attributes:
        articles: Stories that this list page, author page, feed or sitemap names. A story page names none.
        comment_pages: Further pages of this story's comments.
        authors: Pages of the authors of this story.
        lists: Further sitemaps that a sitemap index names, or feeds a site declares.
        next_page: The next list page; None on the last one.
    """

    articles: tuple[str, ...] = ()
    comment_pages: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    next_page: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What one page says.

    Attributes:
        platform: Name of the platform whose reader read it.
        kind: What the page is.
        url: Its canonical address; None for a copied text without one.
        title: Name of the list, community, author or site, where the page is not an article.
        article: The article, on a page of kind "article" only.
        comments: In reading order; a parent comes before its replies.
        authors: The persons the page describes beyond their name: the author block, the author page.
        cards: What a list tells of its articles, in page order.
        links: What to fetch next.
        missing: Field -> why it is None, for fields a reader would expect: "not printed", "ambiguous: ...".
        warnings: Sentences for the operator: "tags printed without separator, kept as one".
    """

    platform: str
    kind: PageKind
    url: str | None = None
    title: str | None = None
    article: ArticleRecord | None = None
    comments: list[CommentRecord] = field(default_factory=list)
    authors: list[AuthorRecord] = field(default_factory=list)
    cards: list[ArticleCard] = field(default_factory=list)
    links: PageLinks = PageLinks()
    missing: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(eq=False)
class PageInput:
    """One fetched or saved page, decoded as a browser would, parsed at most once.

    Attributes:
        url: Where it came from; None for a copied text.
        seen_at: The response's time less its Age; aware UTC. Relative dates count from here.
        media_type: "text/html", "application/json", "application/xml" or "text/plain", sniffed where the
            header is missing or lies.
        text: The decoded body.
        known_tags: Tag names that help to split glued ones.
        headers: Of the response; names in lower case.
        data: ``text`` in UTF-8, where the body was just that.
    """

    url: str | None
    seen_at: datetime
    media_type: str
    text: str
    known_tags: Collection[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    data: bytes | None = None

    @cached_property
    def root(self) -> etree._Element | None:
        """The tree of an HTML page without comments; None for other types and for an empty page.

        Readers may change the tree: nobody reads it after them.
        """
        return self.parse()

    def parse(self) -> etree._Element | None:
        """Return ``root`` as it was before anything changed it, in a tree of its own."""
        if self.media_type != "text/html":
            return None
        text = strip_invisible(self.text)
        return parse_html(text, self.data if text is self.text else None)

    @cached_property
    def lines(self) -> list[Line]:
        """What a person sees of an HTML page, line by line; [] for other types."""
        return read_lines(self.root) if self.root is not None else []

    @cached_property
    def structured(self) -> Structured:
        """What the page's scripts, meta elements and microdata say."""
        # An item that says what it is names the vocabulary; most pages do not, and need no search.
        has_microdata = "schema.org" in self.text
        return read_structured(self.root, has_microdata=has_microdata)

    @cached_property
    def base_url(self) -> str | None:
        """Address that links on the page count from; a saved page without one may declare it."""
        base = absolute_url(self.url, self.structured.base) or self.url
        if base is not None:
            return base
        declared = [href for href, _ in self.structured.links.get("canonical", [])]
        declared += self.structured.meta.get("og:url", [])
        return next((url for href in declared if (url := absolute_url(None, href))), None)


class Platform(Protocol):
    """A publishing platform's reader.

    Attributes:
        name: The word used in seeds, records and counters; lower case.
    """

    name: str

    def recognizes(self, page: PageInput) -> bool:
        """Tell whether the page's own markers are this platform's; the host alone never decides."""
        ...

    def canonical_url(self, url: str) -> str:
        """Return the one address of what ``url`` points to, without asking the network."""
        ...

    def read(self, page: PageInput) -> Page:
        """Read the page.

        Raises:
            PageLayoutChanged: It is an article whose headline or body can't be found.
            RecordError: A field breaks its promise.
        """
        ...
