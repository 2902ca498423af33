"""Lines of a text on pages of no known platform: verses, refrains, tables for layout and short pieces."""

import pytest

from tests.test_crawler_generic_fronts import plain
from tests.test_crawler_generic_pages import BODY, HEADLINE, PARAGRAPHS, article_of, page, read

ARTICLE = '<meta property="og:type" content="article">'
TEXT = "\n\n".join(PARAGRAPHS)
VERSES = [
    [f"The {name} goes out at {hour} and is late", f"for nobody is up before {hour} to see it go"]
    for name, hour in (
        ("ferry", "six"),
        ("mail", "seven"),
        ("baker", "eight"),
        ("tide", "nine"),
        ("lamp", "ten"),
    )
]
REFRAIN = ["O bring the ferry home, bring the ferry home,", "bring it home before the bread is cold."]
SONG = [stanza for verse in VERSES for stanza in (verse, REFRAIN)]
SONG_TEXT = "\n\n".join("\n".join(stanza) for stanza in SONG)


@pytest.mark.parametrize("box", ["article", "main", "div", "section"])
def test_each_refrain_is_kept(box: str) -> None:
    song = "".join(f"<p>{'<br>'.join(stanza)}</p>" for stanza in SONG)
    article = article_of(plain("", body=f"<{box}>{song}</{box}>"))
    assert article.body_text == SONG_TEXT
    assert article.word_count == len(SONG_TEXT.split())


@pytest.mark.parametrize("box", ["article", "div"])
def test_verses_set_as_they_were_typed_keep_their_lines(box: str) -> None:
    markup = plain("<p>by Ida Lunde, 3 November 2026</p>", body=f"<{box}><pre>{SONG_TEXT}</pre></{box}>")
    assert article_of(markup).body_text == SONG_TEXT


def test_characters_of_no_width_neither_join_lines_nor_stay() -> None:
    typed = SONG_TEXT.replace("ferry", "fer\u200bry")
    assert article_of(plain("<p>\u200b</p>", body=f"<div><pre>{typed}</pre></div>")).body_text == SONG_TEXT
    spoiled = "".join(f"<p>{text.replace('e', 'e' + chr(0x200B))}</p>" for text in PARAGRAPHS)
    bare = f"<html><head><title>x</title></head><body><h1>{HEADLINE}</h1>{spoiled}</body></html>"
    assert article_of(bare).body_text == TEXT


def test_paragraphs_parted_by_breaks_do_not_run_together() -> None:
    body = "<div>by Ida Lunde<br>3 November 2026</div><div>" + "<br><br>".join(PARAGRAPHS) + "</div>"
    for head in ("", ARTICLE):
        article = article_of(
            f"<html><head>{head}<title>x</title></head><body><h1>{HEADLINE}</h1>{body}</body></html>"
        )
        assert article.body_text == TEXT
        assert [author.name for author in article.authors] == ["Ida Lunde"]


@pytest.mark.parametrize("mark", ["* * *", "⁂", "—"])
def test_marks_that_part_a_text_stay_between_its_parts(mark: str) -> None:
    song = [SONG_TEXT.split("\n\n")[0], mark, REFRAIN[0], mark, SONG_TEXT.split("\n\n")[2], mark, REFRAIN[0]]
    body = "".join(f"<p>{text}</p>".replace("\n", "<br>") for text in (*PARAGRAPHS, *song))
    assert article_of(plain("", body=f"<div>{body}</div>")).body_text == "\n\n".join((*PARAGRAPHS, *song))


def test_headings_stay_between_their_chapters() -> None:
    chapters = "".join(f"<h2>Chapter {n}</h2><p>{text}</p>" for n, text in enumerate(PARAGRAPHS))
    expected = "\n\n".join(f"Chapter {n}\n\n{text}" for n, text in enumerate(PARAGRAPHS))
    for body in (chapters, f"<div>{chapters}</div>", f"<article>{chapters}</article>"):
        article = article_of(plain("<p>by Ida Lunde</p>", body=body))
        assert article.body_text == expected
        assert article.body_html == chapters


def test_repeated_words_beside_the_text_stay_out() -> None:
    share = "<div><p>Share this</p></div>"
    body = f"<p>{PARAGRAPHS[0]}</p>{share}" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:]) + share
    assert (
        article_of(page(main=f"<article><h1>{HEADLINE}</h1>{body}</article>")).body_text.count("Share") <= 2
    )


