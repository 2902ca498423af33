"""What the web said, validated: the records every reader makes and the store keeps.

Scalar fields stand once, in ``ArticleFields``, ``AuthorFields`` and ``CommentFields``; record, row and
view inherit them. Lists and nested values can't be shared that way (SQLModel has no column for them), so
each of the three declares its own.

A missing value is ``None``, never ``""`` and never "Unknown". Times are aware UTC. A date that was printed
as "11 months ago" is an interval (``*_bounds``) with a best guess inside it (``*_at``).
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    model_validator,
)
from sqlmodel import AutoString, Field, SQLModel

from crawler.errors import RecordError
from crawler.reading.characters import is_storable, strip_unstorable

Access = Literal["free", "members", "paid", "password"]
CommentState = Literal["visible", "removed"]
InsightKind = Literal["rating", "top_insight"]

MAX_HEADLINE = 2_000
"""Longest headline kept, in characters; the longest real one seen has 300, a hostile one a million."""


_LONG = 1_000
"""Characters from which a text is looked at by itself: one odd letter elsewhere makes joined texts slow."""
_WEB_URL = re.compile(r"https?://[^/?#]", re.IGNORECASE | re.ASCII)


def _storable(value: object) -> object:
    return strip_unstorable(value) if isinstance(value, str) else value


def _strip_all(data: object) -> object:
    """Strip every text of a record at once, which is several times faster than field by field."""
    if not isinstance(data, dict):
        return data
    short: list[str] = []
    for value in data.values():
        if type(value) is str:
            if len(value) < _LONG:
                short.append(value)
            elif not is_storable(value):
                break
    else:
        if is_storable("".join(short)):
            return data
    return {name: strip_unstorable(value) if type(value) is str else value for name, value in data.items()}


def _utc(value: datetime) -> datetime:
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _web_url(value: str) -> str:
    if _WEB_URL.match(value) is None:
        raise ValueError("not an absolute http(s) address")
    return value


UtcDatetime = Annotated[AwareDatetime, AfterValidator(_utc)]
Text = Annotated[str, MinLen(1)]
"""A string that is never empty."""
Prose = str
"""A string that may be empty: a body that the page withholds."""
WebUrl = Annotated[str, MaxLen(4_000), AfterValidator(_web_url)]
_Stripped = BeforeValidator(_storable)
"""For the items of a list, which no record strips by itself."""
COMMENTS_PER_PAGE: Final = 10_000
"""More than any page prints; so a comment has its place whatever was read of the pages before its own."""
Count = Annotated[int, Ge(0), Le(2**31 - 1)]
Bounds = tuple[UtcDatetime, UtcDatetime]
"""(earliest, latest) instant, both inclusive."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    _strip = model_validator(mode="before")(_strip_all)


class Community(_Value):
    """The community, section or channel of its publication that an article stands in."""

    name: Text
    url: WebUrl | None = None


class AuthorRef(_Value):
    """An author as an article's byline names them."""

    name: Text
    url: WebUrl | None = None


class Tag(_Value):
    """A label the author gave the article."""

    name: Text
    url: WebUrl | None = None


class Image(_Value):
    """A picture with what is printed about it; a copied text tells its words but not its address."""

    url: WebUrl | None = None
    alt: Text | None = None
    caption: Text | None = None
    credit: Text | None = None


class Insight(_Value):
    """What readers chose to say of an article from the platform's list.

    ``kind`` is "rating" for the one leading judgment and "top_insight" for the listed ones. ``count`` is
    how many readers chose it, where printed.
    """

    kind: InsightKind
    label: Text
    explanation: Text | None = None
    count: Count | None = None


