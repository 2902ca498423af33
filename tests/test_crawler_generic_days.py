"""The days of pages of no known platform: declared, marked by a class, or beside the name of the author."""

from datetime import date

import pytest

from tests.test_crawler_generic_pages import BODY, HEADLINE, article_of, jsonld, page, read

DAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    "name",
    ["date", "post-date", "entry-date", "published_date", "dateline", "timestamp", "datum", "article-fecha"],
)
@pytest.mark.parametrize(
    "text",
    ["3 November 2026", "Posted November 3, 2026, 4:05 PM", "Published: 3 Nov, 2026. Updated: 4 Nov 2026"],
)
def test_an_element_named_for_the_day_tells_it(name: str, text: str) -> None:
    bio = "<p>Ida Lunde lives in Askvik and has written about ferries and the mail for many years now.</p>"
    series = (
        "<p>This is a part of a series that captures what the pilots of the coast say about their work.</p>"
    )
    article = article_of(page(above=f'{bio}{series}<div><p class="{name}">{text}</p></div>'))
    assert article.published_at is not None
    assert (article.published_at.date(), article.modified_at) == (DAY, None)
    assert article.published_text in ("3 November 2026", "November 3, 2026, 4:05 PM", "3 Nov, 2026")


@pytest.mark.parametrize("name", ["event-date", "widget-date", "start_date", "due-date", "release-date"])
def test_an_element_named_for_another_day_tells_none(name: str) -> None:
    assert article_of(page(above=f'<div class="{name}">3 November 2026</div>')).published_at is None


def test_the_day_of_a_quoted_post_is_not_the_article_s() -> None:
    quoted = '<blockquote><p>Late again</p><time datetime="2019-05-02T08:00:00Z">May 2</time></blockquote>'
    assert article_of(page(main=f"<h1>{HEADLINE}</h1>{BODY}{quoted}")).published_at is None


def test_a_day_in_the_margin_gives_way_to_the_one_beside_the_headline() -> None:
    margin = '<aside><ul><li>Elsewhere <time datetime="2019-05-02">May 2</time></li></ul></aside>'
    main = f"{margin}<h1>{HEADLINE}</h1><ul><li>3 November 2026</li><li>Share</li></ul>{BODY}"
    article = article_of(page(main=main))
    assert article.published_at is not None
    assert article.published_at.date() == DAY
    beside = f'<aside><time datetime="2026-11-03">3 Nov</time></aside><h1>{HEADLINE}</h1>{BODY}'
    assert article_of(page(main=beside)).published_at is not None


def test_a_day_above_a_headline_of_two_lines_is_the_article_s() -> None:
    main = f"<div>3.11.2026</div><h1>{HEADLINE}<br>And nobody knew</h1>{BODY}"
    article = article_of(page(main=main).replace('lang="en"', 'lang="de"'))
    assert article.published_at is not None
    assert article.published_at.date() == DAY


def test_the_page_s_own_data_tell_the_day_where_they_know_no_article() -> None:
    node = {
        "@type": "WebPage",
        "datePublished": "2026-11-03T08:00:00Z",
        "dateModified": "2026-11-04T08:00:00Z",
    }
    article = article_of(page(jsonld({"@graph": [node, {"@type": "Organization", "name": "Harbor Post"}]})))
    assert article.published_at is not None
    assert article.modified_at is not None
    assert (article.published_at.date(), article.modified_at.day) == (DAY, 4)
    printed = article_of(page(jsonld(node), above="<div>By Ida Lunde, 2 November 2026</div>"))
    assert printed.published_at is not None
    assert printed.published_at.day == 2


def test_the_one_nearest_to_the_headline_is_meant() -> None:
    above = '<div class="date">20 November 2026</div>' + "<p>Buy bread</p>" * 20
    main = f'<article><h1>{HEADLINE}</h1><p class="date">3 November 2026</p>{BODY}</article>'
    article = article_of(page(main=above + main + '<p class="date">2 May 2019</p>'))
    assert article.published_at is not None
    assert article.published_at.date() == DAY


def test_one_that_says_a_change_tells_when_it_changed() -> None:
    article = article_of(page(above='<div class="date">Updated: November 3, 2026, 6:10 PM</div>'))
    assert article.published_at is None
    assert article.modified_at is not None
    assert article.modified_at.date() == DAY


@pytest.mark.parametrize(
    "second", ["", '<p class="date">3 November 2026</p>', '<p class="date">9 May 2026</p>']
)
def test_without_a_headline_s_element_there_must_be_one_day_alone(second: str) -> None:
    markup = page(
        f'<meta property="og:title" content="{HEADLINE}">', main=f'<p class="date">3 November 2026</p>{BODY}'
    )
    article = article_of(markup.replace("<footer>", f"{second}<footer>"))
    assert (article.published_at is None) == ("May" in second)


