"""From articles to entries, issues and feeds: what is shown, what rights forbid, what every link leads to."""

import re
from datetime import timedelta

import pytest

from crawler.records import AuthorRef, Community, Image, Insight, Tag
from crawler.store.views import AuthorView
from plugin.composing import (
    MAX_ENTRIES,
    archive_feed,
    article_guid,
    author_feed,
    comments_feed,
    compose_issue,
    count_parts,
    digest_feed,
    is_republishable,
    issue_to_feed,
    issues_feed,
    publication_feed,
    search_feed,
    tag_feed,
    to_entry,
    to_page_entry,
)
from plugin.composing.entries import to_also_at
from plugin.digests import Content
from plugin.formats import get_format
from plugin.formats.pages import Frame, render_digest_page, render_index_page
from plugin.formats.threads import comment_anchor
from plugin.formats.wording import GONE_TEXT
from plugin.issues import AlsoAt, Erratum, Feed, Issue, IssueSummary
from plugin.selection import select
from tests.curating import LIBRARY, NOW, make_action, make_comment, make_digest, make_publication, make_view

DAY = timedelta(days=1)
TAG = "tag:gleanings.invalid,2026-11-01:0123456789ab"
FULL = make_publication(rights="full")
LONG = "\n\n".join(
    f"Paragraph {n} tells of the wall. " + "Stone by stone it went up. " * 5 for n in range(6)
).strip()


def entry_of(article, *, publication=None, comments=(), **content):
    return to_entry(
        article,
        library=LIBRARY,
        content=Content(**content),
        publication=publication,
        comments=comments,
    )


# Entries


def test_an_entry_names_everything_that_is_known():
    article = make_view(
        7,
        dek="A standfirst.",
        byline="By Ann Moss",
        authors=[AuthorRef(name="Ann Moss", url="https://site.example/ann"), AuthorRef(name="Bo")],
        author_ids=[None, 12],
        community=Community(name="01", url="https://site.example/01"),
        publication="site",
        published_text="11 months ago",
        hero=Image(url="https://site.example/a.jpg", alt="A wall"),
        tags=[Tag(name="Walls")],
        badges=["Top Story"],
        insights=[Insight(kind="rating", label="Outstanding")],
        reading_minutes=2,
        like_count=16,
        comment_count=9,
        stored_comment_count=2,
        license="CC-BY-4.0",
        rights_line="© 2026 Ann Moss",
        changed_at=NOW - DAY,
    )
    entry = entry_of(article, publication=make_publication())
    assert entry.guid == f"{TAG}/articles/7"
    assert (entry.url, entry.page_url) == ("https://site.example/story-7", "/articles/7/")
    assert (entry.publication_name, entry.publication_url) == ("Site", "https://site.example/")
    assert entry.author_page_urls == (None, "/authors/12/")
    assert (entry.author_page_url, entry.comments_url) == ("/authors/12/", "/articles/7/#discussion")
    assert entry.comments_feed_url == "/articles/7/comments.atom"
    assert (entry.updated_at, entry.comment_count, entry.language) == (NOW - DAY, 9, "en")
    for name in (
        "headline",
        "dek",
        "byline",
        "community",
        "published_at",
        "published_text",
        "hero",
        "like_count",
    ):
        assert getattr(entry, name) == getattr(article, name)
    for name in ("authors", "tags", "badges", "insights"):
        assert getattr(entry, name) == tuple(getattr(article, name))
    assert (entry.license, entry.rights_line) == ("CC-BY-4.0", "© 2026 Ann Moss")


def test_what_is_not_known_is_none_and_never_made_up():
    article = make_view(1, url=None, canonical_url=None, published_at=None, published_bounds=None)
    entry = entry_of(article)
    for name in (
        "url",
        "dek",
        "byline",
        "community",
        "publication_name",
        "published_at",
        "language",
        "hero",
        "license",
    ):
        assert getattr(entry, name) is None
    assert entry.authors == ()


