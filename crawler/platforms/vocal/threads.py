"""Which comment answers which: by references, levels, nesting of elements, and last by hints."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from crawler.reading.outline import text_of
from crawler.reading.tree import ancestors

_LISTS = frozenset({"ul", "ol", "menu", "dl", "table", "tbody"})
_ITEMS = frozenset({"li", "article", "tr", "dd"})
_ITEM_ROLES = frozenset({"article", "comment", "listitem", "treeitem"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_ID_NAMES = ("data-comment-id", "data-id", "data-commentid", "id")
_PARENT_NAMES = (
    "data-parent-id",
    "data-parent",
    "data-reply-to",
    "data-in-reply-to",
    "data-parent-comment-id",
)
_LEVEL_NAMES = ("aria-level", "data-depth", "data-level", "data-indent")
_TELLING = frozenset({*_ID_NAMES, *_PARENT_NAMES, *_LEVEL_NAMES})
_LASTING_ID = re.compile(
    r"(?:(?:comments?|repl(?:y|ies)|div)[-_]){0,2}"
    r"([a-z]?\d{4,20}|[0-9a-f]{24}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",
    re.IGNORECASE,
)
"""An id made of a record's; those that count along a page, or are made at each request, are none."""
_FOLDED = re.compile(r"\b(?:repl(?:y|ies)|answers?|responses?)\b", re.IGNORECASE)
_INDENT = re.compile(r"(?:margin|padding)-(?:left|inline-start)\s*:\s*(\d{1,4})")
_CLASS_INDENT = re.compile(r"(?:^|[\s:])(?:ml|pl|ms|ps)-(\d{1,3})(?:$|\s)")
"""What utility classes call a margin or padding at the side."""
_STYLE_LEVEL = re.compile(r"(?:^|[;\s])--[\w-]*(?:depth|level|indent)\s*:\s*(\d{1,3})\b", re.IGNORECASE)
_WIDTH = re.compile(r"(?:^|[;\s])width\s*:\s*(\d{1,4})px")
_CLASS_LEVEL = re.compile(r"(?:depth|level|indent)[-_]?(\d{1,2})\b", re.IGNORECASE)
_CLASS_REPLY = re.compile(r"(?:^|[\s_-])(?:repl(?:y|ies)|children|child|nested)(?:$|[\s_-])", re.IGNORECASE)


_MAX_CELLS = 9
"""Most empty cells that a row begins with; more is a width."""


@dataclass(slots=True)
class Place:
    """Where a comment stands in the tree.

    Attributes:
        head: The element with its author and date.
        bodies: The elements its text stands in.
        answers: Name of the author it says it answers; None where it says nothing.
        name: Its own author's name.
        refers: Id of the comment that the answer's link leads to; None without a link.
    """

    head: etree._Element
    bodies: Sequence[etree._Element]
    answers: str | None = None
    name: str | None = None
    refers: str | None = None


