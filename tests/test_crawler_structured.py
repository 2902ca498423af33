"""JSON-LD, microdata, meta elements and JSON states, whole and broken."""

import json
from typing import Any

import pytest

from crawler.platforms.vocal.documents import document_html
from crawler.platforms.vocal.states import author_bio, body_length, body_of_post, claims_of_post, find_post
from crawler.reading.claims import Claims, all_claims, claims_of_meta, claims_of_node
from crawler.reading.indexed import unfold_indexed
from crawler.reading.outline import parse_html
from crawler.reading.states import parse_json, parse_script
from crawler.reading.structured import Structured, as_count, as_text, read_structured


def structured(head: str, body: str = "") -> Structured:
    return read_structured(parse_html(f"<html lang=en><head>{head}</head><body>{body}</body></html>"))


def of_article(page: Structured) -> Claims:
    found = page.article_node()
    assert found is not None
    return claims_of_node(*found, page)


def ld(*blocks: object) -> str:
    return "".join(
        f'<script type="application/ld+json">{block if isinstance(block, str) else json.dumps(block)}</script>'
        for block in blocks
    )


ARTICLE: dict[str, Any] = {
    "@type": "BlogPosting",
    "headline": "The Tide Clock",
    "author": {"@type": "Person", "name": "Ida Moss", "url": "/authors/ida-moss"},
    "datePublished": "2026-06-20T08:00:00Z",
}


@pytest.mark.parametrize(
    "head",
    [
        ld(ARTICLE),
        ld([{"@type": "WebSite", "name": "Vocal"}, ARTICLE]),
        ld({"@context": "https://schema.org", "@graph": [{"@type": "Organization", "name": "V"}, ARTICLE]}),
        ld('{"@type": "WebPage",', ARTICLE),
        ld("<!-- " + json.dumps(ARTICLE) + " -->"),
        ld("//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>"),
        ld(json.dumps(ARTICLE)[:-1] + ",}"),
        ld(json.dumps(ARTICLE).replace("Tide Clock", "Tide\n Clock")),
        ld(json.dumps(ARTICLE) + ";"),
        ld({"@type": "WebPage", "mainEntity": ARTICLE}),
        ld(ARTICLE | {"@type": ["Article", "http://schema.org/BlogPosting"]}),
        ld({"@graph": [ARTICLE | {"author": {"@id": "#ida"}}, ARTICLE["author"] | {"@id": "#ida"}]}),
        ld(ARTICLE | {"headline": {"@value": "The Tide Clock"}, "author": [ARTICLE["author"]]}),
    ],
)
def test_jsonld(head: str) -> None:
    claims = of_article(structured(head))
    assert (claims.source, claims.headline, claims.published) == (
        "jsonld",
        "The Tide Clock",
        ARTICLE["datePublished"],
    )
    assert claims.authors == [("Ida Moss", "/authors/ida-moss")]


@pytest.mark.parametrize(
    "head",
    [
        "",
        ld(""),
        ld("{"),
        ld("null"),
        ld("[]"),
        ld({"@type": "BlogPosting"}),
        ld({"headline": "x"}),
        ld("[" * 5000),
    ],
)
def test_no_article_in_jsonld(head: str) -> None:
    assert structured(head).article_node() is None


def test_jsonld_co_authors_comments_and_counts() -> None:
    claims = of_article(
        structured(
            ld(
                ARTICLE
                | {
                    "author": [{"name": "Ida Moss"}, {"name": "Bo Ek"}, "Cy"],
                    "image": [{"@type": "ImageObject", "url": "/h.jpg", "caption": "A clock"}],
                    "keywords": "ode, family",
                    "isAccessibleForFree": "False",
                    "license": "https://creativecommons.org/licenses/by/4.0/",
                    "commentCount": "2",
                    "interactionStatistic": {"interactionType": "https://schema.org/LikeAction", "userInteractionCount": 16},
                    "comment": [
                        {"@type": "Comment", "@id": "#c1", "text": "Hi", "author": {"name": "Di"}, "dateCreated": "2026-06-21",
                         "comment": [{"@type": "Comment", "@id": "#c2", "text": "Oh", "author": "Ida Moss"}]},
                    ],
                }
            )
        )
    )  # fmt: skip
    assert [name for name, _ in claims.authors] == ["Ida Moss", "Bo Ek", "Cy"]
    assert claims.image == ("/h.jpg", None, "A clock", None)
    assert [name for name, _ in claims.tags] == ["ode", "family"]
    assert (claims.is_free, claims.comment_count, claims.like_count) == (False, 2, 16)
    assert claims.license == "https://creativecommons.org/licenses/by/4.0/"
    assert [(comment.platform_id, comment.parent_id, comment.author_name) for comment in claims.comments] == [
        ("#c1", None, "Di"),
        ("#c2", "#c1", "Ida Moss"),
    ]


