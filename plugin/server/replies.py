"""What the site answers, before it becomes HTTP."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from plugin.formats.pages import Frame, render_message_page

Policy = Literal["page", "feed", "asset", "message"]
"""How an answer is cached and guarded: see ``plugin.server.headers``."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the site stands for one client.

    Attributes:
        base_url: Its public address, without a trailing slash.
        prefix: Path of pages' links to the site, "" at the root of its host.
    """

    base_url: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer's content.

    Attributes:
        media_type: With its charset.
        links: (relation, absolute address) for ``Link`` headers.
        location: Where a redirection leads.
    """

    content: bytes
    media_type: str
    policy: Policy
    status: int = 200
    links: tuple[tuple[str, str], ...] = ()
    location: str | None = None


HTML = "text/html; charset=utf-8"

_MESSAGES: dict[int, tuple[str, str]] = {
    400: (
        "This can’t be read",
        "The address or the request is malformed; check what follows the question mark.",
    ),
    404: ("Nothing here", "No page or feed stands at this address. It may have been mistyped."),
    405: ("Reading only", "This site answers GET and HEAD."),
    410: ("Gone", "What stood here has been taken down, here or where it came from, and will not come back."),
    412: ("Another by now", "What was asked for has changed; it can be had without a condition."),
    503: ("Back in a moment", "The library can’t be read just now. Try again in a minute."),
}


def message(status: int, place: Place, text: str | None = None) -> Reply:
    """Return a small page that says what is wrong.

    Args:
        status: 400, 404, 405, 410, 412 or 503.
        place: Where its links lead.
        text: Instead of the usual sentence.
    """
    title, usual = _MESSAGES[status]
    frame = Frame("/-/", place.base_url, place.prefix)
    page = render_message_page(status, title, text or usual, frame)
    return Reply(page.encode(), HTML, "message", HTTPStatus(status))


def redirection(href: str, place: Place) -> Reply:
    """Return an answer that leads elsewhere on the site for good.

    Args:
        href: Path-absolute, encoded, with its query.
        place: Where the site stands.
    """
    return Reply(b"", HTML, "message", HTTPStatus.PERMANENT_REDIRECT, location=place.prefix + href)
