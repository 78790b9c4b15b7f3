"""`rolediff path`: the question put together, and a person's skills read and forgotten."""

from __future__ import annotations

from pathlib import Path

from rolediff.annotate.having import is_skill, named_skills, skills_of_text
from rolediff.annotate.roles import Role, title_role
from rolediff.compare.lens import Lens
from rolediff.compare.path import find_path
from rolediff.compare.path_pool import PathQuestion
from rolediff.doors.options import Asking, Output, Tables, Which
from rolediff.doors.write import answered, load_market
from rolediff.errors import UnreadableError, UsageError
from rolediff.market import Where
from rolediff.read.resume import SUFFIXES, read_resume


def path_to(
    to: str | None,
    start: str | None,
    have: str | None,
    asking: Asking,
    which: Which,
    tables: Tables,
    output: Output,
) -> None:
    """Answer and print."""
    from rolediff.report.path_markdown import markdown
    from rolediff.report.path_text import show
    from rolediff.report.path_words import sentences

    question = path_question(to, start, have, asking, which)
    answer = find_path(load_market(which.data, tables), question)
    answered("path", answer, output, sentences(answer), markdown, show)


def path_question(
    to: str | None, start: str | None, have: str | None, asking: Asking, which: Which
) -> PathQuestion:
    """The question; a title stands for the role wanted if --to names none, then for --from.

    Raises:
        UsageError: no role wanted, a name, a filter or a skill that is not known.
        UnreadableError: a résumé that cannot be read, or names no skill.
    """
    catalogue, titles = which.catalogue(), [title_role(phrase) for phrase in asking.title]

    def named(name: str | None) -> Role | None:
        if name is not None:
            return catalogue.resolve(name)
        return titles.pop(0) if titles else None

    wanted, source = named(to), named(start)
    if wanted is None or titles:
        raise UsageError('name the role you want: rolediff path --to "AI Engineer"')
    return PathQuestion(
        wanted, source, None if have is None else skills_had(have), asking.reading,
        Where.parse(which.where), Lens.parse(asking.money, asking.cpi), catalogue,
    )  # fmt: skip


def skills_had(have: str) -> tuple[str, ...]:
    """The skills of a list with commas, or of the résumé in a file.

    A word that is a skill is one, even where a file is called so; write ./NAME for the file.

    Raises:
        UsageError: a skill that is not known.
        UnreadableError: a file that cannot be read, or names no skill.
    """
    names = [name for name in have.split(",") if name.strip()]
    if names and all(map(is_skill, names)):
        return named_skills(names)
    if not _is_file(have):
        return named_skills(names)
    path = Path(have)
    found = skills_of_text(read_resume(path))
    if not found:
        raise UnreadableError(
            f"no skill is named in {path} that is known here: list yours, --have Python,SQL"
        )
    return found


def _is_file(have: str) -> bool:
    """Whether a file is meant: it is there, or the name ends like one."""
    if have.lower().endswith(SUFFIXES) or have.startswith((".", "/", "~")):
        return True
    try:
        return Path(have).exists()
    except (OSError, ValueError):
        return False
