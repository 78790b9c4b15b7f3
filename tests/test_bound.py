"""Pay kept to within a bound: what it does to amounts, markets and what answers say."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from asking import ask, jobs
from hypothesis import given, settings
from hypothesis import strategies as st

from rolediff.errors import MarketError, UsageError
from rolediff.market import Market, load_files, merge, open_market, save
from rolediff.market import compress as compress_records
from rolediff.market.bound import Bound, bound_of, bounded
from rolediff.market.options import ReadOptions, read_reading
from rolediff.market.streamed import Way, compress_files

Capture = pytest.CaptureFixture[str]
PAY = st.floats(1e-3, 1e9, allow_nan=False, allow_infinity=False)
PERCENT = st.floats(0.1, 25)


def market(rows: int = 200, seed: int = 0) -> Market:
    """Records whose pay is spread, so that a bound joins some of them."""
    draw = random.Random(seed)
    low = [draw.uniform(50_000, 52_000) * draw.choice([1, 2]) for _ in range(rows)]
    table = jobs(rows, min_amount=low, max_amount=[x * 1.2 for x in low])
    return compress_records(read_reading(table, ReadOptions()).records)


def content(found: Market, folder: Path) -> dict[str, bytes]:
    saved = save(found, folder)
    return {file.name: file.read_bytes() for file in sorted(saved.iterdir())}


def tables(found: Market, folder: Path) -> dict[str, bytes]:
    return {k: v for k, v in content(found, folder).items() if k.endswith(".parquet")}


# laws


@given(pay=st.lists(PAY, min_size=1, max_size=30), percent=PERCENT, at=st.floats(0, 1))
def test_means_and_quantiles_are_within_the_bound(
    pay: list[float], percent: float, at: float
) -> None:
    lines = pl.DataFrame({"low": pay, "high": [2 * x for x in pay]})
    told = Bound(percent).apply(lines)
    for name in ("low", "high"):
        true, near = lines[name].to_numpy(), told[name].to_numpy()
        for statistic in (np.mean, np.median, lambda x: np.quantile(x, at), np.min, np.max):
            ratio = float(statistic(near) / statistic(true))
            assert 1 / (1 + percent / 100) <= ratio <= 1 + percent / 100
        geometric = np.exp(np.log(near).mean() - np.log(true).mean())
        assert 1 / (1 + percent / 100) <= geometric * (1 + 1e-12)
        assert geometric * (1 - 1e-12) <= 1 + percent / 100
    assert (told["low"] <= told["high"]).all()


@given(pay=st.lists(st.one_of(PAY, st.none()), max_size=30), percent=PERCENT)
def test_a_bounded_amount_stays_as_it_is(pay: list[float | None], percent: float) -> None:
    lines = pl.DataFrame({"low": pay, "high": pay}, schema={"low": pl.Float64, "high": pl.Float64})
    once = Bound(percent).apply(lines)
    assert Bound(percent).apply(once).equals(once)
    assert once["low"].null_count() == lines["low"].null_count()


@settings(max_examples=10)
@given(percent=st.sampled_from([0.1, 1.0, 5.0]), cut=st.integers(1, 199))
def test_bounding_and_merging_come_to_the_same_either_way(
    percent: float, cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("bound")
    table = read_reading(jobs(200, min_amount=[50_000 + 7 * i for i in range(200)]), ReadOptions())
    parts = [compress_records(part) for part in (table.records[:cut], table.records[cut:])]
    bound = Bound(percent)
    one = merge(*(bounded(part, bound) for part in parts))
    other = bounded(merge(*parts), bound)
    assert content(one, folder / "a") == content(other, folder / "b")
    assert bound_of(open_market(folder / "a")) == bound
    assert one.pay["low"].n_unique() < 200


def test_median_and_mean_of_a_bounded_market_are_near_the_true_ones() -> None:
    exact = market()
    near = bounded(exact, Bound(2))
    assert near.pay["low"].n_unique() < exact.pay["low"].n_unique() / 20
    assert len(near) == len(exact)
    for name in ("low", "high"):
        means = [
            float(np.average(m.pay[name].to_numpy(), weights=m.pay["n"].to_numpy()))
            for m in (near, exact)
        ]
        assert abs(means[0] / means[1] - 1) <= 0.02
        medians = [np.median(np.repeat(m.pay[name], m.pay["n"])) for m in (near, exact)]
        assert abs(medians[0] / medians[1] - 1) <= 0.02


# files


@pytest.mark.parametrize("workers", [1, 2])
def test_files_compressed_to_a_bound_are_their_market_bounded(
    workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rolediff.market.datasets.ROWS", 70)
    file = tmp_path / "pay.parquet"
    jobs(200, min_amount=[50_000.0 + 7 * i for i in range(200)]).write_parquet(file)
    exact = load_files([file]).market
    told = compress_files([file], tmp_path / "w", Way(workers=workers, bound=Bound(1)))
    assert tables(told, tmp_path / "a") == tables(bounded(exact, Bound(1)), tmp_path / "b")
    save(exact, tmp_path / "m")
    again = compress_files([tmp_path / "m"], tmp_path / "w2", Way(bound=Bound(1)))
    assert tables(again, tmp_path / "c") == tables(told, tmp_path / "a")
    assert bound_of(again) == Bound(1)


def test_without_a_bound_nothing_is_said_of_one(tmp_path: Path) -> None:
    package = json.loads(content(market(), tmp_path / "a")["datapackage.json"])
    assert set(package["rolediff"]["made_with"]) == {"vocabulary", "roles"}
    near = json.loads(content(bounded(market(), Bound(0.5)), tmp_path / "b")["datapackage.json"])
    assert near["rolediff"]["made_with"]["pay_within"] == "0.5"


def test_markets_of_different_bounds_are_not_merged(capsys: Capture, tmp_path: Path) -> None:
    exact = market()
    save(exact, tmp_path / "exact")
    for percent in (1, 2):
        save(bounded(market(seed=percent), Bound(percent)), tmp_path / f"{percent}")
    with pytest.raises(MarketError, match=r"as it was read, .* to within 1 %"):
        merge(exact, open_market(tmp_path / "1"))
    for names in (("1", "2"), ("exact", "1")):
        folders = [tmp_path / name for name in names]
        said = ask(capsys, "merge", *folders, "-o", tmp_path / "both")
        assert (said.code, "--pay-within" in said.err) == (3, True)
    said = ask(capsys, "compress", tmp_path / "1", "-o", tmp_path / "b", "--pay-within", "2")
    assert (said.code, "--pay-within 1" in said.err) == (3, True)
    with pytest.raises(MarketError, match="to within 1 %"):
        bounded(open_market(tmp_path / "1"), Bound(2))


@pytest.mark.parametrize("percent", ["0", "0.05", "26", "-1", "nan"])
def test_a_bound_that_is_none(percent: str, capsys: Capture, tmp_path: Path) -> None:
    jobs(20).write_parquet(tmp_path / "pay.parquet")
    said = ask(
        capsys, "compress", tmp_path / "pay.parquet", "-o", tmp_path / "m", "--pay-within", percent
    )
    assert (said.code, "choose from 0.1 to 25" in said.err) == (2, True)
    with pytest.raises(UsageError):
        Bound(float(percent))


# answers


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled market, to within 1 %."""
    from rolediff.market import bundled

    return save(bounded(bundled(), Bound(1)), tmp_path_factory.mktemp("near") / "m")


