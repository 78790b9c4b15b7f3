"""How well the industry of an employer is told from its text, leaving employers out; and how fast.

    python benchmarks/industry.py ../shared/data/ashby/postings_2025-10.jsonl.zst
    python benchmarks/industry.py ... --write src/rolediff/data/industry_words.csv

Naive Bayes is fitted to the employers of nine tenths of the table `employer_industry.csv` and
answers for those of the last tenth, ten times over. `--write` fits it to all of them and writes
the table of log-odds: no word of fewer than three employers, no name, no sentence.
"""

from __future__ import annotations

import argparse
import re
import time
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from rolediff.annotate import industry as product
from rolediff.annotate import industry_words

DATA = Path(__file__).parents[1] / "src/rolediff/data"
PER_EMPLOYER = 5  # postings of one employer that are read
EMPLOYERS = 3  # that have to use a word
COMMON = 0.4  # share of employers beyond which a word tells nothing
WORDS = 1500  # that are kept beside the listed ones
STRENGTH = {"sector": 20.0, "topic": 20.0}  # of the prior, in employers
LISTED = 20.0  # times as frequent a listed word is held to be in its sector, before any is seen
CLASS = 3  # employers that a sector needs to be an answer to "sector"
FOLDS = 10
WHOLE = re.compile(r"https?://\S+|\w+\Z")  # not words: addresses, and one cut in two


def settings() -> dict[str, Any]:
    return tomllib.loads((DATA / "industries.toml").read_text("utf-8"))


def listed_words() -> dict[str, str]:
    return {word: part["code"] for part in settings()["sector"] for word in part["words"]}


def postings(snapshot: Path) -> pl.DataFrame:
    """`key`, `text`, `sector`, `topic`, `serves`, `slug` of the first postings of each employer."""
    frame = pl.read_ndjson(snapshot, infer_schema_length=None).select(
        slug="board", text=pl.col("descriptionPlain").fill_null("")
    )
    slugs = frame["slug"].unique().to_list()
    keys = frame["slug"].replace_strict(slugs, [product.employer_key(slug) for slug in slugs])
    labels = pl.read_csv(DATA / "employer_industry.csv", infer_schema=False)
    codes = pl.col("naics", "serves").map_elements(product.sector_of, pl.String)
    labels = labels.with_columns(codes).rename({"naics": "sector", "employer": "key"})
    labels = labels.with_columns(topic=pl.coalesce("serves", "sector"))
    return frame.with_columns(key=keys).join(labels, on="key", maintain_order="left")


