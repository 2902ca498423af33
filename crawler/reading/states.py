"""JSON that a page carries for its own scripts: read leniently, searched for the object that is wanted."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import unescape
from typing import Any

Json = Any
"""A value of JSON: dict, list, str, int, float, bool or None."""

MAX_OBJECTS = 50_000
"""Most objects and lists looked at in one page; a real state of 300 KB has about 8,000."""

MAX_ASSIGNMENTS = 50
"""Most assignments looked at in one script; a page has one or two states."""

_ASSIGNED = re.compile(r"[\w$\]'\"]\s*=\s*(?=[{\[]|JSON\.parse\()")
_JSON_PARSE = re.compile(r"JSON\.parse\(\s*")
_FLIGHT = re.compile(r"self\.__next_f\.push\(\s*(?=\[)")
_FLIGHT_ROW = re.compile(r"(?P<id>[0-9a-f]{1,8}):(?:T(?P<size>[0-9a-f]{1,7}),|[A-Z]{0,3}(?=[\[{]))")
_FLIGHT_DATE = re.compile(r"\$D\d{4}-\d\d-\d\dT.{1,30}")
_UNDEFINED = re.compile(r"(?<=[:\[,])\s*(?:undefined|NaN|-?Infinity)\s*(?=[,\]}])")
_TRAILING_COMMA = re.compile(r",(\s*[\]}])")
_FORGIVEN = re.compile(r"\s*,?\s*(?:undefined|NaN|-?Infinity|[\]}])")
"""What stands where a reader of JSON stops, if it is a fault that is forgiven."""
_WRAPPERS = re.compile(
    r"^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?:(?://|/\*)\s*)?\]\]>(?:\s*\*/)?)\s*$"
)
_DECODER = json.JSONDecoder(strict=False)
_CONTAINERS = frozenset({dict, list})
_TEXT_OBJECTS = ("block", "text", "inline")


def parse_json(text: str) -> Json:
    """Return what a JSON text says; None when nothing can be made of it.

    Comments around it, commas before a closing bracket, line breaks inside strings, ``undefined`` and HTML
    escapes are forgiven, and so is whatever follows the first value.
    """
    text = text.strip()
    if not text:
        return None
    attempts: tuple[Callable[[str], str], ...] = (
        str,
        lambda given: _WRAPPERS.sub("", given).strip(),
        lambda given: _UNDEFINED.sub("null", _TRAILING_COMMA.sub(r"\1", _WRAPPERS.sub("", given))).strip(),
        lambda given: _TRAILING_COMMA.sub(r"\1", unescape(given)),
    )
    for attempt in attempts:
        try:
            return _DECODER.raw_decode(attempt(text))[0]
        except (ValueError, RecursionError):
            continue
    return None


def parse_script(text: str) -> Iterator[Json]:
    """Yield the JSON values that a script assigns to something (``window.__STATE__ = {...}``).

    Args:
        text: Source of a script; everything else in it is passed over.
    """
    position = 0
    for _ in range(MAX_ASSIGNMENTS):
        match = _ASSIGNED.search(text, position)
        if match is None:
            break
        value, position = _value_at(text, match.end())
        if isinstance(value, (dict, list)) and value:
            yield value


def walk_objects(value: Json, *, into_text: bool = True) -> Iterator[tuple[dict[str, Json], int]]:
    """Yield every object inside a value with its depth, outermost first, up to `MAX_OBJECTS`.

    Args:
        value: Of JSON.
        into_text: Also what stands inside the blocks of an editor's document (Slate), which is most of a
            large state and nothing but text.
    """
    level: list[Json] = [value]
    depth = n_seen = 0
    while level and n_seen < MAX_OBJECTS:
        below: list[Json] = []
        n_seen += len(level)
        for item in level:
            # The JSON reader makes exactly these types, and this is the hot path of pages with a large state.
            if type(item) is dict:
                yield item, depth
                if not into_text and item.get("object") in _TEXT_OBJECTS:
                    continue
                below += [child for child in item.values() if type(child) in _CONTAINERS]
            else:
                below += [child for child in item if type(child) in _CONTAINERS]
        level, depth = below[: MAX_OBJECTS - n_seen], depth + 1


def resolve_reference(value: Json, state: Json) -> Json:
    """Return what a reference of a normalized store (Apollo) points to; any other value as it is.

    Args:
        value: ``{"__ref": "User:1"}``, or ``{"type": "id", "id": "User:1"}``, or anything else.
        state: The object whose keys are such names.
    """
    if isinstance(value, dict) and isinstance(state, dict):
        name = value.get("__ref") or (value.get("id") if value.get("type") == "id" else None)
        if isinstance(name, str) and isinstance(state.get(name), dict):
            return state[name]
    return value


def _value_at(text: str, position: int) -> tuple[Json, int]:
    """Return the value that begins at ``position`` and where to go on."""
    wrapped = _JSON_PARSE.match(text, position)
    start = wrapped.end() if wrapped else position
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        if wrapped or not _FORGIVEN.match(text, error.pos):
            return None, position + 1
        cleaned = _UNDEFINED.sub("null", _TRAILING_COMMA.sub(r"\1", text[start:]))
        try:
            return _DECODER.raw_decode(cleaned)[0], len(text)
        except (ValueError, RecursionError):
            return None, position + 1
    except (ValueError, RecursionError):  # also a number of thousands of digits
        return None, position + 1
    return (parse_json(value) if wrapped and isinstance(value, str) else value), end


def parse_flight(scripts: Sequence[str]) -> Iterator[Json]:
    """Yield the values in the rows of a React server-component payload, references inside them followed.

    Args:
        scripts: The scripts that push pieces of it, in page order; a piece may end anywhere, inside a row or
            inside a word.

    Source:
        React's Flight protocol: a row is "ID:JSON" and a line end, or "ID:T" with the length of a long text
        in bytes and the text, which other rows name as "$ID"; "$D" stands before a date.
    """
    chunks: list[str] = []
    for text in scripts:
        for match in _FLIGHT.finditer(text):
            value, _ = _value_at(text, match.end())
            if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
                chunks.append(value[1])
    rows = dict(_read_rows("".join(chunks)))
    texts = {name: value for name, value in rows.items() if isinstance(value, str)}
    values = [value for name, value in rows.items() if name not in texts]
    for value in values:
        _follow_references(value, texts)
    plain = {name: value for name, value in rows.items() if not _has_reference(value, rows)}
    for value in values:
        _follow_references(value, plain)
    yield from values


def _read_rows(payload: str) -> Iterator[tuple[str, Json]]:
    """Yield the rows of a payload by the name others use for them."""
    position = 0
    while 0 <= position < len(payload):
        row = _FLIGHT_ROW.match(payload, position)
        if row is None:
            position = payload.find("\n", position) + 1 or len(payload)
        elif row["size"] is not None:
            size = int(row["size"], 16)  # of UTF-8
            text = payload[row.end() : row.end() + size].encode("utf-8", "replace")[:size]
            yield f"${row['id']}", text.decode("utf-8", "ignore")
            position = row.end() + len(text.decode("utf-8", "ignore"))
        else:
            value, position = _value_at(payload, row.end())
            if isinstance(value, (dict, list)):
                yield f"${row['id']}", value


def _follow_references(value: Json, rows: Mapping[str, Json]) -> None:
    """Put other rows and dates in the place of what stands for them."""
    for found, _ in walk_objects(value):
        for name, item in found.items():
            if isinstance(item, str):
                found[name] = _referred(item, rows)
            elif isinstance(item, list):
                item[:] = [_referred(each, rows) if isinstance(each, str) else each for each in item]


def _has_reference(value: Json, rows: Mapping[str, Json]) -> bool:
    """Tell whether a row names others; such a row stands in no other one, so that none is without end."""
    for found, _ in walk_objects([value]):
        for item in found.values():
            named = item if isinstance(item, list) else [item]
            if any(isinstance(each, str) and each in rows for each in named):
                return True
    return False


def _referred(text: str, rows: Mapping[str, Json]) -> Json:
    if text[:1] != "$":
        return text
    return text[2:] if _FLIGHT_DATE.fullmatch(text) else rows.get(text, text)
