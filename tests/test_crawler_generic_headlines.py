"""Which heading is the article's on pages of no known platform, and what of a title is the site's name."""

import pytest

from tests.test_crawler_generic_pages import BODY, HEADLINE, PARAGRAPHS, article_of, jsonld

SITE = "the harbor blog"


def paged(title: str, body: str, head: str = "") -> str:
    return f'<html lang="en"><head><title>{title}</title>{head}</head><body>{body}</body></html>'


@pytest.mark.parametrize(
    ("title", "h1"),
    [
        (f"{HEADLINE} « {SITE}", 'the <a href="https://harborpost.example">harbor</a> blog.'),
        (f"{HEADLINE} :: {SITE}", SITE),
        (HEADLINE, "Boats and Harbors Center"),
        (f"{HEADLINE}｜Harbor Post", "Boats"),
    ],
)
def test_a_heading_that_names_the_site_or_a_part_of_it_is_not_the_headline(title: str, h1: str) -> None:
    article = article_of(paged(title, f"<h1>{h1}</h1><ul><li>About</li></ul><h3>{HEADLINE}</h3>{BODY}"))
    assert article.headline == HEADLINE
    assert article.body_text == "\n\n".join(PARAGRAPHS)


def test_of_several_headings_the_declared_headline_is_meant() -> None:
    head = f'<meta property="og:title" content="{HEADLINE}">'
    body = f"<h1>From the pier</h1><h1>{HEADLINE}</h1><p>By Ida Lunde</p>{BODY}"
    article = article_of(paged(f"Ferries and mail: {HEADLINE} - Harbor", body, head))
    assert (article.headline, [author.name for author in article.authors]) == (HEADLINE, ["Ida Lunde"])


def test_a_logo_that_repeats_the_headline_with_the_name_of_the_site_is_none() -> None:
    head = f'<meta property="og:title" content="{HEADLINE}">'
    body = f'<h1>{HEADLINE}<a href="/home.html">Harbor Post</a></h1><div><h3>{HEADLINE}</h3>{BODY}</div>'
    assert article_of(paged(f"{HEADLINE} » Local » Harbor Post", body, head)).headline == HEADLINE


def test_a_heading_that_no_title_names_stays_the_headline() -> None:
    title = "Ferry between Lund and Askvik was early"
    body = f"<h1>{HEADLINE}</h1>{BODY}<aside><h3>{title}</h3></aside>"
    assert article_of(paged(title, body)).headline == HEADLINE


@pytest.mark.parametrize("mark", ["：", " ｜ ", "｜", " :: ", " -- "])
def test_the_name_of_the_site_behind_any_mark_is_no_part_of_a_headline(mark: str) -> None:
    told = jsonld(
        {"@type": "NewsArticle", "headline": f"{HEADLINE}{mark}Harbor Post", "datePublished": "2026-11-17"},
        {"@type": "Organization", "name": "Harbor Post Company"},
    )
    body = f"<h1>{HEADLINE}<br>From our pilot Ida Lunde</h1>{BODY}"
    assert article_of(paged(f"{HEADLINE}{mark}Harbor Post", body, told)).headline == HEADLINE


@pytest.mark.parametrize("name", ["subtitle", "deck", "standfirst"])
def test_a_standfirst_stands_near_its_headline(name: str) -> None:
    dek = f'<p class="{name}">The pilot blames the current</p>'
    menu = "<ul><li>Boats</li><li>Mail</li></ul>" * 3
    near = article_of(paged(HEADLINE, f"{menu}<h1>{HEADLINE}</h1>{dek}{BODY}"))
    assert near.dek == "The pilot blames the current"
    above = f'<div class="{name}">Mail and Tides</div>{menu}<h1>{HEADLINE}</h1>{BODY}'
    assert article_of(paged(HEADLINE, above)).dek is None
    below = f'<h1>{HEADLINE}</h1>{BODY}{menu * 2}<div class="{name}">Weather at a glance</div>'
    assert article_of(paged(HEADLINE, below)).dek is None


def test_a_chapter_that_the_title_names_is_not_the_headline() -> None:
    body = f"<article><h1>How to prepare a ferry</h1>{BODY}<h2>{HEADLINE}</h2>{BODY}</article>"
    article = article_of(paged(f"{HEADLINE} | Harbor Post", body))
    assert article.headline == "How to prepare a ferry"
    assert article.body_text.startswith(PARAGRAPHS[0])


@pytest.mark.parametrize("declared", ["ferry-early-autumn-2026", "ferry_was_early"])
def test_a_short_name_of_the_page_is_not_the_headline(declared: str) -> None:
    head = f'<meta property="og:title" content="{declared}"><meta property="og:type" content="article">'
    assert article_of(paged("Harbor", f"<h1>{HEADLINE}</h1>{BODY}", head)).headline == HEADLINE
    assert article_of(paged("Harbor", f"<div>{BODY}</div>", head)).headline == declared
