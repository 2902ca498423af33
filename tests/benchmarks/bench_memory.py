"""How much memory does a crawl take? The peak of 20,000 pages against that of 1,000; the bar is 1.3.

Run it with ``python -m tests.benchmarks.bench_memory``. Each crawl runs in a fresh process against a synthetic demo
platform in this one; pages are small, since it is their number that is in question.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

BAR = 1.3


def run_crawl(connection: Connection, url: str, database: str) -> None:
    """Crawl a platform and send the peak resident memory in bytes, and the number of pages."""
    from crawler.config import Config, CrawlConfig
    from crawler.runner import crawl
    from crawler.seeds import Seed
    from crawler.store import open_store

    config = Config(crawl=CrawlConfig(allow_private_hosts=("127.0.0.1",), default_delay=timedelta(0)))
    seed = Seed(slug="bench", name="Bench", url=url, max_pages=100_000)
    with open_store(database) as store:
        report = crawl([seed], store, config=config)
        n_articles = store.articles.count()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    connection.send((peak, sum(report.outcomes.values()), n_articles))


def measure(n_stories: int, folder: Path) -> dict[str, float]:
    """Crawl a platform of so many stories in a fresh process."""
    from crawler.demo import DemoOptions, DemoPlatform, serve_demo
    from crawler.demo.synthetic import make_content

    content = make_content(n_stories, page_bytes=17_000, n_comments=2, n_communities=1)
    platform = DemoPlatform(
        content,
        anchor=datetime.now(UTC),
        clock=lambda: datetime.now(UTC),
        options=DemoOptions(list_size=20, gzip=False, log_size=1, markup="state"),
    )
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    started_at = time.monotonic()
    with serve_demo(platform) as url:
        room = content.communities[0].slug
        database = f"sqlite:///{folder}/{n_stories}.db"
        child = context.Process(target=run_crawl, args=(theirs, f"{url}/{room}", database))
        child.start()
        theirs.close()
        peak, n_pages, n_articles = ours.recv()
        child.join()
    return {
        "stories": n_stories,
        "articles": n_articles,
        "pages": n_pages,
        "peak_mib": round(peak / 2**20, 1),
        "seconds": round(time.monotonic() - started_at, 1),
    }


def main() -> int:
    """Run both crawls and print their figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--large", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-memory-") as folder:
        small = measure(options.small, Path(folder))
        large = measure(options.large, Path(folder))
    ratio = large["peak_mib"] / small["peak_mib"]
    for figures in (small, large):
        sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.write(json.dumps({"ratio": round(ratio, 3), "bar": BAR}) + "\n")
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
