"""The one place that knows SQL: everything Gleanings keeps, behind verbs and frozen views."""

from crawler.store.store import Store, open_store
from crawler.store.upgrading import CRAWLER_BRANCH, MigrationBranch

__all__ = ["CRAWLER_BRANCH", "MigrationBranch", "Store", "open_store"]
