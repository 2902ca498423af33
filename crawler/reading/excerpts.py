"""The beginning of an article, cut between words."""

import re
from itertools import islice

from bs4 import BeautifulSoup
from bs4.dammit import EntitySubstitution
from bs4.element import NavigableString
from bs4.formatter import HTMLFormatter

_ELLIPSIS = "…"
_WORD = re.compile(r"\S+")
_FORMATTER = HTMLFormatter(
    entity_substitution=EntitySubstitution.substitute_xml, void_element_close_prefix="", indent=0
)


def excerpt_text(text: str, words: int) -> str:
    r"""Return the first words of a text with its paragraphs, and "…" where something was cut off.

    Args:
        text: Paragraphs separated by blank lines.
        words: Most words kept; >= 1.

    Example:
        >>> excerpt_text("One two.\n\nThree four.", 3)
        'One two.\n\nThree…'
    """
    n_left, kept = words, []
    paragraphs = text.split("\n\n")
    for paragraph in paragraphs:
        found = paragraph.split()
        if len(found) > n_left:
            if n_left:
                kept.append(_cut(paragraph, n_left))
            else:
                kept[-1] += f" {_ELLIPSIS}"
            break
        kept.append(paragraph)
        n_left -= len(found)
    return "\n\n".join(kept)


def excerpt_html(html: str, words: int) -> str:
    """Return the beginning of sanitized markup: whole words, every element closed, links kept.

    Args:
        html: As `crawler.reading.markup.sanitize_html` gives it.
        words: Most words kept; >= 1. Pictures before the cut stay.

    Returns:
        The markup itself when it has no more words than that.

    Example:
        >>> excerpt_html('<p>One <a href="https://a.example/">two three</a> four.</p><p>Five.</p>', 2)
        '<p>One <a href="https://a.example/">two…</a></p>'
    """
    soup = BeautifulSoup(f"<div>{html}</div>", "lxml")
    n_left, last = words, None
    for node in soup.find_all(string=True):
        found = node.split()
        if len(found) <= n_left:
            n_left -= len(found)
            last = node if found else last
        elif n_left or last is None:
            _end_with(node, _cut(node, n_left))
            break
        else:
            _end_with(last, f"{last.rstrip()} {_ELLIPSIS}")
            break
    else:
        return html
    box = soup.div
    return box.decode_contents(formatter=_FORMATTER) if box else ""


def _cut(text: str, words: int) -> str:
    """Return the first words of a longer text, with the blanks between them, which matter in code."""
    ends = islice((word.end() for word in _WORD.finditer(text)), words - 1, None)
    return text[: next(ends)].rstrip(",;:") + _ELLIPSIS


def _end_with(node: NavigableString, text: str) -> None:
    """Put ``text`` in the place of a text node and drop everything after it."""
    end = NavigableString(text)
    node.replace_with(end)
    for element in (end, *end.parents):
        for sibling in list(element.next_siblings):
            sibling.extract()
