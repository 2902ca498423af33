"""Pages of no known platform: what they declare is read, and walls, errors and lists are no articles."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import lxml.html
import pytest

from crawler.errors import PageLayoutChanged
from crawler.platforms import PLATFORMS, read_page
from crawler.platforms.base import Page, PageInput
from crawler.platforms.generic import PLATFORM
from crawler.records import ArticleRecord

SEEN_AT = datetime(2026, 11, 23, 20, tzinfo=UTC)
URL = "https://harbor.example/2026/11/nets-mended-by-hand"
FEEDS = Path(__file__).parent / "data" / "feeds"
PARAGRAPHS = [
    "The nets of Vellen are mended by hand, as they were when the harbor had forty boats and one lamp. "
    "Runa Valdis sits on the quay from six in the morning, a wooden needle in her fist and the torn mesh over "
    "her knees, and she does not look up when a ferry sounds.",
    "There is a machine in the shed that could do the same work before breakfast. It was bought in a good "
    "year, used for a week, and put under a sheet, because its knots came loose in cold water and because the "
    "men who fished with its nets said that the fish could tell.",
    "What remains is a craft that nobody pays for twice. The boats bring their nets in spring and fetch them "
    "in autumn, and in between the whole quay is hung with brown curtains that smell of tar and thyme.",
]
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def read(html: str, *, url: str | None = URL, headers: dict[str, str] | None = None) -> Page:
    return PLATFORM.read(PageInput(url, SEEN_AT, "text/html", html, (), headers or {}))


def article_of(page: Page) -> ArticleRecord:
    assert page.kind == "article"
    assert page.article is not None
    return page.article


def html(
    *, head: str = "", top: str = "<h1>Nets mended by hand</h1>", body: str = BODY, tail: str = ""
) -> str:
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><title>Nets mended by hand - The Harbor</title>{head}</head><body>'
        f'<nav><a href="/">Home</a> <a href="/tag/nets">Nets</a></nav><main><article>{top}{body}</article></main>'
        f"{tail}<footer><p>© 2026 The Harbor Press</p></footer></body></html>"
    )


def jsonld(**fields: object) -> str:
    node = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Nets mended by hand",
        **fields,
    }
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


GRAPH = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
 {"@type": "Organization", "@id": "#press", "name": "The Harbor"},
 {"@type": "Person", "@id": "#runa", "name": "Runa Valdis", "url": "/people/runa"},
 {"@type": "Person", "@id": "#ivo", "name": "Ivo Mar"},
 {"@type": "Article", "headline": "Nets mended by hand", "author": [{"@id": "#runa"}, {"@id": "#ivo"}, {"@id": "#press"}],
  "publisher": {"@id": "#press"}, "datePublished": "2026-11-03T08:00:00+02:00", "dateModified": "2026-11-04T00:00:00Z",
  "image": {"@type": "ImageObject", "url": "/nets.jpg", "caption": "The quay at six"}, "articleSection": "Crafts",
  "keywords": "nets, harbor", "commentCount": 7, "inLanguage": "en", "isAccessibleForFree": true,
  "alternativeHeadline": "A craft that nobody pays for twice"}]}</script>"""


def test_declared_fields_are_read_from_a_graph() -> None:
    page = read(html(head=GRAPH + '<link rel="canonical" href="/2026/11/nets-mended-by-hand/?utm_source=x">'))
    article = article_of(page)
    assert article.headline == "Nets mended by hand"
    assert article.dek == "A craft that nobody pays for twice"
    assert [(author.name, author.url) for author in article.authors] == [
        ("Runa Valdis", "https://harbor.example/people/runa"),
        ("Ivo Mar", None),
    ]
    assert article.published_at == datetime(2026, 11, 3, 6, tzinfo=UTC)
    assert article.published_bounds == (article.published_at, article.published_at)
    assert article.modified_at == datetime(2026, 11, 4, tzinfo=UTC)
    assert article.hero is not None
    assert (article.hero.url, article.hero.caption) == ("https://harbor.example/nets.jpg", "The quay at six")
    assert article.community is not None
    assert article.community.name == "Crafts"
    assert [tag.name for tag in article.tags] == ["nets", "harbor"]
    assert (article.comment_count, article.language, article.access) == (7, "en-gb", "free")
    assert article.rights_line == "© 2026 The Harbor Press"
    assert article.canonical_url == "https://harbor.example/2026/11/nets-mended-by-hand/"
    assert article.provenance["authors"] == "jsonld"
    assert article.provenance["body_html"] == "structure"
    assert page.links.authors == ("https://harbor.example/people/runa",)
    assert page.links.articles == ()
    assert page.comments == []


