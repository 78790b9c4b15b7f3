"""Official figures of the occupations nearest to two roles; none of them is the role."""

from __future__ import annotations

from collections.abc import Mapping

from rolediff.annotate.industry import sector_titles
from rolediff.annotate.roles import Role
from rolediff.read import official
from rolediff.results import Estimate, OccupationProxy, SectorProxy
from rolediff.stats.tails import critical

CROSS_INDUSTRY = 100
"""Persons below which published employment of a sector is too coarse to set beside anything."""


def sector_proxies(a: Role, b: Role) -> tuple[SectorProxy, ...]:
    """Employment and mean pay of neighbouring occupations by sector, largest sector first."""
    near = nearest(a, b)
    table = official.wages(list(near))
    total = {r["soc"]: r["employment"] for r in table.iter_rows(named=True) if r["sector"] is None}
    titles = {**sector_titles(), "99": "Government"}
    found = [
        SectorProxy(
            r["soc"], r["occupation"], near[r["soc"]], r["sector"],
            titles.get(r["sector"], r["sector"]),
            published(r["employment"], r["employment_rse"], "wages"),
            r["employment"] / total[r["soc"]],
            None if r["mean"] is None else published(r["mean"], r["wage_rse"], "wages"),
        )
        for r in table.iter_rows(named=True)
        if r["sector"] is not None and (r["employment"] or 0) >= CROSS_INDUSTRY
        and total.get(r["soc"])
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda p: (list(near).index(p.soc), -p.share, p.sector)))


def occupation_proxies(a: Role, b: Role) -> tuple[OccupationProxy, ...]:
    """Employment today and projected growth of neighbouring occupations."""
    near = nearest(a, b)
    now = {
        r["soc"]: r
        for r in official.wages(list(near)).iter_rows(named=True)
        if r["sector"] is None and r["employment"] is not None
    }
    ahead = {r["soc"]: r for r in official.projections(list(near)).iter_rows(named=True)}
    return tuple(_occupation(soc, near[soc], now.get(soc), ahead.get(soc)) for soc in near
                 if soc in now or soc in ahead)  # fmt: skip


def _occupation(
    soc: str, roles: tuple[str, ...], now: Mapping[str, object] | None,
    ahead: Mapping[str, object] | None,
) -> OccupationProxy:  # fmt: skip
    name = str((now or ahead or {})["occupation"])
    employment = None
    if now is not None:
        employment = published(_float(now["employment"]), _float(now["employment_rse"]), "wages")
    years = growth = openings = None
    if ahead is not None:
        years = (int(_float(ahead["first_year"])), int(_float(ahead["last_year"])))
        growth, openings = _float(ahead["growth_percent"]), 1000 * _float(ahead["openings"])
    year = official.SOURCES["wages"].version
    return OccupationProxy(soc, name, roles, employment, year, years, growth, openings)


def nearest(a: Role, b: Role) -> dict[str, tuple[str, ...]]:
    """Codes (SOC 2018) of the neighbouring occupations, and whether of "A", "B" or both."""
    codes = {"A": a.proxies.get("soc", ()), "B": b.proxies.get("soc", ())}
    both = dict.fromkeys((*codes["A"], *codes["B"]))
    return {soc: tuple(side for side in "AB" if soc in codes[side]) for soc in both}


def published(value: float, rse: float | None, table: str) -> Estimate:
    """A published figure; its interval from its relative standard error (percent)."""
    source = official.SOURCES[table].name
    if rse is None:
        return Estimate(value, method="as published", source=source)
    margin = critical(float("inf")) * value * rse / 100
    return Estimate(
        value, max(value - margin, 0.0), value + margin, 0, value * rse / 100,
        method="published relative standard error", source=source,
    )  # fmt: skip


def official_sources(*tables: str) -> tuple[dict[str, object], ...]:
    """The sources of these tables as plain data."""
    return tuple(official.SOURCES[table].to_dict() for table in tables)


def _float(value: object) -> float:
    assert isinstance(value, float | int)
    return float(value)
