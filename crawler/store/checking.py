"""What is wrong with a library, if anything: found, counted, told with examples."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    exists,
    func,
    inspect,
    or_,
    select,
    true,
)

from crawler.records import AuthorRecord
from crawler.store.database import Database
from crawler.store.identity import author_names, hash_key, platform_id_value, reduce_url
from crawler.store.index_queries import probe_keys
from crawler.store.indexing import ARTICLE_WORDS, COMMENT_WORDS, WordIndex, list_at, make_key
from crawler.store.queries import Term
from crawler.store.streaming import stream_rows
from crawler.store.tables import Tables, metadata
from crawler.store.words import list_words

MAX_EXAMPLES: Final = 5
N_PROBED: Final = 2_000
"""Articles and comments, evenly spread, whose words are looked for in the search index."""

_article = Tables.article
_comment = Tables.comment
_alias = Tables.alias


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the library.

    Attributes:
        kind: "damage", "orphan", "thread", "identity", "count", "time" or "search".
        sentence: What is wrong, without a full stop.
        count: How often.
        examples: Some of the rows at fault: "comment 7".
    """

    kind: str
    sentence: str
    count: int
    examples: tuple[str, ...] = ()


def check_library(database: Database) -> list[Problem]:
    """Look for everything that can be wrong with a library; an empty list is a clean bill.

    Args:
        database: Open and up to date. It may be written meanwhile: each look sees one consistent state.
    """
    problems = list(_find_damage(database))
    if problems:
        return problems  # what else would be found is not to be trusted
    for look in (
        _find_orphans,
        _find_broken_threads,
        _find_doubled_identities,
        _find_wrong_counts,
        _find_wrong_times,
        _find_unsearchable,
    ):
        problems += look(database)
    return problems


def _find_damage(database: Database) -> Iterator[Problem]:
    if not database.is_sqlite:
        return
    with database.reading() as connection:
        lines = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check")]
    if lines != ["ok"]:
        yield Problem(
            "damage", "the file is damaged; restore a backup", len(lines), tuple(lines[:MAX_EXAMPLES])
        )


def _find_orphans(database: Database) -> Iterator[Problem]:
    """Find rows whose parent is missing, over every foreign key of every table there is."""
    with database.reading() as connection:
        there = set(inspect(connection).get_table_names())
        for table in metadata.sorted_tables:
            for key in table.foreign_keys if table.name in there else ():
                parent = key.column.table.alias()
                column = key.parent
                lost = and_(column.is_not(None), ~exists().where(parent.c[key.column.name] == column))
                yield from _report(
                    connection,
                    "orphan",
                    f"rows of {table.name} whose {column.name} leads nowhere",
                    select(*table.primary_key.columns).where(lost),
                    table.name,
                )


def _report(
    connection: Connection, kind: str, sentence: str, query: Select[Any], noun: str
) -> Iterator[Problem]:
    """Yield a problem when a query for rows at fault has any."""
    count = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    if count:
        rows = connection.execute(query.limit(MAX_EXAMPLES)).all()
        examples = tuple(f"{noun} {'/'.join(str(value) for value in row)}" for row in rows)
        yield Problem(kind, sentence, count, examples)


def _find_broken_threads(database: Database) -> Iterator[Problem]:
    """Find answers to comments that are missing though every comment is kept, and circles of answers."""
    parent = _comment.alias()
    has_parent = exists().where(
        parent.c.article_id == _comment.c.article_id, parent.c.platform_id == _comment.c.parent_id
    )
    lost = (
        select(_comment.c.id)
        .join_from(_comment, _article)
        .where(_comment.c.parent_id.is_not(None), _article.c.comments_complete, ~has_parent)
    )
    has_no_parent = or_(_comment.c.parent_id.is_(None), ~has_parent)
    rooted = (
        select(_comment.c.id, _comment.c.article_id, _comment.c.platform_id)
        .where(has_no_parent)
        .cte(recursive=True)
    )
    below = select(_comment.c.id, _comment.c.article_id, _comment.c.platform_id).where(
        _comment.c.article_id == rooted.c.article_id, _comment.c.parent_id == rooted.c.platform_id
    )
    rooted = rooted.union_all(below)
    circle = select(_comment.c.id).where(_comment.c.id.not_in(select(rooted.c.id)))
    with database.reading() as connection:
        yield from _report(connection, "thread", "answers to comments that are missing", lost, "comment")
        yield from _report(connection, "thread", "comments that answer each other", circle, "comment")


def _find_doubled_identities(database: Database) -> Iterator[Problem]:
    """Find articles whose own address leads to another one, and names whose key is wrong."""
    strayed: list[str] = []
    n_strayed = 0
    columns = (_article.c.id, _article.c.canonical_url)
    with_address = and_(_article.c.canonical_url.is_not(None), _article.c.change != "gone")
    for rows in stream_rows(database, select(*columns).where(with_address), (_article.c.id,)):
        keys = {hash_key("url", reduce_url(row.canonical_url)): row.id for row in rows}
        with database.reading() as connection:
            query = select(_alias.c.key, _alias.c.article_id).where(_alias.c.key.in_(keys))
            holders = {row.key: row.article_id for row in connection.execute(query)}
        wrong = [article_id for key, article_id in keys.items() if holders.get(key) != article_id]
        wrong += [row.id for row in rows if row.id not in keys.values()]
        n_strayed += len(wrong)
        strayed += [f"article {each}" for each in wrong[: MAX_EXAMPLES - len(strayed)]]
    if n_strayed:
        sentence = "articles whose own address leads to another article, or to none"
        yield Problem("identity", sentence, n_strayed, tuple(strayed))
    yield from _find_doubled_ids(database)
    yield from _find_doubled_authors(database)
    wrong_keys = 0
    aliases: Select[Any] = select(_alias.c.key, _alias.c.kind, _alias.c.value)
    for rows in stream_rows(database, aliases, (_alias.c.key,)):
        wrong_keys += sum(row.key != _key_of(row.kind, row.value) for row in rows)
    if wrong_keys:
        yield Problem("identity", "aliases whose key does not fit their value", wrong_keys)


