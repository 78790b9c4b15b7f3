"""Sentences of a brief on what openings name: duties, skills, outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rolediff.annotate.signal_words import signal_concepts
from rolediff.compare.brief_evidence import Figures, Writer, known
from rolediff.compare.brief_words import of_both, percent, points, share, sides, versus
from rolediff.compare.path_ads import Ads
from rolediff.errors import NotEnoughEvidence
from rolediff.results import Asked, Sentence, Telling

MOST = 3
"""Skills or duties named for each role."""
UPDATED = ("conferences", "publications", "open source", "learning budget", "continuous learning")
FUTURE = ("deep learning", "reinforcement learning", "AI ethics")


def duties(w: Writer) -> Iterator[Sentence]:
    """Which duties set the roles apart."""
    found = known(w.e.work)
    told = [d.told for d in found.duties]
    source = str(found.sources[0]["name"])
    for side in (True, False):
        yield from (_more(w, t, side, "name the duty", source, "work") for t in apart(told, side))
    yield _compared(w, told, "duties", source, "work")


def groups(w: Writer) -> Iterator[Sentence]:
    """Groups of skills in both roles, and how alike the roles are."""
    found = known(w.e.skills)
    source = str(found.source["name"])
    if found.groups:
        told = "; ".join(f"{t.name} {versus(t.a, t.b)}" for t in found.groups)
        text = f"Skills of each group are named, with 95 % intervals, by {_sides(w)}: {told}."
        figures = tuple(f for t in found.groups for f in _figures(t, f", {t.name}"))
        yield w.say(text, figures, source, "skills")
    e = found.similarity
    interval = "no interval" if e.low is None else f"95 % interval {e.low:.2f} to {e.high:.2f}"
    yield w.say(
        f"On a scale from 0 to 1, the skills of the two roles are alike by {e.value:.2f} "
        f"({interval}; n = {e.n:,}).",
        (("similarity", e),), source, "skills",
    )  # fmt: skip


def skills(w: Writer, side: bool) -> Iterator[Sentence]:
    """What openings of one role ask for most, and what sets it apart."""
    found = known(w.e.skills)
    told, source = [s.told for s in found.skills], str(found.source["name"])
    role = w.e.q.a if side else w.e.q.b
    most = sorted(told, key=lambda t: -(t.a if side else t.b).value)[:MOST]
    named = [(t.name, t.a if side else t.b) for t in most]
    listed = ", ".join(f"{name} by {share(e)}" for name, e in named)
    if named:
        text = f"Named most in openings for {role.plural}: {listed}."
        yield w.say(text, tuple(named), source, "skills")
    yield from (_more(w, t, side, "name", source, "skills") for t in apart(told, side))
    yield _compared(w, told, "skills", source, "skills")


def updated(w: Writer) -> Iterator[Sentence]:
    """Signs of learning in openings, in answer to how people stay up to date."""
    yield from _signals(w, UPDATED, "Named")
    yield _proxy(w, "How people learn")


def future(w: Writer) -> Iterator[Sentence]:
    """How common today is what is said to come; no trend is claimed."""
    yield from _signals(w, FUTURE, "Named today")
    yield _no_trend(w)


def business(w: Writer) -> Iterator[Sentence]:
    """Openings with a duty that names an outcome, and what outcomes openings name."""
    found = known(w.e.work)
    for t in (t for t in found.groups if t.name == "outcomes"):
        start = "A duty with an outcome for the business is named by"
        yield _both(w, start, t, str(found.sources[0]["name"]), "work")
    table = signal_concepts()
    names = table.filter(table["group"] == "outcomes")["concept"].to_list()
    yield from _signals(w, names, "Outcomes are named")
    yield _proxy(w, "What people achieved")


def most_telling(w: Writer) -> Iterator[Sentence]:
    """The skill, and the duty, that set each role apart most."""
    found, work = known(w.e.skills), known(w.e.work)
    duties_source = str(work.sources[0]["name"])
    for side in (True, False):
        for t in apart([s.told for s in found.skills], side)[:1]:
            yield _more(w, t, side, "name", str(found.source["name"]), "skills")
        for t in apart([d.told for d in work.duties], side)[:1]:
            yield _more(w, t, side, "name the duty", duties_source, "work")


def apart(told: Sequence[Telling], side: bool) -> list[Telling]:
    """What is named more in A (`side`) or B: differences by their own interval, else the largest.

    By the z score of the log-odds.
    """
    mine = [t for t in told if (t.z > 0) == side and (t.gap.value > 0) == side and t.z]
    ranked = sorted(mine, key=lambda t: (-abs(t.z), t.name))
    leaning = [t for t in ranked if t.leans]
    return leaning[:MOST] or ranked[:1]


def _more(w: Writer, t: Telling, side: bool, verb: str, source: str, of: str) -> Sentence:
    roles = (w.e.q.a, w.e.q.b) if side else (w.e.q.b, w.e.q.a)
    mine, theirs = (t.a, t.b) if side else (t.b, t.a)
    gap = t.gap if side else -t.gap
    doubt = "" if t.leans else "; the interval holds zero, so there may be no difference"
    alike = (t.alike_a, t.alike_b) if side else (t.alike_b, t.alike_a)
    text = (
        f"Openings for {roles[0].plural} {verb} “{t.name}” more often: {share(mine)} against "
        f"{share(theirs)} for {roles[1].plural}, by {points(gap)}{doubt}; with every employer "
        f"weighing the same, {percent(alike[0].value)} against {percent(alike[1].value)} %."
    )
    return w.say(text, _figures(t), source, of)


def _figures(t: Telling, of: str = "") -> Figures:
    alike = (f"A{of}, employers alike", t.alike_a), (f"B{of}, employers alike", t.alike_b)
    return ((f"A{of}", t.a), (f"B{of}", t.b), (f"A less B{of}", t.gap), *alike)


def _sides(w: Writer) -> str:
    a, b = known(w.e.ads)
    return sides(w.e.q.a, w.e.q.b, len(a), len(b))


def _compared(w: Writer, told: Sequence[Telling], what: str, source: str, of: str) -> Sentence:
    leans, sure = sum(t.leans for t in told), sum(t.clear for t in told)
    text = (
        f"Of {len(told)} {what} compared, {leans} differ by their own interval and {sure} after "
        "adjusting for so many comparisons."
    )
    return w.say(text, (), source, of)


def _both(w: Writer, start: str, t: Telling, source: str, of: str) -> Sentence:
    q = w.e.q
    text = (
        f"{start} {share(t.a)} of the openings for {q.a.plural} and {share(t.b)} of those for "
        f"{q.b.plural}."
    )
    return w.say(text, _figures(t), source, of)


def signal_shares(ads: Ads, names: Sequence[str]) -> tuple[Asked, ...]:
    """The shares of openings that name each of the signals `names`.

    Raises:
        NotEnoughEvidence: no opening has a signal: they were not looked for.
    """
    if not ads.counts(["signals"]):
        raise NotEnoughEvidence(
            f"0 of {len(ads)} openings have signals: annotate their texts with `rolediff annotate`"
        )
    return ads.asked(names, ads.holds(names, ["signals"]))


def _signals(w: Writer, names: Sequence[str], start: str) -> Iterator[Sentence]:
    """The signals `names` in one sentence, and in another with every employer weighing the same."""
    ads = known(w.e.ads)
    a, b = (signal_shares(of, names) for of in ads)
    both = list(zip(a, b, strict=True))
    told = "; ".join(f"{x.name} {versus(x.share, y.share)}" for x, y in both)
    text = f"{start}, with 95 % intervals, by {_sides(w)}: {told}."
    figures = of_both((x.name, x.share, y.share) for x, y in both)
    yield w.say(text, figures, ads[0].source, "brief")
    told = "; ".join(
        f"{x.name} {percent(x.alike.value)} against {percent(y.alike.value)} %" for x, y in both
    )
    figures = of_both((x.name, x.alike, y.alike) for x, y in both)
    yield w.say(f"With every employer weighing the same: {told}.", figures, ads[0].source, "brief")


def _proxy(w: Writer, what: str) -> Sentence:
    a, b = known(w.e.ads)
    counted = f"{len(a):,} and {len(b):,} openings"
    text = f"{what} is not in postings: what {counted} name is a proxy for it."
    return w.say(text, (), a.source, "brief")


def _no_trend(w: Writer) -> Sentence:
    a, b = known(w.e.ads)
    text = (
        f"These are shares of {len(a):,} and {len(b):,} openings at one date: no trend is claimed, "
        "and a second date would be needed for one."
    )
    return w.say(text, (), a.source, "brief")
