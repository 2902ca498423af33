"""An `ArticleFilter` as SQL, and which of its conditions is rare enough to start from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)

from crawler.errors import StoreError
from crawler.store.identity import author_url_key
from crawler.store.queries import FieldFilter
from crawler.store.rows import fold_tag
from crawler.store.tables import Tables
from crawler.store.views import ArticleFilter
from crawler.store.words import fold_words

MAX_RARE: Final = 5_000
"""A condition that so few articles fulfill is where a list starts; from a commoner one it is quicker to walk
the articles in their order and look at each. Measured on a million articles: 5,000 rows sorted in 15 ms."""

_article = Tables.article
_by_author = Tables.article_author
_by_tag = Tables.article_tag
ListKey = tuple[datetime, int]
"""Sort key of one article in a list, and its id."""
_SEPARATOR: Final = "/"

Ids = Select[tuple[int]]
"""A query for ids of articles."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What articles must fulfill.

    Attributes:
        test: Tells of one article whether it does.
        ids: Finds those that do through an index; None where there is none.
    """

    test: ColumnElement[bool]
    ids: Ids | None = None


def list_conditions(connection: Connection, wanted: ArticleFilter) -> Iterator[Condition]:
    """Yield what an article must fulfill to be listed; the filter's ``query`` is not looked at here.

    Args:
        connection: Finds the rows of publications.
        wanted: The filter.
    """
    if not wanted.with_gone:
        yield Condition(_article.c.change != "gone")
    if wanted.publications:
        publication = Tables.publication
        slugs = select(publication.c.id).where(publication.c.slug.in_(wanted.publications))
        yield _in_publications(list(connection.execute(slugs).scalars()))
    if wanted.author_id is not None:
        yield of_authors(_by_author.c.author_id == wanted.author_id)
    if wanted.authors:
        yield of_authors(_by_author.c.author_id.in_(_find_authors(wanted.authors)))
    if wanted.tags:
        yield of_tags(wanted.tags)
    if wanted.languages:
        yield _on_column(or_(*(_is_language(language) for language in wanted.languages)))
    yield from _list_plain_conditions(wanted)


def _list_plain_conditions(wanted: ArticleFilter) -> Iterator[Condition]:
    """Yield the conditions on single columns."""
    if wanted.access:
        yield Condition(_article.c.access.in_(wanted.access))
    if wanted.min_words:
        yield Condition(_article.c.word_count >= wanted.min_words)
    for column, since in (
        (_article.c.first_seen_at, wanted.seen_since),
        (_article.c.changed_at, wanted.changed_since),
        (_article.c.published_latest, wanted.published_since),
    ):
        if since is not None:
            yield _on_column(column >= since)


def _in_publications(ids: Sequence[int]) -> Condition:
    """Return that an article is of one of these publications; of a single one the index has them in order."""
    if len(ids) == 1:
        return Condition(_article.c.publication_id == ids[0])
    return _on_column(_article.c.publication_id.in_(ids))


def _on_column(test: ColumnElement[bool]) -> Condition:
    return Condition(test, select(_article.c.id).where(test))


def of_authors(test: ColumnElement[bool]) -> Condition:
    """Return that an author of the article's byline fulfills a condition on ``article_author``."""
    return Condition(
        exists().where(_by_author.c.article_id == _article.c.id, test),
        select(_by_author.c.article_id).where(test),
    )


def of_tags(tags: Sequence[str]) -> Condition:
    """Return that the article has one of the tags, in whatever case."""
    ids = select(Tables.tag.c.id).where(Tables.tag.c.folded.in_([fold_tag(tag) for tag in tags]))
    test = _by_tag.c.tag_id.in_(ids)
    return Condition(
        exists().where(_by_tag.c.article_id == _article.c.id, test), select(_by_tag.c.article_id).where(test)
    )


def field_condition(field: FieldFilter) -> Condition:
    """Return what a field filter of a query asks of an article.

    ``author:`` finds any words of a name, ``tag:`` a whole tag, ``publication:`` a slug or a whole name.
    """
    if field.name == "author":
        author = Tables.author
        name = " " + author.c.folded_name + " "
        words = fold_words(field.value)
        condition = of_authors(
            _by_author.c.author_id.in_(select(author.c.id).where(name.like(f"% {words} %")))
        )
    elif field.name == "tag":
        condition = of_tags([field.value])
    else:
        publication = Tables.publication
        is_named = or_(
            publication.c.slug == field.value.lower(),
            func.lower(publication.c.name) == field.value.lower(),
        )
        condition = _on_column(_article.c.publication_id.in_(select(publication.c.id).where(is_named)))
    return Condition(~condition.test) if field.is_unwanted else condition


