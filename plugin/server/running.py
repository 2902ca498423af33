"""Run an ASGI app on uvicorn: one clear sentence for a used port, a clean end on a signal."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from starlette.types import ASGIApp

from plugin.server.metrics import Metrics, serve_metrics
from plugin.server.ports import explain_port

if TYPE_CHECKING:
    import uvicorn

SHUTDOWN_SECONDS = 5
"""How long answers under way may take after a signal."""

KEEP_ALIVE_SECONDS = 30
"""How long a connection may be idle."""

BACKLOG = 2_048


def serve(
    app: ASGIApp,
    host: str = "127.0.0.1",
    port: int = 8000,
    metrics_port: int | None = None,
    *,
    metrics: Metrics | None = None,
    say: Callable[[str], None] | None = None,
) -> None:
    """Answer HTTP until SIGINT or SIGTERM, then return.

    Args:
        app: As ``create_app`` made it, or any other.
        host: Name or address to listen on.
        port: 0 takes a free one.
        metrics_port: Where Prometheus finds the numbers, on the same host; None: nowhere.
        metrics: What counts; None: the app's own, where it has one.
        say: Told the address once it can be asked at.

    Raises:
        PortUnavailable: The port is in use or can't be opened.
    """
    counted = metrics if metrics is not None else getattr(app, "metrics", None)
    server = make_server(app)
    with (
        open_listener(host, port) as listener,
        serve_metrics(counted, host, metrics_port),
        _signals(lambda: setattr(server, "should_exit", True)),
    ):
        if say is not None:
            say(_address_of(listener, host))
        server.run(sockets=[listener])


def make_server(
    app: ASGIApp, *, root_path: str = "", keep_alive_seconds: int = KEEP_ALIVE_SECONDS
) -> "uvicorn.Server":
    """Return a server for an app that needs no lifespan; it listens where its ``run`` is told to.

    Args:
        app: As ``create_app`` made it, or any other.
        root_path: Prefix under which a proxy shows the app.
        keep_alive_seconds: How long a connection may be idle.
    """
    import uvicorn

    from plugin.server.app import FeedApp
    from plugin.server.protocol import HotProtocol

    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=HotProtocol if isinstance(app, FeedApp) else "httptools",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            root_path=root_path,
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            timeout_keep_alive=keep_alive_seconds,
        )
    )


def _address_of(listener: socket.socket, host: str) -> str:
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def open_listener(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        PortUnavailable: The port is in use or can't be opened.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise explain_port(error, host, port) from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise explain_port(error, host, port) from None
    return listener


@contextmanager
def _signals(end: Callable[[], None]) -> Iterator[None]:
    """Let a signal end the block only.

    uvicorn hears signals once it runs and raises them again afterwards, which would end the process; one that
    comes before that must not be lost either.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: end()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
