"""What the visible page and the structured sources say, put together.

Sources are ordered by trust. Where two disagree the visible page decides for text and the structured source
for dates. The rule named for a field is the most trusted source that agrees with the value taken.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from crawler.reading.claims import Claims
from crawler.reading.dates import DateReading, intersect_bounds, parse_date
from crawler.reading.markup import fold_text


@dataclass(slots=True)
class Merge:
    """Collects fields and the rules that gave them.

    Attributes:
        claims: What structured sources say, most trusted first.
        seen_at: When the page was served.
        language: Of the page, for dates.
        provenance: Field -> rule.
    """

    claims: Sequence[Claims]
    seen_at: datetime
    language: str | None = None
    provenance: dict[str, str] = field(default_factory=dict)

    def text(
        self,
        name: str,
        visible: str | None,
        rule: str,
        claimed: Callable[[Claims], str | None],
        *,
        sources: Sequence[str] = ("state", "jsonld", "microdata", "meta"),
    ) -> str | None:
        """Return the visible text, else the first claim.

        Args:
            name: Of the field.
            visible: As printed.
            rule: What found it on the page: "label" or "structure".
            claimed: What a source says of it.
            sources: Those that may say it.
        """
        told = [(text, claims.source) for claims in self.claims if (text := claimed(claims))]
        if visible:
            folded = fold_text(visible)
            agreed = (source for text, source in told if fold_text(text) == folded)
            self.provenance[name] = next(agreed, rule)
            return visible
        for text, source in told:
            if source in sources:
                self.provenance[name] = source
                return text
        return None

    def count(
        self, name: str, visible: int | None, rule: str, claimed: Callable[[Claims], int | None]
    ) -> int | None:
        """Return the visible number, else the first claim."""
        if visible is not None:
            self.provenance[name] = rule
            return visible
        for claims in self.claims:
            count = claimed(claims)
            if count is not None:
                self.provenance[name] = claims.source
                return count
        return None

    def date(
        self,
        name: str,
        visible: DateReading | None,
        exact: str | None,
        claimed: Callable[[Claims], str | None],
        *,
        rule: str = "label",
    ) -> DateReading | None:
        """Return the most trusted exact date, else the narrowest interval.

        Args:
            name: Of the field.
            visible: The date as printed.
            exact: What the element around it tells machines.
            claimed: What a source says of it.
            rule: What found the visible one.
        """
        told = [(claimed(claims), claims.source) for claims in self.claims if claims.source != "meta"]
        told += [(exact, "time")]
        told += [(claimed(claims), claims.source) for claims in self.claims if claims.source == "meta"]
        for text, source in told:
            reading = parse_date(text, seen_at=self.seen_at, language=self.language) if text else None
            if reading is not None:
                self.provenance[name] = source
                return reading if reading.is_exact or visible is None else _narrow(reading, visible)
        if visible is not None:
            self.provenance[name] = rule
        return visible


def _narrow(structured: DateReading, visible: DateReading) -> DateReading:
    """Return a structured date without a time, cut to what the visible wording allows."""
    bounds = intersect_bounds(structured.bounds, visible.bounds)
    if bounds is None:
        return structured
    return replace(structured, bounds=bounds, at=min(max(structured.at, bounds[0]), bounds[1]))
