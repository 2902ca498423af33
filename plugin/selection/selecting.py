"""The choice itself: candidates go through the rules in their fixed order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.store.views import ArticleSummary
from plugin.digests import Digest, Section
from plugin.issues import EditorAction
from plugin.selection.duplicates import Double, find_doubles
from plugin.selection.editing import Wishes, read_wishes
from plugin.selection.filters import Broken, find_broken_filter, find_unshowable
from plugin.selection.ledger import is_settled_down
from plugin.selection.limits import apply_limits
from plugin.selection.results import Chosen, Facts, Rejected, Score, Selection
from plugin.selection.scores import Scoring, total_of
from plugin.selection.traits import has_author, has_language, has_tag, to_span


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why a candidate is out."""

    article: ArticleSummary
    rule: str
    reason: str
    same_as_id: int | None = None

    def to_rejected(self, scores: Mapping[int, Mapping[str, Score]], totals: Mapping[int, float]) -> Rejected:
        """Return it with its scores."""
        key = self.article.id
        return Rejected(self.article, self.rule, self.reason, scores[key], totals[key], self.same_as_id)


def select(
    candidates: Iterable[ArticleSummary],
    digest: Digest,
    *,
    now: datetime,
    facts: Facts | None = None,
    actions: Sequence[EditorAction] = (),
) -> Selection:
    """Choose what goes into the next issue.

    Args:
        candidates: Articles that no issue of the digest holds, any order, each once.
        digest: The definition.
        now: The cut, aware.
        facts: What the digest remembers; None: nothing.
        actions: What editors asked for; undone and applied ones are passed over.

    Returns:
        Every candidate with its scores and, where it is out, the first rule that did it. The same for the
        same candidates in any order.
    """
    known, wishes = facts or Facts(), read_wishes(actions)
    ordered = sorted(candidates, key=lambda each: each.id)
    refusals, fit = _filter(ordered, digest, now=now, facts=known, wishes=wishes)
    doubles = find_doubles(fit, sketches=known.sketches, issued=known.issued, pinned=wishes.pinned)
    doubled = {double.article.id for double in doubles}
    single = [article for article in fit if article.id not in doubled]

    scoring = Scoring(single or ordered, digest, now=now, pinned=wishes.pinned)
    scores = {article.id: scoring.score(article) for article in ordered}
    totals = {article_id: total_of(each) for article_id, each in scores.items()}
    ranked = sorted(single, key=lambda each: (-totals[each.id], -each.first_seen_at.timestamp(), each.id))
    taken, left = apply_limits(ranked, digest.limits, pinned=wishes.pinned)
    refusals += [_refuse_double(double) for double in doubles] + [_Refusal(*each) for each in left]

    chosen = [
        Chosen(
            article,
            scores[article.id],
            totals[article.id],
            section=find_section(article, digest, facts=known),
            note=wishes.notes.get(article.id),
            is_pinned=article.id in wishes.pinned,
            also_at=_other_places(article, doubles),
        )
        for article in taken
    ]
    rejected = [each.to_rejected(scores, totals) for each in refusals]
    return Selection(
        chosen=tuple(sorted(chosen, key=lambda each: _printed_place(each, digest, wishes))),
        rejected=tuple(sorted(rejected, key=lambda each: (-each.total, each.article.id))),
        errata=wishes.errata,
    )


def _filter(
    candidates: Iterable[ArticleSummary], digest: Digest, *, now: datetime, facts: Facts, wishes: Wishes
) -> tuple[list[_Refusal], list[ArticleSummary]]:
    """Part candidates into those that a rule keeps out, and those whose bodies must be compared."""
    refusals: list[_Refusal] = []
    fit: list[ArticleSummary] = []
    for article in candidates:
        broken = _find_broken(article, digest, now=now, facts=facts, wishes=wishes)
        if broken is None:
            fit.append(article)
        else:
            refusals.append(_Refusal(article, *broken))
    return refusals, fit


def find_fit(
    candidates: Iterable[ArticleSummary],
    digest: Digest,
    *,
    now: datetime,
    facts: Facts,
    actions: Sequence[EditorAction] = (),
) -> list[int]:
    """Return the candidates that pass every rule before near-duplicates: those whose bodies must be compared.

    Args:
        candidates: As in `select`.
        digest: As in `select`.
        now: As in `select`.
        facts: As in `select`; its sketches are not looked at.
        actions: As in `select`.
    """
    _, fit = _filter(candidates, digest, now=now, facts=facts, wishes=read_wishes(actions))
    return [article.id for article in fit]


def find_section(article: ArticleSummary, digest: Digest, *, facts: Facts) -> str | None:
    """Return the title of the first section whose conditions an article fulfills, or None."""
    language = article.language or facts.languages.get(article.publication or "")
    return next((each.title for each in digest.section if _fits(article, language, each)), None)


def _fits(article: ArticleSummary, language: str | None, section: Section) -> bool:
    return (
        (not section.tags or has_tag(article, section.tags))
        and (not section.publications or article.publication in section.publications)
        and (not section.authors or has_author(article, section.authors))
        and (not section.languages or has_language(language, section.languages))
    )


def _find_broken(
    article: ArticleSummary, digest: Digest, *, now: datetime, facts: Facts, wishes: Wishes
) -> Broken | None:
    """Return the first rule before near-duplicates that keeps an article out."""
    unshowable = find_unshowable(article)
    if unshowable is not None:
        return unshowable
    if article.id in wishes.pinned:
        return None
    if article.id in wishes.dropped:
        return "dropped", f"{wishes.dropped[article.id]} took it out"
    broken = find_broken_filter(article, digest, now=now, facts=facts)
    if broken is None and not is_settled_down(article, digest, now=now, entry=facts.ledger.get(article.id)):
        return "settle", f"was seen less than {to_span(digest.settle)} ago"
    return broken


def _refuse_double(double: Double) -> _Refusal:
    where = f", in issue {double.number}" if double.number is not None else ""
    reason = f"tells the same story as #{double.kept_id}{where} ({double.likeness:.0%} of the text)"
    return _Refusal(double.article, "duplicate", reason, double.kept_id)


def _other_places(article: ArticleSummary, doubles: Sequence[Double]) -> tuple[ArticleSummary, ...]:
    return tuple(
        each.article for each in doubles if each.kept_id == article.id and each.article.url is not None
    )


def _printed_place(chosen: Chosen, digest: Digest, wishes: Wishes) -> tuple[int, int, float, float, int]:
    """Sort by section as defined, then as the editor ordered, then the best first."""
    titles = [section.title for section in digest.section]
    section = titles.index(chosen.section) if chosen.section is not None else len(titles)
    order = wishes.order.index(chosen.article.id) if chosen.article.id in wishes.order else len(wishes.order)
    return section, order, -chosen.total, -chosen.article.first_seen_at.timestamp(), chosen.article.id
