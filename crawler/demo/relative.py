"""Ages and the wordings of relative dates."""

from __future__ import annotations

import re
from datetime import timedelta

_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
_PART = re.compile(r"(\d+) (minute|hour|day|week|month|year)s?")


def parse_age(text: str) -> timedelta:
    """Read an age as the content files write it.

    Args:
        text: One or more ``<number> <unit>`` parts separated by blanks, with
            minute, hour, day, week, month (30 days) or year (365 days).

    Raises:
        ValueError: The text holds anything else.

    Example:
        >>> parse_age("1 month 3 days")
        datetime.timedelta(days=33)
    """
    if not re.fullmatch(rf"{_PART.pattern}(?: {_PART.pattern})*", text):
        raise ValueError(f"not an age: {text!r}")
    parts = _PART.finditer(text)
    return sum((int(part[1]) * _UNITS[part[2]] for part in parts), timedelta(0))


def render_ago(age: timedelta) -> str:
    """Word an age the way the demo's pages print dates.

    The wording loses precision as the age grows, so the same page reads
    differently on another day although nobody edited it.

    Args:
        age: Time since the event; a negative age counts as none.

    Source:
        The English strings and thresholds of the jQuery timeago plugin, which
        the real platform appears to follow.

    Example:
        >>> render_ago(timedelta(hours=30)), render_ago(timedelta(days=360))
        ('a day ago', '12 months ago')
    """
    seconds = max(age.total_seconds(), 0.0)
    minutes, hours, days = seconds / 60, seconds / 3600, seconds / 86400
    wordings = (
        (seconds < 45, "less than a minute"),
        (seconds < 90, "about a minute"),
        (minutes < 45, f"{_round(minutes)} minutes"),
        (minutes < 90, "about an hour"),
        (hours < 24, f"about {_round(hours)} hours"),
        (hours < 42, "a day"),
        (days < 30, f"{_round(days)} days"),
        (days < 45, "about a month"),
        (days < 365, f"{_round(days / 30)} months"),
        (days < 365 * 1.5, "about a year"),
        (True, f"{_round(days / 365)} years"),
    )
    return next(wording for holds, wording in wordings if holds) + " ago"


def _round(value: float) -> int:
    """Round half up, as JavaScript does and Python does not."""
    return int(value + 0.5)
