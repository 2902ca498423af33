"""Manners on the way out: robots.txt, pace, pauses; redirects that carry nothing along, bounded unpacking.

One middleware does robots.txt and pace together, since each layer costs every page time (FINDINGS section 1).
"""

import asyncio
import re
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol, Self, cast
from urllib.parse import urlsplit

import brotli
from protego import Protego
from scrapy import Spider, signals
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest, StopDownload, UnsupportedURLSchemeError
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawler.errors import FetchError
from crawler.store.revisit import parse_retry_after
from crawler.store.views import Outcome

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

ROBOTS_BYTES: Final = 512 * 1024
"""What is read of a robots.txt; RFC 9309 section 2.5 asks for at least 500 KiB."""

ACCEPT: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

ROBOTS_TIMEOUT: Final = 15
"""Seconds for a robots.txt."""

EXEMPT: Final = "is_robots_txt"
"""Meta key of the one request that robots.txt does not judge."""

_IN_TURN: Final = "is_in_turn"
_N_BYTES: Final = "n_bytes_of_robots_txt"
_GROUP: Final = re.compile(r"(\s*user[- ]?agent(?:\s*:\s*|\s+))([a-z_-]+).*", re.IGNORECASE | re.DOTALL)
"""The line that names whom a group of rules is for, up to the product token (RFC 9309 section 2.2.1)."""


LONGEST_SLEEP: Final = 3600.0
"""Seconds after which who waits for a turn looks again: event loops know no waits without end."""


class PolitePace:
    """When the next request to one host may go out; shared by all that ask it.

    With a delay one request is under way at a time, and the next leaves a delay after the answer to the
    last: a slow server is asked less often. Without a delay nothing waits, save for a pause.

    Args:
        delay: Seconds between two requests, >= 0.
        timer: Seconds on a clock that never jumps.
    """

    def __init__(self, delay: float, *, timer: Callable[[], float] = time.monotonic) -> None:
        self.delay = delay
        self.is_closed = False
        self._timer = timer
        self._is_busy = False
        self._left_at = float("-inf")
        self._paused_until = 0.0
        self._changed = asyncio.Event()

    def raise_delay(self, seconds: float) -> None:
        """Wait at least so long from now on; robots.txt may only raise it."""
        self.delay = max(self.delay, seconds)

    def pause(self, seconds: float) -> None:
        """Send nothing for so long."""
        self._paused_until = max(self._paused_until, self._timer() + seconds)

    @property
    def paused_for(self) -> float:
        """Seconds until the pause ends; 0 when there is none."""
        return max(self._paused_until - self._timer(), 0.0)

    def close(self) -> None:
        """Let nobody through any more; those who wait are turned away at once."""
        self.is_closed = True
        self._tell()

    async def enter(self) -> None:
        """Wait for one's turn.

        Raises:
            IgnoreRequest: The crawl ends before it comes.
        """
        while not self.is_closed:
            wait = max(self._left_at + self.delay, self._paused_until) - self._timer()
            if wait <= 0 and not self._is_busy:
                self._is_busy = self.delay > 0
                return
            changed = self._changed
            try:
                await asyncio.wait_for(changed.wait(), None if self._is_busy else min(wait, LONGEST_SLEEP))
            except TimeoutError:
                continue
        raise IgnoreRequest("the crawl ends")

    def leave(self) -> None:
        """Say that the request of this turn was answered, or failed."""
        self._left_at = self._timer()
        if self._is_busy:
            self._is_busy = False
            self._tell()

    def _tell(self) -> None:
        """Wake all who wait; who comes later waits for the next word."""
        self._changed.set()
        self._changed = asyncio.Event()


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What a robots.txt says to us.

    Attributes:
        parser: None: everything is allowed.
        error: Why it could not be read; then nothing is allowed for now.
        outcome: What becomes of a fetch then.
        retry_after: How long the server asked to be left alone then.
    """

    parser: Protego | None = None
    error: str | None = None
    outcome: Outcome = "later"
    retry_after: timedelta | None = None

    def check(self, url: str, agent: str) -> None:
        """Raise when an address must not be fetched.

        Raises:
            FetchError: It is forbidden ("blocked"), or nobody knows yet (mostly "later").
        """
        if self.error is not None:
            is_refused = self.outcome == "refused_address"
            said = self.error if is_refused else f"robots.txt cannot be read ({self.error})"
            raise FetchError(said, url=url, outcome=self.outcome, retry_after=self.retry_after)
        if self.parser is not None and not self.parser.can_fetch(url, _to_token(agent)):
            raise FetchError("forbidden by robots.txt", url=url, outcome="blocked")

    def delay(self, agent: str) -> float:
        """Return the seconds it wants between two requests: the slower of Crawl-delay and Request-rate."""
        if self.parser is None:
            return 0.0
        token = _to_token(agent)
        rate = self.parser.request_rate(token)
        by_rate = rate.seconds / rate.requests if rate is not None and rate.requests else 0.0
        return max(float(self.parser.crawl_delay(token) or 0.0), by_rate, 0.0)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Addresses of the sitemaps it names, in order."""
        return tuple(self.parser.sitemaps) if self.parser is not None else ()


