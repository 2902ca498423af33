"""Pictures and embeds of a page: where they really are, whatever loads them."""

import re
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from crawler.reading.urls import absolute_url

_LAZY = (
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-lazy",
    "data-hi-res-src",
    "data-image",
    "data-url",
)
_LAZY_SETS = ("data-srcset", "data-lazy-srcset")
_CANDIDATE = re.compile(r"\s*(\S*[^\s,])(?:\s+([\d.]+)[wx])?\s*(?:,|$)")
_PIXEL = re.compile(r"0*[01](?:px)?")
_PLACEHOLDER = re.compile(
    r"placeholder|blank|spacer|transparent|lazy|loading|blur|lqip|1x1|[?&,/]w[=_]\d{1,2}(?!\d)", re.IGNORECASE
)
"""What the address of a picture says that is shown while another loads."""
_MAX_BOXES = 3
"""Most boxes with nothing else in them between a picture and its ``<noscript>``."""
_VIDEO_ID = re.compile(r"/embed/([\w-]{6,})")


def image_url(image: etree._Element, base_url: str | None) -> str | None:
    """Return the absolute address of a picture, also when a script loads it late.

    The attributes that lazy loaders use come first, then ``src`` unless it is a placeholder, then the widest
    of ``srcset``, the ``<source>`` of a ``<picture>`` and the ``<noscript>`` beside it.

    Args:
        image: An ``<img>`` of a tree that still holds its surroundings.
        base_url: Address of the page.

    Returns:
        None for a tracking pixel and for a picture without an address.

    Example:
        >>> image = etree.fromstring('<img src="data:image/gif;base64,R0" data-src="/a.jpg"/>')
        >>> image_url(image, "https://x.example/b")
        'https://x.example/a.jpg'
    """
    get = image.get
    if _PIXEL.fullmatch(get("width", "")) or _PIXEL.fullmatch(get("height", "")):
        return None
    for name in (*_LAZY, *_LAZY_SETS):
        value = get(name)
        found = _resolve(_widest(value) if name in _LAZY_SETS else value, base_url) if value else None
        if found:
            return found
    source = get("src")
    found = None if _is_copy(source, get("srcset")) else _resolve(source, base_url)
    if found and _PLACEHOLDER.search(source or ""):
        found = _from_surroundings(image, base_url) or found
    return found or _resolve(_widest(get("srcset")), base_url) or _from_surroundings(image, base_url)


def image_alt(image: etree._Element) -> str | None:
    """Return a picture's alternative text, or that of the ``<noscript>`` beside it, in one line."""
    alt = " ".join((image.get("alt") or "").split())
    if not alt:
        fallback = _find_fallback(image)
        alt = " ".join((fallback.get("alt") or "").split()) if fallback is not None else ""
    return alt or None


def _is_copy(source: str | None, srcset: str | None) -> bool:
    """Tell the file a browser saved beside a page, whose ``srcset`` it left as it was."""
    return bool(source and srcset) and "_files/" in (source or "") and "://" not in (source or "")


def embed_link(embed: etree._Element, base_url: str | None) -> tuple[str, str] | None:
    """Return the address a person would open for an embed, and words for it; None when it has no address.

    Args:
        embed: An ``<iframe>``, ``<video>``, ``<audio>``, ``<embed>`` or ``<object>``.
        base_url: Address of the page.
    """
    sources = [embed.get(name) for name in ("src", "data-src", "data")]
    sources += [source.get("src") for source in embed.iter("source")]
    said = (source for source in sources if source and not source.isspace())  # "" is the page itself
    url = next((found for source in said if (found := absolute_url(base_url, source))), None)
    if url is None:
        return None
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    video = _VIDEO_ID.match(parts.path)
    if video and host in ("youtube.com", "youtube-nocookie.com"):
        url, host = f"https://www.youtube.com/watch?v={video[1]}", "youtube.com"
    title = " ".join((embed.get("title") or "").split())
    return url, title or host


def _resolve(source: str | None, base_url: str | None) -> str | None:
    """Return the absolute address of one candidate; the original of a picture that Next.js resizes."""
    if not source or source.isspace() or source.startswith("data:"):
        return None
    url = absolute_url(base_url, source)
    if url is not None and "/_next/image?" in url:
        original = parse_qs(urlsplit(url).query).get("url", [""])[0]
        return absolute_url(base_url, original) or url
    return url


def _widest(srcset: str | None) -> str | None:
    """Return the address of the largest candidate of a ``srcset``."""
    if not srcset:
        return None
    found = _CANDIDATE.findall(srcset[:20_000])
    return max(found, key=lambda pair: float(pair[1] or 1), default=("", ""))[0] or None


def _from_surroundings(image: etree._Element, base_url: str | None) -> str | None:
    picture = next(image.iterancestors("picture"), None)
    if picture is not None:
        for source in picture.iter("source"):
            sets = (source.get("srcset"), source.get("data-srcset"))
            found = next((url for text in sets if (url := _resolve(_widest(text), base_url))), None)
            if found:
                return found
    fallback = _find_fallback(image)
    if fallback is None:
        return None
    return _resolve(fallback.get("src") or _widest(fallback.get("srcset")), base_url)


def _find_fallback(image: etree._Element) -> etree._Element | None:
    """Return the picture of the ``<noscript>`` beside an image."""
    image = next(image.iterancestors("picture"), image)
    for _ in range(_MAX_BOXES):
        for sibling in (image.getnext(), image.getprevious()):
            beside = (
                next(sibling.iter("noscript"), None) if sibling is not None and len(sibling) < 2 else None
            )
            fallback = next(beside.iter("img"), None) if beside is not None else None
            if fallback is not None:
                return fallback
        parent = image.getparent()
        if parent is None or len(parent) > 1:
            break
        image = parent
    return None
