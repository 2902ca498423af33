"""Authors: which person a name is, and what a page tells of them.

A described author is known by platform id, address or handle. A byline without an address is a person of its
publication: one row for each name and publication, which takes on the address once a page tells it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from crawler.records import ArticleRecord, AuthorRecord, AuthorRef
from crawler.store.batches import Batch
from crawler.store.decide import decide_author
from crawler.store.identity import AuthorName, author_names, author_url_key, host_of
from crawler.store.loading import chunked, load_authors
from crawler.store.revisions import add_revision
from crawler.store.rows import fingerprint
from crawler.store.tables import Tables
from crawler.store.views import PageSave
from crawler.store.words import fold_words

_author = Tables.author
_by_author = Tables.article_author
_LIGHT: Final = select(
    _author.c.id, _author.c.url, _author.c.fingerprint, _author.c.last_seen_at, _author.c.restlessness
)
_NO_COLUMNS: Final[dict[str, Any]] = {
    column.name: None for column in _author.c if column.nullable
} | {"links": []}  # fmt: skip


def author_scope(record: ArticleRecord) -> str:
    """Return within what a byline's names are compared: the publication, else the host, else nothing."""
    if record.publication is not None:
        return record.publication
    address = record.canonical_url or record.url
    return host_of(address).removeprefix("www.") if address is not None else ""


def byline_names(record: ArticleRecord) -> list[tuple[AuthorName, ...]]:
    """Return the names of each author of a byline.

    An address that several of them share is a page of the team and tells nobody apart.
    """
    scope = author_scope(record)
    urls = [author.url for author in record.authors]
    return [
        author_names(author, platform=record.platform, scope=scope, has_own_url=urls.count(author.url) == 1)
        for author in record.authors
    ]


