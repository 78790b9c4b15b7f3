"""What a posting asks of a person: a degree, years of experience, certificates.

The words are data (`data/requirements.toml`). Every answer has the span of the text that it rests
on, in code points; null stands for what the text does not state.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from rolediff.annotate.fact_words import words_of
from rolediff.annotate.lines import Lines, first_of_row, located

DEGREES = ("none", "bachelor", "master", "phd")
"""The values of `education`, from the lowest."""

_FIGURE = "\u00a4"  # stands for a figure of years, so that patterns about it stay small

MOST_YEARS = 20  # a greater number in a posting is somebody's history


def education(lines: Lines) -> pl.DataFrame:
    """The lowest degree that will do: `education` (one of `DEGREES`), `education_start`, `_end`.

    One row for each posting of `lines`. Where degrees are named with "preferred" or under a
    heading of wishes alone, nothing is stated. "Or equivalent experience" leaves the degree;
    "none" needs a text that says that no degree is needed.
    """
    words = words_of("requirements")["education"]
    graded = _graded(lines.sentences(words["stems"]), words).drop_nulls("level")
    found = pl.coalesce(
        pl.when(pl.col("level") == at).then(pl.col("low").str.extract(f"({words[name]})", 1))
        for at, name in enumerate(DEGREES)
    )
    names = pl.col("level").replace_strict(dict(enumerate(DEGREES)), return_dtype=pl.String)
    spans = located(graded, found, pl.col("low")).with_columns(education=names)
    asked = lines.placed(spans.select("line", "start", "end", "level", "education"))
    sure = asked.filter(~pl.col("wish") | (pl.col("level") == 0))
    return _answers(lines, sure.sort("row", "level", maintain_order=True), "education")


def years(lines: Lines) -> pl.DataFrame:
    """Least years of experience asked for: `years` (Int64), `years_start`, `years_end`.

    One row for each posting of `lines`. Of several figures the first counts, which is the general
    one; of alternatives by degree the smallest. Years with one tool, years that would be welcome,
    and the years of the company are passed over.
    """
    words = words_of("requirements")["years"]
    figure = _figure(words)
    sentences = lines.sentences(words["stems"]).rename({"low": "whole"})
    cleared = sentences.with_columns(low=pl.col("whole").str.replace_all(words["beside"], "\u00b7"))
    figures = cleared.filter(pl.col("low").str.contains(figure))
    marked = figures.with_columns(marked=pl.col("low").str.replace_all(figure, _FIGURE + "${1}"))
    asked = marked.filter(_asks_for_years(words)).drop("marked")
    said = pl.col("low").str.extract_all(f"{figure}(?:{words['tool_lead']}(?:{words['tool']})\\b)?")
    each = asked.with_columns(said=said).explode("said", empty_as_null=True).drop_nulls("said")
    general = each.filter(~pl.col("said").str.contains(f"(?:{words['tool']})$"))
    counted = general.with_columns(years=_least(words)).filter(pl.col("years") <= MOST_YEARS)
    spans = located(counted, pl.col("said"), pl.col("whole"))
    placed = lines.placed(spans.select("line", "start", "end", "years"))
    return _answers(lines, placed.filter(~pl.col("wish")), "years")


def certifications(lines: Lines) -> pl.DataFrame:
    """Professional certificates a posting names: `certifications`, a list of structs.

    One row for each posting of `lines`; each struct has `text` (as written), `start` and `end`.
    One entry for each distinct name, in order of first mention; null where there is none.
    """
    words = words_of("requirements")["certifications"]
    named = rf"(?-u:\b)(?:{words['names']})(?:\+|(?-u:\b))"
    sentences = lines.sentences(words["stems"])
    asked = sentences.filter(~pl.col("plain").str.contains(words["not_asked"]))
    each = asked.with_columns(text=pl.col("plain").str.extract_all(named))
    each = each.explode("text", empty_as_null=True).drop_nulls("text")
    each = located(each, pl.col("text"), pl.col("plain"))
    each = lines.placed(each.select("line", "start", "end", "text"))
    distinct = each.unique(["row", "text"], keep="first", maintain_order=True)
    mentions = distinct.group_by("row", maintain_order=True).agg(
        certifications=pl.struct("text", "start", "end")
    )
    return first_of_row(mentions, lines.rows, ["certifications"])


def _graded(sentences: pl.DataFrame, words: dict[str, str]) -> pl.DataFrame:
    """`sentences` with `level`, see `_lowest_degree`."""
    wish = f"{words['higher']}{words['higher_tail']}{words['wish']}"
    sure = sentences.with_columns(sure=pl.col("low").str.replace_all(wish, " "))
    first = sure.with_columns(first=pl.col("sure").str.replace_all(words["second"], " "))
    return first.with_columns(level=_lowest_degree(words, wish)).drop("sure", "first")


def _lowest_degree(words: dict[str, str], wish: str) -> pl.Expr:
    """Index in `DEGREES` of the lowest degree a sentence asks for; null: none, or only wished.

    `sure` is the sentence without higher degrees that are wished, `first` without any.
    """
    low, sure = pl.col("low"), pl.col("sure")
    named = [
        pl.col("first").str.contains(words["bachelor"]),
        sure.str.contains(words["master"]),
        sure.str.contains(words["phd"]),
    ]
    wished = (
        sure.str.contains(words["wish"])
        | low.str.contains(words["coordinated"] + wish)
        | low.str.contains(words["not_asked"])
    )
    lowest = pl.when(named[0]).then(1).when(named[1]).then(2).when(named[2]).then(3)
    return pl.when(low.str.contains(words["none"])).then(0).when(~wished).then(lowest)


def _figure(words: dict[str, str]) -> str:
    """A regex for a number or range of years, from its first digit to the unit."""
    number, unit = words["number"], words["unit"]
    more = r" ?(?:\([0-9]{1,2}\))? ?(?:\+|plus|or more|and above)?"
    upto = rf"(?: ?(?:-|to|~|〜|～|or) ?{number}{more})?"
    return rf"(?-u:\b){number}({more}{upto}) ?-?(?:full |solid |combined |total )?{unit}"


def _asks_for_years(words: dict[str, str]) -> pl.Expr:
    """Whether a sentence with figures, `marked`, asks a person for them, and for sure."""
    low = pl.col("marked")
    before, after = words["wish_before"], words["wish_after"]
    wished = f"{_FIGURE}[^,;(]*?{after}|^[^{_FIGURE}]*{before}[^,;.]*?{_FIGURE}|^[^a-z]*{before}"
    return (
        low.str.contains(words["asks"])
        & low.str.contains(words["marked"])
        & ~low.str.contains(words["not_asked"])
        & ~low.str.contains(wished)
    )


def _least(words: dict[str, str]) -> pl.Expr:
    """The figure said, or the smallest of those that stand beside a degree in its sentence."""
    number, degree = words["number"], words["by_degree"]
    beside = rf"\b{number}\+?[^.;0-9]{{0,40}}{degree}|{degree}[^.;0-9]{{0,60}}{number}"
    by_degree = pl.col("low").str.extract_all(beside)
    alternatives = by_degree.list.eval(_number(pl.element(), words)).list.min()
    several = by_degree.list.len() > 1
    return pl.when(several).then(alternatives).otherwise(_number(pl.col("said"), words))


def _number(said: pl.Expr, words: dict[str, Any]) -> pl.Expr:
    first = said.str.extract(f"({words['number']})", 1)
    return pl.coalesce(
        first.str.extract("^([0-9]+)", 1).cast(pl.Int64),
        first.replace_strict(words["words"], default=None, return_dtype=pl.Int64),
    )


def _answers(lines: Lines, found: pl.DataFrame, name: str) -> pl.DataFrame:
    spans = {"start": f"{name}_start", "end": f"{name}_end"}
    return first_of_row(found.rename(spans), lines.rows, [name, *spans.values()])
