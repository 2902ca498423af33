"""How much of what pages say is read right: a share for each field, which may not fall below its floor.

The pages are composed at random from fixed seeds; `quality.json` holds the floors. A field that is read better than
its floor by more than `SLACK` fails too, so that what was won is not lost quietly.
"""

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from crawler.platforms import read_page
from crawler.platforms.base import Page
from crawler.records import ArticleRecord, CommentRecord
from tests.compositions import Composer, Remark, Truth
from tests.compositions_of_lists import ListComposer
from tests.compositions_of_sites import Article, SiteComposer
from tests.writing import SEEN_AT

FLOORS: dict[str, dict[str, float]] = json.loads(Path(__file__).with_name("quality.json").read_text())
N_PAGES = 400
SLACK = 0.01
HEADERS = {"Content-Type": "text/html; charset=utf-8"}


def test_no_field_goes_unscored() -> None:
    assert {kind: set(shares) for kind, shares in FLOORS.items()} == {
        kind: set(_shares(kind)) for kind in FLOORS
    }


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind, shares in FLOORS.items() for field in shares]
)
def test_a_field_is_read_right_as_often_as_its_floor(kind: str, field: str) -> None:
    floor, share = FLOORS[kind][field], _shares(kind)[field]
    assert share >= floor
    assert share <= floor + SLACK, "read better than its floor: raise it in quality.json"


@cache
def _shares(kind: str) -> dict[str, float]:
    scores: dict[str, list[float]] = defaultdict(list)
    for seed in range(N_PAGES):
        for field, score in _SCORERS[kind](seed).items():
            scores[field].append(score)
    return {
        field: statistics.fmean([*each, *[0.0] * (N_PAGES - len(each))]) for field, each in scores.items()
    }


def _score_story(seed: int) -> dict[str, float]:
    composer = Composer(seed)
    page = read_page(composer.compose().encode(), composer.url, seen_at=SEEN_AT, headers=HEADERS)
    if page.article is None:
        return {}
    return _score_head(composer.truth, page.article, page) | _score_comments(
        composer.truth.remarks, page.comments
    )


def _score_head(truth: Truth, article: ArticleRecord, page: Page) -> dict[str, float]:
    hero = article.hero
    bio = page.authors[0].bio_text if page.authors else None
    return {
        "headline": article.headline == truth.headline,
        "dek": article.dek == truth.dek,
        "authors": [(author.name, author.url) for author in article.authors]
        == [(truth.name, truth.author_url)],
        "community": article.community is not None and article.community.name == truth.community,
        "published": _holds(article.published_bounds, truth.published),
        "updated": _holds(article.modified_bounds, truth.updated),
        "reading_minutes": article.reading_minutes == truth.minutes,
        "body": article.body_text == truth.body,
        "tags": [tag.name for tag in article.tags] == truth.tags,
        "badges": article.badges == truth.badges,
        "like_count": article.like_count == truth.likes,
        "hero": ((hero.url, hero.caption) if hero else None) == truth.hero,
        "bio": bio == truth.bio,
        "insights": [each.label for each in article.insights if each.kind == "top_insight"] == truth.insights,
        "comment_count": article.comment_count == len(truth.remarks),
    }


def _score_comments(remarks: Sequence[Remark], comments: Sequence[CommentRecord]) -> dict[str, float]:
    place = {comment.platform_id: at for at, comment in enumerate(comments)}
    parents = [place[comment.parent_id] if comment.parent_id else None for comment in comments]
    pairs = list(zip(remarks, comments, strict=False))
    return {
        "comments": [(comment.author_name, comment.body_text) for comment in comments]
        == [(remark.name, "\n\n".join(remark.lines)) for remark in remarks],
        "comment_parents": parents == [remark.parent for remark in remarks],
        "comment_likes": [comment.like_count for comment in comments] == [remark.likes for remark in remarks],
        "comment_dates": all(_holds(comment.published_bounds, remark.at) for remark, comment in pairs),
    }


def _score_site(seed: int) -> dict[str, float]:
    composer = SiteComposer(seed)
    truth: Article = composer.article
    markup = composer.compose()
    article = read_page(markup.encode(), truth.url, seen_at=SEEN_AT, headers=HEADERS).article
    if article is None:
        return {}
    published = article.published_at
    return {
        "headline": article.headline == truth.headline,
        "authors": [author.name for author in article.authors] == [truth.name],
        "published": published is not None and abs(published - truth.published) < timedelta(days=1),
        "hero": (article.hero.url if article.hero else None) == truth.hero,
        "tags": [tag.name for tag in article.tags] == truth.tags,
        "body_f1": _f1(article.body_text.split(), truth.words),
        "body_whole": article.body_text.split() == truth.words,
    }


def _score_list(seed: int) -> dict[str, float]:
    composer = ListComposer(seed)
    page = read_page(composer.compose().encode(), composer.url, seen_at=SEEN_AT, headers=HEADERS)
    author = next(iter(page.authors), None)
    pairs = list(zip(composer.stories, page.cards, strict=False))
    return {
        "kind": page.kind == ("author" if composer.is_author else "list"),
        "urls": [card.url for card in page.cards] == [story.url for story in composer.stories],
        "headlines": all(card.headline == story.title for story, card in pairs),
        "authors": all(card.author_name == story.name for story, card in pairs),
        "published": all(_holds(card.published_bounds, story.at) for story, card in pairs),
        "badges": all(card.badges == tuple(story.badges) for story, card in pairs),
        "next_page": page.links.next_page == composer.next_page,
        "person": (author and (author.name, author.bio_text, author.article_count))
        == ((composer.name, composer.bio, composer.n_stories) if composer.is_author else None),
    }


_SCORERS: dict[str, Callable[[int], dict[str, float]]] = {
    "stories": _score_story,
    "sites": _score_site,
    "lists": _score_list,
}


def _holds(bounds: tuple[datetime, datetime] | None, instant: datetime | None) -> bool:
    if bounds is None or instant is None:
        return bounds is None and instant is None
    return bounds[0] <= instant <= bounds[1]


def _f1(found: Iterable[str], wanted: Iterable[str]) -> float:
    """Return the harmonic mean of precision and recall over words, each counted as often as it stands there."""
    ours, theirs = Counter(found), Counter(wanted)
    n_all = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / n_all if n_all else 1.0
