"""Where documents are pushed to: one module an outlet, and the list of all.

Adding an outlet is one new module and one line in ``OUTLETS``.
"""

import difflib
from pathlib import Path

from plugin.digests import OutletSettings
from plugin.errors import UnknownOutlet
from plugin.outlets.base import Outlet, PushReport
from plugin.outlets.folder import FolderOutlet

__all__ = ["OUTLETS", "FolderOutlet", "Outlet", "PushReport", "open_outlet"]

OUTLETS = (FolderOutlet,)
"""Every built-in outlet."""


def open_outlet(settings: OutletSettings, *, workspace: Path) -> Outlet:
    """Return the outlet that a digest's ``[[outlet]]`` describes; nothing is touched yet.

    Args:
        settings: Its kind and what the kind needs.
        workspace: Folder that relative paths count from.

    Raises:
        UnknownOutlet: No outlet has that kind; the message names the nearest.
        DigestError: A key that the kind needs is missing.
    """
    for outlet in OUTLETS:
        if outlet.kind == settings.kind:
            return outlet.from_settings(settings, workspace=workspace)
    kinds = [outlet.kind for outlet in OUTLETS]
    close = difflib.get_close_matches(settings.kind, kinds, n=1, cutoff=0.5)
    hint = f'did you mean "{close[0]}"?' if close else f"known are {', '.join(kinds)}"
    raise UnknownOutlet(f'no outlet is of kind "{settings.kind}"; {hint}', key="outlet.kind")
