"""List pages and authors' pages composed at random, each with what it truly says.

Titles, names, badges and dates are worded as such pages word them; what a card looks like, and what stands around
the cards, is drawn from a seed. All persons and sentences are invented.
"""

import html
from dataclasses import dataclass
from datetime import datetime

from tests.writing import AGES, HEADLINES, NAMES, SEEN_AT, SITE, Pen

_NAMES = (
    *NAMES, "Vera @ Vocal", "Raise Your Oar by Vocal", "Ann .", "M. Lin", "Raphael Fontaine", "Belly_oar", "Ida (Left in 2023)",
    "Al Host - Host of the Tides", "Mo “Maddy” Quay", "kit sand", "QC (A.K.A Salt Writer)",
)  # fmt: skip
_TITLES = (
    *HEADLINES, "A Thread: 11/20/2025", "miles to row", "666 (Ch. 1)", "“Make Gulls Go Away”: Spoof Caps Soar", "The Sea, Pt. 2",
    "Covers with boats have no readers, plus other grouses.", "How Much Is It Worth?", "Dear Rower", "5 Oars, Ranked",
)  # fmt: skip
_BADGES = (
    "Top Story - August 2023",
    "Content Warning",
    "AI-Generated",
    "Runner-Up in Maps of the Self Challenge",
    "Third Place in Tomorrow’s Harbor Challenge",
)
_ROOMS = {
    "resources": "Resources",
    "theSwamp": "The Swamp",
    "fiction": "Fiction",
    "01": "01",
    "families": "Families",
}
_SUMMARIES = (
    "By the time the ferry came, it was two days ago.",
    "Introduction These are some mind wanderings on rowing.",
    "******* CLOSED ******* SEE BELOW Is it just me?",
    "Published or not, the kiln is mine.",
    "Part 3 of 5. In it, the gulls return; by then nobody reads.",
)


@dataclass
class Listed:
    """A story as a list shows it."""

    url: str
    title: str
    name: str
    at: datetime
    age: str
    badges: list[str]
    summary: str
    room: str


