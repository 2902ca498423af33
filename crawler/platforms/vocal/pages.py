"""The platform's reader: what a page is, and who reads it."""

import re

from lxml import etree

from crawler.errors import PageLayoutChanged
from crawler.platforms.base import Page, PageInput, PageKind
from crawler.platforms.vocal.addresses import HOME, address_kind, canonical_url, site_of
from crawler.platforms.vocal.bylines import find_byline, is_author_link
from crawler.platforms.vocal.eras import find_era_note
from crawler.platforms.vocal.labels import Label, label_of
from crawler.platforms.vocal.listings import read_list, story_links
from crawler.platforms.vocal.profiles import read_author_page
from crawler.platforms.vocal.stories import Story
from crawler.platforms.vocal.text import is_vocal_text, read_text
from crawler.reading.markup import fold_text
from crawler.reading.outline import Line, text_of
from crawler.reading.structured import as_list, as_text

_SURE_MARKS = ("vocalSite", "Creatd, Inc", "cloudinary.com/jerrick/")
_MARKS = (
    re.compile("Explore Communities"),
    re.compile("Find us on social media"),
    re.compile(r"""["'=(](?:https?://[^"'\s/]{1,100})?/authors/[\w%-]"""),
    re.compile(r"""["'=(](?:https?://[^"'\s/]{1,100})?/(?:[\w-]{1,40}/)?(?:top|latest)-stories["'?#)\s>]"""),
)
"""Words of menu and foot, addresses of authors and of lists: other sites hardly ever have two of them."""
_OWN_LABELS: frozenset[Label | None] = frozenset(
    {"about", "insights", "insights_noise", "sign_in", "no_comments"}
)
_PUBLISHERS = frozenset({"vocal", "vocal media"})
_ERROR = re.compile(
    r"(?:error )?(?:40[0134]|410|429|50[0-4])(?:\b.{0,60})?"
    r"|.{0,40}\b(?:page|story|article) (?:was |is )?(?:not found|could not be found"
    r"|(?:doesn.t|does not) exist|(?:isn.t|is not|no longer) available|has been removed)\b.{0,60}"
    r"|(?:bad gateway|service unavailable|gateway time-?out|internal server error|access denied|forbidden"
    r"|too many requests|not found|something went wrong)\b.{0,40}|oops\b.{0,80}|attention required!.*"
    r"|just a moment\.*|checking your browser.*|verify(?:ing)? (?:that )?you are (?:a )?human.*",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"(?:please )?(?:log|sign) ?in(?: (?:to|with|or) .{1,60})?"
    r"|continue with (?:google|facebook|apple|e-?mail|x)|forgot(?:ten)? (?:your )?password\?"
    r"|create (?:an|your)(?: free)? account|sign ?up(?: for free)?|join vocal.*"
    r"|(?:don.t|already) have an account\?.{0,20}|welcome back\b.{0,40}|keep me (?:logged|signed) in"
    r"|(?:this story is|you must be|members) .{0,60}(?:log|sign|members|account)\b.{0,40}"
    r"|already (?:a member|subscribed|registered)\?.{0,30}"
    r"|(?:subscribe|join|register|upgrade|become a member) .{0,30}"
    r"to (?:continue|keep|read|finish|unlock|view).{0,60}",
    re.IGNORECASE,
)
_SOLE_WALL = re.compile(
    r"(?:please )?(?:sign (?:in|up)|log ?in|subscribe|join|register|upgrade|become a member"
    r"|create .{1,20}account)\b.{0,30} to (?:continue|keep|finish|read|unlock|see|view)\b"
    r"(?: (?:reading|this|the (?:full|rest|whole)|more|it)\b.{0,60})?[.!]?"
    r"|you must be (?:logged|signed) in"
    r"(?: to (?:continue|read|see|view)(?: (?:this|the full|more|it)\b.{0,60})?)?[.!]?"
    r"|this (?:story|post|article) is (?:only )?(?:for|available to) .{0,40}members.{0,60}",
    re.IGNORECASE,
)
"""A line that withholds a story whatever stands beside it."""
_GONE = re.compile(
    r"(?:sorry,? )?(?:this|the) (?:story|post|article|page)(?: you are looking for)? (?:has been|was|is)"
    r" (?:removed|deleted|taken down|unpublished|no longer available|unavailable|not available|private)"
    r"(?: (?:by|for|due to|because) .{1,60})?[.!]?",
    re.IGNORECASE,
)
"""What stands in the place of a story that was taken down."""
_MAX_SHORT = 60
"""Most lines with text of a wall or an error page with all its links."""


_MAX_WALL_LINES = 8
"""Most lines of what stands in the place of a body that is withheld."""


