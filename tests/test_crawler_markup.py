"""Markup: safe, in one spelling, with the same words; and its text, excerpts and comment ids."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.reading.characters import strip_unstorable
from crawler.reading.comment_ids import derive_comment_id, derive_comment_ids
from crawler.reading.excerpts import excerpt_html, excerpt_text
from crawler.reading.markup import count_words, fold_text, html_to_text, sanitize_html, text_to_html
from crawler.reading.outline import parse_html, read_lines

BASE = "https://vocal.media/poets/ode"

_FRAGMENTS = [
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<ul><li>",
    "</li></ul>",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<br>",
    "<blockquote>",
    "</blockquote>",
    "<h1>",
    "</h1>",
    "<pre>",
    "</pre>",
    "<a href='/x'>",
    "<a href='javascript:alert(1)'>",
    "</a>",
    "<img src='/a.jpg' onerror='x()'>",
    "<script>alert(1)</script>",
    "<style>p{}</style>",
    "<iframe src='https://e.example/'></iframe>",
    "<svg><script>1</script></svg>",
    "<p style='x' onclick='y'>",
    "a word",
    "  two  words ",
    "\n",
    "&lt;script&gt;",
    "&amp;",
    "é",
    "<table><tr><td>",
    "</td></tr></table>",
    "<figure>",
    "</figure>",
    "<form><input>",
    "</form>",
    "<math><mi>",
    "</math>",
    "<!-- c -->",
    "<template>",
    "</template>",
    "<noscript>",
    "</noscript>",
    "<span lang=fr>",
    "</span>",
]
soups = st.lists(st.sampled_from(_FRAGMENTS), max_size=25).map("".join)


@pytest.mark.parametrize(
    ("given_html", "clean"),
    [
        ("plain <b>x</b> text", "<p>plain <b>x</b> text</p>"),
        ("<div>a</div><div>b <i>c</i></div>", "<p>a</p><p>b <i>c</i></p>"),
        ("<div>a <b>b</b><p>c</p> d <a href=/e>e</a></div>",
         '<p>a <b>b</b></p><p>c</p><p>d <a href="https://vocal.media/e">e</a></p>'),
        ("<p>a\n  b&nbsp;c<br/> d</p>", "<p>a b c<br>d</p>"),
        ("<p>a &amp; b &lt;i&gt;</p>", "<p>a &amp; b &lt;i&gt;</p>"),
        ("<h1>t</h1><h3>u</h3>", "<h2>t</h2><h3>u</h3>"),
        ("<ul><div><li>a</li></div><li><div><b>b</b></div></li></ul>", "<ul><li>a</li><li><b>b</b></li></ul>"),
        ("<blockquote><div>a</div><div>b</div></blockquote>", "<blockquote><p>a</p><p>b</p></blockquote>"),
        ("<pre>a\n  b</pre>", "<pre>a\n  b</pre>"),
        ("<p></p><p> </p><p><b></b></p>", ""),
        ("<a href='javascript:x()' onclick='y()'>a</a>", "<p>a</p>"),
        ("<a href='data:text/html,x'>a</a> <a href='mailto:b@c.example'>b</a>",
         '<p>a <a href="mailto:b@c.example">b</a></p>'),
        ("<script>x</script><style>y</style><form><input value=z><button>b</button></form>", ""),
        ("<svg><p>a</p></svg><math><mi>b</mi></math><template>c</template><noscript>d</noscript>", ""),
        ("<p hidden>a</p><p style='display: none'>b</p><p>c</p>", "<p>c</p>"),
        ("<details><summary>s</summary>d</details>", "<p>s</p><p>d</p>"),
    ],
)  # fmt: skip
def test_sanitize_html(given_html: str, clean: str) -> None:
    assert sanitize_html(given_html, BASE) == clean


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ("<img src=/a.jpg>", "https://vocal.media/a.jpg"),
        ("<img src='data:image/gif;base64,R0' data-src=/a.jpg>", "https://vocal.media/a.jpg"),
        ("<img src=/tiny.jpg data-lazy-src=/a.jpg>", "https://vocal.media/a.jpg"),
        ("<img src='' data-srcset='/a-1.jpg 400w, /a-2.jpg 1200w'>", "https://vocal.media/a-2.jpg"),
        ("<img srcset='/a-1.jpg 1x, /a-2.jpg 2x'>", "https://vocal.media/a-2.jpg"),
        ("<picture><source srcset='/a.webp 800w'><img alt=x></picture>", "https://vocal.media/a.webp"),
        ("<picture><source><source srcset='data:x'><source data-srcset='/a.jpg 2x'><img></picture>", "https://vocal.media/a.jpg"),
        ("<picture><source media=print><img></picture><noscript><img src=/a.jpg></noscript>", "https://vocal.media/a.jpg"),
        ("<picture><source srcset=''><img></picture>", None),
        ("<img class=lazy><noscript><img src=/a.jpg></noscript>", "https://vocal.media/a.jpg"),
        ("<img src='/_next/image?url=https%3A%2F%2Fx.example%2Fa.jpg&w=640&q=75'>", "https://x.example/a.jpg"),
        ("<img src='https://res.x.example/image/upload/f_jpg,q_auto,w_1024/a.jpg'>",
         "https://res.x.example/image/upload/f_jpg,q_auto,w_1024/a.jpg"),
        ("<img src=' ' data-src=' ' srcset='/a.jpg 2x'>", "https://vocal.media/a.jpg"),
        ("<img src=' '>", None),
        ("<img src=/p.gif width=1 height=1>", None),
        ("<img src='javascript:x'>", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "<figure>{}</figure>", "<p>{}</p>"])
def test_images(image: str, address: str | None, around: str) -> None:
    clean = sanitize_html(around.format(image), BASE)
    assert (f'src="{address}"' in clean) if address else ("<img" not in clean)


@pytest.mark.parametrize(
    ("embed", "link"),
    [
        ("<iframe src='https://www.youtube.com/embed/abcdefghijk?rel=0' title='A film'></iframe>",
         '<a href="https://www.youtube.com/watch?v=abcdefghijk">A film</a>'),
        ("<iframe data-src='//maps.example/x'></iframe>", '<a href="https://maps.example/x">maps.example</a>'),
        ("<iframe src='' data-src='//maps.example/x'></iframe>", '<a href="https://maps.example/x">maps.example</a>'),
        ("<video src=' '><source src=/v.mp4></video>", '<a href="https://vocal.media/v.mp4">vocal.media</a>'),
        ("<video><source src=/v.mp4></video>", '<a href="https://vocal.media/v.mp4">vocal.media</a>'),
    ],
)  # fmt: skip
def test_embeds_become_links(embed: str, link: str) -> None:
    assert sanitize_html(embed, BASE) == f"<p>{link}</p>"


@pytest.mark.parametrize("address", ["", "src", "src=' '", "src='javascript:x()'", "data-src='about:blank'"])
@pytest.mark.parametrize("name", ["iframe", "video", "object"])
@pytest.mark.parametrize(
    ("around", "left"),
    [("<p>a</p>{}", "<p>a</p>"), ("<figure>{}<figcaption>c</figcaption></figure>", "<figcaption>c</figcaption>")],
)  # fmt: skip
def test_an_embed_without_an_address_leaves_nothing(name: str, address: str, around: str, left: str) -> None:
    clean = sanitize_html(around.format(f"<{name} {address}></{name}>"), BASE)
    assert clean.removeprefix("<figure>").removesuffix("</figure>") == left


def test_an_embed_in_a_figure_is_a_link_above_the_caption() -> None:
    film = "<video><source src=/v.mp4><p>Your browser is old.</p></video>"
    assert sanitize_html(f"<figure>{film}<figcaption>A film</figcaption></figure>", BASE) == (
        '<figure><a href="https://vocal.media/v.mp4">vocal.media</a><figcaption>A film</figcaption></figure>'
    )


def test_the_content_of_an_element_is_meant_with_its_own_words() -> None:
    root = parse_html("<h3>One <b>two</b></h3>")
    assert root is not None
    heading = next(root.iter("h3"))
    assert sanitize_html(heading, BASE) == "<h3>One <b>two</b></h3>"
    assert [repr(line) for line in read_lines(heading)] == ["<Line h3 'One two'>"]


@pytest.mark.parametrize(
    "empty", ["<p>\x02</p>", "<p>\u2003</p>", "<p> </p>", "<picture><source srcset=/a.webp></picture>"]
)
def test_what_shows_nothing_is_no_line(empty: str) -> None:
    assert html_to_text(f"<p>a</p>{empty}<p>b</p>") == "a\n\nb"
    assert sanitize_html(f"<p>a</p>{empty}<p>b</p>", BASE) == "<p>a</p><p>b</p>"
    root = parse_html(f"<p>a</p>{empty}<p>b</p>")
    assert root is not None
    assert [line.text for line in read_lines(root)] == ["a", "b"]


@pytest.mark.parametrize("drawn", ["<p>Drawn.</p>", "Drawn.", "<b>Drawn.</b>"])
def test_a_component_drawn_in_a_sentence_ends_it(drawn: str) -> None:
    card = f'<my-card><template shadowrootmode="open">{drawn}</template></my-card>'
    assert html_to_text(f"<div>Before {card} after</div>") == "Before\n\nDrawn.\n\nafter"


PLACE = '<!--$?--><template id="B:0"></template>'
PART = '<div hidden id="S:0"><p>b</p></div>'


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"<p>a</p>{PLACE}<p>Loading</p><!--/$-->{PART}", "a\n\nb"),
        (f'<p>a</p>{PLACE}<!--$?--><template id="B:5"></template><p>x</p><!--/$--><!--$--><p>y</p><!--/$--><!--/$-->{PART}', "a\n\nb"),
        (f"<p>a</p>{PLACE}<p>Loading</p><!--/$--><p>c</p>{PART}", "a\n\nb\n\nc"),
        (f"<p>a</p><div>{PLACE}<p>Loading</p></div>{PART}", "a\n\nb\n\nLoading"),
        (f"<p>a</p>{PLACE}<p>Loading</p><!--/$-->", "a\n\nLoading"),
        (f'<p>a</p>{PART}<script>$RC("B:9","S:0")</script>', "a\n\nb"),
        (f'<p>a</p><div hidden id="S:0">{PLACE}<!--/$--><p>b</p></div>', "a\n\nb"),
    ],
)  # fmt: skip
def test_what_a_server_sends_late_stands_in_its_place(html: str, text: str) -> None:
    assert html_to_text(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>by <time-ago>3 days ago</time-ago></p>", "by 3 days ago"),
        ("<a href=/x><my-name>Ann</my-name></a>", "Ann"),
        ("<div>seen <my-count>3</my-count></div>", "seen 3"),
        ("<div><my-name>Ann</my-name><my-date>now</my-date></div>", "Ann\n\nnow"),
        ("<div><my-name>Ann</my-name> wrote</div>", "Ann wrote"),
    ],
)
def test_a_pages_own_element_is_a_box_only_among_boxes(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_relative_links_without_a_base_lead_nowhere() -> None:
    assert sanitize_html("<a href=/x>y</a><img src=/z>", None) == "<p>y</p>"


@settings(max_examples=300)
@given(soups)
def test_whatever_comes_in_comes_out_safe_and_final(soup: str) -> None:
    clean = sanitize_html(soup, BASE)
    lowered = clean.lower()
    for evil in (
        "<script",
        "onerror=",
        "onclick=",
        "javascript:",
        "<style",
        "<iframe",
        "<form",
        "<input",
        "<svg",
        " style=",
    ):
        assert evil not in lowered
    twice = sanitize_html(clean, BASE)
    assert sanitize_html(twice, BASE) == twice
    assert html_to_text(twice) == html_to_text(clean)


@given(soups)
@example("<script>f()</script><iframe src='https://e.example/'></iframe>A word")
@example("<ul><li>x<noscript><noscript></noscript>a word")
@example("<p>x<noscript><noscript></noscript>a word")
@example("<ul><li>x<svg><p>a word</p></svg>")
def test_sanitizing_keeps_the_words(soup: str) -> None:
    clean = sanitize_html(soup, BASE)
    root = parse_html(f"<div>{soup}</div>")
    seen = " ".join(line.text for line in read_lines(root)) if root is not None else ""
    assert "".join(html_to_text(clean).replace("e.example", "").split()) == "".join(seen.split())


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<p>a<br>b<br><br>c</p>", "a\nb\n\nc"),
        ("<ul><li>a</li><li>b</li></ul><p>c</p>", "a\nb\n\nc"),
        ("<ul><li>a<ul><li>b</li></ul></li></ul>", "a\nb"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<div style='white-space: pre-wrap'>a\nb</div>", "a\nb"),
        ("<blockquote><p>a</p></blockquote>", "a"),
        ("a<b>b</b> c", "ab c"),
        ("<p>a</p><script>b</script>", "a"),
        ("", ""),
    ],
)
def test_html_to_text(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_html_to_text_with_marks() -> None:
    html = "<ol><li>a</li><li>b</li></ol><ul><li>c</li></ul><blockquote><p>d<br>e</p></blockquote>"
    assert html_to_text(html, with_marks=True) == "1. a\n2. b\n- c\n\n> d\n> e"
    assert html_to_text("<ul><li><img src=/a.jpg></li><li>b</li></ul>", with_marks=True) == "- b"
    assert html_to_text(f"<p>f</p>{html}<p>g</p>", with_marks=True).startswith("f\n\n1. a\n2. b\n")


def test_text_to_html_and_back() -> None:
    text = "A & b <c>\n\nd\ne"
    assert text_to_html(text) == "<p>A &amp; b &lt;c&gt;</p><p>d<br>e</p>"
    assert html_to_text(text_to_html(text)) == text


@pytest.mark.parametrize("size", ["365.63", "100%", "auto", "12px", "\u0661", ""])
def test_only_whole_pixels_are_the_size_of_a_picture(size: str) -> None:
    html = f'<p>See <img src="/a.jpg" alt="" width="{size}" height="40"></p>'
    assert sanitize_html(html, "https://a.example/") == (
        '<p>See <img src="https://a.example/a.jpg" alt="" height="40"></p>'
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("  ", 0),
        ("One two\nthree\n\nfour", 4),
        ("naïve café", 2),
        ("春の海 ひねもす", 7),
        ("中文 and 日本", 5),
        (
            "\u0e17\u0e30\u0e40\u0e25\u0e2a\u0e35\u0e04\u0e23\u0e32\u0e21 ok",
            3,
        ),  # ten letters and marks of Thai
        ("\u1019\u1004\u103a\u1039\u1002\u101c\u102c\u1015\u102b", 2),
        ("\u0939\u093f\u0928\u094d\u0926\u0940 Việt", 2),
    ],
)
def test_count_words(text: str, count: int) -> None:
    assert count_words(text) == count
    if text.strip():
        assert count_words(text, is_tidy=True) == count


HTML = (
    '<p>One <a href="https://a.example/">two three</a> four.</p><p><img src="x">Five &amp; six &lt;b&gt;.</p>'
)


@pytest.mark.parametrize("words", range(1, 12))
def test_excerpts_hold_whole_words_and_valid_html(words: int) -> None:
    excerpt = excerpt_html(HTML, words)
    text = html_to_text(excerpt)
    kept = text.replace("…", " ").split()
    assert kept == html_to_text(HTML).split()[: len(kept)]
    assert len(kept) == min(words, len(html_to_text(HTML).split()))
    assert excerpt.count("<p>") == excerpt.count("</p>")
    assert excerpt.count("<a ") == excerpt.count("</a>")
    assert ("…" in excerpt) == (words < len(html_to_text(HTML).split()))


def test_an_excerpt_of_code_keeps_its_lines() -> None:
    code = "<pre><code>def f(x):\n    return x\n\nprint(f(1), f(2))\n</code></pre>"
    assert excerpt_html(code, 5) == "<pre><code>def f(x):\n    return x\n\nprint(f(1)…</code></pre>"
    assert excerpt_text("def f(x):\n    return x\nprint(f(1))", 4) == "def f(x):\n    return x…"


def test_an_excerpt_of_paragraphs_never_closed_nests_none_in_another() -> None:
    assert excerpt_html("<p>One two<p>three four<p>five", 3) == "<p>One two</p><p>three…</p>"


def test_excerpt_text() -> None:
    assert excerpt_text("One two.\n\nThree four.", 9) == "One two.\n\nThree four."
    assert excerpt_text("One two.\n\nThree four.", 3) == "One two.\n\nThree…"
    assert excerpt_text("One two.\n\nThree four.", 2) == "One two. …"


def test_fold_text_keeps_accents() -> None:
    assert fold_text(" Tech\u00a0NEWS ") == "tech news"
    assert fold_text("ﬁne STRASSE") == "fine strasse"
    assert fold_text("pâte") != fold_text("pate")


def test_unstorable_characters_go() -> None:
    assert (
        strip_unstorable("a\x00b\x0cc\x85d\ue000e\ufffef\ud800g" + "x" * 300)
        == "abc\x85d\ue000efg" + "x" * 300
    )


COMMENTS = [
    ("Ann", None, "First!"), ("Bo", 0, "No, me."), ("Ann", None, "Great  work"), ("Cy", 1, "Great work"),
    ("Ann", None, "great work"),
]  # fmt: skip


def test_comment_ids_do_not_depend_on_order_and_paging() -> None:
    ids = dict(zip([(name, body) for name, _, body in COMMENTS], derive_comment_ids(COMMENTS), strict=True))
    rng = random.Random(7)
    for _ in range(20):
        roots = [at for at, (_, parent, _) in enumerate(COMMENTS) if parent is None]
        rng.shuffle(roots)
        order = [*roots, 1, 3]
        place = {at: position for position, at in enumerate(order)}
        shuffled = [
            (COMMENTS[at][0], None if COMMENTS[at][1] is None else place[COMMENTS[at][1]], COMMENTS[at][2])
            for at in order
        ]
        found = list(derive_comment_ids(shuffled))
        assert set(found) == set(ids.values())
        assert found[order.index(1)] == ids["Bo", "No, me."]
    assert len(set(ids.values())) == len(COMMENTS)


def test_a_comment_id_survives_a_mended_typo_at_the_end_but_not_another_author() -> None:
    body = "one two three four five six seven eight nine ten eleven twelve thirteen"
    assert derive_comment_id("Ann", None, body) == derive_comment_id("ANN ", None, body + " fourteen")
    assert derive_comment_id("Ann", None, body) != derive_comment_id("Bo", None, body)
    assert derive_comment_id("Ann", None, body) != derive_comment_id("Ann", "d-1", body)
    assert derive_comment_id("Ann", None, body) != derive_comment_id("Ann", None, body, 1)