def test_the_body_is_the_running_text_alone() -> None:
    tail = '<section id="comments"><h3>Comments</h3><ol><li><p>I know that quay well.</p></li></ol></section>'
    article = article_of(read(html(head=GRAPH, tail=tail)))
    assert article.body_text == "\n\n".join(PARAGRAPHS)
    assert article.body_html == BODY.replace("'", "'")
    assert article.word_count == sum(len(paragraph.split()) for paragraph in PARAGRAPHS)


def test_open_graph_and_meta_are_enough() -> None:
    head = (
        '<meta property="og:type" content="article"><meta property="og:title" content="Nets mended by hand - The Harbor">'
        '<meta property="og:site_name" content="The Harbor"><meta name="author" content="Runa Valdis">'
        '<meta property="article:published_time" content="2026-11-03T08:00:00+02:00">'
        '<meta property="article:tag" content="nets"><meta property="article:tag" content="harbor">'
        '<meta property="og:image" content="https://cdn.example/nets.jpg"><meta property="og:locale" content="en_GB">'
        '<meta name="robots" content="noindex, NOARCHIVE">'
    )
    page = read(html(head=head, top=""), headers={"x-robots-tag": "noai"})
    article = article_of(page)
    assert article.headline == "Nets mended by hand"
    assert [author.name for author in article.authors] == ["Runa Valdis"]
    assert article.published_at == datetime(2026, 11, 3, 6, tzinfo=UTC)
    assert [tag.name for tag in article.tags] == ["nets", "harbor"]
    assert article.robots == ["noindex", "noarchive", "noai"]
    assert article.provenance["headline"] == "meta"
    assert page.missing["dek"] == "not printed"


def test_microdata_and_time_elements_are_read() -> None:
    top = (
        '<div itemscope itemtype="https://schema.org/BlogPosting"><h1 itemprop="headline">Nets mended by hand</h1>'
        '<p class="subtitle">A craft that nobody pays for twice</p>'
        '<p class="byline">By <span itemprop="author">Runa Valdis</span> and <span itemprop="author">Ivo Mar</span></p>'
        '<time itemprop="datePublished" datetime="2026-11-03T08:00:00+02:00">3 November 2026</time>'
        '<time class="updated" datetime="2026-11-04T00:00:00Z">4 November</time> <span>3 min read</span></div>'
    )
    article = article_of(read(html(top=top)))
    assert article.dek == "A craft that nobody pays for twice"
    assert article.byline == "By Runa Valdis and Ivo Mar"
    assert [author.name for author in article.authors] == ["Runa Valdis", "Ivo Mar"]
    assert article.published_at == datetime(2026, 11, 3, 6, tzinfo=UTC)
    assert article.modified_at == datetime(2026, 11, 4, tzinfo=UTC)
    assert article.reading_minutes == 3
    assert article.provenance["authors"] == "microdata"


def test_a_page_that_declares_nothing_is_an_article_by_its_text() -> None:
    article = article_of(read(html(top="<h1>Nets mended by hand</h1><p>By Runa Valdis</p>")))
    assert article.headline == "Nets mended by hand"
    assert article.byline == "By Runa Valdis"
    assert [author.name for author in article.authors] == ["Runa Valdis"]
    assert (article.published_at, article.published_bounds, article.hero) == (None, None, None)
    assert article.language == "en-gb"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"@type": "Person", "name": "Runa Valdis"}, ["Runa Valdis"]),
        (
            [{"@type": "Organization", "name": "The Harbor"}, {"@type": "Person", "name": "Ivo Mar"}],
            ["Ivo Mar"],
        ),
        ({"@type": "Organization", "name": "The Harbor"}, ["The Harbor"]),
        ("Runa Valdis", ["Runa Valdis"]),
        ([{"name": "Runa Valdis"}, {"name": "runa valdis"}], ["Runa Valdis"]),
        ({"name": "Runa Valdis, Ivo Mar and Tilde Lund"}, ["Runa Valdis", "Ivo Mar", "Tilde Lund"]),
        ({"name": "Smith and Sons"}, ["Smith and Sons"]),
        ({"name": "By Runa Valdis"}, ["Runa Valdis"]),
        ("https://facebook.example/runa", []),
        ([], []),
    ],
)
def test_authors_are_persons_before_outlets(author: object, expected: list[str]) -> None:
    head = jsonld(author=author, publisher={"@type": "Organization", "name": "The Harbor"})
    page = read(html(head=head))
    assert [found.name for found in article_of(page).authors] == expected
    assert ("authors" in page.missing) == (not expected)


