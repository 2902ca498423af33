"""Search over articles and comments; authors by any part of their name.

Places in lists become whole seconds, for they are part of the search index's keys.

Revision ID: crawler_0002
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

from crawler.store.indexing import (
    ARTICLE_WORDS,
    COMMENT_WORDS,
    Fields,
    create_indexes,
    fill_index,
    list_at,
    make_key,
)
from crawler.store.words import fold_words

revision = "crawler_0002"
down_revision = "crawler_0001"
branch_labels = None
depends_on = None

CHUNK = 500

article = sa.table(
    "article",
    *(sa.column(name) for name in ("id", "headline", "dek", "body_text")),
    *(sa.column(name, UTCDateTime()) for name in ("published_at", "first_seen_at", "listed_at")),
)
author = sa.table("author", sa.column("id"), sa.column("name"), sa.column("folded_name"))
comment = sa.table(
    "comment",
    *(sa.column(name) for name in ("id", "body_text", "state")),
    *(sa.column(name, UTCDateTime()) for name in ("published_at", "first_seen_at")),
)


def upgrade() -> None:
    """Add the columns, fill them, and index every word there is."""
    op.add_column("author", sa.Column("folded_name", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_author_folded_name", "author", ["folded_name"])
    op.create_index("ix_article_language_listed_at_id", "article", ["language", "listed_at", "id"])
    op.create_index("ix_revision_seen_at_id", "revision", ["seen_at", "id"])
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    for row in list(_rows(connection, author)):
        folded = fold_words(row.name)
        connection.execute(author.update().where(author.c.id == row.id).values(folded_name=folded))
    create_indexes(connection, is_sqlite=is_sqlite)
    fill_index(connection, ARTICLE_WORDS, _list_articles(connection), is_sqlite=is_sqlite)
    fill_index(connection, COMMENT_WORDS, _list_comments(connection), is_sqlite=is_sqlite)


def _rows(connection: sa.Connection, table: sa.TableClause) -> Iterator[sa.Row[tuple[object, ...]]]:
    last = 0
    while True:
        query = sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(CHUNK)
        rows = connection.execute(query).all()
        yield from rows
        if len(rows) < CHUNK:
            return
        last = rows[-1].id


def _list_articles(connection: sa.Connection) -> Iterator[tuple[int, Fields]]:
    for row in _rows(connection, article):
        listed_at = list_at(row.published_at, row.first_seen_at)
        connection.execute(article.update().where(article.c.id == row.id).values(listed_at=listed_at))
        yield make_key(listed_at, row.id), (row.headline, row.dek, row.body_text)


def _list_comments(connection: sa.Connection) -> Iterator[tuple[int, Fields]]:
    for row in _rows(connection, comment):
        if row.state == "visible":
            yield make_key(list_at(row.published_at, row.first_seen_at), row.id), (row.body_text,)
