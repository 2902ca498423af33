"""What an address is as something to follow: a community, an author, a list, a feed. Pure functions."""

import re
from dataclasses import dataclass, replace
from typing import Final, Literal
from urllib.parse import urlsplit

from crawler.errors import FetchError
from crawler.platforms import platform_named
from crawler.platforms.base import Page
from crawler.platforms.vocal.addresses import address_kind, first_page
from crawler.reading.decoding import decode_page
from crawler.reading.feeds import parse_feed
from crawler.reading.outline import parse_html
from crawler.reading.structured import read_structured
from crawler.reading.urls import canonicalize_url, host_of
from crawler.runner.fetched import FetchedPage
from crawler.spiders.job import both_names
from crawler.spiders.keeping import is_in_scope

FollowKind = Literal["community", "author", "tag", "list", "site", "feed", "sitemap"]
"""What can be followed. A "site" is a page of no known platform whose list of stories can be read."""

MIN_ARTICLES: Final = 4
"""Fewest stories that make a list of a page which may also be something else: a menu links two or three."""

MAX_NAME: Final = 200

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_FEED_END = re.compile(r"</(?:[\w-]+:)?(?:rss|feed|RDF)\s*>", re.IGNORECASE)
_VOCAL_KINDS: Final[dict[str, FollowKind]] = {
    "home": "list",
    "community": "community",
    "stories": "list",
    "tag": "tag",
    "author": "author",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can be followed.

    Attributes:
        kind: What it is.
        platform: As a seed names it; "auto" where each page is to tell.
        name: As printed there; else its host.
        url: Its canonical address.
        language: BCP 47, as declared; None where nothing is.
        article_count: Stories listed there; None where that is not known: its own page was not looked at, or
            it is a sitemap that names nothing but other sitemaps.
    """

    kind: FollowKind
    platform: str
    name: str
    url: str
    language: str | None = None
    article_count: int | None = None


@dataclass(frozen=True, slots=True)
class Recognition:
    """What an address was found to be.

    Attributes:
        found: What to follow; None: nothing was found on the page itself.
        story: The headline, where the address was a story's; what is found is its author or community then.
        alternatives: What else could be followed, best first.
        further: What the page leads to, best first, where it is nothing to follow itself; each must be looked
            at before it is followed.
        platform: Whose reader read the page.
    """

    found: Candidate | None
    platform: str
    story: str | None = None
    alternatives: tuple[Candidate, ...] = ()
    further: tuple[Candidate, ...] = ()


def recognize(page: Page, fetched: FetchedPage) -> Recognition:
    """Tell what can be followed by a page.

    A list, an author's page, a feed or a sitemap is followed itself. A story leads to its author's page, else
    to its community; where it names neither, to the feed of its site. A site without a list that can be read
    leads to the feed it declares, else to its sitemap.

    Args:
        page: As read.
        fetched: As fetched.

    Raises:
        FetchError: It asks to sign in, says that something is missing, or is no page at all.
    """
    if page.kind == "login_wall":
        raise FetchError("the page asks to sign in", url=fetched.url, outcome="login_wall")
    if page.kind == "error":
        raise FetchError("the page says that something went wrong", url=fetched.url, outcome="broken")
    if page.kind == "article":
        return _recognize_story(page, fetched)
    language = declared_language(fetched)
    if page.kind in ("feed", "sitemap"):
        found: Candidate | None = _recognize_feed(page, fetched)
    elif page.platform == "vocal":
        found = _recognize_vocal(page, fetched)
    else:
        found = _recognize_site(page, fetched)
    if found is not None:
        _check_scope(found, page)
        return Recognition(replace(found, language=language), page.platform)
    return Recognition(None, page.platform, further=(*_first_page(page), *_declared(page, fetched, language)))


def declared_language(fetched: FetchedPage) -> str | None:
    """Return the language that a page or feed declares, None where it declares none."""
    decoded = decode_page(fetched.body, fetched.headers)
    if decoded.media_type == "text/html":
        root = parse_html(decoded.text)
        language = read_structured(root).language if root is not None else None
    else:
        feed = parse_feed(decoded.text, fetched.url)
        language = feed.language if feed is not None else None
    return language if language and _LANGUAGE.fullmatch(language) else None


def clean_name(text: str | None, url: str) -> str:
    r"""Return a name in one line of at most ``MAX_NAME`` characters; the host where there is none.

    Example:
        >>> clean_name(" The\n Harbor ", "https://vocal.media/x"), clean_name(None, "https://www.a.example/")
        ('The Harbor', 'a.example')
    """
    name = " ".join("".join(c if c.isprintable() else " " for c in text or "").split())[:MAX_NAME].strip()
    return name or (host_of(url) or url).removeprefix("www.")[:MAX_NAME]


def _recognize_vocal(page: Page, fetched: FetchedPage) -> Candidate | None:
    """Recognize a list or an author's page of Vocal; its first page, whichever was asked for."""
    url = first_page(page.url or fetched.url)
    kind = _VOCAL_KINDS.get(address_kind(url))
    n_articles = len(page.links.articles)
    if page.kind == "author":
        return Candidate("author", "vocal", clean_name(page.title, url), url, article_count=n_articles)
    if page.kind != "list" or n_articles < (1 if kind is not None else MIN_ARTICLES):
        return None
    return Candidate(kind or "list", "vocal", clean_name(page.title, url), url, article_count=n_articles)


def _recognize_site(page: Page, fetched: FetchedPage) -> Candidate | None:
    """Recognize a page of no known platform that lists stories; where it lists few its feed is better."""
    n_articles = len(page.links.articles)
    if page.kind != "list" or n_articles < (MIN_ARTICLES if page.links.lists else 1):
        return None
    url = _own_url(page, fetched)
    return Candidate("site", "generic", clean_name(page.title, url), url, article_count=n_articles)


def _recognize_feed(page: Page, fetched: FetchedPage) -> Candidate:
    """Recognize a feed or a sitemap; which platform its stories are of only their own pages can tell.

    Raises:
        FetchError: It is broken.
    """
    n_articles = len(page.links.articles)
    url = canonicalize_url(fetched.url) or fetched.url
    if page.kind == "sitemap" and not n_articles and not page.links.lists:
        raise FetchError("the sitemap names no page", url=url, outcome="broken")
    if page.kind == "feed" and not n_articles and _is_cut_off(fetched):
        raise FetchError("the feed breaks off before its first story", url=url, outcome="broken")
    kind: FollowKind = "feed" if page.kind == "feed" else "sitemap"
    count = n_articles if kind == "feed" or n_articles else None
    return Candidate(kind, "auto", clean_name(page.title, url), url, article_count=count)


def _is_cut_off(fetched: FetchedPage) -> bool:
    """Tell an XML feed that does not end: readers forgive that, and one without stories is nothing then."""
    text = decode_page(fetched.body, fetched.headers).text.strip()
    return text.startswith("<") and _FEED_END.search(text) is None


def _check_scope(found: Candidate, page: Page) -> None:
    """See that a crawl, which stays on one host, would come to the stories.

    Raises:
        FetchError: All of them are elsewhere.
    """
    hosts = both_names([urlsplit(found.url).netloc])
    elsewhere = [url for url in page.links.articles if not is_in_scope(url, hosts)]
    if elsewhere and len(elsewhere) == len(page.links.articles):
        host = urlsplit(elsewhere[0]).netloc
        raise FetchError(
            f"all its stories are on other hosts, which a crawl of it would not ask; follow {host} instead",
            url=found.url,
            outcome="broken",
        )


def _recognize_story(page: Page, fetched: FetchedPage) -> Recognition:
    """Recognize what a story belongs to: its author's page and its community, or the site of no platform."""
    article = page.article
    if article is None:
        return Recognition(None, page.platform)
    language = article.language or declared_language(fetched)
    known: list[Candidate] = []
    for author in article.authors:
        if author.url and (page.platform != "generic" or author.url in page.links.authors):
            url = platform_named(page.platform).canonical_url(author.url)
            known.append(Candidate("author", page.platform, clean_name(author.name, url), url, language))
    if article.community is not None and article.community.url and page.platform != "generic":
        url = platform_named(page.platform).canonical_url(article.community.url)
        name = clean_name(article.community.name, url)
        known.append(Candidate("community", page.platform, name, url, language))
    if page.platform != "generic":
        return Recognition(
            known[0] if known else None, page.platform, article.headline, alternatives=tuple(known[1:])
        )
    # An author's page of an unknown site may list nothing, so it is looked at before it is followed.
    further = (*known, *_declared(page, fetched, language))
    return Recognition(None, page.platform, article.headline, further=further)


def _first_page(page: Page) -> tuple[Candidate, ...]:
    """Return the first page of a list of Vocal of which a further page, beyond its end, was asked for."""
    url, _, query = (page.url or "").partition("?")
    if page.platform != "vocal" or not query:
        return ()
    return (Candidate("list", "vocal", clean_name(page.title, url), url),)


def _declared(page: Page, fetched: FetchedPage, language: str | None) -> tuple[Candidate, ...]:
    """Return the feeds that a page declares, and the sitemaps of a site whose front page it is."""
    own = {page.url, canonicalize_url(fetched.url)}
    kinds: dict[str, FollowKind] = dict.fromkeys(page.links.lists, "feed")
    if urlsplit(fetched.url).path in ("", "/"):
        for url in fetched.sitemaps:
            kinds.setdefault(canonicalize_url(url) or "", "sitemap")
    return tuple(
        Candidate(kind, "auto", clean_name(page.title, url), url, language)
        for url, kind in kinds.items()
        if url and url not in own
    )


def _own_url(page: Page, fetched: FetchedPage) -> str:
    """Return the address that a page calls its own, if that is on the site it came from."""
    here = canonicalize_url(fetched.url) or fetched.url
    declared = page.url or here
    is_near = (urlsplit(declared).netloc.removeprefix("www.")) == urlsplit(here).netloc.removeprefix("www.")
    return declared if is_near else here
