"""Role files: from TOML to `Role`, with a message for whatever is wrong in a user's own.

The form is documented at the top of `data/roles.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.annotate.titles import spell_out
from rolediff.errors import UsageError

ANY_START, ANY_END = r"(?:^|[ ,/&+-])", r"(?:$|[ ,/&-])"
PART_START, PART_END = r"(?:^|, )", r"(?:$|,)"

_ROLE_KEYS = {"id", "label", "plural", "aliases", "strict", "broad", "proxies"}
_LISTS: dict[str, set[str]] = {
    "strict": {"include", "exclude"},
    "broad": {"include", "exclude"},
    "proxies": {"soc", "onet", "esco"},
}


@dataclass(frozen=True, slots=True)
class TitleRule:
    """Titles that match `include` and not `exclude`: Rust regexes; an empty one matches nothing."""

    include: str
    exclude: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """A job role and how its titles are known.

    `plural` is for sentences; `aliases` are the other names by which people ask for it; `proxies`
    maps "soc", "onet" and "esco" to the nearest codes of official statistics, none of which
    stands for this role alone. A title that meets `strict` counts as broad as well.
    """

    id: str
    label: str
    plural: str
    aliases: tuple[str, ...]
    strict: TitleRule
    broad: TitleRule
    proxies: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class _File:
    """What the patterns of one file may refer to, and the file's name for messages."""

    name: str
    terms: dict[str, str]
    sets: dict[str, list[str]]


def bundled_table() -> dict[str, Any]:
    """The parsed `data/roles.toml`."""
    return tomllib.loads(files("rolediff").joinpath("data/roles.toml").read_text("utf-8"))


def bundled_roles(table: dict[str, Any]) -> list[Role]:
    """The roles of `bundled_table`, in its order; its patterns are taken to be valid."""
    file = _File("roles.toml", table["terms"], table["sets"])
    return [_role(entry, file) for entry in table["role"]]


def user_roles(path: Path, table: dict[str, Any]) -> list[Role]:
    """The roles of the user's file at `path`, which may use the terms and sets of `table` too.

    `UsageError` names the file, the role and what to do: no such file, no TOML, an unknown key or
    term, a missing label, a pattern that is no regex.
    """
    own = _own_table(path)
    if unknown := sorted(own.keys() - {"role", "terms", "sets"}):
        raise UsageError(f'{path}: unknown key "{unknown[0]}"; use [[role]], [terms] and [sets]')
    entries = own.get("role")
    if not isinstance(entries, list) or not entries:
        raise UsageError(f"{path}: no role in it; begin each one with [[role]]")
    file = _File(str(path), _terms(path, table, own), _sets(path, table, own))
    for at, entry in enumerate(entries, start=1):
        _check_entry(entry, f"{path}: role {at}")
    roles = [_role(entry, file) for entry in entries]
    _check_ids(roles, path)
    for role in roles:
        _check_patterns(role, path)
    return roles


def _own_table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise UsageError(f"{path}: {reason}; give the path of a role file in TOML") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not text in UTF-8; save it as such") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(f"{path}: not valid TOML: {reason}; correct that line") from error


def _terms(path: Path, table: dict[str, Any], own: dict[str, Any]) -> dict[str, str]:
    terms = own.get("terms", {})
    if not isinstance(terms, dict) or not all(isinstance(term, str) for term in terms.values()):
        raise UsageError(f"{path}: [terms] must hold name = 'pattern'; correct it")
    return {**table["terms"], **terms}


def _sets(path: Path, table: dict[str, Any], own: dict[str, Any]) -> dict[str, list[str]]:
    sets = own.get("sets", {})
    if not isinstance(sets, dict) or not all(_is_texts(listed) for listed in sets.values()):
        raise UsageError(f'{path}: [sets] must hold name = ["pattern", ...]; correct it')
    return {**table["sets"], **sets}


