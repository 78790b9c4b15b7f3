"""What stands before every answer: whose host was asked, from where, how much, and the headers."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rolediff.doors.web.limits import Limits
from rolediff.doors.web.problems import Problem, refusal

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing is loaded but this program's own style and script; nothing is sent but to itself."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_PATIENCE = 4
"""A body up to this many times too long is let pass, unread, after it was refused."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Answers only to its own names (DNS rebinding), takes posts only from its own pages, and no
    more bytes than the page that takes them may have."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], limits: Limits) -> None:
        self.app, self.limits = app, limits
        self.hosts = frozenset(h.casefold() for h in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sealed = _sealed(send)
        if scope["method"] == "HEAD":
            scope, sealed = {**scope, "method": "GET"}, _bodiless(sealed)
        problem = self._refused(scope)
        if problem is not None:
            await refusal(problem, scope)(scope, receive, self._ended(scope, sealed))
            return
        counted = _Counted(receive, self._most(scope["path"]))
        with suppress(_TooMuch):  # or it is taken for a body that cannot be parsed
            await self.app(scope, counted, counted.unless_too_much(sealed))
        if counted.over:
            refused = refusal(_too_much(counted.most), scope)
            await refused(scope, receive, self._ended(scope, sealed))

    def _ended(self, scope: Scope, send: Send) -> Send:
        """`send`, which has the server hang up on a body that is far too long or of no known end;
        of another the rest is let pass, or the browser that sends it would see no answer."""
        headers = Headers(scope=scope)
        size = headers.get("content-length", "")
        known = int(size) if size.isdigit() else 0
        endless = "transfer-encoding" in headers
        if not endless and known <= _PATIENCE * self._most(scope["path"]):
            return send

        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        return closing

    def _refused(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        if _name(headers.get("host", "")) not in self.hosts:
            return Problem(421, "Another host", "This program answers under its own address only.")
        if len(scope["query_string"]) > self.limits.query:
            return Problem(414, "Too long", "The address is too long: choose again.")
        if scope["method"] not in _SAFE and not _from_here(headers):
            return Problem(403, "From elsewhere", "Send this from this program's own pages.")
        size = headers.get("content-length", "0")
        most = self._most(scope["path"])
        if size.isdigit() and int(size) > most:
            return _too_much(most)
        return None

    def _most(self, path: str) -> int:
        kinds = {
            "check": self.limits.article,
            "path": self.limits.resume,
            "data": self.limits.table,
        }
        kind = next((k for k in kinds if path.rstrip("/").rpartition("/")[2] == k), "")
        return kinds.get(kind, 10_000) + 10_000  # with room for the form around it


class _TooMuch(Exception):
    """More bytes came than are taken."""


class _Counted:
    """A stream of a request that ends in `_TooMuch` where it is longer than `most`."""

    def __init__(self, receive: Receive, most: int) -> None:
        self.receive, self.most, self.size = receive, most, 0

    @property
    def over(self) -> bool:
        """Whether more came than is taken."""
        return self.size > self.most

    def unless_too_much(self, send: Send) -> Send:
        """`send`, which says nothing once too much came."""

        async def held(message: Message) -> None:
            if not self.over:
                await send(message)

        return held

    async def __call__(self) -> Message:
        message = await self.receive()
        self.size += len(message.get("body", b""))
        if self.over:
            raise _TooMuch
        return message


def _too_much(most: int) -> Problem:
    return Problem(413, "Too large", f"At most {most // 1_000:,} kB are taken: send less.")


def _name(host: str) -> str:
    """The host without its port."""
    return (urlsplit(f"//{host}").hostname or "") if host else ""


def _from_here(headers: Headers) -> bool:
    """Whether a browser says that a form of this very host was sent; a program says nothing."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        return False
    if origin == "null":  # some browsers hide where a form of this very page is from
        return site == "same-origin"
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")


def _bodiless(send: Send) -> Send:
    """`send` for who asks for the headers alone."""

    async def held(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return held


def _sealed(send: Send) -> Send:
    """`send` with the headers of safety, where the answer has none of its own."""

    async def sealed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sealed
