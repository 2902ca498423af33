"""Two rows that turn out to be one article become one; the younger stays behind as a signpost."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select, update

from crawler.store.batches import Batch
from crawler.store.indexing import COMMENT_WORDS, IndexWriter, fold_fields, list_at, make_key
from crawler.store.loading import load_comments
from crawler.store.revisions import add_revision
from crawler.store.tables import Tables

_FOLLOWING: Final = (Tables.alias, Tables.frontier)
"""Tables whose rows go over to the survivor as they are."""


def merge_articles(batch: Batch, survivor: int, double: int, seen_at: datetime) -> None:
    """Give everything that leads to an article, and its comments, to another one.

    The doubled row keeps its text and history, is "gone", and says which article it is. Comments that both
    have stay with the survivor once.

    Args:
        batch: Flushed; so is it when this returns.
        survivor: Row of the article met first.
        double: Row of the same article, met again.
        seen_at: When a page showed that they are one.
    """
    connection = batch.connection
    for table in _FOLLOWING:
        connection.execute(update(table).where(table.c.article_id == double).values(article_id=survivor))
    comment = Tables.comment
    own = select(comment.c.platform_id).where(comment.c.article_id == survivor)
    query = select(comment.c.id).where(comment.c.article_id == double, comment.c.platform_id.in_(own))
    _delete_comments(batch, list(connection.execute(query).scalars()))
    connection.execute(update(comment).where(comment.c.article_id == double).values(article_id=survivor))
    visible = select(func.count()).where(comment.c.article_id == survivor, comment.c.state == "visible")
    article = Tables.article
    connection.execute(
        update(article)
        .where(article.c.id == survivor)
        .values(stored_comment_count=visible.scalar_subquery(), updated_at=seen_at)
    )
    connection.execute(
        update(article)
        .where(article.c.id == double)
        .values(
            change="gone",
            same_as_id=survivor,
            changed_at=seen_at,
            updated_at=seen_at,
            content_key=None,
            stored_comment_count=0,
        )
    )
    add_revision(batch, "article_id", double, seen_at, "gone", {"same_as_id": None}, {"same_as_id": survivor})
    batch.flush()


def _delete_comments(batch: Batch, comment_ids: list[int]) -> None:
    """Delete comments with their words in the search index."""
    words = IndexWriter(batch.connection, is_sqlite=batch.is_sqlite)
    for each in load_comments(batch.connection, comment_ids).values():
        if each.state == "visible":
            key = make_key(list_at(each.published_at, each.first_seen_at), each.id)
            words.remove(COMMENT_WORDS, key, fold_fields((each.body_text,)))
    words.flush()
    batch.connection.execute(delete(Tables.comment).where(Tables.comment.c.id.in_(comment_ids)))
