"""Taking articles and persons out of the library for good, and keeping them out.

What stays is a hash of each address, id and text: enough to know it again when a crawl meets it, too little
to tell what it was.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update

from crawler.errors import StoreError
from crawler.reading.urls import is_http_url
from crawler.store.batches import Batch
from crawler.store.database import Database
from crawler.store.identity import author_url_key, exact_url_key, reduce_url, url_key
from crawler.store.indexing import (
    ARTICLE_WORDS,
    COMMENT_WORDS,
    IndexWriter,
    fold_fields,
    list_at,
    make_key,
)
from crawler.store.loading import chunked
from crawler.store.tables import Tables
from crawler.store.views import TakedownTarget

_article = Tables.article
_alias = Tables.alias
_author = Tables.author
_author_alias = Tables.author_alias
_by_author = Tables.article_author
_comment = Tables.comment
_revision = Tables.revision
_STRONG_KINDS: Final = ("url", "platform_id", "handle")
"""Names that are one person's alone; a printed name may be another's tomorrow."""


class Takedowns:
    """The shelf of what must not come back.

    Args:
        database: Where it is kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, address: str) -> TakedownTarget:
        """Return what taking down an address would remove; nothing is changed.

        Args:
            address: Of an article or an author, in any spelling or former form.

        Raises:
            StoreError: It is no http(s) address.
        """
        if not is_http_url(address):
            raise StoreError("name the address of an article or an author, with https://", address)
        with self._database.reading() as connection:
            return _find(connection, address)

    def take_down(self, address: str, now: datetime) -> TakedownTarget:
        """Remove an article, or an author with all articles and comments of theirs, and keep them out.

        An address the library does not know is kept out all the same. Doing it again changes nothing more.

        Args:
            address: Of an article or an author, in any spelling or former form.
            now: When; aware UTC.

        Returns:
            What was removed.

        Raises:
            StoreError: It is no http(s) address.
        """
        if not is_http_url(address):
            raise StoreError("name the address of an article or an author, with https://", address)
        with self._database.transaction() as connection:
            if self._database.is_sqlite:
                # Deleted text is overwritten, not only unlinked.
                connection.exec_driver_sql("PRAGMA secure_delete = ON")
            target = _find(connection, address)
            _keep_out(Batch(connection, is_sqlite=self._database.is_sqlite), target, now)
            words = IndexWriter(connection, is_sqlite=self._database.is_sqlite)
            _forget_words(connection, words, target)
            words.flush()
            _delete(connection, target, now)
        return target

    def includes(self, kind: Literal["article", "author"], row_id: int) -> bool:
        """Tell whether an article or author that had this id was taken down; ids are never given twice.

        Args:
            kind: Which of the two.
            row_id: As the library called it.
        """
        key = select(Tables.takedown.c.key).where(Tables.takedown.c.key == _row_key(kind, row_id))
        with self._database.reading() as connection:
            return connection.execute(key).first() is not None

    def count(self) -> int:
        """Return how many hashes are kept."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(Tables.takedown)).scalar_one())


def _find(connection: Connection, address: str) -> TakedownTarget:
    query = select(_author_alias.c.author_id).where(_author_alias.c.key == author_url_key(address))
    author_id = connection.execute(query).scalar()
    by_commenter = _comment.c.author_url.in_(_spellings(connection, address, author_id))
    article_id = connection.execute(
        select(_alias.c.article_id).where(_alias.c.key == url_key(address))
    ).scalar()
    comment_ids: list[int] = []
    if article_id is not None:
        is_wanted = or_(_article.c.id == article_id, _article.c.same_as_id == article_id)
        article_ids = list(connection.execute(select(_article.c.id).where(is_wanted)).scalars())
    else:
        of_author = select(_by_author.c.article_id).where(_by_author.c.author_id == author_id).distinct()
        article_ids = list(connection.execute(of_author).scalars()) if author_id is not None else []
        comment_ids = list(connection.execute(select(_comment.c.id).where(by_commenter)).scalars())
    is_out = select(Tables.takedown.c.key).where(Tables.takedown.c.key == author_url_key(address))
    is_person = article_id is None and (
        author_id is not None or bool(comment_ids) or connection.execute(is_out).first() is not None
    )
    in_articles = _comment.c.article_id.in_(article_ids)
    with_articles = set(connection.execute(select(_comment.c.id).where(in_articles)).scalars())
    author_ids = (author_id,) if is_person and author_id is not None else ()
    of_target = _revisions_of(article_ids, [*with_articles, *comment_ids], author_ids)
    urls = _list_urls(connection, article_ids, author_ids)
    return TakedownTarget(
        address,
        "author" if is_person else "article",
        tuple(sorted(article_ids)),
        tuple(sorted(set(comment_ids) - with_articles)),
        author_ids,
        tuple(sorted({address, *urls})),
        len(with_articles),
        connection.execute(select(func.count()).select_from(_revision).where(of_target)).scalar_one(),
    )


def _spellings(connection: Connection, address: str, author_id: int | None) -> set[str]:
    """Return how a comment may spell the address as asked for, the author's own and the former ones."""
    places = {reduce_url(address)}
    own: str | None = None
    if author_id is not None:
        own = connection.execute(select(_author.c.url).where(_author.c.id == author_id)).scalar()
        is_url = (_author_alias.c.author_id == author_id) & (_author_alias.c.kind == "url")
        places |= set(connection.execute(select(_author_alias.c.value).where(is_url)).scalars())
    spellings = {
        f"{scheme}://{host}{place}{end}"
        for place in places
        for scheme in ("https", "http")
        for host in ("", "www.")
        for end in ("", "/")
    }
    return spellings | {address} | ({own} if own is not None else set())


