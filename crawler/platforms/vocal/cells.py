"""Sections of a page that are one cell each, their lines parted by nothing but line breaks."""

from lxml import etree

from crawler.platforms.vocal.labels import label_of
from crawler.reading.outline import BLOCK_TAGS, Line, read_lines

_BEGIN = frozenset({"about", "insights", "comments"})
_MAX_CELLS = 20
"""Most cells parted in one page."""


def part_cells(lines: list[Line]) -> list[Line]:
    """Return the lines with each broken one that begins a section as lines of their own.

    Args:
        lines: All lines of a page; its tree is changed where there are such.
    """
    broken = [line for line in lines if "\n" in line.text and _begins_section(line)]
    if not broken:
        return lines
    for line in broken[:_MAX_CELLS]:
        _part(line.element)
    return read_lines(broken[0].element.getroottree().getroot())


def _begins_section(line: Line) -> bool:
    """Tell a section in one cell from a verse of such words in a paragraph."""
    pieces = line.text.split("\n")
    heads = pieces[:1] if line.tag == "p" else pieces
    return any(label_of(piece) in _BEGIN for piece in heads)


def _part(element: etree._Element) -> None:
    """Put each run of text between two line breaks in a box of its own."""
    while len(element) == 1 and not (element.text or "").strip() and element[0].tag not in BLOCK_TAGS:
        element = element[0]
    run = _new_run(element.text)
    element.text = None
    for child in list(element):
        tail, child.tail = child.tail, None
        if child.tag == "br" or child.tag in BLOCK_TAGS:
            element.append(run)
            element.remove(child)
            if child.tag != "br":
                element.append(child)
            run = _new_run(tail)
        else:
            run.append(child)
            child.tail = tail
    element.append(run)


def _new_run(text: str | None) -> etree._Element:
    run = etree.Element("div")
    run.text = text
    return run
