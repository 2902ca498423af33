"""The one way to read a page: charsets, compression, lying types, and whose page it is."""

import gzip
import zlib
from datetime import UTC, datetime

import pytest

from crawler.errors import ConfigError, RecordError
from crawler.platforms import PLATFORMS, detect_platform, platform_named, read_page
from crawler.platforms.base import PageInput
from crawler.reading.decoding import decode_page
from crawler.reading.outline import parse_html
from tests.test_crawler_layouts import LAYOUTS, story
from tests.test_crawler_vocal import CASES, PAGES

SEEN_AT = datetime(2026, 11, 18, 12, tzinfo=UTC)
URL = "https://vocal.media/poets/the-tide-clock"
NAME = "Zoë “Z” 🌊"
HTML = story(byline=f'<div>By <a href="/authors/zoe">{NAME}</a>Published 5 months ago 3 min read</div>')
LATIN = story(byline='<div>By <a href="/authors/zoe">Zoë “Z”</a>Published 5 months ago 3 min read</div>')


def with_meta(html: str, meta: str) -> str:
    return html.replace("<head>", f"<head>{meta}")


@pytest.mark.parametrize(
    ("body", "headers", "name"),
    [
        (HTML, {}, NAME),
        (HTML.encode(), {}, NAME),
        (HTML.encode(), {"Content-Type": "text/html; charset=utf-8"}, NAME),
        (HTML.encode("utf-8-sig"), {"content-type": "text/html; charset=latin1"}, NAME),
        (HTML.encode("utf-16"), {"Content-Type": "text/html"}, NAME),
        (LATIN.encode("cp1252"), {"CONTENT-TYPE": "text/html; charset=ISO-8859-1"}, "Zoë “Z”"),
        (with_meta(LATIN, '<meta charset="windows-1252">').encode("cp1252"), {}, "Zoë “Z”"),
        (with_meta(LATIN, '<meta http-equiv="Content-Type" content="text/html; charset=latin1">').encode("cp1252"), {},
         "Zoë “Z”"),
        (LATIN.encode("cp1252"), {}, "Zoë “Z”"),
        (LATIN.encode("cp1252"), {"Content-Type": "text/html; charset=utf-8"}, "Zoë “Z”"),
        (HTML.encode(), {"Content-Type": "text/html; charset=no-such-charset"}, NAME),
        (HTML.encode(), {"Content-Type": "text/html; charset=rot13"}, NAME),
        (gzip.compress(HTML.encode()), {"Content-Type": "text/html"}, NAME),
        (gzip.compress(HTML.encode()), {"Content-Encoding": "gzip"}, NAME),
        (gzip.compress(gzip.compress(HTML.encode())), {"Content-Encoding": "gzip, gzip"}, NAME),
        (zlib.compress(HTML.encode()), {"Content-Encoding": "deflate"}, NAME),
        (zlib.compress(HTML.encode())[2:-4], {"content-encoding": "Deflate"}, NAME),
        (HTML.encode(), {"Content-Encoding": "deflate"}, NAME),
        (HTML.encode(), {"Content-Type": "text/plain"}, NAME),
        (HTML.encode(), {"Content-Type": "application/octet-stream"}, NAME),
        (HTML.encode(), {"Content-Type": "application/json"}, NAME),
    ],
)  # fmt: skip
def test_a_page_is_decoded_as_a_browser_would(body: bytes | str, headers: dict[str, str], name: str) -> None:
    page = read_page(body, URL, seen_at=SEEN_AT, headers=headers)
    assert page.article is not None
    assert page.article.authors[0].name == name


@pytest.mark.parametrize(
    ("body", "content_type", "media_type"),
    [
        (b"<!doctype html><p>x", "text/plain", "text/html"),
        (b"<?xml version='1.0'?><rss version='2.0'></rss>", "text/html", "application/xml"),
        (b"<urlset xmlns='x'></urlset>", "text/html", "application/xml"),
        (
            b"<?xml version='1.0'?><!DOCTYPE html><html xmlns='x'></html>",
            "application/xhtml+xml",
            "text/html",
        ),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "text/html", "application/json"),
        (b"[Verse 1]\nOh", "text/plain", "text/plain"),
        (b"[1]Fiction logo\n\nA headline", "text/plain", "text/plain"),
        (b"[1, 2]", "text/plain", "application/json"),
        (b"[ -1.5 ]\n", "", "application/json"),
        (b"01 logo\n\nA headline\n", "", "text/plain"),
        (b"I <3 you", "", "text/plain"),
        (b"", "text/html", "text/plain"),
        (b"\x00\xff\xfe\x00", "", "text/plain"),
    ],
)
def test_mislabeled_types_are_sniffed(body: bytes, content_type: str, media_type: str) -> None:
    assert decode_page(body, {"Content-Type": content_type}).media_type == media_type