def test_an_excerpt_keeps_whole_words_and_closes_every_element():
    article = make_view(1, body_text=LONG)
    entry = entry_of(article, words=40)
    assert entry.summary_text.endswith("…")
    words = entry.summary_text.removesuffix("…").split()
    assert words == LONG.split()[:40]
    opened, closed = re.findall(r"<(\w+)", entry.summary_html), re.findall(r"</(\w+)", entry.summary_html)
    assert sorted(opened) == sorted(closed)


@pytest.mark.parametrize(
    ("words", "expected"),
    [("one two three four", "one two…"), ("one", "one"), ("", ""), ("one two three", "one…")],
)
def test_an_excerpt_never_holds_more_than_half_of_a_short_piece(words, expected):
    """Else a poem of fifty words would be republished whole."""
    entry = entry_of(make_view(1, body_text=words), words=80)
    assert entry.summary_text == expected
    if len(words.split()) > 1:
        assert words not in entry.summary_html


def test_a_publication_that_gives_full_rights_is_excerpted_by_words_only():
    assert entry_of(make_view(1, body_text="one two three"), publication=FULL).summary_text == "one two three"


@pytest.mark.parametrize("separator", ["", "。"])
def test_an_excerpt_of_a_script_without_blanks_is_an_excerpt(separator):
    body = separator.join("東京の夜は長く灯台の光は遠くまで届く" for _ in range(40))
    article = make_view(1, body_text=body, word_count=len(body))
    entry = entry_of(article, words=80)
    assert len(entry.summary_text) < len(body) / 2
    assert len(entry.summary_html) < len(body) / 2


@pytest.mark.parametrize("unit", ["ไทยเป็นภาษาที่ไม่มีช่องว่างระหว่างคำ", "e\u0301", "👩\u200d👩\u200d👧", "x"])
@pytest.mark.parametrize("publication", [FULL, make_publication()])
def test_an_endless_word_is_cut_between_characters(unit, publication):
    article = make_view(1, body_text=unit * 2_000, word_count=1)
    entry = entry_of(article, words=20, publication=publication)
    cut = entry.summary_text.removesuffix("…")
    assert 100 < len(cut) < 400
    assert len(entry.summary_html) < 400
    if unit != "ไทยเป็นภาษาที่ไม่มีช่องว่างระหว่างคำ":
        assert cut == unit * (len(cut) // len(unit))


def test_half_of_a_piece_is_counted_in_the_text_and_not_as_some_import_said():
    body = "東京の夜は長く灯台の光は遠くまで届く。" * 20
    entry = entry_of(make_view(1, body_text=body, word_count=1), words=80)
    assert entry.summary_text == body[:80] + "…"


@pytest.mark.parametrize(
    ("mode", "publication", "fields", "is_whole"),
    [
        ("full", FULL, {}, True),
        ("excerpt", FULL, {}, False),
        ("full", make_publication(), {}, False),
        ("full", None, {}, False),
        ("full", FULL, {"access": "members"}, False),
        ("full", FULL, {"access": "paid"}, False),
        ("full", FULL, {"robots": ["noarchive"]}, False),
        ("full", FULL, {"robots": ["follow, NOARCHIVE"]}, False),
        ("full", FULL, {"robots": ["nosnippet"]}, False),
        ("full", FULL, {"robots": ["max-snippet:50"]}, False),
        ("full", FULL, {"robots": ["max-snippet:-1"]}, True),
        ("full", FULL, {"robots": ["nofollow"]}, True),
        ("full", FULL, {"body_text": ""}, False),
    ],
)
def test_the_whole_body_is_shown_only_where_everyone_agrees(mode, publication, fields, is_whole):
    article = make_view(1, **{"body_text": LONG} | fields)
    entry = entry_of(article, publication=publication, mode=mode)
    assert (entry.content_html == article.body_html) is is_whole
    assert (entry.content_html is None) is not is_whole


@pytest.mark.parametrize(
    ("robots", "text"),
    [
        (["nosnippet"], ""),
        (["max-snippet:0"], ""),
        (["max-snippet:11"], "Paragraph…"),
        (["max-snippet:12"], "Paragraph 0…"),
        (["max-snippet:-1"], None),
        (["max-snippet:99999"], None),
        (["max-snippet:20", "nosnippet"], ""),
    ],
)
def test_a_page_may_limit_what_is_quoted_of_it(robots, text):
    article = make_view(1, body_text=LONG, robots=robots)
    entry = entry_of(article, comments=[make_comment(1)])
    plain = entry_of(make_view(1, body_text=LONG), comments=[make_comment(1)])
    if text is None:
        assert entry.summary_text == plain.summary_text
        return
    assert (entry.summary_text, entry.comments) == (text, ())
    assert entry.summary_html == (f"<p>{text}</p>" if text else "")


def test_a_page_may_keep_its_picture():
    hero = Image(url="https://site.example/a.jpg")
    assert entry_of(make_view(1, hero=hero, robots=["noimageindex"])).hero is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"robots": ["noarchive"]}, True),
        ({"robots": ["NoIndex"]}, False),
        ({"change": "gone"}, False),
    ],
)
def test_what_may_stand_in_a_feed_at_all(fields, expected):
    assert is_republishable(make_view(1, **fields)) is expected


