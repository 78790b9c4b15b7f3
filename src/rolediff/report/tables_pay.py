"""Tables of what is said of pay: comparisons, decompositions, and the single estimate.

Gaps and parts are log points of A over B, as in the answers.
"""

from __future__ import annotations

from typing import Any

from rolediff.report.tabular import Column, Table, count, estimate, flag, made, real, text
from rolediff.results import (
    ENDS,
    FOUR,
    MATCHED,
    PARTS,
    PERCENTILES,
    Methods,
    SpecificationCurve,
    Waterfall,
)

Tables = dict[str, Table]

ESTIMATE: Tables = {
    "estimate": made(
        lambda e: [e], real("value", lambda e: e.value), real("low", lambda e: e.low),
        real("high", lambda e: e.high), real("se", lambda e: e.se), count("n", lambda e: e.n),
        count("clusters", lambda e: e.clusters), text("method", lambda e: e.method),
        text("source", lambda e: e.source),
    )
}  # fmt: skip

COMPARISON: Tables = {
    "ladder": made(
        lambda c: c.ladder, text("held_equal", lambda r: ", ".join(r.held)),
        estimate("gap", lambda r: r.all), estimate("gap_distinct", lambda r: r.distinct),
        count("n", lambda r: r.all.n), flag("sign_flips", lambda r: r.flipped),
        flag("weak", lambda r: r.weak),
    ),
    "pay": made(
        lambda c: [(r, end, p) for r in (c.a, c.b) for end in ENDS for p in PERCENTILES],
        text("role", lambda x: x[0].label), count("n", lambda x: x[0].n),
        text("end", lambda x: x[1]), count("percentile", lambda x: x[2]),
        estimate("pay", lambda x: x[0].percentiles[x[1]].get(x[2])),
    ),
    "gap_percentiles": made(
        lambda c: c.gap_percentiles.items(), count("percentile", lambda x: x[0]),
        estimate("gap", lambda x: x[1]),
    ),
    "within": made(
        lambda c: [w for group in c.within.values() for w in group],
        text("factor", lambda w: w.factor), text("category", lambda w: w.category),
        count("n_a", lambda w: w.n_a), count("n_b", lambda w: w.n_b),
        estimate("gap", lambda w: w.gap), flag("weak", lambda w: w.weak),
    ),
    "by_source": made(
        lambda c: c.by_source, text("source", lambda s: s.name), count("n_a", lambda s: s.n_a),
        count("n_b", lambda s: s.n_b), estimate("gap", lambda s: s.gap),
        estimate("gap_distinct", lambda s: s.gap_distinct), flag("answers", lambda s: s.answers),
        text("agrees", lambda s: s.agrees),
    ),
}  # fmt: skip

WHY: Tables = {
    "waterfall": made(
        lambda w: w.waterfall.steps if isinstance(w.waterfall, Waterfall) else (),
        text("factor", lambda s: s.factor), estimate("part", lambda s: s.part),
        real("before", lambda s: s.before), real("after", lambda s: s.after),
        text("category", lambda s: s.category or None), real("share_a", lambda s: s.share_a),
        real("share_b", lambda s: s.share_b),
    ),
    "curve": made(
        lambda w: w.curve.runs if isinstance(w.curve, SpecificationCurve) else (),
        text("reading", lambda r: r.setting.reading), text("end", lambda r: r.setting.end),
        text("held_equal", lambda r: ", ".join(r.setting.held)),
        flag("distinct", lambda r: r.setting.distinct),
        text("reference", lambda r: r.setting.reference or None), count("n_a", lambda r: r.n_a),
        count("n_b", lambda r: r.n_b), estimate("gap", lambda r: r.gap),
    ),
    "methods": made(
        lambda w: w.methods.methods if isinstance(w.methods, Methods) else (),
        text("method", lambda m: m.name), text("reference", lambda m: m.reference or None),
        estimate("accounted", lambda m: m.accounted), real("share", lambda m: m.share),
    ),
    "reasons": made(
        lambda w: w.reasons, text("reason", lambda r: r.name), text("claim", lambda r: r.claim),
        text("verdict", lambda r: r.verdict), text("why", lambda r: r.why),
    ),
}  # fmt: skip


def _parts(names: tuple[str, ...]) -> list[tuple[Column, ...]]:
    """Columns of the parts of a decomposition, of rows (name, parts)."""
    return [estimate(n, lambda x, n=n: getattr(x[-1], n)) for n in names]  # type: ignore[misc]


DECOMPOSITION: Tables = {
    "detail": made(
        lambda d: d.detail.items(), text("factor", lambda x: x[0]),
        *_parts(("explained", "unexplained", *PARTS[:3])),
    ),
    "terms": made(
        lambda d: d.terms.items(), text("factor", lambda x: x[0][0]),
        text("category", lambda x: x[0][1]), *_parts(("explained", "unexplained", *PARTS[:3])),
    ),
    "references": made(
        lambda d: d.references.items(), text("reference", lambda x: x[0]),
        *_parts(("explained", "unexplained")),
    ),
}  # fmt: skip

ROBUST: Tables = {
    "detail": made(lambda d: d.detail.items(), text("factor", lambda x: x[0]), *_parts(FOUR)),
    "terms": made(
        lambda d: d.terms.items(), text("factor", lambda x: x[0][0]),
        text("category", lambda x: x[0][1]), *_parts(FOUR),
    ),
}  # fmt: skip

ACCOUNT: Tables = {
    "moved": made(
        lambda a: a.moved.items(), text("factor", lambda x: x[0]), estimate("moved", lambda x: x[1])
    )
}


def _named(answer: Any) -> list[tuple[str, Any]]:
    return [(name, getattr(answer, name)) for name in ("gap", *MATCHED, "off_a", "off_b")]


MATCHING: Tables = {
    "parts": made(_named, text("part", lambda x: x[0]), estimate("value", lambda x: x[1]))
}

REWEIGHTED: Tables = {
    "splits": made(
        lambda r: r.splits.values(), text("statistic", lambda s: s.statistic),
        *(estimate(n, lambda s, n=n: getattr(s, n))  # type: ignore[misc]
          for n in ("value_a", "value_b", "gap", "composition", "structure", "off_support")),
    ),
    "balance": made(
        lambda r: r.balance.items(), text("factor", lambda x: x[0][0]),
        text("category", lambda x: x[0][1]), real("target", lambda x: x[1].target),
        real("before", lambda x: x[1].before), real("after", lambda x: x[1].after),
    ),
}  # fmt: skip
