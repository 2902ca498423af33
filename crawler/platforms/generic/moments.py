"""Which of a page's elements are its article's own, and which dates tell when it appeared and changed."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml import etree

from crawler.platforms.generic.lists import teaser_boxes
from crawler.platforms.generic.opening import Html
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
_MAX_LABEL = 40
"""Characters before a date among which the word for it stands."""


def own_times(html: Html) -> Iterator[etree._Element]:
    """Yield the ``<time>`` elements that stand neither in comments nor in teasers of other stories."""
    return own_elements(html, islice(html.root.iter("time"), MAX_TIMES))


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
