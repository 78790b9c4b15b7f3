"""What is said where there is no answer, and what may be done instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rolediff.doors.web.asking import FIRST, SECOND, asked_of
from rolediff.doors.web.problems import Problem, problem_of, refusal
from rolediff.doors.web.serving import COOKIE, Serving
from rolediff.doors.web.uploads import NoRowsError
from rolediff.errors import NotEnoughEvidence, RolediffError, UnknownRoleError, UnknownSkillError

PAGES = ("compare", "roles", "role", "skill", "check", "path", "data", "method")


def handled(app: FastAPI) -> None:
    """Have `app` refuse in this way."""
    app.add_exception_handler(RolediffError, refused)
    app.add_exception_handler(RequestValidationError, not_valid)
    app.add_exception_handler(HTTPException, not_possible)
    app.add_exception_handler(Exception, failed)


def refused(request: Request, error: Exception) -> Response:
    """What the library refuses, with what may be asked instead."""
    assert isinstance(error, RolediffError)
    problem = replace(problem_of(error), links=tuple(_instead(request, error)))
    if isinstance(error, NoRowsError):
        problem = replace(problem, rows=error.rows)
    return refusal(problem, request.scope)


def _instead(request: Request, error: RolediffError) -> Iterator[tuple[str, str]]:
    found: Serving = request.app.state.serving
    twin = "/api" if request.url.path.startswith("/api/") else ""
    comparing = request.url.path.removeprefix(twin).startswith("/compare")
    if isinstance(error, UnknownRoleError):
        for name in error.suggestions:
            same = _same(request, found, name) if comparing else ""
            yield name, twin + (same or f"/role/{found.catalogue.resolve(name).id}")
    elif isinstance(error, UnknownSkillError):
        yield from ((name, f"{twin}/skill/{quote(name, safe='')}") for name in error.suggestions)
    elif isinstance(error, NotEnoughEvidence) and comparing:
        ask = asked_of(request.query_params)
        if ask.filters:
            answers = found.answers(request.cookies.get(COOKIE))
            yield from ((said, twin + href) for said, href in answers.emptied(ask))


def _same(request: Request, found: Serving, name: str) -> str:
    """The comparison that was asked for, with `name` for the role that there is none of."""
    said = dict(request.query_params)
    for key, usual in (("a", FIRST), ("b", SECOND)):
        try:
            found.catalogue.resolve(said.get(key, usual))
        except UnknownRoleError:
            return f"/compare?{urlencode({**said, key: name})}"
    return ""


def not_valid(request: Request, error: Exception) -> Response:
    """A field that is missing, too long or of another kind."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    said = f"{where or 'The request'}: {first['msg']}."
    return refusal(Problem(400, "Not understood", said[:300]), request.scope)


def not_possible(request: Request, error: Exception) -> Response:
    """No such page, with those whose names are near; or a method that is not taken."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        problem = Problem(
            404, "No such page", "There is nothing under this address.", tuple(_near(request))
        )
    else:
        problem = Problem(error.status_code, "Not possible", str(error.detail))
    answer = refusal(problem, request.scope)
    answer.headers.update(error.headers or {})  # which methods are allowed
    return answer


def _near(request: Request) -> Iterator[tuple[str, str]]:
    """Pages whose names are near, and the role or skill that the last word may be."""
    words = request.url.path.casefold().removeprefix("/api").strip("/").split("/")
    first, last = words[0][:40], words[-1][:40]
    for name in difflib.get_close_matches(first, PAGES, 2, 0.6):
        yield f"The page {name.capitalize()}", f"/{name if name != 'role' else 'roles'}"
    found: Serving = request.app.state.serving
    with suppress(UnknownRoleError):
        role = found.catalogue.resolve(last)
        yield f"The role {role.label}", f"/role/{role.id}"


def failed(request: Request, error: Exception) -> Response:  # noqa: ARG001
    """A fault of this program."""
    said = "Something went wrong in this program; the terminal it runs in says what."
    return refusal(Problem(500, "Failed", said), request.scope)
