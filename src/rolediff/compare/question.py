"""`diff` and `why`: the question as a person asks it, by names and words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rolediff.annotate.roles import Role, RoleReading
from rolediff.compare.asked import question
from rolediff.compare.roles import compare_roles
from rolediff.market import ReadOptions, Where, load
from rolediff.results import Comparison, Why


def diff(
    a: str | Role,
    b: str | Role,
    data: Any = None,
    *,
    where: str | Where | None = None,
    reading: RoleReading = "strict",
    money: str = "usd",
    cpi: Path | str | None = None,
    reference: str = "pooled",
    roles: Path | str | None = None,
    options: ReadOptions | None = None,
) -> Comparison:
    """Compare the pay of two roles.

    Args:
        a, b: names that the catalogue knows, or a `Role` such as `title_role("payroll clerk")`.
        data: None for the bundled market, a `Market`, its folder, a file of records or a frame.
        where: a filter, `"country=US,level=senior,year=2024.."`.
        reading: "strict" (the title is the role's name) or "broad" (a name for the same job).
        money: "usd", "ppp" or "real-YEAR"; the last with `cpi`, a CSV of year,cpi[,country].
        reference: whose coefficients weigh the covariates: see `decompose`.
        roles: a TOML file of roles that adds to the catalogue.
        options: how to read a file or a frame.

    Returns:
        A `Comparison`; its gaps are log points of A over B.

    Raises:
        UsageError, DataError, NotEnoughEvidence: as their messages say.
    """
    asked = question(a, b, where=where, reading=reading, money=money, cpi=cpi, roles=roles)
    return compare_roles(load(data, options).market, asked, reference)


def why(
    a: str | Role,
    b: str | Role,
    data: Any = None,
    *,
    where: str | Where | None = None,
    reading: RoleReading = "strict",
    money: str = "usd",
    cpi: Path | str | None = None,
    reference: str = "pooled",
    roles: Path | str | None = None,
    options: ReadOptions | None = None,
) -> Why:
    """Why the pay of two roles differs: every section of `rolediff why`.

    Arguments and errors are those of `diff`, whose answer is in `comparison`.

    Returns:
        A `Why`; its gaps and parts are log points of A over B.
    """
    from rolediff.compare.why import explain_roles

    asked = question(a, b, where=where, reading=reading, money=money, cpi=cpi, roles=roles)
    return explain_roles(load(data, options).market, asked, reference)
