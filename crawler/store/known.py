"""Which article a page is: what the library knows about a batch's pages, looked up in a few queries.

The order of trust is DESIGN section 4's: platform id, canonical address, alias, and last a bounded match on
author, headline and body, see `is_same_story`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, select

from crawler.reading.dates import intersect_bounds
from crawler.records import ArticleRecord, Bounds
from crawler.store.batches import Batch
from crawler.store.decide import Dating, SaveDecision, merge_dates
from crawler.store.identity import content_key, fold, hash_key, host_of, platform_id_value, reduce_url
from crawler.store.indexing import list_at
from crawler.store.loading import chunked, load_articles
from crawler.store.rows import fingerprint, read_bounds
from crawler.store.tables import Tables
from crawler.store.views import Alias, ArticleView, PageSave
from crawler.store.words import fold_words

_article = Tables.article
_LIGHT_COLUMNS: Final = (
    *("id", "fingerprint", "change", "published_at", "published_earliest", "published_latest"),
    *("published_text", "modified_at", "modified_earliest", "modified_latest", "modified_text"),
    *("first_seen_at", "last_seen_at", "updated_at", "restlessness", "canonical_url", "url"),
    *("community_name", "platform_id", "comment_count"),
    *("comments_complete", "comment_round_at"),
)
_LIGHT: Final = select(
    *(_article.c[name] for name in _LIGHT_COLUMNS), Tables.publication.c.slug.label("publication")
).outerjoin_from(_article, Tables.publication)
_COPY_REASONS: Final = ("content match", "mirror")
"""Reasons of an alias that is another copy, not another name of the same page."""


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
    restlessness: Mapping[str, int] = field(default_factory=dict)

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
    def listed_at(self) -> datetime:
        """Under which instant the article stands in lists."""
        return list_at(self.published.at, self.first_seen_at)

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
            *("comment_count",),
        ):
            setattr(self, name, columns.get(name, getattr(self, name)))

    def decide_unchanged(self, record: ArticleRecord, seen_at: datetime) -> SaveDecision:
        """Decide a visit whose record differs in its dates at most, and remember the dates."""
        values: dict[str, Any] = {}
        is_redated = False
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
            is_redated = is_redated or (contradicts and name == "published")
            for part in ("at", "bounds", "text"):
                if getattr(merged, part) != getattr(stored, part):
                    values[f"{name}_{part}"] = getattr(merged, part)
            setattr(self, name, merged)
        return SaveDecision("unchanged", values, is_redated=is_redated)


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


class _Look:
    """What of a page is needed to know it again."""

    __slots__ = ("content_key", "fingerprint", "names", "words")

    def __init__(self, names: dict[bytes, Alias], record: ArticleRecord | None) -> None:
        self.names = names
        self.fingerprint = fingerprint(record) if record is not None else b""
        self.words = ""
        self.content_key: bytes | None = None

    def read_words(self, record: ArticleRecord) -> None:
        """Fold the body, for the match by content and for the search index."""
        self.words = fold_words(record.body_text)
        self.content_key = content_key(record, self.words)


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
        if record.url is not None:
            is_mirror = record.canonical_url is not None and host_of(record.canonical_url) != host_of(
                record.url
            )
            aliases.append(Alias("url", record.url, "mirror" if is_mirror else "requested"))
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


def is_same_story(known: KnownArticle, record: ArticleRecord) -> bool:
    """Tell whether a record with the author, headline and body of a known article is that article.

    Without an address on either side it is. In another place (host, community, publication) it is the same
    story told twice. In the same place it is the same one under a new address, unless the platform gives
    both an id of their own or their dates exclude each other: then it is a series that repeats itself.
    """
    address = record.canonical_url or record.url
    if address is None or known.address is None:
        return True
    if is_other_place(known, record):
        return True
    if known.platform_id is not None and record.platform_id is not None:
        return False
    bounds: tuple[Bounds | None, Bounds | None] = (known.published.bounds, record.published_bounds)
    return bounds[0] is None or bounds[1] is None or intersect_bounds(bounds[0], bounds[1]) is not None


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


class KnownArticles:
    """What the library knows of the articles that a batch's pages may be.

    Args:
        batch: Whose transaction reads.
        pages: All pages of the batch.
    """

    def __init__(self, batch: Batch, pages: Sequence[PageSave]) -> None:
        self._batch = batch
        self._articles: dict[int, KnownArticle] = {}
        self._aliases: dict[bytes, tuple[int, str]] = {}
        self._taken_down: set[bytes] = set()
        self._by_content: dict[bytes, list[int]] = defaultdict(list)
        self._looks = {id(page): _Look(list_names(page), page.article) for page in pages}
        keys = {key for look in self._looks.values() for key in look.names}
        wanted = ("key", "article_id", "reason")
        for key, article_id, reason in batch.look_up(Tables.alias, "key", keys, wanted):
            self._aliases[key] = (article_id, reason)
        self._load(self._find_ids(pages))
        for page in pages:
            if page.article is not None and not self.identify(page).tells_nothing_new():
                self._looks[id(page)].read_words(page.article)
        contents = {look.content_key for look in self._looks.values() if look.content_key is not None}
        self._taken_down = {key for (key,) in batch.look_up(Tables.takedown, "key", keys | contents, ["key"])}
        same = batch.look_up(_article, "content_key", contents, ("content_key", "id"))
        for key, article_id in sorted(same):
            self._by_content[key].append(article_id)
        self._load({article_id for _, article_id in same} - set(self._articles))
        self._wholes = self._load_changed(pages)

    def _find_ids(self, pages: Sequence[PageSave]) -> set[int]:
        ids = {article_id for article_id, _ in self._aliases.values()}
        fetched = [page.fetched.article_id for page in pages if page.fetched is not None]
        ids.update(each for each in fetched if each is not None)
        return ids

    def _load(self, ids: set[int]) -> None:
        for part in chunked(ids):
            for row in self._batch.connection.execute(_LIGHT.where(_article.c.id.in_(part))).mappings():
                self._articles[row["id"]] = KnownArticle.from_row(row)

    def _load_changed(self, pages: Sequence[PageSave]) -> dict[int, ArticleView]:
        """Load the articles of which a page may have something new to tell."""
        ids = {
            sighting.article.id
            for page in pages
            if page.article is not None
            and (sighting := self.identify(page)).article is not None
            and not sighting.tells_nothing_new()
        }
        return load_articles(self._batch.connection, sorted(ids)) if ids else {}

    def whole(self, article_id: int) -> ArticleView:
        """Return an article whole, as it stands at this point of the batch; hand it out once."""
        view = self._wholes.pop(article_id, None)
        if view is None:
            self._batch.flush()
            view = load_articles(self._batch.connection, [article_id])[article_id]
        return view

    def ids(self) -> list[int]:
        """Return the rows of every article the batch may touch."""
        return list(self._articles)

    def identify(self, page: PageSave) -> Sighting:
        """Find out which article a page is."""
        look = self._looks[id(page)]
        names = look.names
        sighting = Sighting(None, names, look.fingerprint, look.words, look.content_key)
        if not self._taken_down.isdisjoint([*names, *([look.content_key] if look.content_key else [])]):
            return replace(sighting, is_taken_down=True)
        for each in names:
            if each in self._aliases:
                article_id, reason = self._aliases[each]
                known = self._articles[article_id]
                is_copy = reason in _COPY_REASONS and page.article is not None
                return replace(
                    sighting,
                    article=known,
                    is_elsewhere=is_copy and page.article is not None and is_other_place(known, page.article),
                )
        if page.article is not None:
            return self._identify_by_content(sighting, page.article)
        if page.fetched is not None and page.fetched.article_id in self._articles:
            return replace(sighting, article=self._articles[page.fetched.article_id])
        return sighting

    def _identify_by_content(self, sighting: Sighting, record: ArticleRecord) -> Sighting:
        for article_id in self._by_content.get(sighting.content_key or b"", ()):
            known = self._articles[article_id]
            if is_same_story(known, record):
                matched = {
                    key: replace(alias, reason="content match") for key, alias in sighting.names.items()
                }
                return replace(
                    sighting, article=known, names=matched, is_elsewhere=is_other_place(known, record)
                )
        return sighting

    def add(self, known: KnownArticle, sighting: Sighting) -> None:
        """Remember an article that the batch inserts."""
        self._articles[known.id] = known
        if sighting.content_key is not None:
            self._by_content[sighting.content_key].append(known.id)

    def add_aliases(self, sighting: Sighting, known: KnownArticle, seen_at: datetime) -> None:
        """Keep every name of a page that does not lead to its article yet."""
        for key, alias in sighting.names.items():
            held = self._aliases.get(key)
            if held is not None and held[0] == known.id:
                continue
            self._aliases[key] = (known.id, alias.reason)
            row = {"key": key, "article_id": known.id, "kind": alias.kind, "value": alias.value}
            row |= {"reason": alias.reason, "first_seen_at": seen_at}
            if held is None:
                self._batch.insert(Tables.alias, row)
            else:
                self._batch.upsert(Tables.alias, row)
