"""An `ArticleFilter` as SQL conditions, and keys of lists as text."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true

from crawler.errors import StoreError
from crawler.store.identity import fold, hash_key, reduce_url
from crawler.store.rows import fold_tag
from crawler.store.tables import Tables
from crawler.store.views import ArticleFilter

_article = Tables.article
ListKey = tuple[datetime, int]
"""Sort key of one article in a list, and its id."""

_SEPARATOR: Final = "/"


def article_conditions(wanted: ArticleFilter) -> ColumnElement[bool]:
    """Return what an article must fulfill to be listed.

    Args:
        wanted: The filter; its ``query`` is not looked at here.
    """
    conditions: list[ColumnElement[bool]] = []
    if not wanted.with_gone:
        conditions.append(_article.c.change != "gone")
    if wanted.publications:
        slugs = select(Tables.publication.c.id).where(Tables.publication.c.slug.in_(wanted.publications))
        conditions.append(_article.c.publication_id.in_(slugs))
    if wanted.author_id is not None:
        conditions.append(_has_author(Tables.article_author.c.author_id == wanted.author_id))
    if wanted.authors:
        conditions.append(_has_author(_author_condition(wanted.authors)))
    if wanted.tags:
        ids = select(Tables.tag.c.id).where(Tables.tag.c.folded.in_([fold_tag(tag) for tag in wanted.tags]))
        of_article = Tables.article_tag.c.article_id == _article.c.id
        conditions.append(exists().where(of_article, Tables.article_tag.c.tag_id.in_(ids)))
    return and_(true(), *conditions, *_column_conditions(wanted))


def _column_conditions(wanted: ArticleFilter) -> Iterator[ColumnElement[bool]]:
    """Yield what an article's own columns must fulfill."""
    if wanted.languages:
        yield or_(*(_is_language(language) for language in wanted.languages))
    if wanted.access:
        yield _article.c.access.in_(wanted.access)
    if wanted.min_words:
        yield _article.c.word_count >= wanted.min_words
    for column, since in (
        (_article.c.first_seen_at, wanted.seen_since),
        (_article.c.changed_at, wanted.changed_since),
        (_article.c.published_latest, wanted.published_since),
    ):
        if since is not None:
            yield column >= since


def _has_author(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Tables.article_author.c.article_id == _article.c.id, condition)


def _author_condition(authors: tuple[str, ...]) -> ColumnElement[bool]:
    """Return that an article's author is one of these names or addresses."""
    names = {fold(author) for author in authors}
    keys = [hash_key("url", reduce_url(author)) for author in authors if "://" in author]
    by_url = select(Tables.author_alias.c.author_id).where(Tables.author_alias.c.key.in_(keys))
    return or_(
        Tables.article_author.c.author_id.in_(by_url),
        func.lower(Tables.article_author.c.name).in_([*names, *(name.lower() for name in authors)]),
    )


def _is_language(language: str) -> ColumnElement[bool]:
    prefix = language.lower()
    return or_(_article.c.language == prefix, _article.c.language.startswith(f"{prefix}-", autoescape=True))


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
