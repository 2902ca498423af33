"""The tags under the body of a copied story page: glued on one line, or one on a line."""

import re
from collections.abc import Collection, Sequence

from crawler.platforms.vocal.tags import TagSplit, split_glued_tags
from crawler.platforms.vocal.text_lines import LONG_LINE, Line
from crawler.platforms.vocal.text_sections import fold_name

_LIKE = re.compile(r"like|share|\d{1,7}(?: likes?)?", re.IGNORECASE)
_SENTENCE_END = (".", "!", "?", "…", '"', "”", "’", "'", ")", ":", ";", ",", "*", "~")
_MAX_TAG_LINE, _MAX_TAG_WORDS = 200, 14
_MAX_SINGLE = 5
"""Most tags one on a line; the platform gives no story more."""
_MAX_NEW_TAG_WORDS = 3
"""Most words of a tag nobody knows."""
_MIN_NEW_TAG = 4
"""Fewest letters of it where a blank alone parts it from the next: "My" and "The" are no tags."""
_MAX_KNOWN_WORDS = 4
_CLOSING = re.compile(r"the end|end|fin|finis|amen|to be continued|(?:part|chapter) .*", re.IGNORECASE)
"""What stands at a story's end and is no tag, though capitalized like one."""
_NOT_PRINTED = "not printed"
_AMBIGUOUS = "ambiguous: the last line may be tags or body"


def take_tags(
    lines: Sequence[Line], known_tags: Collection[str], *, is_followed: bool, author_name: str | None = None
) -> tuple[list[Line], TagSplit | None, str | None]:
    """Take the tags off a body's end.

    Args:
        lines: The body with what is printed between it and the next label.
        known_tags: Names besides the bundled ones.
        is_followed: Another section follows, as the page prints tags only before one. Without it only two or
            more known tags are taken.
        author_name: Who may have signed the body at its end.

    Returns:
        (lines without the tags, the tags or None, why there are none or None).
    """
    kept = list(lines)
    while len(kept) > 1 and _LIKE.fullmatch(kept[-1].label):
        kept.pop()
    single = _take_single_tags(kept, known_tags, author_name)
    if len(single) > 1 or (single and kept[-1].bullet and is_followed and _is_prose(kept[-2])):
        return _drop_likes(kept[: -len(single)]), TagSplit(tuple(single), True), None
    last = kept[-1] if len(kept) > 1 else None
    if last is None or last.bullet or not _is_tag_line(last):
        return kept, None, _NOT_PRINTED
    split = split_glued_tags(last.label, known_tags)
    is_sure = is_followed and _is_prose(kept[-2])
    if "," in last.label and not _is_list_of_tags(split.tags, known_tags, is_sure=is_sure):
        return kept, None, _AMBIGUOUS
    if split.is_certain and (is_followed or len(split.tags) > 1):
        return _drop_likes(kept[:-1]), split, None
    if is_followed and not split.is_certain and _is_prose(kept[-2]):
        spaced = _split_at_blanks(last.text, known_tags)
        if spaced or _looks_glued(last.text):
            return _drop_likes(kept[:-1]), TagSplit(spaced, True) if spaced else split, None
    return kept, None, _AMBIGUOUS


def _take_single_tags(
    lines: Sequence[Line], known_tags: Collection[str], author_name: str | None
) -> list[str]:
    """Return the tags that stand one on a line at the end, in printed order.

    The last one must be known. One that nobody knows is taken with as many known ones, where it is
    capitalized like them and a sentence ends above them all.
    """
    found: list[str] = []
    n_sure, n_known = 0, 0
    for line in reversed(lines[1:]):
        if len(found) == _MAX_SINGLE or line.bullet != lines[-1].bullet or not _is_tag_line(line):
            break
        split = split_glued_tags(line.label, known_tags)
        is_known = split.is_certain and len(split.tags) == 1
        if not is_known and (not found or not _is_new_tag(line.text, author_name) or found[-1][0].islower()):
            break
        found.insert(0, split.tags[0] if is_known else line.text)
        n_known += is_known
        n_sure += is_known and n_sure == len(found) - 1
    is_bounded = len(found) < len(lines) and _is_prose(lines[len(lines) - len(found) - 1])
    if len(found) <= 2 * n_known and is_bounded:
        return found
    return found[len(found) - n_sure :]


def _is_new_tag(text: str, author_name: str | None) -> bool:
    words = text.split()
    is_name = author_name is not None and fold_name(text) in (
        fold_name(author_name),
        fold_name(author_name.split()[0]),
    )
    is_title = len(words) <= _MAX_NEW_TAG_WORDS and all(word[0].isupper() for word in words)
    return is_title and not is_name and _CLOSING.fullmatch(text) is None


def _split_at_blanks(text: str, known_tags: Collection[str]) -> tuple[str, ...]:
    """Part capitalized tags that a program parted by blanks: "Historical Short Story"; () for anything else.

    One word may be unknown where a known tag of several words stands beside it: no signature holds one.
    """
    words = text.split()
    if len(words) < 2 or not all(word[0].isupper() for word in words):
        return ()
    tags: list[str] = []
    n_new, longest, at = 0, 1, 0
    while at < len(words):
        for end in range(min(len(words), at + _MAX_KNOWN_WORDS), at, -1):
            split = split_glued_tags(" ".join(words[at:end]), known_tags)
            if split.is_certain:
                tags.extend(split.tags)
                longest = max(longest, end - at)
                at = end
                break
        else:
            if len(words[at]) < _MIN_NEW_TAG:
                return ()
            tags.append(words[at])
            n_new, at = n_new + 1, at + 1
    return tuple(tags) if n_new == 0 or (n_new == 1 and longest > 1) else ()


def _drop_likes(lines: list[Line]) -> list[Line]:
    while len(lines) > 1 and _LIKE.fullmatch(lines[-1].label):
        lines.pop()
    return lines


def _is_tag_line(line: Line) -> bool:
    text = line.label
    is_short = 0 < len(text) <= _MAX_TAG_LINE and len(text.split()) <= _MAX_TAG_WORDS
    return is_short and not text.endswith(_SENTENCE_END) and not text.startswith(("http", "www.", "@"))


def _is_list_of_tags(tags: Sequence[str], known_tags: Collection[str], *, is_sure: bool) -> bool:
    """Tell tags with commas between them from a verse, a cut sentence and a signature.

    The page itself prints no commas there. What nobody knows is a phrase such as "Slow hobbies"; a signature
    ends with a name: "With love, Aunt May".
    """
    return all(
        split_glued_tags(tag, known_tags).is_certain or (is_sure and _is_phrase(tag.split())) for tag in tags
    )


def _is_phrase(words: Sequence[str]) -> bool:
    return 1 < len(words) <= _MAX_NEW_TAG_WORDS and words[0][0].isupper() and words[-1][0].islower()


def _looks_glued(text: str) -> bool:
    """Tell a line of unknown tags from a signature: no capitals at all, or one right after a small letter."""
    return len(text.split()) <= 6 and (text == text.lower() or re.search(r"[a-z][A-Z]", text) is not None)


def _is_prose(line: Line) -> bool:
    return len(line.text) >= LONG_LINE or line.text.endswith((".", "!", "?", "…", '"', "”"))
