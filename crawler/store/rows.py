"""Records to rows and rows to views: pure conversions, no database."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import RowMapping

from crawler.records import (
    ArticleFields,
    ArticleRecord,
    ArticleSummaryFields,
    AuthorRecord,
    AuthorRef,
    Bounds,
    CommentRecord,
    Community,
    Image,
    Insight,
    Tag,
)
from crawler.store.identity import KEY_SIZE, bound_label, fold
from crawler.store.views import Alias, ArticleSummary, ArticleView, AuthorView, CommentView

Row = RowMapping

_RECORD_COLUMNS: Final = (*ArticleFields.model_fields, "robots", "provenance")

CHILDREN: Final = ("authors", "tags", "hero", "badges", "insights")
"""Fields of an article that have a table of their own."""

_DATES: Final = {f"{name}_{part}" for name in ("published", "modified") for part in ("at", "bounds", "text")}
_COLUMN_FIELDS: Final = (
    *ArticleSummaryFields.model_fields,
    *("id", "publication", "robots", "change", "first_seen_at", "last_seen_at", "changed_at", "updated_at"),
    *("redated_at", "same_as_id", "stored_comment_count"),
)


def fingerprint(record: ArticleRecord | AuthorRecord) -> bytes:
    """Return a hash of everything a record says but its dates, which move with every look at them."""
    told = record.__pydantic_serializer__.to_json(record, exclude=_DATES)
    return blake2b(told, digest_size=KEY_SIZE).digest()


def comment_fingerprint(record: CommentRecord) -> bytes:
    """Return a hash of what a comment says; dates, its place and its likes move without it."""
    told = (
        *(record.author_name, record.author_url, record.parent_id, record.state),
        *(record.article_url, record.body_html, record.body_text),
    )
    text = "\x1f".join(["\x1e" if each is None else each for each in told])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_SIZE).digest()


def new_article_columns(record: ArticleRecord) -> dict[str, Any]:
    """Return the columns of table `article` that a record fills, for an article never seen before."""
    fields = record.__dict__
    columns = {name: fields[name] for name in _RECORD_COLUMNS}
    community: Community | None = fields["community"]
    columns["community_name"] = community.name if community is not None else None
    columns["community_url"] = community.url if community is not None else None
    columns["published_earliest"], columns["published_latest"] = fields["published_bounds"] or (None, None)
    columns["modified_earliest"], columns["modified_latest"] = fields["modified_bounds"] or (None, None)
    return columns


def new_comment_columns(record: CommentRecord) -> dict[str, Any]:
    """Return the columns of table `comment` that a record fills; ids are bounded to fit an index."""
    columns = dict(record.__dict__)
    columns["published_earliest"], columns["published_latest"] = columns.pop("published_bounds") or (
        None,
        None,
    )
    columns["platform_id"] = bound_label(record.platform_id)
    columns["parent_id"] = bound_label(record.parent_id) if record.parent_id is not None else None
    return columns


def bounds_columns(name: str, bounds: Bounds | None) -> dict[str, Any]:
    """Return an interval as its two columns."""
    earliest, latest = bounds or (None, None)
    return {f"{name}_earliest": earliest, f"{name}_latest": latest}


def article_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of table `article` for decided values, those with a table of their own left out.

    Args:
        values: Field -> value as a record holds it.
    """
    columns: dict[str, Any] = {}
    for name, value in values.items():
        if name in CHILDREN or name == "publication":
            continue
        if name == "community":
            columns["community_name"] = value.name if value is not None else None
            columns["community_url"] = value.url if value is not None else None
        elif name.endswith("_bounds"):
            columns |= bounds_columns(name.removesuffix("_bounds"), value)
        else:
            columns[name] = value
    return columns


def comment_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of table `comment` for field values; ids are bounded to fit an index."""
    columns = {name: value for name, value in values.items() if name != "published_bounds"}
    if "published_bounds" in values:
        columns |= bounds_columns("published", values["published_bounds"])
    for name in ("platform_id", "parent_id"):
        if columns.get(name) is not None:
            columns[name] = bound_label(columns[name])
    return columns


@lru_cache(maxsize=4096)
def fold_tag(name: str) -> str:
    """Return what two spellings of a tag have in common."""
    return bound_label(fold(name))


def read_bounds(row: Row, name: str) -> Bounds | None:
    """Return an interval from its two columns."""
    earliest, latest = row[f"{name}_earliest"], row[f"{name}_latest"]
    return (earliest, latest) if earliest is not None and latest is not None else None


class Children:
    """Rows of an article's own tables, as fields of its view.

    Args:
        authors: Rows of ``article_author`` in order.
        tags: Rows of ``article_tag`` in order.
        media: Rows of ``medium``.
        badges: Rows of ``badge`` in order.
        insights: Rows of ``insight`` in order.
    """

    __slots__ = ("author_ids", "authors", "badges", "hero", "insights", "tags")

    def __init__(
        self,
        authors: Sequence[Row] = (),
        tags: Sequence[Row] = (),
        media: Sequence[Row] = (),
        badges: Sequence[Row] = (),
        insights: Sequence[Row] = (),
    ) -> None:
        construct = AuthorRef.model_construct
        self.authors = [construct(name=row["name"], url=row["url"]) for row in authors]
        self.author_ids = [row["author_id"] for row in authors]
        self.tags = [Tag.model_construct(name=row["name"], url=row["url"]) for row in tags]
        self.badges = [row["name"] for row in badges]
        self.insights = [
            Insight.model_construct(
                kind=row["kind"], label=row["label"], explanation=row["explanation"], count=row["count"]
            )
            for row in insights
        ]
        self.hero = next((_read_image(row) for row in media if row["role"] == "hero"), None)


def _read_image(row: Row) -> Image:
    return Image.model_construct(url=row["url"], alt=row["alt"], caption=row["caption"], credit=row["credit"])


def _summary_fields(row: Row, children: Children) -> dict[str, Any]:
    fields = {name: row[name] for name in _COLUMN_FIELDS}
    name = row["community_name"]
    fields["community"] = (
        Community.model_construct(name=name, url=row["community_url"]) if name is not None else None
    )
    fields["published_bounds"] = read_bounds(row, "published")
    fields["modified_bounds"] = read_bounds(row, "modified")
    for child in (*CHILDREN, "author_ids"):
        fields[child] = getattr(children, child)
    return fields


def read_summary(row: Row, children: Children) -> ArticleSummary:
    """Return the view of an article without its body; ``row`` carries "publication", the slug."""
    return ArticleSummary.model_construct(**_summary_fields(row, children))


def read_article(row: Row, children: Children, aliases: list[Alias]) -> ArticleView:
    """Return the view of a whole article; ``row`` carries "publication", the slug."""
    return ArticleView.model_construct(
        **_summary_fields(row, children),
        body_html=row["body_html"],
        body_text=row["body_text"],
        provenance=row["provenance"],
        aliases=aliases,
    )


def read_comment(row: Row) -> CommentView:
    """Return the view of a comment."""
    fields = {name: row[name] for name in CommentView.model_fields if name != "published_bounds"}
    return CommentView.model_construct(**fields, published_bounds=read_bounds(row, "published"))


def read_author(row: Row) -> AuthorView:
    """Return the view of an author; ``row`` carries "stored_article_count"."""
    return AuthorView.model_construct(**{name: row[name] for name in AuthorView.model_fields})
