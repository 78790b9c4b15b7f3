"""What can go wrong, as a tree.

    RolediffError (exit 1)
    ├── UsageError (2)            a flag, name or expression that cannot be understood
    │   ├── UnknownRoleError      no role, no alias; carries the nearest names
    │   ├── UnknownSkillError     no skill of the vocabulary; carries the nearest names
    │   └── MissingExtraError     a library that only an extra brings is not installed
    ├── DataError (3)             data missing or invalid
    │   ├── UnreadableError       no such file, empty, truncated, binary
    │   ├── ColumnError           a column that is needed is not there
    │   ├── MarketError           a folder that is no market, or two that do not fit together
    │   ├── CurrencyError         pay whose currency nobody stated
    │   └── CollectError          a dataset or board that cannot be fetched as promised
    └── NotEnoughEvidence (4)     the data cannot answer this question

Every message is one line and ends in what to do next.
"""

from __future__ import annotations


class RolediffError(Exception):
    """Any failure that rolediff foresees; `exit_code` is what the command returns."""

    exit_code: int = 1


class UsageError(RolediffError):
    """The request itself cannot be understood."""

    exit_code = 2


class UnknownRoleError(UsageError):
    """A name that is neither a role nor an alias; `suggestions` holds the nearest names."""

    def __init__(self, message: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.suggestions = suggestions


class UnknownSkillError(UsageError):
    """A name that is no skill of the vocabulary; `suggestions` holds the nearest names."""

    def __init__(self, message: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.suggestions = suggestions


class MissingExtraError(UsageError):
    """A library that only an extra brings is not installed."""


class DataError(RolediffError):
    """Data that is missing or invalid."""

    exit_code = 3


class UnreadableError(DataError):
    """A file that cannot be read as what it claims to be."""


class ColumnError(DataError):
    """A column that is needed and not there."""


class MarketError(DataError):
    """A folder that is no market, or markets that do not fit together."""


class CurrencyError(DataError):
    """Pay without a stated currency."""


class CollectError(DataError):
    """A dataset or a board that cannot be fetched, or is not what was promised."""


class NotEnoughEvidence(RolediffError):
    """The data at hand cannot answer the question; the message says what would."""

    exit_code = 4
