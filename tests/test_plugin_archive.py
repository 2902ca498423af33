"""The archive keeps issues whole, ledgers exact and editors' wishes accountable, on both databases."""

import multiprocessing
import os
import signal
import threading
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, insert, select, update

from crawler.errors import ArticleNotFound, StoreLocked, StoreTooNew, StoreTooOld
from crawler.store import open_store
from crawler.store.tables import Tables
from crawler.store.upgrading import run_steps
from plugin.archive import candidates, open_library
from plugin.archive.archive import PLUGIN_BRANCH
from plugin.errors import IssueError, IssueExists, IssueNotFound, NothingToPublish
from plugin.issues import IssueExport, Push
from plugin.publishing import make_issue, preview
from plugin.tables import PluginTables
from tests.curating import NOW, make_digest, make_page, make_reply

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


@pytest.fixture
def archive(store_url):
    with open_library(store_url, upgrade=True) as opened:
        yield opened


def fill(archive, numbers, *, seen_at=NOW - HOUR, **fields):
    return [
        report.article_id
        for report in archive.store.save_pages([make_page(n, seen_at=seen_at, **fields) for n in numbers])
    ]


def set_article(archive, article_id, **values):
    with archive.store.transaction() as connection:
        statement = update(Tables.article).where(Tables.article.c.id == article_id).values(**values)
        connection.execute(statement)


def entries(issue):
    return [entry.article_id for entry in issue.entries]


# Schema


def test_the_schema_is_what_the_tables_say(archive):
    own = set(PluginTables.__annotations__)
    names = {getattr(PluginTables, name).name for name in own}

    def is_ours(_object, name, kind, _reflected, other):
        return kind != "table" or name in names

    with archive.store.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": is_ours, "compare_type": True}
        )
        assert compare_metadata(context, PluginTables.digest.metadata) == []


def test_a_library_of_the_crawler_alone_gets_our_tables_when_opened(store_url):
    with open_store(store_url, upgrade=True) as store:
        store.save_pages([make_page(1, seen_at=NOW - HOUR)])
    with open_library(store_url, upgrade=True) as archive:
        assert entries(make_issue(archive, make_digest(), now=NOW)) == [1]


@pytest.mark.parametrize("revision", range(1, PLUGIN_BRANCH.head))
def test_a_library_of_each_earlier_revision_is_upgraded_with_what_it_holds(store_url, revision):
    with open_store(store_url, upgrade=True) as store:
        store.save_pages([make_page(1, seen_at=NOW - HOUR)])
        with store.transaction() as connection:
            run_steps(connection, PLUGIN_BRANCH, target=revision)
            head = '{"guid": "tag:x", "title": "Old, No. 1", "digest_title": "Old", "description": null, "link": null, "language": null}'
            for statement in (
                f"INSERT INTO issue (digest, number, made_at, entry_count, head) VALUES ('old', 1, '2026-01-01 00:00:00', 0, '{head}')",
                "INSERT INTO digest (slug, considered_to_id, last_cut_at) VALUES ('old', 0, '2026-01-01 00:00:00')",
            ):
                connection.exec_driver_sql(statement)
    with open_library(store_url, upgrade=True) as archive:
        assert archive.get_issue("old", 1).title == "Old, No. 1"
        assert entries(make_issue(archive, make_digest("old"), now=NOW))
        assert archive.latest_issue("old").number == 2


def test_postgres_is_upgraded_on_demand_only(postgres_url):
    with pytest.raises(StoreTooOld, match="db upgrade"):
        open_library(postgres_url)
    open_library(postgres_url, upgrade=True).close()
    open_library(postgres_url).close()


def test_a_schema_from_the_future_is_refused(archive, store_url):
    with archive.store.transaction() as connection:
        connection.exec_driver_sql("UPDATE plugin_version SET version_num = 'plugin_9999'")
    with pytest.raises(StoreTooNew):
        open_library(store_url)


# Issues


