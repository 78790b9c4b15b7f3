"""Pages of a small made-up market, as they were: what changes is seen in the difference."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from asking import csv_file, jobs
from starlette.testclient import TestClient
from syrupy.assertion import SnapshotAssertion

from rolediff.annotate.roles import Catalogue
from rolediff.doors.web.app import make_app
from rolediff.market import load

TABLE = b"title,salary,currency\n" + b"AI Engineer,100000,USD\n" * 6 + b"AI Engineer,a lot,USD\n"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    path = csv_file(tmp_path_factory.mktemp("made"), jobs(120))
    app = make_app(load(path).market, Catalogue.load())
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as made:
        yield made


def told(page: str) -> str:
    """A page without its charts (told of in their tables), the list of roles and dates."""
    inner, n = r"<svg\b(?:(?!<svg\b|</svg>).)*</svg>", 1
    while n:
        page, n = re.subn(inner, "<chart/>", page, flags=re.S)
    page = re.sub(r'(<datalist id="roles">).*?(</datalist>)', r"\1\2", page, flags=re.S)
    return re.sub(r"\b20\d\d-\d\d-\d\d\b", "DATE", page)


@pytest.mark.parametrize(
    "address",
    [
        "/compare",
        "/compare/answer?level=senior",
        "/compare?country=XX",
        "/compare?a=AI+Enginer",
        "/compare/skills",
        "/role/ai-engineer",
        "/skill",
        "/check",
        "/path",
        "/data",
        "/method",
    ],
)
def test_pages(client: TestClient, snapshot: SnapshotAssertion, address: str) -> None:
    assert told(client.get(address).text) == snapshot


def test_an_own_file(client: TestClient, snapshot: SnapshotAssertion) -> None:
    answer = client.post("/data", files={"file": ("pay.csv", TABLE)})
    client.post("/data/forget")
    assert told(answer.text) == snapshot


def test_a_checked_article(client: TestClient, snapshot: SnapshotAssertion) -> None:
    text = "AI engineers earn 30% more than ML engineers."
    page = client.post("/check", data={"text": text}).text
    assert re.sub(r"<style>.*?</style>|sha256-[^']*", "", page, flags=re.S) == snapshot