def test_a_printed_person_is_before_a_declared_outlet() -> None:
    head = jsonld(author={"@type": "Organization", "name": "The Harbor"})
    article = article_of(
        read(html(head=head, top='<h1>Nets</h1><p class="byline">By Runa Valdis | 3 November 2026</p>'))
    )
    assert [author.name for author in article.authors] == ["Runa Valdis"]


@pytest.mark.parametrize("free", [False, "False", "https://schema.org/False"])
def test_a_text_that_is_not_free_is_withheld(free: object) -> None:
    page = read(html(head=jsonld(isAccessibleForFree=free)))
    article = article_of(page)
    assert (article.access, article.body_html, article.body_text, article.word_count) == ("paid", "", "", 0)
    assert page.missing["body_html"] == "withheld: the page says it is not free"


def test_a_declared_article_without_text_is_an_error() -> None:
    with pytest.raises(PageLayoutChanged) as caught:
        read(html(head=jsonld(), body=""))
    assert (caught.value.url, caught.value.kind) == (URL, "article")


def test_a_body_that_only_stands_in_the_data_is_read_there() -> None:
    head = jsonld(articleBody="\n\n".join(PARAGRAPHS))
    assert article_of(read(html(head=head, body="<div id='app'></div>"))).body_text == "\n\n".join(PARAGRAPHS)


CARDS = "".join(
    f'<article><h2><a href="/2026/11/story-{n}-of-the-quay?utm_medium=list">Story {n} of the quay</a></h2>'
    f'<a rel="author" href="/people/{n}">Writer {n}</a> <time datetime="2026-11-0{n}T08:00:00Z">{n} Nov</time></article>'
    for n in range(1, 6)
)
LIST = (
    '<html><head><title>The Harbor</title><meta property="og:site_name" content="The Harbor">'
    '<link rel="alternate" type="application/rss+xml" href="/feed">'
    '<link rel="alternate" type="application/rss+xml" href="/comments/feed">'
    '<link rel="alternate" type="application/atom+xml" href="/feed.atom">'
    '<link rel="alternate" hreflang="de" href="/de"></head><body>'
    f'<main>{CARDS}<h2><a href="/tag/nets">Nets</a></h2><h2><a href="https://other.example/a-long-story">Away</a></h2></main>'
    '<a href="/?page=2" class="next">Older posts »</a></body></html>'
)


@pytest.mark.parametrize("url", ["https://harbor.example/", "https://harbor.example/news"])
def test_a_list_gives_cards_feeds_and_its_next_page(url: str) -> None:
    page = read(LIST, url=url)
    assert (page.kind, page.article, page.title) == ("list", None, "The Harbor")
    assert page.links.articles == tuple(
        f"https://harbor.example/2026/11/story-{n}-of-the-quay" for n in range(1, 6)
    )
    assert page.cards[0].headline == "Story 1 of the quay"
    assert page.cards[0].author_name == "Writer 1"
    moment = datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert page.cards[0].published_bounds == (moment, moment)
    assert page.links.next_page == "https://harbor.example/?page=2"
    assert page.links.lists == ("https://harbor.example/feed", "https://harbor.example/feed.atom")


