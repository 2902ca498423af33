"""``gleanings follow``: add a publication by its address."""

from typing import TYPE_CHECKING, Any, Literal

import click

from crawler.commands.context import Command, Session, json_option, pass_session, print_json

if TYPE_CHECKING:
    from crawler.runner.following import FollowReport
    from crawler.runner.recognizing import Candidate

_KINDS = {
    "community": "community",
    "author": "author's page",
    "tag": "tag page",
    "list": "list of stories",
    "site": "site",
    "feed": "feed",
    "sitemap": "sitemap",
}


@click.command(cls=Command, epilog="Example: gleanings follow https://vocal.media/poets")
@click.argument("url", metavar="URL")
@click.option("--slug", metavar="S", help="Its name in commands and digests. [default: from its address]")
@click.option("--name", metavar="N", help="Its name for readers. [default: as printed there]")
@click.option("--every", metavar="SPAN", default="6h", show_default=True, help="How often it is due.")
@click.option(
    "--rights",
    type=click.Choice(["excerpt", "full"]),
    default="excerpt",
    show_default=True,
    help="What may be republished.",
)
@click.option("--disabled", is_flag=True, help="A crawl without slugs passes it over.")
@click.option("--dry-run", is_flag=True, help="Find out and tell; write nothing.")
@json_option
@pass_session
def follow(
    session: Session,
    url: str,
    slug: str | None,
    name: str | None,
    every: str,
    rights: Literal["excerpt", "full"],
    disabled: bool,
    dry_run: bool,
) -> None:
    """Find out what an address is and add it to seeds/followed.toml.

    It may be a community, author, tag or list page of a platform, a feed, a sitemap, or any site with a list
    of stories or a feed. A story leads to its author's page, or where that is not known to its community or
    feed.
    """
    from crawler.runner.following import FollowWishes
    from crawler.runner.following import follow as follow_url

    wishes = FollowWishes(
        slug=slug, name=name, every=every, rights=rights, enabled=not disabled, dry_run=dry_run
    )
    report = follow_url(url, config=session.load_config(), wishes=wishes)
    if session.as_json:
        print_json([follow_row(report)])
    else:
        click.echo(format_follow_report(report))


def format_follow_report(report: "FollowReport") -> str:
    """Return what was found, what was written, what else could be followed, and what to do next."""
    found, seed = report.found, report.seed
    lines = [_describe(report)]
    verb = "Added" if report.is_written else "Would add"
    paused = "" if seed.enabled else ", not enabled"
    lines.append(f'{verb} "{seed.slug}" to {report.path}: {seed.name}, {seed.url}{paused}')
    if found.platform == "auto":
        lines.append("Which platform its stories are of is found out from their pages.")
    lines.extend(f"Or follow {_instead(each)}: gleanings follow {each.url}" for each in report.alternatives)
    if report.is_written:
        lines.append(f"Next: gleanings crawl {seed.slug}")
    return "\n".join(lines)


def follow_row(report: "FollowReport") -> dict[str, Any]:
    """Return the report as one JSON-ready row: the keys of the seed, and what was found."""
    seed, found = report.seed, report.found
    return {
        "slug": seed.slug,
        "kind": found.kind,
        "platform": seed.platform,
        "name": seed.name,
        "url": seed.url,
        "language": seed.language,
        "rights": seed.rights,
        "enabled": seed.enabled,
        "article_count": found.article_count,
        "story": report.story,
        "is_led": report.is_led,
        "alternatives": [
            {"kind": each.kind, "name": each.name, "url": each.url} for each in report.alternatives
        ],
        "file": str(report.path),
        "is_written": report.is_written,
    }


def _describe(report: "FollowReport") -> str:
    """Say what the address was, and what is followed where that is something else."""
    found = report.found
    if report.story is not None:
        return f'{report.asked_url} is a story, "{report.story}"; following {_instead(found)}.'
    if report.is_led:
        return f"{report.asked_url} shows no list of stories; following the {_KINDS[found.kind]} it declares."
    article = "an" if found.kind == "author" else "a"
    platform = "" if found.platform in ("auto", "generic") else f" on {found.platform.capitalize()}"
    named = "that names other sitemaps"
    listed = f"with {_count(found.article_count)}" if found.article_count is not None else named
    return f"{found.url} is {article} {_KINDS[found.kind]}{platform} {listed}."


def _instead(candidate: "Candidate") -> str:
    """Name what a story belongs to."""
    if candidate.kind == "author":
        return f"its author {candidate.name}"
    return f"its {_KINDS[candidate.kind]} {candidate.name}"


def _count(number: int) -> str:
    return "1 story" if number == 1 else f"{number} stories"
