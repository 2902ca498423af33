"""Pages of blogs and papers that declare little, or more than is true of them."""

import json
import time
from datetime import UTC, datetime

import pytest

from crawler.errors import PageLayoutChanged
from crawler.platforms import read_page
from crawler.platforms.base import Page
from crawler.records import ArticleRecord

SEEN_AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://harborpost.example/news/2026/ferry-early"
HEADLINE = "The ferry was early"
PARAGRAPHS = (
    "The ferry between Lund and Askvik has carried the mail since 1911, and for most of that time it has been "
    "late. On Tuesday it was early for the first time anyone can remember, and nobody was there to meet it.",
    "Captain Runa Solheim, who has steered it for nineteen years, said that she had simply taken the current at a "
    "different angle. The council has asked her to explain the angle in writing before the spring session.",
    "“We plan the whole week around its lateness,” said the baker, who keeps a second batch in the oven for the "
    "passengers. “If it comes on time, who will eat the second batch?” He has written to the company.",
    "The company said that it regretted the incident and that it would be looked into. In the meantime the "
    "timetable has not been changed, and the ferry has gone back to being eleven minutes late.",
)
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
MORNING = "2026-11-17T08:00:00+01:00"
TEASER = "which says hardly anything at all about what stands in it, as teasers do."


def page(head: str = "", *, above: str = "", main: str | None = None, below: str = "") -> str:
    main = main or f"<article><h1>{HEADLINE}</h1>{above}<div>{BODY}</div></article>"
    return (
        f'<html lang="en"><head><title>{HEADLINE} | Harbor Post</title>{head}</head><body>'
        f'<nav><a href="/">Home</a></nav><main>{main}</main>{below}<footer>© 2026 Harbor Post</footer></body></html>'
    )


def jsonld(*nodes: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(nodes)}</script>'


def read(markup: str, url: str = URL) -> Page:
    return read_page(markup, url, seen_at=SEEN_AT, headers={"content-type": "text/html"})


def article_of(markup: str) -> ArticleRecord:
    article = read(markup).article
    assert article is not None
    return article


@pytest.mark.parametrize(
    ("above", "published", "modified"),
    [
        (f'<p>Published <time datetime="{MORNING}">17 Nov</time></p>', 17, None),
        (f'<p>Last updated: <time datetime="{MORNING}">17 Nov</time></p>', None, 17),
        (
            '<p>Updated <time datetime="2026-11-18T08:00:00Z">18 Nov</time></p>'
            f'<p>Published <time datetime="{MORNING}">17 Nov</time></p>',
            17,
            18,
        ),
        (
            f'<p><span>Published</span> <time datetime="{MORNING}">17 Nov</time>, edited '
            '<time datetime="2026-11-18T08:00:00Z">18 Nov</time></p>',
            17,
            18,
        ),
        (f'<p>By the editor <time datetime="{MORNING}">17 Nov</time></p>', 17, None),
    ],
    ids=["published", "updated only", "updated first", "one line", "an editor"],
)
def test_the_word_before_a_date_tells_what_it_is(
    above: str, published: int | None, modified: int | None
) -> None:
    article = article_of(page(above=above))
    assert (article.published_at and article.published_at.day) == published
    assert (article.modified_at and article.modified_at.day) == modified
    assert article.body_text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "below",
    [
        f'<section id="comments"><article><p>Ola</p><time datetime="{MORNING}">17 Nov</time></article></section>',
        f'<ol class="comment-list"><li><time datetime="{MORNING}">17 Nov</time><p>Nice.</p></li></ol>',
        f'<aside><ul><li><h3><a href="/news/2026/a-b-c">A bridge</a></h3><time datetime="{MORNING}">17</time></li>'
        '<li><h3><a href="/news/2026/d-e-f">A tunnel</a></h3></li></ul></aside>',
    ],
    ids=["comments", "comment list", "teaser"],
)
def test_dates_of_comments_and_teasers_are_not_the_article_s(below: str) -> None:
    assert article_of(page(below=below)).published_at is None


def cards(pattern: str, n_cards: int = 12) -> str:
    return "".join(
        pattern.format(link=f"/news/2026/s{n}-of-many", title=f"Story number {n}", text=f"{n}, {TEASER}")
        for n in range(n_cards)
    )


NAMES = (
    "Boats", "Soup", "Noon bell", "Plum tree", "Old bridges", "Ferry song", "Winter wood", "The nets", "The apron",
    "Green chairs", "Long table", "Low river", "School dyke", "Two mills", "Small change", "An umbrella", "Coffee",
)  # fmt: skip


