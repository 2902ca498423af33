"""Which comment answers which: by references, levels, nesting of elements, and last by hints."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lxml import etree

_LISTS = frozenset({"ul", "ol", "menu", "dl", "table", "tbody"})
_ITEMS = frozenset({"li", "article", "tr", "dd"})
_ID_NAMES = ("data-comment-id", "data-id", "data-commentid", "id")
_PARENT_NAMES = (
    "data-parent-id",
    "data-parent",
    "data-reply-to",
    "data-in-reply-to",
    "data-parent-comment-id",
)
_LEVEL_NAMES = ("aria-level", "data-depth", "data-level", "data-indent")
_INDENT = re.compile(r"(?:margin|padding)-(?:left|inline-start)\s*:\s*(\d{1,4})")
_CLASS_LEVEL = re.compile(r"(?:depth|level|indent)[-_]?(\d{1,2})\b", re.IGNORECASE)
_CLASS_REPLY = re.compile(r"(?:^|[\s_-])(?:repl(?:y|ies)|children|child|nested)(?:$|[\s_-])", re.IGNORECASE)


@dataclass(slots=True)
class Place:
    """Where a comment stands in the tree.

    Attributes:
        head: The element with its author and date.
        bodies: The elements its text stands in.
        answers: Name of the author it says it answers; None where it says nothing.
        name: Its own author's name.
        path: Elements from below the boundary down to ``head``.
    """

    head: etree._Element
    bodies: Sequence[etree._Element]
    answers: str | None = None
    name: str | None = None
    path: list[etree._Element] = field(default_factory=list)


def find_parents(places: Sequence[Place], outside: set[etree._Element]) -> list[int | None]:
    """Return for each comment the index of the one it answers, or None.

    Args:
        places: In page order.
        outside: Elements that also hold what is no comment: the section's label, the story.
    """
    for place in places:
        place.path = _path_of(place.head, outside)
    for find in (_by_reference, _by_level, _by_nesting, _by_hint):
        parents = find(places)
        if any(parent is not None for parent in parents):
            return _with_answers(places, parents)
    return _with_answers(places, [None] * len(places))


def own_ids(places: Sequence[Place]) -> list[str | None]:
    """Return the platform's own id of each comment, where its element carries one for scripts."""
    found = [_attribute(place, _ID_NAMES[:-1], places) for place in places]
    values = [value for value in found if value is not None]
    return found if len(set(values)) == len(values) else [None] * len(found)


def _path_of(head: etree._Element, outside: set[etree._Element]) -> list[etree._Element]:
    path: list[etree._Element] = []
    element: etree._Element | None = head
    while element is not None and element not in outside:
        path.append(element)
        element = element.getparent()
    return path[::-1]


def _attribute(place: Place, names: Sequence[str], places: Sequence[Place]) -> str | None:
    """Return the first of some attributes on the elements that hold this comment first of all."""
    for element in reversed(place.path):
        for name in names:
            value = element.get(name)
            if value:
                first = next(other for other in places if element in other.path)
                return value if first is place else None
    return None


def _by_reference(places: Sequence[Place]) -> list[int | None]:
    wanted = [_attribute(place, _PARENT_NAMES, places) for place in places]
    if not any(wanted):
        return [None] * len(places)
    index_of: dict[str, int] = {}
    for index, place in enumerate(places):
        for name in _ID_NAMES:
            value = _attribute(place, (name,), places)
            if value:
                index_of.setdefault(value, index)
                index_of.setdefault(value.rsplit("-", 1)[-1], index)
    parents: list[int | None] = []
    for index, value in enumerate(wanted):
        parent = index_of.get((value or "").lstrip("#"))
        parents.append(parent if parent is not None and parent < index else None)
    return parents


def _by_level(places: Sequence[Place]) -> list[int | None]:
    levels = [_attribute(place, _LEVEL_NAMES, places) for place in places]
    if not all(level is not None and level.isdigit() for level in levels):
        return [None] * len(places)
    return _from_levels([int(level or 0) for level in levels])


