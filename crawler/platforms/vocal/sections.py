"""Where the parts of a story page begin and end, by its visible labels.

Every label may also be quoted in a body or a comment. So a label counts only with what the page prints after
it, and the sections only in their order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crawler.platforms.vocal.labels import Label, count_of_comments, is_rights_line, label_of
from crawler.reading.dates import find_relative_dates
from crawler.reading.outline import Line
from crawler.reading.tree import holds

Span = tuple[int, int]
"""(first line, line after the last one)."""

_SECTIONS: frozenset[Label] = frozenset({"about", "insights", "comments"})
_MAX_FIRST = 60
"""Lines below the label among which the first comment's date stands."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend", "summary", "dt"})


@dataclass(frozen=True, slots=True)
class Sections:
    """The parts after the byline; a section's label is not in its span.

    Attributes:
        body: From the byline's end to the first other section.
        about: Under "About the Creator".
        insights: Under "Reader insights".
        comments: Under "Comments".
        comment_count: The number in "Comments (1)"; 0 where the page says there are none.
        rights_line: The line that claims rights.
        n_labels: How many of the platform's own labels were found.
    """

    body: Span
    about: Span | None = None
    insights: Span | None = None
    comments: Span | None = None
    comment_count: int | None = None
    rights_line: str | None = None
    n_labels: int = 0


def find_labels(lines: Sequence[Line]) -> dict[int, Label]:
    """Return the lines that may be labels, by index; not the tabs and links that lead to one further down."""
    found = {
        index: label
        for index, line in enumerate(lines)
        if line.text and (label := label_of(line.text)) is not None
    }
    jumps = {index for index, label in found.items() if label in _SECTIONS and _is_jump(lines[index])}
    last = {label: index for index, label in found.items() if index not in jumps}
    tabs = {index for index in jumps if index - 1 in jumps or index + 1 in jumps}
    return {
        index: label
        for index, label in found.items()
        if index not in tabs and (index not in jumps or last.get(label, -1) < index)
    }


def _is_jump(line: Line) -> bool:
    """Tell a button, a tab or a link within the page."""
    if line.tag == "button" or line.element.get("role") == "tab":
        return True
    return any((mark.get("href") or "").startswith("#") for mark in line.marks)


def find_sections(
    lines: Sequence[Line], labels: dict[int, Label], start: int, author_name: str | None
) -> Sections:
    """Cut the page after its byline.

    Args:
        lines: All lines of the page.
        labels: As `find_labels` gives them.
        start: The first line after the byline; 0 on a page without one.
        author_name: The name in the byline.
    """
    later = {index: label for index, label in labels.items() if index >= start}
    earlier = {index: label for index, label in labels.items() if index < start}
    insights = _find_insights(lines, later, _fold(author_name or ""))
    about = _find_about(lines, later, author_name, insights)
    floor = max((mark for mark in (about, insights) if mark is not None), default=start - 1)
    comments, comment_count = _find_comments(lines, later, floor)
    if comments is None and floor >= start:  # some print the discussion above the author
        above = {index: label for index, label in later.items() if index < floor}
        comments, comment_count = _find_comments(lines, above, start - 1, is_sure=True)
    last = max((mark for mark in (about, insights, comments) if mark is not None), default=start)
    end = min(_find_end(lines, later, last), _find_next_story(lines, later))
    parts = [mark for mark in (about, insights, comments, end) if mark is not None]
    teasers = (at for at, label in later.items() if _begins_teaser(lines[at], label))
    feet = (at for at, label in later.items() if label == "footer" and lines[at].tag != "p")
    inner = (at for at in (*teasers, *feet) if min(parts) < at < last)
    copies = (at for at in later if comments is not None and _repeats_label(lines, later, comments, at))
    marks = sorted({*parts, *inner, *copies})
    rights = (line.text for line in reversed(lines[start:]) if is_rights_line(line.text))

    def under(mark: int | None) -> Span | None:
        """Return the lines from a mark to the next one."""
        return None if mark is None else (mark + 1, next(at for at in [*marks, len(lines)] if at > mark))

    body, block = (start, marks[0]), under(about)
    if about is not None and marks[0] == about and not any(line.text for line in lines[start:about]):
        head_end = _end_of_box(lines, about, next(at for at in [*marks, len(lines)] if at > about))
        if head_end is not None:
            body, block = (head_end, marks[1] if len(marks) > 1 else len(lines)), (about + 1, head_end)
    if block is None:
        block = _find_earlier(lines, earlier, start, _fold(author_name or ""))
    return Sections(
        body=body,
        about=block,
        insights=under(insights),
        comments=under(comments),
        comment_count=comment_count,
        rights_line=next(rights, None),
        n_labels=sum(mark is not None for mark in (about, insights, comments)) + (end < len(lines)),
    )


