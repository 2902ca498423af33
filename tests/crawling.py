"""Crawls for tests: a site on loopback, and a crawl of it in a process of its own."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic

from crawler.config import Config, CrawlConfig
from crawler.demo import DemoOptions, DemoPlatform, bundled_content
from crawler.demo.content import DemoContent
from crawler.runner import CrawlLimits, CrawlReport, crawl_in_process
from crawler.seeds import Seed

QUICK = CrawlConfig(allow_private_hosts=("127.0.0.1",), default_delay=timedelta(0))


def now() -> datetime:
    return datetime.now(UTC)


def demo(options: DemoOptions | None = None, content: DemoContent | None = None) -> DemoPlatform:
    """A demo platform as of now."""
    return DemoPlatform(
        content or bundled_content(), anchor=now(), clock=now, options=options or DemoOptions()
    )


def seeds_of(platform: DemoPlatform, url: str, **more: object) -> list[Seed]:
    """A publication for each community of a demo platform."""
    return [
        Seed.model_validate(
            {"slug": f"demo-{room.slug.lower()}", "name": room.name, "url": f"{url}/{room.slug}", **more}
        )
        for room in platform.content.communities
    ]


def crawl_site(
    seeds: list[Seed],
    database: Path,
    *,
    limits: CrawlLimits | None = None,
    config: Config | None = None,
) -> CrawlReport:
    """Crawl in a process of its own, without delays and on loopback unless the config says otherwise."""
    return crawl_in_process(
        seeds,
        f"sqlite:///{database}",
        config=config or Config(crawl=QUICK),
        limits=limits or CrawlLimits(patience=timedelta(seconds=10)),
    )


@dataclass
class Exchange:
    """One request as the site saw it."""

    path: str
    headers: dict[str, str]
    at: float
    status: int = 0


@dataclass
class Reply:
    """What the site answers."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """A site whose answers are a function; notes every request."""

    answer: Callable[["Exchange"], Reply]
    requests: list[Exchange] = field(default_factory=list)
    url: str = ""

    def paths(self) -> list[str]:
        return [each.path for each in self.requests]


class _Server(ThreadingHTTPServer):
    """Says nothing of clients that have gone away: what it says is another test's standard error by then."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serve_site(answer: Callable[[Exchange], Reply]) -> Iterator[Site]:
    """Serve a site on loopback until the block ends."""
    site = Site(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            exchange = Exchange(
                self.path, {name.lower(): value for name, value in self.headers.items()}, monotonic()
            )
            reply = site.answer(exchange)
            exchange.status = reply.status
            site.requests.append(exchange)
            self.send_response_only(reply.status)
            if "date" not in reply.headers:
                self.send_header("Date", self.date_time_string())
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if reply.status != 304:
                self.wfile.write(reply.body)

        def log_message(self, *args: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def html(text: str) -> Reply:
    return Reply(body=text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def list_page(links: list[str], *, following: str | None = None) -> Reply:
    """A page that lists stories, in the manner of a small platform."""
    cards = "".join(
        f'<li><article><h2><a href="{link}">The story at {link.strip("/")}</a></h2>'
        f"<p>By Ann Lee 3 days ago</p></article></li>"
        for link in links
    )
    more = f'<a rel="next" href="{following}">Next</a>' if following else ""
    return html(
        f"<html><head><title>Stories</title></head><body><main><ul>{cards}</ul>{more}</main></body></html>"
    )


def story_page(path: str, *, extra: str = "") -> Reply:
    """A story in plain, well-marked HTML."""
    words = "The tide came in over the flats, slowly, as it does, and nobody wrote it down. " * 8
    return html(
        f'<html lang="en"><head><title>Story {path}</title><meta property="og:type" content="article">'
        f'<meta property="og:title" content="The story at {path.strip("/")}">{extra}'
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"Article",'
        f'"headline":"The story at {path.strip("/")}","datePublished":"2026-11-01T08:00:00Z",'
        '"author":{"@type":"Person","name":"Ann Lee"}}</script></head>'
        f"<body><main><article><h1>The story at {path.strip('/')}</h1><p>By Ann Lee</p>"
        f"<p>{words}</p><p>{words}</p><p>{words}</p></article></main></body></html>"
    )