def titles(pattern: str) -> str:
    return "".join(
        pattern.format(link=f"/news/2026/what-of-{number}", title=f"{name} and what became of it")
        for number, name in enumerate(NAMES)
    )


LISTS = {
    "titles": titles('<div><h2><a href="{link}">{title}</a></h2></div>'),
    "dated titles": titles(
        '<li><h2><a href="{link}">{title}</a></h2><time datetime="2026-11-01">Nov 1</time></li>'
    ),
    "short teasers": cards(
        '<article><h2><a href="{link}">{title}</a></h2><p>By Ann, 1 May 2026</p><p>A walk along the water with a dog and some bread, and what we saw there.</p>'
        "</article>",
        6,
    ),
    "glued teasers": cards(
        '<article><h2><a href="{link}">{title}</a></h2><p>By Ann</p>\n<p>Teaser {text}</p></article>', 5
    ),
    "articles": cards('<article><h2><a href="{link}">{title}</a></h2><p>Teaser {text}</p></article>'),
    "boxes": cards('<div><h3><a href="{link}">{title}</a></h3><p>Teaser {text}</p><span>By Ann</span></div>'),
    "items": "<ul>"
    + cards('<li><a href="{link}">{title} of the harbor</a> <p>Teaser {text}</p></li>')
    + "</ul>",
    "links around": cards('<a href="{link}"><h3>{title}</h3><p>Teaser {text}</p></a>'),
    "flat": cards('<h2><a href="{link}">{title}</a></h2><p>Teaser {text}</p>'),
    "whole stories": cards('<article><h2><a href="{link}">{title}</a></h2>' + BODY + "</article>", 5),
    "introduction": f"<p>{PARAGRAPHS[0]}</p>"
    + cards('<article><h2><a href="{link}">{title}</a></h2><p>Teaser {text}</p></article>'),
}


@pytest.mark.parametrize("og_type", ["website", "article", None])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_declares_no_stories_is_no_article(name: str, og_type: str | None) -> None:
    head = f'<meta property="og:type" content="{og_type}">' if og_type else ""
    found = read(page(head, main=f"<h1>News</h1>{LISTS[name]}"), "https://harborpost.example/news")
    assert (found.kind, found.article) == ("list", None)
    assert len(found.links.articles) >= 5


@pytest.mark.parametrize("name", ["articles", "boxes", "links around", "flat"])
@pytest.mark.parametrize("url", [URL, None])
def test_an_article_above_teasers_of_others_is_one(name: str, url: str | None) -> None:
    link = '<p>The <a href="/news/2026/an-older-story-of-it">older story of the ferry</a> said otherwise, at length.</p>'
    main = f"<article><h1>{HEADLINE}</h1>{BODY}{link}</article>"
    found = read_page(page(main=main, below=f"<aside>{LISTS[name]}</aside>"), url, seen_at=SEEN_AT)
    assert found.article is not None
    assert found.article.body_text.startswith(PARAGRAPHS[0])


@pytest.mark.parametrize(
    "above",
    [
        "<h2>Nobody was there to meet it.</h2>",
        "<p>Nobody was there to meet it.</p><p>By Ida Lunde</p>",
        f'<p>Nobody was there to meet it.</p><p><time datetime="{MORNING}">17 Nov</time></p>',
    ],
    ids=["heading", "above the byline", "above the date"],
)
def test_a_description_that_is_printed_as_a_standfirst_is_one(above: str) -> None:
    head = '<meta property="og:type" content="article"><meta name="description" content="{}">'
    article = article_of(page(head.format("Nobody was there to meet it."), above=above))
    assert article.dek == "Nobody was there to meet it."
    assert article.body_text == "\n\n".join(PARAGRAPHS)
    article = article_of(page(head.format(PARAGRAPHS[0]), above=above))
    assert article.body_text.endswith("\n\n".join(PARAGRAPHS)), (
        "a description may be the text's own beginning"
    )


@pytest.mark.parametrize("mark", ["url", "mainEntityOfPage", "title"])
def test_the_article_of_the_page_is_told_from_those_it_teases(mark: str) -> None:
    own: dict[str, object] = {"@type": "NewsArticle", "headline": HEADLINE, "datePublished": MORNING}
    own |= {"url": {"url": URL}, "mainEntityOfPage": {"mainEntityOfPage": {"@id": URL}}}.get(mark, {})
    head = "" if mark == "title" else f'<link rel="canonical" href="{URL}">'
    other = {
        "@type": "NewsArticle",
        "headline": "A bridge",
        "datePublished": "2020-01-01",
        "url": {"no": ["text"]},
    }
    article = article_of(page(head + jsonld(other, own)))
    assert article.headline == HEADLINE
    assert article.published_at == datetime(2026, 11, 17, 7, tzinfo=UTC)


