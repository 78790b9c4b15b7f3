"""What one running page holds, and which market a browser is answered from."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from rolediff.annotate.roles import Catalogue
from rolediff.annotate.skills import mentions
from rolediff.doors.web.answers import Answers
from rolediff.doors.web.kept import Kept, Sessions
from rolediff.doors.web.limits import Limits
from rolediff.market import Market

COOKIE = "rolediff-own"
SHORT = 120
"""Characters of a name that a person gave."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A market that is served, with its roles, what is kept and what a request may cost."""

    market: Market
    catalogue: Catalogue
    limits: Limits
    kept: Kept
    sessions: Sessions

    @classmethod
    def of(cls, market: Market, catalogue: Catalogue, limits: Limits) -> Serving:
        """A fresh one."""
        sessions = Sessions(limits.sessions, limits.session_seconds)
        return cls(market, catalogue, limits, Kept(limits.answers), sessions)

    def answers(self, token: str | None) -> Answers:
        """From a browser's own file if it has one here, else from what is served."""
        own = self.sessions.get(token)
        if own is not None and token is not None:
            return Answers(own.market, self.catalogue, self.kept, token)
        return Answers(self.market, self.catalogue, self.kept)

    def held(self, response: Response, name: str | None, market: Market) -> Response:
        """`response`, after which its browser is answered from a market of its own."""
        token = self.sessions.add((name or "your file")[:SHORT], market)
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict", max_age=3600)
        return response

    def let_go(self, response: Response, token: str | None) -> Response:
        """`response`, after which its browser is answered as all others."""
        self.sessions.remove(token)
        if token:
            self.kept.forget(token)
        response.delete_cookie(COOKIE)
        return response

    def skills_in(self, text: str) -> tuple[str, ...]:
        """Skills that a résumé names."""
        return tuple(mentions([text])["concept"].unique(maintain_order=True))


def serving(request: Request) -> Serving:
    """What this program serves."""
    found = request.app.state.serving
    assert isinstance(found, Serving)
    return found


def answers_for(request: Request) -> Answers:
    """The answers for the browser that asks."""
    return serving(request).answers(request.cookies.get(COOKIE))
