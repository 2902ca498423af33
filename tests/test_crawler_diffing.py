"""What `gleanings articles diff` prints of lists."""

from datetime import UTC, datetime

import pytest

from crawler.commands.diffing import diff_revision
from crawler.store.views import RevisionView

OLD = [{"name": "rivers", "url": "https://vocal.media/01/tag/rivers"}]


@pytest.mark.parametrize(
    ("name", "before", "after", "line"),
    [
        (
            "tags",
            OLD,
            [*OLD, {"name": "old trades", "url": None}],
            "tags: rivers -> rivers, old trades",
        ),
        ("tags", [{"name": "rivers", "url": None}], [], "tags: rivers -> none"),
        (
            "badges",
            ["Top Story"],
            ["Top Story", "Content Warning"],
            "badges: Top Story -> Top Story, Content Warning",
        ),
        ("access", "free", "members", "access: free -> members"),
        (
            "tags",
            [{"name": "rivers", "url": "u"}],
            [{"name": "rivers", "url": "v"}],
            'tags: [{"name": "rivers", "url": "u"}] -> [{"name": "rivers", "url": "v"}]',
        ),
    ],
)
def test_lists_are_told_by_their_names(name: str, before: object, after: object, line: str) -> None:
    seen_at = datetime(2026, 11, 23, tzinfo=UTC)
    revision = RevisionView(1, "article", 1, seen_at, "cosmetic", {name: before}, {name: after})
    assert list(diff_revision(revision)) == [line]
