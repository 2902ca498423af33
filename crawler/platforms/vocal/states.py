"""The post in a page's JSON state: ``__NEXT_DATA__``, a normalized store, or any other script of JSON."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple
from functools import partial
from typing import Any

from crawler.platforms.vocal.documents import document_html, document_length, image_address
from crawler.reading.claims import Claims, CommentClaim, PersonClaims
from crawler.reading.states import Json, resolve_reference, walk_objects
from crawler.reading.structured import as_count, as_text

_TITLES = ("name", "title", "headline")
_TITLE_NAMES = frozenset(_TITLES)
_BODIES = ("content", "body", "document", "contentDocument", "bodyHtml", "html", "contentHtml", "blocks")
_PUBLISHED = ("publishedAt", "published_at", "firstPublishedAt", "datePublished", "publishDate", "createdAt")
_EXACTLY_PUBLISHED = _PUBLISHED[:-1]
_MODIFIED = ("contentUpdatedAt", "content_updated_at", "dateModified", "modifiedAt", "editedAt")
_SITES = ("vocalSite", "site", "community", "publication", "section", "category")
_LINKS = (
    "website", "websiteUrl", "websiteURL", "twitter", "twitterUrl", "facebook", "facebookUrl", "instagram",
    "instagramUrl", "linkedin", "linkedinUrl", "youtube", "youtubeUrl", "tiktok",
)  # fmt: skip
_AUTHORS = ("author", "authors", "user", "creator", "byline")
_STORE_ROOT = "ROOT_QUERY"
"""In the object that holds a normalized store (Apollo)."""

Post = Mapping[str, Any]


def find_post(states: Sequence[Json], slug: str | None) -> tuple[Post, Callable[[Json], Json]] | None:
    """Return the object that is the page's story, and what follows its references.

    Args:
        states: Values of the page's scripts.
        slug: The story's name in its address, which tells it from the stories teased beside it.
    """
    best: Post | None = None
    best_score, store = 0.0, None
    for state in states:
        root: Json = None
        is_best = False
        for found, depth in walk_objects(state, into_text=False):
            if root is None and _STORE_ROOT in found:
                root = found
            score = 0 if _TITLE_NAMES.isdisjoint(found) else _score(found, slug)
            if score and (best is None or score - depth / 100 > best_score):
                best, best_score, is_best = found, score - depth / 100, True
        if is_best:
            store = root or state
    return (best, partial(resolve_reference, state=store)) if best is not None else None


def _score(found: Mapping[str, Json], slug: str | None) -> float:
    """Return how much an object looks like the page's post; 0 for none at all."""
    title = next((found[name] for name in _TITLES if isinstance(found.get(name), str)), None)
    if not title:
        return 0
    has_body = _has_any(found, _BODIES)
    has_date = _has_any(found, _EXACTLY_PUBLISHED)
    if not has_body and not has_date:
        return 0
    has_author = _has_any(found, _AUTHORS)
    if not (has_date and (has_author or has_body or "slug" in found)) and not (has_body and has_author):
        return 0
    is_named = slug is not None and found.get("slug") == slug
    is_other = slug is not None and isinstance(found.get("slug"), str) and found["slug"] != slug
    return 1 + 3 * has_body + has_date + has_author + 5 * is_named - 2 * is_other


def _has_any(found: Mapping[str, Json], names: Sequence[str]) -> bool:
    """Tell whether an object says something under one of these names; a plain loop, as all are asked."""
    for name in names:  # noqa: SIM110 - a generator for each costs more than the look
        if found.get(name):
            return True
    return False


def title_of(post: Post) -> str | None:
    """Return a post's headline, as told."""
    return _text(post, _TITLES)


def claims_of_post(post: Post, resolve: Callable[[Json], Json]) -> Claims:
    """Return what a post says; addresses of authors and tags are made from their slugs."""
    claims = Claims("state")
    claims.headline = _text(post, _TITLES)
    claims.dek = _text(post, ("subtitle", "dek", "standfirst", "subTitle", "sub_title"))
    claims.description = _text(post, ("summary", "description", "excerpt"))
    claims.published, claims.modified = _text(post, _PUBLISHED), _text(post, _MODIFIED)
    claims.authors = list(_authors(post, resolve))
    site = next((found for name in _SITES if (found := resolve(post.get(name)))), None)
    site_slug = site.get("slug") if isinstance(site, dict) else None
    site_name = _text(site, ("name", "title")) if isinstance(site, dict) else as_text(site)
    if site_name or site_slug:
        claims.section = (site_name or str(site_slug), f"/{site_slug}" if site_slug else None)
    claims.tags = list(_tags(post.get("tags"), resolve, site_slug))
    claims.image = _hero(post, resolve)
    claims.platform_id = _text(post, ("id", "_id", "postId"))
    claims.reading_minutes = _count(
        post, ("readingTime", "readTime", "reading_time", "minutesToRead", "timeToRead")
    )
    claims.like_count = _count(post, ("likeCount", "likesCount", "likes_count", "likes", "heartCount"))
    claims.comment_count = _count(post, ("commentCount", "commentsCount", "comments_count", "totalComments"))
    claims.language = _text(post, ("language", "locale", "lang"))
    claims.comments = list(_comments(post.get("comments"), resolve, None, 0))
    return claims