PAIR = ("AI Engineer", "ML Engineer")
VERBS = ("", "why", "skills", "work", "where", "trend", "path", "brief", "report")


@pytest.mark.parametrize("verb", VERBS)
def test_every_answer_says_approximate(
    verb: str, near: Path, capsys: Capture, tmp_path: Path
) -> None:
    asked = ["--from", PAIR[0], "--to", PAIR[1]] if verb == "path" else PAIR
    words = [*([verb] if verb else []), *asked, "--data", near]
    page = tmp_path / "page.html"
    told = [
        ask(capsys, *words, *more)
        for more in (["-o", page] if verb == "report" else [], ["--json"], ["--markdown"])
    ]
    assert [t.code for t in told] == [0, 0, 0]
    if page.exists():
        told[0] = replace(told[0], out=page.read_text("utf-8"))
    for said in told:
        assert "pay within ±1 %" in said.out.replace("\xa0", " ").replace("\n ", " ")


def test_a_check_and_a_change_say_approximate(near: Path, capsys: Capture, tmp_path: Path) -> None:
    article = tmp_path / "a.md"
    article.write_text("AI engineers earn more than ML engineers.\n", encoding="utf-8")
    for words in (["check", article], ["diff-markets", near, *PAIR]):
        more = [] if words[0] == "diff-markets" else ["--data", near]
        extra = [near] if words[0] == "diff-markets" else []
        said = ask(capsys, *words[:1], *extra, *words[1:], *more, "--json")
        assert "pay within ±1 %" in said.out
