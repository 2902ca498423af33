"""A story page: the visible page and the structured sources merged into records."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import PageLayoutChanged
from crawler.platforms.base import Page, PageInput, PageLinks
from crawler.platforms.vocal.addresses import (
    address_kind,
    canonical_url,
    community_url,
    path_segments,
    site_of,
)
from crawler.platforms.vocal.bodies import Body, BodyFinder, tag_links_in
from crawler.platforms.vocal.bylines import PageByline, find_byline
from crawler.platforms.vocal.discussions import find_comment_pages, read_comments
from crawler.platforms.vocal.eras import EraNote, find_era_note
from crawler.platforms.vocal.heads import Head, read_below_byline, read_titles, slug_of
from crawler.platforms.vocal.judgments import insight_lines
from crawler.platforms.vocal.labels import Label, strip_site_name
from crawler.platforms.vocal.merging import Merge
from crawler.platforms.vocal.people import claimed_author, read_author
from crawler.platforms.vocal.remarks import comment_records, merge_comments
from crawler.platforms.vocal.sections import Sections, find_labels, find_sections
from crawler.platforms.vocal.states import Post, author_bio, claims_of_post, find_post
from crawler.platforms.vocal.tags import split_glued_tags
from crawler.platforms.vocal.text_header import parse_credit
from crawler.platforms.vocal.text_insights import read_insights
from crawler.reading.claims import Claims, all_claims
from crawler.reading.dates import DateReading
from crawler.reading.images import image_url
from crawler.reading.markup import (
    count_words,
    elements_around,
    fold_text,
    html_to_text,
    render_lines,
    sanitize_html,
)
from crawler.reading.outline import Line, lines_to_text
from crawler.reading.urls import absolute_url
from crawler.records import (
    ArticleRecord,
    AuthorRecord,
    AuthorRef,
    CommentRecord,
    Community,
    Image,
    Insight,
    Tag,
    build_record,
)

_EXPECTED = (
    "community", "headline", "dek", "byline", "published_at", "modified_at", "reading_minutes", "hero",
    "like_count", "comment_count", "rights_line", "language", "canonical_url",
)  # fmt: skip


class Story:
    """A page laid out as a story; `is_story` tells whether it is one, `read` reads it.

    Args:
        page: An HTML page.
    """

    def __init__(self, page: PageInput) -> None:
        self.page = page
        self.lines = page.lines
        self.labels: dict[int, Label] = find_labels(self.lines)
        first = min(
            (at for at, label in self.labels.items() if self._ends_search(at, label)), default=len(self.lines)
        )
        self.byline: PageByline | None = find_byline(self.lines, first, page.seen_at, page_url=page.url)
        self.era_note: EraNote | None = None if self.byline is not None else find_era_note(self.lines)
        start = (
            self.byline.end
            if self.byline is not None
            else self.era_note.end
            if self.era_note is not None
            else 0
        )
        name = self.byline.author_name if self.byline is not None else None
        self.sections: Sections = find_sections(self.lines, self.labels, start, name)

    def _ends_search(self, at: int, label: Label) -> bool:
        """Tell a label that the byline stands above from a headline of the same words."""
        return label in ("insights", "comments", "sign_in") and self.lines[at].tag != "h1"

    @cached_property
    def url(self) -> str | None:
        """The story's one address: the page's own, or the one it names itself on the same site."""
        own = canonical_url(self.page.url) if self.page.url else None
        named = [
            absolute_url(self.page.url, href) for href, _ in self.page.structured.links.get("canonical", [])
        ]
        told = canonical_url(named[0]) if named and named[0] else None
        if (
            told is not None
            and address_kind(told) == "story"
            and (own is None or site_of(told) == site_of(own))
        ):
            return told
        return own

    @cached_property
    def post(self) -> tuple[Post, Any] | None:
        """The story in the page's JSON states, and what follows its references."""
        return find_post(self.page.structured.states, slug_of(self.url))

    @cached_property
    def claims(self) -> list[Claims]:
        """What structured sources say, most trusted first."""
        state = [claims_of_post(*self.post)] if self.post is not None else []
        return all_claims(self.page.structured, state)

    def is_story(self) -> bool:
        """Tell whether the page is a story: by its labels and byline, or by what it says of itself."""
        has_date = self.byline is not None and self.byline.byline is not None
        kind = address_kind(self.url) if self.url else "story"
        sections = self.sections
        is_labeled = sections.about is not None or sections.insights is not None
        if kind not in ("story", "community", "other"):
            return has_date and is_labeled
        if is_labeled or sections.comments is not None:
            return has_date or (kind == "story" and is_labeled)
        if kind == "story":
            return has_date or self.era_note is not None or self._claims_body()
        return False

    def _claims_body(self) -> bool:
        node = self.page.structured.article_node()
        return node is not None or any(claims.body_html for claims in self.claims)

    def read(self) -> Page:
        """Read the page.

        Raises:
            PageLayoutChanged: Headline or body can't be found.
            RecordError: A field breaks its promise.
        """
        return _Reading(self).page()

    def comments_only(self) -> Page | None:
        """Read a further page of comments that shows no body; None for any other page."""
        further = urlsplit(self.page.url or "")
        is_further = "page" in further.query or "/comments" in further.path
        if self.sections.comments is None or not is_further:
            return None
        comments, pages, _ = _Reading(self).comments()
        links = PageLinks(comment_pages=tuple(pages))
        return Page("vocal", "list", url=self.url, comments=comments, links=links) if comments else None