def test_an_issue_comes_back_as_made(archive):
    comments = (make_reply(1, "I lived there."), make_reply(2, "So did I."))
    fill(archive, range(1, 6), comments=comments, authors=["Ann"], tags=["Tech"], community="01")
    digest = make_digest(
        limits={"entries": 3}, section=[{"title": "Tech", "tags": ["tech"]}], description="D"
    )
    issue = make_issue(archive, digest, now=NOW)
    assert archive.get_issue("ai", 1) == issue
    assert archive.latest_issue("ai") == issue
    assert (issue.number, issue.title, issue.made_at, len(issue.entries)) == (
        1,
        "AI this week, No. 1",
        NOW,
        3,
    )
    assert {entry.section for entry in issue.entries} == {"Tech"}
    assert [comment.author_name for comment in issue.entries[0].comments] == ["Reader 1", "Reader 2"]


def test_issues_are_listed_newest_first(archive):
    digest = make_digest(limits={"entries": 1, "carry_over": 9})
    fill(archive, range(1, 5))
    made = [make_issue(archive, digest, now=NOW + n * DAY) for n in range(4)]
    make_issue(archive, make_digest("other"), now=NOW)
    assert [each.number for each in archive.issues("ai")] == [4, 3, 2, 1]
    assert archive.issues("ai")[0].entry_count == 1
    assert archive.list_issues("ai", limit=2) == made[:1:-1]
    assert archive.list_issues("ai", limit=5, before=3) == made[1::-1]
    assert archive.issues("none") == []
    assert archive.latest_issue("none") is None


@pytest.mark.parametrize("number", [0, 2, -1, 10**6])
def test_an_issue_that_is_not_there_is_said_so(archive, number):
    fill(archive, [1])
    make_issue(archive, make_digest(), now=NOW)
    with pytest.raises(IssueNotFound, match=f"no issue has that number: ai {number}"):
        archive.get_issue("ai", number)


def test_issues_are_exported_oldest_first(archive):
    fill(archive, range(1, 4))
    digest = make_digest(limits={"entries": 1})
    for n in range(3):
        make_issue(archive, digest, now=NOW + n * DAY)
    lines = list(archive.iterate_issues())
    assert [each.number for each in lines] == [1, 2, 3]
    assert [IssueExport.model_validate_json(each.model_dump_json()) for each in lines] == lines
    assert all(list(each.articles) == entries(each) for each in lines)
    assert [each.number for each in archive.iterate_issues(since=NOW + DAY)] == [2, 3]


def test_what_happens_to_an_article_afterwards_does_not_change_its_issue(archive):
    [one] = fill(archive, [1])
    issue = make_issue(archive, make_digest(), now=NOW)
    archive.store.save_pages(
        [make_page(1, seen_at=NOW + DAY, headline="All new", body_text="Rewritten. " * 40)]
    )
    assert archive.store.articles.get(one).headline == "All new"
    assert archive.get_issue("ai", 1) == issue
    with archive.store.transaction() as connection:
        connection.execute(delete(Tables.article).where(Tables.article.c.id == one))
    assert archive.get_issue("ai", 1) == issue


# The ledger


def test_nothing_comes_twice_and_nothing_falls_between(archive):
    digest = make_digest(limits={"entries": 3, "carry_over": 1})
    ids = fill(archive, range(1, 7))
    first = make_issue(archive, digest, now=NOW)
    late = fill(archive, range(7, 9), seen_at=NOW - 400 * DAY)
    second = make_issue(archive, digest, now=NOW + DAY)
    third = make_issue(archive, digest, now=NOW + 2 * DAY)
    seen = entries(first) + entries(second) + entries(third)
    assert sorted(seen) == sorted([*ids, *late])
    with pytest.raises(NothingToPublish, match="nothing new"):
        make_issue(archive, digest, now=NOW + 3 * DAY)


def test_a_first_issue_looks_back_a_window_and_no_further(archive):
    old, new = fill(archive, [1], seen_at=NOW - 8 * DAY), fill(archive, [2], seen_at=NOW - 6 * DAY)
    assert entries(make_issue(archive, make_digest(window="7d"), now=NOW)) == new
    with pytest.raises(NothingToPublish):
        make_issue(archive, make_digest(window="900d"), now=NOW + DAY)
    assert entries(make_issue(archive, make_digest("wide", window="8d"), now=NOW)) == [*new, *old]


def test_an_endless_window_is_no_error(archive):
    fill(archive, [1])
    assert entries(make_issue(archive, make_digest(window="364000d", settle="0s"), now=NOW)) == [1]
    digest = make_digest("b", window="365000d", settle="365000d")
    with pytest.raises(NothingToPublish):
        make_issue(archive, digest, now=NOW)


