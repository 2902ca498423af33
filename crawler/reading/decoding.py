"""Bytes from the web as text, as a browser would have them."""

import re
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from w3lib.encoding import html_to_unicode, read_bom

MAX_TEXT = 16 * 1024 * 1024
"""Most bytes a compressed body may unfold to; the largest real article seen has under 2 MB."""

_GZIP = b"\x1f\x8b"
_MAX_LAYERS = 2
"""Compressions undone, each bounded: a server and a proxy before it that each do it is the most met."""
_IS_UTF8 = re.compile(r"[\w./+-]{1,100};\s*charset=\"?utf-?8\"?\s*", re.IGNORECASE)
"""The header of most pages, and the only one that needs no further rule where the bytes agree."""
_ENOUGH_HIGH = 8
"""Bytes beyond ASCII from which text in another charset is never valid UTF-8 by chance."""
_HIGH_BYTES = bytes(range(0x80, 0x100))
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|div|p|article|main|script|h1|table|ul|a|span|section)[\s>/]",
    re.IGNORECASE,
)
_JSON = re.compile(r'\{\s*(?:"|\})|\[\s*(?:[\[{"\]]|-?\d[\d.eE+-]*\s*(?:,|\]\s*\Z)|true\b|false\b|null\b)')
_TAG = re.compile(r"<[a-z!?/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body as text.

    Attributes:
        text: Without byte order mark.
        media_type: "text/html", "application/xml", "application/json" or "text/plain".
        data: The body, where it is ``text`` in UTF-8 and nothing else.
    """

    text: str
    media_type: str
    data: bytes | None = field(default=None, repr=False)


def decode_page(body: bytes | str, headers: Mapping[str, str]) -> Decoded:
    r"""Decode a body and tell what it is, whatever its header says.

    The charset comes from the byte order mark, the header, the document's own declaration, else UTF-8
    where the bytes are valid UTF-8, else windows-1252. Undecodable bytes become U+FFFD. A declaration is
    older than the bytes where they are UTF-8 throughout: whoever saved the page wrote it anew.

    Args:
        body: As received, also compressed with gzip or deflate, once or twice; or decoded text.
        headers: Of the response; names in any case.

    Source:
        WHATWG HTML, "determining the character encoding", as w3lib does it ("latin1" means windows-1252); the
        sniffing is a small part of WHATWG MIME Sniffing.

    Example:
        >>> decode_page("<p>caf\u00e9".encode("latin-1"), {"Content-Type": "text/plain; charset=latin1"})
        Decoded(text='<p>café', media_type='text/html')
    """
    told = {name.lower(): value for name, value in headers.items()}
    content_type = told.get("content-type", "")
    if isinstance(body, str):
        text, data = body, None
    else:
        text, data = _decode(_unpack(body, told.get("content-encoding", "")), content_type)
    text = text.removeprefix("\ufeff")
    return Decoded(text, _sniff(text, content_type), data)


def _unpack(body: bytes, encodings: str) -> bytes:
    """Undo the compression that the transport left on.

    Args:
        body: As received.
        encodings: The header's list of them. A gzip is known without it, for servers forget to tell; a
            deflate is not, and is looked for only where it is told.
    """
    for _ in range(_MAX_LAYERS):
        unpacked = None
        if body.startswith(_GZIP):
            unpacked = _inflate(body, zlib.MAX_WBITS | 16)
        elif "deflate" in encodings.lower():
            # "deflate" means zlib's form, and some servers send it without zlib's frame.
            unpacked = _inflate(body, zlib.MAX_WBITS) or _inflate(body, -zlib.MAX_WBITS, must_end=True)
        if unpacked is None:
            break
        body = unpacked
    return body


def _inflate(body: bytes, window: int, *, must_end: bool = False) -> bytes | None:
    """Return what a compressed body holds, or None where it is none.

    Bounded; what is cut off in the middle is kept, unless it ``must_end``: without a frame the first bytes
    of a plain text may pass for a beginning.
    """
    engine = zlib.decompressobj(window)
    try:
        found = engine.decompress(body, MAX_TEXT)
    except zlib.error:
        return None
    return found if engine.eof or engine.unconsumed_tail or not must_end else None


def _decode(body: bytes, content_type: str) -> tuple[str, bytes | None]:
    """Return the text, and its bytes where they are UTF-8 as most are."""
    if _IS_UTF8.fullmatch(content_type) and not body.startswith(b"\xef"):
        with suppress(UnicodeDecodeError):
            return body.decode(), body
    return _decode_other(body, content_type), None


def _decode_other(body: bytes, content_type: str) -> str:
    try:
        name, text = html_to_unicode(content_type, body, auto_detect_fun=_guess_encoding)
    except (LookupError, ValueError):  # Python codecs that are no text encodings: rot13, zlib, idna
        return body.decode("utf-8", "replace")
    if (
        name.startswith(("utf-16", "utf-32"))
        and read_bom(body)[0] is None
        and body[:1] == b"<"
        and b"\0" not in body[:4]
    ):
        return body.decode("utf-8", "replace")
    if name not in ("utf-8", "utf8") and _is_written_anew(body, content_type):
        return body.decode("utf-8")
    if "\ufffd" in text and name in ("utf-8", "utf8") and _guess_encoding(body) == "cp1252":
        return body.decode("cp1252", "replace")
    return text


def _is_written_anew(body: bytes, content_type: str) -> bool:
    """Tell a page in UTF-8 that still declares the charset it had: its bytes say so, and no header does."""
    if "charset" in content_type.lower() or read_bom(body)[0] is not None:
        return False
    if len(body) - len(body.translate(None, _HIGH_BYTES)) < _ENOUGH_HIGH:
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _guess_encoding(body: bytes) -> str:
    """Return "utf-8" where most of what is not ASCII is valid UTF-8, else "cp1252"."""
    text = body.decode("utf-8", "replace")
    n_odd = text.count("\ufffd")
    if n_odd == 0:
        return "utf-8"
    n_high = len(body) - len(body.translate(None, _HIGH_BYTES))
    return "cp1252" if n_odd * 2 > n_high else "utf-8"


def _sniff(text: str, content_type: str) -> str:
    """Return one of the four media types a reader knows."""
    start = text[:2000].lstrip()
    declared = content_type.partition(";")[0].strip().lower()
    if _JSON.match(start):
        return "application/json"
    if _TAG.match(start):
        if _FEED.search(start) and not re.match(r"<!doctype html|<html", start, re.IGNORECASE):
            return "application/xml"
        if _HTML.search(start) or declared.endswith("html"):
            return "text/html"
        return "application/xml" if start.startswith("<?xml") or declared.endswith("xml") else "text/html"
    if declared.endswith("html") or (declared not in ("text/plain", "text/markdown") and _HTML.search(start)):
        return "text/html" if _HTML.search(text[:20_000]) else "text/plain"
    return "text/plain"
