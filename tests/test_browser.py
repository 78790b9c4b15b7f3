"""The page of a report in a real browser: no overflow, no blocked style, accessible, printable.

Needs the extra `browser` and a Chromium. Pictures are kept in the folder that
ROLEDIFF_SCREENSHOTS names, else in a temporary one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from asking import PAIR, jobs

import rolediff
from rolediff.annotate.roles import Catalogue
from rolediff.report.brief_html import page as brief_page

pytestmark = pytest.mark.browser
slow = pytest.mark.slow

WIDTHS = (1280, 768, 390)
SCHEMES = ("light", "dark")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SERIOUS = ("serious", "critical")
# Text that runs out of the page, or into other text of the same chart.
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CLIPPED = """
[...document.querySelectorAll('svg.chart text')].filter(t => {
  const b = t.getBoundingClientRect();
  return b.left < 0 || b.right > document.documentElement.clientWidth;
}).map(t => t.textContent)
"""
OPENED = "document.querySelectorAll('details.more').forEach(d => { d.open = true; })"
OVERLAPS = """
[...document.querySelectorAll('svg.chart')].flatMap(svg => {
  const texts = [...svg.querySelectorAll('text')];
  const boxes = texts.map(t => [t.textContent, t.getBoundingClientRect()]);
  const found = [];
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const [s, a] = boxes[i], [t, b] = boxes[j];
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 1 && high > 5) found.push(s + ' | ' + t);
  }
  return found;
})
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    needed = pytest.fail if os.environ.get("ROLEDIFF_ALL_TESTS") else pytest.skip
    try:
        playwright = import_module("playwright.sync_api")
    except ImportError:
        needed("needs Playwright: pip install 'rolediff[browser]'")
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        needed("needs a Chromium on the path: install your system's package")
    with playwright.sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    named = os.environ.get("ROLEDIFF_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(rolediff.gather(*PAIR).html(), encoding="utf-8")
    return path


def opened(browser: Any, file: Path, width: int = 390, **context: Any) -> tuple[Any, list[str]]:
    """The page, and what the console says and the network is asked of."""
    room = browser.new_context(viewport={"width": width, "height": 900}, **context)
    page = room.new_page()
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda asked: heard.append(asked.url))
    page.goto(file.as_uri())
    heard.remove(file.as_uri())
    return page, heard


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        pytest.param(width, scheme, marks=[] if (width, scheme) == (390, "dark") else slow)
        for width in WIDTHS
        for scheme in SCHEMES
    ],
)
def test_it_fits_the_screen(
    browser: Any, file: Path, pictures: Path, width: int, scheme: str
) -> None:
    page, heard = opened(browser, file, width, color_scheme=scheme)
    page.screenshot(path=pictures / f"report-{width}-{scheme}.png", full_page=True)
    page.evaluate(OPENED)
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate(OVERLAPS) == []
    page.screenshot(path=pictures / f"report-{width}-{scheme}-open.png", full_page=True)
    assert heard == []


LONG = "Senior Principal Machine Learning Platform Engineer (m/f/d) in Donaudampfschifffahrt"


@slow
@pytest.mark.parametrize("kind", ["few", "long names"])
def test_a_report_of_little_and_one_of_long_names_fit_a_phone(
    browser: Any, tmp_path: Path, kind: str
) -> None:
    roles = [Catalogue.load().resolve(name) for name in PAIR]
    if kind == "long names":
        roles = [replace(r, label=f"{LONG} {r.label}", plural=f"{LONG} {r.plural}") for r in roles]
    made = rolediff.gather(*roles, jobs(14 if kind == "few" else 120))
    path = tmp_path / "page.html"
    path.write_text(made.html(), encoding="utf-8")
    page, heard = opened(browser, path)
    page.evaluate(OPENED)
    found = [page.evaluate(script) for script in (OVERFLOW, CLIPPED, OVERLAPS)]
    assert (found, heard) == ([0, [], []], [])


