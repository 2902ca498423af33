"""A story page: the visible page and the structured sources merged into records."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import PageLayoutChanged
from crawler.platforms.base import Page, PageInput, PageLinks
from crawler.platforms.drafts import comment_records
from crawler.platforms.vocal.addresses import (
    address_kind,
    canonical_url,
    comment_page_number,
    site_of,
    story_of_comments,
)
from crawler.platforms.vocal.bodies import Body, BodyFinder
from crawler.platforms.vocal.bylines import PageByline, find_byline
from crawler.platforms.vocal.cells import part_cells
from crawler.platforms.vocal.discussions import find_comment_pages, read_comments
from crawler.platforms.vocal.eras import EraNote, find_era_note
from crawler.platforms.vocal.fields import StoryFields
from crawler.platforms.vocal.gates import Gate, find_gate
from crawler.platforms.vocal.heads import Head, read_titles, slug_of
from crawler.platforms.vocal.heroes import is_set_off, read_below_byline
from crawler.platforms.vocal.judgments import insight_lines
from crawler.platforms.vocal.labels import Label, strip_site_name
from crawler.platforms.vocal.merging import Merge
from crawler.platforms.vocal.people import claimed_author, read_author
from crawler.platforms.vocal.remarks import merge_comments
from crawler.platforms.vocal.sections import Sections, Span, find_labels, find_sections
from crawler.platforms.vocal.states import (
    Post,
    author_bio,
    body_length,
    body_of_post,
    claims_of_post,
    comments_beside,
    find_post,
    title_of,
)
from crawler.platforms.vocal.text_insights import read_insights
from crawler.reading.claims import Claims, all_claims
from crawler.reading.markup import (
    count_words,
    elements_around,
    fold_text,
    html_to_text,
    render_lines,
    sanitize_html,
    text_to_html,
)
from crawler.reading.outline import Line, lines_to_text
from crawler.reading.robots import read_robots
from crawler.reading.urls import absolute_url
from crawler.records import (
    ArticleRecord,
    AuthorRecord,
    AuthorRef,
    CommentRecord,
    Insight,
    build_record,
)

_EXPECTED = (
    "community", "headline", "dek", "byline", "published_at", "modified_at", "reading_minutes", "hero",
    "like_count", "comment_count", "rights_line", "language", "canonical_url",
)  # fmt: skip


_BELOW_DEK = 12
"""Lines under a standfirst among which the byline ends."""
_NEAR = 5
"""Lines under a label that belong to it."""
_MAX_TITLES = 2
"""Headings that stand for headline and standfirst below a byline."""
_LONG = 60
"""Characters from which a paragraph is the author's on a page without headings and byline."""


