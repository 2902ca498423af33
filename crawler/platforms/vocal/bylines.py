"""The byline of a story page: one line or several, glued or apart, with what its elements tell exactly."""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from lxml import etree

from crawler.platforms.vocal.addresses import canonical_url, leads_to_story
from crawler.platforms.vocal.labels import label_of
from crawler.platforms.vocal.text_byline import Byline, parse_byline
from crawler.reading.dates import DateReading, find_relative_dates, parse_date
from crawler.reading.outline import DATE_TAGS, Line, normalize_line, text_of
from crawler.reading.urls import absolute_url

MAX_NAME = 100
"""Longest name of an author, in characters."""
_MAX_LINES = 10
"""Most lines a byline is spread over: by, name, published, date, dot, updated, date, dot, minutes."""

_BY = re.compile(r"by\b[:\s]*", re.IGNORECASE)
_WRITTEN = re.compile(r"(?:written|words|story|posted|published) (?=by\b)", re.IGNORECASE)
_TURNED = re.compile(
    r"(?=\d{1,4} min|published |posted |(?:about )?(?:an?|\d{1,2}) \w+ ago)(?P<told>.{4,120}?)"
    r"[\s•·|,–—-]*\b(?P<by>by):? ?",
    re.IGNORECASE,
)
"""Dates and minutes in front of "by" and the name."""
_PIECE = re.compile(r"(?:written |words |story |posted )?(by\b.*)", re.IGNORECASE)
_MAX_HEAD = 8
"""Lines from the main heading to a byline: standfirst, badges, buttons, a picture."""
_MAX_LINES_ABOVE = 40
_MAX_WORDS_ABOVE = 300
"""Most lines and characters from the title, or the page's beginning, to a byline without its "By"."""
_MAX_SIGN = 30
"""Most characters of what stands before "By" in its line: an icon's word, words for screen readers."""
_TAIL = re.compile(
    r"(?:[\s•·|–—-]*(?:\d[\d,.]*k?\s*(?:views?|reads?|comments?|likes?|words?|claps?)|follow|share|save))+",
    re.IGNORECASE,
)
"""Counts and buttons that may follow a byline's minutes."""
_BETWEEN = " •·|–—-"
_MAX_DATES = 80
"""Most characters of a line of dates and minutes."""
_MAX_DATE = 50
"""Most characters of a line that is one date."""
_MAX_ABOVE = 2
"""Most lines of dates above a name."""
_JOINS = re.compile(r"\s*(?:,|&|and\b|with\b)", re.IGNORECASE)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_MINUTES = re.compile(r"(?:^|\D)(\d{1,4})[ -]min(?:ute)?s?(?: read)?\b", re.IGNORECASE)
_LENGTH = re.compile(r"(?:read(?:ing)? (?:time|length)|length):?", re.IGNORECASE)
"""The label of the minutes, in a line of its own."""
_PUBLISHED = re.compile(r"(?:Published|Posted)\b\s*:?\s*", re.IGNORECASE)
_INITIALS = frozenset("bBpPwWsS")
"""Of a byline's first line; a look at one spares nearly all lines the rest."""
_UPDATED = re.compile(r"\bUpdated\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageByline:
    """A byline where it stands.

    Attributes:
        byline: What it says; None where only an author's link and perhaps a date mark it.
        start: Its first line.
        end: The line after its last one.
        author_name: As the link to the author prints it, else as the line does.
        author_href: Of that link, as it stands.
        published_exact: What ``<time>`` says of the first date.
        modified_exact: What ``<time>`` says of the second date.
        minutes: Reading time, where it stands apart.
    """

    byline: Byline | None
    start: int
    end: int
    author_name: str | None
    author_href: str | None
    published_exact: str | None = None
    modified_exact: str | None = None
    minutes: int | None = None

    @property
    def is_old(self) -> bool:
        """The layout of 2020 to 2022, which prints the standfirst under the byline."""
        return self.byline is not None and self.byline.is_old


def find_byline(
    lines: Sequence[Line], limit: int, seen_at: datetime, *, page_url: str | None, n_bare: int = sys.maxsize
) -> PageByline | None:
    """Return the page's own byline: the first outside of headings with a date, else with an author's link.

    Args:
        lines: All lines of the page.
        limit: The first line too far down.
        seen_at: When the page was served.
        page_url: Address of the page; a byline under a link to another story is that story's.
        n_bare: Lines among which a name above a date needs no "By"; below them stand comments.
    """
    bare: PageByline | None = None
    limit = min(limit, len(lines))
    near = [
        at
        for at, line in enumerate(islice(lines, limit))
        if (line.text[:1] in _INITIALS or (line.marks and (len(line.parts) > 1 or line.tag != "li")))
        and len(line.text) <= 400
    ]
    for index in near:
        line = lines[index]
        text = line.text
        if line.tag in _HEADINGS and not _is_signed_heading(line):
            continue
        if _signed(line):
            found = _read_at(lines, index, limit, seen_at)
        elif bare is None and _PUBLISHED.match(text):
            found = _read_unsigned(lines, index, limit, seen_at)
        elif bare is None and line.marks and line.tag != "li" and index < n_bare:
            found = _read_named(lines, index, limit, seen_at)
            if found is not None and not _is_on_card(lines, found, page_url) and _is_titled(lines, index):
                return found
        else:
            continue
        if found is None or _is_on_card(lines, found, page_url):
            continue
        is_signed = found.byline is not None and bool(found.byline.printed) and not found.byline.is_bare
        if is_signed:
            return _with_dates_above(lines, _with_repeated(lines, found, limit, seen_at), seen_at)
        if bare is None and (found.author_href or line.tag != "p" or found.byline is not None):
            bare = found
    return _with_dates_above(lines, bare, seen_at) if bare is not None else None


def _is_in_head(lines: Sequence[Line], index: int) -> bool:
    """Tell what stands above the body, by the few words between it and the title or the page's beginning."""
    n_characters = 0
    for at in range(index - 1, max(index - _MAX_LINES_ABOVE, 0) - 1, -1):
        line = lines[at]
        if line.tag == "h1" or line.element.get("role") == "heading":
            return True
        n_characters += len(line.text)
        if n_characters > _MAX_WORDS_ABOVE:
            return False
    return index <= _MAX_LINES_ABOVE


def _is_titled(lines: Sequence[Line], index: int) -> bool:
    """Tell what stands right under the main heading, so that no later name is the story's author."""
    return any(line.tag == "h1" for line in lines[max(0, index - _MAX_HEAD) : index])


def _signed(line: Line) -> str:
    """Return a line from its "By" on; "" where it has none at its start or after a short sign."""
    text = line.text
    if text[:1] in "bB" and _BY.match(text):
        return text
    if text[:1] in "wWsSpP" and (written := _WRITTEN.match(text)) is not None:
        return text[written.end() :]
    if len(line.parts) < 2 or not (text[:1] in "bB" or any(is_author_link(mark) for mark in line.marks)):
        return ""
    return _turned(line) or _signed_inside(line)


def _turned(line: Line) -> str:
    """Return "Published 3 days ago by Ann Lee" with the name first; "" for a line that is no such."""
    name = next((name for mark in line.marks if is_author_link(mark) and (name := text_of(mark))), "")
    before, _, after = line.text.partition(name) if name else ("", "", "")
    match = _TURNED.fullmatch(before)
    if match is None:
        return ""
    minutes = _MINUTES.search(match["told"])
    date = _PUBLISHED.sub("", _MINUTES.sub("", match["told"])).strip(_BETWEEN)
    length = f"{minutes[1]} min read" if minutes is not None else after.strip(_BETWEEN)
    return f"{match['by']} {name} Published {date} {length}".rstrip()


def _signed_inside(line: Line) -> str:
    """Return a line from its "By" on where that stands after a short sign in an element of its own."""
    before = 0
    pieces = [normalize_line(part) for part in line.parts]
    for at, piece in enumerate(pieces):
        match = _PIECE.fullmatch(piece)
        if match is not None:
            return " ".join(" ".join((match[1], *pieces[at + 1 :])).split())
        before += len(piece)
        if before > _MAX_SIGN:
            break
    return ""


def _is_signed_heading(line: Line) -> bool:
    """Tell a byline set as a heading from a headline worded like one, by the author's link or the minutes."""
    if line.tag == "h1" or not _signed(line):
        return False
    return any(is_author_link(mark) for mark in line.marks) or _MINUTES.search(line.text) is not None


def _with_repeated(lines: Sequence[Line], found: PageByline, limit: int, seen_at: datetime) -> PageByline:
    """Take a second copy of the byline, printed for a screen of another size, to the first."""
    at = next((at for at in range(found.end, min(found.end + 3, limit)) if lines[at].text), None)
    again = _read_at(lines, at, limit, seen_at) if at is not None and _signed(lines[at]) else None
    is_same = again is not None and again.byline is not None and again.author_name == found.author_name
    return replace(found, end=again.end) if again is not None and is_same else found


def _with_dates_above(lines: Sequence[Line], found: PageByline, seen_at: datetime) -> PageByline:
    """Take dates that stand in lines of their own above the name, where none stands below it."""
    if found.author_name is None or (found.byline is not None and found.byline.published is not None):
        return found
    start, words = found.start, list[str]()
    while start > 0 and len(words) < _MAX_ABOVE and _is_date_line(lines[start - 1], seen_at):
        start -= 1
        words.insert(0, lines[start].text)
    published, updated = _dates_in(" ".join(words), seen_at) if words else (None, None)
    if published is None:
        return found
    byline = found.byline or Byline(_printed(lines[found.start], found.author_name), found.author_name, None)
    exact = [*_exact_dates(lines, start, found.start), None, None]
    return replace(
        found,
        byline=replace(byline, published=published, updated=updated, minutes=found.minutes),
        start=start,
        published_exact=exact[0],
        modified_exact=exact[1],
    )


def _printed(line: Line, name: str) -> str:
    """Return "By Ann Lee" where a line prints it, else ""."""
    return f"{line.text[:2]} {name}" if _BY.match(line.text) else ""


def _is_date_line(line: Line, seen_at: datetime) -> bool:
    """Tell a line that is nothing but "Published" or "Updated" and a date, or a relative date."""
    text = line.text
    if not 0 < len(text) <= _MAX_DATE or line.tag in _HEADINGS:
        return False
    words = _UPDATED.sub("", _PUBLISHED.sub("", text)).strip(" :•·|")
    is_named = _PUBLISHED.match(text) is not None or _UPDATED.match(text) is not None
    is_relative = next(find_relative_dates(words), None) == (0, len(words))
    return is_relative or (is_named and parse_date(words, seen_at=seen_at, language="en") is not None)


def _is_on_card(lines: Sequence[Line], found: PageByline, page_url: str | None) -> bool:
    """Tell the byline of a teased or listed story by the link to it, around the byline or right above."""
    own = canonical_url(page_url) if page_url else None
    above = [line for line in lines[max(0, found.start - 4) : found.start] if line.text][-2:]
    links = list(lines[found.start].element.iterancestors("a"))
    for line in above:
        links.extend(mark for mark in line.marks if mark.tag == "a")
        links.extend(line.element.iterancestors("a"))
    for link in links:
        href = link.get("href")
        if leads_to_story(href, page_url):
            url = absolute_url(page_url, href)
            if url is None or canonical_url(url) != own:
                return True
    return False


def is_author_link(element: etree._Element) -> bool:
    """Tell whether an element links to an author's page."""
    href = element.get("href") if element.tag == "a" else None
    return href is not None and "/authors/" in href and "page=" not in href and "/page/" not in href


def time_value(element: etree._Element) -> str | None:
    """Return the exact date an element carries for machines: ``datetime``, or an ISO date as its title."""
    value = element.get("datetime") or element.get("title")
    return value if value and value[:4].isdigit() and "-" in value[:8] else None


def _read_at(lines: Sequence[Line], start: int, limit: int, seen_at: datetime) -> PageByline | None:
    """Read the byline that begins at ``start``, as many lines of it as make one."""
    best: tuple[Byline, int] | None = None
    n_told = 0
    for text, end in _growing(lines, start, limit):
        byline = parse_byline(text, seen_at=seen_at)
        is_whole = byline is not None and (not byline.rest or _TAIL.fullmatch(byline.rest) is not None)
        if byline is not None and is_whole and _count_told(byline) > n_told:
            best, n_told = (byline, end), _count_told(byline)
            if byline.minutes is not None and byline.published is not None:
                break
    if best is not None:
        return _with_marks(lines, best[0], start, best[1])
    near = range(start + 1, min(start + 3, limit))
    other = next((at for at in near if _signed(lines[at])), min(start + 3, limit))
    is_begun = bool(_BY.sub("", _signed(lines[start])))
    link = _author_link(lines, start, other if is_begun else min(start + 3, limit))
    if link is None:
        return _read_unlinked(lines, start, limit, seen_at)
    end = start + 1 if is_begun else start + 2
    minutes = _MINUTES.search(lines[start].text)
    name, href = text_of(link) or None, link.get("href")
    found = PageByline(None, start, end, name, href, minutes=int(minutes[1]) if minutes else None)
    return _add_apart(lines, found, limit, seen_at)


def _read_unlinked(lines: Sequence[Line], start: int, limit: int, seen_at: datetime) -> PageByline | None:
    """Read "By Ann Lee · Nov 1, 2026" without a link, whose date's element tells it from a sentence."""
    text = _signed(lines[start])
    near = lines[start : min(start + 2, limit)]
    told = [(at, mark) for at, line in enumerate(near) for mark in line.marks if mark.tag in DATE_TAGS]
    at, mark = next(((at, mark) for at, mark in told if time_value(mark)), (0, None))
    words = text_of(mark) if mark is not None else ""
    if mark is None or not words or (at == 1 and near[1].text != words):
        return None
    name = text[2 : text.rindex(words) if at == 0 else None].strip(" :•·|,–—-")
    if not 0 < len(name) <= MAX_NAME or "." in name.rstrip("."):
        return None
    published = parse_date(words, seen_at=seen_at, language="en")
    minutes = _MINUTES.search(text)
    byline = Byline(f"{text[:2]} {name}", name, published, minutes=int(minutes[1]) if minutes else None)
    end = start + at + 1
    exact = [*_exact_dates(lines, start, end), None]
    return PageByline(byline, start, end, name, None, exact[0], exact[1], byline.minutes)


def _count_told(byline: Byline) -> int:
    told = (byline.published, byline.updated, byline.minutes, byline.tags or None)
    return sum(value is not None for value in told)


def _growing(lines: Sequence[Line], start: int, limit: int) -> Iterator[tuple[str, int]]:
    """Yield the first line, then it with each of the next short ones, and the line after."""
    text = _signed(lines[start])
    is_begun = bool(_BY.sub("", text))
    yield text, start + 1
    if text == lines[start].text:
        text = _spaced(lines[start])
        yield text, start + 1
    for index in range(start + 1, min(start + _MAX_LINES, limit)):
        line = lines[index]
        if line.tag in _HEADINGS or len(line.text) > 120:
            return
        if is_begun and _signed(line):  # the byline itself, below a standfirst of the same word
            return
        if line.text and (not is_begun or not _is_button(line)):
            text = f"{text} {_spaced(line)}"
            is_begun = True
            yield text, index + 1


def _is_button(line: Line) -> bool:
    """Tell "Follow" from a piece of the byline; a dot between two pieces is one."""
    return line.tag == "button" or (label_of(line.text) == "action" and line.text.isalpha())


def _spaced(line: Line) -> str:
    """Return a line's text with a blank between its elements, which may be printed without one."""
    return " ".join((line.text if len(line.parts) < 2 else normalize_line(" ".join(line.parts))).split())


def _with_marks(lines: Sequence[Line], byline: Byline, start: int, end: int) -> PageByline:
    """Add what the elements of a byline tell more exactly than its words."""
    link = _author_link(lines, start, end)
    linked = text_of(link) if link is not None else ""
    if linked and linked != byline.name and _is_same_name(byline.name, linked, lines[start:end]):
        byline = replace(byline, printed=f"{byline.printed[:2]} {linked}", name=linked)
    href = link.get("href") if link is not None else None
    exact = _exact_dates(lines, start, end)
    published = exact[0] if byline.published is not None and exact else None
    modified = exact[1] if len(exact) > 1 else None
    if byline.minutes is None:
        told = (match for line in lines[start:end] if (match := _MINUTES.search(line.text)))
        byline = replace(byline, minutes=next((int(match[1]) for match in told), None))
    return PageByline(byline, start, end, byline.name, href, published, modified, byline.minutes)


def _is_same_name(name: str, linked: str, lines: Sequence[Line]) -> bool:
    """Tell a name with a badge or the community after its link from the names of two authors."""
    plain, whole = linked.replace(" ", ""), name.replace(" ", "")
    if plain == whole:
        return True
    n_links = sum(is_author_link(mark) and bool(text_of(mark)) for line in lines for mark in line.marks)
    return n_links == 1 and whole.startswith(plain) and not _JOINS.match(name[len(linked) :])


def _exact_dates(lines: Sequence[Line], start: int, end: int) -> list[str]:
    marks = (mark for line in lines[start:end] for mark in line.marks if mark.tag in DATE_TAGS)
    return [value for mark in marks if (value := time_value(mark))]


def _author_link(lines: Sequence[Line], start: int, end: int) -> etree._Element | None:
    for line in lines[start:end]:
        for mark in line.marks:
            if is_author_link(mark) and text_of(mark):
                return mark
    return None


def _read_unsigned(lines: Sequence[Line], start: int, limit: int, seen_at: datetime) -> PageByline | None:
    """Read "Published 3 days ago" with the author's link, if any, in the lines before it."""
    date = _UPDATED.split(_PUBLISHED.sub("", lines[start].text, count=1))[0]
    following = lines[start + 1].text if start + 1 < limit else ""
    words = _MINUTES.split(date)[0] or following
    if parse_date(words, seen_at=seen_at, language="en") is None:
        return None
    link = _author_link(lines, max(0, start - 3), start + 1)
    name = text_of(link) if link is not None else None
    first = start
    while link is not None and first > 0 and link not in lines[first].marks:
        first -= 1
    found = PageByline(None, first, start, name, link.get("href") if link is not None else None)
    return _add_apart(lines, found, limit, seen_at)


def _read_named(lines: Sequence[Line], start: int, limit: int, seen_at: datetime) -> PageByline | None:
    """Read an author's linked name with nothing but dates and minutes after it, in its line or the next."""
    line = lines[start]
    link = next((mark for mark in line.marks if is_author_link(mark) and text_of(mark)), None)
    name = text_of(link) if link is not None else ""
    if link is None or not line.text.startswith(name) or len(name) > MAX_NAME:
        return None
    words, end = _spaced(line)[len(name) :].lstrip(_BETWEEN), start + 1
    if not words:
        end = next((at + 1 for at in range(end, min(end + 2, limit)) if lines[at].text), end)
        words = _spaced(lines[end - 1]).lstrip(_BETWEEN) if end > start + 1 else ""
    if len(words) > _MAX_DATES or next(find_relative_dates(words), (1, 0))[0] != 0:
        return None
    best: tuple[Byline, int] | None = None
    text = f"By {name} Published {words}"
    for after in range(end, min(end + 4, limit) + 1):
        byline = parse_byline(text, seen_at=seen_at)
        if byline is not None and byline.name == name and not byline.rest:
            best = (byline, after) if best is None or _count_told(byline) > _count_told(best[0]) else best
        if after >= min(end + 4, limit) or len(lines[after].text) > _MAX_DATES:
            break
        text = f"{text} {_spaced(lines[after])}" if lines[after].text else text
    if best is None or not _is_in_head(lines, start):
        return None
    byline, end = replace(best[0], printed=""), best[1]
    exact = [*_exact_dates(lines, start, end), None, None]
    return PageByline(byline, start, end, name, link.get("href"), exact[0], exact[1], byline.minutes)


def _add_apart(lines: Sequence[Line], found: PageByline, limit: int, seen_at: datetime) -> PageByline:
    """Add dates and minutes that stand in lines of their own after the name."""
    end, minutes = found.end, found.minutes
    words: list[str] = []
    for index in range(found.end, min(found.end + 6, limit)):
        text = lines[index].text
        if len(text) > 80 or lines[index].tag in _HEADINGS:
            break
        match = _MINUTES.search(text)
        is_date = parse_date(_MINUTES.split(text)[0], seen_at=seen_at, language="en") is not None
        is_label = text in ("", "•", "·") or _LENGTH.fullmatch(text) is not None
        if not (match or is_date or is_label or _PUBLISHED.match(text) or _UPDATED.match(text)):
            break
        minutes = int(match[1]) if match and minutes is None else minutes
        words.append("" if is_label else _LENGTH.sub("", text))
        end = index + 1 if text else end
    published, updated = _dates_in(" ".join(words), seen_at)
    exact = [*_exact_dates(lines, found.start, end), None, None]
    byline = None
    if (found.author_name and (published or minutes)) or (published and minutes):
        printed = lines[found.start].text if _BY.match(lines[found.start].text) else ""
        signed = f"{printed[:2]} {found.author_name}" if printed else ""
        byline = Byline(signed, found.author_name or "", published, updated, minutes)
    return replace(
        found,
        byline=byline,
        end=end,
        minutes=minutes,
        published_exact=exact[0],
        modified_exact=exact[1],
    )


def _dates_in(text: str, seen_at: datetime) -> tuple[DateReading | None, DateReading | None]:
    before = _MINUTES.split(text)[0]
    parts = [_PUBLISHED.sub("", part).strip(" :•·|,") for part in _UPDATED.split(before, maxsplit=1)]
    readings = [parse_date(part, seen_at=seen_at, language="en") if part else None for part in parts]
    return readings[0], (readings[1] if len(readings) > 1 else None)
