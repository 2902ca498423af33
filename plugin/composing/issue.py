"""A selection as an issue: frozen with all that it quotes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crawler.store.views import ArticleView, CommentView, Library, PublicationView
from plugin.composing.entries import to_also_at, to_entry
from plugin.composing.guids import issue_guid
from plugin.digests import Digest
from plugin.issues import Issue
from plugin.selection import Selection


def compose_issue(
    selection: Selection,
    digest: Digest,
    *,
    number: int,
    made_at: datetime,
    articles: Mapping[int, ArticleView],
    comments: Mapping[int, Sequence[CommentView]],
    publications: Mapping[str, PublicationView],
    library: Library,
) -> Issue:
    """Compose the issue that a selection makes.

    Args:
        selection: What is in, in printed order, with sections, notes and errata.
        digest: The definition.
        number: From 1.
        made_at: The cut of the selection, aware UTC.
        articles: Every chosen article, whole, by id.
        comments: Their comments by article id; absent means none.
        publications: Their publications, and those of other places of a story, by slug; unknown ones may be
            absent.
        library: Gives the guids.
    """
    entries = []
    for chosen in selection.chosen:
        article = articles[chosen.article.id]
        entry = to_entry(
            article,
            library=library,
            content=digest.content,
            publication=publications.get(article.publication or ""),
            comments=comments.get(article.id, ()),
        )
        places = [to_also_at(each, publications.get(each.publication or "")) for each in chosen.also_at]
        also_at = tuple(place for place in places if place is not None)
        added = {"section": chosen.section, "note": chosen.note, "also_at": also_at}
        entries.append(entry.model_copy(update=added))
    return Issue(
        digest=digest.slug,
        number=number,
        guid=issue_guid(library, digest.slug, number),
        title=f"{digest.title}, No. {number}",
        digest_title=digest.title,
        description=digest.description,
        link=digest.link,
        language=digest.language,
        made_at=made_at,
        utc_offset=made_at.astimezone(ZoneInfo(digest.timezone)).utcoffset() or timedelta(0),
        entries=tuple(entries),
        errata=selection.errata,
    )
