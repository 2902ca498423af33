"""How a feed becomes a document: one module a format, and the list of all.

Adding a format is one new module and one line in ``FORMATS``.
"""

import difflib
from collections.abc import Sequence

from plugin.errors import UnknownFormat
from plugin.formats.atom import AtomFormat
from plugin.formats.base import Document, Format
from plugin.formats.html import HtmlFormat
from plugin.formats.jsonfeed import JsonFeedFormat
from plugin.formats.markdown import MarkdownFormat
from plugin.formats.rss import RssFormat
from plugin.formats.text import TextFormat

__all__ = ["FORMATS", "Document", "Format", "find_format", "get_format"]

FORMATS: tuple[Format, ...] = (
    RssFormat(),
    AtomFormat(),
    JsonFeedFormat(),
    HtmlFormat(),
    MarkdownFormat(),
    TextFormat(),
)
"""Every built-in format; e-mail, which is made of two of them, is ``plugin.mailing.EMAIL``."""


def get_format(name: str) -> Format:
    """Return a built-in format.

    Args:
        name: "rss", "atom", "json", "html", "markdown" or "text".

    Raises:
        UnknownFormat: There is none; the message names the nearest.

    Example:
        >>> get_format("atom").media_type
        'application/atom+xml; charset=utf-8'
    """
    return find_format(name, FORMATS)


def find_format(name: str, formats: Sequence[Format]) -> Format:
    """Return the format of that name among those given.

    Raises:
        UnknownFormat: There is none; the message names the nearest.
    """
    for each in formats:
        if each.name == name:
            return each
    names = [each.name for each in formats]
    close = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.5)
    hint = f'did you mean "{close[0]}"?' if close else f"known are {', '.join(names)}"
    raise UnknownFormat(f'no format is called "{name}"; {hint}')
