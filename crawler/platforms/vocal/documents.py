"""The platform's editor document (Slate, older and newer form) as HTML."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from crawler.reading.states import parse_json, walk_objects

_MARKS = {"bold": "strong", "italic": "em", "underline": "u", "strikethrough": "s", "code": "code"}
_LISTS = {
    "unordered-list": "ul", "bulleted-list": "ul", "bulletedlist": "ul", "ul": "ul", "unorderedlist": "ul",
    "ordered-list": "ol", "numbered-list": "ol", "numberedlist": "ol", "ol": "ol", "orderedlist": "ol",
}  # fmt: skip
_QUOTES = frozenset({"blockquote", "block-quote", "quote"})
_IMAGES = frozenset({"cloudinaryimage", "unsplashimage", "image", "img", "picture", "figure"})
_EMBEDS = frozenset({"oembed", "embed", "video"})
_HEADINGS = {"one": 2, "two": 3, "three": 4, "four": 5, "five": 6, "six": 6}
_MAX_DEPTH = 40
_TAG = re.compile(r"<[^>]*>")

Node = Mapping[str, Any]


def document_html(content: object) -> str | None:
    """Return the HTML of a post's content; None when there is nothing to show.

    Args:
        content: A document, its JSON text, a list of nodes, an object with one of these under "document", or
            HTML as text.

    Source:
        Slate's value model before and after version 0.50; the node types are those of the platform's editor.

    Example:
        >>> node = {"type": "paragraph", "nodes": [{"text": "A & b"}]}
        >>> document_html({"document": {"nodes": [node]}})
        '<p>A &amp; b</p>'
    """
    media = content if isinstance(content, Mapping) else {}
    nodes = _nodes_of(content, 0)
    if nodes is None:
        is_html = isinstance(content, str) and "<" in content and ">" in content
        return str(content) if is_html else None
    return "".join(_block(node, media, 0) for node in nodes if isinstance(node, Mapping)) or None


def document_length(content: object) -> int:
    """Return how many characters of text `document_html` would show; entities count as they are written.

    Example:
        >>> [document_length(content) for content in ([{"type": "paragraph", "text": "A & b"}], "<p>Ab</p>")]
        [5, 2]
    """
    nodes = _nodes_of(content, 0)
    if nodes is None:
        return len(_TAG.sub("", content)) if isinstance(content, str) and document_html(content) else 0
    texts = (found.get("text") for found, _ in walk_objects(nodes))
    return sum(len(text) for text in texts if isinstance(text, str))


def _nodes_of(content: object, depth: int) -> Sequence[object] | None:
    """Return the top nodes of whatever holds a document."""
    if depth > 6:
        return None
    if isinstance(content, str):
        parsed = parse_json(content) if content.lstrip()[:1] in ("{", "[") and content.strip() else None
        return _nodes_of(parsed, depth + 1) if parsed is not None else None
    if isinstance(content, Sequence):
        return content if any(isinstance(item, Mapping) and _is_node(item) for item in content) else None
    if isinstance(content, Mapping):
        for name in ("document", "nodes", "children", "content", "value", "blocks", "raw"):
            found = _nodes_of(content[name], depth + 1) if name in content else None
            if found is not None:
                return found
    return None


def _is_node(item: Node) -> bool:
    return "type" in item or "text" in item or "leaves" in item or "children" in item or "nodes" in item


def _block(node: Node, media: Node, depth: int) -> str:
    kind = str(node.get("type") or "").lower()
    if depth > _MAX_DEPTH:
        return ""
    if kind in _IMAGES:
        return _image(node, media, depth)
    if kind in _EMBEDS:
        return _embed(node, media)
    if kind in _LISTS:
        items = "".join(f"<li>{_item(child, media, depth + 1)}</li>" for child in _children(node))
        return f"<{_LISTS[kind]}>{items}</{_LISTS[kind]}>"
    if kind in _QUOTES:
        return f"<blockquote>{_item(node, media, depth)}</blockquote>"
    if kind in ("divider", "hr", "thematic-break", "horizontal-rule"):
        return "<hr>"
    if any(_is_block(child) for child in _children(node)):
        return "".join(_block(child, media, depth + 1) for child in _children(node))
    text = _inlines(node, depth)
    if not text.strip():
        return ""
    level = _heading_level(kind, node)
    return f"<h{level}>{text}</h{level}>" if level else f"<p>{text}</p>"


def _item(node: Node, media: Node, depth: int) -> str:
    """Return what stands inside a list's item or a quote: blocks, or inline text."""
    children = _children(node)
    if any(_is_block(child) for child in children):
        if len(children) == 1 and str(children[0].get("type") or "").lower() == "paragraph":
            return _inlines(children[0], depth + 1)
        return "".join(_block(child, media, depth + 1) for child in children)
    return _inlines(node, depth)


