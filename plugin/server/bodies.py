"""Rendered bodies in memory: each with its validators and codings, all together within a bound."""

import gzip
from collections import OrderedDict
from contextlib import suppress
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


@dataclass(frozen=True, slots=True)
class Variant:
    """A body in one coding.

    Attributes:
        coding: None for plain.
        etag: The whole field: '"abc-gzip"'.
        headers: Of a 200.
        validators: Of a 304.
    """

    coding: str | None
    content: bytes
    etag: bytes
    headers: Headers
    validators: Headers


@dataclass(slots=True)
class Body:
    """What an address answers, ready to be sent.

    Attributes:
        kind: Of the address.
        content: Plain.
        media_type: With its charset.
        headers: What stands in every answer with it besides type, length, coding and validators.
        modified_at: Since when the content is as it is, in whole seconds; aware UTC.
        epoch: State of the library and the definitions that it is known to agree with.
        digest: Of the content: the strong validator in plain coding.
    """

    kind: str
    content: bytes
    media_type: str
    headers: Headers
    modified_at: datetime
    epoch: int
    digest: str = ""
    _variants: dict[str | None, Variant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.digest = sha256(self.content).hexdigest()[:32]

    @property
    def size(self) -> int:
        """Bytes held, codings included."""
        coded = {each.coding: len(each.content) for each in self._variants.values() if each.coding}
        return len(self.content) + sum(coded.values())

    def is_prepared(self, coding: str | None) -> bool:
        """Tell whether an answer in a coding can be sent without further work."""
        return coding in self._variants

    def variant(self, coding: str | None) -> Variant:
        """Return the body in a coding; made once. What is too small to gain by it stays plain."""
        found = self._variants.get(coding)
        if found is None:
            found = self._variants[coding] = self._make_variant(
                coding if len(self.content) >= MIN_COMPRESSED else None
            )
        return found

    def _make_variant(self, coding: str | None) -> Variant:
        content = _encode(self.content, coding)
        tag = to_tag(self.digest, coding)
        validators = self.validators(tag)
        headers = [
            (b"content-type", self.media_type.encode("ascii")),
            (b"content-length", str(len(content)).encode("ascii")),
            *([(b"content-encoding", coding.encode("ascii"))] if coding else ()),
            *validators,
        ]
        return Variant(coding, content, f'"{tag}"'.encode("ascii"), headers, validators)

    def validators(self, tag: str) -> Headers:
        """Return what a 200 and a 304 share."""
        return [
            (b"etag", f'"{tag}"'.encode("ascii")),
            (b"last-modified", to_http_date(self.modified_at).encode("ascii")),
            *self.headers,
        ]


def _encode(content: bytes, coding: str | None) -> bytes:
    if coding == "br":
        coded: bytes = brotli.compress(content, quality=5)
        return coded
    return gzip.compress(content, compresslevel=6, mtime=0) if coding == "gzip" else content


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
        found = self._bodies.get(key)
        if found is None:
            return None
        # Another thread may just have dropped it; it is a good body all the same.
        with suppress(KeyError):
            self._bodies.move_to_end(key)
        return found[0]

    def put(self, key: str, body: Body) -> bool:
        """Keep a body, or count it anew after it was encoded; one larger than the bound is not kept.

        Returns:
            Whether any body had to go for it, or it could not be kept itself.
        """
        size = body.size + 2 * len(key)
        with self._lock:
            self._drop(key)
            if size > self._max_bytes:
                return True
            self._bodies[key] = (body, size)
            self._size += size
            is_full = self._size > self._max_bytes
            while self._size > self._max_bytes:
                self._drop(next(iter(self._bodies)))
            return is_full

    def drop(self, key: str) -> None:
        """Forget a body, if it is held."""
        with self._lock:
            self._drop(key)

    def _drop(self, key: str) -> None:
        found = self._bodies.pop(key, None)
        self._size -= found[1] if found else 0

    def __len__(self) -> int:
        return len(self._bodies)
