"""The tables of the library: publications, articles, authors, comments, what was seen of them and when.

Columns with long texts stand last: SQLite reads a row from its start and need not touch them for a list.

Revision ID: crawler_0001
"""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "crawler_0001"
down_revision = None
branch_labels = ("crawler",)
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table and mint the library's key."""
    op.create_table(
        "author",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("platform_id", sa.String(), nullable=True),
        sa.Column("handle", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("bio_html", sa.String(), nullable=True),
        sa.Column("bio_text", sa.String(), nullable=True),
        sa.Column("avatar_url", sa.String(), nullable=True),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("joined_at", INSTANT, nullable=True),
        sa.Column("follower_count", sa.Integer(), nullable=True),
        sa.Column("article_count", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_author"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_author_updated_at_id", "author", ["updated_at", "id"])
    op.create_table(
        "host",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("lease_expires_at", INSTANT, nullable=True),
        sa.Column("paused_until", INSTANT, nullable=True),
        sa.Column("pause_reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_host"),
    )
    op.create_table(
        "library",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_library"),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("rights", sa.String(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("last_good_run_at", INSTANT, nullable=True),
        sa.Column("next_due_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_publication"),
        sa.UniqueConstraint("slug", name="uq_publication_slug"),
    )
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tag"),
        sa.UniqueConstraint("folded", name="uq_tag_folded"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "takedown",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("taken_down_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_takedown"),
    )
    op.create_table(
        "article",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("platform_id", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("canonical_url", sa.String(), nullable=True),
        sa.Column("headline", sa.String(2000), nullable=False),
        sa.Column("dek", sa.String(), nullable=True),
        sa.Column("byline", sa.String(), nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("published_text", sa.String(), nullable=True),
        sa.Column("modified_at", INSTANT, nullable=True),
        sa.Column("modified_text", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("reading_minutes", sa.Integer(), nullable=True),
        sa.Column("like_count", sa.Integer(), nullable=True),
        sa.Column("comment_count", sa.Integer(), nullable=True),
        sa.Column("access", sa.String(), nullable=False),
        sa.Column("license", sa.String(), nullable=True),
        sa.Column("rights_line", sa.String(), nullable=True),
        sa.Column("comments_complete", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("community_name", sa.String(), nullable=True),
        sa.Column("community_url", sa.String(), nullable=True),
        sa.Column("published_earliest", INSTANT, nullable=True),
        sa.Column("published_latest", INSTANT, nullable=True),
        sa.Column("modified_earliest", INSTANT, nullable=True),
        sa.Column("modified_latest", INSTANT, nullable=True),
        sa.Column("robots", sa.JSON(), nullable=False),
        sa.Column("provenance", sa.JSON(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("listed_at", INSTANT, nullable=False),
        sa.Column("redated_at", INSTANT, nullable=True),
        sa.Column("stored_comment_count", sa.Integer(), nullable=False),
        sa.Column("comment_round_at", INSTANT, nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("content_key", sa.LargeBinary(), nullable=True),
        sa.Column("restlessness", sa.JSON(), nullable=False),
        sa.Column("same_as_id", sa.Integer(), nullable=True),
        sa.Column("body_html", sa.String(), nullable=False),
        sa.Column("body_text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["publication_id"], ["publication.id"], name="fk_article_publication_id"),
        sa.ForeignKeyConstraint(["same_as_id"], ["article.id"], name="fk_article_same_as_id"),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_article_changed_at_id", "article", ["changed_at", "id"])
    op.create_index("ix_article_content_key", "article", ["content_key"])
    op.create_index("ix_article_first_seen_at_id", "article", ["first_seen_at", "id"])
    op.create_index("ix_article_listed_at_id", "article", ["listed_at", "id"])
    op.create_index(
        "ix_article_publication_id_listed_at_id", "article", ["publication_id", "listed_at", "id"]
    )
    op.create_index("ix_article_published_latest_id", "article", ["published_latest", "id"])
    op.create_index(
        "ix_article_same_as_id",
        "article",
        ["same_as_id"],
        sqlite_where=sa.text("same_as_id IS NOT NULL"),
        postgresql_where=sa.text("same_as_id IS NOT NULL"),
    )
    op.create_index("ix_article_updated_at_id", "article", ["updated_at", "id"])
    op.create_table(
        "author_alias",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["author.id"], name="fk_author_alias_author_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_author_alias"),
    )
    op.create_index("ix_author_alias_author_id", "author_alias", ["author_id"])
    op.create_table(
        "crawl_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("articles_new", sa.Integer(), nullable=False),
        sa.Column("articles_changed", sa.Integer(), nullable=False),
        sa.Column("comments_new", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name="fk_crawl_run_publication_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_crawl_run"),
    )
    op.create_index("ix_crawl_run_publication_id_started_at", "crawl_run", ["publication_id", "started_at"])
    op.create_table(
        "alias",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_alias_article_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_alias"),
    )
    op.create_index("ix_alias_article_id", "alias", ["article_id"])
    op.create_table(
        "article_author",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_article_author_article_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["author.id"], name="fk_article_author_author_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_article_author"),
    )
    op.create_index("ix_article_author_author_id_article_id", "article_author", ["author_id", "article_id"])
    op.create_table(
        "article_tag",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_article_tag_article_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_article_tag_tag_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_article_tag"),
    )
    op.create_index("ix_article_tag_tag_id_article_id", "article_tag", ["tag_id", "article_id"])
    op.create_table(
        "badge",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_badge_article_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_badge"),
    )
    op.create_table(
        "comment",
        sa.Column("article_url", sa.String(), nullable=True),
        sa.Column("platform_id", sa.String(), nullable=False),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("author_name", sa.String(), nullable=True),
        sa.Column("author_url", sa.String(), nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("published_text", sa.String(), nullable=True),
        sa.Column("like_count", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("published_earliest", INSTANT, nullable=True),
        sa.Column("published_latest", INSTANT, nullable=True),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("body_html", sa.String(), nullable=False),
        sa.Column("body_text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_comment_article_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
        sa.UniqueConstraint("article_id", "platform_id", name="uq_comment_article_id_platform_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_comment_updated_at_id", "comment", ["updated_at", "id"])
    op.create_table(
        "frontier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("fetched_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_frontier_article_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name="fk_frontier_publication_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_frontier"),
        sa.UniqueConstraint("key", name="uq_frontier_key"),
    )
    op.create_index("ix_frontier_article_id", "frontier", ["article_id"])
    op.create_index("ix_frontier_host_due_at", "frontier", ["host", "due_at"])
    op.create_index("ix_frontier_publication_id_due_at", "frontier", ["publication_id", "due_at"])
    op.create_table(
        "insight",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_insight_article_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_insight"),
    )
    op.create_table(
        "medium",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("alt", sa.String(), nullable=True),
        sa.Column("caption", sa.String(), nullable=True),
        sa.Column("credit", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_medium_article_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_medium"),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_revision_article_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["author.id"], name="fk_revision_author_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name="fk_revision_comment_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_revision_article_id_id", "revision", ["article_id", "id"])
    op.create_index("ix_revision_author_id_id", "revision", ["author_id", "id"])
    op.create_index("ix_revision_comment_id_id", "revision", ["comment_id", "id"])

    library = sa.table(
        "library",
        sa.column("id"),
        sa.column("key"),
        sa.column("created_at", INSTANT),
        sa.column("generation"),
    )
    op.execute(
        library.insert().values(id=1, key=secrets.token_hex(6), created_at=datetime.now(UTC), generation=0)
    )