# Comments


def test_the_best_comments_are_quoted_with_their_authors():
    comments = [
        make_comment(1, "Short."),
        make_comment(2, "Liked.", like_count=5, author_url="https://site.example/c"),
        make_comment(3, "An answer.", parent_id="c1", like_count=99),
        make_comment(4, "", like_count=50),
        make_comment(5, "Removed.", state="removed", like_count=50),
        make_comment(6, "A somewhat longer thought."),
        make_comment(7, "Answers a lost one.", parent_id="gone", like_count=3),
    ]
    content = Content(comments=4)
    entry = to_entry(make_view(1), library=LIBRARY, content=content, comments=comments)
    assert [(each.author_name, each.body_text) for each in entry.comments] == [
        ("Reader 2", "Liked."),
        ("Reader 7", "Answers a lost one."),
        ("Reader 1", "Short."),
        ("Reader 6", "A somewhat longer thought."),
    ]
    assert entry.comments[0].guid == f"{TAG}/comments/2"
    assert entry.comments[0].author_url == "https://site.example/c"


def test_a_quoted_comment_is_cut_after_sixty_words():
    content = Content(comments=1)
    comments = [make_comment(1, "word " * 100)]
    [quoted] = to_entry(make_view(1), library=LIBRARY, content=content, comments=comments).comments
    assert len(quoted.body_text.split()) == 60
    assert quoted.body_html.endswith("…</p>")
    comments = [make_comment(1, "春" * 100)]
    [quoted] = to_entry(make_view(1), library=LIBRARY, content=content, comments=comments).comments
    assert (quoted.body_text, quoted.body_html) == ("春" * 60 + "…", f"<p>{'春' * 60}…</p>")


def test_an_article_page_holds_the_whole_thread_and_as_much_of_the_body_as_its_rights_allow():
    comments = [
        make_comment(1, "Top.", state="removed"),
        make_comment(2, "Answer.", parent_id="c1"),
        make_comment(3, "Answer to that.", parent_id="c2"),
        make_comment(4, "Lost.", parent_id="nowhere"),
    ]
    entry = to_page_entry(make_view(1, body_text=LONG), library=LIBRARY, publication=FULL, comments=comments)
    assert [(each.depth, each.body_text) for each in entry.comments] == [
        (0, ""),
        (1, "Answer."),
        (2, "Answer to that."),
        (0, "Lost."),
    ]
    assert entry.comments[2].parent_guid == entry.comments[1].guid
    assert entry.content_html is not None
    assert to_page_entry(make_view(1, body_text=LONG), library=LIBRARY).content_html is None


# Issues


def make_issue(number=1, numbers=(1, 2), *, digest=None, **keys):
    digest = digest or make_digest(**keys)
    articles = {each: make_view(each, body_text=LONG, publication="site", community="01") for each in numbers}
    return compose_issue(
        select(articles.values(), digest, now=NOW),
        digest,
        number=number,
        made_at=NOW + number * DAY,
        articles=articles,
        comments={},
        publications={"site": make_publication()},
        library=LIBRARY,
    )


