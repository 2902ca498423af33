"""Describes a story for machines: a Next.js state, or JSON-LD.

The state has the shape that a Keystone server gives to a Next.js page: a
``post`` under ``props.pageProps`` whose body is a tree of nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from crawler.demo.content import Author, Comment, Community, Matter, Story, make_id, tag_slug
from crawler.demo.discussion import count_comments
from crawler.demo.fragment import Element, text_blocks
from crawler.demo.state import PlatformState
from crawler.demo.truth import count_words

Json: TypeAlias = dict[str, Any]

_BLOCK_TYPES = {
    "p": "paragraph",
    "h2": "heading",
    "h3": "heading",
    "pre": "paragraph",
    "blockquote": "blockquote",
    "ul": "unordered-list",
    "ol": "ordered-list",
    "li": "list-item",
    "img": "cloudinaryImage",
    "figcaption": "caption",
}
_MARKS = {"strong": "bold", "b": "bold", "em": "italic", "i": "italic", "u": "underline"}


@dataclass(frozen=True, slots=True)
class StorySheet:
    """A story with all that its description needs."""

    state: PlatformState
    story: Story
    matter: Matter
    author: Author
    community: Community
    # The comments of the displayed page.
    comments: tuple[Comment, ...]
    # The body's elements, and the texts of its paragraphs, headings and items.
    root: Element
    paragraphs: tuple[str, ...]
    # Scheme and host, without a slash at the end.
    base_url: str
    # The parts that may be told; see DemoOptions.exposes.
    exposes: frozenset[str]

    def describe_state(self) -> Json:
        """Return the object inside the page's ``__NEXT_DATA__`` script."""
        post = self._post()
        if "dates" in self.exposes:
            post["publishedAt"] = self._iso(self.story.age)
            updated = self.story.updated
            post["contentUpdatedAt"] = None if updated is None else self._iso(updated)
        if "body" in self.exposes:
            nodes = list(_nodes(self.root))
            post["content"] = {"document": nodes, "__typename": "_Block_Post_content"}
        if "comments" in self.exposes:
            post["comments"] = [self._comment(each) for each in self.comments]
        return {
            "props": {"pageProps": {"post": post, "siteSlug": self.community.slug}, "__N_SSP": True},
            "page": "/[siteSlug]/[postSlug]",
            "query": {"siteSlug": self.community.slug, "postSlug": self.story.slug},
            "buildId": make_id("build", self.state.content.name)[:21],
            "isFallback": False,
            "gssp": True,
            "scriptLoader": [],
        }

    def describe_jsonld(self) -> Json:
        """Return the schema.org description of the story."""
        story = self.story
        described: Json = {
            "@context": "https://schema.org",
            "@type": "Article",
            "headline": story.headline,
            "url": self.base_url + story.path,
            "mainEntityOfPage": self.base_url + story.path,
            "author": {
                "@type": "Person",
                "name": self.author.name,
                "url": self.base_url + self.author.path,
            },
            "publisher": {"@type": "Organization", "name": self.state.content.name},
            "articleSection": self.community.name,
            "keywords": list(story.tags),
            "commentCount": count_comments(self.matter.comments),
            "inLanguage": "en",
        }
        if story.dek is not None:
            described["description"] = story.dek
        if story.hero is not None:
            described["image"] = self.base_url + image_path(story.hero.image)
        if "dates" in self.exposes:
            described["datePublished"] = self._iso(story.age)
            if story.updated is not None:
                described["dateModified"] = self._iso(story.updated)
        if "body" in self.exposes:
            described["articleBody"] = "\n\n".join(self.paragraphs)
        return described

    def _post(self) -> Json:
        """Return what every state tells of the story."""
        story = self.story
        paragraphs = self.paragraphs
        hero = story.hero
        return {
            "__typename": "Post",
            "id": story.id,
            "name": story.headline,
            "slug": story.slug,
            "subtitle": story.dek,
            "summary": paragraphs[0][:200] if paragraphs else "",
            "mediaType": "ARTICLE",
            "wordCount": count_words(paragraphs),
            "author": {
                "__typename": "User",
                "id": self.author.id,
                "name": self.author.name,
                "slug": self.author.slug,
            },
            "tags": [
                {"__typename": "Tag", "id": make_id("tag", tag), "name": tag, "slug": tag_slug(tag)}
                for tag in story.tags
            ],
            "vocalSite": {
                "__typename": "Site",
                "id": self.community.id,
                "slug": self.community.slug,
                "name": self.community.name,
            },
            "heroImage": None if hero is None else {"large": self.base_url + image_path(hero.image)},
            "heroImageAltText": None if hero is None else hero.alt,
            "heroImageCaption": None if hero is None else hero.caption,
            "badges": list(story.badges),
            "likesCount": story.likes,
            "commentsCount": count_comments(self.matter.comments),
        }

    def _comment(self, comment: Comment) -> Json:
        """Return a comment with its replies."""
        member = self.state.author(comment.author)
        described: Json = {"__typename": "Comment", "id": comment.id, "isRemoved": comment.is_removed}
        if not comment.is_removed:
            described["content"] = "\n".join(text_blocks(comment.body_html))
            described["likesCount"] = comment.likes
            described["author"] = (
                {"id": None, "name": comment.name, "slug": None}
                if member is None
                else {"id": member.id, "name": member.name, "slug": member.slug}
            )
        if "dates" in self.exposes:
            described["createdAt"] = self._iso(comment.age)
        described["replies"] = [self._comment(reply) for reply in comment.replies]
        return described

    def _iso(self, age: timedelta) -> str:
        """Return an age's moment as the server writes it, to the millisecond."""
        moment = self.state.time_of(age)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def image_path(name: str, *, width: int = 1024) -> str:
    """Return the address of a generated picture.

    Example:
        >>> image_path("tide-table", width=720)
        '/media/f_svg,q_auto,w_720/tide-table.svg'
    """
    return f"/media/f_svg,q_auto,w_{width}/{name}.svg"


