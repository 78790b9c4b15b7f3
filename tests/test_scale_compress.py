"""Compressing any number of files: the same bytes however they are cut, mixed and shared out."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from asking import ask, jobs
from hypothesis import given, settings
from hypothesis import strategies as st
from postings import raw

from rolediff.annotate.duplicates import FINGERPRINTS, ad_keys
from rolediff.errors import NotEnoughEvidence, UnreadableError
from rolediff.market import (
    ReadOptions,
    Where,
    codes,
    counting,
    counting_pay,
    datasets,
    load,
    load_files,
    repeated,
    save,
)
from rolediff.market import compress as compress_records
from rolediff.market.alike import kinds, summed
from rolediff.market.coded_lines import CodedLines
from rolediff.market.codes import codes_of_rows, order, starts
from rolediff.market.compress import counted, in_words, lines_of
from rolediff.market.model import Market
from rolediff.market.options import read_reading
from rolediff.market.ordering import ranked
from rolediff.market.streamed import Heard, Way, compress_files
from rolediff.market.tables import KEYS, OFFER
from rolediff.market.tally import fits, packed, tally, unpacked
from rolediff.market.text_order import text_ranks

Capture = pytest.CaptureFixture[str]
ROLEDIFF = [sys.executable, "-c", "from rolediff.doors.cli import main; main()"]
PAY = jobs(
    300,
    company=[f"c{i % 7}" if i % 5 else None for i in range(300)],
    posted=[f"2024-0{i % 9 + 1}-15" if i % 3 else None for i in range(300)],
    currency=["USD" if i % 4 else "EUR" for i in range(300)],
)
BAD = PAY[:12].with_columns(
    title=pl.when(pl.int_range(12) % 3 == 0).then(pl.lit(None, pl.String)).otherwise("title"),
    min_amount=pl.when(pl.int_range(12) % 4 == 1).then(-1.0).otherwise("min_amount"),
)
ADS = [*raw(40), *(p | {"id": f"again:{n}", "location": "Madrid"} for n, p in enumerate(raw(9)))]


def content(market: Market, folder: Path) -> dict[str, bytes]:
    saved = save(market, folder)
    return {file.name: file.read_bytes() for file in sorted(saved.iterdir())}


def tables(market: Market, folder: Path) -> dict[str, bytes]:
    """The bytes of the tables; sources are described by the files they are in."""
    found = content(market, folder)
    return {name: found[name] for name in found if name.endswith(".parquet")}


def jsonl(path: Path, postings: list[dict[str, object]]) -> Path:
    path.write_text("".join(f"{json.dumps(p)}\n" for p in postings), encoding="utf-8")
    return path


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every bound so low that a few rows go through all that millions would."""
    monkeypatch.setattr(datasets, "ROWS", 70)
    monkeypatch.setattr(datasets, "LARGE", 1)
    monkeypatch.setattr(datasets, "BLOCK", datasets.Cut(50, 1 << 20))
    monkeypatch.setattr(datasets, "POSTINGS", datasets.Cut(20, 1 << 20))
    monkeypatch.setattr(counting, "TOGETHER", 60)
    monkeypatch.setattr(counting_pay, "TOGETHER", 60)
    monkeypatch.setattr(counting_pay, "EACH", 5)
    monkeypatch.setattr(repeated, "TOGETHER", 12)
    monkeypatch.setattr("rolediff.market.streamed.LINES_AT_ONCE", 90)
    monkeypatch.setattr("rolediff.market.streamed.FACTS_AT_ONCE", 25)


# the same bytes


@pytest.mark.usefixtures("small")
def test_streamed_is_what_reading_all_at_once_gives(tmp_path: Path) -> None:
    pl.concat([PAY, BAD]).write_parquet(tmp_path / "a.parquet")
    pl.concat([PAY[:200], BAD]).write_csv(tmp_path / "b.csv")
    PAY[150:].with_columns(pl.col("level").str.replace("mid", "wurst")).write_ndjson(
        tmp_path / "c.jsonl"
    )
    jsonl(tmp_path / "d.jsonl", ADS)
    paths = [tmp_path / name for name in ("a.parquet", "b.csv", "c.jsonl", "d.jsonl")]
    whole, aside = load_files(paths), [pl.DataFrame(schema=load_files(paths).quarantine.schema)]
    streamed = compress_files(paths, tmp_path / "w", Way(), Heard(aside=aside.append))
    assert content(streamed, tmp_path / "1") == content(whole.market, tmp_path / "2")
    told = pl.concat(aside)
    assert told.height == whole.quarantine.height == 12
    assert told.drop("value").equals(whole.quarantine.drop("value"))


