"""Crawling from the outside: one call that walks publications and keeps what they publish.

Importing this loads neither Scrapy nor Twisted; only a crawl does.
"""

from crawler.runner.crawling import crawl, crawl_publications
from crawler.runner.processes import crawl_in_process
from crawler.runner.reports import (
    Clock,
    CrawlLimits,
    CrawlProgress,
    CrawlReport,
    PublicationReport,
    utc_now,
)

__all__ = [
    "Clock",
    "CrawlLimits",
    "CrawlProgress",
    "CrawlReport",
    "PublicationReport",
    "crawl",
    "crawl_in_process",
    "crawl_publications",
    "utc_now",
]
