"""An issue as a mail message: HTML with its style in every element, plain text beside it, nothing to load."""

import re
from collections.abc import Callable
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from hashlib import sha256
from html import escape
from typing import Final
from urllib.parse import urlsplit

import css_inline

from plugin.formats import FORMATS, Document, Format, find_format
from plugin.formats.cleaning import clean_feed
from plugin.formats.fragments import entry_link, home_link
from plugin.formats.links import NO_HOST, absolute
from plugin.formats.templating import clip, environment, read_asset, trusted
from plugin.formats.text import TextFormat
from plugin.issues import Entry, Feed

MAX_BYTES: Final = 100_000
"""Largest message; beyond 102 KB the largest mail service cuts a message off."""

MAX_LINE: Final = 300
"""Longest headline, dek or name in a message that had to be cut, in characters."""

_POLICY: Final = SMTP.clone(cte_type="7bit")


class EmailFormat:
    """Renders a feed as a MIME message of at most ``MAX_BYTES``.

    What is too long gives way in this order: whole bodies to excerpts, quoted comments, the ends of excerpts,
    the last entries; the message then says how many more stand on the issue's page. Pictures are left out
    always: a mail that loads nothing tells nobody that it was opened.

    Args:
        sender: Address it comes from; None: one named after the feed on the site's host, for whoever sends it
            to replace.
    """

    name = "email"
    media_type = "message/rfc822"
    extension = "eml"

    def __init__(self, sender: str | None = None) -> None:
        self.sender = sender

    def render(self, feed: Feed, *, base_url: str) -> Document:
        """Return the message; see ``Format.render``."""
        feed = clean_feed(feed)
        for shown in (feed, _drop_bodies(feed), _drop_comments(feed)):
            if _count_markup(shown) > MAX_BYTES:
                continue
            content = self._to_message(feed, shown, base_url).as_bytes()
            if len(content) <= MAX_BYTES:
                return self._to_document(content)
        shown = _cut_texts(feed)
        content = self._to_message(feed, shown, base_url).as_bytes()
        while len(content) > MAX_BYTES and shown.entries:
            fitting = int(len(shown.entries) * 0.95 * MAX_BYTES / len(content))
            shown = shown.model_copy(update={"entries": shown.entries[:fitting]})
            content = self._to_message(feed, shown, base_url).as_bytes()
        return self._to_document(content)

    def _to_document(self, content: bytes) -> Document:
        return Document(content, self.media_type, f"issue.{self.extension}")

    def _to_message(self, feed: Feed, shown: Feed, base_url: str) -> EmailMessage:
        """Return the message of a feed that shows so much of it."""
        message = EmailMessage(policy=_POLICY)
        self._add_headers(message, feed, base_url)
        n_left_out = len(feed.entries) - len(shown.entries)
        page_url = home_link(feed, base_url)
        page_url = page_url if page_url is not None and page_url.startswith("http") else None
        text = TextFormat().render(shown, base_url=base_url).content.decode()
        if n_left_out:
            text += f"\n{n_left_out:,} more in this issue{f': {page_url}' if page_url else '.'}\n"
        message.set_content(text)
        html = _to_html(shown, base_url, n_left_out=n_left_out, page_url=page_url)
        message.add_alternative(html, subtype="html")
        # Made at random otherwise, and the same feed must give the same bytes.
        message.set_boundary(f"=_{sha256(f'{feed.guid} {n_left_out}'.encode()).hexdigest()[:32]}")
        return message

    def _add_headers(self, message: EmailMessage, feed: Feed, base_url: str) -> None:
        """Write who, what and when, and what mailing lists say of themselves.

        Source:
            RFC 2369 (List-*), RFC 2919 (List-Id), RFC 3834 (Auto-Submitted).
        """
        series, host = _series_name(feed), _host_name(base_url)
        address = self.sender or f"{series}@{host}"
        title = clip(feed.title, MAX_LINE)
        number = feed.issue_number
        message["From"] = Address(display_name=title, addr_spec=address)
        message["Subject"] = title if number is None else f"{title}, No. {number}"
        message["Date"] = feed.updated_at.astimezone(UTC)
        message["Message-ID"] = f"<{sha256(feed.guid.encode()).hexdigest()[:32]}@{host}>"
        message["List-Id"] = f"<{series}.{host}>"
        message["List-Post"] = "NO"
        message["List-Unsubscribe"] = f"<mailto:{address}?subject=unsubscribe%20{series}>"
        page_url = home_link(feed, base_url)
        if page_url and page_url.startswith("http"):
            message["List-Archive"] = f"<{page_url}>"
            message["List-Subscribe"] = f"<{page_url}#subscribe>"
        message["Auto-Submitted"] = "auto-generated"


