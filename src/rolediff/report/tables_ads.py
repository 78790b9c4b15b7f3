"""Tables of what openings say: skills, duties, places, demand, the way to a role, articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from rolediff.report.tabular import Column, Table, count, estimate, flag, made, real, text
from rolediff.results import CareerPath

Tables = dict[str, Table]


def _told(of: Callable[[Any], Any]) -> list[Column | tuple[Column, ...]]:
    """Columns of a thing that openings name in two roles."""
    return [
        estimate("a", lambda x: of(x).a),
        estimate("b", lambda x: of(x).b),
        estimate("gap", lambda x: of(x).gap),
        count("count_a", lambda x: of(x).count_a),
        count("count_b", lambda x: of(x).count_b),
        real("z", lambda x: of(x).z),
        real("p", lambda x: of(x).p),
        real("p_adjusted", lambda x: of(x).p_adjusted),
        text("standing", lambda x: of(x).standing),
    ]


SKILLS: Tables = {
    "skills": made(
        lambda s: s.skills, text("skill", lambda d: d.name), text("group", lambda d: d.group),
        *_told(lambda d: d.told),
        *(count(f"{how}_{side}", lambda d, h=how, s=side: getattr(getattr(d, f"asked_{s}"), h))  # type: ignore[misc]
          for side in "ab" for how in ("required", "preferred", "named")),
        estimate("premium", lambda d: d.premium and d.premium.together),
    ),
    "groups": made(lambda s: s.groups, text("group", lambda t: t.name), *_told(lambda t: t)),
    "nearest": made(
        lambda s: [(s.a.label, n) for n in s.nearest_a] + [(s.b.label, n) for n in s.nearest_b],
        text("to", lambda x: x[0]), text("role", lambda x: x[1].label),
        count("openings", lambda x: x[1].openings),
        estimate("similarity", lambda x: x[1].similarity),
    ),
}  # fmt: skip

WORK: Tables = {
    "duties": made(
        lambda w: w.duties, text("duty", lambda d: d.name), text("verb", lambda d: d.verb),
        text("object", lambda d: d.object), *_told(lambda d: d.told),
    ),
    "tasks": made(
        lambda w: [(o, task) for o in w.occupations for task in o.tasks],
        text("onet", lambda x: x[0].code), text("occupation", lambda x: x[0].name),
        text("proxy_of", lambda x: x[0].of), text("task", lambda x: x[1]),
    ),
}  # fmt: skip

_PLACE = (text("source", lambda x: x[0].source), text("factor", lambda x: x[0].factor))

WHERE: Tables = {
    "shares": made(
        lambda w: [(p, s) for p in (*w.industries, *w.countries) for s in p.shares], *_PLACE,
        text("category", lambda x: x[1].category), text("label", lambda x: x[1].label),
        count("n_a", lambda x: x[1].n_a), count("n_b", lambda x: x[1].n_b),
        estimate("a", lambda x: x[1].a), estimate("b", lambda x: x[1].b),
        estimate("difference", lambda x: x[1].difference), real("p_bh", lambda x: x[1].p_bh),
    ),
    "pay": made(
        lambda w: [(p, c) for p in (*w.industries, *w.countries) for c in p.pay], *_PLACE,
        text("category", lambda x: x[1].category), text("label", lambda x: x[1].label),
        text("role", lambda x: x[1].role), count("n", lambda x: x[1].n),
        estimate("pay", lambda x: x[1].market.pay), count("rank", lambda x: x[1].market.rank),
        count("rank_low", lambda x: x[1].market.best),
        count("rank_high", lambda x: x[1].market.worst),
        estimate("ppp", lambda x: x[1].ppp and x[1].ppp.pay),
    ),
    "official": made(
        lambda w: w.proxies, text("soc", lambda p: p.soc),
        text("occupation", lambda p: p.occupation), text("sector", lambda p: p.sector),
        text("label", lambda p: p.label), estimate("employment", lambda p: p.employment),
        real("share", lambda p: p.share), estimate("pay", lambda p: p.pay),
    ),
}  # fmt: skip

TREND: Tables = {
    "periods": made(
        lambda t: [(s, p) for s in t.by_source for p in s.periods],
        text("source", lambda x: x[0].source), count("year", lambda x: x[1].year),
        count("total", lambda x: x[1].total), count("n_a", lambda x: x[1].n_a),
        count("n_b", lambda x: x[1].n_b), estimate("a", lambda x: x[1].a),
        estimate("b", lambda x: x[1].b), estimate("a_of_both", lambda x: x[1].of_pair),
    ),
    "watched": made(
        lambda t: [(d, r) for d in t.watched for r in (d.a, d.b)],
        text("source", lambda x: x[0].source), text("role", lambda x: x[1].role),
        count("n", lambda x: x[1].n), count("employers", lambda x: x[1].employers),
        estimate("growth", lambda x: x[1].growth), estimate("raw", lambda x: x[1].raw_growth),
        estimate("share", lambda x: x[1].share_growth), estimate("days", lambda x: x[1].days),
    ),
    "skills": made(
        lambda t: t.skills.moves, text("role", lambda m: m.role), text("skill", lambda m: m.skill),
        estimate("earlier", lambda m: m.earlier), estimate("later", lambda m: m.later),
        estimate("change", lambda m: m.change), real("p_bh", lambda m: m.p_bh),
        text("direction", lambda m: m.direction),
    ),
    "official": made(
        lambda t: t.proxies, text("soc", lambda p: p.soc),
        text("occupation", lambda p: p.occupation),
        estimate("employment", lambda p: p.employment), real("growth_percent", lambda p: p.growth),
        real("openings_a_year", lambda p: p.openings),
    ),
}  # fmt: skip


def _asked(p: CareerPath) -> Iterator[tuple[str, Any]]:
    groups = {
        "education": p.education,
        "years": (*p.years.bands, p.years.stated),
        "entry": (*p.entry.parts, p.entry),
        "certificates": (p.certified,),
        "advice": p.advice,
    }
    return ((name, a) for name, group in groups.items() for a in group)


PATH: Tables = {
    "skills": made(
        lambda p: p.wanted, text("skill", lambda w: w.skill), text("kind", lambda w: w.kind),
        count("openings", lambda w: w.demand.count), estimate("demand", lambda w: w.demand.alike),
        estimate("distinct", lambda w: w.distinct), estimate("premium", lambda w: w.premium),
        real("score", lambda w: w.score),
    ),
    "asked": made(
        _asked, text("group", lambda x: x[0]), text("asked", lambda x: x[1].name),
        count("openings", lambda x: x[1].count), estimate("share", lambda x: x[1].share),
        estimate("employers_alike", lambda x: x[1].alike),
    ),
    "next": made(
        lambda p: p.next, text("role", lambda r: r.label), count("openings", lambda r: r.openings),
        estimate("similarity", lambda r: r.similarity), estimate("covered", lambda r: r.covered),
        estimate("pay", lambda r: r.pay), estimate("change", lambda r: r.change),
    ),
}  # fmt: skip

BRIEF: Tables = {
    "figures": made(
        lambda b: [(s, t, f) for s in b.sections for t in s.sentences for f in t.figures],
        text("section", lambda x: x[0].heading), text("sentence", lambda x: x[1].text),
        text("figure", lambda x: x[2][0]), estimate("value", lambda x: x[2][1]),
        count("n", lambda x: x[2][1].n),
    )
}  # fmt: skip

CHECKED: Tables = {
    "judgements": made(
        lambda c: c.judgements, text("kind", lambda j: j.claim.kind),
        text("claim", lambda j: j.claim.text), count("line", lambda j: j.claim.line),
        text("verdict", lambda j: j.verdict), text("why", lambda j: j.why),
        text("settle", lambda j: j.settle or None), flag("hedged", lambda j: j.claim.hedged),
    )
}  # fmt: skip
