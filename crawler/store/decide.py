"""What a visit changes, decided from the old state and the new record alone: no database, no clock.

Rules, in the order of their weight:

1. **Nothing known is erased by silence.** A field that the new page leaves out (``None``, an empty list, an
   empty body) keeps its value: a page that hides a field, or a reader that misses it, is far commoner than an
   author who deletes one. ``access`` always follows the page, ``comments_complete`` see `is_complete`.
2. **An older page never overwrites a newer one.** A page seen before the last visit fills gaps and narrows
   dates, nothing else.
3. **Counters are no changes.** Likes, comments, insights and the printed reading time follow the page without
   a revision; so does what is derived from other fields.
4. **Dates are intervals.** See `merge_dates`.
5. **Words decide the class.** A change of more than a few words is substantive, anything less cosmetic; see
   `is_substantive`.
6. **A restless field stops counting.** A field that differs on visit after visit is kept up to date but makes
   neither a change nor a revision, of an article as of an author; see `count_restlessness`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import Any, Final

from crawler.reading.dates import intersect_bounds
from crawler.records import ArticleRecord, AuthorRecord, Bounds, CommentRecord
from crawler.store.identity import fold
from crawler.store.views import ArticleView, AuthorView, Change, CommentView
from crawler.store.words import list_words

VERSIONED: Final = (
    "platform_id",
    "url",
    "canonical_url",
    "community",
    "headline",
    "dek",
    "byline",
    "authors",
    "language",
    "hero",
    "body_html",
    "body_text",
    "tags",
    "badges",
    "access",
    "license",
    "rights_line",
    "robots",
)
"""Fields of an article whose change is a change of the article."""

COUNTERS: Final = (
    "publication",
    "word_count",
    "reading_minutes",
    "like_count",
    "comment_count",
    "insights",
    "provenance",
)
"""Fields that follow the page silently."""

ADDRESSES: Final = ("platform_id", "url", "canonical_url")
"""Versioned fields whose change is told by the aliases already and makes no revision of its own."""

AUTHOR_VERSIONED: Final = ("name", "bio_html", "bio_text", "avatar_url", "location", "links")
AUTHOR_SILENT: Final = ("url", "platform_id", "handle", "joined_at", "follower_count", "article_count")
PROFILE_ONLY: Final = ("location", "joined_at", "follower_count", "article_count")
"""What an author's own page prints and the card below a story does not."""
COMMENT_VERSIONED: Final = ("author_name", "author_url", "parent_id", "body_html", "body_text", "state")
COMMENT_SILENT: Final = ("position", "like_count", "article_url")

MAX_COSMETIC_WORDS: Final = 3
"""So many words of a body may be added or taken away and it is still a correction."""
MAX_COSMETIC_SHARE: Final = 0.004
"""... and in a long body this share of its words."""
TYPO_LIKENESS: Final = 0.6
"""Two words are one word and its typo from this ratio of `difflib.SequenceMatcher` on."""
RESTLESS_AFTER: Final = 12
"""A field whose restlessness reaches this no longer counts; a change adds 3, a quiet visit takes 1 away, so
that is the fourth change in a row, or the ninth when every other visit changes it."""


@dataclass(frozen=True, slots=True)
class Dating:
    """A date as known: best guess, interval and printed text.

    Attributes:
        at: Inside ``bounds``; None when nothing is known.
        bounds: (earliest, latest), or None.
        text: As printed when the interval was first seen.
    """

    at: datetime | None = None
    bounds: Bounds | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class SaveDecision:
    """What saving a record over the stored state does.

    Attributes:
        change: The class of this visit: "unchanged" when only counters and dates moved.
        values: Field -> value to store, for every field that differs.
        before: Field -> stored value, for the fields that make a revision.
        changed_fields: Names of the fields that differ, sorted.
        is_redated: The page contradicts the publication date known before.
        restlessness: Field -> count to store.
    """

    change: Change
    values: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    is_redated: bool = False
    restlessness: Mapping[str, int] = field(default_factory=dict)

    @property
    def changed_fields(self) -> tuple[str, ...]:
        """Names of the fields that differ, sorted."""
        return tuple(sorted(self.values))