EMAIL: Final = EmailFormat()
"""The format called "email"."""


def get_document_format(name: str) -> Format:
    """Return a format by name, e-mail included.

    Raises:
        UnknownFormat: There is none; the message names the nearest.

    Example:
        >>> get_document_format("email").media_type
        'message/rfc822'
    """
    return find_format(name, (*FORMATS, EMAIL))


def _to_html(feed: Feed, base_url: str, *, n_left_out: int, page_url: str | None) -> str:
    html = (
        environment()
        .get_template("mail.html")
        .render(
            feed=feed,
            link=partial(absolute, base_url=base_url),
            entry_link=partial(entry_link, base_url=base_url),
            n_left_out=n_left_out,
            page_url=page_url,
            STYLE=trusted(read_asset("mail.css")),
        )
    )
    inlined: str = css_inline.inline(html, keep_at_rules=True, load_remote_stylesheets=False)
    return inlined


def _count_markup(feed: Feed) -> int:
    """Return the characters of markup that a message of a feed holds at least: a look before the work."""
    return sum(
        len(entry.content_html or entry.summary_html)
        + sum(len(comment.body_html) for comment in entry.comments)
        for entry in feed.entries
    )


def _drop_bodies(feed: Feed) -> Feed:
    return _with_entries(feed, lambda entry: entry.model_copy(update={"content_html": None}))


def _drop_comments(feed: Feed) -> Feed:
    return _with_entries(feed, lambda entry: entry.model_copy(update={"content_html": None, "comments": ()}))


def _cut_texts(feed: Feed) -> Feed:
    """Return the feed with nothing in it longer than a line or two."""
    errata = tuple(each.model_copy(update={"text": clip(each.text, MAX_LINE)}) for each in feed.errata[:5])
    description = clip(feed.description, MAX_LINE) if feed.description else None
    short = feed.model_copy(
        update={"title": clip(feed.title, MAX_LINE), "description": description, "errata": errata}
    )
    return _with_entries(short, _cut_entry)


def _cut_entry(entry: Entry) -> Entry:
    cut = {
        name: clip(text, MAX_LINE)
        for name in ("headline", "dek", "byline", "note", "rights_line", "license", "section")
        if (text := getattr(entry, name)) is not None
    }
    lists = {"comments": (), "authors": entry.authors[:3], "also_at": entry.also_at[:2]}
    summary = _clip_lines(entry.summary_text, MAX_LINE)
    shown = {"content_html": None, "summary_html": _to_paragraphs(summary), "summary_text": summary}
    return entry.model_copy(update=cut | lists | shown)


def _clip_lines(text: str, length: int) -> str:
    r"""Return the beginning of a text, whole words, with its paragraphs and the lines of its verse.

    Example:
        >>> _clip_lines("Rain on the roof,\nrain in the pail,\n\nand a cat", 30)
        'Rain on the roof,\nrain in the…'
        >>> _clip_lines("Rain on the roof,\nrain in the pail,", 20)
        'Rain on the roof…'
    """
    kept = ""
    for line in (" ".join(each.split()) for each in text.strip().splitlines()):
        room = length - len(kept)
        if len(line) <= room:
            kept += f"{line}\n"
            continue
        has_words = " " in line[: max(room, 0)] or not kept
        return kept + clip(line, room) if has_words else kept.rstrip(" \n,.;:·–—-") + "…"
    return kept.rstrip()


def _to_paragraphs(text: str) -> str:
    lines = (escape(part).replace("\n", "<br>") for part in re.split(r"\n{2,}", text) if part)
    return "".join(f"<p>{part}</p>" for part in lines)


def _with_entries(feed: Feed, change: Callable[[Entry], Entry]) -> Feed:
    return feed.model_copy(update={"entries": tuple(change(entry) for entry in feed.entries)})


def _series_name(feed: Feed) -> str:
    """Return the slug of what the message is an issue of, else one made of its title."""
    kinds, slug = r"(?:digests|publications|tags|authors)", r"([a-z0-9]+(?:[._-][a-z0-9]+)*)"
    if found := re.search(rf"/{kinds}/{slug}(?:/|$)", feed.guid):
        return found[1]
    return "-".join(re.findall(r"[a-z0-9]+", feed.title.lower()))[:60].strip("-") or "digest"


def _host_name(base_url: str) -> str:
    host = urlsplit(base_url).hostname or NO_HOST
    if ":" in host:
        return f"[IPv6:{host}]"
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return NO_HOST
