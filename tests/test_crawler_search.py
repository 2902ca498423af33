"""Search finds what a person who reads every text would find, in the same order, on both databases."""

import random
from datetime import timedelta

import pytest

from crawler.errors import QueryError, StoreError
from crawler.records import ArticleRecord, AuthorRef, CommentRecord, Tag, build_record
from crawler.store.queries import is_match, parse_query
from crawler.store.views import ArticleFilter, FrontierEntry, PageSave
from crawler.store.words import MAX_INDEXED_WORDS, fold_words, limit_words, list_words

WORDS = [
    "moss", "wall", "walls", "stone", "dry", "lichen", "lichens", "grow", "slowly", "Café", "naïve", "don’t",
    "x2", "2026", "über", "Straße", "ёлка", "東京", "a", "the", "of", "éclair", "मोस", "قلم", "co-author",
]  # fmt: skip


def make_article(
    number, now, *, headline, body, dek=None, published=None, tags=(), author="Ada Moss", **more
):
    published = published or now - timedelta(days=number % 7, hours=number)
    return build_record(
        ArticleRecord,
        platform="vocal",
        platform_id=f"65a0c0ffee65a0c0ffee{number:04d}",
        url=f"https://vocal.media/01/story-{number}",
        canonical_url=f"https://vocal.media/01/story-{number}",
        headline=headline,
        dek=dek,
        body_text=body,
        authors=[AuthorRef(name=author)],
        tags=[Tag(name=tag) for tag in tags],
        published_at=published,
        published_bounds=(published, published),
        **more,
    )


def make_comment(number, body, *, author="C D"):
    return build_record(
        CommentRecord, platform_id=f"c{number}", position=number, author_name=author, body_text=body
    )


def save(store, now, *articles, comments=()):
    pages = [PageSave(seen_at=now, article=article) for article in articles]
    pages[0] = PageSave(seen_at=now, article=articles[0], comments=tuple(comments))
    return [report.article_id for report in store.save_pages(pages)]


def headlines(store, query, **options):
    listing = store.search.find(query, **({"over": "articles"} | options))
    return [hit.article.headline for hit in listing.items]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Łódź", "lodz"),
        ("Søren Ærø", "soren aero"),
        ("Đorđe", "dorde"),
        ("Iğdır", "igdir"),
        ("œuvre", "OEUVRE"),
    ],
)
def test_letters_without_a_base_letter_are_found_as_people_type_them(store, now, text, query):
    save(store, now, make_article(1, now, headline="A name", body=f"It says {text}."))
    assert headlines(store, query) == headlines(store, text) == ["A name"]


@pytest.fixture
def library(store, now):
    """Five stories with known words."""
    save(
        store,
        now,
        make_article(1, now, headline="Moss on the wall", body="Dry stone, slowly grown.", tags=["Nature"]),
        make_article(2, now, headline="A café in Kyoto", body="Coffee, moss and rain.", author="Jane M. Doe"),
        make_article(
            3, now, headline="Stone dry", dek="Nothing grows", body="Sand.", tags=["nature", "sand"]
        ),
        make_article(
            4, now, headline="Lichens", body="They don’t hurry. Walls wait.", publication="vocal-01"
        ),
        make_article(5, now, headline="東京タワー", body="Ёлка und Straße", language="de"),
        comments=[make_comment(0, "Moss again!"), make_comment(1, "I like walls", author="Jane Doe")],
    )
    return store


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("moss", {1, 2}),
        ("MOSS wall", {1}),
        ("moss OR lichens", {1, 2, 4}),
        ("moss NOT café", {1}),
        ("moss -cafe", {1}),
        ('"dry stone"', {1}),
        ('"stone dry"', {3}),
        ('moss NOT "dry stone"', {2}),
        ("wal*", {1, 4}),
        ('"dry sto*"', set()),
        ('"dry sto"*', {1}),
        ("(moss OR sand) grow*", {1, 3}),
        ("cafe", {2}),
        ("don't", {4}),
        ("dont", set()),
        ("東京", {5}),
        ("京タ", {5}),
        ("елка STRASSE", {5}),
        ("tag:nature", {1, 3}),
        ("tag:NATURE stone", {1, 3}),
        ("NOT tag:nature", {2, 4, 5}),
        ("stone -tag:sand", {1}),
        ('author:"jane doe"', set()),
        ("author:jane", {2}),
        ("publication:vocal-01", {4}),
        ("NOT moss -tag:sand", {4, 5}),
        ("NOT moss NOT stone -tag:sand", {4, 5}),
        ("moss and walls", set()),
        ("headline:moss", set()),
        ("kyoto rain nothing", set()),
    ],
)
def test_a_query_finds_the_stories_that_fulfill_it(library, query, expected):
    listing = library.search.find(query, over="articles")
    assert {hit.article.id for hit in listing.items} == expected


