"""What a page says of itself for machines: JSON-LD, microdata, meta elements and JSON states.

Microdata is read into the same shape as JSON-LD, so that one reader serves both.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any, cast

from lxml import etree

from crawler.reading.indexed import ENQUEUED, is_indexed, parse_enqueued, unfold_indexed
from crawler.reading.outline import text_of
from crawler.reading.states import Json, parse_flight, parse_json, parse_script, walk_objects

Node = dict[str, Any]
"""An object of JSON-LD or microdata: "@type" and properties by their schema.org names."""

ARTICLE_TYPES = frozenset(
    {
        "Article", "AdvertiserContentArticle", "AnalysisNewsArticle", "BackgroundNewsArticle",
        "BlogPosting", "CreativeWork", "DiscussionForumPosting", "LiveBlogPosting", "NewsArticle",
        "OpinionNewsArticle", "Poem", "Report", "ReportageNewsArticle", "ReviewNewsArticle",
        "SatiricalArticle", "ScholarlyArticle", "ShortStory", "SocialMediaPosting", "TechArticle",
    }
)  # fmt: skip
_STATE_TYPES = frozenset({"application/json", "application/vnd.api+json", "text/json"})
_SCRIPT_TYPES = frozenset({"", "text/javascript", "application/javascript", "module"})
_STATE_HINTS = (
    '"title"',
    '"headline"',
    '"publishedAt"',
    '\\"title\\"',
    '\\"headline\\"',
    '\\"publishedAt\\"',
)
_FLIGHT_MARK = "__next_f"
"""In each script that carries a piece of a React payload."""
_META_TAGS = ("html", "title", "meta", "link", "script", "base")


@dataclass(slots=True)
class Structured:
    """What a page says of itself.

    Attributes:
        jsonld: All JSON-LD objects that have a type, outermost first.
        microdata: All items of the page, outermost first.
        meta: Property or name in lower case -> its contents in page order, none empty.
        links: ``rel`` in lower case -> (``href``, ``type``) as they stand.
        states: Values of JSON scripts and of scripts that assign one.
        state_size: Characters of these scripts, or more.
        title: ``<title>`` with single blanks.
        language: ``lang`` of the root element.
        base: ``href`` of ``<base>`` as it stands.
    """

    jsonld: list[Node] = field(default_factory=list)
    microdata: list[Node] = field(default_factory=list)
    meta: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    states: list[Json] = field(default_factory=list)
    state_size: int = 0
    title: str | None = None
    language: str | None = None
    base: str | None = None

    def first_meta(self, *names: str) -> str | None:
        """Return the first content of the first of these names that the page has."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    def resolve(self, value: Json) -> Json:
        """Return the JSON-LD object that ``{"@id": ...}`` alone points to; any other value as it is."""
        if (
            isinstance(value, dict)
            and "@id" in value
            and len(value) <= 2
            and not {"name", "url"} & value.keys()
        ):
            same = (
                node for node in self.jsonld if node.get("@id") == value["@id"] and len(node) > len(value)
            )
            return next(same, value)
        return value

    def article_node(self) -> tuple[Node, str] | None:
        """Return the object that describes the page's article, and "jsonld" or "microdata"."""
        for nodes, source in ((self.jsonld, "jsonld"), (self.microdata, "microdata")):
            lists = [node["itemListElement"] for node in nodes if "itemListElement" in node]
            listed = {id(node) for node, _ in walk_objects(lists)} if lists else ()
            articles = [node for node in nodes if is_article_node(node) and id(node) not in listed]
            main = [node for node in articles if "articleBody" in node or "datePublished" in node]
            if len(articles) > 1:
                main = [node for node in articles if self._is_of_page(node)] or main
            if articles:
                return (main or articles)[0], source
        return None

    def _is_of_page(self, node: Node) -> bool:
        """Tell the page's own article from others it teases: by its address, else by the page's title."""
        own = {href for href, _ in self.links.get("canonical", ())} | set(self.meta.get("og:url", ()))
        told = [*as_list(node.get("url")), *as_list(node.get("mainEntityOfPage")), node.get("@id")]
        addresses = [each.get("@id") if isinstance(each, dict) else each for each in told]
        if any(isinstance(address, str) and address in own for address in addresses):
            return True
        headline = as_text(node.get("headline")) or as_text(node.get("name")) or ""
        titles = (self.first_meta("og:title") or "", self.title or "")
        return len(headline) > 3 and any(title.startswith(headline) for title in titles)


def is_article_node(node: Node) -> bool:
    """Tell whether an object of JSON-LD or microdata is an article with a headline of its own."""
    return bool(ARTICLE_TYPES.intersection(types_of(node))) and bool(node.get("headline") or node.get("name"))


def types_of(node: Node) -> list[str]:
    """Return the schema.org names of an object's types without their address."""
    types = node.get("@type", [])
    return [
        str(name).rstrip("/").rsplit("/", 1)[-1] for name in (types if isinstance(types, list) else [types])
    ]


