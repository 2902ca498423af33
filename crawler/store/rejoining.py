"""Comments whose derived id has changed, known again by the answers under them.

Where a platform prints no ids, one is derived from a comment's author, its first words and the comment it
answers. When a comment is removed or says something else, its id is another, and so are those of all answers
below. But a known comment is the one an answer belongs to if the answer's id, derived under it, is known too.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from crawler.reading.comment_ids import derive_comment_id, is_derived_id
from crawler.records import CommentRecord
from crawler.store.decide import same_name

_MAX_TRIES: Final = 50_000
"""Most ids derived for one page; some tenths of a second. Beyond, all is new."""


class Signed(Protocol):
    """A comment that is kept."""

    author_name: str | None


def rejoin(comments: Sequence[CommentRecord], known: Mapping[str, Signed]) -> Sequence[CommentRecord]:
    """Return a page's comments with the ids they were known by.

    Args:
        comments: In reading order, a parent before its answers.
        known: The article's comments that are kept, by id.
    """
    own = {each.platform_id for each in comments}
    missing = [each for each in known if each not in own and is_derived_id(each)]
    answers: dict[str, list[CommentRecord]] = {}
    for each in comments:
        if each.parent_id is not None and each.state == "visible":
            answers.setdefault(each.parent_id, []).append(each)
    fresh = [each for each in own if each in answers and each not in known and is_derived_id(each)]
    if not (missing and fresh) or len(missing) * sum(len(answers[each]) for each in fresh) > _MAX_TRIES:
        return comments
    ids: dict[str, str] = {}
    alike: Counter[str] = Counter()
    rejoined: list[CommentRecord] = []
    for each in comments:
        parent = ids.get(each.parent_id, each.parent_id) if each.parent_id is not None else None
        found = each.platform_id
        if parent != each.parent_id and is_derived_id(found):
            plain = derive_comment_id(each.author_name, parent, each.body_text)
            found = derive_comment_id(each.author_name, parent, each.body_text, alike[plain])
            alike[plain] += 1
        if found not in known and is_derived_id(found):
            found = _recognize(each, answers.get(each.platform_id, ()), missing, known) or found
        ids[each.platform_id] = found
        is_same = found == each.platform_id and parent == each.parent_id
        rejoined.append(
            each if is_same else each.model_copy(update={"platform_id": found, "parent_id": parent})
        )
    return rejoined


def _recognize(
    comment: CommentRecord,
    answers: Sequence[CommentRecord],
    missing: Sequence[str],
    known: Mapping[str, Signed],
) -> str | None:
    """Return the known comment of the same author that these are answers to; None where there is none.

    A removed comment may no longer say whose it was.
    """
    is_nameless = comment.state == "removed" and comment.author_name is None
    for comment_id in missing:
        if is_nameless or same_name(comment.author_name, known[comment_id].author_name):
            for each in answers:
                if derive_comment_id(each.author_name, comment_id, each.body_text) in known:
                    return comment_id
    return None
