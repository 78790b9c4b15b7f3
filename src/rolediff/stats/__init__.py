"""Estimators on frequency-weighted cells. Knows numbers, not roles."""
