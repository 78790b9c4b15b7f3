"""`gather`: every answer on two roles, computed once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rolediff.annotate.roles import Catalogue, Role, RoleReading
from rolediff.compare.asked import question
from rolediff.compare.brief_evidence import told
from rolediff.compare.brief_words import command, path_command
from rolediff.compare.found import Question
from rolediff.compare.path import find_path
from rolediff.compare.path_pool import PathQuestion
from rolediff.compare.skills import compare_skills
from rolediff.compare.trend import demand
from rolediff.compare.where import where_hired
from rolediff.compare.why import explain_roles
from rolediff.compare.work import compare_work
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.market import Market, ReadOptions, Where, load
from rolediff.results import CareerPath, Report, Short

VERBS = {"pay": "", **{verb: verb for verb in ("why", "skills", "work", "where", "trend")}}
"""The verb that prints each part of a report."""


def gather(
    a: str | Role, b: str | Role, data: Any = None, *, where: str | Where | None = None,
    reading: RoleReading = "strict", money: str = "usd", cpi: Path | str | None = None,
    roles: Path | str | None = None, options: ReadOptions | None = None,
) -> Report:  # fmt: skip
    """Everything on two roles at once: pay, why, skills, work, where, trend and path.

    Arguments are those of `diff`. `.html()` of what it returns is the page of `rolediff report`.

    Raises:
        UsageError, DataError, NotEnoughEvidence: as their messages say; the last only if nothing
            at all can be said.
    """
    asked = question(a, b, where=where, reading=reading, money=money, cpi=cpi, roles=roles)
    catalogue = Catalogue.load(Path(roles) if roles else None)
    return gather_roles(load(data, options).market, asked, catalogue)


def gather_roles(market: Market, q: Question, catalogue: Catalogue, extra: str = "") -> Report:
    """All of it on the roles of `q`; `extra` is added to the commands that print the figures.

    Raises:
        UsageError: the two roles are one.
        NotEnoughEvidence: no part has enough.
    """
    if q.a.id == q.b.id:
        raise UsageError(f"both roles are {q.a.label}: name two different ones")
    found = Report(
        a=q.a.label,
        b=q.b.label,
        reading=q.reading,
        where=str(q.where),
        where_words=q.where.words,
        why=told(lambda: explain_roles(market, q)),
        skills=told(lambda: compare_skills(market, q, catalogue.roles)),
        work=told(lambda: compare_work(market, q)),
        hired=told(lambda: where_hired(market, q)),
        trend=told(lambda: demand(market, q)),
        paths=(_path(market, q, catalogue, q.a, q.b), _path(market, q, catalogue, q.b, q.a)),
        commands=_commands(q, extra),
    )
    if isinstance(found.why, Short) and isinstance(found.skills, Short) and not _hired(found):
        raise NotEnoughEvidence(found.why.reason)
    return found


def _hired(r: Report) -> bool:
    """Whether any part but pay and skills has something to say."""
    rest = (r.work, *r.paths)
    hired = not isinstance(r.hired, Short) and bool(r.hired.industries or r.hired.countries)
    return hired or any(not isinstance(part, Short) for part in rest)


def _path(
    market: Market, q: Question, catalogue: Catalogue, to: Role, start: Role
) -> CareerPath | Short:
    asked = PathQuestion(to, start, None, q.reading, q.where, q.lens, catalogue)
    return told(lambda: find_path(market, asked))


def _commands(q: Question, extra: str) -> dict[str, str]:
    verbs = {part: command(verb, q, extra) for part, verb in VERBS.items()}
    paths = {
        "path_a": path_command(q.a, q.b, q, extra),
        "path_b": path_command(q.b, q.a, q, extra),
    }
    return verbs | paths
