"""What is true of each story, to compare with what a crawler read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crawler.demo.content import Comment, Hero, Insights, Story
from crawler.demo.discussion import count_comments
from crawler.demo.faults import FaultDesk
from crawler.demo.fragment import text_blocks
from crawler.demo.state import PlatformState

# Words a minute, from which the printed reading time is computed.
READING_SPEED = 220


@dataclass(frozen=True, slots=True)
class CommentTruth:
    """What is true of one comment."""

    id: str
    # None for a comment on the story itself.
    parent_id: str | None
    # Its place among the comments with the same parent, from 0, as displayed.
    position: int
    author_name: str
    # None when the account is closed.
    author_path: str | None
    published_at: datetime
    # The paragraphs, joined by a newline.
    text: str
    likes: int
    # Then neither name nor text is displayed.
    is_removed: bool


@dataclass(frozen=True, slots=True)
class StoryTruth:
    """What is true of one story."""

    id: str
    path: str
    community: str
    headline: str
    dek: str | None
    author_name: str
    author_path: str
    published_at: datetime
    modified_at: datetime | None
    # Paragraphs, headings and list items in order, without figures and cards.
    paragraphs: tuple[str, ...]
    word_count: int
    reading_minutes: int
    tags: tuple[str, ...]
    badges: tuple[str, ...]
    likes: int
    hero: Hero | None
    insights: Insights
    # Parents before their replies, in the order of display over all pages.
    comments: tuple[CommentTruth, ...]
    # As printed: removed comments do not count.
    comment_count: int
    access: Literal["free", "members"]


class TruthBook(Mapping[str, StoryTruth]):
    """The truth of every story that a visitor can get at, by present slug.

    Looked up lazily: a platform of 20,000 stories costs nothing until asked.
    Stories that a fault hides or makes hostile are left out.

    Args:
        state: The platform.
        desk: Knows which stories are struck by faults.
    """

    def __init__(self, state: PlatformState, desk: FaultDesk) -> None:
        self._state = state
        self._desk = desk

    def __iter__(self) -> Iterator[str]:
        """Return the slugs of all readable stories."""
        return (story.slug for story in self._state.stories() if self._is_readable(story))

    def __len__(self) -> int:
        """Return how many stories are readable."""
        return sum(1 for _ in self)

    def __getitem__(self, slug: str) -> StoryTruth:
        """Return what is true of a story at this moment."""
        try:
            story = self._state.story(slug)
        except LookupError:
            raise KeyError(slug) from None
        if not self._is_readable(story):
            raise KeyError(slug)
        return self._story_truth(story)

    def _is_readable(self, story: Story) -> bool:
        """Tell whether a visitor can get at the story."""
        return not self._desk.is_deleted(story) and not self._desk.is_hostile(story)

    def _story_truth(self, story: Story) -> StoryTruth:
        """Gather what is true of a story now."""
        matter = story.source.read()
        paragraphs = text_blocks(matter.body_html)
        author = self._state.author(story.author)
        words = count_words(paragraphs)
        return StoryTruth(
            id=story.id,
            path=story.path,
            community=story.community,
            headline=story.headline,
            dek=story.dek,
            author_name="" if author is None else author.name,
            author_path="" if author is None else author.path,
            published_at=self._state.time_of(story.age),
            modified_at=None if story.updated is None else self._state.time_of(story.updated),
            paragraphs=paragraphs,
            word_count=words,
            reading_minutes=reading_minutes(words),
            tags=story.tags,
            badges=story.badges,
            likes=story.likes,
            hero=story.hero,
            insights=story.insights,
            comments=tuple(self._comment_truths(matter.comments, parent_id=None)),
            comment_count=count_comments(matter.comments),
            access="members" if self._desk.is_walled(story) else "free",
        )

    def _comment_truths(
        self, comments: tuple[Comment, ...], *, parent_id: str | None
    ) -> Iterator[CommentTruth]:
        """Yield the comments with one parent, each followed by its replies."""
        for position, comment in enumerate(comments):
            member = self._state.author(comment.author)
            yield CommentTruth(
                id=comment.id,
                parent_id=parent_id,
                position=position,
                author_name=member.name if member else comment.name or "",
                author_path=member.path if member else None,
                published_at=self._state.time_of(comment.age),
                text="\n".join(text_blocks(comment.body_html)),
                likes=comment.likes,
                is_removed=comment.is_removed,
            )
            yield from self._comment_truths(comment.replies, parent_id=comment.id)


def count_words(paragraphs: tuple[str, ...]) -> int:
    """Count the words between blanks.

    Example:
        >>> count_words(("Two cups", "of tea"))
        4
    """
    return sum(len(paragraph.split()) for paragraph in paragraphs)


def reading_minutes(words: int) -> int:
    """Return the printed reading time, at least a minute.

    Example:
        >>> reading_minutes(0), reading_minutes(700)
        (1, 3)
    """
    return max(1, round(words / READING_SPEED))
