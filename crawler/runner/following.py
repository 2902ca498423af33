"""Following an address: find out what it is, and add it to the seeds of the workspace."""

import logging
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from crawler.config import Config
from crawler.errors import ConfigError, FetchError, PageLayoutChanged, RecordError, SeedError
from crawler.platforms import read_page
from crawler.runner.enrolling import (
    FOLLOWED_FILE,
    append_publication,
    check_double,
    check_slug,
    load_known,
    locked,
    make_seed,
    make_slug,
)
from crawler.runner.fetching import Fetch, open_fetcher
from crawler.runner.planning import check_contact, parse_address
from crawler.runner.recognizing import Candidate, Recognition, clean_name, recognize
from crawler.seeds import Rights, Seed

log = logging.getLogger(__name__)

MAX_FURTHER: Final = 2
"""Pages fetched beside the one asked for: an author's page, a declared feed, a sitemap."""


@dataclass(frozen=True, slots=True)
class FollowWishes:
    """What the operator wants to have said of the publication.

    Attributes:
        slug: None: made from its address.
        name: None: as printed there.
        every: How often it is due, as a seed file says it.
        rights: What may be republished.
        enabled: Whether a crawl without slugs includes it.
        dry_run: Find out, and write nothing.
    """

    slug: str | None = None
    name: str | None = None
    every: str = "6h"
    rights: Rights = "excerpt"
    enabled: bool = True
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class FollowReport:
    """What was found and added.

    Attributes:
        asked_url: The address that was given.
        found: What is followed.
        seed: As it stands in the file.
        path: The file.
        story: The headline, where the address was a story's.
        is_led: The address itself is nothing to follow, what is found is what it leads to.
        alternatives: What else could be followed, best first.
        is_written: False for a dry run.
    """

    asked_url: str
    found: Candidate
    seed: Seed
    path: Path
    story: str | None = None
    is_led: bool = False
    alternatives: tuple[Candidate, ...] = ()
    is_written: bool = True


def follow(url: str, *, config: Config, wishes: FollowWishes = FollowWishes()) -> FollowReport:
    """Find out what an address is and add it to ``seeds/followed.toml``.

    One page is fetched, and at most ``MAX_FURTHER`` that it leads to, as politely as in a crawl.

    Args:
        url: Of a community, author, tag or list page, a story, a feed, a sitemap, or any site.
        config: Of the workspace.
        wishes: What to write of it.

    Raises:
        ConfigError: It is no web address, or public while `contact_url` is not set.
        FetchError: It can't be fetched, or is nothing that can be followed.
        SeedError: It is followed already, the slug is taken, or a seed file is wrong.
    """
    address = parse_address(url)
    known = load_known(config.seeds_dir)
    if wishes.slug is not None:
        check_slug(wishes.slug, known)
    _check_wishes(wishes, address)
    check_double(address, known)
    check_reach(address, config)
    with open_fetcher(config) as fetch:
        try:
            found = find_publication(address, fetch)
        except FetchError as error:
            if error.outcome == "refused_address":
                check_reach(error.url, config)
            raise
    if found.found is None:
        raise FetchError(_nothing_found(found, address), url=address, outcome="broken")
    return _enroll(address, found, found.found, config=config, wishes=wishes)


def check_reach(address: str, config: Config) -> None:
    """See that an address may be asked for at all.

    Raises:
        ConfigError: It is public, while `contact_url` is not set.
        FetchError: It is an address of this machine or its network that the settings do not open.
    """
    try:
        check_contact([Seed(slug="asked", name="asked", url=address)], config)
    except ConfigError:
        if _is_local(urlsplit(address).hostname or ""):
            reason = "this address is not on the public internet; `crawl.allow_private_hosts` opens it"
            raise FetchError(reason, url=address, outcome="refused_address") from None
        raise


