"""Sketches of bodies, by which nearly equal texts are found without comparing texts.

A sketch holds the smallest hashes of a body's runs of three words. Of two sketches the share of common runs
(the Jaccard resemblance of the bodies) is read off with a standard error of at most 0.03. A 64-bit simhash
tells no share, only a distance that mixes up a short text with two changes and a long one with twenty.

Source:
    A. Broder, "On the resemblance and containment of documents", 1997 (the bottom-k form).
"""

import zlib
from array import array
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final, NamedTuple

from crawler.store.words import fold_words

SKETCH_SIZE: Final = 256
"""Hashes kept of a body; the standard error of the resemblance r is sqrt(r (1 - r) / 256)."""

RUN_LENGTH: Final = 3
"""Words a run holds. With four, a body with 3 % of its words corrected falls from 0.83 to 0.78."""

MIN_WORDS: Final = 30
"""Bodies with fewer words are equal or not: greetings, prompts and withheld bodies resemble each other. Their
sketch is one run, of all words."""

MIN_POEM_WORDS: Final = 8
"""Bodies with fewer words say nothing of who wrote them: they are never compared."""


class Sketch(NamedTuple):
    """What tells a body among others.

    Attributes:
        runs: At most ``SKETCH_SIZE`` different numbers below 2**32, ascending; packed, a kilobyte a body.
        text_key: Hash of all words: equal where the bodies are.
    """

    runs: "array[int]"
    text_key: str


def sketch_text(body: str) -> Sketch | None:
    """Return the sketch of a body, or None where it is too short to compare.

    Args:
        body: Plain text; case, accents, punctuation and paragraphs make no difference.

    Returns:
        The same numbers on every machine.

    Example:
        >>> sketch_text("Too short to say.") is None
        True
    """
    text = fold_words(body).encode()
    words = text.split()
    if len(words) < MIN_POEM_WORDS:
        return None
    if len(words) < MIN_WORDS:
        return Sketch(pack_runs([zlib.crc32(text)]), blake2b(text, digest_size=12).hexdigest())
    runs = zip(*(words[start:] for start in range(RUN_LENGTH)), strict=False)
    hashes = set(map(zlib.crc32, map(b" ".join, runs)))
    return Sketch(pack_runs(sorted(hashes)[:SKETCH_SIZE]), blake2b(text, digest_size=12).hexdigest())


def pack_runs(runs: Iterable[int]) -> "array[int]":
    """Return runs as a sketch holds them."""
    return array("I", runs)


def resemblance(one: "array[int]", other: "array[int]") -> float:
    """Return which share of the runs of two bodies is common to both, from 0 to 1.

    Args:
        one: Runs of a sketch, not empty.
        other: Those of another.

    Example:
        >>> body = " ".join(f"word{n}" for n in range(100))
        >>> one, other = sketch_text(body), sketch_text(body + " and a few more words at the end")
        >>> resemblance(one.runs, other.runs)
        0.9245283018867925
    """
    # Two sketches that are not full hold every run of their bodies: then the share is exact.
    is_whole = len(one) < SKETCH_SIZE and len(other) < SKETCH_SIZE
    union = sorted({*one, *other})[: None if is_whole else SKETCH_SIZE]
    common = set(one).intersection(other)
    return sum(each in common for each in union) / len(union)
