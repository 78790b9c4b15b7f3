"""Templates and what they share: the environment, the style, the samples of a key."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from rolediff.report.printable import printable
from rolediff.report.svg import mark, tag
from rolediff.report.words import capital


@cache
def environment() -> Environment:
    """Templates escape all that is not markup already, and show no control character."""
    made = Environment(
        loader=PackageLoader("rolediff.report"), autoescape=True, undefined=StrictUndefined,
        finalize=_plain, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    made.filters["capital"] = capital
    made.globals["sample"] = sample
    return made


def _plain(x: Any) -> Any:
    return printable(x) if isinstance(x, str) and not isinstance(x, Markup) else x


def sample(kind: str) -> Markup:
    """The mark of a key, as it stands in the chart."""
    inside = mark(50, 7, kind)
    return tag("svg", inside, width=14, height=14, aria_hidden="true", overflow="visible")


@cache
def style(*names: str) -> Markup:
    """Style sheets of the templates, one after the other."""
    loader = environment().loader
    assert loader is not None
    texts = (loader.get_source(environment(), name)[0] for name in names)
    return Markup("\n".join(texts))


def style_hash(text: str) -> str:
    """The source expression by which a Content-Security-Policy allows this style and no other."""
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"sha256-{digest}"


def rendered(name: str, **context: Any) -> str:
    """A template with what it needs."""
    return environment().get_template(name).render(**context)