def as_list(value: Json) -> list[Json]:
    """Return a property as a list: [] for None, its items for a list, else the one value."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_text(value: Json) -> str | None:
    """Return a property as text with single blanks; None when it is no text or an empty one.

    Many sites write HTML's escapes into their JSON-LD, where nothing undoes them.

    Example:
        >>> as_text({"@value": " A &amp;  b "}), as_text([None, "c"]), as_text(3), as_text({})
        ('A & b', 'c', '3', None)
    """
    if type(value) is str:
        return " ".join((unescape(value) if "&" in value else value).split()) or None
    for found in as_list(value):
        item = found.get("@value", found.get("name")) if isinstance(found, dict) else found
        if isinstance(item, (str, int, float)) and not isinstance(item, bool):
            text = " ".join(unescape(str(item)).split())
            if text:
                return text
    return None


def as_count(value: Json) -> int | None:
    """Return a property as a count; None unless it is a whole number from 0 on.

    Example:
        >>> as_count("1,024"), as_count(3), as_count(-1), as_count("many")
        (1024, 3, None, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if 0 <= value < 2**31 else None
    if isinstance(value, str):
        digits = value.strip().replace(",", "")
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None
    return None


def read_structured(root: etree._Element | None, *, has_microdata: bool = True) -> Structured:
    """Return what a page says of itself; nothing of it is believed here.

    Args:
        root: The page's tree, or None for no page.
        has_microdata: False where the page's source is known to hold no item, which spares the search.
    """
    found = Structured()
    if root is None:
        return found
    flight: list[str] = []
    for element in root.iter(*_META_TAGS):
        tag = element.tag
        if tag == "meta":
            _add_meta(found, element)
        elif tag == "script":
            _add_script(found, element, flight)
        elif tag == "link":
            for rel in (element.get("rel") or "").lower().split():
                found.links.setdefault(rel, []).append((element.get("href", ""), element.get("type", "")))
        else:
            _add_head(found, element)
    if any(hint in text for hint in _STATE_HINTS for text in flight):
        found.states.extend(parse_flight(flight))
    if has_microdata:
        found.microdata = list(_read_microdata(root))
    return found


def _add_head(found: Structured, element: etree._Element) -> None:
    if element.tag == "html":
        found.language = element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang")
    elif element.tag == "base":
        found.base = found.base or element.get("href")
    elif found.title is None:
        parent = element.getparent()
        if parent is not None and parent.tag in ("head", "html", "body"):  # a drawing has titles too
            found.title = text_of(element) or None


def _add_meta(found: Structured, element: etree._Element) -> None:
    name = element.get("property") or element.get("name") or _loose_property(element)
    content = element.get("content")
    if name and content and not content.isspace():
        found.meta.setdefault(name.lower(), []).append(" ".join(content.split()))


def _loose_property(element: etree._Element) -> str | None:
    """Return the microdata name of a meta element that belongs to no item, and so to the page."""
    name = element.get("itemprop")
    is_loose = name and not any(above.get("itemscope") is not None for above in element.iterancestors())
    return name if is_loose else None


def _add_script(found: Structured, element: etree._Element, flight: list[str]) -> None:
    text = element.text
    if not text or element.get("src"):
        return
    kind = (element.get("type") or "").partition(";")[0].strip().lower()
    if kind == "application/ld+json":
        found.jsonld.extend(node for node, _ in walk_objects([parse_json(text)]) if "@type" in node)
        return
    found.state_size += len(text)
    if kind in _STATE_TYPES:
        value = parse_json(text)
        if is_indexed(value):
            value = unfold_indexed(value)
        if isinstance(value, (dict, list)):
            found.states.append(value)
    elif kind in _SCRIPT_TYPES and _FLIGHT_MARK in text:
        flight.append(text)
    elif kind in _SCRIPT_TYPES and ENQUEUED in text:
        found.states.extend(state for state in parse_enqueued(text) if state)
    elif kind in _SCRIPT_TYPES and any(hint in text for hint in _STATE_HINTS):
        found.states.extend(parse_script(text))


_find_items = etree.XPath("//@itemscope/..")
_find_properties = etree.XPath("//@itemprop/..")


def _read_microdata(root: etree._Element) -> Iterator[Node]:
    """Yield every item of a page, outermost first; an item inside another is also its property's value."""
    items: dict[etree._Element, Node] = {}
    for element in cast(Sequence[etree._Element], _find_items(root)):
        items[element] = {"@type": (element.get("itemtype") or "").split()}
        if element.get("itemid"):
            items[element]["@id"] = element.get("itemid")
    if not items:
        return
    for element in cast(Sequence[etree._Element], _find_properties(root)):
        owner = element.getparent()
        while owner is not None and owner not in items:
            owner = owner.getparent()
        if owner is not None:
            for printed in (element.get("itemprop") or "").split():
                name = printed.rsplit("/", 1)[-1]
                is_list = name == "keywords" and element.tag in ("ul", "ol")
                for part in element.iter("li") if is_list else (element,):
                    _add_property(items[owner], name, _property_value(part, items))
    yield from items.values()


def _add_property(item: Node, name: str, value: Json) -> None:
    known = item.get(name)
    if isinstance(known, list):
        known.append(value)
    else:
        item[name] = value if known is None else [known, value]


def _property_value(element: etree._Element, items: Mapping[etree._Element, Node]) -> Json:
    """Return a property's value by the rules of the element it stands on.

    Source:
        WHATWG HTML, "the value of a property"; ``content`` counts everywhere, as search engines read it.
        Blogger says an instant as microformats do: in the ``title`` of the ``abbr`` that prints the hour.
    """
    if element in items:
        return items[element]
    for name in ("content", "datetime", "href", "src", "data", "value"):
        value = element.get(name)
        if value is not None and (name in ("content", "datetime") or element.tag in _URL_TAGS):
            return value
    if element.tag == "abbr" and _INSTANT.match(title := element.get("title") or ""):
        return title
    return text_of(element)


_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_URL_TAGS = frozenset(
    {"a", "area", "link", "img", "audio", "embed", "iframe", "source", "video", "object", "data"}
)
