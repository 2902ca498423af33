"""Which of a page's elements are its article's own, and which dates tell when it appeared and changed."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml import etree

from crawler.platforms.generic.fronts import CHANGED, OTHER_DAY, part_day
from crawler.platforms.generic.lists import teaser_boxes
from crawler.platforms.generic.opening import Html
from crawler.reading.dates import DateReading
from crawler.reading.outline import text_of

MAX_TIMES = 200
"""Most ``<time>`` elements looked at; those of the article stand among the first."""
MAX_DEPTH = 60
"""Most elements around one looked at; real pages nest some 30."""

_CHANGE = re.compile(
    r"updat|modif|edit(?!or)|revis|last change|geändert|aktualisiert|mise? à jour|actualizad|atualizad"
    r"|aggiornat|bijgewerkt|oppdatert|uppdaterad|обновл|更新",
    re.IGNORECASE,
)
_LABEL = re.compile(r"publi|posted|created|first|veröffentlicht|erstellt", re.IGNORECASE)
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|responses?|replies|reply|discussion)(?:$|[\s_-])", re.IGNORECASE
)
_STAMP = re.compile(
    r"(?:^|[\s_-])(?:date(?:line|-?time|stamp)?|datum|fecha|dt-?stamp|pub-?(?:date|time)|publish(?:ed)?(?:[_-]?(?:date|time|on))?"
    r"|time-?stamp|post(?:ed)?-?(?:date|time|on)|posted)(?:$|[\s_-])"
    r"|(?:^|[\s_-])(?:post|publish|entry|article|news)(?:ed)?[-_]?(?:date|time)(?:$|[\s_-])",
    re.IGNORECASE,
)
_STAMP_TAGS = ("p", "div", "span", "small", "li", "h4", "h5", "h6", "dd", "em", "i", "a", "abbr", "time")
_MAX_STAMP = 100
_MAX_ABOVE = 12
"""Most elements above a headline among which its day stands."""
MAX_ELEMENTS = 100_000
"""Most elements of a page counted."""
_MAX_LABEL = 40
"""Characters before a date among which the word for it stands."""


def own_times(html: Html) -> Iterator[etree._Element]:
    """Yield the ``<time>`` elements that stand neither in comments nor in teasers of other stories.

    Nor is the day of a post that is quoted the article's.
    """
    times = (each for each in html.root.iter("time") if next(each.iterancestors("blockquote"), None) is None)
    return own_elements(html, islice(times, MAX_TIMES))


def is_in_margin(html: Html, element: etree._Element) -> bool:
    """Tell an element of a margin, in which the headline does not stand."""
    margin = next(element.iterancestors("aside"), None)
    return margin is not None and (html.heading is None or margin not in html.heading.iterancestors())


def own_elements(html: Html, elements: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """Yield those of some elements that stand neither in comments nor in teasers of other stories."""
    around = set(html.heading.iterancestors()) if html.heading is not None else set()
    if html.teasers is None:
        html.teasers = teaser_boxes(html)
    boxes = set(html.teasers) - around
    for element in elements:
        above = [each for each in islice(element.iterancestors(), MAX_DEPTH) if each not in around]
        if boxes.isdisjoint(above) and not any(is_of_comments(each) for each in above):
            yield element


def read_stamp(html: Html) -> tuple[DateReading, bool] | None:
    """Return the day in the element that is named for it, and whether it is that of a change.

    Of several the one nearest to the headline is meant; on a page without a headline's element it must be the
    only day of that kind.
    """
    classed = (each for each in html.root.iter(*_STAMP_TAGS) if _is_stamp(each.get("class") or ""))
    marked = [each for each in islice(classed, MAX_TIMES) if not is_of_comments(each)]
    texts = {each: text for each in marked if 0 < len(text := text_of(each)) <= _MAX_STAMP}
    page = html.page
    found: list[tuple[DateReading, bool, etree._Element]] = []
    for element in own_elements(html, texts) if texts else ():
        before, day, _ = part_day(texts[element], page.seen_at, html.data.language)
        if day is not None and day.bounds[0] <= page.seen_at:
            found.append((day, is_of_change(element) or CHANGED.search(before) is not None, element))
    if html.heading is None:
        days = {day.at.date() for day, _, _ in found}
        return found[0][:2] if len(days) == 1 else None
    elements = islice(html.root.iter(), MAX_ELEMENTS)
    wanted = {html.heading, *(element for _, _, element in found)}
    places = {element: place for place, element in enumerate(elements) if element in wanted}
    start = places.get(html.heading, 0)
    near = [
        (abs(places[element] - start), day, is_change)
        for day, is_change, element in found
        if element in places and places[element] - start > -_MAX_ABOVE
    ]
    return min(near, key=lambda each: each[0])[1:] if near else None


def _is_stamp(names: str) -> bool:
    return _STAMP.search(names) is not None and OTHER_DAY.search(names) is None


def is_of_change(element: etree._Element) -> bool:
    """Tell the date of a change by its own names, else by the last word for a date printed before it."""
    names = f"{element.get('class', '')} {element.get('itemprop', '')}"
    if _CHANGE.search(names) or _LABEL.search(names):
        return _CHANGE.search(names) is not None
    before = _text_before(element)
    changes = [match.start() for match in _CHANGE.finditer(before)]
    labels = [match.start() for match in _LABEL.finditer(before)]
    return bool(changes) and changes[-1] > max(labels, default=-1)


def _text_before(element: etree._Element) -> str:
    """Return the end of what is printed before an element, in its own box or the one around it."""
    for _ in range(2):
        parent = element.getparent()
        if parent is None:
            break
        text = ""
        for sibling in islice(element.itersiblings(preceding=True), _MAX_LABEL):
            text = f"{text_of(sibling)[-_MAX_LABEL:]} {sibling.tail or ''}{text}"
            if len(text) > _MAX_LABEL:
                break
        else:
            text = f"{parent.text or ''} {text}"
        text = " ".join(text.split())
        if text:
            return text[-_MAX_LABEL:]
        element = parent
    return ""


def is_of_comments(element: etree._Element) -> bool:
    """Tell an element of comments by its class or id."""
    return _COMMENTS.search(f"{element.get('class', '')} {element.get('id', '')}") is not None
