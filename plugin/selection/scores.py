"""Scores from 0 to 1 by which candidates are ranked, each with the words that explain it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from math import log1p

from crawler.store.views import ArticleSummary
from plugin.digests import Digest, next_due_at
from plugin.selection.results import Score

_DAY = timedelta(days=1)


class Scoring:
    """Scores the candidates of one cut.

    Counts are measured on a logarithmic scale against the largest among the candidates, so that a story with
    ten times the comments of another is ahead by the same step everywhere, and no single one drowns the rest.
    A story's freshness is 1 when it appears, a half after one period of the digest, a third after two.

    Args:
        candidates: Those the scale is taken from.
        digest: Its ``rank`` and cadence.
        now: The cut, aware.
        pinned: Articles an editor wants in.
    """

    def __init__(
        self, candidates: Iterable[ArticleSummary], digest: Digest, *, now: datetime, pinned: Collection[int]
    ) -> None:
        self._rank = digest.rank
        self._now = now
        self._pinned = pinned
        upcoming = next_due_at(digest, now)
        self._period = next_due_at(digest, upcoming) - upcoming
        self._largest = _Largest()
        for article in candidates:
            self._largest.include(article, self._age(article))

    def _age(self, article: ArticleSummary) -> timedelta:
        """Return how long ago it appeared; a date in the future counts as the moment it was seen."""
        appeared = min(article.published_at or article.first_seen_at, article.first_seen_at)
        return max(self._now - appeared, timedelta(0))

    def score(self, article: ArticleSummary) -> Mapping[str, Score]:
        """Return every score of an article, by name."""
        rank, age = self._rank, self._age(article)
        others = rank.freshness + rank.discussion + rank.insights + rank.likes + rank.length
        is_pinned = article.id in self._pinned
        return {
            "freshness": Score(1 / (1 + age / self._period), rank.freshness, f"appeared {_span(age)} ago"),
            "discussion": self._discussion(article, age),
            "insights": Score(
                _share(_insight_count(article), self._largest.insights),
                rank.insights,
                _count(_insight_count(article), "insight"),
            ),
            "likes": Score(
                _share(article.like_count or 0, self._largest.likes),
                rank.likes,
                "no likes printed" if article.like_count is None else _count(article.like_count, "like"),
            ),
            "length": Score(
                _share(article.word_count, self._largest.words),
                rank.length,
                _count(article.word_count, "word"),
            ),
            # Worth more than all the others together, so that what is pinned comes first.
            "editor": Score(float(is_pinned), 1 + others, "pinned" if is_pinned else "not pinned"),
        }

    def _discussion(self, article: ArticleSummary, age: timedelta) -> Score:
        """Score how many comments there are, and as much how fast they come."""
        comments, pace = comment_count(article), _pace(article, age)
        value = (_share(comments, self._largest.comments) + _share(pace, self._largest.pace)) / 2
        why = f"{_count(comments, 'comment')}, {_number(pace)} a day"
        return Score(value, self._rank.discussion, why)


class _Largest:
    """The largest of each count among the candidates."""

    def __init__(self) -> None:
        self.comments = self.pace = self.insights = self.likes = self.words = 0.0

    def include(self, article: ArticleSummary, age: timedelta) -> None:
        """Take an article's figures into the highest ones."""
        self.comments = max(self.comments, comment_count(article))
        self.pace = max(self.pace, _pace(article, age))
        self.insights = max(self.insights, _insight_count(article))
        self.likes = max(self.likes, article.like_count or 0)
        self.words = max(self.words, article.word_count)


def total_of(scores: Mapping[str, Score]) -> float:
    """Return the sum of all scores, each times its weight."""
    return sum(score.value * score.weight for score in scores.values())


def comment_count(article: ArticleSummary) -> int:
    """Return how many comments an article has: as printed, or as kept where more are."""
    return max(article.comment_count or 0, article.stored_comment_count)


def _pace(article: ArticleSummary, age: timedelta) -> float:
    """Return comments a day; the first day counts as a whole one."""
    return comment_count(article) / max(age / _DAY, 1.0)


def _insight_count(article: ArticleSummary) -> int:
    return sum(1 if each.count is None else each.count for each in article.insights)


def _share(count: float, largest: float) -> float:
    """Return a count's place between nothing and the largest one, on a logarithmic scale."""
    return min(log1p(count) / log1p(largest), 1.0) if largest > 0 else 0.0


def _number(value: float) -> str:
    """Return a number with one decimal, with none where that is 0 or the number is large.

    Example:
        >>> _number(3.0), _number(0.25), _number(117.3), _number(0.0421)
        ('3', '0.2', '117', '0.04')
    """
    if 0 < value < 0.1:
        return f"{value:.1g}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}".removesuffix(".0")


def _span(age: timedelta) -> str:
    """Return an age in the largest unit of which it holds one.

    Example:
        >>> _span(timedelta(days=1, hours=12)), _span(timedelta(minutes=90)), _span(timedelta(seconds=26))
        ('1.5 days', '1.5 hours', '26 seconds')
    """
    units = ((_DAY, "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))
    unit, noun = next((each for each in units if age >= each[0]), (timedelta(seconds=1), "second"))
    return _count(age / unit, noun)


def _count(value: float, noun: str) -> str:
    number = _number(value)
    return f"{number} {noun}" if number == "1" else f"{number} {noun}s"
