"""Which candidates make an issue: every rule, every reason, every score."""

import random
import re
from datetime import timedelta
from functools import cache
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.config import parse_duration
from crawler.demo.loading import bundled_content
from crawler.reading.markup import html_to_text
from crawler.records import AuthorRef, Insight
from plugin.issues import Erratum, IssuedArticle, LedgerEntry
from plugin.selection import Facts, applied_actions, decide_ledger, find_fit, select, sketch_text, to_span
from plugin.selection.duplicates import SAME_HEADLINE, SAME_STORY, find_doubles
from plugin.selection.sketches import resemblance
from tests.curating import NOW, make_action, make_digest, make_summary

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def ids(items):
    return [each.article.id for each in items]


def rules(selection):
    return {each.article.id: each.rule for each in selection.rejected}


# Filters


@pytest.mark.parametrize(
    ("keys", "fields", "rule", "reason"),
    [
        ({}, {"change": "gone"}, "gone", "it is gone from its platform"),
        ({}, {"robots": ["noindex"]}, "robots", 'its page says "noindex"'),
        ({}, {"robots": ["NONE, nofollow"]}, "robots", 'its page says "none"'),
        ({"publications": ["a"]}, {"publication": "b"}, "publications", "is of b"),
        ({"publications": ["a"]}, {}, "publications", "is of no publication"),
        ({"authors": ["Ann"]}, {"authors": ["Bo"]}, "authors", "is by Bo"),
        ({"authors": ["Ann"]}, {}, "authors", "is by nobody named"),
        ({"tags": ["x"]}, {"tags": ["y", "z"]}, "tags", "is tagged y, z"),
        ({"tags": ["x"]}, {}, "tags", "is tagged with nothing"),
        ({"languages": ["en"]}, {"language": "eng"}, "languages", "is in eng"),
        ({"languages": ["en"]}, {}, "languages", "is in an unknown language"),
        ({"min_words": 200}, {"word_count": 199}, "min_words", "has 199 words of the 200 wanted"),
        (
            {"published_within": "30d"},
            {"age": 31 * DAY},
            "published_within",
            "was published at least 31 days ago",
        ),
        (
            {"published_within": "30d"},
            {"published_at": None, "published_bounds": None},
            "published_within",
            "its page gave no date",
        ),
        ({}, {"access": "paid"}, "access", "is for paying readers only"),
        (
            {"exclude_badges": ["ai-generated"]},
            {"badges": ["AI-Generated"]},
            "exclude_badges",
            'bears "AI-Generated"',
        ),
    ],
)
def test_a_candidate_that_breaks_a_rule_is_out_with_its_reason(keys, fields, rule, reason):
    selection = select([make_summary(1, **fields)], make_digest(select=keys), now=NOW)
    [rejected] = selection.rejected
    assert (rejected.rule, rejected.reason) == (rule, reason)
    assert selection.chosen == ()


@pytest.mark.parametrize(
    ("keys", "fields"),
    [
        ({"publications": ["a", "b"]}, {"publication": "b"}),
        ({"authors": ["ANN  Moss"]}, {"authors": ["Bo", "Ann Moss"]}),
        (
            {"authors": ["https://site.example/authors/ann"]},
            {"authors": [AuthorRef(name="Ann", url="http://www.site.example/authors/ann/?via=list")]},
        ),
        ({"tags": ["tech news"]}, {"tags": ["Tech News"]}),
        ({"languages": ["EN"]}, {"language": "en-gb"}),
        ({"languages": ["pt-BR"]}, {"language": "pt_br"}),
        ({"min_words": 200}, {"word_count": 200}),
        # The latest it may have been published counts: "about a month ago" may be 29 days.
        (
            {"published_within": "30d"},
            {"published_bounds": (NOW - 45 * DAY, NOW - 29 * DAY), "age": 30 * DAY},
        ),
        ({"access": ["paid"]}, {"access": "paid"}),
        ({"access": []}, {"access": "members"}),
        ({"exclude_badges": ["AI"]}, {"badges": ["AI-Generated"]}),
    ],
)
def test_a_candidate_that_fulfills_a_condition_is_in(keys, fields):
    assert ids(select([make_summary(1, **fields)], make_digest(select=keys), now=NOW).chosen) == [1]


