"""The scheduler's sign of life, as a row."""

from datetime import timedelta
from typing import Final

from sqlalchemy import delete, insert, select

from crawler.store import Store
from plugin.issues import Beat
from plugin.tables import PluginTables

BEAT: Final = timedelta(minutes=1)
"""Between two signs of life; `gleanings status` worries after three of them."""

_scheduler = PluginTables.scheduler


def save_beat(store: Store, beat: Beat) -> None:
    """Put a sign of life in the place of the one before."""
    with store.transaction() as connection:
        connection.execute(delete(_scheduler))
        connection.execute(insert(_scheduler).values(id=1, **beat.model_dump()))


def last_beat(store: Store) -> Beat | None:
    """Return the last sign of life; None when there never was one."""
    with store.reading() as connection:
        row = connection.execute(select(_scheduler)).mappings().first()
    return Beat(**{name: row[name] for name in Beat.model_fields}) if row is not None else None