def test_dates_bound_a_search(store, now):
    for number, day in enumerate(("2024-12-31", "2025-01-01", "2025-02-01"), 1):
        published = now.fromisoformat(f"{day}T08:00:00+00:00")
        save(store, now, make_article(number, now, headline=day, body="moss", published=published))
    assert headlines(store, "moss after:2025") == ["2025-02-01", "2025-01-01"]
    assert headlines(store, "moss before:2025") == ["2024-12-31"]
    assert headlines(store, "after:2025-01-01 before:2025-02") == ["2025-01-01"]


def test_newest_come_first_and_pages_follow_each_other(store, now):
    save(store, now, *(make_article(n, now, headline=f"Moss {n}", body="wall") for n in range(1, 40)))
    whole = headlines(store, "moss", limit=100)
    assert whole == [article.headline for article in store.articles.list(limit=100).items]
    paged, after = [], None
    while True:
        listing = store.search.find("moss", over="articles", limit=7, after=after)
        paged += [hit.article.headline for hit in listing.items]
        if (after := listing.next_after) is None:
            break
    assert paged == whole


def test_comments_are_found_with_their_article(library):
    [hit] = library.search.find("again", over="comments").items
    assert (hit.comment.body_text, hit.article.headline) == ("Moss again!", "Moss on the wall")
    assert [
        hit.comment.author_name for hit in library.search.find("walls author:jane", over="comments").items
    ] == ["Jane Doe"]
    assert library.search.find("walls author:nobody", over="comments").items == ()
    both = library.search.find("moss", limit=10).items
    assert [hit.comment is not None for hit in both].count(True) == 1
    assert len(both) == 3


def test_a_merged_search_pages_through_both(store, now):
    comments = [make_comment(n, f"moss {n}") for n in range(25)]
    save(
        store,
        now,
        *(make_article(n, now, headline=f"Moss {n}", body="x") for n in range(1, 20)),
        comments=comments,
    )
    whole = [
        (hit.article.id, hit.comment and hit.comment.id) for hit in store.search.find("moss", limit=100).items
    ]
    paged, after = [], None
    while True:
        listing = store.search.find("moss", limit=6, after=after)
        paged += [(hit.article.id, hit.comment and hit.comment.id) for hit in listing.items]
        if (after := listing.next_after) is None:
            break
    assert paged == whole
    assert len(paged) == 44


def test_relevance_prefers_the_headline(store, now):
    save(
        store,
        now,
        make_article(1, now, headline="Moss", body="Once."),
        make_article(2, now, headline="Other", body="moss " + "filler " * 50, published=now),
    )
    assert headlines(store, "moss") == ["Other", "Moss"]
    assert headlines(store, "moss", order="relevance") == ["Moss", "Other"]


def test_an_edited_story_is_found_by_its_new_words_only(store, now):
    save(store, now, make_article(1, now, headline="Moss", body="old words"))
    later = now + timedelta(days=1)
    save(store, later, make_article(1, now, headline="Moss", body="fresh words"))
    assert headlines(store, "old") == []
    assert headlines(store, "fresh") == ["Moss"]


