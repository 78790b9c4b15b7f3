"""The local page in a real browser: compare, filter, go back, scroll, send, print, by keyboard.

Needs the extras `web` and `browser` and a Chromium. Pictures are kept in the folder that
ROLEDIFF_SCREENSHOTS names, else in a temporary one.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from test_browser import OVERFLOW, SCHEMES, SERIOUS, browser, pictures, slow

pytestmark = pytest.mark.browser
__all__ = ["browser", "pictures"]

PAGES = {
    "compare": "/compare",
    "empty": "/compare?country=US&level=intern",
    "part": "/compare/where",
    "roles": "/roles",
    "role": "/role/ai-engineer",
    "skill": "/skill/python",
    "skill-form": "/skill",
    "check": "/check",
    "path": "/path",
    "data": "/data",
    "method": "/method",
    "problem": "/compare?a=AI+Enginer",
}
ARTICLE = (
    "# AI jobs\n\nAI engineers earn 30% more than ML engineers. Data scientists earn less than "
    "data engineers.\n\nMost AI engineers work in San Francisco."
)
RUN = "from rolediff.doors.cli import main; main()"
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
DEAD = """
[...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href').slice(1))
  .filter(id => !document.getElementById(id))
"""
TWICE = """
[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)
"""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a server of the command, on a free port."""
    pytest.importorskip("uvicorn", reason="needs the page: pip install 'rolediff[web,postings]'")
    pytest.importorskip("fastapi", reason="needs the page: pip install 'rolediff[web,postings]'")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen([sys.executable, "-c", RUN, "serve", "--port", str(port)])
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, running)
        yield address
    finally:
        running.terminate()
        running.wait(20)


def _wait(address: str, running: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert running.poll() is None, "the server ended"
        try:
            urlopen(f"{address}/method", timeout=20).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server did not answer")


@pytest.fixture(scope="module")
def axe() -> Any:
    found = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="needs axe-core: pip install 'rolediff[browser]'",
    )
    return found.Axe()


@pytest.fixture
def opened(browser: Any, site: str) -> Iterator[Any]:
    """Opens a page; at the end nothing may have been said on a console or asked elsewhere."""
    rooms, heard = [], []

    def make(address: str, width: int = 1280, **context: Any) -> Any:
        room = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=site, **context
        )
        room.set_default_timeout(60_000)
        rooms.append(room)
        page = room.new_page()
        page.add_init_script(SHIFTS)
        page.on("console", lambda said: heard.append(said.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("request", lambda asked: heard.extend(_elsewhere(asked.url, site)))
        page.goto(address)
        return page

    yield make
    for room in rooms:
        room.close()
    assert [said for said in heard if "status of 404" not in said] == []


def _elsewhere(url: str, site: str) -> list[str]:
    return [] if url.startswith((f"{site}/", "data:")) else [url]


def _scrolled(page: Any) -> None:
    """Every later part, loaded as one scrolls to it."""
    while page.locator(".later[data-part]").count():
        before = page.locator(".later[data-part]").count()
        page.locator(".later[data-part]").first.scroll_into_view_if_needed()
        page.wait_for_function(f"document.querySelectorAll('.later[data-part]').length < {before}")
    page.wait_for_selector(".later[aria-busy=true]", state="detached")


LOOKED_AT = {("compare", 390, "dark"), ("check", 1280, "light"), ("problem", 390, "light")}
"""Pages that are looked at whenever pages are; all the others where there is time."""


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        pytest.param(*case, marks=[] if case in LOOKED_AT else slow)
        for case in product(PAGES, (1280, 390), SCHEMES)
    ],
)
def test_every_page_fits_and_axe_finds_nothing_serious(
    opened: Any, axe: Any, pictures: Path, name: str, width: int, scheme: str
) -> None:
    page = opened(PAGES[name], width, color_scheme=scheme, bypass_csp=True)
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate("window.shifted") < 0.1
    assert page.evaluate(DEAD) == []
    assert page.evaluate(TWICE) == []
    paper = page.evaluate("getComputedStyle(document.querySelector('.rolediff')).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 23, 26)"}[scheme]
    page.screenshot(path=pictures / f"web-{name}-{width}-{scheme}.png", full_page=True)
    _accessible(axe, page)


def _accessible(axe: Any, page: Any) -> None:
    found = axe.run(page).response
    assert len(found["passes"]) > 10
    bad = [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]
           if v["impact"] in SERIOUS]  # fmt: skip
    assert bad == []


