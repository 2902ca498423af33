"""Values to render and a library to serve: invented stories, in the shape a crawl leaves them."""

import random
import re
from datetime import UTC, datetime, timedelta

from crawler.records import (
    ArticleRecord,
    AuthorRecord,
    AuthorRef,
    CommentRecord,
    Community,
    Image,
    Insight,
    Tag,
)
from crawler.store.views import PageSave
from plugin.archive import Archive, open_library
from plugin.digests import Content, Digest, Limits, Section
from plugin.issues import AlsoAt, Entry, EntryComment, Erratum, Feed, FeedLink
from plugin.publishing import make_issue

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SITE = "https://stories.example"


def at(day: int, hour: int = 9) -> datetime:
    """Return an instant of November 2026."""
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def make_comment(number: int, **changes) -> EntryComment:
    """Return a quoted comment."""
    values = {
        "guid": f"tag:gleanings.invalid,2026-11-01:0123456789ab/comments/{number}",
        "author_name": "Bo Lindqvist",
        "author_url": f"{SITE}/authors/bo-lindqvist",
        "published_at": at(4),
        "body_html": "<p>I sailed past that light as a boy. It was lit.</p>",
        "body_text": "I sailed past that light as a boy. It was lit.",
    }
    return EntryComment(**(values | changes))


def make_entry(number: int = 1, **changes) -> Entry:
    """Return an entry with every field filled in."""
    values = {
        "guid": f"tag:gleanings.invalid,2026-11-01:0123456789ab/articles/{number}",
        "article_id": number,
        "url": f"{SITE}/futurism/story-{number}",
        "page_url": f"/articles/{number}/",
        "headline": f"The lamp lighter of Skerrow, part {number}",
        "dek": "What a light is for when nobody sails past it any more",
        "byline": "By Ada Quill",
        "authors": (AuthorRef(name="Ada Quill", url=f"{SITE}/authors/ada-quill"),),
        "author_page_url": "/authors/3/",
        "community": Community(name="Futurism", url=f"{SITE}/futurism"),
        "publication": "stories-futurism",
        "publication_name": "Stories",
        "publication_url": f"{SITE}/futurism",
        "published_at": at(3),
        "updated_at": at(5),
        "language": "en",
        "summary_html": "<p>Every evening, when the gulls come in, he climbs the <em>hundred and nine</em> steps…</p>",
        "summary_text": "Every evening, when the gulls come in, he climbs the hundred and nine steps…",
        "hero": Image(
            url="https://images.example/light.jpg", alt="A lighthouse", caption="At dusk", credit="M. Orne"
        ),
        "tags": (Tag(name="sea"), Tag(name="short fiction")),
        "word_count": 900,
        "reading_minutes": 4,
        "comment_count": 12,
        "comments": (make_comment(number),),
        "comments_url": f"/articles/{number}/#discussion",
        "comments_feed_url": f"/articles/{number}/comments.atom",
        "rights_line": "© 2026 Ada Quill",
        "note": "Read this one by a window.",
        "section": "Slow light",
        "also_at": (AlsoAt(publication="Harbor Notes", url="https://harbor.example/skerrow"),),
    }
    return Entry(**(values | changes))


def make_feed(*entries: Entry, **changes) -> Feed:
    """Return the feed of an issue."""
    values = {
        "guid": "tag:gleanings.invalid,2026-11-01:0123456789ab/digests/lantern/3",
        "title": "The Lantern",
        "description": "Stories by people who stayed up late",
        "links": (
            FeedLink(rel="self", href="/digests/lantern/feed.rss", media_type="application/rss+xml"),
            FeedLink(rel="alternate", href="/digests/lantern/3/", media_type="text/html"),
            FeedLink(rel="alternate", href="/digests/lantern/feed.atom", media_type="application/atom+xml"),
            FeedLink(rel="prev-archive", href="/digests/lantern/archive/2.atom"),
            FeedLink(rel="hub", href="https://hub.example/"),
        ),
        "language": "en",
        "updated_at": at(6),
        "author_name": "The Lantern",
        "entries": entries or tuple(make_entry(number) for number in range(1, 4)),
        "errata": (Erratum(number=2, text="The tower has 109 steps, not 901."),),
        "issue_number": 3,
        "previous_issue_url": "/digests/lantern/2/",
    }
    return Feed(**(values | changes))


