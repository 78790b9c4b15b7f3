"""The documents name what the program has."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from rolediff.market.where import FILTERS
from rolediff.read.columns import vocabulary

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("field", sorted(vocabulary()["aliases"]))
def test_every_field_of_a_mapping_is_documented(field: str) -> None:
    assert f"`{field}`" in (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", FILTERS)
def test_every_filter_is_documented(key: str) -> None:
    assert f"`{key}`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_examples_of_decompositions_print_what_they_say() -> None:
    found = doctest.testfile(str(ROOT / "docs" / "decompositions.md"), module_relative=False)
    assert found.attempted > 30
    assert found.failed == 0
