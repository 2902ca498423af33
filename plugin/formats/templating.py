"""The one Jinja environment of all HTML that Gleanings writes."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from plugin.formats import wording
from plugin.formats.cleaning import clean_html, drop_images, shift_headings


@cache
def environment() -> Environment:
    """Return the environment: escaping on, unknown names an error, templates from the package."""
    jinja = Environment(
        loader=PackageLoader("plugin.formats", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    jinja.filters.update(
        apart=lambda name: trusted(wording.isolate_in_html(name)),
        body=_to_body,
        clip=clip,
        count_of=wording.count_of,
        day=wording.to_day,
        license_name=wording.to_license_name,
        mail_body=lambda html, top: trusted(drop_images(shift_headings(clean_html(html), top))),
        names=_to_names,
        printed_date=wording.to_printed_date,
    )
    jinja.globals.update(
        author_names=wording.author_names,
        GONE_TEXT=wording.GONE_TEXT,
        group_sections=wording.group_sections,
        issue_text=wording.issue_text,
        own_community=wording.own_community,
        own_hero=wording.own_hero,
        picture_text=wording.picture_text,
        rights_text=wording.rights_text,
    )
    return jinja


@cache
def read_asset(name: str) -> str:
    """Return the text of a file that stands beside the templates: the stylesheet, the script, the icon."""
    return (files("plugin.formats") / "templates" / name).read_text(encoding="utf-8")


def trusted(html: str) -> Markup:
    """Return HTML that templates may print as it is; it must come from us or from ``clean_html``."""
    return Markup(html)  # noqa: S704 - the one place


def _to_names(names: Iterable[str]) -> Markup:
    return trusted(wording.join_names([wording.isolate_in_html(name) for name in names]))


_LONE_PICTURE = re.compile(r"<p>\s*(<img [^>]*>)\s*</p>")
_WIDE = re.compile(r"<(pre|table)>")


def _to_body(html: str, top: int) -> Markup:
    """Return a story's HTML for a page.

    What may be wider than a screen and scrolls can be reached by keyboard; a picture that stands alone is a
    figure, for which the stylesheet keeps a place until it has loaded.
    """
    body = shift_headings(clean_html(html), top)
    return trusted(_WIDE.sub(r'<\1 tabindex="0">', _LONE_PICTURE.sub(r"<figure>\1</figure>", body)))


def clip(text: str, length: int) -> str:
    """Return the beginning of a text, cut at a blank, on one line.

    Example:
        >>> clip("one two three", 9)
        'one two…'
    """
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    return (line[:length].rpartition(" ")[0] or line[: length - 1]).rstrip(" ,.;:·–—-") + "…"
