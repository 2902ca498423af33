"""What one structured source says of the article on a page, in one shape for all sources."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from crawler.reading.states import Json
from crawler.reading.structured import Node, Structured, as_count, as_list, as_text, is_article_node, types_of

_AUTHOR_NAMES = (
    "author", "dc.creator", "article:author", "dcterms.creator", "citation_author", "og:article:author",
    "parsely-author", "sailthru.author", "byl", "byline",
)  # fmt: skip
_PUBLISHED_NAMES = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
    "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "citation_publication_date", "publish_date", "publish-date",
    "publishdate", "publication_date", "pubdate", "date", "dc.date", "dcterms.date", "sailthru.date",
)  # fmt: skip
_MODIFIED_NAMES = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified",
    "dc.date.modified", "dcterms.modified", "last-modified",
)  # fmt: skip
"""Names of meta elements, most exact first: of Open Graph, Dublin Core, Highwire, Parse.ly, Sailthru, Cxense,
or by long custom."""
_WRITTEN_BY = frozenset({
    "written by", "verfasst von", "écrit par", "rédigé par", "escrito por", "scritto da", "geschreven door",
})  # fmt: skip
_COMMENT_DATES = ("datePublished", "dateCreated", "commentTime")
_COMMENT_TEXTS = ("text", "description", "commentText")
"""Properties of ``Comment``, and of the older ``UserComments``."""
_NO_NAME = re.compile(r"https?:|www\.|[#@/]", re.IGNORECASE)
"""Beginnings of addresses, of accounts and of what a template left unfilled."""


@dataclass(slots=True)
class CommentClaim:
    """A comment as a structured source tells it.

    Attributes:
        platform_id: The source's own id.
        parent_id: ``platform_id``, or else ``key``, of the comment it answers.
        key: Its place in its source, by which answers name it where it has no id.
        author_name: As told.
        author_url: As told, perhaps relative.
        published: A date as told.
        body: Text or markup as told.
        like_count: How many liked it.
    """

    platform_id: str | None = None
    parent_id: str | None = None
    key: str | None = None
    author_name: str | None = None
    author_url: str | None = None
    published: str | None = None
    body: str | None = None
    like_count: int | None = None


@dataclass(slots=True)
class Claims:
    """What one source says; addresses as they stand, dates as text, nothing checked.

    Attributes:
        source: "state", "jsonld", "microdata" or "meta".
        headline: Title without the site's name.
        dek: Subtitle; never a mere description.
        description: What it says for previews.
        authors: (name, address) in order.
        published: When it first appeared.
        modified: When it last changed.
        body: Its body, text or markup as told.
        image: (address, alt, caption, credit) of the main picture.
        section: (name, address) of the community or section.
        tags: (name, address) in order.
        language: BCP 47.
        url: Its canonical address.
        platform_id: The platform's own id.
        reading_minutes: How long it takes to read.
        comment_count: How many comments it has.
        like_count: How many liked it.
        license: Address or name of a license.
        is_free: False where a wall stands before it.
        comments: In the source's order.
    """

    source: str
    headline: str | None = None
    dek: str | None = None
    description: str | None = None
    authors: list[tuple[str, str | None]] = field(default_factory=list)
    published: str | None = None
    modified: str | None = None
    body: str | None = None
    image: tuple[str, str | None, str | None, str | None] | None = None
    section: tuple[str, str | None] | None = None
    tags: list[tuple[str, str | None]] = field(default_factory=list)
    language: str | None = None
    url: str | None = None
    platform_id: str | None = None
    reading_minutes: int | None = None
    comment_count: int | None = None
    like_count: int | None = None
    license: str | None = None
    is_free: bool | None = None
    comments: list[CommentClaim] = field(default_factory=list)


@dataclass(slots=True)
class PersonClaims:
    """What a source says of a person; addresses as they stand, nothing checked.

    Attributes:
        name: Full name.
        platform_id: The platform's own id.
        bio: Text or markup.
        avatar: Address of a picture.
        links: Addresses that are the person's too.
        location: Where the person lives.
        joined: Since when the person has an account.
        follower_count: How many follow.
        article_count: How many articles the person wrote.
    """

    name: str | None = None
    platform_id: str | None = None
    bio: str | None = None
    avatar: str | None = None
    links: list[str] = field(default_factory=list)
    location: str | None = None
    joined: str | None = None
    follower_count: int | None = None
    article_count: int | None = None


def claims_of_person(structured: Structured) -> PersonClaims | None:
    """Return what JSON-LD or microdata say of the one person a page describes; None where it is none or many.

    A page that describes a person has one that is no article's author, or a ``ProfilePage`` about one.
    """
    for nodes in (structured.jsonld, structured.microdata):
        written = [each for node in nodes if is_article_node(node) for each in as_list(node.get("author"))]
        told = [node.get("mainEntity") for node in nodes if "ProfilePage" in types_of(node)]
        persons = [structured.resolve(each) for each in told]
        persons = [each for each in persons if isinstance(each, dict)] or [
            node for node in nodes if "Person" in types_of(node) and node not in written
        ]
        page = next((node for node in nodes if "ProfilePage" in types_of(node)), {})
        if len(persons) == 1:
            return _to_person(persons[0], page, structured)
    return None


def _to_person(node: Node, page: Node, structured: Structured) -> PersonClaims:
    image = _image(node.get("image"), structured)
    place = node.get("homeLocation") or node.get("address")
    return PersonClaims(
        name=as_text(node.get("name")),
        bio=_raw_text(node.get("description")),
        avatar=image[0] if image else None,
        links=[text for each in as_list(node.get("sameAs")) if (text := _address(each))],
        location=as_text(place) or as_text(_field(place, "addressLocality")),
        joined=as_text(page.get("dateCreated")),
        follower_count=_interactions(node, "FollowAction"),
        article_count=_interactions(node, "WriteAction", "agentInteractionStatistic"),
    )


def claims_of_node(node: Node, source: str, structured: Structured) -> Claims:
    """Return what an article object of JSON-LD or microdata says.

    Args:
        node: As `Structured.article_node` gives it.
        source: "jsonld" or "microdata".
        structured: The page's whole data, to follow references.
    """
    claims = Claims(source)
    claims.headline = as_text(node.get("headline")) or as_text(node.get("name"))
    claims.dek = as_text(node.get("alternativeHeadline"))
    claims.description = as_text(node.get("description"))
    claims.authors = list(_persons(node.get("author") or node.get("creator"), structured))
    claims.published = as_text(node.get("datePublished")) or as_text(node.get("dateCreated"))
    claims.modified = as_text(node.get("dateModified"))
    if source == "jsonld":  # microdata only mark the visible one
        claims.body = _raw_text(node.get("articleBody"))
    claims.image = _image(node.get("image") or node.get("thumbnailUrl"), structured)
    section = as_text(node.get("articleSection"))
    claims.section = (section, None) if section else None
    claims.tags = [(name, None) for name in _keywords(node.get("keywords"))]
    claims.language = as_text(_field(node.get("inLanguage"), "alternateName")) or as_text(
        node.get("inLanguage")
    )
    claims.url = _address(node.get("url")) or _address(node.get("mainEntityOfPage"))
    claims.comment_count = as_count(node.get("commentCount"))
    claims.like_count = _interactions(node, "LikeAction")
    if claims.comment_count is None:
        claims.comment_count = _interactions(node, "CommentAction")
    claims.license = _address(node.get("license")) or as_text(node.get("license"))
    free = as_text(node.get("isAccessibleForFree")) or str(node.get("isAccessibleForFree", ""))
    claims.is_free = {"false": False, "true": True}.get(free.rsplit("/", 1)[-1].lower())
    claims.comments = list(_comments(node.get("comment"), structured, None))
    return claims


def claims_of_meta(structured: Structured) -> Claims:
    """Return what meta elements and OpenGraph say."""
    claims, first = Claims("meta"), structured.first_meta
    claims.headline = first("og:title", "twitter:title", "dc.title", "citation_title")
    claims.description = first("og:description", "description", "twitter:description")
    told = (structured.meta[name] for name in _AUTHOR_NAMES if name in structured.meta)
    named = ([name for name in names if not _NO_NAME.match(name)] for names in told)
    names = next(filter(None, named), None) or _written_by(structured)
    claims.authors = [(name, None) for name in names]
    claims.published = first(*_PUBLISHED_NAMES)
    claims.modified = first(*_MODIFIED_NAMES)
    image = first("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
    claims.image = (image, first("og:image:alt", "twitter:image:alt"), None, None) if image else None
    section = first("article:section")
    claims.section = (section, None) if section else None
    tags = structured.meta.get("article:tag") or _keywords(structured.meta.get("news_keywords"))
    claims.tags = [(name, None) for name in tags]
    locale = first("og:locale", "content-language")
    claims.language = locale.replace("_", "-") if locale else None
    claims.url = first("og:url")
    return claims


def _written_by(structured: Structured) -> list[str]:
    """Return the name under the label "Written by" of a preview, which WordPress says by Yoast's plugin."""
    for number in "12":
        label = structured.first_meta(f"twitter:label{number}")
        if label is not None and label.lower() in _WRITTEN_BY:
            return structured.meta.get(f"twitter:data{number}", [])
    return []


