"""Which addresses may be reached: only public ones, decided at the moment of connecting.

A host's name says nothing: "2130706433", "0x7f.1", "::ffff:127.0.0.1" and a name whose DNS changes between
two questions all lead to this machine. So the addresses that a name resolved to are filtered where the
connection is made, for every request and every redirect alike; what is left is connected to, and nothing
is asked twice.
"""

from collections.abc import Collection, Sequence
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from OpenSSL.SSL import Error as TLSError
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Request, Response
from scrapy.resolver import CachingHostnameResolver, HostResolution
from twisted.internet import address as twisted_address
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver

from crawler.errors import FetchError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from twisted.internet.base import ReactorBase

_NAT64: Final = IPv6Address("64:ff9b::")
"""Prefix of addresses that a translator turns into the IPv4 address in their last 32 bits (RFC 6052)."""


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet.

    An IPv6 address that carries an IPv4 address (mapped, compatible, 6to4, Teredo, NAT64) is as public as
    what it carries.

    Args:
        address: IPv4 in dotted form, or IPv6, with or without a zone.

    Source:
        The IANA special-purpose registries, as `ipaddress` knows them.

    Example:
        >>> [is_public(each) for each in ("93.184.215.14", "10.0.0.1", "169.254.169.254", "100.64.0.1")]
        [True, False, False, False]
        >>> [is_public(each) for each in ("::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::")]
        [False, False, False, False]
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except (AddressValueError, ValueError):
        return False
    if isinstance(parsed, IPv6Address):
        carried = _carried(parsed)
        if carried is not None:
            return is_public(str(carried))
        if parsed.is_site_local:
            return False
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address inside an IPv6 address, if there is one."""
    number = int(address)
    if address.teredo is not None:
        return address.teredo[1]
    if number >> 32 == int(_NAT64) >> 32 or 1 < number < 2**32:
        return IPv4Address(number & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


class AddressPolicy:
    """What may be connected to.

    Args:
        allowed_hosts: Hosts, or host:port, that may be reached wherever they are; as the operator wrote them.
        allows_public: Whether the public internet may be reached; not without a `contact_url`.
    """

    def __init__(self, allowed_hosts: Collection[str], *, allows_public: bool) -> None:
        self._allowed = frozenset(normalize_host(host) for host in allowed_hosts)
        self._allows_public = allows_public

    @classmethod
    def from_settings(cls, settings: "BaseSettings") -> Self:
        """Read the policy out of Scrapy's settings, see `crawler.settings`."""
        return cls(
            settings.getlist("GUARD_ALLOWED_HOSTS"), allows_public=settings.getbool("GUARD_ALLOWS_PUBLIC")
        )

    def is_named(self, host: str, port: int) -> bool:
        """Tell whether the operator allowed this host by name."""
        name = normalize_host(host)
        return bool(self._allowed) and (name in self._allowed or f"{name}:{port}" in self._allowed)

    def permits(self, host: str, port: int, address: str) -> bool:
        """Tell whether a connection may be made.

        Args:
            host: As the address of the page names it.
            port: To connect to.
            address: What the host resolved to.
        """
        return self.is_named(host, port) or (self._allows_public and is_public(address))


def normalize_host(host: str) -> str:
    """Return the one spelling of a host, or of host:port, that is compared.

    Example:
        >>> normalize_host("LocalHost."), normalize_host("[::1]"), normalize_host("[::1]:80")
        ('localhost', '::1', '::1:80')
    """
    return host.strip().lower().replace("[", "").replace("]", "").removesuffix(".")


def is_loopback_name(host: str) -> bool:
    """Tell whether a name means this machine whatever a name server says.

    Source:
        RFC 6761 section 6.3: "localhost" and all below it are never asked for in the DNS.

    Example:
        >>> [is_loopback_name(name) for name in ("localhost.", "App.LOCALHOST", "localhost.example", "host")]
        [True, True, False, False]
    """
    return f".{normalize_host(host)}".endswith(".localhost")


