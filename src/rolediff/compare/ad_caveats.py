"""What a reader must know about figures from the openings of two roles, and only what applies."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.market import PANEL, Market
from rolediff.results import GREY, OtherOpenings, RoleOpenings

Caveat = tuple[str, str]
LARGE = 0.2
"""Share of a role's openings from which on one employer is spoken of."""


COUNTED: Caveat = (
    "counted",
    "An opening is counted once in a role, however often and in whatever wording its employer "
    "posts it; an ad once in a role and country, which is how places and pay are told.",
)
"""What tells openings from ads, for answers that have both."""


def ad_caveats(
    a: RoleOpenings,
    b: RoleOpenings,
    excluded: int,
    other: OtherOpenings | None,
    what: str,
    alone: bool,
) -> tuple[Caveat, ...]:
    """Pairs of a code and a sentence; `what` is counted: "skills"; `alone`: in one source only."""
    second = (
        "; a second collection of postings, put beside it with `rolediff merge`, would check them"
        if alone
        else ""
    )
    return (
        ("source", f"Shares are among the openings of the employers of this one source{second}."),
        *_reposts(a, b),
        *_employer(a, b),
        *_few(a, b),
        *_excluded(excluded),
        *_other(other, what),
    )


def panel_caveat(market: Market, source: str, what: str) -> tuple[Caveat, ...]:
    """That `what` ("Nearest roles") rests on a panel of a source, where it does."""
    if not market.has_panel(source):
        return ()
    drawn = market.panel(source)
    postings, employers = int(drawn["n"].sum()), drawn["employer"].n_unique()
    return (
        (
            "panel",
            f"{what} rest on a panel: {source} has over {PANEL:,} postings, of which these are the "
            f"{postings:,} of {employers:,} employers drawn by chance.",
        ),
    )


def _reposts(a: RoleOpenings, b: RoleOpenings) -> Iterator[Caveat]:
    told = [
        f"{role.postings:,} postings for {role.plural} are {role.openings:,} openings"
        for role in (a, b)
        if role.postings > role.openings
    ]
    if told:
        yield (
            "reposts",
            f"{', and '.join(told)}: one posted again, or reworded a little for each country, "
            "counts once.",
        )


def _employer(a: RoleOpenings, b: RoleOpenings) -> Iterator[Caveat]:
    for role in (a, b):
        if role.largest > LARGE:
            yield (
                "employer",
                f"One employer has {100 * role.largest:.0f} % of the openings of {role.plural}: "
                "see the shares with every employer weighing the same.",
            )


def _few(a: RoleOpenings, b: RoleOpenings) -> Iterator[Caveat]:
    for role in (a, b):
        if role.openings < GREY:
            yield (
                "few",
                (f"Only {role.openings} openings of {role.plural}: read these figures as a hint."),
            )


def _excluded(excluded: int) -> Iterator[Caveat]:
    if excluded:
        yield "both", f"{excluded:,} postings fit both roles and are left out."


def _other(other: OtherOpenings | None, what: str) -> Iterator[Caveat]:
    if other is not None and other.same < len(other.gaps):
        rest = len(other.gaps) - other.same
        yield (
            "reading",
            f"Titles read {'broadly' if other.reading == 'broad' else 'strictly'} turn {rest} of "
            f"{len(other.gaps)} differences in {what} round.",
        )
