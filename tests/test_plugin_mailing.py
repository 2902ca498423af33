"""Mail: one message that any program reads, that loads nothing, and that is never cut off."""

import email
import email.policy
import re
from email.message import EmailMessage

import pytest
from lxml import html as lxml_html

from plugin.errors import UnknownFormat
from plugin.formats.wording import GONE_TEXT
from plugin.mailing import EMAIL, MAX_BYTES, EmailFormat, get_document_format
from tests.samples import make_comment, make_entry, make_feed

BASE = "https://digests.example.org"
NASTY = "a\x00b\ud800c\ufffe 👩‍👩‍👧 שלום ]]> <script>alert(1)</script>\r\nBcc: x@evil.example"


def mail(feed, *, base_url=BASE) -> EmailMessage:
    content = EMAIL.render(feed, base_url=base_url).content
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return found.get_content()


def test_a_message_has_html_and_text_of_the_same_issue():
    message = mail(make_feed())
    assert message.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in message.iter_parts()] == ["text/plain", "text/html"]
    for kind in ("html", "plain"):
        text = " ".join(part(message, kind).split())
        for word in (
            "The Lantern",
            "Slow light",
            "The lamp lighter of Skerrow, part 3",
            "Ada Quill",
            "Futurism",
            "Stories",
            "Read this one by a window.",
            "Bo Lindqvist",
            "© 2026 Ada Quill",
            "Harbor Notes",
            "109 steps, not 901",
            "https://stories.example/futurism/story-3",
        ):
            assert word.casefold() in text.casefold(), (kind, word)


def test_headers_say_who_what_when_and_how_to_leave():
    message = mail(make_feed())
    assert message["From"] == "The Lantern <lantern@digests.example.org>"
    assert message["Subject"] == "The Lantern, No. 3"
    assert message["Date"] == "Fri, 06 Nov 2026 09:00:00 +0000"
    assert re.fullmatch(r"<[0-9a-f]{32}@digests\.example\.org>", message["Message-ID"])
    assert message["List-Id"] == "<lantern.digests.example.org>"
    assert message["List-Archive"] == f"<{BASE}/digests/lantern/3/>"
    assert message["List-Subscribe"] == f"<{BASE}/digests/lantern/3/#subscribe>"
    assert message["List-Unsubscribe"].strip() == (
        "<mailto:lantern@digests.example.org?subject=unsubscribe%20lantern>"
    )
    assert message["List-Post"] == "NO"
    assert message["Auto-Submitted"] == "auto-generated"


def test_the_sender_may_be_named():
    content = EmailFormat("editor@example.org").render(make_feed(), base_url=BASE).content
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert message["From"] == "The Lantern <editor@example.org>"
    assert "mailto:editor@example.org" in message["List-Unsubscribe"]


@pytest.mark.parametrize("base_url", ["", "https://münchen.example", "https://[::1]:8000/x"])
def test_any_base_makes_a_message(base_url):
    message = mail(make_feed(), base_url=base_url)
    assert message["From"].endswith(">")
    assert message["Message-ID"]


def test_the_same_feed_gives_the_same_bytes():
    assert EMAIL.render(make_feed(), base_url=BASE) == EMAIL.render(make_feed(), base_url=BASE)


def test_it_loads_and_reports_nothing():
    entry = make_entry(
        1,
        content_html='<p>A</p><img src="https://t.example/p.gif" width="1" height="1">'
        '<figure><img src="https://t.example/b.png" alt="A hill"></figure>',
    )
    message = mail(make_feed(entry))
    tree = lxml_html.fromstring(part(message, "html"))
    assert not tree.xpath("//img | //link | //script | //iframe | //*[@background] | //*[@src]")
    assert "url(" not in part(message, "html")
    assert "[A hill]" in part(message, "html")
    assert "t.example" not in part(message, "html")


def test_its_style_stands_in_every_element():
    tree = lxml_html.fromstring(part(mail(make_feed()), "html"))
    assert "color" in tree.xpath("//*[@class='headline']/a")[0].get("style")
    assert "font-family" in tree.xpath("//div[@class='leaf']")[0].get("style")


