"""What an author's page says where facts have no labels."""

from datetime import UTC, datetime

import pytest

from crawler.platforms import read_page

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
