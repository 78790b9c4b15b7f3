"""Answers as JSON: an envelope with a version, the same bytes for the same answer."""

from __future__ import annotations

import json
from typing import Any

from rolediff.report.printable import escaped

DIGITS = 10
"""Significant digits kept: below these, sums depend on the order in which a machine adds."""


def envelope(kind: str, version: int, result: Any, rolediff: str) -> str:
    """`result` as JSON text: {"schema", "schema_version", "rolediff_version", "result"}."""
    whole = {
        "schema": f"rolediff.{kind}",
        "schema_version": version,
        "rolediff_version": rolediff,
        "result": _rounded(result),
    }
    return escaped(json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False))


def plain(result: Any) -> Any:
    """`result` as its JSON text is read: numbers rounded, nothing that JSON has not."""
    return json.loads(json.dumps(_rounded(result), allow_nan=False, default=str))


def _rounded(x: Any) -> Any:
    if isinstance(x, float):
        return float(f"{x:.{DIGITS}g}")
    if isinstance(x, dict):
        return {k: _rounded(v) for k, v in x.items()}
    if isinstance(x, list | tuple):
        return [_rounded(v) for v in x]
    return x
