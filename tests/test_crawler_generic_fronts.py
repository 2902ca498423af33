"""What stands around a headline on pages of no known platform: who wrote it and when, and none of it in the body."""

from datetime import date

import pytest

from tests.test_crawler_generic_pages import BODY, HEADLINE, PARAGRAPHS, article_of, page

DAY = date(2026, 11, 3)


def plain(front: str, *, body: str = BODY, lang: str = "en") -> str:
    """A page as a person writes it by hand, without a mark for anything but headline and paragraphs."""
    return (
        f'<html lang="{lang}"><head><title>{HEADLINE}</title></head><body><p><a href="index.html">Home</a></p>'
        f'<h1>{HEADLINE}</h1>{front}{body}<hr><p><a href="index.html">Back</a></p></body></html>'
    )


@pytest.mark.parametrize("markup", ["<p>{}</p>", "<p><i>{}</i></p>", "<div>{}</div>", "<h3>{}</h3>"])
@pytest.mark.parametrize(
    "line",
    [
        "by Ida Lunde, 3 November 2026",
        "By Ida Lunde | November 3, 2026",
        "by Ida Lunde on November 3rd, 2026",
        "by Ida Lunde · 2026-11-03 · 4 min read",
        "written by Ida Lunde, 3 Nov 2026",
        "3 November 2026, by Ida Lunde",
        "Posted on November 3, 2026 by Ida Lunde",
        "Published 3 November 2026 by Ida Lunde in Ferries",
        "by Ida Lunde<br>3 November 2026",
        "3 November 2026<br>by Ida Lunde",
    ],
)
def test_a_line_of_name_and_day_is_both_and_no_part_of_the_body(line: str, markup: str) -> None:
    article = article_of(plain(markup.format(line)))
    assert [author.name for author in article.authors] == ["Ida Lunde"]
    assert article.published_bounds is not None
    assert article.published_bounds[0].date() <= DAY <= article.published_bounds[1].date()
    assert article.published_at is not None
    assert article.published_at.date() == DAY
    assert article.body_text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("de", "von Ida Lunde, 3. November 2026"),
        ("de", "von Ida Lunde, 03.11.2026"),
        ("de", "Veröffentlicht am 3. November 2026 von Ida Lunde"),
        ("fr", "par Ida Lunde, le 3 novembre 2026"),
        ("es", "por Ida Lunde, 3 de noviembre de 2026"),
        ("nl", "door Ida Lunde op 3 november 2026"),
    ],
)
def test_it_is_read_in_the_language_of_the_page(lang: str, line: str) -> None:
    article = article_of(plain(f"<p>{line}</p>", lang=lang))
    assert [author.name for author in article.authors] == ["Ida Lunde"]
    assert article.published_at is not None
    assert article.published_at.date() == DAY
    assert article.body_text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("by Ida", ["Ida"]),
        ("by Ida Lunde and Per Dahl, 3 November 2026", ["Ida Lunde", "Per Dahl"]),
        ("by Ida van der Lunde", ["Ida van der Lunde"]),
        ("von Ida Lunde", ["Ida Lunde"]),
        ("by J. R. Lunde", ["J. R. Lunde"]),
        ("by Ida Lunde, updated 3 November 2026", ["Ida Lunde"]),
    ],
)
def test_names_under_the_headline_are_its_authors(line: str, names: list[str]) -> None:
    article = article_of(plain(f"<p>{line}</p>"))
    assert [author.name for author in article.authors] == names
    assert (article.published_at is not None) == ("Dahl" in line)
    assert article.body_text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "line",
    [
        "by the river, at noon",
        "By the light of a lamp",
        "By 3 November 2026 nobody was left",
        "von Anfang",
        "by hand, 3 November 2026",
        "Updated 3 November 2026",
        "I was there on 3 November 2026 by chance.",
        "By train: 20 minutes",
    ],
)
def test_other_words_that_begin_so_stay_in_the_body(line: str) -> None:
    article = article_of(plain(f"<p>{line}</p>"))
    assert article.authors == []
    assert article.published_at is None
    assert article.body_text == "\n\n".join((line, *PARAGRAPHS))


