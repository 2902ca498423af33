"""What a crawl is about to do: which publications, host by host, and where each goes on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from crawler.config import Config
from crawler.errors import ConfigError, FetchError, StoreError
from crawler.reading.urls import canonicalize_url, is_http_url
from crawler.runner.reports import CrawlLimits
from crawler.seeds import Seed
from crawler.store import Store
from crawler.store.agenda import Agenda
from crawler.store.views import FrontierEntry

INTERRUPTED = "interrupted"
"""The error of a run that a signal ended; the next run goes on where it was."""

MAX_PLANNED = 1_000
"""Addresses that a dry run lists for one publication."""


@dataclass(frozen=True, slots=True)
class HostPlan:
    """The publications of one host that are crawled together.

    Attributes:
        host: With its port where the seeds name one.
        seeds: At least one, in the order of the seeds.
        owners: Slug of each address that alone is to be fetched, by the address; empty: all that is due.
    """

    host: str
    seeds: tuple[Seed, ...]
    owners: Mapping[str, str] = field(default_factory=dict)


def plan_hosts(
    seeds: Sequence[Seed], store: Store, *, config: Config, limits: CrawlLimits, now: datetime
) -> list[HostPlan]:
    """Choose the publications to crawl and group them by host.

    Args:
        seeds: The publications asked for.
        store: Knows which of them are paused, and when they are due.
        config: Of the workspace.
        limits: ``due_only`` and ``urls`` choose among them.
        now: Aware UTC.

    Raises:
        ConfigError: One is on a public host and there is no `contact_url`.
        FetchError: An address of ``limits.urls`` belongs to no publication asked for.
    """
    chosen = [seed for seed in seeds if _is_wanted(seed, store, limits, now)]
    owners = find_owners(limits.urls, seeds, store)
    if limits.urls:
        wanted = set(owners.values())
        chosen = [seed for seed in chosen if seed.slug in wanted]
    check_contact(chosen, config)
    hosts: dict[str, list[Seed]] = {}
    for seed in chosen:
        hosts.setdefault(seed.host, []).append(seed)
    plans: list[HostPlan] = []
    for host, members in hosts.items():
        slugs = {seed.slug for seed in members}
        own = {url: slug for url, slug in owners.items() if slug in slugs}
        plans.append(HostPlan(host, tuple(members), own))
    return plans


def check_contact(seeds: Sequence[Seed], config: Config) -> None:
    """See that every site owner can learn who crawls them.

    Raises:
        ConfigError: A publication is on a public host and there is no `contact_url`.
    """
    if config.contact_url is not None:
        return
    for seed in seeds:
        if not config.crawl.opens(seed.host):
            raise ConfigError(
                f'set "contact_url" in gleanings.toml before crawling {seed.host}: a page, or a mailto: '
                "address, that tells site owners who crawls them",
                key="contact_url",
            )


def parse_address(text: str) -> str:
    """Return the one spelling of a web address.

    Raises:
        ConfigError: It is none.

    Example:
        >>> parse_address("HTTPS://Vocal.media/01?utm_source=x#top")
        'https://vocal.media/01'
    """
    address = canonicalize_url(text)
    if address is not None:
        return address
    guess = f"https://{text}"
    hint = f'; did you mean "{guess}"?' if ":" not in text and "." in text and is_http_url(guess) else ""
    raise ConfigError(f'"{text}" is not a web address{hint}')


def seed_for(url: str, seeds: Sequence[Seed]) -> Seed:
    """Return the publication that an address belongs to: on its host, with the longest common path.

    Raises:
        FetchError: None of them is on that host.
    """
    host = urlsplit(url).netloc.rpartition("@")[2].lower()
    members = [seed for seed in seeds if seed.host == host]
    if not members:
        raise FetchError(
            "no publication that is enabled or named is on that host; `gleanings follow` adds one",
            url=url,
            outcome="refused_address",
        )
    return max(members, key=lambda seed: _n_common(seed.url, url))


def find_owners(urls: Collection[str], seeds: Sequence[Seed], store: Store) -> dict[str, str]:
    """Return the slug of the publication that each address belongs to: the one that met it first.

    Args:
        urls: In their one spelling.
        seeds: The publications asked for.
        store: Its frontier knows who met an address.

    Raises:
        FetchError: An address belongs to a publication that was not asked for, or to none.
    """
    asked = {seed.slug for seed in seeds}
    owners: dict[str, str] = {}
    for url in urls:
        met = next(iter(store.frontier.get([url]).values()), None)
        owner = met.publication if met is not None else seed_for(url, seeds).slug
        if owner not in asked:
            raise FetchError(
                f"this page is one of {owner}, which is not enabled or not named; "
                f"`gleanings crawl {owner} --url` fetches it",
                url=url,
                outcome="refused_address",
            )
        owners[url] = owner
    return owners


def prepare_frontier(
    plan: HostPlan, store: Store, *, limits: CrawlLimits, now: datetime, cut: Collection[str]
) -> None:
    """Make due what this crawl starts from.

    A publication whose last run was cut off goes on with what is left in the frontier; its start page is
    fetched again only when its own time has come.

    Args:
        plan: The host; its ``owners`` are all that is made due where there are some.
        store: Its frontier.
        limits: ``full`` makes every known article due.
        now: Aware UTC.
        cut: Slugs of publications whose last run did not end.
    """
    agenda = Agenda(store, [seed.slug for seed in plan.seeds], [plan.host])
    if plan.owners:
        agenda.requeue(FrontierEntry(url, "article", slug, due_at=now) for url, slug in plan.owners.items())
        return
    starts = [
        FrontierEntry(url=seed.url, role="list", publication=seed.slug, due_at=now) for seed in plan.seeds
    ]
    _claim_starts(starts, store)
    store.frontier.add([entry for entry in starts if entry.publication in cut])
    agenda.requeue(entry for entry in starts if entry.publication not in cut)
    if limits.full:
        agenda.requeue_articles(now)


def _claim_starts(starts: Sequence[FrontierEntry], store: Store) -> None:
    """Give start pages that were met before, as an author's page or another's list, to their publications."""
    known = store.frontier.get(start.url for start in starts)
    owners = {start.url: start.publication for start in starts}
    strange = [
        replace(entry, role="list", publication=owners[url], etag=None, last_modified=None)
        for url, entry in known.items()
        if entry.publication != owners[url] or entry.role not in ("list", "feed", "sitemap")
    ]
    store.frontier.save(strange)


def list_planned(plan: HostPlan, store: Store, *, limits: CrawlLimits, now: datetime) -> dict[str, list[str]]:
    """Return what a crawl would fetch first, by publication; nothing is changed.

    Args:
        plan: The host.
        store: Its frontier.
        limits: As for the crawl itself.
        now: Aware UTC.

    Returns:
        Slug -> addresses, the start page first, at most ``MAX_PLANNED``.
    """
    planned: dict[str, list[str]] = {}
    for seed in plan.seeds:
        if plan.owners:
            planned[seed.slug] = [url for url, slug in plan.owners.items() if slug == seed.slug]
            continue
        due = store.frontier.due(now, publication=seed.slug, limit=MAX_PLANNED)
        if limits.full:
            known = Agenda(store, [seed.slug], [plan.host]).known_articles(limit=MAX_PLANNED)
            due = [*due, *known]
        addresses = dict.fromkeys([seed.url, *(entry.url for entry in due)])
        planned[seed.slug] = list(addresses)[:MAX_PLANNED]
    return planned


def _is_wanted(seed: Seed, store: Store, limits: CrawlLimits, now: datetime) -> bool:
    try:
        view = store.publications.get(seed.slug)
    except StoreError:
        return True
    if view.paused:
        return False
    return not limits.due_only or view.next_due_at is None or view.next_due_at <= now


def _n_common(first: str, second: str) -> int:
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count
