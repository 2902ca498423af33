"""The platforms whose pages can be read, and the one way to read a page."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from crawler.errors import ConfigError, GleaningsError, RecordError
from crawler.platforms import generic, vocal
from crawler.platforms.base import Page, PageInput, Platform
from crawler.reading.characters import strip_refused
from crawler.reading.decoding import decode_page
from crawler.reading.urls import captured_at, is_http_url

PLATFORMS: tuple[Platform, ...] = (vocal.PLATFORM, generic.PLATFORM)
"""All built-in platforms in the order they are asked; the last one recognizes every page."""


def read_page(
    body: bytes | str,
    url: str | None,
    *,
    seen_at: datetime,
    headers: Mapping[str, str] = {},
    platform: str | None = None,
    known_tags: Collection[str] = (),
) -> Page:
    """Read one fetched or saved page.

    Args:
        body: As received, compressed or not; or decoded text.
        url: Where it came from; None, or "", for a copied text.
        seen_at: The response's time less its Age; aware. What an archive kept was seen when it was captured,
            which its address tells.
        headers: Of the response, names in any case. The media type and charset they promise are checked
            against the body.
        platform: Its name; None finds it out from the page's own markers.
        known_tags: Names of tags that help to split glued ones.

    Returns:
        What the page says; its ``kind`` tells whether it is an article at all.

    Raises:
        ConfigError: No platform has that name.
        PageLayoutChanged: It is an article whose headline or body can't be found.
        RecordError: A field breaks its promise, or ``url`` is no web address.
        ValueError: ``seen_at`` is naive.

    Example:
        >>> from datetime import UTC
        >>> seen_at = datetime(2026, 11, 23, tzinfo=UTC)
        >>> read_page("<h1>Hi</h1>", "https://vocal.media/x", seen_at=seen_at).article is None
        True
    """
    if seen_at.utcoffset() is None:
        raise ValueError("seen_at is naive: times must be aware")
    if url and "//" in url and not is_http_url(url):
        raise RecordError("where this page came from is no web address", field="url")
    captured = captured_at(url)
    decoded = decode_page(body, headers)
    page = PageInput(
        url=url or None,
        seen_at=min(seen_at, captured) if captured is not None else seen_at,
        media_type=decoded.media_type,
        text=decoded.text,
        data=decoded.data,
        known_tags=known_tags,
        headers={name.lower(): value for name, value in headers.items()},
    )
    try:
        return _read(page, platform)
    except GleaningsError:
        raise
    except ValueError:
        # lxml builds no element of what no document may hold ("&#2;"): such a page is read without it.
        if (text := strip_refused(page.text)) == page.text:
            raise
        return _read(replace(page, text=text, data=None), platform)


def _read(page: PageInput, platform: str | None) -> Page:
    reader = detect_platform(page) if platform in (None, "auto") else platform_named(platform or "")
    return reader.read(page)


def detect_platform(page: PageInput) -> Platform:
    """Return the first platform that recognizes the page by its own markers, else the last of the list."""
    return next((platform for platform in PLATFORMS if platform.recognizes(page)), PLATFORMS[-1])


def platform_named(name: str) -> Platform:
    """Return the platform of that name.

    Raises:
        ConfigError: There is none; the message lists all.
    """
    for platform in PLATFORMS:
        if platform.name == name:
            return platform
    known = ", ".join(platform.name for platform in PLATFORMS)
    raise ConfigError(f"no platform is called {name!r}; there are: {known}", key="platform")