@pytest.mark.parametrize(
    ("told", "image"),
    [
        ("/h.jpg", "/h.jpg"),
        ([{"@type": "ImageObject", "caption": "x"}, "/h.jpg"], "/h.jpg"),
        ([None, " ", {"contentUrl": "/h.jpg"}], "/h.jpg"),
        ({"url": [7, "/h.jpg"]}, None),
        ([], None),
    ],
)
def test_the_first_picture_with_an_address_is_meant(told: object, image: str | None) -> None:
    found = of_article(structured(ld(ARTICLE | {"image": told}))).image
    assert (found and found[0]) == image


@pytest.mark.parametrize(
    ("statistics", "likes"),
    [
        (["16", {"interactionType": "https://schema.org/ShareAction", "userInteractionCount": 4},
          {"interactionType": {"@type": "LikeAction"}, "userInteractionCount": 16}], 16),
        ({"interactionType": "https://schema.org/ShareAction", "userInteractionCount": 4}, None),
        ("many", None),
    ],
)  # fmt: skip
def test_likes_are_told_from_other_counts(statistics: object, likes: int | None) -> None:
    claims = of_article(structured(ld(ARTICLE | {"interactionStatistic": statistics})))
    assert claims.like_count == likes


def test_answers_are_followed_as_deep_as_people_go() -> None:
    comment: dict[str, Any] = {"text": "bottom", "author": "Ann"}
    for depth in range(60):
        comment = {"text": f"above {depth}", "author": "Ann", "comment": [comment]}
    told = of_article(structured(ld(ARTICLE | {"comment": ["no comment", comment, None]}))).comments
    assert [each.body for each in told[:2]] == ["above 59", "above 58"]
    assert (told[0].parent_id, told[1].parent_id) == (None, told[0].key)
    assert len(told) == 51


@pytest.mark.parametrize(
    "author", [{"name": "Ida Moss", "url": [None, {}, "/authors/ida"]}, {"name": [" ", "Ida Moss"], "sameAs": "/authors/ida"}]
)  # fmt: skip
def test_the_first_name_and_address_that_say_something_are_meant(author: object) -> None:
    assert of_article(structured(ld(ARTICLE | {"author": author}))).authors == [("Ida Moss", "/authors/ida")]


def test_microdata_outside_any_item_says_nothing_and_an_item_may_be_named() -> None:
    page = structured(
        "",
        '<i itemprop="headline">Loose</i><article itemscope itemtype="https://schema.org/BlogPosting" itemid="#a">'
        '<h1 itemprop="headline">The Tide Clock</h1></article>',
    )
    assert [(item["@id"], item["headline"]) for item in page.microdata] == [("#a", "The Tide Clock")]


@pytest.mark.parametrize(("head", "title"), [("<title>A</title>", "A"), ("", None)])
def test_the_title_of_a_drawing_is_no_title_of_the_page(head: str, title: str | None) -> None:
    assert structured(head, "<svg><title>drawing</title></svg>").title == title


@pytest.mark.parametrize("told", ['"words"', "7", "null", "{", "[[1],[2]]"])
def test_a_state_that_is_no_object_is_passed_over(told: str) -> None:
    page = structured("", f'<script type="application/json">{told}</script>')
    assert page.states == ([[[1], [2]]] if told.startswith("[") else [])


def test_microdata_is_read_like_jsonld() -> None:
    claims = of_article(
        structured(
            "",
            '<article itemscope itemtype="https://schema.org/BlogPosting"><h1 itemprop="headline">The <b>Tide</b> Clock</h1>'
            '<span itemprop="author" itemscope itemtype="https://schema.org/Person"><a itemprop="url" href="/authors/ida">'
            '<i itemprop="name">Ida Moss</i></a></span><time itemprop="datePublished" datetime="2026-06-20">June</time>'
            '<meta itemprop="commentCount" content="3"><img itemprop="image" src="/h.jpg"></article>',
        )
    )
    assert claims.source == "microdata"
    assert (claims.headline, claims.published, claims.comment_count) == ("The Tide Clock", "2026-06-20", 3)
    assert claims.authors == [("Ida Moss", "/authors/ida")]
    assert claims.image is not None
    assert claims.image[0] == "/h.jpg"


