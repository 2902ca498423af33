"""Formats: what goes in comes out again, whatever it holds; nothing dangerous does."""

import email.policy
import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from crawler.reading.characters import strip_unstorable
from crawler.records import AuthorRef, Community, Image, Tag
from plugin.errors import UnknownFormat
from plugin.formats import FORMATS, get_format
from plugin.formats.cleaning import MAX_NESTING, clean_html, clean_model
from plugin.formats.links import absolute, relative
from plugin.formats.pages import Frame, render_article_page
from plugin.formats.templating import clip
from plugin.formats.text import WIDTH, display_width, wrap
from plugin.formats.threads import MAX_DEPTH, build_thread
from plugin.formats.wording import GONE_TEXT, distinct_updates, to_printed_date
from plugin.issues import AlsoAt, Feed, FeedLink
from plugin.mailing import get_document_format
from tests.samples import at, make_comment, make_entry, make_feed

BASE = "https://digests.example.org"
NAMES = [each.name for each in FORMATS]
XML = ["rss", "atom"]
GOLDEN = Path(__file__).parent / "golden"

NASTY = (
    "control \x00\x0b\x1f\x7f\x9f",
    "nonchars \ufffe\uffff\ufdd0",
    "surrogate \ud800 \udfff",
    "cdata ]]> <![CDATA[ x",
    "emoji 👩‍👩‍👧 🏳️‍🌈 \U0001f600",
    "rtl שלום \u202eabc\u202c مرحبا",
    "combining e\u0301\u200d zero\u200bwidth",
    "entities &amp; &#x1; &lt;b&gt; <b>",
    "quotes \" ' ` backslash \\ | * _ # ~ [x](y) ![z](w)",
    "newlines a\r\nb\rc\u2028d\u2029e\tf",
    "astral \U0002070e ideographs 春の海",
)


def render(name: str, feed: Feed, *, base_url: str = BASE) -> bytes:
    return get_format(name).render(feed, base_url=base_url).content


def parse(content: bytes) -> feedparser.FeedParserDict:
    return feedparser.parse(content, sanitize_html=False, resolve_relative_uris=False)


def folded(text: str) -> str:
    """Return what of a title must survive: all but how it is broken into lines and turned around."""
    return " ".join(re.sub("[\u202a-\u202e\u2066-\u2069]", "", strip_unstorable(text)).split())


# The list of formats


def test_every_format_says_what_it_is():
    assert NAMES == ["rss", "atom", "json", "html", "markdown", "text"]
    for each in FORMATS:
        document = each.render(make_feed(), base_url=BASE)
        assert document.media_type == each.media_type
        assert document.file_name.endswith(f".{each.extension}")
        assert "charset=utf-8" in each.media_type


@pytest.mark.parametrize(("wrong", "hint"), [("atm", "atom"), ("RSS", "rss"), ("markdwon", "markdown")])
def test_an_unknown_format_is_answered_with_the_nearest(wrong, hint):
    with pytest.raises(UnknownFormat, match=f'did you mean "{hint}"'):
        get_format(wrong)


def test_a_format_like_no_other_is_answered_with_all():
    with pytest.raises(UnknownFormat, match="known are rss, atom, json, html, markdown, text"):
        get_format("qqqq")


