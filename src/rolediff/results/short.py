"""A section of an answer for which there is not enough evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Short:
    """What fell short, in words with the number that did."""

    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"not_enough_evidence": self.reason}
