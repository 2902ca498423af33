"""Where else a person is: the links of an author block, worded, in plain text, or drawn as icons."""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from crawler.platforms.vocal.addresses import address_kind, canonical_url, site_of, unwrap_url
from crawler.platforms.vocal.bylines import is_author_link
from crawler.reading.outline import Line, read_lines, text_of
from crawler.reading.urls import absolute_url

_NETWORKS = frozenset(
    {
        "blog", "bluesky", "email", "facebook", "github", "goodreads", "here", "homepage", "instagram",
        "link", "linkedin", "links", "linktree", "mastodon", "medium", "patreon", "pinterest", "podcast",
        "portfolio", "shop", "site", "substack", "threads", "tiktok", "tumblr", "twitter", "web", "website",
        "x", "youtube",
    }
)  # fmt: skip
"""Words of links to where else a person is; the links are kept, the words are no bio."""
_SCHEME = re.compile(r"(?:https?://)?(?:www\.)?", re.IGNORECASE)
_SHARING = re.compile(r"[/?](?:intent|sharer?|sharearticle|pin/create|dialog/share|submit)\b", re.IGNORECASE)
_MAX_ELEMENTS = 500
"""Most elements of an author block that are looked at."""


def linked_addresses(lines: Sequence[Line], base_url: str | None, own_url: str | None) -> list[str]:
    """Return where the block's links lead, the author's own page left out, then addresses in plain text."""
    found: list[str] = []
    for line in lines:
        marks: list[etree._Element] = [mark for mark in line.marks if mark.tag == "a"]
        for mark in marks:
            url = _address_of(mark, base_url) if (mark.get("href") or "")[:1] != "#" else None
            if url is not None and not is_author_link(mark) and not _is_tag(url, base_url):
                found.append(url)
        if not marks and "://" in line.text:
            words = (word.strip(".,;()<>") for word in line.text.split() if "://" in word)
            found.extend(url for word in words if (url := absolute_url(None, word)))
    return [url for url in dict.fromkeys(found) if url != own_url]


def icon_addresses(start: Line, after: Line | None, base_url: str | None) -> list[str]:
    """Return where links without words between two lines lead, which a page draws as icons.

    Args:
        start: The line above.
        after: The first line below; None at the end of the page.
        base_url: Address of the page; links that stay on its site are no other place.
    """
    site = site_of(base_url) if base_url else None
    end = after.element if after is not None else None
    if end is not None and (end is start.element or end in start.element.iterancestors()):
        return []
    links = (element for element in _between(start.element, end) if element.tag == "a")
    found = (_address_of(link, base_url) for link in links if not _has_words(link))
    return [url for url in found if url and site_of(url) != site and not _SHARING.search(url)]


def is_row_of_links(line: Line) -> bool:
    """Tell a row of links to where else a person is from words of a bio that are links.

    They are worded after other networks or as the addresses they lead to.
    """
    links = _all_links(line)
    return len(links) > 1 and all(_is_network(text_of(link)) or _is_address(link) for link in links)


def is_lone_link(line: Line) -> bool:
    """Tell a line that is one link worded after a network or as its address, or an item that is one link."""
    links = _all_links(line)
    return len(links) == 1 and (_is_network(line.text) or line.tag == "li" or _is_address(links[0]))


def is_row_of_tabs(line: Line, base_url: str | None, own_url: str | None) -> bool:
    """Tell a line of nothing but links to a person's own pages: "Stories", "About", "Likes"."""
    urls = [absolute_url(base_url, link.get("href")) for link in _all_links(line)]
    own = [url is not None and f"{canonical_url(url)}/".startswith(f"{own_url}/") for url in urls]
    return bool(own) and all(own)


def is_row_of_tags(line: Line, base_url: str | None) -> bool:
    """Tell a line of nothing but links to the lists of a story's tags."""
    links = [mark for mark in line.marks if mark.tag == "a"]
    urls = [absolute_url(base_url or "https://site.invalid/", link.get("href")) for link in links]
    is_all = _letters("".join(map(text_of, links))) == _letters(line.text)
    return bool(links) and is_all and all(url is not None and address_kind(url) == "tag" for url in urls)


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _all_links(line: Line) -> list[etree._Element]:
    """Return the links of a line in which no word stands outside of them; [] for any other."""
    links = [mark for mark in line.marks if mark.tag == "a" and text_of(mark)]
    rest = line.text
    for link in links:
        rest = rest.replace(text_of(link), " ", 1)
    return links if not any(char.isalnum() for char in rest) else []


def _has_words(link: etree._Element) -> bool:
    """Tell whether a link has text that is seen; an icon's title is not."""
    if link.text and not link.text.isspace():
        return True
    return bool(text_of(link)) and any(line.text for line in read_lines(link))


def _address_of(link: etree._Element, base_url: str | None) -> str | None:
    url = absolute_url(base_url, link.get("href"))
    return unwrap_url(url) if url is not None else None


def _is_network(words: str) -> bool:
    return _NETWORKS.issuperset(words.lower().replace("/", " ").split())


def _is_address(link: etree._Element) -> bool:
    words = _SCHEME.sub("", text_of(link), count=1).rstrip("/…. ").lower()
    is_written = words[:1] == "@" or "." in words
    return is_written and " " not in words and words.lstrip("@") in (link.get("href") or "").lower()


def _is_tag(url: str, base_url: str | None) -> bool:
    return base_url is not None and site_of(url) == site_of(base_url) and address_kind(url) == "tag"


def _between(start: etree._Element, end: etree._Element | None) -> Iterator[etree._Element]:
    """Yield the elements that begin after one and before another, in reading order, up to a footer."""
    element: etree._Element | None = start
    for _ in range(_MAX_ELEMENTS):
        if element is None:
            return
        element = element[0] if len(element) else _next_outside(element)
        if element is None or element is end or element.tag == "footer":
            return
        yield element


def _next_outside(element: etree._Element) -> etree._Element | None:
    above: etree._Element | None = element
    while above is not None and above.getnext() is None:
        above = above.getparent()
    return above.getnext() if above is not None else None