def test_a_blog_that_declares_its_postings_is_a_list() -> None:
    blog = {
        "@context": "https://schema.org",
        "@type": "Blog",
        "blogPost": [
            {"@type": "BlogPosting", "headline": f"Story {n}", "url": f"/story-{n}"} for n in range(3)
        ],
    }
    head = f'<script type="application/ld+json">{json.dumps(blog)}</script>'
    assert read(LIST.replace("<head>", f"<head>{head}"), url="https://harbor.example/blog").kind == "list"


def test_an_article_with_teasers_of_others_is_an_article() -> None:
    teasers = f"<aside><h2>Read next</h2>{CARDS}</aside>"
    article = article_of(read(html(head=jsonld(url=URL), tail=teasers)))
    assert article.body_text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<title>404 Not Found</title><h1>Not Found</h1>", "error"),
        ("<title>Just a moment...</title><p>Checking your browser</p>", "error"),
        ("<title>Access Denied</title><h1>Access Denied</h1>", "error"),
        ("<title>Oh no</title><h1>503 Service Unavailable</h1>", "error"),
        ("<title>Log in to The Harbor</title><form><input type=password></form>", "login_wall"),
        ("<title>The Harbor</title><h1>Members</h1><form><input type=password></form>", "login_wall"),
        ("<title>Before you continue to The Harbor</title><p>We use cookies.</p>", "login_wall"),
        ("<title>The Harbor</title><h1>Contact</h1><p>Write to us.</p>", "unknown"),
        ("<p></p>", "unknown"),
        ("", "unknown"),
    ],
)
def test_what_is_no_article_never_becomes_one(body: str, kind: str) -> None:
    page = read(body)
    assert (page.kind, page.article) == (kind, None)
    assert page.missing["article"]


def test_an_article_on_passwords_is_an_article() -> None:
    top = "<h1>Log in less: a harbor without passwords</h1>"
    assert (
        read(html(head=jsonld(headline="Log in less: a harbor without passwords"), top=top)).kind == "article"
    )


def test_a_canonical_address_that_is_the_front_page_is_not_believed() -> None:
    article = article_of(read(html(head='<link rel="canonical" href="https://harbor.example/">' + jsonld())))
    assert article.canonical_url == URL


def test_a_saved_page_without_an_address_takes_the_declared_one() -> None:
    article = article_of(read(html(head=f'<link rel="canonical" href="{URL}">' + jsonld()), url=None))
    assert (article.url, article.canonical_url) == (None, URL)
    assert article_of(read(html(head=jsonld()), url=None)).canonical_url is None


@pytest.mark.parametrize("name", ["harbor.rss", "harbor.atom", "harbor.json"])
def test_a_feed_is_a_list_of_cards(name: str) -> None:
    text = (FEEDS / name).read_text(encoding="utf-8")
    media_type = "application/json" if name.endswith("json") else "application/xml"
    page = PLATFORM.read(PageInput("https://harbor.example/feed", SEEN_AT, media_type, text))
    moment = datetime(2026, 11, 3, 6, tzinfo=UTC)
    assert (page.kind, page.title) == ("feed", "The Harbor & Tide")
    assert page.cards[0].url == page.links.articles[0] == "https://harbor.example/nets"
    assert (page.cards[0].author_name, page.cards[0].published_bounds) == ("Runa Valdis", (moment, moment))
    assert page.links.next_page is not None


def test_a_sitemap_lists_pages_and_an_index_lists_sitemaps() -> None:
    pages = []
    for name in ("sitemap.xml", "sitemap_index.xml"):
        text = (FEEDS / name).read_text(encoding="utf-8")
        page_input = PageInput(f"https://harbor.example/{name}", SEEN_AT, "application/xml", text)
        assert PLATFORM.recognizes(page_input)
        pages.append(PLATFORM.read(page_input))
    assert [page.kind for page in pages] == ["sitemap", "sitemap"]
    assert pages[0].links.articles[:2] == ("https://harbor.example/nets", "https://harbor.example/rope")
    assert pages[0].cards[0].modified_at == datetime(2026, 11, 4, 8, tzinfo=UTC)
    assert pages[1].links.articles == ()
    assert pages[1].links.lists[0] == "https://harbor.example/sitemap-2025.xml.gz"


def test_plain_words_are_unknown() -> None:
    page_input = PageInput(None, SEEN_AT, "text/plain", "Only words.")
    assert not PLATFORM.recognizes(page_input)
    page = PLATFORM.read(page_input)
    assert page.kind == "unknown"
    assert page.missing == {"article": "a text without the marks of a known platform"}


