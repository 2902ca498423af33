"""The reader insights of a story page, as the lines their reader knows."""

from collections.abc import Sequence

from crawler.platforms.vocal.labels import label_of
from crawler.platforms.vocal.text_lines import Line as TextLine
from crawler.reading.outline import Line


def insight_lines(lines: Sequence[Line]) -> list[TextLine]:
    """Return the lines under "Reader insights" with a mark on the first of each listed item.

    A number beside a label, in an element or a line of its own, is how many readers chose it; it is put in
    parentheses after the label.

    Args:
        lines: Without the label of the section.
    """
    found: list[TextLine] = []
    item, label_at = None, None
    for line in lines:
        if not line.text:
            continue
        number = line.text.strip("()")
        if number.isdigit() and label_at is not None:
            found[label_at] = _numbered(found[label_at], number)
            continue
        if label_of(line.text) == "top_insights":
            found.append(TextLine(line.text, "", 0, 0))
            item, label_at = None, None
            continue
        around = (above for above in (line.element, *line.element.iterancestors()) if above.tag == "li")
        own = next(around, None)
        is_first = own is not None and own is not item
        item = own
        is_label = is_first or (own is None and not _is_told(found, label_at))
        label_at = len(found) if is_label else label_at
        found.append(TextLine(_with_count(line), "1." if is_first else "", 0, 0))
    return found


def _is_told(found: Sequence[TextLine], label_at: int | None) -> bool:
    """Tell whether the last label outside of a list still waits for its explanation."""
    return label_at is not None and label_at == len(found) - 1


def _with_count(line: Line) -> str:
    last = line.parts[-1].strip() if len(line.parts) > 1 else ""
    if last.isdigit() and line.text.endswith(f" {last}"):
        return f"{line.text[: -len(last)].rstrip()} ({last})"
    return line.text


def _numbered(line: TextLine, count: str) -> TextLine:
    return TextLine(f"{line.text} ({count})", line.bullet, line.indent, line.gap)
