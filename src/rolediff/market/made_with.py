"""What a market was made with: markets that were made otherwise do not fit together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from rolediff.errors import MarketError

ROLES = ("roles.toml",)
VOCABULARIES = (
    *("skills.tsv", "skill_compounds.toml", "skill_contexts.toml", "skill_groups.toml"),
    *("duties.toml", "signals.toml", "headings.toml", "requirements.toml", "wishes.toml"),
    *("levels.toml", "posting_level.toml", "values.toml", "workplace.toml", "pay.toml"),
    *("industries.toml", "industry_words.csv", "employer_industry.csv", "places.csv"),
    *("places.toml", "countries.csv", "currencies.csv", "postings.toml", "columns.toml"),
)
"""Files of `rolediff/data` by which postings and tables are read."""
PARTS = {"vocabulary": "vocabularies", "roles": "catalogues of roles"}
"""What is told of a market, and how it is said."""

WITHIN = "pay_within"
"""To within how many percent a market keeps pay (`market.bound`); not there where it is exact."""


@cache
def made_with() -> Mapping[str, str]:
    """The identity of what this program makes markets with: a hash for each of `PARTS`."""
    return {"vocabulary": _hash(VOCABULARIES), "roles": _hash(ROLES)}


def require_alike(made: Iterable[tuple[str, Mapping[str, str]]]) -> None:
    """Raise `MarketError` where markets, by name and identity, were made with different things.

    A market that does not tell, of an older version, is taken to fit.
    """
    first: dict[str, tuple[str, str]] = {}
    for name, identity in made:
        within = identity.get(WITHIN, "")
        other, theirs = first.setdefault(WITHIN, (name, within))
        if within != theirs:
            raise MarketError(
                f"{other} keeps pay {_within(theirs)}, {name} {_within(within)}: compress the data "
                "of one of them again with the same --pay-within, then merge"
            )
        for part, said in PARTS.items():
            mine = identity.get(part)
            if mine is None:
                continue
            other, theirs = first.setdefault(part, (name, mine))
            if mine != theirs:
                raise MarketError(
                    f"{other} and {name} were made with different {said}: compress the data of "
                    "the older one again, then merge"
                )


def combined(
    made: Iterable[tuple[str, Mapping[str, str] | None]],
) -> Mapping[str, str] | None:
    """What markets that are put together were made with; None (this program) stays None.

    Raises `MarketError` as `require_alike` does.
    """
    given = list(made)
    if all(identity is None for _, identity in given):
        return None
    told = [(name, made_with() if mine is None else mine) for name, mine in given]
    require_alike(told)
    return {part: said for _, identity in reversed(told) for part, said in identity.items()}


def _within(percent: str) -> str:
    return f"to within {percent} %" if percent else "as it was read"


def _hash(names: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for name in names:
        content = files("rolediff").joinpath("data", name).read_bytes()
        digest.update(f"{name}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]
