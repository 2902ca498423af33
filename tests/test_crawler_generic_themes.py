"""Pages in the shape of the themes that common software comes with, where they say it in a way of their own."""

from datetime import UTC, datetime

import pytest

from tests.test_crawler_generic_pages import BODY, HEADLINE, MORNING, PARAGRAPHS, article_of, read

TEXT = "\n\n".join(PARAGRAPHS)
OTHERS = [f"The {name} was on time for once" for name in ("mail", "baker", "choir", "council", "archive")]


def recent(n: int = 4) -> str:
    links = "".join(f'<li><a href="/2026/10/{at}/">{name}</a></li>' for at, name in enumerate(OTHERS[:n]))
    return f"<aside><h2>Recent posts</h2><ul>{links}</ul></aside>"


def themed(main: str, *, head: str = "", below: str = "", title: str = HEADLINE) -> str:
    return (
        f'<html lang="en"><head><title>{title} – Harbor Post</title>{head}</head><body><header><p>'
        f'<a href="/">Harbor Post</a></p></header><main>{main}</main>{below}</body></html>'
    )


@pytest.mark.parametrize("n_paragraphs", [3, 4])
def test_an_article_that_names_one_other_is_no_teaser_of_it(n_paragraphs: int) -> None:
    text = [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[:n_paragraphs]]
    text.insert(2, f'<div><strong>See also:</strong> <a href="/2026/10/9/">{OTHERS[4]}</a></div>')
    front = f'<div>By <a href="/author/ida" rel="author">Ida Lunde</a> <time datetime="{MORNING}">17 Nov</time></div>'
    main = f"<div><h1>{HEADLINE}</h1></div><article>{front}<div>{''.join(text)}</div></article>"
    found = read(themed(main, below=recent()))
    assert found.kind == "article"
    assert found.article is not None
    assert [author.name for author in found.article.authors] == ["Ida Lunde"]


def test_a_link_without_words_leads_to_the_headline_beside_it() -> None:
    posts = "".join(
        f"<article><header><h2>{name}</h2></header><div><p>{PARAGRAPHS[at % 4]}</p></div>"
        f'<footer><span>{at} min</span></footer><a aria-label="post link to {name}" href="/posts/{at}/"></a></article>'
        for at, name in enumerate(OTHERS)
    )
    found = read(themed(posts, title="Posts"), "https://harborpost.example/posts/")
    assert found.kind == "list"
    assert [(card.url, card.headline) for card in found.cards] == [
        (f"https://harborpost.example/posts/{at}/", name) for at, name in enumerate(OTHERS)
    ]


def test_a_link_without_words_among_many_is_not_looked_at() -> None:
    anchors = '<a href="/posts/1/"></a>' * 20
    assert read(themed(f"<article><h2>{OTHERS[0]}</h2>{anchors}</article>")).cards == []


def blogger(printed: str) -> str:
    return themed(
        '<div itemscope itemtype="http://schema.org/BlogPosting">'
        f'<h2><span>Tuesday, November 17, 2026</span></h2><h3 itemprop="name">{HEADLINE}</h3>'
        f'<div itemprop="articleBody">{BODY}</div><div>Posted at {printed}</div></div>'
    )


@pytest.mark.parametrize("title", [MORNING, "2026-11-17T07:00:00Z"])
def test_the_instant_of_a_short_form_is_in_its_title(title: str) -> None:
    article = article_of(blogger(f'<abbr itemprop="datePublished" title="{title}">8:00</abbr>'))
    assert article.published_at == datetime(2026, 11, 17, 7, tzinfo=UTC)


def test_the_title_of_a_short_form_that_is_no_instant_is_not_its_value() -> None:
    article = article_of(blogger('<abbr itemprop="author" title="Doctor Ida Lunde">I. Lunde</abbr>'))
    assert [author.name for author in article.authors] == ["I. Lunde"]


def test_keywords_in_a_list_are_one_each() -> None:
    tags = "".join(f'<li><a href="/tags/{name}/" rel="tag">{name}</a></li>' for name in ("Ferry", "Mail"))
    foot = f'<footer><ul itemprop="keywords">{tags}</ul></footer>'
    article = article_of(
        themed(
            '<article itemscope itemtype="https://schema.org/BlogPosting">'
            f'<h1 itemprop="headline">{HEADLINE}</h1><div itemprop="articleBody">{BODY}</div>{foot}</article>'
        )
    )
    assert [tag.name for tag in article.tags] == ["Ferry", "Mail"]


@pytest.mark.parametrize(
    "paging",
    [
        '<nav class="navigation pagination"><a class="prev page-numbers" href="/">前へ</a>'
        '<a class="next page-numbers" href="/page/3/">次へ</a></nav>',
        '<nav class="pagination"><a class="newer-posts" href="/">Nouveaux</a><a class="older-posts" href="/page/3/">Vieux</a></nav>',
        '<nav><div class="nav-next"><a href="/">Neuere</a></div><div class="nav-previous"><a href="/page/3/">Mehr</a></div></nav>',
        '<nav><a href="/">Neuere Beiträge</a><a href="/page/3/">← Ältere Beiträge</a></nav>',
        '<nav><a href="/">Newer posts</a><a href="/page/3/">← Older posts</a></nav>',
        '<div><a href="/">Entradas nuevas</a> <a href="/page/3/">Entradas antiguas »</a></div>',
        '<div><a href="/page/3/">Предыдущие записи</a></div>',
        '<nav class="pagination"><ul><li class="next"><a href="/page/3/">下一页</a></li></ul></nav>',
    ],
)
def test_the_next_page_is_found_by_words_and_classes_of_themes(paging: str) -> None:
    posts = "".join(
        f'<article><h2><a href="/{at}/">{name}</a></h2></article>' for at, name in enumerate(OTHERS)
    )
    found = read(themed(posts + paging, title="Harbor"), "https://harborpost.example/page/2/")
    assert found.links.next_page == "https://harborpost.example/page/3/"


