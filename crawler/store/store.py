"""The library as its users see it: open it, save pages into it, read from its shelves."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError, OperationalError

from crawler.store.articles import Articles
from crawler.store.authors import Authors
from crawler.store.batches import Batch
from crawler.store.checking import Problem, check_library
from crawler.store.comments import Comments
from crawler.store.database import Database, make_database
from crawler.store.frontier import Frontier
from crawler.store.kept import KeptPages
from crawler.store.moving import Progress, TableCopy, backup_library, move_library
from crawler.store.opening import check_file
from crawler.store.publications import Publications
from crawler.store.reindexing import rebuild_search
from crawler.store.restoring import RestoreReport, restore_lines
from crawler.store.revisions import History
from crawler.store.runs import Runs
from crawler.store.saving import save_batch
from crawler.store.search import Search
from crawler.store.tables import Tables
from crawler.store.takedowns import Takedowns
from crawler.store.upgrading import CRAWLER_BRANCH, MigrationBranch, prepare_schema
from crawler.store.views import Library, PageSave, SaveReport

_MAX_TRIES: Final = 5
"""How often a batch is tried when another process makes the same rows at the same time."""


class Store:
    """A library: articles with their discussions and authors, and the crawl's memory.

    Safe to use from several threads. Writing is one transaction at a time on SQLite; reading goes on.

    Args:
        database: With a schema that is up to date.
        branches: Parts of the schema it has.

    Attributes:
        url: The database, without its password.
        library: What names the library for good.
        articles: Articles.
        authors: Authors.
        comments: Comments.
        publications: Publications.
        frontier: Addresses to fetch, leases and pauses of hosts.
        runs: Crawl runs.
        search: Finds in articles and comments.
        takedowns: What was taken down and must not come back.
        kept: Which fetched pages are kept as they came.
        history: Revisions of all of them.
    """

    def __init__(self, database: Database, branches: Sequence[MigrationBranch] = (CRAWLER_BRANCH,)) -> None:
        self._database: Final = database
        self._branches = tuple(branches)
        self.url: Final = database.shown_url
        self.articles: Final = Articles(database)
        self.authors: Final = Authors(database)
        self.comments: Final = Comments(database)
        self.publications: Final = Publications(database)
        self.frontier: Final = Frontier(database)
        self.runs: Final = Runs(database)
        self.search: Final = Search(database)
        self.takedowns: Final = Takedowns(database)
        self.kept: Final = KeptPages(database)
        self.history: Final = History(database)
        with database.reading() as connection:
            row = connection.execute(select(Tables.library)).one()
        self.library: Final = Library(row.key, row.created_at)

    def save_pages(self, pages: Sequence[PageSave]) -> list[SaveReport]:
        """Save pages with all that belongs to them, and their places in the frontier, in one transaction.

        Saving the same pages again stores nothing twice.

        Args:
            pages: In the order in which they were fetched.

        Returns:
            One report a page, in the same order.

        Raises:
            StoreLocked: Another process has been writing for too long.
            StoreError: The database refused; nothing of the batch is stored.
        """
        for _ in range(_MAX_TRIES - 1):
            try:
                return self._save_once(pages)
            except (IntegrityError, OperationalError):
                # Another process has just made one of the same rows, or waits for one of ours: look again.
                continue
        return self._save_once(pages)

    def _save_once(self, pages: Sequence[PageSave]) -> list[SaveReport]:
        with self._database.transaction() as connection:
            return save_batch(Batch(connection, is_sqlite=self._database.is_sqlite), pages)

    def check(self) -> list[Problem]:
        """Look for everything that can be wrong with the library; an empty list is a clean bill."""
        return check_library(self._database)

    def rebuild_search(self) -> None:
        """Index every article and comment anew; until it is done searches use the old index."""
        rebuild_search(self._database)

    def move(self, url: str, *, progress: Progress | None = None) -> list[TableCopy]:
        """Copy the library into an empty database; see `crawler.store.moving.move_library`."""
        return move_library(self._database, url, self._branches, progress=progress)

    def restore(
        self, lines: Iterable[str], *, seen_at: datetime, after: RestoreReport | None = None
    ) -> RestoreReport:
        """Read the lines of an export back; see `crawler.store.restoring.restore_lines`."""
        return restore_lines(self._database, lines, seen_at=seen_at, after=after)

    def back_up(self, path: Path) -> None:
        """Write one state of the library to a new SQLite file; see `crawler.store.moving.backup_library`."""
        backup_library(self._database, path, self._branches)

    def owns_file(self, path: Path) -> bool:
        """Tell whether a file must not be opened, being the library itself; see `Database.owns_file`."""
        return self._database.owns_file(path)

    def extend(self, branches: Sequence[MigrationBranch]) -> None:
        """Make sure that the library has these parts of the schema, though it was opened with fewer.

        Args:
            branches: All the program uses, in the order in which they build on each other.

        Raises:
            StoreTooOld: The schema must be upgraded first; on SQLite it is upgraded here.
            StoreTooNew: A newer Gleanings wrote it.
        """
        prepare_schema(self._database, branches, upgrade=None)
        self._branches = tuple(branches)

    def transaction(self) -> AbstractContextManager[Connection]:
        """Open a write transaction for tables of one's own; see `Database.transaction`."""
        return self._database.transaction()

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a read transaction; see `Database.reading`."""
        return self._database.reading()

    def generation(self) -> int:
        """Return a number that moves with every committed write of any process; costs one small SELECT."""
        with self._database.reading() as connection:
            return int(connection.execute(select(Tables.library.c.generation)).scalar_one())

    def peek_generation(self) -> int | None:
        """Return the generation if it can be told within microseconds; see `Database.peek_generation`."""
        return self._database.peek_generation()

    def close(self) -> None:
        """Close every connection, and let go of every lease held by one."""
        self.frontier.close()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(
    url: str,
    *,
    upgrade: bool | None = None,
    branches: Sequence[MigrationBranch] = (CRAWLER_BRANCH,),
) -> Store:
    """Open a library, made or upgraded first where that is allowed.

    Args:
        url: "sqlite:///path", "sqlite://" (in memory) or "postgresql+psycopg://...".
        upgrade: None upgrades SQLite files and leaves PostgreSQL alone; True upgrades both, False neither.
        branches: Parts of the schema the program uses, in the order in which they build on each other.

    Raises:
        StoreTooOld: The schema must be upgraded first.
        StoreTooNew: A newer Gleanings wrote it.
        StoreLocked: Another process holds it.
        StoreError: No such folder, read-only, not a database, unreachable server.
    """
    database = make_database(url)
    with ExitStack() as unless_opened:
        unless_opened.callback(database.close)
        if database.is_sqlite:
            check_file(database)
        prepare_schema(database, branches, upgrade=upgrade)
        store = Store(database, branches)
        unless_opened.pop_all()
    return store
