"""The local page: every page and its twin, what is refused, own files, headers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from starlette.testclient import TestClient

import rolediff
from rolediff.annotate.roles import Catalogue
from rolediff.doors.cli import run as command
from rolediff.doors.web.app import make_app
from rolediff.doors.web.kept import Kept, Sessions
from rolediff.doors.web.limits import Limits
from rolediff.errors import UsageError
from rolediff.market import bundled

HOST = "http://localhost"
LIMITS = Limits(article=20_000, resume=20_000, table=60_000)


@pytest.fixture(scope="module")
def app():
    return make_app(bundled(), Catalogue.load(), limits=LIMITS)


@pytest.fixture
def client(app) -> Iterator[TestClient]:
    with TestClient(app, base_url=HOST, raise_server_exceptions=False) as made:
        yield made


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/compare", "ML engineers are advertised at"),
        (
            "/compare?a=Data+Engineer&b=Data+Scientist&country=US",
            "Data Engineer and Data Scientist",
        ),
        ("/compare/answer?money=ppp", "ML engineers are advertised at"),
        ("/compare/where", "Where"),
        ("/compare/part/trend", "Trend"),
        ("/roles", "roles can be named"),
        ("/role/ai_engineer", "What ads ask for"),
        ("/role/AI%20Engineer", "Also called"),
        ("/skill/python", "name Python"),
        ("/skill", 'href="/skill/Python"'),
        ("/check", "Paste an article"),
        ("/path", "The way to a role"),
        ("/data", "aijobs"),
        ("/method", "Verdicts on claims"),
    ],
)
def test_pages(client: TestClient, address: str, said: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert said in answer.text
    assert len(answer.content) < 300_000
    assert "http://" not in answer.text.replace("http://www.w3.org", "")
    assert "style=" not in answer.text


def test_home_is_the_first_pair(client: TestClient) -> None:
    assert client.get("/", follow_redirects=False).headers["location"] == "/compare"


def test_the_twin_says_what_the_library_says(client: TestClient) -> None:
    told = client.get("/api/compare", params={"country": "US"}).json()
    answer = rolediff.diff("AI Engineer", "ML Engineer", where="country=US")
    assert told["gap"]["value"] == pytest.approx(answer.gap.value)
    assert told["gap"]["n"] == answer.gap.n
    page = client.get("/compare", params={"country": "US"}).text
    assert f"{round(answer.gap.percent.value):d} %".lstrip("-") in page


@pytest.mark.parametrize("name", ["pay", "skills", "work", "where", "trend", "why"])
def test_every_part_has_a_twin(client: TestClient, name: str) -> None:
    answer = client.get(f"/api/compare/{name}")
    assert answer.status_code == 200
    assert answer.json()


def test_openapi_describes_the_twins(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/compare", "/api/compare/{name}", "/api/roles", "/api/role/{id}", "/api/skill/{name}",
        "/api/data", "/api/method", "/api/check", "/api/path",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/compare?a=AI+Enginer", 404, "AI Engineer"),
        ("/compare?a=AI+Engineer&b=AIE", 400, "choose two different ones"),
        ("/compare?year=soon", 400, "year"),
        ("/compare?country=US,level=senior", 400, "one value"),
        ("/compare?money=gold", 400, "choose usd"),
        ("/compare?a=" + "x" * 200, 400, "at most 120"),
        ("/compare/nonsense", 400, "No part"),
        ("/skill/pythn", 404, "did you mean"),
        ("/role/wizard", 404, "the page Roles lists all"),
        ("/nowhere", 404, "No such page"),
        ("/static/../app.py", 404, "No such page"),
        ("/compare?a=" + "x" * 3_000, 414, "too long"),
    ],
)
def test_refusals(client: TestClient, address: str, status: int, said: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert said in answer.text
    assert "Traceback" not in answer.text


def test_a_refusal_as_json(client: TestClient) -> None:
    answer = client.get("/api/compare", params={"a": "AI Enginer"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["title"] == "No such role"
    assert {"text": "AI Engineer", "href": "/api/compare?a=AI+Engineer"} in told["links"]


def test_a_filter_that_leaves_nothing_can_be_dropped(client: TestClient) -> None:
    page = client.get("/compare", params={"country": "US", "level": "intern", "a": "AI Engineer"})
    assert page.status_code == 200
    assert "Not enough evidence" in page.text
    assert "Without level intern" in page.text
    assert "Without country" not in page.text
    assert "/compare?a=AI+Engineer&amp;b=ML+Engineer&amp;country=US" in page.text


def test_headers(client: TestClient) -> None:
    for address in ("/compare", "/api/roles", "/static/style.css", "/nowhere"):
        headers = client.get(address).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "169.254.169.254", ""])
def test_another_host_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/compare", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1", "[::1]:9"])
def test_own_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/method", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
    ],
)
def test_posts_from_elsewhere_are_refused(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/check", data={"text": "AI engineers earn more."}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("origin", ["null", HOST])
def test_posts_of_its_own_pages_are_taken(client: TestClient, origin: str) -> None:
    headers = {"origin": origin, "sec-fetch-site": "same-origin"}
    answer = client.post("/check", data={"text": "AI engineers earn more."}, headers=headers)
    assert answer.status_code == 200


def test_an_article_is_checked(client: TestClient) -> None:
    text = "AI engineers earn more than ML engineers. <script>alert(1)</script>"
    answer = client.post("/check", data={"text": text})
    assert answer.status_code == 200
    assert "ontradicted" in answer.text
    assert "<script" not in answer.text
    assert "sha256-" in answer.headers["content-security-policy"]
    told = client.post("/api/check", json={"text": text})
    assert told.status_code == 200
    assert client.post("/check", data={"text": " "}).status_code == 400
    assert client.post("/api/check", json={"text": ""}).status_code == 400


@pytest.mark.parametrize("address", ["/check", "/path", "/data"])
def test_what_is_too_large_is_refused(client: TestClient, address: str) -> None:
    body = b"x" * 200_000
    answer = client.post(address, files={"file": ("a.csv", body)}, data={"to": "AI Engineer"})
    assert answer.status_code == 413
    assert "At most" in answer.text

    def parts() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 5_000

    unsaid = client.post(
        address, content=parts(), headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert unsaid.status_code == 413


def test_the_way_to_a_role(client: TestClient) -> None:
    answer = client.post("/path", data={"to": "AI Engineer", "have": "Python, SQL"})
    assert answer.status_code == 200
    assert "The way to AI Engineer" in answer.text
    words = b"Jane Roe\nBuilt pipelines with Python and PyTorch.\n"
    told = client.post("/path", data={"to": "ML Engineer"}, files={"file": ("cv.md", words)})
    assert told.status_code == 200
    assert "Jane Roe" not in told.text
    bad = client.post("/path", data={"to": "ML Engineer"}, files={"file": ("cv.exe", words)})
    assert bad.status_code == 422
    assert ".pdf" in bad.text
    twin = client.post("/api/path", json={"to": "AI Engineer", "have": ["Python"]})
    assert twin.status_code == 200


def table(rows: int = 40) -> bytes:
    """Pay of two roles, one far above the other, and two rows that cannot be read."""
    lines = [
        f"{'AI Engineer' if k % 2 else 'ML Engineer'},{100_000 + 1_000 * k},USD"
        for k in range(rows)
    ]
    lines += ["AI Engineer,a lot,USD", "ML Engineer,-5,USD"]
    return "\n".join(["title,salary,currency", *lines]).encode()


def test_an_own_file_answers_its_browser_alone(client: TestClient, app) -> None:
    answer = client.post("/data", files={"file": ("../../pay.csv", table())})
    assert answer.status_code == 200
    assert "40 records" in answer.text
    assert "2 rows set aside" in answer.text
    assert "a lot" in answer.text
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert client.get("/api/compare").json()["gap"]["n"] == 40
    assert "your own file" in client.get("/compare").text
    with TestClient(app, base_url=HOST) as other:
        assert other.get("/api/compare").json()["gap"]["n"] > 3_000
    client.post("/data/forget")
    assert client.get("/api/compare").json()["gap"]["n"] > 3_000


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("pay.xlsx", b"PK", "not read"),
        ("pay.csv", b"", "empty"),
        ("pay.csv", b"title,salary,currency\nAI Engineer,a lot,USD\n", "No row could be read"),
        ("pay.csv", b"one,two\n1,2\n", "column"),
        ("pay.parquet", b"PAR1nonsense", ""),
    ],
)
def test_a_wrong_upload_says_why(client: TestClient, name: str, body: bytes, said: str) -> None:
    answer = client.post("/data", files={"file": (name, body)})
    assert answer.status_code in (400, 422)
    assert said in answer.text
    assert "/tmp" not in answer.text


def test_a_second_request_is_answered_while_one_is_heavy(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(*_: object) -> None:
        begun.set()
        go.wait(20)
        raise UsageError("done")

    monkeypatch.setattr("rolediff.doors.web.answers.where_hired", slow)
    heavy = threading.Thread(target=client.get, args=("/compare/where?country=GB",))
    heavy.start()
    assert begun.wait(20)
    assert client.get("/method").status_code == 200
    go.set()
    heavy.join()


def test_an_answer_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    hasty = make_app(bundled(), Catalogue.load(), limits=Limits(seconds=0.2))
    monkeypatch.setattr("rolediff.doors.web.answers.where_hired", lambda *_: time.sleep(1.5))
    with TestClient(hasty, base_url=HOST) as client:
        answer = client.get("/api/compare/where")
    assert answer.status_code == 503
    assert answer.json()["title"] == "Too long"


def test_answers_are_computed_once() -> None:
    kept, made = Kept(2), []

    def make(k: int):
        return lambda: made.append(k) or k

    assert [kept.of(k, make(k)) for k in (1, 1, 2, 3, 1)] == [1, 1, 2, 3, 1]
    assert made == [1, 2, 3, 1]

    def fails() -> None:
        made.append(9)
        raise UsageError("no")

    for _ in range(2):
        with pytest.raises(UsageError):
            kept.of("bad", fails)
    assert made.count(9) == 1


def test_own_files_are_let_go() -> None:
    sessions = Sessions(2, 100.0)
    tokens = [sessions.add(f"{k}", bundled()) for k in range(3)]
    assert [sessions.get(t) is not None for t in tokens] == [False, True, True]
    brief = Sessions(2, -1.0)
    assert brief.get(brief.add("x", bundled())) is None


def test_the_command_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["serve", "--port", "99999"]) == 2
    assert command(["serve", "--where", "country=US"]) == 2
    assert "filters of its own" in capsys.readouterr().err


def test_a_taken_port(capsys: pytest.CaptureFixture[str]) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert command(["serve", "--port", str(port)]) == 3
    assert "is taken" in capsys.readouterr().err


def test_skill_shares_by_hand() -> None:
    from rolediff.compare.skill_by_role import skill_by_role

    market = bundled()
    told = skill_by_role(market, "PyTorch", Catalogue.load().roles)
    share = {i: e for i, _, e in told.roles}["ml-engineer"]
    lines = market.postings().filter(pl.col("title") == "machine learning engineer")
    assert 0.3 < share.value < 0.8
    assert share.n >= lines.select(pl.col("ad").n_unique()).item()
    assert Path(told.source).name == "ashby"
