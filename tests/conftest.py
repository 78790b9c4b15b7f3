from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# A check of a change must not fail by chance; away from it every run looks at new examples.
# How long an example takes says how busy the machine is, so there is no deadline.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data at hand, beside the project; it is not part of it."""
    if not SHARED.is_dir():
        pytest.skip("needs the reference data in ../shared, which is not part of the project")
    return SHARED


@pytest.fixture(scope="session")
def reference(shared: Path) -> Any:
    """`reference(name)`: the results of another program, as read from JSON."""
    return lambda name: json.loads((shared / "data/decomposition" / f"{name}.json").read_text())


@pytest.fixture(scope="session")
def table(shared: Path) -> Any:
    """`table(name)`: the data behind those results, as a Polars frame."""
    import polars as pl

    return lambda name: pl.read_csv(shared / "data/decomposition" / name, null_values="NA")
