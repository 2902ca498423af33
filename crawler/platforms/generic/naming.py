"""Names of persons as lines and declarations give them: labels, roles, accounts, days and outlets around."""

import re
from collections.abc import Callable

from crawler.platforms.generic.fronts import are_names, without_days

MAX_PRINTED = 200
"""Characters of a line of names looked at."""

_FULL = r"(?=[^\s,;:|]{1,60} (?:(?:van|von|de|del|da|der|di) ){0,2}(?-i:[^\W\d_a-z]))"
"""A whole name behind, by which "von Ann Lee" differs from Von Lee."""
_LABELED = re.compile(
    r"(?:(?:(?:written|words|posted|published|story|text|reported|report|essay|article|opinion|analysis"
    r"|column) )?by[: ]"
    rf"|(?:von|par|por|door|di|af|av)(?::| {_FULL}))\s*(?P<names>\S.{{0,200}})",
    re.IGNORECASE | re.DOTALL,
)
_EASTERN = re.compile(
    r"(?:.{0,40}[\s(（【|｜])?(?:作者|撰文|撰稿|记者|記者|著者|執筆|文)\s?[：:/／|｜]\s?(?P<names>\S.{0,80})",
    re.DOTALL,
)
"""The same in Chinese and Japanese, perhaps behind the name of a source."""
_EASTERN_END = re.compile(r"\s?\w{0,4}[：:（(【\[/／|｜]|[）)】\]]|\d")
"""Where names end there: at the next label, as "责任编辑：", a bracket or a number."""
_EASTERN_JOINED = re.compile(r"\s?[、，,;；/]\s?|\s")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
MAX_IDEOGRAPHS = 6
"""Most ideographs of a name; a line of more is an outlet's, or holds a button."""
_DECLARED_LABEL = re.compile(
    rf"(?:by[: ]|(?:von|par|por):|(?-i:von|par|por) {_FULL})\s*(?P<names>\S.{{0,200}})",
    re.IGNORECASE | re.DOTALL,
)
_END = re.compile(r"\s*[|•·∙]|\s+[–—-]\s|:\s|\s@\w|\s\S{1,60}@|https?:|\d|\s+\((?!\w\.)", re.IGNORECASE)
"""Where names end in a printed line: at a mark, an account, an address, a number."""
_LABELS_BEHIND = re.compile(
    r"(?:[\s,;:|•·–—-]|(?<![^\W\d])(?:posted|published|updated|on|at|in|am|um|le|el|il|op|den|vom"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day))+$",
    re.IGNORECASE,
)
_JOIN = r"(?:\s*,\s*(?:and\s+)?|\s+(?:and|AND|&|und|et|y|e|og|och|en)\s+|\s*[;/]\s*)"
_JOINED = re.compile(_JOIN)
_ACCOUNT = re.compile(rf"\s\(?@\w(?:(?!{_JOIN}).)*", re.DOTALL)
"""An account, and what stands behind it before the next name."""
_DEGREE = re.compile(r"(?:M\.?[AD]|Ph\.?D|M\.?P\.?H|M\.?B\.?A|R\.?N|R\.?D|J\.?D|M\.?Sc|B\.?Sc|D\.?O)\.?")
_ADDRESS = re.compile(r"\S{1,60}@\S{1,60}\.\w{2,20}")
_BESIDE_DAY = frozenset({
    "by", "von", "par", "por", "door", "di", "af", "av", "on", "at", "in", "am", "um", "le", "el", "il",
    "op", "den", "vom", "posted", "published", "updated", "last", "edited", "modified", "written", "first",
    "originally", "veröffentlicht", "aktualisiert", "publié", "publicado", "pubblicato", "for", "with",
    "from", "of", "the", "special", "to", "contributing", "senior", "and", "und", "et", "y", "e", "og",
    "och", "en", "van", "de", "der", "del", "della", "da", "dos", "du", "al", "bin", "ibn", "la", "ten",
    "ter", "zu", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
})  # fmt: skip
"""Words in small letters that stand with names and the day of a text."""
_UNFILLED = frozenset({
    "admin", "administrator", "author", "name", "super user", "your name", "未知", "佚名", "匿名",
})  # fmt: skip
"""What a template or a fresh account says where nobody filled it in."""
_MORE_BY = re.compile(
    r"(?:(?:view|see|show|read) )?(?:all|more)(?: the)? (?:posts|articles|stories|entries)"
    r"(?: (?:by|from)|$)\s*|posts by\s+"
    r"|(?:alle|weitere) (?:beiträge|artikel) (?:von|anzeigen)\s*|(?:voir )?tous les articles (?:de|par)\s+"
    r"|ver todas las entradas (?:de|por)\s+|vedi tutti gli articoli di\s+",
    re.IGNORECASE,
)
"""The words before a name in the link to a person's other articles, as WordPress has them."""
_WEB = re.compile(r"\s*[(–—-]*\s*(?:https?://|www\.)\S*|^\S+/\S+\.html?$", re.IGNORECASE)
"""An address in the place of a name or behind it."""
_ASIDE = re.compile(
    r",\s(?!(?:and|und|et|y|e|og|och|en|van|von|de|der|di|da|al|el|bin|ibn|le|la|du|af|av|zu|ter|ten)\b)"
    r"[a-zß-öø-ÿ].*",
    re.DOTALL,
)
"""What is told of a person behind the name: "Ann Lee, born in Tidal"."""
_ROLE = re.compile(
    r"\b(?:writers?|reporters?|editors?|correspondents?|columnists?|contributors?|staff|analysts?|producers?"
    r"|journalists?|critics?|bureau|desk)\b",
    re.IGNORECASE,
)