def _from_levels(levels: Sequence[int]) -> list[int | None]:
    parents: list[int | None] = []
    open_ones: list[int] = []
    for index, level in enumerate(levels):
        while open_ones and levels[open_ones[-1]] >= level:
            open_ones.pop()
        parents.append(open_ones[-1] if open_ones else None)
        open_ones.append(index)
    return parents


def _by_nesting(places: Sequence[Place]) -> list[int | None]:
    parents: list[int | None] = []
    open_ones: list[int] = []
    for index in range(len(places)):
        while open_ones and not _is_nested(places, open_ones[-1], index):
            open_ones.pop()
        parents.append(open_ones[-1] if open_ones else None)
        open_ones.append(index)
    return parents


def _is_nested(places: Sequence[Place], upper: int, lower: int) -> bool:
    """Tell whether one comment stands inside an earlier one's item, not beside it.

    At the element that holds both, the box that leads to the upper one is either its whole item, then they
    are neighbors, or only a part of it: its head without its text, or its head and text with the replies in
    a list or a box beside.
    """
    one, other = places[upper].path, places[lower].path
    pairs = enumerate(zip(one, other, strict=False))
    depth = next((at for at, pair in pairs if pair[0] is not pair[1]), min(len(one), len(other)))
    if depth == 0 or depth >= len(other):
        return False
    common, below = one[depth - 1], other[depth]
    if any(common in place.path for place in places[:upper]):
        return False
    box = one[depth] if depth < len(one) else None
    if box is None:
        return True
    if below.tag in _LISTS:
        return box.tag not in _LISTS
    if common.tag in _LISTS:
        return False
    if common.tag in _ITEMS:
        return True
    bodies = places[upper].bodies
    if bodies and not any(_holds(box, body) for body in bodies):
        return any(_holds(below, body) for body in places[lower].bodies)
    if any(element.tag in _LISTS for element in other[depth:-1]) and not any(
        element.tag in _LISTS for element in one[depth:-1]
    ):
        return True
    return _is_reply_box(places, upper, common, below)


def _is_reply_box(places: Sequence[Place], upper: int, common: etree._Element, below: etree._Element) -> bool:
    """Tell a box of replies beside a comment from the next comment, where both are plain boxes."""
    children = {child: sum(child in place.path for place in places) for child in common}
    held = [count for count in children.values() if count]
    if len(held) > 2:
        return False
    if children.get(below, 0) > 1 and held[0] == 1:
        inner = [place.path for place in places[upper + 1 :] if below in place.path]
        first = inner[0][: inner[0].index(below) + 2]
        return not all(path[: len(first)] == first for path in inner)
    return False


def _by_hint(places: Sequence[Place]) -> list[int | None]:
    """Use indentation and class names, which say nothing certain, only where they tell comments apart."""
    hints: tuple[Callable[[etree._Element], int], ...] = (_indent, _class_level, _class_reply)
    for hint in hints:
        levels = [sum(hint(element) for element in place.path) for place in places]
        if len(set(levels)) > 1 and levels[0] == min(levels):
            return _from_levels(levels)
    return [None] * len(places)


def _indent(element: etree._Element) -> int:
    match = _INDENT.search(element.get("style") or "")
    return int(match[1]) if match else 0


def _class_level(element: etree._Element) -> int:
    match = _CLASS_LEVEL.search(element.get("class") or "")
    return int(match[1]) if match else 0


def _class_reply(element: etree._Element) -> int:
    return int(_CLASS_REPLY.search(element.get("class") or "") is not None)


def _with_answers(places: Sequence[Place], parents: list[int | None]) -> list[int | None]:
    """Let "in reply to NAME" decide where nothing else did."""
    for index, place in enumerate(places):
        if parents[index] is None and place.answers:
            earlier = range(index - 1, -1, -1)
            parents[index] = next((at for at in earlier if places[at].name == place.answers), None)
    return parents


def _holds(outer: etree._Element, inner: etree._Element | None) -> bool:
    while inner is not None:
        if inner is outer:
            return True
        inner = inner.getparent()
    return False
