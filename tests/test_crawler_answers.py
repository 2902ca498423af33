"""Answers that are no page: each ends as what it is, is told in plain words, and costs the others nothing."""

import gzip
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from OpenSSL.SSL import Error as TLSError
from scrapy.exceptions import DownloadFailedError
from twisted.internet.error import ConnectError, ConnectionDone
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.guard import describe_loss
from crawler.runner import CrawlLimits
from crawler.seeds import Seed
from crawler.store import open_store
from tests.crawling import Exchange, Reply, crawl_site, list_page, serve_site, story_page

PATIENCE = CrawlLimits(patience=timedelta(seconds=1))

ODD = {
    "no-gzip": (Reply(200, b"no gzip at all", {"Content-Encoding": "gzip"}), "broken", "not packed"),
    "half-gzip": (Reply(200, gzip.compress(b"x")[:5], {"Content-Encoding": "gzip"}), "broken", "not packed"),
    "no-brotli": (Reply(200, b"no brotli at all", {"Content-Encoding": "br"}), "broken", "not packed"),
    "script": (
        Reply(302, b"", {"Location": "javascript:alert(1)"}),
        "refused_address",
        "of kind javascript:",
    ),
    "no-address": (Reply(302, b"", {"Location": "http://[oops/"}), "broken", "to no address"),
    "loop": (Reply(302, b"", {"Location": "/s/loop"}), "broken", "again and again"),
    "private": (Reply(302, b"", {"Location": "http://10.0.0.1/"}), "refused_address", "public internet"),
    "part": (Reply(206, b"<p>A part", {"Content-Range": "bytes 0-8/900"}), "broken", "206"),
    "unasked": (Reply(304), "broken", "without conditions"),
}


def test_each_odd_answer_has_its_outcome_and_its_sentence(tmp_path: Path) -> None:
    def answer(exchange: Exchange) -> Reply:
        name = exchange.path.removeprefix("/s/")
        if exchange.path == "/":
            return list_page([*(f"/s/{each}" for each in ODD), "/s/story-1"])
        return ODD[name][0] if name in ODD else story_page(exchange.path)

    with serve_site(answer) as site:
        seed = Seed(slug="a", name="A", url=f"{site.url}/", platform="generic")
        report = crawl_site([seed], tmp_path / "a.db", limits=PATIENCE)
        with open_store(f"sqlite:///{tmp_path / 'a.db'}") as store:
            entries = store.frontier.get(f"{site.url}/s/{name}" for name in ODD)
    found = {url.rpartition("/")[2]: (entry.outcome, entry.error or "") for url, entry in entries.items()}
    assert {name: outcome for name, (outcome, _) in found.items()} == {
        name: outcome for name, (_, outcome, _) in ODD.items()
    }
    for name, (_, _, sentence) in ODD.items():
        assert sentence in found[name][1]
        assert "Error" not in found[name][1]
    assert report.articles_new == 1
    assert report.exit_code == 0


@contextmanager
def serve_bytes(answer: bytes) -> Iterator[str]:
    """Answer with the same bytes whatever is asked, save for robots.txt, then close; yield the host."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):  # whoever asks may be gone by then
                is_robots = b"/robots.txt" in connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n" if is_robots else answer)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"", "closed the connection without an answer"),
        (b"\x00\x01 what is this\r\n\r\n", "is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nshort", "broke off before the page was whole"),
    ],
)
def test_what_went_wrong_on_the_way_is_told_in_plain_words(
    answer: bytes, sentence: str, tmp_path: Path
) -> None:
    with serve_bytes(answer) as host:
        seed = Seed(slug="a", name="A", url=f"http://{host}/", platform="generic")
        report = crawl_site([seed], tmp_path / "a.db", limits=PATIENCE)
    assert set(report.outcomes) == {"later"}
    assert sentence in str(report.publications[0].error)
    assert "twisted" not in str(report.publications[0].error)


def failed(*reasons: Exception) -> DownloadFailedError:
    """An error as Scrapy raises it for a response that Twisted could not finish."""
    error = DownloadFailedError("a list of failures")
    error.__cause__ = ResponseFailed([Failure(reason) for reason in reasons])
    return error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (failed(ConnectionDone()), "the host closed the connection without an answer"),
        (failed(ValueError("Content-Length: -5")), "the host's answer is not HTTP"),
        (
            failed(TLSError([("SSL routines", "", "certificate verify failed")])),
            "no secure connection can be made (certificate verify failed)",
        ),
        (failed(TLSError()), "no secure connection can be made (the handshake failed)"),
        (ConnectError(), "the host cannot be reached"),
        (OSError(5, "odd"), "the connection failed"),
    ],
)
def test_a_loss_is_described_for_people(error: Exception, sentence: str) -> None:
    assert describe_loss(error) == sentence


def test_pages_that_fail_again_do_not_make_their_host_a_dead_one(tmp_path: Path) -> None:
    """Their second tries come last, in a row; the pages between the first ones were answered."""
    pages = [f"/s/{'story' if n % 2 else 'ill'}-{n}" for n in range(24)]

    def answer(exchange: Exchange) -> Reply:
        if exchange.path == "/":
            return list_page(pages)
        return Reply(500) if "/ill-" in exchange.path else story_page(exchange.path)

    with serve_site(answer) as site:
        seed = Seed(slug="a", name="A", url=f"{site.url}/", platform="generic")
        limits = CrawlLimits(patience=timedelta(seconds=6))
        report = crawl_site([seed], tmp_path / "a.db", limits=limits)
        n_tries = len([path for path in site.paths() if "/ill-" in path])
    assert n_tries >= 12 + 10
    assert report.publications[0].error is None
    assert report.exit_code == 0
    assert report.articles_new == 12


def test_a_crawl_says_nothing_of_its_machinery(tmp_path: Path) -> None:
    """Neither Scrapy nor Twisted speaks to the user in our place, not even of a refused certificate."""
    with serve_site(lambda exchange: list_page([]) if exchange.path == "/" else Reply(404)) as site:
        (tmp_path / "gleanings.toml").write_text(
            '[crawl]\nallow_private_hosts = ["127.0.0.1"]\ndefault_delay = "0s"\n', encoding="utf-8"
        )
        (tmp_path / "seeds").mkdir()
        (tmp_path / "seeds" / "a.toml").write_text(
            f'[[publication]]\nslug = "a"\nname = "A"\nurl = "{site.url}/"\nplatform = "generic"\n',
            encoding="utf-8",
        )
        command = [sys.executable, "-m", "cli", "crawl", "--workspace", str(tmp_path)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        quiet = "from twisted.logger import Logger; Logger().critical('certificate')"
        told = (
            "from crawler.config import Config; from crawler.runner.reactor import quiet_process; "
            f"from crawler.settings import crawl_settings; quiet_process(crawl_settings(Config())); {quiet}"
        )
        twisted = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert (twisted.returncode, twisted.stderr) == (0, "")
