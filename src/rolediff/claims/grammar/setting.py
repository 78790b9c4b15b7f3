"""What a block is about before it says a word: the topic and roles of its headings and labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rolediff.claims.grammar.naming import Namer, Role
from rolediff.claims.grammar.words import Topic, topics
from rolediff.results.claims import Block

_ASKS = re.compile(
    r"\?\s*$|^(?:who|what|which|where|why|how|do|does|is|are|should|can|will)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Setting:
    """The `topic` (a kind of claim, or "") and `roles` that a block is under; `question` asked."""

    topic: Topic = ""
    roles: tuple[Role, ...] = ()
    question: str = ""
    label: str = ""


def topic_of(text: str) -> Topic:
    """The kind of claim that a heading or label announces, or ""."""
    found = [kind for kind, pattern in topics() if pattern.search(text.lower())]
    if found[:1] == ["tool"] and "skill" in found:
        return "skill"
    return found[0] if found else ""


def setting_of(block: Block, namer: Namer, leads: Sequence[str] = ()) -> Setting:
    """The setting of a block: the nearest label that says something decides.

    `leads` are the items that its lead stands under, innermost first.
    """
    near = [text for text in (block.lead, *leads, *reversed(block.headings)) if text]
    if block.kind == "cell":
        return _of_cell(block, namer, near)
    telling = [text for text in near if text != namer.title]
    topic = _first_topic(map(namer.unnamed, telling))
    roles = next((found for found in map(namer.in_label, near) if found), ())
    asked = next((text for text in near if _ASKS.search(text)), "")
    return Setting(topic, roles, asked if asked in near[:2] else "")


def _first_topic(labels: Iterable[str]) -> Topic:
    for label in labels:
        if found := topic_of(label):
            return found
    return ""


def _of_cell(block: Block, namer: Namer, near: list[str]) -> Setting:
    """A cell is of the role on one of its labels, and about what the other one says."""
    by_row, by_column = namer.in_label(block.row), namer.in_label(block.column)
    if by_row and by_column:
        by_row = () if topic_of(namer.unnamed(block.row)) else by_row
    roles = by_row or by_column
    label = f"{block.row} {block.column}" if not roles else (block.column if by_row else block.row)
    topic = _first_topic(map(namer.unnamed, (label, block.row, block.column)))
    if not topic:
        topic = _first_topic(map(namer.unnamed, near))
    if not roles:
        roles = next((found for found in map(namer.in_label, near) if found), ())
    return Setting(topic, roles, "", label)