@pytest.mark.parametrize("name", NAMES)
def test_the_expected_document(name, request):
    text = get_format(name).render(make_feed(), base_url=BASE).content.decode()
    # How a page looks is no matter of its markup.
    text = re.sub(r"<style>.*?</style>", "<style></style>", text, flags=re.DOTALL)
    path = GOLDEN / name / f"issue.{get_format(name).extension}"
    if request.config.getoption("--write-golden"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


SAME_BYTES = """
import sys
from hashlib import sha256
from plugin.formats import FORMATS
from tests.samples import make_feed, make_entry
body = '<p dir="ltr" lang="en"><img title="t" width="9" height="8" alt="a" src="https://a.example/b.png">x</p>'
feed = make_feed(make_entry(1, content_html=body))
for each in FORMATS:
    print(sha256(each.render(feed, base_url="https://a.example").content).hexdigest())
"""


def test_the_same_feed_gives_the_same_bytes_in_every_process():
    root = Path(__file__).parent.parent
    runs = {
        subprocess.run(
            [sys.executable, "-c", SAME_BYTES],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "TZ": zone, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"), ("3", "America/New_York"))
    }
    assert len(runs) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_feed_without_anything_is_a_document_too(name):
    feed = Feed(guid="tag:a,2026:b", title="T", updated_at=at(1))
    for base_url in (BASE, ""):
        assert render(name, feed, base_url=base_url)


# Round trips


@pytest.mark.parametrize("name", XML)
def test_a_feed_parses_back_equal(name):
    feed = make_feed(
        make_entry(1),
        make_entry(2, headline='AT&T & <b>"q"</b> < 3 ]]>', authors=(), byline=None, published_at=None),
        make_entry(3, tags=(), comment_count=0, hero=None, summary_html="", language="de"),
    )
    parsed = parse(render(name, feed))
    assert not parsed.bozo
    assert (parsed.feed.title, parsed.feed.subtitle, parsed.feed.language) == (
        feed.title,
        feed.description,
        feed.language,
    )
    assert len(parsed.entries) == len(feed.entries)
    for found, entry in zip(parsed.entries, feed.entries, strict=True):
        assert found.id == entry.guid
        assert found.title == entry.headline
        assert found.link == entry.url
        assert [each["name"] for each in found.get("authors", []) if each] == [
            each.name for each in entry.authors
        ]
        published = found.get("published_parsed")
        assert (published and datetime(*published[:6], tzinfo=UTC)) == entry.published_at
        assert datetime(*found.updated_parsed[:6], tzinfo=UTC) == entry.updated_at
        assert [each.term for each in found.get("tags", [])] == [each.name for each in entry.tags]
        assert found.get("summary", "") == entry.summary_html or not entry.summary_html
        assert entry.summary_html in found.content[0].value
        assert found.rights == entry.rights_line
        assert found.source.title == entry.publication_name
        assert found.get("media_content", []) == (
            [{"url": entry.hero.url, "medium": "image", "type": "image/jpeg"}] if entry.hero else []
        )


def test_atom_counts_and_links_replies():
    entry = parse(render("atom", make_feed(make_entry(7)))).entries[0]
    replies = [link for link in entry.links if link.rel == "replies"]
    assert [(link.href, link.type, link["thr:count"]) for link in replies] == [
        (f"{BASE}/articles/7/#discussion", "text/html", "12"),
        (f"{BASE}/articles/7/comments.atom", "application/atom+xml", "12"),
    ]


def test_rss_counts_and_links_replies():
    entry = parse(render("rss", make_feed(make_entry(7)))).entries[0]
    assert entry.slash_comments == "12"
    assert entry.comments == f"{BASE}/articles/7/#discussion"
    assert entry.wfw_commentrss == f"{BASE}/articles/7/comments.rss"


@pytest.mark.parametrize("name", XML)
def test_a_comment_says_what_it_answers(name):
    entry = make_entry(
        9, in_reply_to="tag:a,2026:articles/7", in_reply_to_url="/articles/7/", article_id=None
    )
    tree = etree.fromstring(render(name, make_feed(entry)))
    (found,) = tree.iter("{http://purl.org/syndication/thread/1.0}in-reply-to")
    assert dict(found.attrib) == {
        "ref": "tag:a,2026:articles/7",
        "href": f"{BASE}/articles/7/",
        "type": "text/html",
    }


@pytest.mark.parametrize("name", XML)
def test_a_comment_on_what_has_no_page_names_it_all_the_same(name):
    entry = make_entry(9, in_reply_to="tag:a,2026:articles/7", in_reply_to_url=None, article_id=None)
    tree = etree.fromstring(render(name, make_feed(entry)))
    (found,) = tree.iter("{http://purl.org/syndication/thread/1.0}in-reply-to")
    assert dict(found.attrib) == {"ref": "tag:a,2026:articles/7"}


def test_json_feed_parses_back_equal():
    feed = make_feed(make_entry(1), make_entry(2, authors=(), byline=None, published_at=None, hero=None))
    found = json.loads(render("json", feed))
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert (found["title"], found["description"], found["language"]) == (
        feed.title,
        feed.description,
        feed.language,
    )
    assert found["feed_url"] == f"{BASE}/digests/lantern/feed.rss"
    assert found["home_page_url"] == f"{BASE}/digests/lantern/3/"
    assert found["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    for item, entry in zip(found["items"], feed.entries, strict=True):
        assert (item["id"], item["url"], item["title"]) == (entry.guid, entry.url, entry.headline)
        assert item["summary"] == entry.summary_text
        assert entry.summary_html in item["content_html"]
        assert [each["name"] for each in item.get("authors", [])] == [each.name for each in entry.authors]
        assert item["tags"] == [each.name for each in entry.tags]
        assert item["_gleanings"]["community"] == "Futurism"
        assert item["_gleanings"]["also_at"] == [
            {"publication": "Harbor Notes", "url": "https://harbor.example/skerrow"}
        ]
    assert found["items"][0]["date_published"] == "2026-11-03T09:00:00Z"
    assert "date_published" not in found["items"][1]
    assert "image" not in found["items"][1]


def test_markdown_parses_back_equal():
    feed = make_feed(make_entry(1, headline="1. A *star* & a [link](x) <b>"), make_entry(2, url=None))
    tokens = MarkdownIt().parse(render("markdown", feed).decode())
    headings = [
        tokens[place + 1].children for place, token in enumerate(tokens) if token.type == "heading_open"
    ]
    texts = ["".join(part.content for part in parts if part.type == "text") for parts in headings]
    # An unnumbered ampersand of plain text comes as an entity of its own.
    assert texts[0] == feed.title
    assert folded(feed.entries[0].headline) in [
        "".join(part.content for part in parts if part.type in ("text", "text_special")) for parts in headings
    ]
    targets = [part.attrs["href"] for parts in headings for part in parts if part.type == "link_open"]
    assert targets == ["https://stories.example/futurism/story-1", f"{BASE}/articles/2/"]


def test_text_names_every_entry_and_numbers_its_links():
    text = render("text", make_feed()).decode()
    for number in range(1, 4):
        assert f"* The lamp lighter of Skerrow, part {number} [" in text
    links = dict(re.findall(r"^\[(\d+)\] (\S+)$", text, re.MULTILINE))
    assert list(links) == [str(number) for number in range(1, len(links) + 1)]
    assert set(re.findall(r"\[(\d+)\]", text.split("LINKS")[0])) == set(links)
    assert "https://stories.example/futurism/story-3" in links.values()


@given(
    texts=st.lists(st.text(max_size=60), min_size=8, max_size=8),
    moment=st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
)
@settings(max_examples=60)
def test_any_text_survives_or_vanishes(texts, moment):
    title, headline, dek, name, note, tag, caption, rights = texts
    entry = make_entry(
        1,
        headline=headline or "x",
        dek=dek or None,
        authors=(AuthorRef(name=name or "x"),) if strip_unstorable(name) else (),
        note=note or None,
        tags=(Tag.model_construct(name=tag, url=None),),
        hero=Image.model_construct(url="https://a.example/b.png", alt=caption, caption=caption, credit=None),
        rights_line=rights or None,
        updated_at=moment,
    )
    feed = make_feed(entry, title=title or "x", updated_at=moment)
    for name_ in XML:
        content = render(name_, feed)
        tree = etree.fromstring(content)
        titles = [
            each.text or ""
            for each in tree.iter("{*}title")
            if each.getparent().tag.rpartition("}")[2] != "source"
        ]
        assert [folded(each) for each in titles] == [folded(feed.title), folded(entry.headline)]
    assert folded(json.loads(render("json", feed))["items"][0]["title"]) == folded(entry.headline)
    for name_ in ("html", "markdown", "text"):
        assert strip_unstorable(render(name_, feed).decode()) == render(name_, feed).decode()


@pytest.mark.parametrize("text", NASTY, ids=lambda text: text.split()[0])
@pytest.mark.parametrize("name", NAMES)
def test_nasty_text_in_every_place_breaks_nothing(name, text):
    entry = make_entry(
        1,
        guid=f"tag:{text}",
        headline=text,
        dek=text,
        byline=text,
        authors=(AuthorRef.model_construct(name=text, url=f"https://a.example/{text}"),),
        community=Community.model_construct(name=text, url=f"https://a.example/{text}"),
        publication_name=text,
        publication_url=f"https://a.example/{text}",
        summary_html=f"<p>{text}</p>",
        summary_text=text,
        content_html=f"<p title='{text}'>{text}</p>",
        tags=(Tag.model_construct(name=text, url=None),),
        comments=(make_comment(1, author_name=text, body_html=text, body_text=text),),
        rights_line=text,
        license=text,
        note=text,
        section=text,
        also_at=(AlsoAt(publication=text, url=f"https://a.example/{text}"),),
        url=f"https://a.example/{text}",
        hero=Image.model_construct(url=f"https://a.example/{text}.png", alt=text, caption=text, credit=text),
    )
    content = render(name, make_feed(entry, title=text, description=text))
    assert strip_unstorable(content.decode()) == content.decode()
    if name in XML:
        parsed = parse(content)
        assert not parsed.bozo
        assert folded(parsed.entries[0].title) == folded(text)
    elif name == "json":
        assert folded(json.loads(content)["items"][0]["title"]) == folded(text)
    else:
        word = text.split()[0]
        assert word in content.decode()


# What the W3C validator warns of


@pytest.mark.parametrize("name", XML)
def test_no_two_entries_have_the_same_updated(name):
    feed = make_feed(*(make_entry(number, updated_at=at(5)) for number in range(1, 51)))
    stamps = re.findall(rb"<(?:atom:)?updated>([^<]+)</", render(name, feed).split(b"</source>")[0])
    entries = [each.updated for each in parse(render(name, feed)).entries]
    assert stamps
    assert len(set(entries)) == 50


def test_an_entry_keeps_its_updated_when_others_come_and_go():
    many = [make_entry(number, updated_at=at(5)) for number in range(1, 51)]
    alone = distinct_updates(many[7:8])
    assert distinct_updates(many)[many[7].guid] == alone[many[7].guid]
    assert timedelta(0) <= alone[many[7].guid] - at(5) < timedelta(seconds=1)


def test_entries_whose_guids_give_one_fraction_are_moved_apart():
    many = [make_entry(number, updated_at=at(5)) for number in range(1, 3_001)]
    times = distinct_updates(many)
    assert len(set(times.values())) == len(many)
    assert all(moment - at(5) < timedelta(seconds=1) for moment in times.values())


def test_no_entry_is_updated_before_it_was_published():
    just = at(5) + timedelta(microseconds=999_999)
    times = distinct_updates(make_entry(number, published_at=just, updated_at=just) for number in range(1, 5))
    assert all(timedelta(0) < moment - just <= timedelta(seconds=1) for moment in times.values())


def test_rss_titles_write_markup_as_numbers():
    content = render("rss", make_feed(make_entry(1, headline="AT&T <3"), title="R&D"))
    assert b"<title>AT&#x26;T &#x3C;3</title>" in content
    assert b"<title>R&#x26;D</title>" in content


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Q&A, weekly", "Q&A, weekly"), ("a <img src=x onerror=go()> b", "a &lt;img src=x onerror=go()&gt; b")],
)
def test_no_description_of_a_channel_is_markup(text, shown):
    channel = etree.fromstring(render("rss", make_feed(make_entry(1), description=text)))[0]
    assert channel.findtext("description") == shown


def test_rss_is_what_the_specification_wants():
    content = render("rss", make_feed())
    channel = etree.fromstring(content).find("channel")
    assert channel.findtext("lastBuildDate") == "Fri, 06 Nov 2026 09:00:00 +0000"
    assert [channel.findtext(name) is not None for name in ("title", "link", "description")] == [True] * 3
    own = channel.find("{http://www.w3.org/2005/Atom}link[@rel='self']")
    assert own.get("href") == f"{BASE}/digests/lantern/feed.rss"
    assert own.get("type") == "application/rss+xml"
    for item in channel.iter("item"):
        assert item.find("guid").get("isPermaLink") == "false"
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000", item.findtext("pubDate"))
        assert len(item.findall("{http://purl.org/rss/1.0/modules/content/}encoded")) == 1


def test_atom_is_what_the_specification_wants():
    feed = make_feed(make_entry(1), make_entry(2, authors=(), byline=None), author_name=None)
    tree = etree.fromstring(render("atom", feed))
    atom = "{http://www.w3.org/2005/Atom}"
    assert tree.findtext(f"{atom}id") == feed.guid
    assert tree.findtext(f"{atom}author/{atom}name") == "The Lantern"
    assert {link.get("rel") for link in tree.findall(f"{atom}link")} == {
        "alternate",
        "self",
        "prev-archive",
        "hub",
    }
    for entry in tree.findall(f"{atom}entry"):
        for name in ("id", "title", "updated", "source"):
            assert len(entry.findall(f"{atom}{name}")) == 1, name
        for name in ("id", "title", "updated"):
            assert entry.findtext(f"{atom}source/{atom}{name}")


def test_rss_describes_an_entry_before_its_content_even_without_an_excerpt():
    entry = make_entry(1, summary_html="", summary_text="", dek=None, headline="A & B")
    item = etree.fromstring(render("rss", make_feed(entry))).find("channel/item")
    names = [each.tag.rpartition("}")[2] for each in item]
    assert names.index("description") < names.index("encoded")
    assert item.findtext("description") == "<p>A &amp; B</p>"


@pytest.mark.parametrize("name", XML)
def test_archives_say_so(name):
    history = b"http://purl.org/syndication/history/1.0"
    content = render(name, make_feed(is_archive=True))
    assert b"<fh:archive/>" in content
    assert history in content
    assert b"<fh:archive/>" not in render(name, make_feed())


# Safety

HOSTILE = (
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '<img src=x onerror="alert(1)">',
    '<img src="https://t.example/p.gif" width="1" height="1">',
    '<img src="data:image/png;base64,AAAA">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java\nscript:alert(1)">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<a href="vbscript:x">x</a>',
    "<form action=https://t.example><input name=password></form>",
    '<p style="background:url(https://t.example/p)">x</p>',
    "<style>@import 'https://t.example'</style>",
    '<iframe src="https://t.example"></iframe>',
    '<object data="https://t.example"></object><embed src="https://t.example">',
    '<svg><script>alert(1)</script><a xlink:href="javascript:x"><text>x</text></a></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<link rel="stylesheet" href="https://t.example"><meta http-equiv=refresh content="0;url=https://t.example">',
    '<base href="https://t.example/">',
    '<p id="subscribe" name="x" class="y" onmouseover=alert(1)>x</p>',
    "</div></article></main></body></html><script>alert(1)</script>",
    "<!--><script>alert(1)</script-->",
    '<video src="https://t.example/v" autoplay></video><audio src="https://t.example/a">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
)
BAD_TAGS = {"script", "style", "iframe", "object", "embed", "form", "input", "svg", "math"} | {
    "link",
    "meta",
    "base",
    "video",
    "audio",
}


class _Dangers(HTMLParser):
    """Collects what a browser would act upon and must not: text is none of it."""

    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in BAD_TAGS:
            self.found.append(tag)
        for name, value in attrs:
            scheme = re.sub(r"[\x00-\x20]", "", value or "").partition(":")[0].lower()
            if name.startswith("on") or name in ("style", "srcset", "action", "formaction"):
                self.found.append(name)
            if name in ("href", "src") and scheme in ("javascript", "vbscript", "data", "file"):
                self.found.append(f"{name}={value}")
        given = dict(attrs)
        if tag == "img" and "p.gif" in (given.get("src") or ""):
            self.found.append("tracking pixel")


def dangers(html: str) -> list[str]:
    reader = _Dangers()
    reader.feed(html)
    reader.close()
    return reader.found


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("name", ["rss", "atom", "json"])
def test_nothing_hostile_reaches_a_feed_reader(name, hostile):
    entry = make_entry(
        1,
        summary_html=hostile,
        content_html=f"<p>Before</p>{hostile}<p>After</p>",
        comments=(make_comment(1, body_html=hostile),),
        note=hostile,
        dek=hostile,
    )
    content = render(name, make_feed(entry))
    if name == "json":
        fragments = [json.loads(content)["items"][0]["content_html"]]
    else:
        found = parse(content).entries[0]
        fragments = [found.content[0].value, found.get("summary", "")]
    for fragment in fragments:
        assert dangers(fragment) == []
    assert "Before" in fragments[0]
    # What opens a script, a comment or a foreign tree and never closes it takes the rest of the body along.
    assert "After" in fragments[0] or hostile.startswith(("<math>", "<noscript>", "<!-->"))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_hostile_reaches_a_page(hostile):
    entry = make_entry(
        1,
        headline=hostile,
        dek=hostile,
        summary_html=hostile,
        content_html=None,
        comments=(make_comment(1, body_html=hostile, author_name=hostile, author_url="javascript:x"),),
        note=hostile,
        rights_line=hostile,
        url="javascript:alert(1)",
        also_at=(AlsoAt(publication=hostile, url="javascript:alert(1)"),),
        language='"><script>',
        tags=(Tag.model_construct(name=hostile, url="javascript:x"),),
    )
    page = render("html", make_feed(entry, title=hostile, description=hostile)).decode()
    # Of the page's own: its style, its icon, its meta and link elements.
    body = page.split("<body>", 1)[1]
    body = re.sub(r"<svg aria-hidden.*?</svg>", "", body)
    assert dangers(body) == []
    assert page.count("</body>") == page.count("</main>") == 1


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_markup_stands_in_an_attribute(hostile):
    # Pictures, headings and deep elements are rewritten by patterns, which must not meet a tag that is none.
    value = escape(hostile)
    html = (
        f'<a href="https://a.example/" title="<pre>{value}"><img src="https://a.example/b" alt="{value}"></a>'
    )
    values = re.findall(r'="([^"]*)"', clean_html(html))
    assert len(values) > 5
    assert not [each for each in values if "<" in each or ">" in each]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_cleaning_twice_changes_nothing(hostile):
    once = clean_html(f"<p>a</p>{hostile}")
    assert clean_html(once) == once


@pytest.mark.parametrize("inside", ["a<br>b", 'a<img src="https://a.example/b.png" alt="c">', "a<hr>", "a"])
def test_what_stands_too_deep_stays_without_the_elements_around_it(inside):
    cleaned = clean_html("<b>" * 300 + inside + "</b>" * 300)
    assert cleaned.count("<b>") == cleaned.count("</b>") == MAX_NESTING
    assert cleaned.count("<") == 2 * MAX_NESTING + inside.count("<")


@pytest.mark.parametrize("name", NAMES)
def test_links_that_no_reader_should_open_are_left_out(name):
    entry = make_entry(
        1,
        url="javascript:alert(1)",
        page_url="data:text/html,x",
        comments_url="vbscript:x",
        comments_feed_url="file:///etc/passwd",
        author_page_url="javascript:x",
        publication_url="ftp://a.example/",
        authors=(AuthorRef.model_construct(name="A B", url="javascript:x"),),
        hero=Image.model_construct(url="data:image/png;base64,x", alt=None, caption=None, credit=None),
    )
    text = render(name, make_feed(entry)).decode()
    text = re.sub(r'<link rel="icon"[^>]*>', "", text)
    for scheme in ("javascript:", "vbscript:", "file:", "ftp:", "data:"):
        assert scheme not in text


# Words


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_names_author_publication_community_rights_and_original(name):
    text = render(name, make_feed(make_entry(1), description=None)).decode()
    text = text.replace("\n", " ") if name == "text" else text
    for word in ("Ada Quill", "Stories", "Futurism", "© 2026 Ada Quill", "Harbor Notes", "/futurism/story-1"):
        assert word in text, word
    assert "Bo Lindqvist" in text
    assert "Read this one by a window." in text


@pytest.mark.parametrize("name", NAMES)
def test_a_page_that_prints_no_rights_leaves_them_with_the_author(name):
    entry = make_entry(1, rights_line=None, license=None)
    assert "they stay with the author" in " ".join(render(name, make_feed(entry)).decode().split())


@pytest.mark.parametrize("name", NAMES)
def test_a_license_is_called_by_its_name(name):
    entry = make_entry(1, license="https://creativecommons.org/licenses/by/4.0/")
    assert "CC BY 4.0" in render(name, make_feed(entry)).decode()


@pytest.mark.parametrize("name", NAMES)
def test_a_tombstone_says_so_and_nothing_else(name):
    gone = make_entry(1, headline="Taken down", is_gone=True)
    text = " ".join(render(name, make_feed(gone, errata=())).decode().split())
    assert GONE_TEXT in text
    for word in ("Ada Quill", "gulls", "Lindqvist", "images.example", "window"):
        assert word not in text, word


@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_corrections_of_earlier_issues_are_printed(name):
    assert "The tower has 109 steps, not 901." in " ".join(render(name, make_feed()).decode().split())


@pytest.mark.parametrize("name", ["html", "markdown", "text"])
def test_sections_stand_together_with_the_untitled_last(name):
    feed = make_feed(
        make_entry(1, section=None), make_entry(2, section="Craft"), make_entry(3, section="Tech")
    )
    text = render(name, feed).decode()
    text = text.split('class="section', 1)[-1] if name == "html" else text
    places = [text.casefold().rindex(word) for word in ("craft", "part 2", "tech", "part 3", "part 1")]
    assert places == sorted(places) or name == "html"
    assert text.index("Skerrow, part 2") < text.index("Skerrow, part 3") < text.index("Skerrow, part 1")


@pytest.mark.parametrize(
    ("name", "mark"),
    [("markdown", "\n\n---\n\n"), ("text", "\n\n* * *\n\n"), ("html", '<hr class="section">')],
)
def test_what_has_no_section_does_not_seem_to_belong_to_the_last(name, mark):
    def sectioned(*sections):
        entries = (make_entry(n, section=each, summary_html="<p>x</p>") for n, each in enumerate(sections, 1))
        return render(name, make_feed(*entries)).decode()

    text = sectioned("Craft", None, "Tech")
    assert text.count(mark) == 1
    assert text.index("Skerrow, part 3") < text.index(mark) < text.rindex("Skerrow, part 2")
    assert mark not in sectioned(None, None)
    assert mark not in sectioned("Craft", "Tech")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (None, "23 December 2025"),
        ("Dec 23, 2025", "23 December 2025"),
        ("3 days ago", "23 December 2025"),
        ("11 months ago", "about December 2025"),
        ("about a year ago", "about 2025"),
    ],
)
def test_dates_are_no_more_exact_than_the_page_was(printed, expected):
    assert to_printed_date(datetime(2025, 12, 23, tzinfo=UTC), printed) == expected