def _find_authors(authors: Sequence[str]) -> Select[tuple[int]]:
    """Return the query for authors with one of the names or addresses."""
    keys = [author_url_key(author) for author in authors if "://" in author]
    alias = Tables.author_alias
    by_url = select(alias.c.author_id).where(alias.c.key.in_(keys))
    names = {fold_words(author) for author in authors if "://" not in author}
    return select(Tables.author.c.id).where(
        or_(Tables.author.c.id.in_(by_url), Tables.author.c.folded_name.in_(names))
    )


def _is_language(language: str) -> ColumnElement[bool]:
    """Return that a language is the given one or a regional form of it; a range, so that an index helps."""
    prefix = language.lower()
    return or_(
        _article.c.language == prefix,
        and_(_article.c.language >= f"{prefix}-", _article.c.language < f"{prefix}."),
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """How to find articles.

    Attributes:
        test: What each must fulfill.
        rare: A query for few ids that all lie among; None when every condition is common.
    """

    test: ColumnElement[bool]
    rare: Ids | None = None

    @property
    def where(self) -> ColumnElement[bool]:
        """The test, started from the rare condition where there is one."""
        return self.test if self.rare is None else and_(_article.c.id.in_(self.rare), self.test)


def plan_search(connection: Connection, conditions: Sequence[Condition], *, max_rare: int = MAX_RARE) -> Plan:
    """Find out which condition to start from, by counting a little of each.

    Args:
        connection: Reads.
        conditions: All must hold.
        max_rare: Most articles that still are few.
    """
    test = and_(true(), *(condition.test for condition in conditions))
    rarest: tuple[int, Ids] | None = None
    for condition in conditions:
        if condition.ids is None:
            continue
        some = condition.ids.limit(max_rare + 1).subquery()
        count = connection.execute(select(func.count()).select_from(some)).scalar_one()
        if count <= max_rare and (rarest is None or count < rarest[0]):
            rarest = (count, condition.ids)
    return Plan(test, rarest[1] if rarest is not None else None)


def find_places(
    connection: Connection,
    plan: Plan,
    *,
    limit: int | None = None,
    after: ListKey | None = None,
    newest_first: bool = True,
) -> list[ListKey]:
    """Return the places of articles in the order of lists.

    Args:
        connection: Reads.
        plan: Which articles.
        limit: Most places; None for all of a rare condition's.
        after: Only places behind this one.
        newest_first: Else oldest first.
    """
    columns = (_article.c.listed_at, _article.c.id)
    query = select(*columns).where(plan.where)
    if after is not None:
        place, own = tuple_(*after), tuple_(*columns)
        query = query.where(own < place if newest_first else own > place)
    order: Sequence[ColumnElement[Any]] = columns
    if plan.rare is not None and connection.dialect.name == "sqlite":
        # The plus keeps SQLite from walking the index of the order instead of starting from the few.
        order = (literal_column("+article.listed_at"), _article.c.id)
    query = query.order_by(*(column.desc() if newest_first else column.asc() for column in order))
    return [(row.listed_at, row.id) for row in connection.execute(query.limit(limit))]


def write_key(key: ListKey) -> str:
    """Return a key as text, for a later call or a command line.

    Example:
        >>> write_key((datetime(2026, 3, 1, tzinfo=UTC), 7))
        '2026-03-01T00:00:00+00:00/7'
    """
    return f"{key[0].isoformat()}{_SEPARATOR}{key[1]}"


def read_key(text: str) -> ListKey:
    """Return the key that `write_key` wrote.

    Raises:
        StoreError: The text is no such key.
    """
    moment, _, number = text.partition(_SEPARATOR)
    try:
        return datetime.fromisoformat(moment).astimezone(UTC), int(number)
    except (ValueError, OverflowError):
        raise StoreError("not a place in a list; use the one a list ended with", text) from None
