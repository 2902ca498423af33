"""The words all formats share: who wrote it, when, where it stands, under which rights."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import escape, unescape

from crawler.records import Community, Image
from plugin.issues import Entry, EntryComment, Feed

GONE_TEXT = "This story has been taken down."
"""What stands in place of an entry that was taken down."""

NO_RIGHTS_LINE = "Rights not stated; they stay with the author."
"""What stands where a page printed no line of rights."""

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SOURCE = re.compile(r'<img\b[^>]*?\ssrc="([^"]*)"')
_PICTURE_FILE = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|webp)$", re.IGNORECASE)
_MONTH_LONG = timedelta(days=30)
_LICENSE_URL = re.compile(
    r"https?://creativecommons\.org/"
    r"(licenses/(?P<kind>[a-z-]+)|publicdomain/(?P<public>zero|mark))/(?P<version>[\d.]+)"
)
_SPDX = re.compile(r"CC-(?P<kind>BY[A-Z-]*)-(?P<version>\d\.\d)")


def join_names(names: Sequence[str]) -> str:
    """Return names as a sentence lists them.

    Example:
        >>> join_names(["Ann", "Bo", "Cy"])
        'Ann, Bo and Cy'
    """
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def isolate(name: str) -> str:
    r"""Return a name to be printed beside other words: written from right to left it would turn them around.

    "By Omar · 1 November" reads "By 1 · Omar November" where the name is in Arabic letters.

    Source:
        Unicode Standard Annex 9, section 2.7: names put into a sentence stand in isolates.

    Example:
        >>> isolate("Ann"), isolate("\u05e8\u05d5\u05ea")
        ('Ann', '\u2068רות\u2069')
    """
    return f"\u2068{name}\u2069" if _RIGHT_TO_LEFT.search(name) else name


def isolate_in_html(name: str) -> str:
    """Return a name as HTML, to be printed beside other words; see `isolate`.

    Example:
        >>> isolate_in_html("A & B"), isolate_in_html("\u05e8\u05d5\u05ea")
        ('A &amp; B', '<bdi>רות</bdi>')
    """
    html = escape(name, quote=False)
    return f"<bdi>{html}</bdi>" if _RIGHT_TO_LEFT.search(name) else html


def author_names(entry: Entry) -> list[str]:
    """Return the authors' names; of an entry that only prints a byline, what stands in it."""
    names = [author.name for author in entry.authors]
    if not names and entry.byline:
        names = [re.sub(r"^by\s+", "", entry.byline, flags=re.IGNORECASE)]
    return names


def own_community(entry: Entry) -> Community | None:
    """Return an entry's community, where the publication beside it does not bear the same name.

    Of a platform's communities that are followed each is a publication too.
    """
    name = entry.community.name if entry.community else ""
    return None if name.casefold() == (entry.publication_name or "").casefold() else entry.community


def own_hero(entry: Entry) -> Image | None:
    """Return an entry's picture, where the text below does not show the same, in whatever size.

    Pages name their first picture as the one to show of them, and so it stood there twice.
    """
    if entry.hero is None or entry.hero.url is None:
        return None
    shown = map(unescape, _SOURCE.findall(entry.content_html or entry.summary_html))
    return None if _to_file(entry.hero.url) in map(_to_file, shown) else entry.hero


def _to_file(url: str) -> str:
    """Return the address of a picture without its query, where that can only tell of its size.

    Example:
        >>> _to_file("https://a.example/hill.jpg?w=640"), _to_file("https://a.example/picture?id=7")
        ('https://a.example/hill.jpg', 'https://a.example/picture?id=7')
    """
    path = url.partition("?")[0]
    return path if _PICTURE_FILE.search(path) else url


