"""The reader insights of a story page, as the lines their reader knows."""

import re
from collections.abc import Iterator, Sequence

from crawler.platforms.vocal.labels import label_of
from crawler.platforms.vocal.text_lines import Line as TextLine
from crawler.reading.outline import Line

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ORDINAL = re.compile(r"\d{1,2}[.)]\s+(?=\S)")
_CHOSEN = re.compile(r"\(?[×x]?(\d{1,7})(?: (?:readers?|votes?|people|times))?\)?", re.IGNORECASE)
"""How many readers chose an insight, in an element of its own."""
_NOBODY = re.compile(r"be the first to share your insights\b", re.IGNORECASE)


def insight_lines(lines: Sequence[Line]) -> list[TextLine]:
    """Return the lines under "Reader insights" with a mark on the first of each listed item.

    A number beside a label, in an element or a line of its own, is how many readers chose it; it is put in
    parentheses after the label.

    Args:
        lines: Without the label of the section.
    """
    found: list[TextLine] = []
    item, label_at = None, None
    n_counted = 0
    for line in _own_lines(lines):
        number = line.text.strip("().")
        counted = int(number) if number.isdecimal() and len(number) <= 2 else None
        if counted == n_counted + 1 and (n_counted or label_at is None):
            n_counted, label_at = n_counted + 1, None  # of a list whose numbers are printed as text
            continue
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
        first, *others = _with_count(line).split("\n")
        first = _ORDINAL.sub("", first) if is_label else first
        found.append(TextLine(first, "1." if is_first else "", 0, 0))
        found.extend(TextLine(text, "", 0, 0) for text in others if text)
    return found


def _own_lines(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the section's lines up to what the page prints after it; none where nobody has judged yet."""
    is_listed = False
    for line in lines:
        label = label_of(line.text)
        if label in ("more", "support", "read_next", "footer", "comments", "about") or _NOBODY.match(
            line.text
        ):
            return
        is_item = line.tag == "li" or any(above.tag == "li" for above in line.element.iterancestors())
        if is_listed and not is_item and label is None and line.tag in _HEADINGS:
            return
        is_listed = is_listed or is_item
        if line.text:
            yield line


def _is_told(found: Sequence[TextLine], label_at: int | None) -> bool:
    """Tell whether the last label outside of a list still waits for its explanation."""
    return label_at is not None and label_at == len(found) - 1


def _with_count(line: Line) -> str:
    pieces = [part.strip() for part in line.parts if not part.isspace()]
    chosen = _CHOSEN.fullmatch(pieces[-1]) if len(pieces) == 3 else None
    if chosen is not None and "\n" not in line.text:
        return f"{pieces[0]} ({chosen[1]})\n{pieces[1]}"
    if len(pieces) == 2 and line.text == "".join(pieces) and not pieces[1].isdigit():
        return "\n".join(pieces)  # label and explanation, set apart by their looks alone
    last = pieces[-1] if len(pieces) > 1 else ""
    if last.isdigit() and line.text.endswith(last):
        return f"{line.text[: -len(last)].rstrip()} ({last})"
    return line.text


def _numbered(line: TextLine, count: str) -> TextLine:
    return TextLine(f"{line.text} ({count})", line.bullet, line.indent, line.gap)
