"""Requests that came before, word for word, and what answers them as long as nothing changes.

Most requests of a busy site are of this kind, and what they cost is spent here: so there is one look into one
dictionary, and everything unusual is left to others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from plugin.server.bodies import Body, Headers, Variant

MAX_KNOWN: Final = 1_000
"""Requests remembered; beyond that all are forgotten and learned again."""

HotKey = tuple[str, str, bytes, str, bytes, bytes]
"""Path, prefix, query, scheme, host and accepted codings: all that decides which bytes answer a plain GET."""


@dataclass(frozen=True, slots=True)
class HotAnswer:
    """What answers a request.

    Attributes:
        kind: Of the address.
        epoch: State of the site it is right for.
        digest: Stands in its tag in every coding.
        headers: Of a 200.
        validators: Headers of a 304.
        header_lines: ``headers`` as they are sent.
        validator_lines: ``validators`` as they are sent.
    """

    kind: str
    epoch: int
    digest: bytes
    etag: bytes
    content: bytes
    headers: Headers
    validators: Headers
    header_lines: bytes
    validator_lines: bytes

    def may_be_held(self, headers: Mapping[bytes, bytes]) -> bool:
        """Tell whether a closer look at the conditions of a request is needed: it may end in a 304."""
        tags = headers.get(b"if-none-match")
        if tags is not None:
            return self.digest in tags or b"*" in tags
        return b"if-modified-since" in headers


def make_key(scope: Scope, headers: Mapping[bytes, bytes]) -> HotKey:
    """Return what decides which bytes answer a request.

    Args:
        scope: Of type "http".
        headers: Its headers, of doubled ones the last.
    """
    return (
        scope["path"],
        scope.get("root_path", ""),
        scope.get("query_string", b""),
        scope.get("scheme", "http"),
        headers.get(b"host", b""),
        headers.get(b"accept-encoding", b""),
    )


def to_lines(headers: Headers) -> bytes:
    r"""Return headers as HTTP/1.1 sends them, each with its line end.

    Raises:
        ValueError: A name or value would end its line.

    Example:
        >>> to_lines([(b"etag", b'"a"'), (b"vary", b"Accept-Encoding")])
        b'etag: "a"\r\nvary: Accept-Encoding\r\n'
    """
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    if lines.count(b"\n") != len(headers) or lines.count(b"\r") != len(headers):
        message = "a header holds a line end"
        raise ValueError(message)
    return lines


class HotAnswers:
    """Answers by request."""

    def __init__(self) -> None:
        self._answers: dict[HotKey, HotAnswer] = {}
        self._epoch = 0
        # ``find`` is the dictionary's own: a call less for each request.
        self.find = self._answers.get

    def keep(self, key: HotKey, body: Body, variant: Variant) -> None:
        """Remember an answer; those of an earlier state are forgotten."""
        if body.epoch != self._epoch or len(self._answers) >= MAX_KNOWN:
            self.forget()
            self._epoch = body.epoch
        self._answers[key] = HotAnswer(
            body.kind,
            body.epoch,
            body.digest.encode("ascii"),
            variant.etag,
            variant.content,
            variant.headers,
            variant.validators,
            to_lines(variant.headers),
            to_lines(variant.validators),
        )

    def forget(self) -> None:
        """Forget all, so that no body is held that is no longer kept."""
        self._answers.clear()
