"""From a library to an issue, and from an issue to documents in their places."""

from plugin.publishing.announcing import HUB, announce_issue
from plugin.publishing.checking import check_digests
from plugin.publishing.documents import shown_formats
from plugin.publishing.making import make_issue, preview
from plugin.publishing.pushing import failed_pushes, is_published, publish_issue, render_issue
from plugin.publishing.reports import OutletResult, PublishReport

__all__ = [
    "HUB",
    "OutletResult",
    "PublishReport",
    "announce_issue",
    "check_digests",
    "failed_pushes",
    "is_published",
    "make_issue",
    "preview",
    "publish_issue",
    "render_issue",
    "shown_formats",
]
