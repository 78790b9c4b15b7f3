"""How a person gets to a role: what its openings ask for, what is missing, where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rolediff.results.estimate import Estimate
from rolediff.results.path_beside import BesidePath
from rolediff.results.shown import Shown


@dataclass(frozen=True, slots=True)
class Asked:
    """The share of a role's openings that ask for or say `name`, 0 to 1.

    `count` openings that do; `share` clustered by employer; `alike` with every employer weighing
    the same; `parts` the shares of what `name` is made of, if of several things.
    """

    name: str
    count: int
    share: Estimate
    alike: Estimate
    parts: tuple[Asked, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "name": self.name,
            "count": self.count,
            "share": self.share.to_dict(),
            "employers_alike": self.alike.to_dict(),
            "parts": [p.to_dict() for p in self.parts],
        }


@dataclass(frozen=True, slots=True)
class Years:
    """Years of experience asked for: the fewest an opening names.

    `stated` the share of openings that name any; `quartiles` of those in years (p25, p50, p75; None
    where too few name any); `bands` shares of all openings.
    """

    stated: Asked
    quartiles: tuple[Estimate, Estimate, Estimate] | None
    bands: tuple[Asked, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        three = self.quartiles
        named = dict(zip(("p25", "p50", "p75"), three, strict=True)) if three else {}
        return {
            "stated": self.stated.to_dict(),
            "quartiles": {k: e.to_dict() for k, e in named.items()},
            "bands": [b.to_dict() for b in self.bands],
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a person's skills cover of a role.

    `assumed`: the skills are those common in the role one comes from, not a person's own. `half`
    the share of openings that name required skills of whose required skills at least half are had
    (None with too few such openings); `mentions` the share of all mentions of skills; `useful`
    skills had that openings ask for; `unasked` skills had that none asks for.
    """

    assumed: bool
    half: Estimate | None
    mentions: Estimate
    useful: tuple[Asked, ...]
    unasked: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "assumed": self.assumed,
            "half": None if self.half is None else self.half.to_dict(),
            "mentions": self.mentions.to_dict(),
            "useful": [u.to_dict() for u in self.useful],
            "unasked": list(self.unasked),
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """A skill that openings of a role ask for, and what makes it worth having.

    `demand` the share of openings; `distinct` the odds that a mention of a skill is of this one,
    over the odds elsewhere, every employer weighing the same (Monroe et al. 2008), drawn toward 1;
    `premium` what pay goes with it in log points, drawn toward zero, None where it cannot be told.
    `score` = demand with employers alike x distinct x exp(premium), with 1 for a premium that is
    not known.
    """

    skill: str
    kind: str
    family: str
    demand: Asked
    distinct: Estimate
    premium: Estimate | None
    score: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "skill": self.skill,
            "kind": self.kind,
            "family": self.family,
            "demand": self.demand.to_dict(),
            "distinct": self.distinct.to_dict(),
            "premium": None if self.premium is None else self.premium.to_dict(),
            "score": self.score,
        }


@dataclass(frozen=True, slots=True)
class Together:
    """Two skills that openings of a role name together: of the openings that name `first`, the
    share `given` that name `second` too, and `lift` over the share of all openings; `count`
    openings name both.
    """

    first: str
    second: str
    count: int
    given: Estimate
    lift: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "first": self.first,
            "second": self.second,
            "count": self.count,
            "given": self.given.to_dict(),
            "lift": self.lift,
        }


@dataclass(frozen=True, slots=True)
class NextRole:
    """A role near to the one that is set out from.

    `similarity` of what their openings ask for, 0 to 1, as `Skills` has it; `covered` the share of
    its mentions of skills that a person has; `pay` median; `change` in mean log pay from the role
    set out from; both None with too few openings that state pay.
    """

    id: str
    label: str
    openings: int
    employers: int
    similarity: Estimate
    covered: Estimate | None
    pay: Estimate | None
    change: Estimate | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        rest = ("similarity", "covered", "pay", "change")
        found = {name: getattr(self, name) for name in rest}
        return {
            "id": self.id,
            "label": self.label,
            "openings": self.openings,
            "employers": self.employers,
            **{name: None if e is None else e.to_dict() for name, e in found.items()},
        }


@dataclass(frozen=True, slots=True)
class CareerPath(Shown):
    """The way to the role `to`, as openings of one source tell it.

    `start` the role one comes from ("" if none was named); `base` the role that next roles are
    compared with and `base_pay` its median; `openings` of `postings`; `largest` the
    share of the largest employer; `certificates` names with the openings that name them; `entry`
    parts by level and by what the text says; `have` the skills had; `wanted` those missing (all
    that are asked for, if no skills were given), the most worth having first; `paid` openings of
    all roles with pay; `caveats` (key, sentence); `sources` facts;
    `beside` what other sources say.
    """

    to: str
    plural: str
    start: str
    base: str
    reading: str
    where: str
    where_words: str
    money: str
    openings: int
    postings: int
    employers: int
    largest: float
    education: tuple[Asked, ...]
    years: Years
    certified: Asked
    certificates: tuple[tuple[str, int], ...]
    entry: Asked
    advice: tuple[Asked, ...]
    have: tuple[str, ...]
    coverage: Coverage | None
    wanted: tuple[Wanted, ...]
    together: tuple[Together, ...]
    next: tuple[NextRole, ...]
    base_pay: Estimate | None
    paid: int
    caveats: tuple[tuple[str, str], ...]
    sources: tuple[dict[str, object], ...]
    beside: tuple[BesidePath, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON, without the envelope."""
        plain = {
            name: getattr(self, name)
            for name in (
                *(
                    "to",
                    "plural",
                    "start",
                    "base",
                    "reading",
                    "where",
                    "money",
                    "openings",
                    "postings",
                ),
                *("employers", "largest", "paid"),
            )
        }
        lists = ("education", "advice", "wanted", "together", "next")
        return plain | {
            **{name: [x.to_dict() for x in getattr(self, name)] for name in lists},
            "years": self.years.to_dict(),
            "certified": self.certified.to_dict(),
            "certificates": [{"name": name, "count": n} for name, n in self.certificates],
            "entry": self.entry.to_dict(),
            "base_pay": None if self.base_pay is None else self.base_pay.to_dict(),
            "have": list(self.have),
            "coverage": None if self.coverage is None else self.coverage.to_dict(),
            "caveats": [{"key": key, "text": text} for key, text in self.caveats],
            "sources": list(self.sources),
            "other_sources": [s.to_dict() for s in self.beside],
        }
