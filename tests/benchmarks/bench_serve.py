"""What a feed of 100 KB costs to serve: server CPU per request against nginx with a file, as ratios of one run.

Run it with ``python -m tests.benchmarks.bench_serve``; it needs nginx and wrk. Both answer the same bytes on
loopback, each in one process, in turn (A B A B ...); the clock is each server's own CPU time, user and system.
The bars are 1.5 for a 200 and 3.0 for a 304.
"""

import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plugin.digests import Content, Limits
from tests.samples import LANTERN, make_library

BARS = {"200": 1.5, "304": 3.0}
PATH = "/digests/lantern/feed.atom"
DIGEST = LANTERN.model_copy(update={"limits": Limits(entries=30), "content": Content(words=75, comments=2)})

SERVE = """
import sys
from plugin.archive import open_library
from plugin.server import serve
from plugin.server.app import create_app
from tests.benchmarks.bench_serve import DIGEST
with open_library(sys.argv[1]) as archive:
    serve(create_app(archive, digests=[DIGEST]), port=int(sys.argv[2]))
"""

NGINX_CONF = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile {sendfile}; etag on; keepalive_requests 10000000;
  types {{ application/atom+xml atom; }}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def free_port() -> int:
    """Return a port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str) -> tuple[bytes, str]:
    """Return body and ETag, waiting for the server to come up."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return response.read(), response.headers["ETag"]
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} never answered")


@contextmanager
def running(command: list[str]) -> Iterator[int]:
    """Run a server, and yield its process id."""
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(15)


def worker_of(pid: int) -> int:
    """Return the one child of a process."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def cpu_seconds(pid: int) -> float:
    """Return the CPU time a process has used, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cost(pid: int, url: str, *, etag: str | None, seconds: int) -> float:
    """Return microseconds of the server's CPU per request under load."""
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", url]
    command += ["-H", f"If-None-Match: {etag}"] if etag else []
    before = cpu_seconds(pid)
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(pid) - before
    found = re.search(r"(\d+) requests in", output)
    if found is None or "Non-2xx" in output:
        raise RuntimeError(output)
    return used / int(found[1]) * 1e6


def main() -> int:
    """Measure, print, and return 1 when a bar is missed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--seconds", type=int, default=4)
    arguments.add_argument(
        "--sendfile", choices=("on", "off"), default="off", help="nginx's own default is off"
    )
    given = arguments.parse_args()
    for needed in ("nginx", "wrk"):
        if shutil.which(needed) is None:
            sys.exit(f"this measurement needs {needed}")
    with tempfile.TemporaryDirectory() as name:
        # nginx's worker may run as another user.
        Path(name).chmod(0o755)
        return measure(Path(name), rounds=given.rounds, seconds=given.seconds, sendfile=given.sendfile)


def measure(folder: Path, *, rounds: int, seconds: int, sendfile: str) -> int:
    """Serve the same feed from both, in turn, and compare."""
    database = f"sqlite:///{folder / 'library.db'}"
    make_library(database, n_articles=40, digest=DIGEST).close()
    ports = {"ours": free_port(), "nginx": free_port()}
    (folder / "nginx.conf").write_text(
        NGINX_CONF.format(folder=folder, port=ports["nginx"], sendfile=sendfile)
    )
    nginx = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    urls = {side: f"http://127.0.0.1:{port}{PATH}" for side, port in ports.items()}
    with running([sys.executable, "-c", SERVE, database, str(ports["ours"])]) as ours:
        body, _ = fetch(urls["ours"])
        file = folder / "files" / PATH.lstrip("/")
        file.parent.mkdir(parents=True)
        file.write_bytes(body)
        say(f"feed of {len(body):,} bytes; {rounds} rounds of {seconds} s")
        with running(nginx) as master:
            tags = {side: fetch(url)[1] for side, url in urls.items()}
            pids = {"ours": ours, "nginx": worker_of(master)}
            return compare(pids, urls, tags, rounds=rounds, seconds=seconds)


def compare(
    pids: dict[str, int], urls: dict[str, str], tags: dict[str, str], *, rounds: int, seconds: int
) -> int:
    """Ask both in turn; print medians and their ratio for a 200 and for a 304."""
    missed = 0
    for status, bar in BARS.items():
        costs: dict[str, list[float]] = {"nginx": [], "ours": []}
        for _ in range(rounds):
            for side, found in costs.items():
                etag = tags[side] if status == "304" else None
                found.append(cost(pids[side], urls[side], etag=etag, seconds=seconds))
        nginx, ours = (statistics.median(found) for found in costs.values())
        ratio = ours / nginx
        missed += ratio > bar
        say(f"{status}: nginx {nginx:.1f} us, ours {ours:.1f} us of CPU a request: {ratio:.2f} x (bar {bar})")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
