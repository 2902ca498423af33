"""Story pages of 2017 to 2019: a note on Vocal at the top, no byline, no date."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.platforms.vocal.bylines import is_author_link
from crawler.reading.outline import Line, text_of

_NOTE = re.compile(
    r"(?P<name>.{1,60}?) is (?:a community on|powered by) Vocal\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_SUPPORT = re.compile(
    r"You support (?P<name>(?!this creator).{1,100}?) by reading, sharing and tipping", re.IGNORECASE
)
_REACH = 60
"""Lines among which the note stands; navigation may come before it."""


@dataclass(frozen=True, slots=True)
class EraNote:
    """The note on Vocal above an old story.

    Attributes:
        community: The name it gives.
        author: Whom it asks to support; None in the oldest ones.
        author_href: Of the link around that name, as it stands.
        end: The line after it.
    """

    community: str
    author: str | None
    author_href: str | None
    end: int


def find_era_note(lines: Sequence[Line]) -> EraNote | None:
    """Return the note at the top of an old story, or None.

    Args:
        lines: All lines of the page.
    """
    for index, line in enumerate(lines[:_REACH]):
        match = _NOTE.match(line.text) if " Vocal" in line.text else None
        if match is None:
            continue
        near = lines[index : index + 8]
        support = _SUPPORT.search(" ".join(other.text for other in near))
        author = support["name"] if support else None
        links = (mark for other in near for mark in other.marks if is_author_link(mark))
        href = next((link.get("href") for link in links if text_of(link) == author), None)
        ends = (
            at for at in range(index, min(index + 30, len(lines))) if lines[at].text.lower() == "show less"
        )
        return EraNote(match["name"], author, href, next(ends, index) + 1)
    return None