def test_a_publication_says_the_language_where_its_pages_do_not():
    digest = make_digest(select={"languages": ["en"]}, section=[{"title": "English", "languages": ["en"]}])
    facts = Facts(languages={"site": "en"})
    [chosen] = select([make_summary(1, publication="site")], digest, now=NOW, facts=facts).chosen
    assert chosen.section == "English"


def test_a_query_lets_only_its_matches_in():
    digest = make_digest(select={"query": "deepseek"})
    selection = select(
        [make_summary(1), make_summary(2)], digest, now=NOW, facts=Facts(query_matches=frozenset([2]))
    )
    assert (ids(selection.chosen), rules(selection)) == ([2], {1: "query"})


STEPS = [
    ({}, "gone"),
    ({"change": "new"}, "robots"),
    ({"robots": []}, "query"),
    ({"id": 2}, "tags"),
    ({"tags": ["x"]}, "min_words"),
    ({"word_count": 9}, "access"),
    ({"access": "free"}, "settle"),
    ({"seen_at": NOW - DAY}, "duplicate"),
    ({"headline": "Short", "body": "short"}, "entries"),
]
"""What to cure next -> the rule that then keeps it out."""


@pytest.mark.parametrize("n_cured", range(len(STEPS)))
def test_the_rules_act_in_their_order(n_cured):
    keys = {
        "id": 1,
        "headline": "The wall",
        "change": "gone",
        "robots": ["noindex"],
        "access": "paid",
        "word_count": 1,
        "body": TEXT,
    }
    for step, _ in STEPS[: n_cured + 1]:
        keys |= step
    number, body = keys.pop("id"), keys.pop("body")
    best = make_summary(3, headline="A wall", word_count=9, tags=["x"], age=2 * DAY, comment_count=9)
    sketches = {number: sketch_text(body), 3: sketch_text(TEXT)}
    facts = Facts(
        query_matches=frozenset([2, 3]),
        sketches={each: sketch for each, sketch in sketches.items() if sketch},
    )
    digest = make_digest(
        select={"min_words": 5, "tags": ["x"], "query": "y"},
        settle="2h",
        limits={"entries": 1},
        rank={"freshness": 0},
    )
    selection = select([make_summary(number, **{"age": HOUR} | keys), best], digest, now=NOW, facts=facts)
    assert rules(selection) == {number: STEPS[n_cured][1]}


# Settling


@pytest.mark.parametrize(
    ("settle", "said"),
    [("12h", "12 hours"), ("1d", "1 day"), ("90m", "90 minutes"), ("2w", "14 days"), ("90s", "90 seconds"), ("1.5s", "1.5 seconds")],
)  # fmt: skip
def test_a_story_that_waits_says_how_long_in_whole_units(settle, said):
    assert to_span(parse_duration(settle)) == said


def test_a_story_waits_until_it_has_settled():
    digest = make_digest(settle="12h")
    selection = select([make_summary(1, age=11 * HOUR), make_summary(2, age=12 * HOUR)], digest, now=NOW)
    assert (ids(selection.chosen), rules(selection)) == ([2], {1: "settle"})


def test_a_story_seen_by_a_clock_that_ran_ahead_waits_once_only():
    digest = make_digest(settle="12h")
    article = make_summary(1, age=-900 * DAY)
    first = select([article], digest, now=NOW)
    [entry] = decide_ledger(first, digest, now=NOW, facts=Facts(), ceiling_id=1).waiting
    assert entry.considered_at == NOW
    later = select([article], digest, now=NOW + WEEK, facts=Facts(ledger={1: entry}))
    assert (rules(first), ids(later.chosen)) == ({1: "settle"}, [1])


def test_without_settle_a_story_of_the_future_is_in_at_once():
    assert ids(select([make_summary(1, age=-DAY)], make_digest(), now=NOW).chosen) == [1]


# Scores


def test_scores_lie_between_nothing_and_one_and_say_what_they_were_read_from():
    articles = [
        make_summary(
            number,
            comment_count=number * 3,
            like_count=number,
            insights=[Insight(kind="top_insight", label="Eye opening", count=number)],
            age=number * DAY,
        )
        for number in range(1, 6)
    ]
    [*chosen] = select(articles, make_digest(), now=NOW).chosen
    for each in chosen:
        assert set(each.scores) == {"freshness", "discussion", "insights", "likes", "length", "editor"}
        assert all(0 <= score.value <= 1 for score in each.scores.values())
        assert each.total == pytest.approx(sum(score.value * score.weight for score in each.scores.values()))
    most = next(each for each in chosen if each.article.id == 5)
    assert (most.scores["likes"].value, most.scores["insights"].value) == (1, 1)
    assert most.scores["discussion"].why == "15 comments, 3 a day"
    assert most.scores["insights"].why == "5 insights"
    assert most.scores["freshness"].why == "appeared 5 days ago"