class Threads:
    """The comments of a page in their tree.

    Args:
        places: In page order.
        outside: Elements that also hold what is no comment: the section's label, the story.

    Attributes:
        around: ``outside`` and every element that holds a comment's head.
    """

    def __init__(self, places: Sequence[Place], outside: set[etree._Element]) -> None:
        self.places = places
        self._first: dict[etree._Element, int] = {}
        self._count: dict[etree._Element, int] = {}
        self._paths = [self._path_of(place.head, index, outside) for index, place in enumerate(places)]
        self._boxes: dict[etree._Element, int] = {}
        self._mirrored: set[etree._Element] = set()
        self._heads = {place.head for place in places}
        self._around_words: dict[int, set[etree._Element]] = {}
        self.around = outside | self._first.keys()
        self._attributes = [_attributes_of(self._boxes_of(index)) for index in range(len(places))]

    def find_parents(self) -> list[int | None]:
        """Return for each comment the index of the one it answers, or None."""
        for find in (self._by_reference, self._by_level, self._by_nesting, self._by_heading):
            parents = find()
            if any(parent is not None for parent in parents):
                return self._with_answers(parents)
        parents = self._with_answers([None] * len(self.places))
        return parents if any(parent is not None for parent in parents) else self._by_hint()

    def own_ids(self) -> list[str | None]:
        """Return the platform's own id of each comment, where its element carries one."""
        found = [
            _first_of(attributes, _ID_NAMES[:-1]) or _lasting_id(attributes.get("id"))
            for attributes in self._attributes
        ]
        values = [value for value in found if value is not None]
        return found if len(set(values)) == len(values) else [None] * len(found)

    def _path_of(
        self, head: etree._Element, index: int, outside: set[etree._Element]
    ) -> list[etree._Element]:
        """Return the elements from below the boundary down to a head, and count what they hold."""
        path: list[etree._Element] = []
        element: etree._Element | None = head
        while element is not None and element not in outside:
            path.append(element)
            if element in self._count:
                self._count[element] += 1
            else:
                self._first[element], self._count[element] = index, 1
            element = element.getparent()
        path.reverse()
        return path

    def _boxes_of(self, index: int) -> list[etree._Element]:
        """Return the elements that begin with this comment."""
        return [element for element in self._paths[index] if self._first[element] == index]

    def _by_reference(self) -> list[int | None]:
        wanted = [_first_of(attributes, _PARENT_NAMES) for attributes in self._attributes]
        if not any(wanted):
            return [None] * len(wanted)
        index_of = self._places_by_id()
        parents: list[int | None] = []
        for index, value in enumerate(wanted):
            parent = index_of.get((value or "").lstrip("#"))
            parents.append(parent if parent is not None and parent < index else None)
        return parents

    def _places_by_id(self) -> dict[str, int]:
        """Return the place of each comment by each id its elements carry, whole and its last part."""
        index_of: dict[str, int] = {}
        for index, attributes in enumerate(self._attributes):
            for name in _ID_NAMES:
                if name in attributes:
                    index_of.setdefault(attributes[name], index)
                    index_of.setdefault(attributes[name].rsplit("-", 1)[-1], index)
        return index_of

    def _by_level(self) -> list[int | None]:
        levels = [_first_of(attributes, _LEVEL_NAMES) for attributes in self._attributes]
        if not all(level is not None and level.isdecimal() and len(level) < 5 for level in levels):
            return [None] * len(levels)
        return _from_levels([int(level or 0) for level in levels])

    def _by_nesting(self) -> list[int | None]:
        parents: list[int | None] = []
        open_ones: list[int] = []
        for index in range(len(self.places)):
            while open_ones and not self._is_nested(open_ones[-1], index):
                open_ones.pop()
            parents.append(open_ones[-1] if open_ones else None)
            open_ones.append(index)
        return parents

    def _by_heading(self) -> list[int | None]:
        """Take names in headings for an outline."""
        levels = [
            int(name[1]) for name in (str(place.head.tag) for place in self.places) if name in _HEADINGS
        ]
        if len(levels) < len(self.places) or not levels or levels[0] > min(levels):
            return [None] * len(self.places)
        return _from_levels(levels)

    def _is_nested(self, upper: int, lower: int) -> bool:
        """Tell whether one comment stands inside an earlier one's item, not beside it.

        At the element that holds both, the box that leads to the upper one is either its whole item, then
        they are neighbors, or only a part of it: its head without its text, or its head and text with the
        replies in a list or a box beside.
        """
        one, other = self._paths[upper], self._paths[lower]
        depth, n_both = 0, min(len(one), len(other))
        while depth < n_both and one[depth] is other[depth]:
            depth += 1
        if depth == 0:
            return self._is_box_of(one[0], other[0]) and self._first[one[0]] == upper
        if depth >= len(other):
            return False
        common, below = one[depth - 1], other[depth]
        if depth < len(one) and self._is_in_next(upper, common, one[depth], below):
            return True
        if self._first[common] != upper:
            return False
        return depth >= len(one) or self._is_in_box(upper, lower, depth)

    def _is_in_box(self, upper: int, lower: int, depth: int) -> bool:
        """Tell an answer from a neighbor in one element; ``depth`` is that of the boxes of both."""
        one, other = self._paths[upper], self._paths[lower]
        common, box, below = one[depth - 1], one[depth], other[depth]
        if below.tag in _LISTS:
            return box.tag not in _LISTS
        if common.tag in _LISTS:
            return False
        if common.tag in _ITEMS or common.get("role") in _ITEM_ROLES:
            return True
        if _is_folded_answers(below):
            return not _is_folded_answers(box)
        if self.places[upper].bodies and not self._holds_words(box, upper):
            return self._holds_words(below, lower)
        if _has_list(other[depth:-1]) and not _has_list(one[depth:-1]):
            return True
        return self._is_wrapped(upper, box, below) or self._is_reply_box(upper, common, below)

    def _holds_words(self, box: etree._Element, index: int) -> bool:
        """Tell whether an element holds words of a comment."""
        around = self._around_words.get(index)
        if around is None:
            around = {above for body in self.places[index].bodies for above in ancestors(body)}
            self._around_words[index] = around
        return box in around

    def _is_in_next(
        self, upper: int, common: etree._Element, box: etree._Element, below: etree._Element
    ) -> bool:
        """Tell whether the next part of a list is a comment's own: its description, or what stands after."""
        if common.tag not in _LISTS:
            return self._is_box_of(box, below) and self._first[box] == upper
        if below.tag == "dd":
            return self._holds_words(below, upper)
        return below.tag in ("ul", "ol") and box.tag not in _LISTS and below.getprevious() is box

    def _is_box_of(self, box: etree._Element | None, below: etree._Element) -> bool:
        """Tell a box of answers right after the box of a single comment."""
        is_next = box is not None and below.getprevious() is box and self._count.get(box) == 1
        return is_next and box is not None and self._is_wrapped(self._first[box], box, below)

    def _is_wrapped(self, upper: int, box: etree._Element, below: etree._Element) -> bool:
        """Tell a box of answers by its own class and by comments in it that are made like the one above."""
        name = below.get("class")
        if not name or (below.tag == box.tag and name == box.get("class")):
            return False
        one, other = self._paths[upper], self._paths[self._first[below]]
        shape, inner = _made_of(one[one.index(box) :]), _made_of(other[other.index(below) + 1 :])
        item = inner[-len(shape)] if len(inner) >= len(shape) else (None, None)
        is_alike = item == shape[0] and bool(item[1])
        if not is_alike and not any(class_name for _, class_name in shape[1:]):
            return False  # what has no classes is made like everything
        is_item = item[0] == shape[0][0] if len(shape) > 1 else item == shape[0]
        return is_item and inner[len(inner) - len(shape) + 1 :] == shape[1:]

    def _is_reply_box(self, upper: int, common: etree._Element, below: etree._Element) -> bool:
        """Tell a box of replies beside a comment from the next comment, where both are plain boxes."""
        n_boxes = self._n_boxes(common)
        n_inside = self._count.get(below, 0)
        if self._count[common] == n_boxes and self._is_thread(upper, common):
            return True
        if n_boxes != 2 or n_inside < 2 or self._count[common] != n_inside + 1:
            return common in self._mirrored or bool(
                common.get("class") and self._mirrors(upper, common, below)
            )
        if self._mirrors(upper, common, below) or common in self._mirrored:
            return True
        paths = self._paths[upper + 1 : upper + 1 + n_inside]
        if len(paths[0]) <= len(self._paths[upper]):  # a neighbor with answers of its own
            return False
        places = {path[path.index(below) + 1] for path in paths if path[-1] is not below}
        return len(places) > 1

    def _mirrors(self, upper: int, common: etree._Element, below: etree._Element) -> bool:
        """Tell a thread from the list of all comments by one made like it inside its box of replies."""
        one, other = self._paths[upper], self._paths[self._first[below]]
        depth = one.index(common)
        inner = depth + len(other) - len(one)
        if inner <= depth + 1 or (self._n_boxes(other[inner]) < 2 and not common.get("class")):
            return False
        if is_alike := _made_of(one[depth:]) == _made_of(other[inner:]):
            self._mirrored.add(other[inner])
        return is_alike

    def _n_boxes(self, element: etree._Element) -> int:
        """Return how many children of an element hold comments."""
        if element not in self._boxes:
            self._boxes[element] = sum(child in self._count for child in element)
        return self._boxes[element]

    def _is_thread(self, upper: int, box: etree._Element) -> bool:
        """Tell a box that groups a comment with its replies from the list of all, and from a reply's list.

        A group inside the list of all comments is a thread, unless it may be the replies of a lone comment.
        """
        if self._is_box_of(box.getprevious(), box):
            return False
        below = box
        for above in reversed(self._paths[upper][: self._paths[upper].index(box)]):
            if above in self._heads:  # the box of a comment with the list of its replies
                return False
            if self._count[above] > self._count[box]:
                is_beside_one = self._n_boxes(above) == 2 and self._count[above] == self._count[box] + 1
                lone, own = self._paths[self._first[above]], self._paths[self._first[below]]
                return not is_beside_one or lone is own or _made_of(lone) == _made_of(own)
            below = above
        return self._is_thread_of_section(below)

    def _is_thread_of_section(self, box: etree._Element) -> bool:
        """Tell the same of a box right in the section: as deep as lone ones, or its answers deeper."""
        tops, depths = self._tops
        held = depths[box]
        if len(held) < len(self.places) and min(held[1:], default=0) > held[0]:
            return True
        is_beside_one = len(tops) == 2 and len(self.places) == self._count[box] + 1
        is_first = self._first[box] == 0 or not is_beside_one
        return len(tops) > 1 and is_first and tops.get(box) == min(tops.values())

    @cached_property
    def _tops(self) -> tuple[dict[etree._Element, int], dict[etree._Element, list[int]]]:
        """The boxes right in the section: how deep the first comment of each stands, and how deep all do."""
        depths: dict[etree._Element, list[int]] = {}
        for path in self._paths:
            depths.setdefault(path[0], []).append(len(path))
        return {box: found[0] for box, found in depths.items()}, depths

    def _by_hint(self) -> list[int | None]:
        """Use indentation and class names, which say nothing certain, only where they tell comments apart."""
        for hint in _HINTS:
            told = {element: hint(element) for element in self._first}
            levels = [sum(told[element] for element in path) for path in self._paths]
            is_telling = len(set(levels)) > 1 and levels[0] == min(levels)
            if is_telling and (hint is not _class_reply or self._is_consistent(levels)):
                return _from_levels(levels)
        return _by_depth(self._paths)

    def _is_consistent(self, levels: Sequence[int]) -> bool:
        """Tell class names that mark replies from such that only happen to hold the word.

        All comments at the top have a box classed alike, and each reply has one classed as they are, but for
        the mark; or all replies have one classed alike.
        """
        tops = [
            _classes_of(self._boxes_of(index)) for index, level in enumerate(levels) if level == levels[0]
        ]
        replies = [
            _classes_of(self._boxes_of(index)) for index, level in enumerate(levels) if level != levels[0]
        ]
        shared = set.intersection(*tops)
        plain = ({_without_mark(classes) for classes in boxes} for boxes in replies)
        if shared and all(shared & boxes for boxes in plain):
            return True
        return bool(shared and len(levels) > 2 and set.intersection(*replies))

    def _with_answers(self, parents: list[int | None]) -> list[int | None]:
        """Let "in reply to NAME" decide where nothing else did, by its link before the name."""
        last_by: dict[str, int] = {}
        index_of = self._places_by_id() if any(place.refers for place in self.places) else {}
        for index, place in enumerate(self.places):
            if parents[index] is None and place.answers:
                linked = index_of.get(place.refers) if place.refers else None
                is_above = linked is not None and linked < index
                parents[index] = linked if is_above else last_by.get(place.answers)
            if place.name:
                last_by[place.name] = index
        return parents