@settings(max_examples=12)
@given(
    cuts=st.lists(st.integers(0, 49), max_size=3),
    seed=st.integers(0, 99),
    bound=st.sampled_from([40, 400, 10_000]),
)
def test_however_postings_are_cut_and_mixed_the_bytes_are_the_same(
    cuts: list[int], seed: int, bound: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    mixed = random.Random(seed).sample(ADS, len(ADS))
    bounds = [0, *sorted(cuts), len(mixed)]
    parts = [jsonl(folder / f"{n}.jsonl", mixed[a:b]) for n, (a, b) in enumerate(pairwise(bounds))
             if a < b]  # fmt: skip
    one = jsonl(folder / "one.jsonl", ADS)
    options = ReadOptions(source="board")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "TOGETHER", bound)
        patch.setattr(repeated, "TOGETHER", bound // 4)
        several = compress_files(parts, folder / "w", Way(options))
    assert several.postings()["ad"].drop_nulls().n_unique() >= 9
    whole = load_files([one], options).market
    assert tables(several, folder / "a") == tables(whole, folder / "b")


def test_a_table_of_titles_and_pay_alone(tmp_path: Path) -> None:
    file = tmp_path / "pay.parquet"
    PAY.select("title", "min_amount").write_parquet(file)
    streamed = compress_files([file], tmp_path / "w", Way())
    assert content(streamed, tmp_path / "a") == content(load_files([file]).market, tmp_path / "b")


@settings(max_examples=20)
@given(cuts=st.lists(st.integers(0, 300), max_size=4), seed=st.integers(0, 99))
def test_however_pay_is_cut_and_mixed_the_bytes_are_the_same(
    cuts: list[int], seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    (folder / "pay").mkdir()
    mixed = PAY.sample(fraction=1, shuffle=True, seed=seed)
    bounds = [0, *sorted(cuts), 300]
    for n, (a, b) in enumerate(pairwise(bounds)):
        if a < b:
            mixed[a:b].write_parquet(folder / "pay" / f"{n}.parquet")
    PAY.write_parquet(folder / "pay.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting_pay, "TOGETHER", 50)
        patch.setattr(counting_pay, "EACH", 5)
        several = compress_files([folder / "pay"], folder / "w", Way())
    whole = load_files([folder / "pay.parquet"]).market
    assert tables(several, folder / "a") == tables(whole, folder / "b")
    (source,) = several.sources
    assert (source.name, source.rows, source.records) == ("pay", 300, 300)


def test_one_process_or_two_the_same_market(capsys: Capture, tmp_path: Path) -> None:
    board = tmp_path / "board"
    board.mkdir()
    for n in range(4):
        jsonl(board / f"{n}.jsonl", ADS[n::4])
    for workers in "12":
        out = tmp_path / f"m{workers}"
        assert ask(capsys, "compress", board, "-o", out, "--workers", workers).code == 0
    one, two = ({f.name: f.read_bytes() for f in (tmp_path / m).iterdir()} for m in ("m1", "m2"))
    assert one == two
    assert not list(tmp_path.glob(".*"))


@pytest.mark.usefixtures("small")
def test_a_filter_is_the_same_streamed(tmp_path: Path) -> None:
    PAY.write_parquet(tmp_path / "a.parquet")
    where = Where.parse("country=GB,level=senior")
    streamed = compress_files([tmp_path / "a.parquet"], tmp_path / "w", Way(where=where))
    whole = load_files([tmp_path / "a.parquet"]).market.only(where)
    assert content(streamed, tmp_path / "1") == content(whole, tmp_path / "2")
    with pytest.raises(NotEnoughEvidence, match="there are GB, US"):
        compress_files(
            [tmp_path / "a.parquet"], tmp_path / "w", Way(where=Where.parse("country=FR"))
        )


@pytest.mark.usefixtures("small")
def test_what_is_counted_on_disk_is_told_and_loaded(capsys: Capture, tmp_path: Path) -> None:
    folder = tmp_path / "pay"
    folder.mkdir()
    for n in range(3):
        PAY[n * 100 : n * 100 + 100].write_parquet(folder / f"{n}.parquet")
    said = ask(capsys, "compress", folder, "-o", tmp_path / "m", "--json")
    assert (said.code, said.result["records"]) == (0, 300)
    assert said.result["offers"] == load(folder).market.pay.height
    jsonl(tmp_path / "ads.jsonl", ADS)
    assert ask(capsys, "compress", tmp_path / "ads.jsonl", "-o", tmp_path / "a").code == 0
    merged = ask(capsys, "merge", tmp_path / "m", tmp_path / "a", "-o", tmp_path / "b", "--json")
    assert (merged.code, merged.result["records"]) == (0, 349)
    assert not list(tmp_path.glob(".*"))


def test_packed_files_of_pay(capsys: Capture, tmp_path: Path) -> None:
    PAY.write_csv(tmp_path / "pay.csv")
    packed = tmp_path / "packed.csv.gz"
    packed.write_bytes(gzip.compress((tmp_path / "pay.csv").read_bytes()))
    zstd = pytest.importorskip("backports.zstd")
    (tmp_path / "more.csv.zst").write_bytes(zstd.compress((tmp_path / "pay.csv").read_bytes()))
    for file in (packed, tmp_path / "more.csv.zst"):
        said = ask(capsys, "compress", file, "-o", tmp_path / "m", "--json").result
        assert said["records"] == 300


# what goes wrong


def test_another_schema_and_a_broken_file_among_many(capsys: Capture, tmp_path: Path) -> None:
    folder, aside = tmp_path / "many", tmp_path / "aside.csv"
    folder.mkdir()
    for n in range(6):
        PAY[n * 50 : n * 50 + 50].write_parquet(folder / f"{n}.parquet")
    PAY.drop("country").write_parquet(folder / "2-other.parquet")
    (folder / "4-cut.parquet").write_bytes((folder / "4.parquet").read_bytes()[:500])
    out = tmp_path / "m"
    said = ask(capsys, "compress", folder, "-o", out, "--quarantine", aside, "--json")
    assert (said.code, said.result["records"]) == (0, 300)
    rows = pl.read_csv(aside)
    assert rows["row"].null_count() == 2
    assert "lacks country" in rows["reason"][0]
    assert "not whole Parquet" in rows["reason"][1]
    stopped = ask(capsys, "compress", folder, "-o", tmp_path / "n", "--fail-fast")
    assert (stopped.code, "2-other.parquet" in stopped.err) == (3, True)
    assert not (tmp_path / "n").exists()


def test_nothing_that_can_be_read(tmp_path: Path) -> None:
    for n in range(2):
        (tmp_path / f"{n}.parquet").write_bytes(b"PAR1 no more %d" % n)
    with pytest.raises(UnreadableError, match="no row could be read"):
        compress_files([tmp_path / "0.parquet", tmp_path / "1.parquet"], tmp_path / "w", Way())
    with pytest.raises(UnreadableError, match="not whole Parquet"):
        compress_files([tmp_path / "0.parquet"], tmp_path / "w", Way())


def test_a_killed_compression_goes_on(tmp_path: Path) -> None:
    board = tmp_path / "board"
    board.mkdir()
    for n in range(3):
        jsonl(board / f"{n}.jsonl", ADS[n::3])
    whole = compress_files([board], tmp_path / "w1", Way())

    seen: list[int] = []

    def killed(rows: int) -> None:
        seen.append(rows)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compress_files([board], tmp_path / "w2", Way(), Heard(told=killed))
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "w2").glob("*.facts.parquet")}
    assert len(before) == 2
    again = compress_files([board], tmp_path / "w2", Way())
    assert content(again, tmp_path / "1") == content(whole, tmp_path / "2")
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())