def test_an_issue_is_composed_of_its_selection():
    digest = make_digest(
        description="What was new.",
        link="https://me.example/",
        language="en",
        section=[{"title": "Tech", "tags": ["x"]}],
    )
    articles = {1: make_view(1, tags=["x"]), 2: make_view(2)}
    actions = [
        make_action(1, "note", 2, text="Read it."),
        make_action(2, "erratum", number=3, text="It was 1742."),
    ]
    selection = select(articles.values(), digest, now=NOW, actions=actions)
    issue = compose_issue(
        selection,
        digest,
        number=4,
        made_at=NOW,
        articles=articles,
        comments={1: [make_comment(1, "Yes.")]},
        publications={},
        library=LIBRARY,
    )
    assert (issue.guid, issue.title) == (f"{TAG}/digests/ai/4", "AI this week, No. 4")
    assert (issue.digest_title, issue.description, issue.link, issue.language) == (
        "AI this week",
        "What was new.",
        "https://me.example/",
        "en",
    )
    assert [(each.article_id, each.section, each.note) for each in issue.entries] == [
        (1, "Tech", None),
        (2, None, "Read it."),
    ]
    assert [each.body_text for each in issue.entries[0].comments] == ["Yes."]
    assert issue.errata == (Erratum(number=3, text="It was 1742."),)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"publication": "site", "community": "01"}, "Site"),
        ({"community": "01"}, "01"),
        ({}, "site.example"),
    ],
)
def test_other_places_are_named_as_people_know_them(fields, name):
    from plugin.selection.results import Chosen, Selection

    view, other = make_view(1), make_view(2, **fields)
    selection = Selection(chosen=(Chosen(view, {}, 0.0, also_at=(other,)),))
    issue = compose_issue(
        selection,
        make_digest(),
        number=1,
        made_at=NOW,
        articles={1: view},
        comments={},
        publications={"site": make_publication()},
        library=LIBRARY,
    )
    [place] = issue.entries[0].also_at
    assert (place.publication, place.url, place.article_id) == (name, "https://site.example/story-2", 2)


def test_a_place_without_an_address_is_no_other_place():
    assert to_also_at(make_view(1, url=None, canonical_url=None), None) is None


# Feeds


def links(feed):
    return [(link.rel, link.href) for link in feed.links]


def test_the_feed_of_an_issue_knows_its_neighbors():
    feed = issue_to_feed(make_issue(2), latest_number=3)
    assert (feed.title, feed.issue_number, feed.updated_at) == ("AI this week", 2, NOW + 2 * DAY)
    assert (feed.previous_issue_url, feed.next_issue_url) == ("/digests/ai/1/", "/digests/ai/3/")
    assert links(feed) == [
        ("alternate", "/digests/ai/2/"),
        ("alternate", "/digests/ai/feed.atom"),
        ("alternate", "/digests/ai/feed.rss"),
        ("alternate", "/digests/ai/feed.json"),
    ]
    alone = issue_to_feed(make_issue(1), offered=["rss"])
    assert (alone.previous_issue_url, alone.next_issue_url) == (None, None)
    assert links(alone)[1:] == [("alternate", "/digests/ai/feed.rss")]


@pytest.mark.parametrize(
    ("zone", "hour", "day"),
    [
        ("UTC", 22, "23 November 2026"),
        ("Asia/Tokyo", 22, "24 November 2026"),
        ("Pacific/Auckland", 11, "24 November 2026"),
        ("America/Los_Angeles", 3, "22 November 2026"),
    ],
)
def test_an_issue_is_dated_by_the_day_of_its_digests_zone(zone, hour, day):
    articles = {1: make_view(1)}
    digest = make_digest(timezone=zone)
    made_at = NOW.replace(hour=hour)
    issue = compose_issue(
        select(articles.values(), digest, now=NOW),
        digest,
        number=1,
        made_at=made_at,
        articles=articles,
        comments={},
        publications={},
        library=LIBRARY,
    )
    series = issues_feed(digest, [issue], library=LIBRARY)
    for name in ("html", "markdown", "text"):
        assert f"No. 1 · {day}" in get_format(name).render(issue_to_feed(issue), base_url="").content.decode()
    frame = Frame("/digests/ai/", prefix="")
    for page in (render_digest_page(series, frame), render_index_page([series], frame)):
        assert day in page
    atom = get_format("atom").render(series, base_url="").content.decode()
    assert f"<published>2026-11-23T{hour:02}:00:00+00:00</published>" in atom
    assert (issue.made_at, issue_to_feed(issue).updated_at) == (made_at, made_at)


