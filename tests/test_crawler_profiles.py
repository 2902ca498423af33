"""What an author's page says where facts have no labels."""

from datetime import UTC, datetime

import pytest

from crawler.platforms import read_page
from crawler.records import AuthorRecord

PAGE = """<html><head><title>Ada Moss | Vocal</title></head><body><main><header><h1>Ada Moss</h1>
<p>Counts ferns.</p><ul>{items}</ul></header><section><h2>Stories</h2><p>There are no stories here.</p></section>
</main></body></html>"""


@pytest.mark.parametrize(
    ("items", "location", "bio"),
    [
        (
            ["Under a hedge", "Joined May 2023", "947 Followers", "3 Stories"],
            "Under a hedge",
            "Counts ferns.",
        ),
        (["Joined May 2023", "947 Followers"], None, "Counts ferns."),
        (["Likes tea", "Likes rain"], None, "Counts ferns.\n\nLikes tea\n\nLikes rain"),
    ],
)
def test_a_lone_item_among_the_facts_is_the_place(items: list[str], location: str | None, bio: str) -> None:
    body = PAGE.format(items="".join(f"<li>{item}</li>" for item in items))
    page = read_page(
        body,
        "https://vocal.media/authors/ada-moss",
        seen_at=datetime(2026, 11, 23, tzinfo=UTC),
        platform="vocal",
    )
    [author] = page.authors
    said = " ".join((author.bio_text or "").replace("-", " ").split())
    assert (author.location, said) == (location, " ".join(bio.split()))


FACTS = """<html><head><title>Ada Moss | Vocal</title></head><body><main><section><h1>Ada Moss</h1>{facts}</section>
<h2>Stories</h2><div><h3><a href="/poets/ode">Ode</a></h3><p>By <a href="/authors/ada-moss">Ada Moss</a>2 days ago in
Poets</p></div></main></body></html>"""


@pytest.mark.parametrize(
    ("facts", "bio", "location", "joined", "followers", "stories"),
    [
        (
            "<p>Counts ferns.</p><p>Hull, England</p><p>Joined March 2021</p>"
            "<div><span>1,234 followers</span><span>56 stories</span></div>",
            "Counts ferns.",
            "Hull, England",
            "2021-03",
            1234,
            56,
        ),
        (
            "<div>Hull, England</div><div>Joined March 2021</div><p>Counts ferns.</p>"
            '<h2>Links</h2><ul><li><a href="https://ada.example/">ada.example</a></li></ul>',
            "Counts ferns.",
            "Hull, England",
            "2021-03",
            None,
            None,
        ),
        ("<p>Counts ferns.</p><address>Hull</address>", "Counts ferns.", "Hull", None, None, None),
        (
            "<p>Counts ferns.</p><dl><dt>Joined</dt><dd>5 June 2022</dd></dl><p>Followers: 87</p>",
            "Counts ferns.",
            None,
            "2022-06",
            87,
            None,
        ),
        (
            "<p>Joined the navy in 1999, left it in 2004.</p><p>Joined May 2023</p><p>12,5K Followers</p>",
            "Joined the navy in 1999, left it in 2004.",
            None,
            "2023-05",
            12500,
            None,
        ),
        (
            "<span>Vocal+ Creator</span><p>Counts ferns.</p>"
            '<a href="https://twitter.example/ada">Twitter</a> <a href="https://pics.example/ada">Instagram</a>',
            "Counts ferns.",
            None,
            None,
            None,
            None,
        ),
    ],
)
def test_facts_are_no_bio_and_a_year_counts_nobody(
    facts: str, bio: str, location: str | None, joined: str | None, followers: int | None, stories: int | None
) -> None:
    page = read_page(
        FACTS.format(facts=facts),
        "https://vocal.media/authors/ada-moss",
        seen_at=datetime(2026, 11, 23, tzinfo=UTC),
        platform="vocal",
    )
    [author] = page.authors
    assert (author.bio_text, author.location) == (bio, location)
    assert (author.follower_count, author.article_count) == (followers, stories)
    assert (author.joined_at and author.joined_at.isoformat()[:7]) == joined


