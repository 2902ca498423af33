"""A page as it came, handed from the process that fetches it to the one that asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as it arrived, after redirects.

    Attributes:
        url: Where it came from in the end.
        headers: By lower-case name; of a repeated one, all values joined by ", ".
        body: Decompressed.
        seen_at: When the page was made, by its own headers; aware UTC.
        sitemaps: Addresses of the sitemaps that its site's robots.txt names, in order.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes
    seen_at: datetime
    sitemaps: tuple[str, ...] = ()
