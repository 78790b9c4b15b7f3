"""The numbers as linked data: schema.org `Occupation` with its distribution of pay."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from rolediff.report.json import DIGITS
from rolediff.report.printable import escaped
from rolediff.report.words import PAY, capital, years_of
from rolediff.results import PERCENTILES, Comparison, RoleSample, Short

NAMES = {p: "median" if p == 50 else f"percentile{p}" for p in PERCENTILES}


def linked_data(c: Comparison | Short) -> dict[str, Any]:
    """JSON-LD of both roles; without pay, the graph is empty."""
    roles = [] if isinstance(c, Short) else [_occupation(c, r) for r in (c.a, c.b)]
    return {"@context": "https://schema.org", "@graph": roles}


def _occupation(c: Comparison, r: RoleSample) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "Occupation", "name": r.label}
    if country := _country(c):
        found["occupationLocation"] = {"@type": "Country", "name": country}
    found["estimatedSalary"] = [_pay(c, r)]
    return found


def _country(c: Comparison) -> str:
    """The one country that was asked for, if one was."""
    asked = dict(part.partition("=")[::2] for part in c.where.split(",") if "=" in part)
    code = asked.get("country", "")
    return "" if "|" in code else code


def _pay(c: Comparison, r: RoleSample) -> dict[str, Any]:
    years = f", {years_of(c.years)}" if c.years else ""
    about = f"{capital(PAY[c.kind])}, {c.money}, midpoint of the range{years}; {r.n:,} records"
    pay = {
        "@type": "MonetaryAmountDistribution",
        "name": "base",
        "description": about,
        "duration": "P1Y",
        **{name: _short(r.percentiles["mid"][p].value) for p, name in NAMES.items()},
    }
    if "PPP" not in c.money:
        pay["currency"] = "USD"
    return pay


def _short(x: float) -> float:
    return float(f"{x:.{DIGITS}g}")


def embedded(data: dict[str, Any]) -> Markup:
    """JSON that can stand in a script element: no character in it can end it."""
    text = escaped(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)
