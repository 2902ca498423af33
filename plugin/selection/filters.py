"""The conditions a candidate must fulfill, each with the sentence that says why it did not."""

from datetime import datetime, timedelta

from crawler.store.views import ArticleSummary
from plugin.digests import Digest
from plugin.selection.results import Facts
from plugin.selection.traits import fold, has_author, has_language, has_tag, robots_directives

Broken = tuple[str, str]
"""(rule, reason)."""

UNSHOWABLE = ("gone", "robots")
"""Rules that nobody overrules, not even an editor."""

_ACCESS_WORDS = {
    "free": "is free to read",
    "members": "is for members only",
    "paid": "is for paying readers only",
    "password": "is behind a password",
}
_NO_INDEX = {"noindex", "none"}


def find_unshowable(article: ArticleSummary) -> Broken | None:
    """Return why an article may not be shown at all, or None.

    Args:
        article: One that is gone, or whose page asks robots not to index it, is never republished.
    """
    if article.change == "gone":
        return "gone", "it is gone from its platform"
    refusals = sorted(_NO_INDEX & robots_directives(article))
    if refusals:
        return "robots", f'its page says "{refusals[0]}"'
    return None


def find_broken_filter(
    article: ArticleSummary, digest: Digest, *, now: datetime, facts: Facts
) -> Broken | None:
    """Return the first condition of ``[select]`` that an article does not fulfill, or None.

    Args:
        article: A candidate.
        digest: Its ``select``.
        now: The cut, aware.
        facts: Query matches and languages.
    """
    select = digest.select
    if facts.query_matches is not None and article.id not in facts.query_matches:
        return "query", f'does not match "{select.query}"'
    if select.publications and article.publication not in select.publications:
        return "publications", f"is of {article.publication or 'no publication'}"
    if select.authors and not has_author(article, select.authors):
        return "authors", f"is by {', '.join(each.name for each in article.authors) or 'nobody named'}"
    if select.tags and not has_tag(article, select.tags):
        return "tags", f"is tagged {', '.join(tag.name for tag in article.tags) or 'with nothing'}"
    language = article.language or facts.languages.get(article.publication or "")
    if select.languages and not has_language(language, select.languages):
        return "languages", f"is in {language or 'an unknown language'}"
    return _find_broken_measure(article, digest, now)


def _find_broken_measure(article: ArticleSummary, digest: Digest, now: datetime) -> Broken | None:
    select = digest.select
    if article.word_count < select.min_words:
        return "min_words", f"has {article.word_count} words of the {select.min_words} wanted"
    if select.published_within is not None:
        if article.published_bounds is None:
            return "published_within", "its page gave no date"
        if article.published_bounds[1] < now - select.published_within:
            days = (now - article.published_bounds[1]) // timedelta(days=1)
            return "published_within", f"was published at least {days} days ago"
    if select.access and article.access not in select.access:
        return "access", _ACCESS_WORDS[article.access]
    unwanted = {fold(badge) for badge in select.exclude_badges}
    badge = next((badge for badge in article.badges if fold(badge) in unwanted), None)
    return ("exclude_badges", f'bears "{badge}"') if badge is not None else None
