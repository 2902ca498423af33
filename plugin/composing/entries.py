"""An article as an entry: what of it is shown, by whom it is, where it stands, what is said about it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from crawler.reading.excerpts import excerpt_html, excerpt_text
from crawler.reading.markup import count_words
from crawler.store.views import ArticleSummary, ArticleView, CommentView, Library, PublicationView
from plugin.composing.guids import article_guid, comment_guid
from plugin.composing.rights import has_full_rights, may_show_full, snippet_limit
from plugin.digests import Content
from plugin.issues import AlsoAt, Entry, EntryComment
from plugin.selection.traits import robots_directives

QUOTED_WORDS: Final = 60
"""Most words quoted of a comment."""

WORD_CHARACTERS: Final = 15
"""Most characters that a word of an excerpt may take, on the average: what some scripts write without blanks
would be one endless word."""

_WHOLE = Content(mode="full")
_JOINER = "\u200d"
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_IDEOGRAPH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNIT = re.compile(rf"[{_IDEOGRAPH}]|[^\s{_IDEOGRAPH}]+")
"""A word as ``crawler.reading.markup.count_words`` counts it."""


def to_entry(
    article: ArticleView,
    *,
    library: Library,
    content: Content,
    publication: PublicationView | None = None,
    comments: Sequence[CommentView] = (),
) -> Entry:
    """Return an article as feeds and issues show it.

    Without the publication's leave an excerpt is never more than half of the body, lest a poem stands there
    whole.

    Args:
        article: Whole.
        library: Gives the guid.
        content: How much of it: mode, words of an excerpt, number of quoted comments.
        publication: Where it stands; None for an import that named none.
        comments: All that are kept of it, any order.
    """
    words, asked_limit = content.words, snippet_limit(article)
    limit = words * WORD_CHARACTERS if asked_limit is None else asked_limit
    if not has_full_rights(publication):
        words = min(words, max(count_words(article.body_text) // 2, 1))
        # For texts whose words can't be told apart: half of the words may be a little more than half of it.
        limit = min(limit, max(len(article.body_text) * 2 // 3, WORD_CHARACTERS))
    quoted = top_comments(comments, content.comments) if asked_limit is None else []
    summary_html, summary_text = _excerpts(article, words, limit)
    return Entry(
        **_facts(article, library, publication),
        summary_html=summary_html,
        summary_text=summary_text,
        content_html=(article.body_html or None) if may_show_full(article, publication, content) else None,
        comments=tuple(_quote(comment, library) for comment in quoted),
    )


def to_page_entry(
    article: ArticleView,
    *,
    library: Library,
    publication: PublicationView | None = None,
    comments: Sequence[CommentView] = (),
    words: int = 80,
) -> Entry:
    """Return an article as its own page shows it: as much of it as its rights allow, and the whole thread.

    Args:
        article: Whole.
        library: Gives the guid.
        publication: Where it stands; None for an import that named none.
        comments: All that are kept of it, in thread order.
        words: Of the excerpt, where the body may not be shown whole.
    """
    content = _WHOLE.model_copy(update={"words": words, "comments": 0})
    entry = to_entry(article, library=library, content=content, publication=publication)
    return entry.model_copy(update={"comments": to_thread(comments, library)})


def to_thread(comments: Sequence[CommentView], library: Library) -> tuple[EntryComment, ...]:
    """Return comments with their guids, depths and parents, removed ones without their text.

    Args:
        comments: In thread order: each before its answers.
        library: Gives the guids.
    """
    thread: dict[str, EntryComment] = {}
    for comment in comments:
        parent = thread.get(comment.parent_id) if comment.parent_id is not None else None
        is_removed = comment.state == "removed"
        thread[comment.platform_id] = EntryComment(
            guid=comment_guid(library, comment.id),
            comment_id=comment.id,
            parent_guid=parent.guid if parent else None,
            depth=parent.depth + 1 if parent else 0,
            author_name=comment.author_name,
            author_url=comment.author_url,
            published_at=comment.published_at,
            published_text=comment.published_text,
            published_within=_span(comment.published_bounds),
            body_html="" if is_removed else comment.body_html,
            body_text="" if is_removed else comment.body_text,
            like_count=comment.like_count,
        )
    return tuple(thread.values())


def top_comments(comments: Sequence[CommentView], count: int) -> list[CommentView]:
    """Return the comments worth quoting: by likes, then by answers, then the longer, then the earlier.

    Answers are left out, for they can't be understood alone, and so are removed and empty comments.

    Args:
        comments: Of one article, any order.
        count: Most of them; 0 quotes none.
    """
    answers = Counter(comment.parent_id for comment in comments if comment.parent_id is not None)
    known = {comment.platform_id for comment in comments}
    standing = [
        comment
        for comment in comments
        if comment.state == "visible" and comment.body_text.strip() and comment.parent_id not in known
    ]
    standing.sort(
        key=lambda each: (
            -(each.like_count or 0),
            -answers[each.platform_id],
            -min(len(each.body_text.split()), QUOTED_WORDS),
            each.position,
            each.id,
        )
    )
    return standing[:count]


def to_also_at(article: ArticleSummary, publication: PublicationView | None) -> AlsoAt | None:
    """Return the place of an article that tells the same story, None where it has no address.

    Args:
        article: The other article.
        publication: Its publication, where known.
    """
    url = article.canonical_url or article.url
    if url is None:
        return None
    community = article.community.name if article.community else None
    name = (publication.name if publication else None) or community or urlsplit(url).hostname or url
    return AlsoAt(publication=name, url=url, article_id=article.id)


def _facts(article: ArticleView, library: Library, publication: PublicationView | None) -> dict[str, object]:
    """Return everything of an entry but its text and its comments."""
    page_url = f"/articles/{article.id}/"
    author_pages = [None if each is None else f"/authors/{each}/" for each in article.author_ids]
    taken_over = (
        "headline", "dek", "byline", "community", "publication", "published_at", "published_text",
        "word_count", "reading_minutes", "like_count", "license", "rights_line",
    )  # fmt: skip
    return {
        **{name: getattr(article, name) for name in taken_over},
        "guid": article_guid(library, article.id),
        "article_id": article.id,
        "url": article.canonical_url or article.url,
        "page_url": page_url,
        "authors": tuple(article.authors),
        "author_page_url": next(filter(None, author_pages), None),
        "author_page_urls": tuple(author_pages),
        "publication_name": publication.name if publication else None,
        "publication_url": publication.url if publication else None,
        "updated_at": article.changed_at,
        "published_within": _span(article.published_bounds),
        "language": article.language or (publication.language if publication else None),
        "hero": None if "noimageindex" in robots_directives(article) else article.hero,
        "tags": tuple(article.tags),
        "badges": tuple(article.badges),
        "insights": tuple(article.insights),
        "comment_count": max(article.comment_count or 0, article.stored_comment_count),
        "comments_url": f"{page_url}#discussion",
        "comments_feed_url": f"{page_url}comments.atom",
    }


def _span(bounds: tuple[datetime, datetime] | None) -> timedelta | None:
    return None if bounds is None else bounds[1] - bounds[0]


def _excerpts(body: ArticleView | CommentView, words: int, limit: int) -> tuple[str, str]:
    """Return the beginning of a body as HTML and as text.

    Args:
        body: What has one.
        words: Most words, counted as ``word_count`` is: an ideograph is a word.
        limit: Most characters.
    """
    text = excerpt_text(body.body_text, words)
    is_cut_elsewhere = count_words(text) > words
    if is_cut_elsewhere:
        text = _cut_units(body.body_text, words)
    if len(text) <= limit and not is_cut_elsewhere:
        return excerpt_html(body.body_html, words), text
    text = _clip(text, limit)
    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part), text


def _cut_units(text: str, words: int) -> str:
    """Return the beginning of a text whose script writes no blanks between words.

    Example:
        >>> _cut_units("春の海 終日", 4)
        '春の海 終…'
    """
    ends = [unit.end() for unit in islice(_UNIT.finditer(text), words + 1)]
    return text if len(ends) <= words else f"{text[: ends[words - 1]].rstrip()}…"


def _clip(text: str, limit: int) -> str:
    """Return whole words of a text, at most so many characters with the ellipsis.

    Only a text without blanks, as Thai is written, is cut inside of a word, yet between what a reader sees as
    characters.

    Example:
        >>> _clip("One two three", 9), _clip("One two", 0), _clip("Supercalifragilistic", 6)
        ('One two…', '', 'Super…')
    """
    if len(text) <= limit:
        return text
    head = text[: max(limit - 1, 0)]
    if not text[len(head)].isspace():
        blanks = [blank.start() for blank in re.finditer(r"\s+", head)]
        head = head[: blanks[-1]] if blanks else _drop_half_character(head, text[len(head)])
    head = head.rstrip(" \n,;:")
    return f"{head}…" if head else ""


def _drop_half_character(head: str, following: str) -> str:
    """Return a text without its last character where what follows belongs to it, as to a joined emoji."""
    while head and (_is_joined(following) or head[-1] == _JOINER):
        head, following = head[:-1], head[-1]
    return head


def _is_joined(character: str) -> bool:
    return character == _JOINER or unicodedata.category(character)[0] == "M" or character in _SKIN_TONES


def _quote(comment: CommentView, library: Library) -> EntryComment:
    body_html, body_text = _excerpts(comment, QUOTED_WORDS, QUOTED_WORDS * WORD_CHARACTERS)
    return EntryComment(
        guid=comment_guid(library, comment.id),
        comment_id=comment.id,
        author_name=comment.author_name,
        author_url=comment.author_url,
        published_at=comment.published_at,
        published_text=comment.published_text,
        published_within=_span(comment.published_bounds),
        body_html=body_html,
        body_text=body_text,
        like_count=comment.like_count,
    )
