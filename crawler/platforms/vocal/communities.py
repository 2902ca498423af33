"""The name of a story's community where it is printed nowhere and told to those who hear the page."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import cast

from lxml import etree

from crawler.platforms.vocal.addresses import canonical_url, path_segments
from crawler.platforms.vocal.labels import parse_logo
from crawler.reading.outline import text_of
from crawler.reading.urls import absolute_url

_MAX_LINKS = 400
"""Most links of a page that are looked at."""
_MAX_INSIDE = 10
"""Most elements of a link that are looked at."""
_MAX_WORDS = 12
"""Most words of a label; the longest name of a community has three."""
_MAX_LOGOS = 100
"""Most labels of other elements that are looked at."""

_find_labeled = cast(
    Callable[[etree._Element], list[etree._Element]], etree.XPath(".//*[@aria-label][not(self::a)]")
)


def told_community(root: etree._Element, home: str, base_url: str | None) -> str | None:
    """Return a community's name as the label of a link to it, or of its logo, tells it.

    Args:
        root: The page's tree.
        home: Canonical address of the community, which its name resembles.
        base_url: Address of the page.
    """
    slug = path_segments(home)[-1]
    for link in islice(root.iter("a"), _MAX_LINKS):
        href = link.get("href") or ""
        if slug.lower() not in href.lower():
            continue
        url = absolute_url(base_url, href)
        if url is not None and canonical_url(url) == home:
            found = (name for words in _labels(link) if (name := name_in(words, slug)))
            name = next(found, None)
            if name is not None:
                return name
    labels = (each.get("aria-label") or "" for each in islice(_find_labeled(root), _MAX_LOGOS))
    logos = (name for label in labels if (name := parse_logo(label)) is not None)
    return next((name for name in logos if name_in(name, slug) == name), None)


def name_in(words: str, slug: str) -> str | None:
    """Return the words of a label that are a community's name, which its address spells without blanks.

    Example:
        >>> name_in("Go to The Swamp community", "theSwamp"), name_in("Home", "poets")
        ('The Swamp', None)
    """
    wanted = _letters(slug)
    parts = words.split()
    if not wanted or len(parts) > _MAX_WORDS:
        return None
    letters = [_letters(part) for part in parts]
    spans = ((start, end) for start in range(len(parts)) for end in range(start + 1, len(parts) + 1))
    found = (" ".join(parts[start:end]) for start, end in spans if "".join(letters[start:end]) == wanted)
    return next(found, None)


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _labels(link: etree._Element) -> Iterator[str]:
    """Yield what is told of a link that shows a picture."""
    yield from (link.get(name) or "" for name in ("aria-label", "title"))
    for inner in islice(link.iter("img", "svg", "title", "span", "div"), _MAX_INSIDE):
        yield from (inner.get(name) or "" for name in ("alt", "aria-label", "title"))
        if inner.tag == "title":
            yield text_of(inner)
