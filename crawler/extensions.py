"""Scrapy's extras: what it logs, and in which order requests go out."""

from collections import deque

from scrapy.core.scheduler import BaseScheduler
from scrapy.http import Request
from scrapy.logformatter import LogFormatter, LogFormatterResult


class DirectScheduler(BaseScheduler):
    """Hands requests on in the order in which they come; each is wanted once, the frontier sees to that."""

    def __init__(self) -> None:
        self._requests: deque[Request] = deque()

    def has_pending_requests(self) -> bool:
        """Tell whether a request waits."""
        return bool(self._requests)

    def enqueue_request(self, request: Request) -> bool:
        """Take a request."""
        self._requests.append(request)
        return True

    def next_request(self) -> Request | None:
        """Give the oldest one."""
        return self._requests.popleft() if self._requests else None


class SilentLogFormatter(LogFormatter):
    """Says nothing about single pages that went well."""

    def crawled(self, *_: object) -> LogFormatterResult | None:  # type: ignore[override]
        """Say nothing."""
        return None

    def scraped(self, *_: object) -> LogFormatterResult | None:  # type: ignore[override]
        """Say nothing."""
        return None

    def dropped(self, *_: object) -> LogFormatterResult | None:  # type: ignore[override]
        """Say nothing."""
        return None