def test_escapes_and_wrappers_of_json_are_undone() -> None:
    node = {"@type": "NewsArticle", "headline": "The ferry &amp; the mail", "datePublished": MORNING}
    wrapped = f"/*<![CDATA[*/{json.dumps(node)}/*]]>*/"
    article = article_of(page(f'<script type="application/ld+json">{wrapped}</script>'))
    assert article.published_at == datetime(2026, 11, 17, 7, tzinfo=UTC)
    markup = page(jsonld(node)).replace(f"<h1>{HEADLINE}</h1>", "")
    assert article_of(markup).headline == "The ferry & the mail"


def test_a_sentence_keeps_its_dates_and_its_code_in_place() -> None:
    sentence = 'On <time datetime="2026-05-02">2 May</time> the council typed <code>x = 1</code> into the log of the ferry.'
    code = "<pre><code>x = 1\ny = 2</code></pre>"
    body = article_of(
        page(main=f"<article><h1>{HEADLINE}</h1>{BODY}<p>{sentence}</p>{code}{BODY}</article>")
    ).body_html
    assert "<p>On 2 May the council typed <code>x = 1</code> into the log of the ferry.</p>" in body
    assert "x = 1\ny = 2" in body


SITE = '<header><h1><a href="/">Harbor Post</a></h1></header>'
SITE_TITLE = '<meta property="og:title" content="Harbor Post">'


@pytest.mark.parametrize(
    "markup",
    [
        page().replace("<nav>", f"{SITE}<nav>"),
        page().replace("<nav>", '<a href="https://harborpost.example"><h1>Harbor Post</h1></a><nav>'),
        page().replace("<nav>", "<h1>Harbor Post</h1><nav>"),
        page('<meta property="og:site_name" content="The Post">').replace("<nav>", "<h1>The Post</h1><nav>"),
        page(SITE_TITLE + '<meta property="og:type" content="website">'),
        page(SITE_TITLE + '<meta property="og:site_name" content="Harbor Post">').replace(" | Harbor Post", ""),
        page().replace("<nav>", f"{SITE}<nav>").replace(f"<h1>{HEADLINE}</h1>", f"<h2>{HEADLINE}</h2>"),
        page()
        .replace("<nav>", f"{SITE}<nav>")
        .replace(f"<h1>{HEADLINE}</h1>", f"<h2>{HEADLINE}</h2>")
        .replace(f"<title>{HEADLINE} | ", "<title>"),
        page()
        .replace("<nav>", f"{SITE}<nav>")
        .replace(f"<h1>{HEADLINE}</h1>", "")
        .replace(f"<title>{HEADLINE} | Harbor Post", f"<title>Harbor Post » {HEADLINE}"),
    ],
    ids=[
        "heading that leads home", "heading in a link", "two headings", "declared name", "one title for all pages",
        "declared twice", "second level", "second level and title of the site", "name before the title",
    ],
)  # fmt: skip
def test_the_site_s_name_is_no_headline(markup: str) -> None:
    assert article_of(markup).headline == HEADLINE


@pytest.mark.parametrize(
    ("head", "heading", "title", "headline"),
    [
        (
            '<meta property="og:title" content="Early for once">',
            "Harbor Post",
            "Harbor Post: Early for once",
            None,
        ),
        ('<meta property="og:title" content="Early for once">', "Harbor Post", "Harbor Post", "Harbor Post"),
        ('<meta property="og:title" content="Early for once">', "Early for once, the ferry", "x", None),
        ("", "Harbor Post", "Harbor Post", "Harbor Post"),
        ('<meta property="og:site_name" content="Harbor Post">', "Harbor Post", "Harbor Post", "Harbor Post"),
    ],
)
def test_a_declared_headline_is_believed_unless_the_page_says_otherwise(
    head: str, heading: str, title: str, headline: str | None
) -> None:
    markup = page(head).replace(f"<title>{HEADLINE} | Harbor Post", f"<title>{title}")
    found = article_of(markup.replace(f"<h1>{HEADLINE}", f"<h1>{heading}")).headline
    assert found == headline or (headline is None and found.startswith("Early for once"))


def test_an_article_that_is_declared_and_has_no_headline_is_a_changed_layout() -> None:
    markup = f'<html><head><meta property="og:type" content="article"></head><body><article>{BODY}</article></body></html>'
    with pytest.raises(PageLayoutChanged, match="without headline"):
        read(markup)