def _attributes_of(boxes: Sequence[etree._Element]) -> dict[str, str]:
    """Return the attributes of some elements that may say something."""
    found: dict[str, str] = {}
    for element in boxes:
        if not _TELLING.isdisjoint(element.keys()):
            for name, value in element.items():
                if name in _TELLING and value:
                    found[str(name)] = str(value)
    return found


def _classes_of(boxes: Sequence[etree._Element]) -> set[frozenset[str]]:
    """Return the class names of each element that has some."""
    return {frozenset(names) for box in boxes if (names := (box.get("class") or "").split())}


def _made_of(path: Sequence[etree._Element]) -> list[tuple[object, str | None]]:
    return [(element.tag, element.get("class")) for element in path]


def _by_depth(paths: Sequence[Sequence[etree._Element]]) -> list[int | None]:
    """Take for answers what is made like the first comment but has more boxes around, classed alike."""
    shapes = [_made_of(path) for path in paths]
    n_top = len(shapes[0]) if shapes else 0
    wrappers = {box for shape in shapes for box in shape[: max(0, len(shape) - n_top)]}
    is_alike = len(wrappers) == 1 and all(name for _, name in wrappers)
    if is_alike and all(shape[1 - n_top :] == shapes[0][1:] for shape in shapes) and n_top > 1:
        return _from_levels([len(shape) for shape in shapes])
    return [None] * len(paths)


