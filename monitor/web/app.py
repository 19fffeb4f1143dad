"""The pages and where they are. Every handler is plain; Starlette runs it in a thread of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from monitor.errors import MonitorError
from monitor.events import Topic
from monitor.review.figures import compute_figures
from monitor.review.money import price
from monitor.review.wording import percent
from monitor.web.call import AUDIO_TYPES, audio_file, call_values
from monitor.web.drawer import Drawer
from monitor.web.guard import Guard
from monitor.web.library import Library, Reviewed
from monitor.web.live import live_events, live_values
from monitor.web.render import STATIC, render, static, stream
from monitor.web.trends import add_up, by_client, by_phrase, by_week

PAGE = 50
"""Sessions on a page of the list."""

PERIODS = {12: "12 weeks", 26: "half a year", 52: "a year", 0: "all time"}
"""How far back trends go, in weeks; 0 is without end."""


DEFAULT_WEEKS = 12
DIGITS = 5


def create_app(library: Library, drawer: Drawer, token: str, port: int) -> Starlette:
    """The app over `library`, for a browser that is opened with `token` at 127.0.0.1 and `port`."""
    pages = Pages(library, drawer)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        drawer.close()
        library.close()

    return Starlette(
        routes=pages.routes(),
        middleware=[Middleware(Guard, token=token, port=port)],
        exception_handlers={MonitorError: _told, 404: _not_found},
        lifespan=lifespan,
    )


class Pages:
    """The handlers, over one library."""

    def __init__(self, library: Library, drawer: Drawer) -> None:
        self._library = library
        self._draw = drawer

    def routes(self) -> list[Route]:
        """Everything that can be asked for."""
        return [
            Route("/", self.sessions),
            Route("/sessions/{id:int}", self.session),
            Route("/sessions/{id:int}/utterances/{place:int}/topic", self.correct, methods=["DELETE"]),
            Route("/sessions/{id:int}/utterances/{place:int}/topic/{topic}", self.correct, methods=["PUT"]),
            Route("/sessions/{id:int}/audio", self.audio),
            Route("/sessions/{id:int}/timeline.png", self.timeline_png),
            Route("/trends", self.trends),
            Route("/trends.png", self.trends_png),
            Route("/clients", self.clients),
            Route("/phrases", self.phrases),
            Route("/search", self.search),
            Route("/live", self.live),
            Route("/live/events", self.live_events),
            Route("/static/{name}", self.static),
        ]

    def sessions(self, request: Request) -> Response:
        """The list, newest first."""
        client, number = request.query_params.get("client"), _number(request, "page", 1)
        everything = self._library.sessions()
        found = [info for info in everything if client is None or (info.client or "") == client]
        shown = found[(number - 1) * PAGE : number * PAGE]
        talk = self._library.talk([info.id for info in shown])
        self._draw.warm_up()
        return _page(
            "sessions.html",
            rows=[(info, talk[info.id], price(talk[info.id].personal_s, info.settings)) for info in shown],
            count=len(found),
            page=number,
            pages=max(1, -(-len(found) // PAGE)),
            client=client,
            running=self._library.running(),
        )

    def session(self, request: Request) -> Response:
        """One call; what is above its chart is shown while that is drawn."""
        values = self._call(request.path_params["id"])
        return StreamingResponse(stream("session.html", **values), media_type="text/html")

    def correct(self, request: Request) -> Response:
        """PUT says what an utterance was about, DELETE takes that back; answers with the parts that change."""
        session_id, place = request.path_params["id"], request.path_params["place"]
        topic = request.path_params.get("topic")
        if topic not in (None, *get_args(Topic)):
            raise HTTPException(404)
        self._library.correct(session_id, place, topic)
        values = self._call(session_id)
        said = values["said"][place]
        return JSONResponse(
            {
                "topic": said.decision.topic,
                "corrected": said.corrected,
                "said": f"Personal talk is now {percent(values['figures'].total.share_personal)}.",
                "begins": [row.place for row in values["said"] if row.begins_run],
                "figures": render("_figures.html", **values),
                "side": render("_side.html", **values),
                "timeline": values["timeline"](),
            }
        )

    def audio(self, request: Request) -> Response:
        """The sound of a call, if it was kept."""
        path = audio_file(self._library.load(request.path_params["id"]))
        if path is None:
            raise HTTPException(404)
        return FileResponse(path, media_type=AUDIO_TYPES[path.suffix.lower()])

    def timeline_png(self, request: Request) -> Response:
        """The chart of a call as a picture."""
        session = self._library.load(request.path_params["id"])
        figures = compute_figures(session.decisions, session.cues)
        return Response(self._draw("draw_call_png", session, figures), media_type="image/png")

    def trends(self, request: Request) -> Response:
        """Charts by week."""
        weeks = by_week(self._chosen(request))
        return _page("trends.html", weeks=weeks, charts=self._draw("draw_weeks", weeks), **self._choice(request))

    def trends_png(self, request: Request) -> Response:
        """One of these charts as a picture."""
        picture = self._draw("draw_weeks_png", by_week(self._chosen(request)), request.query_params.get("chart"))
        if picture is None:
            raise HTTPException(404)
        return Response(picture, media_type="image/png")

    def clients(self, request: Request) -> Response:
        """The clients beside each other."""
        reviewed = self._chosen(request)
        clients = by_client(reviewed)
        chart = self._draw("draw_clients", clients) if clients else None
        return _page("clients.html", totals=clients, all=add_up(reviewed), chart=chart, **self._choice(request))

    def phrases(self, request: Request) -> Response:
        """The phrases that were shown, and how they did."""
        return _page("phrases.html", phrases=by_phrase(self._chosen(request)), **self._choice(request))

    def search(self, request: Request) -> Response:
        """Utterances with these words, in context."""
        words = request.query_params.get("q", "").strip()
        return _page("search.html", words=words, hits=self._library.search(words))

    def live(self, _: Request) -> Response:
        """The view of a running call."""
        return _page("live.html", **live_values(self._library))

    def live_events(self, _: Request) -> Response:
        """The same, again whenever it changes."""
        return StreamingResponse(live_events(self._library), media_type="text/event-stream")

    def static(self, request: Request) -> Response:
        """Style sheet, scripts, icon: those, and no other file."""
        name = request.path_params["name"]
        if name not in STATIC:
            raise HTTPException(404)
        return Response(static(name), media_type=STATIC[name])

    def _call(self, session_id: int) -> dict[str, Any]:
        session = self._library.load(session_id)
        figures = compute_figures(session.decisions, session.cues)
        values = call_values(session, figures, self._library.corrected(session_id))
        return values | {
            "timeline": self._draw.begin("draw_call", session, figures),
            "has_audio": audio_file(session) is not None,
        }

    def _chosen(self, request: Request) -> list[Reviewed]:
        """The sessions of the client and the period that the address names."""
        client, weeks = request.query_params.get("client"), _number(request, "weeks", DEFAULT_WEEKS)
        since = datetime.now(UTC) - timedelta(weeks=weeks)
        return self._library.reviewed(
            [
                info
                for info in self._library.sessions()
                if (not client or info.client == client) and (not weeks or info.started_at >= since)
            ]
        )

    def _choice(self, request: Request) -> dict[str, Any]:
        """The values of the form that chooses them."""
        names = {info.client for info in self._library.sessions() if info.client}
        return {
            "client": request.query_params.get("client", ""),
            "client_names": sorted(names, key=str.casefold),
            "weeks_back": _number(request, "weeks", DEFAULT_WEEKS),
            "periods": PERIODS,
        }


def _page(template: str, **values: object) -> Response:
    return HTMLResponse(render(template, **values))


def _number(request: Request, name: str, default: int) -> int:
    """A number in the address, or the default where there is none that makes sense."""
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < DIGITS else default


def _told(_: Request, error: Exception) -> Response:
    return HTMLResponse(render("error.html", message=str(error)), 404)


def _not_found(_: Request, __: Exception) -> Response:
    return HTMLResponse(render("error.html", message="There is nothing here."), 404)