@pytest.mark.parametrize("row", ["<tr>{}</tr>", "<tbody><tr>{}</tr></tbody>"])
@pytest.mark.parametrize(
    "byline", ["<i>by Ida Lunde, 3 November 2026</i>", "<p>by Ida Lunde, 3 November 2026</p>"]
)
def test_a_table_for_the_layout_is_no_table(row: str, byline: str) -> None:
    menu = '<td><a href="/">Home</a><br><a href="/a">About</a></td>'
    text = f"<td><h1>{HEADLINE}</h1>{byline}{BODY}</td>"
    table = "<table>" + row.format(menu + text) + "</table>"
    article = article_of(f"<html><head><title>{HEADLINE}</title></head><body>{table}</body></html>")
    assert (article.headline, article.body_text) == (HEADLINE, TEXT)
    assert [author.name for author in article.authors] == ["Ida Lunde"]


@pytest.mark.parametrize(
    "cell", ["Vela", f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}</p>"]
)
def test_a_table_of_facts_stays_one(cell: str) -> None:
    facts = (
        f"<table><tr><th>Ferry</th><th>Late</th></tr><tr><td>{cell}</td><td>eleven minutes</td></tr></table>"
    )
    body = article_of(page(main=f"<article><h1>{HEADLINE}</h1>{BODY}{facts}{BODY}</article>")).body_html
    assert "<table>" in body
    assert "<td>eleven minutes</td>" in body


@pytest.mark.parametrize("box", ["article", "div"])
def test_a_short_text_keeps_its_lines_and_not_its_headline(box: str) -> None:
    lines = "The ferry keeps nothing<br>but the time of leaving."
    markup = page(ARTICLE, main=f"<{box}><h1>{HEADLINE}</h1><p>{lines}</p></{box}>")
    article = article_of(markup)
    assert article.body_text == "The ferry keeps nothing\nbut the time of leaving."
    assert article.body_html == f"<p>{lines}</p>"


POEM = "<p>The ferry keeps nothing<br>but the time of leaving.</p>"
TIME = '<time datetime="2026-11-03T08:00:00Z">Nov 3</time>'


@pytest.mark.parametrize(
    "main",
    [
        f'<article><h1>{HEADLINE}</h1><a rel="author" href="/people/ida">Ida Lunde</a> {TIME}{POEM}</article>',
        f"<article><h1>{HEADLINE}</h1><p>by Ida Lunde, {TIME}</p>{POEM}</article>",
        f'<article><h1>{HEADLINE}</h1><p>by Ida Lunde, <time datetime="2026-11-03">tide</time></p>{POEM}</article>',
        f"<article><h1>{HEADLINE}</h1><p>by Ida Lunde, 3 November 2026</p>{POEM}</article>",
        f'<article><h1>{HEADLINE}</h1><a rel="author" href="/people/ida">Ida Lunde</a>{TIME}{POEM}</article>',
        f'<div class="h-entry"><h1 class="p-name">{HEADLINE}</h1><a class="p-author h-card" href="/">Ida Lunde</a>'
        f"{TIME}{POEM}</div>",
        f"<article><h1>{HEADLINE}</h1><p>by Ida Lunde, 3 November 2026</p>{POEM}</article>"
        f'<div id="comments"><article><p>Ola {TIME}</p><p>So true.</p></article></div>',
    ],
    ids=["rel", "time in the byline", "worded time", "plain", "glued", "h-entry", "comments"],
)
def test_a_short_text_that_is_marked_signed_and_dated_is_an_article(main: str) -> None:
    article = article_of(page(main=main))
    assert (article.headline, [author.name for author in article.authors]) == (HEADLINE, ["Ida Lunde"])
    assert article.published_at is not None
    assert article.published_at.day == 3
    assert article.body_text == "The ferry keeps nothing\nbut the time of leaving."


@pytest.mark.parametrize(
    "main",
    [
        f"<article><h1>Contact</h1><p>Write to Ida Lunde.</p>{TIME}</article>",
        f"<article><h1>Contact</h1><p>by Ida Lunde</p>{POEM}</article>",
        f"<div><h1>Contact</h1><p>by Ida Lunde, 3 November 2026</p>{POEM}</div>",
        f'<article><h1><a href="/news/2026/of-a-ferry">Story</a></h1><p>by Ida Lunde, 3 November 2026</p>{POEM}</article>',
        f"<article><h1>One</h1><p>by Ida Lunde, 3 November 2026</p>{POEM}</article><article><h2>Two</h2>{POEM}</article>",
    ],
    ids=["unsigned", "undated", "unmarked", "teaser", "two"],
)
def test_any_other_short_page_is_none(main: str) -> None:
    assert read(page(main=main)).article is None


SHORTLINK = '<link rel="shortlink" href="https://harborpost.example/?p=1701">'


