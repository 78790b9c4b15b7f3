"""Skills of two roles in sentences that every rendering shares."""

from __future__ import annotations

from collections.abc import Iterator

from rolediff.report.telling_words import headline, of_one
from rolediff.report.words import number
from rolediff.results import AskedAs, NearRole, SkillDiff, SkillPremium, Skills

SHOWN = 5
"""Skills named for each standing of a group."""


def sentence(s: Skills) -> str:
    """The answer in one sentence."""
    return headline(s.a, s.b, [d.told for d in s.skills], s.where_words, ("skills", "name"))


def asked(how: AskedAs) -> str:
    """Openings that require, prefer and only name it, "12 / 3 / 4"."""
    return f"{how.required} / {how.preferred} / {how.named}"


def group_lines(s: Skills, group: str) -> Iterator[str]:
    """What of a group is shared, of one role only, or more in one, in percent of openings."""
    mine = [d for d in s.skills if d.group == group]
    a, b = s.a.label, s.b.label
    for standing, words in (
        ("shared", "shared"),
        ("more A", f"more in {a}"),
        ("more B", f"more in {b}"),
        ("leans A", f"leaning to {a}"),
        ("leans B", f"leaning to {b}"),
        ("only A", f"only {a}"),
        ("only B", f"only {b}"),
    ):
        found = [d for d in mine if d.told.standing == standing]
        found.sort(key=lambda d: -d.told.count_a - d.told.count_b)
        if found:
            more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
            yield f"{words}: {', '.join(map(_pair, found[:SHOWN]))}{more}"


def most_telling(s: Skills, group: str, room: int) -> str:
    """What of a group tells the roles apart, then what most openings name, in `room` characters."""
    mine = [d for d in s.skills if d.group == group]
    mine.sort(key=lambda d: (not d.told.leans, -d.told.count_a - d.told.count_b, d.name))
    said = ""
    for d in mine:
        more = f"{said}, {_pair(d)}" if said else _pair(d)
        if len(more) > room:
            break
        said = more
    return said


def _pair(d: SkillDiff) -> str:
    return f"{d.name} {number(100 * d.told.a.value)} v {number(100 * d.told.b.value)}"


def similarity_lines(s: Skills, most: int | None = None) -> Iterator[str]:
    """How alike the roles are, and which other roles (at most `most`) are nearest."""
    yield (
        f"{s.a.label} and {s.b.label}: {of_one(s.similarity)} of 1; "
        f"{of_one(s.similarity_alike)} with every employer weighing the same."
    )
    for role, near in ((s.a, s.nearest_a), (s.b, s.nearest_b)):
        if near:
            yield f"Nearest others to {role.label}: {', '.join(map(_near, near[:most]))}."


def _near(role: NearRole) -> str:
    e = role.similarity
    return f"{role.label} {e.value:.2f}" + (
        f" ({e.low:.2f}–{e.high:.2f})" if e.low is not None and e.high is not None else ""
    )


def priced(s: Skills) -> list[SkillPremium]:
    """Premiums whose interval leaves out zero, the largest first."""
    found = [d.premium for d in s.skills if d.premium is not None]
    clear = [
        p
        for p in found
        if p.together.low is not None
        and p.together.high is not None
        and not p.together.low <= 0 <= p.together.high
    ]
    return sorted(clear, key=lambda p: (-p.together.value, p.skill))


def premium_line(s: Skills) -> str:
    """What premiums rest on, and whether there are any; empty where none could be estimated."""
    tested = sum(d.premium is not None for d in s.skills)
    if not tested:
        return ""
    basis = (
        f"{s.paid:,} openings of both roles with pay; role, country, level and the other skills "
        "held equal, effects drawn toward zero"
    )
    clear = len(priced(s))
    if not clear:
        return f"None of {tested} skills goes with clearly more or less pay ({basis})."
    return f"{clear} of {tested} skills by their own interval ({basis})."
