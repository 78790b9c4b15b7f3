"""The local page under hostile use: what is sent is bounded, escaped, and tells no path."""

from __future__ import annotations

import asyncio
import gzip
import io
import zlib
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from resumes import pdf
from starlette.testclient import TestClient

from rolediff.annotate.roles import Catalogue
from rolediff.doors.web.app import make_app
from rolediff.doors.web.kept import Kept
from rolediff.doors.web.limits import Limits
from rolediff.doors.web.unpacking import unpacked
from rolediff.doors.web.words import for_pages
from rolediff.errors import UnreadableError
from rolediff.market import bundled

HOST = "http://localhost"
START = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\x1b[31m{{7*7}}"


@pytest.fixture(scope="module")
def app() -> Any:
    return make_app(bundled(), Catalogue.load(), limits=Limits(rows=1_000))


@pytest.fixture
def client(app: Any) -> Iterator[TestClient]:
    with TestClient(app, base_url=HOST, raise_server_exceptions=False) as made:
        yield made


def harmless(text: str) -> bool:
    """Whether nothing of what was sent came back as markup, as a template or as a control."""
    return not any(
        x in text for x in ("<script>alert", "<img", "\x1b", "49[", "/tmp/", "Traceback")
    )


@pytest.mark.parametrize("page", ["/compare", "/compare/answer", "/compare/where", "/api/compare"])
@pytest.mark.parametrize(
    "field", ["a", "b", "country", "level", "year", "source", "industry", "remote", "money"]
)
def test_what_is_asked_is_only_text(client: TestClient, page: str, field: str) -> None:
    answer = client.get(page, params={field: HOSTILE})
    assert answer.status_code < 500
    if page.startswith("/api"):
        assert answer.headers["content-type"].endswith("json")
        assert "\x1b" not in answer.text
    else:
        assert harmless(answer.text)


@pytest.mark.parametrize("page", ["/role/", "/skill/", "/compare/", "/compare/part/", "/static/"])
def test_a_hostile_name_is_only_a_name(client: TestClient, page: str) -> None:
    for name in (
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "%ff",
        "☃",
    ):
        answer = client.get(f"{page}{name}")
        assert 400 <= answer.status_code < 500
        assert harmless(answer.text)


def test_a_hostile_file_and_article_are_only_text(client: TestClient) -> None:
    rows = b"title,salary,currency\n" + b"AI Engineer,100000,USD\n" * 6
    bad = f"AI Engineer,{HOSTILE.replace(',', '')},USD\n".encode()
    for name, body in ((f"{HOSTILE}.csv", rows + bad), (HOSTILE, rows), ("../../x.parquet", rows)):
        answer = client.post("/data", files={"file": (name, body)})
        assert answer.status_code in (200, 422)
        assert harmless(answer.text)
        assert harmless(client.get("/data").text)
    client.post("/data/forget")
    article = f"# {HOSTILE}\n\nAI engineers earn more than ML engineers. {HOSTILE}\n"
    assert harmless(client.post("/check", data={"text": article}).text)
    for name in (f"{HOSTILE}.md", "a.pdf", "a.docx"):
        answer = client.post("/check", files={"file": (name, article.encode())})
        assert answer.status_code in (200, 422)
        assert harmless(answer.text)
    for name in (f"{HOSTILE}.md", "cv.pdf", "cv.exe"):
        answer = client.post(
            "/path", data={"to": "AI Engineer"}, files={"file": (name, article.encode())}
        )
        assert answer.status_code in (200, 422)
        assert harmless(answer.text)


@pytest.mark.parametrize("address", ["/compare", "/roles", "/static/style.css", "/api/roles"])
def test_the_headers_alone(client: TestClient, address: str) -> None:
    whole, head = client.get(address), client.head(address)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "content-length", "content-security-policy"):
        assert head.headers[name] == whole.headers[name]


def test_no_icon_and_other_methods(client: TestClient) -> None:
    assert client.get("/favicon.ico").status_code == 204
    for address in ("/compare", "/api/compare"):
        answer = client.delete(address)
        assert answer.status_code == 405
        assert "GET" in answer.headers["allow"]


def asked(app: Any, address: str, receive: Any) -> tuple[int, str]:
    """Status and text of a post whose body comes from `receive`."""
    said: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    kind = b"multipart/form-data; boundary=x"
    headers = [(b"host", b"localhost"), (b"content-type", kind)]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "path": address, "raw_path": address.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "headers": headers, "server": ("localhost", 80), "client": ("x", 1),
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return said[0]["status"], b"".join(m.get("body", b"") for m in said).decode()


@pytest.mark.parametrize("address", ["/check", "/path", "/data", "/compare"])
def test_a_body_without_end_is_not_read(app: Any, address: str) -> None:
    most, came = 60_000_000, 0

    async def receive() -> dict[str, Any]:
        nonlocal came
        body = b"x" * (1 << 20) if came else START
        came += len(body)
        assert came < most, "it read on"
        return {"type": "http.request", "body": body, "more_body": True}

    status, text = asked(app, address, receive)
    assert status in (405, 413)
    assert "At most" in text or status == 405


@pytest.mark.parametrize(
    ("headers", "closed"),
    [
        ({"content-length": "100000000"}, False),
        ({"content-length": "1000000000"}, True),
        ({"transfer-encoding": "chunked"}, True),
    ],
)
def test_the_server_hangs_up_on_a_body_far_too_long(
    client: TestClient, headers: dict[str, str], closed: bool
) -> None:
    kind = {"content-type": "multipart/form-data; boundary=x"}
    endless = "transfer-encoding" in headers
    content = iter([START, b"x" * 60_000_000, b"x"]) if endless else b"x"
    answer = client.post("/data", content=content, headers={**kind, **headers})
    assert answer.status_code == 413
    assert (answer.headers.get("connection") == "close") is closed


