"""What the demo platform publishes, as frozen values.

Times are ages: how long before the platform's anchor something happened. What
happens on a running platform after the anchor has a negative age.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol


def make_id(*parts: str) -> str:
    """Return 24 hexadecimal digits that depend on nothing but ``parts``."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Community:
    """A room of the platform that stories are published in."""

    # Its part of the address; may hold digits and capitals.
    slug: str
    name: str
    description: str

    @property
    def id(self) -> str:
        """Return the identifier the machine-readable state uses."""
        return make_id("community", self.slug)


@dataclass(frozen=True, slots=True)
class Author:
    """A member: whoever writes stories or comments."""

    slug: str
    name: str
    # The self-description: one HTML fragment for each paragraph.
    bio: tuple[str, ...] = ()
    has_avatar: bool = True
    # As printed, for example "March 2021".
    joined: str | None = None
    location: str | None = None
    follower_count: int = 0

    @property
    def id(self) -> str:
        """Return the identifier the machine-readable state uses."""
        return make_id("author", self.slug)

    @property
    def path(self) -> str:
        """Return the address of the author's page."""
        return f"/authors/{self.slug}"


@dataclass(frozen=True, slots=True)
class Comment:
    """A reader's comment and the replies to it."""

    # Unique on the platform; the page's element is ``comment-<id>``.
    id: str
    # An HTML fragment.
    body_html: str
    age: timedelta
    # The slug of a member; None when the account is closed.
    author: str | None = None
    # The printed name when there is no member to ask.
    name: str | None = None
    likes: int = 0
    replies: tuple[Comment, ...] = ()
    # A removed comment keeps its place while it has replies.
    is_removed: bool = False

    def walk(self) -> Iterator[Comment]:
        """Yield the comment and all replies below it, parents first."""
        yield self
        for reply in self.replies:
            yield from reply.walk()


class MatterSource(Protocol):
    """Whatever can produce a story's matter when it is asked for."""

    def read(self) -> Matter:
        """Return the matter; the same at every call."""


@dataclass(frozen=True, slots=True)
class Matter:
    """The heavy part of a story: its body and its discussion."""

    # An HTML fragment.
    body_html: str
    # Newest first.
    comments: tuple[Comment, ...] = ()

    def read(self) -> Matter:
        """Return itself, so that a matter is its own source."""
        return self


@dataclass(frozen=True, slots=True)
class Hero:
    """The picture above a story."""

    # The name of a generated picture, without folder and ending.
    image: str
    alt: str
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Insight:
    """A short verdict that readers picked from a list, with its explanation."""

    label: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Insights:
    """What readers say of a story: one leading rating and two groups."""

    rating: Insight | None = None
    top: tuple[Insight, ...] = ()
    more: tuple[Insight, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A published story; light enough that 20,000 of them fit in memory."""

    slug: str
    headline: str
    # The slug of a community.
    community: str
    # The slug of an author.
    author: str
    source: MatterSource
    age: timedelta = timedelta(0)
    dek: str | None = None
    # How long ago the story was last updated; None when it never was.
    updated: timedelta | None = None
    tags: tuple[str, ...] = ()
    # As printed, for example "Top Story - October 2026".
    badges: tuple[str, ...] = ()
    likes: int = 0
    hero: Hero | None = None
    insights: Insights = field(default_factory=Insights)
    # The slug it was first published under, when it has moved since.
    born_as: str | None = None

    @property
    def id(self) -> str:
        """Return an identifier that survives a change of the slug."""
        return make_id("story", self.born_as or self.slug)

    @property
    def path(self) -> str:
        """Return the story's present address."""
        return f"/{self.community}/{self.slug}"

    @property
    def is_top(self) -> bool:
        """Tell whether the editors made it a top story."""
        return any(badge.startswith("Top Story") for badge in self.badges)


@dataclass(frozen=True, slots=True)
class DemoContent:
    """All that a platform starts with."""

    name: str
    tagline: str
    owner: str
    communities: tuple[Community, ...]
    authors: tuple[Author, ...]
    stories: tuple[Story, ...]


def tag_slug(tag: str) -> str:
    """Return a tag's part of an address.

    Example:
        >>> tag_slug("Fan Fiction")
        'fan-fiction'
    """
    return "-".join(tag.lower().split())
