"""Parts of a page that share one cell: sections with only line breaks in them, comments in one line."""

from collections.abc import Sequence
from itertools import islice, takewhile

from lxml import etree

from crawler.platforms.vocal.comment_dates import HEAD_END, is_whole_date, may_hold_date
from crawler.platforms.vocal.labels import label_of
from crawler.reading.assembling import keeps_breaks
from crawler.reading.dates import find_days, find_relative_dates
from crawler.reading.outline import BLOCK_TAGS, Line, read_lines, text_of

_BEGIN = frozenset({"about", "insights", "comments"})
_MAX_CELLS = 20
"""Most cells parted in one page."""
_MAX_LABEL = 40
"""Most characters of the label above comments; a look at them spares paragraphs the rest."""
_MAX_REST = 20
"""Most characters of the end of a date in an element of its own."""
_NAMED = frozenset({"a", "b", "strong", "em", "span"})
"""Elements that set a name off from what follows in its cell."""
_MAX_NAME = 100
_MAX_HEAD = 140
"""Most characters of a comment's author and date."""


def part_cells(lines: list[Line]) -> list[Line]:
    """Return the lines with each cell that holds a section, or a comment's head and words, as several.

    Args:
        lines: All lines of a page; its tree is changed where there are such.
    """
    broken = [
        line
        for at, line in enumerate(lines)
        if "\n" in line.text
        and (_begins_section(line) or _is_signed(line) or _names_creator(line, lines[max(0, at - 3) : at]))
    ]
    for line in broken[:_MAX_CELLS]:
        _part(line.element, is_signed=_is_signed(line))
    if broken:
        lines = read_lines(broken[0].element.getroottree().getroot())
    joined = _find_joined(lines)
    for element, at in joined:
        _part_head(element, at)
    return read_lines(joined[0][0].getroottree().getroot()) if joined else lines


def _find_joined(lines: Sequence[Line]) -> list[tuple[etree._Element, int]]:
    """Return each comment that is one line, and how many of its child elements are its head.

    The first line with a date under the label decides for all: a comment's own words may hold one too.
    """
    label = next((at for at in range(len(lines) - 1, -1, -1) if _is_comments(lines[at].text)), None)
    found: list[tuple[etree._Element, int]] = []
    for line in lines[label + 1 :] if label is not None else ():
        if found and line.element.tag != found[0][0].tag:
            continue
        if len(line.parts) < 2 or not (len(line.text) > _MAX_HEAD or may_hold_date(line.text)):
            continue
        at = _head_length(line)
        if at is not None:
            found.append((line.element, at))
        elif not found and next(find_relative_dates(line.text), None) is not None:
            break
    return found


def _is_comments(text: str) -> bool:
    return len(text) <= _MAX_LABEL and label_of(text) == "comments"


def _head_length(line: Line) -> int | None:
    """Return how many child elements of a line hold a name and a date that words follow, or None."""
    element, said = line.element, line.element.text or ""
    for at, child in enumerate(element):
        if child.tag in BLOCK_TAGS or len(said) > _MAX_HEAD:
            return None
        words = text_of(child)
        is_date = child.tag != "br" and bool(said.strip()) and _ends_in_date(words, is_whole=True)
        if is_date or (child.tag == "br" and _ends_in_date(said)):
            after = [child.tail or ""]
            for each in takewhile(lambda other: other.tag not in BLOCK_TAGS, child.itersiblings()):
                after += [text_of(each), each.tail or ""]
            rest = "".join(after)
            if len(rest) <= _MAX_REST and _ends_in_date(
                "".join(map(str, child.itertext())) + rest, is_whole=True
            ):
                return None  # a date in pieces
            return at + 1 if HEAD_END.fullmatch(rest) is None else None
        said += words + (child.tail or "")
    return None


def _ends_in_date(text: str, *, is_whole: bool = False) -> bool:
    """Tell whether a date, and if not ``is_whole`` a name before it, is all of a text."""
    text = " ".join(text.split())
    if is_whole:
        return is_whole_date(text)
    start, end = next(find_relative_dates(text), (0, 0))
    return start > 0 and end == len(text)


def _part_head(element: etree._Element, at: int) -> None:
    """Put a comment's head and its words in boxes of their own."""
    head, words = _new_run(element.text), _new_run(None)
    element.text = None
    for index, child in enumerate(list(element)):
        tail = child.tail
        if index < at:
            child.tail = tail if index < at - 1 else None
            head.append(child)
            words.text = tail if index == at - 1 else None
        else:
            words.append(child)
            child.tail = tail
    element.extend((head, words))


def _begins_section(line: Line) -> bool:
    """Tell a section in one cell from a verse of such words in a paragraph."""
    pieces = line.text.split("\n")
    heads = pieces[:1] if line.tag == "p" else pieces
    return any(label_of(piece) in _BEGIN for piece in heads)


def _names_creator(line: Line, above: Sequence[Line]) -> bool:
    """Tell "Ann Lee", a break and the bio in one cell, right under the label of the author's block."""
    label = next((each for each in reversed(above) if each.text), None)
    if label is None or len(label.text) > _MAX_LABEL or label_of(label.text) != "about":
        return False
    name = line.text.partition("\n")[0]
    pieces = (child for child in line.element.iterdescendants() if child.tag in _NAMED)
    return len(name) <= _MAX_NAME and any(text_of(piece) == name for piece in islice(pieces, _MAX_CELLS))


def _is_signed(line: Line) -> bool:
    """Tell a byline in one cell with headline or body, as on pages without headings and paragraphs."""
    if line.tag == "p" or not ("\nBy " in line.text or line.text.startswith("By ")):
        return False
    signed = next((piece for piece in line.text.split("\n") if piece.startswith("By ")), "")
    is_short = len(signed) <= _MAX_HEAD and not any(label_of(piece) for piece in line.text.split("\n"))
    if signed[3:4].islower() and "Published" not in signed:
        return False
    dates = (find(signed) for find in (find_relative_dates, find_days))
    return is_short and any(next(iter(found), None) is not None for found in dates)


def _part(element: etree._Element, *, is_signed: bool = False) -> None:
    """Put each run of text between two line breaks in a box of its own.

    Args:
        element: The cell.
        is_signed: Only down to the byline in it; what follows stays together.
    """
    while len(element) == 1 and not (element.text or "").strip() and element[0].tag not in BLOCK_TAGS:
        element = element[0]
    style = "white-space:pre-line" if keeps_breaks(element) else element.get("style")
    run = _new_run(element.text, style)
    element.text = None
    is_open = True
    for child in list(element):
        tail, child.tail = child.tail, None
        if is_open and (child.tag == "br" or child.tag in BLOCK_TAGS):
            is_open = not (is_signed and text_of(run).startswith("By "))
            element.append(run)
            element.remove(child)
            if child.tag != "br":
                element.append(child)
            run = _new_run(tail, style)
        else:
            run.append(child)
            child.tail = tail
    element.append(run)


def _new_run(text: str | None, style: str | None = None) -> etree._Element:
    run = etree.Element("div", {"style": style} if style else {})
    run.text = text
    return run
