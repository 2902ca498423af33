"""Articles of unknown blogs and papers composed at random, each with what it truly says.

As in `tests.compositions`, template, order, labels and what stands around the text are drawn from a seed.
"""

import html
import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SEEN_AT = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
_NAMES = ("Runa Solheim", "Teo Marsh", "Dr. Ines Valk", "H. Oduya", "Märta Öberg")
_SITES = ("Harbor Post", "The Slow Kettle", "notes.example", "Field & Fence")
_NOUNS = [
    "council",
    "ferry",
    "bakery",
    "meadow",
    "archive",
    "bridge",
    "choir",
    "kettle",
    "signal",
    "quarry",
    "lantern",
    "winter",
    "market",
    "engine",
]
_VERBS = [
    "decided",
    "reopened",
    "counted",
    "repaired",
    "questioned",
    "painted",
    "measured",
    "moved",
    "remembered",
    "delayed",
    "doubled",
    "sold",
]
_REST = "before the spring session|without asking anyone|for the second time this year|as nobody had expected|in a single afternoon"
_TAGS = ("Transport", "Slow living", "Opinion", "Archives", "Baking")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass
class Article:
    """What a page says, whatever it looks like."""

    headline: str
    name: str
    published: datetime
    blocks: list[tuple[str, list[str]]]
    hero: str | None
    tags: list[str]
    url: str

    @property
    def words(self) -> list[str]:
        """The body's words in order."""
        return " ".join(line for _, lines in self.blocks for line in lines).split()


