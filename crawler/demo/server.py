"""Serves a demo platform on loopback, in a thread of its own."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from crawler.demo.hosting import DemoPlatform

# How long requests that are being answered may take once the server stops.
_PATIENCE = 0.5


class _Server(uvicorn.Server):
    """Tells when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.is_ready.set()


@contextmanager
def serve_demo(platform: DemoPlatform, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve a platform until the block ends.

    Requests that are still being answered then, such as endless ones, are cut
    off, so that leaving the block takes less than a second.

    Args:
        platform: What to serve; it may be changed while it is served.
        host: A loopback address.
        port: A port of the host; 0 takes a free one.

    Yields:
        The base URL, without a slash at the end.

    Raises:
        ValueError: The host is not a loopback address.
        OSError: The port is taken, or the server does not start.
    """
    if not ipaddress.ip_address(host).is_loopback:
        raise ValueError(f"the demo platform is served on loopback only, not on {host}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=512)
    bound_port = listener.getsockname()[1]
    server = _Server(
        uvicorn.Config(platform.app(), lifespan="off", log_config=None, access_log=False, server_header=False)
    )
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="demo-platform", daemon=True
    )
    thread.start()
    try:
        if not server.is_ready.wait(timeout=10):
            raise OSError(f"the demo platform did not start on {host}")
        yield f"http://{f'[{host}]' if ':' in host else host}:{bound_port}"
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
        server.force_exit = True
        thread.join()
        listener.close()