def _persons(value: Json, structured: Structured) -> Iterator[tuple[str, str | None]]:
    for item in as_list(value):
        person = structured.resolve(item)
        if isinstance(person, dict):
            name = as_text(person.get("name"))
            url = _address(person.get("url")) or _address(person.get("sameAs"))
        else:
            name, url = as_text(person), None
        if name and not name.startswith(("http://", "https://")):
            yield name, url


def _image(value: Json, structured: Structured) -> tuple[str, str | None, str | None, str | None] | None:
    for item in as_list(value):
        image = structured.resolve(item)
        url = _address(image) or _address(_field(image, "contentUrl"))
        if url:
            caption = as_text(_field(image, "caption"))
            credit = as_text(_field(image, "creditText"))
            return url, as_text(_field(image, "alternateName")), caption, credit
    return None


def _keywords(value: Json) -> list[str]:
    """Return keywords: a list of names as it is, a single text split at its commas."""
    names = [name for item in as_list(value) if (name := as_text(item))]
    if len(names) == 1:
        names = [name.strip() for name in names[0].split(",")]
    return [name for name in names if name]


def _interactions(node: Node, kind: str, name: str = "interactionStatistic") -> int | None:
    for item in as_list(node.get(name)):
        if isinstance(item, dict):
            action = item.get("interactionType")
            names = types_of(action) if isinstance(action, dict) else [str(action).rsplit("/", 1)[-1]]
            if kind in names:
                return as_count(item.get("userInteractionCount"))
    return None


