"""How pages of the platform are written at random: markup as its author would write it, and invented prose.

All persons, communities and sentences are invented.
"""

import random
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

SEEN_AT = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
SITE = "https://vocal.media"

NAMES = (
    "Ina Holm", "J. P. Arrow", "Mara Solis Vega", "Oluwaseun Bright", "Tove \U0001f33b Lind", "@riverkeeper", "Dr. Ned Oakes",
    "Yuki Tanabe", "Zofia Wren", "Published Ann", "de la Cruz", "Al", "Ørjan Å. Bø", "Kit-Kat McRae",
)  # fmt: skip
COMMUNITIES = {
    "earth": "Earth",
    "bookclub": "BookClub",
    "theSwamp": "The Swamp",
    "01": "01",
    "poets": "Poets",
}
HEADLINES = (
    "The Ferry That Kept Its Own Time", "What the Kiln Said", "Seven Ways to Lose a Map", "By the Harbor Wall",
    "Why Do Gulls Forgive Us?", "Published and Forgotten", "Route 66, Part 2", "“Stay,” Said the Lamp", "Comments on a Storm",
    "An Island, Twice", "2026", "How We Keep Reading the Weather",
)  # fmt: skip
NOUNS = [
    "ferry",
    "kiln",
    "harbor",
    "gull",
    "lantern",
    "ledger",
    "orchard",
    "tide",
    "bell",
    "window",
    "map",
    "island",
    "sailor",
    "storm",
    "garden",
    "letter",
]
_VERBS = [
    "keeps",
    "forgives",
    "follows",
    "mends",
    "counts",
    "remembers",
    "loses",
    "carries",
    "outlives",
    "answers",
    "paints",
    "borrows",
]
_ADJECTIVES = [
    "quiet",
    "stubborn",
    "borrowed",
    "salt-white",
    "patient",
    "crooked",
    "early",
    "unlucky",
    "blue",
    "ordinary",
]
AGES = (
    (timedelta(hours=1), "about an hour ago"), (timedelta(hours=4), "about 4 hours ago"), (timedelta(days=1), "a day ago"),
    (timedelta(days=3), "3 days ago"), (timedelta(days=19), "19 days ago"), (timedelta(days=30), "about a month ago"),
    (timedelta(days=155), "5 months ago"), (timedelta(days=370), "about a year ago"), (timedelta(days=1100), "3 years ago"),
)  # fmt: skip


class Pen:
    """Writes elements, boxes, links and sentences in the manner of one page.

    Args:
        seed: Of all that is drawn.
    """

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self._salt = str(seed)
        self.looks: Callable[[str], str] = self.rng.choice(
            (self._bare, self._hashed, self._named, self._utility)
        )

    def sentence(self, least: int = 1) -> str:
        """Return invented prose of at least that many clauses."""
        pick = self.rng.choice
        clauses = [
            f"the {pick(_ADJECTIVES)} {pick(NOUNS)} {pick(_VERBS)} the {pick(NOUNS)}"
            for _ in range(self.rng.randint(least, least + 2))
        ]
        return (", and ".join(clauses)).capitalize() + pick((".", ".", ".", "?", "!"))

    def _bare(self, label: str) -> str:
        return ""

    def _hashed(self, label: str) -> str:
        return f' class="css-{zlib.crc32(f"{self._salt}{label}".encode()):x}-{label}"'

    def _named(self, label: str) -> str:
        return f' class="{label.lower()}"'

    def _utility(self, label: str) -> str:
        names = random.Random(f"{self._salt}{label}").sample(
            ("flex", "mt-4", "text-sm", "gap-2", "w-full", "md:px-6"), 3
        )
        return f' class="{" ".join(names)}"'

    def el(self, tag: str, content: str, label: str = "Box", attributes: str = "") -> str:
        """Return an element as this page's author would write it."""
        return f"<{tag}{self.looks(label)}{attributes}>{content}</{tag}>"

    def boxed(self, content: str) -> str:
        """Return it in up to three boxes that say nothing."""
        for _ in range(self.rng.choice((0, 0, 1, 3))):
            content = self.el("div", content)
        return content

    def link(self, href: str, content: str, label: str = "Link") -> str:
        """Return a link, its address as the page writes it."""
        href = href.removeprefix(SITE) if self.rng.random() < 0.7 else href
        return f'<a{self.looks(label)} href="{href}">{content}</a>'

    def boxed_inline(self, content: str) -> str:
        """Return it in a span, now and then."""
        return self.el("span", content, "Text") if self.rng.random() < 0.3 else content

    def navigation(self) -> str:
        """Return the site's menu."""
        links = "".join(f"<li>{self.link(f'{SITE}/{room}', name)}</li>" for room, name in COMMUNITIES.items())
        return self.el(
            self.rng.choice(("nav", "header", "div")),
            f"<ul>{links}</ul>{self.link('/login', 'Sign in')}",
            "Nav",
        )

    def footer(self) -> str:
        """Return the site's foot."""
        links = "".join(
            f"<li>{self.link(f'/{name.lower()}', name)}</li>" for name in ("Explore", "Contact", "Support")
        )
        rights = "<p>© 2026 Creatd, Inc. All Rights Reserved.</p>"
        return self.el(
            "footer",
            f"<h4>Find us on social media</h4><h4>Miscellaneous links</h4><ul>{links}</ul>{rights}",
            "Footer",
        )
