"""The industry of an employer: what a source states, what is listed, or what its text speaks of.

Industries are sectors of NAICS 2022 ("51", "31-33"). Of a firm that sells to one industry two are
told: `industry` is what it is (a software publisher, 51), `serves` whom it works for (health care,
62). Texts are classified by naive Bayes over single words and pairs, twice: on what the employer
is, and on which sector the text is about. Each score is a sum of the log-odds in
`data/industry_words.csv`, so an answer can be explained word by word; below a threshold there is
none. Words, thresholds and the names other sources use are in `data/industries.toml`.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl

from rolediff.annotate.industry_words import Floats, Model, model_of

__all__ = [
    "FOUND",
    "classify",
    "employer_key",
    "field_of",
    "industry_of",
    "sector_of",
    "sector_titles",
    "stated_sector",
]

FOUND = pl.Schema(dict.fromkeys(["industry", "serves", "field", "confidence", "source"], pl.String))
"""Columns of `industry_of`; `source` is "stated", "listed" or "classified"."""

_VENDORS = ("51", "54", "56")  # sectors whose firms work for another sector
_RANGES = {"31": "31-33", "32": "31-33", "33": "31-33", "44": "44-45", "45": "44-45"}
_RANGES |= {"48": "48-49", "49": "48-49"}
_READ = 5  # texts of one employer that are read when they are pooled


def employer_key(name: str) -> str:
    """The opaque key of an employer: 16 hex digits of the SHA-256 of "rolediff:" and its name.

    `name` is the employer's board slug as the source writes it. A key is no secret: who has a
    list of names can find them again.
    """
    return hashlib.sha256(f"rolediff:{name}".encode()).hexdigest()[:16]


def sector_of(code: str | None) -> str | None:
    """The NAICS sector of a code of any length: "5132" is "51", "3364" is "31-33"; else null."""
    found = _RANGES.get((code or "")[:2], (code or "")[:2])
    return found if found in _bundled()["titles"] else None


def sector_titles() -> dict[str, str]:
    """Sectors of NAICS 2022 and their titles: "52" is "Finance and Insurance"."""
    return dict(_bundled()["titles"])


def field_of(code: str | None) -> str | None:
    """The everyday word for the industry of a NAICS code: "5132" is "technology"."""
    tries = [(code or "")[:n] for n in range(6, 1, -1)] + [sector_of(code) or ""]
    fields = _bundled()["fields"]
    return next((fields[part] for part in tries if part in fields), None)


def industry_of(
    texts: pl.Series,
    employer: pl.Series | None = None,
    stated: pl.Series | None = None,
    *,
    pool: bool = False,
) -> pl.DataFrame:
    """Industry of each posting, with the columns `FOUND` and one row for each of `texts`.

    `texts` = whole postings, of which the beginning is read; `employer` = slugs, or keys made of
    them; `stated` = the source's own field, a NAICS code or a name. What is stated wins, then what
    is listed of the employer, then its text; all are null where none of them says enough. `serves`
    is the sector a firm of sector 51, 54 or 56 works for; `field` the everyday word for whom it
    serves or else what it is; `confidence` is high, medium or low (low only where listed).

    A posting's answer rests on that posting alone. With `pool` the texts of one employer within
    the batch are read as one: better, but the answer then depends on how batches are cut.
    """
    rows = len(texts)
    keys = _keys_of(employer) if employer is not None else pl.repeat(None, rows, eager=True)
    said = _stated(stated) if stated is not None else pl.repeat(None, rows, eager=True)
    frame = pl.DataFrame({"key": keys.cast(pl.String), "stated": said.cast(pl.String)})
    frame = frame.join(_listed(), on="key", how="left", maintain_order="left")
    rest = frame["naics"].is_null().arg_true()
    pooled = keys.cast(pl.String).gather(rest) if pool else None
    read = classify(texts.gather(rest), pooled, _model())
    read = read.with_columns(row=rest)
    frame = frame.with_row_index("row").join(read, on="row", how="left", maintain_order="left")
    return _decided(frame)


def _decided(frame: pl.DataFrame) -> pl.DataFrame:
    """The best answer of each row, from the columns of all three sources."""
    best = frame.with_columns(
        code=pl.coalesce("stated", "naics", "sector"),
        source=pl.when(pl.col("stated").is_not_null())
        .then(pl.lit("stated"))
        .when(pl.col("naics").is_not_null())
        .then(pl.lit("listed"))
        .when(pl.col("sector").is_not_null() | pl.col("topic").is_not_null())
        .then(pl.lit("classified")),
        confidence=pl.when(pl.col("stated").is_not_null())
        .then(pl.lit("high"))
        .otherwise(pl.coalesce("confidence", "sureness")),
    )
    best = best.with_columns(industry=_mapped("code", sector_of))
    listed = pl.col("naics").is_not_null()
    other = pl.when(pl.col("topic") != pl.col("industry")).then("topic")
    best = best.with_columns(
        whom=pl.when(
            pl.col("industry").is_in(_VENDORS) | (listed & pl.col("stated").is_null())
        ).then(pl.when(listed).then("serves").otherwise(other))
    )
    about = pl.coalesce("whom", pl.when(pl.col("industry").is_null()).then("topic"), "code")
    return best.with_columns(about=about).select(
        "industry",
        _mapped("whom", sector_of).alias("serves"),
        _mapped("about", field_of).alias("field"),
        "confidence",
        "source",
    )


def _mapped(column: str, function: Callable[[str], str | None]) -> pl.Expr:
    """A column of codes, each put through `function`."""
    codes = [*_bundled()["codes"]]
    found = [function(code) for code in codes]
    return pl.col(column).replace_strict(codes, found, default=None, return_dtype=pl.String)


def classify(texts: pl.Series, keys: pl.Series | None, model: Model) -> pl.DataFrame:
    """`sector` and `topic` (null below their thresholds) and `sureness` of each text.

    With `keys` of employers, the first few texts of an employer are read, as one, for all of them.
    """
    settings = _bundled()["model"]
    if keys is None:
        scores = model.scores(texts, settings["characters"])
    else:
        scores = _pooled(texts, keys, model, settings["characters"])
    found: dict[str, list[str | None]] = {}
    for name, span in model.spans.items():
        limits = settings[name]
        chances = model.chances(scores, name, limits["temperature"])
        top, best = chances.max(axis=1), chances.argmax(axis=1)
        told = (top >= limits["medium"]) & scores[:, span].any(axis=1)
        labels = np.array(model.classes[span], dtype=object)[best]
        labels[~told] = None
        found[name] = labels.tolist()
        sure = np.where(top >= limits["high"], "high", "medium").astype(object)
        sure[~told] = None
        found[f"sure_{name}"] = sure.tolist()
    frame = pl.DataFrame(found, schema=dict.fromkeys(found, pl.String))
    return frame.select("sector", "topic", sureness=pl.coalesce("sure_sector", "sure_topic"))


def _pooled(texts: pl.Series, keys: pl.Series, model: Model, characters: int) -> Floats:
    """Scores of each row, averaged over what is read of its employer; null is nobody else."""
    rows = pl.DataFrame({"key": keys, "text": texts}).with_row_index("row")
    who = pl.coalesce("key", pl.format("row {}", "row"))
    rows = rows.with_columns(group=who.rank("dense") - 1)
    read = rows.group_by("group", maintain_order=True).head(_READ)
    which = read["group"].to_numpy().astype(np.int64)
    total = np.zeros((rows["group"].n_unique(), len(model.classes)))
    np.add.at(total, which, model.scores(read["text"], characters))
    means: Floats = total / np.bincount(which, minlength=len(total))[:, None]
    spread: Floats = means[rows["group"].to_numpy()]
    return spread


def _keys_of(employer: pl.Series) -> pl.Series:
    """Keys of slugs; what has the form of a key is one."""
    distinct = employer.cast(pl.String).drop_nulls().unique().to_list()
    made = [n if re.fullmatch("[0-9a-f]{16}", n) else employer_key(n) for n in distinct]
    return employer.cast(pl.String).replace_strict(
        distinct, made, default=None, return_dtype=pl.String
    )


def _stated(stated: pl.Series) -> pl.Series:
    """NAICS codes of what sources state: codes and known names, the first of several; or null."""
    distinct = stated.cast(pl.String).drop_nulls().unique().to_list()
    codes = [stated_sector(text) for text in distinct]
    return stated.cast(pl.String).replace_strict(
        distinct, codes, default=None, return_dtype=pl.String
    )


def stated_sector(text: str) -> str | None:
    """The NAICS sector that a code or a name that sources use stands for, the first of several."""
    code = text.strip()
    if re.fullmatch(r"\d{2}(-\d{2})?|\d{3,6}", code):
        return sector_of(code)
    names: dict[str, str] = _bundled()["names"]
    parts = [text, *re.split(r"[,;|/]", text)]
    flat = (" ".join(re.findall(r"\w+", part.lower().replace("&", " and "))) for part in parts)
    return next((names[name] for name in flat if name in names), None)


@cache
def _bundled() -> dict[str, Any]:
    """The vocabulary: `titles` and `fields` by code, `names` to sector, `model`, all `codes`."""
    data = tomllib.loads((files("rolediff") / "data/industries.toml").read_text("utf-8"))
    titles = {sector["code"]: sector["title"] for sector in data["sector"]}
    fields = {code: field["name"] for field in data["field"] for code in field["codes"]}
    names = {name: sector["code"] for sector in data["sector"] for name in sector["names"]}
    names |= {sector["title"].lower().replace(",", ""): sector["code"] for sector in data["sector"]}
    listed = _table("employer_industry.csv")
    codes = {*titles, *listed["naics"], *listed["serves"].drop_nulls()}
    return {
        "titles": titles,
        "fields": fields,
        "names": names,
        "model": data["model"],
        "codes": sorted(codes),
    }


def _table(name: str) -> pl.DataFrame:
    return pl.read_csv((files("rolediff") / "data" / name).read_bytes(), infer_schema=False)


@cache
def _listed() -> pl.DataFrame:
    return _table("employer_industry.csv").rename({"employer": "key"})


@cache
def _model() -> Model:
    return model_of(_table("industry_words.csv"))
