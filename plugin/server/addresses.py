"""The addresses of the feeds' site: what a path means, and what it is called."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "index",
    "digest",
    "digest_feed",
    "issues_feed",
    "archive",
    "issue",
    "publication",
    "publication_feed",
    "author",
    "author_feed",
    "tag",
    "tag_feed",
    "article",
    "comments_feed",
    "search",
    "search_feed",
    "opml",
    "script",
    "health",
]
"""What stands at an address."""

MAX_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Address:
    """One address of the site.

    Attributes:
        name: Slug of a digest, publication or tag.
        number: Number of an issue, row of an author or article.
        format_name: "rss", "atom" or "json" for feeds.
        part: Of the issue, where an archive document holds no more.
    """

    kind: Kind
    name: str | None = None
    number: int | None = None
    format_name: str | None = None
    part: int = 1


_SLUG = r"(?P<name>[a-z0-9]+(?:[-_.][a-z0-9]+)*)"
_NUMBER = r"(?P<number>[1-9]\d{0,9})"
_PART = r"(?P<part>[2-9]|[1-9]\d{1,8})"
_ANY = r"feed\.(?P<format>rss|atom|json)"
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    ("index", r"/"),
    ("digest", rf"/digests/{_SLUG}/"),
    ("digest_feed", rf"/digests/{_SLUG}/{_ANY}"),
    ("issues_feed", rf"/digests/{_SLUG}/issues\.(?P<format>rss|atom|json)"),
    ("archive", rf"/digests/{_SLUG}/archive/{_NUMBER}(?:-{_PART})?\.(?P<format>atom)"),
    ("issue", rf"/digests/{_SLUG}/{_NUMBER}/"),
    ("publication", rf"/publications/{_SLUG}/"),
    ("publication_feed", rf"/publications/{_SLUG}/{_ANY}"),
    ("author", rf"/authors/{_NUMBER}/"),
    ("author_feed", rf"/authors/{_NUMBER}/{_ANY}"),
    ("tag", r"/tags/(?P<name>.{1,200})/"),
    ("tag_feed", rf"/tags/(?P<name>.{{1,200}})/{_ANY}"),
    ("article", rf"/articles/{_NUMBER}/"),
    ("comments_feed", rf"/articles/{_NUMBER}/comments\.(?P<format>rss|atom|json)"),
    ("search", r"/search/"),
    ("search_feed", rf"/search/{_ANY}"),
    ("opml", r"/opml\.xml"),
    ("script", r"/copy\.js"),
    ("health", r"/healthz"),
)
_ROUTES = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)


def parse_address(path: str) -> Address | None:
    """Return what a path means, None when nothing can stand there.

    Args:
        path: Decoded, beginning with "/", without the prefix of a mount.

    Example:
        >>> parse_address("/digests/ai/3/")
        Address(kind='issue', name='ai', number=3, format_name=None, part=1)
        >>> parse_address("/digests/../etc/passwd") is None
        True
    """
    for kind, pattern in _ROUTES:
        if found := pattern.fullmatch(path):
            given = found.groupdict()
            number = int(given["number"]) if given.get("number") else None
            if number is not None and number > MAX_NUMBER:
                return None
            part = int(given.get("part") or 1)
            return Address(kind, given.get("name"), number, given.get("format"), part)
    return None


def find_redirect(path: str) -> str | None:
    """Return the address of a page whose last slash was left out, None when that is not what is wrong.

    Example:
        >>> find_redirect("/digests/ai")
        '/digests/ai/'
    """
    if path.endswith("/") or parse_address(path) is not None or parse_address(path + "/") is None:
        return None
    return path + "/"
