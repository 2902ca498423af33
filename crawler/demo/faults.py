"""Decides how requests for stories end: well, or by one of the chosen faults."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from enum import Enum

from crawler.demo.content import Matter, Story
from crawler.demo.options import Faults
from crawler.demo.state import PlatformState

_CORRECTION = "<p>Correction: an earlier version of this story was less careful with its details.</p>"


class Verdict(Enum):
    """How a request for a story ends."""

    SERVED = "served"
    WALLED = "walled"
    THROTTLED = "throttled"
    BROKEN = "broken"
    MOVED = "moved"
    GONE = "gone"
    MISSING = "missing"
    HOSTILE = "hostile"


@dataclass(frozen=True, slots=True)
class Visit:
    """What was decided about one request for a story."""

    verdict: Verdict
    # What lies at the address; None when nothing does.
    story: Story | None = None
    # Where it lies now, when it has moved.
    location: str | None = None
    # What an address without a story answers.
    status: int = 404


class FaultDesk:
    """Commits the faults of a platform, the same ones at every start.

    Args:
        state: The platform; stories that moved or are hostile are changed and
            added at once.
        faults: What to commit.
    """

    def __init__(self, state: PlatformState, faults: Faults) -> None:
        self._state = state
        self._faults = faults
        self._lock = threading.Lock()
        self._visits: Counter[str] = Counter()
        self._numbers = {story.id: n for n, story in enumerate(state.content.stories, start=1)}
        self._stale_paths: dict[str, str] = {}
        for story in state.stories():
            if self._is_struck(story, faults.moved_every):
                state.move_story(story.slug, f"{story.slug}-revised")
                self._stale_paths[f"{story.slug}-revised"] = story.path
        self._add_hostile()

    def link(self, story: Story) -> str:
        """Return the address that lists give for a story; it may be a stale one."""
        return self._stale_paths.get(story.slug, story.path)

    def is_deleted(self, story: Story) -> bool:
        """Tell whether lists name the story though it is gone."""
        return self._is_struck(story, self._faults.deleted_every)

    def is_walled(self, story: Story) -> bool:
        """Tell whether the story is kept for those who signed in."""
        return self._is_struck(story, self._faults.login_wall_every)

    def is_hostile(self, story: Story) -> bool:
        """Tell whether the story's page is made to hurt who reads it."""
        return story.slug in self._faults.hostile

    def visit(self, community: str, slug: str) -> Visit:
        """Decide how a request for a story ends, and count it.

        Args:
            community: As in the requested path.
            slug: As in the requested path.
        """
        if location := self._state.moved_to(slug):
            return Visit(Verdict.MOVED, location=location)
        if status := self._state.gone_status(slug):
            return Visit(Verdict.GONE, status=status)
        try:
            story = self._state.story(slug)
        except LookupError:
            return Visit(Verdict.MISSING)
        if story.community != community:
            return Visit(Verdict.MISSING)
        if self.is_hostile(story):
            return Visit(Verdict.HOSTILE, story)
        if self.is_deleted(story):
            return Visit(Verdict.GONE, status=self._faults.deleted_status)
        with self._lock:
            self._visits[story.id] += 1
            n_visits = self._visits[story.id]
        if self._is_struck(story, self._faults.edited_every) and n_visits == self._faults.edited_after + 1:
            self._state.edit_story(slug, body_html=story.source.read().body_html + _CORRECTION)
            story = self._state.story(slug)
        return Visit(self._verdict(story, is_first=n_visits == 1), story)

    def _verdict(self, story: Story, *, is_first: bool) -> Verdict:
        """Decide about a story that is there."""
        if is_first and self._is_struck(story, self._faults.throttle_every):
            return Verdict.THROTTLED
        if is_first and self._is_struck(story, self._faults.flaky_every):
            return Verdict.BROKEN
        return Verdict.WALLED if self.is_walled(story) else Verdict.SERVED

    def _is_struck(self, story: Story, every: int) -> bool:
        """Tell whether a story is one of every so many."""
        number = self._numbers.get(story.id, 0)
        return every > 0 and number > 0 and number % every == 0

    def _add_hostile(self) -> None:
        """Publish a story for each hostile name."""
        content = self._state.content
        for name in sorted(self._faults.hostile):
            story = Story(
                slug=name,
                headline=f"A story to be careful with: {name.replace('-', ' ')}",
                community=content.communities[0].slug,
                author=content.authors[0].slug,
                source=Matter("<p>This page is served to see what a reader does with it.</p>"),
            )
            self._state.publish_story(story)
