"""The feeds' site as an ASGI app: mount it in any Starlette or FastAPI app, or run it with ``serve``."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from starlette.types import Receive, Scope, Send

from crawler.config import Config
from crawler.errors import GleaningsError, StoreError
from crawler.store import Store
from plugin.archive import Archive
from plugin.digests import Digest, load_digests
from plugin.server.addresses import find_redirect, parse_address
from plugin.server.bodies import Body, BodyCache, Headers, follow
from plugin.server.conditions import choose_coding, is_unmodified, match_etag, to_tag
from plugin.server.contents import Ask, Contents
from plugin.server.headers import reply_headers
from plugin.server.metrics import Metrics
from plugin.server.replies import Place, Reply, message
from plugin.server.requests import PATH_CHARACTERS, Request, find_place, read_query, read_request

Clock = Callable[[], datetime]

PARAMETERS: Final = {
    "digest": ("after",),
    "publication": ("after",),
    "publication_feed": ("after",),
    "author": ("after",),
    "author_feed": ("after",),
    "tag": ("after",),
    "tag_feed": ("after",),
    "search": ("q", "after"),
    "search_feed": ("q", "after"),
}
"""Kind of address -> the parameters that make a difference there; others are passed over."""

_RETRY: Headers = [(b"retry-after", b"60")]


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    archive: Archive | Store,
    config: Config | None = None,
    *,
    digests: Sequence[Digest] | None = None,
    clock: Clock = _now,
) -> "FeedApp":
    """Make the app.

    It needs no lifespan, and every link it writes honors ``root_path``, so that it can be mounted under any
    prefix. What the library and the definitions of digests become is seen at the next request.

    Args:
        archive: The library, open as long as the app answers; ``plugin.archive.open_library`` opens one.
        config: Of the workspace; None: the default settings.
        digests: Definitions; None: those of the workspace, read again when their files change.
        clock: Tells the time for ``Last-Modified``; aware.

    Raises:
        DigestError: A definition of the workspace is wrong.

    Example:
        >>> from plugin.archive import open_library
        >>> app = create_app(open_library("sqlite://"), digests=[])
    """
    settings = config if config is not None else Config()
    library = archive if isinstance(archive, Archive) else Archive(archive)
    source = DigestSource(settings.seeds_dir / "digests", digests)
    return FeedApp(library, settings, source, clock=clock)


class DigestSource:
    """The definitions as they now stand.

    Args:
        folder: Where their files are.
        fixed: Definitions that never change, instead of the files.
    """

    def __init__(self, folder: Path, fixed: Sequence[Digest] | None = None) -> None:
        self._folder = folder
        self._is_fixed = fixed is not None
        self._signature = self._read_signature()
        self.digests: Sequence[Digest] = tuple(fixed) if fixed is not None else load_digests(folder)

    def refresh(self) -> bool:
        """Read the files again if one has changed; tell whether the definitions did.

        A file that has become wrong leaves all as it was: the site goes on with what it knows.
        """
        signature = self._read_signature()
        if signature == self._signature:
            return False
        self._signature = signature
        try:
            self.digests = load_digests(self._folder)
        except GleaningsError:
            return False
        return True

    def _read_signature(self) -> tuple[tuple[str, int, int], ...]:
        if self._is_fixed:
            return ()
        found = [(path.name, path.stat()) for path in self._folder.glob("*.toml") if path.is_file()]
        return tuple(sorted((name, status.st_mtime_ns, status.st_size) for name, status in found))


class Freshness:
    """Notices that the library or the definitions have changed.

    A look costs a small query. It is taken at each request, but so that looks take no more than a twentieth
    of a busy server's time: with SQLite some four thousandths of a second lie between two.

    Args:
        archive: The library.
        source: The definitions.
    """

    SHARE: Final = 20
    MAX_SECONDS: Final = 0.25

    def __init__(self, archive: Archive, source: DigestSource) -> None:
        self._archive = archive
        self._source = source
        self._lock = Lock()
        self._seen: int | None = None
        self._next_look = 0.0
        self.epoch = 0

    @property
    def is_due(self) -> bool:
        """Whether it is time to look again."""
        return time.monotonic() >= self._next_look

    def look(self) -> None:
        """Look, and move ``epoch`` on if anything has changed; blocks, so call it from a thread.

        Raises:
            StoreError: The library can't be read.
        """
        with self._lock:
            if not self.is_due:
                return
            started = time.thread_time()
            generation = self._archive.generation()
            if self._source.refresh() or generation != self._seen:
                self._seen = generation
                self.epoch += 1
            cost = time.thread_time() - started
            self._next_look = time.monotonic() + min(self.SHARE * cost, self.MAX_SECONDS)


class FeedApp:
    """Answers every address of the site; see ``create_app``.

    Rendered bodies stay in memory, within a bound, and are sent by plain ASGI messages.

    Attributes:
        metrics: What it has answered.
    """

    def __init__(self, archive: Archive, config: Config, source: DigestSource, *, clock: Clock) -> None:
        self._ping = archive.generation
        self._contents = Contents(archive, hub_url=config.server.hub_url)
        self._source = source
        self._freshness = Freshness(archive, source)
        self._base_url = config.server.base_url
        self._clock = clock
        self._cache = BodyCache()
        # Each for a share of the keys, so that one body is made once and a slow one holds up few others.
        self._locks = tuple(Lock() for _ in range(16))
        self.metrics = Metrics()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        if scope["type"] == "http":
            await self._answer(read_request(scope), send)
        elif scope["type"] == "lifespan":
            await _live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _answer(self, request: Request, send: Send) -> None:
        place = find_place(request, self._base_url)
        address = parse_address(request.path)
        kind = address.kind if address is not None else "unknown"
        if place is None:
            reply = message(400, Place("", request.prefix), "The request names no host that can be right.")
            await self._send_reply(request, reply, kind, send)
        elif request.method not in ("GET", "HEAD"):
            await self._send_reply(request, message(405, place), kind, send, [(b"allow", b"GET, HEAD")])
        elif address is None:
            await self._send_missing(request, place, send)
        elif kind == "health":
            await self._send_health(request, send)
        else:
            query = read_query(request.query_string)
            if query is None:
                await self._send_reply(request, message(400, place), kind, send)
                return
            known = {name: value for name, value in query.items() if name in PARAMETERS.get(kind, ())}
            await self._send_found(request, Ask(address, request.path, known, place), send)

    async def _send_found(self, request: Request, ask: Ask, send: Send) -> None:
        """Answer with what stands at an address, from memory where it is still right."""
        key = f"{ask.place.base_url}\n{ask.place.prefix}\n{ask.target}"
        coding = choose_coding(request.accept_encoding)
        try:
            if self._freshness.is_due:
                await to_thread.run_sync(self._freshness.look)
            found: Body | Reply | None = self._cache.get(key)
            if (
                not isinstance(found, Body)
                or found.epoch != self._freshness.epoch
                or not found.is_prepared(coding)
            ):
                found = await to_thread.run_sync(self._render, ask, key, coding)
        except StoreError:
            await self._send_reply(request, message(503, ask.place), ask.address.kind, send, _RETRY)
            return
        if isinstance(found, Reply):
            await self._send_reply(request, found, ask.address.kind, send)
        else:
            await self._send_body(request, found, found.coding_for(coding), ask.address.kind, send)

    def _render(self, ask: Ask, key: str, coding: str | None) -> Body | Reply:
        """Make a body anew, or only its coding; what is no success is not kept."""
        with self._locks[hash(key) % len(self._locks)]:
            epoch = self._freshness.epoch
            old = self._cache.get(key)
            if old is None or old.epoch != epoch:
                started = time.perf_counter()
                reply = self._contents.answer(ask, self._source.digests)
                self.metrics.count_rendering(time.perf_counter() - started)
                if reply.status != HTTPStatus.OK:
                    self._cache.drop(key)
                    return reply
                # A server's own Date may lag by a second, and Last-Modified must not be later than it.
                moment = self._clock().replace(microsecond=0) - timedelta(seconds=1)
                old = follow(Body(reply.content, reply.media_type, reply_headers(reply), moment, epoch), old)
            old.prepared(old.coding_for(coding))
            self._cache.put(key, old)
            return old

    async def _send_body(
        self, request: Request, body: Body, coding: str | None, kind: str, send: Send
    ) -> None:
        """Send a 200, or a 304 to a client that holds the same."""
        tag = None
        if request.if_none_match is not None:
            tag = match_etag(request.if_none_match, body.digest, coding)
        elif request.if_modified_since and is_unmodified(request.if_modified_since, body.modified_at):
            tag = to_tag(body.digest, coding)
        if tag is not None:
            headers = body.validators(tag)
            await self._send(request, HTTPStatus.NOT_MODIFIED, headers, b"", kind, send)
            return
        await self._send(request, HTTPStatus.OK, body.prepared(coding), body.encode(coding), kind, send)

    async def _send_missing(self, request: Request, place: Place, send: Send) -> None:
        """Lead to the page whose last slash was left out, else say that nothing is there."""
        target = find_redirect(request.path)
        if target is None:
            await self._send_reply(request, message(404, place), "unknown", send)
            return
        location = place.prefix + quote(target, safe=PATH_CHARACTERS)
        if request.query_string:
            location += "?" + quote(request.query_string.decode("latin-1"), safe=f"{PATH_CHARACTERS}=&%?")
        headers = [(b"location", location.encode("ascii")), (b"content-length", b"0")]
        await self._send(request, HTTPStatus.PERMANENT_REDIRECT, headers, b"", "unknown", send)

    async def _send_health(self, request: Request, send: Send) -> None:
        """Say whether the library can be read."""
        try:
            await to_thread.run_sync(self._ping)
            status, text = HTTPStatus.OK, b"ok\n"
        except StoreError:
            status, text = HTTPStatus.SERVICE_UNAVAILABLE, b"the library can't be read\n"
        await self._send_reply(
            request, Reply(text, "text/plain; charset=utf-8", "message", status), "health", send
        )

    async def _send_reply(
        self, request: Request, reply: Reply, kind: str, send: Send, more: Headers | None = None
    ) -> None:
        """Send an answer that is not kept."""
        headers = [
            (b"content-type", reply.media_type.encode("ascii")),
            (b"content-length", str(len(reply.content)).encode("ascii")),
            *reply_headers(reply),
            *(more or ()),
        ]
        await self._send(request, reply.status, headers, reply.content, kind, send)

    async def _send(
        self, request: Request, status: int, headers: Headers, content: bytes, kind: str, send: Send
    ) -> None:
        content = b"" if request.method == "HEAD" else content
        self.metrics.count(kind, status, len(content))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


async def _live(receive: Receive, send: Send) -> None:
    """Take part in a server's lifespan; there is nothing to start or stop."""
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return
