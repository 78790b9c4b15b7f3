"""The parts of a page on what openings name: skills, and the duties of the work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rolediff.report.charts import Mark, Row, rows_chart
from rolediff.report.figures import Figure, Grid, Part, intervals
from rolediff.report.scales import in_percent, scale_of, share_scale
from rolediff.report.skills_words import asked, premium_line, sentence, similarity_lines
from rolediff.report.telling_words import apart, difference, leaning, mark, other_lines, p_of, share
from rolediff.report.words import capital, percent
from rolediff.report.work_words import occupation
from rolediff.report.work_words import sentence as work_sentence
from rolediff.results import RoleOpenings, SkillDiff, Skills, Telling, Work

EACH, COMMON = 6, 8
"""Things drawn that set each role apart, and commonest ones."""
HOW = (
    "Share of openings that name it, clustered by employer. Clear: it differs after "
    "adjusting for all that were compared (Benjamini and Hochberg 1995); leans: by its own "
    "interval alone."
)


def skills_part(s: Skills, command: str) -> Part:
    """Which skills openings ask for."""
    told = [d.told for d in s.skills]
    made = [
        _apart(s.a, s.b, told, "skills-apart", "Skills that set them apart", _all_skills(s)),
        _common(s.a, s.b, told, "skills-common", "Skills named most often"),
        _figure(s.a, s.b, s.groups, "skills-groups", "Groups of skills, any of them named", ""),
        _premiums(s),
    ]
    figures = tuple(_cited(f, command, str(s.source["title"])) for f in made if f is not None)
    said = (*similarity_lines(s), *other_lines(s.other_reading, s.beside, s.reading, "skills"))
    missing = (f"{capital(m.section)}: not enough evidence, {m.why}." for m in s.missing)
    return Part("skills", "Skills", sentence(s), (*said, *missing), figures)


def work_part(w: Work, command: str) -> Part:
    """What people in the roles do."""
    told = [d.told for d in w.duties]
    made = [
        _apart(w.a, w.b, told, "work-apart", "Duties that set them apart", None),
        _common(w.a, w.b, told, "work-common", "Duties named most often"),
        _tasks(w),
    ]
    title = str(w.sources[0]["title"])
    figures = tuple(_cited(f, command, title) for f in made if f is not None)
    said = other_lines(w.other_reading, w.beside, w.reading, "duties")
    missing = (f"{capital(m.section)}: not enough evidence, {m.why}." for m in w.missing)
    return Part("work", "Work", work_sentence(w), (*said, *missing), figures)


def _cited(f: Figure, command: str, title: str) -> Figure:
    return replace(f, command=command, source=f.source or title)


def counted(a: RoleOpenings, b: RoleOpenings) -> str:
    """ "n = 41 and 53 openings of 30 and 37 employers"."""
    employers = f"{a.employers:,} and {b.employers:,} employers"
    return f"n = {a.openings:,} and {b.openings:,} openings of {employers}"


def _apart(
    a: RoleOpenings,
    b: RoleOpenings,
    told: Sequence[Telling],
    id: str,
    title: str,
    grid: Grid | None,
) -> Figure | None:
    """What sets each role apart most, those whose interval leaves out zero first."""
    shown: list[Telling] = []
    for side in (True, False):
        shown += apart(leaning(told, side), side, EACH)
    if not shown:
        return None
    return _figure(a, b, shown, id, title, "", grid or telling_grid(a, b, told))


def _common(
    a: RoleOpenings, b: RoleOpenings, told: Sequence[Telling], id: str, title: str
) -> Figure | None:
    shown = sorted(told, key=lambda t: (-t.count_a - t.count_b, t.name))[:COMMON]
    return _figure(a, b, shown, id, title, "") if shown else None


def _figure(
    a: RoleOpenings, b: RoleOpenings, told: Sequence[Telling], id: str, title: str, say: str,
    grid: Grid | None = None,
) -> Figure | None:  # fmt: skip
    """Shares of A and B with intervals, one row each."""
    if not told:
        return None
    rows = [
        Row(t.name, (Mark(t.a, "a", f"{share(t.a)} %"), Mark(t.b, "b", f"{share(t.b)} %")), mark(t))
        for t in told
    ]
    spoken = "; ".join(f"{t.name} {share(t.a)} against {share(t.b)} %" for t in told)
    scale = share_scale(e for t in told for e in (t.a, t.b))
    return Figure(
        id, f"{title}, % of openings", say, counted(a, b), "", HOW, "",
        intervals(e for t in told for e in (t.a, t.gap)),
        rows_chart(title, f"{spoken}.", rows, scale, joined=True),
        (("a", a.label), ("b", b.label)), (), grid or telling_grid(a, b, told), tuple(rows),
        "share",
    )  # fmt: skip


def telling_grid(a: RoleOpenings, b: RoleOpenings, told: Iterable[Telling]) -> Grid:
    """Shares, their difference, and how sure it is."""
    heads = ("", f"{a.label}, %", f"{b.label}, %", "points", "employers alike", "p adjusted", "")
    return Grid.of(
        heads,
        ((t.name, share(t.a), share(t.b), difference(t.gap), difference(t.alike_gap),
          p_of(t.p_adjusted), mark(t)) for t in told),
    )  # fmt: skip


def _all_skills(s: Skills) -> Grid:
    """Every skill, with how it is asked for."""
    heads = ("skill", "group", f"{s.a.label}, %", f"{s.b.label}, %", "points", "p adjusted", "",
             f"{s.a.label}: required / preferred / named", f"{s.b.label}: the same")  # fmt: skip
    return Grid.of(heads, (_skill(d) for d in s.skills))


def _skill(d: SkillDiff) -> tuple[str, ...]:
    t = d.told
    return (
        d.name, d.group, share(t.a), share(t.b), difference(t.gap), p_of(t.p_adjusted), mark(t),
        asked(d.asked_a), asked(d.asked_b),
    )  # fmt: skip


def _premiums(s: Skills) -> Figure | None:
    found = sorted(
        (d.premium for d in s.skills if d.premium is not None),
        key=lambda p: (-abs(p.together.value), p.skill),
    )
    if not found:
        return None
    title = "Pay that goes with a skill"
    rows = [
        Row(p.skill, (Mark(p.together.percent, "n", percent(p.together)),), f"{p.n:,} openings")
        for p in found[:COMMON]
    ]
    scale = scale_of((m.value for r in rows for m in r.marks), in_percent, with_zero=True)
    grid = Grid.of(
        ("skill", "openings with pay", "together with all others", "alone"),
        ((p.skill, f"{p.n:,}", percent(p.together), percent(p.alone)) for p in found),
    )
    say = premium_line(s)
    return Figure(
        "skills-pay", title, say, f"n = {s.paid:,} openings of both roles with pay", "",
        "Log pay on all skills at once, effects drawn toward zero as far as counts are small; "
        "role, country and level held equal.",
        "", intervals(p.together for p in found),
        rows_chart(title, say, rows, scale), (), (), grid, tuple(rows), "percent",
    )  # fmt: skip


def _tasks(w: Work) -> Figure | None:
    if not w.occupations:
        return None
    rows = ((occupation(w, o), task) for o in w.occupations for task in o.tasks)
    official = [str(s["title"]) for s in w.sources if s["name"] == "onet"]
    return Figure(
        "work-tasks", "Tasks of neighbouring occupations", "Proxies, never the roles themselves.",
        f"n = {len(w.occupations)} occupations", "; ".join(official),
        "Tasks as published for the occupations under whose codes the titles of these roles are "
        "listed, core ones first.", "", "no intervals", grid=Grid.of(("occupation", "task"), rows),
    )  # fmt: skip
