"""`since`: what moved in the comparison of two roles since the market of an earlier day.

Every figure that both markets have is compared, each change with its interval, and all of them are
adjusted together (Benjamini and Hochberg 1995): if nothing moved at all, anything is told as moved
in at most 5 % of cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from rolediff.annotate.roles import Role, RoleReading
from rolediff.collect.windows import read_log
from rolediff.compare.asked import question
from rolediff.compare.changes import p_value
from rolediff.compare.dated import Dated as Asked
from rolediff.compare.dated import Pair, made_alike
from rolediff.compare.found import Question, find
from rolediff.compare.hiring_change import Staying, industry_changes
from rolediff.compare.market_diff import base, diff_markets
from rolediff.compare.trend import watched_demand
from rolediff.errors import NotEnoughEvidence, UsageError
from rolediff.market import Market, Where, open_market
from rolediff.market.history import WINDOWS, Dated, as_of, newest
from rolediff.results import Demand, Estimate, Missing
from rolediff.results.market_diff import Change, MarketDiff
from rolediff.results.since import Move, Section, Since
from rolediff.stats.multiplicity import benjamini_hochberg


def since(
    day: str | date, a: str | Role, b: str | Role, data: Path | str, *,
    where: str | Where | None = None, reading: RoleReading = "strict", money: str = "usd",
    cpi: Path | str | None = None, roles: Path | str | None = None,
) -> Since:  # fmt: skip
    """What moved since the market of `day`, the newest of that day or before.

    Args:
        day: a date, or text such as "2026-10-03".
        a, b, where, reading, money, cpi, roles: as those of `diff`.
        data: a folder of dated markets, as `rolediff refresh` makes it.

    Raises:
        UsageError: no market of `day` or before, or none after it; the roles are one.
        MarketError: `data` is no folder of dated markets.
        DataError, NotEnoughEvidence: as their messages say.
    """
    asked = question(a, b, where=where, reading=reading, money=money, cpi=cpi, roles=roles)
    return moved_since(day, data, asked)


def moved_since(day: str | date, data: Path | str | None, q: Question) -> Since:
    """What moved in the comparison that `q` asks for; else as `since`."""
    if not isinstance(data, str | Path):
        raise UsageError("name a folder of dated markets: --data FOLDER, made by rolediff refresh")
    if q.a.id == q.b.id:
        raise UsageError(f"both roles are {q.a.label}: name two different ones")
    when = _day(day)
    older, newer = as_of(data, when), newest(data)
    if older.day == newer.day:
        raise UsageError(
            f"nothing is newer than the market of {older.day}, which answers for {when}: name an "
            "earlier day, or run rolediff refresh"
        )
    windows = _since(read_log(Path(data) / WINDOWS), older.day)
    return _told(when, (older, newer), windows, q)


def _day(day: str | date) -> date:
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day.strip())
    except ValueError as error:
        raise UsageError(f"{day[:40]!r} is no day: write it as 2026-03-31") from error


def _since(windows: pl.DataFrame, day: date) -> pl.DataFrame:
    """The windows as a crawler that began on `day` would have noted them."""
    still = windows.filter(pl.col("last_seen") >= day)
    return still.with_columns(first_seen=pl.max_horizontal("first_seen", pl.lit(day)))


def _told(when: date, days: tuple[Dated, Dated], windows: pl.DataFrame, q: Question) -> Since:
    older, newer = (open_market(d.folder).remembering() for d in days)
    named = (days[0].day.isoformat(), days[1].day.isoformat())
    diff = diff_markets((named[0], older), (named[1], newer), _sourced(q, newer))
    sources = [str(s["name"]) for s in diff.sources]
    pair = (
        Asked(named[0], older, replace(q, where=q.where.of_source(sources[0]))),
        Asked(named[1], newer, replace(q, where=q.where.of_source(sources[1]))),
    )
    missing = list(diff.missing)
    staying, source = Staying.of(pair), base(sources[1])
    demand = _demand(windows, q, source, missing)
    hiring = (None, None) if staying is None else (staying.employers, staying.shared)
    moves = [*_of_diff(diff), *_hiring(pair, staying, missing), *_growing(demand)]
    return Since(
        q.a.label, q.b.label, q.a.plural, q.b.plural, when.isoformat(), *named, source, q.reading,
        str(q.where), q.lens.unit, diff.n_old, diff.n_new,
        hiring[0], hiring[1], _adjusted(moves), demand, _lacking(missing, q),
        _caveats(diff, staying, made_alike(pair)), diff.sources,
    )  # fmt: skip


def _sourced(q: Question, market: Market) -> Question:
    """The question with a source of `market` for each that is named without its day."""
    named = {base(name) for name in q.where.values.get("source", ())}
    mine = tuple(s.name for s in market.named_sources if base(s.name) in named)
    if not mine:
        return q
    return replace(q, where=replace(q.where, values={**q.where.values, "source": mine}))


def _move(section: Section, role: str, c: Change) -> Move:
    return Move(section, role, c.name, c.unit, c.old, c.new, c.change, p_value(c.change))


def _of_diff(diff: MarketDiff) -> Iterator[Move]:
    """Pay, gap, the share among all, and skills; counts of records move with the crawler."""
    yield from (_move("gap", "", c) for c in diff.gap)
    for role, told in (("A", diff.a), ("B", diff.b)):
        yield from (_move("pay", role, c) for c in told.pay)
        yield from (_move("demand", role, c) for c in (told.share,) if c is not None)
        yield from (_move("skill", role, c) for c in told.skills)


def _hiring(pair: Pair, staying: Staying | None, missing: list[Missing]) -> Iterator[Move]:
    posted = all(
        s.unit == "posting" for d in pair for s in d.market.named_sources if s.name == d.source
    )
    if staying is None or not posted:
        why = "ads and their employers are not known in both markets"
        missing.append(Missing("openings", why))
    else:
        for role, change, ratio in staying.changes(missing):
            if change is not None:
                yield _move("demand", role, change)
            else:
                yield _ratio("openings, A against B", ratio, "log")
    rows = (find(pair[0].market, pair[0].q).rows, find(pair[1].market, pair[1].q).rows)
    try:
        yield from (_move("industry", r, c) for r, c in industry_changes(pair, rows, missing))
    except NotEnoughEvidence as error:
        missing.append(Missing("industries", str(error)))


def _ratio(name: str, e: Estimate, unit: str, role: str = "") -> Move:
    kind = "log" if unit == "log" else "rate"
    return Move("demand", role, name, kind, None, None, e, p_value(e))  # type: ignore[arg-type]


def _demand(
    windows: pl.DataFrame, q: Question, source: str, missing: list[Missing]
) -> Demand | None:
    """What the windows tell of the source that answers, of the time since."""
    values = {k: v for k, v in q.where.values.items() if k != "source"}
    mine = windows.filter(pl.col("source").str.to_lowercase() == source)
    asked = replace(q, where=replace(q.where, values=values))
    told = None if mine.is_empty() else next(iter(watched_demand(mine, asked)), None)
    sides = () if told is None else (told.a, told.b)
    missing += [
        Missing(f"growth of {s.role}", s.missing["growth"]) for s in sides if s.growth is None
    ]
    if told is None:
        why = "no ad was in view since, or windows cannot keep the filter (country alone)"
        missing.append(Missing("growth", why))
    return told


def _growing(demand: Demand | None) -> Iterator[Move]:
    """Growth of ads opened a day, from month to month."""
    if demand is None:
        return
    for role, side in (("A", demand.a), ("B", demand.b)):
        if side.growth is not None:
            yield _ratio("ads opened, a month", side.growth, "rate", role)
    if demand.relative is not None:
        yield _ratio("ads opened, a month, A against B", demand.relative, "rate")


def _lacking(missing: list[Missing], q: Question) -> tuple[Missing, ...]:
    """What is lacking, with the names of the roles."""
    roles = {" of A": f" of {q.a.label}", " of B": f" of {q.b.label}"}
    return tuple(
        replace(m, section=m.section[:-5] + roles.get(m.section[-5:], m.section[-5:]))
        for m in missing
    )


def _adjusted(moves: list[Move]) -> tuple[Move, ...]:
    """All moves with adjusted p values, the clearest first."""
    told = [m for m in moves if m.p is not None]
    adjusted = benjamini_hochberg(np.array([m.p for m in told], dtype=float))
    ranked = [replace(m, p_adjusted=float(p)) for m, p in zip(told, adjusted, strict=True)]
    ranked.sort(key=lambda m: (m.p_adjusted, m.p, m.section, m.role, m.name))
    return (*ranked, *(m for m in moves if m.p is None))


def _caveats(diff: MarketDiff, staying: Staying | None, alike: bool) -> tuple[tuple[str, str], ...]:
    said = [c for c in diff.caveats if c[0] != "independent"]
    if not alike:
        said.append((
            "other vocabulary",
            "The two markets were made by other versions of rolediff: skills that only one of them "
            "can know are left out, and what moved may be how postings are read.",
        ))  # fmt: skip
    if staying is not None:
        old, new = staying.employers
        said.append((
            "employers in both",
            f"Openings are counted at the {staying.shared:,} employers that had an ad of any role "
            f"on both days, of {old:,} on the first and {new:,} on the last: an employer that the "
            "crawler added is no demand, and one that hires for the first time is not seen.",
        ))  # fmt: skip
    said.append((
        "adjusted",
        "An interval is of one figure by itself; whether a figure moved beyond chance is told "
        "after adjustment over all of them (Benjamini and Hochberg, false discovery rate 5 %).",
    ))  # fmt: skip
    return tuple(said)
