"""A question as a person asks it, by names and words."""

from __future__ import annotations

from pathlib import Path

from rolediff.annotate.roles import Catalogue, Role, RoleReading
from rolediff.compare.found import Question
from rolediff.compare.lens import Lens
from rolediff.errors import UsageError
from rolediff.market import Where


def question(
    a: str | Role,
    b: str | Role,
    *,
    where: str | Where | None = None,
    reading: RoleReading = "strict",
    money: str = "usd",
    cpi: Path | str | None = None,
    roles: Path | str | None = None,
) -> Question:
    """What is asked about two roles.

    Args:
        a, b: names that the catalogue knows, or a `Role` such as `title_role("payroll clerk")`.
        where: a filter, `"country=US,level=senior,year=2024.."`.
        reading: "strict" (the title is the role's name) or "broad" (a name for the same job).
        money: "usd", "ppp" or "real-YEAR"; the last with `cpi`, a CSV of year,cpi[,country].
        roles: a TOML file of roles that adds to the catalogue.

    Raises:
        UsageError, UnknownRoleError: an argument that cannot be understood.
    """
    read, filtered = checked_reading(reading), checked_where(where)
    catalogue = Catalogue.load(Path(roles) if roles else None)
    return Question(
        a if isinstance(a, Role) else catalogue.resolve(a),
        b if isinstance(b, Role) else catalogue.resolve(b),
        read,
        filtered,
        Lens.parse(money, cpi),
    )


def checked_reading(reading: RoleReading) -> RoleReading:
    """`reading`, if it is one; else UsageError."""
    if reading not in ("strict", "broad"):
        raise UsageError(f"no reading {reading!r}: choose strict or broad")
    return reading


def checked_where(where: str | Where | None) -> Where:
    """The filter that `where` is or says; UsageError if it cannot be understood."""
    if not isinstance(where, str | Where | None):
        raise UsageError('where is text such as "country=US,year=2024.."')
    return where if isinstance(where, Where) else Where.parse(where)