def _nodes(element: Element) -> Iterator[Json]:
    """Yield the nodes of the blocks below an element."""
    for child in element.children:
        if isinstance(child, str):
            if child.strip():
                yield from _leaves([child])
        elif child.tag == "noscript":
            continue
        elif child.tag == "aside":
            links = [each.attributes["href"] for each in _descendants(child) if each.tag == "a"]
            yield {"object": "block", "type": "oEmbed", "data": {"url": links[0] if links else None}}
        elif child.tag in _BLOCK_TYPES:
            yield _block(child)
        else:
            yield from _nodes(child)


def _block(element: Element) -> Json:
    """Return the node of one block."""
    node: Json = {"object": "block", "type": _BLOCK_TYPES[element.tag]}
    if element.tag == "img":
        source = element.attributes.get("data-src") or element.attributes.get("src")
        node["data"] = {"publicUrl": source, "alt": element.attributes.get("alt", "")}
        return node
    holds_blocks = any(isinstance(child, Element) and child.tag in _BLOCK_TYPES for child in element.children)
    node["nodes"] = list(_nodes(element) if holds_blocks else _leaves(element.children))
    return node


def _leaves(children: Iterable[Element | str], marks: tuple[str, ...] = ()) -> Iterator[Json]:
    """Yield texts with their marks, and links around them."""
    for child in children:
        if isinstance(child, str):
            yield {"object": "text", "text": child, "marks": [{"type": mark} for mark in marks]}
        elif child.tag == "br":
            yield {"object": "text", "text": "\n", "marks": []}
        elif child.tag == "a":
            yield {
                "object": "inline",
                "type": "link",
                "data": {"href": child.attributes.get("href")},
                "nodes": list(_leaves(child.children, marks)),
            }
        else:
            mark = _MARKS.get(child.tag)
            yield from _leaves(child.children, marks if mark is None else (*marks, mark))


def _descendants(element: Element) -> Iterator[Element]:
    """Yield all elements below an element."""
    for child in element.children:
        if isinstance(child, Element):
            yield child
            yield from _descendants(child)
