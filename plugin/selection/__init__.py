"""Which candidates make an issue: a pure choice, explained for every one of them.

The rules act in a fixed order: what may not be shown at all → query → filters → ledger and ``settle`` → the
same story twice → ranking → limits → sections. `select` applies them, `decide_ledger` says what the digest
remembers.
"""

from plugin.selection.editing import applied_actions, is_standing
from plugin.selection.filters import find_broken_filter
from plugin.selection.ledger import decide_ledger
from plugin.selection.results import Chosen, Facts, Rejected, Score, Selection
from plugin.selection.selecting import select
from plugin.selection.sketches import sketch_text
from plugin.selection.traits import author_keys

__all__ = [
    "Chosen",
    "Facts",
    "Rejected",
    "Score",
    "Selection",
    "applied_actions",
    "author_keys",
    "decide_ledger",
    "find_broken_filter",
    "is_standing",
    "select",
    "sketch_text",
]
