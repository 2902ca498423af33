"""The comments that a page marks as such: by the ids of its software, microformats, microdata or class."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import cast

from lxml import etree

from crawler.platforms.generic.fronts import part_day, without_days
from crawler.platforms.generic.moments import MAX_DEPTH
from crawler.platforms.generic.opening import Html, letters_of, parse_printed
from crawler.reading.dates import DateReading
from crawler.reading.markup import count_words
from crawler.reading.outline import Line, text_of

MAX_COMMENTS = 5_000
"""Most comments of one page; WordPress prints 50 on a page, and some blogs all of some thousand."""
MAX_PARTS = 300
"""Most elements of one comment among which its name and its day are looked for."""
MAX_NAME = 100
"""Most characters of a commenter's name."""
MAX_LABEL = 12
"""Most words of a line beside a comment's words: a name, a day, a button."""
MAX_HEADING = 400
"""Most characters of a heading of comments, which may quote the headline."""
HEADINGS = ("h2", "h3", "h4", "h5", "h6")
"""Elements of headings below the headline."""
OF_COMMENTS = re.compile(
    r"(?:\d+ |no |one |all )?(?:reader |user )?"
    r"(?:comments?|responses?|replies|kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties"
    r"|kommentarer|комментари[ий])(?: ?[(:]? ?\d*\)?)?"
    r"|(?:leave|post|write|add) a (?:comment|reply)|join the (?:conversation|discussion)"
    r"|(?:\d+|one) (?:thoughts?|responses?|comments?|replies|reply) (?:on|to) .{1,300}",
    re.IGNORECASE,
)
"""A heading of comments."""

_MAX_PIECES = 200
"""Most pieces of text of a name or a day."""

