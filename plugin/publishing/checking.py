"""Definitions against what there is: formats and outlets that a digest names but nobody knows."""

from collections.abc import Iterable
from pathlib import Path

from plugin.digests import Digest
from plugin.errors import DigestError
from plugin.mailing import get_document_format
from plugin.outlets import open_outlet


def check_digests(digests: Iterable[Digest], *, folder: Path, workspace: Path) -> None:
    """Refuse digests whose formats or outlets do not exist, before anything is made of them.

    Args:
        digests: The definitions.
        folder: Where their files are, for the message.
        workspace: Folder that paths of outlets count from.

    Raises:
        DigestError: A format or outlet is unknown, or lacks a key; names file and key.
    """
    for digest in digests:
        key = "formats"
        try:
            for name in digest.formats:
                get_document_format(name)
            key = "outlet"
            for outlet in digest.outlet:
                open_outlet(outlet, workspace=workspace)
        except DigestError as error:
            raise type(error)(error.message, path=folder / f"{digest.slug}.toml", key=key) from None