class _Fields(SQLModel):
    """Root of the shared scalar fields; unknown names are refused."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]

    _strip = model_validator(mode="before")(_strip_all)


class ArticleSummaryFields(_Fields):
    """The scalar fields of an article without its body, for lists."""

    # Name of the platform whose reader made the record: "vocal", "generic", ...
    platform: Text
    # The platform's own id of the article, unchanged through edits of headline and slug.
    platform_id: Text | None = None
    # Where it was fetched; None for a copied text.
    url: WebUrl | None = None
    # The one address of the article; None for a copied text without an address.
    canonical_url: WebUrl | None = None
    headline: Annotated[Text, MaxLen(MAX_HEADLINE)]
    # The standfirst, or subtitle.
    dek: Text | None = None
    # The printed line as found, "By A B"; never made up from ``authors``.
    byline: Text | None = None
    # Best guess inside ``published_bounds``; the instant itself where the page gave it exactly.
    published_at: UtcDatetime | None = None
    # The date as printed: "11 months ago".
    published_text: Text | None = None
    modified_at: UtcDatetime | None = None
    modified_text: Text | None = None
    # BCP 47, lower case.
    language: Text | None = None
    # Words of ``body_text``, counted by ``crawler.reading.markup.count_words``.
    word_count: Count = 0
    # As printed ("2 min read"), in minutes.
    reading_minutes: Count | None = None
    # As printed.
    like_count: Count | None = None
    # As printed; the number of comments read may be smaller, see ``comments_complete``.
    comment_count: Count | None = None
    access: Access = Field(default="free", sa_type=AutoString)
    # URL or SPDX name of the license the page declares.
    license: Text | None = None
    # The printed line of rights, "© 2026 A Company".
    rights_line: Text | None = None
    # Every printed comment is among those read so far.
    comments_complete: bool = False


class ArticleFields(ArticleSummaryFields):
    """All scalar fields of an article."""

    # Sanitized; links and images absolute. "" when the page withholds the body.
    body_html: Prose = ""
    # Paragraphs separated by a blank line.
    body_text: Prose = ""


class AuthorFields(_Fields):
    """All scalar fields of an author."""

    platform: Text
    url: WebUrl | None = None
    platform_id: Text | None = None
    # The name in the author's address: "jane-doe-4n16on01ig".
    handle: Text | None = None
    name: Text
    # Sanitized.
    bio_html: Text | None = None
    # Paragraphs separated by a blank line.
    bio_text: Text | None = None
    avatar_url: WebUrl | None = None
    location: Text | None = None
    joined_at: UtcDatetime | None = None
    follower_count: Count | None = None
    article_count: Count | None = None


class CommentFields(_Fields):
    """All scalar fields of a comment."""

    # Canonical address of the article; None when the article has none.
    article_url: WebUrl | None = None
    # The platform's id, or one derived by ``crawler.reading.markup.derive_comment_ids``.
    platform_id: Text
    # ``platform_id`` of the comment this one answers; None at the top.
    parent_id: Text | None = None
    # Place among all comments of the article in reading order: from 0, with gaps between pages of comments.
    position: Count = 0
    # None only for a removed comment that no longer says whose it was.
    author_name: Text | None = None
    author_url: WebUrl | None = None
    published_at: UtcDatetime | None = None
    published_text: Text | None = None
    # Sanitized; "" for a removed comment.
    body_html: Prose = ""
    body_text: Prose = ""
    like_count: Count | None = None
    state: CommentState = Field(default="visible", sa_type=AutoString)


def _check_bounds(name: str, at: datetime | None, bounds: Bounds | None) -> None:
    """Hold an instant and its interval to each other."""
    if (at is None) != (bounds is None):
        raise ValueError(f"{name}_at and {name}_bounds come together or not at all")
    if at is not None and bounds is not None and not bounds[0] <= at <= bounds[1]:
        raise ValueError(f"{name}_at lies outside its bounds")


class ArticleRecord(ArticleFields):
    """An article as one page showed it.

    Raises:
        ValidationError: A field breaks its promise; ``build_record`` turns it into a ``RecordError``.
    """

    # Slug of the publication it was crawled for; readers leave it None, the crawl fills it in.
    publication: Text | None = None
    community: Community | None = None
    # In printed order.
    authors: list[AuthorRef] = []
    published_bounds: Bounds | None = None
    modified_bounds: Bounds | None = None
    hero: Image | None = None
    # In printed order, no two alike when case-folded.
    tags: list[Tag] = []
    # "Top Story - October 2023", "AI-Generated", ...
    badges: list[Annotated[Text, _Stripped]] = []
    insights: list[Insight] = []
    # Robots directives of the page, lower case: "noindex", "noarchive", ...
    robots: list[Annotated[Text, _Stripped]] = []
    # Field name -> the rule that gave it: "state", "jsonld", "microdata", "meta", "label", "structure".
    provenance: dict[str, str] = {}

    @model_validator(mode="after")
    def _check_intervals(self) -> Self:
        _check_bounds("published", self.published_at, self.published_bounds)
        _check_bounds("modified", self.modified_at, self.modified_bounds)
        return self


class AuthorRecord(AuthorFields):
    """An author as one page showed them."""

    # Addresses the bio or the page's author block points to, in order, without doubles.
    links: list[Annotated[WebUrl, _Stripped]] = []


class CommentRecord(CommentFields):
    """A reader's reply as one page showed it."""

    published_bounds: Bounds | None = None

    @model_validator(mode="after")
    def _check_intervals(self) -> Self:
        _check_bounds("published", self.published_at, self.published_bounds)
        if self.parent_id == self.platform_id:
            raise ValueError("a comment cannot answer itself")
        return self


RecordType = TypeVar("RecordType", ArticleRecord, AuthorRecord, CommentRecord)


def build_record(record_type: type[RecordType], **fields: Any) -> RecordType:  # noqa: ANN401 - pydantic checks them
    """Make a validated record.

    Args:
        record_type: ``ArticleRecord``, ``AuthorRecord`` or ``CommentRecord``.
        **fields: Its fields by name.

    Raises:
        RecordError: A field breaks its promise; ``.field`` names the first one.
    """
    # What `record_type(**fields)` does, without SQLModel's own constructor, which costs more than all checks.
    blank = object.__new__(record_type)
    try:
        record: RecordType = record_type.__pydantic_validator__.validate_python(fields, self_instance=blank)
        return record
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or record_type.__name__
        raise RecordError(f"{record_type.__name__} refused: {first['msg']}", field=field) from None
