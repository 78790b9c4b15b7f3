"""The verbs that ask about two roles: each puts the question, and prints its answer.

`app` is the command with them.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from rolediff.doors.app import app
from rolediff.doors.options import OUTPUT, QUESTION, Asking, Length, Output, Tables, Which

__all__ = ["app"]

Roles = Annotated[
    tuple[str, ...],
    Parameter(
        name="ROLE",
        show_default=False,
        help="Two roles, as `rolediff roles` lists them: names, ids or aliases.",
    ),
]


@app.default
def compare_roles(
    names: Roles = (),
    /,
    *,
    asking: Asking = Asking(),
    reference: Annotated[str, Parameter(group=QUESTION)] = "pooled",
    which: Which = Which(),
    tables: Tables = Tables(),
    output: Output = Output(),
) -> None:
    """Compare the pay of two roles.

    Parameters
    ----------
    reference
        Whose coefficients weigh the covariates: A, B, neumark, pooled, reimers or cotton.
    """
    from rolediff.compare.roles import compare_roles as answer_of
    from rolediff.doors.write import comparison, load_market

    question = asking.question(names, which)
    comparison(answer_of(load_market(which.data, tables), question, reference), output)


@app.command(name="where")
def where_hired(
    names: Roles = (),
    /,
    *,
    asking: Asking = Asking(),
    length: Length = Length(),
    which: Which = Which(),
    tables: Tables = Tables(),
    output: Output = Output(),
) -> None:
    """Which industries and countries hire two roles, and which of them pay best."""
    from rolediff.compare.where import where_hired as answer_of
    from rolediff.doors.write import answered, load_market
    from rolediff.report.where_markdown import markdown
    from rolediff.report.where_text import show
    from rolediff.report.where_words import headline

    question = asking.question(names, which)
    answer = answer_of(load_market(which.data, tables), question)
    shown = partial(show, everything=length.everything)
    answered("where", answer, output, headline(answer), markdown, shown)


@app.command
def trend(
    names: Roles = (),
    /,
    *,
    asking: Asking = Asking(),
    length: Length = Length(),
    which: Which = Which(),
    tables: Tables = Tables(),
    output: Output = Output(),
) -> None:
    """How demand for two roles moves, as far as dated sources can tell."""
    from rolediff.compare.trend import demand, history_of
    from rolediff.doors.write import answered, load_market
    from rolediff.report.trend_markdown import markdown
    from rolediff.report.trend_text import show
    from rolediff.report.trend_words import headline

    question = asking.question(names, which)
    market, windows = history_of(which.data) or (load_market(which.data, tables), None)
    answer = demand(market, question, windows)
    shown = partial(show, everything=length.everything)
    answered("trend", answer, output, headline(answer), markdown, shown)


@app.command
def skills(
    names: Roles = (),
    /,
    *,
    asking: Asking = Asking(),
    group: Annotated[str | None, Parameter(group=OUTPUT)] = None,
    length: Length = Length(),
    which: Which = Which(),
    tables: Tables = Tables(),
    output: Output = Output(),
) -> None:
    """Compare the skills that openings of two roles ask for: shared, of one only, and telling.

    Parameters
    ----------
    group
        List every skill of one group, such as "LLM tooling".
    """
    from rolediff.doors.ads_verbs import told_skills

    question = asking.question(names, which)
    told_skills(question, which, tables, output, group, length)


@app.command
def work(
    names: Roles = (),
    /,
    *,
    asking: Asking = Asking(),
    length: Length = Length(),
    which: Which = Which(),
    tables: Tables = Tables(),
    output: Output = Output(),
) -> None:
    """Compare what people in two roles do, by the duties that their openings name."""
    from rolediff.doors.ads_verbs import told_work

    told_work(asking.question(names, which), which, tables, output, length)


@app.command
def why(
    names: Roles = (),
    /,
    *,
    asking: Asking = Asking(),
    reference: Annotated[str, Parameter(group=QUESTION)] = "pooled",
    which: Which = Which(),
    tables: Tables = Tables(),
    output: Output = Output(),
) -> None:
    """Say why the pay of two roles differs: what the gap is made of, and what checks that.

    Parameters
    ----------
    reference
        Whose coefficients weigh the covariates: A, B, neumark, pooled, reimers or cotton.
    """
    from rolediff.compare.why import explain_roles
    from rolediff.doors.write import load_market, reasons

    question = asking.question(names, which)
    reasons(explain_roles(load_market(which.data, tables), question, reference), output)


@app.command
def brief(
    names: Roles = (),
    /,
    *,
    asking: Asking = Asking(),
    html: Annotated[
        Path | None, Parameter(name="--html", group=OUTPUT, allow_leading_hyphen=True)
    ] = None,
    length: Length = Length(),
    which: Which = Which(),
    tables: Tables = Tables(),
    output: Output = Output(),
) -> None:
    """Write an article on two roles from evidence, each sentence with its source and command.

    Parameters
    ----------
    html
        Write one page of HTML to this file; - is standard output.
    """
    from rolediff.doors.brief import told_brief

    told_brief(asking.question(names, which), html, which, tables, output, length)


@app.command
def report(
    names: Roles = (),
    /,
    *,
    asking: Asking = Asking(),
    out: Annotated[
        Path | None, Parameter(name=["--out", "-o"], group=OUTPUT, allow_leading_hyphen=True)
    ] = None,
    which: Which = Which(),
    tables: Tables = Tables(),
    output: Output = Output(),
) -> None:
    """Write everything on two roles as one page of HTML, with charts and the table behind each.

    Parameters
    ----------
    out
        The page to write; - is standard output.
    """
    from rolediff.doors.report import told_report

    told_report(asking.question(names, which), out, which, tables, output)