def test_meta() -> None:
    page = structured(
        '<title>The Tide Clock | Poets</title><meta property="og:title" content="The Tide  Clock">'
        '<meta property="og:image" content="/h.jpg"><meta property="og:image:alt" content="A clock">'
        '<meta name="author" content="Ida Moss"><meta property="article:published_time" content="2026-06-20">'
        '<meta property="article:tag" content="ode"><meta property="article:tag" content="family">'
        '<meta property="og:locale" content="en_GB"><meta property="og:empty" content=" ">'
        '<link rel="canonical alternate" href="/poets/ode">',
        "<svg><title>drawing</title></svg>",
    )
    claims = claims_of_meta(page)
    assert (claims.headline, claims.published, claims.language) == ("The Tide Clock", "2026-06-20", "en-GB")
    assert claims.authors == [("Ida Moss", None)]
    assert [name for name, _ in claims.tags] == ["ode", "family"]
    assert (page.title, page.language) == ("The Tide Clock | Poets", "en")
    assert page.links["canonical"] == [("/poets/ode", "")]
    assert "og:empty" not in page.meta
    assert [found.source for found in all_claims(page)] == ["meta"]


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ('<meta name="byl" content="By Ida Moss">', ["By Ida Moss"]),
        (
            '<meta name="citation_author" content="Moss, Ida"><meta name="citation_author" content="Lund, Bo">',
            ["Moss, Ida", "Lund, Bo"],
        ),
        (
            '<meta property="author" content="#author"><meta name="parsely-author" content="Ida Moss">',
            ["Ida Moss"],
        ),
        ('<meta property="article:author" content="www.friends.example/moss">', []),
        (
            '<meta name="twitter:label1" content="Time to read"><meta name="twitter:data1" content="4 minutes">'
            '<meta name="twitter:label2" content="Written by"><meta name="twitter:data2" content="Ida Moss">',
            ["Ida Moss"],
        ),
    ],
)
def test_meta_name_the_authors_by_many_vocabularies(head: str, names: list[str]) -> None:
    assert [name for name, _ in claims_of_meta(structured(head)).authors] == names


@pytest.mark.parametrize("name", ["dcterms.created", "parsely-pub-date", "publishdate", "pubdate", "DC.date"])
def test_meta_name_the_day_by_many_vocabularies(name: str) -> None:
    claims = claims_of_meta(structured(f'<meta name="{name}" content="2026-06-20">'))
    assert (claims.published, claims.modified) == ("2026-06-20", None)


def test_the_keywords_of_news_are_tags_where_no_others_are_told() -> None:
    news = '<meta name="news_keywords" content="tide, clocks, ">'
    assert claims_of_meta(structured(news)).tags == [("tide", None), ("clocks", None)]
    assert claims_of_meta(structured(news + '<meta property="article:tag" content="Salt">')).tags == [
        ("Salt", None)
    ]


@pytest.mark.parametrize(
    ("script", "values"),
    [
        ('window.__STATE__ = {"title": "x"};', [{"title": "x"}]),
        ('var a = 1; window["s"]={"title": "x", "n": undefined,};', [{"title": "x", "n": None}]),
        ('self.s = JSON.parse("{\\"title\\": \\"x\\"}")', [{"title": "x"}]),
        ('a={"title":"x"};b=[{"title":"y"}]', [{"title": "x"}, [{"title": "y"}]]),
        ("if (a == {}) { b = function() { return 1 } }", []),
        ('a = {"title": ', []),
        ('a = {"n": undefined, "title": ; b = {"title": "x"}', [{"title": "x"}]),
        ('a = {"title": "x"};' * 60, [{"title": "x"}] * 50),
    ],
)  # fmt: skip
def test_parse_script(script: str, values: list[object]) -> None:
    assert list(parse_script(script)) == values


