"""Which fetched pages are kept as they came, and where they stand in the vault's files."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, delete, func, select
from sqlmodel import Field, SQLModel

from crawler.store.database import Database
from crawler.store.identity import exact_url_key
from crawler.store.loading import chunked
from crawler.store.tables import Tables
from crawler.store.views import KeptPage, PageSave


class KeptPageRow(SQLModel, table=True):
    """One page in the vault."""

    __tablename__ = "kept_page"
    __table_args__ = (
        Index(None, "publication_id", "id"),
        Index(None, "key", "id"),
        Index(None, "article_id"),
        Index(None, "file", "start"),
    )

    id: int | None = Field(default=None, primary_key=True)
    # Hash of `url`.
    key: bytes
    url: str
    role: str
    publication_id: int = Field(
        sa_column=Column(Integer, ForeignKey("publication.id", ondelete="CASCADE"), nullable=False)
    )
    article_id: int | None = Field(
        sa_column=Column(Integer, ForeignKey("article.id", ondelete="SET NULL"), nullable=True)
    )
    seen_at: datetime
    # Name of the file in the vault's folder, and where the page's record stands in it.
    file: str
    start: int
    length: int


_kept: Final[Table] = SQLModel.metadata.tables["kept_page"]
_PAGES: Final = select(_kept, Tables.publication.c.slug.label("publication")).join_from(
    _kept, Tables.publication
)
_CHUNK: Final = 500


def kept_table() -> Table:
    """Return the table, for whoever writes its rows."""
    return _kept


def kept_row(page: PageSave, kept: KeptPage, frontier: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of a page in the vault, without its id.

    Args:
        page: The page.
        kept: Where it is kept.
        frontier: Its row in the frontier; tells publication and article.
    """
    return {
        "key": exact_url_key(kept.url),
        "url": kept.url,
        "role": kept.role,
        "publication_id": frontier["publication_id"],
        "article_id": frontier["article_id"],
        "seen_at": page.seen_at,
        "file": kept.file,
        "start": kept.start,
        "length": kept.length,
    }


class KeptPages:
    """The shelf of pages in the vault.

    Args:
        database: Where the index is kept; the pages themselves are in files.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def iterate(
        self, *, publication: str | None = None, since: datetime | None = None
    ) -> Iterator[tuple[KeptPage, datetime]]:
        """Yield the latest kept page of each address with its time, oldest first.

        Args:
            publication: Only pages fetched for the publication with this slug.
            since: Only pages seen at or after this instant.
        """
        latest = select(func.max(_kept.c.id).label("id")).group_by(_kept.c.key).subquery()
        query = _PAGES.join(latest, latest.c.id == _kept.c.id)
        if publication is not None:
            query = query.where(Tables.publication.c.slug == publication)
        if since is not None:
            query = query.where(_kept.c.seen_at >= since)
        last = 0
        while True:
            part = query.where(_kept.c.id > last).order_by(_kept.c.id).limit(_CHUNK)
            with self._database.reading() as connection:
                rows = connection.execute(part).mappings().all()
            if not rows:
                return
            for row in rows:
                yield _read(row), row["seen_at"]
            last = rows[-1]["id"]

    def end_of(self, file: str) -> int:
        """Return where the last indexed page of a file ends; what stands behind it was never finished."""
        query = select(func.max(_kept.c.start + _kept.c.length)).where(_kept.c.file == file)
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar() or 0)

    def of_articles(self, article_ids: Sequence[int]) -> list[KeptPage]:
        """Return every kept page of some articles, with those of their comments."""
        found: list[KeptPage] = []
        with self._database.reading() as connection:
            for part in chunked(article_ids):
                rows = connection.execute(_PAGES.where(_kept.c.article_id.in_(part))).mappings()
                found += [_read(row) for row in rows]
        return found

    def of_urls(self, urls: Sequence[str]) -> list[KeptPage]:
        """Return every kept page of some addresses."""
        found: list[KeptPage] = []
        with self._database.reading() as connection:
            for part in chunked([exact_url_key(url) for url in urls]):
                rows = connection.execute(_PAGES.where(_kept.c.key.in_(part))).mappings()
                found += [_read(row) for row in rows]
        return found

    def forget(self, pages: Sequence[KeptPage]) -> None:
        """Take pages out of the index; their bytes are the vault's business."""
        with self._database.transaction() as connection:
            for page in pages:
                place = (_kept.c.file == page.file) & (_kept.c.start == page.start)
                connection.execute(delete(_kept).where(place))

    def count(self) -> int:
        """Return how many pages are kept."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(_kept)).scalar_one())


def _read(row: Any) -> KeptPage:  # noqa: ANN401 - a row mapping
    return KeptPage(
        url=row["url"],
        role=row["role"],
        publication=row["publication"],
        file=row["file"],
        start=row["start"],
        length=row["length"],
    )
