"""The ASGI application: which address shows what."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import PurePosixPath

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.demo.answers import answer
from crawler.demo.content import Story
from crawler.demo.faults import FaultDesk, Verdict, Visit
from crawler.demo.hostile import HostilePage
from crawler.demo.journal import RequestLog, ServedRequest
from crawler.demo.media import draw_initials, draw_landscape
from crawler.demo.options import DemoOptions
from crawler.demo.pages import PageMaker
from crawler.demo.state import PlatformState

# The name of the query parameter that pages comments.
COMMENTS_PARAMETER = "comments"


def create_app(state: PlatformState, desk: FaultDesk, options: DemoOptions, log: RequestLog) -> ASGIApp:
    """Return the platform as an ASGI application.

    Args:
        state: What is published.
        desk: Decides how requests for stories end.
        options: How it looks and answers.
        log: Gets an entry for every request.
    """
    site = _Site(state, desk, options)
    routes = [
        Route("/", site.home),
        Route("/robots.txt", site.robots),
        Route("/sitemap.xml", site.sitemap),
        Route("/top-stories", site.everywhere),
        Route("/latest-stories", site.everywhere),
        Route("/authors/{slug}", site.author),
        Route("/media/{folder}/{name}", site.media),
        Route("/{community}", site.community),
        Route("/{community}/latest-stories", site.community_list),
        Route("/{community}/top-stories", site.community_list),
        Route("/{community}/tag/{tag}", site.tag),
        Route("/{community}/{slug}", site.story),
    ]
    starlette = Starlette(routes=routes, exception_handlers={HTTPException: site.refuse})
    return _Logged(starlette, log)


class _Site:
    """The handlers of the addresses."""

    def __init__(self, state: PlatformState, desk: FaultDesk, options: DemoOptions) -> None:
        self._state = state
        self._desk = desk
        self._options = options
        self._pages = PageMaker(state, desk, options)

    async def home(self, request: Request) -> Response:
        """Show the front page."""
        return self._html(request, self._pages.home(_base_url(request)))

    async def everywhere(self, request: Request) -> Response:
        """Show a list over all communities."""
        path = request.url.path
        heading, key = ("Top Stories", ("top",)) if path == "/top-stories" else ("Latest Stories", ())
        page = self._pages.story_list(
            _base_url(request), heading=heading, path=path, key=key, number=_number(request, "page")
        )
        return self._html(request, page)

    async def community(self, request: Request) -> Response:
        """Show a community: what it is, its counts, its stories."""
        room = self._state.community(request.path_params["community"])
        if room is None:
            raise HTTPException(404)
        page = self._pages.story_list(
            _base_url(request),
            heading=room.name,
            path=f"/{room.slug}",
            key=("community", room.slug),
            number=_number(request, "page"),
            room=room,
            has_stats=True,
        )
        return self._html(request, page)

    async def community_list(self, request: Request) -> Response:
        """Show the latest or the top stories of a community."""
        room = self._state.community(request.path_params["community"])
        if room is None:
            raise HTTPException(404)
        is_top = request.url.path.endswith("/top-stories")
        page = self._pages.story_list(
            _base_url(request),
            heading=f"{'Top' if is_top else 'Latest'} Stories in {room.name}",
            path=f"/{room.slug}/{'top' if is_top else 'latest'}-stories",
            key=("top" if is_top else "community", room.slug),
            number=_number(request, "page"),
            room=room,
        )
        return self._html(request, page)

    async def tag(self, request: Request) -> Response:
        """Show the stories of a community that carry a tag."""
        room, slug = self._state.community(request.path_params["community"]), request.path_params["tag"]
        key = ("tag", request.path_params["community"], slug)
        if room is None or not self._state.shelf.stories(*key):
            raise HTTPException(404)
        page = self._pages.story_list(
            _base_url(request),
            heading=f"{slug.replace('-', ' ')} stories in {room.name}",
            path=f"/{room.slug}/tag/{slug}",
            key=key,
            number=_number(request, "page"),
            room=room,
        )
        return self._html(request, page)

    async def author(self, request: Request) -> Response:
        """Show an author and the author's stories."""
        member = self._state.author(request.path_params["slug"])
        if member is None:
            raise HTTPException(404)
        page = self._pages.author(_base_url(request), member, number=_number(request, "page"))
        return self._html(request, page)

    async def story(self, request: Request) -> Response:
        """Show a story, or commit the fault that is due."""
        visit = self._desk.visit(request.path_params["community"], request.path_params["slug"])
        match visit.verdict:
            case Verdict.MISSING | Verdict.GONE:
                raise HTTPException(visit.status)
            case Verdict.MOVED:
                return RedirectResponse(visit.location or "/", status_code=301)
            case Verdict.THROTTLED:
                seconds = math.ceil(self._options.faults.retry_after.total_seconds())
                raise HTTPException(429, headers={"retry-after": str(seconds)})
            case Verdict.BROKEN:
                raise HTTPException(500)
        return self._story_page(request, visit)

    async def robots(self, request: Request) -> Response:
        """Say what robots may do."""
        lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /sign-in"]
        if self._options.crawl_delay is not None:
            lines.append(f"Crawl-delay: {self._options.crawl_delay.total_seconds():g}")
        if self._options.sitemap:
            lines.append(f"\nSitemap: {_base_url(request)}/sitemap.xml")
        return self._bytes(request, "\n".join([*lines, ""]).encode(), "text/plain; charset=utf-8")

    async def sitemap(self, request: Request) -> Response:
        """List all stories, newest first, when the options say so."""
        if not self._options.sitemap:
            raise HTTPException(404)
        base = _base_url(request)
        entries = "".join(
            f"<url><loc>{base}{self._desk.link(story)}</loc></url>\n" for story in self._state.shelf.stories()
        )
        text = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
        )
        return self._bytes(request, text.encode(), "application/xml; charset=utf-8")

    async def media(self, request: Request) -> Response:
        """Draw a picture: an avatar, a logo or a landscape."""
        folder, file = request.path_params["folder"], PurePosixPath(request.path_params["name"])
        if file.suffix != ".svg":
            raise HTTPException(404)
        if folder == "avatar":
            member = self._state.author(file.stem)
            if member is None or not member.has_avatar:
                raise HTTPException(404)
            drawn = draw_initials(member.name)
        elif folder == "logo":
            room = self._state.community(file.stem)
            if room is None:
                raise HTTPException(404)
            drawn = draw_initials(room.name)
        else:
            drawn = draw_landscape(file.stem)
        return self._bytes(request, drawn, "image/svg+xml")

    async def refuse(self, request: Request, error: Exception) -> Response:
        """Show an error the way a site does: as a page."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        heading, text = _MESSAGES.get(status, _MESSAGES[500])
        page = self._pages.message(_base_url(request), heading=heading, text=text)
        response = answer(request, page.encode(), options=self._options, status=status)
        if isinstance(error, HTTPException):
            response.headers.update(error.headers or {})
        return response

    def _story_page(self, request: Request, visit: Visit) -> Response:
        """Show a story, walled, hostile or as it is."""
        story = visit.story
        if story is None:
            raise HTTPException(404)
        page = self._pages.story(
            _base_url(request),
            story,
            number=_number(request, COMMENTS_PARAMETER),
            is_walled=visit.verdict is Verdict.WALLED,
        )
        if visit.verdict is Verdict.HOSTILE:
            body = story.source.read().body_html.encode()
            # Only the first: the machine-readable state holds no markup.
            before, _, after = page.encode().partition(body)
            return HostilePage(story, before, after, self._options.faults.limits).answer(request)
        return answer(request, page.encode(), options=self._options, modified_at=self._modified_at(story))

    def _modified_at(self, story: Story) -> datetime | None:
        """Return when the story, or its discussion, was last touched."""
        if not self._options.last_modified:
            return None
        ages = [story.age] if story.updated is None else [story.age, story.updated]
        ages += [each.age for top in story.source.read().comments for each in top.walk()]
        return self._state.time_of(min(ages))

    def _html(self, request: Request, page: str) -> Response:
        """Answer with a page."""
        return answer(request, page.encode(), options=self._options)

    def _bytes(self, request: Request, body: bytes, media_type: str) -> Response:
        """Answer with anything else."""
        return answer(request, body, options=self._options, media_type=media_type)


class _Logged:
    """Writes every request down when its answer starts."""

    def __init__(self, app: ASGIApp, log: RequestLog) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it was answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        arrived = self._log.timer()

        async def send_noted(message: Message) -> None:
            """Send on, and note the answer's status and time."""
            if message["type"] == "http.response.start":
                self._log.add(_entry(Request(scope), message["status"], arrived))
            await send(message)

        await self._app(scope, receive, send_noted)


_MESSAGES = {
    404: ("Page not found", "We looked on every shelf, and this page is not there."),
    405: ("Not like that", "This page can only be read."),
    410: ("This story is gone", "Its author took it down, and it will not come back."),
    429: ("Slow down", "You are reading faster than we can turn the pages. Please come back in a moment."),
    500: ("Something went wrong", "That was us, not you. Please try again."),
}


def _entry(request: Request, status: int, arrived: float) -> ServedRequest:
    """Return what the log keeps of a request."""
    query = request.url.query
    headers = request.headers
    return ServedRequest(
        method=request.method,
        path=request.scope["raw_path"].decode("ascii") + (f"?{query}" if query else ""),
        status=status,
        at=arrived,
        user_agent=headers.get("user-agent"),
        is_conditional="if-none-match" in headers or "if-modified-since" in headers,
    )


def _base_url(request: Request) -> str:
    """Return scheme and host as the client sees them."""
    return f"{request.url.scheme}://{request.url.netloc}"


def _number(request: Request, name: str) -> int:
    """Return the number of the page that is asked for; nonsense asks for the first."""
    text = request.query_params.get(name, "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1
