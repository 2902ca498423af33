"""Addresses in documents: which may stand there at all, and how path-absolute ones become whole."""

import re
from posixpath import relpath
from typing import Final
from urllib.parse import urlsplit

NO_HOST: Final = "gleanings.invalid"
"""Stands for the host of a site without a public address; belongs to nobody (RFC 2606)."""

_WEB = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_SPACE = re.compile(r"[\s\\\"<>^`{|}]")


def absolute(href: str | None, base_url: str) -> str | None:
    """Return where a link leads, written whole.

    Args:
        href: An http(s) address, or a path-absolute one ("/articles/7/").
        base_url: Public address without a trailing slash, or "".

    Returns:
        None where there is no link, or one that no reader should open (``javascript:``, ``data:``, ...). With
        ``base_url`` "" a path-absolute address stays one.

    Example:
        >>> absolute("/articles/7/", "https://digests.example.org/feeds")
        'https://digests.example.org/feeds/articles/7/'
        >>> absolute("javascript:alert(1)", "https://digests.example.org") is None
        True
    """
    if href is None:
        return None
    link = _SPACE.sub(lambda match: "" if match[0] in "\t\r\n" else f"%{ord(match[0]):02X}", href.strip())
    if _WEB.match(link):
        return link
    return base_url + link if link.startswith("/") and not link.startswith("//") else None


def relative(path: str, page_path: str) -> str:
    """Return a path-absolute address as seen from a page in a folder opened from disk.

    Args:
        path: Path-absolute, its query and fragment kept; one that ends in "/" means the ``index.html`` in it.
        page_path: Path-absolute address of the page the link stands on.

    Example:
        >>> relative("/articles/7/", "/digests/ai/3/")
        '../../../articles/7/index.html'
        >>> relative("/digests/ai/3/#a7", "/digests/ai/3/")
        'index.html#a7'
    """
    parts = urlsplit(path)
    target = parts.path + "index.html" if parts.path.endswith("/") else parts.path
    folder = page_path.rpartition("/")[0] or "/"
    tail = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return relpath(target, folder) + tail


def page_link(href: str | None, base_url: str, page_path: str) -> str | None:
    """Return a link for a page: whole where the base is known, else relative to the page.

    Args:
        href: As in ``absolute``.
        base_url: As in ``absolute``; "" makes path-absolute links relative.
        page_path: Path-absolute address of the page the link stands on.
    """
    link = absolute(href, base_url)
    return relative(link, page_path) if link is not None and not base_url and link.startswith("/") else link
