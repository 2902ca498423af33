"""What the server counts, and the port where Prometheus finds it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from plugin.server.ports import explain_port

if TYPE_CHECKING:
    from prometheus_client import Metric


class Metrics:
    """Counts of one server; counting costs one dictionary entry.

    Attributes:
        requests: (kind of address, status) -> answers.
        bytes_sent: Of bodies.
        renderings: How often a body was made anew.
        rendering_seconds: How long that took in all.
    """

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int]] = Counter()
        self.bytes_sent = 0
        self.renderings = 0
        self.rendering_seconds = 0.0

    def count(self, kind: str, status: int, n_bytes: int) -> None:
        """Count one answer."""
        self.requests[kind, status] += 1
        self.bytes_sent += n_bytes

    def count_rendering(self, seconds: float) -> None:
        """Count one body made anew."""
        self.renderings += 1
        self.rendering_seconds += seconds

    def collect(self) -> Iterator["Metric"]:
        """Yield the metric families, as prometheus_client asks a collector for them."""
        from prometheus_client.core import CounterMetricFamily

        requests = CounterMetricFamily(
            "gleanings_http_requests", "Answers by kind of address and status", labels=["kind", "status"]
        )
        for (kind, status), number in sorted(self.requests.items()):
            requests.add_metric([kind, str(status)], number)
        yield requests
        yield CounterMetricFamily("gleanings_http_body_bytes", "Bytes of bodies sent", value=self.bytes_sent)
        yield CounterMetricFamily("gleanings_renderings", "Bodies made anew", value=self.renderings)
        yield CounterMetricFamily(
            "gleanings_rendering_seconds", "Time spent on making bodies", value=self.rendering_seconds
        )


class Collector(Protocol):
    """What prometheus_client asks for figures at each scrape."""

    def collect(self) -> Iterable["Metric"]:
        """Return the metric families."""
        ...


@contextmanager
def serve_metrics(metrics: Collector | None, host: str, port: int | None) -> Iterator[None]:
    """Serve metrics on a port of their own for the length of a block.

    Args:
        metrics: What counts; None: nothing does, and the port stays closed.
        host: Address to listen on.
        port: None: metrics are not asked for.

    Raises:
        PortUnavailable: The port is in use or can't be opened.
    """
    if metrics is None or port is None:
        yield
        return
    from prometheus_client import CollectorRegistry, start_http_server

    registry = CollectorRegistry(auto_describe=False)
    registry.register(metrics)
    try:
        server, thread = start_http_server(port, addr=host, registry=registry)
    except OSError as error:
        raise explain_port(error, host, port, option="--metrics-port") from None
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
