"""The index of the vault: which pages are kept, and where they stand in its files.

Revision ID: crawler_0003
"""

import sqlalchemy as sa
from alembic import op

revision = "crawler_0003"
down_revision = "crawler_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "kept_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name="fk_kept_page_publication_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_kept_page_article_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_kept_page"),
    )
    op.create_index("ix_kept_page_publication_id_id", "kept_page", ["publication_id", "id"])
    op.create_index("ix_kept_page_key_id", "kept_page", ["key", "id"])
    op.create_index("ix_kept_page_article_id", "kept_page", ["article_id"])
    op.create_index("ix_kept_page_file_start", "kept_page", ["file", "start"])
