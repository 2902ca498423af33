"""What a list showed of an address last, so that a list that shows it otherwise for good is no news.

Revision ID: crawler_0004
"""

import sqlalchemy as sa
from alembic import op

revision = "crawler_0004"
down_revision = "crawler_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the next list that names an address fills it."""
    op.add_column("frontier", sa.Column("card", sa.String(), nullable=True))
