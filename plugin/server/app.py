"""The feeds' site as an ASGI app: mount it in any Starlette or FastAPI app, or run it with ``serve``."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from threading import Lock
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from starlette.types import Receive, Scope, Send

from crawler.config import Config
from crawler.errors import StoreError
from crawler.store import Store
from plugin.archive import Archive, to_archive
from plugin.digests import Digest
from plugin.server.addresses import find_redirect, parse_address
from plugin.server.asking import Ask
from plugin.server.bodies import Body, BodyCache, Headers, Variant, follow
from plugin.server.conditions import choose_coding, is_unmodified, is_wanted, match_etag, to_tag
from plugin.server.contents import Contents
from plugin.server.freshness import DigestSource, Freshness
from plugin.server.headers import reply_headers
from plugin.server.hot import HotAnswer, HotAnswers, HotKey, make_key
from plugin.server.metrics import Metrics
from plugin.server.replies import Place, Reply, message
from plugin.server.requests import (
    PATH_CHARACTERS,
    Request,
    find_path,
    find_place,
    read_query,
    read_request,
)

Clock = Callable[[], datetime]

PARAMETERS: Final = {
    "digest": ("after",),
    "digest_feed": ("after",),
    "issues_feed": ("after",),
    "comments_feed": ("after",),
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

READING: Final = ("GET", "HEAD")
START: Final = "http.response.start"
BODY: Final = "http.response.body"

_RETRY: Headers = [(b"retry-after", b"60")]


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    store: Store | Archive,
    config: Config | None = None,
    *,
    digests: Sequence[Digest] | None = None,
    clock: Clock = _now,
) -> "FeedApp":
    """Make the app.

    It needs no lifespan, and every link it writes honors ``root_path``, so that it can be mounted under any
    prefix. What the library and the definitions of digests become is seen at the next request.

    Args:
        store: The library, open as long as the app answers: a store, or the archive that
            ``plugin.archive.open_library`` opens.
        config: Of the workspace; None: the default settings.
        digests: Definitions; None: those of the workspace, read again when their files change.
        clock: Tells the time for ``Last-Modified``; aware.

    Raises:
        DigestError: A definition of the workspace is wrong.
        StoreTooOld: The library is in PostgreSQL and lacks the plugin's tables.

    Example:
        >>> from plugin.archive import open_library
        >>> app = create_app(open_library("sqlite://"), digests=[])
    """
    settings = config if config is not None else Config()
    library = store if isinstance(store, Archive) else to_archive(store)
    source = DigestSource(settings.seeds_dir / "digests", digests)
    return FeedApp(library, settings, source, clock=clock)


class FeedApp:
    """Answers every address of the site; see ``create_app``.

    Rendered bodies stay in memory, within a bound, and are sent by plain ASGI messages. A plain GET that came
    before, word for word, is answered by ``__call__`` itself while nothing has changed.

    Attributes:
        metrics: What it has answered.
    """

    def __init__(self, archive: Archive, config: Config, source: DigestSource, *, clock: Clock) -> None:
        self._ping = archive.generation
        self._hub_url = config.server.hub_url
        self._contents = Contents(archive)
        self._source = source
        self._freshness = Freshness(archive, source)
        self._base_url = config.server.base_url
        self._clock = clock
        self._cache = BodyCache()
        # Each for a share of the keys, so that one body is made once and a slow one holds up few others.
        self._locks = tuple(Lock() for _ in range(16))
        self._hot = HotAnswers()
        self.metrics = Metrics()

    def recall(self, key: HotKey) -> HotAnswer | None:
        """Return what answered a plain GET that came before, word for word; right in its ``epoch`` only."""
        return self._hot.find(key)

    def current_epoch(self) -> int | None:
        """Return the site's state; see `Freshness.current_epoch`."""
        return self._freshness.current_epoch()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        if scope["type"] == "http":
            headers = dict(scope["headers"])
            is_plain = (
                scope["method"] == "GET"
                and b"if-match" not in headers
                and b"if-unmodified-since" not in headers
            )
            hot = self._hot.find(make_key(scope, headers)) if is_plain else None
            if hot is None or hot.epoch != self._freshness.current_epoch():
                await self._answer(scope, send)
            elif headers.get(b"if-none-match") == hot.etag:
                self.metrics.count(hot.kind, 304, 0)
                await send({"type": START, "status": 304, "headers": hot.validators.copy()})
                await send({"type": BODY, "body": b""})
            elif hot.may_be_held(headers):
                await self._answer(scope, send)
            else:
                self.metrics.count(hot.kind, 200, len(hot.content))
                await send({"type": START, "status": 200, "headers": hot.headers.copy()})
                await send({"type": BODY, "body": hot.content})
        elif scope["type"] == "lifespan":
            await _live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _answer(self, scope: Scope, send: Send) -> None:
        """Answer a request that has not come before, is not a plain GET, or comes after a change."""
        request = read_request(scope)
        is_readable = await self._freshness.look()
        place, path = find_place(request, self._base_url), find_path(request)
        address = parse_address(path)
        kind = address.kind if address is not None else "unknown"
        if kind == "health" and request.method in READING:
            # A probe may name any host, or none.
            await self._send_health(request, send)
        elif place is None:
            prefix = quote(request.root_path, safe=PATH_CHARACTERS)
            reply = message(400, Place("", prefix), "The request names no host that can be right.")
            await self._send_reply(request, reply, kind, send)
        elif request.method not in READING:
            await self._send_reply(request, message(405, place), kind, send, [(b"allow", b"GET, HEAD")])
        elif address is None:
            await self._send_missing(request, path, place, send)
        else:
            query = read_query(request.query_string)
            if query is None:
                await self._send_reply(request, message(400, place), kind, send)
                return
            known = {name: value for name, value in query.items() if name in PARAMETERS.get(kind, ())}
            ask = Ask(address, path, known, place, self._hub_url)
            body = await self._find(ask, request.accept_encoding, is_readable=is_readable)
            if isinstance(body, Reply):
                more = _RETRY if body.status == HTTPStatus.SERVICE_UNAVAILABLE else None
                await self._send_reply(request, body, kind, send, more)
                return
            # Doubled headers are joined here and not there, so only the one spelling is ever found again.
            joined = {b"host": request.host, b"accept-encoding": request.accept_encoding}
            self._hot.keep(
                make_key(scope, joined), body, body.variant(choose_coding(request.accept_encoding))
            )
            await self._send_body(request, body, place, send)

    async def _find(self, ask: Ask, accept_encoding: bytes, *, is_readable: bool) -> Body | Reply:
        """Return what stands at an address, with the wanted coding made; a reply when that is no success."""
        if not is_readable:
            return message(503, ask.place)
        key = f"{ask.place.base_url}\n{ask.place.prefix}\n{ask.target}"
        coding = choose_coding(accept_encoding)
        body = self._cache.get(key)
        if body is not None and body.epoch == self._freshness.epoch and body.is_prepared(coding):
            return body
        try:
            return await to_thread.run_sync(self._render, ask, key, coding)
        except StoreError:
            return message(503, ask.place)

    def _render(self, ask: Ask, key: str, coding: str | None) -> Body | Reply:
        """Return a body, made anew where the one kept may be wrong; what is no success is not kept."""
        with self._locks[hash(key) % len(self._locks)]:
            epoch = self._freshness.epoch
            body = self._cache.get(key)
            if body is None or body.epoch != epoch:
                started = time.perf_counter()
                reply = self._contents.answer(ask, self._source.digests)
                self.metrics.count_rendering(time.perf_counter() - started)
                if reply.status != HTTPStatus.OK:
                    self._cache.drop(key)
                    return reply
                # A server's own Date may lag by a second, and Last-Modified must not be later than it.
                moment = self._clock().replace(microsecond=0) - timedelta(seconds=1)
                made = Body(
                    ask.address.kind, reply.content, reply.media_type, reply_headers(reply), moment, epoch
                )
                body = follow(made, body)
            body.variant(coding)
            if self._cache.put(key, body):
                self._hot.forget()
            return body

    async def _send_body(self, request: Request, body: Body, place: Place, send: Send) -> None:
        """Send a 200, a 304 to a client that holds the same, or a 412 to one that wants only another."""
        variant = body.variant(choose_coding(request.accept_encoding))
        if not _is_wanted(request, body, variant):
            await self._send_reply(request, message(412, place), body.kind, send)
            return
        held = _find_held(request, body, variant)
        if held is not None:
            await self._send(request, 304, held, b"", body.kind, send)
        else:
            await self._send(request, 200, variant.headers, variant.content, body.kind, send)

    async def _send_missing(self, request: Request, path: str, place: Place, send: Send) -> None:
        """Lead to the page whose last slash was left out, else say that nothing is there."""
        target = find_redirect(path)
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
        # A list of its own: what is wrapped around the app may add headers to it.
        await send({"type": START, "status": status, "headers": list(headers)})
        await send({"type": BODY, "body": content})


def _is_wanted(request: Request, body: Body, variant: Variant) -> bool:
    """Tell whether a client may be sent what it would be sent; nearly all put no such condition."""
    match, since = request.if_match, request.if_unmodified_since
    if match is None and since is None:
        return True
    return is_wanted(
        match.decode("latin-1") if match is not None else None,
        since.decode("latin-1") if since is not None else None,
        to_tag(body.digest, variant.coding),
        body.modified_at,
    )


def _find_held(request: Request, body: Body, variant: Variant) -> Headers | None:
    """Return the headers of a 304 when the client holds what it would be sent, else None."""
    if request.if_none_match is not None:
        if request.if_none_match == variant.etag:
            return variant.validators
        tag = match_etag(request.if_none_match.decode("latin-1"), body.digest, variant.coding)
        return body.validators(tag) if tag is not None else None
    if request.if_modified_since is None:
        return None
    since = request.if_modified_since.decode("latin-1")
    return variant.validators if is_unmodified(since, body.modified_at) else None


async def _live(receive: Receive, send: Send) -> None:
    """Take part in a server's lifespan; there is nothing to start or stop."""
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return