def _is_folded_answers(box: etree._Element) -> bool:
    """Tell what folds a comment's answers, by its own words, from what folds the rest of all comments."""
    summary = box.find("summary") if box.tag == "details" else None
    return summary is not None and _FOLDED.search(text_of(summary)) is not None


def _lasting_id(value: str | None) -> str | None:
    match = _LASTING_ID.fullmatch(value or "")
    return match[1] if match else None


def _first_of(attributes: Mapping[str, str], names: Sequence[str]) -> str | None:
    if not attributes:  # of most comments
        return None
    return next((attributes[name] for name in names if name in attributes), None)


def _has_list(path: Sequence[etree._Element]) -> bool:
    return any(element.tag in _LISTS for element in path)


def _from_levels(levels: Sequence[int]) -> list[int | None]:
    parents: list[int | None] = []
    open_ones: list[int] = []
    for index, level in enumerate(levels):
        while open_ones and levels[open_ones[-1]] >= level:
            open_ones.pop()
        parents.append(open_ones[-1] if open_ones else None)
        open_ones.append(index)
    return parents


def _indent(element: etree._Element) -> int:
    match = _INDENT.search(element.get("style") or "") or _CLASS_INDENT.search(element.get("class") or "")
    return int(match[1]) if match else 0


def _style_level(element: etree._Element) -> int:
    """Return the level that a style sheet counts with."""
    style = element.get("style") or ""
    match = _STYLE_LEVEL.search(style) if "--" in style else None
    return int(match[1]) if match else 0


