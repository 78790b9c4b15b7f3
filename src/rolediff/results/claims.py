"""Claims of an article about roles, and the verdict on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rolediff.results.estimate import Estimate
from rolediff.results.shown import Shown

ClaimKind = Literal[
    "pay", "gap", "reason", "growth", "demand", "industry", "country", "skill", "tool",
    "education", "certification", "trend", "share", "unread",
]  # fmt: skip
"""What a claim is about; "unread": it looks like a claim and is not understood."""

BlockKind = Literal["heading", "paragraph", "item", "cell", "quote", "code"]
"""What a block of an article is."""

Ruled = Literal[
    "supported", "contradicted", "partly", "not enough evidence", "not testable with this data"
]
"""A verdict on a claim."""

Sense = Literal["more", "less", "same", ""]
"""More or less of what is claimed: role `roles[0]` against `roles[1]`, later against earlier."""


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an article that is read on its own, `Article.text[start:end]`.

    `level` of a heading 1 to 6, of an item its depth from 1; `headings` it stands under, outermost
    first; `lead` is the line or item that introduces a list ("AI Engineers:"); of a table's cell
    `row` and `column` are the labels it stands in, `table` numbers the tables from 1.
    """

    kind: BlockKind
    start: int
    end: int
    line: int = 0
    level: int = 0
    headings: tuple[str, ...] = ()
    lead: str = ""
    row: str = ""
    column: str = ""
    table: int = 0


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it was read: plain `text`, its `blocks` in order, and what was cut or dropped.

    `notes` say what was not read and why ("only the first 1,000,000 characters").
    """

    name: str
    text: str
    blocks: tuple[Block, ...]
    title: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure as claimed: `low` to `high` (equal: a point; None: open at that end).

    `unit` is "percent", "points", "years", "times" or "" (a count), or for money an ISO 4217 code
    or "" where the article names no currency; `period` of money: "year", "month", "week", "day",
    "hour". `about`: said to be round ("about", "roughly", "~").
    """

    low: float | None
    high: float | None
    unit: str = ""
    period: str = ""
    about: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON and TOML."""
        return {
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "period": self.period,
            "about": self.about,
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that an article says of roles and that data could confirm or refute.

    `text` is the span as it stands, white space collapsed; `start`, `end` are its offsets in
    characters in `Article.text`, `line` is counted from 1. `roles` are names of the catalogue,
    for a comparison the role that is said to have more first; `invented` are phrases that stand
    where a role would and name none. `items` are what is listed (industries, countries, skills,
    certificates, degrees, the reason given), as written. `amount` is the figure, `statistic` what
    it is of ("average", "median", "entry", "senior", "top" or ""), `sense` and `quantity` ("most",
    "few", "all", "none", "some", "majority" or "") what is said without one. `place` is an ISO
    3166-1 alpha-2 code, `region` a place that is none; `period` years from and to. `negated`: the
    sentence denies it; `hedged`: it says "may", "often", "tends to". `by_hand`: written in a file
    of claims, not found.
    """

    kind: ClaimKind
    text: str
    start: int = 0
    end: int = 0
    line: int = 0
    roles: tuple[str, ...] = ()
    invented: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    amount: Amount | None = None
    statistic: str = ""
    sense: Sense = ""
    quantity: str = ""
    place: str = ""
    region: str = ""
    period: tuple[int, int] | None = None
    negated: bool = False
    hedged: bool = False
    by_hand: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON and TOML."""
        return {
            "kind": self.kind,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "line": self.line,
            "roles": list(self.roles),
            "invented": list(self.invented),
            "items": list(self.items),
            "amount": None if self.amount is None else self.amount.to_dict(),
            "statistic": self.statistic,
            "sense": self.sense,
            "quantity": self.quantity,
            "place": self.place,
            "region": self.region,
            "period": None if self.period is None else list(self.period),
            "negated": self.negated,
            "hedged": self.hedged,
            "by_hand": self.by_hand,
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """A figure that a verdict rests on.

    `name` says in words what is estimated, `unit` in what ("percent", "points", "USD a year",
    "share", ...); `command` prints it; `proxy`: it is of a neighbouring occupation, not the role.
    """

    name: str
    estimate: Estimate
    unit: str
    source: str
    command: str
    proxy: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "name": self.name,
            **self.estimate.to_dict(),
            "unit": self.unit,
            "source": self.source,
            "command": self.command,
            "proxy": self.proxy,
        }


@dataclass(frozen=True, slots=True)
class Point:
    """A part of a claim that could be true apart ("Python", of "Python and Java").

    `verdict` on it alone and `why` in a sentence; `evidence` for it; `p` two-sided, against the
    nearest figure that the claim allows, before adjustment (None: no interval), `p_adjusted` after
    Holm (1979) over all points of the article.
    """

    name: str
    verdict: Ruled
    why: str
    evidence: tuple[Evidence, ...] = ()
    p: float | None = None
    p_adjusted: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "name": self.name,
            "verdict": self.verdict,
            "why": self.why,
            "evidence": [e.to_dict() for e in self.evidence],
            "p": self.p,
            "p_adjusted": self.p_adjusted,
        }


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one claim, from its points, in a sentence, and what would settle it.

    `settle` is empty where the claim is settled. `notes` say what a reader must mind ("by
    advertised pay", "as an association", "judged for the US").
    """

    claim: Claim
    verdict: Ruled
    why: str
    points: tuple[Point, ...] = ()
    settle: str = ""
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "claim": self.claim.to_dict(),
            "verdict": self.verdict,
            "why": self.why,
            "points": [p.to_dict() for p in self.points],
            "settle": self.settle,
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class CheckedArticle(Shown):
    """An article with a judgement on every claim that was found in it, in order of position.

    `rule` is the rule in words, by which `judgements` were made.
    """

    article: Article
    judgements: tuple[Judgement, ...]
    rule: str
    confidence: float = 0.95
    caveats: tuple[tuple[str, str], ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many claims got each verdict, in the order of `Ruled`."""
        order = Ruled.__args__  # type: ignore[attr-defined]
        return {v: sum(j.verdict == v for j in self.judgements) for v in order}

    @property
    def contradicted(self) -> bool:
        """Whether any claim is contradicted."""
        return any(j.verdict == "contradicted" for j in self.judgements)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "name": self.article.name,
            "title": self.article.title,
            "counts": dict(self.counts),
            "rule": self.rule,
            "confidence": self.confidence,
            "judgements": [j.to_dict() for j in self.judgements],
            "caveats": [{"code": code, "text": text} for code, text in self.caveats],
        }