def comments_beside(
    states: Sequence[Json], post: Post, resolve: Callable[[Json], Json]
) -> Iterator[CommentClaim]:
    """Yield the comments that stand not in the post but beside it, in the object that holds both."""
    for state in states:
        for found, _ in walk_objects(state, into_text=False):
            if "comments" in found and any(value is post for value in found.values()):
                yield from _comments(found["comments"], resolve, None, 0)
                return


def body_of_post(post: Post, resolve: Callable[[Json], Json]) -> str | None:
    """Return a post's body as markup; None when it has none."""
    return document_html(_resolved_content(_content_of(post, resolve), resolve))


def body_length(post: Post, resolve: Callable[[Json], Json]) -> int:
    """Return how many characters of text a post's body has, give or take its entities; 0 without one."""
    return document_length(_content_of(post, resolve))


def _content_of(post: Post, resolve: Callable[[Json], Json]) -> Json:
    return resolve(next((post[name] for name in _BODIES if post.get(name)), None))


def author_bio(post: Post, resolve: Callable[[Json], Json]) -> tuple[str | None, str | None]:
    """Return (bio, address of the avatar) of a post's first author, as told."""
    for name in _AUTHORS:
        author = resolve(post.get(name))
        if isinstance(author, dict):
            return _bio_and_avatar(author, resolve)
    return None, None


def _bio_and_avatar(
    author: Mapping[str, Json], resolve: Callable[[Json], Json]
) -> tuple[str | None, str | None]:
    pictures = (resolve(author.get(name)) for name in ("avatar", "photo", "image", "profileImage"))
    avatar = next((found for picture in pictures if (found := image_address(picture))), None)
    return _text(author, ("bio", "biography", "description", "about")), avatar


def find_posts(states: Sequence[Json]) -> Iterator[tuple[Post, Callable[[Json], Json]]]:
    """Yield every object of a list page's states that is a story with an address, in their order."""
    for state in states:
        resolve = _resolver_of(state)
        for found, _ in walk_objects(state, into_text=False):
            if isinstance(found.get("slug"), str) and _score(found, None):
                yield found, resolve


def post_address(post: Post, resolve: Callable[[Json], Json]) -> str | None:
    """Return the address of a post as its slug and its community's make it; None without one of them."""
    site = next((found for name in _SITES if (found := resolve(post.get(name)))), None)
    site_slug = site.get("slug") if isinstance(site, dict) else None
    return f"/{site_slug}/{post['slug']}" if isinstance(site_slug, str) and post.get("slug") else None


def find_person(states: Sequence[Json], handle: str | None) -> PersonClaims | None:
    """Return what a page's states say of the person with that name in the address."""
    if handle is None:
        return None
    best: PersonClaims | None = None
    n_best = 0
    for state in states:
        resolve = _resolver_of(state)
        for found, _ in walk_objects(state, into_text=False):
            if (
                found.get("slug") == handle
                or found.get("handle") == handle
                or found.get("username") == handle
            ):
                claims = _to_person(found, resolve)
                n_told = sum(value not in (None, []) for value in astuple(claims))
                if claims.name and n_told > n_best:
                    best, n_best = claims, n_told
    return best


def _to_person(user: Mapping[str, Json], resolve: Callable[[Json], Json]) -> PersonClaims:
    bio, avatar = _bio_and_avatar(user, resolve)
    told = (user.get(name) for name in _LINKS)
    links = [text for text in told if isinstance(text, str) and text.startswith(("http://", "https://"))]
    listed = user.get("links") or user.get("socialLinks")
    for item in listed if isinstance(listed, list) else []:
        text = item.get("url") if isinstance(item, dict) else item
        if isinstance(text, str) and text.startswith(("http://", "https://")):
            links.append(text)
    return PersonClaims(
        name=_text(user, ("name", "displayName", "fullName")),
        platform_id=_text(user, ("id", "_id")),
        bio=bio,
        avatar=avatar,
        links=links,
        location=_text(user, ("location",)),
        joined=_text(user, ("joinedAt", "createdAt", "memberSince")),
        follower_count=_count(user, ("followerCount", "followersCount", "subscriberCount", "followers")),
        article_count=_count(user, ("postCount", "postsCount", "storyCount", "storiesCount", "articleCount")),
    )