def _find_earlier(lines: Sequence[Line], labels: dict[int, Label], start: int, author: str) -> Span | None:
    """Return the author's block in a column that the page prints before its story."""
    for index, label in labels.items():
        if label == "about" and _names(lines, index, author):
            end = _end_of_box(lines, index, start)
            other = (at for at, mark in labels.items() if at > index and mark in ("more", "support"))
            return None if end is None else (index + 1, min(end, next(other, end)))
    return None


def _end_of_box(lines: Sequence[Line], label: int, end: int) -> int | None:
    """Return the line after the box of a section that stands above the body; None where it has none."""
    box = lines[label].element.getparent()
    held = [at for at in range(label, end) if box is not None and holds(box, lines[at].element)]
    last = held[-1] if held else label
    return last + 1 if label < last < end - 1 and held == list(range(label, last + 1)) else None


def _repeats_label(lines: Sequence[Line], labels: dict[int, Label], first: int, index: int) -> bool:
    """Tell the label of a second copy of all comments, for a screen of another size, from a comment."""
    is_same = index > first and labels[index] == "comments" and lines[index].text == lines[first].text
    near = lines[first + 1 : min(index, first + _MAX_FIRST)]
    if not is_same or lines[index].tag == "p" or not any(map(_has_date, near)):
        return False
    return any(labels.get(at) == "sign_in" for at, _ in _next_texts(lines, index, 2))


def _begins_teaser(line: Line, label: Label) -> bool:
    """Tell what begins teasers, or asks for support under a heading, from buttons with such words."""
    return (label == "more" and line.tag != "p") or (label == "support" and line.tag in _HEADINGS)


def _next_texts(lines: Sequence[Line], index: int, n_lines: int) -> Iterable[tuple[int, Line]]:
    """Yield the next lines that have text."""
    for at in range(index + 1, len(lines)):
        if n_lines == 0:
            return
        if lines[at].text:
            n_lines -= 1
            yield at, lines[at]


def _find_insights(lines: Sequence[Line], labels: dict[int, Label], author: str) -> int | None:
    """Return the label with the section's own words under it, else the first after the author's block."""
    found = None
    signed = (at for at, label in labels.items() if label == "about" and _names(lines, at, author))
    about = max(signed, default=-1)
    for index, label in labels.items():
        if label == "insights":
            below = [labels.get(at) for at, _ in _next_texts(lines, index, 8)]
            ends = (at for at, mark in enumerate(below) if mark in ("about", "insights"))
            below = below[: next(ends, len(below))]
            if any(mark in ("insights_noise", "top_insights") for mark in below):
                return index
            if (
                found is None
                and index > about
                and (lines[index].tag in _HEADINGS or below[:1] == ["comments"])
            ):
                found = index
    return found


def _find_about(
    lines: Sequence[Line], labels: dict[int, Label], author_name: str | None, insights: int | None
) -> int | None:
    """Return the label with the byline's own name under it, else the last that ends the body."""
    candidates = [index for index, label in labels.items() if label == "about"]
    before = [index for index in candidates if insights is None or index < insights]
    wanted = _fold(author_name or "")
    discussion = min((index for index, label in labels.items() if label == "comments"), default=len(lines))
    after = [
        index
        for index in candidates
        if index not in before
        and (
            lines[index].tag in _HEADINGS or (lines[index].tag in ("div", "td", "th") and index < discussion)
        )
    ]
    if not before and after and _names(lines, after[0], wanted):
        return after[0]
    for index in reversed(before):
        if _names(lines, index, wanted):
            return index
    headings = [index for index in before if lines[index].tag in _HEADINGS]
    loose = [index for index in before if lines[index].tag != "p"]
    return next((some[-1] for some in (headings, loose, before) if some), None)


