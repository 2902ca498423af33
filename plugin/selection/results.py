"""What goes into a selection and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.store.views import ArticleSummary
from plugin.issues import Erratum, IssuedArticle, LedgerEntry
from plugin.selection.sketches import Sketch


@dataclass(frozen=True, slots=True)
class Score:
    """One reason for a rank.

    Attributes:
        value: From 0 to 1.
        weight: What it counts for; value times weight goes into the total.
        why: What it was read from: "3 comments, 1.5 a day".
    """

    value: float
    weight: float
    why: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A candidate that is in.

    Attributes:
        scores: By name: freshness, discussion, insights, likes, length, editor.
        total: Sum of value times weight.
        section: Title of its section; None stands at the end.
        note: The editor's word above the entry.
        is_pinned: An editor put it in, whatever filters and limits say.
        also_at: The same story at other places; only such as have an address.
    """

    article: ArticleSummary
    scores: Mapping[str, Score]
    total: float
    section: str | None = None
    note: str | None = None
    is_pinned: bool = False
    also_at: tuple[ArticleSummary, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A candidate that is out.

    Attributes:
        rule: The first rule that did it: "gone", "robots", "dropped", "query", "publications", "authors",
            "tags", "languages", "min_words", "published_within", "access", "exclude_badges", "settle",
            "duplicate", "per_author", "per_publication" or "entries".
        reason: One sentence without a full stop, for people.
        scores: As in ``Chosen``, also where no ranking was reached.
        same_as_id: For "duplicate", the article that stands for it.
    """

    article: ArticleSummary
    rule: str
    reason: str
    scores: Mapping[str, Score]
    total: float
    same_as_id: int | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Every candidate, in exactly one of the two.

    Attributes:
        chosen: In printed order; those of one section stand together.
        rejected: Best total first.
        errata: Corrections of earlier issues that the next one prints.
    """

    chosen: tuple[Chosen, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    errata: tuple[Erratum, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a selection must know besides the candidates and the definition.

    Attributes:
        ledger: Article -> what the digest remembers of it; new candidates are absent.
        issued: What recent issues of the digest hold, to know the same story again.
        sketches: Article -> sketch of its body (``sketch_text``); what is absent is never a duplicate.
        query_matches: The candidates that match ``select.query``; None where the digest has none.
        languages: Publication -> language it was seeded with, for pages that name none.
    """

    ledger: Mapping[int, LedgerEntry] = field(default_factory=dict)
    issued: tuple[IssuedArticle, ...] = ()
    sketches: Mapping[int, Sketch] = field(default_factory=dict)
    query_matches: frozenset[int] | None = None
    languages: Mapping[str, str] = field(default_factory=dict)
