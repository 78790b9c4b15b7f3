"""The command as a whole: its name, its help, and where its verbs are gathered."""

from __future__ import annotations

from cyclopts import App, Parameter

from rolediff import __version__

app = App(
    name="rolediff",
    version=__version__,
    help=(
        "A diff for job roles: who is advertised at more, by how much, and why.\n\n"
        'Example: rolediff "AI Engineer" "ML Engineer" --where country=US\n\n'
        "Exit codes: 0 answered, 1 internal error, 2 usage, 3 data missing or invalid, "
        "4 not enough evidence, 5 a claim contradicted (check --strict)."
    ),
    help_format="plaintext",
    default_parameter=Parameter(negative=()),
)