def part_names(printed: str, is_outlet: Callable[[str], bool]) -> list[str]:
    """Part "By Ann Lee, Bo Ray and Cy Dee, Harbor Post" into three names; [] where only an outlet is named.

    A name of one word is not parted off: "Lee, Ann" is one person.

    Args:
        printed: As declared, or as `names_in_line` gives it.
        is_outlet: Tells the name of the page's outlet.

    Example:
        >>> part_names("By Ann Lee, MD, and Bo Ray, Tidal", lambda name: name == "Tidal")
        ['Ann Lee', 'Bo Ray']
    """
    line = " ".join(printed[:MAX_PRINTED].split())
    line = _WEB.sub("", _MORE_BY.sub("", line, count=1) if _MORE_BY.match(line) else line)
    eastern = _eastern_names(line)
    if eastern is None and "、" in line:
        eastern = [name.strip() for name in line.split("、")]
    if eastern is not None:
        return [name for name in eastern if not is_outlet(name)]
    match = _DECLARED_LABEL.fullmatch(line)
    text = match["names"] if match else line
    text = _within_capitals(_ACCOUNT.sub("", text)).strip(" ,;")
    spans = _spans_of(text)
    parts = [text[start:end] for start, end in spans]
    if not parts or text[0] in "#@{[" or not any(char.isalpha() for char in text):
        return []
    names = [part for part in parts if not is_outlet(part) and not _is_no_name(part)]
    if len(names) > 1 and all(len(name.split()) in (2, 3, 4) for name in names):
        return names
    # What stands around the names goes; what else was joined belongs together.
    first, last = 0, len(parts) - 1
    while last > 0 and (is_outlet(parts[last]) or _is_no_name(parts[last])):
        last -= 1
    if first < last and is_outlet(parts[first]) and _is_full_name(parts[first + 1]):
        first += 1
    text = text[spans[first][0] : spans[last][1]]
    return [] if is_outlet(text) or text.lower() in _UNFILLED else [text]


