"""Scrapy's settings, each with what it is for; FINDINGS section 1 has the measurements behind them.

Importing this loads Scrapy. `crawl_settings` puts in what depends on the workspace.
"""

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from scrapy.settings import Settings

from crawler.config import Config
from crawler.reading.robots import AGENT

BOT_NAME = "gleanings"

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
ASYNCIO_EVENT_LOOP = "uvloop.Loop"
"""1.27 times the rate of asyncio's own loop."""

CONCURRENT_ITEMS = 8
"""The default of 100 makes a hundred tasks for each response (scrapy#5182); 8 gave 1.39 times the rate."""

CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 16
"""More does not help; with a delay `PolitePace` lets one out at a time."""

DOWNLOAD_DELAY = 0
"""The pace is kept by `crawler.middlewares.PolitePace`, exactly: Scrapy's own varies by half either way."""

DOWNLOAD_TIMEOUT = 25
"""Seconds for a whole fetch: a body that drips is cut off, and a signal ends the crawl within 30."""

DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
"""Bounds bodies, and what they unpack to: gzip bombs stop at 8 MiB. The default is 1 GiB."""

DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True
DOWNLOAD_VERIFY_CERTIFICATES = True
"""Off by default in Scrapy."""

DOWNLOAD_HANDLERS: dict[str, str | None] = {
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
    "http": "crawler.guard.GuardedDownloadHandler",
    "https": "crawler.guard.GuardedDownloadHandler",
}
"""`file:///etc/hostname` was read by the defaults."""

TWISTED_DNS_RESOLVER = "crawler.guard.GuardedResolver"
"""Decides at connect time which addresses may be reached."""

DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES: dict[str, int] = {
    "crawler.middlewares.BoundedCompressionMiddleware": 590,
    "crawler.middlewares.BareRedirectMiddleware": 600,
    "crawler.middlewares.MannersMiddleware": 900,
}
"""Fewer layers cost less; robots.txt, pace, retries, cookies and user agent are ours or not wanted."""

SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
"""Depth, status and length of addresses are judged by the spider itself, which gives each an outcome."""

EXTENSIONS_BASE: dict[str, int] = {}
"""No telnet console, no log lines by the minute, no memory debugger."""

ITEM_PIPELINES: dict[str, int] = {"crawler.pipelines.SavePipeline": 100}

REDIRECT_MAX_TIMES = 5
"""A loop ends after so many; the default is 20."""

COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
"""On by default since Scrapy 2.19."""

DNS_TIMEOUT = 10
LOG_ENABLED = False
"""What there is to say goes through `logging` as the command set it up."""

LOG_INSTALL_ROOT_HANDLER = False

LOG_FORMATTER = "crawler.extensions.SilentLogFormatter"
"""No line for each page: what became of it is in the report and in the store."""

STATS_DUMP = False

WARN_ON_GENERATOR_RETURN_VALUE = False
"""Reads the callback's source again for every response: 0.3 of a bare spider's time for a page."""

SCHEDULER = "crawler.extensions.DirectScheduler"
"""The frontier has decided what comes next; Scrapy's queues and duplicate filter would only ask again."""

JOBDIR = None
"""After kill -9 it reports "finished" and fetches nothing; the frontier is a table of ours."""

DEFAULT_REQUEST_HEADERS: dict[str, str] = {}


def user_agent(contact_url: str | None) -> str:
    """Return how we introduce ourselves.

    Args:
        contact_url: Where site owners read who crawls them; None where only private hosts are crawled.
    """
    try:
        number = version("gleanings")
    except PackageNotFoundError:
        number = "0"
    return f"{AGENT}/{number} (+{contact_url})" if contact_url else f"{AGENT}/{number}"


def crawl_settings(config: Config) -> Settings:
    """Return the settings of a crawl.

    Args:
        config: Of the workspace.
    """
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    values: dict[str, Any] = {
        "USER_AGENT": user_agent(config.contact_url),
        "GUARD_ALLOWED_HOSTS": list(config.crawl.allow_private_hosts),
        "GUARD_ALLOWS_PUBLIC": config.contact_url is not None,
    }
    settings.update(values, priority="cmdline")
    return settings
