"""What people in two roles do: duties that set the roles apart, and official tasks beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from rolediff.annotate.duty_words import duty_concepts
from rolediff.annotate.roles import Role
from rolediff.compare.ad_caveats import ad_caveats
from rolediff.compare.approximate import approximate
from rolediff.compare.beside import other_openings, other_sources
from rolediff.compare.found import Question
from rolediff.compare.openings import Openings, find_openings
from rolediff.compare.telling import gaps, tellings
from rolediff.errors import NotEnoughEvidence
from rolediff.market import Market
from rolediff.read.official import SOURCES, tasks, wages
from rolediff.results import HIDDEN, DutyDiff, Estimate, Missing, Occupation, Telling, Work

GROUPS = ("leadership", "outcomes")
"""Groups of duties in `data/duties.toml`."""


def compare_work(market: Market, q: Question) -> Work:
    """The duties that openings of the two roles of `q` name.

    Raises:
        UsageError: the two roles are one. NotEnoughEvidence: no postings, a role with fewer than 5
        openings, or hardly an opening with duties.
    """
    market = market.remembering()
    found = find_openings(market, q)
    _require_duties(found, q)
    known = duty_concepts()
    behind = _behind(market, str(found.source["name"]))
    told = _told(found, behind, known["concept"])
    parts = {name: (verb, thing, tuple(groups)) for name, verb, thing, groups in known.iter_rows()}
    duties = tuple(DutyDiff(t, *parts[t.name]) for t in told)
    objects, verbs = (_classes(found, behind, known, of) for of in ("object", "verb"))
    groups = _groups(found, behind, known)
    other = other_openings(market, q, found, [t for t in told if t.leans], _gaps)
    beside = other_sources(market, q, found, [t for t in told if t.leans], _gaps)
    a, b = found.of_role(q.a, True), found.of_role(q.b, False)
    occupations = _occupations(q.a, q.b)
    missing = () if occupations else (_no_proxy(q),)
    official = [SOURCES["tasks"], SOURCES["wages"]] if occupations else []
    return Work(
        a, b, q.reading, str(q.where), q.where.words, duties, objects, verbs, groups, occupations,
        other, missing,
        (
            *approximate(market),
            *ad_caveats(a, b, found.excluded, other, "duties", not beside),
            *_proxies(q, occupations),
        ),
        (found.source, *(s.to_dict() for s in official)),
        beside,
    )  # fmt: skip


def _require_duties(found: Openings, q: Question) -> None:
    some = found.lines.filter(pl.col("duties").list.len() > 0)
    for role, side in ((q.a, True), (q.b, False)):
        n = some.filter(pl.col("is_a") == side).height
        if n < HIDDEN:
            raise NotEnoughEvidence(
                f"{role.label}: {n} openings with duties, {HIDDEN} are needed; annotate texts that "
                "say what the work is, or choose roles with more openings (`rolediff roles`)"
            )


def _behind(market: Market, source: str) -> pl.DataFrame:
    """How many openings of the whole source name each duty: `name`, `n`."""
    told = market.background
    return told.filter((pl.col("source") == source) & (pl.col("what") == "duty"))["name", "n"]


def _gaps(found: Openings, names: pl.Series) -> dict[str, Estimate]:
    hits = found.hits(found.lines["duties"], names)
    return gaps(names.to_list(), hits, found.sizes, str(found.source["name"]))


def _told(found: Openings, behind: pl.DataFrame, names: pl.Series) -> tuple[Telling, ...]:
    return _tell(found, found.lines["duties"], names, behind)


def _tell(
    found: Openings, lists: pl.Series, names: pl.Series, behind: pl.DataFrame, least: int = HIDDEN
) -> tuple[Telling, ...]:
    """Each of `names` in the lists of the openings; `behind` has the counts of the whole."""
    counts = dict(behind.select("name", "n").iter_rows())
    background = np.array([float(counts.get(name, 0)) for name in names])
    hits = found.hits(lists, names)
    return tellings(
        names.to_list(), hits, found.sizes, background, str(found.source["name"]), least
    )


def _classes(
    found: Openings, behind: pl.DataFrame, known: pl.DataFrame, of: str
) -> tuple[Telling, ...]:
    """Share of openings with any duty of each class: of each `object`, or each `verb`."""
    return _mapped(found, behind, known.select("concept", to=pl.col(of)))


def _groups(found: Openings, behind: pl.DataFrame, known: pl.DataFrame) -> tuple[Telling, ...]:
    """Share of openings with any duty of each group, in the order of `GROUPS`."""
    table = known.select("concept", to="groups").explode("to").drop_nulls("to")
    told = {t.name: t for t in _mapped(found, behind, table, least=0)}
    return tuple(told[name] for name in GROUPS if name in told)


def _mapped(
    found: Openings, behind: pl.DataFrame, table: pl.DataFrame, least: int = HIDDEN
) -> tuple[Telling, ...]:
    """Share of openings with any duty that `table` (concept, to) takes to each name."""
    long = pl.DataFrame({"ad": range(found.lines.height), "concept": found.lines["duties"]})
    taken = long.explode("concept").join(table, on="concept").group_by("ad")
    lists = long.select("ad").join(
        taken.agg(pl.col("to").unique()), on="ad", how="left", maintain_order="left"
    )["to"]
    names = table["to"].unique().sort()
    counted = behind.join(table, left_on="name", right_on="concept").group_by(name="to")
    return _tell(found, lists, names, counted.agg(pl.col("n").sum()), least)


def _occupations(a: Role, b: Role) -> tuple[Occupation, ...]:
    """The proxies of either role with their tasks, those of both first."""
    own = [role.proxies.get("onet", ()) for role in (a, b)]
    codes = sorted({*own[0], *own[1]}, key=lambda c: (not (c in own[0] and c in own[1]), c))
    return tuple(
        Occupation(code, _name(code), _of(code, own), tuple(tasks([code])["task"]))
        for code in codes
        if not tasks([code]).is_empty()
    )


def _of(code: str, own: Sequence[Sequence[str]]) -> str:
    return "both" if all(code in mine for mine in own) else "A" if code in own[0] else "B"


def _name(code: str) -> str:
    """The occupation's name by its SOC code; O*NET's ".08" is a part of it."""
    found = wages([code[:7]])["occupation"]
    if not len(found):
        return code
    return str(found[0]) if code.endswith(".00") else f"part of {found[0]}"


def _no_proxy(q: Question) -> Missing:
    return Missing(
        "official tasks",
        f"no official occupation is known to be near {q.a.label} or {q.b.label}; `proxies` in a "
        "file of roles names one",
    )


def _proxies(q: Question, occupations: tuple[Occupation, ...]) -> tuple[tuple[str, str], ...]:
    if not occupations:
        return ()
    shared = [o.code for o in occupations if o.of == "both"]
    said = f"; {', '.join(shared)} stands for both, so it cannot tell them apart" if shared else ""
    return (
        (
            "proxy",
            f"No official occupation is {q.a.label} or {q.b.label}: the tasks are of neighbouring "
            f"ones, proxies that may stand for several roles{said}.",
        ),
    )
