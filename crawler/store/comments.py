"""Comments: by article in thread order, or streamed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from crawler.errors import StoreError
from crawler.store.database import Database
from crawler.store.loading import chunked
from crawler.store.revisions import list_revisions
from crawler.store.rows import read_comment
from crawler.store.streaming import stream_rows
from crawler.store.tables import Tables
from crawler.store.views import CommentView, Revisions, Thread

_comment = Tables.comment


class Comments:
    """The shelf of comments.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, comment_id: int) -> CommentView:
        """Return one comment.

        Raises:
            StoreError: No comment has that id.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(_comment).where(_comment.c.id == comment_id)).mappings().first()
        if row is None:
            raise StoreError(
                "no such comment; `gleanings comments list` shows those of an article", comment_id
            )
        return read_comment(row)

    def count(self) -> int:
        """Return how many comments are kept, removed ones too."""
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(_comment)).scalar_one()

    def list(self, article_id: int) -> Thread:
        """Return an article's comments in thread order: each before its answers, siblings as printed."""
        return self.list_many([article_id])[article_id]

    def list_many(self, article_ids: Sequence[int]) -> dict[int, Thread]:
        """Return the comments of several articles, each in thread order; every id asked for is there."""
        found: dict[int, Thread] = defaultdict(list)
        with self._database.reading() as connection:
            for part in chunked(article_ids):
                query = select(_comment).where(_comment.c.article_id.in_(part))
                for row in connection.execute(query).mappings():
                    found[row["article_id"]].append(read_comment(row))
        return {each: order_thread(found.get(each, [])) for each in article_ids}

    def iterate(self, *, since: datetime | None = None) -> Iterator[CommentView]:
        """Yield every comment in constant memory, in the order of their ids.

        Args:
            since: Only those of which anything changed at or after this instant, in the order of change.
        """
        query = select(_comment)
        key: tuple[ColumnElement[Any], ...] = (_comment.c.id,)
        if since is not None:
            query, key = query.where(_comment.c.updated_at >= since), (_comment.c.updated_at, _comment.c.id)
        for rows in stream_rows(self._database, query, key):
            yield from (read_comment(row._mapping) for row in rows)

    def revisions(self, comment_id: int) -> Revisions:
        """Return what later visits changed of a comment, oldest first."""
        with self._database.reading() as connection:
            return list_revisions(connection, Tables.revision.c.comment_id == comment_id)


def order_thread(comments: Sequence[CommentView]) -> list[CommentView]:
    """Return comments with each before its answers, siblings by position.

    The answers to a comment that is not among them stand at the top.

    Args:
        comments: Of one article, any order.
    """
    ids = {comment.platform_id for comment in comments}
    answers: dict[str | None, list[CommentView]] = defaultdict(list)
    for comment in sorted(comments, key=lambda each: (each.position, each.id)):
        answers[comment.parent_id if comment.parent_id in ids else None].append(comment)
    ordered: list[CommentView] = []
    waiting = answers.pop(None, [])[::-1]
    while waiting:
        comment = waiting.pop()
        ordered.append(comment)
        waiting += answers.pop(comment.platform_id, [])[::-1]
    # Comments that answer each other in a circle hang on nothing; they are shown all the same.
    ordered += [comment for group in answers.values() for comment in group]
    return ordered
