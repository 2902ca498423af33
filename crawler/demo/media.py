"""Draws the platform's pictures: small landscapes made from nothing but a name."""

from __future__ import annotations

import hashlib
import random
from html import escape

_SKIES = (
    ("#0f2027", "#2c5364", "#f4e9cd"),
    ("#355c7d", "#f67280", "#ffe8c9"),
    ("#1d4350", "#a43931", "#fbe3b5"),
    ("#2b5876", "#8fb8c9", "#fff7d6"),
    ("#3a6073", "#c9d6c3", "#fdfbe6"),
    ("#41295a", "#e3a587", "#fff0d9"),
    ("#134e5e", "#71b280", "#f9f7d8"),
    ("#232d4b", "#7f8fb5", "#f6f1e3"),
)
_LANDS = ("#20343a", "#2f4b3c", "#4a3f35", "#263859", "#3d2c3f", "#35524a")


def draw_landscape(name: str, *, width: int = 1024, height: int = 512) -> bytes:
    """Return an SVG landscape; the same name always gives the same picture.

    Args:
        name: Anything; its digest chooses sky, sun, hills and stars.
        width: Pixels.
        height: Pixels.
    """
    dice = _dice(name)
    top, bottom, light = dice.choice(_SKIES)
    land = dice.choice(_LANDS)
    horizon = height * dice.uniform(0.55, 0.72)
    shapes = [
        f'<rect width="{width}" height="{height}" fill="url(#sky)"/>',
        *_stars(dice, width=width, horizon=horizon, light=light),
        f'<circle cx="{dice.uniform(0.15, 0.85) * width:.0f}" cy="{horizon * dice.uniform(0.3, 0.75):.0f}"'
        f' r="{height * dice.uniform(0.05, 0.11):.0f}" fill="{light}" opacity=".9"/>',
        *(
            f'<path d="{_ridge(dice, width=width, base=horizon + step * height * 0.11, height=height)}"'
            f' fill="{land}" opacity="{0.45 + 0.25 * step:.2f}"/>'
            for step in range(3)
        ),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}"><defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{top}"/><stop offset="1" stop-color="{bottom}"/>'
        f"</linearGradient></defs>{''.join(shapes)}</svg>"
    ).encode()


def draw_initials(name: str, *, size: int = 128) -> bytes:
    """Return a round SVG portrait with the first letters of a name.

    Args:
        name: The printed name; words that do not start with a letter are skipped.
        size: Pixels.
    """
    letters = [word[0] for word in name.split() if word[0].isalnum()]
    color = _dice(name).choice(_LANDS)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128" width="{size}" height="{size}">'
        f'<circle cx="64" cy="64" r="64" fill="{color}"/><text x="64" y="80" font-family="Georgia,serif"'
        f' font-size="46" fill="#f6f1e3" text-anchor="middle">{escape("".join(letters[:2]))}</text></svg>'
    ).encode()


def _dice(name: str) -> random.Random:
    """Return chance that depends on the name only."""
    return random.Random(hashlib.sha256(name.encode()).digest())  # noqa: S311 - pictures, not secrets


def _stars(dice: random.Random, *, width: int, horizon: float, light: str) -> list[str]:
    """Return some stars above the horizon."""
    return [
        f'<circle cx="{dice.uniform(0, width):.0f}" cy="{dice.uniform(0, horizon * 0.8):.0f}"'
        f' r="{dice.uniform(0.6, 1.8):.1f}" fill="{light}" opacity="{dice.uniform(0.2, 0.8):.2f}"/>'
        for _ in range(dice.randrange(0, 40))
    ]


def _ridge(dice: random.Random, *, width: int, base: float, height: int) -> str:
    """Return the outline of a row of hills, closed at the bottom."""
    n_hills = dice.randrange(3, 7)
    step = width / n_hills
    outline = [f"M0 {height} L0 {base:.0f}"]
    for hill in range(n_hills):
        peak = base - dice.uniform(-0.02, 0.14) * height
        outline.append(f"Q{(hill + 0.5) * step:.0f} {peak:.0f} {(hill + 1) * step:.0f} {base:.0f}")
    return f"{' '.join(outline)} L{width} {height} Z"
