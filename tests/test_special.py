"""Functions of scipy.special without importing the package."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
from scipy import special as whole

from rolediff.stats.special import special

ALONE = """
import sys
from rolediff.stats.special import special
found = special()
assert "scipy.special" not in sys.modules and "scipy._lib._array_api" not in sys.modules
import scipy.special
assert scipy.special.stdtrit(7.0, 0.975) == found.stdtrit(7.0, 0.975)
assert abs(scipy.special.erf(1.0) - 0.8427007929497148) < 1e-15
"""


def test_functions_come_without_the_package_which_can_be_imported_after():
    done = subprocess.run(
        [sys.executable, "-c", ALONE], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_they_are_those_of_scipy():
    x = np.array([-8.0, -1.5, 0.0, 0.3, 4.0])
    assert np.array_equal(special().ndtr(x), whole.ndtr(x))
    assert np.array_equal(special().log_ndtr(x), whole.log_ndtr(x))
    assert np.array_equal(special().stdtr(3.5, x), whole.stdtr(3.5, x))
    assert np.array_equal(special().gammaln(x[3:]), whole.gammaln(x[3:]))
    assert special().bdtr(3.0, 10, 0.4) == whole.bdtr(3.0, 10, 0.4)
    assert special().stdtrit(9.0, 0.975) == whole.stdtrit(9.0, 0.975)