@pytest.mark.parametrize(
    ("rank", "better", "worse"),
    [
        ("freshness", {"age": DAY}, {"age": 2 * DAY}),
        ("discussion", {"comment_count": 9}, {"comment_count": 8}),
        # The same number of comments in less time.
        ("discussion", {"comment_count": 9, "age": 2 * DAY}, {"comment_count": 9, "age": 4 * DAY}),
        # More are kept than the page prints.
        ("discussion", {"stored_comment_count": 3}, {"comment_count": 2}),
        ("insights", {"insights": [Insight(kind="rating", label="Outstanding")]}, {}),
        ("likes", {"like_count": 1}, {"like_count": 0}),
        ("length", {"word_count": 1000}, {"word_count": 999}),
    ],
)
def test_more_of_what_counts_ranks_higher(rank, better, worse):
    weights = dict.fromkeys(("freshness", "discussion", "insights", "likes", "length"), 0.0) | {rank: 1.0}
    # The better one comes later by every tie-breaker.
    articles = [make_summary(1, **{"age": 3 * DAY} | worse), make_summary(2, **{"age": 3 * DAY} | better)]
    if rank != "freshness":
        articles[1] = make_summary(2, **{"age": 3 * DAY} | better, first_seen_at=NOW - 3 * DAY)
    assert ids(select(articles, make_digest(rank=weights), now=NOW).chosen) == [2, 1]


def test_an_unweighted_score_does_not_count():
    digest = make_digest(rank={"discussion": 0.0})
    articles = [make_summary(1, age=DAY, comment_count=0), make_summary(2, age=2 * DAY, comment_count=500)]
    assert ids(select(articles, digest, now=NOW).chosen) == [1, 2]


@pytest.mark.parametrize("age", [timedelta(0), -DAY, -400 * DAY])
def test_a_date_in_the_future_is_as_fresh_as_the_present_and_no_more(age):
    article = make_summary(1, published_at=NOW - age, published_bounds=(NOW - age, NOW - age), seen_at=NOW)
    [chosen] = select([article], make_digest(), now=NOW).chosen
    assert chosen.scores["freshness"].value == 1


def test_rejected_candidates_have_scores_too():
    digest = make_digest(select={"min_words": 500})
    [rejected] = select([make_summary(1, comment_count=5)], digest, now=NOW).rejected
    assert rejected.scores["discussion"].value == 1
    assert rejected.total > 0


def test_freshness_halves_with_each_period_of_the_digest():
    article = make_summary(1, age=DAY)
    daily, weekly = (
        select([article], make_digest(cadence=cadence), now=NOW).chosen[0].scores["freshness"].value
        for cadence in ("daily", "weekly")
    )
    assert daily == pytest.approx(1 / 2)
    assert weekly == pytest.approx(7 / 8)


# Limits and sections


def test_limits_take_the_best_of_each_author_and_publication():
    articles = [
        make_summary(1, authors=["Ann"], publication="a"),
        make_summary(2, authors=["ANN"], publication="a"),
        make_summary(3, authors=["Bo", "Ann"], publication="b"),
        make_summary(4, authors=["Bo"], publication="a"),
        make_summary(5, authors=["Cy"], publication="a"),
        make_summary(6, publication="b"),
        make_summary(7),
        make_summary(8),
    ]
    digest = make_digest(limits={"entries": 4, "per_author": 1, "per_publication": 2})
    selection = select(articles, digest, now=NOW)
    assert ids(selection.chosen) == [1, 4, 6, 7]
    assert rules(selection) == {2: "per_author", 3: "per_author", 5: "per_publication", 8: "entries"}
    reasons = {each.article.id: each.reason for each in selection.rejected}
    assert reasons[2] == "1 of ANN rank higher"
    assert reasons[5] == "2 of a rank higher"
    assert reasons[8] == "the issue is full with 4"