class Story:
    """A page laid out as a story; `is_story` tells whether it is one, `read` reads it.

    Args:
        page: An HTML page.
    """

    def __init__(self, page: PageInput) -> None:
        self.page = page
        self.lines = part_cells(page.lines)
        self.labels: dict[int, Label] = find_labels(self.lines)
        self.byline: PageByline | None = self._find_byline()
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

    def _find_byline(self) -> PageByline | None:
        """Return the byline above the first section; a standfirst may be worded like a section's label."""
        page = self.page
        ends = (at for at, label in self.labels.items() if self._ends_search(at, label))
        first = next(ends, len(self.lines))
        parts = (at for at, label in self.labels.items() if label == "about" and self.lines[at].tag != "h1")
        n_bare = min(first, next(parts, first))
        found = find_byline(self.lines, first, page.seen_at, page_url=page.url, n_bare=n_bare)
        if found is None and first < len(self.lines) and self.lines[first].tag in ("h2", "h3", "h4"):
            limit = first + _BELOW_DEK
            found = find_byline(self.lines, limit, page.seen_at, page_url=page.url, n_bare=n_bare)
        return found

    def _ends_search(self, at: int, label: Label) -> bool:
        """Tell a label that the byline stands above from a headline of the same words."""
        return label in ("insights", "comments", "sign_in") and self.lines[at].tag != "h1"

    @cached_property
    def gate(self) -> Gate:
        """The notices that stand with the body or in its place."""
        return find_gate(self.lines, self.sections.body)

    @cached_property
    def url(self) -> str | None:
        """The story's one address: the page's own, or the one it names itself on the same site."""
        own = story_of_comments(canonical_url(self.page.url)) if self.page.url else None
        hrefs = [href for href, _ in self.page.structured.links.get("canonical", [])]
        if own is None:
            hrefs += self.page.structured.meta.get("og:url", [])
        named = [absolute_url(self.page.url, href) for href in hrefs]
        told = canonical_url(named[0]) if named and named[0] else None
        if told == own:
            return own
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
        found = find_post(self.page.structured.states, slug_of(self.url))
        return found if found is not None and self._is_own(found[0]) else None

    def _is_own(self, post: Post) -> bool:
        """Tell the page's story, also under its new address, from one that the page only recommends."""
        slug, own = post.get("slug"), slug_of(self.url)
        if own is None or not isinstance(slug, str) or slug == own or not self.lines:
            return True
        return self._is_titled(title_of(post))

    def _is_claim_of_page(self, claims: Claims) -> bool:
        """Tell what JSON-LD or microdata say of the page's story from what they say of a recommended one."""
        url = absolute_url(self.page.url, claims.url) if claims.source != "meta" and self.url else None
        told = canonical_url(url) if url else None
        if told is None or told == self.url or address_kind(told) != "story" or not self.lines:
            return True
        return self._is_titled(claims.headline)

    def _is_titled(self, headline: str | None) -> bool:
        """Tell whether the page calls itself so."""
        structured = self.page.structured
        titles = [structured.title or "", *structured.meta.get("og:title", [])]
        titles += [line.text for line in self.lines if line.tag == "h1"]
        name = fold_text(headline or "")
        return any(name in fold_text(title) for title in titles)

    @cached_property
    def claims(self) -> list[Claims]:
        """What structured sources say, most trusted first."""
        state = [claims_of_post(*self.post)] if self.post is not None else []
        if self.post is not None and not state[0].comments:
            state[0].comments = list(comments_beside(self.page.structured.states, *self.post))
        return [each for each in all_claims(self.page.structured, state) if self._is_claim_of_page(each)]

    @cached_property
    def claimed_body(self) -> tuple[str, str] | None:
        """The story's body in structured sources as markup, and the source; made only where asked for."""
        html = body_of_post(*self.post) if self.post is not None else None
        if html:
            return html, "state"
        told = ((claims.body, claims.source) for claims in self.claims if claims.body)
        return next(((text if "</" in text else text_to_html(text), source) for text, source in told), None)

    def is_story(self) -> bool:
        """Tell whether the page is a story: by its labels and byline, or by what it says of itself."""
        has_date = self.byline is not None and self.byline.byline is not None
        kind = address_kind(self.url) if self.url else "story"
        sections = self.sections
        is_labeled = sections.about is not None or sections.insights is not None
        if kind not in ("story", "community", "other"):
            return has_date and is_labeled
        if is_labeled or sections.comments is not None:
            return has_date or (kind == "story" and (is_labeled or self._claims_body()))
        if kind == "story":
            return has_date or self.era_note is not None or self._claims_body()
        return False

    def _claims_body(self) -> bool:
        node = self.page.structured.article_node()
        return node is not None or self.claimed_body is not None

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
        is_told = any(word in further.query for word in ("page", "comment", "replies"))
        is_further = is_told or "/comment" in further.path
        if self.sections.comments is None or not is_further or address_kind(self.url or "") != "story":
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
        self.base_url = self.input.base_url
        self.merge = Merge(story.claims, self.input.seen_at, _language(self.input, story.claims))
        finder = BodyFinder(self.lines, story.sections.body, self.base_url, story.gate.lines)
        self.head, self.body = self._read_head_and_body(finder)

    def page(self) -> Page:
        """Return what the page holds; fails where it has no headline or no body."""
        story, sections = self.story, self.story.sections
        text = self._body_text()
        told = StoryFields(story, self.head, self.body, self.base_url, self.merge)
        fields = {**told.head_fields(), **told.count_fields(), **told.date_fields()}
        if fields["headline"] is None or not text.text:
            lost = "headline" if fields["headline"] is None else "body"
            raise PageLayoutChanged(f"the story page shows no {lost}", url=self.input.url, kind="article")
        authors = self._authors(fields["authors"])
        if authors and not fields["authors"]:
            fields["authors"] = [AuthorRef(name=authors[0].name, url=authors[0].url)]
            self.merge.provenance["authors"] = "label"
        tags, warning = told.tags(self.input.known_tags)
        comments, more_pages, has_more = self.comments()
        count = fields["comment_count"]
        is_counted = len(comments) >= count if count is not None else bool(sections.comments)
        article = build_record(
            ArticleRecord,
            **fields,
            platform="vocal",
            language=self.merge.language,
            tags=tags,
            platform_id=next((claims.platform_id for claims in story.claims if claims.platform_id), None),
            url=self.input.url,
            canonical_url=story.url,
            body_html=text.html,
            body_text=text.text,
            word_count=count_words(text.text, is_tidy=True),
            insights=self._insights(),
            comments_complete=is_counted and not has_more and not more_pages,
            robots=read_robots(self.input.structured.meta, self.input.headers.get("x-robots-tag")),
            provenance=self.merge.provenance,
        )
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
            warnings=(warning,) if warning else (),
        )

    def _read_head_and_body(self, finder: BodyFinder) -> tuple[Head, Body]:
        story, structured = self.story, self.input.structured
        titles = [claims.headline for claims in story.claims if claims.headline]
        site = structured.first_meta("og:site_name")
        known = [strip_site_name(title, site) for title in titles]
        if structured.title:
            whole = structured.title.rpartition(" | ")[0]
            known += [whole] if " | " in whole else []
            known.append(strip_site_name(structured.title, site))
        if story.byline is not None:
            above, start = story.byline.start, max(story.byline.end, story.sections.body[0])
        else:
            above = start = self._first_prose()
        author = story.byline.author_name if story.byline is not None else None
        first = story.era_note.end if story.era_note is not None else 0
        head = read_titles(self.lines, first, above, known=known, slug=slug_of(story.url), author=author)
        if head.headline is None and story.byline is not None:
            first, above = story.byline.end, self._titles_end(story.byline.end)
            start = max(start, above)
            head = read_titles(self.lines, first, above, known=known, slug=slug_of(story.url), author=author)
        head.community = head.community or (story.era_note.community if story.era_note is not None else None)
        deks = [claims.dek for claims in story.claims if claims.dek]
        is_old = story.byline is not None and story.byline.is_old
        span = (start, story.sections.body[1])
        read_below_byline(self.lines, head, finder, span=span, is_old=is_old, deks=deks)
        return head, finder.read(head.end)

    def _titles_end(self, first: int) -> int:
        """Return the line after the headings right below a byline; ``first`` where there are none."""
        end = first
        while end < min(first + _MAX_TITLES, len(self.lines)) and self.lines[end].tag in ("h1", "h2", "h3"):
            end += 1
        return end

    def _first_prose(self) -> int:
        """Return the first paragraph of a page without a byline, which titles stand above.

        Under the main heading that is the first paragraph, or the second where the first is a standfirst in
        front of their box; without a heading it is the first long one.
        """
        start, end = self.story.sections.body
        title = next((at for at in range(start, end) if self.lines[at].tag == "h1"), None)
        if title is None:
            long = (at for at in range(start, end) if _is_paragraph(self.lines[at], least=_LONG))
            return next(long, min(end, start))
        prose = [at for at in range(title + 1, end) if _is_paragraph(self.lines[at])][:2]
        if len(prose) == 2 and is_set_off(self.lines, prose[0], self.lines[title].text):
            return prose[1]
        is_dek = title + 1 < end and self.lines[title + 1].tag in ("h2", "h3", "h4")
        return next(iter(prose), min(end, title + 1 + is_dek))

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
        told, source = self.story.claimed_body or ("", "")
        html = sanitize_html(told, self.base_url) if told else ""
        if not html:
            return _BodyText("", "")
        self.merge.provenance["body_html"] = source
        return _BodyText(html, html_to_text(html))

    def _shows_body(self) -> bool:
        """Tell the story's own text from a shell that says "Loading" while a script fetches it."""
        told = next((claims.body for claims in self.story.claims if claims.body), None)
        if self.story.post is None and told is None:
            return True
        shown = sum(len(line.text) for line in self.body.lines)
        is_labeled = self.story.byline is not None or self.story.sections.n_labels > 0
        # No source can hold more text than its script; that spares most pages a look at theirs.
        if is_labeled and shown * 4 >= self.input.structured.state_size + len(told or ""):
            return True
        length = body_length(*self.story.post) if self.story.post is not None else 0
        length = length or len(told or "")
        return length == 0 or (is_labeled and shown * 4 >= length)

    def _insights(self) -> list[Insight]:
        span = self.story.sections.insights
        if span is None:
            return []
        texts = insight_lines(self.lines[span[0] : span[1]])
        found = read_insights(texts)
        if found:
            self.merge.provenance["insights"] = "label"
        return found

    def _authors(self, refs: Sequence[AuthorRef]) -> list[AuthorRecord]:
        byline, span = self.story.byline, self.story.sections.about
        name = refs[0].name if refs else None
        if span is not None:
            others = [*self.lines[max(0, span[0] - 1) : span[0]], *self.lines[span[1] : span[1] + 1]]
            href = byline.author_href if byline is not None else None
            found = read_author(
                self.lines[span[0] : span[1]], others, name=name, href=href, base_url=self.base_url
            )
            return [found] if found is not None else []
        if self.story.post is not None and name:
            found = claimed_author(name, refs[0].url, author_bio(*self.story.post), self.base_url)
            return [found] if found is not None else []
        return []

    def comments(self) -> tuple[list[CommentRecord], list[str], bool]:
        """Return the comments, the addresses of more, and whether more there are."""
        span = self.story.sections.comments
        if span is not None and self.story.sections.comment_count == 0 and self._says_none(span):
            span = None
        seen, around = (
            read_comments(self.lines, span, self.input.seen_at) if span is not None else ([], set())
        )
        pages, has_more = (
            find_comment_pages(self.lines, span, self.input.url) if span is not None else ([], False)
        )
        drafts = merge_comments(seen, self.story.claims, self.input.seen_at, self.base_url, around)
        return comment_records(drafts, self.story.url, comment_page_number(self.input.url)), pages, has_more

    def _says_none(self, span: Span) -> bool:
        """Tell a page that says there are no comments, whatever dates stand further down."""
        return any(
            self.story.labels.get(at) == "no_comments" for at in range(span[0], min(span[1], span[0] + 5))
        )


def _is_paragraph(line: Line, *, least: int = 1) -> bool:
    return line.tag == "p" and len(line.text) >= least


def _language(page: PageInput, claims: Sequence[Claims]) -> str | None:
    told = [page.structured.language, *(found.language for found in claims)]
    for text in told:
        if (
            text
            and text.isascii()
            and text.replace("-", "").replace("_", "").isalnum()
            and 2 <= len(text) <= 20
        ):
            return text.replace("_", "-").lower()
    return None