@pytest.mark.parametrize(
    ("printed", "days", "expected"),
    [
        ("11mo", 57, "about December 2025"),
        ("hace 11 meses", 45, "about December 2025"),
        ("December 2025", 32, "about December 2025"),
        ("last year", 730, "about 2025"),
        ("2 weeks ago", 10, "23 December 2025"),
        ("Dec 23, 2025", 0, "23 December 2025"),
    ],
)
@pytest.mark.parametrize("name", [*NAMES, "email"])
def test_a_vague_date_is_told_as_such_in_whatever_words_it_was_printed(name, printed, days, expected):
    dated = {
        "published_at": datetime(2025, 12, 23, tzinfo=UTC),
        "published_text": printed,
        "published_within": timedelta(days=days),
    }
    entry = make_entry(1, comments=(make_comment(1, **dated),), **dated)
    document = get_document_format(name).render(make_feed(entry), base_url=BASE).content
    shown = re.findall(r"(?:about )?(?:\d+ )?(?:December )?2025(?!-|\d| \d\d:)", document.decode())
    assert expected in shown
    assert not {"23 December 2025"} & set(shown) - {expected}


def test_text_is_wrapped_save_for_what_can_not_be():
    entry = make_entry(
        1,
        summary_html=f"<p>{'word ' * 90}</p><p>{'漢字仮名、' * 40}</p><pre>{'x' * 100}</pre><ul><li>{'a bc ' * 40}</li></ul>"
        "<ol start='3'><li>c</li></ol><blockquote><p>q</p></blockquote><hr>",
        headline="H " * 90,
    )
    text = render("text", make_feed(entry)).decode()
    long = [line for line in text.splitlines() if display_width(line) > WIDTH]
    assert all("x" * 100 in line or line.startswith("[") for line in long), long
    assert "- a bc" in text
    assert "* * *" in text


