"""Which candidates make an issue: a pure choice, explained for every one of them.

The rules act in a fixed order: what may not be shown at all → query → filters → ledger and ``settle`` → the
same story twice → ranking → limits → sections. `select` applies them, `decide_ledger` says what the digest
remembers.
"""

from plugin.selection.editing import applied_actions, read_wishes
from plugin.selection.ledger import decide_ledger
from plugin.selection.results import Chosen, Facts, Rejected, Score, Selection
from plugin.selection.selecting import find_fit, select
from plugin.selection.sketches import sketch_text
from plugin.selection.traits import author_keys, to_span

__all__ = [
    "Chosen",
    "Facts",
    "Rejected",
    "Score",
    "Selection",
    "applied_actions",
    "author_keys",
    "decide_ledger",
    "find_fit",
    "read_wishes",
    "select",
    "sketch_text",
    "to_span",
]