def test_articles_without_author_or_publication_are_not_limited_together():
    digest = make_digest(limits={"per_author": 1, "per_publication": 1})
    assert len(select([make_summary(n) for n in range(1, 6)], digest, now=NOW).chosen) == 5


def test_an_entry_goes_to_the_first_section_that_fits_and_sections_stand_in_their_order():
    digest = make_digest(
        section=[
            {"title": "Tech", "tags": ["tech", "code"]},
            {"title": "By Ann", "authors": ["Ann"]},
            {"title": "Both", "tags": ["art"], "publications": ["a"]},
        ]
    )
    articles = [
        make_summary(1),
        make_summary(2, tags=["art"], publication="b"),
        make_summary(3, authors=["Ann"]),
        make_summary(4, authors=["Ann"], tags=["Code"]),
        make_summary(5, tags=["art"], publication="a"),
        make_summary(6, tags=["tech"]),
    ]
    chosen = select(articles, digest, now=NOW).chosen
    assert [(each.article.id, each.section) for each in chosen] == [
        (4, "Tech"),
        (6, "Tech"),
        (3, "By Ann"),
        (5, "Both"),
        (1, None),
        (2, None),
    ]


# Editors


def test_a_pin_goes_past_filters_settling_and_limits_and_stands_first():
    digest = make_digest(select={"min_words": 500}, settle="1h", limits={"entries": 1})
    articles = [make_summary(n, word_count=600) for n in (1, 2)] + [
        make_summary(3, word_count=5, age=timedelta(0))
    ]
    selection = select(articles, digest, now=NOW, actions=[make_action(1, "pin", 3)])
    [chosen] = selection.chosen
    assert (chosen.article.id, chosen.is_pinned, chosen.scores["editor"].value) == (3, True, 1)
    assert rules(selection) == {1: "entries", 2: "entries"}


def test_pins_may_overfill_an_issue():
    digest = make_digest(limits={"entries": 1, "per_author": 1})
    articles = [make_summary(n, authors=["Ann"]) for n in range(1, 5)]
    actions = [make_action(1, "pin", 3), make_action(2, "pin", 4)]
    assert ids(select(articles, digest, now=NOW, actions=actions).chosen) == [3, 4]


@pytest.mark.parametrize("fields", [{"change": "gone"}, {"robots": ["noindex"]}])
def test_a_pin_does_not_bring_in_what_may_not_be_shown(fields):
    selection = select(
        [make_summary(1, **fields)], make_digest(), now=NOW, actions=[make_action(1, "pin", 1)]
    )
    assert selection.chosen == ()


def test_a_dropped_candidate_is_out_with_the_name_of_who_did_it():
    [rejected] = select(
        [make_summary(1)], make_digest(), now=NOW, actions=[make_action(1, "drop", 1)]
    ).rejected
    assert (rejected.rule, rejected.reason) == ("dropped", "Ed took it out")


@pytest.mark.parametrize(("verbs", "is_in"), [(("pin", "drop"), False), (("drop", "pin"), True)])
def test_of_two_verdicts_the_later_counts(verbs, is_in):
    actions = [make_action(number, verb, 1) for number, verb in enumerate(verbs, 1)]
    assert bool(select([make_summary(1)], make_digest(), now=NOW, actions=actions).chosen) is is_in


@pytest.mark.parametrize("spent", [{"undone_at": NOW, "undone_by": "Ed"}, {"applied_to": 3}])
def test_an_action_undone_or_used_up_does_nothing(spent):
    selection = select(
        [make_summary(1)], make_digest(), now=NOW, actions=[make_action(1, "drop", 1, **spent)]
    )
    assert ids(selection.chosen) == [1]


def test_a_note_stands_with_its_entry_and_the_later_one_counts():
    actions = [make_action(1, "note", 1, text="First."), make_action(2, "note", 1, text="Read this.")]
    [chosen] = select([make_summary(1)], make_digest(), now=NOW, actions=actions).chosen
    assert chosen.note == "Read this."


def test_an_order_sets_articles_before_the_others_of_their_section():
    digest = make_digest(section=[{"title": "Tech", "tags": ["tech"]}])
    articles = [make_summary(n, tags=["tech"] if n > 3 else []) for n in range(1, 7)]
    actions = [make_action(1, "order", 1, 2, 3), make_action(2, "order", 3, 6, 2)]
    assert ids(select(articles, digest, now=NOW, actions=actions).chosen) == [6, 4, 5, 3, 2, 1]


