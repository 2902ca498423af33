"""Which schema a library has, and how it gets the newest one.

The schema has branches, one a package, each with its own version table, "<branch>_version". Looking is one
SELECT a branch; Alembic is loaded only when there is something to upgrade.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from crawler.errors import StoreError, StoreTooNew, StoreTooOld
from crawler.store.database import Database

_SCHEMA_LOCK: Final = 0x676C6E67
"""PostgreSQL's advisory lock under which a schema is upgraded ("glng")."""


@dataclass(frozen=True, slots=True)
class MigrationBranch:
    """One package's part of the schema.

    Attributes:
        name: Revisions are called "<name>_0001" and onwards.
        head: Number of the newest revision this program has.
        folder: Where the revision files are.
    """

    name: str
    head: int
    folder: Path

    @property
    def version_table(self) -> str:
        """Name of the table that holds the revision a database is at."""
        return f"{self.name}_version"


CRAWLER_BRANCH: Final = MigrationBranch("crawler", 5, Path(__file__).parent / "migrations" / "versions")
"""The tables of `crawler.store.tables`."""


def read_version(connection: Connection, branch: MigrationBranch) -> int:
    """Return the number of the revision a database is at; 0 when it has nothing of the branch."""
    if not inspect(connection).has_table(branch.version_table):
        return 0
    found = connection.execute(text(f"SELECT version_num FROM {branch.version_table}")).scalar()  # noqa: S608
    return int(str(found).rpartition("_")[2]) if found else 0


def prepare_schema(database: Database, branches: Sequence[MigrationBranch], *, upgrade: bool | None) -> None:
    """Bring the schema to the newest revision, or refuse.

    Args:
        database: The library.
        branches: In the order in which they build on each other.
        upgrade: True upgrades, False never does, None upgrades SQLite only.

    Raises:
        StoreTooNew: A newer Gleanings wrote it.
        StoreTooOld: It must be upgraded first, and ``upgrade`` did not allow it.
        StoreError: The database belongs to another program.
    """
    with database.reading() as connection:
        versions = {branch.name: read_version(connection, branch) for branch in branches}
        is_foreign = not any(versions.values()) and bool(inspect(connection).get_table_names())
    for branch in branches:
        if versions[branch.name] > branch.head:
            raise StoreTooNew("a newer Gleanings wrote this library; upgrade Gleanings", database.shown_url)
    if all(versions[branch.name] == branch.head for branch in branches):
        return
    if is_foreign:
        raise StoreError("this database belongs to another program; name another", database.shown_url)
    allowed = database.is_sqlite if upgrade is None else upgrade
    if not allowed:
        raise StoreTooOld(
            "run `gleanings db upgrade` first: the library's schema is older", database.shown_url
        )
    _upgrade(database, branches)


def _upgrade(database: Database, branches: Sequence[MigrationBranch]) -> None:
    """Run every missing step of every branch in one transaction: all of it happens or nothing."""
    with database.transaction() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SCHEMA_LOCK})
        for branch in branches:
            # Another process may have been faster while this one waited for the lock.
            if read_version(connection, branch) < branch.head:
                run_steps(connection, branch, target=branch.head)


def run_steps(connection: Connection, branch: MigrationBranch, *, target: int) -> None:
    """Run a branch's steps up to a revision, inside the connection's transaction.

    Args:
        connection: In a write transaction.
        branch: Whose steps.
        target: Number of the revision to end at; from the present one up to ``branch.head``.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(CRAWLER_BRANCH.folder.parent).replace("%", "%%"))
    config.set_main_option("version_locations", str(branch.folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = branch.version_table
    command.upgrade(config, f"{branch.name}_{target:04d}")