class AuthorSaver:
    """Finds or makes the rows of authors.

    Args:
        batch: Takes the rows.
        pages: All pages of the batch; what is known of their authors is looked up here.

    Attributes:
        reserved: (platform, name) -> ids that the next new authors of that name get, for restored libraries.
    """

    def __init__(self, batch: Batch, pages: Sequence[PageSave]) -> None:
        self._batch = batch
        self._by_key: dict[bytes, int] = {}
        self._urls: dict[int, str | None] = {}
        self._marks: dict[int, bytes | None] = {}
        self._restlessness: dict[int, Mapping[str, int]] = {}
        self._seen: dict[int, datetime] = {}
        self._visited: dict[int, datetime] = {}
        self.reserved: dict[tuple[str, str], list[int]] = {}
        keys = {name.key for page in pages for names in self._list_names(page) for name in names}
        wanted = ("key", "author_id")
        self._by_key.update(batch.look_up(Tables.author_alias, "key", keys, wanted))
        self._load(set(self._by_key.values()))
        self._taken_down = self._look_up_taken_down(pages)

    def _load(self, ids: set[int]) -> None:
        for part in chunked(ids):
            for row in self._batch.connection.execute(_LIGHT.where(_author.c.id.in_(part))):
                self._urls[row.id], self._marks[row.id] = row.url, row.fingerprint
                self._seen[row.id], self._restlessness[row.id] = row.last_seen_at, row.restlessness

    @staticmethod
    def _list_names(page: PageSave) -> Iterable[tuple[AuthorName, ...]]:
        scope = _page_scope(page)
        for author in page.authors:
            yield author_names(author, platform=author.platform, scope=scope)
        if page.article is not None:
            yield from byline_names(page.article)

    def _look_up_taken_down(self, pages: Sequence[PageSave]) -> set[bytes]:
        """Return the keys of persons who are to be kept out, among all whom the pages name."""
        if not has_takedowns(self._batch):
            return set()
        keys = {name.key for page in pages for names in self._list_names(page) for name in names}
        keys |= {
            author_url_key(each.author_url) for page in pages for each in page.comments if each.author_url
        }
        found = {key for (key,) in self._batch.look_up(Tables.takedown, "key", keys, ["key"])}
        for page in pages if found else ():
            found |= self._learn_names(page, found)
        return found

    def _learn_names(self, page: PageSave, taken_down: set[bytes]) -> set[bytes]:
        """Keep out persons who were taken down under whatever new address a page tells of them, too."""
        scope = _page_scope(page)
        urls = [author.url for author in page.authors]
        learned: set[bytes] = set()
        for author in page.authors:
            is_own = urls.count(author.url) == 1
            names = author_names(author, platform=author.platform, scope=scope, has_own_url=is_own)
            strong = {name.key for name in names[:-1]}
            if not strong.isdisjoint(taken_down):
                learned |= strong - taken_down
        for key in learned:
            row = {"key": key, "kind": "author", "taken_down_at": page.seen_at}
            self._batch.upsert(Tables.takedown, row, keep=("kind", "taken_down_at"))
        return learned

    def is_taken_down(self, record: ArticleRecord) -> bool:
        """Tell whether an author of an article was taken down, and the article with them."""
        if not self._taken_down:
            return False
        names = {name.key for names in byline_names(record) for name in names}
        return not names.isdisjoint(self._taken_down)

    def without_taken_down(self, page: PageSave) -> PageSave:
        """Return a page without the persons who were taken down, and without what they commented."""
        if not self._taken_down:
            return page
        scope = _page_scope(page)
        authors = [
            each
            for each in page.authors
            if self._taken_down.isdisjoint(
                name.key for name in author_names(each, platform=each.platform, scope=scope)
            )
        ]
        comments = [
            each
            for each in page.comments
            if each.author_url is None or author_url_key(each.author_url) not in self._taken_down
        ]
        return replace(page, authors=tuple(authors), comments=tuple(comments))

    def adopt(self, record: ArticleRecord, article_id: int) -> None:
        """Let a known article's author be known by the name within the place where it is read now.

        A copied text has no place; the same text with an address does not make a second person of its author.
        """
        for author, names in zip(record.authors, byline_names(record), strict=True):
            if any(name.key in self._by_key for name in names):
                continue
            self._batch.flush()
            author_id = self._batch.connection.execute(
                select(_author.c.id)
                .join(_by_author, _by_author.c.author_id == _author.c.id)
                .where(
                    _by_author.c.article_id == article_id, _author.c.folded_name == fold_words(author.name)
                )
                .where(_author.c.url.is_(None))
            ).scalar()
            if author_id is not None:
                self._load({author_id})
                self._add_names(author_id, names[-1:])

    def save_described(self, page: PageSave) -> None:
        """Save the persons that a page describes, before the byline that names them."""
        scope = _page_scope(page)
        for record in page.authors:
            self._save_record(record, scope, page.seen_at)

    def described_id(self, page: PageSave) -> int | None:
        """Return the row of the first person a page describes."""
        scope = _page_scope(page)
        for author in page.authors[:1]:
            return self._find(author_names(author, platform=author.platform, scope=scope))
        return None

    def _save_record(self, record: AuthorRecord, scope: str, seen_at: datetime) -> None:
        mark = fingerprint(record)
        names = author_names(record, platform=record.platform, scope=scope)
        author_id = self._find(names)
        if author_id is None:
            self._insert(record, record.platform, names, seen_at, mark)
            return
        self._add_names(author_id, names)
        last_seen_at, restlessness = self._seen[author_id], self._restlessness[author_id]
        self._visit(author_id, seen_at)
        if self._marks.get(author_id) == mark and not restlessness:
            return
        self._batch.flush()
        # The row tells when the author was last seen before this batch.
        kept = load_authors(self._batch.connection, [author_id])[author_id]
        old = kept.model_copy(update={"last_seen_at": last_seen_at})
        decision = decide_author(old, record, seen_at, restlessness=restlessness)
        values: dict[str, Any] = dict(decision.values)
        if decision.restlessness != restlessness:
            values["restlessness"] = self._restlessness[author_id] = dict(decision.restlessness)
        if seen_at >= old.last_seen_at:
            values["fingerprint"] = self._marks[author_id] = mark
        if decision.values:
            values["updated_at"] = max(seen_at, old.last_seen_at)
        if decision.change != "unchanged":
            before = decision.before
            after = {name: decision.values[name] for name in before}
            add_revision(self._batch, "author_id", author_id, seen_at, decision.change, before, after)
        if "name" in values:
            values["folded_name"] = fold_words(values["name"])
        if values:
            self._batch.update(_author, author_id, values)
        self._urls[author_id] = decision.values.get("url", old.url)

    def resolve(self, record: ArticleRecord, seen_at: datetime) -> list[int]:
        """Return the rows of the authors that a byline names, in its order, made where there are none."""
        return [
            self._resolve(author, record.platform, names, seen_at)
            for author, names in zip(record.authors, byline_names(record), strict=True)
        ]

    def _resolve(
        self, author: AuthorRef, platform: str, names: tuple[AuthorName, ...], seen_at: datetime
    ) -> int:
        author_id = self._find(names)
        if author_id is None:
            return self._insert(author, platform, names, seen_at, None)
        self._add_names(author_id, names)
        if self._urls.get(author_id) is None and names[0].kind == "url":
            self._urls[author_id] = author.url
            self._batch.update(_author, author_id, {"url": author.url, "updated_at": seen_at})
        self._visit(author_id, seen_at)
        return author_id

    def _find(self, names: tuple[AuthorName, ...]) -> int | None:
        *strong, printed = names
        for name in strong:
            if name.key in self._by_key:
                return self._by_key[name.key]
        namesake = self._by_key.get(printed.key)
        if namesake is not None and strong and self._urls.get(namesake) is not None:
            return None  # two persons with one name
        return namesake

    def _insert(
        self,
        author: AuthorRecord | AuthorRef,
        platform: str,
        names: tuple[AuthorName, ...],
        seen_at: datetime,
        mark: bytes | None,
    ) -> int:
        reserved = self.reserved.get((platform, author.name))
        author_id = reserved.pop(0) if reserved else self._batch.next_id(_author)
        own_url = author.url if any(name.kind == "url" for name in names) else None
        row = {
            **_NO_COLUMNS,
            "platform": platform,
            **author.__dict__,
            "url": own_url,
            "folded_name": fold_words(author.name),
            "id": author_id,
            "first_seen_at": seen_at,
            "last_seen_at": seen_at,
            "updated_at": seen_at,
            "fingerprint": mark,
            "restlessness": {},
        }
        self._batch.insert(_author, row)
        self._urls[author_id], self._marks[author_id] = own_url, mark
        self._seen[author_id], self._restlessness[author_id] = seen_at, {}
        self._add_names(author_id, names)
        return author_id

    def _add_names(self, author_id: int, names: tuple[AuthorName, ...]) -> None:
        for name in names:
            if name.key not in self._by_key:
                self._by_key[name.key] = author_id
                row = {"key": name.key, "author_id": author_id, "kind": name.kind, "value": name.value}
                self._batch.insert(Tables.author_alias, row)

    def _visit(self, author_id: int, seen_at: datetime) -> None:
        if seen_at > self._seen.get(author_id, seen_at):
            self._seen[author_id] = self._visited[author_id] = seen_at

    def finish(self) -> None:
        """Write when each known author was last seen."""
        for author_id, seen_at in self._visited.items():
            self._batch.update(_author, author_id, {"last_seen_at": seen_at})


def has_takedowns(batch: Batch) -> bool:
    """Tell whether anything at all was ever taken down."""
    return batch.connection.execute(select(Tables.takedown.c.key).limit(1)).first() is not None


def _page_scope(page: PageSave) -> str:
    if page.article is not None:
        return author_scope(page.article)
    if page.fetched is not None:
        return page.fetched.publication
    urls = [author.url for author in page.authors if author.url is not None]
    return host_of(urls[0]).removeprefix("www.") if urls else ""
