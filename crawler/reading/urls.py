"""Addresses: made absolute, made canonical, told apart.

Nothing here asks the network, and no spelling of an address, however odd, raises: what is no http(s)
address gives None.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from ipaddress import IPv6Address
from urllib.parse import SplitResult, urljoin, urlsplit

import idna

MAX_URL = 4_000
"""Longest address kept, in characters; browsers and servers stop at 2,000 to 8,000."""

_TRACKING = re.compile(
    r"utm_\w*|via|vocal_referral|_ga|_gl|_gac|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid"
    r"|yclid|igshid|igsh|mc_[ce]id|_hs\w+|hsa_\w+|hsctatracking|mkt_tok|ref_src|ref_url|s_kwcid|ncid|cmpid|srsltid"
    r"|oly_(?:enc|anon)_id|vero_\w+|(?:pk|mtm|matomo|piwik)_\w+|wickedid|spm|_openstat|xtor|at_(?:campaign|medium)",
    re.IGNORECASE,
)
_REMOVED = re.compile(r"[\t\n\r]")
_ODD = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]|%(?![0-9A-Fa-f]{2})|%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_-])?")
_PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~,-]*)+/?(?:\?[A-Za-z0-9._~=&-]+)?")
_PLAIN_URL = re.compile(
    r"(?P<origin>https?://[A-Za-z0-9.:-]+)(?P<path>(?:/[A-Za-z0-9_~-][A-Za-z0-9._~,-]*)+/?)"
    r"(?P<query>\?[A-Za-z0-9._~=&-]+)?"
)
_HEAD = re.compile(r"[^/?#\\]*//[^/?#\\]*")
_DOTTED = re.compile(r"/\.{1,2}(?:/|$)|/%2e", re.IGNORECASE)
_CAPTURED = re.compile(
    r"https?://[^/?#]+/web/(?P<time>(?:199[6-9]|2\d{3})\d{10})(?:[a-z]{2}_)?/https?:", re.IGNORECASE
)
_DEFAULT_PORT = {"http": 80, "https": 443}


def absolute_url(base: str | None, href: str | None) -> str | None:
    """Return where a link on a page leads.

    Args:
        base: Address of the page; None where there is none, then only absolute links lead somewhere.
        href: The attribute as it stands, blanks around it and line breaks inside it allowed.

    Returns:
        An absolute http(s) address, its fragment kept and its path percent-encoded, or None for every other
        scheme and for what no browser would open.

    Example:
        >>> absolute_url("https://vocal.media/01/a", " ../poets/b#c ")
        'https://vocal.media/poets/b#c'
        >>> absolute_url("https://vocal.media/", "javascript:alert(1)") is None
        True
    """
    if href is None or len(href) > MAX_URL:
        return None
    if _PLAIN_PATH.fullmatch(href):
        head = _HEAD.match(base) if base is not None else None
        origin = _origin(head[0]) if head is not None else None
        return origin + href if origin is not None else None
    plain = _PLAIN_URL.fullmatch(href)
    if plain:
        origin = _origin(plain["origin"])
        return origin + plain["path"] + (plain["query"] or "") if origin is not None else None
    link = _REMOVED.sub("", href).strip()
    try:
        joined = urljoin(base, link) if base is not None else link
        parts = _split(joined)
    except ValueError:
        return None
    if parts is None:
        return None
    address = _assemble(parts, query=_encode(parts.query), fragment=_encode(parts.fragment))
    return address if len(address) <= MAX_URL else None


@lru_cache(maxsize=4096)
def canonicalize_url(url: str) -> str | None:
    """Return the one spelling of an address, or None when it is no http(s) address.

    The scheme and path are kept, since only a platform knows which of them lead to the same thing. Host in
    lower-case ASCII without its trailing dot, no user, no default port, dot segments resolved, percent
    escapes only where needed and in upper case, query without tracking and ordered by name, no fragment.

    Args:
        url: Any string.

    Returns:
        An address that this function maps to itself.

    Source:
        RFC 3986 section 6.2; UTS #46 for the host, as browsers do.

    Example:
        >>> canonicalize_url("HTTPS://Vocal.media.:443/01/../a%7Eb?utm_source=x&b=2&a=1#top")
        'https://vocal.media/a~b?a=1&b=2'
    """
    plain = _PLAIN_URL.fullmatch(url) if len(url) <= MAX_URL else None
    if plain and not plain["query"]:
        origin = _origin(plain["origin"])
        return origin + plain["path"] if origin is not None else None
    try:
        parts = _split(_REMOVED.sub("", url).strip())
    except ValueError:
        return None
    if parts is None or len(url) > MAX_URL:
        return None
    query = parts.query
    if query:
        pairs = [pair for pair in _encode(query).split("&") if pair]
        kept = [pair for pair in pairs if not _TRACKING.fullmatch(pair.partition("=")[0])]
        query = "&".join(sorted(kept, key=lambda pair: pair.partition("=")[0]))
    return _assemble(parts, query=query, fragment="")


def is_http_url(url: str) -> bool:
    """Tell whether ``url`` is an absolute http(s) address with a host and a valid port.

    Example:
        >>> is_http_url("https://vocal.media"), is_http_url("http://[::1"), is_http_url("mailto:a@b.c")
        (True, False, False)
    """
    try:
        return _split(url) is not None
    except ValueError:
        return False


def host_of(url: str) -> str | None:
    """Return the host of an address in lower-case ASCII, without port; None when there is none.

    Example:
        >>> host_of("https://Bücher.example.:8080/x")
        'xn--bcher-kva.example'
    """
    try:
        parts = _split(url.strip())
    except ValueError:
        return None
    return _normalize_host(parts) if parts else None


def captured_at(url: str | None) -> datetime | None:
    """Return when the Wayback Machine captured the page it keeps at an address; None for any other.

    Example:
        >>> captured_at("https://web.archive.org/web/20250301123456/https://a.example/").isoformat()
        '2025-03-01T12:34:56+00:00'
    """
    match = _CAPTURED.match(url) if url and "/web/" in url else None
    try:
        return datetime.strptime(match["time"], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if match else None
    except ValueError:
        return None


def request_fingerprint(url: str, *, method: str = "GET", body: bytes = b"") -> str:
    """Return a key that is equal for requests which fetch the same resource.

    Args:
        url: Absolute; what is no http(s) address is taken as it stands.
        method: HTTP method, any case.
        body: What the request sends.

    Returns:
        64 hexadecimal digits.

    Source:
        The idea is Scrapy's ``scrapy.utils.request.fingerprint``; here tracking parameters do not count.
    """
    digest = sha256()
    for part in (method.upper().encode(), (canonicalize_url(url) or url).encode("utf-8", "replace"), body):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _split(url: str) -> SplitResult | None:
    """Split an http(s) address; None for other schemes, ValueError for what cannot be split."""
    head = url[:8].lower()
    if not head.startswith(("http://", "https:/")):
        return None
    mark = url.find("?")
    end = mark if mark >= 0 else len(url)
    if "\\" in url[:end]:
        url = url[:end].replace("\\", "/") + url[end:]
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORT or not parts.hostname:
        return None
    _normalize_host(parts)
    if parts.port == 0:
        raise ValueError("port 0")
    return parts


@lru_cache(maxsize=256)
def _origin(base: str) -> str | None:
    """Return scheme, host and port of a page's address, without a slash at the end."""
    try:
        parts = _split(base)
    except ValueError:
        return None
    return _assemble(parts._replace(path=""), query="", fragment="")[:-1] if parts else None


