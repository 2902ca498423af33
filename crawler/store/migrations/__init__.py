"""Alembic's environment for every branch of the library's schema; `crawler.store.upgrading` runs it."""
