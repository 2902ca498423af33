"""What stands around a comment's words and is not said: buttons, counts, menus, links to more."""

import re
from collections.abc import Sequence
from itertools import islice

from crawler.platforms.vocal.comment_dates import is_edit_note, row_pieces
from crawler.platforms.vocal.labels import Label, label_of, parse_like_count, to_count
from crawler.reading.outline import Line, text_of

_MORE = re.compile(
    r"(?:(?:load|show|view|see|read|all) )?"
    r"(?:(?:all|more|older|newer|next|previous|earlier|later|\d{1,7}) ){0,3}"
    r"(?:comments?|page(?: of (?:the )?comments)?)(?: \(?\d{1,7}\)?)?"
    r"|next|older|more|load more|show more|[»›→]|next [»›→]|\d{1,4}",
    re.IGNORECASE,
)
_MORE_REPLIES = re.compile(
    r"(?:load|show|view|see) (?:(?:all|more|next|other|the|\d{1,7}) ){1,3}repl(?:y|ies)", re.IGNORECASE
)
_EDITED = re.compile(r"[(\[]edited[)\]]", re.IGNORECASE)
_MORE_WORD = re.compile(r"\b(?:load|show|view|see|more|older|all)\b", re.IGNORECASE)
_CONTROL = re.compile(
    r"permalink|flag|hide|block|mute|save|embed|parent|context|link|get link|translate|mark as spam"
    r"|(?:see|show|view) (?:the )?(?:original|translation)|(?:log|sign) in to (?:reply|like|vote)"
    r"|be the first to (?:reply|like)|(?:reply to|block|mute|report|your reply to|write a reply to) .{1,60}"
    r"|(?:liked|loved) by .{1,40}|\d{1,5} ?/ ?\d{2,5}|[▲▼△▽⬆⬇↑↓⋮⋯…›+–\-\[\] ]{1,8}|reply ?›|share ?›",
    re.IGNORECASE,
)
_VOTES = re.compile(
    r"(?:[▲△⬆↑+👍♥♡❤🤍]\ufe0f? ?)?(?P<n>\d{1,3}(?:,\d{3}){1,3}|\d{1,7})"
    r"(?: ?(?:likes?|hearts?|claps?|points?|(?:up)?votes?|[♥♡❤🤍👍👏▼▽⬇↓👎]\ufe0f?(?: ?\d{1,7})?))?"
    r"|(?:likes?|liked by|votes?):? ?\(?(?P<after>\d{1,3}(?:,\d{3}){1,3}|\d{1,7})\)?",
    re.IGNORECASE,
)
_REACTIONS = re.compile(
    r"(?:[^\w\s$€£¥%+#@&*=<>/~.,:;!?'\"(){}\[\]-]\ufe0f? ?\d{1,6}\s*)+|liked by (?:the )?(?:author|creator)",
    re.IGNORECASE,
)
"""Pictures with counts."""
_SURE_VOTES = re.compile(r".*\d likes?|[^\w+$€£¥%#].*|liked by .*", re.IGNORECASE)
_COUNTED = re.compile(
    r"\d[\d,.]{0,12}k? (?:likes?|comments?|views?|reads?|shares?|responses?|repl(?:y|ies))", re.IGNORECASE
)
"""A count with what it counts."""
_DOT = frozenset("•·|")
_LIKE = re.compile(r"\blikes?\b", re.IGNORECASE)
_MAX_COUNT = 8
"""Most characters of a count or a dash in a row of buttons."""
_MAX_VOTES = 20
"""Most characters of a count of votes with its word and its sign."""
_MAX_ROW = 120
"""Most characters of a row of buttons."""
_FORMS = frozenset({"form", "label", "menu", "select", "textarea"})
_MAX_BOXES = 6
"""Most elements around a line that are looked at."""


def count_of_votes(text: str) -> int | None:
    """Return the number in what counts a comment's likes.

    Example:
        >>> [count_of_votes(text) for text in ("17", "Like (1,204)", "▲ 4 ▼", "3 points", "2 days", "So?")]
        [17, 1204, 4, 3, None, None]
    """
    if len(text) > _MAX_VOTES or text.isalpha():
        return None
    likes = parse_like_count(text)
    match = _VOTES.fullmatch(text) if likes is None else None
    return to_count(match["n"] or match["after"]) if match is not None else likes


def likes_in_button(line: Line) -> int | None:
    """Return the count of likes in a button with words for screen readers: "Like this story", "16"."""
    if line.tag != "button" or not 1 < len(line.parts) <= _MAX_COUNT or len(line.text) > _MAX_ROW:
        return None
    pieces = [" ".join(part.split()) for part in line.parts if not part.isspace()]
    counts = [count for piece in pieces if (count := parse_like_count(piece)) is not None]
    is_told = any(_LIKE.search(piece) for piece in pieces)
    return counts[0] if is_told and len(set(counts)) == 1 else None


def likes_in_counts(line: Line) -> int | None:
    """Return the likes in a row that also counts comments or views, or in a button with more words."""
    likes = likes_in_button(line)
    if likes is not None or not line.text or (len(line.parts) == 1 and not _DOT.intersection(line.text)):
        return likes
    pieces = row_pieces(line) if len(line.text) <= _MAX_ROW and line.text[0].isdigit() else ()
    if len(pieces) < 2 or not all(_COUNTED.fullmatch(piece) for piece in pieces):
        is_lone = len(pieces) > 1 and pieces[0].isdigit() and all(map(_COUNTED.fullmatch, pieces[1:]))
        return parse_like_count(pieces[0]) if is_lone else None
    return next((parse_like_count(piece) for piece in pieces if "like" in piece.lower()), None)