def _find_doubled_ids(database: Database) -> Iterator[Problem]:
    """Find articles whose platform's id is another article's."""
    names = ("id", "platform", "platform_id", "canonical_url", "url")
    slug = Tables.publication.c.slug.label("publication")
    query = select(*(_article.c[name] for name in names), slug).outerjoin_from(_article, Tables.publication)
    living = and_(_article.c.platform_id.is_not(None), _article.c.change != "gone")
    wrong: list[int] = []
    for rows in stream_rows(database, query.where(living), (_article.c.id,)):
        values = [(row.id, platform_id_value(row)) for row in rows]
        claims = [(row_id, hash_key("platform_id", value)) for row_id, value in values if value is not None]
        wrong += _led_elsewhere(database, _alias, "article_id", claims)
    if wrong:
        examples = tuple(f"article {each}" for each in wrong[:MAX_EXAMPLES])
        yield Problem("identity", "articles whose platform id is another one's", len(wrong), examples)


def _find_doubled_authors(database: Database) -> Iterator[Problem]:
    """Find authors whose own address or platform's id is another author's."""
    names = ("id", "platform", "name", "url", "platform_id", "handle")
    author = Tables.author
    known = or_(author.c.url.is_not(None), author.c.platform_id.is_not(None))
    wrong: list[int] = []
    query = select(*(author.c[name] for name in names)).where(known)
    for rows in stream_rows(database, query, (author.c.id,)):
        claims: list[tuple[int, bytes]] = []
        for row in rows:
            fields = {name: getattr(row, name) for name in names[1:]}
            described = AuthorRecord.model_construct(**fields)
            own = author_names(described, platform=row.platform, scope="")
            claims += [(row.id, name.key) for name in own if name.kind in ("url", "platform_id")]
        wrong += _led_elsewhere(database, Tables.author_alias, "author_id", claims)
    if wrong:
        examples = tuple(f"author {each}" for each in wrong[:MAX_EXAMPLES])
        yield Problem("identity", "authors whose address or id is another one's", len(wrong), examples)


def _led_elsewhere(
    database: Database, aliases: Table, owner: str, claims: Sequence[tuple[int, bytes]]
) -> list[int]:
    """Return the rows that claim a key which leads to another row."""
    with database.reading() as connection:
        wanted = aliases.c.key.in_({key for _, key in claims})
        query = select(aliases.c.key, aliases.c[owner]).where(wanted)
        holders: dict[bytes, int] = {row[0]: row[1] for row in connection.execute(query)}
    return sorted({row_id for row_id, key in claims if holders.get(key, row_id) != row_id})


def _key_of(kind: str, value: str) -> bytes:
    return hash_key(kind, reduce_url(value) if kind == "url" else value)


def _find_wrong_counts(database: Database) -> Iterator[Problem]:
    visible = (
        select(func.count())
        .where(_comment.c.article_id == _article.c.id, _comment.c.state == "visible")
        .scalar_subquery()
    )
    query = select(_article.c.id).where(_article.c.stored_comment_count != visible)
    with database.reading() as connection:
        yield from _report(connection, "count", "articles that miscount their comments", query, "article")


def _find_wrong_times(database: Database) -> Iterator[Problem]:
    wrong: list[tuple[Table, ColumnElement[bool]]] = []
    for table in (_article, _comment):
        outside = or_(
            table.c.published_at < table.c.published_earliest, table.c.published_at > table.c.published_latest
        )
        wrong.append((table, or_(table.c.first_seen_at > table.c.last_seen_at, outside)))
    with database.reading() as connection:
        for table, condition in wrong:
            sentence = f"rows of {table.name} with times that contradict each other"
            yield from _report(connection, "time", sentence, select(table.c.id).where(condition), table.name)


def _find_unsearchable(database: Database) -> Iterator[Problem]:
    """Look for the first word of some articles and comments where the index should have it."""
    for index, table, is_indexed in (
        (ARTICLE_WORDS, _article, true()),
        (COMMENT_WORDS, _comment, _comment.c.state == "visible"),
    ):
        with database.reading() as connection:
            highest = connection.execute(select(func.max(table.c.id))).scalar() or 0
            step = max(1, highest // N_PROBED)
            names = ("id", "published_at", "first_seen_at", "body_text")
            query = select(*(table.c[name] for name in names)).where(is_indexed, table.c.id % step == 0)
            missing = [row.id for row in connection.execute(query) if not _is_found(connection, index, row)]
        if missing:
            sentence = (
                "entries that a search does not find; `gleanings db check --reindex` indexes them again"
            )
            examples = tuple(f"{table.name} {each}" for each in missing[:MAX_EXAMPLES])
            yield Problem("search", sentence, len(missing), examples)


def _is_found(connection: Connection, index: WordIndex, row: Row[Any]) -> bool:
    words = list_words(row.body_text)[:1]
    if not words:
        return True
    key = make_key(list_at(row.published_at, row.first_seen_at), row.id)
    return bool(probe_keys(connection, index, Term(tuple(words)), [key]))
