"""Under which names an article or author is known: pure keys, one for each address, id or content.

A key is a hash, for addresses may be longer than an index entry. Addresses are reduced before hashing, so
that scheme, "www.", a trailing slash, campaign parameters and their order make no difference.
"""

import re
import unicodedata
from hashlib import blake2b
from typing import Final
from urllib.parse import urlsplit

from crawler.reading.urls import canonicalize_url
from crawler.records import ArticleRecord, AuthorRecord, AuthorRef

KEY_SIZE: Final = 16
"""Bytes of a key; two of 10^9 addresses share one with a chance of 10^-21."""

MIN_CONTENT_WORDS: Final = 25
"""Fewest words of a body that identify an article with an address: shorter ones ("Open thread. Say what you
like.") recur under one headline."""

MAX_LABEL: Final = 200
"""Longest label kept in a unique index, in characters; PostgreSQL's entries end at 2,704 bytes."""

_SITE_OWN_ID = re.compile(r"\d{1,12}")
_WORD = re.compile(r"\w+")
_ONLY_INDEX = re.compile(r"(?:/(?:index\.(?:html?|php)|amp))?/*$")


def hash_key(kind: str, value: str) -> bytes:
    """Return the key of one value.

    Args:
        kind: Namespace; the same value of two kinds has two keys.
        value: Any text.
    """
    return blake2b(f"{kind}\x00{value}".encode("utf-8", "surrogatepass"), digest_size=KEY_SIZE).digest()


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


def exact_url_key(url: str) -> bytes:
    """Return the key of an address as it stands, for the frontier."""
    return hash_key("frontier", url)


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


def fold(text: str) -> str:
    r"""Return a name or headline without case, width and spacing.

    Example:
        >>> fold("  The\u00a0Ｂig  STORY ")
        'the big story'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def list_words(text: str) -> list[str]:
    """Return the words of a text without case, punctuation and markup of width.

    Example:
        >>> list_words("Don’t — she said — PANIC!")
        ['don', 't', 'she', 'said', 'panic']
    """
    return _WORD.findall(text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold())


def content_key(article: ArticleRecord) -> bytes | None:
    """Return the key of an article's author, headline and body, or None when it can't identify.

    An article without an address has nothing else, so there any body will do; one with an address needs an
    author and `MIN_CONTENT_WORDS` words.
    """
    words = list_words(article.body_text)
    author = article.authors[0].name if article.authors else article.byline
    has_address = article.canonical_url is not None or article.url is not None
    if has_address and (author is None or len(words) < MIN_CONTENT_WORDS):
        return None
    return hash_key("content", "\x00".join((fold(author or ""), fold(article.headline), " ".join(words))))


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


def platform_id_value(article: ArticleRecord) -> str | None:
    """Return an article's platform id with its namespace: "vocal/65a0c0ff…", "wordpress/blog.example/17"."""
    if article.platform_id is None:
        return None
    site = site_of(article.platform_id, article.canonical_url or article.url, article.publication)
    return "/".join(part for part in (article.platform, site, article.platform_id) if part)


def author_names(author: AuthorRecord | AuthorRef, *, platform: str, scope: str) -> list[tuple[str, str]]:
    """Return the (kind, value) pairs under which an author may be known, strongest first.

    Args:
        author: A described author, or a name of a byline.
        platform: The platform of the page.
        scope: The publication or host of the page: names are compared within it only.

    Returns:
        Kinds "platform_id", "url", "handle" and, always last, "name".
    """
    names: list[tuple[str, str]] = []
    if isinstance(author, AuthorRecord):
        site = host_of(author.url).removeprefix("www.") if author.url is not None else scope
        if author.platform_id is not None:
            own_site = site_of(author.platform_id, author.url, scope)
            names.append(("platform_id", "/".join((platform, own_site, author.platform_id))))
        if author.handle is not None:
            names.append(("handle", "/".join((platform, site, author.handle.casefold()))))
    if author.url is not None:
        names.insert(1 if names and names[0][0] == "platform_id" else 0, ("url", reduce_url(author.url)))
    names.append(("name", "/".join((platform, scope, fold(author.name)))))
    return names
