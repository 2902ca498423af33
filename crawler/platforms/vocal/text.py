"""A story page's plain text, as a reader copies it from the browser.

The text has no markup, so every field is found by the page's own labels and their order. What the platform
prints in which era is written down in the project's notes on it: the standfirst above or below the byline,
"About the author" or "About the Creator", glued or separated dates.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import PageLayoutChanged
from crawler.platforms.base import Page, PageInput, PageKind
from crawler.platforms.vocal.addresses import canonical_url, community_url
from crawler.platforms.vocal.labels import is_removed_mark
from crawler.platforms.vocal.text_body import Block, find_urls, to_blocks, to_html, to_text
from crawler.platforms.vocal.text_comments import read_comments
from crawler.platforms.vocal.text_embeds import drop_embedded_bylines
from crawler.platforms.vocal.text_header import Header, parse_credit, read_header
from crawler.platforms.vocal.text_insights import read_insights
from crawler.platforms.vocal.text_kinds import count_cards, guess_kind, is_prose
from crawler.platforms.vocal.text_lines import Line, read_lines
from crawler.platforms.vocal.text_sections import Sections, cut_sections, has_labels
from crawler.platforms.vocal.text_tags import take_tags
from crawler.reading.comment_ids import derive_comment_ids
from crawler.reading.dates import parse_date
from crawler.reading.markup import count_words
from crawler.reading.urls import absolute_url
from crawler.records import (
    MAX_HEADLINE,
    ArticleRecord,
    AuthorRecord,
    AuthorRef,
    CommentRecord,
    Community,
    Image,
    Tag,
    build_record,
)

_PLATFORM = "vocal"
_NOT_PRINTED = "not printed"
_NO_ADDRESS = "a copied text has no address"
_ANY_TIME = datetime(2020, 1, 1, tzinfo=UTC)
"""When a text was seen does not matter to what it is."""
_OPTIONAL = (
    "community", "dek", "byline", "published_at", "modified_at", "reading_minutes", "hero", "like_count",
    "comment_count", "rights_line",
)  # fmt: skip
"""Fields the page may print; each that is None gets a reason."""


def is_vocal_text(text: str) -> bool:
    """Tell whether a copied text shows the platform's own marks: its byline, its labels or its logo line.

    Args:
        text: Any string.
    """
    lines = read_lines(text)
    header = read_header(lines, seen_at=_ANY_TIME, slug=None)
    return header.is_marked or has_labels(lines) or count_cards(lines) > 1


def read_text(page: PageInput) -> Page:
    """Read a copied page that is known to be this platform's, by its marks or because the caller says so.

    Args:
        page: Its ``url`` is None unless the caller was told one; relative dates count from its ``seen_at``.

    Returns:
        An article, or a page of another kind without one. A text without any mark is an article only where a
        headline and running text are in it.

    Raises:
        PageLayoutChanged: The platform's marks are there, the headline or the body is not.
        RecordError: A field breaks its promise.
    """
    if _is_binary(page.text):
        return _no_article(page, "unknown", "the text is binary")
    lines = read_lines(page.text)
    if not lines:
        return _no_article(page, "unknown", "the text is empty")
    header = read_header(lines, seen_at=page.seen_at, slug=_slug_of(page.url))
    sections = cut_sections(lines, header.body_start, header.author_name)
    is_signed = header.byline is not None and not header.byline.is_old
    is_story = is_signed or sections.about is not None or sections.insights is not None
    kind = None if is_story else guess_kind(lines)
    if kind is not None:
        return _no_article(page, kind, "the text is no story", title=lines[0].label or None)
    if sections.now_reading is not None and sections.now_reading != header.headline:
        header.headline, header.dek = sections.now_reading, header.dek or header.headline
    is_marked = header.is_marked or is_story or sections.comments is not None
    lost = _lost_field(header, sections)
    if lost is not None and is_marked:
        raise PageLayoutChanged(f"the copied text has no {lost}", url=page.url, kind="article")
    if lost is not None:
        return _no_article(page, "unknown", f"no {lost}")
    if not is_marked and not is_prose(sections.body):
        return _no_article(page, "unknown", "no mark of the platform and no running text")
    return _read_story(page, header, sections, is_tight=not any(line.gap for line in lines))


def _is_binary(text: str) -> bool:
    """Tell what was decoded in vain: control and replacement characters among the first ones."""
    head = text[:4_000]
    n_odd = sum(char == "\ufffd" or (char < " " and char not in "\t\n\r\f\v") for char in head)
    return "\0" in head or n_odd > len(head) / 20


def _no_article(page: PageInput, kind: PageKind, reason: str, *, title: str | None = None) -> Page:
    url = canonical_url(page.url) if page.url else None
    return Page(_PLATFORM, kind, url=url, title=title, missing={"article": reason})


def _slug_of(url: str | None) -> str | None:
    parts = [part for part in urlsplit(url).path.split("/") if part] if url else []
    return parts[-1] if parts else None


def _lost_field(header: Header, sections: Sections) -> str | None:
    if header.headline is None or len(header.headline) > MAX_HEADLINE:
        return "headline"
    return None if sections.body else "body"


def _read_story(page: PageInput, header: Header, sections: Sections, *, is_tight: bool) -> Page:
    """Build the records; ``is_tight`` says that the text has no empty lines."""
    url = canonical_url(page.url) if page.url else None
    warnings = list(header.warnings)
    missing = dict(header.lost)
    below = (sections.about, sections.insights, sections.comments)
    is_followed = sections.has_footer or any(part is not None for part in below)
    body, split, no_tags = take_tags(
        sections.body, page.known_tags, is_followed=is_followed, author_name=header.author_name
    )
    tags = [*(header.byline.tags if header.byline else ()), *(split.tags if split else ())]
    if split is not None and split.warning:
        warnings.append(split.warning)
    if no_tags is not None and not tags:
        missing["tags"] = no_tags
    comments, has_more = _read_comments(page, sections, url, is_tight=is_tight)
    article = build_record(
        ArticleRecord,
        **_head_fields(page.url, url, header, sections),
        **_body_fields(to_blocks(drop_embedded_bylines(body), is_tight=is_tight)),
        tags=[Tag(name=tag) for tag in {tag.casefold(): tag for tag in reversed(tags)}.values()][::-1],
        insights=read_insights(sections.insights or []),
        comments_complete=_is_complete(sections, comments, has_more=has_more),
    )
    if url is None:
        missing["url"] = _NO_ADDRESS
    for name in _OPTIONAL:
        if getattr(article, name) is None:
            missing.setdefault(name, _NOT_PRINTED)
    if has_more or (sections.comment_count or 0) > len(comments):
        warnings.append(f"{len(comments)} of {sections.comment_count or 'more'} comments are in the text")
    return Page(
        _PLATFORM,
        "article",
        url=url,
        article=article,
        comments=comments,
        authors=_read_authors(sections.about or [], is_tight=is_tight),
        missing={name: reason for name, reason in missing.items() if not getattr(article, name)},
        warnings=tuple(warnings),
    )


def _head_fields(address: str | None, url: str | None, header: Header, sections: Sections) -> dict[str, Any]:
    """Return the article's fields that stand around its body."""
    byline, about = header.byline, sections.about or []
    name = header.author_name or (about[0].text if about else None)
    published = byline.published if byline else None
    updated = byline.updated if byline else None
    home = community_url(url) if url else None
    community = Community(name=header.community, url=home) if header.community else None
    fields: dict[str, Any] = {
        "platform": _PLATFORM,
        "url": address,
        "canonical_url": url,
        "community": community,
        "headline": header.headline,
        "dek": header.dek,
        "byline": byline.printed if byline else None,
        "authors": [AuthorRef(name=name)] if name else [],
        "published_at": published.at if published else None,
        "published_bounds": published.bounds if published else None,
        "published_text": published.text if published else None,
        "modified_at": updated.at if updated else None,
        "modified_bounds": updated.bounds if updated else None,
        "modified_text": updated.text if updated else None,
        "reading_minutes": byline.minutes if byline else None,
        "badges": list(dict.fromkeys(header.badges)),
        "hero": _read_hero(header),
        "like_count": header.like_count,
        "comment_count": sections.comment_count,
        "rights_line": sections.rights_line,
    }
    by_label = ("byline", "published_at", "modified_at", "reading_minutes", "comment_count", "rights_line")
    fields["provenance"] = {
        field: "label" if field in by_label else "structure"
        for field in ("community", "headline", "dek", "authors", "badges", "hero", "like_count", *by_label)
        if fields[field] not in (None, [])
    }
    return fields


