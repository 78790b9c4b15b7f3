"""A long JSON array read element by element, so that no more of it is held than one element."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from io import BufferedIOBase

from rolediff.read.posting_shape import BadPosting

_BLOCK = 1 << 20  # bytes read at a time; twice as many each time an element is longer
_BLANKS = " \t\r\n"
_TAIL = 16  # characters that must be there behind a number, which may be cut short


def elements(stream: BufferedIOBase, longest: int) -> Iterator[object]:
    """The elements of the array of JSON in UTF-8 that `stream` holds, one after the other.

    A `BadPosting` comes last where the array is malformed, is no UTF-8, or has an element of more
    than `longest` bytes: what stands before it has been told by then, the rest is lost.
    """
    window = _Window(stream, longest)
    try:
        if window.sign() != "[":
            raise ValueError("no array")
        window.at += 1
        if window.sign() == "]":
            window.at += 1
        else:
            yield from _values(window)
        if window.sign():
            raise ValueError("more behind the end of the array")
    except UnicodeDecodeError:
        yield BadPosting("not UTF-8 from here on; save the file as UTF-8")
    except (ValueError, RecursionError) as error:
        why = "nested too deep" if isinstance(error, RecursionError) else str(error)[:80]
        yield BadPosting(f"malformed JSON from here on ({why})")


def _values(window: _Window) -> Iterator[object]:
    """The values up to the closing bracket, and past it."""
    while True:
        yield window.value()
        sign = window.sign()
        if sign not in (",", "]"):
            raise ValueError("no comma between two elements")
        window.at += 1
        if sign == "]":
            return


class _Window:
    """The text of a stream from where reading stands: `at` = the next character of it."""

    def __init__(self, stream: BufferedIOBase, longest: int) -> None:
        self._stream, self._longest = stream, longest
        self._decode = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._ended = False
        self._broken: UnicodeDecodeError | None = None
        self._json = json.JSONDecoder()
        self.at = 0

    def sign(self) -> str:
        """The next character that is no blank, empty at the end."""
        while True:
            rest = len(self._text)
            while self.at < rest and self._text[self.at] in _BLANKS:
                self.at += 1
            if self.at < rest or not self._more(_BLOCK):
                return self._text[self.at : self.at + 1]

    def value(self) -> object:
        """The value that begins at the next character, and is whole in the text."""
        self.sign()
        size = _BLOCK
        while True:
            try:
                found, end = self._json.raw_decode(self._text, self.at)
            except json.JSONDecodeError:
                if not self._more(size):
                    raise
            else:
                whole = isinstance(found, dict | list | str) or end + _TAIL <= len(self._text)
                if whole or not self._more(size):
                    self.at = end
                    return found
            if len(self._text) > self._longest:
                raise ValueError("an element is too long")
            size *= 2

    def _more(self, size: int) -> bool:
        """Take in up to `size` more bytes, and drop what has been read; false at the end."""
        if self._broken is not None:
            raise self._broken
        if self._ended:
            return False
        block = self._stream.read(size)
        self._ended = not block
        try:
            text = self._decode.decode(block, final=self._ended)
        except UnicodeDecodeError as error:
            # What stands before is good; the error comes when it has been read.
            text, self._ended, self._broken = error.object[: error.start].decode(), True, error
        if block:  # at the end nothing moves
            self._text = self._text[self.at :] + text
            self.at = 0
        return bool(block)