def test_a_digest_feed_holds_the_newest_issues_and_says_where_the_rest_is():
    issues = [make_issue(n, range(20 * n, 20 * n + 20), limits={"entries": 20}) for n in (5, 4, 3, 2, 1)]
    feed = digest_feed(make_digest(), issues, library=LIBRARY, extension="rss")
    assert len(feed.entries) == 40
    assert feed.guid == f"{TAG}/digests/ai"
    assert links(feed) == [
        ("self", "/digests/ai/feed.rss"),
        ("alternate", "/digests/ai/"),
        ("alternate", "/digests/ai/feed.atom"),
        ("alternate", "/digests/ai/feed.json"),
        ("prev-archive", "/digests/ai/archive/3.atom"),
    ]
    assert feed.updated_at == NOW + 5 * DAY


def test_a_digest_feed_of_one_huge_issue_is_cut_and_points_to_the_rest_of_it():
    issue = make_issue(1, range(1, 80), limits={"entries": 80})
    feed = digest_feed(make_digest(), [issue], library=LIBRARY)
    assert feed.entries == issue.entries[:MAX_ENTRIES]
    assert feed.link("prev-archive") == "/digests/ai/archive/1-2.atom"


def test_a_digest_without_archive_documents_leads_to_none():
    issue = make_issue(1, range(1, 80), limits={"entries": 80})
    feed = digest_feed(make_digest(), [issue], library=LIBRARY, extension="rss", offered=["rss", "json"])
    assert feed.link("prev-archive") is None


def test_a_digest_of_single_stories_says_where_the_rest_is():
    issues = [make_issue(n, [n], limits={"entries": 1}) for n in range(MAX_ENTRIES + 2, 0, -1)]
    feed = digest_feed(make_digest(), issues[: MAX_ENTRIES + 1], library=LIBRARY)
    assert len(feed.entries) == MAX_ENTRIES
    assert feed.link("prev-archive") == "/digests/ai/archive/2.atom"


def test_a_digest_without_issues_has_an_empty_feed():
    for feed in (
        digest_feed(make_digest(), [], library=LIBRARY),
        issues_feed(make_digest(), [], library=LIBRARY),
    ):
        assert (feed.entries, feed.updated_at) == ((), LIBRARY.created_at)
        assert feed.link("prev-archive") is None


def test_a_takedown_moves_the_feed_it_stands_in():
    issue = make_issue()
    gone = issue.entries[0].model_copy(update={"is_gone": True, "updated_at": NOW + 99 * DAY})
    issue = issue.model_copy(update={"entries": (gone, *issue.entries[1:])})
    assert digest_feed(make_digest(), [issue], library=LIBRARY).updated_at == NOW + 99 * DAY
    [entry] = issues_feed(make_digest(), [issue], library=LIBRARY).entries
    assert entry.updated_at == NOW + 99 * DAY
    assert gone.headline not in entry.summary_text


def test_a_series_has_one_entry_an_issue():
    issue = make_issue(3, section=[{"title": "A & B"}])
    feed = issues_feed(
        make_digest(), [issue], library=LIBRARY, extension="json", older_url="/digests/ai/?after=3"
    )
    [entry] = feed.entries
    assert (entry.guid, entry.page_url, entry.headline) == (
        issue.guid,
        "/digests/ai/3/",
        "AI this week, No. 3",
    )
    assert (entry.published_at, entry.updated_at) == (issue.made_at, issue.made_at)
    assert entry.summary_text == "Story 1 · Story 2"
    assert entry.summary_html == "<ul><li>Story 1</li><li>Story 2</li></ul>"
    assert entry.content_html.startswith(
        '<h2>A &amp; B</h2><h3><a href="https://site.example/story-1">Story 1</a></h3>'
    )
    assert links(feed)[0] == ("self", "/digests/ai/issues.json")
    entry = issue.entries[0].model_copy(update={"url": None, "authors": (AuthorRef(name="A <B>"),)})
    imported = issue.model_copy(update={"entries": (entry,)})
    [entry] = issues_feed(make_digest(), [imported], library=LIBRARY).entries
    assert entry.content_html.startswith("<h2>A &amp; B</h2><h3>Story 1</h3><p>By A &lt;B&gt; · ")
    assert feed.link("next") == "/digests/ai/?after=3"


