"""The language of searches: words, "phrases", AND, OR, NOT, prefix*, and field filters; pure.

``moss (wall OR "dry stone") NOT lawn author:"Ada Moss" tag:nature after:2026-01``

Words that stand side by side must all occur. AND, OR and NOT are operators in capitals only; NOT binds
closest, then AND, then OR; a leading ``-`` means NOT, before a word, a phrase, a filter or a parenthesis.
Field filters hold for the whole query, so they stand outside OR and parentheses. Case, accents and
punctuation make no difference.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from crawler.errors import QueryError
from crawler.store.words import list_words

MAX_QUERY: Final = 1_000
"""Longest query, in characters."""
MAX_TERMS: Final = 40
MAX_DEPTH: Final = 20
MIN_PREFIX: Final = 2
"""Shortest prefix: one letter begins a tenth of all words."""

FieldName = Literal["author", "tag", "publication"]
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<paren>[()])
      | (?P<minus>-)(?=[^\s)])
      | (?P<field>[A-Za-z]+):(?:"(?P<quoted_value>[^"]*)"?|(?P<value>[^\s()"]*))
      | "(?P<phrase>[^"]*)"?(?P<phrase_prefix>\*?)
      | (?P<word>[^\s()"]+)
    )""",
    re.VERBOSE,
)
_NOTHING_TO_TAKE_FROM: Final = "NOT needs something to take away from; add a word beside it"
_FILTER_NAMES: Final[dict[str, FieldName]] = {
    "author": "author", "tag": "tag", "publication": "publication"
}  # fmt: skip
_FIELDS: Final = ("author", "tag", "publication", "after", "before")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or several that follow each other.

    Attributes:
        words: Folded; at least one.
        is_prefix: The last word may go on.
    """

    words: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """All parts must hold, and none of the unwanted ones."""

    parts: tuple["Expression", ...]
    unwanted: tuple["Expression", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts must hold."""

    parts: tuple["Expression", ...]


Expression = Term | Every | Either


@dataclass(frozen=True, slots=True)
class FieldFilter:
    """A condition on what an article or comment belongs to.

    Attributes:
        name: Which field.
        value: As written, not folded.
        is_unwanted: It must not hold.
    """

    name: FieldName
    value: str
    is_unwanted: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query.

    Attributes:
        expression: What the text must fulfill; None when only filters were given. Without parts of its own
            (``Every((), unwanted)``) it only takes away from what the filters leave.
        filters: All must hold.
        after: Published at or after this instant.
        before: Published before this instant.
    """

    expression: Expression | None = None
    filters: tuple[FieldFilter, ...] = ()
    after: datetime | None = None
    before: datetime | None = None


def parse_query(text: str) -> Query:
    """Parse a query.

    Args:
        text: As a person typed it.

    Raises:
        QueryError: It is too long, asks for nothing, or can't be understood; says what to write instead.

    Example:
        >>> parse_query('"Dry Stone"').expression
        Term(words=('dry', 'stone'), is_prefix=False)
        >>> parse_query("tag:walls after:2026").filters, parse_query("after:2026").after.year
        ((FieldFilter(name='tag', value='walls', is_unwanted=False),), 2026)
    """
    if len(text) > MAX_QUERY:
        raise QueryError(f"the query is longer than {MAX_QUERY} characters; shorten it")
    parser = _Parser(_tokenize(text))
    query = parser.parse()
    if query == Query():
        raise QueryError("the query holds no word to look for", text.strip() or None)
    return query


@dataclass(frozen=True, slots=True)
class _Token:
    """``kind`` is "(", ")", "AND", "OR", "NOT", "term" or "field"."""

    kind: str
    term: Term | None = None
    name: str = ""
    value: str = ""


def _tokenize(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    for match in _TOKEN.finditer(text):
        tokens += _read_token(match)
    if sum(token.kind in ("term", "field") for token in tokens) > MAX_TERMS:
        raise QueryError(f"the query has more than {MAX_TERMS} words; leave some out")
    return tokens


def _read_token(match: re.Match[str]) -> Iterator[_Token]:
    if match["paren"]:
        yield _Token(match["paren"])
    elif match["minus"]:
        yield _Token("NOT")
    elif match["field"] and match["field"].lower() in _FIELDS:
        yield _Token(
            "field", name=match["field"].lower(), value=match["quoted_value"] or match["value"] or ""
        )
    elif match["field"]:
        words = f"{match['field']} {match['quoted_value'] or match['value'] or ''}"
        yield from _terms(words, is_prefix=words.endswith("*"))
    elif match["phrase"] is not None:
        yield from _terms(match["phrase"], is_prefix=bool(match["phrase_prefix"]))
    elif match["word"] in ("AND", "OR", "NOT"):
        yield _Token(match["word"])
    else:
        yield from _terms(match["word"], is_prefix=match["word"].endswith("*"))


def _terms(text: str, *, is_prefix: bool) -> Iterator[_Token]:
    words = tuple(list_words(text))
    if words:
        if is_prefix and len(words[-1]) < MIN_PREFIX and words[-1].isascii():
            raise QueryError(f"write at least {MIN_PREFIX} letters before the *", text)
        yield _Token("term", term=Term(words, is_prefix))
    else:
        yield _Token("nothing")


class _Parser:
    """A parser by recursive descent; filters are gathered on the way."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._filters: list[_Token] = []
        self._unwanted_filters: list[_Token] = []

    def parse(self) -> Query:
        """Return the whole query; fails at the first token out of place."""
        expression = self._either(0)
        if self._peek() is not None:
            raise QueryError("a closing parenthesis has no opening one")
        has_filters = bool(self._filters or self._unwanted_filters)
        if _is_bare_unwanted(expression) and not has_filters:
            raise QueryError(_NOTHING_TO_TAKE_FROM)
        return _add_filters(expression, self._filters, self._unwanted_filters)

    def _peek(self) -> str | None:
        return self._tokens[self._place].kind if self._place < len(self._tokens) else None

    def _next(self) -> _Token:
        self._place += 1
        return self._tokens[self._place - 1]

    def _either(self, depth: int) -> Expression | None:
        if depth > MAX_DEPTH:
            raise QueryError("the query's parentheses are nested too deep")
        filters_before = len(self._filters) + len(self._unwanted_filters)
        parts = [self._every(depth)]
        while self._peek() == "OR":
            self._next()
            parts.append(self._every(depth))
        if len(parts) > 1 and len(self._filters) + len(self._unwanted_filters) > filters_before:
            raise QueryError("filters such as tag: hold for the whole query; write them without OR")
        found = tuple(part for part in parts if part is not None)
        if len(found) > 1 and any(_is_bare_unwanted(part) for part in found):
            raise QueryError(_NOTHING_TO_TAKE_FROM)
        if len(found) < 2:
            return found[0] if found else None
        return Either(found)

    def _every(self, depth: int) -> Expression | None:
        parts: list[Expression] = []
        unwanted: list[Expression] = []
        while self._peek() not in (None, ")", "OR"):
            is_unwanted = False
            while self._peek() in ("AND", "NOT"):
                is_unwanted = self._next().kind == "NOT" or is_unwanted
            if self._peek() in (None, ")", "OR"):
                if is_unwanted:
                    raise QueryError("NOT needs a word after it")
                break
            part = self._operand(self._next(), depth, is_unwanted=is_unwanted)
            if part is not None:
                (unwanted if is_unwanted else parts).append(part)
        if not unwanted and len(parts) < 2:
            return parts[0] if parts else None
        return Every(tuple(parts), tuple(unwanted))

    def _operand(self, token: _Token, depth: int, *, is_unwanted: bool) -> Expression | None:
        if token.kind == "field":
            if depth:
                raise QueryError(
                    "filters such as tag: hold for the whole query; write them without parentheses"
                )
            (self._unwanted_filters if is_unwanted else self._filters).append(token)
        if token.kind != "(":
            return token.term
        inside = self._either(depth + 1)
        if self._peek() != ")":
            raise QueryError("a parenthesis is not closed")
        self._next()
        if _is_bare_unwanted(inside):
            raise QueryError(_NOTHING_TO_TAKE_FROM)
        return inside


