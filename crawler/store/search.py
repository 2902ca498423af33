"""Search over articles and comments: the same finds in the same order on both databases.

Newest first walks the index from its new end and stops when the page is full. By relevance, the newest
`MAX_RANKED` finds are scored by us.
"""

from collections.abc import Sequence
from typing import Final, Literal

from sqlalchemy import Connection

from crawler.errors import StoreError
from crawler.store.database import Database
from crawler.store.filtering import Condition, ListKey, field_condition, list_conditions
from crawler.store.finding import HIGHEST, LOWEST, Finds, Wanted, find_keys, load_texts
from crawler.store.indexing import (
    ARTICLE_WORDS,
    COMMENT_WORDS,
    ID_BITS,
    WordIndex,
    fold_fields,
    make_key,
    split_key,
)
from crawler.store.loading import load_comments, load_summaries
from crawler.store.matching import make_snippet, score_match
from crawler.store.queries import Query, parse_query
from crawler.store.tables import Tables
from crawler.store.views import ArticleFilter, Listing, SearchHit

MAX_RANKED: Final = 400
"""Newest finds of each kind that a ranking by relevance looks at."""
MAX_EXAMINED: Final = 20_000
"""Finds that are looked at for one page, however few of them the filters let pass."""

Over = Literal["all", "articles", "comments"]
Order = Literal["newest", "relevance"]
_INDEXES: Final[dict[Over, tuple[WordIndex, ...]]] = {
    "all": (ARTICLE_WORDS, COMMENT_WORDS),
    "articles": (ARTICLE_WORDS,),
    "comments": (COMMENT_WORDS,),
}
_Candidate = tuple[WordIndex, int]
"""An index and one of its keys."""


