"""Which of a table's columns holds which field.

The names that fields are recognised by are data (`data/columns.toml`); this module compares
them with a table's header, obeys the user's own mapping first, and says what it could not find.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from importlib import resources

from rolediff.errors import ColumnError, UsageError

PAY_FIELDS: tuple[str, ...] = ("pay", "pay_low", "pay_high")
"""The fields that hold an amount: one figure (or a range in one text), or the range's ends."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The columns in use.

    `columns` = field to column name; `currency`, `interval` = what the name of the pay column
    itself says (`salary_eur`, `hourly_rate`), or None.
    """

    columns: dict[str, str]
    currency: str | None = None
    interval: str | None = None


@cache
def vocabulary() -> dict[str, dict[str, list[str]]]:
    """The tables of `data/columns.toml`: aliases, synonyms, implied_interval, implied_currency."""
    text = resources.files("rolediff").joinpath("data", "columns.toml").read_text("utf-8")
    return tomllib.loads(text)


def resolve(columns: Sequence[str], mapping: Mapping[str, str] | None = None) -> Fields:
    """The fields found among `columns`; `mapping` (field to column) goes before recognition.

    Raises `UsageError` for a key that is no field, `ColumnError` for a mapped column that is
    not there and where no title or no pay is found.
    """
    mapped = _mapped(columns, mapping or {})
    found = _without_rivals(_recognised(columns, mapped), mapped) | mapped
    if "title" not in found:
        raise ColumnError(_absent("job title", "role", columns))
    found = _dollars_as_pay(found)
    pay = next((found[name] for name in PAY_FIELDS if name in found), None)
    if pay is None:
        raise ColumnError(_absent("pay", "pay", columns))
    currency = implied_currency(pay)
    if currency and "currency" not in mapped:
        found.pop("currency", None)
    return Fields(found, currency, _implied_interval(pay))


def field_of(name: str) -> str:
    """The field that a person means by `name` ("role", "min", ...); `UsageError` if none."""
    aliases = vocabulary()["aliases"]
    for field, names in aliases.items():
        if plain(name) in names or plain(name) == plain(field):
            return field
    known = ", ".join(sorted(aliases))
    raise UsageError(f'"{name}" is not a field; use one of: {known} (or role, min, max, company)')


def plain(name: str) -> str:
    """`name` in lower case without spaces or punctuation, as column names are compared."""
    return re.sub(r"[\W_]+", "", name.casefold())


def implied_currency(column: str) -> str | None:
    """The ISO 4217 code that a pay column's name ends in, as `salary_in_usd` does, or None."""
    codes = vocabulary()["implied_currency"]["codes"]
    words = re.findall(r"[A-Za-z]+", column)
    last = str(words[-1]).upper() if len(words) > 1 else ""
    if last in codes:
        return last
    stem, code = plain(column)[:-3], plain(column)[-3:].upper()
    return code if code in codes and stem.removesuffix("in") in _pay_names() else None


def _mapped(columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    fields = {field_of(key): column for key, column in mapping.items()}
    for field, column in fields.items():
        if column not in columns:
            raise ColumnError(_not_there(field, column, columns))
    return fields


def _recognised(columns: Sequence[str], mapped: Mapping[str, str]) -> dict[str, str]:
    taken = set(mapped.values())
    by_name: dict[str, str] = {}
    for column in columns:
        if column not in taken:
            by_name.setdefault(plain(column), column)
            by_name.setdefault(_without_currency(column), column)
    found: dict[str, str] = {}
    for field, names in vocabulary()["synonyms"].items():
        for name in names:
            if name in by_name and field not in mapped:
                found.setdefault(field, by_name[name])
    return found


def _without_currency(column: str) -> str:
    """`salary_eur` as `salary`; a column in dollars is left to the field `pay_usd`."""
    currency = implied_currency(column)
    if currency is None:
        return plain(column)
    stem = plain(column).removesuffix(currency.casefold()).removesuffix("in")
    is_single = stem in vocabulary()["synonyms"]["pay"]
    return plain(column) if currency == "USD" and is_single else stem


def _without_rivals(found: Mapping[str, str], mapped: Mapping[str, str]) -> dict[str, str]:
    """Where the user names a pay column, no other is guessed at beside it."""
    if not any(field in mapped for field in PAY_FIELDS):
        return dict(found)
    return {field: column for field, column in found.items() if field not in PAY_FIELDS}


def _dollars_as_pay(found: dict[str, str]) -> dict[str, str]:
    """Where the source's own dollar figure is the only pay, it is the pay."""
    has_pay = any(field in found for field in PAY_FIELDS)
    if "pay_usd" not in found:
        return found
    rest = {field: column for field, column in found.items() if field != "pay_usd"}
    return found if has_pay else rest | {"pay": found["pay_usd"]}


def _implied_interval(column: str) -> str | None:
    table = vocabulary()["implied_interval"]
    return next((interval for interval, names in table.items() if plain(column) in names), None)


@cache
def _pay_names() -> frozenset[str]:
    synonyms = vocabulary()["synonyms"]
    return frozenset(name for field in PAY_FIELDS for name in synonyms[field])


def _absent(what: str, key: str, columns: Sequence[str]) -> str:
    close = _closest(key, columns)
    hint = f"closest: {_listed(close)}; " if close else ""
    return f"no {what} column among: {_listed(columns)}; {hint}name it with --map {key}=COLUMN"


def _closest(key: str, columns: Sequence[str]) -> list[str]:
    """Up to three columns whose names look most like those that the field is known by."""
    fields = PAY_FIELDS if key == "pay" else ("title",)
    known = [name for field in fields for name in vocabulary()["synonyms"][field]]
    score = {
        column: max(SequenceMatcher(None, plain(column)[:60], name).ratio() for name in known)
        for column in columns[:200]
    }
    return sorted((c for c in score if score[c] >= 0.6), key=lambda c: -score[c])[:3]


def _not_there(field: str, column: str, columns: Sequence[str]) -> str:
    names = {plain(name): name for name in columns}
    close = [names[near] for near in get_close_matches(plain(column), list(names), n=3)]
    hint = f"closest: {', '.join(close)}; " if close else ""
    return f'no column "{column}" for {field}; {hint}the columns are: {_listed(columns)}'


def _listed(columns: Iterable[str]) -> str:
    names = [f"{name[:40]}…" if len(name) > 41 else name for name in columns]
    return ", ".join(names[:40]) + (f" and {len(names) - 40} more" if len(names) > 40 else "")