def _check_entry(entry: object, where: str) -> None:
    if not isinstance(entry, dict):
        raise UsageError(f"{where}: not a table; begin it with [[role]]")
    for key in ("id", "label"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise UsageError(f'{where}: no {key}; add a line {key} = "..."')
    where = f'{where} ("{entry["id"]}")'
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["id"]):
        raise UsageError(f'{where}: an id is small letters and hyphens, as in "ml-engineer"')
    if unknown := sorted(entry.keys() - _ROLE_KEYS):
        known = ", ".join(sorted(_ROLE_KEYS))
        raise UsageError(f'{where}: unknown key "{unknown[0]}"; the keys are {known}')
    if not isinstance(entry.get("plural", ""), str):
        raise UsageError(f"{where}: plural must be text; put it in quotes")
    if not _is_texts(entry.get("aliases", [])):
        raise UsageError(f'{where}: aliases must be a list of texts, as in ["MLE"]')
    _check_lists(entry, where)


def _check_lists(entry: dict[str, Any], where: str) -> None:
    for table, keys in _LISTS.items():
        given = entry.get(table, {})
        if not isinstance(given, dict) or not all(_is_texts(item) for item in given.values()):
            raise UsageError(f"{where}: {table} must hold lists of texts under {sorted(keys)}")
        if unknown := sorted(given.keys() - keys):
            raise UsageError(f'{where}: unknown key "{table}.{unknown[0]}"; use {sorted(keys)}')


def _check_ids(roles: list[Role], path: Path) -> None:
    seen: set[str] = set()
    for role in roles:
        if role.id in seen:
            raise UsageError(f'{path}: two roles with id "{role.id}"; rename or remove one')
        seen.add(role.id)


def _check_patterns(role: Role, path: Path) -> None:
    nothing = pl.Series([""])
    for pattern in (
        role.strict.include,
        role.strict.exclude,
        role.broad.include,
        role.broad.exclude,
    ):
        try:
            nothing.str.contains(pattern)
        except pl.exceptions.ComputeError as error:
            reason = str(error).strip().splitlines()[-1].removeprefix("error: ")
            raise UsageError(
                f'{path}: role "{role.id}" has a pattern that is no Rust regex '
                f"({reason}); correct it"
            ) from error


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def _role(entry: dict[str, Any], file: _File) -> Role:
    aliases = tuple(entry.get("aliases", ()))
    names = (entry["label"], *aliases)
    strict, broad = entry.get("strict", {}), entry.get("broad", {})
    whole = _spelled(strict.get("include", []), entry["id"], file) or _names(names)
    return Role(
        id=entry["id"],
        label=entry["label"],
        plural=entry.get("plural", f"{entry['label']}s"),
        aliases=aliases,
        strict=TitleRule(
            rf"^(?:founding )?(?:{'|'.join(whole)}){PART_END}",
            anywhere(_spelled(strict.get("exclude", []), entry["id"], file)),
        ),
        broad=TitleRule(
            anywhere(_spelled(broad.get("include", []), entry["id"], file)),
            anywhere(_spelled(broad.get("exclude", []), entry["id"], file)),
        ),
        proxies={kind: tuple(codes) for kind, codes in entry.get("proxies", {}).items()},
    )


def _names(names: tuple[str, ...]) -> list[str]:
    return [re.escape(" ".join(name.lower().split())).replace(r"\ ", " ") for name in names]


def _spelled(patterns: list[str], role: str, file: _File) -> list[str]:
    """`patterns` with sets unfolded and terms spelled out."""
    try:
        listed = [
            pattern
            for entry in patterns
            for pattern in (file.sets[entry[1:]] if entry.startswith("@") else [entry])
        ]
        return [spell_out(pattern, file.terms) for pattern in listed]
    except KeyError as error:
        name = error.args[0]
        raise UsageError(
            f'{file.name}: role "{role}" uses "{name}", which is not in [terms] or [sets]; add it'
        ) from error


def anywhere(patterns: list[str]) -> str:
    """One regex for any of `patterns` as whole words; ^ and $ tie one to a comma or an end."""
    return "|".join(map(_framed, patterns))


def _framed(pattern: str) -> str:
    start = PART_START if pattern.startswith("^") else ANY_START
    pattern = pattern.removeprefix("^")
    if pattern.endswith("$") and not pattern.endswith(r"\$"):
        return f"{start}(?:{pattern[:-1]}){PART_END}"
    return f"{start}(?:{pattern}){ANY_END}"
