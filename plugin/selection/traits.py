"""What of an article is compared: names folded, so that case and spacing make no difference."""

import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from crawler.store.views import ArticleSummary

_UNITS = {"day": timedelta(days=1), "hour": timedelta(hours=1), "minute": timedelta(minutes=1)}


def fold(text: str) -> str:
    r"""Return a name as it is compared.

    Example:
        >>> fold("  Tech\u00a0 NEWS ")
        'tech news'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def fold_address(url: str) -> str:
    """Return an address as it is compared: without scheme, "www.", query, fragment and trailing slash.

    Example:
        >>> fold_address("https://www.Example.org/authors/Ann/?via=x")
        'example.org/authors/ann'
    """
    return (
        url.partition("://")[2]
        .partition("#")[0]
        .partition("?")[0]
        .removeprefix("www.")
        .rstrip("/")
        .casefold()
    )


def to_span(length: timedelta) -> str:
    """Return a length of time as people say it, in its largest whole unit.

    Example:
        >>> to_span(timedelta(hours=12)), to_span(timedelta(days=1)), to_span(timedelta(minutes=90))
        ('12 hours', '1 day', '90 minutes')
    """
    for noun, unit in _UNITS.items():
        if length >= unit and not length % unit:
            count = length // unit
            return f"{count} {noun}{'' if count == 1 else 's'}"
    return f"{length.total_seconds():g} seconds"


def robots_directives(article: ArticleSummary) -> frozenset[str]:
    """Return what a page asks of every robot, lower case; what it asks of a named robot is not for us."""
    parts = (part.strip().casefold() for each in article.robots for part in each.split(","))
    return frozenset(part for part in parts if part)


def author_keys(article: ArticleSummary) -> tuple[str, ...]:
    """Return one key for each author: the address where there is one, else the folded name."""
    return tuple(
        dict.fromkeys(fold_address(each.url) if each.url else fold(each.name) for each in article.authors)
    )


def has_author(article: ArticleSummary, wanted: Iterable[str]) -> bool:
    """Tell whether any wanted author wrote it.

    Args:
        article: Its authors are compared by name and by address.
        wanted: Names, or addresses with their scheme.
    """
    found = {fold(each.name) for each in article.authors}
    found |= {fold_address(each.url) for each in article.authors if each.url}
    return any((fold_address(each) if "://" in each else fold(each)) in found for each in wanted)


def has_tag(article: ArticleSummary, wanted: Iterable[str]) -> bool:
    """Tell whether it bears any of the wanted tags, by folded name."""
    found = {fold(tag.name) for tag in article.tags}
    return any(fold(each) in found for each in wanted)


def has_language(language: str | None, wanted: Iterable[str]) -> bool:
    """Tell whether a language is one of the wanted ones or a variant of one.

    Example:
        >>> has_language("en-us", ["EN"]), has_language("english", ["en"]), has_language(None, ["en"])
        (True, False, False)
    """
    if language is None:
        return False
    own = language.casefold().replace("_", "-")
    prefixes = [each.casefold().replace("_", "-") for each in wanted]
    return any(own == prefix or own.startswith(f"{prefix}-") for prefix in prefixes)
