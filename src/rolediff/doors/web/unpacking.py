"""Files that are larger unpacked than sent: Parquet and PDF, unpacked by a confined process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from rolediff.doors.web.confined import BROKEN, confined
from rolediff.errors import UnreadableError
from rolediff.read.extras import library
from rolediff.read.pdf import PdfText

MAGIC = b"PAR1"
COMPRESSED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
"""How gzip, zstd and zlib begin, which Polars would unpack without a bound."""
_TABLE = """
import polars as pl
source, to, rows, size = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
try:
    if pl.scan_parquet(source, glob=False).select(pl.len()).collect().item() > rows:
        sys.exit(3)
    table = pl.read_parquet(source, glob=False)
except (pl.exceptions.PolarsError, OSError):
    sys.exit(4)
if table.estimated_size() > size:
    sys.exit(3)
table.write_parquet(to, compression="uncompressed")
"""
_PDF = """
import json
from dataclasses import asdict
from rolediff.errors import UnreadableError
from rolediff.read.pdf import read_pdf
asked = json.loads(sys.argv[1])
try:
    told = asdict(read_pdf(sys.stdin.buffer.read(), **asked))
except UnreadableError as error:
    told = {"error": str(error)}
except MemoryError:
    sys.exit(3)
sys.stdout.buffer.write(json.dumps(told).encode())
"""


def unpacked(place: Path, *, rows: int, size: int, memory: int, seconds: float) -> Path:
    """The same table beside `place`, not compressed: at most `rows`, `size` bytes in memory.

    `memory` = bytes that unpacking may take where the system can bound them, `seconds` = its time.

    Raises:
        UnreadableError: it holds more, or cannot be read.
    """
    to = place.with_name(f"unpacked{place.suffix}")
    ended, _ = confined(_TABLE, place, to, rows, size, memory=memory, seconds=seconds)
    if ended == BROKEN:
        raise UnreadableError("it cannot be read as Parquet")
    if ended != 0:
        most = f"{rows:,} rows and {size // 1_000_000:,} MB"
        raise UnreadableError(f"unpacked it is too large: at most {most} are taken")
    return to


@dataclass(frozen=True, slots=True)
class BoundedPdf:
    """Reads a PDF as `read_pdf` does, within `memory` bytes and `seconds`."""

    memory: int
    seconds: float

    def __call__(
        self, data: bytes, name: str | Path, advice: str, pages: int, characters: int
    ) -> PdfText:
        """The text of at most `pages` pages and about `characters` characters.

        Raises:
            UnreadableError: as `read_pdf`, and where it needs more than its share.
            MissingExtraError: the extra `pdf` is not installed.
        """
        library("pypdf", "reading a PDF", "pdf")
        asked = {"name": str(name), "advice": advice, "pages": pages, "characters": characters}
        ended, said = confined(
            _PDF, json.dumps(asked), memory=self.memory, seconds=self.seconds, given=data
        )
        if ended != 0:
            raise UnreadableError(f"{name} takes too much to read as PDF: {advice}")
        told = json.loads(said)
        if "error" in told:
            raise UnreadableError(told["error"])
        return PdfText(**told)
