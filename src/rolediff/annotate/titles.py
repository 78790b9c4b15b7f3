"""Titles made comparable: the job itself, without rank, place or bookkeeping.

The words that are taken out live in `data/levels.toml`; the shape of a title is set here.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

LONGEST = 120
"""Characters a core title may have; the rest is cut off."""

_ROUNDS = 12  # a title settles in two or three; the bound only rules out an endless loop

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
    """The parsed `data/levels.toml`, with every `<name>` in its patterns spelled out."""
    text = files("rolediff").joinpath("data/levels.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    words = {name: "|".join(listed) for name, listed in table["words"].items()}
    for rule in (*table["strip"], *table["level"]):
        for key in rule.keys() & {"find", "needs", "unless"}:
            rule[key] = spell_out(rule[key], words)
        rule["put"] = re.sub(r"\$(\d)", r"${\1}", rule.get("put", " "))
    return table


def spell_out(pattern: str, words: dict[str, str]) -> str:
    """`pattern` with each `<name>` replaced by `words[name]`; `KeyError` names an unknown one."""
    return re.sub(r"<([a-z_]+)>", lambda found: words[found[1]], pattern)


def shape(titles: pl.Series) -> pl.Series:
    """Titles in lower case with plain hyphens, qualifiers after commas; every word is kept.

    Same length and order as `titles`; null stays null. One title does not affect another.
    """
    return _trim(_replace(_letters(titles), _SHAPE))


def core_title(titles: pl.Series) -> pl.Series:
    """The job each title names: `shape` without rank, place, way of working and numbers.

    The same length and order as `titles`, at most `LONGEST` characters each; null and blank give
    null. A function of each title alone, and idempotent, so it can serve as a key:
    "Sr. Machine Learning Engineer II (Remote)" becomes "machine learning engineer". What would
    leave nothing is left as it is: "Senior" becomes "senior".
    """
    distinct = titles.cast(pl.String).unique()
    table = pl.DataFrame({"title": distinct, "core": _settled(distinct)})
    asked = titles.cast(pl.String).alias("title").to_frame()
    joined = asked.join(table, on="title", how="left", nulls_equal=True, maintain_order="left")
    return joined["core"].alias(titles.name)


def _settled(titles: pl.Series) -> pl.Series:
    """Core titles: one pass after another, each over the titles that the last one changed."""
    frame = pl.DataFrame({"at": pl.int_range(len(titles), eager=True), "title": titles})
    done: list[pl.DataFrame] = []
    for _ in range(_ROUNDS):
        if frame.is_empty():
            break
        frame = frame.with_columns(core=_pass(frame["title"]))
        still = frame["core"].ne_missing(frame["title"])
        done.append(frame.filter(~still).select("at", "core"))
        frame = frame.filter(still).select("at", title="core")
    done.append(frame.select("at", core="title"))
    return pl.concat(done).sort("at")["core"].alias(titles.name)


def _pass(titles: pl.Series) -> pl.Series:
    shaped = shape(titles)
    kept = _trim(_stripped(shaped))
    empty = ~kept.str.contains(r"\w").fill_null(False)
    core = kept.zip_with(~empty, shaped).str.slice(0, LONGEST)
    core = _ends(core)
    return core.set(core == "", None)


def _stripped(titles: pl.Series) -> pl.Series:
    for rule in vocabulary()["strip"]:
        hit = titles.str.contains(rule["find"])
        if "needs" in rule:
            hit &= titles.str.contains(rule["needs"])
        if "unless" in rule:
            hit &= ~titles.str.contains(rule["unless"])
        if hit.any():
            where = hit.arg_true()
            changed = titles.gather(where).str.replace_all(rule["find"], rule["put"])
            titles = titles.clone().scatter(where, _trim(changed))
    return titles


def _letters(titles: pl.Series) -> pl.Series:
    plain = titles.cast(pl.String).str.normalize("NFKC").str.to_lowercase()
    return _replace(plain, _CHARACTERS).str.strip_chars()


def _trim(titles: pl.Series) -> pl.Series:
    return _ends(_replace(titles, _TRIM))


def _ends(titles: pl.Series) -> pl.Series:
    return titles.str.strip_chars_start(" ,-/|*&").str.strip_chars_end(" ,-/|*&.!?")


def _replace(titles: pl.Series, table: tuple[tuple[str, str], ...]) -> pl.Series:
    for find, put in table:
        titles = titles.str.replace_all(find, put)
    return titles