def test_a_body_that_never_comes() -> None:
    async def receive() -> dict[str, Any]:
        await asyncio.sleep(60)
        raise AssertionError

    app = make_app(bundled(), Catalogue.load(), limits=Limits(seconds=0.2))
    status, text = asked(app, "/check", receive)
    assert status == 503
    assert "too long" in text


def parquet(rows: int) -> bytes:
    """A table of one row, many times: a few kilobytes."""
    out = io.BytesIO()
    row = {"title": "AI Engineer", "salary": 100_000, "currency": "USD"}
    made = {k: pl.repeat(v, rows, eager=True) for k, v in row.items()}
    pl.DataFrame(made).write_parquet(out, compression="zstd")
    return out.getvalue()


def test_a_table_that_grows_is_refused(client: TestClient) -> None:
    body = parquet(200_000)
    assert len(body) < 10_000
    answer = client.post("/data", files={"file": ("pay.parquet", body)})
    assert answer.status_code == 422
    assert "at most 1,000 rows" in answer.text
    assert client.post("/data", files={"file": ("pay.parquet", parquet(900))}).status_code == 200
    client.post("/data/forget")


@pytest.mark.parametrize("packed", [gzip.compress, zlib.compress])
def test_a_text_that_is_compressed_is_not_unpacked(client: TestClient, packed: Any) -> None:
    rows = b"title,salary,currency\n" + b"AI Engineer,100000,USD\n" * 100_000
    for name in ("pay.csv", "pay.jsonl", "pay.json"):
        answer = client.post("/data", files={"file": (name, packed(rows))})
        assert answer.status_code == 422
        assert "compressed: unpack it" in answer.text


def inflating(size: int) -> bytes:
    """A PDF of one page whose content is `size` bytes of text that says nothing, deflated."""
    content = zlib.compress(b"BT /F1 12 Tf (a) Tj ET\n" * (size // 23), 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(content), content),
    ]  # fmt: skip
    body, at = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        at.append(len(body))
        body += b"%d 0 obj%b endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in at)
    end = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)
    return body + b"xref\n0 5\n0000000000 65535 f \n" + table + end


@pytest.mark.parametrize(
    "less", [{"pdf_seconds": 0.5}, {"pdf_memory": 40_000_000}], ids=["time", "memory"]
)
def test_a_pdf_that_grows_is_refused_while_others_are_answered(less: dict[str, Any]) -> None:
    pytest.importorskip("pypdf", reason="needs pypdf: pip install 'rolediff[pdf]'")
    app = make_app(bundled(), Catalogue.load(), limits=Limits(**less))
    bomb = inflating(60_000_000)
    assert len(bomb) < 1_000_000
    with TestClient(app, base_url=HOST) as client:
        for address in ("/check", "/path"):
            data = {"to": "AI Engineer"} if address == "/path" else {}
            answer = client.post(address, files={"file": ("cv.pdf", bomb)}, data=data)
            assert answer.status_code == 422
            assert "takes too much to read as PDF" in answer.text
            assert harmless(answer.text)


def test_a_pdf_within_bounds_is_read(client: TestClient, tmp_path: Any) -> None:
    pytest.importorskip("pypdf", reason="needs pypdf: pip install 'rolediff[pdf]'")
    body = pdf(tmp_path / "cv.pdf").read_bytes()
    way = client.post("/path", data={"to": "ML Engineer"}, files={"file": ("cv.pdf", body)})
    assert way.status_code == 200
    assert "PyTorch" in way.text
    for address, data in (("/check", {}), ("/path", {"to": "ML Engineer"})):
        bad = client.post(address, data=data, files={"file": ("cv.pdf", body[:60])})
        assert bad.status_code == 422
        assert "PDF" in bad.text


def test_what_unpacks_a_table_is_bounded(tmp_path: Any) -> None:
    place = tmp_path / "a.parquet"
    place.write_bytes(parquet(3_000_000))
    bounds = {"rows": 10**9, "size": 10**9, "memory": 4 * 10**9, "seconds": 60.0}
    assert pl.read_parquet(unpacked(place, **bounds)).height == 3_000_000
    for less in ({"size": 1_000}, {"seconds": 0.01}, {"memory": 10**7}, {"rows": 10}):
        with pytest.raises(UnreadableError, match="too large"):
            unpacked(place, **{**bounds, **less})
    place.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(UnreadableError, match="cannot be read"):
        unpacked(place, **bounds)


def test_many_files_are_not_all_held(app: Any) -> None:
    table = b"title,salary,currency\n" + b"AI Engineer,100000,USD\n" * 6
    sessions = app.app.app.state.serving.sessions
    for _ in range(sessions.most + 3):
        with TestClient(app, base_url=HOST) as client:
            assert client.post("/data", files={"file": ("a.csv", table)}).status_code == 200
    assert len(sessions._own) == sessions.most


def test_what_fails_is_tried_again() -> None:
    kept = Kept(2)

    def fails() -> None:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        kept.of("x", fails)
    assert kept.of("x", lambda: 1) == 1
    assert not kept._locks


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("5 are needed; --reading broad finds 1,234", "names for the same job (Titles) find 1,234"),
        ('`rolediff roles` lists all; --title "..." searches titles', "the page Roles lists all"),
        ("no pay column among: a; name it with --map pay=COLUMN", "rename it in the file"),
        ("it is empty: name a résumé, or list skills: --have Python,SQL", "as Python, SQL"),
        ("nothing of it", "nothing of it"),
    ],
)
def test_messages_without_flags(said: str, shown: str) -> None:
    assert for_pages(said).endswith(shown)
    assert "--" not in for_pages(said)
