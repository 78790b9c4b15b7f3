"""Smooth functions of estimates, which carry along what their errors follow from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rolediff.stats.cells import Floats


@dataclass(frozen=True, slots=True)
class Smooth:
    """A vector function of k estimates.

    `value` (P,); `jac` (P, k) its derivative, for the delta method; `moved` (P, G) its exact
    changes when each of G clusters is left out, for the jackknife, or (P, 0).
    """

    value: Floats
    jac: Floats
    moved: Floats

    def __add__(self, other: Smooth) -> Smooth:
        return Smooth(self.value + other.value, self.jac + other.jac, self.moved + other.moved)

    def __sub__(self, other: Smooth) -> Smooth:
        return Smooth(self.value - other.value, self.jac - other.jac, self.moved - other.moved)

    def __mul__(self, other: Smooth) -> Smooth:
        x, y = self.value[:, None], other.value[:, None]
        moved = x * other.moved + y * self.moved + self.moved * other.moved
        return Smooth(self.value * other.value, x * other.jac + y * self.jac, moved)

    def __rmul__(self, factor: float) -> Smooth:
        return Smooth(factor * self.value, factor * self.jac, factor * self.moved)

    def __rmatmul__(self, matrix: Floats) -> Smooth:
        return Smooth(matrix @ self.value, matrix @ self.jac, matrix @ self.moved)

    __array_ufunc__ = None

    def variance(self, vcov: Floats, scale: Floats) -> Floats:
        """Variances (P,): by the jackknife where there are changes, else from `vcov` (k, k).

        `scale` (G,) is the factor of each cluster's squared change.
        """
        if self.moved.shape[1]:
            jackknife: Floats = self.moved**2 @ scale
            return jackknife
        delta: Floats = np.sum((self.jac @ vcov) * self.jac, axis=1)
        return np.maximum(delta, 0.0)