def to_day(moment: datetime) -> str:
    """Return a date as prose prints it.

    Example:
        >>> to_day(datetime(2026, 11, 3))
        '3 November 2026'
    """
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def to_printed_date(moment: datetime, printed: str | None, within: timedelta | None = None) -> str:
    """Return a date no more exact than the page was.

    Args:
        moment: The best guess.
        printed: The words on the page ("11 months ago"), or None where the date is exact.
        within: How far its earliest and its latest lie apart, which tells of words that are not known here
            ("11mo", "hace 11 meses"); None: unknown.

    Example:
        >>> to_printed_date(datetime(2025, 12, 23), "11 months ago")
        'about December 2025'
        >>> to_printed_date(datetime(2025, 12, 14), "11mo", timedelta(days=57))
        'about December 2025'
    """
    words, span = (printed or "").casefold(), within or timedelta(0)
    is_relative = "ago" in words
    if span > _MONTH_LONG * 6 or (is_relative and "year" in words):
        return f"about {moment.year}"
    if span > _MONTH_LONG / 2 or (is_relative and "month" in words):
        return f"about {_MONTHS[moment.month - 1]} {moment.year}"
    return to_day(moment)


def printed_date(dated: Entry | EntryComment) -> str | None:
    """Return the date of an entry or a comment as prose prints it, None where it has none."""
    if dated.published_at is None:
        return None
    return to_printed_date(dated.published_at, dated.published_text, dated.published_within)


def to_license_name(license_: str) -> str:
    """Return a license's name as people know it.

    Args:
        license_: URL or SPDX name.

    Example:
        >>> to_license_name("https://creativecommons.org/licenses/by-sa/4.0/")
        'CC BY-SA 4.0'
    """
    if found := _LICENSE_URL.match(license_):
        if found["public"]:
            return "CC0 1.0" if found["public"] == "zero" else "Public domain"
        return f"CC {found['kind'].upper()} {found['version']}"
    if found := _SPDX.fullmatch(license_):
        return f"CC {found['kind']} {found['version']}"
    return license_


def rights_text(entry: Entry) -> str:
    """Return the line of rights and license of an entry; never empty."""
    parts = [entry.rights_line, to_license_name(entry.license) if entry.license else None]
    return " · ".join(dict.fromkeys(part for part in parts if part)) or NO_RIGHTS_LINE


def picture_text(picture: Image) -> str:
    """Return what is printed under a picture; a credit that its caption already names is not repeated.

    Example:
        >>> picture_text(Image(caption="Photo by M. Orne", credit="M. Orne"))
        'Photo by M. Orne'
    """
    caption, credit = picture.caption or "", picture.credit or ""
    return caption if credit.casefold() in caption.casefold() else " · ".join(filter(None, (caption, credit)))


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun.

    Example:
        >>> count_of(1, "comment"), count_of(1200, "comment")
        ('1 comment', '1,200 comments')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def issue_text(feed: Feed) -> str | None:
    """Return "No. 3 · 23 November 2026" for a feed that is one issue, else None."""
    return f"No. {feed.issue_number} · {to_day(feed.updated_at)}" if feed.issue_number is not None else None


def group_sections(entries: Iterable[Entry]) -> list[tuple[str | None, list[Entry]]]:
    """Return entries by section, in the order the sections first appear, the untitled last."""
    groups: dict[str | None, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.section, []).append(entry)
    return sorted(groups.items(), key=lambda group: group[0] is None)


def distinct_updates(entries: Iterable[Entry]) -> dict[str, datetime]:
    """Return for each guid the time a feed prints as ``updated``, no two alike.

    The fraction of the second is taken from the guid, so that it does not depend on what else stands in the
    feed: an entry keeps its ``updated`` when others come and go. Only true collisions are moved on.

    Returns:
        Guid -> aware UTC time within a second of the entry's own.

    Source:
        The W3C feed validator warns of entries of one feed with one ``atom:updated``.
    """
    times: dict[str, datetime] = {}
    taken: set[datetime] = set()
    for entry in entries:
        fraction = int.from_bytes(sha256(entry.guid.encode("utf-8", "replace")).digest()[:4]) % 1_000_000
        moment = entry.updated_at.astimezone(UTC).replace(microsecond=fraction)
        if entry.published_at is not None and moment < entry.published_at <= entry.updated_at:
            moment += timedelta(seconds=1)
        while moment in taken:
            moment += timedelta(microseconds=1)
        taken.add(moment)
        times[entry.guid] = moment
    return times
