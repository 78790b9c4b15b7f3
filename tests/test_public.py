"""The public names: all there, documented, and never hidden by a module of the same name."""

from __future__ import annotations

import inspect
import pkgutil
import subprocess
import sys
from importlib import import_module
from types import ModuleType

import pytest

import rolediff

NAMES = {
    "Account", "Brief", "CareerPath", "Catalogue", "CheckedArticle", "Claim", "ColumnError",
    "Comparison", "CurrencyError", "DataError", "Decomposition", "Estimate", "Market",
    "MarketError", "Matched", "NotEnoughEvidence", "ReadOptions", "Reading", "Report",
    "Reweighted", "RobustDecomposition", "Role", "RolediffError", "Rule", "Source",
    "UnknownRoleError", "UnreadableError", "UsageError", "Where", "Why", "account", "brief",
    "check", "compress", "decompose", "decompose_reweighted", "diff", "gather", "load", "match",
    "merge", "open", "path", "read_records", "reweight", "save", "since", "skills", "title_role",
    "trend", "where", "why", "work",
}  # fmt: skip
MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(rolediff.__path__, "rolediff.")
    if not found.name.endswith("__main__")
)


def test_all_are_the_documented_names() -> None:
    assert set(rolediff.__all__) == NAMES
    assert list(rolediff.__all__) == sorted(rolediff.__all__)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_is_there_and_documented(name: str) -> None:
    found = getattr(rolediff, name)
    assert not isinstance(found, ModuleType)
    assert (inspect.getdoc(found) or "").strip()


def test_star_import_gives_them_all() -> None:
    space: dict[str, object] = {}
    exec("from rolediff import *", space)
    assert set(space) >= NAMES


def test_dir_lists_them() -> None:
    assert set(dir(rolediff)) >= NAMES


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'salary'"):
        _ = rolediff.salary


def test_every_module_is_documented() -> None:
    assert [name for name in MODULES if not (import_module(name).__doc__ or "").strip()] == []


def test_every_public_function_and_class_is_documented() -> None:
    bare = [
        f"{name}.{key}"
        for name in MODULES
        for key, found in vars(import_module(name)).items()
        if not key.startswith("_")
        and (inspect.isfunction(found) or inspect.isclass(found))
        and found.__module__ == name
        and not found.__doc__
    ]
    assert bare == []


def test_no_module_imported_first_hides_a_public_name() -> None:
    code = """
import sys
from importlib import import_module
from types import ModuleType
import_module(sys.argv[1])
import rolediff
hidden = [n for n in rolediff.__all__ if isinstance(getattr(rolediff, n), ModuleType)]
assert not hidden, hidden
"""
    packages = [name for name in MODULES if name.count(".") == 1]
    for name in (*packages, "rolediff.compare.roles", "rolediff.compare.decompose"):
        done = subprocess.run(
            [sys.executable, "-c", code, name], capture_output=True, check=False, text=True
        )
        assert done.returncode == 0, f"{name}: {done.stderr}"


def test_no_public_name_is_a_subpackage() -> None:
    assert not NAMES & {name.removeprefix("rolediff.") for name in MODULES}


def test_every_error_has_an_exit_code_and_a_place_in_the_tree() -> None:
    errors = [getattr(rolediff, n) for n in NAMES if n.endswith(("Error", "Evidence"))]
    assert all(issubclass(e, rolediff.RolediffError) for e in errors)
    assert {e.exit_code for e in errors} == {1, 2, 3, 4}
