"""What stands for roles in place of their names: "both", "the former", "they", "that title"."""

from __future__ import annotations

from rolediff.claims.grammar.naming import Mention, Namer, Role
from rolediff.claims.grammar.sentences import Span
from rolediff.claims.grammar.words import pattern

KINDS = ("both", "former", "latter", "they")
"""Which roles a pronoun stands for: the pair, its first, its second, those named last."""


def mentions_in(
    text: str, span: Span, namer: Namer, last: tuple[Role, ...]
) -> tuple[tuple[Mention, ...], bool]:
    """The roles that a clause mentions, pronouns resolved, and whether a pronoun is among them.

    `last` = the roles that were spoken of before it. Beside names only "both" and its like count,
    and a "they" that begins the clause.
    """
    named = namer.named(span.start, span.end)
    resolved = [_resolved(m, named, namer.pair, last) for m in pronouns_in(text, span)]
    stands = [m for m in resolved if m.roles and not any(n.start <= m.start < n.end for n in named)]
    plural = [m for m in stands if m.how != "they"]
    leading = [m for m in stands[:1] if m.how == "they" and m.end - span.start < 8]
    chosen = [*named, *plural, *leading] if named else stands[:1]
    return tuple(sorted(chosen, key=lambda m: m.start)), bool(stands)


def pronouns_in(text: str, span: Span) -> list[Mention]:
    """The pronouns of a clause, in order, without their roles."""
    found = [
        Mention(m.start(), m.end(), (), kind)
        for kind in KINDS
        for m in pattern(f"pronoun_{kind}").finditer(text, span.start, span.end)
    ]
    return sorted(found, key=lambda m: (m.start, m.end, m.how))


def _resolved(
    pronoun: Mention, named: list[Mention], pair: tuple[Role, ...], last: tuple[Role, ...]
) -> Mention:
    """The pronoun with the roles it stands for."""
    roles: tuple[Role, ...] = ()
    if pronoun.how == "both":
        inside = [role for m in named for role in m.roles]
        roles = tuple(dict.fromkeys(inside))[:2] if len(set(inside)) >= 2 else pair
    elif pronoun.how in ("former", "latter") and len(pair) == 2:
        roles = (pair[0],) if pronoun.how == "former" else (pair[1],)
    elif pronoun.how == "they":
        roles = last
    return Mention(pronoun.start, pronoun.end, roles, pronoun.how)
