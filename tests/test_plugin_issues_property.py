"""Thousands of simulated weeks: nothing is lost between issues, nothing comes twice, whatever happens.

A digest's maker runs against a library in memory in which stories arrive (also late, and with times of sighting long
past or in the future), grow, lose and gain tags, move, vanish, come back, are posted again elsewhere or taken down,
while editors pin and drop and the clock jumps. An oracle that knows every story ever seen, and no ledger, says which
stories an issue must choose from; the maker, who looks at new rows and at its ledger only, must come to the same.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from crawler.store.tables import Tables
from plugin.archive import Candidates, open_library
from plugin.errors import NothingToPublish
from plugin.publishing import make_issue
from tests.curating import LIBRARY, NOW, make_action, make_digest, make_page, make_view

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEKS_A_RUN = 40
RUNS = 100
LIMITS = ("per_author", "per_publication", "entries")


class FakeArchive:
    """What `make_issue` asks of an archive, in memory."""

    def __init__(self):
        self.articles, self.texts, self.issues, self.ledger, self.standing = {}, {}, [], {}, []
        self.considered_to, self.next_id = None, 1
        self.store = SimpleNamespace(
            library=LIBRARY,
            articles=SimpleNamespace(get_summaries=self._get, get_many=self._get),
            comments=SimpleNamespace(list_many=lambda ids: {}),
            publications=SimpleNamespace(list=list),
        )

    def _get(self, ids):
        return {each: self.articles[each] for each in ids if each in self.articles}

    def actions(self, _digest, *, standing):
        return [each for each in self.standing if each.applied_to is None] if standing else self.standing

    def bodies(self, ids):
        return [(each, self.texts[each]) for each in ids if each in self.articles]

    def candidates(self, _digest, *, first_seen_since, pinned, is_final):
        ceiling = self.next_id - 1
        if self.considered_to is None:
            new = {each.id for each in self.articles.values() if each.first_seen_at >= first_seen_since}
        else:
            new = {each for each in self.articles if each > self.considered_to}
        issued = {entry.article_id for draft in self.issues for entry in draft.issue.entries}
        traits = tuple(each for draft in self.issues[:-27:-1] for each in draft.traits)
        ids = ({each for each in self.ledger if each in self.articles} | new | set(pinned)) - issued
        latest = self.issues[-1].issue if self.issues else None
        return Candidates(
            tuple(sorted(ids)),
            ceiling,
            dict(self.ledger),
            traits,
            latest.number if latest else 0,
            self.issues[-1].saved_at if latest else None,
        )

    def _remember(self, change):
        for each in change.settled:
            self.ledger.pop(each, None)
        self.ledger |= {each.article_id: each for each in change.waiting}
        self.considered_to = change.ceiling_id

    def save_attempt(self, _digest, change, *, cut_at):
        if self.issues:
            self._remember(change)

    def save_issue(self, draft):
        assert draft.issue.number == len(self.issues) + 1
        self.issues.append(draft)
        self._remember(draft.change)
        self.standing = [
            each.model_copy(update={"applied_to": draft.issue.number}) if each.id in draft.applied else each
            for each in self.standing
        ]
        return True


@dataclass
class Story:
    """What the oracle remembers of a story."""

    considered_at: datetime | None = None
    times_limited: int = 0
    is_closed: bool = False
    number: int | None = None


@dataclass
class Oracle:
    """Says of every story ever seen whether the next issue must choose from it."""

    archive: FakeArchive
    digest: object
    stories: dict = field(default_factory=dict)
    has_issue: bool = False

    def wants(self, now):
        """Return the stories that nothing but a limit or a double may keep out of an issue cut now."""
        wanted = set()
        for number, article in self.archive.articles.items():
            story = self.stories.setdefault(number, Story())
            if story.is_closed and self.verdict(number) == "pin":
                story = self.stories[number] = Story()  # an editor may bring back what was left behind
            if story.is_closed or story.number or not self.is_in_view(number, article, now):
                continue
            seen_at = min(article.first_seen_at, story.considered_at or now, now)
            is_pinned = self.verdict(number) == "pin"
            if article.change == "gone" or (self.verdict(number) == "drop"):
                continue
            if is_pinned or (self.fits(article) and now - seen_at >= self.digest.settle):
                wanted.add(number)
        return wanted

    def is_in_view(self, number, article, now):
        story = self.stories[number]
        if self.has_issue or story.considered_at or self.verdict(number) == "pin":
            return True
        return article.first_seen_at >= now - self.digest.window - self.digest.settle

    def fits(self, article):
        return article.word_count >= self.digest.select.min_words

    def verdict(self, number):
        verbs = [
            each.verb for each in self.archive.actions("ai", standing=True) if number in each.article_ids
        ]
        return verbs[-1] if verbs else None

    def learn(self, now, chosen, limited, doubled, verdicts):
        """Take note of an issue, or of one that found nothing."""
        if not chosen and not self.has_issue:
            return
        for number, article in self.archive.articles.items():
            story = self.stories.setdefault(number, Story())
            if story.is_closed or story.number:
                continue
            if not self.is_in_view(number, article, now) and verdicts.get(number) != "pin":
                story.is_closed = True  # older than the window of the first issue
                continue
            story.considered_at = min(story.considered_at or now, now)
            if number in chosen:
                story.number = len(self.archive.issues)
            elif number in limited or number in doubled:
                story.times_limited += 1
                is_told = number in doubled and doubled[number] not in limited
                story.is_closed = is_told or story.times_limited > self.digest.limits.carry_over
            elif verdicts.get(number) == "drop" and article.change != "gone":
                story.is_closed = True
            elif article.change == "gone" or not self.fits(article):
                story.is_closed = now - story.considered_at > self.digest.window
        self.has_issue = True


EVENTS = st.one_of(
    st.tuples(st.just("arrive"), st.integers(1, 6), st.integers(-20, 60), st.sampled_from([20, 100, 100])),
    st.tuples(st.just("arrive"), st.integers(1, 3), st.integers(-9000, 90000), st.sampled_from([20, 100])),
    st.tuples(st.just("grow"), st.integers(0, 99), st.sampled_from([20, 100])),
    st.tuples(st.just("vanish"), st.integers(0, 99)),
    st.tuples(st.just("come back"), st.integers(0, 99)),
    st.tuples(st.just("move"), st.integers(0, 99)),
    st.tuples(st.just("repost"), st.integers(0, 99)),
    st.tuples(st.just("take down"), st.integers(0, 99)),
    st.tuples(st.just("pin"), st.integers(0, 99)),
    st.tuples(st.just("drop"), st.integers(0, 99)),
    st.tuples(st.just("jump"), st.integers(-400, 400)),
)
WEEK = st.lists(EVENTS, min_size=1, max_size=4)
DIGEST = st.builds(
    lambda settle, window, entries, per_author, carry_over: make_digest(
        settle=f"{settle}h",
        window=f"{window}d",
        select={"min_words": 50},
        limits={"entries": entries, "per_author": per_author, "carry_over": carry_over},
    ),
    st.sampled_from([0, 12, 200]),
    st.sampled_from([3, 7, 30]),
    st.integers(1, 5),
    st.none() | st.integers(1, 2),
    st.integers(0, 3),
)


class World:
    """A library, its oracle and a clock; `play` makes one event happen."""

    def __init__(self, digest):
        self.archive, self.digest, self.now = FakeArchive(), digest, NOW
        self.oracle = Oracle(self.archive, digest)

    def pick(self, place):
        numbers = sorted(self.archive.articles)
        return numbers[place % len(numbers)] if numbers else None

    def change(self, number, **fields):
        self.archive.articles[number] = self.archive.articles[number].model_copy(update=fields)

    def add(self, *, text=None, **fields):
        number = self.archive.next_id
        self.archive.next_id += 1
        body = text or " ".join(f"word{number}x{n}" for n in range(60))
        view = make_view(number, body_text=body, authors=[f"Author {number % 3}"], **fields)
        self.archive.articles[number] = view
        self.archive.texts[number] = body
        return number

    def play(self, event, *values):
        if event == "arrive":
            count, hours_ago, words = values
            for _ in range(count):
                self.add(seen_at=self.now - timedelta(hours=hours_ago), word_count=words)
            return
        if event == "jump":
            self.now += values[0] * DAY
            return
        number = self.pick(values[0])
        if number is None:
            return
        getattr(self, event.replace(" ", "_"))(number, *values[1:])

    def grow(self, number, words):
        self.change(number, word_count=words, change="substantive", changed_at=self.now)

    def vanish(self, number):
        self.change(number, change="gone")

    def come_back(self, number):
        self.change(number, change="back")

    def move(self, number):
        self.change(
            number, url=f"https://new.example/{number}", canonical_url=f"https://new.example/{number}"
        )

    def repost(self, number):
        words, place = self.archive.articles[number].word_count, f"place{self.archive.next_id}"
        self.add(text=self.archive.texts[number], seen_at=self.now, publication=place, word_count=words)

    def take_down(self, number):
        del self.archive.articles[number]
        self.archive.ledger.pop(number, None)

    def pin(self, number):
        self.act("pin", number)

    def drop(self, number):
        self.act("drop", number)

    def act(self, verb, number):
        if number not in self.issued():
            self.archive.standing.append(make_action(len(self.archive.standing) + 1, verb, number))

    def issued(self):
        return [entry.article_id for draft in self.archive.issues for entry in draft.issue.entries]

    def make(self):
        """Make an issue and hold it against the oracle."""
        wanted = self.oracle.wants(self.now)
        verdicts = {number: self.oracle.verdict(number) for number in self.archive.articles}
        before = set(self.issued())
        rules = {}
        chosen = set()
        with Watching(rules):
            try:
                issue = make_issue(self.archive, self.digest, now=self.now)
                chosen = {entry.article_id for entry in issue.entries}
            except NothingToPublish:
                pass
        limited = {number for number, (rule, _) in rules.items() if rule in LIMITS}
        doubled = {number: kept for number, (rule, kept) in rules.items() if rule == "duplicate"}
        assert chosen | limited | set(doubled) == wanted
        assert not chosen & before
        assert all(self.archive.articles[each].change != "gone" for each in chosen)
        assert (
            len(chosen - {each for each in chosen if verdicts.get(each) == "pin"})
            <= self.digest.limits.entries
        )
        for double, kept in doubled.items():
            assert self.archive.texts[double] == self.archive.texts[kept]
        self.oracle.learn(self.now, chosen, limited, doubled, verdicts)


class Watching:
    """Records what the maker's selections rejected, and by which rule."""

    def __init__(self, rules):
        self.rules = rules

    def __enter__(self):
        from plugin.publishing import making

        self.module, self.select = making, making.select

        def select(*arguments, **keywords):
            selection = self.select(*arguments, **keywords)
            self.rules.clear()
            self.rules |= {each.article.id: (each.rule, each.same_as_id) for each in selection.rejected}
            return selection

        making.select = select

    def __exit__(self, *_):
        self.module.select = self.select


@given(DIGEST, st.lists(WEEK, min_size=WEEKS_A_RUN, max_size=WEEKS_A_RUN))
@settings(max_examples=RUNS, suppress_health_check=list(HealthCheck))
def test_over_thousands_of_weeks_nothing_is_lost_and_nothing_comes_twice(digest, weeks):
    world = World(digest)
    for events in weeks:
        for event in events:
            world.play(*event)
        world.now += 7 * DAY
        if world.archive.issues and world.archive.issues[-1].issue.made_at == world.now:
            world.now += timedelta(microseconds=1)  # one cut makes one issue
        world.make()
    issued = world.issued()
    assert len(issued) == len(set(issued))
    assert [draft.issue.number for draft in world.archive.issues] == list(
        range(1, len(world.archive.issues) + 1)
    )
    # What only limits kept out was considered carry_over + 1 times before it was given up.
    for story in world.oracle.stories.values():
        assert story.times_limited <= digest.limits.carry_over + 1
    # The maker remembers what waits and nothing else.
    waiting = {
        number for number, story in world.oracle.stories.items() if not story.is_closed and not story.number
    }
    if world.oracle.has_issue:
        assert set(world.archive.ledger) == waiting & set(world.archive.articles)


class Twin(World):
    """A world whose every event happens to a real library as well."""

    def __init__(self, digest, real):
        super().__init__(digest)
        self.real = real

    def add(self, *, text=None, **fields):
        number = super().add(text=text, **fields)
        fields.pop("publication", None)
        fields |= {"body_text": self.archive.texts[number], "authors": [f"Author {number % 3}"]}
        [report] = self.real.store.save_pages([make_page(number, **fields)])
        assert report.article_id == number
        return number

    def write(self, statement):
        with self.real.store.transaction() as connection:
            connection.execute(statement)

    def change(self, number, **fields):
        super().change(number, **fields)
        known = {name: value for name, value in fields.items() if name in ("word_count", "change")}
        if known:
            self.write(update(Tables.article).where(Tables.article.c.id == number).values(known))

    def take_down(self, number):
        super().take_down(number)
        self.write(delete(Tables.article).where(Tables.article.c.id == number))

    def repost(self, number):
        """Left out: the library itself may see that it is the same article."""

    def act(self, verb, number):
        if number not in self.issued():
            super().act(verb, number)
            getattr(self.real, verb)("ai", number, who="Ed", at=self.now)

    def make(self):
        super().make()
        try:
            issue = make_issue(self.real, self.digest, now=self.now)
        except NothingToPublish:
            assert not self.archive.issues or self.archive.issues[-1].issue.made_at != self.now
        else:
            twin = self.archive.issues[-1].issue
            assert (issue.number, issue.made_at) == (twin.number, twin.made_at)
            assert [each.article_id for each in issue.entries] == [each.article_id for each in twin.entries]
        ledger = self.real.candidates("ai", first_seen_since=self.now).ledger
        assert ledger == self.archive.ledger


@given(DIGEST, st.lists(WEEK, min_size=12, max_size=12))
@settings(max_examples=15, suppress_health_check=list(HealthCheck))
def test_the_real_archive_remembers_as_the_model_does(digest, weeks):
    with open_library("sqlite://") as real:
        world = Twin(digest, real)
        for events in weeks:
            for event in events:
                world.play(*event)
            world.now += 7 * DAY + timedelta(microseconds=1)
            world.make()
