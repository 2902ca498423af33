"""What every test may ask for: a store on each database, a fixed now, and a network that ends at this machine."""

import ipaddress
import multiprocessing
import os
import shutil
import signal
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, inspect, text

from crawler.runner import processes
from crawler.store import Store, open_store
from crawler.store.database import parse_url
from crawler.store.indexing import INDEXES
from crawler.store.tables import metadata

POSTGRES = os.environ.get("GLEANINGS_TEST_POSTGRES")
"""URL of a PostgreSQL database in which tests may make and drop schemas of their own."""

# Whether a property holds does not depend on how busy the machine is. New examples are for people at their desks:
# what judges a commit must say the same of it twice, so there GLEANINGS_TEST_SAME asks for the same ones.
settings.register_profile(
    "patient",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="GLEANINGS_TEST_SAME" in os.environ,
)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the expected documents be written anew; the difference is for a person to read."""
    parser.addoption("--write-golden", action="store_true", help="rewrite tests/golden")


@pytest.fixture(scope="session", autouse=True)
def _interrupts_are_heard():
    """Hear SIGINT, which a shell lets the processes ignore that it starts in the background, and theirs too."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


PRELOADED = [
    "alembic.command",
    "cli",
    "crawler.commands.imports",
    "crawler.extensions",
    "crawler.guard",
    "crawler.middlewares",
    "crawler.runner.reactor",
    "plugin.commands.export",
    "plugin.commands.library",
    "plugin.publishing",
    "pytest",
    "tests.curating",
]
"""What the processes that tests fork have imported already; none of it installs Twisted's reactor."""


@pytest.fixture(scope="session", autouse=True)
def _crawls_begin_at_once() -> Iterator[None]:
    """Fork the processes of crawls from one that has Scrapy loaded: to load it takes longer than most of them."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "START_METHOD", "forkserver")
        yield


def _is_near(address: object) -> bool:
    """Tell whether a socket address stays on this machine."""
    if not isinstance(address, tuple):
        return True  # a unix socket's path
    host = str(address[0]).partition("%")[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("", "localhost")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Refuse every connection that leaves this machine."""

    def guarded(original):
        def connect(self, address):
            if not _is_near(address):
                raise RuntimeError(f"a test tried to reach {address}: tests stay on loopback")
            return original(self, address)

        return connect

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))


@pytest.fixture
def now() -> datetime:
    """The instant at which tests take place."""
    return datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@contextmanager
def _postgres_schema() -> Iterator[str]:
    """Make a schema of its own on the PostgreSQL server, and drop it afterwards."""
    if POSTGRES is None:
        pytest.skip("GLEANINGS_TEST_POSTGRES names no PostgreSQL server")
    schema = f"gleanings_test_{uuid.uuid4().hex[:12]}"
    url = parse_url(POSTGRES)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    try:
        own = url.update_query_dict({"options": f"-csearch_path={schema} -csynchronous_commit=off"})
        yield own.render_as_string(hide_password=False)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """URL of an empty schema on the PostgreSQL server; skips where there is none."""
    with _postgres_schema() as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared_url(request: pytest.FixtureRequest, tmp_path_factory) -> Iterator[str]:
    """URL of an empty database that a module's tests share, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('shared') / 'library.db'}"
        return
    with _postgres_schema() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path) -> str:
    """URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'library.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def _made_sqlite(tmp_path_factory) -> Path:
    """A SQLite library without a page in it; tests copy it, which is quicker than to make one."""
    path = tmp_path_factory.mktemp("made") / "library.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def _made_postgres() -> Iterator[str]:
    """A schema with every table; tests empty it, which is quicker than to make one."""
    with _postgres_schema() as url:
        open_store(url, upgrade=True).close()
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path) -> Iterator[Store]:
    """A library without a page in it and with crawler's tables, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "library.db"
        shutil.copyfile(request.getfixturevalue("_made_sqlite"), path)
        url = f"sqlite:///{path}"
    else:
        url = request.getfixturevalue("_made_postgres")
    with open_store(url) as opened:
        yield opened
        if request.param == "postgres":
            _empty(opened)


def _empty(store: Store) -> None:
    """Delete every row but the library's own; for so few rows quicker than TRUNCATE."""
    with store.transaction() as connection:
        there = set(inspect(connection).get_table_names())
        names = [index.table for index in INDEXES]
        names += [table.name for table in reversed(metadata.sorted_tables) if table.name != "library"]
        for name in names:
            if name in there:
                connection.execute(text(f"DELETE FROM {name}"))
        query = "SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()"
        for name in connection.execute(text(query)).scalars().all():
            connection.execute(text(f"SELECT setval('{name}', 1, false)"))
