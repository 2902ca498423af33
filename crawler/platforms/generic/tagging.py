"""The tags of an article: links that say so, links to pages of tags below the headline, declared ones."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from crawler.platforms.generic.moments import own_elements
from crawler.platforms.generic.opening import Html, names_of, rels
from crawler.platforms.generic.people import declared_groups
from crawler.reading.markup import fold_text
from crawler.reading.outline import text_of
from crawler.reading.urls import absolute_url
from crawler.records import Tag

MAX_NAME = 100
"""Most characters of a tag."""
MAX_NAMES = 500
"""Most characters of an element's own names looked at."""
MAX_LINKS = 60
"""Most links to pages of tags looked at."""
MAX_TAGS = 25
"""Most links of one box of tags; a cloud of all the site's has more."""

_TAG_PATH = re.compile(r"/(?:tags?|topics?|keywords?|labels?|hashtags?)/[^/?#]", re.IGNORECASE)
_TAG_CLASS = re.compile(r"(?:^|[\s_-])(?:tags?|tagged|topics?|keywords?|labels?)(?:$|[\s_-])", re.IGNORECASE)
_NOT_OWN = re.compile(
    r"(?:^|[\s_-])(?:[^\W_]{0,20}cloud|popular|trending|related|menu|nav[^\W_]{0,20}|breadcrumbs?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_APART = ("nav", "aside", "footer", "h1", "h2", "h3", "h4")
_LABEL = re.compile(r"^[^:：]{1,30}[:：]\s*")
"""The word before tags."""
_COUNT = re.compile(r"[(\[]?\d[\d.,]*[)\]]?")
_SHARE = 0.6
"""Least share of a box's letters that its links to tags make; the rest are marks between."""
_MAX_UP = 3
"""Most elements around a link among which its box is."""


def read_tags(html: Html) -> list[Tag]:
    """Return the tags, printed before declared ones, each once; a declared outlet's name is none."""
    outlets = {fold_text(name) for name in declared_groups(html)}
    found: dict[str, Tag] = {}
    marked = (element for element in html.root.iter("a") if "tag" in rels(element))
    told: list[tuple[str, str | None]] = [(_name_of(a), a.get("href")) for a in (*marked, *_printed(html))]
    told += [tag for claims in html.claims for tag in claims.tags[:100]]
    for name, url in told:
        if name and len(name) <= MAX_NAME and fold_text(name) not in outlets:
            found.setdefault(
                fold_text(name.replace("-", " ")),
                Tag(name=name, url=absolute_url(html.base, url) if url else None),
            )
    return list(found.values())


def _name_of(link: etree._Element) -> str:
    """Return a tag's name without the sign before it and without the number of articles behind it."""
    name = text_of(link)
    last = link[-1] if len(link) else None
    if last is not None and not (last.tail or "").strip() and _COUNT.fullmatch(count := text_of(last)):
        name = name.removesuffix(count)
    return name.strip().lstrip("#").strip()


def _printed(html: Html) -> Iterator[etree._Element]:
    """Yield the links to pages of tags in the first box below the headline that holds little else."""
    links = list(islice(_below(html), MAX_LINKS))
    for link in own_elements(html, links) if links else ():
        box = _box_of(link)
        if box is None:
            continue
        inside = [each for each in box.iter("a") if _leads_to_tag(each)]
        names = [names_of(each)[:MAX_NAMES] for each in (link, box, *islice(link.iterancestors(), _MAX_UP))]
        is_named = any(_TAG_CLASS.search(each) for each in names)
        if len(inside) <= MAX_TAGS and (len(inside) > 1 or is_named) and not any(map(_NOT_OWN.search, names)):
            yield from inside
            return


def _below(html: Html) -> Iterator[etree._Element]:
    is_below = html.heading is None
    for element in html.root.iter("a", "h1", "h2", "h3"):
        if element is html.heading:
            is_below = True
        elif is_below and element.tag == "a" and _leads_to_tag(element) and not _is_apart(element):
            yield element


def _is_apart(element: etree._Element) -> bool:
    return next(element.iterancestors(*_APART), None) is not None


def _leads_to_tag(link: etree._Element) -> bool:
    return _TAG_PATH.search(link.get("href") or "") is not None


def _box_of(link: etree._Element) -> etree._Element | None:
    """Return the largest element close around a link of whose text links to tags make most."""
    box = None
    for above in islice(link.iterancestors(), _MAX_UP):
        links = list(islice((each for each in above.iter("a") if _leads_to_tag(each)), MAX_TAGS + 1))
        if sum(len(text_of(each)) for each in links) < _SHARE * len(_LABEL.sub("", text_of(above))):
            break
        box = above
    return box