@pytest.mark.parametrize(
    "line",
    [
        "North Coast 06:45 November 3, 2026",
        "2026-11-03 18:40:20 Source: Harbor Post",
        "2026年11月3日 10:20 Askvik",
        "National desk<br>on November 3, 2026 at 1:35 PM, updated November 4, 2026 at 1:50 PM",
        "Runa Solheim<br>The Tide<br>Tue, 03 Nov 2026 16:25 UTC",
    ],
)
def test_a_stamp_with_the_hour_tells_the_day_whatever_few_words_are_beside(line: str) -> None:
    article = article_of(page(above=f"<div>{line}</div>"))
    assert article.published_at is not None
    assert article.published_at.date() == DAY
    assert article.published_text is not None
    assert ":" in article.published_text


@pytest.mark.parametrize(
    "line", ["3 November 2026 was a day of fog", "At 9:31 on 3 November 2026 the ferry left without us."]
)
def test_a_sentence_or_a_day_among_words_is_no_stamp(line: str) -> None:
    assert article_of(page(above=f"<p>{line}</p>")).published_at is None


def test_the_line_of_the_name_tells_the_day_where_nothing_else_does() -> None:
    above = "<ul><li>Share</li><li>Print</li></ul>" * 6
    article = article_of(
        page(above=f'{above}<div class="byline">By Ida Lunde posted Nov 3rd 2026 8:15PM</div>')
    )
    assert article.published_at is not None
    assert article.published_at.date() == DAY


def test_a_printed_day_that_contradicts_the_declared_one_changes_nothing() -> None:
    head = '<meta property="article:published_time" content="2026-11-02T14:31:07">'
    article = article_of(page(head, above='<p class="date">7:12 a.m. EST November 9, 2026</p>'))
    assert article.published_at is not None
    assert (article.published_at.date(), article.published_text) == (date(2026, 11, 2), None)
    article = article_of(page(head, above='<p class="date">9:31 a.m. EST November 2, 2026</p>'))
    assert article.published_bounds is not None
    assert article.published_bounds[0] == article.published_bounds[1]


@pytest.mark.parametrize("told", ["Doors open: June 5, 2026, 10:30 am", "When: June 5, 2026 at 10:30"])
def test_the_hour_of_an_event_is_not_that_of_the_article(told: str) -> None:
    body = f"<article><h1>{HEADLINE}</h1><p>{told}</p>{BODY}</article>"
    article = article_of(page(main=body))
    assert article.published_at is None
    assert told in article.body_text


@pytest.mark.parametrize(
    ("line", "is_dated"),
    [
        ("By Ida Lunde, born June 5, 1990", False),
        ("By Ida Lunde, who left us on June 5, 1990", False),
        ("By Ida Lunde, June 5, 1990 was her first day", False),
        ("By Ida Lunde and Per van Dahl, staff writers, Tuesday, November 3, 2026", True),
        ("By Ida Lunde @idalunde on November 3, 2026 at 7:15a", True),
        ("Ida Lunde - ida@harborpost.example Published: 3 Nov, 2026", True),
        ("By Ida Lunde | November 3, 2026 | 5 min read", True),
    ],
)
def test_a_day_among_other_words_of_the_line_of_the_name_is_not_when_it_appeared(
    line: str, is_dated: bool
) -> None:
    far = "<ul><li>Share</li><li>Print</li></ul>" * 6
    article = article_of(page(above=f'{far}<div class="byline">{line}</div>'))
    assert [author.name for author in article.authors][:1] == ["Ida Lunde"]
    assert (article.published_at is not None) == is_dated


@pytest.mark.parametrize(
    ("declared", "printed", "is_told"),
    [
        ("2020-06-06T01:00:00Z", "June 5", True),
        ("2020-01-01T01:00:00Z", "December 31", True),
        ("2020-06-06T01:00:00Z", "June 3", False),
        ("2020-06-06T01:00:00Z", "June 5, 2019", False),
    ],
)
def test_a_day_printed_without_its_year_may_be_that_of_another_zone(
    declared: str, printed: str, is_told: bool
) -> None:
    head = f'<meta property="article:published_time" content="{declared}">'
    article = article_of(page(head, above=f"<p>Published <time>{printed}</time></p>"))
    assert article.published_at is not None
    assert article.published_at.year == 2020
    assert article.published_text == (printed if is_told else None)


@pytest.mark.parametrize(
    ("path", "printed", "expected"),
    [
        ("/2019/11/03/ferry-early/", "", date(2019, 11, 3)),
        ("/news/2019-11-03-ferry-early", "", date(2019, 11, 3)),
        ("/2019/11/03/ferry-early/", "November 3 at 3:11 PM", date(2019, 11, 3)),
        ("/2019/11/03/ferry-early/", "May 2 at 3:11 PM", date(2026, 5, 2)),
        ("/2019/11/03/ferry-early/", "November 3, 2018", date(2018, 11, 3)),
        ("/2019/11/ferry-early/", "", None),
        ("/2019/42/03/ferry-early/", "", None),
        ("/2041/11/03/ferry-early/", "", None),
    ],
)
def test_the_address_tells_the_day_that_is_not_printed_or_its_year(
    path: str, printed: str, expected: date | None
) -> None:
    above = f'<p class="date">{printed}</p>' if printed else ""
    article = read(page(above=above), f"https://harborpost.example{path}").article
    assert article is not None
    assert (article.published_at.date() if article.published_at else None) == expected
    assert article.published_text == (printed or None)
