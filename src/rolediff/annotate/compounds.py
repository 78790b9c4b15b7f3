"""Skills of two parts, "schema design", "load testing": the lists of `data/skill_compounds.toml`.

A word of work by itself is a duty; what qualifies it makes it a skill, and a table of the parts
says more than a list of all pairs could.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Compound:
    """A pair of parts: its spellings, the first of them its name, and the concept it is `under`."""

    spellings: tuple[str, ...]
    under: str


def compounds() -> Iterator[Compound]:
    """Every pair that ships with the package, in the order of the file; one may come twice."""
    text = files("rolediff").joinpath("data/skill_compounds.toml").read_text(encoding="utf-8")
    for group in tomllib.loads(text)["compound"]:
        for then in group["then"]:
            for first in group["first"]:
                ways = tuple(f"{first} {way}" for way in then.split("|"))
                yield Compound(ways, group["under"])
