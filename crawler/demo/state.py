"""The living content of a platform: what is published now, and how it changes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from crawler.demo.content import Author, Comment, Community, DemoContent, Story, make_id
from crawler.demo.discussion import with_reply, without_comment
from crawler.demo.fragment import parse_fragment
from crawler.demo.shelf import Shelf


class Clock(Protocol):
    """Whatever tells the time."""

    def __call__(self) -> datetime:
        """Return the present instant; aware UTC."""


class PlatformState:
    """Stories and comments as they stand, with all that may happen to them.

    Every method may be called from any thread; a page that is being rendered
    sees a story either before a change or after it.

    Args:
        content: What is there at the start.
        anchor: The instant that the content's ages count back from; aware UTC.
        clock: Tells the time; aware UTC.

    Raises:
        ValueError: The anchor is naive.
    """

    def __init__(self, content: DemoContent, *, anchor: datetime, clock: Clock) -> None:
        if anchor.utcoffset() is None:
            raise ValueError("naive anchor: times must be aware UTC")
        self.content = content
        self.anchor = anchor
        self.clock = clock
        self._lock = threading.RLock()
        self._authors = {author.slug: author for author in content.authors}
        self._communities = {community.slug: community for community in content.communities}
        self._stories = {story.slug: story for story in content.stories}
        self._moves: dict[str, str] = {}
        self._gone: dict[str, int] = {}
        self._n_added = 0
        self._shelf: Shelf | None = None

    def age_of(self, moment: datetime) -> timedelta:
        """Return how long before the anchor a moment was; negative when after."""
        return self.anchor - moment

    def time_of(self, age: timedelta) -> datetime:
        """Return the moment that lies an age before the anchor; aware UTC."""
        return self.anchor - age

    @property
    def shelf(self) -> Shelf:
        """Return the lists as they stand now."""
        with self._lock:
            if self._shelf is None:
                self._shelf = Shelf(self._stories.values())
            return self._shelf

    def author(self, slug: str | None) -> Author | None:
        """Return a member, or None when there is none with this slug."""
        return self._authors.get(slug or "")

    def community(self, slug: str) -> Community | None:
        """Return a community, or None when there is none with this slug."""
        return self._communities.get(slug)

    def stories(self) -> list[Story]:
        """Return all stories, in no order that means anything."""
        with self._lock:
            return list(self._stories.values())

    def story(self, slug: str) -> Story:
        """Return the story that lies under a slug now.

        Raises:
            LookupError: There is none, or it was moved or deleted.
        """
        with self._lock:
            try:
                return self._stories[slug]
            except KeyError:
                raise LookupError(f"no such story: {slug}") from None

    def gone_status(self, slug: str) -> int | None:
        """Return what a deleted story's address answers; None if it is not one."""
        return self._gone.get(slug)

    def moved_to(self, slug: str) -> str | None:
        """Return the path a moved story lies at now; None if it did not move."""
        with self._lock:
            if slug not in self._moves:
                return None
            while slug in self._moves:
                slug = self._moves[slug]
            story = self._stories.get(slug)
            return None if story is None else story.path

    def publish_story(self, story: Story, *, at: datetime | None = None) -> str:
        """Add a story, so that list pages shift.

        Args:
            story: Its author and community must exist; its age is replaced.
            at: When it was published; now, if not given.

        Returns:
            The story's path.

        Raises:
            ValueError: The slug is taken, or the author or community unknown.
        """
        if story.author not in self._authors or story.community not in self._communities:
            raise ValueError(f"unknown author or community: {story.author}, {story.community}")
        with self._lock:
            if story.slug in self._stories:
                raise ValueError(f"slug already taken: {story.slug}")
            self._gone.pop(story.slug, None)
            self._moves.pop(story.slug, None)
            self._put(replace(story, age=self.age_of(at or self.clock())))
        return story.path

    def edit_story(
        self,
        slug: str,
        *,
        headline: str | None = None,
        dek: str | None = None,
        body_html: str | None = None,
        tags: Sequence[str] | None = None,
        badges: Sequence[str] | None = None,
        likes: int | None = None,
    ) -> None:
        """Change what is given; a changed text is marked as updated now.

        Args:
            slug: Where the story lies now.
            headline: The new headline.
            dek: The new dek.
            body_html: The new body, a well-formed HTML fragment.
            tags: The new tags, in order.
            badges: The new badges.
            likes: The new count of likes, at least 0.

        Raises:
            LookupError: There is no such story.
            ValueError: The body is not well-formed.
        """
        parse_fragment(body_html or "")
        with self._lock:
            old = self.story(slug)
            new = replace(
                old,
                headline=old.headline if headline is None else headline,
                dek=old.dek if dek is None else dek,
                tags=old.tags if tags is None else tuple(tags),
                badges=old.badges if badges is None else tuple(badges),
                likes=old.likes if likes is None else likes,
            )
            if body_html is not None:
                new = replace(new, source=replace(old.source.read(), body_html=body_html))
            if not headline == dek == body_html is None:
                new = replace(new, updated=self.age_of(self.clock()))
            self._put(new)

    def move_story(self, old: str, new: str) -> None:
        """Give a story a new slug; the old address answers 301 from now on.

        Raises:
            LookupError: There is no story under the old slug.
            ValueError: The new slug is taken.
        """
        with self._lock:
            story = self.story(old)
            if new in self._stories:
                raise ValueError(f"slug already taken: {new}")
            del self._stories[old]
            self._moves.pop(new, None)
            self._moves[old] = new
            self._put(replace(story, slug=new, born_as=story.born_as or old))

    def delete_story(self, slug: str, *, status: int = 404) -> None:
        """Take a story down; it leaves the lists.

        Args:
            slug: Where the story lies now.
            status: What its address answers from now on, 404 or 410.

        Raises:
            LookupError: There is no such story.
            ValueError: The status is another one.
        """
        if status not in (404, 410):
            raise ValueError(f"a deleted story is 404 or 410, not {status}")
        with self._lock:
            self.story(slug)
            del self._stories[slug]
            self._gone[slug] = status
            self._shelf = None

    def add_comment(
        self,
        slug: str,
        body_html: str,
        *,
        author: str | None = None,
        name: str | None = None,
        parent: str | None = None,
        at: datetime | None = None,
    ) -> str:
        """Add a comment: the newest of the story, or the last reply to its parent.

        Args:
            slug: Where the story lies now.
            body_html: A well-formed HTML fragment.
            author: The slug of a member.
            name: The printed name of somebody without account, instead.
            parent: The id of the comment that it answers.
            at: When it was written; now, if not given.

        Returns:
            The id of the new comment.

        Raises:
            LookupError: There is no such story or parent.
            ValueError: The author is unknown, both or neither name is given, or
                the body is not well-formed.
        """
        parse_fragment(body_html)
        if (author is None) == (name is None):
            raise ValueError("a comment needs either an author or a name")
        if author is not None and author not in self._authors:
            raise ValueError(f"unknown author: {author}")
        with self._lock:
            self._n_added += 1
            story = self.story(slug)
            comment = Comment(
                id=make_id("added", story.id, str(self._n_added)),
                body_html=body_html,
                age=self.age_of(at or self.clock()),
                author=author,
                name=name,
            )
            old = story.source.read().comments
            new = (comment, *old) if parent is None else with_reply(old, parent, comment)
            self._put_comments(story, new)
        return comment.id

    def remove_comment(self, slug: str, comment: str) -> None:
        """Remove a comment; while it has replies, a mark stays in its place.

        Args:
            slug: Where the story lies now.
            comment: The id of the comment.

        Raises:
            LookupError: There is no such story or comment.
        """
        with self._lock:
            story = self.story(slug)
            self._put_comments(story, without_comment(story.source.read().comments, comment))

    def _put(self, story: Story) -> None:
        """Place a story under its slug; the lists are made anew when needed."""
        self._stories[story.slug] = story
        self._shelf = None

    def _put_comments(self, story: Story, comments: tuple[Comment, ...]) -> None:
        """Replace a story's discussion."""
        self._put(replace(story, source=replace(story.source.read(), comments=comments)))
