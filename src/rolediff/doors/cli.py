"""The command. Results go to stdout, everything else to stderr.

Exit codes: 0 answered, 1 internal error, 2 usage, 3 data missing or invalid, 4 not enough
evidence, 5 a claim contradicted (check --strict), 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import CycloptsError, Parameter

from rolediff.doors.article_verbs import app
from rolediff.doors.options import (
    DATA,
    OUTPUT,
    QUESTION,
    RUN,
    Asking,
    Length,
    Output,
    Run,
    Tables,
    Which,
    named,
)
from rolediff.errors import RolediffError, UsageError
from rolediff.report.printable import printable


@app.command
def compress(
    files: Annotated[tuple[str, ...], Parameter(name="FILE", show_default=False)],
    /,
    *,
    out: Annotated[Path, Parameter(name=["--out", "-o"], group=OUTPUT)],
    where: Annotated[str | None, Parameter(group=QUESTION)] = None,
    pay_within: Annotated[float | None, Parameter(group=DATA)] = None,
    engine: Annotated[Literal["local", "spark"], Parameter(group=RUN)] = "local",
    master: Annotated[str | None, Parameter(group=RUN)] = None,
    tables: Tables = Tables(),
    run: Run = Run(),
    output: Output = Output(),
) -> None:
    """Turn files of records or postings into a market: a folder that answers at once.

    Parameters
    ----------
    files
        Files of pay records or postings, folders of postings, or other markets.
    out
        The folder to write; an older market there is replaced.
    where
        Keep only records where this holds: country=US|GB,level=senior,year=2024..
    pay_within
        Keep pay to within so many percent, for a smaller market; its answers say "approximate".
    engine
        What reads the files: this machine, or Spark, from any store that it reads.
    master
        Where Spark runs: local[*], spark://HOST:PORT, yarn or k8s://HOST:PORT.
    """
    if engine == "spark":
        from rolediff.doors.spark_verb import compressed_on_spark

        compressed_on_spark(files, out, where, pay_within, master, tables, run, output)
        return
    if master is not None:
        raise UsageError("--master is of Spark: add --engine spark")
    from rolediff.doors.compress_verb import compressed

    compressed([Path(name) for name in files], out, where, pay_within, tables, run, output)


@app.command
def merge(
    markets: Annotated[tuple[Path, ...], Parameter(name="MARKET", show_default=False)],
    /,
    *,
    out: Annotated[Path, Parameter(name=["--out", "-o"], group=OUTPUT)],
    pool: Annotated[bool, Parameter(group=DATA, show_default=False)] = False,
    output: Output = Output(),
) -> None:
    """Put markets together: those of the months of a year, or of several sources.

    Parameters
    ----------
    markets
        Folders of markets, made with the same vocabularies and roles.
    out
        The folder to write; an older market there is replaced.
    pool
        Keep sources of one name one, though they differ in version or day of retrieval; else each
        is called by both, as board@2025-10-25.
    """
    from rolediff.doors.merge_verb import merged

    merged(markets, out, pool, output)


@app.command(name="diff-markets")
def changes(
    old: Annotated[Path, Parameter(name="OLD", show_default=False)],
    new: Annotated[Path, Parameter(name="NEW", show_default=False)],
    names: Annotated[tuple[str, ...], Parameter(name="ROLE", show_default=False)] = (),
    /,
    *,
    asking: Asking = Asking(),
    roles: Annotated[Path | None, Parameter(group=QUESTION)] = None,
    where: Annotated[str | None, Parameter(group=QUESTION)] = None,
    output: Output = Output(),
) -> None:
    """Tell what changed between two markets in the comparison of two roles.

    Parameters
    ----------
    old
        The folder of the older market.
    new
        The folder of the newer one.
    names
        Two roles, as `rolediff roles` lists them.
    roles
        A TOML file of your own roles, added to the catalogue or replacing entries by id.
    where
        Only records where this holds: country=US|GB,level=senior,year=2024..
    """
    from rolediff.doors.diff_markets import told_diff

    question = asking.question(names, Which(roles=roles, where=where))
    told_diff(old, new, question, output)


@app.command
def since(
    day: Annotated[str, Parameter(name="DATE", show_default=False)],
    names: Annotated[tuple[str, ...], Parameter(name="ROLE", show_default=False)] = (),
    /,
    *,
    asking: Asking = Asking(),
    data: Annotated[str | None, Parameter(group=DATA)] = None,
    roles: Annotated[Path | None, Parameter(group=QUESTION)] = None,
    where: Annotated[str | None, Parameter(group=QUESTION)] = None,
    output: Output = Output(),
) -> None:
    """Tell what moved in the comparison of two roles since the market of a day.

    Exit code 0, also where nothing moved beyond chance.

    Parameters
    ----------
    day
        A day such as 2026-10-03: the newest market of that day or before it is the earlier one.
    names
        Two roles, as `rolediff roles` lists them.
    data
        The folder of dated markets that `rolediff refresh` made.
    roles
        A TOML file of your own roles, added to the catalogue or replacing entries by id.
    where
        Only records where this holds: country=US|GB,level=senior.
    """
    from rolediff.doors.since import told_since

    question = asking.question(names, Which(roles=roles, where=where))
    told_since(day, data, question, output)


@app.command
def annotate(
    files: Annotated[
        tuple[str, ...], Parameter(name="FILE", show_default=False, allow_leading_hyphen=True)
    ],
    /,
    *,
    out: Annotated[str | None, Parameter(name=["--out", "-o"], group=OUTPUT)] = None,
    explain: Annotated[str | None, Parameter(name="--explain", group=OUTPUT)] = None,
    format: Annotated[str | None, Parameter(group=DATA)] = None,
    mapping: Annotated[str | None, Parameter(name="--map", group=DATA)] = None,
    quarantine: Annotated[Path | None, Parameter(group=DATA)] = None,
    parquet: Annotated[bool, Parameter(group=OUTPUT, show_default=False)] = False,
    run: Run = Run(),
    json: Annotated[bool, Parameter(group=OUTPUT, show_default=False)] = False,
    debug: Annotated[bool, Parameter(group=OUTPUT, show_default=False)] = False,  # noqa: ARG001
) -> None:
    """Tell role, level, pay, skills and more of job postings, each with its place in the text.

    Parameters
    ----------
    files
        Files, folders or globs of postings, .gz and .zst too; - is standard input.
    out
        The file to write, .jsonl or .parquet; or a folder, with a part for each input, which
        a rerun completes.
    explain
        Instead of writing, print the posting with this id, its facts marked where they stand.
    format
        Whose postings they are, if that is not recognised: ashby, greenhouse, lever, jsonld,
        ats-scrapers, jobspy, csv, tsv, parquet, jsonl, json or html.
    mapping
        Your columns, as FIELD=COLUMN[,FIELD=COLUMN]: role=job_name,text=ad.
    quarantine
        Write the rows that could not be read, each with its reason, to this CSV file.
    parquet
        Write the parts of a folder as Parquet, not as JSON Lines.
    json
        What was written, as JSON; with --explain the annotated posting.
    debug
        Show the traceback of an error.
    """
    from rolediff.doors.annotate_verb import How, annotate_files, explain_posting

    if unknown := [name for name in files if name.startswith("-") and name != "-"]:
        raise UsageError(f"unknown option {unknown[0]}; rolediff annotate --help shows how")
    mapped = Tables(mapping=mapping).options().mapping
    if explain is not None:
        explain_posting(files, explain, format, mapped, json)
    elif out is None:
        raise UsageError("name what to write: -o postings.jsonl, or -o FOLDER for parts")
    else:
        how = How(format, mapped, run.workers, run.fail_fast, parquet)
        annotate_files(files, out, how, quarantine, json)


@app.command
def collect(
    *,
    out: Annotated[Path, Parameter(name=["--out", "-o"], group=OUTPUT)],
    source: Annotated[str | None, Parameter(group=DATA)] = None,
    date: Annotated[str | None, Parameter(group=DATA)] = None,
    board: Annotated[tuple[str, ...], Parameter(group=DATA, negative=(), show_default=False)] = (),
    title: Annotated[tuple[str, ...], Parameter(group=DATA, negative=(), show_default=False)] = (),
    manifest: Annotated[str | None, Parameter(group=DATA)] = None,
    json: Annotated[bool, Parameter(group=OUTPUT, show_default=False)] = False,
    debug: Annotated[bool, Parameter(group=OUTPUT, show_default=False)] = False,  # noqa: ARG001
) -> None:
    """Fetch postings from the open dataset of ats-scrapers, or from an employer's own board.

    Parameters
    ----------
    out
        The folder to keep them in, a Parquet file and a record of its source for each slice; a
        rerun fetches what is missing or new.
    source
        Slices of these sources: ashby,greenhouse; without it and --date the whole dataset.
    date
        The slice of one day instead: 2026-10-31.
    board
        The address of an employer's public list of jobs, instead of the dataset.
    title
        Keep only titles of this role (broad reading).
    manifest
        The address of another manifest of the same form.
    json
        What was fetched, as JSON.
    debug
        Show the traceback of an error.
    """
    from rolediff.doors.collect_verb import Wanted, collected

    collected(out, Wanted(named(source), date, board, title, manifest), json)


@app.command
def refresh(
    folder: Annotated[Path, Parameter(name="FOLDER", show_default=False)],
    /,
    *,
    source: Annotated[str | None, Parameter(group=DATA)] = None,
    title: Annotated[tuple[str, ...], Parameter(group=DATA, negative=(), show_default=False)] = (),
    manifest: Annotated[str | None, Parameter(group=DATA)] = None,
    keep_texts: Annotated[bool, Parameter(group=OUTPUT, show_default=False)] = False,
    workers: Annotated[int | None, Parameter(group=RUN)] = None,
    json: Annotated[bool, Parameter(group=OUTPUT, show_default=False)] = False,
    debug: Annotated[bool, Parameter(group=OUTPUT, show_default=False)] = False,  # noqa: ARG001
) -> None:
    """Collect what the open dataset has now and add its market to those in a folder.

    Parameters
    ----------
    folder
        The folder of dated markets; name it to other verbs with --data.
    source
        Slices of these sources: ashby,greenhouse; without it the whole dataset.
    title
        Keep only titles of this role (broad reading).
    manifest
        The address of another manifest of the same form.
    keep_texts
        Keep the postings with their texts; otherwise only facts and counts stay.
    workers
        Processes that annotate; as many as there are cores, if left out.
    json
        What changed, as JSON.
    debug
        Show the traceback of an error.
    """
    from rolediff.doors.collect_verb import Wanted, refreshed

    wanted = Wanted(named(source), titles=title, manifest=manifest)
    refreshed(folder, wanted, keep_texts, workers, json)


@app.command
def serve(
    *,
    host: Annotated[str, Parameter(group=OUTPUT)] = "127.0.0.1",
    port: Annotated[int, Parameter(group=OUTPUT)] = 8765,
    which: Which = Which(),
    tables: Tables = Tables(),
    debug: Annotated[bool, Parameter(group=OUTPUT, show_default=False)] = False,  # noqa: ARG001
) -> None:
    """Serve a local web page on which any two roles can be compared.

    Parameters
    ----------
    host
        The address to listen on; only requests for this name are answered.
    port
        The port to listen on.
    debug
        Show the traceback of an error.
    """
    from rolediff.doors.serve import served

    served(host, port, which, tables)


@app.command
def path(
    *,
    to: Annotated[str | None, Parameter(group=QUESTION)] = None,
    start: Annotated[str | None, Parameter(name="--from", group=QUESTION)] = None,
    have: Annotated[str | None, Parameter(group=QUESTION)] = None,
    asking: Asking = Asking(),
    length: Length = Length(),
    which: Which = Which(),
    tables: Tables = Tables(),
    output: Output = Output(),
) -> None:
    """Tell the way to a role: what its openings ask for, what you lack, and what comes next.

    Parameters
    ----------
    to
        The role you want.
    start
        The role you come from; without --have you are taken to have what is common there.
    have
        Your skills: Python,SQL or a résumé (.txt, .md, .pdf), read here and kept nowhere.
    """
    from rolediff.doors.path import path_to

    path_to(to, start, have, asking, which, tables, output, length)


@app.command
def roles(*, which: Which = Which(), tables: Tables = Tables(), output: Output = Output()) -> None:
    """List the roles that can be named, and how many records each has."""
    from rolediff.doors.write import list_roles

    list_roles(which, tables, output)


@app.command
def sources(
    *,
    data: Annotated[str | None, Parameter(group=DATA)] = None,
    where: Annotated[str | None, Parameter(group=QUESTION)] = None,
    tables: Tables = Tables(),
    output: Output = Output(),
) -> None:
    """List the sources of a market: licence, version, rows read, kept and set aside.

    Parameters
    ----------
    data
        A market folder, or a file of records or postings; without it the bundled market.
    where
        Count the records where this holds: country=US|GB,level=senior,year=2024..
    """
    from rolediff.doors.write import list_sources

    list_sources(data, where, tables, output)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
    sys.exit(run(list(sys.argv[1:] if argv is None else argv)))


def run(argv: list[str]) -> int:
    """Run the command; errors become one line on stderr and an exit code."""
    debug = "--debug" in argv
    try:
        if not argv:
            app.help_print([])
            return 2
        told = app(argv, exit_on_error=False, print_error=False, result_action="return_value")
        sys.stdout.flush()
        return told if isinstance(told, int) else 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except (RolediffError, CycloptsError, OSError, MemoryError) as error:
        if debug:
            _traceback()
        return _tell(error)
    except Exception as error:
        if debug:
            _traceback()
        return _say(f"internal error: {error!r}; --debug shows where", 1)


def _tell(error: Exception) -> int:
    if isinstance(error, RolediffError):
        return _say(str(error), error.exit_code)
    if isinstance(error, CycloptsError):
        return _say(f"{_one_line(error)}; rolediff --help shows how", 2)
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return _say(f"{place}{error.strerror.lower()}; check the path and its permissions", 3)
    return _say(f"{_one_line(error) or 'out of memory'}; --debug shows where", 3)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


def _say(message: str, code: int) -> int:
    from rolediff.doors.screen import err

    err().print(f"rolediff: {printable(' '.join(message.split()))}")
    return code


def _traceback() -> None:
    import traceback

    traceback.print_exc()
