"""The page as a program that a server runs."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from importlib.resources import files

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rolediff import __version__
from rolediff.annotate.roles import Catalogue
from rolediff.doors.web import api, pages
from rolediff.doors.web.asking import Asked
from rolediff.doors.web.guard import Guard
from rolediff.doors.web.limits import Limits
from rolediff.doors.web.problems import Problem, refusal
from rolediff.doors.web.refusals import handled
from rolediff.doors.web.serving import Serving
from rolediff.errors import RolediffError
from rolediff.market import Market
from rolediff.report.pages import style

TOO_LONG = (
    "This takes too long: ask again in a minute, when it may be worked out, "
    "or narrow it by a filter."
)
HOSTS = ("localhost", "127.0.0.1", "::1")


def _script() -> str:
    return (files("rolediff.doors.web") / "static" / "site.js").read_text(encoding="utf-8")


def _style() -> str:
    return style("style.css", "page.css", "web/site.css")


STATIC: Mapping[str, tuple[str, Callable[[], str]]] = {
    "style.css": ("text/css", _style),
    "site.js": ("text/javascript", _script),
}


def make_app(
    market: Market, catalogue: Catalogue, *, hosts: Iterable[str] = HOSTS,
    limits: Limits | None = None,
) -> ASGIApp:  # fmt: skip
    """The page on a market, answering under `hosts` alone."""
    bounds = limits or Limits()
    app = FastAPI(
        title="rolediff", version=__version__, docs_url=None, redoc_url=None,
        description="A diff for job roles: every page of the local site, as JSON.",
        lifespan=_warmed,
    )  # fmt: skip
    app.state.serving = Serving.of(market, catalogue, bounds)
    app.include_router(pages.router)
    app.include_router(api.router)
    app.add_api_route("/static/{name}", _static, include_in_schema=False)
    app.add_api_route("/favicon.ico", _no_icon, include_in_schema=False)
    handled(app)
    return Guard(_Timed(app, bounds.seconds), hosts=hosts, limits=bounds)


@asynccontextmanager
async def _warmed(app: FastAPI) -> AsyncIterator[None]:
    """The first pair is answered beforehand, or the first reader would wait for all imports.

    What is held by then stays as long as the program: sought through for garbage again and again,
    it would hold up one answer in fifty by as much as the answer takes.
    """
    done = asyncio.get_running_loop().run_in_executor(None, _first, app.state.serving)
    yield
    await done


def _first(serving: Serving) -> None:
    with suppress(RolediffError):
        pages.compare(Asked(), serving.answers(None))
    gc.collect()
    gc.freeze()


def _static(name: str) -> Response:
    if name not in STATIC:
        raise HTTPException(404)
    kind, text = STATIC[name]
    return Response(text(), media_type=kind, headers={"Cache-Control": "max-age=3600"})


def _no_icon() -> Response:
    """Browsers ask for one, whatever a page says."""
    return Response(status_code=204, headers={"Cache-Control": "max-age=86400"})


class _Timed:
    """Says so when an answer takes too long; the others are answered meanwhile."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self.app, self.seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await asyncio.wait_for(self.app(scope, receive, send), self.seconds)
        except TimeoutError:
            late = Problem(503, "Too long", TOO_LONG)
            await refusal(late, scope)(scope, receive, send)