def parse_robots(status: int, body: bytes) -> RobotsRules:
    """Read the answer to a question for robots.txt.

    Args:
        status: Of the last answer, after redirects.
        body: What it holds; only the first ``ROBOTS_BYTES`` count.

    Source:
        RFC 9309 section 2.3.1: 4xx allows all, 5xx forbids all for now. 429 asks to come later, so it is
        taken for the second, as Google does.
    """
    if status == 429 or status >= 500:
        return RobotsRules(error=f"the server answered {status}")
    if not 200 <= status < 300:
        return RobotsRules()
    lines = body[:ROBOTS_BYTES].decode("utf-8-sig", "replace").splitlines()
    return RobotsRules(parser=Protego.parse("\n".join(map(_close_token, lines))))


def _close_token(line: str) -> str:
    """Mark where the product token of a group ends, and cut off what follows it.

    Protego takes a group for ours when our name begins with its; then "Glean" would mean Gleanings, and
    "Gleanings/1.0" would not.
    """
    match = _GROUP.fullmatch(line)
    return f"{match[1]}{_to_token(match[2])}" if match else line


def _to_token(agent: str) -> str:
    return f"{agent}/"


class Manners:
    """Pace and rules of every host that a crawl meets.

    Args:
        agent: Our product token, as robots.txt files name it.
        delay: Gives the seconds between two requests to a host[:port] where robots.txt asks for nothing.
        patience: Seconds; a request to a host that wants to be left alone for longer does not wait for it.
    """

    def __init__(self, agent: str, delay: Callable[[str], float], *, patience: float = float("inf")) -> None:
        self.agent = agent
        self._patience = patience
        self._delay = delay
        self._paces: dict[str, PolitePace] = {}
        self._rules: dict[str, asyncio.Future[RobotsRules]] = {}
        self._is_closed = False

    def pace(self, host: str) -> PolitePace:
        """Return the pace of a host[:port]; the same one at every call."""
        if host not in self._paces:
            self._paces[host] = PolitePace(self._delay(host))
            if self._is_closed:
                self._paces[host].close()
        return self._paces[host]

    def pause(self, host: str, seconds: float) -> None:
        """Leave a host alone for so long."""
        self.pace(host).pause(seconds)

    async def enter(self, url: str) -> None:
        """Wait for the turn of a request.

        Raises:
            FetchError: Its host wants to be left alone for too long.
            IgnoreRequest: The crawl ends before its turn comes.
        """
        pace = self.pace(urlsplit(url).netloc)
        if pace.paused_for > self._patience and not pace.is_closed:
            wait = timedelta(seconds=pace.paused_for)
            raise FetchError("its host asked to be left alone", url=url, outcome="later", retry_after=wait)
        await pace.enter()

    def close(self) -> None:
        """Let no request out any more."""
        self._is_closed = True
        for pace in self._paces.values():
            pace.close()

    async def rules(self, url: str, fetch: Callable[[str], Awaitable[RobotsRules]]) -> RobotsRules:
        """Return the rules of an address's origin, fetched once; again if they could not be read.

        Args:
            url: Any address of the origin.
            fetch: Fetches and reads the robots.txt at an address.
        """
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._fetch(origin, parts.netloc, fetch))
        rules = await self._rules[origin]
        if rules.error is not None:
            self._rules.pop(origin, None)
        return rules

    async def _fetch(
        self, origin: str, host: str, fetch: Callable[[str], Awaitable[RobotsRules]]
    ) -> RobotsRules:
        rules = await fetch(f"{origin}/robots.txt")
        self.pace(host).raise_delay(rules.delay(self.agent))
        return rules

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemaps that the robots.txt of an address's origin names, once it is known."""
        rules = self.known_rules(url)
        return rules.sitemaps if rules is not None else ()

    def known_rules(self, url: str) -> RobotsRules | None:
        """Return the rules of an address's origin, None while they are unknown."""
        parts = urlsplit(url)
        future = self._rules.get(f"{parts.scheme}://{parts.netloc}")
        return future.result() if future is not None and future.done() else None


class _Mannered(Protocol):
    manners: Manners


