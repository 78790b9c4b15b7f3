"""Real Spark for tests; where it cannot be, they are skipped, but not where all must be checked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from rolediff.errors import RolediffError
from rolediff.spark.sessions import session


def spark_or_skip() -> Iterator[Any]:
    """A session of two cores; a skip says why there is none, unless ROLEDIFF_ALL_TESTS is set."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    try:
        with session("local[2]") as spark:
            spark.conf.set("spark.sql.shuffle.partitions", "3")
            yield spark
    except RolediffError as error:
        if os.environ.get("ROLEDIFF_ALL_TESTS"):
            raise
        pytest.skip(f"needs Spark: {error}")