def test_a_flight_payload_is_read_over_all_its_scripts() -> None:
    rows = [
        '1:"$Sreact.fragment"\n2:I["chunk",["a"],"default"]\n',
        '3:{"post":{"title":"Überfahrt","body":"$4","author":"$5","tags":["$6"],"publishedAt":',
        '"$D2026-08-08T08:08:08.000Z"}}\n4:T',
        "16,Zwölf Schafe\n3:{ 🐑",
        '5:{"name":"Ann"}\n6:{"name":"sea"}\n7:null\n',
    ]
    scripts = "".join(f"<script>self.__next_f.push([1,{json.dumps(row)}])</script>" for row in rows)
    page = structured("", f"<script>self.__next_f=self.__next_f||[]</script>{scripts}")
    post = next(state["post"] for state in page.states if "post" in state)
    assert post == {
        "title": "Überfahrt",
        "body": "Zwölf Schafe\n3:{ 🐑",
        "author": {"name": "Ann"},
        "tags": [{"name": "sea"}],
        "publishedAt": "2026-08-08T08:08:08.000Z",
    }


def test_references_without_end_are_not_followed() -> None:
    rows = "".join(
        f'{n:x}:{{"title":"x","nodes":["${n + 1:x}","${n + 1:x}"],"up":"$1"}}\n' for n in range(1, 40)
    )
    page = structured("", f"<script>self.__next_f.push([1,{json.dumps(rows)}])</script>")
    assert len(page.states) == 39
    assert len(json.dumps(page.states)) < 10_000


_NUXT = [
    ["ShallowReactive", 1],
    {"post": 2, "again": 2},
    ["Ref", 3],
    {"title": 4, "at": 5, "tags": 6, "none": -1},
]
_NUXT += ["Tide", ["Date", "2026-08-08T08:08:08.000Z"], [4, 4]]
_ROUTER = [
    {"_1": 2},
    "post",
    {"_3": 4, "_5": 6, "_7": 8, "_9": -5},
    "title",
    "Tide",
    "at",
    ["D", 1786176488000],
]
_ROUTER += ["tags", [4, 4], "none"]
_POST = {"title": "Tide", "tags": ["Tide", "Tide"], "none": None}


def test_a_state_in_one_flat_list_is_unfolded() -> None:
    nuxt = structured("", f'<script type="application/json" id="__NUXT_DATA__">{json.dumps(_NUXT)}</script>')
    assert nuxt.states[0]["post"] == {**_POST, "at": "2026-08-08T08:08:08.000Z"}
    assert nuxt.states[0]["again"] is nuxt.states[0]["post"]
    call = (
        f"window.__reactRouterContext.streamController.enqueue({json.dumps(json.dumps(_ROUTER) + chr(10))});"
    )
    router = structured("", f"<script>{call}</script>")
    assert router.states == [{"post": {**_POST, "at": "2026-08-08T08:08:08+00:00"}}]


@pytest.mark.parametrize("last", [[98, 98], {"a": 98, "b": 98}])
def test_a_flat_list_that_grows_without_end_is_passed_over(last: object) -> None:
    values: list[object] = [{"a": 1}, *([n + 1, n + 1] for n in range(1, 97)), last, "x"]
    assert unfold_indexed(values) is None
    assert unfold_indexed([{"a": 0, "b": 1}, "x"]) == {"a": None, "b": "x"}


@pytest.mark.parametrize("wrapped", [["D", "soon"], ["D", 1e15], ["Date", 7], ["Set", 2], ["Map"]])
def test_what_stands_for_something_unknown_is_none(wrapped: object) -> None:
    assert unfold_indexed([{"at": 1, "name": 2}, wrapped, "x"]) == {"at": None, "name": "x"}


@pytest.mark.parametrize("piece", ['"[{\\"_1\\":2"', '"[1]"', '"P5:[]"', '"'])
def test_a_broken_piece_of_a_state_is_passed_over(piece: str) -> None:
    assert structured("", f"<script>x.streamController.enqueue({piece});</script>").states == []


@pytest.mark.parametrize("row", ['1:T99999,"title"', '1:Tzz,{"title"', ":", '1:{"title":'])
def test_a_broken_flight_payload_gives_what_it_has(row: str) -> None:
    page = structured("", f'<script>self.__next_f.push([1,{json.dumps(row)},"title"])</script>')
    assert len(page.states) <= 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('{"a": 1,}', {"a": 1}),
        ("{&quot;a&quot;: 1}", {"a": 1}),
        ('{"a": "b\nc"}', {"a": "b\nc"}),
        ("", None),
        ("{", None),
        ("[" * 100_000, None),
    ],
)
def test_parse_json(text: str, value: object) -> None:
    assert parse_json(text) == value


