"""The fields of a story around its body: each from the visible page, the structured sources, or both."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from lxml import etree

from crawler.platforms.vocal.addresses import canonical_url, community_url, path_segments
from crawler.platforms.vocal.bodies import Body
from crawler.platforms.vocal.bylines import PageByline, is_author_link
from crawler.platforms.vocal.communities import told_community
from crawler.platforms.vocal.eras import EraNote
from crawler.platforms.vocal.gates import Gate
from crawler.platforms.vocal.heads import Head
from crawler.platforms.vocal.labels import parse_like_count, strip_site_name
from crawler.platforms.vocal.merging import Merge
from crawler.platforms.vocal.printed_tags import tag_links_in
from crawler.platforms.vocal.sections import Sections
from crawler.platforms.vocal.tags import split_glued_tags
from crawler.platforms.vocal.text_header import parse_credit
from crawler.reading.claims import Claims
from crawler.reading.dates import DateReading
from crawler.reading.images import image_alt, image_url
from crawler.reading.markup import fold_text
from crawler.reading.outline import Line, text_of
from crawler.reading.urls import absolute_url
from crawler.records import Access, AuthorRef, Community, Image, Tag

_DOTS = re.compile(r"[•·|–—]")


class Laid(Protocol):
    """A page laid out as a story; see `crawler.platforms.vocal.stories.Story`."""

    lines: list[Line]
    byline: PageByline | None
    era_note: EraNote | None
    sections: Sections

    @property
    def gate(self) -> Gate:
        """The notices that stand with the body or in its place."""
        ...

    @property
    def url(self) -> str | None:
        """The story's one address."""
        ...

    @property
    def claims(self) -> list[Claims]:
        """What structured sources say, most trusted first."""
        ...