CARD = """<html><head><title>Ada Moss | Vocal</title></head><body><main><header>{avatar}<h1>Ada Moss</h1>
<p>Counts ferns.</p></header><section>{card}</section></main></body></html>"""
BY = '<p>By <a href="/authors/ada-moss">Ada Moss</a>2 days ago in Poets</p>'


@pytest.mark.parametrize(
    "card",
    [
        f'<article><a href="/poets/ode"><img src="/ode.jpg" alt="Ode"><h3>Ode</h3></a>{BY}</article>',
        f'<div><img src="/ode.jpg" alt=""><h3><a href="/poets/ode">Ode</a></h3>{BY}</div>',
        f'<div><a href="/poets/ode"><img src="/ode.jpg"></a><b>Poets</b><h3><a href="/poets/ode">Ode</a></h3>{BY}</div>',
    ],
)
@pytest.mark.parametrize("avatar", ["", '<img src="/ada.jpg" alt="">'])
def test_the_picture_of_a_story_is_not_the_authors(card: str, avatar: str) -> None:
    page = read_page(
        CARD.format(avatar=avatar, card=card),
        "https://vocal.media/authors/ada-moss",
        seen_at=datetime(2026, 11, 23, tzinfo=UTC),
        platform="vocal",
    )
    assert page.authors[0].avatar_url == ("https://vocal.media/ada.jpg" if avatar else None)


def author_of(html: str, head: str = "") -> AuthorRecord:
    """Return the person of an author's page with a menu above, a story below and a footer."""
    menu = '<header><nav><a href="/"><img src="/logo.png" alt="Vocal"></a><a href="/top-stories">Top</a></nav></header>'
    card = f'<h2>Stories</h2><article><h3><a href="/poets/ode">Ode</a></h3>{BY}</article>'
    foot = "<footer><p>Find us on social media</p><p>© 2026 Creatd, Inc. All Rights Reserved.</p></footer>"
    page = read_page(
        f"<html><head><title>Ada Moss | Vocal</title>{head}</head><body>{menu}<main>{html}{card}</main>{foot}</body></html>",
        "https://vocal.media/authors/ada-moss",
        seen_at=datetime(2026, 11, 23, tzinfo=UTC),
        platform="vocal",
    )
    [author] = page.authors
    return author


PORTRAIT = "https://vocal.media/ada.jpg"
PERSON = """<script type="application/ld+json">{"@context":"https://schema.org","@type":"ProfilePage",
"mainEntity":{"@type":"Person","name":"Ada Moss","image":"/ada.jpg"}}</script>"""


@pytest.mark.parametrize(
    ("html", "head", "avatar"),
    [
        ("<h1>Ada Moss</h1>", "", None),
        ('<img src="/ada.jpg" alt=""><h1>Ada Moss</h1>', "", PORTRAIT),
        ('<h1>Ada Moss</h1><img src="/ada.jpg"><p>Counts ferns.</p>', "", PORTRAIT),
        ('<img src="/ada.jpg" alt="Profile picture"><h1>Ada Moss</h1>', "", PORTRAIT),
        ('<a href="/authors/ada-moss"><img src="/ada.jpg" alt=""></a><h1>Ada Moss</h1>', "", PORTRAIT),
        ('<a href="/big/ada.jpg"><img src="/ada.jpg" alt=""></a><h1>Ada Moss</h1>', "", PORTRAIT),
        ('<header><img src="/ada.jpg" alt=""><div><h1>Ada Moss</h1></div></header>', "", PORTRAIT),
        ('<div><a href="/"><img src="/brand.png" alt=""></a></div><h1>Ada Moss</h1>', "", None),
        ('<div><img src="/brand.png" alt="Poets logo"></div><h1>Ada Moss</h1>', "", None),
        ('<header><img src="/brand.png" alt=""></header><h1>Ada Moss</h1>', "", None),
        ('<h1>Ada Moss</h1><a href="https://pics.example/ada"><img src="/icon.png" alt=""></a>', "", None),
        ('<div><img src="/brand.png" alt="Vocal logo"></div><h1>Al</h1>', "", None),
        ('<img src="/ada.jpg" alt="al\'s picture"><h1>Al</h1>', "", PORTRAIT),
        (
            '<div><img src="/wide.jpg" alt=""></div><div><img src="/ada.jpg" alt=""><h1>Ada Moss</h1></div>',
            "",
            PORTRAIT,
        ),
        (
            '<div><h1>Ada Moss</h1><img src="/x.png" alt="Five years"></div><img src="/ada.jpg" alt="Avatar">',
            "",
            PORTRAIT,
        ),
        ('<h1>Ada Moss</h1><img src="/verified.png" alt="Verified">', "", None),
        ("<h1>Ada Moss</h1>", PERSON, PORTRAIT),
        ('<header><img src="/banner.png" alt=""></header><h1>Ada Moss</h1>', PERSON, PORTRAIT),
        (
            "<h1>Ada Moss</h1>",
            '<meta property="og:type" content="profile"><meta property="og:image" content="/ada.jpg">',
            PORTRAIT,
        ),
        ("<h1>Ada Moss</h1>", '<meta property="og:image" content="/share.jpg">', None),
    ],
)
def test_the_authors_picture_is_never_the_sites(html: str, head: str, avatar: str | None) -> None:
    assert author_of(html, head).avatar_url == avatar


