"""Runs the demo platform by itself: ``python -m crawler.demo --port 8000``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from crawler.demo.hosting import DemoPlatform
from crawler.demo.loading import bundled_content
from crawler.demo.options import FAULT_NAMES, DemoOptions, Faults
from crawler.demo.server import serve_demo


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the bundled stories until interrupted.

    Args:
        arguments: The command line without the program's name; that of the
            process, if not given.

    Returns:
        The exit code.
    """
    options = _parser().parse_args(arguments)
    delay = options.crawl_delay
    platform = DemoPlatform(
        bundled_content(),
        anchor=datetime.now(UTC),
        clock=lambda: datetime.now(UTC),
        options=DemoOptions(
            markup=options.markup,
            sitemap=options.sitemap,
            crawl_delay=None if delay is None else timedelta(seconds=delay),
            faults=Faults.named(options.fault),
        ),
    )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with serve_demo(platform, host=options.host, port=options.port) as url:
            sys.stdout.write(f"{platform.content.name} is open at {url} (Ctrl-C closes it)\n")
            sys.stdout.flush()
            stop.wait()
    except (OSError, ValueError) as error:
        sys.stderr.write(f"cannot serve on {options.host} port {options.port}: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m crawler.demo", description="Serve a small publishing platform on loopback."
    )
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    parser.add_argument("--markup", choices=("state", "plain", "jsonld"), default="state")
    parser.add_argument("--sitemap", action="store_true", help="serve /sitemap.xml")
    parser.add_argument("--crawl-delay", type=float, metavar="SECONDS", help="what robots.txt asks for")
    parser.add_argument(
        "--fault", action="append", default=[], choices=sorted(FAULT_NAMES), help="may be repeated"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
