"""Makes as many stories as a load test needs, always the same ones for a seed.

A story knows how to make its body and its discussion; they are made when they
are asked for and not kept, so that 20,000 stories cost a few megabytes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from crawler.demo.content import (
    Author,
    Comment,
    Community,
    DemoContent,
    Hero,
    Insight,
    Insights,
    Matter,
    Story,
    make_id,
)

# fmt: off
_NOUNS = (
    "harbor", "kettle", "lantern", "orchard", "ladder", "letter", "window", "river", "attic", "compass",
    "garden", "clock", "bridge", "drawer", "teacup", "meadow", "signal", "button", "staircase",
    "neighbor", "notebook", "chimney", "ferry", "pocket", "thimble", "railway", "hedge",
)
_ADJECTIVES = (
    "quiet", "crooked", "patient", "brass", "borrowed", "early", "unlikely", "narrow", "salted",
    "well-kept", "distant", "ordinary", "stubborn", "half-finished", "generous", "northern",
    "second-hand", "wakeful",
)
_VERBS = (
    "remembers", "keeps", "follows", "forgives", "outlives", "measures", "borrows", "repairs", "counts",
    "answers", "carries", "forgets", "surprises", "understands",
)
# fmt: on
_TAGS = ("short story", "how to", "nature", "memory", "travel", "Work", "Family", "slow living", "machines")
_SENTENCES = (
    "The {a} {n} {v} the {m}, and nobody in the street can say why.",
    "Every {n} I have known {v} a {b} {m} sooner or later.",
    "In the morning there was a {n} on the step, {a} and {b}, as if it had walked.",
    "You do not choose a {a} {n}; it {v} you while you look for the {m}.",
    "She said that the {n} {v} what the {m} cannot, and went on peeling apples.",
    "Between the {n} and the {m} there is room for one {a} hour.",
    "It was {a}, it was {b}, and it belonged to the {n} as a coat belongs to a nail.",
)
# How many bytes of text a page of a wanted size holds, measured with the
# default markup: the frame stays the same, and the text stands in it twice.
_FRAME_BYTES = 10_600
_BYTES_PER_BODY_BYTE = 2.21
_BYTES_PER_COMMENT = 750


@dataclass(frozen=True, slots=True)
class SyntheticMatter:
    """Makes the body and the comments of one synthetic story on request."""

    seed: int
    number: int
    # Bytes of the body.
    size: int
    n_comments: int
    n_authors: int
    age: timedelta

    def read(self) -> Matter:
        """Return the matter; made anew at every call, and the same."""
        dice = _dice(self.seed, "matter", self.number)
        pool = _sentences(self.seed)
        parts: list[str] = []
        size = 0
        while size < self.size:
            text = " ".join(dice.choices(pool, k=dice.randrange(3, 7)))
            is_heading = len(parts) % 9 == 8
            part = f"<h2>{text.split('.')[0]}</h2>" if is_heading else f"<p>{text}</p>"
            parts.append(part)
            size += len(part) + 1
        return Matter("\n".join(parts), self._comments(dice, pool))

    def _comments(self, dice: random.Random, pool: tuple[str, ...]) -> tuple[Comment, ...]:
        """Return the discussion: every third comment answers the one before."""
        threads: list[list[Comment]] = []
        for position in range(self.n_comments):
            comment = Comment(
                id=make_id("synthetic", str(self.seed), str(self.number), str(position)),
                body_html=f"<p>{dice.choice(pool)}</p>",
                age=self.age * (1 - (position + 1) / (self.n_comments + 1)),
                author=author_slug(dice.randrange(self.n_authors)),
                likes=dice.randrange(5),
            )
            if position % 3 == 2:
                threads[-1].append(comment)
            else:
                threads.append([comment])
        return tuple(_thread(thread) for thread in reversed(threads))


def make_content(
    n_stories: int,
    *,
    seed: int = 0,
    page_bytes: int = 57_000,
    n_comments: int = 6,
    n_authors: int = 50,
    n_communities: int = 4,
    span: timedelta = timedelta(days=3 * 365),
) -> DemoContent:
    """Make a platform of synthetic stories.

    Args:
        n_stories: How many; 20,000 are made in about a second.
        seed: The same seed gives the same stories, bodies and comments.
        page_bytes: About how large a story page is in the default markup,
            unpacked; at least 16,000 or so, or frame and
            comments alone are larger.
        n_comments: Comments on each story, replies counted.
        n_authors: At least 1.
        n_communities: At least 1.
        span: Over which time before the anchor the stories are spread evenly.
    """
    n_bytes = int((page_bytes - _FRAME_BYTES - n_comments * _BYTES_PER_COMMENT) / _BYTES_PER_BODY_BYTE)
    return DemoContent(
        name="Plenty",
        tagline="More stories than anyone can read",
        owner="Plenty Press.",
        communities=tuple(
            Community(f"room{n}", f"Room {n}", "Synthetic stories for load tests.")
            for n in range(1, n_communities + 1)
        ),
        authors=tuple(_author(seed, number) for number in range(n_authors)),
        stories=tuple(
            _story(
                SyntheticMatter(
                    seed=seed,
                    number=number,
                    size=max(n_bytes, 1),
                    n_comments=n_comments,
                    n_authors=n_authors,
                    age=span * ((number + 1) / n_stories),
                ),
                n_communities=n_communities,
            )
            for number in range(n_stories)
        ),
    )


def author_slug(number: int) -> str:
    """Return the slug of a synthetic author, counted from 0."""
    return f"writer-{number}"


def _story(matter: SyntheticMatter, *, n_communities: int) -> Story:
    """Make a story around its matter."""
    dice = _dice(matter.seed, "story", matter.number)
    headline = f"The {dice.choice(_ADJECTIVES)} {dice.choice(_NOUNS)} that {dice.choice(_VERBS)} me"
    has_insights = dice.random() < 0.3
    return Story(
        slug=f"{headline.lower().replace(' ', '-')}-{matter.number}",
        headline=headline,
        community=f"room{matter.number % n_communities + 1}",
        author=author_slug(dice.randrange(matter.n_authors)),
        source=matter,
        age=matter.age,
        dek=dice.choice(_sentences(matter.seed)) if dice.random() < 0.8 else None,
        tags=tuple(dice.sample(_TAGS, dice.randrange(4))),
        badges=("Top Story - October 2026",) if dice.random() < 0.05 else (),
        likes=dice.randrange(60),
        hero=Hero(f"plenty-{matter.number}", headline) if dice.random() < 0.7 else None,
        insights=Insights(rating=Insight("Nice Work", "Very well written. Keep up the good work!"))
        if has_insights
        else Insights(),
    )


def _author(seed: int, number: int) -> Author:
    """Make an author."""
    dice = _dice(seed, "author", number)
    name = f"{dice.choice(_NOUNS)} {dice.choice(_NOUNS)}".title()
    return Author(
        slug=author_slug(number),
        name=f"{name} {number}",
        bio=(dice.choice(_sentences(seed)),) if dice.random() < 0.8 else (),
        joined="March 2023",
        follower_count=dice.randrange(3000),
    )


def _thread(comments: list[Comment]) -> Comment:
    """Return the first comment with the others as its replies."""
    first = comments[0]
    return Comment(
        first.id, first.body_html, first.age, first.author, first.name, first.likes, tuple(comments[1:])
    )


@lru_cache(maxsize=4)
def _sentences(seed: int) -> tuple[str, ...]:
    """Return the sentences that all texts of a seed are made of."""
    dice = _dice(seed, "sentences", 0)
    return tuple(
        dice.choice(_SENTENCES).format(
            a=dice.choice(_ADJECTIVES),
            b=dice.choice(_ADJECTIVES),
            n=dice.choice(_NOUNS),
            m=dice.choice(_NOUNS),
            v=dice.choice(_VERBS),
        )
        for _ in range(400)
    )


def _dice(seed: int, purpose: str, number: int) -> random.Random:
    """Return chance that depends on its arguments only."""
    return random.Random(f"{seed}/{purpose}/{number}")  # noqa: S311 - stories, not secrets
