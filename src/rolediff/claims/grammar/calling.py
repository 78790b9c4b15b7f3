"""Words of a text and how names of roles are compared: without case, number and punctuation."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+[+#]*(?:[-.’'][^\W_]+[+#]*)*")
_GAP = re.compile(r"[ \-/]")
_BREAKS = frozenset({"and", "or", "vs", "versus", "nor", "than"})
_FIELDS = {"engineering": "engineer", "science": "scientist"}


def tokens_of(text: str) -> list[tuple[int, int, str]]:
    """The words of `text`: start, end, as written; a hyphen joins."""
    return [(m.start(), m.end(), m.group()) for m in _WORD.finditer(text)]


def runs_on(text: str, tokens: list[tuple[int, int, str]], first: int, last: int) -> bool:
    """Whether words follow one another with a blank, hyphen or stroke between, and no "and"."""
    for at in range(first, last):
        between = text[tokens[at][1] : tokens[at + 1][0]]
        if len(between) > 1 or not _GAP.match(between) or tokens[at][2].lower() in _BREAKS:
            return False
    return True


def key(name: str) -> str:
    """A name without case, blanks and punctuation."""
    return re.sub(r"[\W_]+", "", name.casefold())


def singular(word: str) -> str:
    """The last part of a word, in lower case, without the endings of plural and genitive."""
    low = re.sub(r"[’']s$|[’']$", "", word.lower())
    low = low.rsplit("-", 1)[-1]
    return low[:-1] if low.endswith("s") and not low.endswith(("ss", "us", "is")) else low


def noun_of(word: str) -> str:
    """Whoever does it: the engineer of "engineering"; any other word as it is."""
    return _FIELDS.get(word, word)


def initials(label: str) -> list[str]:
    """ "ML Engineer" of "Machine Learning Engineer"."""
    words = label.split()
    return [f"{''.join(word[0] for word in words[:-1])} {words[-1]}"] if len(words) > 2 else []


def initialled(labels: list[str]) -> dict[str, str]:
    """The label that each of "EMs" and "PMs" stands for, if it stands for one alone."""
    long = [label for label in labels if 2 <= len(label.split()) <= 3]
    found = {"".join(word[0].upper() for word in label.split()) + "s": label for label in long}
    return found if len(found) == len(labels) else {}
