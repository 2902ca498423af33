"""How restless each field of an author is, so that one that flickers makes no revisions for ever.

Revision ID: crawler_0005
"""

import sqlalchemy as sa
from alembic import op

revision = "crawler_0005"
down_revision = "crawler_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; every author is at rest."""
    column = sa.Column("restlessness", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
    op.add_column("author", column)
