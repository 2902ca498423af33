"""Pages as browsers save them: without an address, or with one in a comment or in what the page declares."""

from datetime import UTC, datetime

import pytest

from crawler.platforms import read_page
from crawler.records import ArticleRecord
from crawler.runner.importing import saved_from

SEEN_AT = datetime(2026, 5, 20, 12, tzinfo=UTC)
URL = "https://vocal.media/earth/the-silent-kiln"
PARAGRAPHS = (
    "The kiln at Ostrova burns from October until the first frost, and nobody may speak near it.",
    "Visitors think it is superstition. It is a matter of listening: each pot rings once as it cools.",
)


def story(head: str = "") -> str:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    return f"""<html lang="en"><head><title>The Silent Kiln | Earth</title>{head}</head><body>
<img alt="Earth logo" src="/logo.png"><h1>The Silent Kiln</h1><h2>What a pot says once</h2>
<p>By <a href="/authors/zoe-kraal">Zoe Kraal</a></p><p>Published 5 months ago</p><p>3 min read</p>
<figure><img src="/kiln.jpg" alt="A kiln at dusk"><figcaption>Photo by Ada Rue on Unsplash</figcaption></figure>
<div>{body}<p>See <a href="../poets/clay">clay</a>.</p></div>
<section><h3>About the Creator</h3><h4><a href="/authors/zoe-kraal">Zoe Kraal</a></h4><p>Potter.</p></section>
<section><h3>Comments (1)</h3><p>Sign in to comment</p><ul><li><a href="/authors/ola">Ola Brandt</a>
<span>4 months ago</span><p>I heard one once.</p></li></ul></section></body></html>"""


def read(markup: str) -> ArticleRecord:
    article = read_page(markup, None, seen_at=SEEN_AT, headers={"content-type": "text/html"}).article
    assert article is not None
    return article


def test_a_page_without_any_address_keeps_what_is_printed_about_its_picture() -> None:
    article = read(story())
    assert (article.url, article.canonical_url, article.authors[0].url) == (None, None, None)
    assert article.hero is not None
    assert article.hero.model_dump() == {
        "url": None,
        "alt": "A kiln at dusk",
        "caption": "Photo by Ada Rue on Unsplash",
        "credit": "Ada Rue",
    }


@pytest.mark.parametrize(
    "head",
    [
        f'<link rel="canonical" href="{URL}">',
        f'<meta property="og:url" content="{URL}">',
        f'<base href="{URL}"><link rel="canonical" href="the-silent-kiln">',
    ],
    ids=["canonical", "og:url", "base"],
)
def test_links_count_from_the_address_that_a_saved_page_declares(head: str) -> None:
    article = read(story(head))
    assert article.url is None
    assert article.authors[0].url == "https://vocal.media/authors/zoe-kraal"
    assert article.hero is not None
    assert article.hero.url == "https://vocal.media/kiln.jpg"
    assert '<a href="https://vocal.media/poets/clay">clay</a>' in article.body_html


def test_a_declared_address_is_the_one_of_a_page_without_its_own() -> None:
    assert read(story(f'<meta property="og:url" content="{URL}?via=ola">')).canonical_url == URL


def test_a_relative_declaration_tells_nothing() -> None:
    article = read(story('<link rel="canonical" href="/earth/the-silent-kiln">'))
    assert (article.canonical_url, article.authors[0].url) == (None, None)


@pytest.mark.parametrize(
    ("comment", "url"),
    [
        (f"<!-- saved from url=(0041){URL} -->", URL),
        (f"<!--\n Page saved with SingleFile \n url: {URL} \n saved date: Wed May 20 2026 \n-->", URL),
        ("<!-- saved from url=(0014)about:internet -->", None),
        ("<!-- saved from url=(0025)file:///home/a/page.html -->", None),
        ("<p>no comment</p>", None),
    ],
    ids=["chrome", "singlefile", "no address", "a file", "nothing"],
)
def test_browsers_write_where_a_page_came_from(comment: str, url: str | None) -> None:
    assert saved_from(f"<!doctype html>\n{comment}\n{story()}".encode()) == url
