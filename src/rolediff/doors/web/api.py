"""The twin of every page in JSON, described by OpenAPI."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, File, Form, Path, Request, UploadFile
from fastapi.responses import JSONResponse, Response

from rolediff.claims.check import check
from rolediff.claims.rule import Rule
from rolediff.compare.path_question import skills_had
from rolediff.doors.web.answers import Answers
from rolediff.doors.web.asking import Asked, asked
from rolediff.doors.web.serving import COOKIE, Serving, answers_for, serving
from rolediff.doors.web.uploads import market_of_upload, pdf_within, reasons
from rolediff.read.article import read_article
from rolediff.report.check_json import reviewed
from rolediff.report.json import plain

router = APIRouter(prefix="/api")
Here = Annotated[Serving, Depends(serving)]
There = Annotated[Answers, Depends(answers_for)]
Asking = Annotated[Asked, Depends(asked)]
PartName = Literal["pay", "skills", "work", "where", "trend", "why"]
_WHY = {
    "type": "object",
    "properties": {
        "type": {"type": "string"}, "status": {"type": "integer"}, "title": {"type": "string"},
        "detail": {"type": "string"}, "links": {"type": "array"}, "rows": {"type": "array"},
    },
    "required": ["type", "status", "title", "detail"],
}  # fmt: skip
REFUSED: dict[int | str, dict[str, Any]] = {
    code: {"description": text, "content": {"application/problem+json": {"schema": _WHY}}}
    for code, text in (
        (400, "a filter or name that cannot be understood"), (403, "sent from elsewhere"),
        (404, "no such role or skill; the detail names those near"), (409, "not enough evidence"),
        (413, "too large"), (414, "the address is too long"), (421, "another host"),
        (422, "cannot be read"), (501, "an extra that is not installed"), (503, "took too long"),
    )
}  # fmt: skip
"""What else may be answered, as problem+json (RFC 9457)."""


@router.get("/compare", responses=REFUSED)
def compare(ask: Asking, answers: There) -> dict[str, Any]:
    """The pay of two roles."""
    return _told("pay", ask, answers)


@router.get("/compare/{name}", responses=REFUSED)
def part(name: PartName, ask: Asking, answers: There) -> dict[str, Any]:
    """One part of the comparison: pay, skills, work, where, trend or why."""
    return _told(name, ask, answers)


@router.get("/roles", responses=REFUSED)
def roles(answers: There) -> list[dict[str, Any]]:
    """All roles that can be named, with their counts."""
    return answers.counts()


@router.get("/role/{id}", responses=REFUSED)
def role(id: Annotated[str, Path(max_length=120)], answers: There) -> dict[str, Any]:
    """What ads of one role ask for, and which roles are near."""
    return _plain(answers.role(answers.catalogue.resolve(id)).to_dict())


@router.get("/skill/{name:path}", responses=REFUSED)
def skill(name: Annotated[str, Path(max_length=120)], answers: There) -> dict[str, Any]:
    """How often ads of every role name a skill."""
    return _plain(answers.skill(name).to_dict())


@router.get("/data", responses=REFUSED)
def data(answers: There) -> list[dict[str, Any]]:
    """The sources: licence, version, rows read, kept and set aside."""
    return [s.to_dict() for s in answers.market.named_sources]


@router.post("/data", responses=REFUSED)
def upload(
    here: Here, file: Annotated[UploadFile, File()],
    currency: Annotated[str, Form(max_length=3)] = "",
) -> Response:  # fmt: skip
    """A salary file of one's own: who keeps the cookie that comes back is answered from it."""
    market, bad = market_of_upload(file, currency.strip().upper() or None, here.limits)
    told = {"records": len(market), "set_aside": bad.height, "rows": list(reasons(bad))}
    return here.held(JSONResponse(told), file.filename, market)


@router.delete("/data", responses=REFUSED)
def forget(here: Here, request: Request) -> Response:
    """Let go of it."""
    return here.let_go(JSONResponse({}), request.cookies.get(COOKIE))


@router.get("/method", responses=REFUSED)
def method() -> dict[str, str]:
    """The rule by which claims are judged."""
    return {"rule": Rule().words}


@router.post("/check", responses=REFUSED)
def checked(
    text: Annotated[str, Body(embed=True, min_length=1, max_length=2_000_000)], answers: There,
    here: Here,
) -> dict[str, Any]:  # fmt: skip
    """An article with a verdict on every claim."""
    article = read_article(text.encode(), name="text", pdf=pdf_within(here.limits))
    return _plain(reviewed(check(article, answers.market)))


@router.post("/path", responses=REFUSED)
def path(
    answers: There, to: Annotated[str, Body(max_length=120)],
    start: Annotated[str | None, Body(max_length=120)] = None,
    have: Annotated[list[str] | None, Body(max_length=500)] = None,
) -> dict[str, Any]:  # fmt: skip
    """The way to a role."""
    catalogue = answers.catalogue
    begin = catalogue.resolve(start) if start else None
    skills = skills_had(have) if have else None
    return _plain(answers.path(catalogue.resolve(to), begin, skills).to_dict())


def _told(name: str, ask: Asked, answers: Answers) -> dict[str, Any]:
    return _plain(answers.result(name, ask).to_dict())


def _plain(x: dict[str, Any]) -> dict[str, Any]:
    """Plain data as the command's JSON has it."""
    told: dict[str, Any] = plain(x)
    return told