def test_a_story_too_young_for_a_first_attempt_is_not_too_old_for_the_next(archive):
    digest = make_digest(window="7d", settle="12h")
    [one] = fill(archive, [1], seen_at=NOW - 11 * HOUR)
    with pytest.raises(NothingToPublish, match="1 candidate was left out"):
        make_issue(archive, digest, now=NOW)
    assert entries(make_issue(archive, digest, now=NOW + WEEK)) == [one]


def test_a_story_that_grows_into_the_filter_is_taken(archive):
    digest = make_digest(select={"min_words": 100})
    [short] = fill(archive, [1], body_text="Too short. " * 20)
    [long] = fill(archive, [2], body_text="Long enough. " * 60)
    assert entries(make_issue(archive, digest, now=NOW)) == [long]
    fill(archive, [1], seen_at=NOW + DAY, body_text="It has grown. " * 60)
    assert entries(make_issue(archive, digest, now=NOW + WEEK)) == [short]


def test_finding_nothing_for_long_does_not_pile_up_work(archive):
    digest = make_digest(select={"tags": ["x"]}, window="7d")
    fill(archive, [1], tags=["x"])
    make_issue(archive, digest, now=NOW)
    for week in range(1, 5):
        fill(archive, range(10 * week, 10 * week + 5), seen_at=NOW + week * WEEK - HOUR)
        with pytest.raises(NothingToPublish):
            make_issue(archive, digest, now=NOW + week * WEEK)
    found = archive.candidates("ai", first_seen_since=NOW)
    # Those of the last two weeks wait for a tag; the rest is settled.
    assert len(found.article_ids) == 10


def test_a_cut_is_remembered_whether_an_issue_was_made_or_not(archive):
    assert archive.last_cut_at("ai") is None
    with pytest.raises(NothingToPublish):
        make_issue(archive, make_digest(), now=NOW)
    assert archive.last_cut_at("ai") == NOW
    fill(archive, [1])
    make_issue(archive, make_digest(), now=NOW + DAY)
    assert archive.last_cut_at("ai") == NOW + DAY


def test_a_preview_changes_nothing(archive):
    fill(archive, range(1, 4))
    digest = make_digest(limits={"entries": 2})
    generation = archive.generation()
    selection = preview(archive, digest, now=NOW)
    assert archive.generation() == generation
    issue = make_issue(archive, digest, now=NOW)
    assert entries(issue) == [each.article.id for each in selection.chosen]
    assert archive.generation() > generation


def test_a_double_that_was_merged_does_not_bring_its_story_again(archive):
    one, other = fill(archive, [1, 2], seen_at=NOW - HOUR)
    digest = make_digest(limits={"entries": 1}, select={"tags": []})
    assert entries(make_issue(archive, digest, now=NOW)) == [one]
    set_article(archive, one, same_as_id=other, change="gone")
    with pytest.raises(NothingToPublish):
        make_issue(archive, digest, now=NOW + DAY)
    with pytest.raises(IssueError, match="under another row"):
        archive.pin("ai", other, who="Ed", at=NOW)


def test_a_gone_article_never_enters_and_may_come_back(archive):
    [one] = fill(archive, [1])
    [two] = fill(archive, [2])
    set_article(archive, one, change="gone")
    assert entries(make_issue(archive, make_digest(), now=NOW)) == [two]
    set_article(archive, one, change="back")
    assert entries(make_issue(archive, make_digest(), now=NOW + WEEK)) == [one]


def test_an_article_taken_down_while_its_issue_is_composed_is_left_out(archive, monkeypatch):
    one, two = fill(archive, [1, 2])
    real = archive.store.comments.list_many
    taken = []

    def list_many(ids):
        if not taken:
            taken.append(set_article(archive, one, change="gone"))
        return real(ids)

    monkeypatch.setattr(archive.store.comments, "list_many", list_many)
    assert entries(make_issue(archive, make_digest(), now=NOW)) == [two]


def test_an_article_deleted_while_its_issue_is_composed_is_left_out(archive, monkeypatch):
    one, two = fill(archive, [1, 2])
    real = archive.store.articles.get_many
    taken = []

    def get_many(ids):
        if not taken:
            with archive.store.transaction() as connection:
                taken.append(connection.execute(delete(Tables.article).where(Tables.article.c.id == one)))
        return real(ids)

    monkeypatch.setattr(archive.store.articles, "get_many", get_many)
    assert entries(make_issue(archive, make_digest(), now=NOW)) == [two]


