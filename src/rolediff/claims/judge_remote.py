"""Claims that the work of a role is remote, hybrid or on site: shares of the records with pay."""

from __future__ import annotations

import numpy as np

from rolediff.annotate.roles import Role
from rolediff.claims.drafts import Draft, Drafted, measured, short
from rolediff.claims.judge_skill import share_wanted
from rolediff.claims.room import Room
from rolediff.claims.scopes import Scope, scopes
from rolediff.claims.words import keys_named
from rolediff.compare.brief_words import share as in_share
from rolediff.compare.sample import Sample
from rolediff.results import Claim, Estimate, Evidence, Short
from rolediff.stats.prevalence import Shares

SETTLE = "ads that state where the work is done, of many employers"


def judge_remote(claim: Claim, room: Room) -> Drafted:
    """The share of each role's records at the place of work that is named, in each scope."""
    mode = keys_named(" ".join((*claim.items, claim.text)), "remote")[0]
    points = [
        _point(claim, room, role, scope, mode)
        for role in room.roles(claim)
        for scope in scopes(claim, room.base, room.market)
    ]
    return Drafted(claim, tuple(points), SETTLE, ("among records with pay, stated or not",))


def _point(claim: Claim, room: Room, role: Role, scope: Scope, mode: str) -> Draft:
    part = f"{mode} for {role.plural}" if len(claim.roles) > 1 else mode
    side, found = room.first(room.sides(role, claim), lambda s: room.paid(s, scope))
    if isinstance(found, Short):
        return short(part, found.reason, scope.name)
    e = share_at(found.sample, side.is_a, mode)
    allowed, words = share_wanted(claim, room)
    what = f"records of {role.plural}{scope.within} that are {mode}"
    printed = f"{room.command('', side, scope)} --json"
    return measured(part, scope.name, e, allowed, room.rule, figure=f"{what}: {in_share(e)}",
                    claimed=words,
                    evidence=(Evidence(what, e, "share", e.source, printed),))  # fmt: skip


def share_at(sample: Sample, side: bool, mode: str) -> Estimate:
    """The share of one role's records at a place of work ("remote"), stated or not."""
    factor, codes = sample.factors["remote"]
    mine = sample.is_a == side
    hit = np.array([label == mode for label in factor.labels])[codes][mine]
    n = sample.n[mine]
    unit = np.arange(len(n)) if sample.unit is None else np.unique(
        sample.unit[mine], return_inverse=True
    )[1]  # fmt: skip
    hits, sizes = (np.bincount(unit, w).astype(np.float64) for w in (n * hit, n))
    found = Shares.of(hits[:, None], sizes)
    low, high = (None if np.isnan(x[0]) else float(x[0]) for x in (found.low, found.high))
    method = f"Wilson at the effective sample size, {sample.clusters()}"
    return Estimate(float(found.value[0]), low, high, found.n, clusters=found.clusters,
                    method=method, source=sample.source)  # fmt: skip
