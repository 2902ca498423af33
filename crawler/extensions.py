"""Scrapy's extras: what it logs."""

from scrapy.logformatter import LogFormatter, LogFormatterResult


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