def test_lists_and_tables_of_text_stand_close_and_their_lines_hang():
    entry = make_entry(
        1,
        summary_html=f"<ol start='9'><li>{'word ' * 20}</li><li><p>ten</p><ul><li>deep</li></ul></li><li></li></ol>"
        "<p>after</p><table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>",
    )
    text = render("text", make_feed(entry)).decode()
    first = f"9. {' '.join(['word'] * 14)}\n   {' '.join(['word'] * 6)}"
    assert f"\n\n{first}\n10. ten\n  - deep\n\nafter\n\na | b\nc | d\n\n" in text


def test_the_cells_of_a_table_are_told_apart_in_text():
    rows = (
        "<tr><th></th><th>Mon</th><th>Tue</th></tr><tr><td>High water</td><td>six past nine</td><td>ten</td></tr>"
        "<tr><td><p>Low water</p></td><td>three</td><td>four</td></tr>"
    )
    text = render("text", make_feed(make_entry(1, summary_html=f"<table>{rows}</table>"))).decode()
    assert "\n| Mon | Tue\nHigh water | six past nine | ten\nLow water\nthree | four\n" in text


def test_a_table_of_several_parts_is_one_in_markdown():
    parts = "".join(
        f"<t{part}><tr><td>{part} cell</td></tr></t{part}>" for part in ("head", "body", "body", "foot")
    )
    text = render("markdown", make_feed(make_entry(1, summary_html=f"<table>{parts}</table>"))).decode()
    assert "\n\n| head cell |\n| --- |\n| body cell |\n| body cell |\n| foot cell |\n\n" in text


