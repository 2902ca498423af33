"""What the app reads of an ASGI request: path within the site, query, place, and a few headers."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

from starlette.types import Scope

from plugin.server.replies import Place

_HOST = re.compile(rb"(?:[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")
_PLACE = re.compile(r"([0-9]{1,17})-([0-9]{1,9})")
_WANTED = frozenset(
    (
        b"host",
        b"accept-encoding",
        b"if-match",
        b"if-none-match",
        b"if-modified-since",
        b"if-unmodified-since",
    )
)
PATH_CHARACTERS = "/~@:+,"
"""What stands in a path as it is, beside letters, digits and "-._"."""

KNOWN_PARAMETERS = ("q", "after")
MAX_PARAMETER = 300
"""Longest value of a parameter, in characters."""


@dataclass(slots=True)
class Request:
    """One request, as little looked at as possible.

    Attributes:
        path: With ``root_path`` in front, as ASGI has it since version 3; some servers leave it out.
        root_path: Path of the site on its host as this app is mounted, "" at the root.
        mount: The part of it that the app around this one added, as far as that tells.
        host: As asked for; where HTTP/1.0 leaves it out, the server's own address.
    """

    method: str
    path: str
    root_path: str
    mount: str
    query_string: bytes
    scheme: str
    host: bytes
    accept_encoding: bytes
    if_none_match: bytes | None
    if_modified_since: bytes | None
    if_match: bytes | None
    if_unmodified_since: bytes | None


def read_request(scope: Scope) -> Request:
    """Read an ASGI scope of type "http"; nothing in it, however odd, raises."""
    given: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _WANTED:
            given[name] = given[name] + b", " + value if name in given else value
    get = given.get
    root_path = scope.get("root_path", "")
    return Request(
        scope["method"],
        scope["path"],
        root_path,
        root_path.removeprefix(scope.get("app_root_path", root_path)),
        scope.get("query_string", b""),
        scope.get("scheme", "http"),
        given[b"host"] if b"host" in given else _own_host(scope),
        get(b"accept-encoding", b""),
        get(b"if-none-match"),
        get(b"if-modified-since"),
        get(b"if-match"),
        get(b"if-unmodified-since"),
    )


def _own_host(scope: Scope) -> bytes:
    """Return the address that the request came to; b"" where that is none, as on a Unix socket.

    Source:
        RFC 9112 section 3.2: HTTP/1.1 without a host is answered 400.
    """
    if scope.get("http_version") == "1.1":
        return b""
    server = scope.get("server")
    if server is None or server[1] is None:
        return b""
    name = f"[{server[0]}]" if ":" in server[0] else server[0]
    return f"{name}:{server[1]}".encode("ascii", "replace")


def find_path(request: Request) -> str:
    """Return a request's path within the site, decoded, beginning with "/"."""
    path = request.path
    # An app that is told its place behind a proxy (FastAPI's own root_path) has only the mount in its paths.
    for prefix in (request.root_path.rstrip("/"), request.mount.rstrip("/")):
        if prefix and (path == prefix or path.startswith(prefix + "/")):
            return path[len(prefix) :] or "/"
    return path or "/"


def read_query(query_string: bytes) -> dict[str, str] | None:
    """Return the parameters the site knows, others passed over; None when one of them can't be right.

    Args:
        query_string: As sent.

    Example:
        >>> read_query(b"q=lamp+light&utm_source=x")
        {'q': 'lamp light'}
        >>> read_query(b"q=%FF") is None
        True
    """
    if not query_string:
        return {}
    try:
        pairs = parse_qsl(query_string.decode("ascii"), errors="strict", max_num_fields=50)
    except ValueError:
        return None
    known = {name: value for name, value in pairs if name in KNOWN_PARAMETERS and value}
    if any(len(value) > MAX_PARAMETER or "\x00" in value for value in known.values()):
        return None
    return {name: known[name] for name in KNOWN_PARAMETERS if name in known}


def read_place(text: str) -> tuple[int, int] | None:
    """Return the two numbers of a place in a feed, None when it can't be right.

    Args:
        text: As a feed's "next" link has it.

    Example:
        >>> read_place("12-0"), read_place("12"), read_place("-1-1")
        ((12, 0), None, None)
    """
    found = _PLACE.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def find_place(request: Request, base_url: str | None) -> Place | None:
    """Return where the site stands for this client, None when the request's host can't be right.

    Args:
        request: The request.
        base_url: Public address from the settings, which then decides alone.
    """
    if base_url is not None:
        return Place(base_url, urlsplit(base_url).path)
    if not _HOST.fullmatch(request.host):
        return None
    prefix = quote(request.root_path.rstrip("/"), safe=PATH_CHARACTERS)
    return Place(f"{request.scheme}://{request.host.decode('ascii')}{prefix}", prefix)