def find_publication(url: str, fetch: Fetch) -> Recognition:
    """Look at an address, and where it is nothing to follow itself, at what it leads to.

    Args:
        url: A web address.
        fetch: Fetches a page.

    Returns:
        What was found; its ``found`` is None when nothing was.

    Raises:
        FetchError: The page can't be fetched or read.
    """
    first = _look(url, fetch)
    if first.found is not None:
        return first
    for position, candidate in enumerate(first.further[:MAX_FURTHER]):
        try:
            further = _look(candidate.url, fetch).found
        except FetchError as error:
            log.info("%s leads to %s, which is of no use: %s", url, candidate.url, error)
            continue
        if further is None or (
            candidate.kind in ("feed", "sitemap") and further.kind not in ("feed", "sitemap")
        ):
            continue
        if candidate.kind == "author":
            further = replace(further, kind="author", name=candidate.name)
        elif candidate.kind != "list":
            further = _of_site(further, candidate, first.platform)
        return replace(first, found=further, alternatives=first.further[position + 1 :])
    return first


def _of_site(found: Candidate, declared: Candidate, platform: str) -> Candidate:
    """Return a feed or sitemap with what the site that declares it tells of itself."""
    return replace(
        found,
        name=found.name if found.kind == "feed" else declared.name,
        language=found.language or declared.language,
        # Its stories are read as the site's own page was.
        platform="generic" if platform == "generic" else found.platform,
    )


def _look(url: str, fetch: Fetch) -> Recognition:
    fetched = fetch(url)
    try:
        page = read_page(fetched.body, fetched.url, seen_at=fetched.seen_at, headers=fetched.headers)
    except PageLayoutChanged as error:
        raise FetchError(
            f"it is {error.message}; follow the page that lists its stories", url=url, outcome="broken"
        ) from None
    except RecordError as error:
        raise FetchError(f"it cannot be read ({error})", url=url, outcome="broken") from None
    return recognize(page, fetched)


def _nothing_found(found: Recognition, url: str) -> str:
    """Say in one sentence why there is nothing to follow."""
    if found.story is not None:
        return (
            "it is a story that names neither its author's page nor a list it stands in;"
            " try the front page of its site"
        )
    if found.further:
        return "neither the page nor the feed or sitemap it declares lists any stories"
    hint = "" if urlsplit(url).path in ("", "/") else "; try the front page of its site"
    return f"neither a list of stories nor a feed, and it declares no feed{hint}"


def _enroll(
    url: str, recognized: Recognition, found: Candidate, *, config: Config, wishes: FollowWishes
) -> FollowReport:
    """Write what was found into the file, unless it is there meanwhile."""
    folder = config.seeds_dir
    path = folder / FOLLOWED_FILE
    if wishes.dry_run:
        values = _to_values(found, config, wishes)
    else:
        with locked(folder):
            values = _to_values(found, config, wishes)
            append_publication(path, values)
    return FollowReport(
        asked_url=url,
        found=found,
        seed=make_seed(values),
        path=path,
        story=recognized.story,
        is_led=recognized.story is not None
        or (bool(recognized.further) and found.kind in ("feed", "sitemap")),
        alternatives=recognized.alternatives,
        is_written=not wishes.dry_run,
    )


def _to_values(found: Candidate, config: Config, wishes: FollowWishes) -> dict[str, Any]:
    """Return the publication as it will stand in the file.

    Raises:
        SeedError: It is followed already, or the slug is taken.
    """
    known = load_known(config.seeds_dir)
    check_double(found.url, known, platform=found.platform)
    if wishes.slug is not None:
        check_slug(wishes.slug, known)
    values: dict[str, Any] = {
        "slug": wishes.slug or make_slug(found, {each.seed.slug for each in known}),
        "platform": found.platform,
        "name": wishes.name or found.name,
        "url": found.url,
    }
    if found.language is not None:
        values["language"] = found.language
    values |= {"every": wishes.every, "rights": wishes.rights, "enabled": wishes.enabled}
    make_seed(values)
    return values


def _check_wishes(wishes: FollowWishes, url: str) -> None:
    """See that what was wished can be written, before anybody is asked for a page.

    Raises:
        SeedError: A value is wrong.
    """
    name = wishes.name
    if name is not None and name != clean_name(name, url):
        raise SeedError(f"the name {name!r} is empty, too long, or more than one line", key="name")
    make_seed({"slug": "asked", "name": "asked", "url": url, "every": wishes.every, "rights": wishes.rights})


def _is_local(host: str) -> bool:
    """Tell whether a host is by its very name one of this machine or its network."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
