"""The pages in a real browser: reading, searching, subscribing, by day and night, large and small, without script.

They run where Chromium and Playwright are: ``GLEANINGS_TEST_CHROMIUM`` names the browser, else the one of
Debian is taken. ``GLEANINGS_TEST_AXE`` names a copy of axe-core's ``axe.min.js``; without it the
accessibility audit is skipped.
"""

import os
import re
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html as lxml_html

from crawler.config import Config
from crawler.records import AuthorRef, Tag
from crawler.seeds import Seed
from plugin.mailing import EMAIL
from plugin.publishing import publish_issue
from plugin.server.app import create_app
from tests.samples import LANTERN, NOW, make_comment, make_entry, make_feed, make_library, make_page
from tests.serving import serving

CHROMIUM = os.environ.get("GLEANINGS_TEST_CHROMIUM", "/usr/bin/chromium")
AXE = os.environ.get("GLEANINGS_TEST_AXE")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATHS = [
    "/",
    "/digests/lantern/",
    "/digests/lantern/2/",
    "/articles/1/",
    "/articles/4/",
    "/publications/stories-fiction/",
    "/authors/1/",
    "/tags/sea/",
    "/search/",
    "/search/?q=the",
    "/search/?q=zzzz",
    "/search/?q=NOT",
    "/nope",
]
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800"><rect width="1200" height="800" fill="#468"/></svg>'

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, served on loopback."""
    path = tmp_path_factory.mktemp("pages") / "library.db"
    with (
        make_library(f"sqlite:///{path}", n_articles=16, issues=2) as archive,
        serving(create_app(archive, digests=[LANTERN])) as url,
    ):
        yield url


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright for Python is not installed")
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; GLEANINGS_TEST_CHROMIUM may name one")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


def open_watched(browser, **options):
    """Open an empty page in a context of its own; return it and the list of what the browser complains of."""
    complaints = []
    context = browser.new_context(**options)
    context.set_default_timeout(60_000)
    context.route(
        re.compile(r"https://(images|stories)\.example"),
        lambda route: route.fulfill(body=PICTURE, content_type="image/svg+xml"),
    )
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def assert_content(complaints):
    """Hold the browser to have seen nothing wrong; pages that say what is wrong are asked for on purpose."""
    assert [each for each in complaints if not re.search(r"status of 40[04]", each)] == []


@pytest.fixture
def open_page(browser):
    """Open a page in a context of its own; complaints of the browser fail the test."""
    opened = []

    def opener(url, *, width=1280, height=900, **options):
        page, complaints = open_watched(browser, viewport={"width": width, "height": height}, **options)
        opened.append((page, complaints))
        page.goto(url)
        return page

    yield opener
    for page, _ in opened:
        page.context.close()
    for _, complaints in opened:
        assert_content(complaints)


@pytest.fixture(scope="module")
def visitors(browser):
    """One page with script and one without: to open one takes longer than to go everywhere with it."""
    pages = {
        is_scripted: open_watched(browser, java_script_enabled=is_scripted) for is_scripted in (True, False)
    }
    yield pages
    for page, _ in pages.values():
        page.context.close()


@pytest.fixture
def visit(visitors):
    """Go to an address with a page that has been elsewhere; complaints of the browser fail the test."""
    for _, complaints in visitors.values():
        complaints.clear()

    def visitor(url, *, is_scripted=True, width=1280):
        page, _ = visitors[is_scripted]
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(url)
        return page

    yield visitor
    for _, complaints in visitors.values():
        assert_content(complaints)


def expect(locator):
    """Wait for what is expected of an element; the pages' policy forbids Playwright's other way of waiting."""
    from playwright.sync_api import expect as expect_of

    return expect_of(locator)


def test_a_reader_finds_the_way_from_the_digests_to_a_discussion(site, open_page):
    page = open_page(f"{site}/")
    page.get_by_role("link", name="The Lantern", exact=True).click()
    page.get_by_role("heading", level=1, name="The Lantern").wait_for()
    page.get_by_role("link", name="The Lantern, No. 2").first.click()
    page.wait_for_url(f"{site}/digests/lantern/2/")
    contents = page.get_by_role("navigation", name="In this issue").get_by_role("link")
    headline = contents.nth(2).inner_text()
    contents.nth(2).click()
    target = page.locator(":target").filter(has_text=headline)
    target.get_by_role("link", name="5 comments").click()
    page.get_by_role("heading", level=1, name=headline, exact=True).wait_for()
    expect(page.locator("#discussion .comment")).to_have_count(5)
    expect(page.locator("#discussion .comment").first).to_be_in_viewport()
    page.get_by_role("link", name=re.compile("^More by")).click()
    page.wait_for_url(re.compile("/authors/"))
    expect(page.get_by_role("link", name=headline)).to_have_count(1)


def test_issues_follow_each_other(site, open_page):
    page = open_page(f"{site}/digests/lantern/2/")
    page.get_by_role("link", name="Issue before").click()
    page.wait_for_url("**/digests/lantern/1/")
    page.get_by_role("link", name="Next issue").click()
    page.wait_for_url("**/digests/lantern/2/")


def test_a_search_is_typed_and_answered(site, open_page):
    page = open_page(f"{site}/")
    page.get_by_role("link", name="Search").click()
    page.wait_for_url(f"{site}/search/")
    page.get_by_role("searchbox").fill("umbrella hospital")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_url(re.compile("q=umbrella"))
    assert page.get_by_role("status").first.inner_text() == "2 stories, newest first."
    assert page.get_by_role("searchbox").input_value() == "umbrella hospital"
    page.get_by_role("searchbox").fill('zzzz <script>"')
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(re.compile("q=zzzz"))
    assert "Nothing found for “zzzz <script>" in page.locator("main").inner_text()


def test_an_address_is_copied_by_a_button(site, open_page):
    page = open_page(f"{site}/digests/lantern/", permissions=["clipboard-read", "clipboard-write"])
    # What the button says lasts for seconds; here they pass when the test says so.
    page.clock.install(time=0)
    page.clock.pause_at(1_000)
    page.get_by_role("button", name="Copy the Atom address").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}/digests/lantern/feed.atom"
    assert page.locator("#copied").inner_text() == "The address is copied."
    page.clock.run_for(3_000)
    page.get_by_role("button", name="Copy the Atom address").wait_for()
    for ending in ("rss", "json"):
        assert page.locator(f"input[value$='feed.{ending}']").is_visible()
    page.get_by_text("What is a feed?").click()
    page.get_by_text("leaving is one click").wait_for()


@pytest.mark.parametrize("path", PATHS)
def test_all_is_there_without_script(site, visit, path):
    scripted = visit(f"{site}{path}")
    scripted.evaluate("document.querySelectorAll('[data-copy]').forEach((each) => each.remove())")
    page = visit(f"{site}{path}", is_scripted=False)
    assert page.locator("main").inner_text() == scripted.locator("main").inner_text()
    assert page.get_by_role("button", name=re.compile("^Copy")).count() == 0
    for field in page.locator("input[readonly]").all():
        assert field.is_visible()


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_the_screen(site, visit, path):
    page = visit(f"{site}{path}", width=320)
    for width in (320, 390, 768):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [width, width]


def luminance(color: str) -> float:
    """Return the relative luminance of "rgb(r, g, b)"."""
    parts = [int(each) / 255 for each in re.findall(r"\d+", color)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_day_and_night_are_both_easy_to_read(site, open_page, scheme):
    page = open_page(f"{site}/articles/1/", color_scheme=scheme)
    paper = luminance(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
    ink = luminance(page.evaluate("getComputedStyle(document.body).color"))
    assert (paper > 0.8) == (scheme == "light")
    lighter, darker = max(paper, ink), min(paper, ink)
    assert (lighter + 0.05) / (darker + 0.05) > 10


def test_a_keyboard_is_enough(site, open_page):
    page = open_page(f"{site}/digests/lantern/2/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/digests/lantern/2/#text")
    page.keyboard.press("Tab")
    focused = page.evaluate(
        "[document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]"
    )
    assert focused == ["A", "solid"]


def test_on_paper_there_is_only_the_text(site, open_page):
    page = open_page(f"{site}/digests/lantern/2/")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation", name="Site").is_visible()
    assert not page.locator(".subscribe").is_visible()
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("path", PATHS)
def test_an_audit_finds_nothing_serious(site, visit, path):
    if AXE is None:
        pytest.skip("GLEANINGS_TEST_AXE names no axe.min.js")
    page = visit(f"{site}{path}")
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        told = [
            (each["impact"], each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found
        ]
        assert told == [], scheme


def test_odd_stories_stay_within_the_page(tmp_path, open_page):
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
    body = (
        f"<p>{word}</p><p>https://stories.example/{'a' * 300}</p><pre>{'code ' * 100}</pre>"
        f"<table><tr>{'<td>cell cell</td>' * 40}</tr></table><blockquote><p>{word}</p></blockquote>"
        '<p><img src="https://images.example/w.png" width="4000" height="100" alt="wide"></p>'
        "<p dir='rtl'>זה סיפור מימין לשמאל</p>"
        f"{'<blockquote><p>So she said.</p>' * 20}{'</blockquote>' * 20}"
    )
    page_save = make_page(
        0,
        headline=word,
        dek=word,
        body_html=body,
        body_text=word,
        word_count=30,
        tags=[Tag(name=word)],
        rights_line=word,
    )
    seed = Seed(
        slug="stories-futurism", name=word[:200], url="https://stories.example/futurism", rights="full"
    )
    with make_library(f"sqlite:///{tmp_path / 'library.db'}", n_articles=1, issues=0) as archive:
        archive.store.publications.sync([seed])
        archive.store.save_pages([page_save])
        with serving(create_app(archive, digests=[])) as url:
            for path in ("/articles/1/", "/publications/stories-futurism/"):
                for width in (320, 1280):
                    page = open_page(f"{url}{path}", width=width)
                    assert page.evaluate("document.documentElement.scrollWidth") <= width
                    assert page.locator("pre").count() == 1


def test_a_message_is_no_wider_than_a_phone(open_page):
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
    body = (
        f"<p>{word}</p><p>https://stories.example/{'a' * 300}</p><pre>{'code ' * 100}\n{word}</pre>"
        f"<table><tr>{'<td>cell</td>' * 8}</tr></table><blockquote><p>{word}</p></blockquote>"
    )
    entry = make_entry(
        1, headline=word, dek=word, content_html=body, comments=(make_comment(1, body_html=f"<p>{word}</p>"),)
    )
    message = message_from_bytes(EMAIL.render(make_feed(entry), base_url="").content, policy=default)
    html = message.get_body(("html",)).get_content()
    page = open_page("about:blank", width=320)
    page.set_content(html)
    assert page.locator(".headline").inner_text() == word
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_rules_of_a_message_are_no_brighter_than_its_words_by_night(open_page):
    feed = make_feed(make_entry(1, comments=(make_comment(1),)), make_entry(2, section=None))
    message = message_from_bytes(EMAIL.render(feed, base_url="").content, policy=default)
    page = open_page("about:blank", color_scheme="dark")
    page.set_content(message.get_body(("html",)).get_content())
    light = (
        "(each, side) => getComputedStyle(each)[side].match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)"
    )
    words = page.locator("p.soft").first.evaluate(light, "color")
    for name, side in ((".section", "Bottom"), (".entry", "Bottom"), ("blockquote", "Left"), ("hr", "Top")):
        assert page.locator(name).first.evaluate(light, f"border{side}Color") < words / 2, name


PICTURES = (
    '<p><img src="https://images.example/a.svg" alt="Alone"></p><p>After the first picture.</p>'
    '<figure><img src="https://images.example/b.svg" alt="Framed"><figcaption>A frame</figcaption></figure>'
    '<p><img src="https://images.example/c.svg" width="1200" height="800" alt="Sized"></p>'
    "<pre>" + "wide " * 100 + "</pre><table><tr>" + "<td>cell</td>" * 40 + "</tr></table><p>The end.</p>"
)


@pytest.mark.parametrize("width", [390, 1280])
def test_whole_stories_hold_still_and_scroll_by_keyboard(tmp_path, open_page, width):
    page_save = make_page(1, body_html=PICTURES, body_text="After the first picture.\n\nThe end.")
    seed = Seed(slug="stories-fiction", name="Fiction", url="https://stories.example/fiction", rights="full")
    with make_library(f"sqlite:///{tmp_path / 'library.db'}", n_articles=1, issues=0) as archive:
        archive.store.publications.sync([seed])
        archive.store.save_pages([page_save])
        with serving(create_app(archive, digests=[])) as url:
            page = open_page(f"{url}/articles/2/", width=width)
            for image in page.locator(".prose img").all():
                image.scroll_into_view_if_needed()
                image.evaluate("(each) => each.decode()")
            assert page.locator(".prose img").count() == 3
            moved = page.evaluate(SHIFTS)
            assert moved == 0
            for name in ("pre", "table"):
                page.locator(f".prose {name}").focus()
                assert page.evaluate("document.activeElement.localName") == name


SHIFTS = """new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const each of list.getEntries()) sum += each.value; })
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""


