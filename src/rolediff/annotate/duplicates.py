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
from rolediff.annotate.masking import Masked, masked
from rolediff.annotate.minhash import HASHES, UInt32s, minhash

ALIKE = 0.85
"""Share of word runs in common (estimated Jaccard index) from which two texts are one ad."""
RUN = 4
"""Words in a run."""
BANDS = 16
"""Bands of a MinHash that are looked up: a pair at `ALIKE` is met with probability 0.994."""
NEIGHBOURS = 8
"""Postings of the same band that each one is compared with, besides the band's first."""
SHORT = 40
"""Words; of a shorter text, the title must agree too."""
AT_ONCE = 1 << 16
"""Pairs compared at a time, which bounds the memory that takes."""
TOGETHER = 1024
"""Postings whose texts are read at a time."""
READ = ("id", "employer", "title", "text", "location")
"""Columns that are read of postings."""
RUN_OF_FACTS, FEW = 2, 6
"""The same of annotated postings: mentions in a run, and mentions that tell an ad without title."""

FINGERPRINTS = pl.Schema(
    {
        "id": pl.String,
        "employer": pl.String,  # key of the employer's name; null if it is unknown
        "exact": pl.Binary,  # hash of the masked text, 16 bytes
        "minhash": pl.Binary,  # HASHES numbers of 32 bits; null for a short text
    }
)
"""Column to type of what `fingerprint` returns."""

_Ints = npt.NDArray[np.int64]


def fingerprint(postings: pl.DataFrame) -> pl.DataFrame:
    """What `groups` needs to know of each posting (`FINGERPRINTS`), row by row.

    `postings` has `id`, `title`, `employer`, `text`, and `location` or not; a row's fingerprint
    depends on that row alone.
    """
    order = postings["employer"].arg_sort()  # those of one employer say the same of much
    sorted_ = postings.select(name for name in READ if name in postings.columns)[order]
    parts = [
        _fingerprints(part, masked(part), RUN, SHORT) for part in sorted_.iter_slices(TOGETHER)
    ]
    told = pl.concat([pl.DataFrame(schema=FINGERPRINTS), *parts])
    return told[order.arg_sort()]


def fingerprint_of_facts(annotated: pl.DataFrame) -> pl.DataFrame:
    """The same (`FINGERPRINTS`) of annotated postings, whose text is not at hand.

    In place of words stand the skills, duties and signals, in their order, each with the section
    it is told in; with fewer than `FEW` the title must agree too. It finds two thirds of the pairs
    of copies that texts would, and one in eleven that texts would not.
    """
    told = [_mentions(annotated, name) for name in ("skills", "duties", "signals")]
    words = annotated.select(words=pl.concat_list(told))["words"]
    return _fingerprints(annotated, Masked.of(words), RUN_OF_FACTS, FEW)


def _mentions(annotated: pl.DataFrame, column: str) -> pl.Expr:
    if column not in annotated.columns:
        return pl.lit([], pl.List(pl.String))
    concept, section = (pl.element().struct.field(name) for name in ("concept", "section"))
    return pl.col(column).list.eval(pl.format("{} {}", concept, section)).fill_null([])


def _fingerprints(postings: pl.DataFrame, words: Masked, run: int, short: int) -> pl.DataFrame:
    """Of lists of words; of those under `short` words the title must agree too."""
    lengths = np.diff(words.begins)
    titles = postings["title"].fill_null("").str.to_lowercase().to_list()
    keys = zip(titles, words.joined, lengths.tolist(), strict=True)
    exact = [_exact(title if n < short else None, text) for title, text, n in keys]
    found = zip(minhash(words.numbers, words.begins, run), lengths.tolist(), strict=True)
    hashes = [x.tobytes() if n >= short else None for x, n in found]
    columns = {"id": postings["id"], "employer": employer_key(postings["employer"])}
    return pl.DataFrame(columns | {"exact": exact, "minhash": hashes}, schema=FINGERPRINTS)


def _exact(title: str | None, text: bytes) -> bytes:
    return blake2b(f"{title}\n".encode() + text, digest_size=16).digest()


