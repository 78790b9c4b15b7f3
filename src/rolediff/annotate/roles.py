"""Roles: the catalogue, finding one by name, and which titles are whose.

Titles are matched as core titles (`annotate.titles.core_title`) at the time of the question, so a
role file or a free search works on any market as it is.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import polars as pl

from rolediff.annotate.role_file import (
    ANY_END,
    ANY_START,
    PART_END,
    Role,
    TitleRule,
    bundled_roles,
    bundled_table,
    user_roles,
)
from rolediff.annotate.titles import core_title
from rolediff.errors import UnknownRoleError, UsageError

__all__ = ["Catalogue", "Role", "RoleReading", "TitleRule", "matches", "title_role"]

RoleReading = Literal["strict", "broad"]
"""strict: the title is the role's name; broad: it is a name for the same job."""

_SHOWN = 60  # characters of a user's text that a message repeats


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The roles that are known, and their names; make one with `Catalogue.load`."""

    roles: tuple[Role, ...]
    _by_name: dict[str, Role] = field(repr=False, compare=False)

    @classmethod
    def load(cls, extra: Path | None = None) -> Catalogue:
        """The bundled roles, with those of the file `extra` added or put in place by id.

        `UsageError` for a file that cannot be read as roles, saying which line of it is at fault.
        """
        table = bundled_table()
        own = user_roles(extra, table) if extra else []
        roles = {role.id: role for role in (*bundled_roles(table), *own)}
        # Later names win, so that a user's role can take over a bundled role's alias.
        ordered = tuple(roles.values())
        last = [role for role in ordered if role not in own] + own
        return cls(ordered, {key: role for role in last for key in _keys(role)})

    def resolve(self, name: str) -> Role:
        """The role called `name`: id, label, alias or plural, whatever its case and hyphens.

        A role asked for by an alias bears it as its label: "ML Engineer" stays "ML Engineer".
        `UnknownRoleError` carries up to three names that look like it.
        """
        key = _key(name)
        role = self._by_name.get(key) or self._by_name.get(key.removesuffix("s"))
        if role is None:
            raise self._unknown(name)
        return _called(role, name)

    def _unknown(self, name: str) -> UnknownRoleError:
        nearest = difflib.get_close_matches(_key(name), self._by_name, n=9, cutoff=0.6)
        labels = tuple(dict.fromkeys(self._by_name[key].label for key in nearest))[:3]
        said = ", ".join(f'"{label}"' for label in labels)
        guess = f": did you mean {said}?" if labels else ";"
        return UnknownRoleError(
            f'no role called "{_quoted(name)}"{guess} '
            '`rolediff roles` lists all; --title "..." searches titles',
            labels,
        )


def title_role(phrase: str) -> Role:
    """A role made of a search for `phrase` in titles; its id is "title:" and the phrase.

    The phrase is read like a title: in lower case and without words of rank. Strict: the title is
    the phrase, up to its first comma. Broad: the phrase's words stand in the title as whole words,
    side by side and in that order. `UsageError` if there is no letter or digit in it.
    """
    core = core_title(pl.Series([phrase], dtype=pl.String)).item()
    words = [word for word in re.split(r"[ ,/]+", core or "") if re.search(r"\w", word)]
    if not words:
        raise UsageError(f'"{_quoted(phrase)}" has no word to search titles for; give a job title')
    found = "[ ,/&-]+".join(map(re.escape, words))
    name = " ".join(words)
    return Role(
        id=f"title:{name}",
        label=name,
        plural=f'titles "{name}"',
        aliases=(),
        strict=TitleRule(f"^(?:founding )?{found}{PART_END}"),
        broad=TitleRule(f"{ANY_START}{found}{ANY_END}"),
    )


def matches(role: Role, titles: pl.Series, reading: RoleReading) -> pl.Series:
    """Which of the core titles `titles` are `role`: booleans of the same length; null is false.

    What matches in the strict reading matches in the broad one.
    """
    strict = _met(role.strict, titles)
    met = strict if reading == "strict" else strict | _met(role.broad, titles)
    return met.alias(role.id)


def _called(role: Role, name: str) -> Role:
    keys = _key(name), _key(name.removesuffix("s"))
    if name == role.id or {*keys} & {_key(role.label), _key(role.plural)}:
        return role
    alias = next((alias for alias in role.aliases if _key(alias) in keys), None)
    if alias is None:
        return role
    words = (w if sum(c.isupper() for c in w) > 1 else w.lower() for w in alias.split())
    return replace(role, label=alias, plural=" ".join(words) + "s")


def _met(rule: TitleRule, titles: pl.Series) -> pl.Series:
    if not rule.include:
        return pl.repeat(False, len(titles), dtype=pl.Boolean, eager=True)
    met = titles.str.contains(rule.include).fill_null(False)
    if rule.exclude and met.any():
        # Few titles get as far as the exclusions, which are the longer part.
        where = met.arg_true()
        met = met.scatter(where, ~titles.gather(where).str.contains(rule.exclude))
    return met


def _keys(role: Role) -> list[str]:
    return [_key(name) for name in (role.id, *role.aliases, role.plural, role.label)]


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold()) or name.casefold()


def _quoted(text: str) -> str:
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}..."
