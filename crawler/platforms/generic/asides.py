"""Find beside an article the notices that ask for consent and the sections that lead to other articles."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree

from crawler.platforms.generic.opening import Html
from crawler.reading.markup import count_words
from crawler.reading.outline import text_of

MAX_WALL_LINE = 120
"""Most characters of a line that asks to subscribe."""
MAX_NOTICE = 120
"""Most words of a notice about cookies with its buttons."""
MAX_NOTICE_TEXT = 3_000
"""Most characters of it: what has no blanks is one word, however long."""
MAX_ADVERT = 50
"""Most characters of what is printed over an advertisement."""
MAX_HEADING = 80
"""Most characters of what stands above links to other articles."""
MAX_SECTIONS = 20
"""Most such sections, and most buttons of consent, looked at."""
MAX_ITEMS = 60
"""Most items of one section looked at."""
MAX_NEIGHBOR_PARTS = 5
"""Most elements in the link to a neighboring article: an arrow, "Next", a picture, a headline, a day."""
MAX_SIGN = 2
"""Most characters of the sign by which a heading links to itself."""
MAX_UNLINKED = 8
"""Most words of a part of such a section without a link: a note, "Show all"."""

_CONSENT = re.compile(
    r"(?:accept|agree|allow|reject|decline|refuse|ok(?:ay)?|got it|i understand|dismiss|close"
    r"|(?:alle )?akzeptieren|zustimmen|(?:tout )?accepter|aceptar|accetta|accepteren|godta)\b.{0,30}",
    re.IGNORECASE,
)
_ADVERTS = frozenset({
    "ad", "advert", "advertisement", "advertisements", "advertising", "sponsored", "sponsored content",
    "promoted", "anzeige", "werbung", "publicité", "publicidad", "pubblicità", "annonse", "annons",
    "advertentie", "article continues below", "article continues after advertisement",
    "story continues below advertisement",
})  # fmt: skip
"""What is printed over an advertisement."""
_COOKIES = re.compile(r"\b(?:cookies?|gdpr|dsgvo|rgpd)\b", re.IGNORECASE)
_MORE = re.compile(
    r"you (?:may|might)(?: also)? (?:also )?(?:like|enjoy|be interested in)\b.{0,20}"
    r"|(?:more|other|related|recommended|recent|latest|popular|further|similar|trending|suggested|next|previous)"
    r" (?:posts?|articles?|stories|news|reading|reads?|entries|content|links|coverage)\b.{0,40}"
    r"|related(?: to this)?|recommended(?: for you)?|read (?:next|more|also|this next)|keep reading"
    r"|what to read next|more (?:like this|to (?:read|explore)|(?:from|on|in|by) .{1,60})"
    r"|most (?:read|popular)|trending(?: now)?|popular(?: now)?|up next|see also|don.t miss"
    r"|das könnte (?:sie|dich|euch) auch interessieren|mehr zum thema|lesen sie auch|weitere artikel"
    r"|(?:à )?lire aussi|articles (?:similaires|liés)|te puede interesar|artículos relacionados"
    r"|leggi anche|lees ook|les også|läs också",
    re.IGNORECASE,
)
_NEIGHBOR = re.compile(
    r"(?:previous|prev|next|newer|older)(?: (?:post|article|story|entry|chapter))?"
    r"|zurück|weiter|(?:vorheriger|voriger|nächster) (?:beitrag|artikel)"
    r"|précédent|suivant|article (?:précédent|suivant)|anterior|siguiente|próximo"
    r"|(?:entrada|artículo) (?:anterior|siguiente)|precedente|successivo|vorige|volgende"
    r"|назад|дал[ье]е|вперёд|(?:предыдущая|следующая)(?: запись| статья)?"
    r"|(?:前|次)の(?:記事|投稿)|前へ|次へ|السابق|التالي|المقال (?:السابق|التالي)",
    re.IGNORECASE,
)
"""What stands beside the headline of the article before or after this one, in the link that leads there."""
_WALL = re.compile(
    r"(?:(?:subscribe|sign (?:up|in)|log in|register|join|upgrade|become a member)(?: now| today| for free)?"
    r" (?:to|and) (?:continue|keep|go on) reading"
    r"|(?:subscribe|sign (?:up|in)|log in) to read (?:the rest|on|more))\b.{0,60}"
    r"|(?:jetzt )?(?:abonnieren|registrieren|anmelden) und weiterlesen\b.{0,60}"
    r"|(?:abonnez|connectez|inscrivez)-vous pour (?:lire la suite|continuer (?:la|votre) lecture)\b.{0,60}"
    r"|suscríbete para (?:seguir|continuar) leyendo\b.{0,60}|abbonati per continuare a leggere\b.{0,60}"
    r"|(?:оформите подписку|подпишитесь|войдите), чтобы (?:читать дальше|продолжить чтение).{0,60}"
    r"|この記事は有料会員限定です.{0,60}|続きを読むには.{0,60}"
    r"|اشترك (?:لمتابعة القراءة|لمتابعة قراءة).{0,60}",
    re.IGNORECASE,
)
"""The first line of a box over the rest of an article that is not for everybody."""
_BOXES = frozenset({"div", "section", "aside", "form", "dialog", "center", "footer"})
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("p", "div", "img", "section", "time", *_HEADINGS)
"""What a teaser in a list is made of; an item of a text has words alone."""


def find_asides(html: Html, kept: set[etree._Element]) -> Iterator[etree._Element]:
    """Yield notices about cookies, words over advertisements, and links to other articles with their heading.

    The links to the articles before and after this one say so themselves and need none. A box that asks to
    subscribe for the rest of the article goes too, and so do the signs by which headings link to themselves.

    Args:
        html: The page.
        kept: Elements that are never part of one: those around the headline.
    """
    yield from _notices(html.root, kept)
    yield from islice((each for each in html.root.iter("a") if _is_neighbor(each)), MAX_SECTIONS)
    yield from islice(_walls(html, kept), MAX_SECTIONS)
    yield from (link for each in html.root.iter(*_HEADINGS) for link in each.iter("a") if _is_sign(link))
    n_found = 0
    for line in html.page.lines:
        heading = line.element
        if len(line.text) <= MAX_ADVERT and line.text.lower().strip(" :") in _ADVERTS:
            if text_of(heading) == line.text:
                yield heading
            continue
        if heading.tag not in _HEADINGS or len(line.text) > MAX_HEADING or heading in kept:
            continue
        if _MORE.fullmatch(line.text.rstrip(" :…")) is None:
            continue
        n_found += 1
        if n_found > MAX_SECTIONS:
            return
        section = _section_under(heading, kept)
        if section and _leads_elsewhere(section):
            yield from (heading, *section)


def _notices(root: etree._Element, kept: set[etree._Element]) -> Iterator[etree._Element]:
    """Yield the largest small box around each button of consent, if its words are about cookies."""
    buttons = (each for each in root.iter("button", "a") if _is_consent(each))
    for button in islice(buttons, MAX_SECTIONS):
        box = None
        for above in button.iterancestors():
            if above.tag not in _BOXES or above in kept:
                break
            text = text_of(above)
            if len(text) > MAX_NOTICE_TEXT or count_words(text) > MAX_NOTICE:
                break
            box = above
        if box is not None and _COOKIES.search(text_of(box)):
            yield box


def _is_consent(element: etree._Element) -> bool:
    if len(element) > 3:
        return False
    text = text_of(element)
    return len(text) <= 50 and _CONSENT.fullmatch(text) is not None


def _walls(html: Html, kept: set[etree._Element]) -> Iterator[etree._Element]:
    """Yield the largest small box that begins with a line that asks to subscribe for the rest."""
    lines = (line for line in html.page.lines if len(line.text) <= MAX_WALL_LINE)
    for line in islice((line for line in lines if _WALL.fullmatch(line.text)), MAX_SECTIONS):
        box = None
        for above in (line.element, *islice(line.element.iterancestors(), MAX_ITEMS)):
            text = text_of(above)
            if above in kept or count_words(text) > MAX_NOTICE or not text.startswith(line.text):
                break
            box = above
        if box is not None and (box.tag in _BOXES or box.tag in _HEADINGS):
            yield box


def _is_sign(link: etree._Element) -> bool:
    """Tell the sign by which a heading links to itself: "#", "¶"."""
    text = text_of(link)
    is_inside = "#" in (link.get("href") or "")
    return is_inside and 0 < len(text) <= MAX_SIGN and not any(char.isalnum() for char in text)


def _is_neighbor(link: etree._Element) -> bool:
    """Tell a link with "Next" and a headline, each in an element of its own and nothing between them."""
    if not 2 <= len(link) <= MAX_NEIGHBOR_PARTS or any((each.tail or "").strip() for each in link):
        return False
    if (link.text or "").strip() or next(link.iterancestors("p"), None) is not None:
        return False
    texts = [text for each in link if (text := text_of(each).strip(" :«»‹›←→"))]
    return len(texts) >= 2 and any(len(text) <= 30 and _NEIGHBOR.fullmatch(text) for text in texts)


def _section_under(heading: etree._Element, kept: set[etree._Element]) -> list[etree._Element]:
    """Return what follows a heading in its box, up to another heading of its level or above."""
    top = heading
    while (above := top.getparent()) is not None and above not in kept and text_of(above) == text_of(heading):
        top = above
    section: list[etree._Element] = []
    for below in islice(top.itersiblings(), MAX_ITEMS):
        if (
            below.tag in _HEADINGS
            and str(below.tag) <= str(heading.tag)
            and next(below.iter("a"), None) is None
        ):
            break
        if below in kept:
            return []
        section.append(below)
    return section


def _leads_elsewhere(section: Sequence[etree._Element]) -> bool:
    """Tell links to other articles, each perhaps with some words of it, from running text."""
    items = section
    while len(items) == 1 and len(items[0]) and items[0].tag not in ("a", "p", *_HEADINGS):
        items = list(islice(items[0], MAX_ITEMS))
    unlinked = [each for each in items if not _is_linked(each)]
    is_short = all(count_words(text_of(each)) <= MAX_UNLINKED for each in unlinked)
    return is_short and 2 * len(unlinked) <= len(items)


def _is_linked(element: etree._Element) -> bool:
    """Tell a link, perhaps with some words of its article, from running text, which may link too."""
    link = element if element.tag == "a" else next(element.iter("a"), None)
    if link is None:
        return False
    is_item = (
        element.tag == "li" and (element.text or "").strip() and next(element.iter(*_BLOCKS), None) is None
    )
    if element.tag != "p" and not is_item:
        return True
    return 2 * sum(count_words(text_of(a)) for a in element.iter("a")) >= count_words(text_of(element))
