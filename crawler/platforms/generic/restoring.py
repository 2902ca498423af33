"""Give a body back the lines it had on the page, where finding its text ran them together or dropped some."""

from collections.abc import Sequence

from lxml import etree

from crawler.platforms.generic.figures import find_media, find_pictures
from crawler.platforms.generic.fronts import without_times
from crawler.platforms.generic.opening import Html, letters_of
from crawler.platforms.generic.preparing import Prepared
from crawler.reading.markup import elements_around, html_to_text, render_lines
from crawler.reading.outline import Line, read_lines, text_of

MAX_LINES = 5_000
"""Most lines of a page compared; with more it is no poem."""
MAX_BOXES = 4
"""Most boxes around a single piece of a text."""
MAX_HEADING = 20
"""Most words of a heading put back."""

_LISTS = frozenset({"ul", "ol"})
_HEADINGS = ("h2", "h3", "h4")


def restore_lines(body: str, html: Html, prepared: Prepared) -> str:
    """Return a body as the page has it: its line breaks, refrains, headings, lists, code and captions.

    trafilatura makes one paragraph of a text it finds too short, of ``<pre>`` too, and drops what it met
    before, captions and now and then a list. The words stay those it found: where they are not those of
    whole lines of the page, one after the other, the body stays as it is.

    Args:
        body: Sanitized.
        html: The page.
        prepared: The copy of it in which the body was found; it is changed.
    """
    words = letters_of(html_to_text(body))
    lines = read_lines(prepared.root) if words else []
    if not words or len(lines) > MAX_LINES:
        return body
    keys = [letters_of(line.text) for line in lines]
    # Most dates are left out of what is found.
    undated = [
        letters_of(without_times(line)) if key and line.marks else key
        for key, line in zip(keys, lines, strict=True)
    ]
    heading = prepared.heading
    start = next((at for at, line in enumerate(lines) if heading is not None and line.element is heading), 0)
    found = _find_lines(words, (keys, undated), start) or _find_lines(words, (keys, undated), 0)
    if not found:
        return body
    more = _dropped(lines, keys, found)
    more += _dropped_lists(lines, keys, found)
    pictures = find_pictures(body, lines, html.base)
    wanted = {*found, *more, *pictures, *find_media(lines, found, pictures, html.base)}
    others = [line for place, line in enumerate(lines) if place not in wanted]
    rendered = [lines[place] for place in sorted(wanted)]
    return render_lines(rendered, html.base, around=elements_around(others)) or body


def _find_lines(words: str, forms: Sequence[Sequence[str]], start: int) -> list[int]:
    """Return the places of the lines that follow each other in a text and are all of it; [] if none are.

    Args:
        words: Letters of the text.
        forms: Letters of the lines, in each form they may have in it.
        start: Place of the first line looked at.
    """
    found = []
    end = 0
    for place in range(start, len(forms[0])):
        key = next((form[place] for form in forms if form[place] and words.startswith(form[place], end)), "")
        if key:
            found.append(place)
            end += len(key)
    return found if end == len(words) else []


def _dropped(lines: Sequence[Line], keys: Sequence[str], found: Sequence[int]) -> list[int]:
    """Return the lines dropped between those found: repeats, mere marks, headings."""
    kept = set(found)
    known = {keys[place] for place in found}
    boxes = {_box_around(lines[place].element) for place in found}
    more: list[int] = []
    waiting: list[int] = []
    for place in range(found[0] + 1, len(lines)):
        line = lines[place]
        is_beside = _box_around(line.element) in boxes
        if place in kept:
            more += waiting
            waiting = []
        elif is_beside and line.text and (keys[place] in known or not letters_of(line.text)):
            # What has no letters parts the text: "* * *".
            more.append(place)
        elif line.tag in _HEADINGS and is_beside and keys[place] and place < found[-1] and not _is_link(line):
            waiting = [place] if len(line.text.split()) <= MAX_HEADING else []
        elif keys[place]:
            waiting = []
            if place > found[-1]:
                break
    first = next((place for place in range(found[0] - 1, -1, -1) if lines[place].text), None)
    tags = {lines[place].tag for place in more} & set(_HEADINGS)
    if first is not None and lines[first].tag in tags and _box_around(lines[first].element) in boxes:
        more.append(first)
    return more


def _dropped_lists(lines: Sequence[Line], keys: Sequence[str], found: Sequence[int]) -> list[int]:
    """Return the lines of whole lists beside the lines found that were dropped; not of lists of links."""
    kept = set(found)
    boxes = {_box_around(lines[place].element) for place in found}
    more: list[int] = []
    held: dict[etree._Element, list[int]] = {}
    for place in range(found[0] + 1, len(lines)):
        listed = lines[place].element.getparent()
        if lines[place].tag == "li" and listed is not None and listed.tag in _LISTS:
            held.setdefault(listed, []).append(place)
    for listed, places in held.items():
        is_beside = (
            _box_around(listed) in boxes and kept.isdisjoint(places) and all(keys[at] for at in places)
        )
        above = next((at for at in range(places[0] - 1, -1, -1) if keys[at]), None)
        is_right_below = places[0] < found[-1] or above in (found[-1], *more[-1:])
        if is_beside and is_right_below and not any(_is_link(lines[at]) for at in places):
            more += places
    return more


def _box_around(element: etree._Element) -> etree._Element | None:
    """Return the nearest element around one that holds more than it alone."""
    box = element.getparent()
    for _ in range(MAX_BOXES):
        if box is None or len(box) > 1 or box.tag in ("body", "main", "article"):
            break
        box = box.getparent()
    return box


def _is_link(line: Line) -> bool:
    """Tell a line of which a link is the greater part."""
    n_linked = sum(len(text_of(mark)) for mark in line.marks if mark.tag == "a")
    return 2 * n_linked > len(line.text)