@pytest.mark.parametrize("printed", ["<time>soon</time>", "<time></time>", "<time datetime='x'>x</time>"])
def test_a_time_that_is_no_date_is_none(printed: str) -> None:
    article = article_of(page(above=f"<p>Published {printed}</p>"))
    assert (article.published_at, article.body_text) == (None, "\n\n".join(PARAGRAPHS))
    dated = article_of(
        page(above=f"<p>Published {printed}</p><p>Published <time datetime='{MORNING}'>17 Nov</time></p>")
    )
    assert dated.published_at == datetime(2026, 11, 17, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("claimed", "hero"),
    [
        ("/a.jpg", "https://harborpost.example/a.jpg"),
        ("javascript:x()", "https://harborpost.example/b.jpg"),
        ("http://[", "https://harborpost.example/b.jpg"),
    ],
)
def test_a_picture_without_an_address_is_passed_over(claimed: str, hero: str) -> None:
    node = jsonld({"@type": "NewsArticle", "headline": HEADLINE, "image": claimed})
    article = article_of(page(f'{node}<meta property="og:image" content="/b.jpg">'))
    assert article.hero is not None
    assert article.hero.url == hero


@pytest.mark.parametrize(
    ("name", "is_picture"),
    [
        ("harbor-pixel-10-review.jpg", True),
        ("pixel-10.jpg", True),
        ("the-blank-page-at-sea.jpg", True),
        ("icons-of-the-northern-harbors.jpg", True),
        ("pixel.gif", False),
        ("1x1-pixel.gif", False),
        ("icon-192x192.png", False),
        ("harbor_post_logo_1200x630.png", False),
    ],
)
def test_a_picture_of_a_thing_is_no_mark_of_the_site(name: str, is_picture: bool) -> None:
    declared = article_of(page(f'<meta property="og:image" content="/i/{name}">'))
    shown = article_of(page(above=f'<figure><img src="/i/{name}" width="1200" height="630"></figure>'))
    assert (declared.hero is not None, shown.hero is not None) == (is_picture, is_picture)


