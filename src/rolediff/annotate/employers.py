"""Employers: the same one under several spellings, and how much of a role one of them makes up."""

from __future__ import annotations

import polars as pl

from rolediff.read.posting_columns import vocabulary


def employer_weights(postings: pl.DataFrame) -> pl.Series:
    """A weight for each posting that makes the employers of a role weigh the same.

    `postings` has `role` and `employer` (a name or a key), and `n` where a row is so many postings
    (as the lines of a market are); the weight is `n` over the number of that employer's postings
    in the role, so that the weights of a role sum to its employers. Each posting without an
    employer counts as one of its own.
    """
    keyed = _keyed(postings)
    known = pl.col("key").is_not_null()
    share = pl.col("n") / pl.col("n").sum().over("role", "key")
    return keyed.select(weight=pl.when(known).then(share).otherwise("n")).to_series()


def largest_employer(postings: pl.DataFrame) -> pl.DataFrame:
    """For each `role`: `postings`, `employers`, the `largest` employer and its `share` (0 to 1).

    `postings` has `role`, `employer`, and `n` where a row is so many postings. Those without an
    employer count among the postings, and cannot be the largest. Sorted by role; of employers
    alike in number the first by key.
    """
    keyed = _keyed(postings)
    counted = (
        keyed.group_by("role", "key")
        .agg(pl.col("n").sum())
        .sort("role", "n", "key", descending=[False, True, False])
    )
    known = pl.col("key").is_not_null()
    return counted.group_by("role", maintain_order=True).agg(
        postings=pl.col("n").sum().cast(pl.UInt32),
        employers=known.sum(),
        largest=pl.col("key").filter(known).first(),
        share=pl.col("n").filter(known).first() / pl.col("n").sum(),
    )


def _keyed(postings: pl.DataFrame) -> pl.DataFrame:
    """`role`, the `key` of its employer, and how many postings each row is."""
    n = postings["n"] if "n" in postings.columns else pl.repeat(1, postings.height, eager=True)
    key = employer_key(postings["employer"])
    return postings.select("role", key=key, n=n.cast(pl.Float64))


def employer_key(names: pl.Series) -> pl.Series:
    """Names of employers without case, punctuation and legal form: "Acme, Inc." is "acme"."""
    endings = "|".join(vocabulary()["employer"]["endings"])
    bare = names.cast(pl.String).str.to_lowercase().str.replace_all(r"[.']", "")
    words = bare.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    key = words.str.replace(rf"( (?:{endings}))+$", "").str.replace_all(" ", "")
    return key.replace("", None)
