"""A brief on two roles: sections of sentences, each with its figures and where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rolediff.results.estimate import Estimate
from rolediff.results.short import Short
from rolediff.results.shown import Shown


@dataclass(frozen=True, slots=True)
class Footnote:
    """Where a sentence comes from: a `source` in words, and a `command` that prints its figures."""

    number: int
    source: str
    command: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"number": self.number, "source": self.source, "command": self.command}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement; `figures` are the numbers in it by name, `footnotes` numbers of `Footnote`s.

    Raises ValueError without a footnote.
    """

    text: str
    figures: tuple[tuple[str, Estimate], ...]
    footnotes: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.footnotes:
            raise ValueError(f"no footnote tells where this comes from: {self.text}")

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "text": self.text,
            "figures": [{"name": name, **e.to_dict()} for name, e in self.figures],
            "footnotes": list(self.footnotes),
        }


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of `level` 2 or 3 and what is said under it, or in `short` why nothing can be.

    Where both are empty the sections of the next level below it speak.
    """

    heading: str
    level: int
    sentences: tuple[Sentence, ...] = ()
    short: Short | None = None

    @property
    def speaks(self) -> bool:
        """Whether it says anything of its own, if only that it cannot."""
        return bool(self.sentences) or self.short is not None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "heading": self.heading,
            "level": self.level,
            "sentences": [s.to_dict() for s in self.sentences],
            "not_enough_evidence": None if self.short is None else self.short.reason,
        }


@dataclass(frozen=True, slots=True)
class Brief(Shown):
    """Everything that can be said of roles A and B, in the order of an article about them.

    `footnotes` are numbered from 1; `caveats` are pairs of a code and a sentence.
    """

    title: str
    a: str
    b: str
    reading: str
    where: str
    where_words: str
    sections: tuple[Section, ...]
    footnotes: tuple[Footnote, ...]
    caveats: tuple[tuple[str, str], ...]

    @property
    def silent(self) -> float:
        """Share of the sections that speak in which there is not enough evidence, 0 to 1."""
        speaking = [s for s in self.sections if s.speaks]
        return sum(s.short is not None for s in speaking) / max(len(speaking), 1)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "title": self.title,
            "a": self.a,
            "b": self.b,
            "reading": self.reading,
            "where": self.where,
            "sections": [s.to_dict() for s in self.sections],
            "footnotes": [f.to_dict() for f in self.footnotes],
            "caveats": [{"code": code, "text": text} for code, text in self.caveats],
        }