@dataclass(slots=True)
class _BodyText:
    html: str
    text: str


class _Reading:
    """One reading of a story page."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.input = story.page
        self.lines = story.lines
        self.base_url = absolute_url(self.input.url, self.input.structured.base) or self.input.url
        self.language = _language(self.input, story.claims)
        self.merge = Merge(story.claims, self.input.seen_at, self.language)
        self.warnings: list[str] = []
        finder = BodyFinder(self.lines, story.sections.body, self.base_url)
        self.head, self.body = self._read_head_and_body(finder)

    def page(self) -> Page:
        story, sections = self.story, self.story.sections
        text = self._body_text()
        fields = {**self._head_fields(), **self._count_fields(), **self._date_fields()}
        if fields["headline"] is None or not text.text:
            lost = "headline" if fields["headline"] is None else "body"
            raise PageLayoutChanged(f"the story page shows no {lost}", url=self.input.url, kind="article")
        comments, more_pages, has_more = self.comments()
        count = fields["comment_count"]
        is_counted = len(comments) >= count if count is not None else bool(sections.comments)
        article = build_record(
            ArticleRecord,
            **fields,
            platform="vocal",
            platform_id=next((claims.platform_id for claims in story.claims if claims.platform_id), None),
            url=self.input.url,
            canonical_url=story.url,
            body_html=text.html,
            body_text=text.text,
            word_count=count_words(text.text, is_tidy=True),
            insights=self._insights(),
            comments_complete=is_counted and not has_more and not more_pages,
            robots=_robots(self.input),
            provenance=self.merge.provenance,
        )
        authors = self._authors(article)
        links = PageLinks(
            comment_pages=tuple(more_pages),
            authors=tuple(dict.fromkeys(ref.url for ref in article.authors if ref.url)),
        )
        return Page(
            "vocal",
            "article",
            url=story.url,
            article=article,
            comments=comments,
            authors=authors,
            links=links,
            missing={name: "not printed" for name in _EXPECTED if getattr(article, name) is None},
            warnings=tuple(self.warnings),
        )

    def _read_head_and_body(self, finder: BodyFinder) -> tuple[Head, Body]:
        story, structured = self.story, self.input.structured
        titles = [claims.headline for claims in story.claims if claims.headline]
        site = structured.first_meta("og:site_name")
        known = [strip_site_name(title, site) for title in titles]
        if structured.title:
            known.append(strip_site_name(structured.title, site))
        if story.byline is not None:
            above, start = story.byline.start, story.byline.end
        else:
            above = start = self._first_prose()
        first = story.era_note.end if story.era_note is not None else 0
        head = read_titles(self.lines, first, above, known=known, slug=slug_of(story.url))
        head.community = head.community or (story.era_note.community if story.era_note is not None else None)
        deks = [claims.dek for claims in story.claims if claims.dek]
        is_old = story.byline is not None and story.byline.is_old
        span = (start, story.sections.body[1])
        read_below_byline(self.lines, head, finder, span=span, is_old=is_old, deks=deks)
        return head, finder.read(head.end)

    def _first_prose(self) -> int:
        """Return the first paragraph of a page without a byline, which titles stand above."""
        start, end = self.story.sections.body
        prose = (
            at for at in range(start, end) if self.lines[at].tag == "p" and len(self.lines[at].text) > 60
        )
        titles = (at for at in range(start, end) if self.lines[at].tag == "h1")
        title = next(titles, start - 1)
        return next(prose, min(end, title + 1))

    def _body_text(self) -> _BodyText:
        if self.body.lines and self._shows_body():
            inside = {id(line) for line in self.body.lines}
            span = self.story.sections.body
            around = [
                line for line in self.lines[max(0, span[0] - 1) : span[1] + 1] if id(line) not in inside
            ]
            html = render_lines(self.body.lines, self.base_url, around=elements_around(around))
            if html:
                self.merge.provenance["body_html"] = "structure"
                return _BodyText(html, lines_to_text(self.body.lines))
        for claims in self.story.claims:
            html = sanitize_html(claims.body_html, self.base_url) if claims.body_html else ""
            if html:
                self.merge.provenance["body_html"] = claims.source
                return _BodyText(html, html_to_text(html))
        return _BodyText("", "")

    def _shows_body(self) -> bool:
        """Tell the story's own text from a shell that says "Loading" while a script fetches it."""
        claimed = next((claims.body_html for claims in self.story.claims if claims.body_html), None)
        if claimed is None:
            return True
        shown = sum(len(line.text) for line in self.body.lines)
        is_labeled = self.story.byline is not None or self.story.sections.n_labels > 0
        return is_labeled and shown * 4 >= len(html_to_text(claimed))

    def _head_fields(self) -> dict[str, Any]:
        head, byline = self.head, self.story.byline
        printed = byline.byline.printed if byline is not None and byline.byline is not None else None
        if printed is None and byline is not None and self.lines[byline.start].text.lower().startswith("by"):
            printed = (
                f"{self.lines[byline.start].text[:2]} {byline.author_name}" if byline.author_name else None
            )
        headline = self.merge.text("headline", head.headline, head.headline_rule, _claimed_headline)
        dek = self.merge.text(
            "dek",
            head.dek,
            head.dek_rule,
            lambda claims: claims.dek,
            sources=("state",) if head.headline else ("state", "jsonld", "microdata"),
        )
        if printed:
            self.merge.provenance["byline"] = "label"
        badges = [*head.badges, *self.body.badges]
        if badges:
            self.merge.provenance["badges"] = "label"
        return {
            "headline": headline,
            "dek": dek,
            "byline": printed or None,
            "authors": self._author_refs(),
            "community": self._community(),
            "hero": self._hero(),
            "tags": self._tags(),
            "badges": list(dict.fromkeys(badges)),
            "language": self.language,
            "license": next((claims.license for claims in self.story.claims if claims.license), None),
            "access": "paid" if any(claims.is_free is False for claims in self.story.claims) else "free",
        }

    def _count_fields(self) -> dict[str, Any]:
        byline, sections, merge = self.story.byline, self.story.sections, self.merge
        likes = self.head.like_count if self.head.like_count is not None else self.body.like_count
        if sections.rights_line:
            merge.provenance["rights_line"] = "label"
        return {
            "reading_minutes": merge.count(
                "reading_minutes", byline.minutes if byline else None, "label", lambda c: c.reading_minutes
            ),
            "like_count": merge.count("like_count", likes, "structure", lambda c: c.like_count),
            "comment_count": merge.count(
                "comment_count", sections.comment_count, "label", lambda c: c.comment_count
            ),
            "rights_line": sections.rights_line,
        }

    def _date_fields(self) -> dict[str, Any]:
        byline = self.story.byline
        printed = byline.byline if byline is not None else None
        published_seen = printed.published if printed else None
        modified_seen = printed.updated if printed else None
        published = self.merge.date(
            "published_at", published_seen, byline.published_exact if byline else None, lambda c: c.published
        )
        modified = self.merge.date(
            "modified_at", modified_seen, byline.modified_exact if byline else None, lambda c: c.modified
        )
        if (
            modified is not None
            and modified_seen is None
            and published is not None
            and modified.bounds == published.bounds
        ):
            modified = None
            self.merge.provenance.pop("modified_at", None)
        return {
            **_date_record("published", published, published_seen),
            **_date_record("modified", modified, modified_seen),
        }

    def _author_refs(self) -> list[AuthorRef]:
        byline = self.story.byline
        told = next((claims for claims in self.story.claims if claims.authors), None)
        if byline is not None and byline.author_name:
            url = self._address(byline.author_href)
            claimed = [pair for claims in self.story.claims for pair in claims.authors]
            same = [pair for pair in claimed if fold_text(pair[0]) == fold_text(byline.author_name)]
            url = url or next((found for pair in same if (found := self._address(pair[1]))), None)
            self.merge.provenance["authors"] = next(
                (
                    claims.source
                    for claims in self.story.claims
                    if any(pair in claims.authors for pair in same)
                ),
                "label",
            )
            return [AuthorRef(name=byline.author_name, url=url)]
        note = self.story.era_note
        if told is None and note is not None and note.author is not None:
            self.merge.provenance["authors"] = "label"
            return [AuthorRef(name=note.author)]
        if told is None:
            return []
        self.merge.provenance["authors"] = told.source
        return [AuthorRef(name=name, url=self._address(href)) for name, href in told.authors]

    def _address(self, href: str | None) -> str | None:
        url = absolute_url(self.base_url, href) if href else None
        return canonical_url(url) if url else None

    def _community(self) -> Community | None:
        home = community_url(self.story.url) if self.story.url else None
        name = self.merge.text(
            "community",
            self.head.community,
            "label",
            lambda claims: claims.section[0] if claims.section else None,
        )
        if name is None and home is not None:
            name = self._linked_community(home)
            self.merge.provenance["community"] = "structure"
        if home is None:
            home = next(
                (
                    found
                    for claims in self.story.claims
                    if claims.section and (found := self._address(claims.section[1]))
                ),
                None,
            )
        return Community(name=name, url=home) if name else None

    def _linked_community(self, home: str) -> str:
        """Return the text of a link to the community, else its name in the address."""
        start = self.story.byline.start if self.story.byline is not None else 0
        for line in self.lines[: max(start, 1) + 30]:
            for mark in line.marks:
                if mark.tag == "a" and self._address(mark.get("href")) == home and line.text:
                    text = " ".join("".join(str(part) for part in mark.itertext()).split())
                    if text:
                        return text
        return path_segments(home)[0]

    def _hero(self) -> Image | None:
        head = self.head
        claimed = next(
            (
                (claims.image, claims.source)
                for claims in self.story.claims
                if claims.image and claims.source != "meta"
            ),
            None,
        )
        url = image_url(head.hero, self.base_url) if head.hero is not None else None
        if url is not None and head.hero is not None:
            self.merge.provenance["hero"] = "structure"
            alt = " ".join((head.hero.get("alt") or "").split()) or None
            caption, credit = head.caption, None
            if claimed and self._address_of_image(claimed[0][0]) == url:
                alt, caption, credit = alt or claimed[0][1], caption or claimed[0][2], claimed[0][3]
            credit = credit or (parse_credit(caption) if caption else None)
            return Image(url=url, alt=alt, caption=caption, credit=credit)
        if claimed is None:
            return None
        (href, alt, caption, credit), source = claimed
        address = self._address_of_image(href)
        if address is None or address in self._body_images():
            return None
        self.merge.provenance["hero"] = source
        credit = credit or (parse_credit(caption) if caption else None)
        return Image(url=address, alt=alt, caption=caption, credit=credit)

    def _address_of_image(self, href: str) -> str | None:
        return absolute_url(self.base_url, href)

    def _body_images(self) -> list[str]:
        images = [line.element for line in self.body.lines if line.tag == "img"]
        return [url for image in images if (url := image_url(image, self.base_url))]

    def _tags(self) -> list[Tag]:
        byline = self.story.byline
        seen = tag_links_in(self.lines[byline.start : byline.end]) if byline is not None else []
        found = [*seen, *self.body.tags]
        rule = "label" if seen else "structure"
        old = byline.byline.tags if byline is not None and byline.byline is not None else ()
        if not found and old:
            found, rule = [(name, None) for name in old], "label"
        claimed = next((claims for claims in self.story.claims if claims.tags), None)
        if found and claimed:
            same = {fold_text(name) for name, _ in claimed.tags} == {fold_text(name) for name, _ in found}
            rule = claimed.source if same else rule
            hrefs = {fold_text(name): href for name, href in claimed.tags}
            found = [(name, href or hrefs.get(fold_text(name))) for name, href in found]
        elif claimed:
            found, rule = claimed.tags, claimed.source
        elif not found and self.body.glued_tags:
            split = split_glued_tags(self.body.glued_tags, self.input.known_tags)
            found = [(name, None) for name in split.tags]
            if split.warning:
                self.warnings.append(split.warning)
        if found:
            self.merge.provenance["tags"] = rule
        unlike: dict[str, Tag] = {}
        for name, href in found:
            unlike.setdefault(fold_text(name), Tag(name=name, url=self._address(href)))
        return list(unlike.values())

    def _insights(self) -> list[Insight]:
        span = self.story.sections.insights
        if span is None:
            return []
        texts = insight_lines(self.lines[span[0] : span[1]])
        found = read_insights(texts)
        if found:
            self.merge.provenance["insights"] = "label"
        return found

    def _authors(self, article: ArticleRecord) -> list[AuthorRecord]:
        byline, span = self.story.byline, self.story.sections.about
        name = article.authors[0].name if article.authors else None
        if span is not None:
            others = [*self.lines[max(0, span[0] - 1) : span[0]], *self.lines[span[1] : span[1] + 1]]
            href = byline.author_href if byline is not None else None
            found = read_author(
                self.lines[span[0] : span[1]], others, name=name, href=href, base_url=self.base_url
            )
            return [found] if found is not None else []
        if self.story.post is not None and name:
            found = claimed_author(name, article.authors[0].url, author_bio(*self.story.post), self.base_url)
            return [found] if found is not None else []
        return []

    def comments(self) -> tuple[list[CommentRecord], list[str], bool]:
        span = self.story.sections.comments
        seen, around = (
            read_comments(self.lines, span, self.input.seen_at) if span is not None else ([], set())
        )
        pages, has_more = (
            find_comment_pages(self.lines, span, self.input.url) if span is not None else ([], False)
        )
        drafts = merge_comments(seen, self.story.claims, self.input.seen_at, self.base_url, around)
        return comment_records(drafts, self.story.url), pages, has_more


def _claimed_headline(claims: Claims) -> str | None:
    return (
        strip_site_name(claims.headline, None)
        if claims.headline and claims.source == "meta"
        else claims.headline
    )


def _date_record(name: str, reading: DateReading | None, seen: DateReading | None) -> dict[str, Any]:
    return {
        f"{name}_at": reading.at if reading else None,
        f"{name}_bounds": reading.bounds if reading else None,
        f"{name}_text": seen.text if seen and reading else None,
    }


def _language(page: PageInput, claims: Sequence[Claims]) -> str | None:
    told = [page.structured.language, *(found.language for found in claims)]
    for text in told:
        if text and text.replace("-", "").replace("_", "").isalnum() and 2 <= len(text) <= 20:
            return text.replace("_", "-").lower()
    return None


def _robots(page: PageInput) -> list[str]:
    told = [*page.structured.meta.get("robots", []), page.headers.get("x-robots-tag", "")]
    directives = (part.strip().lower() for text in told for part in text.split(","))
    return list(dict.fromkeys(directive for directive in directives if directive))
