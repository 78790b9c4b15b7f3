"""Options that every verb shares, and what they mean to the library."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Group, Parameter

from rolediff.annotate.roles import Catalogue, Role, title_role
from rolediff.errors import UsageError
from rolediff.market import ReadOptions

if TYPE_CHECKING:
    from rolediff.compare.found import Question

DATA = Group("Data", sort_key=1)
QUESTION = Group("Question", sort_key=2)
OUTPUT = Group("Output", sort_key=3)
RUN = Group("Run", sort_key=4)


@Parameter(name="*")
@dataclass(frozen=True)
class Tables:
    """How to read a table of your own."""

    mapping: Annotated[str | None, Parameter(name="--map", group=DATA)] = None
    """Your columns, as FIELD=COLUMN[,FIELD=COLUMN]: role=job_title,pay=base_salary."""

    currency: Annotated[str | None, Parameter(group=DATA)] = None
    """Currency of pay where the table does not say (ISO 4217, such as USD)."""

    interval: Annotated[str | None, Parameter(group=DATA)] = None
    """What pay is per where the table does not say: year, month, week, day or hour."""

    format: Annotated[str | None, Parameter(group=DATA)] = None
    """Format of the file, if it is not recognised; docs/cli.md lists them."""

    kind: Annotated[Literal["advertised", "paid"] | None, Parameter(group=DATA)] = None
    """What pay in the table is: advertised ranges, or salaries paid."""

    source: Annotated[str | None, Parameter(group=DATA)] = None
    """Name of the source; several files then are one source, compared as one."""

    quarantine: Annotated[Path | None, Parameter(group=DATA)] = None
    """Write the rows that could not be read, each with its reason, to this CSV file."""

    def options(self) -> ReadOptions:
        """For `rolediff.market.load`."""
        return ReadOptions(
            _pairs(self.mapping), self.currency, self.interval, self.format, self.kind, self.source
        )


@Parameter(name="*")
@dataclass(frozen=True)
class Which:
    """Which data, which part of it, and which roles there are."""

    data: Annotated[str | None, Parameter(group=DATA)] = None
    """A market folder, or a file of records or postings; without it the bundled market answers."""

    roles: Annotated[Path | None, Parameter(group=QUESTION)] = None
    """A TOML file of your own roles, added to the catalogue or replacing entries by id."""

    where: Annotated[str | None, Parameter(group=QUESTION)] = None
    """Only records where this holds: country=US|GB,level=senior,year=2024.."""

    def catalogue(self) -> Catalogue:
        """The roles that can be named."""
        return Catalogue.load(self.roles)


@Parameter(name="*")
@dataclass(frozen=True)
class Output:
    """How the answer is written. The answer goes to stdout, all else to stderr."""

    json: Annotated[bool, Parameter(group=OUTPUT, negative=(), show_default=False)] = False
    """Everything, as JSON with a versioned schema."""

    markdown: Annotated[bool, Parameter(group=OUTPUT, negative=(), show_default=False)] = False
    """Everything, as Markdown."""

    debug: Annotated[bool, Parameter(group=OUTPUT, negative=(), show_default=False)] = False
    """Show the traceback of an error."""


@Parameter(name="*")
@dataclass(frozen=True)
class Length:
    """How much of an answer the terminal shows."""

    everything: Annotated[
        bool, Parameter(name="--all", group=OUTPUT, negative=(), show_default=False)
    ] = False
    """Every table in full on the terminal; without it the first lines of the main ones."""


@Parameter(name="*")
@dataclass(frozen=True)
class Run:
    """How a run over many files goes about it."""

    workers: Annotated[int | None, Parameter(group=RUN)] = None
    """Processes that annotate; as many as there are cores, if left out."""

    fail_fast: Annotated[bool, Parameter(group=RUN, negative=(), show_default=False)] = False
    """Stop at a file that cannot be read, instead of setting it aside with its reason."""


@Parameter(name="*")
@dataclass(frozen=True)
class Asking:
    """How the two roles of a question are read, and in which money they are paid."""

    title: Annotated[
        tuple[str, ...], Parameter(group=QUESTION, negative=(), show_default=False)
    ] = ()
    """Titles with this phrase (read broadly: that hold it) instead of a named role; up to two."""

    reading: Annotated[Literal["strict", "broad"], Parameter(group=QUESTION)] = "strict"
    """strict: the title is the role's name; broad: it is a name for the same job."""

    money: Annotated[str, Parameter(group=QUESTION)] = "usd"
    """usd, ppp (purchasing power) or real-YEAR (with --cpi)."""

    cpi: Annotated[Path | None, Parameter(group=QUESTION)] = None
    """Consumer prices for real-YEAR: a CSV with year, cpi and, if you like, country."""

    def question(self, names: tuple[str, ...], which: Which) -> Question:
        """What is asked about two roles, of those that `which` knows.

        Raises:
            UsageError, UnknownRoleError: a name, a filter or a money that cannot be understood.
        """
        from rolediff.compare.found import Question
        from rolediff.compare.lens import Lens
        from rolediff.market import Where

        a, b = Pair(names, self.title).resolve(which.catalogue())
        lens = Lens.parse(self.money, self.cpi)
        return Question(a, b, self.reading, Where.parse(which.where), lens)


def extra(which: Which, tables: Tables) -> str:
    """What a command needs besides the question to print the same figures."""
    options = {
        "--roles": which.roles,
        "--data": which.data,
        "--map": tables.mapping,
        **{f"--{k}": getattr(tables, k) for k in ("currency", "interval", "format", "kind")},
        "--source": tables.source,
    }
    given = {flag: str(value) for flag, value in options.items() if value is not None}
    return shlex.join([word for pair in given.items() for word in pair])


@dataclass(frozen=True)
class Pair:
    """Two roles by name or by title search."""

    names: tuple[str, ...] = field(default=())
    titles: tuple[str, ...] = field(default=())

    def resolve(self, catalogue: Catalogue) -> tuple[Role, Role]:
        """The two roles.

        Raises:
            UsageError: not two in all; UnknownRoleError: a name that is no role.
        """
        roles = [catalogue.resolve(name) for name in self.names]
        roles += [title_role(phrase) for phrase in self.titles]
        if len(roles) != 2:
            raise UsageError(
                f'name two roles, not {len(roles)}: rolediff "AI Engineer" "ML Engineer", '
                'or search titles with --title "payroll clerk"'
            )
        return roles[0], roles[1]


def named(text: str | None) -> tuple[str, ...]:
    """The names in a list with commas."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _pairs(text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    bad = [f"{k}{sign}{v}" for k, sign, v in pairs if not (k.strip() and sign and v.strip())]
    if bad or not pairs:
        raise UsageError(f"cannot read --map {text!r}: write --map role=job_title,pay=base_salary")
    return {key.strip(): value.strip() for key, _, value in pairs}