@pytest.mark.parametrize(
    ("head", "name", "box"),
    [
        ("", "post-template-default single single-post postid-1701", "d"),
        ("", "not-front page-node page-node-1 node-type-article", "d"),
        (SHORTLINK, "", "post-1701"),
    ],
)
def test_a_short_text_that_its_software_marks_as_a_single_post_is_an_article(
    head: str, name: str, box: str
) -> None:
    cards = "".join(
        f'<li><h3><a href="/news/2026/story-{at}">Story {at} of the harbor</a></h3></li>' for at in range(6)
    )
    main = f'<div id="{box}"><h1>{HEADLINE}</h1><p>3 November 2026</p>{POEM}</div><aside><ul>{cards}</ul></aside>'
    article = article_of(page(head, main=main).replace("<body>", f'<body class="{name}">'))
    assert article.headline == HEADLINE
    assert article.body_text == "The ferry keeps nothing\nbut the time of leaving."


@pytest.mark.parametrize(
    ("head", "name", "box"),
    [
        ("", "archive category", "d"),
        ("", "page-template-default page page-id-4", "d"),
        (SHORTLINK, "", "post-1702"),
        (SHORTLINK.replace("?p=", "?page_id="), "", "post-1701"),
    ],
)
def test_a_list_or_a_short_page_of_the_same_software_is_none(head: str, name: str, box: str) -> None:
    main = f'<div id="{box}"><h1>{HEADLINE}</h1><p>3 November 2026</p>{POEM}</div>'
    assert read(page(head, main=main).replace("<body>", f'<body class="{name}">')).article is None


ITEMS = (
    "The first batch is for those who live here.",
    "The second batch is for the ferry.",
    "There is no third.",
)
BATCHES = "Nobody in Lund can say when the baker began to bake twice, or for whom he thought it was at first."
LIST = f"<ul>{''.join(f'<li>{item}</li>' for item in ITEMS)}</ul>"


@pytest.mark.parametrize("picture", ["", '<figure><img src="/oven.jpg" alt="An oven"></figure>'])
@pytest.mark.parametrize("at", [1, 2, 4])
def test_lists_and_headings_stay_where_they_stood(at: int, picture: str) -> None:
    parts = [f"<p>{text}</p>" for text in PARAGRAPHS]
    parts[at:at] = [picture, f"<h2>Two batches</h2><p>{BATCHES}</p>", LIST]
    markup = f"<html><head><title>{HEADLINE}</title></head><body><h1>{HEADLINE}</h1>{''.join(parts)}<hr></body></html>"
    texts = list(PARAGRAPHS)
    texts[at:at] = ["Two batches", BATCHES, "\n".join(ITEMS)]
    assert article_of(markup).body_text == "\n\n".join(texts)


def test_a_list_of_links_below_the_text_stays_out() -> None:
    links = "".join(f'<li><a href="/{at}">{item}</a></li>' for at, item in enumerate(ITEMS))
    assert article_of(f"<title>{HEADLINE}</title><h1>{HEADLINE}</h1>{BODY}<ul>{links}</ul>").body_text == TEXT


@pytest.mark.parametrize(
    "form", ["", '<form><h3>Our newsletter</h3><input type="email"><button>Subscribe</button></form>']
)
def test_lists_stay_beside_tables_and_in_boxes_of_their_own(form: str) -> None:
    table = "<table><tr><th>Day</th><th>Boats</th></tr><tr><td>Tuesday</td><td>11</td></tr></table>"
    parts = [f"<p>{text}</p>" for text in PARAGRAPHS]
    boxed = [f"<section><div>{part}</div></section>" for part in (*parts[:3], LIST, *parts[3:])]
    for body in ("".join(boxed), "".join((*parts[:2], table, *parts[2:], form, LIST))):
        text = article_of(f"<title>{HEADLINE}</title><h1>{HEADLINE}</h1><div>{body}</div><hr>").body_text
        assert "\n".join(ITEMS) in text
        assert all(paragraph in text for paragraph in PARAGRAPHS)
        assert "Subscribe" not in text


@pytest.mark.parametrize(
    "title", ["Mending Nets | Harbor", "Harbor - Mending Nets", "Harbor: Mending Nets", "Mending Nets"]
)
@pytest.mark.parametrize(
    "head",
    [
        "<center><font size=6><b>Mending Nets</b></font><br><font size=2>by Ann Lee, 3 May 2005</font></center>",
        "<font size=6>Mending Nets</font><br><br>",
    ],
)
def test_a_page_without_headings_prints_the_part_of_its_title_that_is_the_headline(
    head: str, title: str
) -> None:
    html = f"<title>{title}</title><body><div><a href='/'>Harbor</a></div>{head}{BODY}"
    assert article_of(html).headline == "Mending Nets"