class GuardedResolver(CachingHostnameResolver):
    """Resolves names as usual, and hands on only the addresses that may be connected to.

    Names of this machine are not asked for: an answer may take long, or lie.

    Source:
        FINDINGS section 1: the one place that stopped every spelling.
    """

    def __init__(self, reactor: "ReactorBase", cache_size: int, policy: AddressPolicy) -> None:
        super().__init__(reactor, cache_size)
        self.policy = policy
        self._refused: set[tuple[str, int]] = set()

    @classmethod
    def from_crawler(cls, crawler: "Crawler", reactor: "ReactorBase") -> Self:
        """Make a resolver from Scrapy's settings."""
        cache_size = crawler.settings.getint("DNSCACHE_SIZE")
        return cls(reactor, cache_size, AddressPolicy.from_settings(crawler.settings))

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        """Resolve a name, see `twisted.internet.interfaces.IHostnameResolver`."""
        receiver: Any = _FilteringReceiver(resolutionReceiver, hostName, portNumber, self)
        if is_loopback_name(hostName):
            resolution: Any = HostResolution(hostName)
            receiver.resolutionBegan(resolution)
            receiver.addressResolved(twisted_address.IPv4Address("TCP", "127.0.0.1", portNumber))
            receiver.addressResolved(twisted_address.IPv6Address("TCP", "::1", portNumber))
            receiver.resolutionComplete()
            return resolution  # type: ignore[no-any-return]
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)

    def refuse(self, host: str, port: int) -> None:
        """Remember that an address of this host was refused."""
        if len(self._refused) > 10_000:
            self._refused.clear()
        self._refused.add((normalize_host(host), port))

    def has_refused(self, host: str, port: int) -> bool:
        """Tell whether an address of this host was refused; it explains why none was found."""
        return (normalize_host(host), port) in self._refused


class _FilteringReceiver:
    """Stands between the resolver and whoever wants to connect: an `IResolutionReceiver`."""

    def __init__(
        self,
        receiver: Any,  # noqa: ANN401 - an interface of zope's, which type checkers misread
        host: str,
        port: int,
        resolver: GuardedResolver,
    ) -> None:
        self._receiver = receiver
        self._host = host
        self._port = port
        self._resolver = resolver

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        """Tell the receiver that the search began."""
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:
        """Hand an address on, unless it may not be reached."""
        host = str(getattr(address, "host", ""))
        if self._resolver.policy.permits(self._host, self._port, host):
            self._receiver.addressResolved(address)
        else:
            self._resolver.refuse(self._host, self._port)

    def resolutionComplete(self) -> None:
        """Tell the receiver that the search is over."""
        self._receiver.resolutionComplete()


class GuardedDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https; what goes wrong comes out as a `FetchError` with its outcome."""

    async def download_request(self, request: Request) -> Response:
        """Fetch one address.

        Raises:
            FetchError: No address of its host may be connected to, or no answer came whole.
        """
        from twisted.internet import reactor

        try:
            return await super().download_request(request)
        except CannotResolveHostError as error:
            parts = urlsplit(request.url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            resolver = getattr(reactor, "nameResolver", None)
            if isinstance(resolver, GuardedResolver) and resolver.has_refused(parts.hostname or "", port):
                raise refused(request.url) from None
            raise FetchError(describe_loss(error), url=request.url, outcome="later") from error
        except DownloadCancelledError as error:
            megabytes = request.meta.get("download_maxsize", self._default_maxsize) >> 20
            message = f"the page is larger than {megabytes} MiB"
            raise FetchError(message, url=request.url, outcome="too_large") from error
        except NETWORK_ERRORS as error:
            raise FetchError(describe_loss(error), url=request.url, outcome="later") from error


NETWORK_ERRORS: Final = (
    ConnectError,
    ConnectionClosed,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    OSError,
    ResponseDataLossError,
)
"""What a network may do to a fetch; another time it may not."""

_LOSSES: Final[dict[type[Exception], str]] = {
    CannotResolveHostError: "no host has that name",
    DownloadConnectionRefusedError: "the host refuses the connection",
    DownloadTimeoutError: "the host did not answer in time",
    ResponseDataLossError: "the connection broke off before the page was whole",
    ConnectionClosed: "the host closed the connection without an answer",
    ConnectError: "the host cannot be reached",
}


def describe_loss(error: BaseException) -> str:
    """Return what a failed fetch means, for people.

    Args:
        error: As the download handler raised it.

    Example:
        >>> describe_loss(DownloadTimeoutError("25 s"))
        'the host did not answer in time'
    """
    reasons = [getattr(reason, "value", None) for reason in getattr(error.__cause__, "reasons", ())]
    for each in (error, *reasons):
        if isinstance(each, TLSError):
            detail = next((part[2] for part in each.args[0] or () if part[2]), "") if each.args else ""
            return f"no secure connection can be made ({detail or 'the handshake failed'})"
        said = next((text for kind, text in _LOSSES.items() if isinstance(each, kind)), None)
        if said is not None:
            return said
    return "the host's answer is not HTTP" if reasons else "the connection failed"


def refused(url: str) -> FetchError:
    """Return the error for an address that may not be reached."""
    return FetchError(
        "this address is not on the public internet; `crawl.allow_private_hosts` opens it",
        url=url,
        outcome="refused_address",
    )
