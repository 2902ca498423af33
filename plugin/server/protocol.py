"""HTTP/1.1 for a server of our own: what came before is answered where uvicorn would only begin.

Of what a short answer costs in an ASGI server most is the task, the cycle and the messages made for it. A
request that `plugin.server.hot` knows needs none of them. All others, and all that is unusual about a
connection, are uvicorn's.

Requests that are read in one turn of the event loop share a look at the library: it is made when the turn
ends, so after the last of them has come.
"""

import asyncio
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from plugin.server.hot import HotAnswer, HotKey, to_lines

if TYPE_CHECKING:
    from plugin.server.app import FeedApp

_UNUSUAL: Final = frozenset(
    {
        *(b"content-length", b"transfer-encoding", b"expect", b"upgrade"),
        *(b"x-forwarded-proto", b"x-forwarded-for", b"if-match", b"if-unmodified-since"),
    }
)
"""Headers of a request that are left to uvicorn: a body, another protocol, a proxy's word, or a rare wish."""

_OK: Final = b"HTTP/1.1 200 OK\r\n"
_NOT_MODIFIED: Final = b"HTTP/1.1 304 Not Modified\r\n"


class HotProtocol(HttpToolsProtocol):
    """One connection, for uvicorn's ``http`` setting; the app must be a `FeedApp`.

    Only a request that is alone on its connection is answered here, so that answers keep their order, and
    only while the client takes what is written.
    """

    _turns: Final[WeakKeyDictionary[ServerState, "list[HotProtocol]"]] = WeakKeyDictionary()
    """Server -> its connections with a known request that came in this turn."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        # Not the loaded app, which may be wrapped.
        self._feeds: FeedApp = config.app  # type: ignore[assignment]
        self._turn = self._turns.setdefault(server_state, [])
        self._hot: HotAnswer | None = None
        self._is_held = False
        self._is_waiting = False
        self._deadline: asyncio.TimerHandle | None = None
        self._defaults: list[tuple[bytes, bytes]] = []
        self._default_lines = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection, which may be idle before its first request as long as after any other."""
        super().connection_made(transport)
        self._set_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._unset_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come; the rest of a head must come in time, however many parts it comes in."""
        super().data_received(data)
        if (
            self._deadline is None
            and self.timeout_keep_alive_task is None
            and not self._is_waiting
            and (self.cycle is None or self.cycle.response_complete)
        ):
            self._set_deadline()

    def _set_deadline(self) -> None:
        self._deadline = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _unset_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def on_message_begin(self) -> None:
        """Begin a request, once the one before it is on its way."""
        if self._is_waiting:
            self._end_turn()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Look whether the request is known; hand it to uvicorn if not."""
        self._unset_deadline()
        self._hot = self._recall()
        if self._hot is None:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body, which a known request has not."""
        if self._hot is None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Let a known request wait for the end of the turn."""
        if self._hot is None:
            super().on_message_complete()
            return
        self._is_waiting = True
        if not self._turn:
            # Stands in line behind all that is read in this turn, and before all that will be read later.
            self.loop.call_soon(self._end_turn)
        self._turn.append(self)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, once the one before it is answered."""
        if self._is_waiting:
            self._end_turn()
        super().send_400_response(msg)

    def shutdown(self) -> None:
        """End the connection, but not before an answer that is due."""
        if self._is_waiting:
            self._end_turn()
        super().shutdown()

    def _end_turn(self) -> None:
        """Answer all that wait, each with what is known if that still holds, else on the usual way."""
        waiting = self._turn.copy()
        self._turn.clear()
        epoch = self._feeds.current_epoch() if waiting else None
        for each in waiting:
            each._answer(epoch)

    def _answer(self, epoch: int | None) -> None:
        hot, self._hot, self._is_waiting = self._hot, None, False
        if hot is None or self.parser is None or self.transport.is_closing():
            return
        if hot.epoch != epoch:
            # Nothing of the next request has come, so all that is noted here is still this one's.
            super().on_headers_complete()
            super().on_message_complete()
            return
        defaults = self.server_state.default_headers
        if defaults is not self._defaults:
            # The date in it moves every second, and the list with it.
            self._defaults, self._default_lines = defaults, to_lines(defaults)
        if self._is_held:
            self._feeds.metrics.count(hot.kind, 304, 0)
            self.transport.write(b"".join((_NOT_MODIFIED, self._default_lines, hot.validator_lines, b"\r\n")))
        else:
            self._feeds.metrics.count(hot.kind, 200, len(hot.content))
            head = b"".join((_OK, self._default_lines, hot.header_lines, b"\r\n"))
            self.transport.writelines((head, hot.content))
        self.on_response_complete()

    def _recall(self) -> HotAnswer | None:
        """Return what answers the request that has just come, if that is known and the connection is idle."""
        url, parser = self.url, self.parser
        if (
            (self.cycle is not None and not self.cycle.response_complete)
            or self.flow.write_paused
            or parser.get_method() != b"GET"
            or parser.get_http_version() != "1.1"
            or not parser.should_keep_alive()
            or b"%" in url
            or not (url.startswith(b"/") and url.isascii())
        ):
            return None
        headers = dict(self.headers)
        if not _UNUSUAL.isdisjoint(headers):
            return None
        path, _, query = url.partition(b"?")
        key: HotKey = (
            self.root_path + path.decode("ascii"),
            self.root_path,
            query,
            self.scheme or "http",
            headers.get(b"host", b""),
            headers.get(b"accept-encoding", b""),
        )
        hot = self._feeds.recall(key)
        if hot is None:
            return None
        self._is_held = headers.get(b"if-none-match") == hot.etag
        return None if not self._is_held and hot.may_be_held(headers) else hot
