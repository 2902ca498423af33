"""A spider that walks nowhere: it fetches the addresses it is handed, one at a time. Loads Scrapy."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator, Callable
from multiprocessing.connection import Connection
from typing import Any, Final

from scrapy import Spider
from scrapy.exceptions import IgnoreRequest, UnsupportedURLSchemeError
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawler.config import Config
from crawler.errors import FetchError
from crawler.middlewares import Manners
from crawler.reading.robots import AGENT
from crawler.runner.fetched import FetchedPage
from crawler.runner.pacing import host_delays
from crawler.runner.reactor import quiet_process
from crawler.runner.reports import utc_now
from crawler.settings import crawl_settings
from crawler.spiders.host import decide_by_error
from crawler.spiders.visits import decide_by_status, seen_at

_FETCH_ERRORS: Final = (FetchError, IgnoreRequest, UnsupportedURLSchemeError, ValueError)
_STATUS_REASONS: Final = {
    401: "the site asks to sign in (401)",
    402: "the site asks to pay (402)",
    403: "the site refuses us the page (403)",
    404: "there is no such page (404)",
    410: "the page is gone for good (410)",
    429: "the site asks to come back later (429)",
    451: "the page is withheld for legal reasons (451)",
}
_AT_ROBOTS: Final = re.compile(r"robots\.txt cannot be read \(((?!the server answered).*)\)", re.DOTALL)
"""A host that cannot be reached fails at its first page, which is robots.txt."""


def run_errands(connection: Connection, config: Config) -> None:
    """Answer each address that comes in with its page, until None comes or the other side is gone.

    Args:
        connection: Brings addresses; takes a `FetchedPage` or a `FetchError` for each.
        config: Of the workspace.
    """
    # The terminal sends its interrupt to us too; it is our parent that ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settings = crawl_settings(config)
    settings.set("ITEM_PIPELINES", {}, priority="cmdline")
    process = quiet_process(settings)
    process.crawl(ErrandSpider, connection=connection, delay=host_delays(config.crawl))
    process.start(install_signal_handlers=False)


class ErrandSpider(Spider):
    """Fetches the addresses it is handed.

    Args:
        connection: Brings them.
        delay: Gives the seconds between two requests to a host[:port].
    """

    name = "errand"

    def __init__(self, connection: Connection, delay: Callable[[str], float]) -> None:
        super().__init__()
        self.connection = connection
        self.manners = Manners(AGENT, delay=delay)

    async def start(self) -> AsyncIterator[Request]:
        """Fetch until nothing more is asked for; yield nothing."""
        while (url := await asyncio.to_thread(self._next_url)) is not None:
            try:
                answer: FetchedPage | FetchError = await self._fetch(url)
            except _FETCH_ERRORS as error:
                answer = describe_error(error, url)
            self.connection.send(answer)
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    def _next_url(self) -> str | None:
        try:
            url: str | None = self.connection.recv()
        except (EOFError, OSError):
            return None
        return url

    async def _fetch(self, url: str) -> FetchedPage:
        meta = {"download_timeout": self.settings.getint("DOWNLOAD_TIMEOUT")}
        request = Request(url, callback=NO_CALLBACK, meta=meta, dont_filter=True)
        engine: Any = self.crawler.engine
        response: Response = await engine.download_async(request)
        headers = {
            name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
        }
        now = utc_now()
        ending = decide_by_status(response.status, headers, now=now)
        if ending is not None:
            reason = _STATUS_REASONS.get(response.status, ending.error or f"the answer is {response.status}")
            raise FetchError(reason, url=response.url, outcome=ending.outcome)
        rules = self.manners.known_rules(response.url)
        return FetchedPage(
            url=response.url,
            headers=headers,
            body=response.body,
            seen_at=seen_at(headers, received_at=now),
            sitemaps=rules.sitemaps if rules is not None else (),
        )


def describe_error(error: Exception, url: str) -> FetchError:
    """Return what to tell a person of a fetch that brought no page.

    Args:
        error: As the downloader raised it.
        url: The address asked for; an error that names another one, after a redirect, keeps it.

    Example:
        >>> describe_error(IgnoreRequest("max redirections reached"), "https://a.example/").message
        'it redirects again and again'
    """
    place = error.url if isinstance(error, FetchError) else url
    ending = decide_by_error(error)
    text = _AT_ROBOTS.sub(r"\1", ending.error or "")
    return FetchError(text.strip().rstrip(".") or "it cannot be had", url=place, outcome=ending.outcome)
