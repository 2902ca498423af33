"""Where issues were pushed to, as rows."""

from sqlalchemy import Connection, delete, insert, select

from crawler.store import Store
from plugin.issues import Push
from plugin.tables import PluginTables

_push = PluginTables.push


def write_push(connection: Connection, push: Push) -> None:
    """Put the last push in the place of the one before."""
    place = (_push.c.digest == push.digest, _push.c.number == push.number, _push.c.outlet == push.outlet)
    connection.execute(delete(_push).where(*place))
    connection.execute(insert(_push).values(push.model_dump()))


def issues_not_pushed(store: Store) -> list[tuple[str, int]]:
    """Return digest and number of the issues of which a push failed last, sorted."""
    query = select(_push.c.digest, _push.c.number).where(_push.c.error.is_not(None)).distinct()
    with store.reading() as connection:
        return sorted((row.digest, row.number) for row in connection.execute(query))


def list_pushes(connection: Connection, digest: str, number: int | None) -> list[Push]:
    """Return where an issue, or with None each of a digest, was pushed to, sorted by outlet and number."""
    query = select(_push).where(_push.c.digest == digest).order_by(_push.c.outlet, _push.c.number)
    if number is not None:
        query = query.where(_push.c.number == number)
    return [Push(**row) for row in connection.execute(query).mappings()]
