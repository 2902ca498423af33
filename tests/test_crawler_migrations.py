"""The schema comes up from every earlier revision with data in it, and opening says what is wrong."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from crawler.errors import StoreError, StoreTooNew, StoreTooOld
from crawler.store import CRAWLER_BRANCH, MigrationBranch, open_store
from crawler.store.database import hide_password, make_database, parse_url
from crawler.store.indexing import INDEXES
from crawler.store.tables import metadata
from crawler.store.upgrading import read_version, run_steps

SEEN = "2026-11-23 12:00:00.500000"
ROWS_OF_REVISION_1 = (
    "INSERT INTO publication (id, slug, platform, name, url, rights, enabled, paused) "
    "VALUES (1, 'vocal-01', 'vocal', '01', 'https://vocal.media/01', 'excerpt', {true}, {false})",
    "INSERT INTO author (id, platform, name, url, links, first_seen_at, last_seen_at, updated_at) "
    "VALUES (1, 'vocal', 'Zoë Möss', 'https://vocal.media/authors/zoe', '[]', '{seen}', '{seen}', '{seen}')",
    "INSERT INTO article (id, platform, headline, word_count, access, comments_complete, publication_id, robots, "
    "provenance, change, first_seen_at, last_seen_at, changed_at, updated_at, listed_at, stored_comment_count, "
    "fingerprint, restlessness, body_html, body_text, canonical_url) "
    "VALUES (7, 'vocal', 'The wall', 2, 'free', {true}, 1, '[]', '{{}}', 'new', '{seen}', '{seen}', '{seen}', "
    "'{seen}', '{seen}', 1, '', '{{}}', '<p>x</p>', 'Müsli moss', 'https://vocal.media/01/wall')",
    "INSERT INTO article_author (article_id, position, name, author_id) VALUES (7, 0, 'Zoë Möss', 1)",
    "INSERT INTO comment (id, article_id, platform_id, position, body_html, body_text, state, first_seen_at, "
    "last_seen_at, updated_at, fingerprint) "
    "VALUES (3, 7, 'c0', 0, '', 'A remark', 'visible', '{seen}', '{seen}', '{seen}', '')",
    "INSERT INTO comment (id, article_id, platform_id, position, body_html, body_text, state, first_seen_at, "
    "last_seen_at, updated_at, fingerprint) "
    "VALUES (4, 7, 'c1', 1, '', '', 'removed', '{seen}', '{seen}', '{seen}', '')",
)


def upgrade_to(url, revision):
    """Bring an empty database to an early revision."""
    database = make_database(url)
    with closing(database), database.engine.begin() as connection:
        run_steps(connection, CRAWLER_BRANCH, target=revision)


def script_directory():
    config = Config()
    config.set_main_option("script_location", str(CRAWLER_BRANCH.folder.parent))
    config.set_main_option("version_locations", str(CRAWLER_BRANCH.folder))
    config.set_main_option("path_separator", "newline")
    return ScriptDirectory.from_config(config)


def test_the_branch_has_one_head_and_the_code_knows_it():
    script = script_directory()
    assert script.get_heads() == [f"crawler_{CRAWLER_BRANCH.head:04d}"]
    assert [revision.revision for revision in reversed(list(script.walk_revisions()))] == [
        f"crawler_{number:04d}" for number in range(1, CRAWLER_BRANCH.head + 1)
    ]


def test_migrated_tables_are_those_of_the_code(store):
    ours = {
        name for name, table in metadata.tables.items() if table.info.get("branch", "crawler") == "crawler"
    }
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    wrong = []
    for difference in differences:
        subject = difference[1] if isinstance(difference, tuple) else difference[0][3]
        table = getattr(subject, "table", subject)
        name = getattr(table, "name", str(table))
        is_foreign = name.endswith("_version") or any(name.startswith(index.table) for index in INDEXES)
        if not is_foreign and name in ours and not name.startswith(PLUGIN_TABLES):
            wrong.append(difference)
    assert wrong == []


PLUGIN_TABLES = ("digest", "issue", "ledger", "erratum", "editor", "push", "scheduler")


@pytest.mark.parametrize("revision", range(1, CRAWLER_BRANCH.head + 1))
def test_every_earlier_revision_comes_up_with_its_data(store_url, revision):
    upgrade_to(store_url, 1)
    is_sqlite = store_url.startswith("sqlite")
    words = {"true": "1" if is_sqlite else "true", "false": "0" if is_sqlite else "false", "seen": SEEN}
    database = make_database(store_url)
    with closing(database), database.engine.begin() as connection:
        for statement in ROWS_OF_REVISION_1:
            connection.exec_driver_sql(statement.format(**words))
        if revision > 1:
            run_steps(connection, CRAWLER_BRANCH, target=revision)
    with open_store(store_url, upgrade=True) as store:
        article = store.articles.get(7)
        assert (article.headline, article.publication, article.author_ids) == ("The wall", "vocal-01", [1])
        assert [hit.article.id for hit in store.search.find("musli", over="articles").items] == [7]
        assert [hit.comment.id for hit in store.search.find("remark", over="comments").items] == [3]
        assert store.authors.find("zoe moss").id == 1
        assert [each.id for each in store.articles.list().items] == [7]
        assert store.articles.get(7).first_seen_at == datetime(2026, 11, 23, 12, 0, 0, 500_000, tzinfo=UTC)
        assert [problem.kind for problem in store.check()] == ["identity"]  # it had no alias from the start


def test_postgres_is_upgraded_only_when_told(postgres_url):
    with pytest.raises(StoreTooOld, match="gleanings db upgrade"):
        open_store(postgres_url)
    open_store(postgres_url, upgrade=True).close()
    open_store(postgres_url).close()


def test_sqlite_is_not_upgraded_when_forbidden(tmp_path):
    url = f"sqlite:///{tmp_path / 'old.db'}"
    upgrade_to(url, 1)
    with pytest.raises(StoreTooOld, match="older"):
        open_store(url, upgrade=False)
    open_store(url).close()


def test_a_newer_schema_is_refused(store):
    with store.transaction() as connection:
        connection.execute(text("UPDATE crawler_version SET version_num = 'crawler_9999'"))
    try:
        with pytest.raises(StoreTooNew, match="upgrade Gleanings"):
            open_store(store.url, upgrade=True)
    finally:
        with store.transaction() as connection:
            head = f"crawler_{CRAWLER_BRANCH.head:04d}"
            connection.execute(text("UPDATE crawler_version SET version_num = :head"), {"head": head})


def test_another_program_s_database_is_refused(tmp_path):
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE contacts (id integer)")
    with pytest.raises(StoreError, match="another program"):
        open_store(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        assert [row[0] for row in connection.execute("SELECT name FROM sqlite_master")] == ["contacts"]


def test_a_branch_that_is_not_known_stays_as_it_is(store_url, tmp_path):
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "guest_0001.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        "revision = 'guest_0001'\ndown_revision = None\nbranch_labels = ('guest',)\ndepends_on = None\n"
        "def upgrade():\n"
        "    op.create_table('guest', sa.Column('article_id', sa.Integer, sa.ForeignKey('article.id')))\n"
    )
    guest = MigrationBranch("guest", 1, folder)
    open_store(store_url, upgrade=True, branches=(CRAWLER_BRANCH, guest)).close()
    with open_store(store_url) as store, store.reading() as connection:
        assert read_version(connection, guest) == 1
    open_store(store_url, branches=(CRAWLER_BRANCH, guest)).close()


def test_a_step_that_fails_leaves_nothing_behind(store_url, tmp_path):
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "broken_0001.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        "revision = 'broken_0001'\ndown_revision = None\nbranch_labels = ('broken',)\ndepends_on = None\n"
        "def upgrade():\n"
        "    op.create_table('half', sa.Column('id', sa.Integer))\n"
        "    raise ZeroDivisionError\n"
    )
    with pytest.raises(ZeroDivisionError):
        open_store(store_url, upgrade=True, branches=(CRAWLER_BRANCH, MigrationBranch("broken", 1, folder)))
    engine = create_engine(parse_url(store_url))
    with engine.connect() as connection:
        assert not engine.dialect.get_table_names(connection)
    engine.dispose()


def test_many_processes_make_one_library_at_once(tmp_path):
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    code = f"from crawler.store import open_store; print(open_store({url!r}).library.key)"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    answers = [process.communicate(timeout=120) for process in processes]
    assert [error for _, error in answers] == [""] * 4
    assert len({key for key, _ in answers}) == 1


def test_opening_loads_alembic_only_to_upgrade(tmp_path):
    url = f"sqlite:///{tmp_path / 'library.db'}"
    open_store(url).close()
    code = (
        f"import sys; from crawler.store import open_store; open_store({url!r}).close(); "
        "print([name for name in sys.modules if name.split('.')[0] in ('alembic', 'mako', 'psycopg')])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert found.stdout.strip() == "[]"


def test_a_library_in_memory_works():
    with open_store("sqlite://") as store:
        assert store.articles.count() == 0
        with store.transaction() as connection:
            assert store.articles.count() == 0
            connection.execute(text("UPDATE library SET generation = 41"))
        assert store.generation() == 42


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_what_can_not_be_written_is_refused(tmp_path):
    path = tmp_path / "library.db"
    open_store(f"sqlite:///{path}").close()
    path.chmod(0o400)
    with pytest.raises(StoreError, match="can't be written"):
        open_store(f"sqlite:///{path}")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite:///{folder}/nowhere/x.db", "no such folder"),
        ("sqlite:///{folder}", "this is a folder"),
        ("sqlite:///{folder}/text.txt", "not a SQLite database"),
        ("nonsense", "not a database URL"),
        ("", "not a database URL"),
        ("mysql://me:secret@host/db", "SQLite or PostgreSQL only"),
        ("postgresql://me:secret@127.0.0.1:1/db", "can't be reached"),
        ("postgresql://me:secret@no-such-host.invalid/db?connect_timeout=2", "can't be reached"),
    ],
)
def test_what_can_not_be_opened_is_one_clear_sentence(tmp_path, url, message):
    (tmp_path / "text.txt").write_text("only a text that is longer than a header")
    with pytest.raises(StoreError, match=message) as caught:
        open_store(url.format(folder=tmp_path), upgrade=True)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_password_or_database_is_told_without_the_password(postgres_url):
    url = parse_url(postgres_url).set(database="no_such_database", password="hush")
    with pytest.raises(StoreError, match="no such database") as caught:
        open_store(url.render_as_string(hide_password=False))
    assert "hush" not in str(caught.value)


def test_a_password_is_hidden_wherever_it_stands():
    shown = hide_password(
        parse_url("postgresql://me:hush@host/db?password=hush&sslpassword=hush&sslmode=require")
    )
    assert "hush" not in shown
    assert "sslmode=require" in shown


def test_the_folder_of_revisions_holds_nothing_else():
    names = sorted(path.name for path in Path(CRAWLER_BRANCH.folder).glob("*.py"))
    assert all(name.startswith(("crawler_", "__init__")) for name in names)