def _revisions_of(
    article_ids: Iterable[int], comment_ids: Iterable[int], author_ids: Iterable[int]
) -> ColumnElement[bool]:
    return or_(
        _revision.c.article_id.in_(article_ids),
        _revision.c.comment_id.in_(comment_ids),
        _revision.c.author_id.in_(author_ids),
    )


def _list_urls(connection: Connection, article_ids: Iterable[int], author_ids: Iterable[int]) -> set[str]:
    of_articles = select(_alias.c.value).where(_alias.c.article_id.in_(article_ids), _alias.c.kind == "url")
    frontier = Tables.frontier
    fetched = select(frontier.c.url).where(frontier.c.article_id.in_(article_ids))
    pages = select(_author.c.url).where(_author.c.id.in_(author_ids), _author.c.url.is_not(None))
    return {url for query in (of_articles, fetched, pages) for url in connection.execute(query).scalars()}


def _keep_out(batch: Batch, target: TakedownTarget, now: datetime) -> None:
    """Write the hashes of every name of what is taken down."""
    connection = batch.connection
    is_known = bool(target.article_ids or target.author_ids or target.comment_ids)
    keys: dict[bytes, str] = {}
    if target.kind == "article":
        keys |= {url_key(url): "article" for url in target.urls}
    if target.kind == "author" or not is_known:
        keys[author_url_key(target.address)] = "author"
    of_articles = _alias.c.article_id.in_(target.article_ids)
    keys |= dict.fromkeys(connection.execute(select(_alias.c.key).where(of_articles)).scalars(), "article")
    has_text = _article.c.id.in_(target.article_ids) & _article.c.content_key.is_not(None)
    texts = connection.execute(select(_article.c.content_key).where(has_text)).scalars()
    keys |= dict.fromkeys((text for text in texts if text is not None), "article")
    of_authors = _author_alias.c.author_id.in_(target.author_ids) & _author_alias.c.kind.in_(_STRONG_KINDS)
    keys |= dict.fromkeys(
        connection.execute(select(_author_alias.c.key).where(of_authors)).scalars(), "author"
    )
    keys |= {_row_key("article", each): "article" for each in target.article_ids}
    keys |= {_row_key("author", each): "author" for each in target.author_ids}
    for key, kind in keys.items():
        row = {"key": key, "kind": kind, "taken_down_at": now}
        batch.upsert(Tables.takedown, row, keep=("kind", "taken_down_at"))
    batch.flush()


def _row_key(kind: str, row_id: int) -> bytes:
    return sha256(f"{kind} row {row_id}".encode()).digest()


def _forget_words(connection: Connection, words: IndexWriter, target: TakedownTarget) -> None:
    """Take everything that goes out of the search index."""
    for part in chunked(target.article_ids):
        for row in connection.execute(select(_article).where(_article.c.id.in_(part))):
            fields = fold_fields((row.headline, row.dek, row.body_text))
            words.remove(
                ARTICLE_WORDS, make_key(list_at(row.published_at, row.first_seen_at), row.id), fields
            )
    conditions = [_comment.c.article_id.in_(part) for part in chunked(target.article_ids)]
    conditions += [_comment.c.id.in_(part) for part in chunked(target.comment_ids)]
    for condition in conditions:
        for row in connection.execute(select(_comment).where(condition, _comment.c.state == "visible")):
            key = make_key(list_at(row.published_at, row.first_seen_at), row.id)
            words.remove(COMMENT_WORDS, key, fold_fields((row.body_text,)))


def _delete(connection: Connection, target: TakedownTarget, now: datetime) -> None:
    """Delete the rows; what belongs to an article or author goes with it.

    A comment on an article that stays keeps its place in the thread, so that its answers still hang on it.
    """
    frontier = Tables.frontier
    for keys in chunked(exact_url_key(url) for url in target.urls):
        connection.execute(delete(frontier).where(frontier.c.key.in_(keys)))
    for part in chunked(target.article_ids):
        connection.execute(delete(frontier).where(frontier.c.article_id.in_(part)))
        connection.execute(update(_article).where(_article.c.same_as_id.in_(part)).values(same_as_id=None))
        connection.execute(delete(_article).where(_article.c.id.in_(part)))
    for part in chunked(target.author_ids):
        connection.execute(delete(_author).where(_author.c.id.in_(part)))
    blank = {"state": "removed", "body_html": "", "body_text": "", "author_name": None, "author_url": None}
    for part in chunked(target.comment_ids):
        of_comments = _comment.c.id.in_(part)
        articles = set(connection.execute(select(_comment.c.article_id).where(of_comments)).scalars())
        connection.execute(delete(_revision).where(_revision.c.comment_id.in_(part)))
        connection.execute(
            update(_comment).where(of_comments).values({**blank, "updated_at": now, "fingerprint": b""})
        )
        visible = (
            select(func.count())
            .where(_comment.c.article_id == _article.c.id, _comment.c.state == "visible")
            .scalar_subquery()
        )
        connection.execute(
            update(_article)
            .where(_article.c.id.in_(articles))
            .values(stored_comment_count=visible, updated_at=now)
        )
