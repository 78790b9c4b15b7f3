"""Distribution functions of scipy without the 0.15 s that importing `scipy.special` takes.

All of that goes to adapters for other libraries' arrays, which nothing here uses: the functions
themselves are one compiled module. A later `import scipy.special` finds it loaded and works as
ever.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

PACKAGE = "scipy.special"
COMPILED = f"{PACKAGE}._ufuncs"


_ONE_AT_A_TIME = Lock()


@cache
def special() -> Any:
    """A module with `stdtr`, `stdtrit`, `bdtr`, `gammaln`, `ndtr` and `log_ndtr`."""
    with _ONE_AT_A_TIME:
        for loaded in (PACKAGE, COMPILED):
            if loaded in sys.modules:
                return sys.modules[loaded]
        try:
            return _alone()
        except ImportError:  # another layout of scipy
            return import_module(PACKAGE)


def _alone() -> ModuleType:
    """The compiled module, imported below an empty package of that name."""
    import scipy

    empty = ModuleType(PACKAGE)
    empty.__path__ = [str(Path(scipy.__file__).parent / "special")]
    sys.modules[PACKAGE] = empty
    try:
        return import_module(COMPILED)
    finally:
        sys.modules.pop(PACKAGE, None)
