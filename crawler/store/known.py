"""Which article a page is: what the library knows about a batch's pages, looked up in a few queries.

The order of trust is DESIGN section 4's: platform id, canonical address, alias, and last a bounded match on
author, headline and body, see `crawler.store.sightings.is_same_story`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import select

from crawler.records import ArticleRecord
from crawler.store.batches import Batch
from crawler.store.decide import is_headline_new
from crawler.store.identity import content_key, is_telling, url_key
from crawler.store.loading import chunked, load_articles
from crawler.store.rows import fingerprint
from crawler.store.sightings import (
    KnownArticle,
    Sighting,
    is_other_place,
    is_same_story,
    is_same_text,
    list_names,
)
from crawler.store.tables import Tables
from crawler.store.views import Alias, ArticleView, PageSave
from crawler.store.words import fold_words

_article = Tables.article
_LIGHT_COLUMNS: Final = (
    *("id", "fingerprint", "change", "published_at", "published_earliest", "published_latest"),
    *("published_text", "modified_at", "modified_earliest", "modified_latest", "modified_text"),
    *("first_seen_at", "last_seen_at", "updated_at", "restlessness", "canonical_url", "url"),
    *("community_name", "platform_id", "comment_count"),
    *("comments_complete", "comment_round_at", "stored_comment_count", "same_as_id"),
)
_LIGHT: Final = select(
    *(_article.c[name] for name in _LIGHT_COLUMNS), Tables.publication.c.slug.label("publication")
).outerjoin_from(_article, Tables.publication)


_OWN_REASONS: Final = ("canonical", "platform id", "content match")
"""Reasons of an alias that the article's own page gave; any other one only leads there."""


_MAX_SAME: Final = 50
"""So many articles with one author, headline and body are compared with a new one; the oldest."""


class _Look:
    """What of a page is needed to know it again."""

    __slots__ = ("content_key", "fingerprint", "is_other_story", "is_telling", "names", "words")

    def __init__(self, names: dict[bytes, Alias], record: ArticleRecord | None) -> None:
        self.names = names
        self.fingerprint = fingerprint(record) if record is not None else b""
        self.words = ""
        self.content_key: bytes | None = None
        self.is_telling = False
        self.is_other_story = False

    def read_words(self, record: ArticleRecord) -> None:
        """Fold the body, for the match by content and for the search index."""
        self.words = fold_words(record.body_text)
        self.content_key = content_key(record, self.words)
        has_address = record.canonical_url is not None or record.url is not None
        self.is_telling = is_telling(self.words) or not has_address

    def forbidding_keys(self) -> list[bytes]:
        """Return the keys any of which, taken down, keeps the page out; a short text's alone does not."""
        if self.content_key is None or not self.is_telling:
            return list(self.names)
        return [*self.names, self.content_key]