# the parts


def test_lines_alike_are_summed() -> None:
    lists = [[1], [2], [1], None]
    lines = pl.DataFrame({"a": ["x", None, "x", None], "b": lists, "n": [1, 2, 3, 4]})
    told = summed(lines).sort("n")
    assert told.to_dict(as_series=False) == {
        "a": [None, "x", None], "b": [[2], [1], None], "n": [2, 4, 4],
    }  # fmt: skip


def test_kinds_are_the_distinct_rows() -> None:
    table = pl.DataFrame({"a": ["x", "y", "x", None], "b": [1.0, 2.0, 1.0, None]})
    kind, distinct = kinds(table, ["a", "b"])
    assert distinct.height == 3
    assert distinct[kind].equals(table)
    rows = codes_of_rows(table)
    assert sorted(rows.counts.tolist()) == [1, 1, 2]
    assert table[rows.first][rows.codes].equals(table)
    alone = codes_of_rows(table[:0])
    assert (len(alone), alone.codes.tolist()) == (0, [])


COLUMNS = (
    st.lists(st.one_of(st.none(), st.sampled_from(["", "a", "ä", "b"])), max_size=40),
    st.lists(st.one_of(st.none(), st.sampled_from([0.0, 0.5, 1.5])), max_size=40),
    st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.just(3)), max_size=40),
    st.lists(st.one_of(st.none(), st.dates(), st.just(date(2025, 1, 1))), max_size=40),
)