def names_in_line(text: str, *, is_marked: bool) -> str | None:
    """Return the names in a printed line, without what stands around them; None where none are sure.

    Args:
        text: One line, or what stands in an element for a byline.
        is_marked: The page marks it as the line of the author, so that a name needs no "by" before it.

    Example:
        >>> names_in_line("By Ann Lee @annlee on June 26, 2026", is_marked=False)
        'Ann Lee'
        >>> names_in_line("Ann Lee | Sep. 8, 2026, 4:05 PM | 2,310", is_marked=True)
        'Ann Lee'
        >>> names_in_line("By Ann Lee @annlee and Bo Ray @boray", is_marked=False)
        'Ann Lee and Bo Ray'
    """
    line = " ".join(text[:MAX_PRINTED].split())
    eastern = _eastern_names(line)
    if eastern is not None:
        return "、".join(eastern) or None
    match = _LABELED.fullmatch(line)
    if match is None and not is_marked:
        return None
    named = _without_accounts(without_days(match["names"] if match else line, mark="|"))
    end = _END.search(named)
    if end and not (end.group().strip() == "(" and len(named[: end.start()].split()) < 2):
        named = named[: end.start()]
    aside = _ASIDE.search(named)
    if aside and not named[: aside.start()].islower():
        named = named[: aside.start()]
    named = _LABELS_BEHIND.sub("", _within_capitals(named)).strip(" ,;")
    if match is not None:
        return named or None
    if len(_IDEOGRAPHS.findall(named)) > MAX_IDEOGRAPHS:
        return None
    is_whole = are_names(named) and not _ROLE.search(named) and " by " not in named.lower()
    return (
        named if is_whole and all(len(each.split()) in (2, 3, 4) for each in _JOINED.split(named)) else None
    )


def _eastern_names(line: str) -> list[str] | None:
    """Return the names behind a Chinese or Japanese label; None for a line without one."""
    match = _EASTERN.fullmatch(line)
    if match is None:
        return None
    end = _EASTERN_END.search(match["names"])
    named = match["names"][: end.start()] if end else match["names"]
    names = [name.strip() for name in _EASTERN_JOINED.split(named)]
    return [name for name in names if name and name not in _UNFILLED and len(name) <= 2 * MAX_IDEOGRAPHS]


def _without_accounts(text: str) -> str:
    """Return a line without the accounts behind its names, if names are all that is left.

    What else stands behind an account is told of its owner.
    """
    rest = _ACCOUNT.sub("", text)
    return rest if all(_is_full_name(name) for name in _JOINED.split(rest)) else text


def is_of_names(before: str, behind: str) -> bool:
    """Tell a day that stands with names and labels from one of which other words tell something.

    Args:
        before: The line before the day.
        behind: The line behind it.

    Example:
        >>> is_of_names("By Ann Lee, staff writer, on ", ""), is_of_names("By Ann Lee, born ", "")
        (True, False)
    """
    words = _ROLE.sub(" ", before).split()
    if before == before.lower():
        words = []  # names in small letters too
    words += behind.split()[:1] if behind[:1].isspace() else []  # else the end of an hour or a mark
    told = (word.strip(".,;:|()-–—") for word in words if "@" not in word)
    return all(word in _BESIDE_DAY or "." in word or not word[:1].islower() for word in told)


def _spans_of(text: str) -> list[tuple[int, int]]:
    """Return where the parts of a joined list begin and end."""
    edges = [0, *(edge for match in _JOINED.finditer(text) for edge in match.span()), len(text)]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]


def _is_full_name(part: str) -> bool:
    return len(part.split()) in (2, 3, 4) and are_names(part)


def _within_capitals(text: str) -> str:
    """Return the names in capitals that a line begins with and those beside them, not the words behind."""
    parts = _JOINED.split(text)
    if _cut_capitals(parts[0]) is None:
        return text
    cut = ((part, _cut_capitals(part)) for part in parts)
    kept = [capitals or part for part, capitals in cut if capitals or _is_beside(part)]
    return text if kept == parts else ", ".join(kept)


def _cut_capitals(part: str) -> str | None:
    """Return the name in capitals that a part begins with; None where it begins with none."""
    words = part.split()
    n_capital = next((at for at, word in enumerate(words) if not _is_in_capitals(word)), len(words))
    # Initials and titles are written so in every name.
    n_long = sum(1 for word in words[:n_capital] if len(word) > 1 and "." not in word)
    return " ".join(words[:n_capital]) if n_long > 1 else None


def _is_beside(part: str) -> bool:
    return _is_full_name(part) or all(_is_in_capitals(word) for word in part.split())


def _is_in_capitals(word: str) -> bool:
    letters = [char for char in word if char.isalpha()]
    return not letters or all(char.isupper() for char in letters)


def _is_no_name(part: str) -> bool:
    """Tell a role, a degree or an address of mail in a list of names."""
    return (
        _ADDRESS.fullmatch(part) is not None
        or _DEGREE.fullmatch(part) is not None
        or _ROLE.search(part) is not None
        or part.lower().startswith("special ")
    )
