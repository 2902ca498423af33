"""How long making a digest takes in a small and in a large library, as a ratio measured in one run.

``python -m tests.benchmarks.bench_digest`` builds libraries of 10,000 and of 1,000,000 articles with three comments
each, of which the same 1,000 lie within the digest's window, and makes first and second issues in turn: with a query
for a common word and without. The bar is 2.
"""

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.records import ArticleRecord, AuthorRef, Tag, build_record
from crawler.store.views import PageSave
from plugin.archive import Archive, open_library
from plugin.digests import Digest
from plugin.publishing import make_issue, preview

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RECENT = 1_000
"""Articles within the window, in each library."""
NEW = 200
"""Articles that arrive between a first and a second issue."""
_WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("n", "ra", "lo", "mik", "st", "ve")]


def write_text(chance: random.Random, n_words: int) -> str:
    """Return a text; every tenth word is "harbor", as common as a word can be."""
    words = chance.choices(_WORDS, k=n_words)
    words[::10] = ["harbor"] * len(words[::10])
    return " ".join(words)


def recent_pages(first: int, count: int, seen_at: datetime) -> Iterator[PageSave]:
    """Yield pages of new stories of 400 words, the same for the same numbers."""
    for number in range(first, first + count):
        chance = random.Random(number)
        text = write_text(chance, 400)
        url = f"https://site.example/{chance.randrange(20)}/recent-{number}"
        article = build_record(
            ArticleRecord,
            platform="generic",
            publication=f"p{number % 20}",
            url=url,
            canonical_url=url,
            headline=write_text(chance, 7),
            authors=[AuthorRef(name=f"Author {number % 300}")],
            published_at=seen_at,
            published_bounds=(seen_at, seen_at),
            body_html=f"<p>{text}</p>",
            body_text=text,
            word_count=400,
            tags=[Tag(name=chance.choice(_WORDS))],
            comment_count=chance.randrange(30),
        )
        yield PageSave(seen_at - timedelta(minutes=number % 5_000), article)


def fill_with_old(path: Path, count: int) -> None:
    """Insert old articles with their comments and index entries by SQL; saving pages would take an hour.

    Args:
        path: A library that holds at least one article, whose columns are copied.
        count: How many.
    """
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    columns = [row[1] for row in database.execute("PRAGMA table_info(article)")]
    template = dict(zip(columns, database.execute("SELECT * FROM article LIMIT 1").fetchone(), strict=True))
    comment_columns = "article_id, platform_id, position, author_name, body_html, body_text, state, first_seen_at, last_seen_at, updated_at, fingerprint"
    chance = random.Random(0)
    texts = [write_text(chance, 60) for _ in range(2_000)]
    marks = ", ".join("?" * len(columns))
    names = ", ".join(f'"{name}"' for name in columns)
    start = database.execute("SELECT max(id) FROM article").fetchone()[0] + 1
    for low in range(start, start + count, 10_000):
        database.execute("BEGIN")
        articles, words, comments = [], [], []
        for number in range(low, min(low + 10_000, start + count)):
            text = texts[number % len(texts)]
            seen = (NOW - timedelta(days=30, seconds=number * 97)).strftime("%Y-%m-%d %H:%M:%S.000000")
            url = f"https://site.example/old-{number}"
            own = {
                "id": number,
                "url": url,
                "canonical_url": url,
                "headline": f"Old story {number}",
                "body_text": text,
            }
            own |= {"body_html": f"<p>{text}</p>", "word_count": 60, "content_key": None, "platform_id": None}
            own |= dict.fromkeys(
                ("first_seen_at", "last_seen_at", "changed_at", "updated_at", "listed_at"), seen
            )
            own |= dict.fromkeys(("published_at", "published_earliest", "published_latest"), seen)
            articles.append(tuple((template | own).values()))
            key = (int((NOW - timedelta(days=30, seconds=number * 97)).timestamp()) << 29) | number
            words.append((key, f"old story {number}", "", text))
            comments += [
                (
                    number,
                    f"c{place}",
                    place,
                    "Reader",
                    "<p>Yes.</p>",
                    "Yes.",
                    "visible",
                    seen,
                    seen,
                    seen,
                    b"x",
                )
                for place in range(3)
            ]
        database.executemany(f"INSERT INTO article ({names}) VALUES ({marks})", articles)
        database.executemany(
            "INSERT INTO article_words (rowid, headline, dek, body) VALUES (?, ?, ?, ?)", words
        )
        database.executemany(
            f"INSERT INTO comment ({comment_columns}) VALUES ({', '.join('?' * 11)})", comments
        )
        database.execute("COMMIT")
    database.close()


def build(path: Path, n_articles: int) -> Archive:
    """Return a library of so many articles, the last ``RECENT`` of them within the window."""
    archive = open_library(f"sqlite:///{path}")
    archive.store.save_pages(list(recent_pages(10_000_000, 1, NOW - timedelta(days=90))))
    archive.close()
    fill_with_old(path, n_articles - RECENT - 1)
    archive = open_library(f"sqlite:///{path}")
    pages = list(recent_pages(1, RECENT, NOW - timedelta(days=1)))
    for low in range(0, len(pages), 100):
        archive.store.save_pages(pages[low : low + 100])
    return archive


def clock(work, *arguments, **keywords) -> float:
    """Return the seconds that a call took."""
    start = time.perf_counter()
    work(*arguments, **keywords)
    return time.perf_counter() - start


def main() -> None:
    """Build both libraries and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        libraries = {}
        for name, size in (("small", 10_000), ("large", chosen.articles)):
            start = time.perf_counter()
            libraries[name] = build(Path(folder) / f"{name}.db", size)
            sys.stdout.write(
                f"built {name}: {libraries[name].store.articles.count():,} articles, {time.perf_counter() - start:.0f} s\n"
            )
        queries = {"plain": {}, "query": {"select": {"query": "harbor"}}}
        times: dict[tuple[str, str, str], list[float]] = {}
        for number in range(chosen.rounds):
            digests = {
                kind: Digest.model_validate(
                    {"slug": f"{kind}-{number}", "title": "D", "window": "7d", **keys}
                )
                for kind, keys in queries.items()
            }
            later = NOW + timedelta(days=7 * (number + 1))
            for kind, digest in digests.items():
                for name, archive in libraries.items():
                    took = times.setdefault
                    took(("preview", kind, name), []).append(clock(preview, archive, digest, now=NOW))
                    took(("first issue", kind, name), []).append(clock(make_issue, archive, digest, now=NOW))
            for archive in libraries.values():
                archive.store.save_pages(
                    list(recent_pages(1_000_000 + number * NEW, NEW, later - timedelta(days=1)))
                )
            for kind, digest in digests.items():
                for name, archive in libraries.items():
                    took(("second issue", kind, name), []).append(
                        clock(make_issue, archive, digest, now=later)
                    )
        for what, kind in dict.fromkeys((what, kind) for what, kind, _ in times):
            small, large = (statistics.median(times[what, kind, name]) for name in ("small", "large"))
            sys.stdout.write(
                f"{what}, {kind}: {small * 1000:.0f} ms, {large * 1000:.0f} ms, ratio {large / small:.2f} (bar: 2)\n"
            )


if __name__ == "__main__":
    main()
