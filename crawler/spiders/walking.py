"""Whether to walk on to the next list page, and what a list tells of known articles. Pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from crawler.platforms.base import ArticleCard, Page
from crawler.store.views import FrontierEntry


@dataclass(frozen=True, slots=True)
class Walk:
    """Where to go from a list page.

    Attributes:
        next_page: The further list page to fetch; None: the walk ends here.
        changed: Known articles to fetch again now, since the list shows them otherwise.
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

    Args:
        cards: Of a list page, feed or sitemap.
        articles: Address -> what the store has.
        known: Address -> frontier entry.

    Returns:
        Addresses to fetch again now: another headline or comment count, or a change after our last visit.
    """
    changed = []
    for card in cards:
        entry, article = known.get(card.url), articles.get(card.url)
        if entry is None or entry.fetched_at is None:
            continue
        is_newer = card.modified_at is not None and card.modified_at > entry.fetched_at
        if is_newer or (article is not None and _differs(card, article)):
            changed.append(card.url)
    return changed


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
