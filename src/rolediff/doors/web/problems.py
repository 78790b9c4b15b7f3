"""Refusals in plain words: a page for people, problem+json (RFC 9457) for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response

from rolediff.doors.web.words import for_pages
from rolediff.errors import (
    DataError,
    MissingExtraError,
    NotEnoughEvidence,
    RolediffError,
    UnknownRoleError,
    UnknownSkillError,
    UsageError,
)
from rolediff.report.pages import rendered


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no answer: `status` of HTTP, a `title`, the `detail` in a sentence.

    `links` are pairs of what may be done instead and its address; `rows` are reasons by row.
    """

    status: int
    title: str
    detail: str
    links: tuple[tuple[str, str], ...] = ()
    rows: tuple[dict[str, Any], ...] = field(default=())


STATUS: tuple[tuple[type[RolediffError], int, str], ...] = (
    (UnknownRoleError, 404, "No such role"),
    (UnknownSkillError, 404, "No such skill"),
    (MissingExtraError, 501, "Not installed"),
    (UsageError, 400, "Not understood"),
    (DataError, 422, "Cannot be read"),
    (NotEnoughEvidence, 409, "Not enough evidence"),
)
"""Errors by kind, the first that fits, with their status and title."""


def problem_of(error: RolediffError) -> Problem:
    """The refusal that an error is."""
    status, title = next(((s, t) for k, s, t in STATUS if isinstance(error, k)), (500, "Failed"))
    return Problem(status, title, capital(for_pages(str(error))))


def refusal(problem: Problem, scope: Any) -> Response:
    """The answer to a request that is refused: JSON for a twin and for who accepts that alone."""
    accepted = Headers(scope=scope).get("accept", "")
    only_json = "json" in accepted and "html" not in accepted
    if only_json or str(scope["path"]).startswith("/api/"):
        body = {"type": "about:blank", **asdict(problem)}
        body["links"] = [{"text": text, "href": href} for text, href in problem.links]
        return JSONResponse(body, problem.status, media_type="application/problem+json")
    page = rendered("web/problem.html", problem=problem, here="", title=problem.title)
    return Response(page, problem.status, media_type="text/html")


def capital(text: str) -> str:
    """A message as a sentence."""
    said = text[:1].upper() + text[1:]
    return said if said.endswith((".", "?")) else f"{said}."
