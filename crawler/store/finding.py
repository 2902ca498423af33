"""Keys of an index that fulfill a whole search: words, filters, dates.

The index is walked in order, some hundred keys at a time; what it can't decide is asked of the tables. When a
filter lets few articles pass, those are looked up in the index instead. What an index can't decide alike on
both databases (phrases, a comment's author) is decided on the texts of the candidates.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from crawler.store.filtering import Condition, Plan, find_places, plan_search
from crawler.store.index_queries import fetch_keys, is_loose, probe_keys
from crawler.store.indexing import ARTICLE_WORDS, WordIndex, fold_fields, list_at, make_key, split_key
from crawler.store.loading import chunked
from crawler.store.queries import Every, Expression, FieldFilter, is_match
from crawler.store.tables import Tables
from crawler.store.words import fold_words

LOWEST: Final = -(2**63)
HIGHEST: Final = 2**63 - 1
MAX_PROBED: Final = 1_000
"""Articles of a rare filter that are looked up in the index one by one."""
_FIRST_CHUNK: Final = 200
_LARGEST_CHUNK: Final = 4_000

_article = Tables.article
_comment = Tables.comment


@dataclass(frozen=True, slots=True)
class Wanted:
    """One index's part of a search.

    Attributes:
        index: Which index.
        expression: What its texts must fulfill; None when only filters were given.
        conditions: What must hold of the article.
        authors: What must hold of a comment's author.
        bounds: Lowest and highest key, both inclusive.
        newest_first: Else oldest first.
    """

    index: WordIndex
    expression: Expression | None
    conditions: tuple[Condition, ...]
    authors: tuple[FieldFilter, ...]
    bounds: tuple[int, int]
    newest_first: bool = True


@dataclass(frozen=True, slots=True)
class Finds:
    """Keys found.

    Attributes:
        keys: In order.
        end: The last key looked at, when there may be more behind it; None when there are none.
    """

    keys: list[int]
    end: int | None


def find_keys(
    connection: Connection, wanted: Wanted, *, limit: int | None = None, max_examined: int | None = None
) -> Finds:
    """Return keys that fulfill a search.

    Args:
        connection: Reads.
        wanted: The search.
        limit: Most keys; None for all.
        max_examined: Give up for now after so many candidates; None never gives up.
    """
    plan = plan_search(connection, wanted.conditions, max_rare=MAX_PROBED)
    expression = wanted.expression
    if expression is None or (isinstance(expression, Every) and not expression.parts):
        if wanted.index is not ARTICLE_WORDS:
            return Finds([], None)
        source = _walk_articles(connection, wanted, plan)
    elif plan.rare is not None:
        source = _probe_rare(connection, wanted, plan, expression)
    else:
        source = _walk_index(connection, wanted, expression)
    found: list[int] = []
    examined = 0
    for keys in source:
        examined += len(keys)
        found += _keep_fitting(connection, wanted, plan, keys)
        if limit is not None and len(found) > limit:
            return Finds(found[:limit], found[limit - 1])
        if max_examined is not None and examined >= max_examined:
            return Finds(found, keys[-1])
    return Finds(found, None)


def _walk_index(connection: Connection, wanted: Wanted, expression: Expression) -> Iterator[list[int]]:
    """Yield what the index finds, in order, in growing chunks."""
    low, high = wanted.bounds
    size = _FIRST_CHUNK
    while low <= high:
        keys = fetch_keys(
            connection,
            wanted.index,
            expression,
            bounds=(low, high),
            limit=size,
            newest_first=wanted.newest_first,
        )
        if keys:
            yield keys
        if len(keys) < size:
            return
        low, high = (low, keys[-1] - 1) if wanted.newest_first else (keys[-1] + 1, high)
        size = min(2 * size, _LARGEST_CHUNK)


def _walk_articles(connection: Connection, wanted: Wanted, plan: Plan) -> Iterator[list[int]]:
    """Yield the articles that the filters let pass, in order, for a search without words."""
    low, high = wanted.bounds
    size = _FIRST_CHUNK
    after = split_key(high) if wanted.newest_first and high < HIGHEST else None
    if not wanted.newest_first and low > LOWEST:
        after = split_key(low - 1)
    elif after is not None:
        after = split_key(high + 1)
    while True:
        places = find_places(connection, plan, limit=size, after=after, newest_first=wanted.newest_first)
        keys = [make_key(*place) for place in places]
        inside = [key for key in keys if low <= key <= high]
        if inside:
            yield inside
        if len(places) < size or len(inside) < len(keys):
            return
        after = places[-1]
        size = min(2 * size, _LARGEST_CHUNK)


def _probe_rare(
    connection: Connection, wanted: Wanted, plan: Plan, expression: Expression
) -> Iterator[list[int]]:
    """Yield what the index finds among the few articles that a rare filter lets pass."""
    if wanted.index is ARTICLE_WORDS:
        keys = [make_key(*place) for place in find_places(connection, plan)]
    else:
        columns = (_comment.c.id, _comment.c.published_at, _comment.c.first_seen_at)
        of_articles = select(_article.c.id).where(plan.where)
        query = select(*columns).where(_comment.c.article_id.in_(of_articles), _comment.c.state == "visible")
        keys = [
            make_key(list_at(row.published_at, row.first_seen_at), row.id)
            for row in connection.execute(query)
        ]
    low, high = wanted.bounds
    keys = sorted((key for key in keys if low <= key <= high), reverse=wanted.newest_first)
    for part in chunked(keys):
        found = probe_keys(connection, wanted.index, expression, part)
        if found:
            yield found


def _keep_fitting(connection: Connection, wanted: Wanted, plan: Plan, keys: Sequence[int]) -> list[int]:
    """Return those of the keys that fulfill everything, in the order given."""
    ids = [split_key(key)[1] for key in keys]
    fitting: set[int] = set()
    for part in chunked(ids):
        if wanted.index is ARTICLE_WORDS:
            query = select(_article.c.id).where(_article.c.id.in_(part), plan.test)
            fitting.update(connection.execute(query).scalars())
        else:
            query = select(_comment.c.id, _comment.c.author_name).join_from(_comment, _article)
            query = query.where(_comment.c.id.in_(part), _comment.c.state == "visible", plan.test)
            rows = connection.execute(query)
            fitting.update(row.id for row in rows if _is_by(row.author_name, wanted.authors))
    if wanted.expression is not None and _needs_texts(connection, wanted.expression):
        texts = load_texts(connection, wanted.index, sorted(fitting))
        fitting = {each for each, found in texts.items() if is_match(wanted.expression, fold_fields(found))}
    return [key for key, row_id in zip(keys, ids, strict=True) if row_id in fitting]


def _needs_texts(connection: Connection, expression: Expression) -> bool:
    if isinstance(expression, Every) and not expression.parts:
        return True
    return connection.dialect.name != "sqlite" and is_loose(expression)


def _is_by(author_name: str | None, authors: Sequence[FieldFilter]) -> bool:
    name = f" {fold_words(author_name or '')} "
    return all((f" {fold_words(each.value)} " in name) is not each.is_unwanted for each in authors)


def load_texts(connection: Connection, index: WordIndex, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the texts that an index holds of articles or comments, as printed, by id."""
    table = _article if index is ARTICLE_WORDS else _comment
    names = ("headline", "dek", "body_text") if index is ARTICLE_WORDS else ("body_text",)
    texts: dict[int, tuple[str, ...]] = {}
    for part in chunked(ids):
        query = select(table.c.id, *(table.c[name] for name in names)).where(table.c.id.in_(part))
        for row in connection.execute(query):
            texts[row.id] = tuple(text or "" for text in row[1:])
    return texts