def _is_block(node: Node) -> bool:
    kind = str(node.get("type") or "").lower()
    if node.get("object") in ("inline", "text") or not kind:
        return False
    return node.get("object") == "block" or kind not in ("link", "a", "mention", "hashtag", "text", "emoji")


def _heading_level(kind: str, node: Node) -> int:
    if not kind.startswith(("heading", "header")) and kind not in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return 0
    level = _data(node).get("level") or node.get("level")
    if isinstance(level, int) and 0 < level < 7:
        return max(2, level)
    if kind[0] == "h" and kind[1:].isdigit():
        return max(2, int(kind[1:]))
    return _HEADINGS.get(kind.rpartition("-")[2], 2)


def _inlines(node: Node, depth: int) -> str:
    """Return the text of a node with its links and marks."""
    if depth > _MAX_DEPTH:
        return ""
    pieces = [_leaf(leaf) for leaf in node.get("leaves") or () if isinstance(leaf, Mapping)]
    if isinstance(node.get("text"), str) and not pieces:
        return _leaf(node)
    for child in _children(node):
        kind = str(child.get("type") or "").lower()
        inner = _inlines(child, depth + 1)
        href = _data(child).get("href") or child.get("url") or child.get("href") or _data(child).get("url")
        is_link = kind in ("link", "a") and isinstance(href, str)
        pieces.append(f'<a href="{escape(str(href))}">{inner}</a>' if is_link else inner)
    return "".join(pieces)


def _leaf(leaf: Node) -> str:
    text = escape(str(leaf.get("text") or ""), quote=False).replace("\n", "<br>")
    if not text.strip():
        return text
    marks = [str(mark.get("type")) for mark in leaf.get("marks") or () if isinstance(mark, Mapping)]
    marks += [name for name in _MARKS if leaf.get(name) is True]
    for name in dict.fromkeys(marks):
        if name in _MARKS:
            text = f"<{_MARKS[name]}>{text}</{_MARKS[name]}>"
    return text


def _image(node: Node, media: Node, depth: int) -> str:
    data = _data(node)
    joined = _joined(data, media)
    url = next((found for source in (data, joined, node) if (found := _image_address(source))), None)
    captions = [child for child in _children(node) if "caption" in str(child.get("type") or "").lower()]
    caption = "".join(_inlines(child, depth + 1) for child in captions)
    if not caption:
        told = data.get("caption") or node.get("caption") or joined.get("caption")
        caption = escape(told, quote=False) if isinstance(told, str) else ""
    alt = data.get("alt") or data.get("altText") or node.get("alt") or joined.get("altText") or ""
    if url is None:
        return f"<p>{caption}</p>" if caption.strip() else ""
    figcaption = f"<figcaption>{caption}</figcaption>" if caption.strip() else ""
    return f'<figure><img src="{escape(url)}" alt="{escape(str(alt))}">{figcaption}</figure>'


def _embed(node: Node, media: Node) -> str:
    data = _data(node)
    for source in (data, _joined(data, media), node):
        url = source.get("url") or source.get("originalUrl") or source.get("href") or source.get("src")
        if isinstance(url, str) and url.startswith(("http://", "https://")):
            title = source.get("title") or _data(source).get("title") or url
            return f'<p><a href="{escape(url)}">{escape(str(title), quote=False)}</a></p>'
    return ""


def _joined(data: Node, media: Node) -> Node:
    """Return the record of the post's media that a node names by id."""
    ids = data.get("_joinIds") or data.get("joinIds") or [data.get("id")]
    wanted = {str(found) for found in (ids if isinstance(ids, list) else [ids]) if found}
    for name in ("cloudinaryImages", "unsplashImages", "images", "heroImages", "oEmbeds"):
        for record in media.get(name) or ():
            if isinstance(record, Mapping) and str(record.get("id")) in wanted:
                return record
    return {}


def _image_address(source: Node) -> str | None:
    for name in ("publicUrl", "publicUrlTransformed", "large", "url", "src", "original", "secure_url", "id"):
        value = source.get(name)
        if isinstance(value, str) and value.startswith(("http://", "https://", "//")):
            return value
    image = source.get("image") or source.get("file")
    return _image_address(image) if isinstance(image, Mapping) else None


def image_address(source: object) -> str | None:
    """Return the address in a record of a picture, or the text that is one.

    Example:
        >>> image_address({"large": "https://a.example/b.jpg"}), image_address("https://a.example/b.jpg")
        ('https://a.example/b.jpg', 'https://a.example/b.jpg')
    """
    if isinstance(source, str):
        return source if source.startswith(("http://", "https://", "//")) else None
    return _image_address(source) if isinstance(source, Mapping) else None


def _children(node: Node) -> list[Node]:
    children = node.get("nodes") or node.get("children") or ()
    return (
        [child for child in children if isinstance(child, Mapping)] if isinstance(children, Sequence) else []
    )


def _data(node: Node) -> Node:
    data = node.get("data")
    return data if isinstance(data, Mapping) else {}