SENTENCES = (
    "Every evening at the hour when the gulls come in, he climbs the hundred and nine steps with a can of oil.",
    "The lamp has been electric since before he was born, and it has been dark for eleven years.",
    "He has a key, and nobody has ever asked for it back.",
    "From the gallery he can see the ferry, which does not need him, and the rocks, which do not care.",
    "My grandmother kept a notebook of weather, two lines a day, for fifty-one years.",
    "She wrote down the wind first, then what it reminded her of.",
    "I am reading it backwards, so that each day the sea becomes a little younger.",
    "A telescope the size of a loaf is still a telescope, and the moon has no idea how small it is.",
    "We built it from a drainpipe, a shaving mirror and a great deal of arguing.",
    "The bakery on Fenn Street closes at four, and by five its whole window smells of tomorrow.",
    "There is a word in my mother’s language for the light that comes off bread.",
    "Nobody repairs umbrellas any more, except on the third Tuesday, in the back room of the library.",
)
TITLES = (
    ("The Lamp Lighter of Skerrow", "What a light is for when nobody sails past it any more"),
    ("A Notebook of Weather", "Fifty-one years, two lines a day"),
    ("A Telescope the Size of a Loaf", None),
    ("Light That Comes Off Bread", "On a word my mother used"),
    ("The Umbrella Hospital", "Third Tuesdays, back room, bring your own patience"),
    ("Maps for People Who Stay", None),
    ("How to Fold a River", "Notes from a summer of small boats"),
    ("Letters to the Night Bus", None),
)
WRITERS = ("Ada Quill", "Tomás Iriarte", "Ruth Vane", "Ines Okafor", "Mats Hallgren")
TAGS = ("short fiction", "sea", "craft", "night", "family", "how-to")
READERS = ("Bo Lindqvist", "K. Amari", "Wren", "Oskar T.", "Delia Stone")


WORDS = re.findall(
    r"\w+",
    """harbor kettle winter ladder orchard violin tide paper lantern bridge baker river notebook window
    umbrella compass quarry meadow engine sparrow attic candle ferry garden thimble mirror wagon cellar anchor
    bicycle chimney drawer echo feather glacier hinge island jacket kitchen lemon marble needle oar pocket
    quilt radio saddle telescope uncle valley whistle yard zipper barn copper dusk ember fog gravel""",
)
VERBS = re.findall(
    r"\w+",
    """mends carries forgets borrows follows paints measures hides finds repeats folds warms crosses keeps
    sells counts opens loses writes remembers tunes polishes""",
)


def prose(seed: int, paragraphs: int) -> list[str]:
    """Return paragraphs of invented text, unlike that of any other seed."""
    dice = random.Random(seed)
    text = []
    for place in range(paragraphs):
        sentences = [SENTENCES[(seed * 5 + place) % len(SENTENCES)]] if place % 3 == 0 else []
        for _ in range(4):
            one, two, three, four = dice.sample(WORDS, 4)
            first, second = dice.sample(VERBS, 2)
            sentences.append(f"The {one} {first} the {two}, and somebody’s {three} {second} a {four}.")
        text.append(" ".join(sentences))
    return text


