"""How many samples a simulation draws."""

from __future__ import annotations

import os

ASKED = "ROLEDIFF_DRAWS"
"""Environment variable with the number of draws, in place of each simulation's own."""


def draws(usual: int) -> int:
    """So many draws as the environment asks for, or the `usual` number."""
    return int(os.environ.get(ASKED, usual))