def likes_before_reply(line: Line) -> int | None:
    """Return the count of likes beside "Reply": "2", "Reply" are not two replies, as "2 replies" are."""
    pieces = row_pieces(line)
    is_row = len(pieces) > 1 and pieces[-1] in ("Reply", "reply") and pieces != ["1", pieces[-1]]
    return count_of_votes(pieces[0]) if is_row else count_of_votes(line.text)


def likes_in_row(line: Line) -> int | None:
    """Return the count of likes that stands beside a date and buttons."""
    return next((n for piece in row_pieces(line) if (n := count_of_votes(piece)) is not None), None)


def votes_in_row(line: Line) -> int | None:
    """Return the count of likes beside a name and a date, where its unit tells it from a part of the name."""
    votes = (count_of_votes(piece) for piece in row_pieces(line) if not piece.isdigit())
    return next((n for n in votes if n is not None), None)


def is_votes(text: str) -> bool:
    """Tell what only counts likes and reactions, with a picture or a unit: "3 likes", "❤️ 2"."""
    if len(text) > _MAX_VOTES or text.isdigit():
        return False
    return count_of_votes(text) is not None or _REACTIONS.fullmatch(text) is not None


def is_surely_votes(text: str) -> bool:
    """Tell the same of what ends a comment's words, where "10 points" may be said."""
    return is_votes(text) and _SURE_VOTES.fullmatch(text) is not None


def is_control(line: Line, *, is_first: bool) -> bool:
    """Tell a button, a menu's entry, a form's label or a note of a change from words that are said."""
    text = line.text
    if line.tag == "button" or is_edit_note(text):
        return True
    if len(text) <= _MAX_ROW and (not is_first or line.marks) and _CONTROL.fullmatch(text):
        return True
    element = line.element
    for _ in range(_MAX_BOXES):
        if element.tag in _FORMS or element.get("role") in ("menu", "menuitem", "button"):
            return True
        above = element.getparent()
        if above is None:
            break
        element = above
    return False


def is_more_words(text: str) -> bool:
    """Tell the words of a link to a further page of comments."""
    return _MORE.fullmatch(text) is not None


def is_more_replies(text: str) -> bool:
    """Tell the words of a link to replies that are not shown.

    Example:
        >>> [is_more_replies(text) for text in ("Load 3 more replies", "View replies", "Hide 3 replies")]
        [True, False, False]
    """
    return _MORE_REPLIES.fullmatch(text) is not None


def is_edited(text: str) -> bool:
    """Tell "(edited)" in a line of its own below a comment's words."""
    return _EDITED.fullmatch(text) is not None


def is_more_button(text: str) -> bool:
    """Tell words that offer more comments than are shown."""
    folded = text.casefold()
    return (
        ("comment" in folded or "load" in folded or "show" in folded)
        and _MORE.fullmatch(text) is not None
        and _MORE_WORD.search(text) is not None
    )


def is_frame(line: Line, above: Line | None = None) -> bool:
    """Tell links to more comments, to like and to reply, and a count, from a paragraph.

    Args:
        line: A paragraph.
        above: The last line that was said; a count beside it may be said too.
    """
    text = line.text
    is_apart = above is not None and above.element.getparent() is not line.element.getparent()
    if (is_apart and is_votes(text)) or (not text[0].isalnum() and is_surely_votes(text)):
        return True
    if is_apart and len(text) <= _MAX_COUNT and not text.isalpha() and _stands_beside_button(line):
        return True
    if not line.marks:
        return False
    return is_more_button(line.text) or _is_link_row(line) or bool(buttons_in(line))


def _stands_beside_button(line: Line) -> bool:
    box = line.element.getparent()
    return box is not None and any(child.tag == "button" for child in islice(box, _MAX_ROW))


def is_around(line: Line, label: Label | None, *, is_first: bool) -> bool:
    """Tell what stands around a comment's words from a text that begins with the same words."""
    if line.tag == "blockquote":
        return False
    return label == "action" or (not is_first and label in ("sign_in", "no_comments", "support", "footer"))


def buttons_in(line: Line) -> Sequence[str]:
    """Return the words of a row of buttons and counts, "Like" and "Reply"; [] for any other line."""
    if len(line.text) > _MAX_ROW:
        return []
    if (likes := likes_in_button(line)) is not None:
        return [str(likes)]
    pieces = row_pieces(line)
    is_row = all(_is_button(piece) or count_of_votes(piece) is not None for piece in pieces)
    return pieces if len(pieces) > 1 and is_row and any(_is_button(piece) for piece in pieces) else []


def _is_button(text: str) -> bool:
    return label_of(text) == "action" or _CONTROL.fullmatch(text) is not None


def _is_link_row(line: Line) -> bool:
    """Tell a paragraph of links that are buttons, "Reply" and "Report", from a paragraph that is said."""
    words = [text_of(mark) for mark in line.marks if mark.tag == "a"]
    return bool(words) and " ".join(words) == line.text and all(label_of(word) == "action" for word in words)


def is_more(line: Line) -> bool:
    """Tell a link or a button that leads to more comments."""
    return (bool(line.marks) or line.tag == "button") and _MORE.fullmatch(line.text) is not None
