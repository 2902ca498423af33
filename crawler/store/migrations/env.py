"""Run one branch's steps on the connection that `crawler.store.upgrading` hands over.

There is no alembic.ini: everything needed is in the config's attributes. The version table is the branch's
own, so that a program that knows only one branch can open a library that has more.
"""

from alembic import context


def run() -> None:
    """Run the steps inside the transaction that is already open."""
    context.configure(
        connection=context.config.attributes["connection"],
        version_table=context.config.attributes["version_table"],
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # the name Alembic gives it; any other import only looks
    run()