def merge_dates(stored: Dating, seen: Dating) -> tuple[Dating, bool]:
    """Return the date known after a visit, and whether the page contradicts what was known.

    The intervals are intersected, so the date narrows with every visit. The best guess stays while the
    narrowed interval holds it, else it moves to the nearest bound. An exact date is an interval of no width
    and so wins by itself. Without an intersection the new date starts afresh.

    Example:
        >>> from datetime import UTC
        >>> day = [datetime(2026, 3, n, tzinfo=UTC) for n in range(1, 10)]
        >>> wide, late = Dating(day[2], (day[0], day[4]), "a week ago"), Dating(day[6], (day[3], day[8]))
        >>> merged, contradicts = merge_dates(wide, late)
        >>> merged.at == day[3], merged.bounds == (day[3], day[4]), merged.text, contradicts
        (True, True, 'a week ago', False)
    """
    if seen.bounds is None:
        return stored, False
    if stored.bounds is None or stored.at is None:
        return seen, False
    shared = intersect_bounds(stored.bounds, seen.bounds)
    if shared is None:
        return seen, True
    return Dating(min(max(stored.at, shared[0]), shared[1]), shared, stored.text or seen.text), False


def is_complete(record_says: bool | None, *, printed: int | None, kept: int) -> bool:
    """Tell whether every printed comment of an article is kept.

    Args:
        record_says: What the article's page said of itself; None for a further comment page.
        printed: The number of comments that the article prints.
        kept: The number of visible comments kept.
    """
    return bool(record_says) or (printed is not None and 0 < printed <= kept)


def is_absent(value: object) -> bool:
    """Tell whether a record says nothing about a field."""
    return value is None or value in ("", [], {})


def is_substantive(old_text: str, new_text: str) -> bool:
    """Tell whether a text says something else now, rather than the same thing more correctly.

    Case, punctuation, spacing and markup do not count. A word that became a similar word is a typo. Of what
    remains, more than `MAX_COSMETIC_WORDS` words or `MAX_COSMETIC_SHARE` of the text is substantive.

    Source:
        The thresholds separate the two halves of the corpus in ``tests/test_crawler_decide.py``.

    Example:
        >>> is_substantive("The quikc brown fox", "The quick, brown fox!"), is_substantive("Yes. " * 9, "No.")
        (False, True)
    """
    old_words, new_words = list_words(old_text), list_words(new_text)
    if old_words == new_words:
        return False
    bound = max(MAX_COSMETIC_WORDS, int(MAX_COSMETIC_SHARE * max(len(old_words), len(new_words))))
    gone = Counter(old_words) - Counter(new_words)
    come = Counter(new_words) - Counter(old_words)
    if abs(gone.total() - come.total()) > bound or max(gone.total(), come.total()) > 20 * bound:
        return True
    return _count_without_typos(list(gone.elements()), list(come.elements())) > bound


def _count_without_typos(gone: list[str], come: list[str]) -> int:
    """Count the words that went or came without a similar one on the other side."""
    left = list(come)
    changed = 0
    for word in gone:
        twin = next((other for other in left if is_typo(word, other)), None)
        if twin is None:
            changed += 1
        else:
            left.remove(twin)
    return max(changed, changed + len(left) - min(changed, len(left)))


def is_typo(old: str, new: str) -> bool:
    """Tell whether one word is the other misspelled; numbers never are.

    Example:
        >>> is_typo("recieve", "receive"), is_typo("1939", "1945"), is_typo("war", "peace")
        (True, False, False)
    """
    if any(character.isdigit() for character in old + new):
        return False
    return SequenceMatcher(None, old, new, autojunk=False).ratio() >= TYPO_LIKENESS


def count_restlessness(
    stored: Mapping[str, int], *, changed: Iterable[str], visited: Iterable[str]
) -> dict[str, int]:
    """Return how restless each field is after a visit; fields at rest are left out.

    Args:
        stored: The counts before.
        changed: Fields that differ on this visit.
        visited: Fields that this visit compared.
    """
    moved = set(changed)
    counts = dict(stored)
    for name in visited:
        count = counts.get(name, 0) + (3 if name in moved else -1)
        counts[name] = min(max(count, 0), 2 * RESTLESS_AFTER)
    return {name: count for name, count in counts.items() if count}


def decide_save(
    old: ArticleView | None,
    new: ArticleRecord,
    now: datetime,
    *,
    restlessness: Mapping[str, int] | None = None,
    is_elsewhere: bool = False,
) -> SaveDecision:
    """Decide what saving a record does to an article.

    Args:
        old: The article as kept, or None.
        new: The article as the page shows it.
        now: When the page was seen; aware UTC.
        restlessness: The article's counts, from the decision before.
        is_elsewhere: The page is another copy (a mirror, a second community); like an older page it only
            fills gaps, lest two copies overwrite each other for ever. A gone article comes back with it.
    """
    if old is None:
        values = {name: getattr(new, name) for name in (*VERSIONED, *COUNTERS, "comments_complete")}
        dates = {**_date_values("published", dating_of(new, "published"))}
        dates.update(_date_values("modified", dating_of(new, "modified")))
        return SaveDecision("new", {"platform": new.platform, **values, **dates})
    is_late = now < old.last_seen_at or (is_elsewhere and old.change != "gone")
    values, is_redated = _merge_article_dates(old, new, is_late=is_late)
    values |= _differences(old, new, COUNTERS, is_late=is_late)
    if is_absent(new.body_text):
        values.pop("word_count", None)  # a page that withholds its body has no words to count either
    if old.publication is not None:
        values.pop("publication", None)  # the one it was first crawled for
    changes = _differences(old, new, VERSIONED, is_late=is_late, always=("access",))
    restless = dict(restlessness or {})
    counted = {name for name in changes if restless.get(name, 0) < RESTLESS_AFTER} - set(ADDRESSES)
    before: dict[str, Any] = {name: getattr(old, name) for name in changes if name in counted}
    if is_redated and restless.get("published_bounds", 0) < RESTLESS_AFTER:
        before["published_bounds"] = old.published_bounds
    change = _classify(old, changes, counted, is_redated="published_bounds" in before, is_late=is_late)
    return SaveDecision(
        change,
        values | changes,
        before,
        is_redated,
        restless
        if is_late
        else count_restlessness(
            restless,
            changed=[*changes, *(["published_bounds"] if is_redated else [])],
            visited={*changes, *restless},
        ),
    )


def _classify(
    old: ArticleView, changes: Mapping[str, Any], counted: set[str], *, is_redated: bool, is_late: bool
) -> Change:
    if old.change == "gone" and not is_late:
        return "back"
    if "headline" in counted and is_headline_new(old.headline, changes["headline"]):
        return "substantive"
    if "body_text" in counted and old.body_text and is_substantive(old.body_text, changes["body_text"]):
        return "substantive"
    return "cosmetic" if counted or is_redated else "unchanged"


def is_headline_new(old: str, new: str) -> bool:
    """Tell whether a headline says something else: any word differs that is no typo.

    Example:
        >>> is_headline_new("The Secert Garden", "The secret garden!"), is_headline_new("Part 1", "Part 2")
        (False, True)
    """
    old_words, new_words = Counter(list_words(old)), Counter(list_words(new))
    return (
        _count_without_typos(
            list((old_words - new_words).elements()), list((new_words - old_words).elements())
        )
        > 0
    )


def dating_of(of: ArticleRecord | ArticleView | CommentRecord | CommentView, name: str) -> Dating:
    """Return the date called "published" or "modified" of a record or view."""
    return Dating(getattr(of, f"{name}_at"), getattr(of, f"{name}_bounds"), getattr(of, f"{name}_text"))


def _date_values(name: str, dating: Dating) -> dict[str, Any]:
    return {f"{name}_at": dating.at, f"{name}_bounds": dating.bounds, f"{name}_text": dating.text}


def _merge_article_dates(
    old: ArticleView, new: ArticleRecord, *, is_late: bool
) -> tuple[dict[str, Any], bool]:
    """Return the date fields that differ, and whether the publication date was contradicted.

    A date of modification moves by nature: a later one replaces the one before without a word.
    """
    values: dict[str, Any] = {}
    redated = False
    for name in ("published", "modified"):
        stored = dating_of(old, name)
        merged, contradicts = merge_dates(stored, dating_of(new, name))
        if contradicts and is_late:
            continue
        redated = redated or (contradicts and name == "published")
        after = _date_values(name, merged)
        values |= {key: value for key, value in after.items() if value != getattr(old, key)}
    return values, redated


