"""What is loaded, and when: nothing for `import rolediff`, nothing heavy for the bundled answer."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("polars", "numpy", "scipy", "rich", "cyclopts", "narwhals", "currency_converter")
NEVER = (
    "scipy.stats", "pandas", "pyarrow", "narwhals", "currency_converter", "asyncio", "jinja2",
    "altair",
)  # fmt: skip
ASK = "from rolediff.doors.cli import run; assert run(['AI Engineer', 'ML Engineer', *{}]) == 0"


def loaded_by(code: str) -> set[str]:
    tell = "import sys, json; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{tell}"], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stderr))


def test_import_rolediff_loads_nothing_heavy() -> None:
    assert not loaded_by("import rolediff").intersection(HEAVY)


def test_import_rolediff_loads_no_other_module_of_its_own() -> None:
    own = {name for name in loaded_by("import rolediff") if name.startswith("rolediff")}
    assert own == {"rolediff"}


def test_errors_can_be_had_without_the_engine() -> None:
    assert not loaded_by("from rolediff import UsageError").intersection(HEAVY)


@pytest.mark.parametrize("options", [[], ["--json"], ["--markdown"], ["--where", "country=US"]])
def test_the_bundled_answer_loads_nothing_it_does_not_need(options: list[str]) -> None:
    assert not loaded_by(ASK.format(options)).intersection(NEVER)


def test_the_import_log_of_the_bundled_answer_says_the_same() -> None:
    code = ASK.format([])
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, check=True
    )
    logged = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "polars" in logged
    assert not logged.intersection(NEVER)
