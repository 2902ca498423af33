"""WARC files of others: packed in every way, too large, damaged; what can be read is kept."""

import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.runner.importing import import_files
from crawler.runner.vault import MAX_PAGE_BYTES, WARC_DAMAGES, read_warc
from crawler.store import open_store
from tests.crawling import story_page


def in_chunks(body: bytes) -> bytes:
    parts = [body[start : start + 400] for start in range(0, len(body), 400)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


PACKED = {
    "plain": (lambda body: body, {}),
    "gzip": (gzip.compress, {"Content-Encoding": "gzip"}),
    "brotli": (brotli.compress, {"Content-Encoding": "br"}),
    "chunked": (in_chunks, {"Transfer-Encoding": "chunked"}),
    "chunked-brotli": (
        lambda body: in_chunks(brotli.compress(body)),
        {"Content-Encoding": "br", "Transfer-Encoding": "chunked"},
    ),
}


def pack_warc(pages: dict[str, tuple[bytes, dict[str, str]]], *, is_packed: bool = True) -> bytes:
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=is_packed)
    for name, (body, headers) in pages.items():
        lines = [("Content-Type", "text/html; charset=utf-8"), *headers.items()]
        record = writer.create_warc_record(
            name if "//" in name else f"https://kept.example/s/{name}",
            "response",
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=StatusAndHeaders("200 OK", lines, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": "2026-10-01T10:00:00Z"},
        )
        writer.write_record(record)
    return file.getvalue()


def write_warc(path: Path, pages: dict[str, tuple[bytes, dict[str, str]]]) -> None:
    path.write_bytes(pack_warc(pages))


def test_a_page_whose_address_is_none_is_left_out_and_the_others_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "odd.warc.gz"
    bodies = {name: story_page(f"/s/story-{n}").body for n, name in enumerate(("http://[odd/x", "story-1"))}
    write_warc(path, {name: (body, {}) for name, body in bodies.items()})
    with open_store(f"sqlite:///{tmp_path / 'library.db'}") as store:
        report = import_files([path], store, clock=lambda: datetime(2026, 11, 1, tzinfo=UTC))
        assert store.articles.count() == 1
    assert report.failures == []


@pytest.mark.parametrize("how", PACKED)
def test_a_page_is_unpacked_however_it_was_sent(how: str, tmp_path: Path) -> None:
    pack, headers = PACKED[how]
    body = story_page("/s/story-1").body
    write_warc(tmp_path / "a.warc.gz", {"story-1": (pack(body), headers)})
    with (tmp_path / "a.warc.gz").open("rb") as file:
        (page,) = read_warc(file)
    assert (page.body, page.received_at) == (body, datetime(2026, 10, 1, 10, tzinfo=UTC))


def test_what_unpacks_beyond_a_page_or_not_at_all_is_passed_over(tmp_path: Path) -> None:
    huge = bytes(MAX_PAGE_BYTES + 1)
    pages = {
        "bomb": (gzip.compress(huge), {"Content-Encoding": "gzip"}),
        "brotli-bomb": (brotli.compress(huge), {"Content-Encoding": "br"}),
        "no-brotli": (b"not packed at all", {"Content-Encoding": "br"}),
        "story-1": (story_page("/s/story-1").body, {}),
    }
    write_warc(tmp_path / "a.warc.gz", pages)
    with (tmp_path / "a.warc.gz").open("rb") as file:
        assert [page.url for page in read_warc(file)] == ["https://kept.example/s/story-1"]


@pytest.mark.parametrize("is_packed", [True, False])
@pytest.mark.parametrize("how", PACKED)
def test_wherever_a_file_was_cut_off_no_part_of_a_page_is_taken_for_it(how: str, is_packed: bool) -> None:
    pack, headers = PACKED[how]
    pages = {name: (pack(name.encode() * 9), headers) for name in ("first", "second")}
    whole, n_first = (
        pack_warc(pages, is_packed=is_packed),
        len(pack_warc(dict([*pages.items()][:1]), is_packed=is_packed)),
    )
    n_whole = 0
    for n_kept in range(n_first, len(whole) + 1):
        bodies: list[bytes] = []
        is_damaged = False
        try:
            bodies += (page.body for page in read_warc(io.BytesIO(whole[:n_kept])))
        except WARC_DAMAGES:
            is_damaged = True
        assert bodies in ([b"first" * 9], [b"first" * 9, b"second" * 9]), n_kept
        n_whole += len(bodies) == 2
    assert (len(bodies), is_damaged) == (2, False)
    assert n_whole <= 40, "what comes after the page itself"


def test_of_a_damaged_file_what_stands_before_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    write_warc(path, {f"story-{n}": (story_page(f"/s/story-{n}").body, {}) for n in range(3)})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + b"\xff" * 40 + whole[len(whole) // 2 + 40 :])
    with open_store("sqlite://") as store:
        report = import_files([path], store, clock=lambda: datetime(2026, 11, 1, tzinfo=UTC))
        assert 1 <= store.articles.count() < 3
    assert ["damaged" in str(failure) for failure in report.failures] == [True]
    assert report.exit_code == 3
