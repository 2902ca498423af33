"""Whether to walk on to the next list page, and what a list tells of known articles. Pure functions."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from crawler.platforms.base import ArticleCard, Page
from crawler.store.views import FrontierEntry

FEW_CARDS: Final = 5
"""Fewer articles may all have changed within a minute."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Where to go from a list page.

    Attributes:
        next_page: The further list page to fetch; None: the walk ends here.
        changed: Known articles to fetch again now, since the list shows them otherwise than before.
        sitemaps: Sitemaps that robots.txt names, as hints of what is new.
    """

    next_page: str | None = None
    changed: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


NO_WALK: Final = Walk()


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of the addresses that one list page names.

    Attributes:
        known: Address -> its frontier entry; unknown ones are absent.
        n_walked: List pages of the publication known so far, this one included.
        n_walked_now: Those fetched in this run, this one included.
        max_pages: How many may be walked.
    """

    known: Mapping[str, FrontierEntry]
    n_walked: int
    n_walked_now: int
    max_pages: int


def decide_next_page(page: Page, ground: Ground) -> str | None:
    """Return the list page to fetch next, or None: the walk ends here.

    A first crawl walks back until the list ends or ``max_pages`` are known: a next page that was never
    seen is fetched whatever stands on this one, so a walk that was cut off goes on where it ended. Later
    crawls meet next pages that are known, and go on only while a page names an article that is new.

    Args:
        page: The list page, as read.
        ground: What is known of its links.

    Returns:
        ``page.links.next_page`` or None.
    """
    following = page.links.next_page
    if following is None or ground.n_walked_now >= ground.max_pages:
        return None
    if any(url not in ground.known for url in page.links.articles):
        return following
    return following if following not in ground.known and ground.n_walked < ground.max_pages else None


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What the store has of an article that a list names.

    Attributes:
        headline: As stored.
        comment_count: As last printed; None where it was not.
    """

    headline: str
    comment_count: int | None


def find_changed(
    cards: Iterable[ArticleCard], *, articles: Mapping[str, KnownArticle], known: Mapping[str, FrontierEntry]
) -> list[str]:
    """Return the addresses of known articles that a list shows otherwise than they are stored.

    A list that shows an article otherwise for good (a shorter title, a count that includes what was removed)
    is news only the first time.

    Args:
        cards: Of a list page, feed or sitemap.
        articles: Address -> what the store has.
        known: Address -> frontier entry.

    Returns:
        Addresses to fetch again now: another headline or comment count, or a change after our last visit.
    """
    shown = {card.url: card for card in cards}.values()
    has_dates = _tells_changes(shown)
    changed = []
    for card in shown:
        entry, article = known.get(card.url), articles.get(card.url)
        if entry is None or entry.fetched_at is None:
            continue
        is_newer = has_dates and card.modified_at is not None and card.modified_at > entry.fetched_at
        is_news = article is not None and _differs(card, article) and card_mark(card) != entry.card
        if is_newer or is_news:
            changed.append(card.url)
    return changed


def card_mark(card: ArticleCard) -> str:
    """Return what a card shows as one word; two cards that show the same have the same.

    Example:
        >>> card_mark(ArticleCard("u", headline="A  b")) == card_mark(ArticleCard("v", headline="a B"))
        True
    """
    text = f"{card.comment_count} {_fold(card.headline or '')}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _tells_changes(cards: Collection[ArticleCard]) -> bool:
    """Tell whether the times at which a list says its articles changed are theirs.

    Many sitemaps give every page the moment at which the sitemap itself was written.
    """
    moments = {card.modified_at.replace(second=0, microsecond=0) for card in cards if card.modified_at}
    return len(moments) > 1 or len(cards) < FEW_CARDS


def _differs(card: ArticleCard, article: KnownArticle) -> bool:
    has_headline = card.headline is not None and _fold(card.headline) != _fold(article.headline)
    # A list that cuts long headlines off shows no other headline.
    is_cut = card.headline is not None and _fold(article.headline).startswith(
        _fold(card.headline).rstrip(".… ")
    )
    counts = card.comment_count, article.comment_count
    return (has_headline and not is_cut) or (None not in counts and counts[0] != counts[1])


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()