@pytest.mark.parametrize("platform", [None, "auto", "generic"])
def test_it_is_asked_last(platform: str | None) -> None:
    page = read_page(html(head=GRAPH), URL, seen_at=SEEN_AT, platform=platform)
    assert (page.platform, page.kind) == ("generic", "article")
    assert PLATFORMS[-1] is PLATFORM


def test_one_spelling_of_an_address() -> None:
    assert PLATFORM.canonical_url("HTTPS://Harbor.example:443/a?utm_source=x#y") == "https://harbor.example/a"
    assert PLATFORM.canonical_url("no address") == "no address"


@pytest.mark.parametrize(
    "body",
    [
        '<div class="byline dek">' * 250 + "words " * 50_000,
        "<h2><a href=/a-b-c-d>" * 5_000,
        "<article>" + "<a rel=author href=/x>" * 20_000,
        "<time>" * 20_000,
        "<p>By " + "By " * 100_000,
        "<ul>" + "<li><a href=/a-long-story-name>a long story name</a>" * 5_000,
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        "<h2>Comments</h2><p>x" * 20_000,
        "<h2>Comments</h2>" + "<p>3 May 2026 ago" * 20_000,
        "<form><input type=email></form><div>" * 20_000,
        "<div role=dialog>x" * 20_000,
        "<div role=dialog>x</div>" * 20_000,
        "<table><tr><td><p>x" * 20_000,
        "<table><tr><td><h1>x</h1>" * 20_000,
        '<div class="author vcard">x' * 20_000,
        "<h1><a href=/>x</a></h1>" * 20_000,
        "<article><h1>x</h1><p>by Ann, 3 May 2026</p>" * 10_000,
        "<h1>x</h1><p>" + "<time>x</time> word and more of it " * 5_000,
        "<h1>x</h1><pre>" + "a\n" * 50_000,
        "<h1>x</h1><p>" + "a<br>" * 50_000,
        "<h1>x</h1>" + "<div>" * 150 + "<button>Accept</button>" * 20 + "cookies" + "x" * 4_000_000,
        ("<p>" + "<template shadowrootmode=open>" * 240 + "<slot></slot>" * 5_000 + "</template>x" * 240) * 3,
    ],
)
def test_hostile_pages_take_no_time(body: str) -> None:
    started = time.process_time()
    page = read(f"<title>x</title>{body}")
    assert page.kind in ("unknown", "list", "article")
    assert time.process_time() - started < 20


def test_a_page_of_nothing_but_links_costs_little_more_than_its_parse() -> None:
    links = "".join(f'<a href="/z/number-{number}">Link {number}</a>' for number in range(100_000))
    body = f"<html><body><h1>Links</h1>{links}</body></html>".encode()
    started_at = time.process_time()
    lxml.html.document_fromstring(body)
    parsed_at = time.process_time()
    page = read_page(body, "https://farm.example/links", seen_at=SEEN_AT)
    assert page.article is None
    # Without a bound it is a hundred times; the parse here builds no text and is the cheaper for it.
    assert time.process_time() - parsed_at < 40 * (parsed_at - started_at)


@pytest.mark.parametrize(
    "text",
    [
        '{"version": "https://jsonfeed.org/version/1.1", "items": [',
        '{"version": "https://jsonfeed.org/version/1"',
    ],
)
def test_a_feed_that_breaks_off_is_told_as_such(text: str) -> None:
    page = PLATFORM.read(PageInput(URL, SEEN_AT, "application/json", text, (), {}))
    assert (page.kind, page.missing, list(page.cards)) == ("unknown", {"article": "a broken feed"}, [])


@pytest.mark.parametrize("href", ["/", "https://harbor.example/", "https://harbor.example"])
@pytest.mark.parametrize("url", [URL, None])
def test_a_first_heading_that_leads_home_is_the_sites_name(href: str, url: str | None) -> None:
    top = f'<h1><a href="{href}">The Harbor</a></h1><h2>Nets mended by hand</h2>'
    assert article_of(read(html(top=top), url=url)).headline == "Nets mended by hand"
