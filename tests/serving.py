"""Ways to ask an ASGI app: without a socket, and over HTTP on loopback."""

import asyncio
import secrets
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import httpx
from starlette.types import ASGIApp

from plugin.server.running import make_server, open_listener


def free_port() -> int:
    """Return a port that is free, from below those that the system itself gives away.

    One of those may be somebody's again at once: whoever connects to anything gets one for his own end.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class SiteClient:
    """Asks an app directly, each request in an event loop of its own.

    Args:
        app: Any ASGI app.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Return the answer to a GET, its body decoded."""
        return self.request("GET", url, headers)

    def head(self, url: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Return the answer to a HEAD."""
        return self.request("HEAD", url, headers)

    def request(self, method: str, url: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Return the answer to any request."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
                return await client.request(method, url, headers=headers)

        return asyncio.run(ask())

    def get_raw(self, url: str, headers: Mapping[str, str]) -> tuple[httpx.Headers, bytes]:
        """Return headers and body of an answer to a GET as they were sent."""

        async def ask() -> tuple[httpx.Headers, bytes]:
            transport = httpx.ASGITransport(app=self.app)
            async with (
                httpx.AsyncClient(transport=transport, base_url="http://testserver") as client,
                client.stream("GET", url, headers=headers) as response,
            ):
                return response.headers, b"".join([part async for part in response.aiter_raw()])

        return asyncio.run(ask())


@contextmanager
def serving(app: ASGIApp, **options: Any) -> Iterator[str]:
    """Answer HTTP on a free port as ``serve`` does, and yield the address without a trailing slash.

    Args:
        app: Any ASGI app.
        options: Those of ``make_server``.
    """
    server = make_server(app, **options)
    with open_listener("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            for _ in range(1_000):
                if server.started:
                    break
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
