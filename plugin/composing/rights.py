"""What of an article may be shown again."""

from crawler.store.views import ArticleSummary, PublicationView
from plugin.digests import Content
from plugin.selection.filters import find_unshowable
from plugin.selection.traits import robots_directives


def is_republishable(article: ArticleSummary) -> bool:
    """Tell whether an article may stand in a feed: it is not gone, and its page does not say noindex."""
    return find_unshowable(article) is None


def may_show_full(article: ArticleSummary, publication: PublicationView | None, content: Content) -> bool:
    """Tell whether an entry may carry the whole body.

    Only where all agree: the digest asks for it, the publication's rights say so, anyone may read the
    original, and its page lets robots keep a copy and does not limit how much of it others show.

    Args:
        article: What is shown.
        publication: Its publication; None, as for an import that named none, allows an excerpt only.
        content: The digest's wish.
    """
    return (
        content.mode == "full"
        and has_full_rights(publication)
        and article.access == "free"
        and not robots_directives(article) & {"noarchive", "nocache", "none", "noindex"}
        and snippet_limit(article) is None
    )


def has_full_rights(publication: PublicationView | None) -> bool:
    """Tell whether a publication lets its articles be republished whole."""
    return publication is not None and publication.rights == "full"


def snippet_limit(article: ArticleSummary) -> int | None:
    """Return how many characters of its text a page lets others show; None for any number.

    Source:
        Google's robots meta tag: ``nosnippet``, ``max-snippet:N`` with -1 for no limit.

    Example:
        >>> from types import SimpleNamespace
        >>> snippet_limit(SimpleNamespace(robots=["max-snippet:40", "nosnippet"]))
        0
    """
    limits = [0] if "nosnippet" in robots_directives(article) else []
    for directive in robots_directives(article):
        name, _, number = directive.partition(":")
        if name == "max-snippet" and number.isdecimal():
            limits.append(int(number))
    return min(limits, default=None)