PLACES = """(line, words) => words.map((word) => {
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const start = walker.currentNode.data.indexOf(word);
    if (start < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, start);
    range.setEnd(walker.currentNode, start + word.length);
    return range.getBoundingClientRect().left;
  }
})"""


@pytest.mark.parametrize("path", ["/articles/1/", "/publications/stories-futurism/"])
def test_a_date_stands_whole_behind_a_name_written_from_right_to_left(tmp_path, open_page, path):
    page_save = make_page(0, authors=[AuthorRef(name="רות כהן"), AuthorRef(name="עומר")])
    with make_library(f"sqlite:///{tmp_path / 'library.db'}", n_articles=1, issues=0) as archive:
        archive.store.save_pages([page_save])
        with serving(create_app(archive, digests=[])) as url:
            page = open_page(f"{url}{path}")
            day, month = page.locator(".byline time").first.inner_text().split()[:2]
            words = ["By ", "רות כהן", "עומר", day, month]
            places = page.locator(".byline:has(time)").first.evaluate(PLACES, words)
            assert places == sorted(places)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/", "/digests/lantern/", "/digests/lantern/1/", "/search/", "/nowhere/"])
def test_all_on_a_page_begins_at_one_edge(site, visit, path, width):
    page = visit(f"{site}{path}", width=width)
    edges = page.evaluate(
        """[...document.querySelectorAll("main > :not(.entries), .entry .head, .colophon .column")]
        .map((each) => Math.round(each.getBoundingClientRect().left))"""
    )
    assert len(edges) > 1
    assert len(set(edges)) == 1


