"""Story pages composed at random, each with what it truly says.

Layout, markup, labels, wording and content are drawn one by one from a seed, so that a page is like no other and a
reader can be right only for what it sees. All persons, communities and sentences are invented.
"""

import html
import json
from dataclasses import dataclass, field
from datetime import datetime

from tests.writing import AGES, COMMUNITIES, HEADLINES, NAMES, NOUNS, SEEN_AT, SITE, Pen

_TAGS = ("travel", "Microfiction", "family & home", "sea stories", "how to", "Humor", "nature", "2020s")
_BADGES = ("Top Story - October 2026", "Content Warning", "AI-Generated")
_RATINGS = {
    "Outstanding": "Excellent work. Looking forward to reading more!",
    "Nice Work": "Very well written. Keep up the good work!",
}
_INSIGHTS = {
    "Easy to read and follow": "Well-structured & engaging content",
    "Excellent storytelling": "Original narrative & well developed characters",
    "Eye opening": "Niche topic & fresh perspectives",
}


@dataclass
class Remark:
    """A comment as it was written; ``parent`` is the place of the one it answers."""

    name: str
    at: datetime
    age: str
    lines: list[str]
    parent: int | None = None
    likes: int | None = None


@dataclass
class Truth:
    """What a page says, whatever it looks like."""

    headline: str
    dek: str | None
    name: str
    author_url: str
    community: str
    published: datetime
    updated: datetime | None
    minutes: int | None
    blocks: list[tuple[str, list[str]]]
    tags: list[str]
    badges: list[str]
    likes: int | None
    hero: tuple[str, str | None] | None
    bio: str | None
    insights: list[str]
    remarks: list[Remark] = field(default_factory=list)

    @property
    def body(self) -> str:
        """The body as text: blocks parted by an empty line, items and verses by a line break."""
        return "\n\n".join("\n".join(lines) for _, lines in self.blocks)


