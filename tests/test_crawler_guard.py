"""No spelling of a private address gets through, and the only door is the operator's."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer

from crawler.config import Config, CrawlConfig
from crawler.errors import ConfigError
from crawler.guard import AddressPolicy, GuardedResolver, is_public, normalize_host
from crawler.runner import CrawlLimits, crawl
from crawler.seeds import Seed
from crawler.store import open_store
from tests.crawling import QUICK, Exchange, Reply, crawl_site, list_page, serve_site

PRIVATE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:169.254.169.254",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2001:0:53aa:64c:0:0:80ff:fffe",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
    "",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("allowed", "host", "port", "permits"),
    [
        ("127.0.0.1", "127.0.0.1", 80, True),
        ("127.0.0.1:8000", "127.0.0.1", 8000, True),
        ("127.0.0.1:8000", "127.0.0.1", 22, False),
        ("127.0.0.1", "2130706433", 80, False),
        ("127.0.0.1", "localhost", 80, False),
        ("localhost", "LOCALHOST.", 80, True),
        ("[::1]:8000", "::1", 8000, True),
        ("", "127.0.0.1", 80, False),
    ],
)
def test_private_hosts_are_reached_by_their_allowed_name_only(
    allowed: str, host: str, port: int, permits: bool
) -> None:
    policy = AddressPolicy([allowed] if allowed else [], allows_public=True)
    assert policy.permits(host, port, "127.0.0.1") is permits


def test_public_hosts_need_a_contact() -> None:
    assert not AddressPolicy([], allows_public=False).permits("example.org", 443, "93.184.215.14")
    assert AddressPolicy([], allows_public=True).permits("example.org", 443, "93.184.215.14")


def test_normalized_hosts_are_normal() -> None:
    once = normalize_host("[FE80::1]:80")
    assert normalize_host(once) == once


def test_a_public_publication_without_contact_url_is_refused_before_any_request() -> None:
    seed = Seed(slug="a", name="A", url="https://example.org/")
    with open_store("sqlite://") as store, pytest.raises(ConfigError, match="contact_url"):
        crawl([seed], store, config=Config(crawl=QUICK))


def test_private_start_pages_are_refused_unless_allowed(tmp_path: Path) -> None:
    with serve_site(lambda _: list_page([])) as site:
        seed = Seed(slug="a", name="A", url=f"{site.url}/")
        config = Config(contact_url="https://example.org/us", crawl=CrawlConfig())
        report = crawl_site([seed], tmp_path / "a.db", config=config)
        assert site.requests == []
    assert report.outcomes == {"refused_address": 1}
    assert report.exit_code == 1
    assert "allow_private_hosts" in str(report.publications[0].error)


AWAY = {
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "mapped": "http://[::ffff:127.0.0.1]:{port}/inside",
    "loopback6": "http://[::1]:{port}/inside",
    "decimal": "http://2130706433:{port}/inside",
    "hex": "http://0x7f.1:{port}/inside",
    "octal": "http://0177.0.0.1:{port}/inside",
    "short": "http://127.1:{port}/inside",
    "zero": "http://0:{port}/inside",
    "name": "http://localhost:{port}/inside",
    "dotted": "http://localhost.:{port}/inside",
    "unmapped": "http://10.0.0.1/",
    "file": "file:///etc/hostname",
    "data": "data:text/html,hello",
    "ftp": "ftp://127.0.0.1/x",
    "gopher": "gopher://127.0.0.1:70/x",
}


def test_redirects_to_private_addresses_are_refused_in_every_spelling(tmp_path: Path) -> None:
    def answer(exchange: Exchange) -> Reply:
        name = exchange.path.removeprefix("/away/")
        if exchange.path == "/":
            return list_page([f"/away/{name}" for name in AWAY])
        if name in AWAY:
            return Reply(302, headers={"Location": AWAY[name].format(port=port)})
        return Reply(404)

    port = 0
    with serve_site(answer) as site:
        port = int(site.url.rpartition(":")[2])
        seed = Seed(slug="a", name="A", url=f"{site.url}/", platform="generic")
        config = Config(
            contact_url="https://example.org/us",
            crawl=CrawlConfig(allow_private_hosts=(f"127.0.0.1:{port}",), default_delay=QUICK.default_delay),
        )
        crawl_site(
            [seed],
            tmp_path / "a.db",
            config=config,
            limits=CrawlLimits(urls=tuple(f"{site.url}/away/{name}" for name in AWAY)),
        )
        inside = [each for each in site.paths() if each == "/inside"]
        with open_store(f"sqlite:///{tmp_path / 'a.db'}") as store:
            entries = store.frontier.get(f"{site.url}/away/{name}" for name in AWAY)
    assert inside == []
    outcomes = {url.rpartition("/")[2]: entry.outcome for url, entry in entries.items()}
    assert outcomes == dict.fromkeys(AWAY, "refused_address")


@pytest.mark.parametrize("name", ["localhost", "localhost.", "LocalHost", "app.localhost", "a.b.localhost."])
@pytest.mark.parametrize("is_allowed", [False, True])
def test_names_of_this_machine_are_judged_without_asking_anyone(name: str, is_allowed: bool) -> None:
    asked: list[str] = []
    found: list[tuple[str, int]] = []

    @implementer(IHostnameResolver)
    class NameServer:
        def resolveHostName(self, _receiver: object, host: str, *_: object) -> None:  # noqa: N802
            asked.append(host)

    class Receiver:
        def resolutionBegan(self, _resolution: object) -> None:  # noqa: N802
            found.clear()

        def addressResolved(self, address: IPv4Address) -> None:  # noqa: N802
            found.append((address.host, address.port))

        def resolutionComplete(self) -> None:  # noqa: N802
            found.append(("done", 0))

    reactor: Any = SimpleNamespace(nameResolver=NameServer())
    policy = AddressPolicy([name] if is_allowed else [], allows_public=True)
    resolver = GuardedResolver(reactor, 10, policy)
    resolver.resolveHostName(cast("Any", Receiver()), name, 8000)
    assert asked == []
    assert found == ([("127.0.0.1", 8000), ("::1", 8000)] if is_allowed else []) + [("done", 0)]
    assert resolver.has_refused(name, 8000) is not is_allowed
    resolver.resolveHostName(cast("Any", Receiver()), "localhost.example", 8000)
    assert asked == ["localhost.example"]


def test_an_allowed_localhost_is_reached(tmp_path: Path) -> None:
    with serve_site(lambda exchange: list_page([]) if exchange.path == "/" else Reply(404)) as site:
        port = site.url.rpartition(":")[2]
        seed = Seed(slug="a", name="A", url=f"http://localhost:{port}/", platform="generic")
        config = Config(
            crawl=CrawlConfig(allow_private_hosts=("localhost",), default_delay=QUICK.default_delay)
        )
        crawl_site([seed], tmp_path / "a.db", config=config)
        assert site.paths() == ["/robots.txt", "/"]
