"""The vault: fetched pages kept as WARC files, one a day and host, a gzip member for each page.

The index is in the store and written with the page itself. What stands in a file behind the last indexed page
was never finished, by a process that was killed, and is cut off when the file is opened again.
"""

import io
import logging
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

import brotli
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.errors import PageError, StoreError
from crawler.spiders.visits import Answer
from crawler.store.kept import KeptPages
from crawler.store.views import KeptPage

log = logging.getLogger(__name__)

_UNSAFE: Final = re.compile(r"[^a-z0-9.-]+")
_LEFT_OUT: Final = frozenset(("content-encoding", "content-length", "transfer-encoding", "set-cookie"))
"""The body is kept unpacked, so what described its transfer is not true any more; cookies are private."""
MAX_PAGE_BYTES: Final = 8 * 1024 * 1024
"""Of a page once unpacked, as in a crawl."""

WARC_DAMAGES: Final = (ArchiveLoadFailed, EOFError, zlib.error)
"""What `read_warc` raises where a file is damaged."""

_CHUNK_BYTES: Final = 64 * 1024
_GZIP_FRAME: Final = 10 + 1 + 8
"""Bytes of a gzip member besides comment and data: header, the comment's end, checksum and size."""


@dataclass(frozen=True, slots=True)
class VaultPage:
    """A page out of the vault.

    Attributes:
        url: Where it was fetched.
        status: HTTP status.
        headers: By lower-case name.
        body: Unpacked.
        received_at: When; aware UTC.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


class Vault:
    """Keeps the pages of one host's crawl; one process a host, so one writer a file.

    Args:
        folder: Of the workspace; made when the first page is kept.
        host: Host, with its port where one is given.
        index: Tells where the last finished page of a file ends.
    """

    def __init__(self, folder: Path, host: str, index: KeptPages) -> None:
        self._folder = folder
        self._host = _UNSAFE.sub("-", host.lower()).strip("-.") or "host"
        self._index = index
        self._name: str | None = None
        self._file: BinaryIO | None = None

    def keep(self, answer: Answer) -> KeptPage:
        """Write a page; it counts as kept once the index has it.

        Args:
            answer: What came back for an address of the frontier.

        Raises:
            StoreError: The folder can't be written.
        """
        page = VaultPage(answer.url, answer.status, answer.headers, answer.body, answer.received_at)
        entry = answer.entry
        name = f"{page.received_at:%Y-%m-%d}-{self._host}.warc.gz"
        record = encode_record(page)
        try:
            file = self._open(name)
            start = file.tell()
            file.write(record)
            file.flush()
        except OSError as error:
            raise StoreError(f"pages cannot be kept ({error.strerror})", self._folder / name) from None
        return KeptPage(page.url, entry.role, entry.publication, name, start, len(record))

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._name = None

    def _open(self, name: str) -> BinaryIO:
        if self._file is not None and self._name == name:
            return self._file
        self.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / name
        file = path.open("r+b" if path.exists() else "w+b")
        file.truncate(self._index.end_of(name))
        file.seek(0, os.SEEK_END)
        self._name, self._file = name, file
        return file


def encode_record(page: VaultPage) -> bytes:
    """Return a page as one gzipped WARC response record.

    Source:
        ISO 28500:2017 (WARC 1.1), through warcio.
    """
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    lines = [(name.title(), value) for name, value in page.headers.items() if name not in _LEFT_OUT]
    lines.append(("Content-Length", str(len(page.body))))
    moment = page.received_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    record = writer.create_warc_record(
        page.url,
        "response",
        payload=io.BytesIO(page.body),
        length=len(page.body),
        http_headers=StatusAndHeaders(f"{page.status} OK", lines, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": moment},
    )
    writer.write_record(record)
    return buffer.getvalue()


def read_kept(folder: Path, place: KeptPage) -> VaultPage | None:
    """Return a kept page; None when its file is gone or its bytes were erased.

    Raises:
        StoreError: The file can't be read.
        PageError: It was cut off or written over there.
    """
    path = folder / place.file
    try:
        with path.open("rb") as file:
            file.seek(place.start)
            chunk = file.read(place.length)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"a kept page cannot be read ({error.strerror})", path) from None
    try:
        return next(read_warc(io.BytesIO(chunk)), None)
    except WARC_DAMAGES:
        raise PageError(f"the kept page in {path} is damaged", url=place.url) from None


def read_warc(stream: BinaryIO) -> Iterator[VaultPage]:
    """Yield the pages of a WARC file, ours or another's, gzipped or not.

    Args:
        stream: Open for reading; records that are no response over HTTP are passed over, as are pages larger
            than a crawl would take.

    Raises:
        ArchiveLoadFailed, EOFError, zlib.error: The file is damaged; see ``WARC_DAMAGES``.
    """
    for record in _read_records(stream):
        if record.rec_type != "response" or record.http_headers is None:
            continue
        url = record.rec_headers.get_header("WARC-Target-URI")
        status = record.http_headers.get_statuscode() or ""
        moment = _parse_date(record.rec_headers.get_header("WARC-Date"))
        if not url or not status.isdigit() or moment is None:
            continue
        headers: dict[str, str] = {}
        for name, value in record.http_headers.headers:
            key = name.lower()
            headers[key] = f"{headers[key]}, {value}" if key in headers else value
        body = _read_body(record, headers.get("content-encoding", ""))
        _check_whole(record)
        if body is not None:
            yield VaultPage(url.strip("<>"), int(status), headers, body, moment)


def _read_records(stream: BinaryIO) -> Iterator[ArcWarcRecord]:
    try:
        yield from ArchiveIterator(stream)
    except AttributeError as error:
        # warcio takes for granted that a record's head, which may be cut off, names an address.
        raise ArchiveLoadFailed("a record names no address") from error


def _check_whole(record: ArcWarcRecord) -> None:
    """Refuse a record that ends before the length it promises: its file was cut off there."""
    rest = record.raw_stream
    while record.length is not None and rest.limit > 0:
        if not rest.read(_CHUNK_BYTES):
            raise EOFError("a record ends before its length")


def _read_body(record: ArcWarcRecord, encoding: str) -> bytes | None:
    """Return the unpacked body of a response; None when it is larger than a page, or packed otherwise."""
    if encoding.strip().lower() != "br":
        body: bytes = record.content_stream().read(MAX_PAGE_BYTES + 1)
        return body if len(body) <= MAX_PAGE_BYTES else None
    # What warcio has for it does not work with the brotli of today.
    is_chunked = record.http_headers.get_header("transfer-encoding", "").lower() == "chunked"
    packed = (ChunkedDataReader(record.raw_stream) if is_chunked else record.raw_stream).read(MAX_PAGE_BYTES)
    try:
        unpacked: bytes = brotli.Decompressor().process(packed, output_buffer_limit=MAX_PAGE_BYTES + 1)
    except brotli.error:
        return None
    return unpacked if len(unpacked) <= MAX_PAGE_BYTES else None


def erase_kept(folder: Path, place: KeptPage) -> bool:
    """Overwrite a kept page in its file, so that the rest of the file stays readable.

    In its place stands an empty gzip member of the same length.

    Returns:
        Whether there was something to erase.
    """
    path = folder / place.file
    if not path.is_file() or path.stat().st_size < place.start + place.length:
        return False
    with path.open("r+b") as file:
        file.seek(place.start)
        file.write(blank_member(place.length))
    return True


def blank_member(length: int) -> bytes:
    """Return a gzip member that unpacks to nothing and has exactly that many bytes.

    Args:
        length: At least 21.

    Source:
        RFC 1952 section 2.3: a member may carry a comment of any length.

    Example:
        >>> import gzip
        >>> member = blank_member(100)
        >>> len(member), gzip.decompress(member)
        (100, b'')
    """
    empty = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    padding = length - _GZIP_FRAME - len(empty)
    if padding < 0:
        raise ValueError(f"no gzip member has {length} bytes")
    header = b"\x1f\x8b\x08\x10\x00\x00\x00\x00\x00\xff"
    return header + b" " * padding + b"\x00" + empty + b"\x00" * 8


def _parse_date(value: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat((value or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
