"""The contract of an outlet: a place documents are pushed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from plugin.formats.base import Document


@dataclass(frozen=True, slots=True)
class PushReport:
    """What a push did.

    Attributes:
        written: Addresses whose documents are new or differ from what was there, in the order pushed.
        unchanged: How many were there already, byte for byte.
    """

    written: tuple[str, ...] = ()
    unchanged: int = 0


class Outlet(Protocol):
    """A place documents are pushed to.

    Attributes:
        kind: The word used in digests: "folder".
        place: Where it is, for messages: "/srv/www".
    """

    kind: str
    place: str

    def holds(self, address: str) -> bool:
        """Tell whether a document was pushed there before; False where the outlet can't tell."""
        ...

    def push(self, documents: Mapping[str, Document]) -> PushReport:
        """Put documents in their places; pushing them again changes nothing.

        Args:
            documents: Address -> document, in the order to push them: what is linked to comes first. An
                address is relative to the site's root, without a leading slash: "digests/ai/feed.atom".

        Raises:
            OutletRejected: Our document or credentials are at fault: trying again will not help.
            OutletUnavailable: The outlet is not there now.
        """
        ...
