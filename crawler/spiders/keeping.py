"""From a page that was read to what is to be saved: records, aliases, and the frontier. Pure functions."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from crawler.platforms.base import ArticleCard, Page
from crawler.records import ArticleRecord
from crawler.seeds import Seed
from crawler.spiders.visits import (
    Answer,
    Ending,
    Rest,
    Rhythm,
    close_entry,
    keep_validators,
    seen_at,
)
from crawler.spiders.walking import NO_WALK, Walk, card_mark
from crawler.store.identity import reduce_url
from crawler.store.views import Alias, FrontierEntry, PageRole, PageSave

MAX_LINKS: Final = 2_000
"""Links of one kind taken from one page; the longest real list has a few hundred, a hostile one a million."""

MAX_SITEMAP_LINKS: Final = 50_000
"""Most addresses of one sitemap, as the protocol has it."""

HINT_WINDOW: Final = timedelta(days=30)
"""How far back a sitemap tells of new articles to a publication that is walked by its lists."""

_SITEMAP_PATH: Final = re.compile(r"sitemap|\.xml(?:\.gz)?$", re.IGNORECASE)
_PERMANENT: Final = frozenset((301, 308))
_SETTLED: Final = frozenset(("saved", "unchanged"))
"""Outcomes of a page that stands where a redirect leads; what leads to nothing is asked for where it was."""

_LISTING: Final = frozenset[PageRole](("list", "feed", "sitemap"))


@dataclass(frozen=True, slots=True)
class Visit:
    """One fetch with all that its meaning depends on.

    Attributes:
        answer: What came back.
        seed: The publication it was fetched for.
        rhythm: Of that publication.
        hosts: Hosts that links may lead to: those of the publications that are crawled together.
        known_comment_count: As printed at the visit before; None at the first.
        known_comment_pages: Further pages of its comments that were fetched before.
    """

    answer: Answer
    seed: Seed
    rhythm: Rhythm
    hosts: frozenset[str]
    known_comment_count: int | None = None
    known_comment_pages: tuple[str, ...] = ()


def keep_ending(visit: Visit, ending: Ending) -> tuple[PageSave, ...]:
    """Return what to save of a fetch that brought no page to read."""
    answer = visit.answer
    moved, entry = _follow(visit, answer.url, ending)
    closed = close_entry(entry, ending, now=answer.received_at, rhythm=visit.rhythm)
    instant = seen_at(answer.headers, received_at=answer.received_at)
    return (*moved, PageSave(seen_at=instant, fetched=closed))


def is_sent_up(answer: Answer) -> bool:
    """Tell whether an address leads for good to a page above it, as those of deleted stories often do."""
    if not answer.via or any(status not in _PERMANENT for status, _ in answer.via):
        return False
    left, found = urlsplit(answer.entry.url), urlsplit(answer.url)
    hosts = {parts.netloc.lower().removeprefix("www.") for parts in (left, found)}
    return len(hosts) == 1 and left.path.rstrip("/").startswith(f"{found.path.rstrip('/')}/")


def judge_page(page: Page, role: PageRole, *, is_sent_up: bool = False) -> Ending:
    """Tell how a fetch ended whose page could be read.

    Args:
        page: As read.
        role: What the page was expected to be.
        is_sent_up: Its address led for good to a page above it.
    """
    if page.kind == "login_wall":
        return Ending("login_wall", "the page asks to sign in")
    if page.kind == "error":
        return Ending("broken", "the page says that something went wrong")
    if role in _LISTING:
        has_content = page.kind != "unknown" or page.links.articles or page.article is not None
        return Ending("saved") if has_content else Ending("layout_changed", "no list of articles was found")
    if role == "author":
        is_author = page.kind == "author" or bool(page.authors)
        return Ending("saved") if is_author else Ending("broken", f"not an author's page but {page.kind}")
    if page.article is None and not (role == "comments" and page.comments):
        if is_sent_up:
            return Ending("gone", "it redirects for good to a page above it")
        return Ending("broken", f"not an article but {page.kind}")
    return Ending("saved")


def keep_page(visit: Visit, page: Page, ending: Ending, walk: Walk = NO_WALK) -> tuple[PageSave, ...]:
    """Return what to save of a page that was read.

    Args:
        visit: The fetch.
        page: What it said.
        ending: From `judge_page`.
        walk: Where to go from a list, as `crawler.spiders.walking` decided.
    """
    if ending.outcome != "saved":
        return keep_ending(visit, ending)
    if _is_sent_to_story(visit.answer, page):
        return (_keep_place(visit),)
    answer, now = visit.answer, visit.answer.received_at
    is_article = page.article is not None and answer.entry.role != "comments"
    place = page.url if is_article and page.url and _is_near(page.url, answer.url) else answer.url
    moved, entry = _follow(visit, place, ending)
    closed = close_entry(entry, ending, now=now, rhythm=visit.rhythm, rest=_rest(visit, page))
    article = finish_article(page.article, visit.seed) if is_article and page.article is not None else None
    discovered, requeued = _links(visit, page, article)
    if walk.next_page is not None:
        requeued.append(_entry(visit, walk.next_page, "list"))
    cards = {card.url: card for card in page.cards} if walk.changed else {}
    requeued += [_entry(visit, url, "article", cards.get(url)) for url in walk.changed]
    discovered += [_entry(visit, url, "sitemap") for url in walk.sitemaps]
    save = PageSave(
        seen_at=seen_at(answer.headers, received_at=now),
        article=article,
        comments=tuple(page.comments),
        authors=tuple(page.authors),
        article_url=_article_url(page) if article is None and page.comments else None,
        aliases=_aliases(answer, place) if article is not None else (),
        fetched=keep_validators(closed, answer.headers),
        discovered=tuple(discovered),
        requeued=tuple(requeued),
    )
    return (*moved, save)


def _is_sent_to_story(answer: Answer, page: Page) -> bool:
    """Tell whether a further page of comments led to its story, as those of WordPress do that were joined."""
    if answer.entry.role != "comments" or not answer.via or page.article is None or page.url is None:
        return False
    return reduce_url(page.url) == reduce_url(answer.url) != reduce_url(answer.entry.url)


def _keep_place(visit: Visit) -> PageSave:
    """Return what to save of a redirect to an address that has an entry of its own, which stays as it is."""
    answer = visit.answer
    is_lasting = all(status in _PERMANENT for status, _ in answer.via)
    ending = Ending("moved" if is_lasting else "saved")
    left = close_entry(answer.entry, ending, now=answer.received_at, rhythm=visit.rhythm)
    return PageSave(seen_at=seen_at(answer.headers, received_at=answer.received_at), fetched=left)


def is_in_scope(url: str, hosts: Collection[str]) -> bool:
    """Tell whether a link stays on one of the hosts that are crawled.

    Example:
        >>> [is_in_scope(url, {"vocal.media"}) for url in ("https://Vocal.media/01/a", "https://x.y/")]
        [True, False]
    """
    return urlsplit(url).netloc.lower() in hosts


def _follow(visit: Visit, place: str, ending: Ending) -> tuple[tuple[PageSave, ...], FrontierEntry]:
    """Split a fetch that was led elsewhere for good: the old address has moved, the new one has the page."""
    answer = visit.answer
    entry = answer.entry
    is_lasting = all(status in _PERMANENT for status, _ in answer.via)
    if place == entry.url or not is_lasting or ending.outcome not in _SETTLED:
        return (), entry
    if entry.url in visit.rhythm.start_urls or not is_in_scope(place, visit.hosts):
        return (), entry
    now = answer.received_at
    left = close_entry(entry, Ending("moved"), now=now, rhythm=visit.rhythm)
    moved = PageSave(seen_at=seen_at(answer.headers, received_at=now), fetched=left)
    return (moved,), replace(entry, url=place, etag=None, last_modified=None)


def _is_near(url: str, other: str) -> bool:
    return urlsplit(url).netloc.lower() == urlsplit(other).netloc.lower()


def finish_article(article: ArticleRecord, seed: Seed) -> ArticleRecord:
    """Put in what the reader cannot know: the publication, and its language where the page names none."""
    changes: dict[str, object] = {"publication": seed.slug}
    if article.language is None and seed.language is not None:
        changes["language"] = seed.language.lower()
    return article.model_copy(update=changes)


def _aliases(answer: Answer, place: str) -> tuple[Alias, ...]:
    """Return the addresses that led to an article, each once, without the one it lies at."""
    reasons = {url: "redirect" for _, url in answer.via}
    reasons.setdefault(answer.entry.url, "requested")
    reasons.setdefault(answer.url, "redirect" if answer.via else "requested")
    return tuple(Alias("url", url, reason) for url, reason in reasons.items() if url != place)


def _article_url(page: Page) -> str | None:
    """Return whose comments a further comment page shows."""
    if page.article is not None:
        return page.article.canonical_url or page.article.url
    return next((each.article_url for each in page.comments if each.article_url), page.url)


def _rest(visit: Visit, page: Page) -> Rest:
    """Return how long an article has been at rest."""
    article = page.article
    if article is None:
        return Rest()
    moments = [moment for moment in (article.published_at, article.modified_at) if moment is not None]
    comments = [each.published_at for each in page.comments if each.published_at is not None]
    known, count = visit.known_comment_count, article.comment_count
    return Rest(
        active_at=max(moments, default=None),
        comments_at=max(comments, default=None),
        is_growing=known is not None and count is not None and count > known,
    )


def _links(
    visit: Visit, page: Page, article: ArticleRecord | None
) -> tuple[list[FrontierEntry], list[FrontierEntry]]:
    """Return what the page leads to: addresses to add, and addresses to fetch even if they are known."""
    role = visit.answer.entry.role
    discovered: list[FrontierEntry] = []
    requeued: list[FrontierEntry] = []
    if visit.seed.comments and (article is not None or role == "comments"):
        discovered += [_entry(visit, url, "comments") for url in _taken(page.links.comment_pages, visit)]
    if article is not None:
        if visit.seed.comments and _has_new_comments(article, visit):
            requeued += [_entry(visit, url, "comments") for url in visit.known_comment_pages]
        discovered += [_entry(visit, url, "author") for url in _taken(page.links.authors, visit)]
    if role in _LISTING:
        articles = _recent(page, visit) if _is_hint(visit) else page.links.articles
        cards = {card.url: card for card in page.cards}
        discovered += [_entry(visit, url, "article", cards.get(url)) for url in _taken(articles, visit)]
        kind: PageRole = "sitemap" if page.kind == "sitemap" else "feed"
        discovered += [_entry(visit, url, kind) for url in _taken(page.links.lists, visit)]
    return discovered, requeued


def _is_hint(visit: Visit) -> bool:
    """Tell whether a page is a sitemap that only tells what is new, for a publication not made of it."""
    path = urlsplit(visit.seed.url).path
    return visit.answer.entry.role == "sitemap" and not _SITEMAP_PATH.search(path)


def _recent(page: Page, visit: Visit) -> tuple[str, ...]:
    """Return the articles of a sitemap that changed lately; its archive is left to the list pages."""
    since = visit.answer.received_at - HINT_WINDOW
    cards = [card for card in page.cards if card.modified_at is not None and card.modified_at >= since]
    return tuple(card.url for card in cards)


def _has_new_comments(article: ArticleRecord, visit: Visit) -> bool:
    """Tell whether the further pages of comments are worth another look."""
    count, known = article.comment_count, visit.known_comment_count
    return count is None or count != known


def _taken(urls: tuple[str, ...], visit: Visit) -> list[str]:
    most = MAX_SITEMAP_LINKS if visit.answer.entry.role == "sitemap" else MAX_LINKS
    return [url for url in urls[:most] if is_in_scope(url, visit.hosts)]


def _entry(visit: Visit, url: str, role: PageRole, card: ArticleCard | None = None) -> FrontierEntry:
    mark = card_mark(card) if card is not None else None
    now: datetime = visit.answer.received_at
    return FrontierEntry(url=url, role=role, publication=visit.seed.slug, due_at=now, card=mark)
