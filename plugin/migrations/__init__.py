"""The plugin's branch of the schema; the steps run in the crawler's one Alembic environment."""

from pathlib import Path
from typing import Final

from crawler.store import MigrationBranch

PLUGIN_BRANCH: Final = MigrationBranch("plugin", 1, Path(__file__).parent / "versions")
"""The tables of `plugin.tables`."""