def test_two_roles_are_compared_and_a_filter_answers_without_a_reload(opened: Any) -> None:
    page = opened("/compare")
    page.evaluate("window.same = true")
    assert page.locator("#roles option[value='Data Scientist']").count() == 1
    for field, role in (("a", "Data Engineer"), ("b", "Data Scientist")):  # both before one answer
        page.evaluate("([id, text]) => { document.getElementById(id).value = text }", [field, role])
    page.click("form.ask button")
    page.wait_for_url("**a=Data+Engineer&b=Data+Scientist*")
    page.wait_for_selector("h1:has-text('Data Engineer')")
    whole = page.text_content("#answer .answer")
    page.click("summary:has-text('Filters')")
    page.select_option("#f-level", "senior")
    page.wait_for_url("**level=senior")
    assert page.text_content("#answer .answer") != whole
    assert page.title().startswith("Data Engineer and Data Scientist")
    assert page.evaluate("window.same") is True
    assert page.evaluate("window.shifted") < 0.1
    page.go_back()
    page.locator("#answer .answer", has_text=whole).wait_for()
    assert page.input_value("#f-level") == ""
    page.go_forward()
    page.wait_for_url("**level=senior")
    assert page.input_value("#f-level") == "senior"
    assert page.text_content("#answer .answer") != whole
    page.go_back()
    page.go_back()
    page.locator("h1", has_text="AI Engineer").wait_for()
    assert (page.input_value("#a"), page.input_value("#b")) == ("AI Engineer", "ML Engineer")
    assert page.evaluate("window.same") is True
    page.go_forward()
    page.locator("#answer .answer", has_text=whole).wait_for()
    page.goto(page.url)
    assert page.text_content("#answer .answer") == whole


def test_back_finds_the_answer_as_it_was_left(opened: Any) -> None:
    page = opened("/compare", bypass_csp=True)
    _scrolled(page)
    page.evaluate("window.same = true")
    page.select_option("#f-money", "ppp", force=True)
    page.wait_for_url("**money=ppp")
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.go_back()
    page.wait_for_url("**/compare")
    page.wait_for_selector("h2#why", state="attached")
    assert page.locator(".later[data-part]").count() == 0
    assert page.input_value("#f-money") == "usd"
    assert page.evaluate("window.same") is True
    assert [url for url in asked if "/compare/" in url] == []


def test_a_step_within_the_page_is_no_reload(opened: Any) -> None:
    page = opened("/compare")
    page.evaluate("window.same = true")
    page.click("nav.within a:has-text('Method')")
    page.wait_for_url("**#how")
    page.go_back()
    assert page.evaluate("window.same") is True


@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=slow)])
def test_nothing_shifts_while_one_scrolls(opened: Any, width: int) -> None:
    page = opened("/compare", width)
    page.mouse.move(200, 500)
    for _ in range(150):
        page.mouse.wheel(0, 200)
        page.wait_for_timeout(60)
        if not page.locator(".later[data-part]").count():
            break
    assert page.locator(".later[data-part]").count() == 0
    assert page.evaluate("window.shifted") < 0.1


@pytest.mark.parametrize("by", ["address", "contents"])
def test_what_was_jumped_to_stays_while_parts_above_it_load(opened: Any, by: str) -> None:
    page = opened("/compare#part-why" if by == "address" else "/compare", 390)
    if by == "contents":
        page.click("nav.within a:has-text('Why')")
    page.wait_for_selector("h2#why")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    assert page.locator(".later[data-part]").count() < 3
    assert 0 <= page.locator("#part-why").bounding_box()["y"] < 120


def test_a_filter_that_leaves_too_little_says_so_in_place(opened: Any) -> None:
    page = opened("/compare?country=US")
    page.select_option("#f-level", "intern")
    page.wait_for_url("**level=intern")
    assert "Not enough evidence" in page.text_content("#answer .answer")
    page.click("text=Without level intern")
    page.wait_for_url(lambda url: "intern" not in url)
    assert "advertised" in page.text_content("#answer .answer")


def test_a_wrong_role_is_told_in_place(opened: Any) -> None:
    page = opened("/compare")
    page.fill("#a", "AI Enginer")
    page.press("#a", "Enter")
    page.wait_for_selector("#answer h1:has-text('No such role')")
    assert "see below" in page.text_content("[role=status]")


@pytest.mark.parametrize("width", [1280, pytest.param(390, marks=slow)])
def test_later_parts_load_when_scrolled_to(
    opened: Any, axe: Any, pictures: Path, width: int
) -> None:
    page = opened("/compare", width, bypass_csp=True)
    assert page.locator(".later[data-part]").count() > 2
    _scrolled(page)
    headings = page.locator("h2").all_text_contents()
    for name in ("Skills", "Work", "Where", "Trend", "Why"):
        assert headings.count(name) == 1
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate(DEAD) == []
    assert page.evaluate(TWICE) == []
    page.screenshot(path=pictures / f"web-compare-whole-{width}.png", full_page=True)
    _accessible(axe, page)