@pytest.mark.parametrize(
    ("facts", "followers", "stories", "joined"),
    [
        ("<div>Joined March 2021 · 120 stories · 1.2K followers</div>", 1200, 120, "2021-03"),
        ("<p>1.2K followers | 120 stories</p>", 1200, 120, None),
        ("<div><span>Joined March 2021</span><span>120 stories</span></div>", None, 120, "2021-03"),
        ("<h3>Stories (6/120)</h3>", None, 120, None),
        ("<div><b>120</b>Stories<b>1.2K</b>Followers<b>3</b>Following</div>", 1200, 120, None),
        ("<p>12 stories · two cats</p>", None, None, None),
    ],
)
def test_a_row_of_facts_is_no_bio(
    facts: str, followers: int | None, stories: int | None, joined: str | None
) -> None:
    author = author_of(f"<h1>Ada Moss</h1><p>Counts ferns.</p>{facts}")
    bio = "Counts ferns." if followers or stories else "Counts ferns.\n\n12 stories · two cats"
    assert author.bio_text == bio
    assert (author.follower_count, author.article_count) == (followers, stories)
    assert (author.joined_at and author.joined_at.isoformat()[:7]) == joined


SITE, PICS = "https://ada.example/", "https://pics.example/ada"


@pytest.mark.parametrize(
    ("links", "bio"),
    [
        ("<p><a href='{site}'>link</a> <a href='{pics}'>link</a></p>", "Counts ferns."),
        ("<p><a href='{site}'>{site}</a><br><a href='{pics}'>{pics}</a></p>", "Counts ferns."),
        ("<div><a href='{site}'>ada.example</a> | <a href='{pics}'>@ada</a></div>", "Counts ferns."),
        (
            "<a href='{site}' rel='me'><svg></svg></a><a href='{pics}'><i class='icon'></i></a>",
            "Counts ferns.",
        ),
        (
            "<ul><li><a href='{site}'><svg><title>Website</title></svg></a></li>"
            "<li><a href='{pics}' aria-label='Pictures'><svg></svg></a></li></ul>",
            "Counts ferns.",
        ),
        (
            "<p><a href='{site}'>The Fern Book</a>, <a href='{pics}'>The Moss Book</a></p>",
            "Counts ferns.\n\nThe Fern Book, The Moss Book",
        ),
        (
            "<p>More at <a href='{site}'>ada.example</a> and <a href='{pics}'>here</a>.</p>",
            "Counts ferns.\n\nMore at ada.example and here.",
        ),
    ],
)
def test_links_of_a_person_are_kept_and_only_sentences_are_bio(links: str, bio: str) -> None:
    block = f"<p>Counts ferns.</p>{links.format(site=SITE, pics=PICS)}"
    author = author_of(f"<section><h1>Ada Moss</h1>{block}</section>")
    assert (author.bio_text, author.links) == (bio, [SITE, PICS])
    assert (of_story(block).bio_text, of_story(block).links) == (bio, [SITE, PICS])


