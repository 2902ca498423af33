"""Take off a body what is printed between the headline and the text, as far as it came along."""

import re
from collections.abc import Collection

from crawler.platforms.generic.fronts import is_sentence, without_days, without_times
from crawler.platforms.generic.opening import Html, letters_of
from crawler.platforms.generic.people import read_authors, read_byline
from crawler.reading.markup import html_to_text
from crawler.reading.outline import Line

MAX_FRONT = 200
"""Longest line of dates above a body, in characters."""

_FIRST_BLOCK = re.compile(r"<(h[2-6]|p|ul|ol)>(.{1,2500}?)</\1>", re.DOTALL)
_MINUTES = re.compile(r"\d{1,3}[ -]?min(?:ute)?s?(?: to)?(?: read)?\b", re.IGNORECASE)
_LABELS = re.compile(
    r"\b(?:by|von|par|por|and|und|et|on|in|am|le|posted|published|written|updated)\b", re.IGNORECASE
)


def without_front(body: str, html: Html, *, headline: str | None, dek: str | None) -> str:
    """Take headline, standfirst, byline and what stands above them off a body that begins with them.

    Args:
        body: Sanitized.
        html: The page.
        headline: As read.
        dek: As read.
    """
    front = [headline, html.h1, dek, read_byline(html), *html.front.lines]
    for line in html.page.lines:
        if len(line.text) <= MAX_FRONT and (labels := _labels_of(line)) is not None:
            front += [labels, line.text]
    known = {letters_of(text) for text in front if text}
    # A section's name or a link above the headline goes with it, if it or what is below it came along.
    above = {letters_of(text) for text in html.front.above}
    names = [author.name for author in read_authors(html)]
    end = place = 0
    while match := _FIRST_BLOCK.match(body, place):
        place = match.end()
        lines = [line for line in html_to_text(match[2]).split("\n") if line]
        is_known = all(letters_of(line) in known or is_of_names(line, names) for line in lines)
        if is_known or letters_of("".join(lines)) in known:
            end = place
        elif not all(letters_of(line) in above for line in lines):
            break
    return body[end:]


def is_of_names(text: str, names: Collection[str]) -> bool:
    """Tell a line of authors' names, days and reading time alone; days by themselves may be the text's.

    Args:
        text: One printed line.
        names: Of the authors.
    """
    if len(text) > MAX_FRONT:
        return False
    rest = _MINUTES.sub(" ", text)
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name, " ")
    return rest != text and not letters_of(_LABELS.sub(" ", without_days(rest)))


def _labels_of(line: Line) -> str | None:
    """Return what a line of dates says besides, "Updated" of "Updated May 2"; None for any other line."""
    text = without_times(line)
    return text if text != line.text and not is_sentence(text) else None