def test_errata_are_printed_in_the_next_issue():
    actions = [make_action(1, "erratum", 7, number=2, text="It was 1742."), make_action(2, "pin", 1)]
    selection = select([make_summary(1)], make_digest(), now=NOW, actions=actions)
    assert selection.errata == (Erratum(number=2, article_id=7, text="It was 1742."),)


def test_an_issue_uses_up_what_acted_on_it_and_no_more():
    actions = [
        make_action(1, "pin", 1),
        make_action(2, "pin", 9),
        make_action(3, "drop", 2),
        make_action(4, "drop", 9),
        make_action(5, "note", 1, text="In."),
        make_action(6, "note", 9, text="Not yet."),
        make_action(7, "order", 9),
        make_action(8, "erratum", number=1, text="Sorry."),
        make_action(9, "pin", 1, undone_at=NOW),
    ]
    selection = select([make_summary(1), make_summary(2)], make_digest(), now=NOW, actions=actions)
    assert applied_actions(selection, actions) == (1, 3, 5, 7, 8)


@pytest.mark.parametrize("verbs", [("pin", "drop"), ("drop", "pin"), ("pin", "drop", "pin", "drop")])
def test_an_issue_uses_up_what_a_later_word_about_the_article_has_overruled(verbs):
    actions = [make_action(number, verb, 1) for number, verb in enumerate(verbs, start=1)]
    selection = select([make_summary(1), make_summary(2)], make_digest(), now=NOW, actions=actions)
    assert (1 in ids(selection.chosen)) == (verbs[-1] == "pin")
    assert applied_actions(selection, actions) == tuple(range(1, len(verbs) + 1))


# The same story twice


@cache
def corpus():
    return [html_to_text(story.source.read().body_html) for story in bundled_content().stories]


