"""What a digest remembers: which articles may still enter an issue, and since when they were considered.

An article is considered by the first issue made after it was stored. Afterwards it is either settled (it is
in, or will never be) or it waits:

- *settle*: until it was seen long enough ago;
- a limit kept it out: for ``carry_over`` more issues;
- a filter kept it out: until ``window`` has passed since it was first considered, so that a story that grows
  past ``min_words`` or gains a tag can still be taken. Only "publications" settles at once: most of a large
  library belongs to other digests, and looking at all of it again would make issues slow;
- it is gone, or its page refuses robots: as long, for it may come back;
- it tells the same story as another that a limit kept out: as long as that one.
"""

from datetime import datetime

from crawler.store.views import ArticleSummary
from plugin.digests import Digest
from plugin.issues import LedgerChange, LedgerEntry
from plugin.selection.limits import LIMIT_RULES
from plugin.selection.results import Facts, Rejected, Selection

_FINAL_RULES = ("dropped", "publications")


def is_settled_down(
    article: ArticleSummary, digest: Digest, *, now: datetime, entry: LedgerEntry | None
) -> bool:
    """Tell whether an article was seen at least ``settle`` ago.

    A clock that ran ahead and was set back leaves articles seen in the future. They count as seen when the
    digest first considered them, so that they wait once and not until the clock gets there.

    Args:
        article: A candidate.
        digest: Its ``settle``.
        now: The cut, aware.
        entry: What the ledger holds of it; None for a new one.
    """
    seen_at = min(article.first_seen_at, now if entry is None else entry.considered_at, now)
    return now - seen_at >= digest.settle


def decide_ledger(
    selection: Selection, digest: Digest, *, now: datetime, facts: Facts, ceiling_id: int
) -> LedgerChange:
    """Decide what becomes of every candidate once its issue is made, or none could be.

    Args:
        selection: All candidates.
        digest: Its ``window`` and ``carry_over``.
        now: The cut, aware.
        facts: The ledger as it stood.
        ceiling_id: Largest row among what was looked at.
    """
    waiting: list[LedgerEntry] = []
    settled = [each.article.id for each in selection.chosen]
    rules = {each.article.id: each.rule for each in selection.rejected}
    for rejected in selection.rejected:
        entry = _next_entry(rejected, digest, now=now, facts=facts, rules=rules)
        if entry is None:
            settled.append(rejected.article.id)
        else:
            waiting.append(entry)
    return LedgerChange(ceiling_id=ceiling_id, waiting=tuple(waiting), settled=tuple(settled))


def _next_entry(
    rejected: Rejected, digest: Digest, *, now: datetime, facts: Facts, rules: dict[int, str]
) -> LedgerEntry | None:
    """Return how a rejected article waits on, or None when it is settled."""
    rule = rejected.rule
    if rule in _FINAL_RULES:
        return None
    before = facts.ledger.get(rejected.article.id)
    considered_at = now if before is None else min(before.considered_at, now)
    times_limited = 0 if before is None else before.times_limited
    if rule == "duplicate" and rules.get(rejected.same_as_id or 0) not in LIMIT_RULES:
        return None
    if rule in LIMIT_RULES or rule == "duplicate":
        times_limited += 1
        if times_limited > digest.limits.carry_over:
            return None
    elif rule != "settle" and now - considered_at > digest.window:
        return None
    return LedgerEntry(
        article_id=rejected.article.id, considered_at=considered_at, times_limited=times_limited, rule=rule
    )
