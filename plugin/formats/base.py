"""The contract of a format: a pure function from a feed to a document."""

from dataclasses import dataclass
from typing import Protocol

from plugin.issues import Feed


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes with what they are.

    Attributes:
        media_type: With its charset: "application/atom+xml; charset=utf-8".
        file_name: Name in a folder: "feed.atom".
    """

    content: bytes
    media_type: str
    file_name: str


class Format(Protocol):
    """Renders a feed.

    Attributes:
        name: The word used in digests and on the command line: "rss".
        media_type: Of its documents.
        extension: Of its files, without a dot: "rss", "html", "md".
    """

    name: str
    media_type: str
    extension: str

    def render(self, feed: Feed, *, base_url: str) -> Document:
        """Return the document.

        Args:
            feed: What to render; nothing else is looked up.
            base_url: Public address, without a trailing slash, that path-absolute links are joined to. ""
                leaves them as they are (a folder of pages that link to each other relatively).

        Returns:
            The same bytes for the same feed and base, at any time on any machine.
        """
        ...
