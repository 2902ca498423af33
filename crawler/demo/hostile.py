"""Answers that no well-meaning site would give, bounded by the options."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from crawler.demo.answers import HTML
from crawler.demo.content import Story
from crawler.demo.options import HostileLimits

_PARAGRAPH = b"<p>And the tide came in, and the tide went out, and nobody wrote the end of it.</p>\n"
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class HostilePage:
    """A hostile story about to be served.

    Its page is split where the body belongs, so that each answer can put there
    what it wants.
    """

    story: Story
    before: bytes
    after: bytes
    limits: HostileLimits

    def answer(self, request: Request) -> Response:
        """Answer a request the way the story's slug says."""
        match self.story.slug:
            case "redirect-loop":
                return self._loop(request)
            case "redirect-away":
                return RedirectResponse(self.limits.redirect_target, status_code=302)
            case "gzip-bomb":
                headers = {"content-encoding": "gzip", "content-type": HTML}
                return StreamingResponse(_calmly(self._bomb()), headers=headers)
            case "slow-body":
                return StreamingResponse(self._slowly(), headers={"content-type": HTML})
            case "long-headline":
                return Response(self._long_headline(), headers={"content-type": HTML})
            case _:
                pieces = _calmly(self._pieces())
                return StreamingResponse(pieces, headers={"content-type": HTML})

    def _loop(self, request: Request) -> Response:
        """Send the client back and forth between two addresses."""
        path = self.story.path
        there = request.url.query == "again"
        return RedirectResponse(path if there else f"{path}?again", status_code=302)

    def _pieces(self) -> Iterator[bytes]:
        """Yield the page with what its slug says in the place of the body."""
        yield self.before
        match self.story.slug:
            case "endless-body":
                yield from _repeated(_PARAGRAPH, self.limits.endless_bytes)
            case "nested-lists":
                yield from _repeated(b"<ul><li>", self.limits.nested_depth * len(b"<ul><li>"))
            case "invalid-bytes":
                yield b"<p>caf\xe9 \xff\xfe \xc0\xaf \xed\xa0\x80 \xf0\x9f \x00 \x80 end</p>"
            case "many-links":
                room = self.story.community
                for first in range(0, self.limits.link_count, 1000):
                    last = min(first + 1000, self.limits.link_count)
                    links = (f'<a href="/{room}/never-written-{n}">{n}</a>\n' for n in range(first, last))
                    yield "".join(links).encode()
        yield self.after

    def _bomb(self) -> Iterator[bytes]:
        """Yield the page, packed, with a body of blanks."""
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        yield packer.compress(self.before)
        for piece in _repeated(b" ", self.limits.bomb_bytes):
            if packed := packer.compress(piece):
                yield packed
        yield packer.compress(self.after) + packer.flush()

    def _long_headline(self) -> bytes:
        """Return the page with its headline drawn out wherever it stands."""
        headline = self.story.headline.encode()
        times = -(-self.limits.headline_bytes // (len(headline) + 1))
        drawn_out = b" ".join([headline] * times)[: self.limits.headline_bytes]
        return (self.before + _PARAGRAPH + self.after).replace(headline, drawn_out)

    async def _slowly(self) -> AsyncIterator[bytes]:
        """Yield the page in small pieces with a wait between them."""
        page = self.before + _PARAGRAPH + self.after
        size = -(-len(page) // self.limits.slow_pieces)
        for start in range(0, len(page), size):
            if start:
                await asyncio.sleep(self.limits.slow_interval.total_seconds())
            yield page[start : start + size]


async def _calmly(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield pieces, letting other requests have their turn in between."""
    for piece in pieces:
        yield piece
        await asyncio.sleep(0)


def _repeated(pattern: bytes, n_bytes: int) -> Iterator[bytes]:
    """Yield a pattern again and again, so many bytes in all."""
    chunk = pattern * (_CHUNK // len(pattern))
    while n_bytes > 0:
        yield chunk[:n_bytes]
        n_bytes -= len(chunk)