@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "dark"), pytest.param(1280, "light", marks=slow)]
)
def test_an_article_is_checked(
    opened: Any, axe: Any, pictures: Path, width: int, scheme: str
) -> None:
    page = opened("/check", width, color_scheme=scheme, bypass_csp=True)
    page.fill("#text", ARTICLE)
    page.click("form.ask button")
    page.wait_for_selector("text=What is wrong with it")
    assert page.evaluate(OVERFLOW) == 0
    assert page.locator("nav.top a[aria-current]").text_content() == "Check"
    page.screenshot(path=pictures / f"web-checked-{width}-{scheme}.png", full_page=True)
    _accessible(axe, page)


def test_the_style_of_a_checked_article_is_let_in(opened: Any) -> None:
    page = opened("/check")
    page.fill("#text", ARTICLE)
    page.click("form.ask button")
    page.wait_for_selector("text=What is wrong with it")
    assert page.evaluate("getComputedStyle(document.querySelector('nav.top')).display") == "flex"
    edge = "getComputedStyle(document.querySelector('.wrong > li')).borderInlineStartWidth"
    assert page.evaluate(edge) != "0px"


def test_a_salary_file_answers_and_is_let_go(opened: Any, pictures: Path) -> None:
    rows = [f"{'AI' if k % 2 else 'ML'} Engineer,{100_000 + 1_000 * k},USD" for k in range(40)]
    table = "\n".join(["title,salary,currency", *rows, "AI Engineer,a lot,USD"]).encode()
    page = opened("/data", 390)
    page.set_input_files("#file", {"name": "pay.csv", "mimeType": "text/csv", "buffer": table})
    page.click("text=Use it")
    page.wait_for_selector("text=40 records")
    assert page.evaluate(OVERFLOW) == 0
    page.screenshot(path=pictures / "web-uploaded-390.png", full_page=True)
    page.click("text=Compare two roles")
    page.wait_for_selector("text=your own file")
    assert "20 against 20 records" in page.text_content("#answer .answer")
    page.screenshot(path=pictures / "web-own-390.png", full_page=True)
    page.goto("/data")
    page.click("text=Let go of it")
    page.wait_for_selector("text=Answers rest on these sources")


def test_the_way_from_a_resume(opened: Any, axe: Any, pictures: Path) -> None:
    page = opened("/path", 390, bypass_csp=True)
    page.fill("#to", "ML Engineer")
    words = b"Jane Roe\nBuilt pipelines with Python and PyTorch.\n"
    page.set_input_files("#file", {"name": "cv.md", "mimeType": "text/plain", "buffer": words})
    page.click("text=Show the way")
    page.wait_for_selector("text=The way to ML Engineer")
    assert "Jane" not in page.content()
    assert page.evaluate(OVERFLOW) == 0
    page.screenshot(path=pictures / "web-way-390.png", full_page=True)
    _accessible(axe, page)


def test_by_keyboard_alone(opened: Any) -> None:
    page = opened("/compare")
    at = "document.activeElement.id || document.activeElement.textContent.trim()"
    page.keyboard.press("Tab")
    assert page.evaluate(at) == "To the content"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    order = []
    for _ in range(4):
        page.keyboard.press("Tab")
        order.append(page.evaluate(at))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline not in ("none", ""), order[-1]
    assert order == ["a", "b", "Filters", "Compare"]
    page.focus("#b")
    page.keyboard.press("Control+A")
    page.keyboard.type("Data Scientist")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Data Scientist')")


def test_nothing_moves_where_that_is_not_wanted(opened: Any) -> None:
    page = opened("/compare", reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate("document.getAnimations().length") == 0


@slow
@pytest.mark.parametrize("name", ["compare", "role", "skill", "method"])
def test_pages_print_on_a4(opened: Any, pictures: Path, name: str) -> None:
    page = opened(PAGES[name], 1000, color_scheme="dark")
    made = page.pdf(path=pictures / f"web-{name}.pdf", prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type ?/Page\b(?!s)", made)) <= 12
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("header.site").is_visible()
    assert not page.locator("form.ask").first.is_visible() if name != "method" else True


def test_it_is_whole_without_a_script(opened: Any) -> None:
    page = opened("/compare", java_script_enabled=False)
    page.fill("#b", "Data Scientist")
    page.click("form.ask button")
    page.wait_for_url("**b=Data+Scientist**")
    page.click("text=Show skills")
    page.wait_for_url("**/compare/skills?**")
    assert "Skills" in page.locator("h2").first.text_content()
