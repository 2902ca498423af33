"""Names that never change: tag: URIs of the library's key and what a thing is."""

from crawler.store.views import Library


def tag_uri(library: Library, path: str) -> str:
    """Return the tag: URI of a thing in a library.

    Args:
        library: Its key was minted when it was made, and moves with it to another host or database.
        path: What it is: "articles/7".

    Source:
        RFC 4151; "gleanings.invalid" belongs to nobody (RFC 2606), the key keeps libraries apart.

    Example:
        >>> from datetime import UTC, datetime
        >>> tag_uri(Library("0123456789ab", datetime(2026, 11, 23, tzinfo=UTC)), "articles/7")
        'tag:gleanings.invalid,2026-11-23:0123456789ab/articles/7'
    """
    return f"tag:gleanings.invalid,{library.created_at:%Y-%m-%d}:{library.key}/{path}"


def article_guid(library: Library, article_id: int) -> str:
    """Return the guid of an article's entry, the same in every feed."""
    return tag_uri(library, f"articles/{article_id}")


def comment_guid(library: Library, comment_id: int) -> str:
    """Return the guid of a comment."""
    return tag_uri(library, f"comments/{comment_id}")


def issue_guid(library: Library, digest: str, number: int) -> str:
    """Return the guid of an issue."""
    return tag_uri(library, f"digests/{digest}/{number}")


def feed_guid(library: Library, path: str) -> str:
    """Return the guid of a feed.

    Args:
        library: Where it is from.
        path: Path-absolute address of its folder: "/publications/vocal-01".
    """
    return tag_uri(library, path.strip("/"))