def groups(fingerprints: pl.DataFrame) -> pl.DataFrame:
    """`group` (String) and `copies` (UInt32), row by row: the cluster a posting belongs to.

    A group is called by the smallest id in it, whatever the order of rows (of two groups of the
    same smallest id the second has "#2" after it). Postings are in one
    group if they are of one employer with equal or near-identical masked texts, or if id and
    masked text are both equal; of unknown employers, only equal texts are grouped.
    """
    if fingerprints.is_empty():
        return pl.DataFrame(schema={"group": pl.String, "copies": pl.UInt32})
    named = fingerprints.select("id", label=components(fingerprints)).with_row_index("at")
    named = named.with_columns(
        first=pl.col("id").min().over("label"), copies=pl.len().over("label").cast(pl.UInt32)
    )
    return named.with_columns(group=_distinct_names()).sort("at").select("group", "copies")


def components(fingerprints: pl.DataFrame) -> pl.Series:
    """The number of the group of each posting, as in `groups`; which number is left open."""
    if fingerprints.is_empty():
        return pl.Series(dtype=pl.Int64)
    ordered = fingerprints.with_row_index("at").sort("id", "employer", "exact", maintain_order=True)
    labels = _components(ordered.height, [*_equal(ordered), *_near(ordered)])
    return ordered.select("at", label=pl.Series(labels)).sort("at")["label"]


def ad_key(who: str) -> str:
    """The key of an ad, 12 hex digits, of the first of its postings by `who`."""
    return blake2b(who.encode(), digest_size=6).hexdigest()


def who(fingerprints: pl.DataFrame) -> pl.Series:
    """Employer and masked text of each posting, by which the postings of an ad are ordered."""
    employer, text = pl.col("employer").fill_null(""), pl.col("exact").bin.encode("hex")
    return fingerprints.select(who=pl.format("{}:{}", employer, text)).to_series()


def ad_keys(fingerprints: pl.DataFrame) -> pl.Series:
    """The key of the ad that each posting is a copy of, 12 hex digits; null where it is alone.

    A key is made of the employer and the masked text of the group's first posting by these, so
    it does not depend on the order of rows; it tells neither.
    """
    found = groups(fingerprints)
    named = who(fingerprints).to_frame().with_columns(found)
    named = named.with_columns(first=pl.col("who").min().over("group"))
    repeated = named.filter(pl.col("copies") > 1)["first"].unique().to_list()
    keys = [ad_key(first) for first in repeated]
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


def _bucket(band: UInt32s, employers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """One number for the employer and the band of each row."""
    mixed = employers.copy()
    with np.errstate(over="ignore"):
        for column in band.T:
            mixed = (mixed ^ column.astype(np.uint64)) * np.uint64(0xFF51AFD7ED558CCD)
            mixed ^= mixed >> np.uint64(32)
    return mixed


def _alike(hashes: UInt32s, bucket: npt.NDArray[np.uint64]) -> _Ints:
    """Pairs of positions, (2, pairs), close in one bucket whose hashes agree well enough."""
    order = np.argsort(bucket, kind="stable")
    key = bucket[order]
    first = np.searchsorted(key, key)
    pairs = [np.c_[order, order[first]][first != np.arange(len(key))]]
    for step in range(1, NEIGHBOURS + 1):
        same = key[step:] == key[:-step]
        pairs.append(np.c_[order[step:], order[:-step]][same])
    both = np.concatenate(pairs).T
    parts = [_agree(hashes, both[:, at : at + AT_ONCE]) for at in range(0, both.shape[1], AT_ONCE)]
    return np.concatenate([both[:, :0], *parts], axis=1)


def _agree(hashes: UInt32s, pairs: _Ints) -> _Ints:
    """Those of the pairs whose hashes agree well enough."""
    return pairs[:, (hashes[pairs[0]] == hashes[pairs[1]]).mean(axis=1) >= ALIKE]


def _components(size: int, pairs: list[_Ints]) -> _Ints:
    """The number of the connected component each row is in."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    left, right = np.concatenate([np.empty((2, 0), dtype=np.int64), *pairs], axis=1)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    labels: _Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels
