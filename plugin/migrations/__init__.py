"""The plugin's branch of the schema; its steps run in the crawler's one Alembic environment."""