class Composer(Pen):
    """Composes one page.

    Args:
        seed: Of all that is drawn.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.slug = f"story-{seed}-" + self.rng.choice(("x4k2m9qa", "1", "of-the-tide"))
        self.room = self.rng.choice(list(COMMUNITIES))
        self.url = f"{SITE}/{self.room}/{self.slug}"
        self.is_old = self.rng.random() < 0.15
        self.links_names = self.rng.random() < 0.8
        self.shows_faces = self.rng.random() < 0.4
        self.truth = self._draw_truth()

    # What it says

    def _age(self, newest: int = 0) -> tuple[datetime, str]:
        ago, words = self.rng.choice(AGES[: len(AGES) - newest])
        return SEEN_AT - ago, words

    def _draw_truth(self) -> Truth:
        rng, chance = self.rng, self.rng.random
        self.published, self.published_words = SEEN_AT - AGES[-2][0], AGES[-2][1]
        self.updated_words = ""
        updated = None
        if chance() < 0.4:
            updated, self.updated_words = SEEN_AT - AGES[3][0], AGES[3][1]
        truth = Truth(
            headline=rng.choice(HEADLINES),
            dek=self.sentence().rstrip(".") if chance() < 0.7 else None,
            name=rng.choice(NAMES),
            author_url=f"{SITE}/authors/writer-{rng.randrange(99)}",
            community=COMMUNITIES[self.room],
            published=self.published,
            updated=updated,
            minutes=None if self.is_old else rng.randint(1, 14),
            blocks=self._draw_blocks(),
            tags=["travel"] if self.is_old else rng.sample(_TAGS, rng.choice((0, 1, 2, 3))),
            badges=[rng.choice(_BADGES[:1])] if chance() < 0.2 and not self.is_old else [],
            likes=rng.randint(2, 900) if chance() < 0.3 and not self.is_old else None,
            hero=(f"https://images.example/{rng.randrange(999)}.jpg", self._caption())
            if chance() < 0.7
            else None,
            bio=self.sentence() if chance() < 0.7 else None,
            insights=rng.sample(list(_INSIGHTS), 2) if chance() < 0.25 and not self.is_old else [],
        )
        for at in range(rng.choice((0, 0, 1, 2, 6, 12))):
            parent = rng.randrange(at) if at and chance() < 0.4 else None
            when, words = self._age(newest=2)
            lines = [self.sentence() for _ in range(1 + (chance() < 0.2))]
            if chance() < 0.1:
                lines = [
                    rng.choice(
                        (
                            "Comments like this one keep me going.",
                            "Wow!",
                            "\U0001f44f\U0001f44f",
                            "By far the best.",
                            "3 days ago I had no idea.",
                        )
                    )
                ]
            truth.remarks.append(
                Remark(rng.choice(NAMES), when, words, lines, parent, rng.choice((None, None, 4)))
            )
        truth.remarks = _in_reading_order(truth.remarks)
        return truth

    def _caption(self) -> str | None:
        return self.rng.choice((None, "Photo by Jo Ek on Unsplash", "The harbor in March"))

    def _draw_blocks(self) -> list[tuple[str, list[str]]]:
        rng = self.rng
        if rng.random() < 0.15:  # a poem
            return [
                ("verse", [self.sentence().rstrip(".?!") for _ in range(4)]) for _ in range(rng.randint(3, 6))
            ]
        blocks: list[tuple[str, list[str]]] = [
            ("p", [" ".join(self.sentence(2) for _ in range(3))]) for _ in range(2)
        ]
        for _ in range(rng.randint(2, 10)):
            kind = rng.choices(("p", "h2", "ul", "ol", "quote", "quoting", "card"), (24, 4, 2, 2, 2, 2, 1))[0]
            if kind in ("ul", "ol") and blocks[-1][0] in ("ul", "ol"):  # one list, for a reader
                continue
            if kind == "p":
                blocks.append(("p", [" ".join(self.sentence(2) for _ in range(rng.randint(1, 4)))]))
            elif kind == "h2":
                blocks.append(("h2", [self.sentence().rstrip(".?!")]))
                blocks.append(("p", [self.sentence(3)]))
            elif kind in ("ul", "ol"):
                blocks.append((kind, [self.sentence() for _ in range(3)]))
            elif kind == "card":
                blocks.append((kind, [self.sentence().rstrip(".?!")]))
            elif kind == "quote":
                blocks.append(("quote", [self.sentence(2)]))
            else:
                blocks.append(
                    (
                        "p",
                        [
                            rng.choice(
                                (
                                    "Keep reading, she said, and I did.",
                                    "By noon the comments had stopped.",
                                    "It was published 3 days ago, or so they say.",
                                )
                            )
                        ],
                    )
                )
        return [*blocks, ("p", [" ".join(self.sentence(2) for _ in range(2))])]

    # How it looks

    def compose(self) -> str:
        """Return the page."""
        truth, rng = self.truth, self.rng
        teasers = self._teasers() if rng.random() < 0.3 else ""
        story = [
            *self._head(),
            self._hero(),
            self._body(),
            self._tags(),
            self._about(),
            self._insights(),
            self._comments(),
        ]
        main = self.boxed("\n".join(part for part in story if part))
        main = self.el(rng.choice(("main", "article", "div")), main, "Main")
        chrome = self.navigation() if rng.random() < 0.6 else ""
        cookies = (
            self.el("div", "<p>We use cookies.</p><button>Accept</button>", "Banner")
            if rng.random() < 0.2
            else ""
        )
        title = rng.choice(
            (f"{truth.headline} | {truth.community}", truth.headline, f"{truth.headline} - Vocal")
        )
        head = f"<title>{html.escape(title)}</title>{self._structured()}"
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}</head><body>{cookies}{chrome}{main}{teasers}'
            f"{self.footer()}</body></html>"
        )

    def _structured(self) -> str:
        kind = self.rng.choice(("none", "none", "meta", "jsonld", "next"))
        truth = self.truth
        if kind == "meta":
            return (
                f'<meta property="og:title" content="{html.escape(truth.headline)}"><meta property="og:url" content="{self.url}">'
                f'<meta property="article:published_time" content="{truth.published.isoformat()}">'
            )
        if kind == "jsonld":
            node = {
                "@context": "https://schema.org", "@type": "BlogPosting", "headline": truth.headline, "url": self.url,
                "datePublished": truth.published.isoformat(), "author": {"@type": "Person", "name": truth.name, "url": truth.author_url},
            }  # fmt: skip
            return f'<script type="application/ld+json">{json.dumps(node)}</script>'
        if kind == "next":
            leaves = [
                {
                    "object": "block",
                    "type": "paragraph",
                    "nodes": [{"object": "text", "leaves": [{"text": " ".join(lines)}]}],
                }
                for _, lines in truth.blocks
            ]
            post = {
                "id": "64c0ffee64c0ffee64c0ffee", "name": truth.headline, "slug": self.slug, "subtitle": truth.dek,
                "publishedAt": truth.published.isoformat(), "author": {"name": truth.name},
                "content": {"document": {"nodes": leaves}}, "vocalSite": {"slug": self.room, "name": truth.community},
            }  # fmt: skip
            state = {"props": {"pageProps": {"post": post}}, "page": "/[site]/[post]", "query": {}}
            return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>'
        return ""

    def _head(self) -> list[str]:
        truth, rng = self.truth, self.rng
        logo = self.link(f"{SITE}/{self.room}", f'<img src="/logo.png" alt="{truth.community} logo">', "Logo")
        community = rng.choice((logo, logo, self.link(f"{SITE}/{self.room}", truth.community)))
        headline = self.el("h1", self.boxed_inline(html.escape(truth.headline)), "Title")
        dek = self.el(rng.choice(("h2", "p", "h3")), html.escape(truth.dek), "Subtitle") if truth.dek else ""
        byline = self._old_byline() if self.is_old else self._byline()
        badges = "".join(self.el("div", badge, "Badge") for badge in truth.badges)
        likes = (
            self.el("button", str(truth.likes), "Like", ' aria-label="Like"')
            if truth.likes is not None
            else ""
        )
        order = [community, headline, byline, dek] if self.is_old else [community, headline, dek, byline]
        return [self.boxed("".join(order)), badges, likes]

    def _byline(self) -> str:
        truth, rng = self.truth, self.rng
        name = self.link(truth.author_url, html.escape(truth.name))
        dated = [f"Published {self.published_words}"]
        dated += [f"Updated {self.updated_words}"] if truth.updated else []
        dated += [f"{truth.minutes} min read"]
        kind = rng.choice(("glued", "boxes", "bullets", "times", "list"))
        if kind == "glued":
            return self.el(
                "div", f"By {name}" + "".join(self.el("span", part, "Date") for part in dated), "Byline"
            )
        if kind == "boxes":
            return self.el(
                "div",
                self.el("div", f"By {name}") + "".join(self.el("div", part) for part in dated),
                "Byline",
            )
        if kind == "bullets":
            return self.el("p", f"By {name} " + " • ".join(dated), "Byline")
        if kind == "list":
            return self.el("ul", "".join(self.el("li", part) for part in (f"By {name}", *dated)), "Byline")
        exact = f'Published <time datetime="{truth.published.isoformat()}">{self.published_words}</time>'
        return self.el(
            "div",
            f"<span>By {name}</span> {exact} " + " ".join(self.el("span", part) for part in dated[1:]),
            "Byline",
        )

    def _old_byline(self) -> str:
        name = self.link(self.truth.author_url, html.escape(self.truth.name))
        updated = f" · updated {self.updated_words}" if self.truth.updated else ""
        tag = self.link(f"{SITE}/{self.room}/tag/travel", "travel")
        return (
            self.el("div", f"by {name} {self.published_words} in {tag}{updated}", "Byline")
            + "<button>Report Story</button>"
        )

    def _hero(self) -> str:
        if self.truth.hero is None:
            return ""
        url, caption = self.truth.hero
        alt = html.escape(self.truth.headline)
        image = self.rng.choice((
            f'<img src="{url}" alt="{alt}">',
            f'<img alt="{alt}" data-src="{url}" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
            f'<picture><source srcset="{url} 1024w"><img alt="{alt}" src="{url}"></picture>',
        ))  # fmt: skip
        if self.rng.random() < 0.7:
            return f"<figure>{image}{f'<figcaption>{caption}</figcaption>' if caption else ''}</figure>"
        return self.el("div", image + (self.el("div", caption, "Caption") if caption else ""), "Hero")

    def _block(self, kind: str, lines: list[str]) -> str:
        texts = [html.escape(line, quote=False) for line in lines]
        if kind == "verse":
            return self.el("p", "<br>".join(texts), "Text")
        if kind in ("ul", "ol"):
            return f"<{kind}>{''.join(f'<li>{text}</li>' for text in texts)}</{kind}>"
        if kind == "quote":
            return f"<blockquote>{self.rng.choice((texts[0], f'<p>{texts[0]}</p>'))}</blockquote>"
        if kind == "card":
            return self._card(texts[0])
        if kind == "h2":
            return self.el(self.rng.choice(("h2", "h3")), texts[0], "Heading")
        words = texts[0].split(" ")
        if len(words) > 6 and self.rng.random() < 0.4:
            words[2] = self.rng.choice(
                ("<em>{}</em>", '<a href="https://elsewhere.example/">{}</a>', "<b>{}</b>")
            ).format(words[2])
        return self.el("p", " ".join(words), "Text")

    def _body(self) -> str:
        is_broken = self.rng.random() < 0.1 and all(kind in ("p", "verse") for kind, _ in self.truth.blocks)
        if is_broken:  # one box, its paragraphs parted by line breaks alone
            texts = (
                "<br>".join(html.escape(line, quote=False) for line in lines)
                for _, lines in self.truth.blocks
            )
            return self.boxed(self.el("div", "<br><br>".join(texts), "TextContent"))
        parts = [self._block(kind, lines) for kind, lines in self.truth.blocks]
        for insert in (self._advert, self._picture, self._letter):
            if self.rng.random() < 0.15:
                parts.insert(self.rng.randint(2, max(2, len(parts) - 1)), insert())
        between = self.rng.choice(("", "\n", "\n    "))
        return self.boxed(self.el("div", between.join(parts), "TextContent"))

    def _advert(self) -> str:
        return self.el("aside", "<p>Advertisement</p>", "Ad")

    def _picture(self) -> str:
        return (
            f'<img src="https://images.example/{self.rng.randrange(999)}.png" alt="{self.rng.choice(NOUNS)}">'
        )

    def _letter(self) -> str:
        field = '<input type="email" placeholder="you@home.example">'
        return self.el("form", f"<h4>Subscribe to my letter</h4>{field}<button>Subscribe</button>", "Form")

    def _card(self, title: str) -> str:
        """Return another story's card, of which a reader keeps the title."""
        link = self.link(f"{SITE}/earth/other-{self.rng.randrange(99)}", title)
        return self.el("div", f"{link}{self.el('div', f'By {html.escape(self.rng.choice(NAMES))}')}", "Card")

    def _tags(self) -> str:
        links = [
            self.link(f"{SITE}/{self.room}/tag/{tag.replace(' ', '-').replace('&', 'and')}", html.escape(tag))
            for tag in self.truth.tags
        ]
        if self.rng.random() < 0.5:
            return f"<ul>{''.join(f'<li>{link}</li>' for link in links)}</ul>" if links else ""
        return self.el("div", "".join(links), "Tags") if links else ""

    def _about(self) -> str:
        truth = self.truth
        label = self.el(
            self.rng.choice(("h3", "h2", "div")),
            "About the author" if self.is_old else "About the Creator",
            "Label",
        )
        name = self.el(
            self.rng.choice(("h4", "div")), self.link(truth.author_url, html.escape(truth.name)), "Name"
        )
        bio = self.el("p", html.escape(truth.bio), "Bio") if truth.bio else ""
        return self.el("section", label + name + bio, "Author")

    def _insights(self) -> str:
        if self.is_old:
            return ""
        label = self.el("h3", "Reader insights", "Label")
        if not self.truth.insights:
            said = "<p>Be the first to share your insights about this piece.</p><a href='/help'>How does it work?</a>"
        else:
            items = "".join(
                f"<li>{self.el('div', name)}{self.el('div', html.escape(_INSIGHTS[name]))}</li>"
                for name in self.truth.insights
            )
            said = f"<p>Outstanding</p><p>{_RATINGS['Outstanding']}</p><h4>Top insights</h4><ol>{items}</ol>"
        return self.el("section", f"{label}{said}<button>Add your insights</button>", "Insights")

    def _comments(self) -> str:
        remarks = self.truth.remarks
        heading = self.rng.choice(("h3", "h2"))
        if not remarks:
            said = "<p>There are no comments for this story</p><p>Be the first to respond and start the conversation.</p>"
            return self.el(
                "section",
                f"{self.el(heading, 'Comments', 'Label')}{said}<a href='/login'>Sign in to comment</a>",
                "Comments",
            )
        label = (
            self.el(heading, f"Comments ({len(remarks)})", "Label")
            + "<a href='/login'>Sign in to comment</a>"
        )
        makers = (self._nested_list, self._flat_articles, self._nested_boxes, self._nested_items)
        make = self.rng.choice(makers)
        return self.el("section", label + make(), "Comments")

    def _remark(self, remark: Remark) -> str:
        name = self.link(f"{SITE}/authors/reader-{len(remark.name)}", html.escape(remark.name))
        if not self.links_names:
            name = self.el("strong", html.escape(remark.name), "Name")
        if self.shows_faces:
            name = f'<img src="/faces/{len(remark.name)}.jpg" alt="{html.escape(remark.name)}">{name}'
        date = self.rng.choice((remark.age, f'<time datetime="{remark.at.isoformat()}">{remark.age}</time>'))
        head = self.el("div", f"{name} {self.el('span', date, 'Date')}", "Head")
        words = "".join(self.el("p", html.escape(line), "Words") for line in remark.lines)
        likes = f"<button>{remark.likes} likes</button>" if remark.likes is not None else ""
        return f"{head}{words}{self.el('div', f'{likes}<button>Reply</button>', 'Actions')}"

    def _answers(self, at: int) -> list[int]:
        return [index for index, remark in enumerate(self.truth.remarks) if remark.parent == at]

    def _nested_list(self) -> str:
        def item(at: int) -> str:
            answers = "".join(item(index) for index in self._answers(at))
            return (
                f"<li>{self._remark(self.truth.remarks[at])}{f'<ul>{answers}</ul>' if answers else ''}</li>"
            )

        tops = [at for at, remark in enumerate(self.truth.remarks) if remark.parent is None]
        return f"<ul>{''.join(map(item, tops))}</ul>"

    def _nested_boxes(self) -> str:
        def box(at: int) -> str:
            answers = "".join(box(index) for index in self._answers(at))
            own = self.el("div", self._remark(self.truth.remarks[at]), "Comment")
            return self.el("div", own + (self.el("div", answers, "Replies") if answers else ""), "Thread")

        tops = [at for at, remark in enumerate(self.truth.remarks) if remark.parent is None]
        return self.el("div", "".join(map(box, tops)), "List")

    def _nested_items(self) -> str:
        def item(at: int) -> str:
            answers = "".join(item(index) for index in self._answers(at))
            own = self.el("article", self._remark(self.truth.remarks[at]), "Comment")
            return f"<li>{own}{f'<ol>{answers}</ol>' if answers else ''}</li>"

        tops = [at for at, remark in enumerate(self.truth.remarks) if remark.parent is None]
        return f"<ol>{''.join(map(item, tops))}</ol>"

    def _flat_articles(self) -> str:
        return "".join(
            f'<article id="c-{at + 100}"{self._parent_attribute(remark)}>{self._remark(remark)}</article>'
            for at, remark in enumerate(self.truth.remarks)
        )

    def _parent_attribute(self, remark: Remark) -> str:
        return f' data-parent-id="c-{remark.parent + 100}"' if remark.parent is not None else ""

    def _teasers(self) -> str:
        cards = "".join(
            self.el(
                "div",
                f"<h3>{self.link(f'{SITE}/earth/other-{at}', self.sentence().rstrip('.'))}</h3><p>By {name}</p><p>{age} in Earth</p>",
                "Card",
            )
            for at, (name, age) in enumerate(
                zip(NAMES[:3], ("3 days ago", "a day ago", "5 months ago"), strict=True)
            )
        )
        return self.el("section", f"<h2>Keep reading</h2>{cards}", "More")


def _in_reading_order(remarks: list[Remark]) -> list[Remark]:
    """Return them with each answer below what it answers, parents renumbered."""
    order: list[int] = []

    def add(at: int) -> None:
        order.append(at)
        for index, remark in enumerate(remarks):
            if remark.parent == at:
                add(index)

    for at, remark in enumerate(remarks):
        if remark.parent is None:
            add(at)
    place = {at: index for index, at in enumerate(order)}
    found = [remarks[at] for at in order]
    for remark in found:
        remark.parent = place[remark.parent] if remark.parent is not None else None
    return found