@given(values=st.one_of(COLUMNS), collide=st.booleans(), few=st.sampled_from([0, 1 << 21]))
def test_codes_tell_distinct_rows_apart(values: list[object], collide: bool, few: int) -> None:
    column = pl.Series("a", values if any(v is not None for v in values) else [], strict=False)
    rows = column.to_frame().with_columns(b=pl.lit("x"))
    with pytest.MonkeyPatch.context() as patch:
        if collide:
            patch.setattr(codes, "_of_hashes", lambda h: codes.dense(np.zeros(len(h), np.int64)))
        patch.setattr(codes, "FEW", few)
        found = codes_of_rows(rows)
    assert collide or found.first.tolist() == sorted(found.first)
    assert len(found) == rows.n_unique()
    assert rows[found.first][found.codes].equals(rows)
    assert found.counts.sum() == rows.height


@given(
    rows=st.lists(st.tuples(*[st.integers(0, 2**20)] * 3, st.integers(1, 2**20)), max_size=60),
    cut=st.integers(0, 60),
    wide=st.booleans(),
)
def test_a_tally_is_a_group_by_however_it_is_cut(
    rows: list[tuple[int, ...]], cut: int, wide: bool
) -> None:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    numbers, n = [column % (1 << 20 if wide else 3) for column in columns[:3]], columns[3]
    sizes = [1 << 20 if wide else 3] * 3
    words = packed(numbers, sizes)
    assert all((a == b).all() for a, b in zip(unpacked(words, sizes), numbers, strict=True))
    found, counts = tally(words, n)
    expected = pl.DataFrame({"word": words, "n": n}).group_by("word").agg(pl.col("n").sum())
    assert pl.DataFrame({"word": found, "n": counts}).equals(expected.sort("word"))
    parts = [tally(words[:cut], n[:cut]), tally(words[cut:], n[cut:])]
    again = tally(*(np.concatenate(part) for part in zip(*parts, strict=True)))
    assert all((a == b).all() for a, b in zip(again, (found, counts), strict=True))
    alone, ones = tally(words)
    assert alone.tolist() == found.tolist()
    assert ones.sum() == len(words)


def test_what_fits_in_a_word() -> None:
    assert fits([2**21, 2**21, 2**20])
    assert not fits([2**21, 2**21, 2**21])


TEXT = st.text(st.sampled_from("aäb\0z"), max_size=30)


@given(texts=st.sets(st.one_of(TEXT, TEXT.map("employer ".__add__)), max_size=40))
def test_texts_rank_as_their_bytes_do(texts: set[str]) -> None:
    found = text_ranks(pl.Series([*texts], dtype=pl.String))
    ordered = sorted(texts, key=str.encode)
    assert found.tolist() == [ordered.index(text) for text in texts]


@pytest.mark.parametrize("lines", [0, 50, 10_000])
def test_pay_counted_in_stretches_or_as_any_lines_is_the_same(
    lines: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "ROWS", 70)
    monkeypatch.setattr(counting_pay, "EACH", 3)
    monkeypatch.setattr(counting_pay, "AT_ONCE", 20)
    monkeypatch.setattr(counting_pay, "TOGETHER", lines or 10_000)
    if not lines:
        monkeypatch.setattr(counting_pay, "fits", lambda _: False)
    file = tmp_path / "pay.parquet"
    pl.concat([PAY, BAD, PAY[50:90]]).write_parquet(file)
    streamed = compress_files([file], tmp_path / "w", Way(workers=2))
    assert isinstance(streamed.offers, pl.LazyFrame) == (lines == 50)
    assert tables(streamed, tmp_path / "a") == tables(load_files([file]).market, tmp_path / "b")


