"""`rolediff path`: the question put together, and the answer printed."""

from __future__ import annotations

from functools import partial

from rolediff.annotate.roles import Role, title_role
from rolediff.compare.lens import Lens
from rolediff.compare.path import find_path
from rolediff.compare.path_pool import PathQuestion
from rolediff.compare.path_question import skills_had
from rolediff.doors.options import Asking, Length, Output, Tables, Which
from rolediff.doors.write import answered, load_market
from rolediff.errors import UsageError
from rolediff.market import Where


def path_to(
    to: str | None,
    start: str | None,
    have: str | None,
    asking: Asking,
    which: Which,
    tables: Tables,
    output: Output,
    length: Length,
) -> None:
    """Answer and print."""
    from rolediff.report.path_markdown import markdown
    from rolediff.report.path_text import show
    from rolediff.report.path_words import sentences

    question = path_question(to, start, have, asking, which)
    answer = find_path(load_market(which.data, tables), question)
    shown = partial(show, everything=length.everything)
    answered("path", answer, output, sentences(answer), markdown, shown)


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
