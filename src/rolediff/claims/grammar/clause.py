"""A clause with what is known of it: its words, roles, figures, and what carries over to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rolediff.claims.grammar.figures import Figure, experience, money, percents, period
from rolediff.claims.grammar.naming import Mention, Role
from rolediff.claims.grammar.places import places
from rolediff.claims.grammar.skills_named import SkillNamed, skills_named
from rolediff.claims.grammar.words import Topic, pattern, words
from rolediff.results.claims import Amount, BlockKind, Claim, ClaimKind, Sense

_IN = re.compile(
    r"(?:\b(?:in|across|throughout|within|of|from|for|outside|around|greater|the|but|except)|\()\s+$"
    r"|\($",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*(?:,|and|or|/|&|, and|, or)\s*(?:the\s+|in\s+)*")
PlaceNamed = tuple[int, int, str, str]
_OTHERWISE = re.compile(
    r"^(?:compared (?:with|to)|unlike|next to|relative to|against)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Clause:
    """`article[start:end]`, a clause of the sentence `article[first:last]`.

    `link` leads into it ("because", "but"); `mentions` are the roles it names, pronouns resolved;
    `carried` those that it is about if it names none; `pair` the two the article is about;
    `topic` the kind of claim that its heading announces; `claimed` the kinds that were found in the
    sentence before it; `denied`: the next sentence says that it is not so; `question` is what its
    heading, or the sentence before, asks; `compared` are the roles whose pay was compared last,
    `sum` is what was paid last; `subject`: a pronoun in it stands for a role;
    `before` is the claim that was found last.
    """

    article: str
    start: int
    end: int
    first: int
    last: int
    line: int
    link: str = ""
    mentions: tuple[Mention, ...] = ()
    carried: tuple[Role, ...] = ()
    pair: tuple[Role, ...] = ()
    topic: Topic = ""
    claimed: tuple[ClaimKind, ...] = ()
    denied: bool = False
    question: str = ""
    compared: tuple[Role, ...] = ()
    sum: Amount | None = None
    subject: bool = False
    before: Claim | None = None
    block: BlockKind = "paragraph"

    @property
    def text(self) -> str:
        """The words of the clause."""
        return self.article[self.start : self.end]

    @property
    def reasoned(self) -> bool:
        """Whether it gives a reason for what stands before it."""
        return words("reason").match(self.article, self.start, self.end) is not None

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """The roles it names, each once, else those that carry over to it."""
        named = tuple(dict.fromkeys(role for m in self.mentions for role in m.roles))
        return named or self.carried

    @cached_property
    def money(self) -> list[Figure]:
        """Sums of money in it."""
        return money(self.article, self.start, self.end)

    @cached_property
    def percents(self) -> list[Figure]:
        """Percentages and multiples in it."""
        return percents(self.article, self.start, self.end)

    @cached_property
    def experience(self) -> list[Figure]:
        """Years of experience in it."""
        return experience(self.article, self.start, self.end)

    @cached_property
    def places(self) -> list[tuple[int, int, str, str]]:
        """Places named in it: start, end, name, country code (empty for a region)."""
        tools = {skill.start for skill in self.skills}  # Cypress is one
        named = places(self.article, self.start, self.end)
        return [place for place in named if place[0] not in tools]

    @cached_property
    def skills(self) -> list[SkillNamed]:
        """Skills named in it."""
        return skills_named(self.article, self.start, self.end)

    def has(self, *names: str) -> bool:
        """Whether a word of one of the lists of words stands in it."""
        return any(words(name).search(self.article, self.start, self.end) for name in names)

    def at(self, name: str) -> int | None:
        """Where the first word of a list of words stands in it."""
        found = words(name).search(self.article, self.start, self.end)
        return found.start() if found else None

    def names(self, at: int) -> bool:
        """Whether the character `at` is part of the name of a role."""
        return any(m.start <= at < m.end for m in self.mentions)

    def part(self, start: int, end: int) -> Clause:
        """A part of the clause, with the roles named in it."""
        named = tuple(m for m in self.mentions if start <= m.start and m.end <= end)
        return replace(self, start=start, end=end, mentions=named)

    def claim(
        self,
        kind: ClaimKind,
        *,
        span: tuple[int, int] | None = None,
        roles: Sequence[Role] | None = None,
        items: Sequence[str] = (),
        amount: Amount | None = None,
        statistic: str = "",
        sense: Sense = "",
        quantity: str = "",
        placed: bool = True,
    ) -> Claim:
        """A claim of `kind` that this clause makes; place, years, hedges and denials as it says.

        `placed`: the places it names are where the claim holds, not what it is about.
        """
        start, end = span or (self.start, self.end)
        start, end = _trimmed(self.article, start, end)
        about = tuple(self.roles if roles is None else roles)
        whole = self.article[self.first : self.last] if self._single() else self.text
        where = (self.places or places(self.article, self.first, self.start)) if placed else []
        where = _placed(self.article, where, (self.start, self.first))
        codes = list(dict.fromkeys(code for *_, code in where if code))
        regions = [name for _, _, name, code in where if not code]
        return Claim(
            kind=kind,
            text=" ".join(self.article[start:end].split()),
            start=start,
            end=end,
            line=self.line,
            roles=tuple(role.label for role in about if role.known),
            invented=tuple(role.label for role in about if not role.known),
            items=tuple(items),
            amount=amount,
            statistic=statistic,
            sense=sense,
            quantity=quantity,
            place=codes[0] if len(codes) == 1 else "",
            region=regions[0] if regions and not codes else "",
            period=period(self.text) or period(whole),
            negated=self.denied or self._negated(),
            hedged=self.has("hedge"),
        )

    def _negated(self) -> bool:
        """Whether it denies: "not without" asserts, and so does "common but seldom a must"."""
        if pattern("clause_no_denial").search(self.text):
            return False
        said = pattern("clause_but_rarely").sub("", self.text)
        return words("negation").search(said) is not None

    def _single(self) -> bool:
        return self.end - self.start > 0.6 * (self.last - self.first)


def _placed(article: str, named: list[PlaceNamed], starts: tuple[int, int]) -> list[PlaceNamed]:
    """The places of `named` that something is said to be in, and those joined to them.

    A place at one of `starts`, of the clause or the sentence, is one as well.
    """
    kept: list[PlaceNamed] = []
    for place in named:
        before = article[max(0, place[0] - 14) : place[0]]
        joined = kept and _JOINED.fullmatch(article[kept[-1][1] : place[0]])
        if joined or place[0] in starts or _IN.search(before):
            kept.append(place)
    return kept


def subject(clause: Clause) -> tuple[Role, ...]:
    """The roles that a clause is about: those it names first, but for "compared with bakers"."""
    named = [m for m in clause.mentions if m.roles]
    if len(named) > 1 and _OTHERWISE.match(clause.text):
        return named[1].roles
    return named[0].roles if named else clause.roles


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without punctuation at its ends, and without a bracket that it does not close."""
    while start < end and (text[start].isspace() or text[start] in ",;:–—-)"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ".,;:!?–—("):
        end -= 1
    if end > start and text[end - 1] == ")" and "(" not in text[start:end]:
        end -= 1
    return start, end
