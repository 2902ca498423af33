"""The same story from two places, kept once; the parts of a series, kept apart."""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Final

from crawler.store.views import ArticleSummary
from plugin.issues import IssuedArticle
from plugin.selection.sketches import Sketch, pack_runs, resemblance
from plugin.selection.traits import author_keys, fold

SAME_STORY: Final = 0.70
"""Least resemblance of one story at two places.

Measured on the forty stories of the demo (300 to 530 words) by ``tests/test_plugin_selection.py``, least /
median / largest of 300 pairs: 2 % of the words changed and an introduction of a tenth of the length 0.76 /
0.82 / 0.92; a fifth cut off 0.77 / 0.80 / 0.85; a story that quotes the whole of another 0.37 / 0.50 / 0.66;
unrelated ones 0.00 / 0.00 / 0.02.
"""

SAME_HEADLINE: Final = 0.55
"""The same where the headlines are equal. A second edition (3 % of the words changed, a tenth cut off, an
introduction of a seventh) has 0.61 / 0.68 / 0.82 in that measurement.

No threshold tells a series with almost one text: where one sentence in twenty differs, two parts have up to
to 0.98. Such pairs are known by their headlines, which differ in a number, a weekday or a month only, or by
their author, who has both in one place. They stay apart, except under one headline and word for word.
"""

INDEXED_RUNS: Final = 32
"""Runs by which a kept story is found; with a resemblance of a half two in three are common to both."""

MIN_SHARED: Final = 5
"""One in so many of those runs must be common before bodies are compared; with a resemblance of a half it is,
but for one case in a hundred million."""

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
        runs: Of its sketch; empty where the body is too short to compare.
        number: The issue that holds it; None for a candidate.
    """

    article_id: int
    headline: tuple[str, ...]
    place: tuple[str | None, str | None]
    authors: frozenset[str]
    runs: "array[int]"
    text_key: str | None
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
    sketches: Mapping[int, Sketch],
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
        story = _story(article, sketches.get(article.id))
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
        other: Another; both have bodies long enough to compare.
        likeness: Resemblance of their bodies, 0 to 1.
    """
    has_one_author, has_one_place = bool(one.authors & other.authors), one.place == other.place
    is_one_desk = has_one_place and has_one_author
    if min(len(one.runs), len(other.runs)) == 1:
        # A poem of a few lines: nothing but the very same one counts.
        return one.headline == other.headline and one.text_key == other.text_key
    if one.headline == other.headline:
        return one.text_key == other.text_key if is_one_desk else likeness >= SAME_HEADLINE
    # A series has one author or stands in one place.
    may_be_parts = (has_one_place or has_one_author) and stem(one.headline) == stem(other.headline)
    return not is_one_desk and likeness >= SAME_STORY and not may_be_parts


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
        """Keep a story, so that later ones are held against it."""
        place = len(self._stories)
        self._stories.append(story)
        for run in story.runs[:INDEXED_RUNS]:
            holders = self._by_run[run]
            if len(holders) <= MAX_SHARED_BY:
                holders.append(place)

    def find(self, story: Story) -> tuple[Story, float] | None:
        """Return the kept story that is the same, the most alike one of several, with its likeness."""
        held = filter(None, map(self._by_run.get, story.runs))
        shared = Counter(chain.from_iterable(each for each in held if len(each) <= MAX_SHARED_BY))
        found: tuple[Story, float] | None = None
        for place, n_shared in shared.most_common(10):
            if n_shared * MIN_SHARED < min(INDEXED_RUNS, len(story.runs)):
                break
            other = self._stories[place]
            likeness = resemblance(story.runs, other.runs)
            if is_same_story(story, other, likeness) and (found is None or likeness > found[1]):
                found = other, likeness
        return found


def _age_key(article: ArticleSummary) -> tuple[datetime, datetime, int]:
    """Sort the earliest published first; what has no date comes after what has one."""
    latest = datetime.max.replace(tzinfo=UTC)
    return article.published_at or latest, article.first_seen_at, article.id


def _headline_words(headline: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold(headline)))


def _story(article: ArticleSummary, sketch: Sketch | None) -> Story:
    return Story(
        article_id=article.id,
        headline=_headline_words(article.headline),
        place=(article.publication, article.community.name if article.community else None),
        authors=frozenset(author_keys(article)),
        runs=sketch.runs if sketch else pack_runs(()),
        text_key=sketch.text_key if sketch else None,
    )


def _issued_story(issued: IssuedArticle) -> Story:
    return Story(
        article_id=issued.article_id,
        headline=_headline_words(issued.headline),
        place=(issued.publication, issued.community),
        authors=frozenset(issued.author_keys),
        runs=pack_runs(issued.sketch),
        text_key=issued.text_key,
        number=issued.number,
    )
