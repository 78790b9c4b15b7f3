"""Answers that were computed, and files of the person's own, in memory and only for a while."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from rolediff.errors import RolediffError
from rolediff.market import Market


class Kept:
    """The last answers by what was asked, at most `most`; one that fails is kept as its error.

    Two that ask the same at once wait for one computation.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._found: OrderedDict[Hashable, Any] = OrderedDict()
        self._locks: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def of(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What was kept under `key`, or what `make` returns. Raises what `make` raises."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return _opened(self._found[key])
            mine = self._locks.setdefault(key, threading.Lock())
        with mine:
            with self._lock:
                if key in self._found:
                    return _opened(self._found[key])
            try:
                found: Any = make()
            except RolediffError as error:
                found = error
            except BaseException:
                with self._lock:
                    self._locks.pop(key, None)
                raise
            with self._lock:
                self._found[key] = found
                self._locks.pop(key, None)
                while len(self._found) > self.most:
                    self._found.popitem(last=False)
        return _opened(found)

    def forget(self, owner: Hashable) -> None:
        """Let go of all answers of one market."""
        with self._lock:
            for key in [k for k in self._found if isinstance(k, tuple) and k[0] == owner]:
                del self._found[key]


def _opened(found: Any) -> Any:
    if isinstance(found, RolediffError):
        raise found
    return found


@dataclass(slots=True)
class Own:
    """A file of the person's own: its name, its market, and when it was last used."""

    name: str
    market: Market
    used: float = field(default_factory=time.monotonic)


class Sessions:
    """Own files by a token that only its browser has; the oldest go first, all after a while."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._own: OrderedDict[str, Own] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, name: str, market: Market) -> str:
        """Hold a market; its token."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._drop()
            self._own[token] = Own(name, market)
            while len(self._own) > self.most:
                self._own.popitem(last=False)
        return token

    def get(self, token: str | None) -> Own | None:
        """The file of a token, if it is still held."""
        with self._lock:
            self._drop()
            own = self._own.get(token or "")
            if own is not None:
                own.used = time.monotonic()
                self._own.move_to_end(token or "")
            return own

    def remove(self, token: str | None) -> None:
        """Let go of the file of a token."""
        with self._lock:
            self._own.pop(token or "", None)

    def _drop(self) -> None:
        until = time.monotonic() - self.seconds
        for token in [t for t, own in self._own.items() if own.used < until]:
            del self._own[token]