def test_on_paper_nothing_wide_is_cut_off(tmp_path, open_page):
    line = "A line of code that goes on beyond the edge of the paper " * 5
    body = f"<p>Words.</p><pre>{line}</pre><table><tr>{'<td>some cell</td>' * 12}</tr></table>"
    page_save = make_page(1, body_html=body, body_text="Words.")
    seed = Seed(slug="stories-fiction", name="Fiction", url="https://stories.example/fiction", rights="full")
    with make_library(f"sqlite:///{tmp_path / 'library.db'}", n_articles=1, issues=0) as archive:
        archive.store.publications.sync([seed])
        archive.store.save_pages([page_save])
        with serving(create_app(archive, digests=[])) as url:
            page = open_page(f"{url}/articles/2/", width=700)
            page.emulate_media(media="print")
            for name in ("pre", "table"):
                hidden = "(each) => each.scrollWidth - each.clientWidth"
                assert page.locator(f".prose {name}").evaluate(hidden) <= 1
            assert page.evaluate("document.documentElement.scrollWidth") <= 700


def test_a_first_letter_is_large_only_where_letters_stand_alone(tmp_path, open_page):
    stories = {
        1: make_page(0, body_html="<p>Short.</p><ul><li>one</li></ul>", body_text="Short."),
        2: make_page(
            3, language="ar", body_html="<p>كان البحر هادئا في تلك الليلة.</p>", body_text="كان البحر"
        ),
    }
    with make_library(f"sqlite:///{tmp_path / 'library.db'}", n_articles=1, issues=0) as archive:
        archive.store.save_pages(list(stories.values()))
        with serving(create_app(archive, digests=[])) as url:
            letter = "getComputedStyle(document.querySelector('.prose > p'), '::first-letter').initialLetter"
            page = open_page(f"{url}/articles/2/")
            assert page.evaluate(letter) == "normal"
            page = open_page(f"{url}/articles/1/")
            assert page.evaluate(letter) == "2"


