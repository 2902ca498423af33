"""The comments of a copied story page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.platforms.vocal.text_lines import Line
from crawler.platforms.vocal.text_sections import find_comment_head

_SIGN_IN = re.compile(r"sign in to comment\b[\s:]*", re.IGNORECASE)
_NOISE = re.compile(
    r"there are no comments for this story\.?|be the first to respond and start the conversation\.?"
    r"|reply|like|likes|share|report|hide replies|\d{1,7}(?: likes?)?",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:load|show|view|see) (?:\w+ ){0,3}(?:comments|replies|more)|(?:more|older|newer|next) comments"
    r"|\d{1,7} (?:more )?repl(?:y|ies)",
    re.IGNORECASE,
)
_DEPTH = {"◦": 1, "○": 1, "□": 1, "o": 1, "▪": 2, "‣": 2, "■": 2, "▫": 2}
_SENTENCE = re.compile(r"[,;:!?\"“”]|\b(?:I|we|was|is|the|this|read|wrote|saw)\b")
_MAX_NAME_WORDS = 8


@dataclass(slots=True)
class CommentDraft:
    """One comment as printed.

    Attributes:
        name: Who wrote it.
        date: When, as printed.
        depth: Columns and bullets by which it stands in; more than its parent's.
        parent: Place of the comment it answers in the list; None at the top.
        lines: Its body.
    """

    name: str
    date: str
    depth: int
    parent: int | None = None
    lines: list[Line] = field(default_factory=list)


def read_comments(lines: Sequence[Line]) -> tuple[list[CommentDraft], bool]:
    """Read what stands under "Comments".

    Args:
        lines: Without the label itself.

    Returns:
        (comments in printed order, whether the page offers more than it prints).
    """
    rows = _drop_sign_in(_part_merged(lines))
    heads = _find_heads(rows)
    drafts: list[CommentDraft] = []
    has_more = False
    for index, row in enumerate(rows):
        if index in heads:
            name, date, n_rows = heads[index]
            if n_rows:
                depth = row.indent + 2 * _DEPTH.get(row.bullet, 0)
                drafts.append(CommentDraft(name, date, depth))
        elif _MORE.fullmatch(row.label):
            has_more = True
        elif drafts:
            drafts[-1].lines.append(row)
    for draft in drafts:
        _drop_buttons(draft.lines)
    _set_parents(drafts)
    return drafts, has_more


def _drop_buttons(lines: list[Line]) -> None:
    """Drop the buttons and counts under a comment; the same words inside it, or alone, are its own."""
    while len(lines) > 1 and _NOISE.fullmatch(lines[-1].label):
        lines.pop()


def _part_merged(lines: Sequence[Line]) -> list[Line]:
    """Part what a rewrap put on one line: "Great work • Ann Lee 3 days ago"."""
    parted: list[Line] = []
    for line in lines:
        left, mark, right = line.label.rpartition(" • ")
        sign_in = _SIGN_IN.match(line.label)
        head = Line(right, "•", line.indent, 0) if mark else None
        if head and find_comment_head(head):
            parted.append(Line(left, line.bullet, line.indent, line.gap))
            parted.append(head)
        elif sign_in and sign_in.end() < len(line.label):
            rest = line.label[sign_in.end() :]
            bullet, blank, text = rest.partition(" ")
            is_bullet = bool(blank) and not bullet[:1].isalnum()
            parted.append(Line(text if is_bullet else rest, bullet if is_bullet else "", line.indent, 1))
        else:
            parted.append(line)
    return parted


def _drop_sign_in(rows: Sequence[Line]) -> list[Line]:
    return [row for row in rows if not _SIGN_IN.fullmatch(row.label)]


def _find_heads(rows: Sequence[Line]) -> dict[int, tuple[str, str, int]]:
    """Return row -> (name, date, rows it has); a date's own row has none."""
    found: dict[int, tuple[str, str, int]] = {}
    for index, row in enumerate(rows):
        head = find_comment_head(row)
        if head is None:
            continue
        if head[0]:
            found[index] = (*head, 1)
        elif index and index - 1 not in found and 0 < len(rows[index - 1].label) <= 100:
            found[index - 1] = (rows[index - 1].text, head[1], 2)
            found[index] = ("", head[1], 0)
    if any(rows[index].bullet for index, head in found.items() if head[2]):
        owners = {index for index, head in found.items() if head[2] and rows[index].bullet}
        return {i: head for i, head in found.items() if i in owners or (not head[2] and i - 1 in owners)}
    return {i: head for i, head in found.items() if not head[2] or _is_name(head[0])}


def _is_name(text: str) -> bool:
    return len(text.split()) <= _MAX_NAME_WORDS and _SENTENCE.search(text) is None


def _set_parents(drafts: Sequence[CommentDraft]) -> None:
    open_ones: list[int] = []
    for index, draft in enumerate(drafts):
        while open_ones and drafts[open_ones[-1]].depth >= draft.depth:
            open_ones.pop()
        draft.parent = open_ones[-1] if open_ones else None
        open_ones.append(index)
