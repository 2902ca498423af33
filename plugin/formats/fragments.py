"""An entry as feed readers show it: one HTML fragment that RSS, Atom and JSON Feed all carry."""

from functools import partial

from plugin.formats.links import absolute
from plugin.formats.templating import environment
from plugin.formats.wording import own_hero
from plugin.issues import Entry, Feed

IMAGE_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}
"""Media types by the ending of an image's address."""


def render_fragment(entry: Entry, base_url: str) -> str:
    """Return what a reader reads of an entry.

    The editor's note, dek and picture, the body or excerpt, the quoted comments with their authors, and a
    line that names authors, community, publication, the original, other places and the rights.

    Args:
        entry: A cleaned entry.
        base_url: As in ``Format.render``.
    """
    template = environment().get_template("fragment.html")
    picture = hero_url(entry, base_url) if own_hero(entry) is not None else None
    return template.render(entry=entry, link=partial(absolute, base_url=base_url), hero_url=picture).strip()


def hero_url(entry: Entry, base_url: str) -> str | None:
    """Return the address of an entry's picture, None where it has none or is gone."""
    return absolute(entry.hero.url, base_url) if entry.hero is not None and not entry.is_gone else None


def image_type(url: str) -> str | None:
    """Return an image's media type as far as its address tells.

    Example:
        >>> image_type("https://a.example/b.JPG?w=1024")
        'image/jpeg'
    """
    return IMAGE_TYPES.get(url.partition("?")[0].rpartition(".")[2].casefold())


def entry_link(entry: Entry, base_url: str) -> str | None:
    """Return where an entry's headline leads: the original, else our own page about it."""
    return absolute(entry.url, base_url) or absolute(entry.page_url, base_url)


def website_link(feed: Feed, base_url: str) -> str | None:
    """Return what a feed calls its website: the page its editor named, else our own.

    One issue is at home on its own page, where that has an address.
    """
    own, page = absolute(feed.home_url, base_url), home_link(feed, base_url)
    return page if feed.issue_number is not None and base_url else own or page


def home_link(feed: Feed, base_url: str) -> str | None:
    """Return the page a feed belongs to."""
    return (
        absolute(feed.link("alternate"), base_url)
        or absolute(feed.link("self"), base_url)
        or base_url
        or None
    )
