"""How a demo platform behaves: markup, HTTP and the faults it commits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Markup = Literal["state", "plain", "jsonld"]
ETags = Literal["strong", "weak", "none"]

# What a machine-readable description may tell beyond headline, author and tags.
EXPOSABLE = frozenset({"dates", "body", "comments"})

HOSTILE = frozenset(
    {
        "gzip-bomb",
        "endless-body",
        "slow-body",
        "redirect-loop",
        "redirect-away",
        "nested-lists",
        "invalid-bytes",
        "long-headline",
        "many-links",
    }
)


@dataclass(frozen=True, slots=True)
class HostileLimits:
    """How far each hostile story goes; make them small in tests."""

    # gzip-bomb: bytes after unpacking; about a thousandth of it is sent.
    bomb_bytes: int = 64 * 1024 * 1024
    # endless-body: bytes after which even an endless story ends.
    endless_bytes: int = 256 * 1024 * 1024
    # slow-body: the number of pieces and the wait between them.
    slow_pieces: int = 60
    slow_interval: timedelta = timedelta(seconds=1)
    # redirect-away: where it leads; the default is an address nobody has.
    redirect_target: str = "http://192.0.2.1/"
    # nested-lists: how many lists are opened, one in the other, none closed.
    nested_depth: int = 20_000
    # long-headline: bytes of the headline.
    headline_bytes: int = 1024 * 1024
    # many-links: links to stories that do not exist.
    link_count: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Faults:
    """Which faults the platform commits.

    The ``*_every`` fields take every k-th story, counted from 1 in the order
    in which the platform got them, so that the same stories are struck at
    every start; 0 turns a fault off. A story struck by several commits the
    first of: deleted, moved, throttled, flaky, walled.
    """

    # The first request for the story answers 429 with Retry-After.
    throttle_every: int = 0
    # What Retry-After says; printed in whole seconds, rounded up.
    retry_after: timedelta = timedelta(seconds=2)
    # The first request for the story answers 500.
    flaky_every: int = 0
    # The story answers 200 with a sign-in wall in the place of its body.
    login_wall_every: int = 0
    # The story lies at a new address; lists still link to the old one, which
    # answers 301.
    moved_every: int = 0
    # Lists still link to the story, but it answers ``deleted_status``.
    deleted_every: int = 0
    # 404 or 410.
    deleted_status: int = 404
    # The story's body is edited once it was requested ``edited_after`` times.
    edited_every: int = 0
    edited_after: int = 1
    # Names out of HOSTILE; each gets a story of its own, the newest of the
    # first community, with the name as its slug.
    hostile: frozenset[str] = frozenset()
    limits: HostileLimits = field(default_factory=HostileLimits)

    def __post_init__(self) -> None:
        """Refuse what the platform would not know how to commit.

        Raises:
            ValueError: A hostile name is unknown, or the status of deleted
                stories is neither 404 nor 410.
        """
        if unknown := self.hostile - HOSTILE:
            raise ValueError(f"unknown hostile stories: {sorted(unknown)}")
        if self.deleted_status not in (404, 410):
            raise ValueError(f"a deleted story is 404 or 410, not {self.deleted_status}")

    @classmethod
    def named(cls, names: Iterable[str]) -> Faults:
        """Return the faults with these names, as the command line spells them.

        Args:
            names: Any of FAULT_NAMES: throttle, flaky, login-wall, moved,
                deleted, edited (each at a stride of its own), or a hostile one.

        Raises:
            ValueError: A name is none of these.
        """
        chosen = frozenset(names)
        if unknown := chosen - FAULT_NAMES:
            raise ValueError(f"unknown faults: {sorted(unknown)}")
        return cls(
            throttle_every=_STRIDES["throttle"] * ("throttle" in chosen),
            flaky_every=_STRIDES["flaky"] * ("flaky" in chosen),
            login_wall_every=_STRIDES["login-wall"] * ("login-wall" in chosen),
            moved_every=_STRIDES["moved"] * ("moved" in chosen),
            deleted_every=_STRIDES["deleted"] * ("deleted" in chosen),
            edited_every=_STRIDES["edited"] * ("edited" in chosen),
            hostile=chosen & HOSTILE,
        )


# Different strides, so that most stories are struck by one fault at most.
_STRIDES = {
    "throttle": 5,
    "edited": 6,
    "flaky": 7,
    "moved": 9,
    "login-wall": 11,
    "deleted": 13,
}

FAULT_NAMES = HOSTILE | _STRIDES.keys()


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """How the platform looks and answers."""

    # state: a Next.js page with ``__NEXT_DATA__``; plain: the same page without
    # anything for machines; jsonld: JSON-LD and OpenGraph instead.
    markup: Markup = "state"
    # What the JSON tells besides headline, author and tags: any of "dates"
    # (exact ones), "body" and "comments".
    exposes: frozenset[str] = EXPOSABLE
    # Whether the hashed classes end in a readable label.
    class_labels: bool = True
    # Changes all hashed classes, as a new release of the site would.
    release: str = "2026.11"
    # Stories on a list page and comments on a story page, replies not counted.
    list_size: int = 12
    comments_size: int = 10
    # The wait robots.txt asks for; None asks for none.
    crawl_delay: timedelta | None = None
    # Whether there is a /sitemap.xml, and robots.txt names it.
    sitemap: bool = False
    etags: ETags = "strong"
    # Whether Last-Modified is sent: the newest edit or comment, which knows
    # nothing of relative dates.
    last_modified: bool = False
    # Whether answers are packed for clients that accept it.
    gzip: bool = True
    cache_control: str = "public, max-age=0, must-revalidate"
    # How many served requests the log keeps.
    log_size: int = 200_000
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        """Refuse sizes that would make pages without end.

        Raises:
            ValueError: A size is below 1 or an exposed part is unknown.
        """
        if min(self.list_size, self.comments_size) < 1:
            raise ValueError("a page holds at least one story and one comment")
        if unknown := self.exposes - EXPOSABLE:
            raise ValueError(f"unknown parts to expose: {sorted(unknown)}")
