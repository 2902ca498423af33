"""Renders the pages of the platform."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from crawler.demo.content import Author, Community, Story, tag_slug
from crawler.demo.discussion import count_comments
from crawler.demo.faults import FaultDesk
from crawler.demo.fragment import block_texts, parse_fragment
from crawler.demo.options import DemoOptions
from crawler.demo.relative import render_ago
from crawler.demo.shelf import ListPage
from crawler.demo.state import PlatformState
from crawler.demo.structured import StorySheet, image_path
from crawler.demo.styles import StyleBook
from crawler.demo.truth import count_words, reading_minutes

_SCRIPT_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


class PageMaker:
    """Turns what the platform holds into HTML, with dates relative to the clock.

    Args:
        state: The platform.
        desk: Knows which links are stale.
        options: Markup and sizes.
    """

    def __init__(self, state: PlatformState, desk: FaultDesk, options: DemoOptions) -> None:
        self._state = state
        self._desk = desk
        self._options = options
        styles = StyleBook(options.release, has_labels=options.class_labels)
        self._environment = Environment(
            loader=PackageLoader("crawler.demo"),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            site=state.content,
            css=styles.css,
            author=state.author,
            community=state.community,
            link=desk.link,
            image_path=image_path,
            tag_slug=tag_slug,
        )
        rules = self._environment.get_template("site.css").render()
        self._environment.globals["sheet"] = Markup(rules)  # noqa: S704 - our own rules

    def home(self, base_url: str) -> str:
        """Render the front page: communities, top stories, latest stories."""
        shelf = self._state.shelf
        size = self._options.list_size
        return self._render(
            "home.html",
            base_url,
            top=shelf.stories("top")[: size // 2],
            latest=shelf.stories()[:size],
        )

    def story_list(
        self,
        base_url: str,
        *,
        heading: str,
        path: str,
        key: tuple[str, ...],
        number: int,
        room: Community | None = None,
        has_stats: bool = False,
    ) -> str:
        """Render one page of a list.

        Args:
            base_url: Scheme and host, without a slash at the end.
            heading: What the list is called.
            path: Where its first page lies.
            key: Which list, as `Shelf.stories` takes it.
            number: Which page, from 1; beyond the last it has no stories.
            room: The community the list belongs to.
            has_stats: Whether the community's counts are printed.
        """
        shelf = self._state.shelf
        stats = None
        if has_stats:
            stories = shelf.stories(*key)
            stats = len(stories), len({story.author for story in stories})
        page = shelf.page(*key, number=number, size=self._options.list_size)
        return self._render(
            "list.html", base_url, heading=heading, path=path, room=room, page=page, stats=stats
        )

    def author(self, base_url: str, member: Author, *, number: int) -> str:
        """Render an author's page with one page of the author's stories."""
        shelf = self._state.shelf
        page = shelf.page("author", member.slug, number=number, size=self._options.list_size)
        n_stories = len(shelf.stories("author", member.slug))
        return self._render("author.html", base_url, member=member, page=page, n_stories=n_stories)

    def story(self, base_url: str, story: Story, *, number: int = 1, is_walled: bool = False) -> str:
        """Render a story with one page of its comments.

        Args:
            base_url: Scheme and host, without a slash at the end.
            story: What to render.
            number: Which page of comments, from 1.
            is_walled: Whether a sign-in wall takes the place of the body.
        """
        matter = story.source.read()
        member = self._state.author(story.author)
        room = self._state.community(story.community)
        if member is None or room is None:
            raise LookupError(f"story without author or community: {story.slug}")
        size = self._options.comments_size
        number = max(number, 1)
        comments = matter.comments[(number - 1) * size : number * size]
        discussion = ListPage((), number, max(-(-len(matter.comments) // size), 1))
        root = parse_fragment(matter.body_html)
        paragraphs = block_texts(root)
        sheet = StorySheet(
            state=self._state,
            story=story,
            matter=matter,
            author=member,
            community=room,
            comments=comments,
            root=root,
            paragraphs=paragraphs,
            base_url=base_url,
            exposes=self._options.exposes,
        )
        return self._render(
            "story.html",
            base_url,
            story=story,
            member=member,
            room=room,
            body=Markup(matter.body_html),  # noqa: S704 - the platform's own content
            minutes=reading_minutes(count_words(paragraphs)),
            comments=comments,
            n_comments=count_comments(matter.comments),
            discussion=discussion,
            is_walled=is_walled,
            **self._descriptions(sheet, is_walled=is_walled),
        )

    def message(self, base_url: str, *, heading: str, text: str) -> str:
        """Render a page that says one thing, such as that nothing was found."""
        return self._render("message.html", base_url, heading=heading, text=text)

    def _descriptions(self, sheet: StorySheet, *, is_walled: bool) -> Mapping[str, Markup | None]:
        """Return what a story page tells machines, by the name of the variable."""
        markup = self._options.markup
        has_state, has_jsonld = markup == "state", markup == "jsonld"
        return {
            "state": _script(sheet.describe_state()) if has_state and not is_walled else None,
            "jsonld": _script(sheet.describe_jsonld()) if has_jsonld and not is_walled else None,
        }

    def _render(self, template: str, base_url: str, **context: object) -> str:
        """Render a template as of now."""
        now = self._state.clock()

        def ago(age: timedelta) -> str:
            """Say how long ago an instant of this age was, as of this request."""
            return render_ago(now - self._state.time_of(age))

        return self._environment.get_template(template).render(now=now, ago=ago, base_url=base_url, **context)


def _script(described: Mapping[str, object]) -> Markup:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(described, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_SCRIPT_ESCAPES))  # noqa: S704 - escaped in the line above
