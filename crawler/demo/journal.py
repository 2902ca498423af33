"""Remembers the requests a platform has served."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class ServedRequest:
    """One request and how it was answered."""

    method: str
    # With the query string, percent-encoded as it came.
    path: str
    status: int
    # Seconds on a clock that never jumps; only differences mean something.
    at: float
    user_agent: str | None = None
    # Whether the client asked for a change only (If-None-Match and the like).
    is_conditional: bool = False


class RequestLog:
    """The requests served so far, oldest first; safe to use from any thread.

    Args:
        size: How many requests are kept; older ones are forgotten.
        timer: Seconds on a clock that never jumps.
    """

    def __init__(self, size: int, timer: Callable[[], float] = time.monotonic) -> None:
        self._entries: deque[ServedRequest] = deque(maxlen=size)
        self._lock = threading.Lock()
        self.timer = timer

    def add(self, entry: ServedRequest) -> None:
        """Remember a request."""
        with self._lock:
            self._entries.append(entry)

    def entries(self, *, path: str | None = None, status: int | None = None) -> list[ServedRequest]:
        """Return the requests in the order of their answers.

        Args:
            path: Only requests for exactly this path and query.
            status: Only requests that were answered so.
        """
        with self._lock:
            kept = list(self._entries)
        return [entry for entry in kept if path in (None, entry.path) and status in (None, entry.status)]

    def count(self, *, path: str | None = None, status: int | None = None) -> int:
        """Count the requests that `entries` would return."""
        return len(self.entries(path=path, status=status))

    def gaps(self) -> list[float]:
        """Return the seconds between one request and the next."""
        times = sorted(entry.at for entry in self.entries())
        return [later - earlier for earlier, later in pairwise(times)]

    def reset(self) -> None:
        """Forget all requests."""
        with self._lock:
            self._entries.clear()