class VocalPlatform:
    """Reads pages of Vocal and of publications made like it."""

    name = "vocal"

    def recognizes(self, page: PageInput) -> bool:
        """Tell by the page's own words and addresses, two of which must be the platform's."""
        if page.media_type == "text/plain":
            return is_vocal_text(page.text)
        if page.media_type != "text/html":
            return False
        labels: set[Label | None] = set()
        for line in reversed(page.lines):  # they stand at the end
            label = label_of(line.text)
            if label in _OWN_LABELS:
                labels.add(label)
                if len(labels) > 1:
                    return True
        if page.structured.first_meta("og:site_name", "application-name") == "Vocal":
            return True
        if find_era_note(page.lines) is not None:
            return True
        if any(mark in page.text for mark in _SURE_MARKS) or _is_published_here(page):
            return True
        return sum(mark.search(page.text) is not None for mark in _MARKS) + len(labels) > 1 or _is_cut_story(
            page
        )

    def canonical_url(self, url: str) -> str:
        """Return the one address of what ``url`` points to."""
        return canonical_url(url)

    def read(self, page: PageInput) -> Page:
        """Read a page.

        Raises:
            PageLayoutChanged: It is a story whose headline or body can't be found.
            RecordError: A field breaks its promise.
        """
        if page.media_type != "text/html":
            return (
                read_text(page)
                if page.media_type == "text/plain"
                else _nothing(page, "unknown", "no HTML page")
            )
        if not page.lines and not page.structured.states and not page.structured.jsonld:
            return _nothing(page, "unknown", "the page is empty")
        story = Story(page)
        wall = _wall_kind(page) if story.sections.n_labels < 2 else None
        if wall == "login_wall" and story.sections.about is None:
            return _nothing(page, wall, "the story is not shown")
        if story.is_story():
            try:
                found = story.read()
                shown = found.article.body_text if found.article is not None else ""
                if is_wall_text(shown):
                    return _nothing(page, "login_wall", "the story is not shown")
                return _nothing(page, "error", "the story is gone") if _GONE.fullmatch(shown) else found
            except PageLayoutChanged:
                wall = wall or _wall_kind(page)
                if wall is not None:
                    return _nothing(page, wall, "the story is not shown")
                comments = story.comments_only()
                if comments is not None:
                    return comments
                raise
        return story.comments_only() or _read_other(page)


def _is_published_here(page: PageInput) -> bool:
    """Tell by the publisher that structured data name."""
    found = page.structured.article_node()
    told = as_list(found[0].get("publisher")) if found is not None else ()
    publishers = [page.structured.resolve(each) for each in told]
    names = (as_text(each.get("name")) for each in publishers if isinstance(each, dict))
    return any(fold_text(name) in _PUBLISHERS for name in names if name)


def _is_cut_story(page: PageInput) -> bool:
    """Tell a story's page that broke off above all labels: by its address and the byline with its minutes."""
    if (
        page.url is None
        or site_of(page.url) != f"https://{HOME}"
        or address_kind(canonical_url(page.url)) != "story"
    ):
        return False
    found = find_byline(page.lines, _MAX_SHORT, page.seen_at, page_url=page.url)
    said = found.byline if found is not None else None
    return said is not None and bool(said.printed) and said.published is not None and said.minutes is not None


def is_wall_text(body: str) -> bool:
    r"""Tell whether what stands where a story's body should be only asks to sign in.

    Example:
        >>> is_wall_text("Sign in to read this story\n\nThis story is for members of the club.")
        True
        >>> is_wall_text("Sign in to the inn, the note said, and I did.")
        False
    """
    if len(body) > _MAX_WALL_LINES * 130:
        return False
    lines = [line for line in body.splitlines() if line]
    if len(lines) == 1 and _SOLE_WALL.fullmatch(lines[0]):
        return True
    if not 0 < len(lines) <= _MAX_WALL_LINES or not _WALL.fullmatch(lines[0]):
        return False
    return len(lines) > 1 and all(len(line) < 120 and _WALL.match(line) for line in lines)


def _read_other(page: PageInput) -> Page:
    """Read a page that is no story."""
    kind = address_kind(canonical_url(page.url)) if page.url else "other"
    links = story_links(page)
    wall = _wall_kind(page)
    if kind == "author" and wall is None:
        return read_author_page(page)
    is_list = kind in ("home", "community", "stories", "tag")
    if wall == "error" or (wall is not None and len(links) < 3):
        return _nothing(page, wall, "the page is no story")
    if is_list or len(links) > 1:
        return read_list(page)
    if kind == "other" and sum(is_author_link(link) for link in _all_links(page)) > 3:
        return read_list(page)
    return _nothing(page, "unknown", "neither a story nor a list")


def _all_links(page: PageInput) -> list[etree._Element]:
    return list(page.root.iter("a")) if page.root is not None else []


def _wall_kind(page: PageInput) -> PageKind | None:
    """Tell a login wall or an error page by its words, or return None."""
    lines = [line for line in page.lines if line.text]
    if len(lines) > _MAX_SHORT:
        return None
    titles = [line.text for line in lines if line.tag in ("h1", "h2")][:2] or [
        line.text for line in lines if not _is_navigation(line)
    ][:3]
    if page.structured.title:
        titles.append(page.structured.title.split(" | ")[0])
    if any(_ERROR.fullmatch(title) for title in titles if len(title) < 200):
        return "error"
    n_words = sum(_WALL.fullmatch(line.text) is not None for line in lines if len(line.text) < 120)
    has_password = page.root is not None and any(
        field.get("type") == "password" for field in page.root.iter("input")
    )
    is_titled = any(_WALL.fullmatch(title) for title in titles if len(title) < 120)
    return "login_wall" if has_password or (is_titled and n_words > 0) or n_words > 2 else None


def _is_navigation(line: Line) -> bool:
    """Tell a link or a button at the top of any page from the words of this one."""
    above = (line.element, *line.element.iterancestors())
    is_link = any(mark.tag == "a" and text_of(mark) == line.text for mark in line.marks)
    return is_link or any(element.tag in ("nav", "header", "button", "a") for element in above)


def _nothing(page: PageInput, kind: PageKind, reason: str) -> Page:
    url = canonical_url(page.url) if page.url else None
    return Page("vocal", kind, url=url, title=page.structured.title, missing={"article": reason})


PLATFORM = VocalPlatform()
"""The reader of this platform."""
