"""Find on a page what is no article whatever its shape: dialogs, forms, comments, links to other articles."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import cast

from lxml import etree

from crawler.platforms.generic.asides import find_asides
from crawler.platforms.generic.fronts import is_sentence, without_days
from crawler.platforms.generic.moments import MAX_DEPTH
from crawler.platforms.generic.opening import Html
from crawler.platforms.generic.teasing import find_teasing
from crawler.platforms.generic.threads import HEADINGS, MAX_HEADING, OF_COMMENTS, find_comments
from crawler.reading.markup import count_words
from crawler.reading.outline import Line, text_of

MAX_BOX = 80
"""Most words of a box to subscribe; with more an article stands in it."""
MAX_MARGINS = 100
"""Most margins and menus taken out of a page."""
MAX_FORMS = 20
"""Most dialogs, forms and headings of comments looked at."""
MAX_LABEL = 12
"""Most words of the line above a comment that names its writer and its day."""
MAX_COMMENT_LINES = 40
"""Most lines below a heading of comments among which the first comment's day or a form stands."""

_BOXES = frozenset({"div", "section", "aside", "fieldset", "form", "center"})
_SUBSCRIBE = re.compile(
    r"newsletter|subscri|sign up|inbox|mailing list|e-?mail|abonn|inscri|suscri|iscrivi|assine|nyhetsbrev"
    r"|nieuwsbrief|рассылк|подпис",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"reply|antworten|répondre|responder|rispondi|(?:leave|post|write|add) a (?:comment|reply)", re.IGNORECASE
)


def find_furniture(html: Html) -> list[etree._Element]:
    """Return what on a page is none of its article: dialogs, boxes to subscribe, comments, other articles.

    A dialog or box in which the headline stands, or half of what the page says, is the article's own.
    """
    kept = {html.root, *html.root.iter("body", "main")}
    if html.heading is not None:
        kept.update((html.heading, *html.heading.iterancestors()))
    found = [
        *islice(_dialogs(html.root), MAX_FORMS),
        *_subscriptions(html.root, kept),
        *find_asides(html, kept),
        *find_teasing(html),
    ]
    found += islice(html.root.iter("aside", "nav", "footer"), MAX_MARGINS)
    n_words = count_words(_printed(html.root)) if found else 0
    found = [each for each in found if 2 * count_words(_printed(each)) < n_words]
    found += _comments(html)
    found += find_comments(html)[1]
    return [element for element in found if element not in kept]


def _dialogs(root: etree._Element) -> Iterator[etree._Element]:
    for element in root.iter():
        role = element.get("role", "").lower()
        if role in ("dialog", "alertdialog") or element.get("aria-modal") == "true":
            yield element


def _subscriptions(root: etree._Element, kept: set[etree._Element]) -> Iterator[etree._Element]:
    """Yield the largest small box around each form that asks for an address, if its words ask so too."""
    for form in islice(_address_forms(root), MAX_FORMS):
        box = None
        for above in (form, *form.iterancestors()):
            if above.tag not in _BOXES or above in kept or count_words(_printed(above)) > MAX_BOX:
                break
            box = above
        if box is not None and _SUBSCRIBE.search(text_of(box)):
            yield box


def _printed(box: etree._Element) -> str:
    """Return the text of a box without its scripts and styles, which are longer than a form's words."""
    return "".join(cast(list[str], box.xpath(".//text()[not(parent::script or parent::style)]")))


def _address_forms(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the forms for an address of mail, but for those of comments."""
    for element in root.iter("input"):
        is_mail = element.get("type", "").lower() == "email" or "mail" in element.get("name", "").lower()
        form = next(element.iterancestors("form"), None) if is_mail else None
        if form is not None and next(form.iter("textarea"), None) is None:
            yield form


def _comments(html: Html) -> set[etree._Element]:
    """Return each heading of comments with what follows it in its box, up to a heading of something else."""
    taken: set[etree._Element] = set()
    n_headings = 0
    for place, line in enumerate(html.page.lines):
        heading = line.element
        if (
            heading.tag not in HEADINGS
            or heading in taken
            or not OF_COMMENTS.fullmatch(line.text[:MAX_HEADING])
        ):
            continue
        n_headings += 1
        if n_headings > MAX_FORMS:
            break
        top = heading
        while (above := top.getparent()) is not None and text_of(above) == text_of(heading):
            top = above
        section: list[etree._Element] = []
        for below in top.itersiblings():
            if _is_of_else(below, str(heading.tag)):
                break
            section.append(below)
        below_it = html.page.lines[place + 1 : place + 1 + MAX_COMMENT_LINES]
        if _are_comments(section, below_it, is_last=not section or section[-1].getnext() is None):
            taken.update((top, *section))
    return taken


def _is_of_else(element: etree._Element, level: str) -> bool:
    """Tell the heading after the comments; levels are "h2" before "h3"."""
    if element.tag not in HEADINGS or str(element.tag) > level:
        return False
    return OF_COMMENTS.fullmatch(text_of(element)[:MAX_HEADING]) is None


def _are_comments(section: list[etree._Element], lines: Sequence[Line], *, is_last: bool) -> bool:
    """Tell comments from a chapter called so: a short line with a day, a form or a button to answer.

    A section with hardly a word in it has none yet, if it is the last in its box.
    """
    boxes = set(section)
    n_words = 0
    for line in lines:
        if boxes.isdisjoint((line.element, *islice(line.element.iterancestors(), MAX_DEPTH))):
            break
        size = count_words(line.text)
        n_words += size
        if size > MAX_LABEL or len(line.text) > MAX_HEADING:
            continue
        is_dated = any(mark.tag == "time" for mark in line.marks) or without_days(line.text) != line.text
        if (is_dated and not is_sentence(line.text, MAX_LABEL)) or _REPLY.fullmatch(line.text):
            return True
    if any(next(each.iter("textarea"), None) is not None for each in section):
        return True
    return is_last and n_words <= MAX_LABEL
