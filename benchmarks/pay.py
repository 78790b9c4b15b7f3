"""How well pay is read out of text: three labelled sets, scored.

The sets are not part of the project; they are read from `shared/data/bench` beside it. What is
asked of each: `posting_pay_dev` exact ends, currency and period; `postings_gold_dev` the same, with
the labelled country; `pay_pairs` the rule of `_pair_right`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from rolediff.annotate.pay import stated_pay
from rolediff.records import PER_YEAR

BENCH = Path(__file__).parents[2] / "shared/data/bench"
LEFT_OUT = ("OTE: $100k",)  # on-target earnings that the suite it comes from takes for base pay

Pay = dict[str, Any] | None
Scores = dict[str, float]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--misses", action="store_true", help="list what was missed")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--bench", type=Path, default=BENCH, help="folder of the labelled sets")
    asked = parser.parse_args(arguments)
    if not asked.bench.is_dir():
        print(f"no labelled sets at {asked.bench}; name their folder: --bench", file=sys.stderr)
        return 3
    results = {
        "posting_pay_dev": _postings(asked.bench / "posting_pay_dev.jsonl"),
        "postings_gold_dev": _gold(asked.bench / "postings_gold_dev.jsonl"),
        "pay_pairs": _pairs(asked.bench / "pay_pairs.csv"),
    }
    if asked.json:
        print(json.dumps({name: scores for name, (scores, _) in results.items()}))
        return 0
    for name, (scores, missed) in results.items():
        print(f"{name:18}", ", ".join(f"{key} {figure:.5g}" for key, figure in scores.items()))
        if asked.misses:
            print(*(f"  {line}" for line in missed), sep="\n")
    print("left out of pay_pairs:", *LEFT_OUT)
    return 0


def _postings(path: Path) -> tuple[Scores, list[str]]:
    rows = _lines(path)
    found = _read([row["text"] for row in rows])
    gold = [_labelled(row["gold"]) for row in rows]
    pairs = list(zip(gold, found, strict=True))
    right = sum(label is not None and _same(label, pay) for label, pay in pairs)
    stated = sum(label is not None for label in gold)
    returned = sum(pay is not None for pay in found)
    scores = {
        "recall": right / stated,
        "precision": right / returned,
        "right": right,
        "stated": stated,
        "returned": returned,
        "alarms": sum(label is None and pay is not None for label, pay in pairs),
        "without": len(rows) - stated,
    }
    return scores, _missed([row["id"] for row in rows], gold, found)


def _gold(path: Path) -> tuple[Scores, list[str]]:
    rows = _lines(path)
    labels = [row["labels"] for row in rows]
    found = _read([row["text"] for row in rows], [label["country"] for label in labels])
    gold = [label["pay"] for label in labels]
    pairs = list(zip(gold, found, strict=True))
    stated = [(label, pay) for label, pay in pairs if label is not None]
    scores = {
        "exact": sum(_same(label, pay) for label, pay in stated) / len(stated),
        "stated": len(stated),
        "accuracy": sum(_same(label, pay) for label, pay in pairs) / len(pairs),
        "postings": len(pairs),
    }
    return scores, _missed([row["id"] for row in rows], gold, found)


def _pairs(path: Path) -> tuple[Scores, list[str]]:
    table = pl.read_csv(path, schema_overrides={"lo": pl.Float64, "hi": pl.Float64})
    rows = list(table.filter(~pl.col("text").is_in(LEFT_OUT)).iter_rows(named=True))
    found = _read([row["text"] for row in rows])
    wrong = [
        f"{row['text']!r}: {row['lo']} {row['hi']} {row['currency']}, read {_shown(pay)}"
        for row, pay in zip(rows, found, strict=True)
        if not _pair_right(row, pay)
    ]
    return {"right": 1 - len(wrong) / len(rows), "pairs": len(rows)}, wrong


def _pair_right(row: dict[str, Any], pay: Pay) -> bool:
    """is_pay right, both ends within 0.5 %, and the currency where the row has an ISO code.

    A blank high end is the low end; annualised rows count 2,080 hours, 52 weeks, 12 months.
    """
    if pay is None or not row["is_pay"]:
        return (pay is None) == (not row["is_pay"])
    times = PER_YEAR[pay["period"]] if row["amounts"] == "annualised" else 1
    high = row["lo"] if row["hi"] is None else row["hi"]
    code = row["currency"] or ""
    same_money = pay["currency"] == code if code.isalpha() else True
    return same_money and _near(pay["min"] * times, row["lo"]) and _near(pay["max"] * times, high)


def _near(figure: float, label: float) -> bool:
    return abs(figure - label) <= 0.005 * abs(label)


def _read(texts: list[str], countries: list[str | None] | None = None) -> list[Pay]:
    country = None if countries is None else pl.Series(countries, dtype=pl.String)
    pay = stated_pay(pl.Series(texts, dtype=pl.String), country)
    return [row if row["min"] is not None else None for row in pay.iter_rows(named=True)]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _labelled(gold: Pay) -> Pay:
    if gold is None:
        return None
    high = gold["lo"] if gold["hi"] is None else gold["hi"]
    return {"min": gold["lo"], "max": high, "currency": gold["currency"], "period": gold["period"]}


def _same(label: Pay, pay: Pay) -> bool:
    return _key(label) == _key(pay)


def _key(pay: Pay) -> tuple[Any, ...] | None:
    if pay is None:
        return None
    return float(pay["min"]), float(pay["max"]), pay["currency"], pay["period"]


def _missed(ids: list[str], gold: list[Pay], found: list[Pay]) -> list[str]:
    return [
        f"{id_}: {_shown(label)}, read {_shown(pay)}"
        for id_, label, pay in zip(ids, gold, found, strict=True)
        if not _same(label, pay)
    ]


def _shown(pay: Pay) -> str:
    return "none" if pay is None else " ".join(str(part) for part in _key(pay) or ())


if __name__ == "__main__":
    sys.exit(main())
