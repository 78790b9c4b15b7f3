"""What finding duplicates costs, and what it finds in a file of postings.

    python benchmarks/duplicates.py ../shared/data/ashby/postings_2025-10.jsonl.zst

Times are of the processor, all threads added; with POLARS_MAX_THREADS=1 they are of one core.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TypeVar

import polars as pl

from rolediff.annotate.batch import annotate
from rolediff.annotate.duplicates import (
    ad_keys,
    fingerprint,
    fingerprint_of_facts,
    first_of,
    groups,
)
from rolediff.annotate.employers import largest_employer
from rolediff.annotate.roles import Catalogue, matches
from rolediff.annotate.titles import core_title
from rolediff.read.postings import BATCH, all_postings

ROLES = ("ai-engineer", "ml-engineer", "ai-ml-engineer", "mlops-engineer")
MUCH = 0.2

T = TypeVar("T")


def timed(what: str, postings: int, work: Callable[[], T]) -> T:
    start = time.process_time()
    result = work()
    spent = time.process_time() - start
    print(f"{what:<24}{spent:7.2f} s{postings / spent:12,.0f} postings/s")
    return result


def prints_of(postings: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([fingerprint(batch) for batch in postings.iter_slices(BATCH)])


def with_roles(postings: pl.DataFrame) -> pl.DataFrame:
    core = core_title(postings["title"])
    parts = [
        postings.filter(matches(role, core, "strict")).with_columns(role=pl.lit(role.id))
        for role in Catalogue.load().roles
    ]
    found = pl.concat(parts)
    return found.with_columns(first_of(found))


def compared(by_text: pl.Series, annotated: pl.DataFrame) -> None:
    """How well reposts are found by the facts of annotated postings, whose text is gone."""
    ads = pl.DataFrame({"text": by_text, "facts": ad_keys(fingerprint_of_facts(annotated))})
    pairs = {name: _pairs(ads.drop_nulls(name), [name]) for name in ads.columns}
    both = _pairs(ads.drop_nulls(), ["text", "facts"])
    print(f"\npairs of copies by text {pairs['text']:,}, by facts {pairs['facts']:,},", end=" ")
    print(f"by both {both:,}; ads by facts {_ads(ads['facts']):,}, by text {_ads(ads['text']):,}")


def _pairs(ads: pl.DataFrame, by: list[str]) -> int:
    sizes = ads.group_by(by).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _ads(keys: pl.Series) -> int:
    return keys.null_count() + keys.drop_nulls().n_unique()


def found_by_role(postings: pl.DataFrame) -> pl.DataFrame:
    counted = postings.group_by("role").agg(
        postings=pl.len(),
        wordings=pl.col("text").n_unique(),
        ads=pl.col("first_in_role").sum(),
        ads_by_country=pl.col("first_in_country").sum(),
    )
    largest = largest_employer(postings).select("role", "employers", "largest", "share")
    once = largest_employer(postings.filter("first_in_role")).select("role", share_of_ads="share")
    return counted.join(largest, on="role").join(once, on="role").sort("postings", descending=True)


def main(path: str) -> None:
    size = 8202
    read = timed("read", size, lambda: all_postings(path).postings)
    size = read.height
    prints = timed("fingerprint", size, lambda: prints_of(read))
    grouped = timed("group", size, lambda: groups(prints))
    postings = read.with_columns(grouped)
    print(f"\n{size:,} postings, {read['text'].n_unique():,} distinct texts,", end=" ")
    print(f"{prints['exact'].n_unique():,} once masked, {grouped['group'].n_unique():,} groups")
    compared(ad_keys(prints), pl.concat([annotate(b) for b in read.iter_slices(4096)]))
    roles = found_by_role(with_roles(postings))
    heavy = roles.filter((pl.col("share") > MUCH) & (pl.col("postings") >= 10))
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=140, float_precision=2):
        print(roles.filter(pl.col("role").is_in(ROLES)))
        print("roles of 10 postings or more in which one employer has more than 20 %")
        print(heavy)


if __name__ == "__main__":
    main(sys.argv[1])
