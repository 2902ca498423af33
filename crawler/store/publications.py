"""Publications: taken over from the seeds, paused and resumed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, Protocol

from sqlalchemy import Connection, RowMapping, exists, func, select, update

from crawler.errors import StoreError
from crawler.store.batches import Batch
from crawler.store.database import Database
from crawler.store.identity import reduce_url
from crawler.store.tables import Tables
from crawler.store.views import PublicationView

_publication = Tables.publication
_N_ARTICLES = (
    select(func.count())
    .where(Tables.article.c.publication_id == _publication.c.id)
    .scalar_subquery()
    .label("article_count")
)


class PublicationSeedLike(Protocol):
    """What the store needs of a seed."""

    @property
    def slug(self) -> str:
        """The unique name."""
        ...

    @property
    def platform(self) -> str:
        """A platform's name, or "auto"."""
        ...

    @property
    def name(self) -> str:
        """What it calls itself."""
        ...

    @property
    def url(self) -> str:
        """Where it is."""
        ...

    @property
    def language(self) -> str | None:
        """BCP 47; None: as its pages say."""
        ...

    @property
    def rights(self) -> Literal["excerpt", "full"]:
        """What may be republished."""
        ...

    @property
    def enabled(self) -> bool:
        """Whether it is crawled at all."""
        ...


_SEEDED = ("slug", "platform", "name", "url", "language", "rights", "enabled")


class Publications:
    """The shelf of publications.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def sync(self, seeds: Iterable[PublicationSeedLike], *, are_all: bool = False) -> None:
        """Take over what the seeds say; what became of a publication stays, and so do those not given.

        Args:
            seeds: Publications of the workspace.
            are_all: There are no others. Then a seed of a new slug, at an address where one stood whose slug
                is none any more, is that publication under another slug, with all that is kept of it; and
                what has no seed is not enabled, so that others take over the pages they share with it.
        """
        wanted = {seed.slug: {name: getattr(seed, name) for name in _SEEDED} for seed in seeds}
        with self._database.reading() as connection:
            known = {row["slug"]: row for row in connection.execute(select(_publication)).mappings()}
        stale = [row for slug, row in wanted.items() if slug not in known or _differs(known[slug], row)]
        renamed = _find_renamed(known, wanted) if are_all else {}
        left = {slug for slug, row in known.items() if are_all and row["enabled"] and slug not in wanted}
        left -= set(renamed.values())
        if not stale and not left:
            return
        with self._database.transaction() as connection:
            for new, old in renamed.items():
                is_free = ~exists().where(_publication.c.slug == new)
                connection.execute(
                    update(_publication).where(_publication.c.slug == old, is_free).values(slug=new)
                )
            batch = Batch(connection, is_sqlite=self._database.is_sqlite)
            for row in stale:
                fresh = {"paused": False, "last_good_run_at": None, "next_due_at": None}
                batch.upsert(_publication, {**row, **fresh}, keep=tuple(fresh))
            batch.flush()
            if left:
                connection.execute(
                    update(_publication).where(_publication.c.slug.in_(left)).values(enabled=False)
                )

    def get(self, slug: str) -> PublicationView:
        """Return one publication.

        Raises:
            StoreError: None has that slug.
        """
        with self._database.reading() as connection:
            query = select(_publication, _N_ARTICLES).where(_publication.c.slug == slug)
            row = connection.execute(query).mappings().first()
        if row is None:
            raise StoreError("no such publication; `gleanings publications list` shows them", slug)
        return _read(row)

    def list(self) -> list[PublicationView]:
        """Return every publication, in the order in which they were added."""
        with self._database.reading() as connection:
            query = select(_publication, _N_ARTICLES).order_by(_publication.c.id)
            return [_read(row) for row in connection.execute(query).mappings()]

    def slugs(self) -> set[str]:
        """Return the slug of every publication, which costs no look at articles."""
        with self._database.reading() as connection:
            return set(publication_ids(connection))

    def pause(self, slug: str) -> None:
        """Leave a publication out of crawls until it is resumed.

        Raises:
            StoreError: None has that slug.
        """
        self._change(slug, {"paused": True})

    def resume(self, slug: str) -> None:
        """Crawl a paused publication again.

        Raises:
            StoreError: None has that slug.
        """
        self._change(slug, {"paused": False})

    def set_due(self, slug: str, due_at: datetime | None) -> None:
        """Say when a publication is due next.

        Raises:
            StoreError: None has that slug.
        """
        self._change(slug, {"next_due_at": due_at})

    def _change(self, slug: str, values: dict[str, Any]) -> None:
        with self._database.transaction() as connection:
            statement = update(_publication).where(_publication.c.slug == slug).values(values)
            if connection.execute(statement).rowcount == 0:
                raise StoreError("no such publication; `gleanings publications list` shows them", slug)


def publication_ids(connection: Connection) -> dict[str, int]:
    """Return the rows of all publications by slug."""
    return {row.slug: row.id for row in connection.execute(select(_publication.c.slug, _publication.c.id))}


def _find_renamed(known: Mapping[str, RowMapping], wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return new slug -> the one it had, where only one of each stands at an address."""
    left: dict[str, list[str]] = {}
    new: dict[str, list[str]] = {}
    for slug in known.keys() - wanted.keys():
        left.setdefault(reduce_url(known[slug]["url"]), []).append(slug)
    for slug in wanted.keys() - known.keys():
        new.setdefault(reduce_url(wanted[slug]["url"]), []).append(slug)
    both = ((new[place], left[place]) for place in new.keys() & left.keys())
    return {fresh[0]: former[0] for fresh, former in both if len(fresh) == len(former) == 1}


def _differs(row: RowMapping, wanted: dict[str, Any]) -> bool:
    return any(row[name] != value for name, value in wanted.items())


def _read(row: RowMapping) -> PublicationView:
    return PublicationView(**row)
