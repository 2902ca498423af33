"""How fast is a crawl? Collecting 1,000 pages of 57 KB against a bare Scrapy spider that does nothing with them.

Run it with ``python -m tests.benchmarks.bench_crawl``; it needs nginx. Both sides fetch the same story pages from nginx
on loopback, without delays, each in one fresh process, in turn (A B A B ...). Ours also reads each story with its
comments and author and saves it in SQLite. The ratio of the medians is what counts; the bar is 0.6.
"""

import argparse
import json
import multiprocessing
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

BAR = 0.6

NGINX_CONF = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; default_type text/html; charset utf-8; sendfile on; etag on; keepalive_requests 100000;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port}; root {folder}/pages;
    location = /room1 {{ try_files /lists/$arg_page /lists/1 =404; }}
  }}
}}
"""


def write_pages(folder: Path, n_pages: int, port: int) -> list[str]:
    """Write the pages of a synthetic demo platform as files; return the paths of the stories.

    They are fetched at the address that nginx takes over afterwards, since pages hold their own address.
    """
    from crawler.demo import DemoOptions, DemoPlatform, serve_demo
    from crawler.demo.synthetic import make_content

    moment = datetime(2026, 11, 23, 12, tzinfo=UTC)
    platform = DemoPlatform(
        make_content(n_pages, n_communities=1),
        anchor=moment,
        clock=lambda: moment,
        options=DemoOptions(list_size=100, gzip=False),
    )
    stories = [story.path for story in platform.stories()]
    room = platform.content.communities[0].slug
    n_lists = -(-n_pages // 100)
    with serve_demo(platform, port=port) as url:
        for path in stories:
            keep(folder / path.strip("/"), fetch(url + path))
        for number in range(1, n_lists + 1):
            keep(folder / "lists" / str(number), fetch(f"{url}/{room}?page={number}"))
        for number in range(50):
            author = f"authors/writer-{number}"
            keep(folder / author, fetch(f"{url}/{author}"))
    return stories


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url) as response:
        body: bytes = response.read()
    return body


def keep(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


@contextmanager
def serve(folder: Path, port: int) -> Iterator[None]:
    """Run nginx on the pages of a folder."""
    conf = folder / "nginx.conf"
    conf.write_text(NGINX_CONF.format(folder=folder, port=port))
    process = subprocess.Popen(["nginx", "-c", str(conf), "-e", str(folder / "error.log")])
    try:
        time.sleep(0.5)
        yield
    finally:
        process.terminate()
        process.wait(10)


def run_bare(connection: Connection, urls: list[str]) -> None:
    """Fetch the pages with a default spider."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    class Bare(scrapy.Spider):
        name = "bare"
        n_pages = 0

        async def start(self) -> object:
            for url in urls:
                yield scrapy.Request(url)

        def parse(self, response: object) -> None:
            type(self).n_pages += 1

    process = CrawlerProcess({"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False})
    process.crawl(Bare)
    measured(connection, process.start, lambda: Bare.n_pages)


def run_ours(connection: Connection, url: str, database: str) -> None:
    """Collect the pages with Gleanings."""
    from crawler.config import Config, CrawlConfig
    from crawler.runner import crawl
    from crawler.runner import reactor as _reactor  # noqa: F401 - imports are not what is measured
    from crawler.seeds import Seed
    from crawler.store import open_store

    config = Config(crawl=CrawlConfig(allow_private_hosts=("127.0.0.1",), default_delay=timedelta(0)))
    seed = Seed(slug="bench", name="Bench", url=url, max_pages=100)
    with open_store(database) as store:
        measured(
            connection,
            lambda: crawl([seed], store, config=config),
            store.articles.count,
        )


def measured(connection: Connection, work: object, count: object) -> None:
    """Run it, and send wall seconds, CPU seconds and pages."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    work()  # type: ignore[operator]
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    connection.send((wall, cpu, count()))  # type: ignore[operator]


def run(target: object, *arguments: object) -> tuple[float, float, int]:
    """Run one side in a fresh process."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=target, args=(theirs, *arguments))  # type: ignore[arg-type]
    child.start()
    theirs.close()
    figures: tuple[float, float, int] = ours.recv()
    child.join()
    return figures


def main() -> int:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--port", type=int, default=18_099)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-crawl-"))
    folder.chmod(0o755)
    try:
        base_url = f"http://127.0.0.1:{options.port}"
        stories = write_pages(folder / "pages", options.pages, options.port)
        size = statistics.median((folder / "pages" / path.strip("/")).stat().st_size for path in stories)
        sides: dict[str, list[tuple[float, float, int]]] = {"bare": [], "gleanings": []}
        with serve(folder, options.port):
            for number in range(options.rounds):
                sides["bare"].append(run(run_bare, [base_url + path for path in stories]))
                database = f"sqlite:///{folder}/bench{number}.db"
                sides["gleanings"].append(run(run_ours, f"{base_url}/room1", database))
        return report(sides, size=size, n_pages=options.pages)
    finally:
        shutil.rmtree(folder)


def report(sides: dict[str, list[tuple[float, float, int]]], *, size: float, n_pages: int) -> int:
    """Print the medians and their ratio; return 0 when the bar is met."""
    rates = {}
    for name, figures in sides.items():
        wall = statistics.median(figure[0] for figure in figures)
        cpu = statistics.median(figure[1] for figure in figures)
        rates[name] = n_pages / wall
        walls = [round(figure[0], 2) for figure in figures]
        counts = sorted({figure[2] for figure in figures})
        sys.stdout.write(
            f"{name:10} {n_pages / wall:7.0f} pages/s  wall {wall:6.2f} s  cpu {cpu:6.2f} s  "
            f"walls {walls}  pages {counts}\n"
        )
    ratio = rates["gleanings"] / rates["bare"]
    sys.stdout.write(json.dumps({"page_bytes": size, "ratio": round(ratio, 3), "bar": BAR}) + "\n")
    return 0 if ratio >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