@pytest.mark.parametrize(
    "link",
    [
        '<a class="next" href="/slides/2/">Weiter</a>',
        '<p><a href="/9/">Далее</a></p>',
        '<p><a href="/9/">Weiter</a></p>',
    ],
)
def test_a_word_that_also_says_read_on_leads_to_no_next_page(link: str) -> None:
    posts = "".join(
        f'<article><h2><a href="/{at}/">{name}</a></h2>{link}</article>' for at, name in enumerate(OTHERS)
    )
    assert read(themed(posts, title="Harbor"), "https://harborpost.example/page/2/").links.next_page is None


@pytest.mark.parametrize("box", ["<span>{}</span>", '<span class="fn">{}</span>'])
def test_a_card_may_name_several_authors(box: str) -> None:
    links = " and ".join(
        f'<a class="url fn n" href="/author/{at}/">{name}</a>'
        for at, name in enumerate(("Ida Lunde", "Teo Marsh"))
    )
    card = f'<span>by <span class="author vcard">{box.format(links)}</span></span>'
    authors = article_of(themed(f"<article><h1>{HEADLINE}</h1><div>{card}</div>{BODY}</article>")).authors
    assert [(author.name, author.url) for author in authors] == [
        ("Ida Lunde", "https://harborpost.example/author/0/"),
        ("Teo Marsh", "https://harborpost.example/author/1/"),
    ]


@pytest.mark.parametrize(
    "labels",
    [
        ("Previous", "Next"),
        ("« Précédent", "Suivant »"),
        ("前の記事", "次の記事"),
        ("Older post", "Newer post"),
    ],
)
def test_links_to_the_articles_before_and_after_are_no_part_of_the_body(labels: tuple[str, str]) -> None:
    links = "".join(
        f'<a href="/{at}/"><div><div>{label}</div></div><h2>{OTHERS[at]}</h2></a>'
        for at, label in enumerate(labels)
    )
    main = f"<article><div><h1>{HEADLINE}</h1><div>{BODY}</div></div><section>{links}</section></article>"
    assert article_of(themed(main)).body_text == TEXT


@pytest.mark.parametrize("between", ["to the ferry lies", ""])
def test_a_link_in_two_parts_in_the_text_is_kept(between: str) -> None:
    link = f'<p><a href="/9/"><em>Next</em> {between} <b>the bakery</b></a>, which opens at six.</p>'
    text = article_of(themed(f"<article><h1>{HEADLINE}</h1><div>{BODY}{link}</div></article>")).body_text
    assert text == f"{TEXT}\n\n{' '.join(f'Next {between} the bakery'.split())}, which opens at six."


@pytest.mark.parametrize(
    "line",
    ["Subscribe to continue reading", "Jetzt abonnieren und weiterlesen", "Abonnez-vous pour lire la suite"],
)
def test_a_box_that_asks_to_subscribe_for_the_rest_is_no_part_of_the_body(line: str) -> None:
    wall = f'<div><div><h3>{line}</h3><p>Two months cost as much as a loaf of bread.</p><a href="/join/">Join</a></div></div>'
    main = f"<article><h1>{HEADLINE}</h1><div>{BODY}{wall}</div></article>"
    assert article_of(themed(main)).body_text == TEXT


def test_a_sentence_about_subscribing_is_kept() -> None:
    line = (
        "Subscribe to continue reading, said the sign in the bakery, and nobody in Lund knew what it was for."
    )
    main = f"<article><h1>{HEADLINE}</h1><div>{BODY}<p>{line}</p></div></article>"
    assert article_of(themed(main)).body_text == f"{TEXT}\n\n{line}"


def test_no_face_of_a_writer_and_no_picture_below_text_in_a_cell_is_the_hero() -> None:
    face = '<div><a href="/profile"><img src="/img/user.png" alt="[personal profile]"></a><a href="/">quarry_moth</a></div>'
    assert article_of(themed(f"<article><h1>{HEADLINE}</h1>{face}<div>{BODY}</div></article>")).hero is None
    text = "<br><br>".join(PARAGRAPHS[:3])
    cell = f'<table><tr><td><h1>{HEADLINE}</h1>{text}<br><br><img src="/map.jpg"><br><br>{PARAGRAPHS[3]}</td></tr></table>'
    assert article_of(themed(cell)).hero is None


@pytest.mark.parametrize("mark", ["strong", "b", "em", "i", "a"])
@pytest.mark.parametrize("box", ["div", "td"])
def test_a_paragraph_without_an_element_that_begins_with_a_mark_is_kept(mark: str, box: str) -> None:
    opening, rest = PARAGRAPHS[3].split(". ", 1)
    loose = f'<{mark} href="/9/">{opening}.</{mark}> {rest}'
    parts = f"{PARAGRAPHS[0]}<br><br>{PARAGRAPHS[1]}<blockquote><p>{PARAGRAPHS[2]}</p></blockquote>{loose}"
    main = f"<h1>{HEADLINE}</h1><div>{parts}</div>"
    if box == "td":
        main = f"<table><tr><td><h1>{HEADLINE}</h1>{parts}</td></tr></table>"
    assert article_of(themed(main)).body_text == "\n\n".join((*PARAGRAPHS[:2], PARAGRAPHS[2], PARAGRAPHS[3]))