def test_an_issue_in_a_series_names_what_every_entry_names_and_what_editors_said():
    issue = make_issue()
    first, second = issue.entries
    changed = {
        "note": "Read <this>.",
        "section": "Gates",
        "license": "CC-BY-4.0",
        "also_at": (AlsoAt(publication="Elsewhere", url="https://else.example/1"),),
    }
    gone = {"is_gone": True, "section": None, "headline": "Taken down", "summary_html": ""}
    issue = issue.model_copy(
        update={
            "entries": (first.model_copy(update=changed), second.model_copy(update=gone)),
            "errata": (Erratum(number=2, text="It was <her> book."),),
        }
    )
    [entry] = issues_feed(make_digest(), [issue], library=LIBRARY).entries
    content = entry.content_html
    parts = (
        "Correction to No. 2:</strong> It was &lt;her&gt; book.",
        "<h2>Gates</h2>",
        "Editor’s note:</strong> Read &lt;this&gt;.",
        '<a href="https://site.example/">Site</a>',
        first.summary_html,
        '<a href="https://site.example/story-1">Read the original</a>',
        '<a href="https://else.example/1">Elsewhere</a>',
        "CC BY 4.0",
        "<hr>",
        GONE_TEXT,
    )
    places = [content.index(part) for part in parts]
    assert places == sorted(places)
    assert entry.rights_line == "Every story belongs to its author."


def test_an_archive_document_is_chained_to_its_neighbors():
    digest = make_digest()
    feed = archive_feed(digest, make_issue(2), library=LIBRARY, next_issue=summary_of(make_issue(3)))
    assert feed.is_archive
    assert feed.guid == digest_feed(digest, [], library=LIBRARY).guid
    assert links(feed) == [
        ("self", "/digests/ai/archive/2.atom"),
        ("alternate", "/digests/ai/2/"),
        ("current", "/digests/ai/feed.atom"),
        ("prev-archive", "/digests/ai/archive/1.atom"),
        ("next-archive", "/digests/ai/archive/3.atom"),
    ]
    first = archive_feed(digest, make_issue(1), library=LIBRARY)
    assert (first.link("prev-archive"), first.link("next-archive")) == (None, None)


def summary_of(issue: Issue) -> IssueSummary:
    return IssueSummary(
        digest=issue.digest,
        number=issue.number,
        guid=issue.guid,
        title=issue.title,
        made_at=issue.made_at,
        entry_count=len(issue.entries),
    )


def archives_of(issues: list[Issue]) -> dict[str, Feed]:
    """Return every archive document of a digest by its address."""
    newer = [*map(summary_of, issues[1:]), None]
    found = [
        archive_feed(make_digest(), issue, part=part, library=LIBRARY, next_issue=following)
        for issue, following in zip(issues, newer, strict=True)
        for part in range(1, count_parts(len(issue.entries)) + 1)
    ]
    return {feed.link("self"): feed for feed in found}


@pytest.mark.parametrize(
    "sizes",
    [
        *([n] for n in (1, 50, 51, 120)),
        [30] * 7,
        [50, 50, 1],
        [120, 1],
        [1, 120],
        [51, 120, 50, 1, 7, 101],
    ],
    ids=str,
)
def test_a_reader_of_the_whole_archive_meets_every_entry_once_and_no_document_changes(sizes):
    """RFC 5005, section 4: at each time, from the feed backward, then forward again."""
    issues: list[Issue] = []
    published: dict[str, Feed] = {}
    begin = 1
    for number, size in enumerate(sizes, start=1):
        issues.append(make_issue(number, range(begin, begin + size), limits={"entries": size}))
        begin += size
        archives = archives_of(issues)
        for address, feed in published.items():
            kept = [link for link in archives[address].links if link.rel != "next-archive"]
            assert kept == [link for link in feed.links if link.rel != "next-archive"]
            assert archives[address].model_copy(update={"links": feed.links}) == feed
        published = archives

        feed = digest_feed(make_digest(), issues[::-1], library=LIBRARY)
        chain = [feed]
        while (href := chain[-1].link("prev-archive")) is not None:
            chain.append(archives[href])
        assert all(0 < len(each.entries) <= MAX_ENTRIES for each in chain)
        met = [entry.guid for each in chain for entry in each.entries]
        assert met == [entry.guid for issue in reversed(issues) for entry in issue.entries]
        assert sorted(met) == sorted(article_guid(LIBRARY, n) for n in range(1, begin))

        [oldest] = [each for each in archives.values() if each.link("prev-archive") is None]
        walked = [oldest]
        while (href := walked[-1].link("next-archive")) is not None:
            walked.append(archives[href])
        assert walked[: len(chain) - 1] == chain[:0:-1]
        assert {each.link("self") for each in walked} == set(archives)


