"""Changes discussions: trees of comments as tuples, newest on top."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from crawler.demo.content import Comment


def count_comments(comments: Iterable[Comment]) -> int:
    """Count the comments and replies that can still be read."""
    return sum(not each.is_removed for top in comments for each in top.walk())


def with_reply(comments: tuple[Comment, ...], parent: str, reply: Comment) -> tuple[Comment, ...]:
    """Return the discussion with a reply below one of its comments.

    Args:
        comments: The discussion.
        parent: The id of the comment that is answered.
        reply: Becomes the last of the parent's replies.

    Raises:
        LookupError: No comment has that id.
    """
    if all(each.id != parent for top in comments for each in top.walk()):
        raise LookupError(f"no such comment: {parent}")
    return tuple(_grown(comment, parent, reply) for comment in comments)


def without_comment(comments: tuple[Comment, ...], gone: str) -> tuple[Comment, ...]:
    """Return the discussion without a comment.

    A comment that has replies leaves an empty place behind, so that the
    replies still stand below something.

    Args:
        comments: The discussion.
        gone: The id of the comment.

    Raises:
        LookupError: No comment has that id.
    """
    if all(each.id != gone for top in comments for each in top.walk()):
        raise LookupError(f"no such comment: {gone}")
    return _pruned(comments, gone)


def _grown(comment: Comment, parent: str, reply: Comment) -> Comment:
    """Return the comment with the reply put below it or below its replies."""
    replies = tuple(_grown(each, parent, reply) for each in comment.replies)
    return replace(comment, replies=(*replies, reply) if comment.id == parent else replies)


def _pruned(comments: tuple[Comment, ...], gone: str) -> tuple[Comment, ...]:
    """Return the comments without the one, at whatever depth it stands."""
    kept = []
    for comment in comments:
        if comment.id != gone:
            kept.append(replace(comment, replies=_pruned(comment.replies, gone)))
        elif comment.replies:
            kept.append(replace(comment, is_removed=True))
    return tuple(kept)
