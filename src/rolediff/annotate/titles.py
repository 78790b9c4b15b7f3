"""Titles made comparable: the job itself, without rank, place or bookkeeping.

The words that are taken out live in `data/levels.toml`; the shape of a title is set here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl

from rolediff.annotate.arrays import Ints

LONGEST = 120
"""Characters a core title may have; the rest is cut off."""

_ROUNDS = 11  # a title settles in two or three; the bound only rules out an endless loop

_CHARACTERS = (
    (r"[\x00-\x1f\x7f\x85\u2028\u2029\u200b-\u200d\u2060\ufeff]+", " "),
    (r"[\u2010-\u2015\u2212]", "-"),
    (r"[\u2018\u2019\u00b4`]", "'"),
    (r"  +", " "),
)
_SHAPE = (
    # A title given in two scripts keeps the Latin one, if that has a word long enough to be one.
    (r"^.*[\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}ー][^a-z]*(.*[a-z]{4}.*)$", "${1}"),
    (r"^[^(\[]{0,12}[)\]] ?([a-z])", "${1}"),  # the rest of a bracket that this left open
    # "engineer (search) ii" becomes "engineer ii, search": a bracket qualifies, wherever it stands.
    (r"^([^(\[]*)[(\[]([^()\[\]]*)[)\]] ?([a-z].*)$", "${1}${3}, ${2}"),
    (r"[()\[\]{}<>|;:•·]+|\s-+|-+\s", ","),
    (r"\s*/[\s/]*", "/"),
    (r" & ", " and "),
)
_TRIM = (
    (r"  +", " "),
    (r",[ ,/&+-]*,", ","),
    (r" ?, ?", ", "),
)


@cache
def vocabulary() -> dict[str, Any]:
    """The parsed `data/levels.toml`, with every `<name>` in it spelled out."""
    text = files("rolediff").joinpath("data/levels.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    words = {name: "|".join(listed) for name, listed in table["words"].items()}
    for rule in (*table["strip"], *table["level"]):
        for key in rule.keys() & {"find", "needs", "unless"}:
            rule[key] = spell_out(rule[key], words)
        rule["put"] = re.sub(r"\$(\d)", r"${\1}", rule.get("put", " "))
        rule["stems"] = [stem for one in rule["stems"] for stem in spell_out(one, words).split("|")]
    return table


def spell_out(pattern: str, words: dict[str, str]) -> str:
    """`pattern` with each `<name>` replaced by `words[name]`; `KeyError` names an unknown one."""
    return re.sub(r"<([a-z_]+)>", lambda found: words[found[1]], pattern)


def shape(titles: pl.Series) -> pl.Series:
    """Titles in lower case with plain hyphens, qualifiers after commas; every word is kept.

    Same length and order as `titles`; null stays null. One title does not affect another.
    """
    plain = pl.col("title").cast(pl.String).str.normalize("NFKC").str.to_lowercase()
    letters = _replaced(plain, _CHARACTERS).str.strip_chars()
    shaped = titles.alias("title").to_frame().select(_trimmed(_replaced(letters, _SHAPE)))
    return shaped.to_series().alias(titles.name)


def meeting(titles: pl.Series, rule: dict[str, Any]) -> Ints:
    """Indexes of the shaped titles that a rule of `vocabulary` is meant for.

    Its literals are looked for first, so that its patterns meet few titles.
    """
    hinted = pl.arg_where(pl.col("title").str.contains_any(rule["stems"]))
    where: Ints = titles.alias("title").to_frame().select(hinted).to_series().to_numpy()
    asked = {key: rule[key] for key in ("find", "needs") if key in rule}
    return meeting_all(titles, asked.values(), [rule[k] for k in ("unless",) if k in rule], where)


def meeting_all(
    texts: pl.Series, found: Iterable[str], absent: Iterable[str] = (), among: Ints | None = None
) -> Ints:
    """Indexes (of `among`, else all) of texts with all patterns of `found` and none of `absent`.

    One pattern after the other, each for those that are left; null meets none.
    """
    where: Ints = np.arange(len(texts)) if among is None else among
    for patterns, wanted in ((found, True), (absent, False)):
        for pattern in patterns:
            if len(where):
                met = texts.gather(where).str.contains(pattern)
                where = where[met.fill_null(not wanted).to_numpy() == wanted]
    return where


def core_title(titles: pl.Series) -> pl.Series:
    """The job each title names: `shape` without rank, place, way of working and numbers.

    The same length and order as `titles`, at most `LONGEST` characters each; null and blank give
    null. A function of each title alone, and idempotent, so it can serve as a key:
    "Sr. Machine Learning Engineer II (Remote)" becomes "machine learning engineer". What would
    leave nothing is left as it is: "Senior" becomes "senior".
    """
    distinct = titles.cast(pl.String).unique()
    table = pl.DataFrame({"title": distinct, "core": core_of_shaped(shape(distinct))})
    asked = titles.cast(pl.String).alias("title").to_frame()
    joined = asked.join(table, on="title", how="left", nulls_equal=True, maintain_order="left")
    return joined["core"].alias(titles.name)


def core_of_shaped(shapes: pl.Series) -> pl.Series:
    """`core_title` of the titles that have these `shape`s.

    Pass after pass, each over those whose shape the last one changed.
    """
    at = pl.int_range(len(shapes), eager=True)
    frame = pl.DataFrame({"at": at, "core": _bared(shapes), "last": shapes})
    done: list[pl.DataFrame] = []
    for _ in range(_ROUNDS):
        frame = frame.with_columns(shape(frame["core"]).alias("shape"))
        same = pl.col("shape").eq_missing(pl.col("last"))
        done.append(frame.filter(same).select("at", "core"))
        frame = frame.filter(~same)
        if frame.is_empty():
            break
        frame = frame.select("at", _bared(frame["shape"]).alias("core"), last="shape")
    done.append(frame.select("at", "core"))
    return pl.concat(done).sort("at")["core"].alias(shapes.name)


def _bared(shaped: pl.Series) -> pl.Series:
    """Shaped titles without what is no part of the job, unless nothing were left."""
    frame = pl.DataFrame({"shaped": shaped, "core": _stripped(shaped)})
    core = _trimmed(pl.col("core"))
    kept = pl.when(core.str.contains(r"\w")).then(core).otherwise("shaped")
    bared = frame.select(core=_bounded(kept)).to_series()
    return bared.set(bared == "", None)


def _stripped(titles: pl.Series) -> pl.Series:
    for rule in vocabulary()["strip"]:
        where = meeting(titles, rule)
        if len(where):
            left = pl.col("title").str.replace_all(rule["find"], rule["put"])
            cut = titles.gather(where).alias("title").to_frame().select(_trimmed(left)).to_series()
            titles = titles.clone().scatter(where, cut)
    return titles


def _trimmed(titles: pl.Expr) -> pl.Expr:
    return _ends(_replaced(titles, _TRIM))


def _bounded(titles: pl.Expr) -> pl.Expr:
    return _ends(titles.str.slice(0, LONGEST))


def _ends(titles: pl.Expr) -> pl.Expr:
    return titles.str.strip_chars_start(" ,-/|*&").str.strip_chars_end(" ,-/|*&.!?")


def _replaced(titles: pl.Expr, table: tuple[tuple[str, str], ...]) -> pl.Expr:
    for find, put in table:
        titles = titles.str.replace_all(find, put)
    return titles