def test_what_a_story_quotes_is_marked_as_a_quotation_in_text():
    html = (
        "<p>She wrote:</p><blockquote><p>One</p><p>two<br>lines</p><blockquote>deep</blockquote>"
        "<ul><li>a</li><li>b</li></ul></blockquote><p>No more.</p>"
    )
    quoted = "> One\n>\n> two\n> lines\n>\n> > deep\n>\n> - a\n> - b"
    text = render("text", make_feed(make_entry(1, summary_html=html))).decode()
    assert f"\n\nShe wrote:\n\n{quoted}\n\nNo more.\n\n" in text
    comment = make_comment(1, body_html="<blockquote>I was there.</blockquote><p>So was I.</p>")
    text = render("text", make_feed(make_entry(1, comments=(comment,)))).decode()
    assert "\n\n> > I was there.\n>\n> So was I.\n>\n> -- Bo" in text


def test_the_lines_of_verse_keep_their_indent_in_text():
    html = "<p>Rain,<br>&nbsp;&nbsp;&nbsp;a pail,<br> &emsp;a&nbsp;cat<br>that counts.</p><p>\n&nbsp;&nbsp;And hail.</p>"
    text = render("text", make_feed(make_entry(1, summary_html=html))).decode()
    assert "\n\nRain,\n   a pail,\n a cat\nthat counts.\n\n  And hail.\n\n" in text
    assert wrap("one\u3000\xa0 two") == "one two"