@pytest.mark.parametrize("tag", ["p", "div"])
def test_a_paragraph_of_an_author_block_may_be_one_link(tag: str) -> None:
    links = f'<{tag}><a href="{PICS}">Instagram</a></{tag}><{tag}><a href="{SITE}">ada.example</a></{tag}>'
    author = of_story(f"<{tag}>Counts ferns.</{tag}>{links}")
    assert (author.bio_text or "").split() == ["Counts", "ferns.", "Instagram", "ada.example"]
    assert author.links == [PICS, SITE]


@pytest.mark.parametrize(
    "chrome",
    [
        "<div>AM</div>",
        "<div>A</div>",
        '<div><a href="?tab=stories">Stories</a><a href="?tab=likes">Likes</a></div>',
        '<div><a href="/authors/ada-moss">Work</a> <a href="/authors/ada-moss/likes">Likes</a></div>',
        "<p>Read more</p>",
        "<button>Follow</button>",
    ],
)
def test_what_stands_around_a_bio_on_the_authors_page_is_none(chrome: str) -> None:
    assert author_of(f"<h1>Ada Moss</h1>{chrome}<p>Counts ferns.</p>").bio_text == "Counts ferns."


def test_a_list_of_links_is_no_bio_however_they_are_worded() -> None:
    items = f'<li><a href="{SITE}">My website</a></li><li><a href="{PICS}">Pictures (new)</a></li>'
    author = author_of(f"<h1>Ada Moss</h1><p>Counts ferns.</p><h3>Links</h3><ul>{items}</ul>")
    assert (author.bio_text, author.links) == ("Counts ferns.", [SITE, PICS])


def test_a_description_marked_for_machines_is_the_whole_bio() -> None:
    author = author_of(
        "<div itemscope itemtype='https://schema.org/Person'><h1 itemprop='name'>Ada Moss</h1><p>Hull today</p>"
        "<div itemprop='description'><p>Counts ferns.</p><p>Twice.</p></div><p>Say hello</p></div>"
    )
    assert author.bio_text == "Counts ferns.\n\nTwice."


@pytest.mark.parametrize(
    ("kind", "told", "bio"),
    [
        ("profile", "Counts ferns.", "Counts ferns."),
        ("website", "Counts ferns.", None),
        ("profile", "Read stories by Ada Moss.", None),
        ("profile", "One of the creators on Vocal.", None),
    ],
)
def test_a_profiles_preview_is_the_bio_unless_it_is_the_sites_sentence(
    kind: str, told: str, bio: str | None
) -> None:
    head = f'<meta property="og:type" content="{kind}"><meta property="og:description" content="{told}">'
    assert author_of("<h1>Ada Moss</h1>", head).bio_text == bio
    assert author_of("<h1>Ada Moss</h1><p>Draws moss.</p>", head).bio_text == "Draws moss."


STORY = """<html><head><title>Ode | Poets</title></head><body><main><img src="/p.svg" alt="Poets logo"><h1>Ode</h1>
<div>By {name} Published 5 months ago 4 min read</div><div><p>One line about a fern that stands in the rain.</p>
<p>Another line about the same fern, when the rain is over and the sun is out.</p></div>
<section><h3>About the Creator</h3>{block}</section>
<section><h3>Reader insights</h3><p>Be the first to share your insights about this piece.</p></section>
<a href="https://share.example/intent/post?u=1"><svg></svg></a></main>
<footer><a href="https://social.example/vocal"><svg></svg></a><p>© 2026 Creatd, Inc. All Rights Reserved.</p></footer>
</body></html>"""
NAME = '<a href="/authors/ada-moss">Ada Moss</a>'