def test_coded_lines_are_the_lines(tmp_path: Path) -> None:
    lines = lines_of(read_reading(PAY, ReadOptions()).records)
    coded = CodedLines.of(lines)
    coded.write(tmp_path.joinpath)
    told = CodedLines.read(tmp_path.joinpath)
    for one in (coded, told):
        assert in_words(one.frame).select(lines.columns).equals(lines)


@settings(max_examples=40)
@given(seed=st.integers(0, 999))
def test_ranks_order_as_sorting_does(seed: int) -> None:
    draw = random.Random(seed)
    rows = 60
    frame = pl.DataFrame(
        {
            "a": [draw.choice(["b", "a", "ä", "Z", "", None]) for _ in range(rows)],
            "b": [draw.choice([None, -3, 0, 2**31, 7]) for _ in range(rows)],
            "c": [draw.choice([None, 1.5, -2.0, 1e9]) for _ in range(rows)],
            "d": [None] * rows,
            "e": [f"{draw.randrange(10**6)}" for _ in range(rows)],
        },
        schema_overrides={"d": pl.String},
    )
    ranks = ranked(frame, frame.columns)
    placed = frame[order(ranks.numbers)]
    assert placed.equals(frame.sort(frame.columns, nulls_last=True))
    coded = frame.with_columns(pl.col(pl.String).cast(pl.Categorical))
    assert (ranked(coded, frame.columns).numbers == ranks.numbers).all()
    first = starts(ranks.numbers[order(ranks.numbers)])
    assert len(first) == frame.n_unique() == ranks.closed().size
    halves = ranked(frame, frame.columns[:2]).then(ranked(frame, frame.columns[2:]))
    assert frame[order(halves.numbers)].equals(placed)


def test_counting_is_grouping_and_sorting() -> None:
    lines = lines_of(
        read_reading(PAY.sample(900, with_replacement=True, seed=1), ReadOptions()).records
    )
    by = [*KEYS, *OFFER]
    plain = lines.group_by(by).agg(pl.col("n").sum()).sort(by, nulls_last=True)
    market = counted(lines, [])
    assert market.pay.select(*OFFER, "n").equals(plain.select(*OFFER, "n"))
    assert market.cells.select(KEYS).equals(plain.select(KEYS).unique(maintain_order=True))
    assert counted(lines[:0], []).pay.is_empty()
    assert len(compress_records(read_reading(PAY, ReadOptions()).records)) == 300


def prints(draw: random.Random, n: int) -> pl.DataFrame:
    """Fingerprints, some equal across employers and ids, some of unknown employers."""
    rows = [
        (
            draw.choice([f"{k}", f"id{draw.randrange(5)}"]),
            draw.choice([None, "a", "b", "c", "d"]),
            bytes([draw.randrange(6)] * 16),
            bytes([draw.randrange(4)] * 512) if draw.random() < 0.7 else None,
        )
        for k in range(n)
    ]
    return pl.DataFrame(rows, schema=FINGERPRINTS, orient="row")


@settings(max_examples=40)
@given(seed=st.integers(0, 9_999), cut=st.integers(0, 60))
def test_ads_found_by_employer_on_disk_are_those_found_at_once(
    seed: int, cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("prints")
    frame = prints(random.Random(seed), 60)
    files = [folder / "x.parquet", folder / "y.parquet"]
    for path, part in zip(files, (frame[:cut], frame[cut:]), strict=True):
        part.write_parquet(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeated, "TOGETHER", 7)
        found = repeated.ads(files, 60, folder)
    assert found.to_list() == ad_keys(frame).to_list()


def test_a_full_disk_while_compressing(tmp_path: Path) -> None:
    import resource

    many = [p | {"id": f"{n}-{p['id']}"} for n in range(30) for p in ADS]
    board = jsonl(tmp_path / "board.jsonl", many)
    command = [*ROLEDIFF, "compress", str(board), "-o", str(tmp_path / "m")]

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, 3_000))

    full = subprocess.run(command, check=False, capture_output=True, text=True, preexec_fn=small)
    assert full.returncode == 3
    assert full.stderr.count("\n") == 1
    assert "make room and run the same command again" in full.stderr
    assert not (tmp_path / "m").exists()
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
