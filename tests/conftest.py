"""What every test may ask for: a store on each database, a fixed now, and a network that ends at this machine."""

import ipaddress
import os
import socket
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, make_url, text

from crawler.store import Store, open_store

POSTGRES = os.environ.get("GLEANINGS_TEST_POSTGRES")
"""URL of a PostgreSQL database in which tests may make and drop schemas of their own."""


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


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """URL of an empty schema on the PostgreSQL server; skips where there is none."""
    if POSTGRES is None:
        pytest.skip("GLEANINGS_TEST_POSTGRES names no PostgreSQL server")
    schema = f"gleanings_test_{uuid.uuid4().hex[:12]}"
    url = make_url(POSTGRES)
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    try:
        own = url.update_query_dict({"options": f"-csearch_path={schema}"})
        yield own.render_as_string(hide_password=False)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path) -> str:
    """URL of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'library.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def store(store_url) -> Iterator[Store]:
    """An empty library with crawler's tables, once on SQLite and once on PostgreSQL."""
    with open_store(store_url, upgrade=True) as opened:
        yield opened