def _row_indent(element: etree._Element) -> int:
    """Return how far the empty cells at a row's start push the others to the side.

    A picture that is higher than a line is an avatar, whose cell is as wide without it.
    """
    total = 0
    for cell in element if element.tag == "tr" else ():
        if cell.tag not in ("td", "th"):
            return total
        if not all(text.isspace() for text in cell.itertext()):
            return total if cell.get("colspan") is not None or total > _MAX_CELLS else 0
        picture = next(cell.iter("img"), None)
        is_spacer = picture is not None and picture.get("height") in ("0", "1")
        width = (picture if picture is not None and is_spacer else cell).get("width") or ""
        match = _WIDTH.search(cell.get("style") or "")
        size = match[1] if match else width.removesuffix("px")
        total += int(size) if size.isdecimal() and len(size) <= 4 else int(picture is None)
    return 0


def _class_level(element: etree._Element) -> int:
    match = _CLASS_LEVEL.search(element.get("class") or "")
    return int(match[1]) if match else 0


def _without_mark(classes: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name in classes if not _CLASS_REPLY.search(name))


def _class_reply(element: etree._Element) -> int:
    return int(_CLASS_REPLY.search(element.get("class") or "") is not None)


_HINTS: tuple[Callable[[etree._Element], int], ...] = (
    _indent,
    _row_indent,
    _style_level,
    _class_level,
    _class_reply,
)
"""What may tell how deep an element stands, the surest first."""
