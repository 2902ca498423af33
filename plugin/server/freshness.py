"""Noticing that the library or the digests' definitions have changed, without a lifespan to tell us."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final

from anyio import Event, to_thread
from anyio.lowlevel import RunVar

from crawler.errors import GleaningsError, StoreError
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

    Every request looks, so that its answer knows of every commit made before it came. With SQLite that costs
    microseconds. With PostgreSQL it costs a query in a thread, and the requests that came before it began
    share it. The definitions' files are looked at now and then, and whenever the library has changed.

    Args:
        archive: The library.
        source: The definitions.

    Attributes:
        epoch: Moves when anything has changed.
    """

    DEFINITION_SECONDS: Final = 0.05
    """Between two looks at the definitions' files."""

    def __init__(self, archive: Archive, source: DigestSource) -> None:
        self._archive = archive
        self._source = source
        self._lock = Lock()
        self._seen: int | None = None
        self._next_definitions = 0.0
        self._shared = SharedLook(self._query)
        self.epoch = 0

    def current_epoch(self) -> int | None:
        """Return the epoch where it surely knows of every commit made so far; None: only a look can tell."""
        generation = self._archive.peek_generation()
        if generation is None or generation != self._seen or time.monotonic() >= self._next_definitions:
            return None
        return self.epoch

    async def look(self) -> bool:
        """Move ``epoch`` on if anything has changed; tell whether the library could be read."""
        generation = self._archive.peek_generation()
        if generation is None:
            return await self._shared.look()
        self._note(generation)
        return True

    def _query(self) -> bool:
        try:
            generation = self._archive.generation()
        except StoreError:
            return False
        self._note(generation)
        return True

    def _note(self, generation: int) -> None:
        with self._lock:
            now = time.monotonic()
            if generation == self._seen and now < self._next_definitions:
                return
            self._next_definitions = now + self.DEFINITION_SECONDS
            if self._source.refresh() or generation != self._seen:
                # Later readers see this state or a newer one, for it was committed before they begin.
                self._seen = generation
                self.epoch += 1


@dataclass(slots=True, eq=False)
class _Round:
    """One look, and who waits for it."""

    ended: Event = field(default_factory=Event)
    result: bool | None = None


@dataclass(slots=True)
class _Rounds:
    """The rounds of one event loop: the one under way, and the next, which still takes requests."""

    current: _Round | None = None
    following: _Round | None = None


class SharedLook:
    """Lets the requests that come while a look is under way share the next one.

    What is under way began before they came, so it may have missed what they must see.

    Args:
        ask: Looks, in a thread; blocks as long as the database does.
    """

    def __init__(self, ask: Callable[[], bool]) -> None:
        self._ask = ask
        # An app may be asked in several event loops, as tests do; an event belongs to one.
        self._rounds: RunVar[_Rounds] = RunVar("rounds")

    async def look(self) -> bool:
        """Return the result of a look that began after this call."""
        rounds = self._rounds.get(None)
        if rounds is None:
            rounds = _Rounds()
            self._rounds.set(rounds)
        while True:
            if rounds.following is None:
                rounds.following = _Round()
                result = await self._lead(rounds, rounds.following)
            else:
                shared = rounds.following
                await shared.ended.wait()
                result = shared.result
            # None: whoever led the round was canceled.
            if result is not None:
                return result

    async def _lead(self, rounds: _Rounds, own: _Round) -> bool | None:
        try:
            if rounds.current is not None:
                await rounds.current.ended.wait()
            rounds.current, rounds.following = own, None
            own.result = await to_thread.run_sync(self._ask)
            return own.result
        finally:
            if rounds.following is own:
                rounds.following = None
            if rounds.current is own:
                rounds.current = None
            own.ended.set()