def _comments(
    value: Json, structured: Structured, parent_id: str | None, *, places: tuple[int, ...] = ()
) -> Iterator[CommentClaim]:
    if len(places) > 50:
        return
    for place, item in enumerate(as_list(value)):
        node = structured.resolve(item)
        if not isinstance(node, dict):
            continue
        author = next(_persons(node.get("author") or node.get("creator"), structured), (None, None))
        own_id = as_text(node.get("identifier")) or as_text(node.get("@id")) or None
        key = own_id or "-".join(str(at) for at in (*places, place))
        above = _field(node.get("parentItem"), "@id") or _field(node.get("parentItem"), "identifier")
        yield CommentClaim(
            platform_id=own_id,
            key=key,
            parent_id=as_text(above) or parent_id,
            author_name=author[0],
            author_url=author[1],
            published=next(filter(None, (as_text(node.get(name)) for name in _COMMENT_DATES)), None),
            body=next(filter(None, (_raw_text(node.get(name)) for name in _COMMENT_TEXTS)), None),
            like_count=as_count(node.get("upvoteCount")),
        )
        yield from _comments(node.get("comment"), structured, key, places=(*places, place))


def _raw_text(value: Json) -> str | None:
    found = next((item for item in as_list(value) if isinstance(item, str)), None)
    return found if found and not found.isspace() else None


def _address(value: Json) -> str | None:
    """Return a property that is an address: a text, or an object with one."""
    for item in as_list(value):
        url = item
        if isinstance(item, dict):
            url = item.get("url") or item.get("@id") or item.get("contentUrl")
        if isinstance(url, str) and url.strip():
            return url.strip()
    return None


def _field(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


def all_claims(structured: Structured, state: Sequence[Claims] = ()) -> list[Claims]:
    """Return what every source says, most trusted first.

    Args:
        structured: The page's data.
        state: What its JSON states say, which only a platform can tell.
    """
    claims = list(state)
    node = structured.article_node()
    if node is not None:
        claims.append(claims_of_node(node[0], node[1], structured))
    claims.append(claims_of_meta(structured))
    return claims