class ListComposer(Pen):
    """Composes one list page, or an author's page.

    Args:
        seed: Of all that is drawn.

    Attributes:
        url: Of the page.
        is_author: It is an author's page.
        name: Whose, where it is one.
        bio: What it says of the author, paragraphs parted by an empty line; None where it says nothing.
        n_stories: How many stories it says the author has.
        stories: As it lists them.
        next_page: Address of the page that follows; None on the last one.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        rng = self.rng
        self.is_author = rng.random() < 0.3
        self.name = rng.choice(_NAMES)
        self.number = rng.choice((1, 1, 2, 40))
        self.path = rng.choice(
            (
                "/top-stories",
                "/latest-stories",
                "/fiction",
                "/families/latest-stories",
                "/theSwamp/tag/sea-stories",
            )
        )
        self.path = f"/authors/writer-{seed}" if self.is_author else self.path
        self.url = f"{SITE}{self.path}" + (f"?page={self.number}" if self.number > 1 else "")
        self.bio = None
        if self.is_author and rng.random() < 0.8:
            self.bio = "\n\n".join(self.sentence() for _ in range(rng.choice((1, 1, 2))))
        self.n_stories = rng.choice((4, 220, 3482))
        self.stories = [self._draw_story(at) for at in range(rng.randint(1 if self.is_author else 3, 12))]
        self.next_page = f"{SITE}{self.path}?page={self.number + 1}" if rng.random() < 0.7 else None
        self.card = rng.choice(
            (self._spoken, self._glued, self._dotted, self._wholly_linked, self._in_spans, self._item)
        )

    def _draw_story(self, at: int) -> Listed:
        rng = self.rng
        ago, age = rng.choice(AGES)
        room = rng.choice(list(_ROOMS))
        return Listed(
            url=f"{SITE}/{room}/story-{at}",
            title=rng.choice(_TITLES),
            name=self.name if self.is_author else rng.choice(_NAMES),
            at=SEEN_AT - ago,
            age=age,
            badges=rng.sample(_BADGES, rng.choice((0, 0, 0, 1, 2))),
            summary=rng.choice((self.sentence(2), self.sentence(3), *_SUMMARIES)),
            room=room,
        )

    def compose(self) -> str:
        """Return the page."""
        cards = [self.card(story) for story in self.stories]
        if not self.is_author and len(cards) > 4 and self.rng.random() < 0.2:
            cards.insert(len(cards), self._challenges())
        listed = self.boxed("\n".join(cards))
        main = self.el(self.rng.choice(("main", "div")), self._top() + listed + self._pager(), "Main")
        title = self.name if self.is_author else "Stories"
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)} | Vocal</title></head>'
            f"<body>{self.navigation() if self.rng.random() < 0.6 else ''}{main}{self.footer()}</body></html>"
        )

    def _top(self) -> str:
        if self.is_author:
            return self._profile()
        words = "New stories you’ll love, handpicked for you by our team and updated daily."
        heading = self.el(
            "h1", self.rng.choice(("Top Stories", "Latest Stories", "Fiction", "grief")), "Title"
        )
        return heading + (self.el("p", words, "Subtitle") if self.rng.random() < 0.7 else "")

    def _profile(self) -> str:
        rng = self.rng
        label = rng.choice(("h2", "h4", "div"))
        face = f'<img src="/faces/{rng.randrange(9)}.jpg" alt="">' if rng.random() < 0.6 else ""
        parts = [face + self.el("h1", html.escape(self.name), "Name")]
        if self.bio is not None:
            told = "".join(self.el("p", html.escape(part), "Bio") for part in self.bio.split("\n\n"))
            parts.append(self.el("section", self.el(label, "Bio", "Label") + told))
        if rng.random() < 0.3:
            items = "".join(f"<li>{name}</li>" for name in ("Rising Tide", "First Oar"))
            parts.append(
                self.el("section", self.el(label, "Achievements (2)", "Label") + f"<ul>{items}</ul>")
            )
        parts.append(self.el(label, f"Stories ({self.n_stories:,})", "Label"))
        if rng.random() < 0.7:
            parts.append(self.el("div", "Filter by community", "Filter"))
        return "".join(parts)

    def _challenges(self) -> str:
        link = self.link(
            "/challenges/small-boats", "<h3>Small Boats</h3><p>Write of a boat that nobody rows.</p>"
        )
        return f"<h2>Challenges</h2><p>Enter themed storytelling contests.</p>{self.el('div', link)}<p>$1,000 Grand Prize</p>"

    def _pager(self) -> str:
        links = [self.link(f"?page={self.number - 1}", "Previous")] if self.number > 1 else []
        links += (
            [self.link(self.next_page, self.rng.choice(("Next", "Older stories", "›")))]
            if self.next_page
            else []
        )
        return self.el("nav", "".join(links), "Pager") if links else ""

    # How a card looks

    def _full_title(self, story: Listed) -> str:
        badges = f". {'. '.join(story.badges)}." if story.badges else ""
        return html.escape(story.title + badges)

    def _author(self, story: Listed) -> str:
        return self.link(f"/authors/{story.name.lower().replace(' ', '-')}", html.escape(story.name))

    def _room(self, story: Listed) -> str:
        return self.link(f"/{story.room}", _ROOMS[story.room])

    def _spoken(self, story: Listed) -> str:
        title = f"<h2>{self.link(story.url, self._full_title(story))}</h2>"
        image = self.link(story.url, '<img src="/pictures/1.jpg" alt="">') if self.rng.random() < 0.5 else ""
        byline = f"By {self._author(story)} <time>{story.age}</time> in {self._room(story)}"
        words = self.el("p", html.escape(story.summary), "Summary")
        return self.el("article", image + title + words + self.el("p", byline, "Byline"), "Card")

    def _glued(self, story: Listed) -> str:
        words = self.el("div", html.escape(story.summary), "Summary")
        title = self.link(story.url, f"<h3>{self._full_title(story)}</h3>{words}")
        return self.el(
            "div",
            title + self.el("div", f"By {self._author(story)}{story.age} in {self._room(story)}", "Byline"),
        )

    def _dotted(self, story: Listed) -> str:
        byline = f"{self._author(story)} · <span>{story.age}</span> · {self._room(story)}"
        title = f"<h3>{self.link(story.url, self._full_title(story))}</h3>"
        return self.el(
            "div", title + self.el("p", html.escape(story.summary)) + self.el("div", byline, "Byline")
        )

    def _wholly_linked(self, story: Listed) -> str:
        parts = (
            f"<h3>{self._full_title(story)}</h3>",
            self.el("div", html.escape(story.summary), "Summary"),
            self.el("div", f"By {html.escape(story.name)}{story.age} in {_ROOMS[story.room]}", "Byline"),
        )
        return self.link(story.url, "".join(parts), "Card")

    def _in_spans(self, story: Listed) -> str:
        spans = ("By ", html.escape(story.name), story.age, " in ", _ROOMS[story.room])
        title = self.link(
            story.url, f"<h2>{self._full_title(story)}</h2>{self.el('p', html.escape(story.summary))}"
        )
        return self.el(
            "div", title + self.el("div", "".join(f"<span>{part}</span>" for part in spans), "Byline")
        )

    def _item(self, story: Listed) -> str:
        title = f"<h2>{self.link(story.url, self._full_title(story))}</h2>"
        byline = f"{self._author(story)}<span>Published {story.age} in {self._room(story)}</span>"
        return f"<li>{title}{self.el('p', html.escape(story.summary))}{self.el('div', byline)}</li>"
