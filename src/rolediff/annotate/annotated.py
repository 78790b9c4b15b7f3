"""The schema of annotated postings: what is told of each, and where it says so.

Spans count code points from the start of the column that `<fact>_in` names: "title", "location"
or "text". A fact that a field of the source states ("field") has no span. Null is not stated.
"""

from __future__ import annotations

import polars as pl

from rolediff.annotate.pay import STATED_PAY
from rolediff.annotate.sheet import SPAN

SKILL = pl.Struct(
    {
        "text": pl.String(),  # as it stands there
        "start": pl.Int64(),  # in the title where `section` is "title", else in the text
        "end": pl.Int64(),
        "concept": pl.String(),
        "kind": pl.String(),
        "family": pl.String(),
        "section": pl.String(),  # one of sections.SECTIONS
        "required": pl.String(),  # one of asking.REQUIRED
    }
)
"""One skill that a posting asks for."""

CERTIFICATE = pl.Struct({"text": pl.String(), "start": pl.Int64(), "end": pl.Int64()})
"""One professional certificate that the text names."""

_AMOUNT: dict[str, pl.DataType] = {
    "min": pl.Float64(),
    "max": pl.Float64(),
    "currency": pl.String(),  # ISO 4217; null: nothing tells
    "period": pl.String(),  # a key of records.PER_YEAR
    "basis": pl.String(),  # "base", "total" or "unknown"
}
_SPANNED = {name: STATED_PAY[name] for name in ("start", "end", "bands")}

FIELD_PAY = pl.Struct(_AMOUNT)
"""Pay that a field of the source states."""
TEXT_PAY = pl.Struct({**_AMOUNT, **_SPANNED})
"""Pay that the text states: overall, its span, and the bands it is made of."""
PAY = pl.Struct({**_AMOUNT, "source": pl.String(), **_SPANNED})
"""The pay that counts, `source` being "text" or "field"; a field's has no span."""


def _fact(name: str, kind: pl.DataType | None = None) -> dict[str, pl.DataType]:
    """The columns of a fact that has one span."""
    span = {f"{name}_start": pl.Int64(), f"{name}_end": pl.Int64()}
    return {name: kind or pl.String(), f"{name}_in": pl.String(), **span}


_COLUMNS: dict[str, pl.DataType] = {
    "id": pl.String(),  # this and the next five: as in read.postings.POSTINGS
    "source": pl.String(),
    "row": pl.Int64(),
    "title": pl.String(),
    "employer": pl.String(),
    "url": pl.String(),
    "role": pl.String(),  # "ai_engineer", "ml_engineer", "ai_ml_engineer" or "other"
    "role_strict": pl.String(),  # id of the catalogue of roles, or null
    "role_broad": pl.String(),
    "role_in": pl.String(),
    "role_start": pl.Int64(),
    "role_end": pl.Int64(),
    **_fact("level"),  # a key of records.LEVELS
    "pay": PAY,
    "pay_field": FIELD_PAY,
    "pay_text": TEXT_PAY,
    "pay_disagree": pl.Boolean(),  # null where the two do not both state pay
    **_fact("education"),  # one of requirements.DEGREES
    **_fact("years", pl.Int64()),
    **_fact("remote"),  # one of records.REMOTE
    **_fact("country"),  # ISO 3166-1 alpha-2
    **_fact("employment_type"),  # one of records.EMPLOYMENT
    **_fact("visa"),  # one of workplace.VISA
    "certifications": pl.List(CERTIFICATE),
    "skills": pl.List(SKILL),
    "duties": pl.List(SPAN),  # concepts: see duty_words.duty_concepts
    "signals": pl.List(SPAN),  # concepts: see signal_words.signal_concepts
    "requirement_words": pl.Int64(),  # in sections on what is asked and welcome; null: has none
    "industry": pl.String(),  # sector of NAICS 2022; the next four: see industry.industry_of
    "industry_serves": pl.String(),
    "industry_field": pl.String(),
    "industry_confidence": pl.String(),
    "industry_source": pl.String(),
    "posted": pl.Date(),
}
ANNOTATED = pl.Schema(_COLUMNS)
"""Column to type of annotated postings, one row for each."""

FACTS = ("role", "level", "education", "years", "remote", "country", "employment_type", "visa")
"""The facts of `ANNOTATED` with one value and one span each."""
