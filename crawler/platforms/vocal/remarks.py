"""Comments in drafts: what the page shows and what structured sources tell of it, put together."""

import re
from collections.abc import Sequence
from datetime import datetime
from html import unescape

from lxml import etree

from crawler.platforms.drafts import Draft
from crawler.platforms.vocal.addresses import canonical_url
from crawler.platforms.vocal.discussions import Comment
from crawler.platforms.vocal.labels import is_removed_mark
from crawler.reading.claims import Claims, CommentClaim
from crawler.reading.dates import parse_date
from crawler.reading.markup import (
    Runs,
    fold_text,
    html_to_text,
    render_lines,
    sanitize_html,
    text_to_html,
)
from crawler.reading.outline import lines_to_text
from crawler.reading.urls import absolute_url

_N_WORDS = 8
"""First words by which a comment on the page and one in a structured source are known to be the same."""
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|code|em|i|mark|s|small|span|strong|sub|sup|u)\b[^>]*>", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]*>")


def merge_comments(
    seen: Sequence[Comment],
    claims: Sequence[Claims],
    seen_at: datetime,
    base_url: str | None,
    around: set[etree._Element],
) -> list[Draft]:
    """Return the visible comments with what structured sources know better; theirs where none is visible.

    Args:
        seen: As printed, in page order.
        claims: Most trusted first.
        seen_at: When the page was served.
        base_url: Address of the page.
        around: Elements that hold more than one comment's words.
    """
    told = next((found.comments for found in claims if found.comments), [])
    if not seen:
        return _from_claims(told, seen_at, base_url)
    drafts: list[Draft] = []
    runs = Runs()
    for comment in seen:
        html = "" if comment.is_removed else render_lines(comment.lines, base_url, around=around, runs=runs)
        drafts.append(
            Draft(
                name=comment.name,
                url=_author_url(comment.href, base_url),
                published=comment.published,
                text=comment.date or None,
                html=html,
                body="" if comment.is_removed else lines_to_text(comment.lines),
                own_id=comment.own_id,
                parent=comment.parent,
                like_count=comment.like_count,
                is_removed=comment.is_removed,
            )
        )
    if told:
        _add_claims(drafts, told, seen_at, base_url)
    return drafts


def _author_url(href: str | None, base_url: str | None) -> str | None:
    url = absolute_url(base_url, href) if href else None
    return canonical_url(url) if url else None


def _from_claims(told: Sequence[CommentClaim], seen_at: datetime, base_url: str | None) -> list[Draft]:
    drafts: list[Draft] = []
    index_of: dict[str, int] = {}
    for claim in told:
        html = sanitize_html(_as_html(claim.body), base_url) if claim.body else ""
        reading = parse_date(claim.published, seen_at=seen_at) if claim.published else None
        parent = index_of.get(claim.parent_id) if claim.parent_id else None
        body = html_to_text(html)
        is_removed = not html or is_removed_mark(body)
        key = claim.platform_id or claim.key
        if key:
            index_of[key] = len(drafts)
        drafts.append(
            Draft(
                name=claim.author_name,
                url=_author_url(claim.author_url, base_url),
                published=reading,
                text=None,
                html="" if is_removed else html,
                body="" if is_removed else body,
                own_id=claim.platform_id,
                parent=parent,
                like_count=claim.like_count,
                is_removed=is_removed,
            )
        )
    return drafts


def _add_claims(
    drafts: list[Draft], told: Sequence[CommentClaim], seen_at: datetime, base_url: str | None
) -> None:
    """Give visible comments the ids, exact dates, addresses and parents that a structured source has."""
    open_claims: dict[tuple[str, str], list[CommentClaim]] = {}
    for claim in told:
        open_claims.setdefault(_key(claim.author_name, _plain(claim.body or "")), []).append(claim)
    matched: dict[str, int] = {}
    pairs: list[tuple[Draft, CommentClaim]] = []
    for index, draft in enumerate(drafts):
        same = open_claims.get(_key(draft.name, draft.body))
        if not same:
            continue
        claim = same.pop(0)
        pairs.append((draft, claim))
        key = claim.platform_id or claim.key
        if key:
            matched[key] = index
        reading = parse_date(claim.published, seen_at=seen_at) if claim.published else None
        draft.published = reading if reading is not None and reading.is_exact else draft.published
        draft.own_id = draft.own_id or claim.platform_id
        draft.url = draft.url or _author_url(claim.author_url, base_url)
        draft.like_count = draft.like_count if draft.like_count is not None else claim.like_count
    if all(draft.parent is None for draft in drafts):
        for draft, claim in pairs:
            parent = matched.get(claim.parent_id) if claim.parent_id else None
            draft.parent = parent if parent is not None and drafts[parent] is not draft else None


def _as_html(body: str) -> str:
    return body if _is_markup(body) else text_to_html(body)


def _is_markup(body: str) -> bool:
    return "</" in body or "<br" in body or "<p" in body


def _plain(body: str) -> str:
    """Return the words of a text or of markup, good enough to compare; spares a parse of each comment."""
    return unescape(_TAG.sub(" ", _INLINE_TAG.sub("", body))) if _is_markup(body) else body


def _key(name: str | None, body: str) -> tuple[str, str]:
    return fold_text(name or ""), fold_text(" ".join(body.split(None, _N_WORDS)[:_N_WORDS]))
