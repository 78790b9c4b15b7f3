"""How data of a user is to be read, and tables of pay read that way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rolediff.annotate.money import annualise_reading
from rolediff.records import Reading


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a table is to be read: see `rolediff.read.catalog.read`.

    `format` may also be one of `rolediff.read.recognise.POSTING_FORMATS`; `kind` says what its pay
    is: "advertised" or "paid"; `source` names the source, several files then being one.
    """

    mapping: Mapping[str, str] | None = None
    currency: str | None = None
    interval: str | None = None
    format: str | None = None
    kind: str | None = None
    source: str | None = None


def names_of(paths: Sequence[Path]) -> list[str]:
    """A name for the source in each file: its stem, with a number where two are the same."""
    seen: dict[str, int] = {}
    out = []
    for path in paths:
        seen[path.stem] = seen.get(path.stem, 0) + 1
        out.append(path.stem if seen[path.stem] == 1 else f"{path.stem}-{seen[path.stem]}")
    return out


def read_reading(data: Any, options: ReadOptions, name: str | None = None) -> Reading:
    """Records of a file or a frame, pay in US dollars a year."""
    from rolediff.read.catalog import read
    from rolediff.read.tables import read_table

    chosen = {
        "mapping": options.mapping,
        "currency": options.currency,
        "interval": options.interval,
        "name": name,
    }
    if isinstance(data, str | Path):
        reading = read(data, format=options.format, **chosen)  # type: ignore[arg-type]
    else:
        reading = read_table(data, **chosen)  # type: ignore[arg-type]
    kind = options.kind or reading.source.kind
    return annualise_reading(replace(reading, source=replace(reading.source, kind=kind)))