@pytest.mark.parametrize("charset", ["utf-16", "utf-16le", "UTF-32"])
@pytest.mark.parametrize("place", ["header", "meta"])
def test_a_page_that_says_it_is_two_bytes_wide_and_is_not_is_read(charset: str, place: str) -> None:
    meta = f'<meta charset="{charset}">' if place == "meta" else ""
    header = f"text/html; charset={charset}" if place == "header" else "text/html"
    body = f"<html><head>{meta}</head><body><p>{NAME}</p></body></html>"
    assert NAME in decode_page(body.encode(), {"Content-Type": header}).text
    if place == "header" and charset != "UTF-32":
        assert NAME in decode_page(body.encode("utf-16"), {"Content-Type": header}).text


@pytest.mark.parametrize("charset", ["gbk", "iso-8859-1", "shift_jis"])
def test_a_page_saved_in_utf8_may_still_declare_the_charset_it_had(charset: str) -> None:
    words = "Ødegård sat \u5728\u6e2f\u53e3 \u2014 \u201cstill\u201d"
    body = f'<html><head><meta charset="{charset}"></head><body><p>{words}</p></body></html>'.encode()
    assert words in decode_page(body, {"Content-Type": "text/html"}).text
    assert words not in decode_page(body, {"Content-Type": f"text/html; charset={charset}"}).text


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("gbk", "\u6e2f\u53e3\u5728\u524d\u9762"),
        ("iso-8859-1", "Ødegård så på ærene"),
        ("utf-8", "Ødegård så på \u6e2f"),
    ],
)
def test_a_declared_charset_counts_where_the_bytes_agree(charset: str, words: str) -> None:
    body = f'<html><head><meta charset="{charset}"></head><body><p>{words}</p></body></html>'
    assert words in decode_page(body.encode(charset), {"Content-Type": "text/html"}).text


@pytest.mark.parametrize("html", ["", " \n", "</p>", "<!-- a -->", "<html", "<?xml", "<!doctype html>"])
def test_a_page_without_an_element_is_nothing_to_read(html: str) -> None:
    assert parse_html(html) is None


BOMB = b"a" * 50_000_000


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(BOMB), "gzip"),
        (gzip.compress(gzip.compress(BOMB)), "gzip, gzip"),
        (zlib.compress(BOMB), "deflate"),
        (zlib.compress(BOMB)[2:-4], "deflate"),
    ],
    ids=["gzip", "gzip twice", "zlib", "raw deflate"],
)
def test_a_bomb_unfolds_only_so_far(body: bytes, encoding: str) -> None:
    text = decode_page(body, {"Content-Encoding": encoding}).text
    assert set(text) == {"a"}
    assert len(text) <= 16 * 1024 * 1024


