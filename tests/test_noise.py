"""Noise instead of data, or of a filter, is answered or refused: never an internal error."""

from __future__ import annotations

from pathlib import Path

import pytest
from asking import PAIR, ask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rolediff.errors import RolediffError
from rolediff.market import Where, load

Capture = pytest.CaptureFixture[str]
FEW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MANY = settings(FEW, max_examples=500)
CELLS = st.one_of(
    st.sampled_from(
        ["AI Engineer", "ML Engineer", "120000", "USD", "1e400", "-1", "nan", "$9", ""]
    ),
    st.text(max_size=8),
)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=12).map(
    lambda rows: "title,pay,currency,year,country\n" + "\n".join(",".join(r) for r in rows)
)
NOISE = st.one_of(st.binary(max_size=400), TABLES.map(lambda t: t.encode("utf-8", "replace")))


def never_fails(capsys: Capture, folder: Path, noise: bytes, suffix: str) -> None:
    file = folder / f"noise.{suffix}"
    file.write_bytes(noise)
    said = ask(capsys, *PAIR, "--data", file)
    assert said.code in (0, 3, 4), said.err
    assert "Traceback" not in said.err
    assert "\x1b" not in said.err


@FEW
@given(noise=NOISE, suffix=st.sampled_from(["csv", "parquet", "jsonl", "json"]))
def test_noise_is_never_an_internal_error(
    capsys: Capture, tmp_path: Path, noise: bytes, suffix: str
) -> None:
    never_fails(capsys, tmp_path, noise, suffix)


@pytest.mark.slow
@MANY
@given(noise=NOISE, suffix=st.sampled_from(["csv", "tsv", "parquet", "jsonl", "json", "csv.gz"]))
def test_much_noise_is_never_an_internal_error(
    capsys: Capture, tmp_path: Path, noise: bytes, suffix: str
) -> None:
    never_fails(capsys, tmp_path, noise, suffix)


@FEW
@given(st.text(st.sampled_from("country=US|,.year0129 \n\x00é"), max_size=30))
def test_any_filter_is_read_or_refused(text: str) -> None:
    try:
        Where.parse(text).apply(load().market.cells)
    except RolediffError as error:
        assert error.exit_code in (2, 4)  # noqa: PT017
