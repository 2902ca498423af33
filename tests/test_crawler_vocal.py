"""The reader of Vocal pages: saved pages field by field, and everything that must not happen."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler.platforms import read_page
from crawler.platforms.base import Page
from crawler.reading.outline import parse_html, read_lines

PAGES = Path(__file__).parent / "pages" / "crawler.platforms.vocal.pages.VocalPlatform"
CASES = sorted(folder.name for folder in PAGES.iterdir())
SEEN_AT = datetime(2026, 11, 18, 12, tzinfo=UTC)


@cache
def expected_of(case: str) -> dict[str, Any]:
    return json.loads((PAGES / case / "output.json").read_text(encoding="utf-8"))


@cache
def page_of(case: str) -> Page:
    meta = json.loads((PAGES / case / "meta.json").read_text(encoding="utf-8"))
    body = (PAGES / case / "inputs" / "page.html").read_bytes()
    seen_at = datetime.fromisoformat(meta["seen_at"])
    return read_page(body, meta["url"], seen_at=seen_at, headers=meta["headers"])


def to_plain(page: Page) -> dict[str, Any]:
    """Return a page in the shape of output.json; a comment's parent is named by its place."""
    comments = [comment.model_dump(mode="json") for comment in page.comments]
    place = {comment["platform_id"]: index for index, comment in enumerate(comments)}
    for comment in comments:
        comment["parent"] = place[comment["parent_id"]] if comment["parent_id"] else None
    return {
        "kind": page.kind,
        "title": page.title,
        "article": page.article.model_dump(mode="json") if page.article else None,
        "comments": comments,
        "authors": [author.model_dump(mode="json") for author in page.authors],
        "links": {
            "articles": list(page.links.articles),
            "comment_pages": list(page.links.comment_pages),
            "authors": list(page.links.authors),
            "next_page": page.links.next_page,
        },
        "cards": [
            {
                "url": card.url,
                "headline": card.headline,
                "author_name": card.author_name,
                "badges": list(card.badges),
                "comment_count": card.comment_count,
                "published_bounds": [
                    bound.isoformat().replace("+00:00", "Z") for bound in card.published_bounds or ()
                ],
            }
            for card in page.cards
        ],
    }


def fields_of(case: str) -> list[str]:
    """Return the dotted names of all fields that a case expects."""
    found = []
    for name, value in expected_of(case).items():
        if isinstance(value, dict):
            found.extend(f"{name}.{key}" for key in value)
        elif isinstance(value, list):
            found.append(f"{name}.length")
            found.extend(f"{name}.{at}.{key}" for at, item in enumerate(value) for key in item)
        else:
            found.append(name)
    return found


def value_at(plain: Any, path: str) -> Any:
    for step in path.split("."):
        if step == "length":
            plain = len(plain)
        elif isinstance(plain, list):
            plain = plain[int(step)] if int(step) < len(plain) else "absent"
        else:
            plain = plain[step] if isinstance(plain, dict) else "absent"
    return plain


@pytest.mark.parametrize(("case", "path"), [(case, path) for case in CASES for path in fields_of(case)])
def test_field(case: str, path: str) -> None:
    assert value_at(to_plain(page_of(case)), path) == value_at(expected_of(case), path)


def render_as_text(html: str) -> str:
    """Return a page as a browser copies it, from the community's logo on.

    Left out is what a reader's eye tells apart and text cannot: buttons, and the "By NAME" on the card of an
    embedded story.
    """
    root = parse_html(html)
    assert root is not None
    found: list[str] = []
    for line in read_lines(root):
        if line.tag == "img":
            alt = line.element.get("alt") or ""
            found = [alt] if alt.endswith(" logo") else found
        elif line.tag != "button" and line.text != "By Orla Reyes":
            found.append(line.text)
    return "\n\n".join(found)


CARRIED = (
    "headline", "dek", "byline", "published_text", "published_bounds", "modified_text", "modified_bounds",
    "reading_minutes", "badges", "comment_count", "insights", "rights_line",
)  # fmt: skip


@pytest.mark.parametrize("case", ["hashed", "microdata", "older"])
def test_a_page_copied_as_text_gives_the_same_fields(case: str) -> None:
    html = (PAGES / case / "inputs" / "page.html").read_text(encoding="utf-8")
    text = read_page(render_as_text(html), None, seen_at=SEEN_AT)
    page = read_page(html, None, seen_at=SEEN_AT)
    assert text.article is not None
    assert page.article is not None
    exact = {"published_bounds", "modified_bounds"} if case == "microdata" else set()
    for name in CARRIED:
        if name not in exact:
            assert getattr(text.article, name) == getattr(page.article, name), name
    assert text.article.body_text.split() == page.article.body_text.split()
    told = [(each.author_name, each.body_text, each.published_text) for each in page.comments]
    assert [(each.author_name, each.body_text, each.published_text) for each in text.comments] == told


@pytest.mark.parametrize("number", ["²", "9" * 5000, "٣", "-1", "1e9"])
def test_no_number_of_a_page_is_too_odd(number: str) -> None:
    comment = "<div {}><div><b>{}</b></div><div>2 days ago</div><p>Well.</p></div>"
    comments = comment.format("data-level=0", "Ann") + comment.format(f'data-level="{number}"', "Bo")
    row = f'<table><tr><td width="{number}"></td><td colspan="2"><b>Cy</b> 2 days ago<br>Well.</td></tr></table>'
    for replies, n_comments in ((comments, 2), (row, 1)):
        html = f"""<h1>The Sluice</h1><p>By <a href="/authors/ann">Ann Low</a> Published 3 days ago</p>
        <img src="/a.jpg" width="{number}"><p>The sluice is shut at night.</p><p>Nobody minds it.</p>
        <h3>Reader insights</h3><h4>Top insights</h4><div>{number}</div><div>Eye opening</div><div>{number}</div>
        <h3>Comments</h3><p>Sign in to comment</p>{replies}"""
        page = read_page(html, "https://vocal.media/earth/the-sluice", seen_at=SEEN_AT)
        assert len(page.comments) == n_comments