def test_a_library_that_never_holds_still_is_given_up(archive, monkeypatch):
    ids = fill(archive, range(1, 9))
    real = archive.store.comments.list_many

    def list_many(wanted):
        set_article(archive, ids.pop(), change="gone")
        return real(wanted)

    monkeypatch.setattr(archive.store.comments, "list_many", list_many)
    with pytest.raises(IssueError, match="taken down"):
        make_issue(archive, make_digest(), now=NOW)
    assert archive.issues("ai") == []


@pytest.mark.postgres
def test_a_row_committed_late_is_not_lost(postgres_url):
    """There an article's number may be given out long before its transaction commits."""
    with open_library(postgres_url, upgrade=True) as archive:
        fill(archive, [1])
        digest = make_digest(limits={"entries": 1})
        with archive.store.reading() as connection:
            row = dict(connection.execute(select(Tables.article)).mappings().one())
        taken, may_commit, issues, numbers = threading.Event(), threading.Event(), [], [row["id"]]

        def insert_late():
            with archive.store.transaction() as connection:
                number = connection.exec_driver_sql(
                    "SELECT nextval(pg_get_serial_sequence('article', 'id'))"
                ).scalar()
                numbers.append(number)
                taken.set()
                assert may_commit.wait(60)
                values = {**row, "id": number, "body_text": "late"}
                connection.execute(insert(Tables.article).values(**values))

        late = threading.Thread(target=insert_late)
        late.start()
        assert taken.wait(60)
        numbers += fill(archive, [3], seen_at=NOW - 2 * HOUR)
        assert numbers == sorted(numbers)
        maker = threading.Thread(target=lambda: issues.append(make_issue(archive, digest, now=NOW)))
        maker.start()
        maker.join(0.5)
        assert issues == []  # it waits for the one whose number is given out
        may_commit.set()
        late.join(60)
        maker.join(60)
        issues += [make_issue(archive, digest, now=NOW + n * DAY) for n in (1, 2)]
        assert sorted(each for issue in issues for each in entries(issue)) == numbers


@pytest.mark.postgres
def test_a_writer_that_never_ends_is_told(postgres_url, monkeypatch):
    monkeypatch.setattr(candidates, "_MAX_LOOKS", 3)
    with open_library(postgres_url, upgrade=True) as archive:
        fill(archive, [1])
        with archive.store.transaction() as connection:
            connection.exec_driver_sql("SELECT nextval(pg_get_serial_sequence('article', 'id'))")
            assert preview(archive, make_digest(), now=NOW).chosen
            with pytest.raises(StoreLocked, match="for too long"):
                make_issue(archive, make_digest(), now=NOW)
        assert entries(make_issue(archive, make_digest(), now=NOW))


# Two makers, and none