_TAGS = ("li", "div", "article", "section")
_NUMBERED = re.compile(
    r"(?:div-|li-)?(?:comment|cmt|commentaire|kommentar|comentario)[-_]?(\d{1,20})", re.IGNORECASE
)
_SHORT_ID = re.compile(r"(?:c|comments)[-_]?(\d{1,20})", re.IGNORECASE)
"""The id of a comment on Blogger, or of all of an article: of one only where the class says so too."""
_BLOCK = re.compile(r"^\w{1,4}-comment-")
_COMMENT_CLASSES = frozenset({"comment", "u-comment", "p-comment"})
_NOTICES = frozenset({"pingback", "trackback"})
_NOTICE = re.compile(
    r"(?:pingback|trackback)\s?:.*|\[(?:…|\.{3})\].*\[(?:…|\.{3})\]", re.IGNORECASE | re.DOTALL
)
_REPLIES = frozenset(
    {"children", "indented", "replies", "comment-replies", "comment-children", "nested-comments"}
)
"""Boxes with the answers to the comment before them, as Drupal has them."""
_BODIES = (
    frozenset({
        "comment-content", "comment-text", "commenttext", "e-content", "p-content",
        "wp-block-comment-content", "comment-entry", "comment-message",
    }),
    frozenset({"comment-body", "commentbody"}),
)  # fmt: skip
"""Names of what holds a comment's words, those that hold nothing else first."""
_NAMES = frozenset({
    "fn", "p-author", "wp-block-comment-author-name", "comment-author-name", "comment-author-link",
    "username",
})  # fmt: skip
"""Names of what holds a commenter's name and nothing else."""
_AROUND_NAMES = frozenset({
    "reviewer", "comment-author", "commentauthor", "commenter", "author", "author-name", "authorname", "user",
    "user-name", "nickname",
})  # fmt: skip
"""Names of what holds a commenter's name, perhaps with a day or a button."""
_META = re.compile(
    r"(?:^|[\s_-])(?:meta(?:data)?|commentmetadata|author|vcard|p-author|reply|replies|actions?|date(?:time)?"
    r"|dt-published|u-url|time|avatar|says|permalink|edit(?:-link)?|moderation|footer|header|user|username|votes?|likes?"
    r"|item-control|byline)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Names of what stands beside a comment's words."""
_DATE = re.compile(
    r"(?:^|[\s_-])(?:date(?:time)?|time(?:stamp)?|meta(?:data)?|commentmetadata|published)(?:$|[\s_-])"
)
_SAYS = re.compile(
    r"[\s,]*\b(?:says?|said|writes|wrote|replied|commented|sagt|sagte|meint|schreibt|schrieb|dit"
    r"|a dit|a écrit|dice|dijo|escribió|disse|ha detto|scrive|zegt|schreef|skriver"
    r"|пишет|говорит)\b.*$|[\s:,|•·–—-]+$",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:(?:comment|posted|submitted|written|kommentar)\s+)?(?:by|von|par|por|di|door)[:\s]\s*", re.IGNORECASE
)
_BEHIND = re.compile(r"\s*[|•·@]|\s+[–—-]\s|\s*[(:]|\bon\b|\bat\b|\d")
_CONTROL = re.compile(
    r"(?:reply|answer|quote|report|flag|like|share|edit|delete|permalink|link|antworten|zitieren|melden"
    r"|répondre|signaler|responder|rispondi|beantwoorden|ответить|返信|回复)\b.{0,30}|[#¶]\d{0,5}|\d{1,4}",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Marked:
    """A comment as the page marks it.

    Attributes:
        number: Its id as the page's software prints it.
        parent: Place of the comment it answers.
        name: Of its writer.
        href: Where the name leads.
        day: When it was written.
        text: That as printed.
        lines: Its words.
    """

    number: str | None = None
    parent: int | None = None
    name: str | None = None
    href: str | None = None
    day: DateReading | None = None
    text: str | None = None
    lines: list[Line] = field(default_factory=list)


def find_comments(html: Html) -> tuple[list[Marked], dict[etree._Element, int]]:
    """Return the comments of a page in its order, and the elements that are theirs with their places.

    One counts if it has words and a name or a day, and once where the best are shown above all. Its answers
    stand in its element, or in a box beside it.
    """
    boxes = _find_boxes(html)
    if not boxes:
        return [], {}
    held: dict[etree._Element, list[Line]] = {box: [] for box in boxes}
    for line in html.page.lines:
        box = next((each for each in _chain(line.element) if each in boxes), None)
        if box is not None:
            held[boxes[box]].append(line)
    found: list[Marked] = []
    places: dict[etree._Element, int] = {}
    said: dict[tuple[str, ...], int] = {}
    for box, lines in held.items():
        if boxes[box] is not box or len(found) >= MAX_COMMENTS:
            continue
        comment = _read(html, box, boxes, lines)
        if comment.lines and (comment.name or comment.day) and not _is_of_link(box, comment):
            own = (comment.number or str(len(found)), *(line.text for line in comment.lines))
            places[box] = said.setdefault(own, len(found))
            if places[box] == len(found):
                comment.parent = _parent_of(box, boxes, places)
                found.append(comment)
    return found, places


def _find_boxes(html: Html) -> dict[etree._Element, etree._Element]:
    """Return the elements of comments, each with the outermost one of the same comment."""
    numbers: dict[etree._Element, str | None] = {}
    around = set(html.heading.iterancestors()) if html.heading is not None else set()
    for element in html.root.iter(*_TAGS):
        if element in around:
            continue
        names = _classes(element)
        own_id = element.get("id") or ""
        is_classed = not _COMMENT_CLASSES.isdisjoint(names) or _is_item(element)
        match = _NUMBERED.fullmatch(own_id) or (_SHORT_ID.fullmatch(own_id) if is_classed else None)
        if match or is_classed:
            numbers[element] = match[1] if match else None
    if any(numbers.values()):
        numbers = {element: number for element, number in numbers.items() if number}
    elif numbers:
        begun = _find_article(html, numbers.keys())
        numbers = {element: None for element in numbers if element not in begun}
    boxes: dict[etree._Element, etree._Element] = {}
    for element, number in numbers.items():
        above = next((each for each in _chain(element.getparent()) if each in boxes), None)
        is_same = above is not None and number is not None and numbers[boxes[above]] == number
        boxes[element] = boxes[above] if above is not None and is_same else element
    return boxes


def _find_article(html: Html, boxes: Collection[etree._Element]) -> set[etree._Element]:
    """Return the boxes that hold the article: it begins there, and most of the page's words stand there.

    Some call an article that comments on the news a comment, too.
    """
    own = set(html.heading.iter()) if html.heading is not None else set()
    first = None
    for line in html.page.lines:
        if line.element in own:
            first = None
        elif first is None and (
            count_words(line.text) > MAX_LABEL
            or (line.element.tag in HEADINGS and OF_COMMENTS.fullmatch(line.text[:MAX_HEADING]))
        ):
            first = line.element
    sizes = {above: 0 for above in _chain(first) if above in boxes}
    n_words = 0
    for line in html.page.lines if sizes else ():
        size = count_words(line.text)
        n_words += size
        for above in _chain(line.element):
            if above in sizes:
                sizes[above] += size
    return {box for box, size in sizes.items() if 2 * size > n_words}


def _is_item(element: etree._Element) -> bool:
    """Tell a comment in microdata."""
    kind = element.get("itemtype")
    return kind is not None and kind.rpartition("/")[2] in ("Comment", "UserComments")


def _chain(element: etree._Element | None) -> Iterator[etree._Element]:
    if element is not None:
        yield element
        yield from islice(element.iterancestors(), MAX_DEPTH)


def _parent_of(
    box: etree._Element, boxes: dict[etree._Element, etree._Element], places: dict[etree._Element, int]
) -> int | None:
    """Return the place of the comment in whose element, or in the box of answers behind it, one stands."""
    for above in _chain(box.getparent()):
        if (place := places.get(boxes.get(above, above))) is not None:
            return place
        before = above.getprevious() if not _REPLIES.isdisjoint(_classes(above)) else None
        if before is not None and (place := places.get(boxes.get(before, before))) is not None:
            return place
    return None


def _read(
    html: Html, box: etree._Element, boxes: dict[etree._Element, etree._Element], lines: Sequence[Line]
) -> Marked:
    """Read one comment from its own elements and lines."""
    number = _NUMBERED.fullmatch(box.get("id") or "") or _SHORT_ID.fullmatch(box.get("id") or "")
    comment = Marked(number=number[1] if number else None)
    parts = list(islice(_own_parts(box, boxes), MAX_PARTS))
    body = _find_body(parts)
    inside = set(body.iter()) if body is not None else set()
    comment.name, comment.href = _read_name([part for part in parts if part not in inside or part is body])
    if comment.name is None and body is not None:
        comment.name, comment.href = _read_name(parts)
    _read_day(html, comment, parts, lines, inside)
    is_within = body is not None and any(line.element in inside for line in lines)
    for line in lines:
        if (not is_within or line.element in inside) and not _is_beside(line, box, body, comment):
            comment.lines.append(line)
    return comment


def _is_of_link(box: etree._Element, comment: Marked) -> bool:
    """Tell the notice of a link from elsewhere, which blogs print among their comments, by class or words."""
    if not _NOTICES.isdisjoint(_classes(box)):
        return True
    words = " ".join(line.text for line in comment.lines[:MAX_LABEL])
    return _NOTICE.fullmatch(words) is not None


def _own_parts(box: etree._Element, boxes: dict[etree._Element, etree._Element]) -> Iterator[etree._Element]:
    """Yield the elements of a comment without those of its answers, in page order."""
    waiting = [box]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(
            each
            for each in reversed(part)
            if boxes.get(each, box) is box and each.tag not in ("form", "button", "script", "style")
        )


def _find_body(parts: Sequence[etree._Element]) -> etree._Element | None:
    for names in _BODIES:
        for part in parts:
            if not names.isdisjoint(_classes(part)):
                return part
    return next((part for part in parts if part.get("itemprop") in ("text", "commentText")), None)


def _read_name(parts: Sequence[etree._Element]) -> tuple[str | None, str | None]:
    """Return the writer's name and where it leads."""
    classed = [(part, set(_classes(part))) for part in parts]
    reviewed: set[etree._Element] = set()
    for part, names in classed:
        if "item" in names and part not in reviewed:
            reviewed.update(part.iter())
    named = [part for part, names in classed if names & _NAMES and part not in reviewed]
    around = [part for part, names in classed if names & _AROUND_NAMES]
    around += [part for part in parts if part.get("itemprop") in ("author", "creator")]
    around += [part for part in parts if part.tag == "cite" or "external" in (part.get("rel") or "").split()]
    for part in (*named, *around):
        inner = (
            each for each in part.iter("a", "b", "strong", "cite") if each is not part and _may_name(each)
        )
        for each in (part,) if part in named else (*islice(inner, 1), part):
            name = _clean_name(_first_line(each), is_alone=each is not part or part in named)
            if name and not _CONTROL.fullmatch(name):
                links = (*islice(each.iterancestors("a"), 1), *islice(each.iter("a"), 1))
                return name, next((link.get("href") for link in links if not _is_own_link(link)), None)
    return None, None


def _may_name(element: etree._Element) -> bool:
    """Tell a name from the link to the comment itself and from a button to answer it."""
    is_apart = "#" in (element.get("href") or "") or _META.search(element.get("class") or "") is not None
    return not is_apart and bool(_read_label(element))


def _first_line(element: etree._Element) -> str:
    """Return what an element says before its first line break."""
    if element.text and element.text.strip() and next(element.iter("br"), None) is not None:
        return " ".join(element.text.split())
    return _read_label(element)


def _read_label(element: etree._Element) -> str:
    """Return the text of an element, of one that holds more than a name or a day only its beginning."""
    pieces: list[str] = []
    n_letters = 0
    for piece in islice(cast(Iterator[str], element.itertext()), _MAX_PIECES):
        pieces.append(piece)
        n_letters += len("".join(piece.split()))
        if n_letters > 3 * MAX_NAME:
            break
    return " ".join("".join(pieces).split())


def _clean_name(text: str, *, is_alone: bool) -> str | None:
    """Return a name without "Comment by" before it and "says" or a day behind it.

    Args:
        text: As printed.
        is_alone: Nothing else than the name is expected.
    """
    if len(text) > 3 * MAX_NAME:
        return None
    if not is_alone:
        text = without_days(_BY.sub("", text.lstrip(" ,;·•|–—-"), count=1), mark="|")
        end = _BEHIND.search(text)
        text = text[: end.start()] if end and end.start() else text
    text = _SAYS.sub("", text).strip(" ,;:|")
    return text if 0 < len(text) <= MAX_NAME and any(char.isalnum() for char in text) else None


def _read_day(
    html: Html,
    comment: Marked,
    parts: Sequence[etree._Element],
    lines: Sequence[Line],
    inside: set[etree._Element],
) -> None:
    """Read when a comment was written: from its element for it, else from a short line beside its words."""
    for part in parts:
        told = (
            part.get("datetime") if part.tag == "time" else part.get("title") if part.tag == "abbr" else None
        )
        if told is None and part.tag != "time":
            continue
        printed = text_of(part)
        reading = parse_printed(html, told) or parse_printed(html, printed)
        if reading is not None:
            comment.day, comment.text = reading, printed or told
            return
    texts = [
        _read_label(part) for part in parts if part not in inside and _DATE.search(part.get("class") or "")
    ]
    texts += [line.text for line in lines if line.element not in inside]
    texts += [line.text for line in lines if line.element in inside]
    for text in texts:
        if 0 < count_words(text) <= MAX_LABEL and not text.endswith("."):
            _, day, _ = part_day(text, html.page.seen_at, html.data.language)
            if day is not None and day.bounds[0] <= html.page.seen_at:
                comment.day, comment.text = day, day.text
                return


def _is_beside(line: Line, box: etree._Element, body: etree._Element | None, comment: Marked) -> bool:
    """Tell a name, a day, a picture of a face or a button from a comment's words."""
    if line.tag == "button" or next(line.element.iterancestors("form", "button"), None) is not None:
        return True
    cite = next(line.element.iter("cite"), None) if line.text else None
    if cite is not None and letters_of(text_of(cite)) == letters_of(line.text):
        return True
    for above in _chain(line.element):
        if above in (box, body):
            break
        if _META.search(above.get("class") or "") or above.tag in ("cite", "footer", "header"):
            return True
    if not line.text:
        return line.tag == "img" and body is None
    if count_words(line.text) > MAX_LABEL:
        return False
    rest = line.text
    for told in (comment.name, comment.text, *(text_of(mark) for mark in line.marks if _is_own_link(mark))):
        rest = rest.replace(told or "", " ", 1)
    is_told = rest != line.text and not any(char.isalnum() for char in _SAYS.sub("", _BY.sub("", rest)))
    is_link = any(mark.tag == "a" and text_of(mark) == line.text for mark in line.marks)
    return is_told or (is_link and _CONTROL.fullmatch(line.text) is not None)


def _is_own_link(mark: etree._Element) -> bool:
    return mark.tag == "a" and "#" in (mark.get("href") or "")


def _classes(element: etree._Element) -> list[str]:
    """Return the classes of an element, "c-comment__text" and "comment_text" as "comment-text"."""
    value = element.get("class")
    names = value.lower().replace("__", "-").replace("_", "-").split() if value else []
    return [_BLOCK.sub("comment-", name) for name in names]
