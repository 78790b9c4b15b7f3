"""When a reweighted group shows no interval."""

from __future__ import annotations

import numpy as np
import pytest

from rolediff.stats.cells import from_rows
from rolediff.stats.evidence import BEYOND_REWEIGHTED, Reweighted, too_far_out, too_few
from rolediff.stats.functional import statistic

GINI = statistic(None, "gini", log=True)


@pytest.mark.parametrize(("before", "after", "shown"), [
    (250, 100, True), (249, 100, False), (250, 99, False), (10_000, 99, False)])  # fmt: skip
def test_a_quantile_needs_records_before_and_after(before, after, shown):
    got = Reweighted(before, after, 50.0).too_few(statistic(0.9), BEYOND_REWEIGHTED / 0.1)
    assert (got == "") is shown
    assert shown or got.startswith("no interval: as few as")


def test_a_spread_needs_that_no_record_weighs_much():
    assert Reweighted(1e4, 1e3, 4.9).too_few(GINI, 100) == ""
    assert Reweighted(1e4, 1e3, 7.2).too_few(GINI, 100) == "no interval: one record counts as 7 do"
    assert "400 are needed" in Reweighted(1e4, 399, 1.0).too_few(GINI, 100)
    assert Reweighted(1e4, 1e3, 7.2).too_few(statistic(), 2) == ""


def test_the_heaviest_record_is_told_against_the_mean():
    group = np.r_[np.ones(10, bool), np.zeros(40, bool)]
    cells = from_rows(np.zeros(50), group)
    psi = np.r_[np.zeros(10), np.ones(39), 11.0]
    got = Reweighted.of(cells, False, psi)
    assert got.heaviest == pytest.approx(11 / 1.25)
    assert got.before == pytest.approx(40)
    assert got.after == pytest.approx(50**2 / (39 + 121))
    assert too_few(GINI, [500, 500], (), 2, got) != ""
    assert too_few(statistic(), [500, 500], (), 2, got).startswith("no interval: as few as 16")


def test_symmetric_errors_are_for_the_middle_only():
    assert all(too_far_out(statistic(q)) == "" for q in (0.4, 0.5, 0.6))
    assert all(too_far_out(statistic(q)) for q in (0.1, 0.25, 0.75, 0.9))
    assert too_far_out(statistic(None, "p90-p10")) != ""
    assert too_far_out(statistic()) == too_far_out(GINI) == ""