def test_two_makers_at_once_make_one(archive, store_url):
    fill(archive, range(1, 30))
    digest = make_digest(limits={"entries": 5})
    start = threading.Barrier(4)
    made, refused = [], []

    def make(n):
        with open_library(store_url) as own:
            start.wait()
            try:
                made.append(make_issue(own, digest, now=NOW + n * timedelta(microseconds=1), after=0))
            except IssueExists as error:
                refused.append(str(error))

    threads = [threading.Thread(target=make, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ([each.number for each in made], len(refused)) == ([1], 3)
    assert all("another maker was faster: issue 1 stands" in each for each in refused)
    assert len(archive.issues("ai")) == 1


def test_one_cut_makes_one_issue(archive):
    fill(archive, range(1, 9))
    digest = make_digest(limits={"entries": 2})
    make_issue(archive, digest, now=NOW)
    with pytest.raises(IssueExists, match="issue 1 stands"):
        make_issue(archive, digest, now=NOW)
    assert make_issue(archive, digest, now=NOW + HOUR).number == 2


def test_a_maker_that_began_before_another_saved_makes_none(archive):
    fill(archive, range(1, 9))
    digest = make_digest(limits={"entries": 2})
    second = timedelta(seconds=1)
    make_issue(archive, digest, now=NOW, clock=lambda: NOW + 3 * second)
    with pytest.raises(IssueExists, match="issue 1 stands"):
        make_issue(archive, digest, now=NOW + second, clock=lambda: NOW + 4 * second)
    assert make_issue(archive, digest, now=NOW + 4 * second).number == 2
    # A clock that was set back does not silence the digest.
    assert make_issue(archive, digest, now=NOW - DAY).number == 3


def test_a_maker_that_knows_an_older_issue_makes_none(archive):
    fill(archive, range(1, 9))
    digest = make_digest(limits={"entries": 2})
    make_issue(archive, digest, now=NOW, after=0)
    with pytest.raises(IssueExists):
        make_issue(archive, digest, now=NOW + DAY, after=0)
    assert make_issue(archive, digest, now=NOW + DAY, after=1).number == 2


def _make_and_die(url, n_writes, pipe):
    """Make an issue in a process that is killed at its n-th statement of writing."""
    from sqlalchemy import event

    with open_library(url) as archive:
        count = 0

        def die(_connection, _cursor, statement, *_rest):
            nonlocal count
            if statement.split()[0] in ("INSERT", "UPDATE", "DELETE"):
                count += 1
                if count == n_writes:
                    os.kill(os.getpid(), signal.SIGKILL)

        event.listen(archive.store._database.engine, "after_cursor_execute", die)
        make_issue(archive, make_digest(limits={"entries": 5}), now=NOW)
        pipe.send(count)


def test_killed_at_any_statement_there_is_no_issue_or_a_whole_one(store_url):
    with open_library(store_url, upgrade=True) as archive:
        fill(archive, range(1, 20), comments=(make_reply(1, "Hm."),))
        archive.pin("ai", 3, who="Ed", at=NOW)
        before = preview(archive, make_digest(limits={"entries": 5}), now=NOW)
    context = multiprocessing.get_context("forkserver")
    for n_writes in range(1, 30):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_make_and_die, args=(store_url, n_writes, sender))
        process.start()
        sender.close()
        process.join(60)
        if process.exitcode == 0:
            assert receiver.recv() == n_writes - 1
            break
        assert process.exitcode == -signal.SIGKILL
        with open_library(store_url) as archive:
            assert archive.issues("ai") == []
            assert preview(archive, make_digest(limits={"entries": 5}), now=NOW) == before
    assert n_writes > 5
    with open_library(store_url) as archive:
        assert entries(archive.get_issue("ai", 1)) == [each.article.id for each in before.chosen]
        assert archive.actions("ai", standing=True) == []


# Editors


def test_what_editors_ask_for_is_kept_with_who_and_when(archive):
    one, two, three = fill(archive, [1, 2, 3])
    archive.pin("ai", two, who="Ed", at=NOW)
    archive.drop("ai", three, who="Flo", at=NOW + HOUR)
    archive.note("ai", one, "Read this.", who="Ed", at=NOW)
    archive.order("ai", [one, two, one], who="Ed", at=NOW)
    issue = make_issue(archive, make_digest(), now=NOW + DAY)
    assert entries(issue) == [one, two]
    assert issue.entries[0].note == "Read this."
    kept = archive.actions("ai")
    assert [(each.verb, each.article_ids, each.who, each.at) for each in kept] == [
        ("pin", (two,), "Ed", NOW),
        ("drop", (three,), "Flo", NOW + HOUR),
        ("note", (one,), "Ed", NOW),
        ("order", (one, two), "Ed", NOW),
    ]
    assert {each.applied_to for each in kept} == {1}
    with pytest.raises(NothingToPublish):
        make_issue(archive, make_digest(), now=NOW + 2 * DAY)


def test_an_editor_can_pin_what_the_digest_has_left_behind(archive):
    [old] = fill(archive, [1], seen_at=NOW - 90 * DAY)
    fill(archive, [2])
    make_issue(archive, make_digest(), now=NOW)
    archive.pin("ai", old, who="Ed", at=NOW)
    assert entries(make_issue(archive, make_digest(), now=NOW + WEEK)) == [old]


def test_an_action_can_be_undone_until_an_issue_uses_it_up(archive):
    one, two = fill(archive, [1, 2])
    drop = archive.drop("ai", one, who="Ed", at=NOW)
    archive.drop("ai", two, who="Ed", at=NOW)
    assert archive.undo("ai", who="Flo", at=NOW).article_ids == (two,)
    undone = archive.undo("ai", action_id=drop.id, who="Flo", at=NOW + HOUR)
    assert (undone.undone_by, undone.undone_at) == ("Flo", NOW + HOUR)
    assert archive.actions("ai")[0] == undone
    with pytest.raises(IssueError, match="nothing to undo"):
        archive.undo("ai", who="Flo", at=NOW)
    assert set(entries(make_issue(archive, make_digest(), now=NOW))) == {one, two}
    [three] = fill(archive, [3])
    action = archive.pin("ai", three, who="Ed", at=NOW)
    make_issue(archive, make_digest(), now=NOW + DAY)
    with pytest.raises(IssueError, match=f"action {action.id} is not one that waits"):
        archive.undo("ai", action_id=action.id, who="Ed", at=NOW)


def test_actions_about_what_is_unknown_or_issued_are_refused(archive):
    [one] = fill(archive, [1])
    with pytest.raises(ArticleNotFound, match="no such article"):
        archive.pin("ai", 99, who="Ed", at=NOW)
    make_issue(archive, make_digest(), now=NOW)
    for act in (
        lambda: archive.pin("ai", one, who="Ed", at=NOW),
        lambda: archive.drop("ai", one, who="Ed", at=NOW),
        lambda: archive.note("ai", one, "Hm.", who="Ed", at=NOW),
        lambda: archive.order("ai", [one], who="Ed", at=NOW),
    ):
        with pytest.raises(IssueError, match="article 1 is in issue 1 already, and issues never change: ai"):
            act()
    archive.pin("other", one, who="Ed", at=NOW)


def test_an_action_undone_while_the_issue_is_composed_does_not_count(archive, monkeypatch):
    one, two = fill(archive, [1, 2])
    archive.drop("ai", one, who="Ed", at=NOW)
    real = archive.store.comments.list_many

    def list_many(ids):
        if archive.actions("ai", standing=True):
            archive.undo("ai", who="Ed", at=NOW)
        return real(ids)

    monkeypatch.setattr(archive.store.comments, "list_many", list_many)
    assert set(entries(make_issue(archive, make_digest(), now=NOW))) == {one, two}


def test_a_sent_issue_is_corrected_in_the_next(archive):
    [one] = fill(archive, [1])
    first = make_issue(archive, make_digest(), now=NOW)
    archive.correct("ai", 1, "The wall is from 1742.", article_id=one, who="Ed", at=NOW)
    archive.correct("ai", 1, "No. 1 came late.", who="Ed", at=NOW)
    fill(archive, [2])
    second = make_issue(archive, make_digest(), now=NOW + DAY)
    assert [(each.number, each.article_id, each.text) for each in second.errata] == [
        (1, one, "The wall is from 1742."),
        (1, None, "No. 1 came late."),
    ]
    assert archive.get_issue("ai", 2) == second
    assert archive.get_issue("ai", 1) == first
    fill(archive, [3])
    assert make_issue(archive, make_digest(), now=NOW + 2 * DAY).errata == ()


def test_an_erratum_to_what_was_never_sent_is_refused(archive):
    _one, two = fill(archive, [1, 2])
    make_issue(archive, make_digest(limits={"entries": 1}), now=NOW)
    with pytest.raises(IssueNotFound):
        archive.correct("ai", 2, "Hm.", who="Ed", at=NOW)
    with pytest.raises(IssueError, match=f"does not hold article {two}"):
        archive.correct("ai", 1, "Hm.", article_id=two, who="Ed", at=NOW)


# Takedown


def test_a_takedown_leaves_tombstones_and_nothing_else(archive):
    text = "Some hundred words of the same story, told at two places. " * 12
    one = fill(
        archive, [1], seen_at=NOW - 2 * DAY, body_text=text, headline="Secret headline", authors=["Ann"]
    )[0]
    two = fill(archive, [2], body_text=text, headline="Secret headline", publication="b", authors=["Ann"])[0]
    [three] = fill(archive, [3], comments=(make_reply(1, "Kept words."), make_reply(2, "Removed words.")))
    archive.note("ai", one, "Secret note.", who="Ed", at=NOW)
    first = make_issue(archive, make_digest(), now=NOW)
    assert set(entries(first)) == {one, three}
    told = next(each for each in first.entries if each.article_id == one)
    assert [place.article_id for place in told.also_at] == [two]
    archive.correct("ai", 1, "Secret erratum.", article_id=one, who="Ed", at=NOW)
    fill(archive, [4])
    make_issue(archive, make_digest(), now=NOW + DAY)
    removed = next(c.id for c in archive.store.comments.list(three) if "Removed" in c.body_text)

    touched = archive.redact([one], comment_ids=[removed], at=NOW + WEEK)
    assert touched == [("ai", 1), ("ai", 2)]
    after = archive.get_issue("ai", 1)
    gone = next(each for each in after.entries if each.article_id == one)
    assert (gone.guid, gone.is_gone, gone.updated_at, gone.headline) == (
        told.guid,
        True,
        NOW + WEEK,
        "Taken down",
    )
    kept = next(each for each in after.entries if each.article_id == three)
    assert [comment.body_text for comment in kept.comments] == ["Kept words."]
    with archive.store.reading() as connection:
        for table in (
            PluginTables.issue,
            PluginTables.issue_entry,
            PluginTables.erratum,
            PluginTables.editor_action,
        ):
            assert "Secret" not in repr(connection.execute(select(table)).all())
            assert "hundred words" not in repr(connection.execute(select(table)).all())
    assert archive.redact([one], comment_ids=[removed], at=NOW + WEEK) == [("ai", 1), ("ai", 2)]
    assert archive.get_issue("ai", 1) == after


def test_a_takedown_of_the_other_place_takes_its_link_out(archive):
    text = "Some hundred words of the same story, told at two places. " * 12
    fill(archive, [1], seen_at=NOW - 2 * DAY, body_text=text, authors=["Ann"])
    [two] = fill(archive, [2], body_text=text, headline="Story 1", publication="b", authors=["Ann"])
    assert make_issue(archive, make_digest(), now=NOW).entries[0].also_at[0].article_id == two
    assert archive.redact([two], at=NOW + DAY) == [("ai", 1)]
    [entry] = archive.get_issue("ai", 1).entries
    assert (entry.also_at, entry.is_gone, entry.updated_at) == ((), False, NOW + DAY)


def test_a_takedown_works_after_the_row_is_gone_and_of_what_no_issue_holds(archive):
    one, two = fill(archive, [1, 2])
    make_issue(archive, make_digest(limits={"entries": 1}), now=NOW)
    with archive.store.transaction() as connection:
        connection.execute(delete(Tables.article))
    assert archive.redact([one, two], at=NOW) == [("ai", 1)]
    assert archive.get_issue("ai", 1).entries[0].is_gone


# Pushes


def test_the_last_push_to_each_outlet_is_kept(archive):
    push = Push(digest="ai", number=1, outlet="folder /a", pushed_at=NOW, error="full")
    archive.save_push(push)
    archive.save_push(push.model_copy(update={"pushed_at": NOW + HOUR, "error": None}))
    archive.save_push(push.model_copy(update={"outlet": "folder /b"}))
    assert [(each.outlet, each.pushed_at, each.error) for each in archive.pushes("ai", 1)] == [
        ("folder /a", NOW + HOUR, None),
        ("folder /b", NOW, "full"),
    ]
    assert archive.pushes("ai", 2) == []


# Queries


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("deepseek", {1, 3}),
        ('"deepseek weights"', {1}),
        ("deepseek OR huawei", {1, 2, 3}),
        ("deepseek NOT weights", {3}),
        ("tag:chips", {2, 3}),
        ("deepseek tag:chips", {3}),
        ("author:moss", {2}),
        ("nothing", set()),
    ],
)
def test_a_query_lets_in_what_a_search_would_find(archive, query, expected):
    fill(archive, [1], body_text="DeepSeek weights are out. ")
    fill(archive, [2], body_text="Huawei has a chip. ", tags=["Chips"], authors=["Ada Moss"])
    fill(archive, [3], headline="A DeepSeek chip", tags=["chips"])
    fill(archive, [4])
    numbers = {each.id: int(each.url.rpartition("-")[2]) for each in archive.store.articles.list().items}
    selection = preview(archive, make_digest(select={"query": query}), now=NOW)
    assert {numbers[each.article.id] for each in selection.chosen} == expected
    assert {numbers[each.article.id] for each in selection.rejected} == {1, 2, 3, 4} - expected


def test_a_query_looks_at_the_candidates_only(archive):
    ids = fill(archive, range(1, 4), body_text="The same words everywhere. ", headline="A common word")
    assert archive.matching("common", ids[1:]) == set(ids[1:])
    assert archive.matching("common", []) == frozenset()
