"""How many of one author, of one publication, and in all."""

from collections import Counter
from collections.abc import Collection, Iterable

from crawler.store.views import ArticleSummary
from plugin.digests import Limits
from plugin.selection.traits import author_keys

LIMIT_RULES = ("per_author", "per_publication", "entries")
"""Rules that keep out what would otherwise be in: such an article comes back for ``carry_over`` issues."""


def apply_limits(
    ranked: Iterable[ArticleSummary], limits: Limits, *, pinned: Collection[int]
) -> tuple[list[ArticleSummary], list[tuple[ArticleSummary, str, str]]]:
    """Take the best that the limits allow.

    Args:
        ranked: Best first.
        limits: How many of what.
        pinned: Articles that are in whatever the limits say; they count all the same.

    Returns:
        Those in, and those out with (rule, reason); both in the given order.
    """
    of_author: Counter[str] = Counter()
    of_publication: Counter[str] = Counter()
    taken: list[ArticleSummary] = []
    left: list[tuple[ArticleSummary, str, str]] = []
    for article in ranked:
        authors, publication = author_keys(article), article.publication
        full = next((key for key in authors if _is_reached(of_author[key], limits.per_author)), None)
        if article.id in pinned:
            pass
        elif full is not None:
            name = article.authors[authors.index(full)].name if len(authors) == len(article.authors) else full
            left.append((article, "per_author", f"{of_author[full]} of {name} rank higher"))
            continue
        elif publication is not None and _is_reached(of_publication[publication], limits.per_publication):
            reason = f"{of_publication[publication]} of {publication} rank higher"
            left.append((article, "per_publication", reason))
            continue
        elif len(taken) >= limits.entries:
            left.append((article, "entries", f"the issue is full with {len(taken)}"))
            continue
        taken.append(article)
        of_author.update(authors)
        if publication is not None:
            of_publication[publication] += 1
    return taken, left


def _is_reached(count: int, limit: int | None) -> bool:
    return limit is not None and count >= limit
