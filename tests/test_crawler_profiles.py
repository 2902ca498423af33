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