def test_the_day_in_the_text_is_not_the_day_of_the_page() -> None:
    article = article_of(plain(f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><p>3 November 2026</p>"))
    assert article.published_at is None
    assert "3 November 2026" in article.body_text
    assert article_of(plain("<h2>3 March 2026</h2>")).published_at is None, "the first heading of a diary"
    assert article_of(plain("<p>3 May 2027</p>")).published_at is None, "the day of a fair to come"
    assert article_of(plain("<p>3 March 1942</p>")).published_at is None, "the day of a letter"


def test_a_declared_author_s_line_is_no_part_of_the_body() -> None:
    head = '<head><meta name="author" content="Ida Lunde"><meta name="date" content="2026-11-03T08:00:00Z">'
    markup = plain("<p>by Ida Lunde, 3 November 2026</p>").replace("<head>", head)
    article = article_of(markup)
    assert [author.name for author in article.authors] == ["Ida Lunde"]
    assert article.published_at is not None
    assert article.published_at.hour == 8
    assert article.body_text == "\n\n".join(PARAGRAPHS)


def test_a_page_whose_headline_is_not_printed_has_its_line_first() -> None:
    markup = plain("<p>by Ida Lunde, 3 November 2026</p>").replace(f"<h1>{HEADLINE}</h1>", "")
    article = article_of(markup)
    assert (article.headline, [author.name for author in article.authors]) == (HEADLINE, ["Ida Lunde"])
    assert article.body_text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "card",
    [
        'by <span class="author vcard"><a class="url fn n" href="/people/ida">Ida Lunde</a></span>',
        '<a class="p-author h-card" href="/people/ida">Ida Lunde</a>',
        '<span class="p-author h-card"><img src="/i.png" alt=""><a class="p-name u-url" href="/people/ida">'
        "Ida Lunde</a><span>Gardener</span></span>",
    ],
    ids=["hcard", "h-card", "h-card with more"],
)
def test_an_author_s_card_is_read_and_no_other_person_s(card: str) -> None:
    comment = '<div id="comments"><p class="author vcard"><b class="fn">Ola</b> says</p><p>Nice.</p></div>'
    teasers = "".join(
        f'<div><h3><a href="/news/2026/of-others-{number}">Another story</a></h3>'
        f'<span class="author vcard"><a class="fn" href="/people/x">Other {number}</a></span></div>'
        for number in range(3)
    )
    article = article_of(page(above=f"<div>{card}</div>", below=comment + teasers))
    assert [(found.name, found.url) for found in article.authors] == [
        ("Ida Lunde", "https://harborpost.example/people/ida")
    ]
    assert article.body_text == "\n\n".join(PARAGRAPHS)


RUBRIC = '<a href="/section/ferries">Ferries</a>'
NAME = '<h4><a href="/people/ida">Ida Lunde</a></h4>'
ABOUT = (
    '<meta property="og:type" content="article"><meta property="og:description" content="Nobody was there to meet it.">'
    '<meta name="author" content="Ida Lunde">'
)


@pytest.mark.parametrize(
    "top",
    [
        f"{RUBRIC}<h1>{HEADLINE}</h1><p>Nobody was there to meet it.</p><div>{NAME}"
        '<time datetime="2026-11-03">Nov 3, 2026</time> — 1 min read</div>',
        f"<h1>{HEADLINE}</h1><p>Nobody was there to meet it.</p>{NAME}<p>3 November 2026</p><p>4 min read</p>",
        f"<p>{RUBRIC}</p><h1>{HEADLINE}</h1><p>Nobody was there to meet it.</p><p>Ida Lunde • Nov 3, 2026 • 4 min</p>",
        f"<p>{RUBRIC}</p><h1>{HEADLINE}</h1><p>Nobody was there to meet it.</p><p>by Ida Lunde, 3 November 2026</p>",
    ],
)
def test_the_head_of_an_article_is_its_standfirst_and_no_part_of_its_body(top: str) -> None:
    main = f"<article><header>{top}</header><section>{BODY}</section></article>"
    article = article_of(page(ABOUT, main=main))
    assert (article.headline, article.dek) == (HEADLINE, "Nobody was there to meet it.")
    assert article.body_text == "\n\n".join(PARAGRAPHS)


def test_a_text_that_begins_with_a_word_of_the_menu_keeps_it() -> None:
    main = f"<p>Ferries</p><article><h1>{HEADLINE}</h1><p>Ferries</p>{BODY}</article>"
    assert article_of(page(main=main)).body_text == "\n\n".join(("Ferries", *PARAGRAPHS))


def test_a_text_that_begins_with_a_day_keeps_it() -> None:
    head = '<meta property="article:published_time" content="2026-11-03T08:00:00Z">'
    rest = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:])
    main = f"<article><h1>{HEADLINE}</h1><p>{PARAGRAPHS[0]}</p><p>3 November</p>{rest}</article>"
    article = article_of(page(head, main=main))
    assert article.body_text == "\n\n".join((PARAGRAPHS[0], "3 November", *PARAGRAPHS[1:]))