def make_page(number: int, *, seen_at: datetime = NOW, comments: int | None = None, **changes) -> PageSave:
    """Return a crawled story page: article, author and a discussion with answers."""
    writer = WRITERS[number % len(WRITERS)]
    handle = writer.lower().replace(" ", "-").replace("á", "a")
    headline, dek = TITLES[number % len(TITLES)]
    if number >= len(TITLES):
        headline = f"{headline}, Part {number // len(TITLES) + 1}"
    community = ("Futurism", "Fiction", "Humans")[number % 3]
    url = f"{SITE}/{community.lower()}/story-{number}"
    body = prose(number, 9)
    published = seen_at - timedelta(days=number % 6, hours=number)
    values = {
        "platform": "demo",
        "platform_id": f"story-{number}",
        "publication": f"stories-{community.lower()}",
        "community": Community(name=community, url=f"{SITE}/{community.lower()}"),
        "url": url,
        "canonical_url": url,
        "headline": headline,
        "dek": dek,
        "byline": f"By {writer}",
        "authors": [AuthorRef(name=writer, url=f"{SITE}/authors/{handle}")],
        "published_at": published,
        "published_bounds": (published, published),
        "language": "en",
        "hero": Image(
            url=f"https://images.example/{number}.jpg",
            alt="A light over water",
            caption="Evening",
            credit="M. Orne",
        )
        if number % 2
        else None,
        "body_html": "".join(f"<p>{part}</p>" for part in body),
        "body_text": "\n\n".join(body),
        "word_count": sum(len(part.split()) for part in body),
        "reading_minutes": 2 + number % 5,
        "comment_count": 5 if comments is None else comments,
        "like_count": number,
        "tags": [Tag(name=TAGS[number % len(TAGS)]), Tag(name=TAGS[(number + 2) % len(TAGS)])],
        "badges": ["Top Story - November 2026"] if number % 4 == 0 else [],
        "insights": [Insight(kind="rating", label="Outstanding", explanation="Excellent work.")]
        if number % 3 == 0
        else [],
        "rights_line": f"© 2026 {writer}",
    }
    article = ArticleRecord(**(values | changes))
    author = AuthorRecord(
        platform="demo",
        url=f"{SITE}/authors/{handle}",
        handle=handle,
        name=writer,
        bio_text=f"{writer} writes late.",
    )
    thread = [
        _comment(number, place, article, seen_at) for place in range(5 if comments is None else comments)
    ]
    return PageSave(seen_at=seen_at, article=article, comments=tuple(thread), authors=(author,))


def _comment(number: int, place: int, article: ArticleRecord, seen_at: datetime) -> CommentRecord:
    text = SENTENCES[(number * 7 + place) % len(SENTENCES)]
    written = seen_at - timedelta(hours=10 - place % 10)
    return CommentRecord(
        article_url=article.canonical_url,
        platform_id=f"c{number}-{place}",
        parent_id=f"c{number}-{place - 1}" if place % 5 in (1, 2) else None,
        position=place,
        author_name=READERS[place % len(READERS)],
        author_url=f"{SITE}/authors/reader-{place % len(READERS)}",
        published_at=written,
        published_bounds=(written, written),
        body_html=f"<p>{text}</p>",
        body_text=text,
        like_count=place,
    )


LANTERN = Digest(
    slug="lantern",
    title="The Lantern",
    description="Stories by people who stayed up late, with what their readers said in the morning",
    language="en",
    limits=Limits(entries=6),
    content=Content(words=60, comments=2),
    section=(Section(title="By the water", tags=("sea", "craft")),),
)


def make_library(url: str, *, n_articles: int = 8, issues: int = 1, digest: Digest = LANTERN) -> Archive:
    """Return a library with stories and issues of a digest; the caller closes it."""
    archive = open_library(url, upgrade=True)
    per_issue = max(1, n_articles // max(1, issues))
    for issue in range(max(1, issues)):
        seen_at = NOW + timedelta(days=7 * issue)
        numbers = range(issue * per_issue, (issue + 1) * per_issue)
        archive.store.save_pages([make_page(number, seen_at=seen_at) for number in numbers])
        if issues:
            make_issue(archive, digest, now=seen_at + timedelta(hours=1))
    return archive