def of_story(block: str) -> AuthorRecord:
    """Return the person of the author block of a story's page."""
    page = read_page(
        STORY.format(name=NAME, block=f"{NAME}{block}" if "authors" not in block else block),
        "https://vocal.media/poets/ode",
        seen_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    [author] = page.authors
    return author


@pytest.mark.parametrize(
    "block",
    [
        f"<div>A</div>{NAME}<p>Counts ferns.</p>",
        f"<div>AM</div>{NAME}<p>Counts ferns.</p>",
        f"{NAME}<button>Follow</button><span>1,204 followers</span><p>Counts ferns.</p>",
        f"{NAME}<div><span>1,204 followers</span><span>12 stories</span></div><p>Counts ferns.</p>",
        f"{NAME}<p>Counts ferns.</p><button>Read more</button>",
        f"{NAME}<p>Counts ferns.</p><span>Show more…</span>",
        f'{NAME}<p>Counts ferns.</p><a href="/authors/ada-moss">View all stories</a>',
        f"{NAME}<p>Counts ferns.</p><p>Joined May 2021</p>",
        f'{NAME}<p>Counts ferns.</p><div><a href="/poets/tag/ode">ode</a><a href="/poets/tag/moss">moss</a></div>',
        f'{NAME}<a href="https://pics.example/ada"><img src="/icon.png" alt=""></a><p>Counts ferns.</p>',
    ],
)
def test_an_author_block_holds_more_than_the_bio(block: str) -> None:
    author = of_story(block)
    assert (author.name, author.bio_text, author.avatar_url) == ("Ada Moss", "Counts ferns.", None)
    assert author.follower_count == (1204 if "followers" in block else None)
    assert author.links == (["https://pics.example/ada"] if "pics" in block else [])


@pytest.mark.parametrize("bio", ["Read more books.", "Joined the navy in 1999.", "x marks my spot", "Poet"])
def test_a_short_bio_is_a_bio(bio: str) -> None:
    assert of_story(f"{NAME}<p>{bio}</p>").bio_text == bio
    assert author_of(f"<h1>Ada Moss</h1><p>{bio}</p>").bio_text == bio


def test_an_archived_author_block_leads_to_the_pages_themselves() -> None:
    wrap = "/web/20261120120000"
    author = of_story(
        f'<a href="{wrap}/https://vocal.media/authors/ada-moss"><img src="{wrap}im_/https://img.example/ada.jpg" alt=""></a>'
        f'<h4><a href="{wrap}/https://vocal.media/authors/ada-moss">Ada Moss</a></h4>'
        f'<p>Counts <a href="{wrap}/https://ada.example/">ferns</a>.</p><a href="{wrap}/{PICS}"><svg></svg></a>'
    )
    assert (author.url, author.avatar_url) == (
        "https://vocal.media/authors/ada-moss",
        "https://img.example/ada.jpg",
    )
    assert author.links == [SITE, PICS]


def test_a_bio_may_name_a_story_that_is_listed_below() -> None:
    author = author_of('<h1>Ada Moss</h1><p>Counts ferns.</p><p>Start with <a href="/poets/ode">Ode</a>.</p>')
    assert author.bio_text == "Counts ferns.\n\nStart with Ode."


@pytest.mark.parametrize("form", ["/page/{}", "?page={}"])
def test_a_further_page_of_an_authors_stories_is_the_authors(form: str) -> None:
    own = "https://vocal.media/authors/ada-moss"
    html = f"""<html><head><title>Ada Moss | Vocal</title></head><body><main><h1>Ada Moss</h1><p>Counts ferns.</p>
    <h2>Stories</h2><div><h3><a href="/poets/ode">Ode</a></h3><p>By <a href="/authors/ada-moss">Ada Moss</a> 2 days ago in
    Poets</p></div><a href="{own}{form.format(1)}">Previous</a><a href="{own}{form.format(3)}">Next</a></main></body></html>"""
    page = read_page(
        html,
        own + form.format(2),
        seen_at=datetime(2026, 11, 23, tzinfo=UTC),
        platform="vocal",
    )
    assert [(card.headline, card.author_name) for card in page.cards] == [("Ode", "Ada Moss")]
    assert page.links.next_page == own + form.format(3)
    [author] = page.authors
    assert (author.name, author.url) == ("Ada Moss", own)


ABOVE = """<html><head><title>Ada Moss | Vocal</title></head><body><main><div><h1>Ada Moss</h1>{top}</div><h2>Stories</h2><div><h3>
<a href="/poets/ode">Ode</a></h3><p>By <a href="/authors/ada-moss">Ada Moss</a> 2 days ago in Poets</p></div></main></body></html>"""
COMMA = "<p>Father of two, mender of nets</p>"
WORDED = '<p><a href="https://ada.example/moss">ada.example/moss</a></p>'


@pytest.mark.parametrize(
    ("top", "location"),
    [
        (f"{COMMA}{WORDED}<div>Joined March 2021</div>", None),
        (f"<p>5 Stories · 3 Followers</p>{COMMA}<div>Member since March 2021</div>{WORDED}", None),
        (f"{COMMA}{WORDED}<p>Joined March 2021</p><p>Hull, England</p>", "Hull, England"),
        (
            f"{COMMA}<ul><li>Stories (5)</li></ul><p>Joined March 2021</p><p>Hull, England</p>",
            "Hull, England",
        ),
        (f"{COMMA}<p>Hull, England</p><p>Joined March 2021</p>{WORDED}", "Hull, England"),
    ],
)
def test_neither_an_address_nor_a_place_is_the_bio_nor_a_bio_the_place(
    top: str, location: str | None
) -> None:
    page = read_page(
        ABOVE.format(top=top),
        "https://vocal.media/authors/ada-moss",
        seen_at=datetime(2026, 11, 23, tzinfo=UTC),
        platform="vocal",
    )
    [author] = page.authors
    assert (author.bio_text, author.location) == ("Father of two, mender of nets", location)
    assert author.links == (["https://ada.example/moss"] if WORDED in top else [])


@pytest.mark.parametrize(
    ("picture", "found"),
    [
        ('<a href="https://ada.example/">Website</a> <img src="/ada.jpg" alt="Ada Moss">', True),
        ('<span>Since May</span> <img src="/ada.jpg" alt="Profile picture">', True),
        ('<span>Since May</span> <img src="/seal.png" alt="">', False),
        ('<p>I like tea <img class="emoji" src="/tea.png" alt=""></p>', False),
        ('<p>I like tea <img src="/tea.png" alt="tea"></p>', False),
    ],
)
def test_a_portrait_may_stand_beside_words(picture: str, found: bool) -> None:
    page = read_page(
        ABOVE.format(top=f"{COMMA}{picture}"),
        "https://vocal.media/authors/ada-moss",
        seen_at=datetime(2026, 11, 23, tzinfo=UTC),
        platform="vocal",
    )
    [author] = page.authors
    assert author.avatar_url == ("https://vocal.media/ada.jpg" if found else None)


STATE = '<script id="__NEXT_DATA__" type="application/json">{"user": {"slug": "ada-moss", "name": "Ada Moss", "website": "https://a.example/", "links": [{"url": "https://b.example/ada"}, "https://c.example/ada", {"url": "x"}, 7, null]}}</script>'


def test_a_persons_links_are_told_in_a_state_too() -> None:
    links = ["https://a.example/", "https://b.example/ada", "https://c.example/ada"]
    assert author_of("<h1>Ada Moss</h1>", STATE).links == links


@pytest.mark.parametrize("bio", ["\U0001f33f", "\U0001f33f \U0001f41a", "苔"])
def test_a_sign_may_be_a_whole_bio(bio: str) -> None:
    assert author_of(f"<h1>Ada Moss</h1><p>{bio}</p>").bio_text == bio


@pytest.mark.parametrize("line", ["-", "· · ·", "***"])
def test_a_rule_of_characters_is_no_bio(line: str) -> None:
    assert author_of(f"<h1>Ada Moss</h1><p>{line}</p>").bio_text is None


@pytest.mark.parametrize(
    "said",
    [
        "<p>Location: Hull, England</p>", "<p>Based in: Hull, England</p>", "<p>\U0001f4cd Hull, England</p>",
        "<h4>Location</h4><p>Hull, England</p>", "<address>Hull, England</address>",
    ],
)  # fmt: skip
def test_a_place_is_told_by_the_word_or_sign_before_it(said: str) -> None:
    author = author_of(f"<h1>Ada Moss</h1><p>Counts ferns.</p>{said}")
    assert (author.location, author.bio_text) == ("Hull, England", "Counts ferns.")


@pytest.mark.parametrize("below", ["<p>Stories</p>", f"<p>{'Far, far away. ' * 6}</p>", ""])
def test_the_word_location_before_no_place_names_none(below: str) -> None:
    assert author_of(f"<h1>Ada Moss</h1><p>Counts ferns.</p><h4>Location</h4>{below}").location is None


def test_a_page_whose_title_is_not_the_name_has_it_in_its_first_heading() -> None:
    html = "<html><head>{}</head><body><main><h2>Ada Moss</h2><p>Counts ferns.</p></main></body></html>"
    for head in ("", "<title>Vocal</title>", '<meta property="og:site_name" content="Vocal">'):
        page = read_page(
            html.format(head),
            "https://vocal.media/authors/ada-moss",
            seen_at=datetime(2026, 11, 23, tzinfo=UTC),
            platform="vocal",
        )
        assert [(author.name, author.bio_text) for author in page.authors] == [("Ada Moss", "Counts ferns.")]


def test_a_page_that_names_nobody_is_nobodys() -> None:
    page = read_page(
        "<html><body><main><p>Nothing here yet.</p></main></body></html>",
        "https://vocal.media/authors/ada-moss",
        seen_at=datetime(2026, 11, 23, tzinfo=UTC),
        platform="vocal",
    )
    assert (page.kind, list(page.authors), page.missing) == ("unknown", [], {"author": "no name is printed"})


@pytest.mark.parametrize(
    ("words", "links"),
    [
        (
            "See https://a.example/ada, and (https://b.example/).",
            ["https://a.example/ada", "https://b.example/"],
        ),
        ("See ://nowhere and http:// only.", []),
        ("See a.example/ada", []),
    ],
)
def test_an_address_written_out_in_a_bio_is_a_link(words: str, links: list[str]) -> None:
    assert of_story(f"<p>Counts ferns. {words}</p>").links == links


SORTING = "<div>Filter by community</div>"


@pytest.mark.parametrize(
    ("page", "bio", "stories"),
    [
        (f"<h2>Bio</h2><p>Counts ferns.</p><h2>Stories (3,482)</h2>{SORTING}", "Counts ferns.", 3482),
        (
            f"<div>Bio</div><div>Counts ferns.</div><div>Stories</div><div>(12)</div>{SORTING}",
            "Counts ferns.",
            12,
        ),
        (
            f"<div>Bio</div><div>Counts ferns.</div><div>Stories (12/1,003)</div>{SORTING}",
            "Counts ferns.",
            1003,
        ),
        (f"<h2>Stories (12)</h2>{SORTING}<div>All</div><div>Poets</div>", None, 12),
        (
            "<h2>Achievements (2)</h2><ul><li>Rising Tide</li><li>First Oar</li></ul><h2>Bio</h2>"
            f"<p>Counts ferns.</p><p>And moss.</p><h2>Stories (12)</h2>{SORTING}",
            "Counts ferns.\n\nAnd moss.",
            12,
        ),
        (
            "<div>Bio</div><p>Counts ferns.</p><div>Achievements</div><div>Rising Tide</div>"
            f"<div>Pinned stories</div><div>Stories (12)</div>{SORTING}",
            "Counts ferns.",
            12,
        ),
        ("<div>Stories</div><div>12</div><p>Counts ferns.</p>", "Counts ferns.", 12),
        ("<h2>Achievements</h2><ul><li>Rising Tide</li></ul><h2>Stories (12)</h2>", None, 12),
    ],
)
def test_the_bio_ends_where_another_part_of_the_page_begins(page: str, bio: str | None, stories: int) -> None:
    author = author_of(f"<h1>Ada Moss</h1>{page}")
    assert (author.bio_text, author.article_count) == (bio, stories)
