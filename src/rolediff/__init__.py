"""rolediff: a diff for job roles."""

__version__ = "0.1.0"
