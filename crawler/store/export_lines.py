"""The lines of an export, each checked on its own before anything of it reaches a library."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

from crawler.errors import RecordError, StoreError
from crawler.reading.characters import strip_unstorable
from crawler.records import ArticleRecord, AuthorRecord, CommentRecord, build_record
from crawler.store.views import Change

LineKind = Literal["publications", "authors", "articles", "comments", "revisions", "issues"]
Line = Mapping[str, Any]

SUBJECTS: Final = ("article", "author", "comment")
"""What a revision can be of."""

_MARKS: Final[tuple[tuple[LineKind, frozenset[str]], ...]] = (
    ("articles", frozenset({"headline", "body_text", "platform"})),
    ("comments", frozenset({"article_id", "body_text", "author_name"})),
    ("authors", frozenset({"name", "bio_text", "platform"})),
    ("publications", frozenset({"slug", "rights", "url"})),
    ("revisions", frozenset({"subject", "before", "after"})),
    ("issues", frozenset({"digest", "number", "entries"})),
)
_ORDER: Final[tuple[LineKind, ...]] = (
    "publications", "authors", "articles", "comments", "revisions", "issues"
)  # fmt: skip
_IDS: Final[Mapping[LineKind, tuple[str, ...]]] = {
    "authors": ("id",),
    "articles": ("id",),
    "comments": ("id", "article_id"),
    "revisions": ("id", "subject_id"),
}
_TEXTS: Final[Mapping[LineKind, tuple[str, ...]]] = {
    "publications": ("slug", "platform", "name", "url", "rights"),
    "revisions": ("change", "subject", "seen_at"),
}
_INSTANTS: Final = (
    "first_seen_at", "last_seen_at", "updated_at", "seen_at", "last_good_run_at", "next_due_at"
)  # fmt: skip
_MAX_ID: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One line that holds what its kind must.

    Attributes:
        kind: Which export it is of.
        fields: As written.
        record: What it says of an article, author or comment; None for the other kinds.
    """

    kind: LineKind
    fields: Line
    record: ArticleRecord | AuthorRecord | CommentRecord | None = None

    @property
    def key(self) -> object:
        """What names its row among those of its kind."""
        return self.fields.get("id", self.fields.get("slug"))


def kind_of_line(line: Line) -> LineKind | None:
    """Return which export a line is of; None when it is of none."""
    return next((kind for kind, names in _MARKS if names <= line.keys()), None)


def rank_of_line(text: str) -> int | None:
    """Return the place of a file in an export by its first line, from 0; None when it is no line of one.

    Example:
        >>> rank_of_line('{"slug": "a", "rights": "full", "url": "b"}'), rank_of_line("<p>")
        (0, None)
    """
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return None
    kind = kind_of_line(line) if isinstance(line, dict) else None
    return _ORDER.index(kind) if kind is not None else None


def parse_line(text: str) -> ExportLine:
    """Read one line of an export and check all that a library must be able to rely on.

    Raises:
        StoreError: It is no line of an export.
        RecordError: A field breaks its promise.
    """
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        line = None
    if not isinstance(line, dict):
        raise StoreError("this is no JSON object, as an export has one on each line")
    kind = kind_of_line(line)
    if kind is None:
        raise StoreError("this is no line of an export")
    _check_ids(line, kind)
    _check_texts(line, kind)
    _check_instants(line)
    if kind == "articles":
        _check_article(line)
        return ExportLine(kind, line, _build(ArticleRecord, line, comments_complete=False))
    if kind == "authors":
        return ExportLine(kind, line, _build(AuthorRecord, line))
    if kind == "comments":
        return ExportLine(kind, line, _build(CommentRecord, line))
    if kind == "revisions":
        _check_revision(line)
    if kind == "publications":
        _check_publication(line)
    return ExportLine(kind, line)


def _build(kind: Any, line: Line, **changes: Any) -> Any:  # noqa: ANN401 - one of the three records
    """Return the record a line tells of."""
    fields = {name: line[name] for name in kind.model_fields if name in line}
    return build_record(kind, **(fields | changes))


def _check_ids(line: Line, kind: LineKind) -> None:
    for name in _IDS.get(kind, ()):
        value = line.get(name)
        if type(value) is not int or not 0 < value <= _MAX_ID:
            raise RecordError("this must be a whole number above 0", field=name)


def _check_texts(line: Line, kind: LineKind) -> None:
    """Check the fields that no record checks; what no database can keep is refused with them."""
    names = _TEXTS.get(kind)
    if names is None:
        return
    for name in names:
        if not isinstance(line.get(name), str) or not line[name]:
            raise RecordError("this must be a text that is not empty", field=name)
    if not _is_storable(line):
        raise StoreError("this line holds characters that no database can keep")


def _is_storable(value: object) -> bool:
    if isinstance(value, dict):
        return all(_is_storable(each) for pair in value.items() for each in pair)
    if isinstance(value, list):
        return all(map(_is_storable, value))
    return not isinstance(value, str) or strip_unstorable(value) == value


def _check_instants(line: Line) -> None:
    for name in _INSTANTS:
        value = line.get(name)
        if value is None:
            continue
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            moment = None
        if moment is None or moment.utcoffset() is None:
            raise RecordError("this must be a time with its zone, as 2026-11-23T07:00:00Z", field=name)


def _check_article(line: Line) -> None:
    if line.get("change", "new") not in get_args(Change):
        raise RecordError(f"this must be one of {', '.join(get_args(Change))}", field="change")
    aliases = line.get("aliases")
    if aliases is not None and not isinstance(aliases, list):
        raise RecordError("this must be a list", field="aliases")
    for alias in aliases or ():
        names = ("kind", "value", "reason")
        if not isinstance(alias, dict) or not all(isinstance(alias.get(name), str) for name in names):
            raise RecordError("each alias must have a kind, a value and a reason", field="aliases")


def _check_publication(line: Line) -> None:
    for name in ("enabled", "paused"):
        if not isinstance(line.get(name), bool):
            raise RecordError("this must be true or false", field=name)
    if not isinstance(line.get("language"), str | None):
        raise RecordError("this must be a text, or null", field="language")


def _check_revision(line: Line) -> None:
    if line["subject"] not in SUBJECTS:
        raise RecordError(f"this must be one of {', '.join(SUBJECTS)}", field="subject")
    for name in ("before", "after"):
        if not isinstance(line[name], dict):
            raise RecordError("this must be an object of fields", field=name)
