"""A report as one page of HTML that needs nothing else: no script, no font, no network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rolediff import __version__
from rolediff.report.figures import Part
from rolediff.report.linked import embedded, linked_data
from rolediff.report.pages import rendered, style, style_hash
from rolediff.report.parts import parts
from rolediff.report.words import capital, rates
from rolediff.results import Report, Short


def page(r: Report) -> str:
    """The whole document; the same report gives the same bytes."""
    made = list(parts(r))
    look = style("style.css", "page.css")
    return rendered(
        "report.html",
        title=capital(f"{r.a} and {r.b}"),
        answer=sentence(r),
        only=r.where_words,
        parts=made,
        figures=[f for p in made for f in p.figures],
        mind=[text for _, text in r.caveats],
        sources=[{"line": source_words(s), "url": _web(s)} for s in r.sources],
        rates="" if isinstance(r.pay, Short) else rates(r.pay),
        linked=embedded(linked_data(r.pay)),
        style=look,
        style_hash=style_hash(look),
        version=__version__,
    )


def section(p: Part) -> str:
    """One part by itself, with the method of its figures: a fragment for a page that has more."""
    return rendered("part.html", part=p)


def sentence(r: Report) -> str:
    """The answer: of pay, or of the first part that can be told."""
    made = parts(r)
    return next((p.answer for p in made if p.answer), "Not enough evidence.")


def source_words(s: Mapping[str, Any]) -> str:
    """A source in words: title, licence, version, date of retrieval, size."""
    licence = "licence not stated" if s.get("licence") in (None, "", "unknown") else s["licence"]
    found = [s["title"] or s["name"], licence]
    found += [f"version {s['version']}"] if s.get("version") else []
    found += [f"retrieved {s['retrieved']}"] if s.get("retrieved") else []
    found += [f"{s['records']:,} records"] if s.get("records") else []
    return ", ".join(map(str, found))


def _web(s: Mapping[str, Any]) -> str:
    """The address of a source, if it is one of the web."""
    url = str(s.get("url") or "")
    return url if url.startswith(("https://", "http://")) else ""
