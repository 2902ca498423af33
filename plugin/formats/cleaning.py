"""What a format may trust: text every document can hold, addresses a reader may open, HTML without teeth.

The library sanitizes what it reads; this is the last gate before text leaves the house, so that a row written
by an older version, by hand or by an import can't carry a script into a feed.
"""

import re
from typing import TypeVar

import nh3
from pydantic import BaseModel

from crawler.reading.characters import strip_unstorable
from plugin.issues import Entry, Feed

ModelType = TypeVar("ModelType", bound=BaseModel)

TAGS = frozenset(
    re.findall(
        r"\w+",
        """a abbr b bdi blockquote br caption cite code col colgroup dd del details dfn div dl dt em
        figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span
        strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr""",
    )
)
"""Elements that may be republished."""

ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"alt", "height", "src", "title", "width"},
    "li": {"value"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
"""Attributes that may be republished, by element; "*" for all."""

ONE_LINE = frozenset(
    {
        "alt", "author_name", "byline", "credit", "digest_title", "headline", "label", "name", "publication",
        "publication_name", "section", "title",
    }
)  # fmt: skip
"""Fields that hold a name or a title, in whatever they stand."""

MAX_NESTING = 100
"""Most elements within one another: what reads HTML by recursion, as some feed readers and markdownify do,
must not fall over."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_VOID = {"br", "col", "hr", "img", "wbr"}
_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
_BREAKS = re.compile(r"\s*[\t\n\x0b\x0c\r\x85\u2028\u2029]\s*")
_OPENING = re.compile("[\u202a\u202b\u202d\u202e\u2066-\u2068]")
_CLOSING = re.compile("[\u202c\u2069]")
_IMAGE = re.compile(r'<img((?:\s+[\w-]+="[^"]*")*)\s*/?>')
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_HEADING = re.compile(r"(</?h)([1-6])(?=[\s>])")
_NUMBER = re.compile(r"\d{1,5}")
_EMPTY = re.compile(r"<(p|figure|a|span|div|em|strong)>\s*</\1>")
_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    clean_content_tags={
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "textarea",
        "select",
        "title",
    },
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel=None,
)


def clean_model(value: ModelType) -> ModelType:
    r"""Return a frozen value with every string in it, however deep, fit for any document.

    Names and titles stand on one line, and turn the direction of nothing that follows them.

    Args:
        value: A feed, an entry, or any other frozen value.

    Returns:
        The same object when there was nothing to clean.

    Example:
        >>> from plugin.issues import AlsoAt
        >>> clean_model(AlsoAt(publication="A\x00\ufffeB", url="https://a.example/")).publication
        'AB'
    """
    changed = {}
    for name, old in value:
        new = _clean(old)
        if name in ONE_LINE and isinstance(new, str):
            new = _to_one_line(new)
        elif name == "language" and isinstance(new, str):
            new = _to_language(new)
        if new is not old:
            changed[name] = new
    return value.model_copy(update=changed) if changed else value


def clean_feed(feed: Feed) -> Feed:
    """Return a feed fit for any document, its tombstones with nothing on them but a name.

    Args:
        feed: Of whatever origin.
    """
    feed = clean_model(feed)
    if not any(entry.is_gone for entry in feed.entries):
        return feed
    return feed.model_copy(update={"entries": tuple(map(_bury, feed.entries))})


def _bury(entry: Entry) -> Entry:
    if not entry.is_gone:
        return entry
    kept = {
        name: getattr(entry, name) for name in ("guid", "article_id", "headline", "updated_at", "section")
    }
    return Entry(**kept, summary_html="", summary_text="", is_gone=True)


def _clean(value: object) -> object:
    if isinstance(value, str):
        stripped = strip_unstorable(value)
        return value if stripped == value else stripped
    if isinstance(value, BaseModel):
        return clean_model(value)
    if isinstance(value, tuple):
        parts = tuple(_clean(each) for each in value)
        return parts if any(new is not old for new, old in zip(parts, value, strict=True)) else value
    return value


def _to_one_line(text: str) -> str:
    r"""Return a text without line breaks and without marks of direction that are opened and never closed.

    Example:
        >>> _to_one_line("A\r\nBcc: b \u202ec")
        'A Bcc: b c'
    """
    if text.isprintable():
        return text
    folded = _BREAKS.sub(" ", text).strip()
    if len(_OPENING.findall(folded)) != len(_CLOSING.findall(folded)):
        folded = _CLOSING.sub("", _OPENING.sub("", folded))
    return text if folded == text else folded


def _to_language(tag: str) -> str | None:
    """Return a language tag in the form that XML, HTML and JSON Feed ask for; None for what is none.

    Pages write all sorts of things there, and a feed whose ``xml:lang`` is wrong is not valid.

    Example:
        >>> _to_language("pt-BR"), _to_language("en_US.UTF-8"), _to_language("de,en")
        ('pt-BR', 'en-US', None)
    """
    if _LANGUAGE.fullmatch(tag):
        return tag
    rewritten = tag.strip().partition(".")[0].replace("_", "-")
    return rewritten if _LANGUAGE.fullmatch(rewritten) else None


def clean_html(html: str) -> str:
    """Return an HTML fragment that is safe to show anywhere.

    No script, handler, style, form, frame or ``javascript:``, ``data:`` or relative address survives; an
    image the size of a dot, which only counts readers, goes whole. The others load late and tell their host
    nothing.

    Args:
        html: Any text.

    Returns:
        Well-formed HTML, the same for the same input: attributes of an image stand in a fixed order.

    Example:
        >>> clean_html('<p onclick="steal()">A <a href="javascript:x">b</a><script>c</script>')
        '<p>A <a>b</a></p>'
        >>> clean_html('<img src="https://a.example/b.png" width="1" height="1">')
        ''
    """
    # A character reference ("&#1;") may have become what no document can hold.
    cleaned = _IMAGE.sub(_rewrite_image, strip_unstorable(_CLEANER.clean(html)))
    cleaned = _EMPTY.sub("", cleaned) if "></" in cleaned else cleaned
    return _flatten(cleaned) if cleaned.count("</") > MAX_NESTING else cleaned


def _flatten(html: str) -> str:
    """Return well-formed HTML without the elements below ``MAX_NESTING``; their text stays.

    Example:
        >>> _flatten("<b>" * 300 + "deep" + "</b>" * 300).count("<b>") == MAX_NESTING
        True
    """
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        if match[2] in _VOID:
            return match[0]
        depth += -1 if match[1] else 1
        return match[0] if depth + bool(match[1]) <= MAX_NESTING else ""

    return _TAG.sub(keep, html)


def _rewrite_image(match: re.Match[str]) -> str:
    given = dict(_ATTRIBUTE.findall(match[1]))
    sizes = [given.get(side, "") for side in ("width", "height")]
    if not given.get("src", "").startswith(("http://", "https://")) or any(
        _NUMBER.fullmatch(size) and int(size) <= 2 for size in sizes
    ):
        return ""
    parts = [f'src="{given["src"]}"', f'alt="{given.get("alt", "")}"']
    if "title" in given:
        parts.append(f'title="{given["title"]}"')
    if all(_NUMBER.fullmatch(size) for size in sizes):
        parts += [f'width="{sizes[0]}"', f'height="{sizes[1]}"']
    return f'<img {" ".join(parts)} loading="lazy" decoding="async" referrerpolicy="no-referrer">'


def drop_images(html: str) -> str:
    """Return cleaned HTML without its pictures, their words in their place, as mail shows it.

    Example:
        >>> drop_images(clean_html('<p><img src="https://a.example/b.png" alt="A hill"></p>'))
        '<p>[A hill]</p>'
    """
    return _IMAGE.sub(lambda match: _alt_text(match[1]), html)


def _alt_text(attributes: str) -> str:
    alt = dict(_ATTRIBUTE.findall(attributes)).get("alt", "")
    return f"[{alt}]" if alt else ""


def shift_headings(html: str, top: int) -> str:
    """Return a fragment whose headings begin at level ``top`` and leave out no level on the way down.

    Pages choose headings by their size; a reader who goes from heading to heading would look for what lies
    between.

    Args:
        html: Cleaned HTML.
        top: 1 to 6; levels that would come below 6 become 6.

    Example:
        >>> shift_headings("<h1>A</h1><h4>B</h4><h2>C</h2>", 3)
        '<h3>A</h3><h4>B</h4><h4>C</h4>'
    """
    above: list[int] = []
    opened: list[int] = []

    def shift(match: re.Match[str]) -> str:
        if match[1] == "</h":
            return f"</h{opened.pop()}"
        level = int(match[2])
        while above and above[-1] >= level:
            above.pop()
        opened.append(min(6, top + len(above)))
        above.append(level)
        return f"<h{opened[-1]}"

    return _HEADING.sub(shift, html)
