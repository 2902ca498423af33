"""Rendered bodies in memory: each with its validators and codings, all together within a bound."""

import gzip
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock

import brotli

from plugin.server.conditions import to_http_date, to_tag

MAX_BYTES = 64 * 1024 * 1024
"""Memory for bodies in all their codings; some 300 feeds of 100 KB."""

MIN_COMPRESSED = 200
"""Below so many bytes a coding saves nothing."""

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Body:
    """What an address answers, ready to be sent.

    Attributes:
        content: Plain.
        media_type: With its charset.
        headers: What stands in every answer with it besides type, length, coding and validators.
        modified_at: Since when the content is as it is, in whole seconds; aware UTC.
        epoch: State of the library and the definitions that it is known to agree with.
        digest: Of the content: the strong validator in plain coding.
    """

    content: bytes
    media_type: str
    headers: Headers
    modified_at: datetime
    epoch: int
    digest: str = ""
    _coded: dict[str, bytes] = field(default_factory=dict)
    _prepared: dict[str | None, Headers] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.digest = sha256(self.content).hexdigest()[:32]

    @property
    def size(self) -> int:
        """Bytes held, codings included."""
        return len(self.content) + sum(len(each) for each in self._coded.values())

    def encode(self, coding: str | None) -> bytes:
        """Return the content in a coding; made once, the same bytes each time."""
        if coding is None or len(self.content) < MIN_COMPRESSED:
            return self.content
        if coding not in self._coded:
            self._coded[coding] = (
                brotli.compress(self.content, quality=5)
                if coding == "br"
                else gzip.compress(self.content, compresslevel=6, mtime=0)
            )
        return self._coded[coding]

    def coding_for(self, coding: str | None) -> str | None:
        """Return the coding that a client's choice comes down to: none for what is too small."""
        return coding if len(self.content) >= MIN_COMPRESSED else None

    def is_prepared(self, coding: str | None) -> bool:
        """Tell whether an answer in a coding can be sent without further work."""
        return self.coding_for(coding) in self._prepared

    def prepared(self, coding: str | None) -> Headers:
        """Return all headers of a 200 in a coding, made once."""
        if coding not in self._prepared:
            headers = [
                (b"content-type", self.media_type.encode("ascii")),
                (b"content-length", str(len(self.encode(coding))).encode("ascii")),
                *self.validators(to_tag(self.digest, coding)),
            ]
            if coding:
                headers.append((b"content-encoding", coding.encode("ascii")))
            self._prepared[coding] = headers
        return self._prepared[coding]

    def validators(self, tag: str) -> Headers:
        """Return what a 200 and a 304 share."""
        return [
            (b"etag", f'"{tag}"'.encode("ascii")),
            (b"last-modified", to_http_date(self.modified_at).encode("ascii")),
            *self.headers,
        ]


def follow(new: Body, old: Body | None) -> Body:
    """Return the body to keep after rendering again: the old one while its content stands.

    ``Last-Modified`` moves whenever the content does, also within a second and when the clock went back, so
    that a client that has only a date is never told that something old is fresh.

    Args:
        new: As just rendered.
        old: As kept before, of the same address.
    """
    if old is None:
        return new
    if (old.digest, old.headers, old.media_type) == (new.digest, new.headers, new.media_type):
        old.epoch = new.epoch
        return old
    new.modified_at = max(new.modified_at, old.modified_at + timedelta(seconds=1))
    return new


class BodyCache:
    """Bodies by key; those not asked for the longest go first when the bound is reached.

    Args:
        max_bytes: Of all bodies together.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._bodies: OrderedDict[str, tuple[Body, int]] = OrderedDict()
        self._max_bytes = max_bytes
        self._size = 0
        self._lock = Lock()

    def get(self, key: str) -> Body | None:
        """Return a body, None when it is not held."""
        with self._lock:
            found = self._bodies.get(key)
            if found is None:
                return None
            self._bodies.move_to_end(key)
            return found[0]

    def put(self, key: str, body: Body) -> None:
        """Keep a body, or count it anew after it was encoded; one larger than the bound is not kept."""
        size = body.size + 2 * len(key)
        with self._lock:
            self._drop(key)
            if size > self._max_bytes:
                return
            self._bodies[key] = (body, size)
            self._size += size
            while self._size > self._max_bytes:
                self._drop(next(iter(self._bodies)))

    def drop(self, key: str) -> None:
        """Forget a body, if it is held."""
        with self._lock:
            self._drop(key)

    def _drop(self, key: str) -> None:
        found = self._bodies.pop(key, None)
        self._size -= found[1] if found else 0

    def __len__(self) -> int:
        return len(self._bodies)
