"""A flat list of comments as the tree that a page shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from plugin.issues import EntryComment

MAX_DEPTH = 6
"""Deeper answers stand beside the one they answer: no screen is wide enough for more."""


@dataclass(slots=True)
class ThreadNode:
    """A comment with its answers.

    Attributes:
        anchor: See ``comment_anchor``.
    """

    comment: EntryComment
    anchor: str
    depth: int
    answers: list["ThreadNode"] = field(default_factory=list)


def comment_anchor(guid: str) -> str:
    """Return the name of a comment within a page, the same on every page and after every edit."""
    return "c" + sha256(guid.encode("utf-8", "replace")).hexdigest()[:10]


def build_thread(comments: Sequence[EntryComment]) -> list[ThreadNode]:
    """Return the comments at the top, each with those that answer it.

    Args:
        comments: In reading order. One whose parent is not among those before it stands at the top.

    Returns:
        Nodes of a depth of at most ``MAX_DEPTH``, in reading order on each level.
    """
    top: list[ThreadNode] = []
    # Where an answer to a comment goes: the node itself, or at the deepest level the one above it.
    homes: dict[str, ThreadNode] = {}
    for comment in comments:
        home = homes.get(comment.parent_guid) if comment.parent_guid is not None else None
        node = ThreadNode(comment, comment_anchor(comment.guid), home.depth + 1 if home else 0)
        (home.answers if home else top).append(node)
        homes[comment.guid] = home if home and node.depth >= MAX_DEPTH else node
    return top
