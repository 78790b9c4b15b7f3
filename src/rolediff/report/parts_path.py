"""The part of a page on how a person gets there: what is asked, what is missing, what is near."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rolediff.report import path_words as words
from rolediff.report.charts import Mark, Row, rows_chart
from rolediff.report.figures import Figure, Grid, Part, intervals
from rolediff.report.scales import in_thousands, scale_of, share_scale
from rolediff.report.words import number, percent
from rolediff.results import Asked, CareerPath, Short

SKILLS, ROLES = 10, 8
"""Rows that are drawn; the tables have all."""

Paths = tuple[CareerPath | Short, CareerPath | Short]


def path_part(paths: Paths, commands: Mapping[str, str]) -> Part:
    """The way to A from B, and to B from A."""
    told = [p for p in paths if isinstance(p, CareerPath)]
    if not told:
        short = paths[0]
        return Part("path", "Path", short=short.reason if isinstance(short, Short) else "")
    by = {id(p): commands[key] for p, key in zip(paths, ("path_a", "path_b"), strict=True)}
    figures = [*_asked(paths, commands["path_a"])]
    for kind, p in zip("ab", paths, strict=True):
        if isinstance(p, CareerPath):
            figures += way(p, kind, by[id(p)])
    shorts = (f"Not enough evidence: {p.reason}." for p in paths if isinstance(p, Short))
    beside = (line for p in told for line in words.beside(p))
    said = [*map(words.sentences, told), *shorts, *beside]
    return Part("path", "Path", said[0], tuple(said[1:]), tuple(figures))


def way(p: CareerPath, kind: str, command: str) -> Iterator[Figure]:
    """What one path is made of: the skills to add, and the roles that are near."""
    yield from _missing(p, kind, command)
    yield from _next(p, kind, command)


def _titled(p: CareerPath) -> str:
    return "; ".join(str(s["title"]) for s in p.sources)


def _groups(p: CareerPath) -> Iterator[tuple[str, Sequence[Asked]]]:
    yield "Lowest degree that will do", p.education
    yield "Years of experience, at least", (*p.years.bands, p.years.stated)
    yield "Entry level", (*p.entry.parts, p.entry)
    yield "Certificates", (p.certified,)
    yield "Common advice, spoken of in openings", p.advice


def _asked(paths: Paths, command: str) -> Iterator[Figure]:
    """What is asked of applicants for each role, side by side."""
    told = [(p, kind) for p, kind in zip(paths, "ab", strict=True) if isinstance(p, CareerPath)]
    rows: list[Row] = []
    groups = [dict(_groups(p)) for p, _ in told]
    for heading in dict.fromkeys(h for g in groups for h in g):
        marks: dict[str, list[Mark]] = {a.name: [] for g in groups for a in g.get(heading, ())}
        for group, (_, kind) in zip(groups, told, strict=True):
            for a in group.get(heading, ()):
                if a.count:
                    said = words.share(a.share)
                    marks[a.name].append(Mark(a.share, kind, said))
        found = [Row(name, tuple(m)) for name, m in marks.items() if m]
        rows += [Row(heading), *found] if found else []
    if not rows:
        return
    every = [m.value for r in rows for m in r.marks]
    n = " and ".join(f"{p.openings:,}" for p, _ in told)
    spoken = "; ".join(
        f"{r.label} {' and '.join(m.told for m in r.marks)}" for r in rows if r.marks
    )
    yield Figure(
        "path-asked", "What is asked of applicants, share of openings",
        " ".join(f"{p.to}. {words.quartiles(p)} {words.certificates(p, 5)}" for p, _ in told),
        f"n = {n} openings", _titled(told[0][0]),
        "Share of a role's openings that say so, clustered by employer; the table has it with "
        "every employer weighing the same too.",
        command, intervals(every),
        rows_chart("What is asked of applicants", spoken, rows,
                   share_scale(every)),
        tuple((kind, p.to) for p, kind in told), (), _asked_grid([p for p, _ in told]), tuple(rows),
        "share",
    )  # fmt: skip


def _asked_grid(told: Sequence[CareerPath]) -> Grid:
    rows = (
        (p.to, heading, a.name, f"{a.count:,}", words.share(a.share), words.share(a.alike))
        for p in told
        for heading, group in _groups(p)
        for a in group
    )
    return Grid.of(("role", "", "asked", "openings", "of all", "employers alike"), rows)


def _missing(p: CareerPath, kind: str, command: str) -> Iterator[Figure]:
    if not p.wanted:
        return
    id = f"path-skills-{kind}"
    start = f" from {p.start}" if p.start else ""
    title = f"To {p.to}{start}: {words.skills_title(p).lower()}"
    rows = [
        Row(w.skill, (Mark(w.demand.alike, kind, words.share(w.demand.alike)),),
            f"score {w.score:.2f}")
        for w in p.wanted[:SKILLS]
    ]  # fmt: skip
    every = [m.value for r in rows for m in r.marks]
    grid = Grid.of(
        ("skill", "openings", "demand", "distinctive", "premium", "score"),
        ((w.skill, f"{w.demand.count:,}", words.share(w.demand.alike), words.score(w.distinct),
          words.premium(w), f"{w.score:.2f}") for w in p.wanted),
    )  # fmt: skip
    spoken = "; ".join(f"{r.label} {r.marks[0].told}" for r in rows)
    yield Figure(
        id, title, f"Share of openings for {p.plural} that name the skill, every employer weighing "
        "the same.", f"n = {p.openings:,} openings of {p.employers:,} employers", _titled(p),
        words.ranking(p),
        command, intervals(every),
        rows_chart(title, spoken, rows, share_scale(every)),
        (), (), grid, tuple(rows), "share",
    )  # fmt: skip


def _next(p: CareerPath, kind: str, command: str) -> Iterator[Figure]:
    paid = [r for r in p.next if r.pay is not None]
    if not p.next:
        return
    id, title = f"path-next-{kind}", f"Roles near to {p.base}, by the skills their openings ask for"
    rows = [
        Row(r.label, (Mark(r.pay, "n", words.pay(r.pay)),), f"alike {r.similarity.value:.2f}")
        for r in paid[:ROLES] if r.pay is not None
    ]  # fmt: skip
    every = [m.value for r in rows for m in r.marks]
    grid = Grid.of(
        ("role", "openings", "similarity", "covered", "median pay, thousand", f"over {p.base}"),
        ((r.label, f"{r.openings:,}", words.alike(r.similarity),
          f"{number(100 * r.covered.value)} %" if r.covered else "", words.pay(r.pay),
          percent(r.change) if r.change else "") for r in p.next),
    )  # fmt: skip
    spoken = "; ".join(f"{r.label} {r.marks[0].told}" for r in rows)
    yield Figure(
        id, title, f"Median pay of each in thousand {p.money}; that of {p.base} is "
        f"{words.pay(p.base_pay)}.", f"n = {p.paid:,} openings with pay", _titled(p),
        "Cosine similarity of the skills that openings ask for, jackknifed by employer; medians of "
        "the midpoints of advertised ranges, nothing held equal.",
        command, intervals([*every, p.next[0].similarity]),
        rows_chart(title, spoken, rows, scale_of(every, in_thousands)) if rows else "",
        (), (), grid, tuple(rows), "money",
    )  # fmt: skip
