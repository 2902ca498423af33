"""The plugin's tables: issues with what they quote, ledgers, editors' actions, pushes.

Revision ID: plugin_0001
"""

import sqlalchemy as sa
from alembic import op

revision = "plugin_0001"
down_revision = None
branch_labels = ("plugin",)
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table; the library's own are there already."""
    op.create_table(
        "digest",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("considered_to_id", sa.Integer(), nullable=True),
        sa.Column("last_cut_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_digest"),
    )
    op.create_table(
        "ledger",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("considered_at", INSTANT, nullable=False),
        sa.Column("times_limited", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_ledger_article_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", "article_id", name="pk_ledger"),
    )
    op.create_index("ix_ledger_article_id", "ledger", ["article_id"])
    op.create_table(
        "issue",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "number", name="pk_issue"),
    )
    op.create_index("ix_issue_made_at", "issue", ["made_at"])
    op.create_table(
        "issue_entry",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("traits", sa.JSON(), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "number", "position", name="pk_issue_entry"),
        sa.UniqueConstraint("digest", "article_id", name="uq_issue_entry_digest_article_id"),
    )
    op.create_index("ix_issue_entry_article_id", "issue_entry", ["article_id"])
    op.create_table(
        "issue_mention",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "number", "position", "kind", "target_id", name="pk_issue_mention"),
    )
    op.create_index("ix_issue_mention_kind_target_id", "issue_mention", ["kind", "target_id"])
    op.create_table(
        "erratum",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("about_number", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "number", "position", name="pk_erratum"),
    )
    op.create_index("ix_erratum_article_id", "erratum", ["article_id"])
    op.create_table(
        "editor_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("article_ids", sa.JSON(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("about_number", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("applied_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_editor_action"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_editor_action_digest_applied_to", "editor_action", ["digest", "applied_to"])
    op.create_table(
        "push",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outlet", sa.String(), nullable=False),
        sa.Column("pushed_at", INSTANT, nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("digest", "number", "outlet", name="pk_push"),
    )
