"""A table of a checked article, put together again from its cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rolediff.report.check_places import Passage


def table(cells: Sequence[Passage], text: str, told: Callable[[Passage], str]) -> Iterator[str]:
    """The cells of one table in their rows and columns; `text` is the article's.

    A cell stands under the column whose label it carries, else next to the cell before it. `told`
    is the HTML of a cell.
    """
    rows = _rows(cells, text)
    headed = len(rows) > 1 and not any(p.block.row or p.block.column for p in rows[0])
    head, body = (rows[0], rows[1:]) if headed and _labelled(rows[1:]) else ([], rows)
    corner = bool(head) and any(not row[0].block.row + row[0].block.column for row in body)
    labels = [*([""] if corner else []), *(p.text for p in head)]
    number = cells[0].block.table
    yield f'<div class="scroll words" role="group" tabindex="0" aria-label="Table {number}">'
    yield "<table>"
    if head:
        yield f"<tr>{'<td></td>' if corner else ''}{''.join(_head(p, told) for p in head)}</tr>"
    yield from (f"<tr>{''.join(_row(row, labels, told))}</tr>" for row in body)
    yield "</table>\n</div>"


def _rows(cells: Sequence[Passage], text: str) -> list[list[Passage]]:
    """Cells of one row stand in one line of the text, with tabs between them."""
    rows: list[list[Passage]] = []
    for p in cells:
        if not rows or text[p.block.start - 1 : p.block.start] != "\t":
            rows.append([])
        rows[-1].append(p)
    return rows


def _labelled(rows: Sequence[Sequence[Passage]]) -> bool:
    return any(p.block.column for row in rows for p in row)


def _head(p: Passage, told: Callable[[Passage], str]) -> str:
    return f'<th scope="col">{told(p)}</th>'


def _row(
    row: Sequence[Passage], labels: Sequence[str], told: Callable[[Passage], str]
) -> Iterator[str]:
    at = 0
    for p in row:
        place = _place(labels, p.block.column, at)
        yield "<td></td>" * (place - at)
        at = place + 1
        yield f"<td>{told(p)}</td>" if p.block.row else f'<th scope="row">{told(p)}</th>'


def _place(labels: Sequence[str], column: str, after: int) -> int:
    """The first column from `after` on with that label; `after` if there is none."""
    return labels.index(column, after) if column in labels[after:] else after
