"""What a page seems to be: what a batch needs of an article, a page's names, when two are one; pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import RowMapping

from crawler.reading.dates import intersect_bounds
from crawler.records import ArticleRecord
from crawler.store.decide import Dating, SaveDecision, merge_dates
from crawler.store.identity import (
    fold,
    hash_key,
    host_of,
    is_telling,
    platform_id_value,
    reduce_url,
    url_key,
)
from crawler.store.indexing import list_at
from crawler.store.rows import read_bounds
from crawler.store.views import Alias, ArticleView, PageSave
from crawler.store.words import list_words

MIN_SHARED_RUNS: Final = 0.3
"""Two texts are versions of one from this share of common runs of words on. Stories of 450 to 2,200 English
words share up to 0.04 with each other, 0.65 with a version that lost a half or changed each eighth word.
Single words tell nothing: those stories share up to 0.66 of them."""
_RUN: Final = 3
_MIN_RUN_WORDS: Final = 12
"""Texts shorter than this are compared by single words: one edit would break too many of their runs."""
_NARROW: Final = timedelta(days=1)
"""Widest interval of a date that was printed as a day or an instant, not as an age."""


@dataclass(slots=True)
class KnownArticle:
    """What the batch needs to know of an article to tell whether a page changes it."""

    id: int
    fingerprint: bytes
    change: str
    published: Dating
    modified: Dating
    first_seen_at: datetime
    last_seen_at: datetime
    updated_at: datetime
    address: str | None
    community: str | None
    publication: str | None
    platform_id: str | None
    comment_count: int | None
    comments_complete: bool
    comment_round_at: datetime | None
    stored_comment_count: int = 0
    same_as_id: int | None = None
    restlessness: Mapping[str, int] = field(default_factory=dict)
    author_url: str | None = None

    @classmethod
    def from_row(cls, row: RowMapping) -> "KnownArticle":
        """Return what a row of `_LIGHT` tells."""
        return cls(
            id=row["id"],
            fingerprint=row["fingerprint"],
            change=row["change"],
            published=Dating(row["published_at"], read_bounds(row, "published"), row["published_text"]),
            modified=Dating(row["modified_at"], read_bounds(row, "modified"), row["modified_text"]),
            first_seen_at=row["first_seen_at"],
            last_seen_at=row["last_seen_at"],
            updated_at=row["updated_at"],
            address=row["canonical_url"] or row["url"],
            community=row["community_name"],
            publication=row["publication"],
            platform_id=row["platform_id"],
            comment_count=row["comment_count"],
            comments_complete=row["comments_complete"],
            comment_round_at=row["comment_round_at"],
            stored_comment_count=row["stored_comment_count"],
            same_as_id=row["same_as_id"],
            restlessness=row["restlessness"],
        )

    @classmethod
    def from_record(
        cls, article_id: int, record: ArticleRecord, seen_at: datetime, mark: bytes
    ) -> "KnownArticle":
        """Return what is known of an article that is about to be inserted."""
        return cls(
            id=article_id,
            fingerprint=mark,
            change="new",
            published=Dating(record.published_at, record.published_bounds, record.published_text),
            modified=Dating(record.modified_at, record.modified_bounds, record.modified_text),
            first_seen_at=seen_at,
            last_seen_at=seen_at,
            updated_at=seen_at,
            address=record.canonical_url or record.url,
            community=record.community.name if record.community is not None else None,
            publication=record.publication,
            platform_id=record.platform_id,
            comment_count=record.comment_count,
            comments_complete=record.comments_complete,
            comment_round_at=None,
            author_url=record.authors[0].url if record.authors else None,
        )

    @property
    def needs_whole_look(self) -> bool:
        """Whether even an equal page changes something: a gone article comes back, a restless one rests."""
        return self.change == "gone" or bool(self.restlessness)

    @property
    def published_at(self) -> datetime | None:
        """Best guess of the publication date."""
        return self.published.at

    @property
    def home_key(self) -> bytes | None:
        """Key of the address at which the article is at home."""
        return url_key(self.address) if self.address is not None else None

    @property
    def listed_at(self) -> datetime:
        """Under which instant the article stands in lists."""
        return list_at(self.published.at, self.first_seen_at)

    def is_redated_by(self, record: ArticleRecord, seen_at: datetime) -> bool:
        """Tell whether a page contradicts the publication date known; an older page never does."""
        stored, seen = self.published.bounds, record.published_bounds
        if stored is None or seen is None or seen_at < self.last_seen_at:
            return False
        return intersect_bounds(stored, seen) is None

    def absorb(self, decision: SaveDecision, columns: Mapping[str, Any]) -> None:
        """Remember what a decision writes.

        Args:
            decision: About this article.
            columns: Columns of table `article` that it writes.
        """
        for name in ("published", "modified"):
            stored: Dating = getattr(self, name)
            parts = ("at", "bounds", "text")
            merged = [decision.values.get(f"{name}_{part}", getattr(stored, part)) for part in parts]
            setattr(self, name, Dating(*merged))
        for name in (
            *("fingerprint", "change", "first_seen_at", "last_seen_at", "updated_at", "restlessness"),
            *("comment_count", "platform_id"),
        ):
            setattr(self, name, columns.get(name, getattr(self, name)))
        self.address = columns.get("canonical_url") or columns.get("url") or self.address
        self.community = columns.get("community_name", self.community)

    def decide_unchanged(self, record: ArticleRecord, seen_at: datetime) -> SaveDecision:
        """Decide a visit whose record differs in its dates at most, and remember the dates."""
        values: dict[str, Any] = {}
        for name in ("published", "modified"):
            stored: Dating = getattr(self, name)
            seen = Dating(
                getattr(record, f"{name}_at"),
                getattr(record, f"{name}_bounds"),
                getattr(record, f"{name}_text"),
            )
            merged, contradicts = merge_dates(stored, seen)
            if merged == stored or (contradicts and seen_at < self.last_seen_at):
                continue
            for part in ("at", "bounds", "text"):
                if getattr(merged, part) != getattr(stored, part):
                    values[f"{name}_{part}"] = getattr(merged, part)
            setattr(self, name, merged)
        return SaveDecision("unchanged", values)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a page is, as far as the library can tell.

    Attributes:
        article: The article it is or belongs to; None when the library has none.
        names: Aliases under which the page presents itself, strongest first, by key.
        fingerprint: Hash of its record; b"" for a page that is no article.
        words: Its body's words, folded; only for a page that tells something new.
        content_key: Key of its author, headline and body; None when they can't identify.
        is_elsewhere: The page is another copy of the article, in another place.
        is_taken_down: One of its names was taken down.
    """

    article: KnownArticle | None = None
    names: Mapping[bytes, Alias] = field(default_factory=dict)
    fingerprint: bytes = b""
    words: str = ""
    content_key: bytes | None = None
    is_elsewhere: bool = False
    is_taken_down: bool = False

    def tells_nothing_new(self) -> bool:
        """Tell whether the article is known to be what the page says, its dates apart."""
        known = self.article
        if known is None or known.needs_whole_look or self.is_elsewhere:
            return False
        return known.fingerprint == self.fingerprint


def list_names(page: PageSave) -> dict[bytes, Alias]:
    """Return the aliases under which a page presents itself, strongest first, by key."""
    aliases: list[Alias] = []
    record = page.article
    if record is not None:
        platform_id = platform_id_value(record)
        if platform_id is not None:
            aliases.append(Alias("platform_id", platform_id, "platform id"))
        if record.canonical_url is not None:
            aliases.append(Alias("url", record.canonical_url, "canonical"))
        if record.url is not None and record.url != record.canonical_url:
            is_at_home = host_of(record.url) == host_of(record.canonical_url or record.url)
            aliases.append(Alias("url", record.url, "requested" if is_at_home else "mirror"))
    elif page.article_url is not None:
        aliases.append(Alias("url", page.article_url, "canonical"))
    elif page.fetched is not None and page.fetched.role == "article":
        aliases.append(Alias("url", page.fetched.url, "requested"))
    aliases += page.aliases
    names: dict[bytes, Alias] = {}
    for alias in aliases:
        names.setdefault(alias_key(alias), alias)
    return names


def alias_key(alias: Alias) -> bytes:
    """Return the key under which an alias is kept."""
    return hash_key(alias.kind, reduce_url(alias.value) if alias.kind == "url" else alias.value)


def is_same_story(known: KnownArticle, record: ArticleRecord, words: str) -> bool:
    """Tell whether a record with the author, headline and body of a known article is that article.

    Without an address on either side it is, however short; a namesake's never is. In another place (host,
    community, publication) it is the same story told twice, a body too short to tell only where the dates
    agree. In the same place it is the same one under a new address, unless their dates exclude each other or
    the platform gives both an id of their own: then it is a series that repeats itself. Ids that differ where
    the day is the same are an id that changed.

    Args:
        known: The article.
        record: What the page shows.
        words: Its body's words, folded.
    """
    address = record.canonical_url or record.url
    if _is_namesake(known, record):
        return False
    if address is None or known.address is None:
        return True
    agrees = _dates_agree(known, record)
    if is_other_place(known, record):
        return is_telling(words) or agrees is True
    if not is_telling(words):
        return False
    if known.platform_id is not None and record.platform_id is not None:
        bounds = (known.published.bounds, record.published_bounds)
        is_one_day = all(each is not None and each[1] - each[0] <= _NARROW for each in bounds)
        return is_one_day and agrees is True
    return agrees is not False


def _dates_agree(known: KnownArticle, record: ArticleRecord) -> bool | None:
    """Tell whether a publication date fits the one known; None where one of them is unknown."""
    if known.published.bounds is None or record.published_bounds is None:
        return None
    return intersect_bounds(known.published.bounds, record.published_bounds) is not None


def _is_namesake(known: KnownArticle, record: ArticleRecord) -> bool:
    """Tell whether a record's first author is another person of the same name on the same host.

    Only the last part of the address counts: one person may have a page in each publication of a host.
    """
    url = record.authors[0].url if record.authors else None
    if url is None or known.author_url is None or host_of(url) != host_of(known.author_url):
        return False
    return _last_part(url) != _last_part(known.author_url)


def _last_part(url: str) -> str:
    return reduce_url(url).partition("?")[0].rpartition("/")[2].casefold()


def is_other_place(known: KnownArticle, record: ArticleRecord) -> bool:
    """Tell whether a record stands on another host, in another community or publication than an article."""
    address = record.canonical_url or record.url
    if address is None or known.address is None:
        return False
    if host_of(address).removeprefix("www.") != host_of(known.address).removeprefix("www."):
        return True
    community = record.community.name if record.community is not None else None
    return any(
        left is not None and right is not None and fold(left) != fold(right)
        for left, right in ((community, known.community), (record.publication, known.publication))
    )


def share_words(left: str, right: str) -> float:
    """Return how much of two texts is common, 0 to 1, by their runs of three words; short ones word by word.

    Example:
        >>> share_words("The moss grows.", "Moss grows, the!"), share_words("moss", "wall")
        (1.0, 0.0)
    """
    words = (list_words(left), list_words(right))
    size = _RUN if min(map(len, words)) >= _MIN_RUN_WORDS else 1
    old, new = (Counter(zip(*(each[start:] for start in range(size)), strict=False)) for each in words)
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 1.0


def is_same_text(old: ArticleRecord | ArticleView, new: ArticleRecord | ArticleView) -> bool:
    """Tell whether two articles are versions of one text; a body that is withheld leaves the headline."""
    if not old.body_text or not new.body_text:
        return fold(old.headline) == fold(new.headline)
    return share_words(old.body_text, new.body_text) >= MIN_SHARED_RUNS
