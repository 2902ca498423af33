"""Comments that a page shows under other ids than they are kept by.

A platform may begin to print the ids of its comments, or cease to; a text copied from a page has none. What a
comment says, whose it is and what it answers tells then which one it is. Where there are no ids at all, the
derived one changes when the writer takes another name or the comment is put below another.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from crawler.reading.comment_ids import derive_comment_id, is_derived_id
from crawler.reading.markup import fold_text
from crawler.records import CommentFields
from crawler.store.decide import same_name
from crawler.store.identity import bound_label

MIN_TELLING_WORDS: Final = 8
"""Fewest words by which a comment is known in another place or under another name: "Thank you for reading!"
is said again and again."""

_MAX_ALIKE: Final = 50
"""Most comments of the same words in one place that are looked at for the writer of one."""


def list_missing(comments: Iterable[CommentFields], known: Collection[str]) -> list[str]:
    """Return the known ids that a page does not show and that may stand for some of its unknown ones.

    Args:
        comments: Of the page.
        known: Ids of the article's comments that are kept.
    """
    if not known:
        return []
    own = {bound_label(each.platform_id) for each in comments}
    are_derived = {is_derived_id(each) for each in own if each not in known}
    if not are_derived:
        return []
    return [each for each in known if each not in own and (not is_derived_id(each)) in are_derived]


def sign_comments(comments: Iterable[CommentFields]) -> dict[str, str]:
    """Return for each comment's id the one it would have if its platform printed none.

    Args:
        comments: Of one article, a parent before its answers. A removed one says nothing and is left out.
    """
    signs: dict[str, str] = {}
    alike: Counter[str] = Counter()
    for each in comments:
        if is_derived_id(each.platform_id):
            signs[each.platform_id] = each.platform_id
        elif each.state == "visible":
            parent = signs.get(each.parent_id, each.parent_id) if each.parent_id is not None else None
            plain = derive_comment_id(each.author_name, parent, each.body_text)
            ordinal = alike[plain]
            alike[plain] += 1
            signs[each.platform_id] = (
                derive_comment_id(each.author_name, parent, each.body_text, ordinal) if ordinal else plain
            )
    return signs


def find_renamed(
    comments: Iterable[CommentFields], kept: Iterable[CommentFields], *, missing: Collection[str]
) -> dict[str, str]:
    """Return under which id each comment of a page is kept that is kept under another.

    Args:
        comments: Of the page, in reading order.
        kept: Of the article, in reading order.
        missing: From `list_missing`.
    """
    wanted = set(missing)
    kept = list(kept)
    kept_ids = {each.platform_id for each in kept}
    by_sign = {sign: own for own, sign in sign_comments(kept).items() if own in wanted}
    renamed: dict[str, str] = {}
    for own, sign in sign_comments(comments).items():
        other = by_sign.get(sign)
        # What is kept under its own id stays there, though it was kept a second time under another.
        is_new = bound_label(own) not in kept_ids
        if is_new and other is not None and is_derived_id(own) != is_derived_id(other):
            renamed[own] = other
    return renamed


def has_strangers(comments: Iterable[CommentFields], known: Collection[str]) -> bool:
    """Tell whether a page shows comments by derived ids that are not kept, and lacks some that are.

    Args:
        comments: All of the article.
        known: Ids of those that are kept.
    """
    shown = {bound_label(each.platform_id) for each in comments}
    is_new = any(each not in known and is_derived_id(each) for each in shown)
    return is_new and any(each not in shown and is_derived_id(each) for each in known)


def find_followed(comments: Sequence[CommentFields], kept: Sequence[CommentFields]) -> dict[str, str]:
    """Return the new id of each kept comment whose writer has another name now, or that answers another one.

    It must say the same, and be no longer shown under its old id. In its old place its writer's address will
    do; elsewhere or without one it must say enough, and be the only one that says so.

    Args:
        comments: All of the article, in reading order, a parent before its answers.
        kept: Of the article, in reading order.
    """
    shown = {bound_label(each.platform_id) for each in comments}
    known = {each.platform_id for each in kept}
    lost: dict[str, list[CommentFields]] = {}
    in_place: dict[tuple[str, str | None], list[CommentFields]] = {}
    for each in kept:
        if each.platform_id not in shown and _is_nameable(each):
            words = fold_text(each.body_text)
            lost.setdefault(words, []).append(each)
            in_place.setdefault((words, each.parent_id), []).append(each)
    fresh = [each for each in comments if each.platform_id not in known and _is_nameable(each)]
    n_alike = Counter(fold_text(each.body_text) for each in fresh)
    old_ids: dict[str, str] = {}
    for each in fresh:
        words = fold_text(each.body_text)
        parent = old_ids.get(each.parent_id or "", each.parent_id)
        own = _take_own(each, in_place.get((words, parent), []))
        if own is None and n_alike[words] == 1 and words.count(" ") + 1 >= MIN_TELLING_WORDS:
            left = lost.get(words, ())
            if len(left) == 1 and (left[0].parent_id == parent or _is_same_writer(left[0], each)):
                own = left[0]
        if own is not None:
            old_ids[each.platform_id] = own.platform_id
    return {old: new for new, old in old_ids.items()}


def _take_own(comment: CommentFields, alike: list[CommentFields]) -> CommentFields | None:
    """Take the comment of the same writer out of those that say the same in the same place."""
    for at, other in enumerate(alike[:_MAX_ALIKE]):
        if _is_same_writer(other, comment):
            return alike.pop(at)
    return None


def _is_nameable(comment: CommentFields) -> bool:
    return comment.state == "visible" and is_derived_id(comment.platform_id)


def _is_same_writer(one: CommentFields, other: CommentFields) -> bool:
    has_same_url = one.author_url is not None and one.author_url == other.author_url
    return has_same_url or same_name(one.author_name, other.author_name)
