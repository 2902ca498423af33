"""Builders that the tests of curating share: articles, digests and editors' actions in one line."""

from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.records import ArticleRecord, AuthorRef, CommentRecord, Community, Tag, build_record
from crawler.store.views import ArticleSummary, ArticleView, CommentView, Library, PageSave, PublicationView
from plugin.digests import Digest
from plugin.issues import EditorAction

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LIBRARY = Library("0123456789ab", datetime(2026, 11, 1, tzinfo=UTC))


def make_digest(slug: str = "ai", **keys: Any) -> Digest:
    """Return a digest as its file would give it."""
    return Digest.model_validate({"title": "AI this week", **keys, "slug": slug})


def _article_fields(number: int, keys: dict[str, Any]) -> dict[str, Any]:
    """Return fields of an article; ``authors``, ``tags`` may be plain names, ``age`` is a time span."""
    age = keys.pop("age", timedelta(hours=number))
    seen_at = keys.pop("seen_at", NOW - age)
    authors = [AuthorRef(name=each) if isinstance(each, str) else each for each in keys.pop("authors", [])]
    tags = [Tag(name=each) if isinstance(each, str) else each for each in keys.pop("tags", [])]
    community = keys.pop("community", None)
    url = f"https://site.example/story-{number}"
    return {
        "platform": "generic",
        "url": url,
        "canonical_url": url,
        "headline": f"Story {number}",
        "authors": authors,
        "tags": tags,
        "community": Community(name=community) if isinstance(community, str) else community,
        "published_at": seen_at,
        "published_bounds": (seen_at, seen_at),
        "word_count": 100,
        "first_seen_at": seen_at,
        "last_seen_at": seen_at,
        "changed_at": seen_at,
        "updated_at": seen_at,
    } | keys


def make_summary(number: int, **keys: Any) -> ArticleSummary:
    """Return the summary of article ``number``, seen as many hours before `NOW`."""
    return ArticleSummary.model_validate({"id": number, **_article_fields(number, keys)})


def make_view(number: int, **keys: Any) -> ArticleView:
    """Return article ``number`` whole."""
    body = keys.pop("body_text", "One two three. " * 30).strip()
    html = "".join(f"<p>{part}</p>" for part in body.split("\n\n") if part)
    count = len(body.split())
    fields = {"body_text": body, "body_html": html, "word_count": count} | _article_fields(number, keys)
    return ArticleView.model_validate({"id": number, **fields, "word_count": keys.get("word_count", count)})


def make_comment(number: int, text: str = "Well said.", **keys: Any) -> CommentView:
    """Return comment ``number`` of article 1."""
    fields = {
        "id": number,
        "article_id": 1,
        "platform_id": f"c{number}",
        "position": number,
        "author_name": f"Reader {number}",
        "body_text": text,
        "body_html": f"<p>{text}</p>" if text else "",
        "first_seen_at": NOW,
        "last_seen_at": NOW,
    }
    return CommentView.model_validate(fields | keys)


def make_publication(slug: str = "site", **keys: Any) -> PublicationView:
    """Return a publication."""
    fields = {
        "id": 1,
        "slug": slug,
        "platform": "generic",
        "name": slug.title(),
        "url": f"https://{slug}.example/",
        "language": "en",
        "rights": "excerpt",
        "enabled": True,
        "paused": False,
        "article_count": 0,
        "last_good_run_at": None,
        "next_due_at": None,
    }
    return PublicationView(**(fields | keys))


def make_action(action_id: int, verb: str, *article_ids: int, **keys: Any) -> EditorAction:
    """Return an editor's action."""
    fields = {
        "id": action_id,
        "digest": "ai",
        "verb": verb,
        "article_ids": article_ids,
        "who": "Ed",
        "at": NOW,
    }
    return EditorAction.model_validate(fields | keys)


def make_page(
    number: int, *, seen_at: datetime, comments: tuple[CommentRecord, ...] = (), **keys: Any
) -> PageSave:
    """Return a page of article ``number`` to be saved."""
    body = keys.pop("body_text", None) or f"Body of story {number}. " + " ".join(
        f"w{number}x{n}" for n in range(60)
    )
    seen = {"first_seen_at", "last_seen_at", "changed_at", "updated_at"}
    fields = {name: value for name, value in _article_fields(number, keys).items() if name not in seen}
    fields |= {"body_text": body, "body_html": f"<p>{body}</p>", "word_count": len(body.split())}
    fields |= {"published_at": seen_at, "published_bounds": (seen_at, seen_at)} | keys
    fields = {name: value for name, value in fields.items() if name not in seen}
    return PageSave(seen_at=seen_at, article=build_record(ArticleRecord, **fields), comments=comments)


def make_reply(number: int, text: str, **keys: Any) -> CommentRecord:
    """Return a comment's record."""
    fields = {
        "platform_id": f"c{number}",
        "position": number,
        "author_name": f"Reader {number}",
        "body_text": text,
        "body_html": f"<p>{text}</p>",
    }
    return build_record(CommentRecord, **(fields | keys))
