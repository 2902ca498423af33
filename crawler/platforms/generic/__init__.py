"""Pages of no known platform, feeds and sitemaps: read by what they declare and by the shape of running text.

It is the last platform asked and recognizes every page. What a page is, is decided before anything is read
from it: a wall, an error page or a list never becomes an article.
"""

from crawler.errors import PageLayoutChanged
from crawler.platforms.base import Page, PageInput, PageLinks
from crawler.platforms.generic.article import to_article
from crawler.platforms.generic.body import read_body, read_headline
from crawler.platforms.generic.kinds import (
    MIN_CARDS,
    MIN_WORDS,
    guess_kind,
    is_marked,
    is_of_teasers,
    is_paid,
    is_short_list,
    is_single_post,
)
from crawler.platforms.generic.lists import feed_links, next_page, read_cards, read_feed, read_sitemap
from crawler.platforms.generic.opening import Html, open_html, page_url
from crawler.reading.feeds import is_feed, is_sitemap
from crawler.reading.markup import count_words, html_to_text
from crawler.reading.urls import canonicalize_url


class GenericPlatform:
    """Reads whatever no other platform recognizes; see `crawler.platforms.base.Platform`."""

    name = "generic"

    def recognizes(self, page: PageInput) -> bool:
        """Take every page that can be read at all."""
        return page.media_type != "text/plain"

    def canonical_url(self, url: str) -> str:
        """Return the one spelling of an address; see `crawler.reading.urls.canonicalize_url`."""
        return canonicalize_url(url) or url

    def read(self, page: PageInput) -> Page:
        """Read a page, feed or sitemap.

        Raises:
            PageLayoutChanged: The page declares an article of which no text can be found.
            RecordError: A field breaks its promise.
        """
        if is_sitemap(page.text):
            return read_sitemap(page)
        if is_feed(page.text):
            return read_feed(page)
        if page.root is None:
            is_text = page.media_type == "text/plain" and page.text.strip()
            reason = "a text without the marks of a known platform" if is_text else "no page and no feed"
            return Page(self.name, "unknown", url=page_url(page), missing={"article": reason})
        return _read_html(open_html(page, page.root))


PLATFORM = GenericPlatform()


def _read_html(html: Html) -> Page:
    """Decide what the page is and read it as that."""
    title = html.site_name or html.h1 or html.data.title
    kind = guess_kind(html)
    if kind in ("error", "login_wall"):
        return Page("generic", kind, url=html.url, title=title, missing={"article": f"the page is: {kind}"})
    is_declared = kind == "article"
    if kind != "list":
        is_withheld = is_paid(html)
        body = "" if is_withheld else read_body(html)
        if is_declared and not body and not is_withheld:
            raise PageLayoutChanged("an article without text", url=html.page.url, kind="article")
        text = html_to_text(body)
        headline = read_headline(html)
        if is_declared and headline is None:
            raise PageLayoutChanged("an article without headline", url=html.page.url, kind="article")
        if text and is_of_teasers(html, text):
            kind = "list"
        elif headline is not None and (
            is_declared
            or (text and (count_words(text) >= MIN_WORDS or is_single_post(html) or is_marked(html)))
        ):
            return to_article(html, headline, body, is_paid=is_withheld)
    cards = read_cards(html)
    kind = "list" if kind == "list" or len(cards) >= MIN_CARDS or is_short_list(html) else "unknown"
    links = PageLinks(
        articles=tuple(card.url for card in cards), lists=feed_links(html), next_page=next_page(html)
    )
    return Page(
        "generic",
        kind,
        url=html.url,
        title=title,
        cards=cards,
        links=links,
        missing={"article": f"the page is: {kind}"},
    )