def test_a_redated_story_keeps_one_entry(store, now):
    save(store, now, make_article(1, now, headline="Moss", body="words", published=now - timedelta(days=9)))
    moved = make_article(1, now, headline="Moss", body="words", published=now - timedelta(days=30))
    save(store, now + timedelta(days=1), moved)
    assert headlines(store, "moss") == ["Moss"]
    assert headlines(store, "moss after:2026-11-10") == []


def test_a_removed_comment_is_not_found(library, now):
    article = make_article(
        1, now, headline="Moss on the wall", body="Dry stone, slowly grown.", comments_complete=True
    )
    library.save_pages(
        [
            PageSave(
                seen_at=now + timedelta(days=1), article=article, comments=(make_comment(0, "Moss again!"),)
            )
        ]
    )
    assert library.search.find("like", over="comments").items == ()
    assert len(library.search.find("again", over="comments").items) == 1


def test_a_gone_story_is_not_found(library, now):
    entry = FrontierEntry("https://vocal.media/01/story-1", "article", "vocal-01", outcome="gone")
    library.save_pages([PageSave(seen_at=now + timedelta(days=1), fetched=entry)])
    assert headlines(library, "wall") == []


def test_lists_take_a_query_too(library):
    wanted = ArticleFilter(query="moss OR tag_less", tags=("nature",))
    assert [article.id for article in library.articles.list(wanted).items] == [1]
    assert library.articles.count(ArticleFilter(query="moss")) == 2
    assert {article.id for article in library.articles.iterate(ArticleFilter(query="stone"))} == {1, 3}
    oldest = library.articles.list(ArticleFilter(query="moss"), newest_first=False).items
    newest = library.articles.list(ArticleFilter(query="moss")).items
    assert [article.id for article in oldest] == [article.id for article in newest][::-1]


@pytest.mark.parametrize(
    "query",
    [
        "", "   ", "!!!", '""', "()", "NOT", "NOT moss", "moss OR NOT wall", "(NOT moss)", "(moss", "moss)",
        "a*", "tag:", 'tag:""', "after:yesterday", "after:2026-13", "NOT after:2026", "moss OR tag:x",
        "(tag:x)", "x " * 100, "y" * 2_000, "(" * 30 + "moss" + ")" * 30,
    ],
)  # fmt: skip
def test_what_can_not_be_understood_is_an_error(query):
    with pytest.raises(QueryError):
        parse_query(query)


@pytest.mark.parametrize(
    "part",
    ["wall", "wa*", '"dry stone wall"', "(wall OR fen)", 'author:"Ada Moss"', "author:Ada", "tag:nature"],
)
def test_a_minus_means_not_whatever_follows(part):
    assert parse_query(f"moss -{part}") == parse_query(f"moss NOT {part}")
    assert parse_query(f"(moss) -{part} fen") == parse_query(f"(moss) NOT {part} fen")
    assert parse_query("moss rock-n-roll - fen-land") == parse_query('moss "rock n roll" "fen land"')


def test_a_minus_alone_takes_from_nothing():
    for query in ('-"dry stone"', "-(wall OR fen)", "-wall"):
        with pytest.raises(QueryError, match="take away from"):
            parse_query(query)


def test_a_search_says_what_is_wrong(store):
    with pytest.raises(QueryError, match="parenthesis"):
        store.search.find("(moss")


