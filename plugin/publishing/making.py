"""From the library to an issue: look, choose, compose, and save all of it at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from crawler.store.views import PublicationView
from plugin.archive import Archive, Candidates, IssueDraft
from plugin.composing import compose_issue
from plugin.digests import Digest
from plugin.errors import IssueError, IssueExists, NothingToPublish
from plugin.issues import EditorAction, Issue, IssuedArticle
from plugin.selection import (
    Facts,
    Selection,
    applied_actions,
    author_keys,
    decide_ledger,
    find_fit,
    read_wishes,
    select,
    sketch_text,
    to_span,
)

_MAX_TRIES: Final = 5
"""How often an issue is composed anew because an article it quotes was taken down in between."""

_LONGEST_MAKING: Final = timedelta(minutes=1)
"""How long making an issue may take; 1,000 candidates take a second."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at the library: the candidates, and what was chosen of them."""

    candidates: Candidates
    facts: Facts
    actions: tuple[EditorAction, ...]
    selection: Selection
    publications: Mapping[str, PublicationView]


def preview(archive: Archive, digest: Digest, *, now: datetime) -> Selection:
    """Return what the next issue would hold if it were made now; changes nothing.

    Args:
        archive: The library.
        digest: The definition.
        now: The cut, aware.
    """
    return _look(archive, digest, now=now, is_final=False).selection


def make_issue(
    archive: Archive,
    digest: Digest,
    *,
    now: datetime,
    clock: Callable[[], datetime] | None = None,
    after: int | None = None,
) -> Issue:
    """Make the next issue of a digest.

    Its number, all that it quotes, and what becomes of the ledger are saved in one transaction: a program
    killed at any instant leaves no issue or a whole one.

    Args:
        archive: The library.
        digest: The definition.
        now: The cut, aware: when the caller decided to make an issue.
        clock: Tells when the issue is saved; None: at the cut. An issue that another maker saved after this
            one's cut was made at the same time, and stands.
        after: Number of the issue that the caller knows as the newest, 0 before the first; None: as it is
            found now. Where another one stands since, none is made.

    Raises:
        NothingToPublish: No candidate is left; what was considered is remembered.
        IssueExists: Another maker was faster: an issue stands after ``after``, or was saved after the cut.
        IssueError: Articles were taken down faster than an issue could be composed.
        StoreLocked: Another process has been writing for too long.
    """
    cut = now.astimezone(UTC)
    known = after
    for _ in range(_MAX_TRIES):
        look = _look(archive, digest, now=cut, is_final=True)
        latest = look.candidates.latest_number
        if latest != (latest if known is None else known) or _is_overtaken(look.candidates, cut):
            raise IssueExists(f"another maker was faster: issue {latest} stands", f"{digest.slug} {latest}")
        known = latest
        change = decide_ledger(
            look.selection, digest, now=cut, facts=look.facts, ceiling_id=look.candidates.ceiling_id
        )
        if not look.selection.chosen:
            archive.save_attempt(digest.slug, change, cut_at=cut)
            raise NothingToPublish(_nothing(look, digest), digest.slug)
        issue = _compose(archive, digest, look, cut=cut)
        if issue is None:
            continue
        draft = IssueDraft(
            issue=issue,
            traits=_traits(look.selection, look.facts, number=issue.number),
            change=change,
            saved_at=clock().astimezone(UTC) if clock is not None else cut,
            applied=applied_actions(look.selection, look.actions),
        )
        if archive.save_issue(draft):
            return issue
    raise IssueError("articles were taken down while the issue was made; try again", digest.slug)


def _is_overtaken(candidates: Candidates, cut: datetime) -> bool:
    """Tell whether the newest issue was saved while this one's maker was at work already.

    Much later than the cut means that the clock was set back since.
    """
    saved_at = candidates.latest_saved_at
    return saved_at is not None and timedelta(0) <= saved_at - cut <= _LONGEST_MAKING


def _look(archive: Archive, digest: Digest, *, now: datetime, is_final: bool) -> _Look:
    """Read what a selection needs, and select."""
    actions = tuple(archive.actions(digest.slug, standing=True))
    candidates = archive.candidates(
        digest.slug,
        first_seen_since=_look_back(digest, now),
        pinned=read_wishes(actions).pinned,
        is_final=is_final,
    )
    articles = list(archive.store.articles.get_summaries(candidates.article_ids).values())
    query = digest.select.query
    # Once a look: it counts the articles of each.
    publications = {each.slug: each for each in archive.store.publications.list()}
    facts = Facts(
        ledger=candidates.ledger,
        issued=candidates.issued,
        query_matches=None if query is None else archive.matching(query, candidates.article_ids),
        languages={slug: each.language for slug, each in publications.items() if each.language},
    )
    fit = find_fit(articles, digest, now=now, facts=facts, actions=actions)
    sketches = {each: sketch_text(body) for each, body in archive.bodies(fit)}
    facts = replace(facts, sketches={each: sketch for each, sketch in sketches.items() if sketch is not None})
    selection = select(articles, digest, now=now, facts=facts, actions=actions)
    return _Look(candidates, facts, actions, selection, publications)


def _look_back(digest: Digest, now: datetime) -> datetime:
    """Return how far back a first issue looks.

    The window counts from what has settled: else a story seen just before a first attempt that found nothing
    would be too young for that one and too old for the next.
    """
    try:
        return now - digest.window - digest.settle
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


def _compose(archive: Archive, digest: Digest, look: _Look, *, cut: datetime) -> Issue | None:
    """Return the issue, or None when a chosen article was taken down since it was chosen."""
    ids = [chosen.article.id for chosen in look.selection.chosen]
    articles = archive.store.articles.get_many(ids)
    if len(articles) < len(ids):
        return None
    return compose_issue(
        look.selection,
        digest,
        number=look.candidates.latest_number + 1,
        made_at=cut,
        articles=articles,
        comments=archive.store.comments.list_many(ids),
        publications=look.publications,
        library=archive.store.library,
    )


def _traits(selection: Selection, facts: Facts, *, number: int) -> tuple[IssuedArticle, ...]:
    """Return what tells each chosen story again, in printed order."""
    traits = []
    for article in (chosen.article for chosen in selection.chosen):
        sketch = facts.sketches.get(article.id)
        traits.append(
            IssuedArticle(
                article_id=article.id,
                number=number,
                headline=article.headline,
                publication=article.publication,
                community=article.community.name if article.community else None,
                author_keys=author_keys(article),
                sketch=tuple(sketch.runs) if sketch else (),
                text_key=sketch.text_key if sketch else None,
            )
        )
    return tuple(traits)


def _nothing(look: _Look, digest: Digest) -> str:
    count = len(look.selection.rejected)
    if count == 0 and look.candidates.latest_number == 0:
        return f"nothing new yet: no story came in within the window of {to_span(digest.window)}"
    if count == 0:
        return "nothing new since the last issue"
    were = "1 candidate was" if count == 1 else f"{count} candidates were"
    return f"nothing to publish: {were} left out, `digest preview --why` tells why"
