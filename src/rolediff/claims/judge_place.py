"""Claims on where a role is hired and where it is paid best: industries and countries."""

from __future__ import annotations

from dataclasses import replace

from rolediff.claims.drafts import Drafted, untestable
from rolediff.claims.place_points import Asked, Question, points_of_role
from rolediff.claims.places import Kind
from rolediff.claims.room import Room
from rolediff.claims.scopes import ALL, Scope, region_codes, scopes
from rolediff.claims.words import around, said
from rolediff.results import Claim

SETTLE = {
    "industry": "postings of each role that name employers, from many boards, with their industry",
    "country": "records of each role with pay from enough employers of every country that is meant",
}


def judge_industry(claim: Claim, room: Room) -> Drafted:
    """Industries that hire a role, hire it most, or pay it best."""
    return _judge(claim, room, "industry")


def judge_country(claim: Claim, room: Room) -> Drafted:
    """Countries that pay a role best, or hire it; a region among them bounds the others."""
    regions = tuple(item for item in claim.items if region_codes(item, room.market))
    left = tuple(item for item in claim.items if item not in regions)
    if len(regions) == 1 and left:
        claim = replace(claim, items=left, region=regions[0])
    return _judge(claim, room, "country")


def _judge(claim: Claim, room: Room, kind: Kind) -> Drafted:
    if not claim.items:
        what = f"the claim names no {kind}"
        return Drafted(claim, (untestable(kind, what),), SETTLE[kind])
    asks = _asks(claim, room, kind)
    points = [
        p
        for role in room.roles(claim)
        for scope in _scopes(claim, room, kind)
        for p in points_of_role(Asked(claim, room, kind, asks, role, scope))
    ]
    return Drafted(claim, tuple(points), SETTLE[kind], _notes(room, asks))


def _scopes(claim: Claim, room: Room, kind: Kind) -> tuple[Scope, ...]:
    """Of countries one scope, for they are places themselves; of industries as of other claims."""
    if kind == "industry":
        return scopes(claim, room.base, room.market)
    return (Scope(ALL, room.base),)


def _asks(claim: Claim, room: Room, kind: Kind) -> Question:
    """What is claimed of the places: pay, the most ads, more than another, a share, or any ads."""
    text = around(claim, room.article, heading=True)
    paid = said(around(claim, room.article), "pays")
    if claim.kind != "share" and paid and (kind == "country" or not said(text, "top")):
        return "pay"
    if claim.sense in ("more", "less") and len(claim.items) == 2 and said(claim.text, "than"):
        return "compared"
    if claim.kind == "share" or claim.amount is not None or claim.quantity:
        return "share"
    return "top" if said(text, "top") or claim.statistic == "top" else (
        "pay" if kind == "country" else "hires"
    )  # fmt: skip


def _notes(room: Room, asks: Question) -> tuple[str, ...]:
    if asks == "pay":
        return (f"{room.by_pay}, nothing held equal",
                "means are drawn towards the role's where records are few")  # fmt: skip
    return ("shares among the records of one source, by whom it collects, not of all who hire",)
