"""What a reader must know about figures from the ads of two roles, and only what applies."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.results import GREY, OtherAds, RoleAds

Caveat = tuple[str, str]
LARGE = 0.2
"""Share of a role's ads from which on one employer is spoken of."""


def ad_caveats(
    a: RoleAds, b: RoleAds, excluded: int, other: OtherAds | None, what: str
) -> tuple[Caveat, ...]:
    """Pairs of a code and a sentence; `what` is counted: "skills"."""
    return (
        ("source", "Shares are among the ads of the employers of this one source."),
        *_reposts(a, b),
        *_employer(a, b),
        *_few(a, b),
        *_excluded(excluded),
        *_other(other, what),
    )


def _reposts(a: RoleAds, b: RoleAds) -> Iterator[Caveat]:
    for role in (a, b):
        if role.postings > role.ads:
            yield (
                "reposts",
                f"{role.postings:,} postings for {role.plural} are {role.ads:,} ads: those posted "
                "again, or changed a little for each country, count once.",
            )


def _employer(a: RoleAds, b: RoleAds) -> Iterator[Caveat]:
    for role in (a, b):
        if role.largest > LARGE:
            yield (
                "employer",
                f"One employer has {100 * role.largest:.0f} % of the ads of {role.plural}: see "
                "the shares with every employer weighing the same.",
            )


def _few(a: RoleAds, b: RoleAds) -> Iterator[Caveat]:
    for role in (a, b):
        if role.ads < GREY:
            yield "few", f"Only {role.ads} ads of {role.plural}: read these figures as a hint."


def _excluded(excluded: int) -> Iterator[Caveat]:
    if excluded:
        yield "both", f"{excluded:,} postings fit both roles and are left out."


def _other(other: OtherAds | None, what: str) -> Iterator[Caveat]:
    if other is not None and other.same < len(other.gaps):
        rest = len(other.gaps) - other.same
        yield (
            "reading",
            f"Titles read {'broadly' if other.reading == 'broad' else 'strictly'} turn {rest} of "
            f"{len(other.gaps)} differences in {what} round.",
        )