class Editor:
    """Changes texts as people do; the same for the same seed."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.texts = corpus()
        self.words = " ".join(self.texts).split()

    def pick(self):
        return self.chance.choice(self.texts)

    def retype(self, text, share):
        words = text.split()
        for place in self.chance.sample(range(len(words)), max(1, int(len(words) * share))):
            words[place] = self.chance.choice(self.words)
        return " ".join(words)

    def introduce(self, text, share):
        other = self.pick().split()
        return " ".join(other[: int(len(text.split()) * share)] + text.split())

    def cut(self, text, share):
        words = text.split()
        return " ".join(words[: int(len(words) * (1 - share))])

    def next_part(self, text, share):
        sentences = re.split(r"(?<=[.!?])\s+", text)
        for place in self.chance.sample(range(len(sentences)), max(1, round(len(sentences) * share))):
            sentences[place] = self.chance.choice(re.split(r"(?<=[.!?])\s+", self.pick()))
        return " ".join(sentences)


def likeness(one, other):
    return resemblance(sketch_text(one).runs, sketch_text(other).runs)


def test_the_thresholds_lie_between_what_must_meet_and_what_must_not():
    """The measurement that `plugin.selection.duplicates` cites."""
    editor = Editor(1)
    reposted, cut, edited, quoting, strangers = [], [], [], [], []
    for _ in range(300):
        text = editor.pick()
        other = next(each for each in iter(editor.pick, None) if each != text)
        reposted.append(likeness(text, editor.introduce(editor.retype(text, 0.02), 0.1)))
        cut.append(likeness(text, editor.cut(text, 0.2)))
        edited.append(likeness(text, editor.introduce(editor.cut(editor.retype(text, 0.03), 0.1), 0.15)))
        quoting.append(likeness(text, f"{other} {text}"))
        strangers.append(likeness(text, other))
    assert min(reposted) > SAME_STORY
    assert min(cut) > SAME_STORY
    assert median(edited) > SAME_HEADLINE + 0.1
    assert min(edited) > SAME_HEADLINE
    assert max(quoting) < SAME_STORY
    assert max(strangers) < 0.05


def doubles(*stories, issued=(), pinned=()):
    """Return {double: kept} among stories given as (fields, body)."""
    articles = [make_summary(number, **fields) for number, (fields, _) in enumerate(stories, 1)]
    sketches = {number: sketch_text(body) for number, (_, body) in enumerate(stories, 1)}
    known = {number: sketch for number, sketch in sketches.items() if sketch is not None}
    found = find_doubles(articles, sketches=known, issued=issued, pinned=pinned)
    return {each.article.id: each.kept_id for each in found}


A = {"publication": "a", "authors": ["Ann"], "headline": "The wall"}
B = {"publication": "b", "authors": ["Ann"], "headline": "The wall"}
TEXT = corpus()[0]


@pytest.mark.parametrize(
    ("one", "other", "change", "expected"),
    [
        (A, B, lambda editor: TEXT, True),
        (A, B, lambda editor: editor.introduce(editor.retype(TEXT, 0.03), 0.15), True),
        (A, B | {"headline": "A wall of 1742"}, lambda editor: editor.introduce(TEXT, 0.1), True),
        (A, B | {"authors": ["Bo"]}, lambda editor: TEXT.upper().replace("\n\n", " "), True),
        # One author posts twice in one place: under one headline and word for word it is one story, else a series.
        (A, A, lambda editor: TEXT, True),
        (A, A, lambda editor: editor.next_part(TEXT, 0.05), False),
        (A | {"headline": "Open thread 12"}, A | {"headline": "Open thread 13"}, lambda editor: TEXT, False),
        (A, A | {"headline": "Listen to the new episode"}, lambda editor: TEXT, False),
        (A | {"headline": "Week 12"}, B | {"headline": "Week 13"}, lambda editor: TEXT, False),
        (A, A | {"headline": "The wall again"}, lambda editor: editor.next_part(TEXT, 0.05), False),
        (
            A | {"headline": "Week 12"},
            A | {"headline": "Week 13"},
            lambda editor: editor.next_part(TEXT, 0.05),
            False,
        ),
        (
            B | {"headline": "Tide log, Monday"},
            A | {"headline": "Tide Log: Tuesday"},
            lambda editor: editor.next_part(TEXT, 0.05),
            False,
        ),
        (
            B | {"headline": "Part I"},
            A | {"headline": "Part II"},
            lambda editor: editor.next_part(TEXT, 0.05),
            False,
        ),
        # What neither one author nor one place holds together is no series.
        (
            A | {"headline": "Story 4"},
            B | {"headline": "Story 5", "authors": ["Bo"]},
            lambda editor: editor.retype(TEXT, 0.02),
            True,
        ),
        (A, B, lambda editor: f"{editor.texts[1]} {TEXT}", False),
        (A, B, lambda editor: editor.texts[1], False),
    ],
)
def test_one_story_at_two_places_is_one_and_a_series_is_many(one, other, change, expected):
    for seed in range(20):
        found = doubles((one, TEXT), (other, change(Editor(seed))))
        assert found == ({1: 2} if expected else {}), seed


def test_kept_is_the_earliest_and_what_an_editor_pinned():
    early, late = {"age": 3 * DAY}, {"age": DAY}
    assert doubles((A | late, TEXT), (B | early, TEXT), (B | late, TEXT)) == {1: 2, 3: 2}
    assert doubles((A | late, TEXT), (B | early, TEXT), pinned=[1]) == {2: 1}
    assert doubles((A | late, TEXT), (B | early, TEXT), pinned=[1, 2]) == {}
    undated = {"published_at": None, "published_bounds": None, "age": 5 * DAY}
    assert doubles((A | late, TEXT), (B | undated, TEXT)) == {2: 1}


def test_short_bodies_are_never_compared():
    assert doubles((A, "Say what you like."), (B, "Say what you like.")) == {}


def test_texts_in_scripts_without_blanks_are_compared_too():
    text = "東京の夜は長く、灯台の光は遠くまで届く。海の音が聞こえる部屋で、古い手紙を読んでいた。誰も来ない道に雨が降る。"
    assert doubles((A, text), (B, text.replace("古い", "白い"))) == {1: 2}


POEM = "The tide came in at dusk\nand took the letters from the sand;\nwe watched them go."


@pytest.mark.parametrize(
    ("one", "other", "text", "expected"),
    [
        (A, B, POEM, True),
        (A, B, POEM.upper(), True),
        (A, A, POEM, True),
        (A, B, POEM.replace("dusk", "dawn"), False),
        (A, B | {"headline": "Another"}, POEM, False),
    ],
)
def test_a_poem_of_a_few_lines_is_the_same_where_headline_and_words_are(one, other, text, expected):
    assert doubles((one, POEM), (other, text)) == ({1: 2} if expected else {})
    assert doubles((A, "Sign in to read."), (B, "Sign in to read.")) == {}


def test_a_story_that_an_issue_holds_does_not_come_again_from_elsewhere():
    sketch = sketch_text(TEXT)
    issued = IssuedArticle(
        article_id=77,
        number=3,
        headline="The wall",
        publication="a",
        sketch=sketch.runs,
        text_key=sketch.text_key,
    )
    facts = Facts(issued=(issued,), sketches={1: sketch})
    [rejected] = select([make_summary(1, **B)], make_digest(), now=NOW, facts=facts).rejected
    assert (rejected.rule, rejected.same_as_id) == ("duplicate", 77)
    assert rejected.reason == "tells the same story as #77, in issue 3 (100% of the text)"


def test_the_kept_one_names_the_other_places():
    articles = [
        make_summary(1, **B),
        make_summary(2, **A),
        make_summary(3, **A | {"url": None, "canonical_url": None}),
    ]
    sketches = dict.fromkeys((1, 2, 3), sketch_text(TEXT))
    selection = select(articles, make_digest(), now=NOW, facts=Facts(sketches=sketches))
    [chosen] = selection.chosen
    assert (chosen.article.id, [each.id for each in chosen.also_at]) == (3, [2, 1])
    assert rules(selection) == {1: "duplicate", 2: "duplicate"}


def test_two_hundred_copies_are_one_and_a_shared_footer_makes_no_doubles():
    footer = " ".join(f"imprint{n}" for n in range(40))
    editor = Editor(5)
    copies = [(B | {"publication": f"p{n}"}, TEXT) for n in range(200)]
    strangers = [
        (
            A | {"headline": f"H{n}", "publication": f"q{n}"},
            " ".join(editor.chance.choices(editor.words, k=90)) + footer,
        )
        for n in range(200)
    ]
    found = doubles(*copies, *strangers)
    assert set(found.values()) == {200}
    assert len(found) == 199


# The ledger


def considered(number, **keys):
    return LedgerEntry(**{"article_id": number, "considered_at": NOW, "rule": "settle"} | keys)


def decide(articles, digest, *, now=NOW, facts=None, actions=()):
    known = facts or Facts()
    selection = select(articles, digest, now=now, facts=known, actions=actions)
    change = decide_ledger(selection, digest, now=now, facts=known, ceiling_id=99)
    return {entry.article_id: (entry.rule, entry.times_limited) for entry in change.waiting}, set(
        change.settled
    )


def test_what_is_in_is_settled_and_what_a_limit_kept_out_waits():
    waiting, settled = decide([make_summary(1), make_summary(2)], make_digest(limits={"entries": 1}))
    assert (waiting, settled) == ({2: ("entries", 1)}, {1})


@pytest.mark.parametrize(
    ("times", "carry_over", "waits"), [(0, 0, False), (0, 1, True), (1, 1, False), (1, 2, True)]
)
def test_a_limit_keeps_out_for_carry_over_issues_and_no_longer(times, carry_over, waits):
    digest = make_digest(limits={"entries": 1, "carry_over": carry_over})
    facts = Facts(ledger={2: considered(2, times_limited=times)})
    waiting, settled = decide([make_summary(1), make_summary(2)], digest, facts=facts)
    assert (2 in waiting, 2 in settled) == (waits, not waits)


@pytest.mark.parametrize(
    ("fields", "select_keys", "rule"),
    [
        ({"word_count": 5}, {"min_words": 9}, "min_words"),
        ({}, {"tags": ["x"]}, "tags"),
        ({"change": "gone"}, {}, "gone"),
        ({"robots": ["noindex"]}, {}, "robots"),
    ],
)
def test_what_a_filter_kept_out_waits_for_a_window(fields, select_keys, rule):
    digest = make_digest(select=select_keys, window="7d")
    article = make_summary(1, **fields)
    assert decide([article], digest) == ({1: (rule, 0)}, set())
    facts = Facts(ledger={1: considered(1, rule=rule)})
    assert decide([article], digest, facts=facts, now=NOW + WEEK) == ({1: (rule, 0)}, set())
    assert decide([article], digest, facts=facts, now=NOW + WEEK + HOUR) == ({}, {1})


def test_settling_never_ends_in_loss():
    digest = make_digest(settle="100d", window="1d")
    facts = Facts(ledger={1: considered(1)})
    assert decide([make_summary(1)], digest, facts=facts, now=NOW + 50 * DAY) == ({1: ("settle", 0)}, set())


@pytest.mark.parametrize(
    ("actions", "keys"), [([make_action(1, "drop", 1)], {}), ([], {"select": {"publications": ["a"]}})]
)
def test_what_is_dropped_or_of_another_publication_is_settled_at_once(actions, keys):
    assert decide([make_summary(1)], make_digest(**keys), actions=actions) == ({}, {1})


def test_a_double_shares_the_fate_of_the_story_that_stands_for_it():
    sketches = dict.fromkeys((1, 2), sketch_text(TEXT))
    articles = [make_summary(1, **A), make_summary(2, **B, age=DAY), make_summary(3)]
    taken = make_digest(limits={"entries": 5})
    assert decide(articles, taken, facts=Facts(sketches=sketches)) == ({}, {1, 2, 3})
    full = make_digest(limits={"entries": 1}, rank={"freshness": 9})
    waiting, settled = decide(
        [*articles[:2], make_summary(3, age=HOUR)], full, facts=Facts(sketches=sketches)
    )
    assert (waiting, settled) == ({1: ("duplicate", 1), 2: ("entries", 1)}, {3})


def test_a_clock_that_goes_back_moves_the_first_look_back():
    digest = make_digest(select={"tags": ["x"]})
    facts = Facts(ledger={1: considered(1, considered_at=NOW + 900 * DAY)})
    selection = select([make_summary(1)], digest, now=NOW, facts=facts)
    [entry] = decide_ledger(selection, digest, now=NOW, facts=facts, ceiling_id=1).waiting
    assert entry.considered_at == NOW


# The whole


ARTICLES = st.lists(
    st.builds(
        lambda number, hours, words, comments, likes, author, publication, tag, change: make_summary(
            number,
            age=timedelta(hours=hours),
            word_count=words,
            comment_count=comments,
            like_count=likes,
            authors=[author] if author else [],
            publication=publication,
            tags=[tag],
            change=change,
        ),
        st.integers(1, 60),
        st.integers(-50, 500),
        st.integers(0, 900),
        st.none() | st.integers(0, 10**6),
        st.none() | st.integers(0, 10**6),
        st.sampled_from(["Ann", "Bo", None]),
        st.sampled_from(["a", "b", None]),
        st.sampled_from(["x", "y"]),
        st.sampled_from(["new", "substantive", "gone"]),
    ),
    max_size=25,
    unique_by=lambda each: each.id,
)
DIGESTS = st.builds(
    lambda entries, per_author, per_publication, settle, words, pins: (
        make_digest(
            settle=f"{settle}h",
            select={"min_words": words},
            limits={"entries": entries, "per_author": per_author, "per_publication": per_publication},
            section=[{"title": "X", "tags": ["x"]}],
        ),
        [make_action(n, "pin" if n % 2 else "drop", each) for n, each in enumerate(pins, 1)],
    ),
    st.integers(1, 9),
    st.none() | st.integers(1, 3),
    st.none() | st.integers(1, 3),
    st.integers(0, 48),
    st.integers(0, 500),
    st.lists(st.integers(1, 60), max_size=4),
)


@given(ARTICLES, DIGESTS, st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_every_candidate_is_in_or_out_once_and_the_order_given_does_not_matter(articles, definition, chance):
    digest, actions = definition
    selection = select(articles, digest, now=NOW, actions=actions)
    assert sorted(ids(selection.chosen) + ids(selection.rejected)) == sorted(each.id for each in articles)
    shuffled = chance.sample(articles, len(articles))
    assert select(shuffled, digest, now=NOW, actions=actions) == selection
    unpinned = [each for each in selection.chosen if not each.is_pinned]
    assert len(unpinned) <= digest.limits.entries
    for each in (*selection.chosen, *selection.rejected):
        assert all(0 <= score.value <= 1 for score in each.scores.values())
    sections = [each.section for each in selection.chosen]
    assert sections == sorted(sections, key=lambda section: section is None)
    fit = find_fit(articles, digest, now=NOW, facts=Facts(), actions=actions)
    ranked = {"per_author", "per_publication", "entries"}
    assert set(fit) == set(ids(selection.chosen)) | {
        each for each, rule in rules(selection).items() if rule in ranked
    }
