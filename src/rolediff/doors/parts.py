"""A folder of annotated postings: one part for each input, and a manifest of those finished.

A rerun passes over every input whose part is there, made from the same bytes in the same way; a
run that was killed loses the part under work.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rolediff import __version__
from rolediff.doors.annotate import Asked, Tally, annotated, write
from rolediff.doors.progress import Course
from rolediff.errors import DataError, UnreadableError
from rolediff.read.stream import Entry

MANIFEST = "manifest.json"
_VERSION = 1

_Key = tuple[str, str]  # name of an input, SHA-256 of its bytes


@dataclass(frozen=True, slots=True)
class Part:
    """A finished part: the input it was made from, by name and content, and what came of it."""

    input: str
    sha256: str
    part: str
    bytes: int
    rows: int
    quarantined: int


def write_parts(asked: Asked, folder: Path, tally: Tally, course: Course) -> dict[str, int]:
    """Annotate each file into a part of its own in `folder`; counts of `parts` made and `kept`.

    Postings of parts that were there already count in `tally` too. A file of which nothing can be
    read has no part, and is tried again by a rerun; `UnreadableError` if that is so of all.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"cannot make the folder {folder}: choose another place") from error
    how = {"rolediff": __version__, "format": asked.format, "mapping": asked.mapping}
    done = _finished(folder, how)
    seen: set[_Key] = set()
    made = kept = 0
    for entry in asked.files:
        key = entry.name, _sha256(entry.path)
        seen.add(key)
        if part := done.get(key):
            tally.postings += part.rows
            kept += 1
        elif part := _made(asked, entry, key[1], folder, tally, course):
            made += 1
            done[key] = part
            _drop_older(folder, done, seen)
            _write_manifest(folder, how, list(done.values()))
        course.passed(entry.path.stat().st_size)
    if not tally.postings:
        raise UnreadableError("no posting could be read; --quarantine FILE says why")
    return {"parts": made, "kept": kept}


def _made(
    asked: Asked, entry: Entry, content: str, folder: Path, tally: Tally, course: Course
) -> Part | None:
    """The part of one input; None if nothing of it can be read."""
    name = f"{_plain(entry.name)}-{content[:12]}.jsonl"
    alone = Asked([entry], asked.format, asked.mapping)
    rows, aside = tally.postings, tally.quarantined
    try:
        write(annotated(alone, tally, course), folder / name)
    except UnreadableError:
        return None
    size = (folder / name).stat().st_size
    new = (tally.postings - rows, tally.quarantined - aside)
    return Part(entry.name, content, name, size, *new)


def _drop_older(folder: Path, done: dict[_Key, Part], seen: set[_Key]) -> None:
    """Forget and delete parts of inputs that have other content by now."""
    names = {name for name, _ in seen}
    for key in [key for key in done if key[0] in names and key not in seen]:
        (folder / done.pop(key).part).unlink(missing_ok=True)


def _plain(name: str) -> str:
    """A name of a file, whatever the path inside a folder it is made from."""
    return re.sub(r"[^\w.-]+", "-", name).strip(".-")[:100] or "postings"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _finished(folder: Path, how: dict[str, Any]) -> dict[_Key, Part]:
    """Parts of an earlier run in the same way that are still there, by input and content."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["version"] != _VERSION or manifest["made_with"] != how:
            return {}
        parts = [Part(**part) for part in manifest["parts"]]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {(part.input, part.sha256): part for part in parts if _is_whole(folder, part)}


def _is_whole(folder: Path, part: Part) -> bool:
    path = folder / part.part
    return path.name == part.part and path.is_file() and path.stat().st_size == part.bytes


def _write_manifest(folder: Path, how: dict[str, Any], parts: list[Part]) -> None:
    said = {"version": _VERSION, "made_with": how, "parts": [asdict(part) for part in parts]}
    partial = folder / f".{MANIFEST}.partial"
    partial.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.replace(folder / MANIFEST)
