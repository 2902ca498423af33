"""The platform as a whole: what it publishes, how it behaves, what it served."""

from __future__ import annotations

from datetime import datetime

from starlette.types import ASGIApp

from crawler.demo.app import create_app
from crawler.demo.content import DemoContent
from crawler.demo.faults import FaultDesk
from crawler.demo.journal import RequestLog
from crawler.demo.options import DemoOptions
from crawler.demo.state import Clock, PlatformState
from crawler.demo.truth import TruthBook


class DemoPlatform(PlatformState):
    """A living publishing platform, ready to be served.

    Args:
        content: What it publishes at the start.
        anchor: The instant that the content's ages count back from; aware UTC.
        clock: Tells the time; aware UTC. Relative dates follow it at every
            request.
        options: How it looks, answers and fails.

    Raises:
        ValueError: The anchor is naive.

    Example:
        >>> from datetime import UTC
        >>> now = datetime(2026, 11, 23, 12, tzinfo=UTC)
        >>> content = DemoContent("Empty", "Nothing yet", "Nobody", (), (), ())
        >>> platform = DemoPlatform(content, anchor=now, clock=lambda: now)
        >>> len(platform.truth())
        0
    """

    def __init__(
        self,
        content: DemoContent,
        *,
        anchor: datetime,
        clock: Clock,
        options: DemoOptions = DemoOptions(),  # noqa: B008 - frozen
    ) -> None:
        super().__init__(content, anchor=anchor, clock=clock)
        self.options = options
        # What was served so far, to count requests and to judge their pace.
        self.requests = RequestLog(options.log_size)
        self._desk = FaultDesk(self, options.faults)

    def truth(self) -> TruthBook:
        """Return what is true of each story, by its present slug."""
        return TruthBook(self, self._desk)

    def app(self) -> ASGIApp:
        """Return the platform as an ASGI application."""
        return create_app(self, self._desk, self.options, self.requests)
