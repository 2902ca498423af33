"""JSON that a page carries for its own scripts: read leniently, searched for the object that is wanted."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

Json = Any
"""A value of JSON: dict, list, str, int, float, bool or None."""

MAX_OBJECTS = 50_000
"""Most objects and lists looked at in one page; a real state of 300 KB has about 8,000."""

MAX_ASSIGNMENTS = 50
"""Most assignments looked at in one script; a page has one or two states."""

_ASSIGNED = re.compile(r"(?:[\w$.\]\['\"]+)\s*=\s*(?=[{\[]|JSON\.parse\()")
_JSON_PARSE = re.compile(r"JSON\.parse\(\s*")
_FLIGHT = re.compile(r"self\.__next_f\.push\(\s*(?=\[)")
_FLIGHT_ROW = re.compile(r"^[0-9a-f]+:(?=[\[{])", re.MULTILINE)
_UNDEFINED = re.compile(r"(?<=[:\[,])\s*(?:undefined|NaN|-?Infinity)\s*(?=[,\]}])")
_TRAILING_COMMA = re.compile(r",(\s*[\]}])")
_WRAPPERS = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_DECODER = json.JSONDecoder(strict=False)


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
    if "__next_f" in text:
        yield from _flight_rows(text)


def walk_objects(value: Json) -> Iterator[tuple[dict[str, Json], int]]:
    """Yield every object inside a value with its depth, outermost first, up to `MAX_OBJECTS`."""
    level: list[Json] = [value]
    depth = n_seen = 0
    while level and n_seen < MAX_OBJECTS:
        below: list[Json] = []
        for item in level:
            n_seen += 1
            if isinstance(item, dict):
                yield item, depth
                below.extend(child for child in item.values() if isinstance(child, (dict, list)))
            else:
                below.extend(child for child in item if isinstance(child, (dict, list)))
        level, depth = below, depth + 1


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
    except (ValueError, RecursionError):
        if wrapped or not re.search(r"undefined|NaN|Infinity|,\s*[\]}]", text[start : start + 200_000]):
            return None, position + 1
        cleaned = _UNDEFINED.sub("null", _TRAILING_COMMA.sub(r"\1", text[start:]))
        try:
            return _DECODER.raw_decode(cleaned)[0], len(text)
        except (ValueError, RecursionError):
            return None, position + 1
    return (parse_json(value) if wrapped and isinstance(value, str) else value), end


def _flight_rows(text: str) -> Iterator[Json]:
    """Yield the rows of a React server-component payload."""
    chunks: list[str] = []
    for match in _FLIGHT.finditer(text):
        value, _ = _value_at(text, match.end())
        if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
            chunks.append(value[1])
    payload = "".join(chunks)
    for row in _FLIGHT_ROW.finditer(payload):
        value, _ = _value_at(payload, row.end())
        if isinstance(value, (dict, list)):
            yield value
