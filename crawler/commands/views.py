"""What the listing commands print: rows and details made from the store's views."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.context import Session, format_instant, print_data, print_json, print_rows
from crawler.commands.diffing import diff_revision
from crawler.config import Config, format_duration
from crawler.errors import ArticleNotFound, SeedNotFound, StoreError
from crawler.records import Bounds
from crawler.seeds import load_seeds
from crawler.store import Store
from crawler.store.search import Order, Over
from crawler.store.views import ArticleFilter, ArticleView, AuthorView, CommentView

if TYPE_CHECKING:
    from crawler.runner.replaying import ReplayReport

WIDTH = 100
"""Columns that details are wrapped to."""

MAX_FAILURES = 20
"""Most failed pages that are shown to people."""


def publication_rows(store: Store, config: Config) -> list[dict[str, Any]]:
    """Return one row for each publication, seeded or once seeded, in the order of the seed files."""
    kept = {view.slug: view for view in store.publications.list()}
    seeds = {seed.slug: seed for seed in load_seeds(config.seeds_dir)}
    rows: list[dict[str, Any]] = []
    for slug in [*seeds, *(slug for slug in kept if slug not in seeds)]:
        seed, view = seeds.get(slug), kept.get(slug)
        source = seed or view
        row = {
            name: getattr(source, name) for name in ("slug", "platform", "name", "url", "language", "rights")
        }
        row["enabled"] = seed is not None and seed.enabled
        row["paused"] = view is not None and view.paused
        row["articles"] = view.article_count if view else 0
        row["last_good_run_at"] = view.last_good_run_at if view else None
        row["next_due_at"] = view.next_due_at if view else None
        rows.append(row)
    return rows


def publication_row(store: Store, config: Config, slug: str) -> dict[str, Any]:
    """Return the row of one publication, with what its seed says of the crawl; None where it has no seed.

    Raises:
        SeedNotFound: There is none of that slug.
    """
    rows = {row["slug"]: row for row in publication_rows(store, config)}
    if slug not in rows:
        known = ", ".join(rows) or "none yet"
        raise SeedNotFound(f'no publication is called "{slug}"; known are {known}')
    seed = next((seed for seed in load_seeds(config.seeds_dir) if seed.slug == slug), None)
    delay = seed.politeness.delay if seed else None
    return {
        **rows[slug],
        "every": format_duration(seed.every) if seed else None,
        "comments": seed.comments if seed else None,
        "max_pages": seed.max_pages if seed else None,
        "delay": None if delay is None else format_duration(delay),
    }


def failure_rows(store: Store, slug: str) -> list[dict[str, Any]]:
    """Return one row for each page of a publication whose last fetch failed, the latest first."""
    fields = ("url", "outcome", "error", "fetched_at", "due_at")
    return [{name: getattr(entry, name) for name in fields} for entry in store.frontier.failed(slug)]


def print_publication(session: Session, row: Mapping[str, Any]) -> None:
    """Print the row of one publication, below it the pages that failed."""
    if session.as_json:
        print_details(session, row)
        return
    failures = row["failures"]
    print_details(session, {name: value for name, value in row.items() if name != "failures"})
    if failures:
        click.echo("\nPages that failed, the latest first:")
    for failure in failures[:MAX_FAILURES]:
        again = f"; again {_plain(failure['due_at'])}" if failure["due_at"] else ""
        reason = f": {failure['error']}" if failure["error"] else ""
        click.echo(f"  {failure['url']}\n    {failure['outcome']}{reason}{again}")
    if len(failures) > MAX_FAILURES:
        click.echo(f"  and {len(failures) - MAX_FAILURES} more; --json lists them.")


def set_paused(store: Store, config: Config, slug: str, *, is_paused: bool) -> None:
    """Pause a publication, or resume it.

    Raises:
        SeedNotFound: There is none of that slug.
    """
    publication_row(store, config, slug)
    store.publications.sync(load_seeds(config.seeds_dir), are_all=True)
    if is_paused:
        store.publications.pause(slug)
    else:
        store.publications.resume(slug)


def article_rows(store: Store, wanted: ArticleFilter, *, limit: int) -> list[dict[str, Any]]:
    """Return one row for each article, newest first."""
    return [
        {
            **view.model_dump(mode="json"),
            "published": _short_bounds(view.published_bounds, view.published_at),
            "by": ", ".join(author.name for author in view.authors) or None,
            "comments": view.stored_comment_count,
        }
        for view in store.articles.list(wanted, limit=limit).items
    ]


def hit_rows(
    store: Store, query: str, *, over: Over, is_best_first: bool, limit: int
) -> list[dict[str, Any]]:
    """Return one row for each find of a search.

    Raises:
        QueryError: The query can't be understood.
    """
    order: Order = "relevance" if is_best_first else "newest"
    found = store.search.find(query, over=over, order=order, limit=limit)
    return [
        {
            "id": hit.article.id,
            "comment_id": hit.comment.id if hit.comment else None,
            "published": _short_bounds(hit.article.published_bounds, hit.article.published_at),
            "published_at": hit.article.published_at,
            "headline": hit.article.headline,
            "by": (hit.comment.author_name if hit.comment else None)
            or ", ".join(author.name for author in hit.article.authors)
            or None,
            "url": hit.article.canonical_url,
            "snippet": hit.snippet,
        }
        for hit in found.items
    ]


def print_names(session: Session, store: Store, article: str) -> None:
    """Print every name an article is known by, with why each is believed."""
    view = find_article(store, article)
    rows = [
        {"kind": alias.kind, "value": alias.value, "reason": alias.reason, "since": alias.first_seen_at}
        for alias in store.articles.aliases(view.id)
    ]
    print_rows(session, rows, ("kind", "value", "reason", "since"), empty="It has no name but its row.")


def print_history(session: Session, store: Store, article: str) -> None:
    """Print what later visits changed of an article, oldest first."""
    view = find_article(store, article)
    revisions = store.articles.revisions(view.id)
    if session.as_json:
        print_json(asdict(revision) for revision in revisions)
        return
    if not revisions:
        session.say("Nothing has changed since it was first seen.")
    for revision in revisions:
        click.echo(f"{format_instant(revision.seen_at)}  {revision.change}")
        for line in diff_revision(revision):
            click.echo(f"  {line}")


def format_replay(report: "ReplayReport") -> str:
    """Return what a replay did, and by field what changed."""
    from crawler.runner.reports import count_of

    lines = [
        f"Read {count_of(report.n_pages, 'kept page')} again: "
        f"{count_of(report.n_changed, 'article')} changed, {count_of(report.comments_new, 'comment')} more."
    ]
    lines += [f"  {name}: {count_of(count, 'article')}" for name, count in report.fields.most_common()]
    if report.n_missing:
        lines.append(f"  Indexed, but not in their files any more: {count_of(report.n_missing, 'page')}.")
    lines += [f"  Error: {url}: {reason}" for url, reason in report.failures.items()]
    return "\n".join(lines)


def comment_rows(store: Store, article: str) -> list[dict[str, Any]]:
    """Return the comments of an article in reading order, replies indented."""
    views = store.comments.list(find_article(store, article).id)
    depth = _depths(views)
    return [
        {
            **view.model_dump(mode="json"),
            "published": _short_bounds(view.published_bounds, view.published_at),
            "text": "  " * depth[view.platform_id] + textwrap.shorten(view.body_text, 80, placeholder=" …"),
        }
        for view in views
    ]


def find_article(store: Store, text: str) -> ArticleView:
    """Return the article of an id or of any address it is or was known by.

    Raises:
        ArticleNotFound: There is none.
    """
    view = store.articles.find(text)
    if view is None:
        raise ArticleNotFound("no article has this id or address; `gleanings articles list` shows them", text)
    return view


def find_author(store: Store, text: str) -> AuthorView:
    """Return the author of an id, an address or a name.

    Raises:
        StoreError: There is none.
    """
    view = store.authors.find(text)
    if view is None:
        raise StoreError("no author has this id, address or name; `gleanings authors list` shows them", text)
    return view


def print_details(session: Session, row: Mapping[str, Any]) -> None:
    """Print one thing, a line a field, or as one JSON line."""
    if session.as_json:
        print_data(json.dumps(row, ensure_ascii=False, default=_plain))
        return
    width = max(len(name) for name in row)
    for name, value in row.items():
        if value not in (None, "", [], {}):
            click.echo(f"{name:<{width}}  {_plain(value)}")


def print_article(session: Session, store: Store, text: str) -> None:
    """Print an article with its comments, for reading or as one JSON line."""
    view = find_article(store, text)
    if session.as_json:
        print_data(view.model_dump_json())
        return
    for line in _article_lines(view, store.comments.list(view.id)):
        click.echo(line)


def _article_lines(view: ArticleView, comments: list[CommentView]) -> Iterator[str]:
    yield view.headline
    if view.dek:
        yield view.dek
    facts = (
        view.byline or ", ".join(author.name for author in view.authors),
        view.community.name if view.community else None,
        _short_bounds(view.published_bounds, view.published_at),
        f"{view.word_count} words",
        "gone" if view.change == "gone" else None,
    )
    yield " · ".join(fact for fact in facts if fact)
    if view.canonical_url:
        yield view.canonical_url
    for paragraph in view.body_text.split("\n\n"):
        yield ""
        yield from textwrap.wrap(paragraph, WIDTH) or [""]
    if view.tags:
        yield ""
        yield "Tags: " + ", ".join(tag.name for tag in view.tags)
    if comments:
        yield ""
        yield f"Comments ({len(comments)})"
    depth = _depths(comments)
    for comment in comments:
        indent = "  " * (1 + depth[comment.platform_id])
        # What the page said, "2 days ago", was true on the day it was read.
        day = _short_bounds(comment.published_bounds, comment.published_at)
        state = "" if comment.state == "visible" else f" · {comment.state}"
        yield f"{indent}{comment.author_name or '-'} · {day or comment.published_text or '-'}{state}"
        yield from textwrap.wrap(comment.body_text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _depths(views: list[CommentView]) -> dict[str, int]:
    """Return how deep each comment stands; parents come before their replies."""
    depth: dict[str, int] = {}
    for view in views:
        depth[view.platform_id] = depth.get(view.parent_id or "", -1) + 1
    return depth


def _short_bounds(bounds: Bounds | None, at: datetime | None) -> str | None:
    """Return a date as exactly as it is known: "2025-12-23", or "2025-12-23 ±15d"."""
    if bounds is None or at is None:
        return None
    days = (bounds[1] - bounds[0]).days / 2
    return f"{at:%Y-%m-%d}" if days < 1 else f"{at:%Y-%m-%d} ±{days:.0f}d"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
