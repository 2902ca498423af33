"""The same story from two places, kept once; the parts of a series, kept apart."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from crawler.store.views import ArticleSummary
from plugin.issues import IssuedArticle
from plugin.selection.sketches import resemblance
from plugin.selection.traits import author_keys, fold

SAME_STORY: Final = 0.70
"""Least resemblance of one story at two places. Measured by ``tests/test_plugin_selection.py`` on made-up
bodies of 120 to 1,500 words: a story reposted with 2 % of its words changed and an introduction of a tenth of
its length has 0.75 to 0.86, one that quotes half of another 0.27 to 0.37, unrelated ones 0.00 to 0.01."""

SAME_HEADLINE: Final = 0.55
"""The same where the headlines are equal: a second edition may then differ by a fifth of its length."""

SAME_TEXT: Final = 0.97
"""Least resemblance where everything else speaks for a series: headlines that differ in a number, a weekday
or a month only, or one author twice in one publication. The parts of a series with almost one text have up to
0.93 in the measurement (one sentence of fifteen differs); a text posted twice has 1.00."""

MAX_SHARED_BY: Final = 40
"""A run found in more kept stories than this is a phrase of the house, and points to none of them."""

_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve first second third fourth fifth sixth "
    "seventh eighth ninth tenth final i ii iii iv v vi vii viii ix x xi xii monday tuesday wednesday "
    "thursday friday saturday sunday january february march april may june july august september october "
    "november december spring summer autumn fall winter morning evening"
)
_COUNTING = frozenset(_NUMBER_WORDS.split())
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Story:
    """What of an article tells whether another is the same story.

    Attributes:
        number: The issue that holds it; None for a candidate.
    """

    article_id: int
    headline: tuple[str, ...]
    place: tuple[str | None, str | None]
    authors: frozenset[str]
    sketch: tuple[int, ...]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Double:
    """A candidate that another story stands for.

    Attributes:
        kept_id: The article kept.
        number: The issue that holds it already; None where it is a candidate too.
        likeness: Resemblance of the two bodies.
    """

    article: ArticleSummary
    kept_id: int
    number: int | None
    likeness: float


def find_doubles(
    candidates: Sequence[ArticleSummary],
    *,
    sketches: Mapping[int, tuple[int, ...]],
    issued: Iterable[IssuedArticle] = (),
    pinned: Collection[int] = (),
) -> list[Double]:
    """Find the candidates that tell a story another one tells already.

    Kept is what an issue holds, then what an editor pinned, then the earliest. Time and memory grow with the
    number of candidates, not with its square: stories are compared only where they share runs of words.

    Args:
        candidates: Any order; the answer does not depend on it.
        sketches: Article -> sketch of its body.
        issued: What recent issues hold.
        pinned: Articles an editor wants in; none of them is ever a double.
    """
    index = _Index()
    for each in issued:
        index.add(_issued_story(each))
    doubles: list[Double] = []
    for article in sorted(candidates, key=lambda each: (each.id not in pinned, *_age_key(each))):
        story = _story(article, sketches.get(article.id, ()))
        found = None if article.id in pinned else index.find(story)
        if found is None:
            index.add(story)
        else:
            kept, likeness = found
            doubles.append(Double(article, kept.article_id, kept.number, likeness))
    return doubles


def is_same_story(one: Story, other: Story, likeness: float) -> bool:
    """Decide whether two bodies of a certain resemblance tell one story.

    Args:
        one: A story.
        other: Another.
        likeness: Resemblance of their bodies, 0 to 1.
    """
    if likeness >= SAME_TEXT:
        return True
    if one.place == other.place and one.authors & other.authors:
        return False
    if one.headline == other.headline:
        return likeness >= SAME_HEADLINE
    return likeness >= SAME_STORY and stem(one.headline) != stem(other.headline)


def stem(headline: Iterable[str]) -> tuple[str, ...]:
    """Return a headline's words with whatever counts parts of a series taken out.

    Example:
        >>> stem(("tide", "log", "week", "12")), stem(("tide", "log", "second", "week"))
        (('tide', 'log', 'week'), ('tide', 'log', 'week'))
    """
    return tuple(
        word for word in headline if word not in _COUNTING and not any(letter.isdigit() for letter in word)
    )


class _Index:
    """The stories kept so far, found by the runs of words they share."""

    def __init__(self) -> None:
        self._stories: list[Story] = []
        self._by_run: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, story: Story) -> None:
        place = len(self._stories)
        self._stories.append(story)
        for run in story.sketch:
            holders = self._by_run[run]
            if len(holders) <= MAX_SHARED_BY:
                holders.append(place)

    def find(self, story: Story) -> tuple[Story, float] | None:
        """Return the kept story that is the same, the most alike one of several, with its likeness."""
        shared: Counter[int] = Counter()
        for run in story.sketch:
            holders = self._by_run.get(run, ())
            if len(holders) <= MAX_SHARED_BY:
                shared.update(holders)
        found: tuple[Story, float] | None = None
        for place, _ in shared.most_common(10):
            other = self._stories[place]
            likeness = resemblance(story.sketch, other.sketch)
            if is_same_story(story, other, likeness) and (found is None or likeness > found[1]):
                found = other, likeness
        return found


def _age_key(article: ArticleSummary) -> tuple[datetime, datetime, int]:
    """Sort the earliest published first; what has no date comes after what has one."""
    latest = datetime.max.replace(tzinfo=UTC)
    return article.published_at or latest, article.first_seen_at, article.id


def _headline_words(headline: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(headline)))


def _story(article: ArticleSummary, sketch: tuple[int, ...]) -> Story:
    return Story(
        article_id=article.id,
        headline=_headline_words(article.headline),
        place=(article.publication, article.community.name if article.community else None),
        authors=frozenset(author_keys(article)),
        sketch=sketch,
    )


def _issued_story(issued: IssuedArticle) -> Story:
    return Story(
        article_id=issued.article_id,
        headline=_headline_words(issued.headline),
        place=(issued.publication, issued.community),
        authors=frozenset(issued.author_keys),
        sketch=issued.sketch,
        number=issued.number,
    )