def test_a_compressed_page_cut_off_in_the_middle_is_kept_as_far_as_it_came() -> None:
    noise = "".join(f"<p>{number * 7919 % 10007}</p>" for number in range(5_000))
    for body, encoding in (
        (gzip.compress(noise.encode()), "gzip"),
        (zlib.compress(noise.encode()), "deflate"),
    ):
        text = decode_page(body[: len(body) // 2], {"Content-Encoding": encoding}).text
        assert noise.startswith(text)
        assert len(text) > 1_000


@pytest.mark.parametrize("offset", [0, 1, 9_999, 10_000, 10_001, 19_999, 25_000])
@pytest.mark.parametrize("n_attributes", [2_500, 100])
def test_a_tag_of_attributes_without_end_is_spared_them_wherever_it_stands(
    offset: int, n_attributes: int
) -> None:
    attributes = " ".join(f'a{number}="{"x" * (22_000 // n_attributes)}"' for number in range(n_attributes))
    page = f"<html><body><p>{'w' * offset}</p><div {attributes}>Here</div><p>{'<b>q</b>' * 12_000}</p>"
    root = parse_html(page)
    assert root is not None
    (box,) = root.iter("div")
    assert (box.text, len(box.attrib)) == ("Here", 0 if n_attributes > 2_000 else n_attributes)


def test_a_long_script_of_a_large_page_stays_whole() -> None:
    script = "var a = [" + "1," * 80_000 + "2];"
    root = parse_html(f"<html><head><script>{script}</script></head><body><p>Here</p></body></html>")
    assert root is not None
    assert [element.text for element in root.iter("script", "p")] == [script, "Here"]


def as_input(html: str, url: str | None = None) -> PageInput:
    return PageInput(url=url, seen_at=SEEN_AT, media_type="text/html", text=html)


def test_addresses_without_quotes_are_signs_too() -> None:
    html = (
        "<h1>Ann</h1><p>Explore</p><a href=https://vocal.media/authors/bo>Bo</a>"
        "<a href=/top-stories>Top</a><a href=/latest-stories>New</a>"
    )
    assert read_page(html, None, seen_at=SEEN_AT).platform == "vocal"


def test_names_of_other_sites_boxes_and_pictures_are_no_sign_of_the_platform() -> None:
    html = (
        '<html><body><article><h1>The Ferry</h1><img src="/uploads/authors/ann.jpg"><p>Left.</p></article>'
        '<div id="latest-stories"><a href="/news/">News</a></div></body></html>'
    )
    assert not PLATFORMS[0].recognizes(as_input(html, "https://paper.example/ferry"))


@pytest.mark.parametrize("case", CASES)
def test_a_story_is_recognized_without_its_host(case: str) -> None:
    html = (PAGES / case / "inputs" / "page.html").read_text(encoding="utf-8")
    if case not in ("state", "powered", "powered-boxes", "community"):  # they are known by the name alone
        html = html.replace("Vocal", "Tidal").replace("Creatd", "Someone")
    assert detect_platform(as_input(html, "https://tides.example/a/b")).name == "vocal"


@pytest.mark.parametrize(
    "html",
    [
        "<h1>A blog</h1><p>By Ann</p><p>Published 3 days ago. Comments (2)</p><h3>Comments</h3>",
        "<p>I write on Vocal and about the creator of it. Sign in to comment.</p>",
        "<html><head><title>x</title></head><body></body></html>",
        "",
    ],
)
def test_the_host_alone_makes_no_vocal_page(html: str) -> None:
    assert not PLATFORMS[0].recognizes(as_input(html, "https://vocal.media/poets/ode"))


def test_platforms_are_asked_by_name() -> None:
    assert platform_named("vocal") is PLATFORMS[0]
    with pytest.raises(ConfigError, match="no platform is called 'myspace'; there are: vocal"):
        read_page("<p>x</p>", URL, seen_at=SEEN_AT, platform="myspace")
    html, _ = LAYOUTS["base"]
    assert read_page(html, URL, seen_at=SEEN_AT, platform="auto").platform == "vocal"


def test_time_comes_in_aware() -> None:
    with pytest.raises(ValueError, match="naive"):
        read_page("<p>x</p>", URL, seen_at=datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    "url", ["http://[broken/x", "http://[::1/x", "http://", "ftp://a.example/x", "https://a.example:port/x"]
)
def test_an_address_that_is_none_is_refused_in_words(url: str) -> None:
    with pytest.raises(RecordError, match="no web address: url"):
        read_page(HTML, url, seen_at=SEEN_AT)


@pytest.mark.parametrize(
    "body", [b"", b" ", b"<html></html>", b"\x00" * 50, b"<", b"{}", b"[]", b"<?xml version='1.0'?>"]
)
@pytest.mark.parametrize("url", [None, URL, "https://vocal.media/", "nonsense"])
def test_pages_without_anything_are_no_articles(body: bytes, url: str | None) -> None:
    page = read_page(body, url, seen_at=SEEN_AT, platform="vocal")
    assert page.article is None
    assert page.kind != "article"