@dataclass(frozen=True, slots=True)
class StoryFields:
    """Reads the fields of one story.

    Attributes:
        story: The page laid out.
        head: What stands above the body.
        body: The author's own lines, and the tags under them.
        base_url: Address that links on the page count from.
        merge: Notes which rule gave each field.
    """

    story: Laid
    head: Head
    body: Body
    base_url: str | None
    merge: Merge

    def head_fields(self) -> dict[str, Any]:
        """Return headline, standfirst, byline, authors, community, hero, badges, license and access."""
        head = self.head
        printed = self._printed_byline()
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
            "byline": printed,
            "authors": self._author_refs(),
            "community": self._community(),
            "hero": self._hero(),
            "badges": list(dict.fromkeys(badges)),
            "license": next((claims.license for claims in self.story.claims if claims.license), None),
            "access": self._access(),
        }

    def _access(self) -> Access:
        printed = self.story.gate.access
        is_claimed = any(claims.is_free is False for claims in self.story.claims)
        return "paid" if is_claimed and printed == "free" else printed

    def _printed_byline(self) -> str | None:
        byline = self.story.byline
        if byline is None:
            return None
        if byline.byline is not None:
            return byline.byline.printed or None
        first = self.story.lines[byline.start].text
        is_signed = first[:2].lower() == "by" and byline.author_name is not None
        return f"{first[:2]} {byline.author_name}" if is_signed else None

    def count_fields(self) -> dict[str, Any]:
        """Return reading minutes, likes, comments, and the line of rights."""
        byline, sections, merge = self.story.byline, self.story.sections, self.merge
        likes = self.head.like_count if self.head.like_count is not None else self.body.like_count
        if likes is None and byline is not None and byline.byline is not None:
            likes = _likes_after(byline.byline.rest)
        if sections.rights_line:
            merge.provenance["rights_line"] = "label"
        return {
            "reading_minutes": merge.count(
                "reading_minutes",
                byline.minutes if byline and byline.minutes is not None else self.head.minutes,
                "label",
                lambda c: c.reading_minutes,
            ),
            "like_count": merge.count("like_count", likes, "structure", lambda c: c.like_count),
            "comment_count": merge.count(
                "comment_count", sections.comment_count, "label", lambda c: c.comment_count
            ),
            "rights_line": sections.rights_line,
        }

    def date_fields(self) -> dict[str, Any]:
        """Return when it was published and changed: best guess, bounds and wording."""
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
            refs = self._linked_authors(byline) or self._told_authors(byline.author_name)
            refs = refs or [AuthorRef(name=byline.author_name, url=self._author_address(byline))]
            names = {fold_text(ref.name) for ref in refs}
            self.merge.provenance["authors"] = next(
                (
                    claims.source
                    for claims in self.story.claims
                    if names <= {fold_text(name) for name, _ in claims.authors}
                ),
                "label",
            )
            return refs
        note = self.story.era_note
        if told is None and note is not None and note.author is not None:
            self.merge.provenance["authors"] = "label"
            return [AuthorRef(name=note.author, url=self._address(note.author_href))]
        if told is None:
            return []
        self.merge.provenance["authors"] = told.source
        return [AuthorRef(name=name, url=self._address(href)) for name, href in told.authors]

    def _author_address(self, byline: PageByline) -> str | None:
        """Return the address of a byline's one author: of a link around the name, or as a source tells."""
        wanted = fold_text(byline.author_name or "")
        claimed = (pair for claims in self.story.claims for pair in claims.authors)
        hrefs = [byline.author_href, *(href for name, href in claimed if fold_text(name) == wanted)]
        span = self.story.sections.about
        if byline.author_href is None and span is not None:
            marks = (mark for line in self.story.lines[slice(*span)] for mark in line.marks)
            hrefs += [mark.get("href") for mark in marks if fold_text(text_of(mark)) == wanted]
        return next((url for href in hrefs if (url := self._address(href))), None)

    def _told_authors(self, printed: str) -> list[AuthorRef]:
        """Return the authors whom a source lists and a byline names without links: "Ann Lee and Bo Ek"."""
        folded = fold_text(printed)
        for claims in self.story.claims:
            names = [fold_text(name) for name, _ in claims.authors]
            if len(names) > 1 and all(name in folded for name in names):
                return [AuthorRef(name=name, url=self._address(href)) for name, href in claims.authors]
        return []

    def _linked_authors(self, byline: PageByline) -> list[AuthorRef]:
        """Return the authors of a byline with more than one link to a person; [] for any other."""
        links: list[etree._Element] = []
        for line in self.story.lines[byline.start : byline.end]:
            links.extend(mark for mark in line.marks if is_author_link(mark) and text_of(mark))
        found = {text_of(link): self._address(link.get("href")) for link in links}
        return [AuthorRef(name=name, url=url) for name, url in found.items()] if len(found) > 1 else []

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
        """Return the text of a link to the community, else its label, else the name in the address."""
        start = self.story.byline.start if self.story.byline is not None else 0
        for line in self.story.lines[: max(start, 1) + 30]:
            for mark in line.marks if line.text else ():
                if mark.tag == "a" and self._address(mark.get("href")) == home:
                    text = text_of(mark)
                    if text:
                        return text
        tree = self.story.lines[0].element.getroottree().getroot() if self.story.lines else None
        told = told_community(tree, home, self.base_url) if tree is not None else None
        return told or path_segments(home)[0]

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
            alt = image_alt(head.hero)
            caption, credit = head.caption, None
            if claimed and absolute_url(self.base_url, claimed[0][0]) == url:
                self.merge.provenance["hero"] = claimed[1]
                alt, caption, credit = alt or claimed[0][1], caption or claimed[0][2], claimed[0][3]
            credit = credit or (parse_credit(caption) if caption else None)
            return Image(url=url, alt=alt, caption=caption, credit=credit)
        if claimed is None:
            return self._pictureless_hero()
        (href, alt, caption, credit), source = claimed
        address = absolute_url(self.base_url, href)
        if address is None or address in self._body_images():
            return None
        self.merge.provenance["hero"] = source
        credit = credit or (parse_credit(caption) if caption else None)
        return Image(url=address, alt=alt, caption=caption, credit=credit)

    def _pictureless_hero(self) -> Image | None:
        """Return what is printed about a picture whose address a saved page doesn't tell.

        Where the picture itself was put into the page, its address is that of the page's preview, if any.
        """
        head = self.head
        is_inline = head.hero is not None and (head.hero.get("src") or "").startswith("data:")
        if head.hero is None or (self.base_url is not None and not is_inline):
            return None
        alt = image_alt(head.hero)
        if alt is None and head.caption is None:
            return None
        self.merge.provenance["hero"] = "structure"
        previews = (claims.image[0] for claims in self.story.claims if claims.image) if is_inline else ()
        url = next((found for href in previews if (found := absolute_url(self.base_url, href))), None)
        credit = parse_credit(head.caption) if head.caption else None
        return Image(url=url, alt=alt, caption=head.caption, credit=credit)

    def _body_images(self) -> list[str]:
        images = [line.element for line in self.body.lines if line.tag == "img"]
        return [url for image in images if (url := image_url(image, self.base_url))]

    def tags(self, known_tags: Collection[str]) -> tuple[list[Tag], str | None]:
        """Return the tags in printed order, and a warning where they were printed glued together.

        Args:
            known_tags: Names that help to tell glued ones apart.
        """
        byline, split = self.story.byline, None
        seen = tag_links_in(self.story.lines[byline.start : byline.end]) if byline is not None else []
        about = self.story.sections.about
        found = [*seen, *self.body.tags] or self.head.tags
        if not found and about is not None:  # some print them under the author
            found = tag_links_in(self.story.lines[slice(*about)])
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
            split = split_glued_tags(self.body.glued_tags, known_tags)
            found = [(name, None) for name in split.tags]
        if found:
            self.merge.provenance["tags"] = rule
        unlike: dict[str, Tag] = {}
        for name, href in found:
            unlike.setdefault(fold_text(name), Tag(name=name, url=self._address(href)))
        return list(unlike.values()), split.warning if split is not None else None


def _likes_after(rest: str) -> int | None:
    """Return the likes among the counts that follow a byline's minutes in its line."""
    counts = (piece.strip() for piece in _DOTS.split(rest) if "like" in piece.lower())
    return next((count for piece in counts if (count := parse_like_count(piece)) is not None), None)


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
