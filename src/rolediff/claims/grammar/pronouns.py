"""What stands for roles in place of their names: "both", "the former", "they", "that title"."""

from __future__ import annotations

from rolediff.claims.grammar.words import pattern

KINDS = ("both", "former", "latter", "they")
"""Which roles a pronoun stands for: the pair, its first, its second, those named last."""


def pronouns_in(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Start, end and kind of each pronoun in `text[start:end]`, in order."""
    found = [
        (m.start(), m.end(), kind)
        for kind in KINDS
        for m in pattern(f"pronoun_{kind}").finditer(text, start, end)
    ]
    return sorted(found)