def test_lists_become_feeds_at_their_addresses():
    entries = [entry_of(make_view(n)) for n in (1, 2)]
    author = AuthorView.model_validate(
        {
            "id": 12,
            "platform": "vocal",
            "name": "Ann",
            "bio_text": "Writes.",
            "first_seen_at": NOW,
            "last_seen_at": NOW,
        }
    )
    keys = {"library": LIBRARY, "extension": "rss", "older_url": "/older"}
    feeds = {
        "/publications/site/": publication_feed(make_publication(), entries, **keys),
        "/authors/12/": author_feed(author, entries, **keys),
        "/tags/tech%20news/": tag_feed("Tech News", entries, **keys),
    }
    for folder, feed in feeds.items():
        assert feed.entries == tuple(entries)
        assert feed.link("self") == f"{folder}feed.rss"
        assert feed.link("alternate") == folder
        assert feed.link("next") == "/older"
        assert feed.updated_at == max(each.updated_at for each in entries)
        assert feed.guid.startswith(TAG)
    assert len({feed.guid for feed in feeds.values()}) == 3
    assert feeds["/publications/site/"].language == "en"
    assert feeds["/authors/12/"].description == "Writes."


def test_a_search_keeps_its_query_in_every_link():
    feed = search_feed("a & b", [], library=LIBRARY, older_url="/search/?q=a&after=1")
    assert feed.link("self") == "/search/feed.atom?q=a%20%26%20b"
    assert feed.link("alternate") == "/search/?q=a%20%26%20b"
    assert feed.link("next") == "/search/?q=a&after=1"
    assert feed.guid != search_feed("a", [], library=LIBRARY).guid


def test_a_page_of_a_list_offers_its_feeds_and_is_none_itself():
    feed = publication_feed(make_publication(), [], library=LIBRARY, extension="html")
    assert feed.link("self") is None
    assert links(feed)[0] == ("alternate", "/publications/site/")


def test_a_discussion_is_a_feed_with_the_newest_first():
    article = make_view(1, headline="The wall")
    comments = [
        make_comment(
            1, "First.", published_at=NOW - 3 * DAY, published_bounds=(NOW - 3 * DAY, NOW - 3 * DAY)
        ),
        make_comment(2, "Answer.", parent_id="c1", first_seen_at=NOW - DAY),
        make_comment(3, "Removed.", state="removed"),
        make_comment(4, "Nameless.", author_name=None, first_seen_at=NOW - 2 * DAY),
    ]
    feed = comments_feed(article, comments, library=LIBRARY, extension="rss")
    assert [each.headline for each in feed.entries] == [
        "Reader 2 on “The wall”",
        "A reader on “The wall”",
        "Reader 1 on “The wall”",
    ]
    answer, _, first = feed.entries
    assert (answer.in_reply_to, first.in_reply_to) == (f"{TAG}/comments/1", f"{TAG}/articles/1")
    assert answer.guid == f"{TAG}/comments/2"
    assert answer.page_url == f"/articles/1/#{comment_anchor(answer.guid)}"
    assert answer.in_reply_to_url == first.page_url
    assert first.authors == (AuthorRef(name="Reader 1"),)
    assert feed.link("self") == "/articles/1/comments.rss"
    assert comments_feed(article, [], library=LIBRARY).updated_at == article.changed_at
