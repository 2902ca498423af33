"""How fast the store is, as ratios measured in one run.

``python -m tests.benchmarks.bench_store saving`` compares saving pages with raw upserts of the same rows;
``... million`` builds libraries of 10,000 and of 1,000,000 articles with three comments each and compares
lists, searches and exports; ``... minute`` lets a crawl, a digest and three readers work at once.
"""

import argparse
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from crawler.records import (
    ArticleRecord,
    AuthorRecord,
    AuthorRef,
    CommentRecord,
    Community,
    Image,
    Insight,
    Tag,
    build_record,
)
from crawler.store import Store, open_store
from crawler.store.indexing import ARTICLE_WORDS, INDEXES, fold_fields, list_at, make_key
from crawler.store.views import ArticleFilter, FrontierEntry, PageSave
from tests.test_crawler_store_together import run_crowd

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BATCH = 50
"""Pages in one transaction; what the crawl's pipeline gathers at its usual pace."""
_SYLLABLES = (
    "ba",
    "con",
    "der",
    "el",
    "fi",
    "gra",
    "hu",
    "in",
    "ker",
    "lo",
    "mi",
    "nor",
    "pu",
    "qui",
    "ra",
    "sta",
)


class Writer:
    """Writes texts whose words are as common and as rare as in real ones (Zipf's law).

    Args:
        seed: The same texts for the same seed.
    """

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self.words = sorted(
            {"".join(self._random.choices(_SYLLABLES, k=self._random.randint(1, 4))) for _ in range(40_000)}
        )
        self._random.shuffle(self.words)
        total, self._weights = 0.0, []
        for rank in range(1, len(self.words) + 1):
            total += 1 / rank
            self._weights.append(total)

    def text(self, n_words: int) -> str:
        """Return a text of so many words, with some punctuation that is not ASCII, as real texts have."""
        words = self._random.choices(self.words, cum_weights=self._weights, k=n_words)
        words[0] = words[0].capitalize()
        return " ".join(words).replace(" ba ", " — ").replace(" con", ", con") + "."


def make_page(number: int, writer: Writer) -> PageSave:
    """Return the page of an article of 480 words with three comments and its author, all of it new."""
    url = f"https://vocal.media/01/story-{number}-{number * 7919 % 100_003}"
    author_number = number % 300
    author = AuthorRef(
        name=f"Author {author_number}", url=f"https://vocal.media/authors/author-{author_number}"
    )
    paragraphs = [writer.text(80) for _ in range(6)]
    bio = f"Author {author_number} writes of walls. " * 4
    article = build_record(
        ArticleRecord,
        platform="vocal",
        platform_id=f"65a0c0ffee65a0c0{number:08x}",
        publication="vocal-01",
        community=Community(name="01", url="https://vocal.media/01"),
        url=url,
        canonical_url=url,
        headline=writer.text(7),
        dek=writer.text(12),
        byline=f"By {author.name}",
        authors=[author],
        published_at=NOW - timedelta(days=300, minutes=number % 10_000),
        published_bounds=(NOW - timedelta(days=315), NOW - timedelta(days=285)),
        published_text="11 months ago",
        language="en",
        body_html="".join(f"<p>{paragraph}</p>" for paragraph in paragraphs),
        body_text="\n\n".join(paragraphs),
        word_count=480,
        reading_minutes=2,
        tags=[Tag(name=writer.words[100 + number % 50]), Tag(name=f"tag {number % 997}")],
        insights=[Insight(kind="rating", label="Outstanding", explanation="Excellent work.")],
        hero=Image(url=f"https://images.example/{number}.jpg", alt="A wall"),
        comment_count=3,
        comments_complete=True,
        provenance={"headline": "state", "body_html": "state", "published_at": "label"},
    )
    comments = tuple(_make_comment(number, place, url, writer) for place in range(3))
    described = build_record(
        AuthorRecord,
        platform="vocal",
        name=author.name,
        url=author.url,
        bio_text=bio,
        bio_html=f"<p>{bio}</p>",
    )
    fetched = FrontierEntry(
        url,
        "article",
        "vocal-01",
        due_at=NOW + timedelta(days=1),
        etag='W/"abc"',
        outcome="saved",
        fetched_at=NOW,
    )
    return PageSave(NOW, article, comments, (described,), fetched=fetched)