def _body_fields(blocks: Sequence[Block]) -> dict[str, Any]:
    text = to_text(blocks)
    return {"body_html": to_html(blocks), "body_text": text, "word_count": count_words(text)}


def _read_hero(header: Header) -> Image | None:
    if header.alt is None and header.caption is None:
        return None
    credit = parse_credit(header.caption) if header.caption else None
    return Image(alt=header.alt, caption=header.caption, credit=credit)


def _read_authors(about: Sequence[Line], *, is_tight: bool) -> list[AuthorRecord]:
    """Return the author the block describes, or none where it gives nothing but a name."""
    if len(about) < 2:
        return []
    blocks = to_blocks(about[1:], is_tight=is_tight)
    text = to_text(blocks)
    return [
        build_record(
            AuthorRecord,
            platform=_PLATFORM,
            name=about[0].text,
            bio_html=to_html(blocks, is_linked=True),
            bio_text=text,
            links=[url for found in find_urls(text) if (url := absolute_url(None, found))],
        )
    ]


def _read_comments(
    page: PageInput, sections: Sections, url: str | None, *, is_tight: bool
) -> tuple[list[CommentRecord], bool]:
    drafts, has_more = read_comments(sections.comments or [])
    bodies = [to_blocks(draft.lines, is_tight=is_tight) for draft in drafts]
    texts = [to_text(blocks) for blocks in bodies]
    rows = [(draft.name, draft.parent, text) for draft, text in zip(drafts, texts, strict=True)]
    ids = list(derive_comment_ids(rows))
    records: list[CommentRecord] = []
    for position, draft in enumerate(drafts):
        reading = parse_date(draft.date, seen_at=page.seen_at)
        is_removed = is_removed_mark(texts[position])
        records.append(
            build_record(
                CommentRecord,
                article_url=url,
                platform_id=ids[position],
                parent_id=None if draft.parent is None else ids[draft.parent],
                position=position,
                author_name=draft.name,
                published_at=reading.at if reading else None,
                published_bounds=reading.bounds if reading else None,
                published_text=reading.text if reading else draft.date,
                body_html="" if is_removed else to_html(bodies[position]),
                body_text="" if is_removed else texts[position],
                state="removed" if is_removed else "visible",
            )
        )
    return records, has_more


def _is_complete(sections: Sections, comments: Sequence[CommentRecord], *, has_more: bool) -> bool:
    return sections.comment_count is not None and not has_more and len(comments) >= sections.comment_count