def _assemble(parts: SplitResult, *, query: str, fragment: str) -> str:
    host = _normalize_host(parts)
    if parts.port is not None and parts.port != _DEFAULT_PORT[parts.scheme]:
        host = f"{host}:{parts.port}"
    path = _encode(parts.path) or "/"
    if _DOTTED.search(path):
        path = _resolve_dots(path)
    address = f"{parts.scheme}://{host}{path}"
    if query:
        address = f"{address}?{query}"
    return f"{address}#{fragment}" if fragment else address


def _normalize_host(parts: SplitResult) -> str:
    return _normalize_hostname(parts.hostname or "")


@lru_cache(maxsize=1024)
def _normalize_hostname(name: str) -> str:
    """Return a host as browsers compare it.

    Raises:
        ValueError: No DNS name and no IP address.
    """
    if ":" in name:
        return f"[{IPv6Address(name.partition('%')[0]).compressed}]"
    host = name.lower()
    if not host.isascii() or "%" in host:
        host = idna.encode(host, uts46=True).decode("ascii")  # its errors are ValueErrors too
    host = host.rstrip(".")
    if len(host) > 253 or not _HOST.fullmatch(host) or ".." in host:
        raise ValueError(f"not a host: {name}")
    return host


def _encode(text: str) -> str:
    """Percent-encode what must be, and nothing else."""
    return _ODD.sub(_encode_one, text) if text else text


def _encode_one(match: re.Match[str]) -> str:
    found = match[0]
    if len(found) == 3:
        plain = chr(int(found[1:], 16))
        return plain if plain in _UNRESERVED else found.upper()
    return "".join(f"%{byte:02X}" for byte in found.encode("utf-8", "replace"))


def _resolve_dots(path: str) -> str:
    """Resolve "." and ".." as RFC 3986 section 5.2.4 does, never above the root."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for index, segment in enumerate(segments):
        is_last = index == len(segments) - 1
        if segment in (".", ".."):
            if segment == ".." and kept:
                kept.pop()
            if is_last:
                kept.append("")
        else:
            kept.append(segment)
    return "/" + "/".join(kept)