class SiteComposer:
    """Composes one page of a site that no reader was made for.

    Args:
        seed: Of all that is drawn.
    """

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(f"site {seed}")
        rng = self.rng
        self.site = rng.choice(_SITES)
        published = SEEN_AT - timedelta(days=rng.randint(2, 900), hours=rng.randint(0, 23))
        self.article = Article(
            headline=self.sentence().rstrip("."),
            name=rng.choice(_NAMES),
            published=published.replace(minute=0),
            blocks=self._draw_blocks(),
            hero=f"https://cdn.example/{seed}/hero.jpg" if rng.random() < 0.6 else None,
            tags=rng.sample(_TAGS, rng.choice((0, 1, 3))),
            url=f"https://site{seed % 7}.example/{published:%Y/%m}/entry-{seed}",
        )

    def sentence(self) -> str:
        """Return an invented sentence."""
        pick = self.rng.choice
        return f"The {pick(_NOUNS)} {pick(_VERBS)} the {pick(_NOUNS)} {pick(_REST.split('|'))}."

    def _draw_blocks(self) -> list[tuple[str, list[str]]]:
        rng = self.rng
        blocks = [("p", [" ".join(self.sentence() for _ in range(rng.randint(4, 6)))]) for _ in range(3)]
        for _ in range(rng.randint(1, 9)):
            kind = rng.choices(("p", "h2", "ul", "quote"), (6, 2, 1, 1))[0]
            if kind == "ul":
                blocks.append(("ul", [self.sentence() for _ in range(3)]))
            elif kind == "h2":
                blocks += [
                    ("h2", [self.sentence().rstrip(".")]),
                    ("p", [" ".join(self.sentence() for _ in range(2))]),
                ]
            else:
                blocks.append((kind, [" ".join(self.sentence() for _ in range(rng.randint(1, 4)))]))
        return blocks

    def compose(self) -> str:
        """Return the page."""
        rng = self.rng
        template = rng.choice(
            (self._wordpress, self._blogger, self._plain, self._newsletter, self._paper, self._boxes)
        )
        if template not in (self._wordpress, self._blogger):
            self.article.tags = []
        main = template()
        columns = [main, self._sidebar()] if rng.random() < 0.5 else [main]
        rng.shuffle(columns)
        head = f"<title>{self._title()}</title>{self._declared()}"
        body = f"{self._cookies()}{self._menu()}<div>{''.join(columns)}</div>{self._footer()}"
        return f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'

    def _title(self) -> str:
        headline = html.escape(self.article.headline)
        return self.rng.choice(
            (f"{headline} | {self.site}", f"{headline} – {self.site}", f"{self.site}: {headline}", headline)
        )

    def _declared(self) -> str:
        article = self.article
        kind = self.rng.choice(("none", "meta", "meta", "jsonld", "graph"))
        image = f'<meta property="og:image" content="{article.hero}">' if article.hero else ""
        if kind == "meta":
            return (
                f'<meta property="og:title" content="{html.escape(article.headline)}">{image}<meta property="og:type" content="article">'
                f'<meta name="author" content="{article.name}"><meta property="article:published_time" content="{article.published.isoformat()}">'
            )
        if kind in ("jsonld", "graph"):
            node = {
                "@type": self.rng.choice(("Article", "BlogPosting", "NewsArticle")), "headline": article.headline,
                "author": [{"@type": "Person", "name": article.name}], "datePublished": article.published.isoformat(), "url": article.url,
            } | ({"image": article.hero} if article.hero else {})  # fmt: skip
            told = {"@graph": [{"@type": "WebSite", "name": self.site}, node]} if kind == "graph" else node
            return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **told})}</script>'
        return ""

    def _date(self) -> str:
        at = self.article.published
        printed = f"{_MONTHS[at.month - 1]} {at.day}, {at.year}"
        return self.rng.choice(
            (f'<time datetime="{at.isoformat()}">{printed}</time>', f'<span class="date">{printed}</span>')
        )

    def _blocks(self) -> list[str]:
        found = []
        for kind, lines in self.article.blocks:
            texts = [html.escape(line, quote=False) for line in lines]
            if kind == "ul":
                found.append(f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>")
            else:
                tag = {"quote": "blockquote"}.get(kind, kind)
                found.append(f"<{tag}>{texts[0]}</{tag}>")
        return found

    def _body(self, name: str) -> str:
        parts = self._blocks()
        for insert in (self._advert, self._signup, self._related):
            if self.rng.random() < 0.25:
                parts.insert(self.rng.randint(2, len(parts)), insert())
        return f'<div class="{name}">{self.rng.choice(("", chr(10))).join(parts)}</div>'

    def _image(self) -> str:
        return (
            f'<figure><img src="{self.article.hero}" alt=""><figcaption>Archive photo</figcaption></figure>'
            if self.article.hero
            else ""
        )

    def _tags(self) -> str:
        links = "".join(
            f'<a href="/tag/{tag.lower().replace(" ", "-")}" rel="tag">{tag}</a>' for tag in self.article.tags
        )
        return f'<div class="tags">Tags: {links}</div>' if links else ""

    def _wordpress(self) -> str:
        article = self.article
        meta = f'<div class="entry-meta">Posted on {self._date()} by <a href="/author/x" rel="author">{article.name}</a></div>'
        head = f'<header class="entry-header"><h1 class="entry-title">{html.escape(article.headline)}</h1>{meta}</header>'
        below = f"{self._tags()}{self._share()}{self._author()}{self._more()}{self._discussion()}"
        return f'<main><article class="post">{head}{self._image()}{self._body("entry-content")}</article>{below}</main>'

    def _blogger(self) -> str:
        article = self.article
        head = f'<h2 class="date-header">{self._date()}</h2><h3 class="post-title">{html.escape(article.headline)}</h3>'
        foot = f'<div class="post-footer">Posted by {article.name} at 10:00</div>'
        return f'<div class="post">{head}{self._image()}{self._body("post-body")}{foot}{self._tags()}</div>{self._discussion()}'

    def _plain(self) -> str:
        article = self.article
        return f"<h1>{html.escape(article.headline)}</h1><p><i>{article.name}, {self._date()}</i></p>{self._image()}{''.join(self._blocks())}<hr>"

    def _newsletter(self) -> str:
        article = self.article
        who = f'<div><a href="/@x">{article.name}</a></div><div>{self._date()}</div><div><button>Like</button><button>Share</button></div>'
        return f"<article><h1>{html.escape(article.headline)}</h1>{who}{self._image()}{self._body('available-content')}{self._signup()}</article>{self._discussion()}"

    def _paper(self) -> str:
        article = self.article
        by = f'<p class="byline">By <span>{article.name}</span></p><p>{self._date()}</p>'
        return f"<article><span>News</span><h1>{html.escape(article.headline)}</h1>{by}{self._image()}{self._body('story')}{self._share()}</article>{self._more()}"

    def _boxes(self) -> str:
        article = self.article
        head = f"<div><h1>{html.escape(article.headline)}</h1><div>{article.name}</div><div>{self._date()}</div></div>"
        return f"<div><div>{head}{self._image()}{self._body('x1')}</div>{self._more()}</div>"

    def _advert(self) -> str:
        return '<div class="ad">Advertisement</div>'

    def _signup(self) -> str:
        return '<form action="/subscribe"><h3>Get our letter</h3><p>One mail a week, no more.</p><input name="mail"><button>Subscribe</button></form>'

    def _related(self) -> str:
        return f'<aside><h4>Related</h4><ul><li><a href="/a">{self.sentence()}</a></li><li><a href="/b">{self.sentence()}</a></li></ul></aside>'

    def _share(self) -> str:
        return '<ul class="share"><li><a href="https://social.example/share">Share</a></li><li><a href="mailto:?">Email</a></li></ul>'

    def _author(self) -> str:
        return f'<section class="author-box"><h4>About {self.article.name}</h4><p>Writes about boats and bread from a small room.</p></section>'

    def _more(self) -> str:
        cards = "".join(
            f'<li><h4><a href="/more/{at}">{self.sentence()}</a></h4><p>{self.sentence()}</p></li>'
            for at in range(3)
        )
        return f"<section><h3>{self.rng.choice(('You may also like', 'More stories', 'Read next'))}</h3><ul>{cards}</ul></section>"

    def _discussion(self) -> str:
        said = "".join(
            f"<li><cite>{name}</cite> <time>2 days ago</time><p>{self.sentence()} Thank you for this.</p></li>"
            for name in ("Pia", "Olle K.")
        )
        return f'<section id="comments"><h3>2 Comments</h3><ol>{said}</ol><form><textarea></textarea><button>Post comment</button></form></section>'

    def _sidebar(self) -> str:
        recent = "".join(f'<li><a href="/r/{at}">{self.sentence()}</a></li>' for at in range(4))
        return f'<aside class="sidebar"><h3>Recent posts</h3><ul>{recent}</ul><h3>About</h3><p>{self.site} is a small site about large questions.</p></aside>'

    def _cookies(self) -> str:
        return (
            "<div><p>We use cookies to make this site work.</p><button>Accept</button></div>"
            if self.rng.random() < 0.3
            else ""
        )

    def _menu(self) -> str:
        return f'<header><a href="/">{self.site}</a><nav><ul><li><a href="/news">News</a></li><li><a href="/about">About</a></li></ul></nav></header>'

    def _footer(self) -> str:
        return (
            f"<footer><p>© 2026 {self.site}. All rights reserved.</p><a href='/privacy'>Privacy</a></footer>"
        )
