"""From a library to an issue, and from an issue to documents in their places."""

from plugin.publishing.checking import check_digests
from plugin.publishing.making import make_issue, preview
from plugin.publishing.pushing import OutletResult, PublishReport, is_published, publish_issue, render_issue

__all__ = [
    "OutletResult",
    "PublishReport",
    "check_digests",
    "is_published",
    "make_issue",
    "preview",
    "publish_issue",
    "render_issue",
]
