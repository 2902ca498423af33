"""A small publishing platform on loopback, in the shape of Vocal.

People learn and develop with it, and the tests crawl it: communities, list
pages, stories with discussions and reader insights, author pages, relative
dates that age while one looks, validators, and faults on demand.

Example:
    Serve the bundled stories and look at the front page::

        platform = DemoPlatform(bundled_content(), anchor=now, clock=clock)
        with serve_demo(platform) as url:
            httpx.get(url)
"""

from crawler.demo.content import (
    Author,
    Comment,
    Community,
    DemoContent,
    Hero,
    Insight,
    Insights,
    Matter,
    MatterSource,
    Story,
)
from crawler.demo.hosting import DemoPlatform
from crawler.demo.journal import RequestLog, ServedRequest
from crawler.demo.loading import bundled_content, load_content
from crawler.demo.options import DemoOptions, Faults, HostileLimits
from crawler.demo.server import serve_demo
from crawler.demo.state import Clock
from crawler.demo.truth import CommentTruth, StoryTruth, TruthBook

__all__ = [
    "Author",
    "Clock",
    "Comment",
    "CommentTruth",
    "Community",
    "DemoContent",
    "DemoOptions",
    "DemoPlatform",
    "Faults",
    "Hero",
    "HostileLimits",
    "Insight",
    "Insights",
    "Matter",
    "MatterSource",
    "RequestLog",
    "ServedRequest",
    "Story",
    "StoryTruth",
    "TruthBook",
    "bundled_content",
    "load_content",
    "serve_demo",
]
