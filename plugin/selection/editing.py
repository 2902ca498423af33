"""What editors asked for, read off their actions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plugin.issues import EditorAction, Erratum
from plugin.selection.results import Selection


@dataclass(frozen=True, slots=True)
class Wishes:
    """The actions that stand, by what they ask for; of two about one article the later counts.

    Attributes:
        pinned: Articles that must be in.
        dropped: Article -> who took it out.
        notes: Article -> word above its entry.
        order: Articles in the order they should stand in, before all others.
        errata: Corrections to print, the oldest first.
    """

    pinned: frozenset[int]
    dropped: dict[int, str]
    notes: dict[int, str]
    order: tuple[int, ...]
    errata: tuple[Erratum, ...]


def is_standing(action: EditorAction) -> bool:
    """Tell whether an action still waits for the next issue."""
    return action.undone_at is None and action.applied_to is None


def read_wishes(actions: Iterable[EditorAction]) -> Wishes:
    """Read the wishes off the actions that stand.

    Args:
        actions: Of one digest, any order.
    """
    verdicts: dict[int, EditorAction] = {}
    notes: dict[int, str] = {}
    order: tuple[int, ...] = ()
    errata: list[Erratum] = []
    for action in sorted(filter(is_standing, actions), key=lambda each: each.id):
        for article_id in action.article_ids if action.verb in ("pin", "drop") else ():
            verdicts[article_id] = action
        if action.verb == "note" and action.text is not None:
            notes.update(dict.fromkeys(action.article_ids, action.text))
        if action.verb == "order":
            order = action.article_ids
        if action.verb == "erratum" and action.text is not None and action.number is not None:
            about = next(iter(action.article_ids), None)
            errata.append(Erratum(number=action.number, article_id=about, text=action.text))
    return Wishes(
        pinned=frozenset(each for each, action in verdicts.items() if action.verb == "pin"),
        dropped={each: action.who for each, action in verdicts.items() if action.verb == "drop"},
        notes=notes,
        order=order,
        errata=tuple(errata),
    )


def applied_actions(selection: Selection, actions: Sequence[EditorAction]) -> tuple[int, ...]:
    """Return the ids of the actions that an issue made of a selection uses up.

    An order and an erratum are used up by the next issue. A pin, a drop and a note wait until their article
    comes up: notes until it is in; pins and drops until it is in or kept out by an editor, whichever word was
    the last, lest a pin that a drop overruled bring the article into the issue after.

    Args:
        selection: What the issue holds.
        actions: Those it was made with; undone and applied ones are passed over.
    """
    chosen = {each.article.id for each in selection.chosen}
    judged = chosen | {each.article.id for each in selection.rejected if each.rule == "dropped"}
    return tuple(
        action.id
        for action in actions
        if is_standing(action)
        and (
            action.verb in ("order", "erratum")
            or (action.verb in ("pin", "drop") and not judged.isdisjoint(action.article_ids))
            or (action.verb == "note" and not chosen.isdisjoint(action.article_ids))
        )
    )