@pytest.mark.parametrize("title", ["{} | Harbor Post", "Harbor Post: {}", "{}"])
@pytest.mark.parametrize("tag", ["h2", "h3"])
def test_a_lower_heading_that_the_title_names_is_the_headline(tag: str, title: str) -> None:
    main = (
        f"<h2>17 March 2025</h2><{tag}>{HEADLINE}</{tag}><div>{BODY}</div><p>Posted by Ida Lunde at 10:00</p>"
    )
    markup = (
        f"<html><head><title>{title.format(HEADLINE)}</title></head><body><div>{main}</div></body></html>"
    )
    article = article_of(markup)
    assert (article.headline, article.body_text.split("\n\n")[0]) == (HEADLINE, PARAGRAPHS[0])
    assert [author.name for author in article.authors] == ["Ida Lunde"]
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == "2025-03-17"


def test_a_day_above_the_headline_that_is_today_is_the_papers() -> None:
    article = article_of(page(main=f"<div><p>20 November 2026</p><h1>{HEADLINE}</h1><div>{BODY}</div></div>"))
    assert article.published_at is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("<p><i>Ida Lunde, 3 May 2024</i></p>", ["Ida Lunde"]),
        ("<p>Ida Lunde | May 3, 2024</p>", ["Ida Lunde"]),
        ("<p>Cape Town, 3 May 2024</p>", []),
        ('<div><a href="/@ida">Ida Lunde</a></div><div>May 3, 2024</div>', ["Ida Lunde"]),
        ('<div><a href="/authors/ida">Ida Lunde</a> · May 3, 2024</div>', ["Ida Lunde"]),
        ('<div><a href="/topics/slow">Slow Living</a></div><div>May 3, 2024</div>', []),
    ],
)
def test_a_name_beside_a_day_or_leading_to_a_person_is_the_authors(line: str, names: list[str]) -> None:
    article = article_of(page(main=f"<h1>{HEADLINE}</h1>{line}<div>{BODY}</div>"))
    assert [author.name for author in article.authors] == names
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == "2024-05-03"
    assert article.body_text == "\n\n".join(PARAGRAPHS)


PICTURE = '<img src="/ferry.jpg" alt="The ferry">'


@pytest.mark.parametrize(
    "main",
    [
        f"<article><h1>{HEADLINE}</h1><p>3 May 2024</p><figure>{PICTURE}<figcaption>At six</figcaption></figure>{BODY}</article>",
        f"<article><figure>{PICTURE}<figcaption>At six</figcaption></figure><h1>{HEADLINE}</h1>{BODY}</article>",
    ],
)
def test_the_picture_that_opens_an_article_is_its_hero(main: str) -> None:
    hero = article_of(page(main=main)).hero
    assert hero is not None
    assert (hero.url, hero.alt, hero.caption) == (
        "https://harborpost.example/ferry.jpg",
        "The ferry",
        "At six",
    )


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="/ida.jpg" class="avatar">',
        '<img src="/ida.jpg" width="48" height="48">',
        '<nav><img src="/map.jpg"></nav>',
        '<img src="/static/logo.png">',
        '<img src="/m.png" alt="Harbor Post logo">',
    ],
)
def test_a_face_or_a_mark_of_the_site_is_no_hero(picture: str) -> None:
    assert article_of(page(main=f"<article><h1>{HEADLINE}</h1>{picture}{BODY}</article>")).hero is None
    below = f"<article><h1>{HEADLINE}</h1>{BODY}{PICTURE}</article>"
    assert article_of(page(main=below)).hero is None


@pytest.mark.parametrize(
    "line", ["by Ida van", "by Ida Lundequist.", "by the sea", "Ida Lunde, 31 February 2026 " + "x " * 150]
)
def test_a_line_that_is_no_name_is_no_author(line: str) -> None:
    assert article_of(plain(f"<p>{line}</p>")).authors == []


@pytest.mark.parametrize("line", ["by Ida Lunde, 31 February 2026", "30 February 2026, by Ida Lunde"])
def test_a_line_with_a_day_that_is_none_stays_words(line: str) -> None:
    article = article_of(plain(f"<p>{line}</p>"))
    assert (article.published_at, article.body_text.split("\n\n")) == (None, [line, *PARAGRAPHS])
