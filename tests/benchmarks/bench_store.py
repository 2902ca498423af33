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
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
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
from crawler.store import open_store
from crawler.store.indexing import ARTICLE_WORDS, COMMENT_WORDS, INDEXES, fold_fields, list_at, make_key
from crawler.store.views import ArticleFilter, FrontierEntry, PageSave

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
BATCH = 50
"""Pages in one transaction; what the crawl's pipeline gathers at its usual pace."""
_SYLLABLES = ("ba", "con", "der", "el", "fi", "gra", "hu", "in", "ker", "lo", "mi", "nor", "pu", "qui", "ra", "sta")


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
    author = AuthorRef(name=f"Author {author_number}", url=f"https://vocal.media/authors/author-{author_number}")
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
        AuthorRecord, platform="vocal", name=author.name, url=author.url, bio_text=bio, bio_html=f"<p>{bio}</p>"
    )
    fetched = FrontierEntry(
        url, "article", "vocal-01", due_at=NOW + timedelta(days=1), etag='W/"abc"', outcome="saved", fetched_at=NOW
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
        *("publication", "tag", "author", "article", "author_alias", "article_author", "article_tag", "medium"),
        *("insight", "badge", "comment", "alias", "frontier"),
    )

    def __init__(self, path: Path, n_pages: int) -> None:
        source = sqlite3.connect(path)
        self.batches: list[list[tuple[str, list[tuple]]]] = []
        for start in range(1, n_pages + 1, BATCH):
            batch = []
            for table in self.TABLES:
                batch.append(self._read(source, table, start))
            for index in INDEXES:
                batch.append(self._read_words(source, index, start))
            self.batches.append([(statement, rows) for statement, rows in batch if rows])
        source.close()

    @staticmethod
    def _read(source: sqlite3.Connection, table: str, start: int) -> tuple[str, list[tuple]]:
        info = source.execute(f"PRAGMA table_info({table})").fetchall()
        columns = [each[1] for each in info]
        keys = [each[1] for each in info if each[5]]
        owner = "id" if table == "article" else "article_id" if "article_id" in columns else None
        where = f"WHERE {owner} BETWEEN {start} AND {start + BATCH - 1}" if owner else "" if start == 1 else "WHERE 0"
        rows = source.execute(f"SELECT * FROM {table} {where}").fetchall()
        changed = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in keys)
        names = ", ".join(f'"{name}"' for name in columns)
        return (
            f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))}) "
            f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changed}"
        ), rows

    @staticmethod
    def _read_words(source: sqlite3.Connection, index, start: int) -> tuple[str, list[tuple]]:
        table, names = ("article", "headline, dek, body_text") if index is ARTICLE_WORDS else ("comment", "body_text")
        owner = "id" if index is ARTICLE_WORDS else "article_id"
        query = f"SELECT id, published_at, first_seen_at, {names} FROM {table} WHERE {owner} BETWEEN ? AND ?"
        rows = []
        for row_id, published, seen, *texts in source.execute(query, (start, start + BATCH - 1)):
            moments = [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (published, seen)]
            rows.append((make_key(list_at(*moments), row_id), *fold_fields(texts)))
        marks = ", ".join("?" * (1 + len(index.columns)))
        return f"INSERT INTO {index.table} (rowid, {', '.join(index.columns)}) VALUES ({marks})", rows

    def write(self, path: Path) -> Callable[[], None]:
        """Return the work of upserting the rows into a new library, with the same durability."""
        open_store(f"sqlite:///{path}").close()
        target = sqlite3.connect(path, isolation_level=None)
        target.execute("PRAGMA foreign_keys = ON")
        target.execute("PRAGMA synchronous = NORMAL")

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
        print(
            f"saving, {name}: {n_pages / our:,.0f} pages/s, raw {n_pages / their:,.0f} pages/s, "
            f"ratio {their / our:.2f} (bar: 0.70)"
        )


def main() -> None:
    """Run the benchmark that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("saving", "million", "minute"))
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        if chosen.what == "saving":
            bench_saving(Path(folder), chosen.pages, chosen.rounds)


if __name__ == "__main__":
    main()
