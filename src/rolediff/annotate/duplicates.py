"""The same advertisement posted again, per country or board, found and counted once.

Texts of one employer are compared after place names and numbers are masked: equal ones by a
hash, near-identical ones by MinHash (Broder 1997, "On the resemblance and containment of
documents") over runs of four words, with banding. `fingerprint` is a function from batch to
batch; `groups` then needs the fingerprints alone, 640 bytes a posting. Memory and time grow with
the number of postings, not with its square.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import polars as pl

from rolediff.annotate.employers import employer_key
from rolediff.annotate.masking import masked_words
from rolediff.read.extras import library

ALIKE = 0.85
"""Share of word runs in common (estimated Jaccard index) from which two texts are one ad."""
RUN = 4
"""Words in a run."""
HASHES = 128
"""Size of a MinHash; the standard error of an estimate near `ALIKE` is 0.03."""
BANDS = 16
"""Bands of a MinHash that are looked up: a pair at `ALIKE` is met with probability 0.994."""
NEIGHBOURS = 8
"""Postings of the same band that each one is compared with, besides the band's first."""
SHORT = 40
"""Words; of a shorter text, the title must agree too."""
FEW = 6
"""Mentions of skills; of a posting with fewer, the title must agree too."""

FINGERPRINTS = pl.Schema(
    {
        "id": pl.String,
        "employer": pl.String,  # key of the employer's name; null if it is unknown
        "exact": pl.Binary,  # hash of the masked text, 16 bytes
        "minhash": pl.Binary,  # HASHES numbers of 32 bits; null for a short text
    }
)
"""Column to type of what `fingerprint` returns."""

_SEED = 42
_UInt32s = npt.NDArray[np.uint32]
_Ints = npt.NDArray[np.int64]


def fingerprint(postings: pl.DataFrame) -> pl.DataFrame:
    """What `groups` needs to know of each posting (`FINGERPRINTS`), row by row.

    `postings` has `id`, `title`, `employer`, `text`, and `location` or not; a row's fingerprint
    depends on that row alone.
    """
    words = masked_words(postings)
    lengths = words.list.len()
    masked = words.list.join(" ")
    title = postings["title"].fill_null("").str.to_lowercase()
    kept = pl.select(pl.when(pl.lit(lengths) < SHORT).then(pl.lit(title))).to_series()
    keys = zip(masked, kept, strict=True)
    exact = [blake2b(f"{t}\n{m}".encode(), digest_size=16).digest() for m, t in keys]
    hashes = [
        x.tobytes() if n >= SHORT else None for x, n in zip(_minhash(words), lengths, strict=True)
    ]
    columns = {"id": postings["id"], "employer": employer_key(postings["employer"])}
    return pl.DataFrame(columns | {"exact": exact, "minhash": hashes}, schema=FINGERPRINTS)


def fingerprint_of_facts(annotated: pl.DataFrame) -> pl.DataFrame:
    """The same (`FINGERPRINTS`) of annotated postings, whose text is not at hand.

    Two of one employer are the same ad where the same skills stand in the same order under the
    same headings; with fewer than `FEW` mentions the title must agree too. Nothing is nearly so.
    """
    mention = pl.format(
        "{} {}", pl.element().struct.field("concept"), pl.element().struct.field("section")
    )
    told = annotated.select(
        skills=pl.col("skills").list.eval(mention).list.join("\n").fill_null(""),
        title=pl.when(pl.col("skills").list.len().fill_null(0) < FEW).then(
            pl.col("title").str.to_lowercase()
        ),
    )
    rows = told.select(pl.col("title").fill_null(""), "skills").iter_rows()
    exact = [blake2b("\n".join(row).encode(), digest_size=16).digest() for row in rows]
    columns = {"id": annotated["id"], "employer": employer_key(annotated["employer"])}
    columns |= {"exact": pl.Series(exact, dtype=pl.Binary)}
    return pl.DataFrame(columns).with_columns(minhash=pl.lit(None, pl.Binary)).cast(FINGERPRINTS)


def groups(fingerprints: pl.DataFrame) -> pl.DataFrame:
    """`group` (String) and `copies` (UInt32), row by row: the cluster a posting belongs to.

    A group is called by the smallest id in it, whatever the order of rows (of two groups of the
    same smallest id the second has "#2" after it). Postings are in one
    group if they are of one employer with equal or near-identical masked texts, or if id and
    masked text are both equal; of unknown employers, only equal texts are grouped.
    """
    if fingerprints.is_empty():
        return pl.DataFrame(schema={"group": pl.String, "copies": pl.UInt32})
    ordered = fingerprints.with_row_index("at").sort("id", "employer", "exact", maintain_order=True)
    labels = _components(ordered.height, [*_equal(ordered), *_near(ordered)])
    named = ordered.select("at", "id", label=pl.Series(labels)).with_columns(
        first=pl.col("id").min().over("label"), copies=pl.len().over("label").cast(pl.UInt32)
    )
    return named.with_columns(group=_distinct_names()).sort("at").select("group", "copies")


def ad_keys(fingerprints: pl.DataFrame) -> pl.Series:
    """The key of the ad that each posting is a copy of, 12 hex digits; null where it is alone.

    A key is made of the employer and the masked text of the group's first posting by these, so
    it does not depend on the order of rows; it tells neither.
    """
    found = groups(fingerprints)
    who = pl.format("{}:{}", pl.col("employer").fill_null(""), pl.col("exact").bin.encode("hex"))
    named = fingerprints.select(who=who).with_columns(found)
    named = named.with_columns(first=pl.col("who").min().over("group"))
    repeated = named.filter(pl.col("copies") > 1)["first"].unique().to_list()
    keys = [blake2b(first.encode(), digest_size=6).hexdigest() for first in repeated]
    alone = pl.col("copies") == 1
    key = pl.col("first").replace_strict(repeated, keys, default=None, return_dtype=pl.String)
    return named.select(ad=pl.when(~alone).then(key)).to_series()


