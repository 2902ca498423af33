"""A removed comment leaves a mark, so that its answers keep their parent."""

from datetime import UTC, datetime

import pytest

from crawler.platforms import read_page

SEEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://vocal.media/hedgerow/the-heron"
PAGE = """<!doctype html><html lang="en"><body><main>
<img alt="hedgerow logo"><h1>The Heron</h1>
<p><a href="/authors/odalys">By Odalys Bracken</a> Published 3 months ago 2 min read</p>
<p>Every weekday at nine the heron arrives at the lock and stands on the same stone.</p>
<p>Nobody has told him that the canal office closed years ago.</p>
<h2>About the Creator</h2><p>Odalys Bracken</p>
<h2>Comments (2)</h2><a href="/sign-in">Sign in to comment</a>
{comments}
<footer>Find us on social media</footer></main></body></html>"""

MARK = "<li>{words}<ul>{replies}</ul></li>"
HEAD = '<div><a href="/authors/{slug}">{name}</a> <span>2 days ago</span></div>'


def item(name: str, words: str, replies: str = "") -> str:
    head = HEAD.format(slug=name.lower(), name=name)
    return f"<li>{head}<p>{words}</p>{f'<ul>{replies}</ul>' if replies else ''}</li>"


def read(comments: str) -> list[tuple[str | None, str | None, str, str]]:
    page = read_page(PAGE.format(comments=f"<ul>{comments}</ul>"), URL, seen_at=SEEN)
    names = {comment.platform_id: comment.author_name for comment in page.comments}
    return [
        (
            each.author_name,
            names.get(each.parent_id, "-") if each.parent_id else None,
            each.body_text,
            each.state,
        )
        for each in page.comments
    ]


@pytest.mark.parametrize(
    "words", ["<p>This comment has been deleted</p>", "[removed]", "<em>Comment deleted</em>"]
)
def test_answers_to_a_nameless_mark_keep_their_parent(words: str) -> None:
    mark = MARK.format(words=words, replies=item("Fenwick", "Of all the pages to choose."))
    assert read(mark + item("Bram", "I saw him too.")) == [
        (None, None, "", "removed"),
        ("Fenwick", None, "Of all the pages to choose.", "visible"),
        ("Bram", None, "I saw him too.", "visible"),
    ]
    page = read_page(PAGE.format(comments=f"<ul>{mark}</ul>"), URL, seen_at=SEEN)
    assert page.comments[1].parent_id == page.comments[0].platform_id


def test_a_mark_between_comments_belongs_to_neither() -> None:
    comments = (
        item("Bram", "I saw him too.")
        + MARK.format(words="[deleted]", replies="")
        + item("Fenwick", "So did I.")
    )
    assert [row[3] for row in read(comments)] == ["visible", "removed", "visible"]
    assert [row[2] for row in read(comments)] == ["I saw him too.", "", "So did I."]


def test_a_removed_comment_that_kept_its_name_is_one_comment() -> None:
    assert read(item("Bram", "This comment was removed")) == [("Bram", None, "", "removed")]


def test_who_writes_about_deleting_is_not_deleted() -> None:
    comments = item(
        "Bram", "This comment has been deleted</p><p>is what I expected to read, but here it stands."
    )
    ((name, _, body, state),) = read(comments)
    assert (name, state) == ("Bram", "visible")
    assert body.endswith("here it stands.")
