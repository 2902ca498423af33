"""Noticing that the library or the digests' definitions have changed, without a lifespan to tell us."""

import time
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from crawler.errors import GleaningsError
from plugin.archive import Archive
from plugin.digests import Digest, load_digests


class DigestSource:
    """The definitions as they now stand.

    Args:
        folder: Where their files are.
        fixed: Definitions that never change, instead of the files.
    """

    def __init__(self, folder: Path, fixed: Sequence[Digest] | None = None) -> None:
        self._folder = folder
        self._is_fixed = fixed is not None
        self._signature = self._read_signature()
        self.digests: Sequence[Digest] = tuple(fixed) if fixed is not None else load_digests(folder)

    def refresh(self) -> bool:
        """Read the files again if one has changed; tell whether the definitions did.

        A file that has become wrong leaves all as it was: the site goes on with what it knows.
        """
        signature = self._read_signature()
        if signature == self._signature:
            return False
        self._signature = signature
        try:
            self.digests = load_digests(self._folder)
        except GleaningsError:
            return False
        return True

    def _read_signature(self) -> tuple[tuple[str, int, int], ...]:
        if self._is_fixed:
            return ()
        try:
            found = [(path.name, path.stat()) for path in self._folder.glob("*.toml")]
        except OSError:
            # A file vanished while we looked; the next look sees what became of it.
            return ()
        return tuple(sorted((name, status.st_mtime_ns, status.st_size) for name, status in found))


class Freshness:
    """Notices that the library or the definitions have changed.

    A look costs a small query. It is taken at each request, but so that looks take no more than a twentieth
    of a busy server's time: with SQLite some four thousandths of a second lie between two. One request looks
    for all that come in meanwhile.

    Args:
        archive: The library.
        source: The definitions.

    Attributes:
        epoch: Moves when anything has changed.
        is_quick: The last look took less than ``QUICK_SECONDS``, as with SQLite: the next may be taken where
            one stands, which is cheaper than in a thread.
    """

    QUICK_SECONDS: Final = 0.001
    SHARE: Final = 20
    MAX_SECONDS: Final = 0.05
    PATIENCE_SECONDS: Final = 0.5
    """How long others go on without a look that does not end."""

    def __init__(self, archive: Archive, source: DigestSource) -> None:
        self._archive = archive
        self._source = source
        self._lock = Lock()
        self._seen: int | None = None
        self._next_look = 0.0
        self.epoch = 0
        self.is_quick = False

    def holds(self, epoch: int) -> bool:
        """Tell whether a state of the site certainly still holds, and no look is due."""
        return epoch == self.epoch and time.monotonic() < self._next_look

    def should_look(self) -> bool:
        """Tell whether the request that asks is the one to look; all ask in one thread."""
        now = time.monotonic()
        if now < self._next_look:
            return False
        self._next_look = now + self.PATIENCE_SECONDS
        return True

    def look(self) -> None:
        """Look, and move ``epoch`` on if anything has changed; blocks as long as the database does.

        Raises:
            StoreError: The library can't be read.
        """
        with self._lock:
            started, started_at = time.thread_time(), time.monotonic()
            self.is_quick = False
            try:
                generation = self._archive.generation()
            except BaseException:
                self._next_look = 0.0
                raise
            if self._source.refresh() or generation != self._seen:
                self._seen = generation
                self.epoch += 1
            cost, now = time.thread_time() - started, time.monotonic()
            self.is_quick = now - started_at < self.QUICK_SECONDS
            self._next_look = now + min(self.SHARE * cost, self.MAX_SECONDS)
