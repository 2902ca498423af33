"""Crawl runs: when each began and ended, and what it met."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import RowMapping, select, update

from crawler.errors import StoreError
from crawler.store.database import Database
from crawler.store.publications import publication_ids
from crawler.store.tables import Tables
from crawler.store.views import RunView

_run = Tables.run
_RUNS = select(_run, Tables.publication.c.slug.label("publication")).join_from(_run, Tables.publication)
_COUNTS = ("articles_new", "articles_changed", "comments_new")


class Runs:
    """The shelf of crawl runs.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, publication: str, now: datetime) -> int:
        """Note that a crawl of a publication begins.

        Args:
            publication: Its slug.
            now: Aware UTC.

        Returns:
            The run's id, for `finish`.

        Raises:
            StoreError: The publication is not in the library.
        """
        with self._database.transaction() as connection:
            ids = publication_ids(connection)
            if publication not in ids:
                raise StoreError("no such publication; `gleanings publications list` shows them", publication)
            row = {"publication_id": ids[publication], "started_at": now}
            row |= {"outcomes": {}, "missing": {}, **dict.fromkeys(_COUNTS, 0)}
            return int(connection.execute(_run.insert().values(row).returning(_run.c.id)).scalar_one())

    def finish(
        self,
        run_id: int,
        now: datetime,
        *,
        outcomes: Mapping[str, int],
        missing: Mapping[str, int] | None = None,
        counts: Mapping[str, int] | None = None,
        error: str | None = None,
    ) -> None:
        """Note how a run ended; one without an error is its publication's last good run.

        Args:
            run_id: From `start`.
            now: Aware UTC.
            outcomes: Outcome -> number of fetches that ended so.
            missing: Field -> number of article pages on which it was None.
            counts: "articles_new", "articles_changed", "comments_new"; absent ones are 0.
            error: Why it failed, one sentence.
        """
        values = {"ended_at": now, "outcomes": dict(outcomes), "missing": dict(missing or {}), "error": error}
        values |= {name: (counts or {}).get(name, 0) for name in _COUNTS}
        with self._database.transaction() as connection:
            connection.execute(update(_run).where(_run.c.id == run_id).values(values))
            if error is None:
                owner = select(_run.c.publication_id).where(_run.c.id == run_id).scalar_subquery()
                publication = Tables.publication
                connection.execute(
                    update(publication).where(publication.c.id == owner).values(last_good_run_at=now)
                )

    def latest(self, publication: str) -> RunView | None:
        """Return the last run of a publication, running or ended; None before the first."""
        runs = self.list(publication, limit=1)
        return runs[0] if runs else None

    def list(self, publication: str | None = None, *, limit: int = 20) -> list[RunView]:
        """Return the latest runs, newest first.

        Args:
            publication: Only runs of the publication with this slug.
            limit: Most runs.
        """
        query = _RUNS.order_by(_run.c.started_at.desc(), _run.c.id.desc()).limit(limit)
        if publication is not None:
            query = query.where(Tables.publication.c.slug == publication)
        with self._database.reading() as connection:
            return [_read(row) for row in connection.execute(query).mappings()]


def _read(row: RowMapping) -> RunView:
    return RunView(**{name: row[name] for name in RunView.__dataclass_fields__})
