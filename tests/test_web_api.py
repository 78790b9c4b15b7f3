"""The twins against their own description, by schemathesis: whatever is asked, the answer is one
that /openapi.json tells of.

Needs the extra `fuzz`.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from rolediff.annotate.roles import Catalogue
from rolediff.doors.web.app import make_app
from rolediff.market import bundled

schemathesis = pytest.importorskip(
    "schemathesis", reason="needs schemathesis: pip install 'rolediff[fuzz]'"
)
pytestmark = pytest.mark.slow
PLAIN = ("/api/roles", "/api/data", "/api/method")
"""Without anything that could be asked wrongly."""
HOSTS = ("localhost", "testserver")


OPERATIONS = (
    ("get", "/api/compare"), ("get", "/api/compare/{name}"), ("get", "/api/roles"),
    ("get", "/api/role/{id}"), ("get", "/api/skill/{name}"), ("get", "/api/data"),
    ("post", "/api/data"), ("delete", "/api/data"), ("get", "/api/method"),
    ("post", "/api/check"), ("post", "/api/path"),
)  # fmt: skip


@pytest.fixture(scope="module")
def described() -> Any:
    """The description, and the program that has to keep it."""
    app = make_app(bundled(), Catalogue.load(), hosts=HOSTS)
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def test_every_operation_is_tried(described: Any) -> None:
    found = [(o.ok().method, o.ok().path) for o in described.get_all_operations()]
    assert sorted(found) == sorted(OPERATIONS)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_is_described(described: Any, method: str, path: str) -> None:
    from schemathesis.specs.openapi.checks import (
        negative_data_rejection,
        positive_data_acceptance,
    )

    # Which names are roles or skills no description tells, so a well-formed one may be refused.
    operation = described[path][method]
    modes = list(schemathesis.GenerationMode)
    for mode in modes[: 1 if path in PLAIN else 2]:
        strategy = operation.as_strategy(generation_mode=mode)

        @given(case=strategy)
        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        def tried(case: Any) -> None:
            answer = case.call()
            assert answer.status_code != 500
            assert b"Traceback" not in answer.content
            too_long = [negative_data_rejection] * (answer.status_code in (413, 414))
            case.validate_response(answer, excluded_checks=[positive_data_acceptance, *too_long])

        tried()