def test_no_line_of_text_ends_within_what_a_reader_sees_as_one():
    family, flag = "👩\u200d👩\u200d👧", "🇩🇪"
    entry = make_entry(
        1, summary_html=f"<p>{family * 40}</p><p>x{flag * 60}</p><p>{'仮名JavaScript' * 20}</p>"
    )
    lines = render("text", make_feed(entry)).decode().splitlines()
    for sign in (family, flag):
        assert not [line for line in lines if sign[0] in line and line.strip("x").replace(sign, "")]
    assert sum(line.count("JavaScript") for line in lines) == 20


@pytest.mark.parametrize("name", NAMES)
def test_a_title_stands_on_one_line_and_turns_nothing_around(name):
    entry = make_entry(1, headline="The \u202egate\r\nBcc: a@b.example\u2028end", dek=None)
    content = render(name, make_feed(entry, title="Feed \u2067of\nall")).decode()
    assert "\u202e" not in content
    assert "\u2067" not in content
    assert content.replace("\\", "").count("The gate Bcc: a@b.example end") >= 1
    assert "Feed of all" in content


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("pt-BR", "pt-BR"),
        ("zh-hans-cn", "zh-hans-cn"),
        ("en_US.UTF-8", "en-US"),
        ("de,en", None),
        ("e", None),
    ],
)
def test_a_language_is_a_tag_or_nothing(printed, shown):
    feed = make_feed(make_entry(1, language=printed), language=None)
    atom = etree.fromstring(render("atom", feed))
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [each.get(lang) for each in atom.iter("{http://www.w3.org/2005/Atom}entry")] == [shown]
    assert [each.get("language") for each in json.loads(render("json", feed))["items"]] == [shown]
    page = lxml_html.fromstring(render("html", feed).decode())
    assert [each.get("lang") for each in page.iter("article")] == [shown]
    channel = etree.fromstring(render("rss", make_feed(language=printed)))[0]
    assert channel.findtext("language") == shown


@pytest.mark.parametrize("name", NAMES)
def test_what_turns_around_and_back_again_stays(name):
    assert (
        "\u2067שלום\u2069" in render(name, make_feed(make_entry(1, headline="A \u2067שלום\u2069 b"))).decode()
    )


@pytest.mark.parametrize("name", [*NAMES, "email"])
def test_a_name_written_from_right_to_left_turns_no_date_around(name):
    entry = make_entry(
        1, authors=(AuthorRef(name="רות"),), comments=(make_comment(1, author_name="עומר"),), dek=None
    )
    content = get_document_format(name).render(make_feed(entry), base_url=BASE).content
    text = content.decode()
    if name == "email":
        message = message_from_bytes(content, policy=email.policy.default)
        text = "".join(message.get_body((kind,)).get_content() for kind in ("html", "plain"))
    # In what feeds carry the fragment is escaped, or in an element of its own.
    for each in ("רות", "עומר"):
        before = re.findall(rf"(<bdi>|&lt;bdi&gt;|\u2068)?{each}", text)
        assert len([mark for mark in before if mark]) >= (2 if name == "email" else 1)
    assert "bdi" not in render("html", make_feed()).decode()


@pytest.mark.parametrize("tag", ["blockquote", "b", "ul><li", "div"])
@pytest.mark.parametrize("name", NAMES)
def test_elements_without_end_within_one_another_break_nothing(name, tag):
    deep = f"<{tag}>" * 3_000 + "the bottom" + "".join(f"</{each}>" for each in tag.split("><")[::-1]) * 3_000
    content = render(name, make_feed(make_entry(1, summary_html=f"<p>first</p>{deep}<p>last</p>"))).decode()
    assert content.index("first") < content.index("the bottom") < content.rindex("last")


def test_nothing_in_code_or_an_address_goes_on_as_markdown():
    entry = make_entry(
        1,
        summary_html="<pre>```\n&lt;script&gt;go()&lt;/script&gt;\n[x](javascript:go())\n````</pre>"
        "<p><a href='https://e.example/&gt;[a](javascript:go())'>y</a> <a href='https://e.example/a b'>z</a></p>"
        "<p><code>`` ` ``[x](javascript:go())</code></p>",
    )
    shown = MarkdownIt("commonmark").render(render("markdown", make_feed(entry)).decode())
    page = lxml_html.fromstring(shown)
    assert not page.xpath(
        "//script | //a[contains(@href, 'javascript:go') and not(starts-with(@href, 'https:'))]"
    )
    assert page.xpath("//pre/code")[0].text == "```\n<script>go()</script>\n[x](javascript:go())\n````\n"
    assert page.xpath("//a[text()='y']/@href")[0].startswith("https://e.example/%3E")
    assert page.xpath("//a[text()='z']/@href") == ["https://e.example/a%20b"]


# Links and pages


@pytest.mark.parametrize("name", ["rss", "atom", "json"])
@pytest.mark.parametrize(
    ("number", "base", "expected"),
    [
        (None, BASE, "https://paper.example/lantern"),
        (None, "", "https://paper.example/lantern"),
        (3, BASE, f"{BASE}/digests/lantern/3/"),
        (3, "", "https://paper.example/lantern"),
    ],
)
def test_a_feed_is_at_home_on_the_page_its_editor_named(name, number, base, expected):
    feed = make_feed(make_entry(1), home_url="https://paper.example/lantern", issue_number=number)
    content = get_format(name).render(feed, base_url=base).content
    found = json.loads(content)["home_page_url"] if name == "json" else parse(content).feed.link
    assert found == expected


def test_the_link_of_a_channel_is_whole_where_the_site_has_no_address():
    channel = etree.fromstring(get_format("rss").render(make_feed(make_entry(1)), base_url="").content)[0]
    assert channel.findtext("link") == "https://gleanings.invalid/digests/lantern/3/"


@pytest.mark.parametrize(
    ("href", "base", "expected"),
    [
        ("/a/b", BASE, f"{BASE}/a/b"),
        ("/a/b", "", "/a/b"),
        ("https://x.example/a b", BASE, "https://x.example/a%20b"),
        ("//x.example/a", BASE, None),
        ("a/b", BASE, None),
        ("HTTPS://x.example", BASE, "HTTPS://x.example"),
        ("https://", BASE, None),
        (None, BASE, None),
    ],
)
def test_absolute_links(href, base, expected):
    assert absolute(href, base) == expected


