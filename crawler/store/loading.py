"""Rows by id, with everything that belongs to them, in a number of queries that the ids do not raise."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Select, Table, func, select

from crawler.store.rows import Children, Row, read_article, read_author, read_comment, read_summary
from crawler.store.tables import Tables
from crawler.store.views import Alias, ArticleSummary, ArticleView, AuthorView, CommentView

MAX_IDS: Final = 900
"""Ids in one query; SQLite builds with the oldest limits allow 999 variables."""

_BODIES: Final = ("body_html", "body_text", "provenance")
_article = Tables.article
_WHOLE: Final = select(_article, Tables.publication.c.slug.label("publication")).outerjoin_from(
    _article, Tables.publication
)
_SUMMARY: Final = select(
    *(column for column in _article.c if column.name not in _BODIES),
    Tables.publication.c.slug.label("publication"),
).outerjoin_from(_article, Tables.publication)
_CHILD_TABLES: Final = (
    Tables.article_author, Tables.article_tag, Tables.medium, Tables.badge, Tables.insight,
)  # fmt: skip
_N_ARTICLES: Final = (
    select(func.count(func.distinct(Tables.article_author.c.article_id)))
    .where(Tables.article_author.c.author_id == Tables.author.c.id)
    .scalar_subquery()
)
SELECT_AUTHORS: Final = select(Tables.author, _N_ARTICLES.label("stored_article_count"))
"""Authors as `read_author` reads them."""

Value = TypeVar("Value")


def chunked(values: Iterable[Value], size: int = MAX_IDS) -> Iterator[list[Value]]:
    """Yield the values in lists of at most ``size``.

    Example:
        >>> list(chunked("abcde", 2))
        [['a', 'b'], ['c', 'd'], ['e']]
    """
    source = iter(values)
    while part := list(islice(source, size)):
        yield part


def fetch_by_ids(connection: Connection, query: Select[Any], table: Table, ids: Sequence[int]) -> list[Row]:
    """Return the rows of ``query`` with the given ids, in no particular order."""
    rows: list[Row] = []
    for part in chunked(ids):
        rows += connection.execute(query.where(table.c.id.in_(part))).mappings()
    return rows


def load_children(connection: Connection, ids: Sequence[int]) -> dict[int, Children]:
    """Return what articles have in tables of their own; every id asked for is there."""
    found: list[dict[int, list[Row]]] = [defaultdict(list) for _ in _CHILD_TABLES]
    for part in chunked(ids):
        for table, by_article in zip(_CHILD_TABLES, found, strict=True):
            query = select(table).where(table.c.article_id.in_(part))
            for row in connection.execute(query.order_by(table.c.article_id, table.c.position)).mappings():
                by_article[row["article_id"]].append(row)
    return {each: Children(*(by_article.get(each, ()) for by_article in found)) for each in ids}


def load_articles(connection: Connection, ids: Sequence[int]) -> dict[int, ArticleView]:
    """Return whole articles by id; unknown ids are left out."""
    children = load_children(connection, ids)
    rows = fetch_by_ids(connection, _WHOLE, _article, ids)
    aliases: dict[int, list[Alias]] = defaultdict(list)
    alias = Tables.alias
    for part in chunked(ids):
        query = select(alias.c.article_id, alias.c.kind, alias.c.value, alias.c.reason)
        for each in connection.execute(query.where(alias.c.article_id.in_(part)).order_by(alias.c.key)):
            aliases[each.article_id].append(Alias(each.kind, each.value, each.reason))
    found = {row["id"]: read_article(row, children[row["id"]], aliases[row["id"]]) for row in rows}
    return {each: found[each] for each in ids if each in found}


def load_summaries(connection: Connection, ids: Sequence[int]) -> dict[int, ArticleSummary]:
    """Return articles without their bodies by id; unknown ids are left out."""
    children = load_children(connection, ids)
    rows = fetch_by_ids(connection, _SUMMARY, _article, ids)
    found = {row["id"]: read_summary(row, children[row["id"]]) for row in rows}
    return {each: found[each] for each in ids if each in found}


def load_authors(connection: Connection, ids: Sequence[int]) -> dict[int, AuthorView]:
    """Return authors by id; unknown ids are left out."""
    rows = fetch_by_ids(connection, SELECT_AUTHORS, Tables.author, ids)
    found = {row["id"]: read_author(row) for row in rows}
    return {each: found[each] for each in ids if each in found}


def load_comments(connection: Connection, ids: Sequence[int]) -> dict[int, CommentView]:
    """Return comments by id; unknown ids are left out."""
    rows = fetch_by_ids(connection, select(Tables.comment), Tables.comment, ids)
    return {row["id"]: read_comment(row) for row in rows}