@slow
def test_a_view_in_a_dark_notebook_can_be_read(
    browser: Any, tmp_path: Path, pictures: Path
) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="needs axe-core: pip install 'rolediff[browser]'",
    )
    made = rolediff.gather(*PAIR, jobs(120))
    cells = "".join(x._repr_html_() for x in (made.why, made.hired))
    path = tmp_path / "cells.html"
    head = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Cells</title>'
    dark = '<body style="background: #111; color: #eee"><main><h1>Cells</h1><h2>Two</h2>'
    path.write_text(f"{head}{dark}{cells}</main>", encoding="utf-8")
    page, _ = opened(browser, path, 768, color_scheme="dark")
    found = axe.Axe().run(page).response["violations"]
    assert [(v["id"], v["impact"]) for v in found if v["impact"] in SERIOUS] == []
    page.screenshot(path=pictures / "notebook-dark.png", full_page=True)


@slow
@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_style_is_in_force_in_both_schemes(browser: Any, file: Path, scheme: str) -> None:
    page, _ = opened(browser, file, color_scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 23, 26)"}[scheme]


@slow
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1280, 390])
def test_no_serious_finding_of_axe(browser: Any, file: Path, width: int, scheme: str) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="needs axe-core: pip install 'rolediff[browser]'",
    )
    # The policy of the page keeps axe's own script out, as it should.
    page, _ = opened(browser, file, width, color_scheme=scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    found = axe.Axe().run(page).response
    assert len(found["passes"]) > 20
    assert [(v["id"], v["impact"]) for v in found["violations"] if v["impact"] in SERIOUS] == []


def test_tables_open_by_keyboard_and_fit(browser: Any, file: Path) -> None:
    page, _ = opened(browser, file)
    first = page.locator("summary").first
    first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1
    assert page.locator("details[open] table").first.is_visible()
    assert page.evaluate(OVERFLOW) == 0


def test_the_first_tab_skips_to_the_answer(browser: Any, file: Path) -> None:
    page, _ = opened(browser, file)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#pay")


@slow
def test_nothing_moves_where_that_is_not_wanted(browser: Any, file: Path) -> None:
    smooth = {}
    for motion in ("reduce", "no-preference"):
        page, _ = opened(browser, file, reduced_motion=motion)
        smooth[motion] = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
        assert page.evaluate("document.getAnimations().length") == 0
    assert smooth == {"reduce": "auto", "no-preference": "smooth"}


def test_it_prints_on_a4(browser: Any, file: Path, pictures: Path) -> None:
    page, _ = opened(browser, file, 1000, color_scheme="dark")
    made = page.pdf(path=pictures / "report.pdf", prefer_css_page_size=True, print_background=True)
    assert made.startswith(b"%PDF")
    assert 8 <= made.count(b"/Type /Page\n") + made.count(b"/Type /Page/") <= 30
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("nav").is_visible()
    charts = page.locator("svg.chart")
    assert charts.count() > 20
    for k in range(charts.count()):  # those that are folded on a screen too
        assert charts.nth(k).bounding_box()["height"] > 20


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("brief") / "brief.html"
    path.write_text(brief_page(rolediff.brief(*PAIR)), encoding="utf-8")
    return path


@slow
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_brief_fits_and_axe_finds_nothing_serious(
    browser: Any, article: Path, pictures: Path, width: int, scheme: str
) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="needs axe-core: pip install 'rolediff[browser]'",
    )
    page, heard = opened(browser, article, width, color_scheme=scheme, bypass_csp=True)
    assert page.evaluate(OVERFLOW) == 0
    page.screenshot(path=pictures / f"brief-{width}-{scheme}.png", full_page=True)
    found = axe.Axe().run(page).response
    assert len(found["passes"]) > 10
    assert [(v["id"], v["impact"]) for v in found["violations"] if v["impact"] in SERIOUS] == []
    assert heard == []