@pytest.mark.parametrize(
    ("path", "page", "expected"),
    [
        ("/", "/digests/ai/3/", "../../../index.html"),
        ("/digests/ai/2/", "/digests/ai/3/", "../2/index.html"),
        ("/digests/ai/feed.atom", "/digests/ai/3/", "../feed.atom"),
        ("/digests/ai/", "/", "digests/ai/index.html"),
        ("/articles/7/?x=1#c", "/", "articles/7/index.html?x=1#c"),
    ],
)
def test_relative_links(path, page, expected):
    assert relative(path, page) == expected


def test_a_page_for_a_folder_links_relatively_and_needs_no_script():
    page = render("html", make_feed(), base_url="").decode()
    tree = lxml_html.fromstring(page)
    assert not tree.xpath("//script")
    own = [each for each in tree.xpath("//@href") if not urlsplit(each).scheme and not each.startswith("#")]
    assert own
    assert all(not each.startswith("/") for each in own), own
    assert "../2/index.html" in own


def test_a_page_loads_nothing_but_pictures():
    tree = lxml_html.fromstring(render("html", make_feed()).decode())
    assert not tree.xpath("//link[@rel='stylesheet'] | //script | //iframe")
    assert len(tree.xpath("//style")) == 1
    assert "url(" not in tree.xpath("string(//style)")
    pictures = tree.xpath("//img")
    assert len(pictures) == 3
    for picture in pictures:
        assert picture.get("loading") == "lazy"
        assert picture.get("referrerpolicy") == "no-referrer"
        assert picture.get("width").isdecimal()
        assert picture.get("height").isdecimal()
        assert picture.get("alt") is not None


def test_a_page_tells_programs_what_it_is():
    tree = lxml_html.fromstring(render("html", make_feed()).decode())
    feeds = tree.xpath("//link[@rel='alternate']")
    assert [each.get("type") for each in feeds] == ["application/atom+xml", "application/rss+xml"]
    assert all(each.get("href").startswith(BASE) and each.get("title") for each in feeds)
    (title,) = tree.xpath("//meta[@property='og:title']/@content")
    assert title == "The Lantern, No. 3"
    assert tree.xpath("//link[@rel='canonical']/@href") == [f"{BASE}/digests/lantern/3/"]
    assert tree.get("lang") == "en"