def test_the_post_among_others_is_found_by_its_slug_and_body() -> None:
    teaser = {
        "title": "Salt",
        "slug": "salt",
        "publishedAt": "2026-01-01",
        "author": {"name": "Z"},
        "content": "<p>a</p>",
    }
    post = {
        "title": "The Tide Clock",
        "slug": "the-tide-clock",
        "publishedAt": "2026-01-01",
        "author": {"name": "I"},
    }
    state = {"related": [teaser], "deep": {"er": {"post": post | {"body": "<p>b</p>"}}}}
    found = find_post([{"theme": {"title": "dark"}}, state], "the-tide-clock")
    assert found is not None
    claims = claims_of_post(*found)
    assert claims.headline == "The Tide Clock"
    assert body_of_post(*found) == "<p>b</p>"
    assert body_length(*found) == 1
    assert find_post([{"title": "menu", "items": [{"title": "home", "slug": "x"}]}], None) is None


def slate(*nodes: object) -> dict[str, object]:
    return {"document": {"nodes": list(nodes)}}


def leaf(text: str, *marks: str) -> dict[str, object]:
    return {"object": "text", "leaves": [{"text": text, "marks": [{"type": mark} for mark in marks]}]}


@pytest.mark.parametrize(
    ("content", "html"),
    [
        (slate({"type": "paragraph", "nodes": [leaf("A & "), leaf("b", "bold", "italic")]}),
         "<p>A &amp; <em><strong>b</strong></em></p>"),
        (json.dumps(slate({"type": "paragraph", "nodes": [leaf("one\ntwo")]})), "<p>one<br>two</p>"),
        ([{"type": "paragraph", "children": [{"text": "A ", "bold": True}, {"text": "b"}]}], "<p><strong>A </strong>b</p>"),
        (slate({"type": "heading-two", "nodes": [leaf("H")]}), "<h3>H</h3>"),
        (slate({"type": "heading", "data": {"level": 4}, "nodes": [leaf("H")]}), "<h4>H</h4>"),
        (slate({"type": "blockquote", "nodes": [leaf("Q")]}), "<blockquote>Q</blockquote>"),
        (slate({"type": "ordered-list", "nodes": [{"type": "list-item", "nodes": [
            {"type": "paragraph", "nodes": [leaf("1")]}]}]}), "<ol><li>1</li></ol>"),
        (slate({"type": "paragraph", "nodes": [
            {"object": "inline", "type": "link", "data": {"href": "https://a.example/?b&c"}, "nodes": [leaf("l")]}]}),
         '<p><a href="https://a.example/?b&amp;c">l</a></p>'),
        ({**slate({"type": "unsplashImage", "data": {"_joinIds": ["u"]}, "nodes": [{"type": "caption", "nodes": [leaf("C")]}]}),
          "unsplashImages": [{"id": "u", "publicUrl": "https://a.example/i.jpg", "altText": "x"}]},
         '<figure><img src="https://a.example/i.jpg" alt="x"><figcaption>C</figcaption></figure>'),
        (slate({"type": "oEmbed", "data": {"url": "https://v.example/1", "title": "V"}}), '<p><a href="https://v.example/1">V</a></p>'),
        (slate({"type": "paragraph", "nodes": [leaf("")]}, {"type": "unknown", "nodes": [leaf("x")]}), "<p>x</p>"),
        (slate({"type": "divider"}, {"type": "hr"}, {"type": "paragraph", "nodes": [leaf("x")]}), "<hr><hr><p>x</p>"),
        (slate({"type": "columns", "nodes": [{"type": "paragraph", "nodes": [leaf("x")]}, {"type": "h3", "nodes": [leaf("y")]}]}),
         "<p>x</p><h3>y</h3>"),
        (slate({"type": "h1", "nodes": [leaf("H")]}), "<h2>H</h2>"),
        (slate({"type": "paragraph", "nodes": [leaf("x", "highlight", "bold", "bold")]}), "<p><strong>x</strong></p>"),
        (slate({"type": "image", "data": {"caption": "A & b"}}, {"type": "image"}), "<p>A &amp; b</p>"),
        (slate({"type": "embed", "data": {"url": "javascript:x()"}}, {"type": "paragraph", "nodes": [leaf("x")]}), "<p>x</p>"),
        (slate({"type": "embed"}, {"type": "image"}), None),
        ("<p>ready</p>", "<p>ready</p>"),
        ("no markup", None),
        ({}, None),
        (None, None),
        (17, None),
    ],
)  # fmt: skip
def test_document_html(content: object, html: str | None) -> None:
    assert document_html(content) == html


