"""What cannot be answered: said as a page and as problem+json, each with what to do instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from rolediff.annotate.roles import Catalogue
from rolediff.doors.web.app import make_app
from rolediff.doors.web.limits import Limits
from rolediff.market import bundled

BAD = b"title,salary,currency\nAI Engineer,a lot,USD\nML Engineer,-5,USD\n,9,USD\n"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = make_app(bundled(), Catalogue.load(), limits=Limits(article=20_000, table=60_000))
    with TestClient(app, base_url="http://localhost") as made:
        yield made


def both(client: TestClient, address: str) -> tuple[str, dict[str, Any], int]:
    """The main part of a page, what its twin says, and the status of both."""
    page, twin = client.get(address), client.get(f"/api{address}")
    assert page.status_code == twin.status_code
    assert page.headers["content-type"].startswith("text/html")
    assert twin.headers["content-type"] == "application/problem+json"
    return unescape(page.text.partition("<main")[2]), twin.json(), page.status_code


def test_an_unknown_role_leads_on_to_the_same_comparison(client: TestClient) -> None:
    page, twin, status = both(client, "/compare?a=AI+Enginer&b=Data+Scientist&country=US")
    assert status == 404
    better = "/compare?a=AI+Engineer&b=Data+Scientist&country=US"
    assert f'href="{better}"' in page
    assert {"text": "AI Engineer", "href": f"/api{better}"} in twin["links"]
    assert "? The page Roles lists all." in page
    assert client.get(better).status_code == 200
    assert client.get(f"/api{better}").status_code == 200


def test_the_second_role_may_be_the_unknown_one(client: TestClient) -> None:
    page, _, _ = both(client, "/compare?a=Data+Scientist&b=ML+Enginer")
    assert "/compare?a=Data+Scientist&b=" in page


def test_an_unknown_role_of_its_own_page(client: TestClient) -> None:
    page, twin, status = both(client, "/role/data-scientst")
    assert status == 404
    assert "/role/data-scientist" in page
    assert {"text": "Data Scientist", "href": "/api/role/data-scientist"} in twin["links"]


def test_an_unknown_skill_names_those_near(client: TestClient) -> None:
    page, twin, status = both(client, "/skill/PyTorc")
    assert status == 404
    assert "/skill/PyTorch" in page
    assert {"text": "PyTorch", "href": "/api/skill/PyTorch"} in twin["links"]


@pytest.mark.parametrize(
    ("address", "near"),
    [("/comparre", "/compare"), ("/rolls", "/roles"), ("/ai-engineer", "/role/ai-engineer")],
)
def test_an_unknown_page_names_those_near(client: TestClient, address: str, near: str) -> None:
    page, twin, status = both(client, address)
    assert status == 404
    assert f'href="{near}"' in page
    assert near in [link["href"] for link in twin["links"]]
    assert client.get(near).status_code == 200


def test_a_filter_that_empties_is_named_and_can_be_dropped(client: TestClient) -> None:
    address = "/compare?country=US&level=intern"
    page = unescape(client.get(address).text)
    twin = client.get(f"/api{address}")
    assert twin.status_code == 409
    (link,) = twin.json()["links"]
    assert link["text"].startswith("Without level intern: ")
    assert f">{link['text']}</a>" in page
    less = client.get(link["href"]).json()["gap"]["n"]
    counted = [int(x.replace(",", "")) for x in re.findall(r"[\d,]+(?= (?:and|rec))", link["text"])]
    assert less <= sum(counted)


@pytest.mark.parametrize("part", ["skills", "where"])
def test_so_can_that_of_one_part(client: TestClient, part: str) -> None:
    address = f"/compare/{part}?country=JP&level=intern"
    assert "Without any filter" in client.get(address).text
    twin = client.get(f"/api{address}")
    assert twin.status_code == 409
    assert [link["text"] for link in twin.json()["links"]] == ["Without any filter"]


def test_an_upload_without_a_row_says_why_of_each(client: TestClient) -> None:
    page = client.post("/data", files={"file": ("pay.csv", BAD)})
    twin = client.post("/api/data", files={"file": ("pay.csv", BAD)})
    assert (page.status_code, twin.status_code) == (422, 422)
    rows = {row["row"]: row["reason"] for row in twin.json()["rows"]}
    assert set(rows) == {1, 2, 3}
    assert "not a number" in rows[1]
    assert "negative" in rows[2]
    for number, why in rows.items():
        assert f'<th scope="row">{number}</th><td class="wraps">{why}' in page.text
    assert "set-cookie" not in twin.headers


def test_an_upload_by_the_twin_answers_who_keeps_its_cookie(client: TestClient) -> None:
    rows = [f"{'AI' if k % 2 else 'ML'} Engineer,{100_000 + 1_000 * k},USD" for k in range(40)]
    table = "\n".join(["title,salary,currency", *rows, "AI Engineer,a lot,USD"]).encode()
    told = client.post("/api/data", files={"file": ("pay.csv", table)}).json()
    assert (told["records"], told["set_aside"]) == (40, 1)
    assert told["rows"][0]["row"] == 41
    assert client.get("/api/compare").json()["gap"]["n"] == 40
    assert client.delete("/api/data").status_code == 200
    assert client.get("/api/compare").json()["gap"]["n"] > 3_000


@pytest.mark.parametrize("name", ["check", "data"])
def test_too_much_is_said_as_a_page_and_as_json(client: TestClient, name: str) -> None:
    page = client.post(f"/{name}", files={"file": ("a.csv", b"x" * 100_000)})
    twin = client.post(f"/api/{name}", content=b"x" * 100_000)
    assert (page.status_code, twin.status_code) == (413, 413)
    assert "kB are taken: send less." in page.text
    assert twin.json()["title"] == "Too large"
    assert twin.headers["content-type"] == "application/problem+json"


def test_who_accepts_json_alone_gets_it(client: TestClient) -> None:
    address = "/compare?a=AI+Enginer"
    for accepted, kind in (
        ("application/json", "application/problem+json"),
        ("text/html,application/json", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
    ):
        answer = client.get(address, headers={"accept": accepted})
        assert answer.status_code == 404
        assert answer.headers["content-type"] == kind