class Search:
    """The shelf of finds.

    Args:
        database: What is searched.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(
        self,
        query: str,
        *,
        over: Over = "all",
        order: Order = "newest",
        limit: int = 20,
        after: str | None = None,
    ) -> Listing[SearchHit]:
        """Return one page of what a query finds.

        Comments are found by their words; a query of filters alone finds articles.

        Args:
            query: In the language of `crawler.store.queries`.
            over: Articles, comments, or both.
            order: Newest first, or the best of the newest; the latter has one page only.
            limit: Most finds of the page; >= 1.
            after: ``next_after`` of the page before; None for the first.

        Raises:
            QueryError: The query can't be understood.
            StoreError: ``after`` is not from a search.
        """
        parsed = parse_query(query)
        below = _read_places(after, over)
        n_wanted = MAX_RANKED if order == "relevance" else limit
        with self._database.reading() as connection:
            finds = {
                index: find_keys(
                    connection, _wanted_of(parsed, index, place), limit=n_wanted, max_examined=MAX_EXAMINED
                )
                for index, place in below.items()
            }
            candidates = [(index, key) for index, found in finds.items() for key in found.keys]
            candidates.sort(key=_newest_first)
            page = candidates[:limit]
            texts = _load_texts(connection, candidates if order == "relevance" else page)
            scores = {each: score_match(parsed.expression, fold_fields(texts[each])) for each in texts}
            if order == "relevance":
                page = sorted(candidates, key=lambda each: -scores[each])[:limit]
            hits = _load_hits(connection, parsed, page, texts, scores)
        next_after = None if order == "relevance" else _write_places(finds, page, below, over)
        return Listing(tuple(hits), next_after)


def _newest_first(candidate: _Candidate) -> tuple[int, bool, int]:
    """Return the sort key of finds: by second, articles before comments, then the latest met."""
    index, key = candidate
    return -(key >> ID_BITS), index is COMMENT_WORDS, -key


def _wanted_of(query: Query, index: WordIndex, below: int) -> Wanted:
    """Return what a query asks of one index, of keys under ``below``."""
    low = make_key(query.after, 0) if query.after is not None else LOWEST
    high = make_key(query.before, 0) - 1 if query.before is not None else HIGHEST
    conditions = [Condition(Tables.article.c.change != "gone")]
    conditions += [
        field_condition(each) for each in query.filters if index is ARTICLE_WORDS or each.name != "author"
    ]
    authors = tuple(each for each in query.filters if index is COMMENT_WORDS and each.name == "author")
    return Wanted(index, query.expression, tuple(conditions), authors, (low, min(high, below - 1)))


def _load_texts(
    connection: Connection, candidates: Sequence[_Candidate]
) -> dict[_Candidate, tuple[str, ...]]:
    texts: dict[_Candidate, tuple[str, ...]] = {}
    for index in (ARTICLE_WORDS, COMMENT_WORDS):
        keys = {split_key(key)[1]: key for each, key in candidates if each is index}
        for row_id, found in load_texts(connection, index, list(keys)).items():
            texts[index, keys[row_id]] = found
    return texts


def _load_hits(
    connection: Connection,
    query: Query,
    page: Sequence[_Candidate],
    texts: dict[_Candidate, tuple[str, ...]],
    scores: dict[_Candidate, float],
) -> list[SearchHit]:
    ids = {each: split_key(each[1])[1] for each in page}
    comments = load_comments(connection, [ids[each] for each in page if each[0] is COMMENT_WORDS])
    article_ids = [ids[each] for each in page if each[0] is ARTICLE_WORDS]
    article_ids += [comment.article_id for comment in comments.values()]
    articles = load_summaries(connection, list(dict.fromkeys(article_ids)))
    hits: list[SearchHit] = []
    for each in page:
        comment = comments[ids[each]] if each[0] is COMMENT_WORDS else None
        article = articles[comment.article_id if comment is not None else ids[each]]
        snippet = make_snippet(query.expression, texts[each][::-1])
        hits.append(SearchHit(article, comment, snippet, scores[each]))
    return hits


def _read_places(after: str | None, over: Over) -> dict[WordIndex, int]:
    """Return under which key each index is to be searched; an index that has no more is left out."""
    indexes = _INDEXES[over]
    if after is None:
        return dict.fromkeys(indexes, HIGHEST)
    parts = after.split("/")
    try:
        if len(parts) == len(indexes):
            places = zip(indexes, parts, strict=True)
            return {index: int(part) for index, part in places if part != "end"}
    except ValueError:
        pass
    raise StoreError("not a place in a search; use the one a search ended with", after)


def _write_places(
    finds: dict[WordIndex, Finds], page: Sequence[_Candidate], below: dict[WordIndex, int], over: Over
) -> str | None:
    """Return where the next page begins, a key for each index or "end"; None when nothing is left."""
    parts: list[str] = []
    for index in _INDEXES[over]:
        if index not in finds:
            parts.append("end")
            continue
        taken = [key for each, key in page if each is index]
        found = finds[index]
        if len(taken) < len(found.keys):
            parts.append(str(min(taken, default=below[index])))
        else:
            parts.append("end" if found.end is None else str(found.end))
    return "/".join(parts) if set(parts) != {"end"} else None


def find_article_places(
    connection: Connection,
    wanted: ArticleFilter,
    *,
    after: ListKey | None = None,
    limit: int | None = None,
    newest_first: bool = True,
) -> list[ListKey]:
    """Return the places of articles that fulfill a filter with a query, in the order of lists.

    Args:
        connection: Reads.
        wanted: The filter; its query is not None.
        after: Only places behind this one.
        limit: Most places; None for all.
        newest_first: Else oldest first.

    Raises:
        QueryError: The query can't be understood.
    """
    query = parse_query(wanted.query or "")
    conditions = [*list_conditions(connection, wanted), *(field_condition(each) for each in query.filters)]
    low = make_key(query.after, 0) if query.after is not None else LOWEST
    high = make_key(query.before, 0) - 1 if query.before is not None else HIGHEST
    if after is not None:
        place = make_key(*after)
        low, high = (low, min(high, place - 1)) if newest_first else (max(low, place + 1), high)
    part = Wanted(
        ARTICLE_WORDS, query.expression, tuple(conditions), (), (low, high), newest_first=newest_first
    )
    return [split_key(key) for key in find_keys(connection, part, limit=limit).keys]