def test_a_document_is_read_as_deep_as_people_write() -> None:
    deep: dict[str, Any] = {"type": "paragraph", "nodes": [leaf("bottom")]}
    for _ in range(500):
        deep = {"type": "columns", "nodes": [{"type": "paragraph", "nodes": [leaf("x")]}, deep]}
    html = document_html(slate(deep))
    assert html is not None
    assert 30 < html.count("<p>x</p>") < 50
    inline: dict[str, Any] = leaf("bottom")
    for _ in range(500):
        inline = {"type": "link", "object": "inline", "nodes": [inline]}
    assert document_html(slate({"type": "paragraph", "nodes": [leaf("top"), inline]})) == "<p>top</p>"


@pytest.mark.parametrize(("n_wraps", "html"), [(3, "<p>x</p>"), (12, None)])
def test_a_document_may_stand_in_boxes_and_texts(n_wraps: int, html: str | None) -> None:
    content: object = slate({"type": "paragraph", "nodes": [leaf("x")]})
    for _ in range(n_wraps):
        content = {"document": content}
    assert document_html(content) == html


DATED = {"title": "Tide", "publishedAt": "2026-01-01", "author": {"name": "Ida"}}


@pytest.mark.parametrize(
    "found",
    [
        {**DATED, "title": ""}, {**DATED, "title": 7}, {"title": "Tide", "body": "<p>x</p>"}, {"title": "Tide", "author": "Ida"},
        {"title": "Tide", "publishedAt": "2026-01-01"},
    ],
)  # fmt: skip
def test_an_object_that_says_too_little_is_no_post(found: dict[str, object]) -> None:
    assert find_post([DATED], None) is not None
    assert find_post([found], None) is None


@pytest.mark.parametrize(
    ("told", "authors"),
    [
        ({"author": {"name": "Ida", "slug": "ida-moss"}}, [("Ida", "/authors/ida-moss")]),
        ({"authors": [{"name": "Ida", "url": "/i"}, {"id": 7}, " ", "Bo "]}, [("Ida", "/i"), ("Bo", None)]),
        ({"author": " Ida "}, [("Ida", None)]),
        ({"byline": "By Ida"}, []),
        ({"byline": [{"username": "ida"}]}, [("ida", None)]),
        ({"author": None, "user": {"name": "Ida"}}, [("Ida", None)]),
        ({"author": {"id": 7}}, []),
    ],
)
def test_the_authors_of_a_post_are_told_in_many_ways(told: dict[str, object], authors: object) -> None:
    found = find_post(
        [{"title": "Tide", "slug": "tide", "publishedAt": "2026-01-01", "body": "<p>x</p>", **told}], "tide"
    )
    assert found is not None
    assert claims_of_post(*found).authors == authors
    assert author_bio(*found) == (None, None)


def test_the_tags_and_comments_of_a_post_are_those_that_say_something() -> None:
    comments = [
        {"id": "1", "body": "One", "author": {"name": "Bo"}, "replies": [{"id": "2", "text": "Two"}]},
        {"node": {"id": "3", "message": "Three", "parent": {"id": "1"}}}, None, "words", {"node": 7},
    ]  # fmt: skip
    post = {
        **DATED, "body": "<p>x</p>", "site": {"slug": "poets"}, "comments": {"edges": comments},
        "tags": [{"name": "ode", "slug": "ode"}, {"name": "sea"}, {"slug": "x"}, " moss ", " ", 7],
    }  # fmt: skip
    found = find_post([post], None)
    assert found is not None
    claims = claims_of_post(*found)
    assert claims.tags == [("ode", "/poets/tag/ode"), ("sea", None), ("moss", None)]
    assert [(each.platform_id, each.parent_id, each.body) for each in claims.comments] == [
        ("1", None, "One"),
        ("2", "1", "Two"),
        ("3", "1", "Three"),
    ]


def test_properties() -> None:
    assert as_text([None, {"@value": " a  b "}]) == "a b"
    assert as_text(True) is None
    assert as_count("1,204") == 1204
    assert as_count(True) is None
    assert as_count("9" * 30) is None


def test_a_number_of_thousands_of_digits_is_no_state() -> None:
    assert list(parse_script('window.__STATE__={"a":' + "1" * 5_000 + "}")) == []
