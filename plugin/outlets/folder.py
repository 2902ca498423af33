"""A folder, for a web server to serve or a person to open: the same addresses as the served ones."""

import errno
import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from plugin.digests import OutletSettings
from plugin.errors import DigestError, OutletRejected, OutletUnavailable
from plugin.formats.base import Document
from plugin.outlets.base import PushReport

_TEMPORARY = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ESTALE}


class FolderOutlet:
    """Writes documents into a folder.

    Each file is written beside its place and renamed into it, so that a web server never sees half of one,
    whatever stops the program. What is there already is not touched, so that its time stays true.

    Args:
        path: The folder; made when missing, its parent too.
    """

    kind = "folder"

    def __init__(self, path: Path) -> None:
        # Noted with each push; from wherever the next command is called it must mean the same folder.
        self.path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would look through links
        self.place = str(self.path)

    @classmethod
    def from_settings(cls, settings: OutletSettings, *, workspace: Path) -> "FolderOutlet":
        """Return the outlet that a digest's ``[[outlet]]`` describes.

        Raises:
            DigestError: It names no path.
        """
        if settings.path is None:
            raise DigestError('an outlet of kind "folder" needs the key "path"', key="outlet.path")
        return cls(workspace / settings.path)

    def holds(self, address: str) -> bool:
        """Tell whether a file stands at an address."""
        return (self.path / address).is_file()

    def push(self, documents: Mapping[str, Document]) -> PushReport:
        """Write the documents that differ from what is there; see ``Outlet.push``.

        Raises:
            OutletRejected: The path is no folder, or it can't be written.
            OutletUnavailable: The disk is full or fails.
        """
        written: list[str] = []
        with self._translated():
            self.path.mkdir(parents=True, exist_ok=True)
            with _locked(self.path):
                for address, document in documents.items():
                    if _write(self.path / address, document.content):
                        written.append(address)
        return PushReport(tuple(written), len(documents) - len(written))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            what = "it" if error.filename in (None, self.place) else error.filename
            raise OutletRejected(f"cannot be written: {what} is not a folder", self.place) from None
        except OSError as error:
            kind = OutletUnavailable if error.errno in _TEMPORARY else OutletRejected
            raise kind(
                f"cannot be written ({error.strerror}); check the folder and its rights", self.place
            ) from None


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder against another publisher for the length of the block, where the file system can."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.EBADF):
                raise
        yield
    finally:
        os.close(handle)


def _write(path: Path, content: bytes) -> bool:
    """Put content in a file's place in one step; False when it is there already."""
    try:
        if path.read_bytes() == content:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    # A fixed name: what a killed program left behind is written over. The folder's lock keeps others away.
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return True