class MannersMiddleware:
    """Holds every request, robots.txt and redirects included, to robots.txt and to its host's pace."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._n_rules_under_way = 0
        self._manners = cast("_Mannered", crawler.spider).manners
        self._headers = {"User-Agent": crawler.settings["USER_AGENT"], "Accept": ACCEPT}

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Make one for a crawler whose spider has `manners`."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the request's turn.

        Raises:
            FetchError: robots.txt forbids it, or its host wants to be left alone for too long.
            IgnoreRequest: The crawl ends before its turn comes.
        """
        if not request.meta.get(EXEMPT):
            rules = self._manners.known_rules(request.url)
            if rules is None:
                rules = await self._manners.rules(request.url, self._fetch_rules)
            rules.check(request.url, self._manners.agent)
        for name, value in self._headers.items():
            request.headers[name] = value
        await self._manners.enter(request.url)
        request.meta[_IN_TURN] = True

    def process_response(self, request: Request, response: Response) -> Response:
        """Give the turn to the next."""
        self._leave(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002 - Scrapy's interface
        """Give the turn to the next."""
        self._leave(request)

    def _leave(self, request: Request) -> None:
        if request.meta.pop(_IN_TURN, False):
            self._manners.pace(urlsplit(request.url).netloc).leave()

    async def _fetch_rules(self, url: str) -> RobotsRules:
        meta = {EXEMPT: True, "download_timeout": ROBOTS_TIMEOUT, "download_maxsize": 0}
        request = Request(url, meta=meta, callback=NO_CALLBACK, dont_filter=True)
        try:
            with self._bounding():
                response = await self._crawler.engine.download_async(request)
        except FetchError as error:
            is_refused = error.outcome == "refused_address"
            return RobotsRules(error=error.message, outcome="refused_address" if is_refused else "later")
        except IgnoreRequest as error:
            # Too many redirects are as good as no file (RFC 9309 section 2.3.1.2).
            has_ended = self._manners.pace(urlsplit(url).netloc).is_closed
            return RobotsRules(error=str(error)) if has_ended else RobotsRules()
        except (UnsupportedURLSchemeError, ValueError) as error:
            return RobotsRules(error=str(error)[:300])
        rules = parse_robots(response.status, response.body)
        asked = (response.headers.get("Retry-After") or b"").decode("latin-1")
        wait = parse_retry_after(asked, now=datetime.now(UTC)) if rules.error is not None else None
        return replace(rules, retry_after=wait)

    @contextmanager
    def _bounding(self) -> Iterator[None]:
        """Read no more of a robots.txt than counts, while the block runs.

        Only then, since Scrapy tells of every chunk of every page whoever listens.
        """
        self._n_rules_under_way += 1
        self._crawler.signals.connect(_stop_at_bound, signal=signals.bytes_received)
        try:
            yield
        finally:
            self._n_rules_under_way -= 1
            if not self._n_rules_under_way:
                self._crawler.signals.disconnect(_stop_at_bound, signal=signals.bytes_received)


def _stop_at_bound(data: bytes, request: Request) -> None:
    """End the download of a robots.txt that is longer than what counts.

    Raises:
        StopDownload: What came so far is the answer.
    """
    if request.meta.get(EXEMPT):
        request.meta[_N_BYTES] = request.meta.get(_N_BYTES, 0) + len(data)
        if request.meta[_N_BYTES] > ROBOTS_BYTES:
            raise StopDownload(fail=False)


class BareRedirectMiddleware(RedirectMiddleware):
    """Scrapy's redirects without a Referer and without the validators of the page that redirected."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Go where an answer points.

        Raises:
            FetchError: It points to what is no address of a page.
        """
        try:
            return super().process_response(request, response, *([] if spider is None else [spider]))
        except ValueError as error:
            location = (response.headers.get("Location") or b"").decode("latin-1").strip()
            kind, colon, _ = location.partition(":")
            if colon and kind.isalnum() and kind.lower() not in ("http", "https"):
                said = f"it redirects to an address of kind {kind.lower()}:"
                raise FetchError(said, url=request.url, outcome="refused_address") from error
            raise FetchError("it redirects to no address", url=request.url, outcome="broken") from error

    def handle_referer(self, request: Request, response: Response) -> None:  # noqa: ARG002 - Scrapy's interface
        """Send none."""
        for name in ("Referer", "If-None-Match", "If-Modified-Since"):
            request.headers.pop(name, None)

    def _engine_started(self) -> None:
        """Look for no Referer middleware."""


class BoundedCompressionMiddleware(HttpCompressionMiddleware):
    """Scrapy's unpacking, telling a page that unpacks beyond the bound from one that is ignored."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Unpack a body.

        Raises:
            FetchError: It is larger than DOWNLOAD_MAXSIZE once unpacked, or not packed as it says.
        """
        if request.meta.get(EXEMPT):
            # It was cut off already; what it unpacks to is bounded like any page.
            request.meta.pop("download_maxsize", None)
        try:
            return super().process_response(request, response, *([] if spider is None else [spider]))
        except IgnoreRequest as error:
            raise FetchError(
                "the page is too large once unpacked", url=request.url, outcome="too_large"
            ) from error
        except (brotli.error, zlib.error, OSError, EOFError) as error:
            named = (response.headers.get("Content-Encoding") or b"").decode("latin-1")[:40]
            raise FetchError(
                f"the page is not packed as it says ({named})", url=request.url, outcome="broken"
            ) from error
