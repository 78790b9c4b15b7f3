"""Made-up résumés as PDF, written by hand so that no library is needed to make them."""

from __future__ import annotations

from pathlib import Path

TEXT = "Jo Example, 1 Hidden Lane. Skills: Python, PyTorch and SQL."


def pdf(path: Path, text: str = TEXT, pages: int = 1) -> Path:
    """A PDF with `text` on its pages; without text its pages hold nothing, as a scan does."""
    draw = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET" if text else "q 100 0 0 100 0 0 cm Q"
    kids = " ".join(f"{4 + i} 0 R" for i in range(pages))
    content = 4 + pages
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R "
        "/Resources << /Font << /F1 3 0 R >> >> >>"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *[page] * pages,
        f"<< /Length {len(draw)} >>\nstream\n{draw}\nendstream",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{at:010d} 00000 n \n" for at in places)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    path.write_bytes(out + f"{tail}startxref\n{len(out)}\n%%EOF\n".encode("latin-1"))
    return path