@pytest.mark.parametrize(
    "query",
    [
        "'; DROP TABLE article; --", '" OR 1=1', 'moss" AND "', "moss'", "a\\'b", "moss:*", "*moss", "^moss",
        "{moss}", "NEAR(moss wall, 3)", "moss AND", "OR moss", "AND AND moss", "rowid:1", "headline : moss",
        "%", "moss%", "m_ss", "\x00moss", "moss\ud800", "\u202emoss", "mo\u0301ss" * 30, "moss & wall | !x",
        "<-> moss", "moss:A", "tag:'x'", "author:%", "tag:x\\", "publication:';--", "\ufdfa", "İstanbul",
        "article_words", "-", "--moss", "((moss))", "moss*wall", '"moss', '"moss"wall',
    ],
)  # fmt: skip
def test_a_hostile_query_is_an_error_or_finds_nothing_wrong(library, query):
    try:
        found = library.search.find(query)
    except QueryError:
        return
    for hit in found.items:
        fields = [hit.comment.body_text] if hit.comment else [hit.article.headline, *_texts(library, hit)]
        assert is_match(parse_query(query).expression, [fold_words(field) for field in fields])
    assert library.articles.count() == 5


def _texts(store, hit):
    article = store.articles.get(hit.article.id)
    return [article.dek or "", article.body_text]


def _random_query(rng, depth=0):
    def term():
        word = rng.choice(WORDS)
        kind = rng.random()
        if kind < 0.2:
            return f'"{word} {rng.choice(WORDS)}"'
        return word[:3] + "*" if kind < 0.4 and len(word) > 3 else word

    parts = [
        f"({_random_query(rng, depth + 1)})" if depth < 2 and rng.random() < 0.25 else term()
        for _ in range(rng.randint(1, 3))
    ]
    text = rng.choice([" ", " AND ", " OR "]).join(parts)
    return f"({text}) NOT {term()}" if rng.random() < 0.3 else text


def test_random_queries_find_what_reading_every_text_finds(store, now):
    rng = random.Random(7)
    articles = [
        make_article(
            n,
            now,
            headline=" ".join(rng.choices(WORDS, k=4)),
            dek=" ".join(rng.choices(WORDS, k=3)),
            body=" ".join(rng.choices(WORDS, k=rng.randint(0, 12))),
        )
        for n in range(1, 200)
    ]
    save(store, now, *articles)
    views = sorted(store.articles.iterate(), key=lambda view: (view.published_at, view.id), reverse=True)
    texts = [
        (view.id, [fold_words(text or "") for text in (view.headline, view.dek, view.body_text)])
        for view in views
    ]
    n_found = 0
    for _ in range(300):
        query = _random_query(rng)
        expression = parse_query(query).expression
        expected = [each for each, fields in texts if is_match(expression, fields)]
        found = [hit.article.id for hit in store.search.find(query, over="articles", limit=500).items]
        assert found == expected, query
        n_found += len(found)
    assert n_found > 1_000


def test_a_place_that_no_search_gave_is_an_error(store):
    with pytest.raises(StoreError, match="not a place"):
        store.search.find("moss", after="'; --")


def test_a_text_beyond_every_bound_is_kept_and_found_by_its_start(store, now):
    body = "start " + " ".join(f"w{n}" for n in range(40_000)) + " end " + "z" * 5_000 + " 漢" * 90_000
    save(store, now, make_article(1, now, headline="Long", body=body))
    assert headlines(store, "start w15") == ["Long"]
    assert headlines(store, "end") == []
    assert store.articles.get(1).body_text == body


def test_words_are_limited_by_number_and_bytes():
    assert len(limit_words(" ".join(["ab"] * 20_000)).split()) == MAX_INDEXED_WORDS
    wide = limit_words(" ".join(["漢" * 40] * 10_000))
    assert len(wide.encode()) <= 250_000
    assert set(wide.split()) == {"漢" * 40}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zerowidth"]),
        ("e\u0301tude", ["etude"]),
        ("ﬁne ½ №5", ["fine", "1", "2", "no5"]),
        ("한국어 검색", ["한국어", "검색"]),
        ("हिन्दी", ["हिन्दी"]),
        ("snake_case C++ 3.14", ["snake", "case", "c", "3", "14"]),
        ("x" * 50, ["x" * 40]),
        ("\ud800a", ["a"]),
    ],
)
def test_words_of_every_script(text, words):
    assert list_words(text) == words