def test_keywords_that_are_sentences_are_no_tags() -> None:
    node = jsonld({"@type": "NewsArticle", "headline": HEADLINE, "keywords": ["ferries", "x" * 101, "mail"]})
    tags = f'<p><a rel="tag" href="/t/lund">#Lund</a> <a rel="tag" href="/t/y">{"y" * 101}</a></p>'
    article = article_of(page(node, below=tags))
    assert [(tag.name, tag.url) for tag in article.tags] == [
        ("Lund", "https://harborpost.example/t/lund"), ("ferries", None), ("mail", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("node", "kind"),
    [
        ({"@type": "CollectionPage", "name": "News"}, "list"),
        (
            [{"@type": "NewsArticle", "headline": f"{HEADLINE} {n}", "url": f"/news/{n}"} for n in range(3)],
            "list",
        ),
        (
            [{"@type": "NewsArticle", "headline": HEADLINE, "url": url} for url in (URL, "/x", "/y")],
            "article",
        ),
        ({"@type": "NewsArticle", "headline": HEADLINE}, "article"),
    ],
)
def test_what_the_page_says_it_holds_tells_a_list_from_an_article(node: object, kind: str) -> None:
    assert read(page(jsonld(*(node if isinstance(node, list) else [node])))).kind == kind


@pytest.mark.parametrize("line", ["x", "By " + "Ida Lunde and " * 20, " "])
def test_a_line_classed_as_byline_is_one_only_if_it_reads_so(line: str) -> None:
    article = article_of(page(above=f'<p class="byline">{line}</p><p class="byline">By Ida Lunde</p>'))
    assert article.byline == "By Ida Lunde"


def test_the_people_on_cards_are_those_beside_each_other_with_names() -> None:
    cards = "<p>{}</p><aside>{}</aside>".format(
        '<span class="author vcard"><b class="fn">Ida Lunde</b></span><span class="author vcard"><b class="fn">42</b></span>'
        '<a class="author vcard" href="/bo"><b class="fn">Bo Ek</b></a>',
        '<span class="author vcard"><b class="fn">Cy Holm</b></span>',
    )
    article = article_of(page(above=cards))
    assert [(author.name, author.url) for author in article.authors] == [
        ("Ida Lunde", None), ("Bo Ek", "https://harborpost.example/bo"),
    ]  # fmt: skip


@pytest.mark.parametrize("hidden", ["style='display:none'", "hidden"])
def test_a_headline_that_is_not_shown_is_the_headline_all_the_same(hidden: str) -> None:
    article = article_of(page(main=f"<article><h1 {hidden}>{HEADLINE}</h1><div>{BODY}</div></article>"))
    assert (article.headline, article.body_text) == (HEADLINE, "\n\n".join(PARAGRAPHS))


TEASERS = "".join(
    f'<article><h2><a href="/news/{n}">The ferry was early for the {n}. time</a></h2><p>It was early, {TEASER}</p></article>'
    for n in range(2, 9)
)


@pytest.mark.parametrize(
    ("link", "following"),
    [
        ('<a rel="next" href="/news?page=2">x</a>', "https://harborpost.example/news?page=2"),
        ('<a href="https://other.example/news?page=2">Next</a>', None),
        ('<a href="http://[">Next</a><a href="/news?page=2">Older posts</a>', "https://harborpost.example/news?page=2"),
        ('<a href="/news">Next page</a>', None),
    ],
)  # fmt: skip
def test_the_next_page_of_a_list_is_another_of_its_site(link: str, following: str | None) -> None:
    found = read(page(main=f"<h1>News</h1>{TEASERS}{link}"), "https://harborpost.example/news")
    assert (found.kind, len(found.cards), found.links.next_page) == ("list", 7, following)


def test_an_article_that_links_to_others_in_its_sentences_is_no_list() -> None:
    links = (
        ' See <a href="/news/lund-in-the-spring">Lund in the spring</a> or <a href="/news/askvik">Askvik</a>.'
    )
    body = "".join(
        f"<p>{text}{links.replace('news/', f'news/{n}-')}</p>" for n, text in enumerate(PARAGRAPHS)
    )
    found = read(page(main=f"<h1>{HEADLINE}</h1><div>{body}</div>"))
    assert found.kind == "article"
    assert found.article is not None
    assert found.article.body_text.count("Lund in the spring") == len(PARAGRAPHS)


@pytest.mark.parametrize(
    "script",
    [
        f"s = {{\"title\": 1}}; key = '{'0f' * 30_000}'",
        f's = {{"title": 1}}; {"a = {b: [1, undefined, ], c: 2}; " * 40}{"x; " * 200_000}',
        f"s = {{\"title\": 1, 'x': 1{' ' * 60_000}x",
    ],
    ids=["letters", "programs", "blanks"],
)
@pytest.mark.parametrize("kind", ["text/javascript", "application/json"])
def test_scripts_of_any_size_take_no_time(script: str, kind: str) -> None:
    began = time.process_time()
    assert read(page(f'<script type="{kind}">{script}</script>')).kind == "article"
    assert time.process_time() - began < 3


def test_words_without_blanks_make_an_article() -> None:
    sentence = "เรือข้ามฟากมาถึงก่อนเวลาเป็นครั้งแรกในรอบหลายปีและไม่มีใครรออยู่ที่ท่า"
    text = "".join(f"<p>{sentence * 4} {at}</p>" for at in range(3))
    links = "".join(f'<h3><a href="/news/2026/{at}">{sentence}</a></h3>' for at in range(5))
    markup = page(main=f"<h1>{sentence[:20]}</h1><div>{text}</div><aside>{links}</aside>")
    assert article_of(markup).body_text == "\n\n".join(f"{sentence * 4} {at}" for at in range(3))
    assert read(page(main=f"<h1>{sentence[:20]}</h1><p>{sentence}</p>")).article is None


def test_the_text_in_microdata_is_that_of_the_page() -> None:
    script = f'<script type="x/data">{json.dumps({"words": " and more" * 500})}</script>'
    text = f'<div itemprop="articleBody"><div>{script}</div>{BODY}</div>'
    main = f'<div itemscope itemtype="https://schema.org/Article"><h1 itemprop="headline">{HEADLINE}</h1>{text}</div>'
    assert article_of(page(main=main)).body_text == "\n\n".join(PARAGRAPHS)
    meta = f'<meta itemprop="articleBody" content="{PARAGRAPHS[0]}">'
    data = f'<div itemscope itemtype="https://schema.org/Article"><h1 itemprop="headline">{HEADLINE}</h1>{meta}</div>'
    assert article_of(page(main=data)).body_text == PARAGRAPHS[0]


def test_links_without_words_take_no_time() -> None:
    links = "<a rel=author href=/x></a>" * 20_000
    began = time.process_time()
    read(page(main=f"<article><h1>{HEADLINE}</h1>{BODY}{links}</article>"))
    assert time.process_time() - began < 8