def _make_comment(number: int, place: int, url: str, writer: Writer) -> CommentRecord:
    text = writer.text(25)
    author_number = (number * 3 + place) % 5_000
    return build_record(
        CommentRecord,
        article_url=url,
        platform_id=f"{number:x}-{place}",
        parent_id=None if place == 0 else f"{number:x}-0",
        position=place,
        author_name=f"Reader {author_number}",
        author_url=f"https://vocal.media/authors/reader-{author_number}",
        published_at=NOW - timedelta(days=200),
        published_bounds=(NOW - timedelta(days=215), NOW - timedelta(days=185)),
        published_text="7 months ago",
        body_html=f"<p>{text}</p>",
        body_text=text,
    )


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def clocked(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that work took: by the clock, and of CPU."""
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - cpu


def save_all(path: Path, pages: list[PageSave]) -> Callable[[], None]:
    """Return the work of saving pages into a new library."""
    store = open_store(f"sqlite:///{path}")

    def work() -> None:
        for start in range(0, len(pages), BATCH):
            store.save_pages(pages[start : start + BATCH])
        store.close()

    return work


class RawRows:
    """The rows of a library, to be upserted again without anything of ours.

    Args:
        path: The library to read.
        n_pages: Number of its articles.
    """

    TABLES = (
        *(
            "publication",
            "tag",
            "author",
            "article",
            "author_alias",
            "article_author",
            "article_tag",
            "medium",
        ),
        *("insight", "badge", "comment", "alias", "frontier"),
    )

    def __init__(self, path: Path, n_pages: int) -> None:
        source = sqlite3.connect(path)
        self.batches: list[list[tuple[str, list[tuple]]]] = []
        for start in range(1, n_pages + 1, BATCH):
            batch = [self._read(source, table, start) for table in self.TABLES]
            batch += [self._read_words(source, index, start) for index in INDEXES]
            self.batches.append([(statement, rows) for statement, rows in batch if rows])
        source.close()

    @staticmethod
    def _read(source: sqlite3.Connection, table: str, start: int) -> tuple[str, list[tuple]]:
        info = source.execute(f"PRAGMA table_info({table})").fetchall()
        columns = [each[1] for each in info]
        keys = [each[1] for each in info if each[5]]
        owner = "id" if table == "article" else "article_id" if "article_id" in columns else None
        where = (
            f"WHERE {owner} BETWEEN {start} AND {start + BATCH - 1}"
            if owner
            else ""
            if start == 1
            else "WHERE 0"
        )
        rows = source.execute(f"SELECT * FROM {table} {where}").fetchall()
        changed = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in keys)
        names = ", ".join(f'"{name}"' for name in columns)
        return (
            f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))}) "
            f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changed}"
        ), rows

    @staticmethod
    def _read_words(source: sqlite3.Connection, index, start: int) -> tuple[str, list[tuple]]:
        table, names = (
            ("article", "headline, dek, body_text") if index is ARTICLE_WORDS else ("comment", "body_text")
        )
        owner = "id" if index is ARTICLE_WORDS else "article_id"
        query = f"SELECT id, published_at, first_seen_at, {names} FROM {table} WHERE {owner} BETWEEN ? AND ?"
        rows = []
        for row_id, published, seen, *texts in source.execute(query, (start, start + BATCH - 1)):
            moments = [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (published, seen)]
            rows.append((make_key(list_at(*moments), row_id), *fold_fields(texts)))
        marks = ", ".join("?" * (1 + len(index.columns)))
        return f"INSERT INTO {index.table} (rowid, {', '.join(index.columns)}) VALUES ({marks})", rows

    def write(self, path: Path) -> Callable[[], None]:
        """Return the work of upserting the rows into a new library, with the same settings."""
        open_store(f"sqlite:///{path}").close()
        target = sqlite3.connect(path, isolation_level=None)
        target.execute("PRAGMA foreign_keys = ON")
        target.execute("PRAGMA synchronous = NORMAL")
        target.execute("PRAGMA cache_size = -16000")
        target.execute("PRAGMA wal_autocheckpoint = 4000")

        def work() -> None:
            for batch in self.batches:
                target.execute("BEGIN IMMEDIATE")
                for statement, rows in batch:
                    target.executemany(statement, rows)
                target.execute("COMMIT")
            target.close()

        return work


def bench_saving(folder: Path, n_pages: int, n_rounds: int) -> None:
    """Print how fast pages are saved, against raw upserts of the rows that saving them makes."""
    writer = Writer()
    pages = [make_page(number, writer) for number in range(1, n_pages + 1)]
    save_all(folder / "warm.db", pages)()
    raw = RawRows(folder / "warm.db", n_pages)
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    for number in range(n_rounds):
        ours.append(clocked(save_all(folder / f"ours{number}.db", pages)))
        theirs.append(clocked(raw.write(folder / f"raw{number}.db")))
    for place, name in enumerate(("clock", "CPU")):
        our, their = (statistics.median(each[place] for each in times) for times in (ours, theirs))
        say(
            f"saving, {name}: {n_pages / our:,.0f} pages/s, raw {n_pages / their:,.0f} pages/s, "
            f"ratio {their / our:.2f} (bar: 0.70)"
        )


RARE_WORD, RARE_TAG, RARE_AUTHOR = "zyzzyva", "zymurgy", "Zuleika Quill"
N_RARE = 10
"""Articles that carry what is rare, in a small library as in a large one."""
N_RECENT = 100
"""Articles seen a month after all others."""
LATER = NOW + timedelta(days=30)


def make_short_page(number: int, total: int, writer: Writer) -> PageSave:
    """Return a page of 120 words with three comments, for a library of ``total`` articles."""
    is_rare = number % (total // N_RARE) == 7
    url = f"https://site-{number % 40}.example/{number}"
    name = RARE_AUTHOR if is_rare else f"Author {number % 5_000}"
    body = writer.text(120) + (f" {RARE_WORD}" if is_rare else "")
    published = NOW - timedelta(minutes=(number * 7919) % 2_000_003)
    tags = [RARE_TAG] if is_rare else [f"common {number % 50}", f"tag {number % 2_000}"]
    article = build_record(
        ArticleRecord,
        platform="generic",
        publication=f"site-{number % 40}",
        url=url,
        canonical_url=url,
        headline=writer.text(7),
        dek=writer.text(12),
        authors=[AuthorRef(name=name, url=f"https://authors.example/{name.replace(' ', '-')}")],
        published_at=published,
        published_bounds=(published, published),
        language="fi" if is_rare else "en",
        body_html=f"<p>{body}</p>",
        body_text=body,
        word_count=120,
        tags=[Tag(name=tag) for tag in tags],
        comment_count=3,
        comments_complete=True,
    )
    comments = tuple(
        build_record(
            CommentRecord,
            platform_id=f"{number:x}-{place}",
            position=place,
            author_name=f"Reader {(number + place) % 50_000}",
            published_at=published,
            published_bounds=(published, published),
            body_html="",
            body_text=writer.text(15),
        )
        for place in range(3)
    )
    return PageSave(LATER if number > total - N_RECENT else NOW, article, comments)


def build_library(path: Path, total: int) -> None:
    """Save a library of ``total`` articles with three comments each; an existing one is taken as it is."""
    if path.exists():
        return
    writer = Writer(2)
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    started = time.perf_counter()
    with open_store(f"sqlite:///{unfinished}") as store:
        for start in range(1, total + 1, 1_000):
            numbers = range(start, min(start + 1_000, total + 1))
            store.save_pages([make_short_page(number, total, writer) for number in numbers])
    unfinished.replace(path)
    say(
        f"built {total:,} articles in {time.perf_counter() - started:,.0f} s, {path.stat().st_size / 1e9:.1f} GB"
    )


def list_questions(common_word: str, other_word: str) -> dict[str, Callable[[Store], object]]:
    """Return what is asked of both libraries; a name that begins with "common" has the bar of 200 ms."""
    since = LATER - timedelta(days=1)

    def listing(**wanted: object) -> Callable[[Store], object]:
        return lambda store: store.articles.list(ArticleFilter(**wanted), limit=20)  # type: ignore[arg-type]

    def finding(query: str, **options: object) -> Callable[[Store], object]:
        return lambda store: store.search.find(query, **options)  # type: ignore[arg-type]

    return {
        "list, first page": listing(),
        "list of one publication": listing(publications=("site-7",)),
        "list of two publications": listing(publications=("site-7", "site-8")),
        "list of a rare tag": listing(tags=(RARE_TAG,)),
        "list of a rare author": listing(authors=(RARE_AUTHOR,)),
        "list of a rare language": listing(languages=("fi",)),
        "list of what was seen lately": listing(seen_since=since),
        # Wide enough that both libraries fill the page.
        "list of what was published lately": listing(published_since=NOW - timedelta(days=30)),
        "common tag": listing(tags=("common 3",)),
        "common author": listing(authors=("Author 77",)),
        "search, rare word": finding(RARE_WORD),
        "search, rare word in articles": finding(RARE_WORD, over="articles"),
        "search, rare and common word": finding(f"{RARE_WORD} {common_word}"),
        "search, rare tag and common word": finding(f"tag:{RARE_TAG} {common_word}"),
        "search, rare author and common word": finding(
            f'author:"{RARE_AUTHOR}" {common_word}', over="articles"
        ),
        "search, rare word by relevance": finding(RARE_WORD, order="relevance"),
        "common word": finding(common_word),
        "common word in articles": finding(common_word, over="articles"),
        "common words, two": finding(f"{common_word} {other_word}"),
        "common phrase": finding(f'"{common_word} {other_word}"'),
        "common or common": finding(f"{common_word} OR {other_word}"),
        "common word, not another": finding(f"{common_word} NOT {other_word}"),
        "common prefix of two letters": finding("ba*"),
        "common prefix of four letters": finding("cond*"),
        "common word of one publication": finding(f"{common_word} publication:site-7", over="articles"),
        "common word of a common tag": finding(f'{common_word} tag:"common 3"', over="articles"),
        "common word by relevance": finding(common_word, order="relevance"),
        "export of articles since": lambda store: sum(1 for _ in store.articles.iterate(since=since)),
        "export of comments since": lambda store: sum(1 for _ in store.comments.iterate(since=since)),
        "article by address": lambda store: store.articles.find("http://www.site-7.example/7?utm_source=x"),
    }


def bench_million(folder: Path, total: int, n_rounds: int) -> None:
    """Print how long questions to a large library take, beside the same ones to a small library."""
    words = Writer(2).words
    questions = list_questions(words[0], words[1])
    stores = []
    for size in (10_000, total):
        path = folder / f"library-{size}.db"
        build_library(path, size)
        stores.append(open_store(f"sqlite:///{path}"))
    say(f"{'milliseconds, median':<38} {'10,000':>9} {total:>11,}  ratio")
    for name, ask in questions.items():
        times: list[list[float]] = [[], []]
        for _ in range(n_rounds):
            for place, store in enumerate(stores):
                times[place].append(clocked(lambda ask=ask, store=store: ask(store))[0] * 1_000)
        small, large = (statistics.median(each) for each in times)
        is_fine = large <= 200 if name.startswith("common") else large <= max(2 * small, 2)
        say(
            f"{name:<38} {small:9.2f} {large:11.2f} {large / small:6.2f}  {'' if is_fine else 'ABOVE THE BAR'}"
        )
    for store in stores:
        started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        exported = sum(1 for _ in islice(store.articles.iterate(), 100_000))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - started
        say(f"export of {exported:,} articles: memory grew by {grown / 1_024:.1f} MB")
        store.close()


def bench_minute(folder: Path, seconds: float) -> None:
    """Let a crawl, a digest and three readers work on one library, and print how they fared."""
    url = f"sqlite:///{folder / 'crowd.db'}"
    with open_store(url) as store:
        with store.transaction() as connection:
            connection.exec_driver_sql("CREATE TABLE note (body text)")
        for report in run_crowd(url, seconds, ("crawl", "digest", "reader", "reader", "reader")):
            say(
                f"{report['role']}: {report['done']:,} times, the longest {report['longest']:.2f} s, no error"
            )
        say(f"{store.articles.count():,} articles, problems: {len(store.check())}")


def main() -> None:
    """Run the benchmark that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("saving", "million", "minute"))
    parser.add_argument("--pages", type=int, default=2_000, help="pages of `saving`")
    parser.add_argument("--articles", type=int, default=1_000_000, help="articles of `million`")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60, help="how long `minute` lasts")
    parser.add_argument("--folder", type=Path, help="where libraries are made, and kept by `million`")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as scratch:
        if chosen.what == "saving":
            bench_saving(Path(scratch), chosen.pages, chosen.rounds)
        elif chosen.what == "million":
            bench_million(chosen.folder or Path(scratch), chosen.articles, chosen.rounds)
        else:
            bench_minute(Path(scratch), chosen.seconds)


if __name__ == "__main__":
    main()