def test_it_is_seven_bit_with_short_lines():
    content = EMAIL.render(make_feed(make_entry(1, headline="é" * 500)), base_url=BASE).content
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


def test_nothing_in_it_can_become_a_header_or_break_it():
    entry = make_entry(
        1,
        headline=NASTY,
        dek=NASTY,
        note=NASTY,
        summary_html=NASTY,
        comments=(make_comment(1, body_html=NASTY),),
    )
    message = mail(make_feed(entry, title=NASTY, description=NASTY, guid=NASTY))
    assert "Bcc" not in message
    assert "\n" not in message["Subject"]
    assert not lxml_html.fromstring(part(message, "html")).xpath("//script")


@pytest.mark.parametrize(
    ("n_entries", "words", "n_comments"),
    [(12, 100, 2), (12, 20_000, 2), (12, 300, 50), (50, 3_000, 5), (1_000, 60, 1), (1, 200_000, 50)],
)
def test_it_is_never_too_large(n_entries, words, n_comments):
    text = "wörter " * words
    comments = tuple(
        make_comment(number, body_html=f"<p>{'talk ' * 100}</p>", body_text="talk")
        for number in range(n_comments)
    )
    entries = [
        make_entry(
            number,
            summary_html=f"<p>{text[:3000]}</p>",
            summary_text=text[:3000],
            content_html=f"<p>{text}</p>",
            comments=comments,
        )
        for number in range(1, n_entries + 1)
    ]
    feed = make_feed(*entries)
    content = EMAIL.render(feed, base_url=BASE).content
    assert len(content) <= MAX_BYTES
    message = mail(feed)
    html = part(message, "html")
    shown = html.count('class="headline"')
    assert shown >= min(n_entries, 10)
    if shown < n_entries:
        assert f"{n_entries - shown:,} more in this issue" in html
        assert f"{n_entries - shown:,} more in this issue" in part(message, "plain")
    else:
        assert "more in this issue" not in html


def test_even_absurd_texts_fit():
    huge = "x" * 1_000_000
    entry = make_entry(
        1, headline=huge, dek=huge, note=huge, rights_line=huge, summary_html=huge, summary_text=huge
    )
    feed = make_feed(entry, title=huge, description=huge)
    assert len(EMAIL.render(feed, base_url=BASE).content) <= MAX_BYTES


def test_a_tombstone_says_so():
    message = mail(make_feed(make_entry(1, headline="Taken down", is_gone=True)))
    for kind in ("html", "plain"):
        assert GONE_TEXT in part(message, kind)
        assert "Ada Quill" not in part(message, kind)


def test_it_is_found_by_name_beside_the_others():
    assert get_document_format("email") is EMAIL
    assert get_document_format("rss").name == "rss"
    with pytest.raises(UnknownFormat, match='did you mean "email"'):
        get_document_format("e-mail")


def test_verse_keeps_its_lines_in_a_message_that_had_to_be_cut():
    lines = ["Rain on the roof,", "rain in the pail,", "and a cat & her clock", "that counts the hail."]
    poem = "\n\n".join("\n".join(lines[start : start + 2]) for start in (0, 2))
    html = "<p>" + "<br>".join(lines[:2]) + "</p><p>" + "<br>".join(lines[2:]) + "</p>"
    first = make_entry(1, summary_html=html.replace("&", "&amp;"), summary_text=poem, content_html=None)
    others = [make_entry(n, summary_text="Word " * 900, summary_html="Word " * 900) for n in range(2, 40)]
    message = mail(make_feed(first, *others))
    assert "\n".join(lines[:2]) + "\n\n" + "\n".join(lines[2:]) in part(message, "plain").replace(
        "\r\n", "\n"
    )
    shown = "Rain on the roof,<br>rain in the pail,</p><p>and a cat &amp; her clock<br>that counts the hail."
    assert shown in re.sub(r"<p [^>]*>", "<p>", part(message, "html"))