def _resolver_of(state: Json) -> Callable[[Json], Json]:
    """Return what follows references into the normalized store that a state holds, if it holds one."""
    objects = walk_objects(state, into_text=False)
    store = next((found for found, _ in objects if _STORE_ROOT in found), state)
    return partial(resolve_reference, state=store)


def _text(found: Mapping[str, Json], names: Sequence[str]) -> str | None:
    for name in names:
        value = found.get(name)
        if value is not None and (text := as_text(value)):
            return text
    return None


def _count(found: Mapping[str, Json], names: Sequence[str]) -> int | None:
    for name in names:
        value = found.get(name)
        if value is not None and (count := as_count(value)) is not None:
            return count
    return None


def _authors(post: Post, resolve: Callable[[Json], Json]) -> Iterator[tuple[str, str | None]]:
    for name in _AUTHORS:
        told = post.get(name)
        for item in told if isinstance(told, list) else [told]:
            author = resolve(item)
            if isinstance(author, dict):
                full = _text(author, ("name", "displayName", "fullName", "username"))
                url = _text(author, ("url", "profileUrl"))
                slug = author.get("slug") or author.get("handle")
                if full:
                    yield full, url or (f"/authors/{slug}" if isinstance(slug, str) else None)
            elif isinstance(author, str) and name != "byline" and author.strip():
                yield author.strip(), None
        if any(post.get(other) for other in _AUTHORS[: _AUTHORS.index(name) + 1]):
            return


def _tags(tags: Json, resolve: Callable[[Json], Json], site_slug: Json) -> Iterator[tuple[str, str | None]]:
    for item in tags if isinstance(tags, list) else []:
        tag = resolve(item)
        if isinstance(tag, dict):
            name, slug = _text(tag, ("name", "title", "label")), tag.get("slug")
            if name:
                has_page = isinstance(slug, str) and isinstance(site_slug, str)
                yield name, f"/{site_slug}/tag/{slug}" if has_page else None
        elif isinstance(tag, str) and tag.strip():
            yield tag.strip(), None


def _hero(
    post: Post, resolve: Callable[[Json], Json]
) -> tuple[str, str | None, str | None, str | None] | None:
    alt = _text(post, ("heroImageAltText", "heroImageAlt", "imageAlt"))
    caption = _text(post, ("heroImageCaption", "heroCaption", "imageCaption"))
    for name in ("heroImage", "heroUnsplashImage", "coverImage", "image", "featuredImage", "hero"):
        image = resolve(post.get(name))
        url = image_address(image)
        if url:
            user = resolve(image.get("user")) if isinstance(image, dict) else None
            credit = _text(user, ("name",)) if isinstance(user, dict) else None
            inner = image if isinstance(image, dict) else {}
            return url, alt or _text(inner, ("alt", "altText")), caption or _text(inner, ("caption",)), credit
    return None


def _resolved_content(content: Json, resolve: Callable[[Json], Json]) -> Json:
    """Return content whose lists of media hold the records and not references to them."""
    if not isinstance(content, dict):
        return content
    return {
        name: [resolve(item) for item in value] if isinstance(value, list) and name != "nodes" else value
        for name, value in content.items()
    }


_PARENTS = ("parent", "replyTo", "inReplyTo", "parentComment")
"""Fields of a comment that hold the one it answers, or its id."""


def _comments(
    comments: Json, resolve: Callable[[Json], Json], parent_id: str | None, depth: int
) -> Iterator[CommentClaim]:
    listed = resolve(comments)
    if isinstance(listed, dict):
        listed = resolve(listed.get("items") or listed.get("nodes") or listed.get("edges"))
    if depth > 50 or not isinstance(listed, list):
        return
    for item in listed:
        comment = resolve(item)
        if isinstance(comment, dict) and "node" in comment:
            comment = resolve(comment["node"])
        if not isinstance(comment, dict):
            continue
        name, href = next(_authors(comment, resolve), (None, None))
        told = next(
            (comment[key] for key in ("body", "content", "text", "message") if comment.get(key)), None
        )
        own_id = _text(comment, ("id", "_id"))
        above_id = _text(comment, ("parentId", "parent_id", *_PARENTS))
        if above_id is None:
            above = next(
                (found for key in _PARENTS if isinstance(found := resolve(comment.get(key)), dict)), {}
            )
            above_id = _text(above, ("id", "_id"))
        yield CommentClaim(
            platform_id=own_id,
            parent_id=above_id or parent_id,
            author_name=name,
            author_url=href,
            published=_text(comment, ("createdAt", "publishedAt", "created_at", "date")),
            body=document_html(told) or (told if isinstance(told, str) else None),
            like_count=_count(comment, ("likeCount", "likesCount", "likes")),
        )
        yield from _comments(comment.get("replies") or comment.get("children"), resolve, own_id, depth + 1)
