"""Puts stories in the order of list pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.demo.content import Story, tag_slug


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list."""

    stories: Sequence[Story]
    # Counted from 1; may lie beyond the last page, which then has no stories.
    number: int
    last: int

    @property
    def newer(self) -> int | None:
        """Return the number of the page before, if there is one."""
        return min(self.number - 1, self.last) or None

    @property
    def older(self) -> int | None:
        """Return the number of the page after, if there is one."""
        return self.number + 1 if self.number < self.last else None


class Shelf:
    """All stories of an instant, newest first, by the lists they belong to.

    Args:
        stories: Any order.
    """

    def __init__(self, stories: Iterable[Story]) -> None:
        self._lists: dict[tuple[str, ...], list[Story]] = defaultdict(list)
        for story in sorted(stories, key=lambda story: (story.age, story.slug)):
            room = story.community
            keys: list[tuple[str, ...]] = [(), ("author", story.author), ("community", room)]
            if story.is_top:
                keys += [("top",), ("top", room)]
            keys += [("tag", room, slug) for slug in dict.fromkeys(map(tag_slug, story.tags))]
            for key in keys:
                self._lists[key].append(story)

    def stories(self, *key: str) -> Sequence[Story]:
        """Return a list, newest first.

        Args:
            key: Nothing for all stories; ``"community", slug``;
                ``"author", slug``; ``"tag", community, tag slug``; ``"top"``
                or ``"top", community``.
        """
        return self._lists.get(key, ())

    def page(self, *key: str, number: int, size: int) -> ListPage:
        """Return one page of a list.

        Args:
            key: As for `stories`.
            number: Counted from 1; less counts as 1.
            size: Stories on a page, at least 1.
        """
        stories = self.stories(*key)
        number = max(number, 1)
        last = max(-(-len(stories) // size), 1)
        return ListPage(stories[(number - 1) * size : number * size], number, last)
