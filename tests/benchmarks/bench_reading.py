"""How long reading a story page takes, as a multiple of one lxml parse of the same page.

Run it as a script: ``python -m tests.benchmarks.bench_reading``. CPU time, medians over alternating rounds in one
process. The bar is 3.0 for pages in the shape of real ones, "real" and "whole"; the other shapes show what drives the
number.
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import lxml.html

from crawler.platforms import read_page

SEEN_AT: Final = datetime(2026, 11, 18, 12, tzinfo=UTC)
URL: Final = "https://vocal.media/wander/the-long-way-around-the-bay"
SIZE: Final = 57_000
"""Bytes of each page, give or take one paragraph or comment."""

_WORDS = [
    "the",
    "quick",
    "tide",
    "fox",
    "turns",
    "over",
    "lazy",
    "stones",
    "while",
    "rivers",
    "keep",
    "their",
    "own",
    "slow",
    "counsel",
    "beneath",
    "winter",
    "stars",
    "and",
    "nobody",
    "on",
    "the",
    "quay",
    "remembers",
    "who",
    "first",
    "rang",
    "the",
    "bell",
    "that",
    "calls",
    "every",
    "boat",
    "home",
    "before",
    "the",
    "fog",
]


def _words(rng: random.Random, count: int) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(count)).capitalize() + "."


def _class(rng: random.Random, label: str) -> str:
    return f'class="css-{rng.randrange(16**6):06x}-{label}"'


def _paragraph(rng: random.Random) -> str:
    text = _words(rng, rng.randint(30, 70))
    if rng.random() < 0.2:
        text += f" <em>{_words(rng, 4)}</em>"
    if rng.random() < 0.1:
        text += f' <a href="/wander/story-{rng.randrange(99)}">{_words(rng, 3)}</a>'
    return f"<p {_class(rng, 'Text')}>{text}</p>\n"


def _comment(rng: random.Random, depth: int = 0) -> str:
    reply = f"<ul>{_comment(rng, depth + 1)}</ul>" if depth < 2 and rng.random() < 0.3 else ""
    name = f"Reader {rng.randrange(900)}"
    return (
        f"<li {_class(rng, 'Item')}><div {_class(rng, 'Flex')}><a {_class(rng, 'Link')} "
        f'href="/authors/reader-{rng.randrange(900)}">{name}</a> <span {_class(rng, "Text")}>'
        f"{rng.randint(2, 28)} days ago</span></div><p {_class(rng, 'Text')}>{_words(rng, 25)}</p>"
        f"<button {_class(rng, 'Button')}>Reply</button>{reply}</li>\n"
    )


def _frame(rng: random.Random, body: str, comments: str, chrome: str) -> str:
    n_comments = comments.count("<li")
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The Long Way Around the Bay | Wander'
        '</title><meta property="og:title" content="The Long Way Around the Bay">'
        f'<meta property="og:site_name" content="Vocal">{chrome}</head><body><div id="__next"><main>'
        '<a href="/wander"><img src="/w.png" alt="Wander logo"></a><h1>The Long Way Around the Bay</h1>'
        '<h2>Eleven miles, one dog</h2><div>By <a href="/authors/ida-moss">Ida Moss</a><span>Published 5 months ago'
        "</span><span>Updated 3 days ago</span><span>8 min read</span></div><div>Top Story - July 2026</div>"
        '<figure><img src="/h.jpg" alt="A bay"><figcaption>Photo by Jo Ek on Unsplash</figcaption></figure>'
        f"<div>{body}</div><div>"
        '<a href="/wander/tag/walks">walks</a><a href="/wander/tag/dogs">dogs</a></div><section><h3>About the '
        "Creator</h3><h4>Ida Moss</h4><p>Walks, mostly.</p></section><section><h3>Reader insights</h3><p>Be the "
        "first to share your insights about this piece.</p><a>How does it work?</a><button>Add your insights"
        f"</button></section><section><h3>Comments ({n_comments})</h3><a href='/in'>Sign in to comment</a>"
        f"<ul>{comments}</ul></section></main><footer><h4>Find us on social media</h4><h4>Miscellaneous links</h4>"
        f"<ul>{_links(rng, 12)}</ul><p>© 2026 Creatd, Inc. All Rights Reserved.</p></footer></div></body></html>"
    )


def _links(rng: random.Random, count: int) -> str:
    return "".join(
        f'<li {_class(rng, "Item")}><a {_class(rng, "Link")} href="/c{at}">{_words(rng, 2)}</a></li>'
        for at in range(count)
    )


def _chrome(rng: random.Random) -> str:
    rules = "".join(
        f".css-{rng.randrange(16**6):06x}{{color:#{rng.randrange(16**6):06x};margin:0}}" for _ in range(250)
    )
    return f'<style>{rules}</style><link rel="canonical" href="{URL}">'


def _icons(rng: random.Random, count: int) -> str:
    path = "M" + " ".join(f"{rng.randrange(240) / 10}" for _ in range(24))
    return "".join(
        f'<div {_class(rng, "Icon")}><svg viewBox="0 0 24 24"><path d="{path}"></path></svg></div>'
        for _ in range(count)
    )


def _state(rng: random.Random) -> str:
    leaf = {"type": "paragraph", "nodes": [{"leaves": [{"text": _words(rng, 60), "marks": []}]}]}
    post = {"slug": URL.rpartition("/")[2], "title": "The Long Way Around the Bay", "content": [leaf] * 40}
    state = {"props": {"pageProps": {"post": post}}}
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>'


def make_page(shape: str, size: int | None = None) -> bytes:
    """Return a story page of about ``size`` bytes.

    Args:
        shape: "real" has styles, icons, navigation, a story and its discussion in the proportions of a
            published page; "whole" has as much of the first three as a framework's site has, and its JSON state;
            "prose" is nearly all paragraphs; "comments" is nearly all discussion.
        size: Bytes wanted; by default `SIZE`, and four times as many of a "whole" page.
    """
    size = size or (4 * SIZE if shape == "whole" else SIZE)
    rng = random.Random(f"{shape} 7")
    body, comments, chrome = _paragraph(rng), _comment(rng), ""
    if shape in ("real", "whole"):
        chrome = _chrome(rng)
        body = "".join(_paragraph(rng) for _ in range(35))
        comments = "".join(_comment(rng) for _ in range(12))
    if shape == "whole":
        chrome += "".join(_chrome(rng) for _ in range(3)) + _state(rng)
    page = _frame(rng, body, comments, chrome)
    while len(page.encode()) < size:
        if shape == "comments":
            comments += _comment(rng)
        elif shape == "prose":
            body += _paragraph(rng)
        else:
            chrome_body = f"<nav>{_links(rng, 6)}{_icons(rng, 6)}</nav>"
            page = page.replace("<main>", f"{chrome_body}<main>")
            continue
        page = _frame(rng, body, comments, chrome)
    return page.encode()


def _cpu_seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def measure(page: bytes, rounds: int) -> tuple[float, float]:
    """Return (seconds of one lxml parse, seconds of one `read_page`), medians of alternating rounds."""
    parse: list[float] = []
    read: list[float] = []
    headers = {"Content-Type": "text/html; charset=utf-8"}
    for _ in range(rounds):
        parse.append(_cpu_seconds(lambda: lxml.html.document_fromstring(page)))
        read.append(_cpu_seconds(lambda: read_page(page, URL, seen_at=SEEN_AT, headers=headers)))
    return statistics.median(parse), statistics.median(read)


def main() -> None:
    """Print one line for each shape."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=150)
    rounds = parser.parse_args().rounds
    for shape in ("real", "whole", "prose", "comments"):
        page = make_page(shape)
        parse, read = measure(page, rounds)
        told = f"parse {parse * 1e3:6.3f} ms  read {read * 1e3:6.3f} ms  ratio {read / parse:5.2f}"
        sys.stdout.write(f"{shape:9} {len(page):6} bytes  {told}\n")


if __name__ == "__main__":
    main()
