"""What came before is answered on a shorter way: byte for byte as on the long one, whatever stands on the wire.

Each test speaks to a real server over a socket; the long way is the same app behind uvicorn's own protocol.
"""

import re
import socket
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from plugin.server.app import FeedApp, create_app
from tests.samples import LANTERN, make_library
from tests.serving import serving

FEED = "/digests/lantern/feed.atom"
DATE = re.compile(rb"(?im)^date: .*\r\n")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    path = tmp_path_factory.mktemp("protocol") / "library.db"
    with make_library(f"sqlite:///{path}", n_articles=16, issues=2) as archive:
        yield create_app(archive, digests=[LANTERN])


@pytest.fixture(scope="module")
def site(app):
    with serving(app) as url:
        yield urlsplit(url)


@pytest.fixture(scope="module")
def long_way(app):
    async def passed_on(scope, receive, send):
        await app(scope, receive, send)

    with serving(passed_on) as url:
        yield urlsplit(url)


class Wire:
    """One connection, spoken to in bytes."""

    def __init__(self, connection):
        self.connection = connection
        self.stream = connection.makefile("rb")

    def send(self, *requests: bytes) -> None:
        self.connection.sendall(b"".join(requests))

    def receive(self) -> tuple[bytes, bytes]:
        """Return one answer: its head without the date, and its body."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.stream.readline()
            assert line, "the connection ended within a head"
            head += line
        assert DATE.search(head)
        length = re.search(rb"(?im)^content-length: (\d+)", head)
        has_body = b" 304 " not in head.partition(b"\r\n")[0]
        body = self.stream.read(int(length[1])) if length and has_body else b""
        return DATE.sub(b"", head), body

    def is_ended(self) -> bool:
        return self.stream.read(1) == b""


@contextmanager
def wire(url):
    with socket.create_connection((url.hostname, url.port), timeout=60) as connection:
        yield Wire(connection)


def get(path=FEED, *lines, method="GET", version="1.1") -> bytes:
    # The same host for both servers: it stands in the feed.
    head = [f"{method} {path} HTTP/{version}", "Host: feeds.example", *lines, "", ""]
    return "\r\n".join(head).encode("latin-1")


def ask(url, *requests):
    with wire(url) as line:
        answers = []
        for request in requests:
            line.send(request)
            answers.append(line.receive())
        return answers


@pytest.fixture(scope="module")
def etag(site):
    ((head, _),) = ask(site, get())
    return re.search(rb'(?m)^etag: (".*")\r$', head)[1].decode()


@pytest.fixture(
    params=[
        "plain",
        "held",
        "stale",
        "starred",
        "listed",
        "gzip",
        "dated",
        "query",
        "escaped",
        "odd",
        "matched",
        "older",
    ]
)
def request_bytes(request, etag):
    return {
        "plain": get(),
        "held": get(FEED, f"If-None-Match: {etag}"),
        "stale": get(FEED, 'If-None-Match: "0000"'),
        "starred": get(FEED, "If-None-Match: *"),
        "listed": get(FEED, f'If-None-Match: "0000", W/{etag}'),
        "gzip": get(FEED, "Accept-Encoding: gzip, br;q=0.5"),
        "dated": get(FEED, "If-Modified-Since: Sat, 01 Jan 2039 00:00:00 GMT"),
        "query": get(f"{FEED}?after=&utm_source=x"),
        "escaped": get("/digests/lan%74ern/feed.atom"),
        "matched": get(FEED, 'If-Match: "0000"', f"If-None-Match: {etag}"),
        "older": get(FEED, "If-Unmodified-Since: Mon, 05 Jan 2026 00:00:00 GMT"),
        "odd": get("http://feeds.example" + FEED),
    }[request.param]


def test_an_answer_is_the_same_on_both_ways(site, long_way, request_bytes):
    (expected,) = ask(long_way, request_bytes)
    assert ask(site, request_bytes, request_bytes, request_bytes) == [expected] * 3


@pytest.mark.parametrize(("version", "status"), [("1.0", b"200"), ("1.1", b"400")])
def test_only_an_old_client_may_leave_out_the_host(site, version, status):
    with wire(site) as line:
        line.send(f"GET {FEED} HTTP/{version}\r\n\r\n".encode())
        assert line.receive()[0].split()[1] == status


def test_answers_keep_the_order_of_what_was_asked_at_once(site, long_way, etag):
    held = get(FEED, f"If-None-Match: {etag}")
    requests = [get(), get("/digests/lantern/"), held, get("/nope"), get(), held, get(FEED, method="HEAD")]
    expected = [ask(long_way, each)[0] for each in requests[:-1]]
    ask(site, *requests[:-1])
    with wire(site) as line:
        for _ in range(3):
            line.send(*requests)
            assert [line.receive() for _ in expected] == expected
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += line.stream.readline()
            assert DATE.sub(b"", head) == expected[0][0]


def test_a_request_may_come_byte_by_byte(site):
    request = get()
    (expected, again) = ask(site, request, request)
    assert again == expected
    with wire(site) as line:
        line.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(request)):
            line.send(request[at : at + 1])
        assert line.receive() == expected


def test_a_body_is_not_taken_for_the_next_request(site):
    plain = get()
    expected = ask(site, plain)[0]
    with wire(site) as line:
        line.send(get(FEED, "Content-Length: 5"), b"GET /", plain)
        assert [line.receive(), line.receive()] == [expected] * 2
        line.send(get(FEED, "Transfer-Encoding: chunked"), b"5\r\nGET /\r\n0\r\n\r\n", plain)
        assert [line.receive(), line.receive()] == [expected] * 2


@pytest.mark.parametrize(
    "request_bytes", [get(FEED, "Connection: close"), get(version="1.0")], ids=["told", "old"], indirect=False
)
def test_a_connection_ends_where_the_client_wants_it(site, request_bytes):
    ask(site, get(), get())
    with wire(site) as line:
        line.send(request_bytes)
        head, body = line.receive()
        assert head.startswith(b"HTTP/1.1 200 ")
        assert body.startswith(b"<?xml")
        assert line.is_ended()


def test_a_proxy_is_heard(site):
    plain, proxied = get(), get(FEED, "X-Forwarded-Proto: https", "X-Forwarded-For: 192.0.2.1")
    (_, first), (_, through), (_, last) = ask(site, plain, proxied, plain)
    assert first == last
    assert b"http://feeds.example/" in first
    assert b"https://feeds.example/" in through
    assert b"http://feeds.example/" not in through


def test_another_protocol_is_not_taken_up(site):
    ask(site, get(), get())
    with wire(site) as line:
        line.send(get(FEED, "Connection: Upgrade", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"))
        head, body = line.receive()
        assert head.startswith(b"HTTP/1.1 200 ")
        assert body.startswith(b"<?xml")


@pytest.mark.parametrize(
    "broken", [b"GET\x00 / HTTP/1.1\r\n\r\n", b"\x00\x00", b"\xff" * 100], ids=["line", "nothing", "high"]
)
def test_broken_requests_end_in_a_400_after_what_came_before(site, broken):
    answers = set()
    for _ in range(20):
        with wire(site) as line:
            line.send(get())
            line.receive()
            line.send(get(), broken)
            answers.add(tuple(re.findall(rb"HTTP/1\.1 (\d{3}) ", line.stream.read())))
    # On the long way uvicorn refuses what is broken while the app still works on what came before.
    assert (b"200", b"400") in answers
    assert answers <= {(b"200", b"400"), (b"400",)}


def test_who_asks_much_and_reads_late_gets_all(site):
    request = get()
    expected = ask(site, request, request)[0]
    with wire(site) as line:
        line.send(*[request] * 400)
        assert all(line.receive() == expected for _ in range(400))


def test_an_idle_connection_ends_by_itself(app):
    with serving(app, keep_alive_seconds=1) as url, wire(urlsplit(url)) as line:
        request = get()
        for _ in range(3):
            line.send(request)
            line.receive()
        assert line.is_ended()


@pytest.mark.parametrize("before", [b"", get()])
@pytest.mark.parametrize("beginning", [b"", b"\r\n", b"GET / HTTP/1.1\r\nHost: feeds.example\r\nX: "])
def test_a_connection_on_which_no_whole_request_comes_ends_by_itself(app, before, beginning):
    with serving(app, keep_alive_seconds=1) as url, wire(urlsplit(url)) as line:
        if before:
            line.send(before)
            line.receive()
        for each in beginning:
            line.send(bytes([each]))
        assert line.is_ended()


def test_every_answer_is_counted(app, site, etag):
    held, plain = get(FEED, f"If-None-Match: {etag}"), get()
    (_, body), _ = ask(site, plain, held)
    before, sent = app.metrics.requests.copy(), app.metrics.bytes_sent
    ask(site, plain, held, plain)
    assert app.metrics.requests - before == {("digest_feed", 200): 2, ("digest_feed", 304): 1}
    assert app.metrics.bytes_sent - sent == 2 * len(body)


def test_what_came_before_does_not_reach_the_app(app, site, monkeypatch):
    calls = []
    whole = FeedApp.__call__

    async def watched(self, scope, receive, send):
        calls.append(scope["path"])
        await whole(self, scope, receive, send)

    monkeypatch.setattr(FeedApp, "__call__", watched)
    with wire(site) as line:
        for _ in range(100):
            line.send(get())
            line.receive()
    # Now and then a look at the definitions is due, and only the app can take it.
    assert len(calls) < 100
