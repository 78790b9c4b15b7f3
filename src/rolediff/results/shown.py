"""What every answer can do beside holding numbers: show itself, be drawn, become a table.

Results know no screen: the rooms that render them are imported by name when they are asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


class Shown:
    """Notebook view, chart and tables of an answer.

    `tables` names its tables, the most natural one first; estimates are columns `x`, `x_low`,
    `x_high`.
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        """A short view for a notebook: the answer, its chart, the table behind it."""
        return str(_room("notebook").fragment(self))

    def plot(self) -> Any:
        """The chart of the answer as an Altair chart.

        Raises:
            MissingExtraError: Altair is not installed (`pip install 'rolediff[plots]'`).
            NotEnoughEvidence: there is nothing to draw.
        """
        return _room("plots").plot(self)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that `to_polars` and `to_pandas` give."""
        return tuple(_room("tables").names(self))

    def to_polars(self, table: str | None = None) -> pl.DataFrame:
        """A table of the answer, by default the first of `tables`.

        Raises:
            UsageError: no such table.
        """
        frame: pl.DataFrame = _room("tables").frame(self, table)
        return frame

    def to_pandas(self, table: str | None = None) -> pd.DataFrame:
        """The same for pandas.

        Raises:
            UsageError: no such table.
            MissingExtraError: pandas is not installed.
        """
        frame: pd.DataFrame = _room("tables").pandas_frame(self, table)
        return frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The first table as an Arrow stream, by which any Arrow library can take the answer."""
        return self.to_polars().__arrow_c_stream__(requested_schema)


def _room(name: str) -> Any:
    return import_module(f"rolediff.report.{name}")
