"""The reader insights of a copied story page."""

import re
from collections.abc import Sequence

from crawler.platforms.vocal.labels import RATINGS, label_of
from crawler.platforms.vocal.text_lines import Line
from crawler.records import Insight

_INSIGHTS = {
    "Compelling and original writing": "Creative use of language & vocab",
    "Easy to read and follow": "Well-structured & engaging content",
    "Excellent storytelling": "Original narrative & well developed characters",
    "Expert insights and opinions": "Arguments were carefully researched and presented",
    "Eye opening": "Niche topic & fresh perspectives",
    "Heartfelt and relatable": "The story invoked strong personal emotions",
    "Masterful proofreading": "Zero grammar & spelling mistakes",
    "On-point and relevant": "Writing reflected the title & theme",
}
_NO_LETTER = re.compile(r"[\W_]+")
_COUNT = re.compile(r"(?P<label>.+?) ?\((?P<count>\d{1,7})\)")


def read_insights(lines: Sequence[Line]) -> list[Insight]:
    """Read what stands under "Reader insights".

    The leading judgment may be printed as its name, as its sentence or as both. The listed insights are a
    label and an explanation each, in numbered lists, and the second list starts again at 1.

    Args:
        lines: Without the label itself.
    """
    told = [line for line in lines if label_of(line.label) != "insights_noise"]
    top = next((index for index, line in enumerate(told) if label_of(line.label) == "top_insights"), None)
    if top is None:
        top = next((i for i, line in enumerate(told) if line.bullet or _known(line.text)), len(told))
        listed = told[top:]
    else:
        listed = told[top + 1 :]
    rating = _read_rating([line.text for line in told[:top]])
    return ([rating] if rating else []) + _read_listed(listed)


def _read_rating(texts: Sequence[str]) -> Insight | None:
    label, explanation = None, None
    for text in [part for line in texts for part in _split_rating(line)]:
        if label is None and _fold(text) in _RATING_NAMES:
            label = text
        elif explanation is None:
            explanation = text
    if label is None and explanation is not None:
        label = _RATING_OF_SENTENCE.get(_fold(explanation))
    if label is None:
        label, explanation = explanation, None
    return Insight(kind="rating", label=label, explanation=explanation) if label else None


def _split_rating(text: str) -> list[str]:
    """Part a judgment's name from its sentence where one line holds both: "Nice work: Very well ..."."""
    name, _, sentence = text.partition(":")
    if sentence.strip() and _fold(name) in _RATING_NAMES:
        return [name, sentence.strip()]
    for known in RATINGS:
        sentence = text[len(known) :].strip()
        if text[: len(known)].casefold() == known.casefold() and _fold(sentence) in _RATING_OF_SENTENCE:
            return [text[: len(known)], sentence]
    return [text]


def _read_listed(lines: Sequence[Line]) -> list[Insight]:
    is_numbered = any(line.bullet for line in lines)
    found: list[tuple[str, str | None]] = []
    for line in lines:
        label, explanation = _split_known(line.text)
        is_label = (
            bool(line.bullet) if is_numbered else _known(label) or not found or found[-1][1] is not None
        )
        if is_label or not found:
            found.append((label, explanation))
        elif found[-1][1] is None:
            found[-1] = (found[-1][0], line.text)
    return [_to_insight(label, explanation) for label, explanation in found]


def _to_insight(label: str, explanation: str | None) -> Insight:
    match = _COUNT.fullmatch(label[:200])
    if match is None:
        return Insight(kind="top_insight", label=label, explanation=explanation)
    return Insight(
        kind="top_insight", label=match["label"], explanation=explanation, count=int(match["count"])
    )


def _split_known(text: str) -> tuple[str, str | None]:
    """Part a known label from an explanation printed on the same line."""
    name, _, told = text.partition(":")
    if told.strip() and _known(name):
        return name, told.strip()
    for label in _INSIGHTS:
        if text.startswith(label + " ") and text[len(label) + 1 : len(label) + 2].isupper():
            return label, text[len(label) + 1 :]
    return text, None


def _known(text: str) -> bool:
    return _fold(text) in _FOLDED


def _fold(text: str) -> str:
    return _NO_LETTER.sub("", text[:300].casefold())


_FOLDED = frozenset(_fold(label) for label in _INSIGHTS)
_RATING_OF_SENTENCE = {_fold(sentence): name for name, sentence in RATINGS.items()}
_RATING_NAMES = frozenset(_fold(name) for name in RATINGS)
