"""Authors: which person a name is, and what a page tells of them.

A described author is known by platform id, address or handle. A byline without an address is a person of its
publication: one row for each name and publication, which takes on the address once a page tells it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from crawler.records import ArticleRecord, AuthorRecord, AuthorRef
from crawler.store.batches import Batch
from crawler.store.decide import decide_author
from crawler.store.identity import author_names, hash_key, host_of
from crawler.store.loading import chunked, load_authors
from crawler.store.revisions import add_revision
from crawler.store.rows import fingerprint
from crawler.store.tables import Tables
from crawler.store.views import PageSave

_author = Tables.author
_LIGHT: Final = select(_author.c.id, _author.c.url, _author.c.fingerprint, _author.c.last_seen_at)
_NO_COLUMNS: Final[dict[str, Any]] = {
    column.name: None for column in _author.c if column.nullable
} | {"links": []}  # fmt: skip


def author_scope(record: ArticleRecord) -> str:
    """Return within what a byline's names are compared: the publication, else the host, else nothing."""
    if record.publication is not None:
        return record.publication
    address = record.canonical_url or record.url
    return host_of(address).removeprefix("www.") if address is not None else ""


def _shared_urls(authors: Iterable[AuthorRef]) -> set[str]:
    """Return addresses that several names of one byline share: a page of the team, nobody's own."""
    counts = Counter(author.url for author in authors if author.url is not None)
    return {url for url, count in counts.items() if count > 1}


class AuthorSaver:
    """Finds or makes the rows of authors.

    Args:
        batch: Takes the rows.
        pages: All pages of the batch; what is known of their authors is looked up here.
    """

    def __init__(self, batch: Batch, pages: Sequence[PageSave]) -> None:
        self._batch = batch
        self._by_key: dict[bytes, int] = {}
        self._urls: dict[int, str | None] = {}
        self._marks: dict[int, bytes | None] = {}
        self._seen: dict[int, datetime] = {}
        self._visited: dict[int, datetime] = {}
        keys = {key for page in pages for key in self._list_keys(page)}
        for row in batch.look_up(Tables.author_alias, list(keys)):
            self._by_key[row["key"]] = row["author_id"]
        for part in chunked(set(self._by_key.values())):
            for row in batch.connection.execute(_LIGHT.where(_author.c.id.in_(part))).mappings():
                self._urls[row["id"]] = row["url"]
                self._marks[row["id"]] = row["fingerprint"]
                self._seen[row["id"]] = row["last_seen_at"]

    @staticmethod
    def _list_keys(page: PageSave) -> Iterable[bytes]:
        scope = _page_scope(page)
        found: list[tuple[AuthorRecord | AuthorRef, str]] = [(each, each.platform) for each in page.authors]
        if page.article is not None:
            found += [(each, page.article.platform) for each in page.article.authors]
        for author, platform in found:
            for kind, value in author_names(author, platform=platform, scope=scope):
                yield hash_key(kind, value)

    def save_described(self, page: PageSave) -> None:
        """Save the persons that a page describes, before the byline that names them."""
        scope = _page_scope(page)
        for record in page.authors:
            self._save_record(record, scope, page.seen_at)

    def _save_record(self, record: AuthorRecord, scope: str, seen_at: datetime) -> None:
        mark = fingerprint(record)
        author_id = self._find(record, record.platform, scope)
        if author_id is None:
            self._insert(record, record.platform, scope, seen_at, mark)
            return
        self._add_names(author_id, record, record.platform, scope)
        self._visit(author_id, seen_at)
        if self._marks.get(author_id) == mark:
            return
        self._batch.flush()
        old = load_authors(self._batch.connection, [author_id])[author_id]
        decision = decide_author(old, record, seen_at)
        values: dict[str, Any] = dict(decision.values)
        if seen_at >= old.last_seen_at:
            values["fingerprint"] = self._marks[author_id] = mark
        if decision.values:
            values["updated_at"] = max(seen_at, old.last_seen_at)
        if decision.change != "unchanged":
            after = {name: decision.values[name] for name in decision.before}
            add_revision(
                self._batch, "author_id", author_id, seen_at, decision.change, decision.before, after
            )
        if values:
            self._batch.update(_author, author_id, values)
        self._urls[author_id] = decision.values.get("url", old.url)

    def resolve(self, author: AuthorRef, platform: str, scope: str, seen_at: datetime) -> int:
        """Return the row of an author that a byline names, made when there is none."""
        author_id = self._find(author, platform, scope)
        if author_id is None:
            return self._insert(author, platform, scope, seen_at, None)
        self._add_names(author_id, author, platform, scope)
        if author.url is not None and self._urls.get(author_id) is None:
            self._urls[author_id] = author.url
            self._batch.update(_author, author_id, {"url": author.url, "updated_at": seen_at})
        self._visit(author_id, seen_at)
        return author_id

    def _find(self, author: AuthorRecord | AuthorRef, platform: str, scope: str) -> int | None:
        *strong, name = (hash_key(*each) for each in author_names(author, platform=platform, scope=scope))
        for key in strong:
            if key in self._by_key:
                return self._by_key[key]
        namesake = self._by_key.get(name)
        if namesake is not None and author.url is not None and self._urls.get(namesake) is not None:
            return None  # two persons with one name
        return namesake

    def _insert(
        self,
        author: AuthorRecord | AuthorRef,
        platform: str,
        scope: str,
        seen_at: datetime,
        mark: bytes | None,
    ) -> int:
        author_id = self._batch.next_id(_author)
        row = {
            **_NO_COLUMNS,
            "platform": platform,
            **author.__dict__,
            "id": author_id,
            "first_seen_at": seen_at,
            "last_seen_at": seen_at,
            "updated_at": seen_at,
            "fingerprint": mark,
        }
        self._batch.insert(_author, row)
        self._urls[author_id], self._marks[author_id] = author.url, mark
        self._seen[author_id] = seen_at
        self._add_names(author_id, author, platform, scope)
        return author_id

    def _add_names(self, author_id: int, author: AuthorRecord | AuthorRef, platform: str, scope: str) -> None:
        for kind, value in author_names(author, platform=platform, scope=scope):
            key = hash_key(kind, value)
            if key not in self._by_key:
                self._by_key[key] = author_id
                row = {"key": key, "author_id": author_id, "kind": kind, "value": value}
                self._batch.insert(Tables.author_alias, row)

    def _visit(self, author_id: int, seen_at: datetime) -> None:
        if seen_at > self._seen.get(author_id, seen_at):
            self._seen[author_id] = self._visited[author_id] = seen_at

    def finish(self) -> None:
        """Write when each known author was last seen."""
        for author_id, seen_at in self._visited.items():
            self._batch.update(_author, author_id, {"last_seen_at": seen_at})


def _page_scope(page: PageSave) -> str:
    if page.article is not None:
        return author_scope(page.article)
    if page.fetched is not None:
        return page.fetched.publication
    urls = [author.url for author in page.authors if author.url is not None]
    return host_of(urls[0]).removeprefix("www.") if urls else ""
