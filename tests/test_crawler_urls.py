"""Addresses: one spelling for each, nothing raised on any, and the platform's own."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.platforms.vocal.addresses import address_kind, canonical_url, community_url, handle_of
from crawler.reading.urls import absolute_url, canonicalize_url, host_of, is_http_url, request_fingerprint

TABLE = tomllib.loads((Path(__file__).parent / "data" / "urls.toml").read_text(encoding="utf-8"))["url"]

_ODD = [
    "http://",
    "https://",
    "HTTP://",
    "//",
    "/",
    "\\",
    ".",
    "..",
    "%",
    "%41",
    "%zz",
    "?",
    "&",
    "=",
    "#",
    ":",
    "@",
]
_ODDER = [
    "[",
    "]",
    "a",
    "b.c",
    "é",
    "🙂",
    " ",
    "\t",
    "utm_x=1",
    "vocal.media",
    "80",
    "::1",
    "xn--",
    "\x00",
    "\ud800",
]
_PIECES = st.sampled_from([*_ODD, *_ODDER, "+", ";"])
odd_urls = st.lists(_PIECES, max_size=12).map("".join) | st.text(max_size=60)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["given"])
def test_table(row: dict[str, str]) -> None:
    assert canonicalize_url(row["given"]) == row.get("canonical")


@given(odd_urls)
def test_a_canonical_address_is_its_own_canonical_address(url: str) -> None:
    canonical = canonicalize_url(url)
    if canonical is not None:
        assert canonicalize_url(canonical) == canonical
        assert is_http_url(canonical)
        assert host_of(canonical) == host_of(url.strip()) or "\t" in url
        assert canonical.isascii()


@given(odd_urls, odd_urls)
def test_no_link_raises(base: str, href: str) -> None:
    found = absolute_url(base, href)
    assert found is None or (is_http_url(found) and '"' not in found and "<" not in found)
    assert absolute_url(None, href) is None or is_http_url(href.strip().replace("\t", ""))
    host_of(href)
    request_fingerprint(href)


@given(odd_urls)
def test_the_platform_s_address_is_its_own(url: str) -> None:
    canonical = canonical_url(url)
    assert canonical_url(canonical) == canonical
    address_kind(url)


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("/a/b", "https://vocal.media/a/b"),
        ("b?x=1#y", "https://vocal.media/poets/b?x=1#y"),
        ("#c", "https://vocal.media/poets/ode?p=1#c"),
        ("//x.example/é", "https://x.example/%C3%A9"),
        ("  /a b  ", "https://vocal.media/a%20b"),
        ("java\nscript:alert(1)", None),
        ("mailto:a@b.example", None),
        ("data:text/html,x", None),
        ("http://[", None),
        ("https://x.example:0/a", None),
        ("https://x.example:99999/a", None),
        ("https://x.example:8443/a", "https://x.example:8443/a"),
        ("https://\u2488.example/", None),
        ("https://b\u00fccher.example/", "https://xn--bcher-kva.example/"),
        (None, None),
    ],
)
def test_absolute_url(href: str | None, found: str | None) -> None:
    assert absolute_url("https://vocal.media/poets/ode?p=1", href) == found


@pytest.mark.parametrize(
    "url",
    [
        "https://vocal.media/poets/ode",
        "http://vocal.media/poets/ode",
        "https://Vocal.media/poets/ode/",
        "https://vocal.media./poets/ode",
        "https://www.vocal.media/poets/ode",
        "https://vocal.media:443/poets/ode?via=ann&vocal_referral=1&_ga=2#comments",
        "https://vocal.media/poets/ode?comments_page=3",
        "https://poets.media/ode",
        "http://poets.media./ode",
        "https://poets.media/poets/ode",
        "https://todaysurvey.today/poets/ode",
        "https://bestdealspot.top/poets/ode?via=x",
        "https://m.vocal.media/poets/ode",
        "https://vocal.media//poets//ode",
        "https://vocal.media/Poets/Ode",
        "https://vocal.media/poets/ode/amp",
        "https://vocal.media/amp/poets/ode",
        "https://poets.media/ode/print/",
    ],
)
def test_every_way_to_a_story_is_one_address(url: str) -> None:
    assert canonical_url(url) == "https://vocal.media/poets/ode"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://127.0.0.1:8000/poets/ode?via=x", "http://127.0.0.1:8000/poets/ode"),
        ("https://tides.example/poets/ode/", "https://tides.example/poets/ode"),
        (
            "https://vocal.media/poets/latest-stories?page=007&via=x",
            "https://vocal.media/poets/latest-stories?page=7",
        ),
        ("https://vocal.media/poets?sort=top&page=2", "https://vocal.media/poets?page=2"),
        ("https://vocal.media/poets/tag/haiku?sort=new", "https://vocal.media/poets/tag/haiku"),
        ("https://poets.media/page/2/?sort=top", "https://vocal.media/poets/page/2"),
        ("https://vocal.media/latest-stories/page/2/", "https://vocal.media/latest-stories/page/2"),
        ("https://vocal.media/theswamp/ode", "https://vocal.media/theSwamp/ode"),
        ("https://vocal.media/poets/amp", "https://vocal.media/poets/amp"),
        ("https://tides.example/Poets/Ode/amp", "https://tides.example/Poets/Ode/amp"),
        ("https://vocal.media/theSwamp?page=0", "https://vocal.media/theSwamp?page=0"),
        ("https://poets.media/", "https://vocal.media/poets"),
        ("https://poets.media/authors/ann", "https://vocal.media/authors/ann"),
        ("not an address", "not an address"),
    ],
)
def test_other_canonical_addresses(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "home"),
        ("/top-stories", "stories"),
        ("/latest-stories?page=2", "stories"),
        ("/poets", "community"),
        ("/theSwamp", "community"),
        ("/01", "community"),
        ("/poets/latest-stories", "stories"),
        ("/poets/tag/haiku", "tag"),
        ("/resources/tag/news", "tag"),
        ("/poets/winter-1", "story"),
        ("/resources/welcome-dv3s0il2", "story"),
        ("/authors/najaf-khan-4n16on01ig", "author"),
        ("/authors", "other"),
        ("/page/2", "home"),
        ("/latest-stories/page/2", "stories"),
        ("/poets/page/2", "community"),
        ("/poets/top-stories/page/12", "stories"),
        ("/poets/tag/haiku/page/2", "tag"),
        ("/authors/najaf-khan-4n16on01ig/page/2", "author"),
        ("/poets/ode/page/2", "other"),
        ("/poets/page", "story"),
        ("/challenges/summer", "other"),
        ("/vocal-plus", "other"),
        ("/favicon.ico", "other"),
        ("/_next/image", "other"),
    ],
)
def test_address_kind(path: str, kind: str) -> None:
    assert address_kind(f"https://vocal.media{path}") == kind


@pytest.mark.parametrize("base", ["http://[", "https://x.example:0/", "ftp://x.example/", "", None])
def test_a_page_without_an_address_of_its_own_has_no_relative_links(base: str | None) -> None:
    assert absolute_url(base, "/a") is None
    assert absolute_url(base, "b") is None
    assert absolute_url(base, "https://y.example/c") == "https://y.example/c"


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/a/./b", "/a/b"), ("/a/../b", "/b"), ("/a/b/..", "/a/"), ("/a/b/.", "/a/b/"), ("/../../a", "/a"), ("/..", "/"),
        ("/.", "/"),
    ],
)  # fmt: skip
def test_dots_in_a_path_are_resolved_and_lead_nowhere_above_the_root(path: str, canonical: str) -> None:
    assert canonicalize_url(f"https://x.example{path}") == f"https://x.example{canonical}"


@pytest.mark.parametrize("url", ["http://[", "https://x.example:0/", "https://\u2488.example/", "x", ""])
def test_no_address_has_no_host(url: str) -> None:
    assert host_of(url) is None


def test_names_in_addresses() -> None:
    assert community_url("https://vocal.media/poets/ode") == "https://vocal.media/poets"
    assert community_url("https://vocal.media/authors/ann") is None
    assert handle_of("https://vocal.media/authors/ann") == "ann"
    assert handle_of("https://vocal.media/poets/ode") is None
    assert handle_of(None) is None


def test_requests_for_the_same_thing_have_one_fingerprint() -> None:
    plain = request_fingerprint("https://a.example/x?b=1&a=2")
    assert plain == request_fingerprint("https://A.example:443/x?a=2&b=1&utm_source=z#f", method="get")
    assert plain != request_fingerprint("https://a.example/x?b=1&a=3")
    assert plain != request_fingerprint("https://a.example/x?b=1&a=2", method="POST")
    assert plain != request_fingerprint("https://a.example/x?b=1&a=2", body=b"q")
