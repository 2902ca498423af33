"""States written as one flat list whose values name each other by place, as Nuxt and React Router do."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from crawler.reading.states import Json

MAX_VALUES = 200_000
"""Most values of such a list, and of all that it unfolds to; a larger one is passed over."""
ENQUEUED = "streamController.enqueue("
"""In each script that hands a piece of such a state to React Router."""

_MAX_DEPTH = 100
_WRAPPERS = frozenset(
    {"Reactive", "ShallowReactive", "Ref", "ShallowRef", "EmptyRef", "EmptyShallowRef", "P"}
)
_DECODER = json.JSONDecoder(strict=False)
_CALL = re.compile(rf"{re.escape(ENQUEUED)}\s*(?=\")")


def is_indexed(value: Json) -> bool:
    """Tell a list of values that name each other by place from any other list.

    Example:
        >>> is_indexed([{"post": 1}, {"name": 2}, "The Lake"]), is_indexed([{"name": "The Lake"}])
        (True, False)
    """
    if not isinstance(value, list) or not 1 < len(value) <= MAX_VALUES:
        return False
    first = value[0]
    if isinstance(first, list):
        return len(first) == 2 and first[0] in _WRAPPERS and _is_place(first[1], value)
    return isinstance(first, dict) and bool(first) and all(_is_place(item, value) for item in first.values())


def unfold_indexed(values: Sequence[Json]) -> Json:
    """Return what such a list says: its first value with the others in their places; None where too large.

    Source:
        The formats of devalue (Nuxt) and turbo-stream (React Router, Remix): ``{"name": 3}`` holds the fourth
        value under "name", ``{"_2": 3}`` holds it under the third; negative places are undefined and the
        like; ``["Date", "..."]`` and ``["D", 0]`` are dates, ``["Ref", 3]`` stands for the fourth value.

    Example:
        >>> unfold_indexed([["Reactive", 1], {"name": 2}, "The Lake"]), unfold_indexed([{"_1": 2}, "name", 7])
        ({'name': 'The Lake'}, {'name': 7})
    """
    unfolding = _Unfolding(values)
    found = unfolding.make(0, 0)
    return found if unfolding.sizes.get(0, 0) <= MAX_VALUES else None


def parse_enqueued(text: str) -> Iterator[Json]:
    """Yield the states that a script hands to React Router, one list in each call."""
    for match in _CALL.finditer(text):
        try:
            piece, _ = _DECODER.raw_decode(text, match.end())
            value = json.loads(piece.partition("\n")[0])
        except (ValueError, RecursionError):
            continue
        if is_indexed(value):
            yield unfold_indexed(value)


class _Unfolding:
    """One list being unfolded; a value that holds itself is left out where it does.

    Attributes:
        sizes: Place -> how many values it unfolds to, those named more than once counted each time.
    """

    def __init__(self, values: Sequence[Json]) -> None:
        self.values = values
        self.sizes: dict[int, int] = {}
        self._made: dict[int, Json] = {}

    def make(self, place: Json, depth: int) -> Json:
        """Return the value at a place; None for a place that is none."""
        if not _is_place(place, self.values) or place < 0 or depth > _MAX_DEPTH:
            return None
        if place in self.sizes:
            return self._made.get(place)
        self.sizes[place] = 1
        value = self.values[place]
        if isinstance(value, dict):
            inner = [(self._name(name), item) for name, item in value.items()]
            value = {name: self.make(item, depth + 1) for name, item in inner}
            self._add_sizes(place, (item for _, item in inner))
        elif isinstance(value, list):
            value, held = self._make_list(value, depth)
            self._add_sizes(place, held)
        self._made[place] = value
        return value

    def _make_list(self, value: list[Json], depth: int) -> tuple[Json, list[Json]]:
        """Return what a list says, or what it stands for where it begins with a word, and its places."""
        if value and isinstance(value[0], str):
            told = value[1] if len(value) > 1 else None
            if value[0] in _WRAPPERS:
                return self.make(told, depth + 1), [told]
            return _date_of(value[0], told), []
        return [self.make(item, depth + 1) for item in value], value

    def _add_sizes(self, place: int, held: Iterator[Json] | list[Json]) -> None:
        self.sizes[place] += sum(self.sizes.get(item, 0) for item in held if isinstance(item, int))

    def _name(self, name: str) -> str:
        at = int(name[1:]) if name[:1] == "_" and name[1:].isdecimal() else -1
        named = self.values[at] if 0 <= at < len(self.values) else None
        return named if isinstance(named, str) else name


def _is_place(value: Json, values: Sequence[Json]) -> bool:
    return type(value) is int and -10 < value < len(values)


def _date_of(kind: str, told: Json) -> str | None:
    if kind == "Date" and isinstance(told, str):
        return told
    if kind == "D" and isinstance(told, (int, float)) and abs(told) < 1e14:
        return datetime.fromtimestamp(told / 1_000, UTC).isoformat()
    return None
