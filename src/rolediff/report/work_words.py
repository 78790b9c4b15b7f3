"""What people in two roles do, in sentences that every rendering shares."""

from __future__ import annotations

from rolediff.report.telling_words import headline
from rolediff.results import Occupation, Work


def sentence(w: Work) -> str:
    """The answer in one sentence."""
    return headline(w.a, w.b, [d.told for d in w.duties], w.where_words, ("duties", "ask to"))


def occupation(w: Work, o: Occupation) -> str:
    """An occupation and whose proxy it is."""
    of = {"A": w.a.label, "B": w.b.label, "both": f"both {w.a.label} and {w.b.label}"}[o.of]
    return f"{o.code} {o.name}, proxy of {of}"
