"""A file fetched as a stream: resumed where it broke off, checked, and named only when whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rolediff.collect.client import Patience, again
from rolediff.collect.dataset import Slice
from rolediff.errors import CollectError, DataError

if TYPE_CHECKING:
    import httpx

MOST = 64 << 30
"""Bytes that one file may have."""
SLACK = 1 << 20
"""Bytes beyond twice what the manifest promises from which on a file is refused on its way."""
_OK, _PART, _RANGE = 200, 206, 416
Heard = Callable[[int], None]


def fetched(
    client: httpx.Client, part: Slice, target: Path, patience: Patience, heard: Heard
) -> str:
    """Fetch `part` to `target`; its sha256. `heard` is told how many bytes are there.

    A sound `target` is left as it is. What arrives stands in a file `.part` until it is whole, so
    that a run that was interrupted goes on from there.

    Raises:
        CollectError: it cannot be fetched, or is not what the manifest promises.
        DataError: it cannot be written.
    """
    if part.sha256 is not None and target.is_file() and digest(target) == part.sha256:
        heard(target.stat().st_size)
        return part.sha256
    partial = target.with_name(f"{target.name}.part")
    try:
        again(part.name, patience, lambda: _stream(client, part, partial, heard))
        found = digest(partial)
        _promised(part, partial, found)
        partial.replace(target)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise DataError(f"cannot write {target} ({why}): make room, then run it again") from error
    return found


def digest(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stream(client: httpx.Client, part: Slice, partial: Path, heard: Heard) -> None:
    """Fetch what is not there yet. Only bytes with a promised hash are trusted to go on from."""
    have = partial.stat().st_size if part.sha256 and partial.is_file() else 0
    # As it stands: what is compressed on its way has other places and another length than the file.
    headers = {"Accept-Encoding": "identity"}
    headers |= {"Range": f"bytes={have}-"} if have else {}
    most = min(MOST, 2 * part.size + SLACK) if part.size > 0 else MOST
    with client.stream("GET", part.url, headers=headers) as response:
        goes_on = have > 0 and _follows(response, have)
        if have and (response.status_code == _RANGE or _is_other_part(response, goes_on)):
            partial.unlink()
            return _stream(client, part, partial, heard)
        response.raise_for_status()
        with partial.open("ab" if goes_on else "wb") as file:
            size = have if goes_on else 0
            for piece in response.iter_bytes():
                size += len(piece)
                if size > most:
                    partial.unlink()
                    raise CollectError(f"{part.name} has more than {most:,} bytes: it is refused")
                file.write(piece)
                heard(size)
    return None


def _is_other_part(response: Any, goes_on: bool) -> bool:
    """Whether the answer is a part of the file that cannot be put after what is there."""
    encoded = response.headers.get("Content-Encoding", "identity") != "identity"
    return bool(response.status_code == _PART) and (encoded or not goes_on)


def _follows(response: Any, have: int) -> bool:
    """Whether the answer goes on from byte `have`."""
    said: str = response.headers.get("Content-Range", "")
    return bool(response.status_code == _PART) and said.startswith(f"bytes {have}-")


def _promised(part: Slice, partial: Path, found: str) -> None:
    if part.sha256 is None or found == part.sha256.lower():
        return
    size = partial.stat().st_size
    partial.unlink()
    short = f"{size:,} of {part.size:,} bytes came" if size != part.size else "its bytes differ"
    raise CollectError(
        f"{part.name} is not what the manifest promises ({short}): run the same command again, or "
        "later if the dataset is just being renewed"
    )
