"""A folder of annotated postings: parts of each input, and a manifest of those finished.

A rerun passes over every input whose parts are there, made from the same bytes in the same way; a
run that was killed loses the batches under work. Parts under work are in a hidden folder, and
move to their place when their input is finished and the manifest names them.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rolediff.doors.annotate import Asked, Tally
from rolediff.doors.progress import Course
from rolediff.errors import DataError
from rolediff.flow.annotating import Told, annotated_blocks
from rolediff.flow.inputs import Input
from rolediff.flow.kept import Kept, whole

MANIFEST = "manifest.json"
PAUSE = 2.0
"""Seconds after which finished inputs are entered in the manifest, at the soonest."""

_VERSION = 2
_WORK = ".work"


@dataclass(frozen=True, slots=True)
class Part:
    """A finished part: the input it was made from, by name and content, and what came of it.

    `block` = which of the `blocks` of its input it holds; `quarantined` counts those of them all.
    """

    input: str
    sha256: str
    part: str
    bytes: int
    rows: int
    quarantined: int
    key: str
    block: int
    blocks: int


class Parts:
    """The parts in a folder, and their manifest."""

    def __init__(self, folder: Path, asked: Asked) -> None:
        self.folder, self.suffix, self.how = folder, asked.suffix, asked.how
        self.kept = Kept(folder / _WORK)
        self.kept.begin()
        self.listed = self._listed()
        self.finished: list[Part] = []
        self.last = time.monotonic()

    def of(self, input: Input) -> list[Part]:
        """The parts of an input, if an earlier run in the same way made them all."""
        mine = [part for part in self.listed if part.key == input.key]
        return mine if mine and all(map(self._is_whole, mine)) else []

    def finish(self, told: list[Told]) -> int:
        """Enter the parts of an input that is done; how many are made."""
        with_rows = [one for one in told if one.done.rows]
        quarantined = sum(len(one.done.bad) for one in told)
        for one in with_rows:
            name = _name(one.input, one.block.number, len(with_rows), self.suffix)
            part = Part(
                one.input.entry.name, one.input.sha256, name, one.done.bytes[self.suffix],
                one.done.rows, quarantined, one.input.key, one.block.number, len(told),
            )  # fmt: skip
            self.finished.append(part)
        if time.monotonic() - self.last > PAUSE:
            self.enter()
        return len(with_rows)

    def enter(self) -> None:
        """Write the manifest with what is finished, put parts in their place, drop older ones."""
        keys = {part.key for part in self.finished}
        names = {part.input for part in self.finished}
        now = {part.part for part in self.finished}
        stays = [p for p in self.listed if p.key not in keys and p.input not in names]
        older = [p for p in self.listed if p not in stays and p.part not in now]
        self.listed = [*stays, *self.finished]
        self._write()
        for part in self.finished:
            self._is_whole(part)
        for part in older:
            (self.folder / part.part).unlink(missing_ok=True)
        self.finished, self.last = [], time.monotonic()

    def _is_whole(self, part: Part) -> bool:
        """Whether a part is there; from the hidden folder it is put in its place."""
        path, waiting = self.folder / part.part, self.kept.path(part.key, part.block, self.suffix)
        if path.name != part.part:
            return False
        if waiting.is_file() and waiting.stat().st_size == part.bytes:
            waiting.replace(path)
            if (done := self.kept.noted(part.key, part.block)) and not done.bad:
                waiting.with_suffix(".json").unlink(missing_ok=True)
        return path.is_file() and path.stat().st_size == part.bytes

    def _listed(self) -> list[Part]:
        try:
            manifest = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
            if manifest["version"] != _VERSION:
                return []
            return [Part(**part) for part in manifest["parts"]]
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def _write(self) -> None:
        parts = [asdict(part) for part in self.listed]
        said: dict[str, Any] = {"version": _VERSION, "made_with": self.how, "parts": parts}
        with whole(self.folder / MANIFEST) as partial:
            text = json.dumps(said, ensure_ascii=False, indent=1, default=str) + "\n"
            partial.write_text(text, encoding="utf-8")


def write_parts(asked: Asked, folder: Path, tally: Tally, course: Course) -> dict[str, int]:
    """Annotate each file into parts of its own in `folder`; counts of parts `made` and `kept`.

    Postings of parts that were there already count in `tally` too. A file of which nothing can be
    read has no part, and is tried again by a rerun; `UnreadableError` if that is so of all.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"cannot make the folder {folder}: choose another place") from error
    parts = Parts(folder, asked)
    way = asked.way(parts.kept)
    counts = {"parts": 0, "kept": 0}
    todo = _todo(asked, parts, tally, course, counts)
    told: list[Told] = []
    try:
        for one in annotated_blocks(todo, parts.kept, way):
            if told and told[0].input != one.input:
                counts["parts"] += parts.finish(told)
                told = []
            told.append(one)
            tally.heard(one, course)
        counts["parts"] += parts.finish(told)
    finally:
        parts.enter()
    _tidy(parts)
    if not tally.postings:
        raise tally.nothing(0)
    return counts


def _todo(
    asked: Asked, parts: Parts, tally: Tally, course: Course, counts: dict[str, int]
) -> Iterator[Input]:
    """The inputs that are still to be done; the others are counted."""
    for entry in asked.files:
        input_ = asked.input(entry)
        have = parts.of(input_)
        if not have:
            yield input_
            continue
        counts["kept"] += len(have)
        tally.postings += sum(part.rows for part in have)
        for number in range(have[0].blocks):
            if done := parts.kept.noted(input_.key, number):
                tally.took(done.quarantine)
        course.passed(entry.path.stat().st_size)


def _tidy(parts: Parts) -> None:
    """Nothing of a run that is over stays but notes of what was set aside."""
    keys = {part.key for part in parts.listed}
    for path in list(parts.kept.folder.iterdir()):
        if path.suffix != ".json" or path.name.rpartition("-")[0] not in keys:
            path.unlink(missing_ok=True)
    if not any(parts.kept.folder.iterdir()):
        parts.kept.remove()


def _name(input: Input, block: int, parts: int, suffix: str) -> str:
    """A name of a part, whatever the path inside a folder its input has."""
    plain = re.sub(r"[^\w.-]+", "-", input.entry.name).strip(".-")[:100] or "postings"
    number = f"-{block:05}" if parts > 1 else ""
    return f"{plain}-{input.key[:12]}{number}{suffix}"