def _is_bare_unwanted(expression: Expression | None) -> bool:
    return isinstance(expression, Every) and not expression.parts


def _add_filters(
    expression: Expression | None, wanted: Sequence[_Token], unwanted: Sequence[_Token]
) -> Query:
    """Return the query with its field filters read."""
    filters: list[FieldFilter] = []
    moments: dict[str, list[datetime]] = {"after": [], "before": []}
    for place, token in enumerate((*wanted, *unwanted)):
        is_unwanted = place >= len(wanted)
        if not token.value.strip():
            raise QueryError(f"{token.name}: needs a value after it")
        if token.name in moments:
            if is_unwanted:
                raise QueryError(f"NOT can't stand before {token.name}:")
            moments[token.name].append(_parse_day(token.value))
        name = _FILTER_NAMES.get(token.name)
        if name is not None:
            filters.append(FieldFilter(name, token.value, is_unwanted))
    return Query(
        expression,
        tuple(filters),
        after=max(moments["after"], default=None),
        before=min(moments["before"], default=None),
    )


def _parse_day(text: str) -> datetime:
    """Return the start of a day, month or year, UTC."""
    match = _DAY.fullmatch(text)
    try:
        if match is not None:
            return datetime(int(match[1]), int(match[2] or 1), int(match[3] or 1), tzinfo=UTC)
    except ValueError:
        pass
    raise QueryError("write a day as 2026-03-01, 2026-03 or 2026", text)


def list_terms(expression: Expression | None) -> list[Term]:
    """Return the terms that a match may show, unwanted ones left out."""
    if expression is None:
        return []
    if isinstance(expression, Term):
        return [expression]
    return [term for part in expression.parts for term in list_terms(part)]


def is_match(expression: Expression, fields: Sequence[str]) -> bool:
    """Tell whether folded texts fulfill an expression; a term must stand within one of them.

    Example:
        >>> wanted = parse_query("moss (wall OR fen*) -lawn").expression
        >>> is_match(wanted, ["moss on a wall"]), is_match(wanted, ["moss", "fences"])
        (True, True)
    """
    if isinstance(expression, Term):
        return any(count_matches(expression, field) for field in fields)
    if isinstance(expression, Either):
        return any(is_match(part, fields) for part in expression.parts)
    return all(is_match(part, fields) for part in expression.parts) and not any(
        is_match(part, fields) for part in expression.unwanted
    )


def count_matches(term: Term, field: str) -> int:
    """Return how often a term stands in a folded text."""
    phrase = " ".join(term.words)
    return f" {field} ".replace(" ", "  ").count(_spaced(phrase, is_prefix=term.is_prefix))


def _spaced(phrase: str, *, is_prefix: bool) -> str:
    """Return a phrase with its blanks doubled, so that neighbors don't share one and each is counted."""
    return f" {phrase}".replace(" ", "  ")[1:] + ("" if is_prefix else " ")
