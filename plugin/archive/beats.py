"""The scheduler's sign of life, as a row."""

from sqlalchemy import Connection, delete, insert, select

from plugin.issues import Beat
from plugin.tables import PluginTables

_scheduler = PluginTables.scheduler


def write_beat(connection: Connection, beat: Beat) -> None:
    """Put a sign of life in the place of the one before."""
    connection.execute(delete(_scheduler))
    connection.execute(insert(_scheduler).values(id=1, **beat.model_dump()))


def read_beat(connection: Connection) -> Beat | None:
    """Return the last sign of life; None when there never was one."""
    row = connection.execute(select(_scheduler)).mappings().first()
    return Beat(**{name: row[name] for name in Beat.model_fields}) if row is not None else None