def test_headings_of_a_page_descend_by_one():
    entry = make_entry(1, content_html="<h2>Inside</h2><p>x</p><h4>Deeper</h4>", comments=())
    tree = lxml_html.fromstring(render("html", make_feed(entry, make_entry(2, section=None))).decode())
    levels = [int(each.tag[1]) for each in tree.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert "Inside" in tree.xpath("string(//h4)")


@pytest.mark.parametrize("levels", [(2, 4, 6), (1, 5, 3, 2), (4, 6, 2), (6, 5, 4, 1, 6), (1, 2, 3, 4, 5, 6)])
@pytest.mark.parametrize("section", ["At sea", None])
@pytest.mark.parametrize("name", ["html", "markdown", "email", "json"])
def test_headings_of_a_story_leave_out_no_level(name, section, levels):
    body = "".join(f"<h{level}>Part {place}</h{level}><p>x</p>" for place, level in enumerate(levels))
    feed = make_feed(make_entry(1, content_html=body, section=section, comments=(), note=None))
    text = get_document_format(name).render(feed, base_url=BASE).content.decode()
    if name == "email":
        message = message_from_bytes(text.encode(), policy=email.policy.default)
        text = message.get_body(("html",)).get_content()
    if name == "markdown":
        found = [len(each) for each in re.findall(r"^(#+) ", text, re.MULTILINE)]
    else:
        found = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert len(found) >= len(levels)
    assert all(below <= above + 1 for above, below in pairwise(found))


@pytest.mark.parametrize("section", ["At sea", None])
@pytest.mark.parametrize("name", ["html", "email", "article"])
def test_headings_of_a_comment_stand_one_level_below(name, section):
    comment = make_comment(1, body_html="<h1>Loud</h1><p>x</p>")
    entry = make_entry(1, section=section, comments=(comment,), content_html="<p>Words.</p>", note=None)
    if name == "article":
        text = render_article_page(entry, Frame("/articles/1/", BASE, ""))
    else:
        text = get_document_format(name).render(make_feed(entry), base_url=BASE).content.decode()
    if name == "email":
        text = (
            message_from_bytes(text.encode(), policy=email.policy.default).get_body(("html",)).get_content()
        )
    found = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert len(found) > 2
    assert all(below <= above + 1 for above, below in pairwise(found))


@pytest.mark.parametrize("kind", ["html", "markdown"])
def test_the_headline_leads_to_the_original_and_else_to_our_page(kind):
    text = render(kind, make_feed(make_entry(1), make_entry(2, url=None))).decode()
    assert "https://stories.example/futurism/story-1" in text
    assert f"{BASE}/articles/2/" in text


# Threads


def test_a_thread_is_a_tree_in_reading_order():
    comments = [
        make_comment(1),
        make_comment(2, parent_guid=make_comment(1).guid, depth=1),
        make_comment(3),
        make_comment(4, parent_guid="tag:unknown", depth=1),
    ]
    top = build_thread(comments)
    assert [node.comment.guid[-1] for node in top] == ["1", "3", "4"]
    assert [node.comment.guid[-1] for node in top[0].answers] == ["2"]


def test_a_bottomless_thread_stays_shallow():
    comments = [make_comment(0)]
    for number in range(1, 3_000):
        comments.append(make_comment(number, parent_guid=comments[-1].guid, depth=number))
    seen, stack = 0, list(build_thread(comments))
    while stack:
        node = stack.pop()
        seen += 1
        assert node.depth <= MAX_DEPTH
        stack += node.answers
    assert seen == 3_000


def test_clean_model_returns_what_is_clean_unchanged():
    feed = make_feed()
    assert clean_model(feed) is feed
    dirty = feed.model_copy(update={"links": (FeedLink(rel="self", href="/a\x00"),)})
    assert clean_model(dirty).links[0].href == "/a"


# Bodies with everything a story may hold

RICH = (
    '<h2>Inside</h2><p>A <a href="https://a.example/x(1)">link</a>, <strong>bold</strong>,<br>a break.</p>'
    '<figure><img src="https://a.example/b.png" alt="A [hill]" title="t" width="900" height="600">'
    "<figcaption>Caption</figcaption></figure>"
    "<ul><li>one<ul><li>nested</li></ul></li></ul><ol><li>first</li><li>second</li></ol>"
    "<pre><code>x = [1]\n  y</code></pre><hr><table><tr><th>Head</th><td>Cell</td></tr></table>"
)


def test_a_rich_body_is_whole_in_markdown():
    text = render("markdown", make_feed(make_entry(1, content_html=RICH))).decode()
    assert "#### Inside" in text
    assert "[link](<https://a.example/x(1)>)" in text
    assert "![A \\[hill\\]](https://a.example/b.png)" in text
    html = MarkdownIt().render(text)
    for part in ("<strong>bold</strong>", "<li>first</li>", "x = [1]\n  y", 'href="https://a.example/x(1)"'):
        assert part in html


def test_a_rich_body_is_whole_in_text():
    text = render("text", make_feed(make_entry(1, content_html=RICH))).decode()
    for part in (
        "A link [",
        "[Image: A [hill]]",
        "- one",
        "1. first",
        "2. second",
        "    x = [1]\n      y",
        "* * *",
    ):
        assert part in text, part
    assert "Head | Cell" in text
    assert re.search(r"^\[\d+\] https://a\.example/x\(1\)$", text, re.MULTILINE)


@pytest.mark.parametrize("name", [*XML, "json", "html"])
@pytest.mark.parametrize(
    ("shown", "count"),
    [
        ("https://images.example/light.jpg", 1),
        ("https://images.example/light.jpg?w=640&amp;q=80", 1),
        ("https://images.example/other.jpg", 2),
    ],
)
def test_a_picture_that_the_text_shows_does_not_stand_above_it_too(name, shown, count):
    entry = make_entry(1, content_html=f'<p>Dusk.</p><p><img src="{shown}" alt="A light"></p>', comments=())
    text = render(name, make_feed(entry)).decode()
    if name == "html":
        pictures = lxml_html.fromstring(text).xpath("//img")
    else:
        content = (
            parse(text).entries[0].content[0].value
            if name in XML
            else json.loads(text)["items"][0]["content_html"]
        )
        pictures = lxml_html.fragment_fromstring(content, create_parent="div").xpath(".//img")
        assert "https://images.example/light.jpg" in (
            text if name in XML else json.loads(text)["items"][0]["image"]
        )
    assert len(pictures) == count


@pytest.mark.parametrize(
    "url", ["https://images.example/picture?id=7", "https://images.example/picture?id=8"]
)
def test_a_picture_that_only_its_query_names_is_told_by_it(url):
    hero = Image(url="https://images.example/picture?id=7")
    entry = make_entry(1, hero=hero, content_html=f'<p><img src="{url}" alt="A light"></p>', comments=())
    pictures = lxml_html.fromstring(render("html", make_feed(entry)).decode()).xpath("//img")
    assert len(pictures) == (1 if url == hero.url else 2)


@pytest.mark.parametrize("name", XML)
def test_a_picture_keeps_its_measures(name):
    content = parse(render(name, make_feed(make_entry(1, content_html=RICH)))).entries[0].content[0].value
    assert 'title="t" width="900" height="600" loading="lazy"' in content


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_that_says_little_is_told_with_little(name):
    entry = make_entry(
        1,
        dek=None,
        byline=None,
        authors=(),
        community=None,
        publication_name=None,
        publication_url=None,
        published_at=None,
        reading_minutes=None,
        comment_count=0,
        comments=(make_comment(1, author_name=None, author_url=None, published_at=None),),
        hero=None,
        note=None,
        section=None,
        also_at=(),
        url=None,
        summary_html="",
        summary_text="",
    )
    text = render(name, make_feed(entry, description=None, language=None, issue_number=None)).decode()
    assert "A reader" in text
    assert "None" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    assert "Unknown" not in text


@pytest.mark.parametrize(
    ("license_", "name"),
    [
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "Public domain"),
        ("CC-BY-SA-4.0", "CC BY-SA 4.0"),
        ("All mine", "All mine"),
    ],
)
def test_licenses_have_names(license_, name):
    assert name in render("text", make_feed(make_entry(1, license=license_))).decode()


def test_an_article_page_names_a_community_once_and_each_comments_link():
    entry = make_entry(
        1,
        community=Community(name="Stories", url="https://stories.example/"),
        publication_name="Stories",
        content_html='<pre>a</pre><p><img src="https://a.example/b.png" alt="x"></p><p>b <img src="https://a.example/c.png" alt="y"></p>',
        comments=(make_comment(1),),
    )
    tree = lxml_html.fromstring(render_article_page(clean_model(entry), Frame("/articles/1/", "", "")))
    assert tree.xpath("normalize-space(//p[contains(@class, 'folio')])") == "Stories"
    (link,) = tree.xpath("//article[@class='comment']//a[starts-with(@href, '#')]")
    assert "Link to this comment" in link.text_content()
    assert tree.xpath("//pre/@tabindex") == ["0"]
    assert tree.xpath("//div[@class='prose']/figure/img/@alt") == ["x"]
    assert tree.xpath("//div[@class='prose']/p/img/@alt") == ["y"]


def test_a_list_cut_short_ends_in_no_separator():
    assert clip("A lamp · A bicycle · A boat", 22) == "A lamp · A bicycle…"


@pytest.mark.parametrize("name", ["rss", "atom", "json", "html", "markdown", "text", "email"])
def test_a_publication_that_is_a_community_is_named_once(name):
    entry = make_entry(
        headline="A",
        url="https://a.example/1",
        authors=(),
        byline="By Nobody",
        community=Community(name="The Harbor", url="https://a.example/harbor"),
        publication_name="The harbor",
        publication_url="https://a.example/harbor",
    )
    content = get_document_format(name).render(make_feed(entry), base_url=BASE).content
    if name == "email":
        message = message_from_bytes(content, policy=email.policy.default)
        shown = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    elif name == "json":
        shown = [json.loads(content)["items"][0]["content_html"]]
    elif name in ("rss", "atom"):
        [parsed] = feedparser.parse(content).entries
        shown = [parsed.content[0].value]
    else:
        shown = [content.decode()]
    for text in shown:
        assert len(re.findall(r"the harbor\b", text, re.IGNORECASE)) == 1, text