def first_of(postings: pl.DataFrame) -> pl.DataFrame:
    """Which posting of a group stands for it: what is counted once per role, and per country.

    `postings` has `group`, `id`, `role` and `country`, one row per posting and role. Gives, row
    by row, `first_in_role` and `first_in_country` (Boolean; the latter within role and country)
    and `copies_in_role`, `copies_in_country` (UInt32), the postings it stands for.
    """
    rank = postings.select("group", "role", "country", "id").with_row_index("at").sort("id", "at")
    place = ("group", "role", "country")
    return (
        rank.with_columns(
            first_in_role=pl.int_range(pl.len()).over("group", "role") == 0,
            first_in_country=pl.int_range(pl.len()).over(place) == 0,
            copies_in_role=pl.len().over("group", "role").cast(pl.UInt32),
            copies_in_country=pl.len().over(place).cast(pl.UInt32),
        )
        .sort("at")
        .select("first_in_role", "first_in_country", "copies_in_role", "copies_in_country")
    )


def _minhash(words: pl.Series) -> _UInt32s:
    """One row of `HASHES` numbers for each list of words."""
    rensa = library("rensa", "finding near-identical postings")
    runs, ends = _runs(words)
    made = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
        runs, ends, num_perm=HASHES, seed=_SEED
    )
    return np.array(made.to_rows(), dtype=np.uint32).reshape(len(words), HASHES)


def _runs(words: pl.Series) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Hashes of the runs of `RUN` words of all lists, and the offsets at which lists begin."""
    hashes = _hashed(words.explode(empty_as_null=False))
    begin = np.r_[0, np.cumsum(words.list.len().to_numpy())].astype(np.int64)
    counts = np.maximum(np.diff(begin) - RUN + 1, 0)
    mixed = np.zeros(max(len(hashes) - RUN + 1, 0), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for step in range(RUN):
            mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + hashes[step : step + len(mixed)]
            mixed ^= mixed >> np.uint64(29)
    start = np.repeat(begin[:-1] - np.r_[0, np.cumsum(counts)[:-1]], counts)
    runs = mixed[np.arange(counts.sum()) + start] if counts.sum() else mixed[:0]
    return runs, np.r_[0, np.cumsum(counts)].astype(np.uint64)


def _hashed(words: pl.Series) -> npt.NDArray[np.uint64]:
    """A number of 64 bits for each word, the same on every machine and in every version."""
    distinct = words.unique()
    numbers = [
        int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")
        for word in distinct
    ]
    coded = pl.Series(numbers, dtype=pl.UInt64)
    hashes: npt.NDArray[np.uint64] = words.replace_strict(distinct, coded).to_numpy()
    return hashes


def _distinct_names() -> pl.Expr:
    """The smallest id; where files count their postings alike, "1" and then "1#2"."""
    place = pl.col("label").rank("dense").over("first")
    return pl.when(place == 1).then("first").otherwise(pl.format("{}#{}", "first", place))


def _equal(ordered: pl.DataFrame) -> list[_Ints]:
    """Pairs of rows, (2, pairs), with equal masked texts and the same employer or the same id."""
    rows = ordered.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    pairs = []
    for key in ("employer", "id"):
        first = rows.select("row", first=pl.col("row").min().over(key, "exact"))
        pairs.append(first.filter(pl.col("row") != pl.col("first")).to_numpy().T)
    return pairs


def _near(ordered: pl.DataFrame) -> list[_Ints]:
    """Pairs of rows of one employer whose MinHashes agree in at least `ALIKE` of their places."""
    rows = ordered.with_row_index("row").filter(
        pl.col("employer").is_not_null() & pl.col("minhash").is_not_null()
    )
    distinct = rows.unique(["employer", "exact"], keep="first", maintain_order=True)
    if distinct.height < 2:
        return []
    hashes = np.frombuffer(b"".join(distinct["minhash"]), dtype=np.uint32).reshape(-1, HASHES)
    at = distinct["row"].to_numpy().astype(np.int64)
    employers = distinct["employer"].rank("dense").to_numpy().astype(np.uint64)
    bands = hashes.reshape(len(at), BANDS, -1)
    return [at[_alike(hashes, _bucket(bands[:, band], employers))] for band in range(BANDS)]


def _bucket(band: _UInt32s, employers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """One number for the employer and the band of each row."""
    mixed = employers.copy()
    with np.errstate(over="ignore"):
        for column in band.T:
            mixed = (mixed ^ column.astype(np.uint64)) * np.uint64(0xFF51AFD7ED558CCD)
            mixed ^= mixed >> np.uint64(32)
    return mixed


def _alike(hashes: _UInt32s, bucket: npt.NDArray[np.uint64]) -> _Ints:
    """Pairs of positions, (2, pairs), close in one bucket whose hashes agree well enough."""
    order = np.argsort(bucket, kind="stable")
    key = bucket[order]
    first = np.searchsorted(key, key)
    pairs = [np.c_[order, order[first]][first != np.arange(len(key))]]
    for step in range(1, NEIGHBOURS + 1):
        same = key[step:] == key[:-step]
        pairs.append(np.c_[order[step:], order[:-step]][same])
    both = np.concatenate(pairs).T
    agree = (hashes[both[0]] == hashes[both[1]]).mean(axis=1) >= ALIKE
    return both[:, agree]


def _components(size: int, pairs: list[_Ints]) -> _Ints:
    """The number of the connected component each row is in."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    left, right = np.concatenate([np.empty((2, 0), dtype=np.int64), *pairs], axis=1)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    labels: _Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels
