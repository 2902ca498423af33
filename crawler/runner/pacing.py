"""The wait between two requests to a host, before its robots.txt is heard."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from crawler.config import CrawlConfig

SHORTEST_PUBLIC_DELAY: Final = timedelta(milliseconds=250)
"""A public host is never asked more often than this, whatever seeds and settings say."""

_NONE: Final[Mapping[str, timedelta]] = MappingProxyType({})


def host_delays(config: CrawlConfig, *, asked: Mapping[str, timedelta] = _NONE) -> Callable[[str], float]:
    """Return the pace of any host.

    Args:
        config: Its default delay counts where nothing else is asked for.
        asked: Host, with its port where it has one -> what the seeds on it ask for.

    Returns:
        A function from "host" or "host:port" to seconds, which is what Scrapy counts in.
    """

    def delay(host: str) -> float:
        """Return the wait between two requests to a host."""
        least = timedelta(0) if config.opens(host) else SHORTEST_PUBLIC_DELAY
        return max(asked.get(host, config.default_delay), least).total_seconds()

    return delay
