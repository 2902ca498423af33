"""The library with the digests' memory: issues, ledgers, editors' actions and pushes beside the articles."""

from plugin.archive.archive import Archive, open_library, to_archive
from plugin.archive.candidates import Candidates
from plugin.archive.issue_rows import IssueDraft

__all__ = ["Archive", "Candidates", "IssueDraft", "open_library", "to_archive"]
