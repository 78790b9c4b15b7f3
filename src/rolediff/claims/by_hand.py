"""Claims by hand: a file of claims (TOML) written as a start, and read again after editing."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from rolediff.claims.claim_fields import AMOUNT, FIELDS, Wrong, checked
from rolediff.errors import UsageError
from rolediff.results import Amount, Article, Claim

HEAD = """\
# Claims of an article, to be judged by `rolediff check ARTICLE --claims THIS_FILE`.
#
# One [[claim]] for each thing that is said of roles and that data could confirm or refute. What is
# left out has its default: nothing. Only kind and text are needed, and for most kinds roles.
#
# kind      pay, gap, reason, growth, demand, industry, country, skill, tool, education,
#           certification, trend, share, or unread: it looks like a claim and is not understood
# text      the words as they stand in the article
# start     where they start and end, in characters of the article as it is read, and in which line;
# end       left out, the first place where the text stands
# line
# roles     names that `rolediff roles` lists; of a comparison the one said to have more first
# invented  phrases that stand where a role would and name none
# items     what is listed: industries, countries, skills, certificates, degrees, the reason given
# amount    { low = 120000, high = 160000, unit = "USD", period = "year", about = true }
#           equal: a point; one left out: open at that end. unit: percent, points, years, times, ""
#           (a count), or for money its ISO 4217 code; period: year, month, week, day, hour;
#           about: said to be round
# statistic what the amount is of: average, median, entry, senior, top
# sense     more, less or same: the first role against the second, later against earlier
# quantity  most, few, all, none, some or majority: what is said without a figure
# place     a country, as its name or two-letter code; region: a place that is none ("Europe")
# period    [2020, 2030]: years from and to
# negated   true: the sentence denies it
# hedged    true: it says "may", "often", "tends to"
# by_hand   false: found by the grammar and not written by hand
"""


def write_claims(claims: Iterable[Claim], article: Article | None = None) -> str:
    """The text of a file of these claims, with comments that explain every field.

    `article` is what they are of, whose name is written at the top.
    """
    named = f"# {_string(article.name)}\n#\n" if article is not None else ""
    return "\n".join([named + HEAD, *map(_claim, claims)])


def read_claims(path: Path | str, article: Article | None = None) -> tuple[Claim, ...]:
    """The claims of a file; one without a place stands where its text does in `article`.

    Raises:
        UsageError: no such file, no TOML, or a wrong key or value, with its line.
    """
    where = Path(path)
    try:
        text = where.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{where} cannot be read as a file of claims: {error}") from error
    return claims_of(text, str(where), article)


def claims_of(text: str, name: str = "claims", article: Article | None = None) -> tuple[Claim, ...]:
    """The claims of the text of such a file; errors call it `name`.

    Raises:
        UsageError: as `read_claims`.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name} is no TOML: {error}") from error
    if other := sorted(table.keys() - {"claim"}):
        raise UsageError(f'{name}: unknown key "{other[0]}"; begin each claim with [[claim]]')
    entries = table.get("claim", [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise UsageError(f"{name}: begin each claim with [[claim]]")
    return tuple(_read(e, at, name, text, article) for at, e in enumerate(entries))


def _read(
    entry: Mapping[str, Any], at: int, name: str, text: str, article: Article | None
) -> Claim:
    try:
        values = checked(entry, FIELDS, needed=("kind", "text"))
        if "amount" in values:
            values["amount"] = Amount(
                **{"low": None, "high": None} | checked(values["amount"], AMOUNT)
            )
        claim = Claim(**{"by_hand": True} | values)
    except Wrong as error:
        line = _line(text, at, error.key)
        raise UsageError(f"{name}, line {line}, claim {at + 1}: {error}") from error
    if article is None or "start" in values:
        return claim
    return _placed(claim, article, f"{name}, line {_line(text, at, 'text')}, claim {at + 1}")


def _placed(claim: Claim, article: Article, where: str) -> Claim:
    """The claim at the first place where its text stands, whatever the white space."""
    words = claim.text.split()
    found = re.search(r"\s+".join(map(re.escape, words)), article.text) if words else None
    if found is None:
        raise UsageError(f"{where}: text {json.dumps(claim.text)} does not stand in the article")
    line = article.text.count("\n", 0, found.start()) + 1
    return replace(claim, start=found.start(), end=found.end(), line=line)


def _line(text: str, at: int, key: str) -> int:
    """The line, from 1, of a key of the claim number `at`; of the claim, where it is not there."""
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if re.match(r"\s*\[\[\s*claim\s*\]\]", line)]
    if at >= len(starts):
        return 1
    end = starts[at + 1] if at + 1 < len(starts) else len(lines)
    spelled = re.compile(rf'\s*"?{re.escape(key)}"?\s*=')
    inside = (i for i in range(starts[at], end) if spelled.match(lines[i]))
    return next(inside, starts[at]) + 1


def _claim(claim: Claim) -> str:
    default = Claim(claim.kind, claim.text, by_hand=True)
    lines = ["[[claim]]"]
    for key in FIELDS:
        value = getattr(claim, key)
        if key in ("kind", "text") or value != getattr(default, key):
            lines.append(f"{key} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, Amount):
        said = value.to_dict()
        plain = {k: v for k, v in said.items() if v is not None and v is not False and v != ""}
        return f"{{ {', '.join(f'{k} = {_value(v)}' for k, v in plain.items())} }}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)


def _string(text: str) -> str:
    """A basic string of TOML: as JSON, with all control characters and no half characters."""
    whole = text.encode("utf-8", "replace").decode()
    quoted = json.dumps(whole, ensure_ascii=False)
    return "".join(
        c if c >= " " and not "\x7f" <= c <= "\x9f" else f"\\u{ord(c):04x}" for c in quoted
    )