def _names(lines: Sequence[Line], index: int, author: str) -> bool:
    """Tell whether a name, folded, begins one of the lines under a label."""
    return bool(author) and any(
        _fold(line.text).startswith(author) for _, line in _next_texts(lines, index, 3)
    )


def _find_comments(
    lines: Sequence[Line], labels: dict[int, Label], floor: int, *, is_sure: bool = False
) -> tuple[int | None, int | None]:
    """Return the comments' label and their number; if ``is_sure``, only one with its own words below."""
    weak: int | None = None
    found: int | None = None
    for index, label in labels.items():
        if index <= floor:
            continue
        if label == "comments":
            below = [labels.get(at) for at, _ in _next_texts(lines, index, 5)]
            if "sign_in" in below or "no_comments" in below:
                found = index
                break
            is_heading = lines[index].tag in _HEADINGS or count_of_comments(lines[index].text) is not None
            heads = any(_has_date(line) for _, line in _next_texts(lines, index, 6))
            if weak is None and not is_sure and (is_heading or heads):
                weak = index
        elif label in ("sign_in", "no_comments") and weak is None and not is_sure:
            found = index - 1
            break
    found = found if found is not None else weak
    if found is None:
        return None, None
    count = count_of_comments(lines[found].text) if found in labels else None
    if count is None and found in labels:
        after = next((line.text for _, line in _next_texts(lines, found, 1)), "")
        count = count_of_comments(f"Comments {after}") if after[:1] in "(0123456789" else None
    if count is None and any(labels.get(at) == "no_comments" for at, _ in _next_texts(lines, found, 5)):
        count = 0
    return found, count


def _has_date(line: Line) -> bool:
    return len(line.text) < 200 and next(find_relative_dates(line.text), None) is not None


def _find_end(lines: Sequence[Line], labels: dict[int, Label], last: int) -> int:
    """Return where the footer, or teasers after the last section, begin; the number of lines without any."""
    for index, label in labels.items():
        if index <= last or (label in ("footer", "more") and _is_answered(lines, index, last)):
            continue
        if label == "footer" and (lines[index].tag != "p" or _is_last(lines, index)):
            return index
        if label == "more" and (lines[index].tag != "p" or _is_repeated(lines, labels, index)):
            return index
    return len(lines)


def _is_last(lines: Sequence[Line], index: int) -> bool:
    """Tell a footer in paragraphs from a comment of such words: near the end, with no date below."""
    return index > len(lines) - 12 and not any(_has_date(line) for line in lines[index + 1 :])


def _is_repeated(lines: Sequence[Line], labels: dict[int, Label], index: int) -> bool:
    """Tell "Keep reading" with "More stories from" under it from a comment of such words."""
    return any(labels.get(at) == "more" for at, _ in _next_texts(lines, index, 1))


def _is_answered(lines: Sequence[Line], index: int, last: int) -> bool:
    """Tell whether a label is the text of a comment: right below the comment's date."""
    near = (lines[at] for at in range(index - 1, last, -1))
    above = next((line for line in near if line.text), None)
    if above is None or len(above.text) > 200 or above.tag == "p":
        return False
    spans = list(find_relative_dates(above.text))
    return bool(spans) and not any(char.isalnum() for char in above.text[spans[-1][1] :])


def _find_next_story(lines: Sequence[Line], labels: dict[int, Label]) -> int:
    """Return where an old page says "Now Reading", this title, "Read Next"; the number of lines without."""
    marks = [index for index, label in labels.items() if label == "read_next"]
    return next((one for one, other in pairwise(marks) if other - one <= 4), len(lines))


def _fold(name: str) -> str:
    return "".join(name.casefold().split())
