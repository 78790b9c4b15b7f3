"""`skills` and `work`: what openings of two roles ask for, as a person asks it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rolediff.annotate.roles import Catalogue, Role, RoleReading
from rolediff.compare.asked import question
from rolediff.compare.skills import compare_skills
from rolediff.compare.trend import history_of
from rolediff.compare.work import compare_work
from rolediff.market import ReadOptions, Where, load
from rolediff.results import Skills, Work


def skills(
    a: str | Role,
    b: str | Role,
    data: Any = None,
    *,
    where: str | Where | None = None,
    reading: RoleReading = "strict",
    roles: Path | str | None = None,
    options: ReadOptions | None = None,
) -> Skills:
    """Which skills the openings of two roles ask for; arguments and errors are those of `diff`.

    Returns:
        A `Skills`; shares are 0 to 1, differences A less B. Raises NotEnoughEvidence where the
        data have no postings or a role has fewer than 5 openings.
    """
    asked = question(a, b, where=where, reading=reading, roles=roles)
    known = Catalogue.load(Path(roles) if roles else None).roles
    dated = history_of(data)
    return compare_skills(load(data, options).market, asked, known, dated[0] if dated else None)


def work(
    a: str | Role,
    b: str | Role,
    data: Any = None,
    *,
    where: str | Where | None = None,
    reading: RoleReading = "strict",
    roles: Path | str | None = None,
    options: ReadOptions | None = None,
) -> Work:
    """What people in two roles do, by the duties of their openings; as `skills`.

    Returns:
        A `Work`; shares are 0 to 1, differences A less B.
    """
    asked = question(a, b, where=where, reading=reading, roles=roles)
    return compare_work(load(data, options).market, asked)