def _differences(
    old: object, new: object, names: Iterable[str], *, is_late: bool, always: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the fields whose new value replaces the old one, by the rules 1 and 2."""
    values: dict[str, Any] = {}
    for name in names:
        stored, seen = getattr(old, name), getattr(new, name)
        if stored == seen or (is_late and not is_absent(stored)):
            continue
        if not is_absent(seen) or name in always:
            values[name] = seen
    return values


def _is_shortened(old: AuthorView, new: AuthorRecord) -> bool:
    """Tell whether a bio is from the card below a story, which prints the beginning of the profile's.

    Were it taken for a change, each story and each profile page would undo what the other had said.
    """
    if any(getattr(new, name) is not None for name in PROFILE_ONLY) or not new.bio_text or not old.bio_text:
        return False
    known, shown = list_words(old.bio_text), list_words(new.bio_text)
    return len(shown) < len(known) and known[: len(shown)] == shown


def decide_author(
    old: AuthorView, new: AuthorRecord, now: datetime, *, restlessness: Mapping[str, int] | None = None
) -> SaveDecision:
    """Decide what saving a record does to an author; a changed name, bio or picture makes a revision.

    An author is met on every page of theirs, often many times a day, and a name that one page in ten spells
    otherwise must come to count as restless too: so a field comes to rest by days, not by visits.

    Args:
        old: The author as kept.
        new: The author as the page shows them.
        now: When the page was seen; aware UTC.
        restlessness: The author's counts, from the decision before.
    """
    is_late = now < old.last_seen_at
    silent = _differences(old, new, AUTHOR_SILENT, is_late=is_late)
    changes = _differences(old, new, AUTHOR_VERSIONED, is_late=is_late)
    if _is_shortened(old, new):
        changes = {name: value for name, value in changes.items() if name not in ("bio_html", "bio_text")}
    moved = {name: getattr(old, name) for name in changes if not is_absent(getattr(old, name))}
    restless = dict(restlessness or {})
    before = {name: value for name, value in moved.items() if restless.get(name, 0) < RESTLESS_AFTER}
    is_new_day = now.astimezone(UTC).date() > old.last_seen_at.astimezone(UTC).date()
    visited = {*moved, *restless} if is_new_day else {*moved}
    return SaveDecision(
        "cosmetic" if before else "unchanged",
        silent | changes,
        before,
        restlessness=restless if is_late else count_restlessness(restless, changed=moved, visited=visited),
    )


def decide_comment(old: CommentView, new: CommentRecord, now: datetime) -> SaveDecision:
    """Decide what saving a record does to a comment.

    A removed comment loses its text here and keeps it in the revision; it comes back when a page shows it.
    """
    is_late = now < old.last_seen_at
    merged, contradicts = merge_dates(dating_of(old, "published"), dating_of(new, "published"))
    values = {} if contradicts and is_late else _date_values("published", merged)
    values = {name: value for name, value in values.items() if value != getattr(old, name)}
    values |= _differences(old, new, COMMENT_SILENT, is_late=is_late)
    changes = _differences(old, new, COMMENT_VERSIONED, is_late=is_late)
    if new.state == "removed" and not is_late:
        changes |= {name: "" for name in ("body_html", "body_text") if getattr(old, name)}
    before = {name: getattr(old, name) for name in changes if not is_absent(getattr(old, name))}
    if not before:
        return SaveDecision("unchanged", values | changes)
    return SaveDecision(_classify_comment(old, changes), values | changes, before)


def _classify_comment(old: CommentView, changes: Mapping[str, Any]) -> Change:
    if "state" in changes:
        return "gone" if changes["state"] == "removed" else "back"
    is_new_text = is_substantive(old.body_text, changes.get("body_text", old.body_text))
    return "substantive" if is_new_text else "cosmetic"


def same_name(left: str | None, right: str | None) -> bool:
    """Tell whether two names are one, whatever their case and spacing; two absent names are not."""
    return left is not None and right is not None and fold(left) == fold(right)
