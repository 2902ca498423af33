"""Addresses of the platform: one for each thing, and what it is."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from crawler.reading.urls import absolute_url, canonicalize_url

HOME = "vocal.media"

AddressKind = Literal["home", "story", "author", "community", "stories", "tag", "other"]
"""What a path leads to: a story; an author; a community's front page; a list of stories; a tag's list."""

_COMMUNITIES = frozenset(
    {
        "art", "beat", "blush", "bookclub", "chapters", "cleats", "confessions", "criminal", "critique",
        "earth", "education", "families", "feast", "fiction", "filthy", "futurism", "fyi", "gamers",
        "geeks", "history", "horror", "humans", "humor", "interview", "journal", "lifehack", "longevity",
        "marriage", "men", "motivation", "petlife", "photography", "poets", "potent", "pride", "proof",
        "psyche", "serve", "styled", "theChain", "theSwamp", "trader", "unbalanced", "viva", "wander",
        "wheel", "writers",
    }
)  # fmt: skip
_BY_FOLDED = {name.lower(): name for name in _COMMUNITIES}
_UNUSUAL = re.compile(r"//|[A-Z]|/amp(?:/|$)|/print$|^/the(?:swamp|chain)(?:/|$)")
"""What a path holds that can be written in a plainer way."""
_COMMUNITY_HOSTS = {f"{name.lower()}.media": name for name in _COMMUNITIES}
_MIRRORS = frozenset(
    {
        "promotion-survey.today",
        "shopping-feedback.today",
        "todaysurvey.shop",
        "todaysurvey.today",
        "todaysurvey.life",
        "bestdealspot.top",
    }
)
_NO_COMMUNITY = frozenset(
    {
        "about", "admin", "api", "authors", "challenges", "contact", "creators", "explore", "faq", "help",
        "jobs", "latest-stories", "login", "press", "privacy", "privacy-policy", "search", "settings",
        "sign-in", "sign-up", "signin", "signup", "support", "terms", "terms-of-use", "top-stories",
        "vocal-plus", "_next", "static", "assets", "comments", "tag", "tags",
    }
)  # fmt: skip
_ARCHIVED = re.compile(
    r"https?://[^/?#]+/web/\d{4,14}(?:[a-z]{2}_)?/(?P<scheme>https?):/{1,2}(?P<rest>[^/].*)",
    re.IGNORECASE | re.DOTALL,
)
"""How the Wayback Machine writes each link of a page that it keeps, on its own host or on the page's."""
_SOME_SITE = "https://site.invalid/"
_LISTS = frozenset({"top-stories", "latest-stories", "stories", "staff-picks"})
_SLUG = re.compile(r"[A-Za-z0-9%][\w%.~-]*")
_OF_COMMENTS = re.compile(r"(?:/(?:comments?|comment-page-\d{1,4})(?:/.*)?)$")
_COUNTED = re.compile(r"page|comment|offset|skip|start", re.IGNORECASE)
_PAGE_IN_PATH = re.compile(r"/(?:comments?(?:/page)?/|comment-page-)(\d{1,4})/?$")
_PAGED = re.compile(r"/page/(\d{1,7})/?$")
"""How lists are paged that have a path for each page."""
_FILE = re.compile(r".*\.(?:ico|png|jpe?g|gif|svg|css|js|json|xml|txt|webp|pdf|webmanifest)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def canonical_url(url: str) -> str:
    """Return the one address of what ``url`` points to.

    The platform's host in any spelling, its community domains and the known mirrors become
    ``https://vocal.media``, and there a story's printed or AMP page becomes the story. Every other host is
    kept with scheme and port: a publication may stand on a domain of its own. The query holds nothing but
    the page of a list: the orders that lists have are paths ("top-stories"), so ``sort`` is noise there. A
    page that is a path stays one. A link of an archived page is what it leads to.

    Args:
        url: Any address; what is none is returned as it is.

    Example:
        >>> canonical_url("http://Vocal.media./poets/ode?via=x#top")
        'https://vocal.media/poets/ode'
        >>> canonical_url("https://poets.media/ode")
        'https://vocal.media/poets/ode'
        >>> canonical_url("http://127.0.0.1:8000/poets/top-stories/?page=2")
        'http://127.0.0.1:8000/poets/top-stories?page=2'
        >>> canonical_url("https://vocal.media/web/20261120120000/https://vocal.media/poets/ode")
        'https://vocal.media/poets/ode'
    """
    plain = canonicalize_url(unwrap_url(url))
    if plain is None:
        return url
    where, _, query = plain.partition("?")
    start = where.index("/", len("https://"))
    origin, slug = _home_of(where[:start])
    path = where[start:].rstrip("/")
    if slug is not None:
        first = path[1:].partition("/")[0]
        is_shared = first in _NO_COMMUNITY and first not in ("tag", "tags", *_LISTS)
        path = path if first.lower() == slug.lower() or is_shared else f"/{slug}{path}"
    if origin == f"https://{HOME}":
        path = _plain_path(path)
    address = f"{origin}{path or '/'}"
    page = next((value for name, value in parse_qsl(query) if name == "page"), "") if query else ""
    if not _is_page_number(page) or address_kind(address) == "story":
        return address
    return f"{address}?page={int(page)}"


def unwrap_url(url: str) -> str:
    """Return the address that a link of an archived page leads to; any other address as it is.

    Example:
        >>> unwrap_url("https://web.archive.org/web/2026im_/https:/a.example/b.jpg")
        'https://a.example/b.jpg'
    """
    while "/web/" in url:
        match = _ARCHIVED.fullmatch(url)
        if match is None:
            break
        url = f"{match['scheme']}://{match['rest']}"
    return url


def _plain_path(path: str) -> str:
    """Return a path of the platform's host as it writes it: communities in their case, slugs small."""
    if not _UNUSUAL.search(path):
        return path
    segments = [part for part in path.split("/") if part]
    if len(segments) > 2 and segments[0] == "amp":
        del segments[0]
    if len(segments) > 2 and segments[-1] in ("amp", "print"):
        del segments[-1]
    if segments:
        segments[0] = _BY_FOLDED.get(segments[0].lower(), segments[0])
    if len(segments) == 2 and "%" not in segments[1]:
        segments[1] = segments[1].lower()
    return "".join(f"/{part}" for part in segments)


@lru_cache(maxsize=256)
def _home_of(origin: str) -> tuple[str, str | None]:
    """Return the origin that one stands for, and the community that a community's domain is."""
    host = (urlsplit(origin).hostname or "").removeprefix("www.").removeprefix("m.")
    if host == HOME or host in _MIRRORS:
        return f"https://{HOME}", None
    if host in _COMMUNITY_HOSTS:
        return f"https://{HOME}", _COMMUNITY_HOSTS[host]
    return origin, None


@lru_cache(maxsize=4096)
def address_kind(url: str) -> AddressKind:
    """Tell what an address leads to by its path alone.

    A further page of a list is that list.

    Example:
        >>> paths = ("", "poets", "poets/ode", "authors/jane-doe", "poets/top-stories", "poets/tag/ode")
        >>> [address_kind(f"https://vocal.media/{path}") for path in paths]
        ['home', 'community', 'story', 'author', 'stories', 'tag']
        >>> address_kind("https://vocal.media/poets/page/2")
        'community'
    """
    segments = path_segments(url)
    if len(segments) > 1 and segments[-2] == "page" and _is_page_number(segments[-1]):
        kind = _kind_of(segments[:-2])
        return "other" if kind == "story" else kind
    return _kind_of(segments)


def _kind_of(segments: Sequence[str]) -> AddressKind:
    if not segments:
        return "home"
    first = segments[0]
    if len(segments) == 1:
        if first in _LISTS:
            return "stories"
        return "other" if first in _NO_COMMUNITY or _FILE.fullmatch(first) else "community"
    if "tag" in segments[:-1] or "tags" in segments[:-1]:
        return "tag"
    if first == "authors":
        return "author" if len(segments) == 2 else "other"
    if segments[-1] in _LISTS:
        return "stories"
    is_story = (
        len(segments) == 2
        and first not in _NO_COMMUNITY
        and _SLUG.fullmatch(segments[1]) is not None
        and not _FILE.fullmatch(segments[1])
    )
    return "story" if is_story else "other"


def _is_page_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 8


def page_number(url: str) -> int | None:
    """Return the page of a list that an address names, in its query or as the end of its path.

    Example:
        >>> paths = ("poets", "poets?page=2", "poets/page/3", "poets?page=all")
        >>> [page_number(f"https://vocal.media/{path}") for path in paths]
        [None, 2, 3, None]
    """
    told = next((value for name, value in parse_qsl(urlsplit(url).query) if name == "page"), "")
    if _is_page_number(told):
        return int(told)
    in_path = _PAGED.search(urlsplit(url).path)
    return int(in_path[1]) if in_path else None


@lru_cache(maxsize=4096)
def first_page(url: str) -> str:
    """Return the address of a list without the page of it.

    Example:
        >>> [first_page(f"https://vocal.media/{path}") for path in ("poets?page=2", "poets/page/3", "page/3")]
        ['https://vocal.media/poets', 'https://vocal.media/poets', 'https://vocal.media/']
    """
    parts = urlsplit(url)
    path = _PAGED.sub("", parts.path)
    return f"{parts.scheme}://{parts.netloc}{path or '/'}"


def leads_to_story(href: str | None, page_url: str | None) -> bool:
    """Tell whether a link leads to a story; relative links count on a page without an address too.

    Example:
        >>> [leads_to_story(href, None) for href in ("/poets/ode", "/authors/ann", "#top")]
        [True, False, False]
    """
    url = absolute_url(page_url or _SOME_SITE, href)
    return url is not None and address_kind(url) == "story"


def path_segments(url: str) -> list[str]:
    """Return the parts of an address's path, none empty; [] for what cannot be split."""
    try:
        return [part for part in urlsplit(unwrap_url(url)).path.split("/") if part]
    except ValueError:
        return []


def story_of_comments(url: str) -> str:
    """Return the story whose further comments lie at an address below its own; other addresses as they are.

    Example:
        >>> story_of_comments("https://vocal.media/poets/ode/comments?page=2")
        'https://vocal.media/poets/ode'
        >>> story_of_comments("https://vocal.media/poets/comments")
        'https://vocal.media/poets/comments'
    """
    parts = urlsplit(url)
    story = f"{parts.scheme}://{parts.netloc}{_OF_COMMENTS.sub('', parts.path)}"
    return story if _OF_COMMENTS.search(parts.path) and address_kind(story) == "story" else url


def comment_page_number(url: str | None) -> int | None:
    """Return the page of a story's comments that an address leads to, or how many it leaves out; else None.

    Example:
        >>> paths = ("", "?comments=2", "/comments?page=3", "/comments/page/4", "?offset=20", "?after=x7")
        >>> [comment_page_number(f"https://vocal.media/poets/ode{path}") for path in paths]
        [None, 2, 3, 4, 20, None]
    """
    parts = urlsplit(url or "")
    told = [value for name, value in parse_qsl(parts.query) if _COUNTED.search(name)]
    in_path = _PAGE_IN_PATH.search(parts.path)
    told += [in_path[1]] if in_path else []
    return next(
        (int(value) for value in told if value.isascii() and value.isdigit() and len(value) < 5), None
    )


def site_of(url: str) -> str | None:
    """Return scheme, host and port of an address, canonical; None when it has none."""
    canonical = canonical_url(url)
    parts = urlsplit(canonical)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else None


def community_url(story_url: str) -> str | None:
    """Return the front page of the community that a story's address names; None for other addresses.

    Example:
        >>> community_url("https://vocal.media/poets/ode")
        'https://vocal.media/poets'
    """
    if address_kind(story_url) != "story":
        return None
    return f"{site_of(story_url)}/{path_segments(story_url)[0]}"


def handle_of(author_url: str | None) -> str | None:
    """Return the name in an author's address; None for other addresses.

    Example:
        >>> handle_of("https://vocal.media/authors/jane-doe-4n16on01ig")
        'jane-doe-4n16on01ig'
    """
    if author_url is None or address_kind(author_url) != "author":
        return None
    return path_segments(author_url)[1]
