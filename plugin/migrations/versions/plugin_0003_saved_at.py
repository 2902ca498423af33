"""When an issue was saved, so that a maker who began before knows that another was faster.

Revision ID: plugin_0003
"""

import sqlalchemy as sa
from alembic import op

revision = "plugin_0003"
down_revision = "plugin_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; issues made before have none."""
    op.add_column("issue", sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True))
