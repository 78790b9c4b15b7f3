"""The pages: each with a stable address, whole without a script."""

from __future__ import annotations

import shlex
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from rolediff.claims.check import check
from rolediff.claims.rule import Rule
from rolediff.compare.path_question import skills_had
from rolediff.doors.web.answers import PARTS, Answers
from rolediff.doors.web.asking import FILTERS, WORDS, Asked, asked
from rolediff.doors.web.serving import COOKIE, SHORT, Serving, answers_for, serving
from rolediff.doors.web.uploads import market_of_upload, pdf_within, reasons, text_of_resume
from rolediff.doors.web.words import for_pages
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.read.article import read_article
from rolediff.report import check_html
from rolediff.report.figures import Part
from rolediff.report.pages import rendered, style, style_hash
from rolediff.report.parts_path import way
from rolediff.report.path_words import sentences
from rolediff.report.report_html import section
from rolediff.report.words import capital as capitalised
from rolediff.results import CareerPath

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
Here = Annotated[Serving, Depends(serving)]
There = Annotated[Answers, Depends(answers_for)]
Asking = Annotated[Asked, Depends(asked)]
ONLY_STYLE = (
    "default-src 'none'; style-src '{}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""What a page that has all in itself may load: its own style."""


@router.get("/")
def home() -> Response:
    """The first pair."""
    return RedirectResponse("/compare")


@router.get("/compare")
def compare(ask: Asking, answers: There) -> Response:
    """Two roles: the answer at once, the heavier parts when they are asked for."""
    return _page("web/compare.html", "Compare", **_compared(ask, answers))


@router.get("/compare/answer")
def answer(ask: Asking, answers: There) -> Response:
    """The answer alone, for a page that is there already."""
    return HTMLResponse(rendered("web/answer.html", **_compared(ask, answers)))


@router.get("/compare/part/{name}")
def part(name: str, ask: Asking, answers: There) -> Response:
    """One of the heavier parts, for a page that is there already."""
    return HTMLResponse(section(_part(name, ask, answers)))


@router.get("/compare/{name}")
def compare_part(name: str, ask: Asking, answers: There) -> Response:
    """One part as a page of its own."""
    made = _part(name, ask, answers)
    empty = answers.emptied(ask) if made.short and ask.filters else []
    return _page("web/part.html", made.heading, section=made, ask=ask, verb=name, empty=empty)


def _compared(ask: Asked, answers: Answers) -> dict[str, Any]:
    q = ask.question(answers.catalogue)
    made = _part("pay", ask, answers)
    empty = answers.emptied(ask) if made.short and ask.filters else []
    return {
        "ask": ask, "part": made, "a": q.a, "b": q.b, "empty": empty, "values": answers.values(),
        "roles": answers.catalogue.roles, "filters": [(k, WORDS.get(k, k)) for k in FILTERS],
        "parts": [(n, h) for n, (h, _, _) in PARTS.items() if n != "pay"], "owner": answers.owner,
        "caveats": _caveats(ask, answers) if not made.short else [],
    }  # fmt: skip


def _caveats(ask: Asked, answers: Answers) -> list[str]:
    return [for_pages(text) for _, text in answers.pay(ask).caveats]


def _part(name: str, ask: Asked, answers: Answers) -> Part:
    """A part, or why there is not enough evidence for it."""
    if name not in PARTS:
        raise UsageError(f"no part {name[:40]!r}: there are {', '.join(PARTS)}")
    try:
        return answers.part(name, ask)
    except NotEnoughEvidence as error:
        return Part(name, PARTS[name][0], short=for_pages(str(error)))


@router.get("/role/{id}")
def role(id: str, answers: There) -> Response:
    """What one role is, what its ads ask for, and which roles are near."""
    found = answers.catalogue.resolve(id)
    counts = next(c for c in answers.counts() if c["id"] == found.id)
    try:
        told = answers.role(found)
        shown = _shown(told, "asked", "What ads ask for", ("--to", found.label))
    except NotEnoughEvidence as error:
        shown = Part("asked", "What ads ask for", short=for_pages(str(error)))
    return _page(
        "web/role.html", found.label, role=found, counts=counts, part=shown,
        roles=answers.catalogue.roles,
    )  # fmt: skip


@router.get("/roles")
def roles(answers: There) -> Response:
    """All roles, with their counts."""
    return _page("web/roles.html", "Roles", counts=answers.counts())


@router.get("/skill/{name:path}")
def skill(name: str, answers: There) -> Response:
    """How often ads of every role name a skill."""
    found = answers.skill(name[:SHORT])
    titles = {s.name: s.title for s in answers.market.named_sources}
    source = titles.get(found.source) or found.source
    return _page("web/skill.html", f"{found.skill}: skill", found=found, source=source, named=[])


@router.get("/skill")
def skill_form(answers: There, name: str = "") -> Response:
    """A form for a skill."""
    if name.strip():
        return RedirectResponse(f"/skill/{quote(name.strip()[:SHORT], safe='')}")
    return _page("web/skill.html", "Skill", found=None, source="", named=answers.skills())


@router.get("/check")
def check_form(here: Here) -> Response:
    """A form for an article."""
    return _page("web/check.html", "Check an article", most=here.limits.article)


@router.post("/check")
def checked(
    answers: There, here: Here, text: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:  # fmt: skip
    """An article with a verdict on every claim; it is kept nowhere."""
    data, name = text.encode(), "pasted text"
    if file is not None and file.filename:
        data, name = file.file.read(), file.filename[:SHORT]
    if not data.strip():
        raise UsageError("there is no article: paste its text or choose a file")
    article = read_article(data, name=name, pdf=pdf_within(here.limits))
    told = check(article, answers.market, rule=Rule())
    page = check_html.page(
        told, top=rendered("web/checked.html", here="/check"), css=str(style("web/checked.css"))
    )
    css = page.partition("<style>")[2].partition("</style>")[0]
    policy = ONLY_STYLE.format(style_hash(css))
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


@router.get("/path")
def path_form(answers: There) -> Response:
    """A form for the way to a role."""
    return _page("web/path.html", "Path", roles=answers.catalogue.roles, part=None, to="", start="")


@router.post("/path")
def path(
    answers: There, here: Here, to: Annotated[str, Form()],
    start: Annotated[str, Form()] = "", have: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:  # fmt: skip
    """The way to a role; a résumé stays in memory while it is read."""
    catalogue = answers.catalogue
    target, begin = catalogue.resolve(to), catalogue.resolve(start) if start.strip() else None
    skills: tuple[str, ...] | None = None
    if file is not None and file.filename:
        skills = here.skills_in(text_of_resume(file, here.limits))
    elif _is_list(have):
        skills = skills_had([s for s in have.split(",") if s.strip()])
    elif have.strip():
        skills = here.skills_in(have)
    told = answers.path(target, begin, skills)
    flags = ("--to", target.label, *(("--from", begin.label) if begin else ()))
    if skills is not None:
        flags = (*flags, "--have", ", ".join(skills))
    return _page(
        "web/path.html", "Path", roles=catalogue.roles, to=target.label,
        start=begin.label if begin else "",
        part=_shown(told, "path", f"The way to {target.label}", flags),
    )  # fmt: skip


def _is_list(text: str) -> bool:
    """Whether it is a list of skills: one line with commas, or one word."""
    return bool(text.strip()) and "\n" not in text.strip() and len(text) < 400


@router.get("/data")
def data(answers: There, here: Here, request: Request) -> Response:
    """Where the figures come from, and a form for one's own."""
    own = here.sessions.get(request.cookies.get(COOKIE))
    sources = answers.market.named_sources
    return _page("web/data.html", "Data", sources=sources, own=own, most=here.limits.table)


@router.post("/data")
def upload(
    here: Here, file: Annotated[UploadFile, File()], currency: Annotated[str, Form()] = ""
) -> Response:
    """One's own salary file, held in memory for this browser alone."""
    market, bad = market_of_upload(file, currency.strip().upper() or None, here.limits)
    page = rendered(
        "web/uploaded.html", title="Your file", here="/data", market=market, called=file.filename,
        bad=reasons(bad), n_bad=bad.height, sources=market.sources,
    )  # fmt: skip
    return here.held(HTMLResponse(page), file.filename, market)


@router.post("/data/forget")
def forget(here: Here, request: Request) -> Response:
    """Let go of one's own file."""
    return here.let_go(RedirectResponse("/data", 303), request.cookies.get(COOKIE))


@router.get("/method")
def method() -> Response:
    """How it is computed, and the rule of verdicts."""
    return _page("web/method.html", "Method", rule=Rule().words)


def _page(template: str, title: str, **context: Any) -> Response:
    """A page, with what all of them have."""
    here = f"/{template[4:-5]}"
    return HTMLResponse(rendered(template, title=capitalised(title), here=here, **context))


def _shown(told: CareerPath, id: str, heading: str, flags: tuple[str, ...]) -> Part:
    command = shlex.join(["rolediff", "path", *flags])
    return Part(id, heading, sentences(told), (), tuple(way(told, "n", command)))
