"""Employers: the same one under several spellings, and how much of a role one of them makes up."""

from __future__ import annotations

import polars as pl

from rolediff.read.posting_columns import vocabulary


def employer_weights(postings: pl.DataFrame) -> pl.Series:
    """A weight for each posting that makes the employers of a role weigh the same.

    `postings` has `role` and `employer` (a name or a key); the weight is one over the number of
    that employer's postings in the role, so that the weights of a role sum to its employers.
    Each posting without an employer counts as one of its own.
    """
    keyed = postings.select("role", key=employer_key(postings["employer"]))
    known = pl.col("key").is_not_null()
    return keyed.select(
        weight=pl.when(known).then(1.0 / pl.len().over("role", "key")).otherwise(1.0)
    ).to_series()


def largest_employer(postings: pl.DataFrame) -> pl.DataFrame:
    """For each `role`: `postings`, `employers`, the `largest` employer and its `share` (0 to 1).

    `postings` has `role` and `employer`. Those without an employer count among the postings, and
    cannot be the largest. Sorted by role; of employers alike in number the first by key.
    """
    keyed = postings.select("role", key=employer_key(postings["employer"]))
    counted = (
        keyed.group_by("role", "key")
        .len()
        .sort("role", "len", "key", descending=[False, True, False])
    )
    known = pl.col("key").is_not_null()
    return counted.group_by("role", maintain_order=True).agg(
        postings=pl.col("len").sum(),
        employers=known.sum(),
        largest=pl.col("key").filter(known).first(),
        share=pl.col("len").filter(known).first() / pl.col("len").sum(),
    )


def employer_key(names: pl.Series) -> pl.Series:
    """Names of employers without case, punctuation and legal form: "Acme, Inc." is "acme"."""
    endings = "|".join(vocabulary()["employer"]["endings"])
    bare = names.cast(pl.String).str.to_lowercase().str.replace_all(r"[.']", "")
    words = bare.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    key = words.str.replace(rf"( (?:{endings}))+$", "").str.replace_all(" ", "")
    return key.replace("", None)