class KnownArticles:
    """What the library knows of the articles that a batch's pages may be.

    Args:
        batch: Whose transaction reads.
        pages: All pages of the batch.
    """

    def __init__(self, batch: Batch, pages: Sequence[PageSave]) -> None:
        self._batch = batch
        self._articles: dict[int, KnownArticle] = {}
        self._aliases: dict[bytes, int] = {}
        self._taken_down: set[bytes] = set()
        self._by_content: dict[bytes, list[int]] = defaultdict(list)
        self._looks = {id(page): _Look(list_names(page), page.article) for page in pages}
        keys = {key for look in self._looks.values() for key in look.names}
        self._detours: set[bytes] = set()
        wanted = ("key", "article_id", "reason")
        for key, article_id, reason in batch.look_up(Tables.alias, "key", keys, wanted):
            self._aliases[key] = article_id
            if reason not in _OWN_REASONS:
                self._detours.add(key)
        self._load(self._find_ids(pages))
        news = [page for page in pages if page.article is not None and self._tells_news(page)]
        self._wholes = self._load_changed(news)
        self._find_other_stories(news)
        self._look_up_contents(batch, news, keys)

    def _tells_news(self, page: PageSave) -> bool:
        sighting = self.identify(page)
        return not sighting.tells_nothing_new()

    def _look_up_contents(self, batch: Batch, news: Sequence[PageSave], keys: set[bytes]) -> None:
        """Look for what was taken down, and for articles that only their text identifies."""
        for page in news:
            if page.article is not None:
                self._looks[id(page)].read_words(page.article)
        contents = {look.content_key for look in self._looks.values() if look.content_key is not None}
        self._taken_down = {key for (key,) in batch.look_up(Tables.takedown, "key", keys | contents, ["key"])}
        same = batch.look_up(_article, "content_key", contents, ("content_key", "id"))
        for key, article_id in sorted(same):
            if len(self._by_content[key]) < _MAX_SAME:
                self._by_content[key].append(article_id)
        found = {article_id for ids in self._by_content.values() for article_id in ids}
        self._load(found - set(self._articles))
        self._load_author_urls(found)

    def _find_other_stories(self, news: Sequence[PageSave]) -> None:
        """Notice addresses that were given to another story: another text, and another platform id.

        Where an address only led to an article, by a redirect, another text is enough: now it has its own.
        Where the article has left it for another address, another text under another headline is.
        """
        for page in news if self._wholes else ():
            known = self.identify(page).article
            if page.article is None or known is None or known.id not in self._wholes:
                continue
            look = self._looks[id(page)]
            ids = (known.platform_id, page.article.platform_id)
            whole = self._wholes[known.id]
            if self._has_left(known, look, whole, page.article) or (None not in ids and ids[0] != ids[1]):
                look.is_other_story = not is_same_text(whole, page.article)

    def _has_left(self, known: KnownArticle, look: _Look, whole: ArticleView, record: ArticleRecord) -> bool:
        """Tell whether a page's address only leads to an article that is at home elsewhere."""
        key = next((key for key in look.names if key in self._aliases), None)
        if key is None or key in self._detours or look.names[key].kind != "url":
            return key in self._detours
        return key != known.home_key and is_headline_new(whole.headline, record.headline)

    def _find_ids(self, pages: Sequence[PageSave]) -> set[int]:
        ids = set(self._aliases.values())
        fetched = [page.fetched.article_id for page in pages if page.fetched is not None]
        ids.update(each for each in fetched if each is not None)
        ids.update(page.article_id for page in pages if page.article_id is not None)
        return ids

    def _load(self, ids: set[int]) -> None:
        for part in chunked(ids):
            for row in self._batch.connection.execute(_LIGHT.where(_article.c.id.in_(part))).mappings():
                self._articles[row["id"]] = KnownArticle.from_row(row)

    def _load_author_urls(self, ids: set[int]) -> None:
        """Look up the first author's address of articles that may be known by their text."""
        byline = Tables.article_author
        query = select(byline.c.article_id, byline.c.url).where(byline.c.position == 0)
        for part in chunked(ids):
            for article_id, url in self._batch.connection.execute(query.where(byline.c.article_id.in_(part))):
                self._articles[article_id].author_url = url

    def _load_changed(self, news: Sequence[PageSave]) -> dict[int, ArticleView]:
        """Load the articles of which a page has something new to tell."""
        found = (self.identify(page).article for page in news) if self._articles else ()
        ids = {known.id for known in found if known is not None}
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
        if not self._taken_down.isdisjoint(look.forbidding_keys()):
            return replace(sighting, is_taken_down=True)
        if page.article is None and page.article_id in self._articles:
            return replace(sighting, article=self._articles[page.article_id])
        for key, name in names.items():
            if key not in self._aliases or (look.is_other_story and name.kind == "url"):
                continue
            known = self._articles[self._aliases[key]]
            return replace(sighting, article=known, is_elsewhere=self._is_elsewhere(known, page, names))
        if page.article is not None:
            return self._identify_by_content(sighting, page.article)
        if page.fetched is not None and page.fetched.article_id in self._articles:
            return replace(sighting, article=self._articles[page.fetched.article_id])
        return sighting

    def as_new(self, page: PageSave) -> Sighting:
        """Return what a page is when it is known to be no article of the library, whatever its names say."""
        return replace(self.identify(page), article=None, is_elsewhere=False)

    def _identify_by_content(self, sighting: Sighting, record: ArticleRecord) -> Sighting:
        for article_id in self._by_content.get(sighting.content_key or b"", ()):
            known = self._articles[article_id]
            if is_same_story(known, record, sighting.words):
                matched = {
                    key: replace(alias, reason="content match") for key, alias in sighting.names.items()
                }
                return replace(
                    sighting, article=known, names=matched, is_elsewhere=is_other_place(known, record)
                )
        return sighting

    def _is_elsewhere(self, known: KnownArticle, page: PageSave, names: Mapping[bytes, Alias]) -> bool:
        """Tell whether a page is a copy of an article that is at home at another address.

        The home moves to an address never seen before, or when it redirects; an address that was known
        already, or one of another publication, is a second copy.
        """
        record = page.article
        address = record.canonical_url or record.url if record is not None else None
        if record is None or address is None or known.home_key is None:
            return False
        key = url_key(address)
        if key == known.home_key:
            return False
        home = names.get(known.home_key)
        if home is not None and home.reason == "redirect":
            return False
        publications = (known.publication, record.publication)
        return key in self._aliases or (None not in publications and publications[0] != publications[1])

    def add(self, known: KnownArticle, sighting: Sighting) -> None:
        """Remember an article that the batch inserts."""
        self._articles[known.id] = known
        if sighting.content_key is not None:
            self._by_content[sighting.content_key].append(known.id)

    def add_aliases(
        self, sighting: Sighting, known: KnownArticle, seen_at: datetime, *, takes_over: bool = True
    ) -> list[KnownArticle]:
        """Keep every name of a page that leads nowhere yet.

        A canonical address that led to another article leads here from now on: the page itself says so. Other
        names stay where they are.

        Args:
            sighting: The page.
            known: The article it is.
            seen_at: When it was seen.
            takes_over: Whether it may take an address from another article.

        Returns:
            Articles that were at home at an address which is this one's now.
        """
        displaced: list[KnownArticle] = []
        for key, alias in sighting.names.items():
            holder = self._aliases.get(key)
            is_taken = holder is not None and not (takes_over and alias.reason == "canonical")
            if holder == known.id or is_taken:
                continue
            self._aliases[key] = known.id
            row = {"key": key, "article_id": known.id, "kind": alias.kind, "value": alias.value}
            row |= {"reason": alias.reason, "first_seen_at": seen_at}
            if holder is None:
                self._batch.insert(Tables.alias, row)
            else:
                self._batch.upsert(Tables.alias, row)
                if key == self._articles[holder].home_key:
                    displaced.append(self._articles[holder])
        return displaced

    def list_left(self, sighting: Sighting, known: KnownArticle) -> list[KnownArticle]:
        """Return the articles whose own address leads to a page that is another article.

        Args:
            sighting: The page.
            known: The article it is.
        """
        left: list[KnownArticle] = []
        for key, alias in sighting.names.items():
            other = self._articles.get(self._aliases.get(key, known.id), known)
            is_other = other.id != known.id and other.same_as_id is None
            if is_other and alias.reason == "redirect" and other.home_key == key:
                left.append(other)
        return left

    def find_doubled(self, pages: Sequence[PageSave]) -> list[tuple[int, int]]:
        """Return pairs of articles that a page shows to be one: the older's id first.

        A page that is one article by its strongest name and leads, by a redirect or its own address, to
        another one with the same text was stored twice before anything told that they are one.
        """
        pairs: set[tuple[int, int]] = set()
        for page in pages:
            names = self._looks[id(page)].names
            if len({self._aliases[key] for key in names if key in self._aliases}) < 2:
                continue
            if page.article is None or (known := self.identify(page).article) is None:
                continue
            for key in names:
                other = self._articles.get(self._aliases.get(key, known.id), known)
                if other.id != known.id and other.same_as_id is None and _may_be_one(known, other):
                    pairs.add((min(known.id, other.id), max(known.id, other.id)))
        if not pairs:
            return []
        wholes = load_articles(self._batch.connection, sorted({each for pair in pairs for each in pair}))
        return sorted(pair for pair in pairs if is_same_text(wholes[pair[0]], wholes[pair[1]]))


def _may_be_one(left: KnownArticle, right: KnownArticle) -> bool:
    ids = (left.platform_id, right.platform_id)
    return None in ids or ids[0] == ids[1]
