"""From articles to entries, from a selection to an issue, and from all of it to a `Feed`.

Everything here is pure. Links within our own pages are path-absolute, as DESIGN section 8 has them; guids are
tag: URIs of the library's key and a row's number, so they outlive edits, moves and crawls.
"""

from plugin.composing.entries import to_entry, to_page_entry
from plugin.composing.feeds import (
    FEED_TYPES,
    MAX_ENTRIES,
    archive_feed,
    archive_name,
    author_feed,
    comments_feed,
    count_parts,
    digest_feed,
    issue_to_feed,
    issues_feed,
    publication_feed,
    search_feed,
    tag_feed,
)
from plugin.composing.guids import article_guid, comment_guid, feed_guid, issue_guid
from plugin.composing.issue import compose_issue
from plugin.composing.rights import is_republishable, may_show_full

__all__ = [
    "FEED_TYPES",
    "MAX_ENTRIES",
    "archive_feed",
    "archive_name",
    "article_guid",
    "author_feed",
    "comment_guid",
    "comments_feed",
    "compose_issue",
    "count_parts",
    "digest_feed",
    "feed_guid",
    "is_republishable",
    "issue_guid",
    "issue_to_feed",
    "issues_feed",
    "may_show_full",
    "publication_feed",
    "search_feed",
    "tag_feed",
    "to_entry",
    "to_page_entry",
]
