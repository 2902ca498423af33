"""The workspace as the plugin's commands see it: settings, library and digests, opened together."""

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

from crawler.commands.context import Session
from crawler.config import Config
from crawler.seeds import load_seeds
from plugin.archive import Archive, open_library
from plugin.digests import Digest, find_digest, load_digests
from plugin.errors import IssueNotFound
from plugin.issues import Issue
from plugin.publishing import check_digests


@dataclass(frozen=True, slots=True)
class Workspace:
    """An opened workspace.

    Attributes:
        config: Its settings.
        archive: Its library, open until the command ends.
        digests: Its digests, in the order of their files.
    """

    config: Config
    archive: Archive
    digests: list[Digest]

    def digest(self, slug: str) -> Digest:
        """Return one digest.

        Raises:
            DigestNotFound: There is none of that slug.
        """
        return find_digest(self.digests, slug)

    def take_over_seeds(self) -> None:
        """Take over what the seeds now say of their publications: names, languages, and above all rights.

        Raises:
            SeedError: A seed file is wrong.
        """
        self.archive.store.publications.sync(load_seeds(self.config.seeds_dir), are_all=True)

    def unknown_publications(self, digest: Digest) -> list[str]:
        """Return a sentence for each publication that a digest asks for and nobody knows."""
        known = sorted(self.archive.store.publications.slugs())
        asked = chain(digest.select.publications, *(each.publications for each in digest.section))
        slugs = dict.fromkeys(slug for slug in asked if slug not in known)
        return [f'no publication is called "{slug}"{_did_you_mean(slug, known)}' for slug in slugs]

    def issue(self, slug: str, number: int | None) -> Issue:
        """Return an issue of a digest, the newest when no number is given.

        Raises:
            IssueNotFound: There is none.
        """
        if number is not None:
            return self.archive.get_issue(slug, number)
        latest = self.archive.latest_issue(slug)
        if latest is None:
            raise IssueNotFound(f"no issue yet; `gleanings digest make {slug}` makes the first one", slug)
        return latest


def _did_you_mean(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f'; did you mean "{close[0]}"?' if close else ""


@contextmanager
def open_workspace(session: Session) -> Iterator[Workspace]:
    """Open the workspace for the length of a command.

    Raises:
        ConfigError: A file of the workspace is wrong.
        StoreError: The database can't be opened.
    """
    config = session.load_config()
    folder = config.seeds_dir / "digests"
    digests = load_digests(folder)
    check_digests(digests, folder=folder, workspace=config.workspace)
    with open_library(config.database_url) as archive:
        yield Workspace(config, archive, digests)
