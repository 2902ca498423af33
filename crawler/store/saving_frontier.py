"""The frontier's part of saving a page: how the fetch ended, and which addresses it told of."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import delete, select, update

from crawler.records import ArticleRecord
from crawler.store.batches import Batch
from crawler.store.identity import author_url_key, exact_url_key, host_of, url_key
from crawler.store.kept import kept_row, kept_table
from crawler.store.saving_authors import has_takedowns
from crawler.store.tables import Tables
from crawler.store.views import FrontierEntry, PageSave

_NO_PUBLICATION: Final[dict[str, Any]] = {
    "language": None,
    "rights": "excerpt",
    "enabled": False,
    "paused": False,
    "last_good_run_at": None,
    "next_due_at": None,
}


def frontier_row(entry: FrontierEntry, publication_id: int) -> dict[str, Any]:
    """Return the row of a frontier entry, without its id."""
    return {
        "key": exact_url_key(entry.url),
        "url": entry.url,
        "host": host_of(entry.url),
        "role": entry.role,
        "publication_id": publication_id,
        "article_id": entry.article_id,
        "due_at": entry.due_at,
        "etag": entry.etag,
        "last_modified": entry.last_modified,
        "attempts": entry.attempts,
        "outcome": entry.outcome,
        "error": entry.error,
        "fetched_at": entry.fetched_at,
        "card": entry.card,
    }


class FrontierSaver:
    """Keeps what the pages of a batch tell the frontier.

    Args:
        batch: Takes the rows.
        pages: All pages of the batch; addresses the frontier knows are looked up here.
    """

    def __init__(self, batch: Batch, pages: Sequence[PageSave]) -> None:
        self._batch = batch
        keys = {exact_url_key(entry.url) for page in pages for entry in page.discovered}
        wanted = ["key", "id", "publication_id"]
        self._known: dict[bytes, tuple[int, int] | None] = {
            key: (row_id, owner) for key, row_id, owner in batch.look_up(Tables.frontier, "key", keys, wanted)
        }
        self._kept_out: set[bytes] = set()
        if has_takedowns(batch):
            told = {entry.url for page in pages for entry in (*page.discovered, *page.requeued)}
            names = {url_key(url) for url in told} | {author_url_key(url) for url in told}
            self._kept_out = {key for (key,) in batch.look_up(Tables.takedown, "key", names, ["key"])}
        query = select(Tables.publication.c.slug, Tables.publication.c.id, Tables.publication.c.enabled)
        rows = batch.connection.execute(query).all()
        self._publications: dict[str, int] = {row.slug: row.id for row in rows}
        self._crawled: set[int] = {row.id for row in rows if row.enabled}

    def publication_id(self, slug: str | None, *, like: ArticleRecord | FrontierEntry) -> int | None:
        """Return the row of a publication, made when the library has none of that name.

        Args:
            slug: Its name; None gives None.
            like: What names it; tells the platform and the site.
        """
        if slug is None:
            return None
        if slug not in self._publications:
            url = like.url if isinstance(like, FrontierEntry) else like.canonical_url or like.url
            parts = urlsplit(url or "")
            row = {
                **_NO_PUBLICATION,
                "slug": slug,
                "platform": like.platform if isinstance(like, ArticleRecord) else "auto",
                "name": slug,
                "url": f"{parts.scheme}://{parts.netloc}/" if parts.netloc else "",
            }
            statement = Tables.publication.insert().values(row).returning(Tables.publication.c.id)
            self._publications[slug] = int(self._batch.connection.execute(statement).scalar_one())
        return self._publications[slug]

    def save(self, page: PageSave, article_id: int | None) -> None:
        """Keep how a fetch ended and what it told of.

        Args:
            page: The page.
            article_id: The article it is or belongs to.
        """
        entry = page.fetched
        if entry is not None:
            row = self._row(entry)
            if entry.article_id is None or page.article is not None:
                row["article_id"] = article_id
            self._batch.upsert(Tables.frontier, row)
            self._known.setdefault(exact_url_key(entry.url), None)
            if page.kept is not None:
                self._batch.insert(kept_table(), kept_row(page, page.kept, row))
        for found in page.discovered:
            key = exact_url_key(found.url)
            if key in self._known:
                self._take_over(key, found)
            elif not self._is_kept_out(found.url):
                self._known[key] = None
                self._batch.insert(Tables.frontier, self._row(found))
        for found in page.requeued:
            if not self._is_kept_out(found.url):
                row = self._row(found)
                told = {"due_at"} if found.card is None else {"due_at", "card"}
                self._batch.upsert(Tables.frontier, row, keep=[name for name in row if name not in told])

    def look_again(self, article_id: int, gone_from: str, at: datetime) -> None:
        """Let an article that has gone be read anew at once wherever else it was found before.

        Args:
            article_id: Its row.
            gone_from: The address it has gone from.
            at: When that was found.
        """
        self._batch.flush()
        frontier = Tables.frontier
        elsewhere = (frontier.c.article_id == article_id) & (frontier.c.key != exact_url_key(gone_from))
        is_there = (frontier.c.role == "article") & frontier.c.outcome.in_(("saved", "unchanged"))
        values = {"due_at": at, "etag": None, "last_modified": None}
        self._batch.connection.execute(update(frontier).where(elsewhere & is_there).values(values))

    def keep_out(self, page: PageSave, keys: Iterable[bytes]) -> None:
        """Forget a page that was taken down, and keep out its every name, lest lists bring it up again.

        Args:
            page: The page; nothing of it is kept.
            keys: Keys of the names under which it presents itself.
        """
        for key in keys:
            row = {"key": key, "kind": "article", "taken_down_at": page.seen_at}
            self._batch.upsert(Tables.takedown, row, keep=("kind", "taken_down_at"))
        if page.fetched is not None:
            frontier = Tables.frontier
            own = frontier.c.key == exact_url_key(page.fetched.url)
            self._batch.connection.execute(delete(frontier).where(own))

    def _take_over(self, key: bytes, found: FrontierEntry) -> None:
        """Let a publication visit what it shares with one that is not crawled any more."""
        known = self._known[key]
        own = self.publication_id(found.publication, like=found)
        if known is not None and known[1] not in self._crawled and own in self._crawled:
            self._batch.update(Tables.frontier, known[0], {"publication_id": own})

    def _is_kept_out(self, url: str) -> bool:
        """Tell whether an address was taken down, as an article's or an author's."""
        return bool(self._kept_out) and not self._kept_out.isdisjoint((url_key(url), author_url_key(url)))

    def _row(self, entry: FrontierEntry) -> dict[str, Any]:
        publication_id = self.publication_id(entry.publication, like=entry)
        if publication_id is None:
            raise ValueError("a frontier entry names its publication")
        return frontier_row(entry, publication_id)
