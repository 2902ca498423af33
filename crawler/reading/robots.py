"""What a page asks of robots, in its headers and in its own words, as far as it is said to us."""

from collections.abc import Mapping, Sequence
from typing import Final

AGENT: Final = "Gleanings"
"""Our product token: in the User-Agent, in robots.txt, in X-Robots-Tag and in a page's meta elements."""

MAX_DIRECTIVE: Final = 100
"""Characters of a directive; what is longer is none."""

_VALUED: Final = frozenset(("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"))


def read_robots(meta: Mapping[str, Sequence[str]], header: str | None) -> list[str]:
    """Return what a page and its response ask of us, lower case, in order, without doubles.

    Args:
        meta: Name of a meta element in lower case -> its contents.
        header: The response's `X-Robots-Tag`; several are joined by ", ".

    Example:
        >>> read_robots({"robots": ["noindex"], "gleanings": ["NoArchive"]}, "otherbot: nofollow")
        ['noindex', 'noarchive']
    """
    told = [*meta.get("robots", ()), *meta.get(AGENT.lower(), ())]
    words = (word.strip().lower() for text in told for word in text.split(","))
    found = [word for word in words if word and len(word) <= MAX_DIRECTIVE]
    return list(dict.fromkeys([*found, *robots_directives(header)]))


def robots_directives(value: str | None, *, agent: str = AGENT) -> list[str]:
    """Return what an `X-Robots-Tag` tells us, lower case, in order, without doubles.

    Args:
        value: The header; several are joined by ", ".
        agent: Our product token; directives for others are left out.

    Source:
        Google's "Robots meta tag" page: a directive may be preceded by the agent it is for, which then
        holds for those that follow it. `unavailable_after: date` is no agent.

    Example:
        >>> robots_directives("otherbot: nofollow, gleanings: noarchive, noindex")
        ['noarchive', 'noindex']
    """
    found: dict[str, None] = {}
    is_ours = True
    for part in (value or "").lower().split(","):
        name, colon, rest = part.strip().partition(":")
        directive = part.strip()
        if colon and name.strip() not in _VALUED:
            is_ours = name.strip() == agent.lower()
            directive = rest.strip()
        if directive and is_ours and len(directive) <= MAX_DIRECTIVE:
            found[directive] = None
    return list(found)
