"""Names of the pages' CSS classes, in the manner of a CSS-in-JS library."""

from __future__ import annotations

import hashlib

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class StyleBook:
    """Knows the class of each label.

    Args:
        release: Changes all hashes, as a new release of a site does.
        has_labels: Whether the classes end in their label.
    """

    def __init__(self, release: str, *, has_labels: bool = True) -> None:
        self._release = release
        self._has_labels = has_labels
        self._classes: dict[tuple[str, ...], str] = {}

    def css(self, *labels: str) -> str:
        """Return the class of one label, or of two that were composed."""
        if labels not in self._classes:
            self._classes[labels] = self._hashed("-".join(labels))
        return self._classes[labels]

    def _hashed(self, label: str) -> str:
        """Return a class out of the digest of release and label."""
        number = int.from_bytes(hashlib.sha256(f"{self._release}/{label}".encode()).digest()[:4])
        digits = ""
        while number:
            number, digit = divmod(number, len(_DIGITS))
            digits = _DIGITS[digit] + digits
        return f"css-{digits}-{label}" if self._has_labels else f"css-{digits}"
