"""Comments that a page shows under other ids than they are kept by.

A platform may begin to print the ids of its comments, or cease to; a text copied from a page has none. What a
comment says, whose it is and what it answers tells then which one it is.
"""

from collections import Counter
from collections.abc import Collection, Iterable

from crawler.reading.comment_ids import derive_comment_id, is_derived_id
from crawler.records import CommentFields
from crawler.store.identity import bound_label


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