def test_a_folder_is_read_from_disk(tmp_path, open_page):
    with make_library(f"sqlite:///{tmp_path / 'library.db'}", n_articles=16, issues=2) as archive:
        folder = tmp_path / "a folder"
        issue = archive.latest_issue("lantern")
        publish_issue(archive, LANTERN, issue, config=Config(workspace=tmp_path), to=str(folder), now=NOW)
    waiting, seen = [folder / "index.html"], set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        assert path.is_file(), path
        if path.suffix != ".html":
            continue
        tree = lxml_html.fromstring(path.read_text(encoding="utf-8"))
        waiting += [
            (path.parent / unquote(urlsplit(href).path)).resolve()
            for href in tree.xpath("//a/@href | //link/@href | //script/@src")
            if not urlsplit(href).scheme and not href.startswith("#")
        ]
    assert len([path for path in seen if path.suffix == ".html"]) >= 4
    page = open_page((folder / "index.html").as_uri())
    page.get_by_role("link", name="The Lantern", exact=True).click()
    page.get_by_role("link", name="The Lantern, No. 1").click()
    page.wait_for_url("**/digests/lantern/1/**")
    assert page.get_by_role("heading", level=1).inner_text() == "The Lantern"
    assert page.evaluate("getComputedStyle(document.body).maxWidth") is not None
    assert "serif" in page.evaluate("getComputedStyle(document.body).fontFamily")
