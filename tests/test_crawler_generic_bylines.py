"""Who wrote an article on pages of no known platform: persons by their names alone, and the outlet last."""

import pytest

from tests.test_crawler_generic_pages import BODY, HEADLINE, MORNING, article_of, jsonld, page

SITE = '<meta property="og:site_name" content="Harbor Post">'


def names_of(markup: str) -> list[str]:
    return [author.name for author in article_of(markup).authors]


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("Ida Lunde, Harbor Post", ["Ida Lunde"]),
        ("By Ida Lunde, HARBORPOST", ["Ida Lunde"]),
        ("Ida Lunde, Per Dahl, and J. R. Moe, harborpost.example", ["Ida Lunde", "Per Dahl", "J. R. Moe"]),
        ("Ida Lunde, Harbor Post Senior Sea Analyst", ["Ida Lunde"]),
        ("Ida Lunde, staff writer", ["Ida Lunde"]),
        ("Ida Lunde, MD, and Per Dahl, PhD", ["Ida Lunde", "Per Dahl"]),
        ("Ida Lunde @idalunde", ["Ida Lunde"]),
        ("IDA LUNDE, PER DAHL Correspondantes en mer", ["IDA LUNDE", "PER DAHL"]),
        ("Sam Dahl, Jr.", ["Sam Dahl, Jr."]),
        ("Lunde, I.", ["Lunde, I."]),
        ("Ida (I. R.) Lunde", ["Ida (I. R.) Lunde"]),
        ("Ida Lunde / Per Dahl", ["Ida Lunde", "Per Dahl"]),
        ("Ida Lunde, ida@harborpost.example", ["Ida Lunde"]),
        ("name, email@mail.example", []),
    ],
)
def test_a_declared_author_is_a_name_without_outlet_role_or_account(told: str, names: list[str]) -> None:
    assert names_of(page(f'{SITE}<meta name="author" content="{told}">')) == names


@pytest.mark.parametrize(
    "outlet", ["Harbor Post", "Casa Harbor Post", "harborpost.example", "HARBORPOST", "#author"]
)
@pytest.mark.parametrize(
    "line",
    [
        '<p><a rel="author" href="/by/ida">Ida Lunde</a></p>',
        "<p>By Ida Lunde</p>",
        '<p class="byline">Ida Lunde</p>',
    ],
)
def test_a_person_on_the_page_is_the_author_where_the_outlet_is_declared(outlet: str, line: str) -> None:
    assert names_of(page(f'{SITE}<meta name="author" content="{outlet}">', above=line)) == ["Ida Lunde"]


def test_an_outlet_is_the_author_where_nobody_is_named() -> None:
    assert names_of(page(f'{SITE}<meta name="author" content="Harbor Post Newsroom">')) == [
        "Harbor Post Newsroom"
    ]


def test_a_site_of_a_person_is_no_outlet() -> None:
    person = {"@type": ["Person", "Organization"], "name": "Harbor Post"}
    told = jsonld(
        {"@type": "BlogPosting", "headline": HEADLINE, "datePublished": MORNING, "author": person}, person
    )
    assert names_of(page(told, above='<p class="byline">Guest Writer Per Dahl</p>')) == ["Harbor Post"]
    assert names_of(
        page('<meta name="author" content="Harbor Post">', above='<p class="author">Per Dahl</p>')
    ) == ["Harbor Post"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ida Lunde: 3 Nov 2026", ["Ida Lunde"]),
        ("Ida Lunde | Nov. 3, 2026, 4:05 PM | 2,310 | 7", ["Ida Lunde"]),
        ("By Ida Lunde2026-11-03 20:11:05 UTC", ["Ida Lunde"]),
        ("By Ida Lunde Tuesday, Nov. 3, 2026", ["Ida Lunde"]),
        ("By Ida Lunde @idalunde on November 3, 2026 at 7:15a", ["Ida Lunde"]),
        ("Ida Lunde (with Per Dahl and Bo Moe)", ["Ida Lunde"]),
        ("Essay by Ida Lunde, Harbor Post", ["Ida Lunde"]),
        ("Ida Lunde - ida@harborpost.example Published: 3 Nov, 2026", ["Ida Lunde"]),
        ("7:20AM BST 03 Nov 2026", []),
        ("Senior Staff Writer", []),
        ("Read more about this", []),
    ],
)
@pytest.mark.parametrize("name", ["byline", "post-author", "author-name"])
def test_a_line_marked_as_that_of_the_author_holds_the_name(line: str, names: list[str], name: str) -> None:
    article = article_of(page(SITE, above=f'<div class="{name}">{line}</div>'))
    assert [author.name for author in article.authors] == names
    assert article.byline == (line if names else None)


def test_names_in_comments_and_teasers_are_no_byline() -> None:
    remarks = '<ol class="commentlist"><li class="comment"><div class="comment-author vcard">Bo Moe</div>Yes.</li></ol>'
    more = "".join(
        f'<article><h3><a href="/news/2026/other-{n}">Another story {n}</a></h3><p class="byline">Cy Berg</p></article>'
        for n in range(3)
    )
    article = article_of(page(below=f'{more}{remarks}<span class="sf_comment_author">Di Vik</span>'))
    assert (article.authors, article.byline) == ([], None)
    article = article_of(page(above='<p class="author">Ida Lunde</p>', below=more + remarks))
    assert (article.authors[0].name, article.byline) == ("Ida Lunde", "Ida Lunde")


@pytest.mark.parametrize(
    ("face", "names"),
    [
        ('<a href="/ida"><img class="avatar round" src="/f.png"><p>Ida Lunde</p></a>', ["Ida Lunde"]),
        ('<a href="/ida"><img class="cover" src="/f.png"><p>Ida Lunde</p></a>', []),
        ('<a href="/me"><img class="avatar" src="/f.png"><p>Account</p></a>', []),
    ],
)
def test_a_face_above_the_headline_with_a_name_under_it_is_the_author_s(face: str, names: list[str]) -> None:
    main = f"<header>{face}</header><p>November 3, 2026</p><h2>{HEADLINE}</h2><article>{BODY}</article>"
    assert names_of(page(main=main)) == names


def test_an_author_who_bears_the_site_s_name_keeps_the_address() -> None:
    site = '<meta property="og:site_name" content="Ida Lunde">'
    author = {"@type": "Person", "name": "Ida Lunde", "url": "/about"}
    told = jsonld({"@type": "BlogPosting", "headline": HEADLINE, "datePublished": MORNING, "author": author})
    (found,) = article_of(page(site + told)).authors
    assert (found.name, found.url) == ("Ida Lunde", "https://harborpost.example/about")


@pytest.mark.parametrize("name", ["Ida Lunde Jr", "Dr. Ida Lunde", "Ida Lunde III"])
def test_a_title_beside_the_site_s_name_tells_a_person(name: str) -> None:
    site = '<meta property="og:site_name" content="Ida Lunde">'
    (found,) = article_of(page(site, above=f'<p><a rel="author" href="/u/2">{name}</a></p>')).authors
    assert (found.name, found.url) == (name, "https://harborpost.example/u/2")


def test_a_label_in_chinese_below_the_headline_names_the_author() -> None:
    assert names_of(page(above="<div>作者：林小舟 2026-11-03</div>")) == ["林小舟"]
    assert names_of(page(above="<p>文/林小舟</p>")) == ["林小舟"]
