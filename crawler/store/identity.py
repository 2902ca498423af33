"""Under which names an article or author is known: pure keys, one for each address, id or content.

A key is a hash, for addresses may be longer than an index entry. Addresses are reduced before hashing, so
that scheme, "www.", a trailing slash, campaign parameters and their order make no difference.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Final, Protocol
from urllib.parse import urlsplit

from crawler.reading.urls import canonicalize_url
from crawler.records import ArticleRecord, AuthorRecord, AuthorRef
from crawler.store.words import fold_words

KEY_SIZE: Final = 16
"""Bytes of a key; two of 10^9 addresses share one with a chance of 10^-21."""

MIN_CONTENT_WORDS: Final = 25
"""Fewest words of a body that identify an article with an address: shorter ones ("Open thread. Say what you
like.") recur under one headline."""

MAX_LABEL: Final = 200
"""Longest label kept in a unique index, in characters; PostgreSQL's entries end at 2,704 bytes."""

_SITE_OWN_ID = re.compile(r"\d{1,12}")
_ONLY_INDEX = re.compile(r"(?:/(?:index\.(?:html?|php)|amp))?/*$")


def hash_key(kind: str, value: str) -> bytes:
    """Return the key of one value.

    Args:
        kind: Namespace; the same value of two kinds has two keys.
        value: Any text.
    """
    return blake2b(f"{kind}\x00{value}".encode("utf-8", "surrogatepass"), digest_size=KEY_SIZE).digest()


@lru_cache(maxsize=4096)
def reduce_url(url: str) -> str:
    """Return what of an address tells which page it is.

    Args:
        url: An absolute http(s) address.

    Example:
        >>> reduce_url("http://WWW.Example.org.:80/A%7e/?utm_source=x&b=2&a=1#top")
        'example.org/A~?a=1&b=2'
        >>> reduce_url("https://example.org/")
        'example.org'
    """
    address = (canonicalize_url(url) or url).partition("#")[0]
    place, _, query = address.partition("://")[2].partition("?")
    place = _ONLY_INDEX.sub("", place.removeprefix("www."))
    return f"{place}?{query}" if query else place


def url_key(url: str) -> bytes:
    """Return the key of an address, the same for all spellings that lead to one page.

    Example:
        >>> url_key("http://example.org/a/") == url_key("https://www.example.org/a?utm_medium=mail")
        True
    """
    return hash_key("url", reduce_url(url))


def author_url_key(url: str) -> bytes:
    """Return the key of an author's address, the same for all its spellings."""
    return hash_key("author url", reduce_url(url))


def exact_url_key(url: str) -> bytes:
    """Return the key of an address as it stands, for the frontier."""
    return hash_key("frontier", url)


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """Return the host an address belongs to, with its port where one is given.

    Example:
        >>> host_of("https://Vocal.media/01/a"), host_of("http://127.0.0.1:8000/x")
        ('vocal.media', '127.0.0.1:8000')
    """
    netloc = urlsplit(url).netloc.rpartition("@")[2].lower()
    return bound_label(netloc.rstrip("."))


def bound_label(label: str) -> str:
    """Return a label short enough for a unique index, still different from every other.

    Example:
        >>> bound_label("short"), len(bound_label("x" * 10_000))
        ('short', 200)
    """
    if len(label) <= MAX_LABEL:
        return label
    tail = hash_key("label", label).hex()
    return f"{label[: MAX_LABEL - len(tail) - 1]}~{tail}"


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    r"""Return a name or headline without case, width and spacing.

    Example:
        >>> fold("  The\u00a0Ｂig  STORY ")
        'the big story'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def content_key(article: ArticleRecord, words: str) -> bytes | None:
    """Return the key of an article's author, headline and body, or None when it can't identify.

    An article without an address has nothing else, so there any body will do; one with an address needs an
    author and a body. What a short body proves is for `crawler.store.sightings.is_same_story` to say.

    Args:
        article: The article.
        words: Its body's words, folded.
    """
    author = article.authors[0].name if article.authors else article.byline
    has_address = article.canonical_url is not None or article.url is not None
    if has_address and (author is None or not words):
        return None
    parts = (fold_words(author or ""), fold_words(article.headline), words)
    return hash_key("content", "\x00".join(parts))


def is_telling(words: str) -> bool:
    """Tell whether a body is long enough to know a story by it under another address.

    Args:
        words: The body's words, folded.
    """
    return words.count(" ") + 1 >= MIN_CONTENT_WORDS


def site_of(platform_id: str, url: str | None, publication: str | None) -> str:
    """Return the site within which a platform's id is unique; "" where it is unique on all of the platform.

    Self-hosted software counts from 1 on every site, so a short number says nothing without its site. Long
    ids (hexadecimal, UUID, with letters) are unique everywhere, which lets them outlive a change of host.

    Example:
        >>> site_of("17", "https://www.blog.example/a", None), site_of("65a0c0ffee65a0c0ffee1234", None, "x")
        ('blog.example', '')
    """
    if not _SITE_OWN_ID.fullmatch(platform_id):
        return ""
    return host_of(url).removeprefix("www.") if url is not None else publication or ""


class Numbered(Protocol):
    """What of an article, a record or a row, tells its platform's id from another site's."""

    platform: str
    platform_id: str | None
    url: str | None
    canonical_url: str | None
    publication: str | None


def platform_id_value(article: Numbered) -> str | None:
    """Return an article's platform id with its namespace: "vocal/65a0c0ff…", "wordpress/blog.example/17"."""
    if article.platform_id is None:
        return None
    site = site_of(article.platform_id, article.canonical_url or article.url, article.publication)
    return "/".join(part for part in (article.platform, site, article.platform_id) if part)


@dataclass(frozen=True, slots=True)
class AuthorName:
    """One of the names under which an author may be known.

    Attributes:
        kind: "platform_id", "url", "handle" or "name".
        value: With its namespace.
        key: Hash of both.
    """

    kind: str
    value: str
    key: bytes


def author_names(
    author: AuthorRecord | AuthorRef, *, platform: str, scope: str, has_own_url: bool = True
) -> tuple[AuthorName, ...]:
    """Return the names under which an author may be known, strongest first; always last the printed one.

    Args:
        author: A described author, or a name of a byline.
        platform: The platform of the page.
        scope: The publication or host of the page: printed names are compared within it only.
        has_own_url: Whether the author's address is theirs alone, not a page of the whole team.
    """
    url = author.url if has_own_url else None
    described = author if isinstance(author, AuthorRecord) else None
    return _author_names(
        platform,
        scope,
        author.name,
        url,
        described.platform_id if described is not None else None,
        described.handle if described is not None else None,
    )


@lru_cache(maxsize=4096)
def _author_names(
    platform: str, scope: str, name: str, url: str | None, platform_id: str | None, handle: str | None
) -> tuple[AuthorName, ...]:
    found: list[tuple[str, str]] = []
    if platform_id is not None:
        found.append(("platform_id", "/".join((platform, site_of(platform_id, url, scope), platform_id))))
    if url is not None:
        found.append(("url", reduce_url(url)))
    if handle is not None:
        site = host_of(url).removeprefix("www.") if url is not None else scope
        found.append(("handle", "/".join((platform, site, handle.casefold()))))
    found.append(("name", "/".join((platform, scope, fold(name)))))
    return tuple(AuthorName(kind, value, hash_key(f"author {kind}", value)) for kind, value in found)