def first_of_each(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.group_by("key", maintain_order=True).head(PER_EMPLOYER)


def vocabulary(frame: pl.DataFrame) -> list[str]:
    """Candidate words: not names, and not so rare or so common as to be of no use."""
    names = {part for slug in frame["slug"].unique() for part in re.findall("[a-z]+", slug.lower())}
    seen: dict[str, set[str]] = {}
    small: Counter[str] = Counter()
    every: Counter[str] = Counter()
    head = settings()["model"]["characters"]
    for key, text in first_of_each(frame).select("key", "text").iter_rows():
        for word in re.findall(r"[A-Za-z]{2,}", WHOLE.sub(" ", text[:head])):
            lower = word.lower()
            seen.setdefault(lower, set()).add(key)
            every[lower] += 1
            small[lower] += word == lower
    most = COMMON * frame["key"].n_unique()
    return sorted(
        word
        for word, employers in seen.items()
        if EMPLOYERS <= len(employers) <= most
        and word not in names
        and small[word] > every[word] / 2
    )


@cache
def key_order(words: tuple[str, ...]) -> tuple[Any, Any]:
    keys = industry_words.word_keys(list(words))
    order = np.argsort(keys)
    return keys[order], order


def usage(frame: pl.DataFrame, words: tuple[str, ...]) -> tuple[Any, pl.DataFrame]:
    """Share of each employer's postings with each word (employers x words), and the employers."""
    frame = first_of_each(frame)
    employers = frame.unique("key", maintain_order=True)
    at = dict(zip(employers["key"], range(len(employers)), strict=True))
    owner, keys = industry_words.spoken(frame["text"], settings()["model"]["characters"])
    known, order = key_order(words)
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    met = known[place] == keys
    each = np.unique(owner[met] * len(words) + order[place[met]])
    who = np.array([at[key] for key in frame["key"]])
    share = np.zeros((len(employers), len(words)))
    np.add.at(share, (who[each // len(words)], each % len(words)), 1.0)
    return share / np.bincount(who)[:, None], employers


def log_odds(share: Any, labels: list[str], classes: list[str], prior: Any, weight: float) -> Any:
    """log of p(word | class) / p(word), shrunk to the log of `prior` (words x classes)."""
    member = np.array([[label == name for name in classes] for label in labels], dtype=float)
    base = ((share.sum(axis=0) + 0.5) / (len(labels) + 1))[:, None]
    start = np.minimum(base * prior, 0.9)
    chance = (share.T @ member + weight * start) / (member.sum(axis=0) + weight)
    return np.log(chance / base)


def fit(share: Any, employers: pl.DataFrame, words: tuple[str, ...]) -> pl.DataFrame:
    """The table of log-odds, as `industry_words.csv` has it."""
    listed = listed_words()
    own = np.array([word in listed for word in words])
    used = (share > 0).sum(axis=0)
    sizes = Counter(employers["sector"])
    sectors = [code for code in sorted(sizes) if sizes[code] >= CLASS]
    topics = [part["code"] for part in settings()["sector"] if part["words"]]
    flat = np.ones((len(words), len(sectors)))
    raised = np.array([[LISTED if listed.get(w) == t else 1.0 for t in topics] for w in words])
    what = log_odds(share, employers["sector"].to_list(), sectors, flat, STRENGTH["sector"])
    whom = log_odds(share, employers["topic"].to_list(), topics, raised, STRENGTH["topic"])
    whom[used < EMPLOYERS] = np.log(raised[used < EMPLOYERS])
    whom[~own] = 0
    telling = np.abs(what).max(axis=1) * np.sqrt(used) * (used >= EMPLOYERS)
    telling[np.argsort(-telling)[WORDS:]] = 0
    what[telling == 0] = 0
    counts = [
        np.log(1.0 + np.array([list(employers[name]).count(code) for code in codes])) / 2
        for name, codes in (("sector", sectors), ("topic", topics))
    ]
    rows = np.vstack([np.concatenate(counts), np.hstack([what, whom])])
    kept = np.flatnonzero(np.concatenate([[True], own | (telling > 0)]))
    names = [f"sector {code}" for code in sectors] + [f"topic {code}" for code in topics]
    table = pl.DataFrame(np.round(rows[kept] * 100).astype(int), schema=names)
    said = ["", *words]
    return table.insert_column(0, pl.Series("word", [said[k] for k in kept]))


def held_out(frame: pl.DataFrame, pool: bool) -> pl.DataFrame:
    """Answers for the postings of each employer by a model that never saw the employer."""
    frame = first_of_each(frame)
    keys = frame["key"].unique(maintain_order=True).shuffle(seed=1)
    answers = []
    for fold in range(FOLDS):
        out = frame["key"].is_in(keys.gather_every(FOLDS, fold).implode())
        train, test = frame.filter(~out), frame.filter(out)
        words = tuple(sorted({*vocabulary(train), *listed_words()}))
        model = industry_words.model_of(fit(*usage(train, words), words))
        found = product.classify(test["text"], test["key"] if pool else None, model)
        answers.append(pl.concat([test, found.rename(lambda n: f"got_{n}")], how="horizontal"))
    return pl.concat(answers)


def report(answers: pl.DataFrame, title: str) -> None:
    """Accuracy of what was answered, each employer counting once, and the share left unknown."""
    vendor = pl.col("got_sector").is_in(["51", "54", "56"])
    serves = pl.when(vendor & (pl.col("got_topic") != pl.col("got_sector"))).then("got_topic")
    answers = answers.with_columns(got_serves=serves, weight=1 / pl.len().over("key"))
    print(f"\n{title}")
    for name in ("sector", "topic", "serves"):
        right = (pl.col(name) == pl.col(f"got_{name}")).fill_null(False)
        told = answers.with_columns(right=pl.col("weight") * right).drop_nulls(f"got_{name}")
        most: float = told.group_by(name).agg(pl.col("weight").sum()).max()["weight"].item()
        share, hit = float(told["weight"].sum()), float(told["right"].sum())
        whole = float(answers["weight"].sum())
        print(
            f"{name:7} right {hit / share:.3f} (always the commonest: {most / share:.3f}), "
            f"unknown {1 - share / whole:.3f}"
        )
        by = told.group_by(name).agg(pl.col("weight").sum(), pl.col("right").sum())
        by = by.drop_nulls().sort("weight", descending=True).head(8)
        print("        found", ", ".join(f"{c} {r / n:.2f} of {n:.0f}" for c, n, r in by.rows()))


def speed(frame: pl.DataFrame) -> None:
    """CPU time of one pass over the whole snapshot, nobody being listed."""
    texts, who = frame["text"], frame["slug"] + "?"
    product.industry_of(texts.head(10))
    for title, given, pool in (
        ("alone", None, False),
        ("listed", frame["slug"], False),
        ("pooled", who, True),
    ):
        best = min(timed(texts, given, pool) for _ in range(5))
        print(f"{title:8} {best / len(texts) * 1e6:.1f} microseconds a posting")


def timed(texts: pl.Series, employer: pl.Series | None, pool: bool) -> float:
    begin = time.process_time()
    for start in range(0, len(texts), 1024):
        part = employer[start : start + 1024] if employer is not None else None
        product.industry_of(texts[start : start + 1024], part, pool=pool)
    return time.process_time() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("snapshot", type=Path)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    frame = postings(asked.snapshot)
    if asked.write:
        words = tuple(sorted({*vocabulary(frame), *listed_words()}))
        fit(*usage(frame, words), words).write_csv(asked.write)
        return
    report(held_out(frame, pool=False), "each posting alone")
    report(held_out(frame, pool=True), f"up to {PER_EMPLOYER} postings of an employer as one")
    speed(frame)


if __name__ == "__main__":
    main()
