"""`path`: the question as a person asks it, and their skills, read and kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rolediff.annotate.having import is_skill, named_skills, skills_of_text
from rolediff.annotate.roles import Catalogue, Role, RoleReading
from rolediff.compare.asked import checked_reading, checked_where
from rolediff.compare.lens import Lens
from rolediff.compare.path import find_path
from rolediff.compare.path_pool import PathQuestion
from rolediff.errors import UnreadableError, UsageError
from rolediff.market import ReadOptions, Where, load
from rolediff.read.resume import SUFFIXES, read_resume
from rolediff.results import CareerPath


def path(
    to: str | Role,
    start: str | Role | None = None,
    have: str | Path | Sequence[str] | None = None,
    data: Any = None,
    *,
    where: str | Where | None = None,
    reading: RoleReading = "strict",
    money: str = "usd",
    cpi: Path | str | None = None,
    roles: Path | str | None = None,
    options: ReadOptions | None = None,
) -> CareerPath:
    """The way to a role: what its openings ask for, what is missing, and what comes next.

    Args:
        to, start: the role wanted and the one come from, by name or as a `Role`.
        have: skills, as a list or "Python,SQL"; or a résumé (text, Markdown, PDF), of which
            nothing is kept but the names of skills.
        data, where, reading, money, cpi, roles, options: as for `diff`; data with postings.

    Raises:
        UsageError, DataError, NotEnoughEvidence: as their messages say.
    """
    read, filtered = checked_reading(reading), checked_where(where)
    catalogue = Catalogue.load(Path(roles) if roles else None)
    wanted, source = (
        role if isinstance(role, Role | None) else catalogue.resolve(role) for role in (to, start)
    )
    if wanted is None:
        raise UsageError("name the role that is wanted")
    question = PathQuestion(
        wanted,
        source,
        None if have is None else skills_had(have),
        read,
        filtered,
        Lens.parse(money, cpi),
        catalogue,
    )
    return find_path(load(data, options).market, question)


def skills_had(have: str | Path | Sequence[str]) -> tuple[str, ...]:
    """The skills of a list, of text with commas, or of the résumé in a file.

    Text that is all skills is a list, even where a file is called so; ./NAME is the file.

    Raises:
        UsageError: a skill that is not known.
        UnreadableError: a file that cannot be read, or names no skill.
    """
    if isinstance(have, Path):
        return _of_file(have)
    if not isinstance(have, str):
        return named_skills(have)
    names = [name for name in have.split(",") if name.strip()]
    if (names and all(map(is_skill, names))) or not _is_file(have):
        return named_skills(names)
    return _of_file(Path(have))


def _of_file(path: Path) -> tuple[str, ...]:
    found = skills_of_text(read_resume(path))
    if not found:
        raise UnreadableError(
            f"no skill is named in {path} that is known here: list yours, --have Python,SQL"
        )
    return found


def _is_file(have: str) -> bool:
    """Whether a file is meant: it is there, or it is written as a path or with such an ending."""
    if have.lower().endswith(SUFFIXES) or have.startswith((".", "/", "~")):
        return True
    try:
        return Path(have).exists()
    except (OSError, ValueError):
        return False
