"""Whether a sentence asserts anything of roles: no question, no advice, no story of one's own."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rolediff.claims.grammar.words import pattern, phrase, spelled, words

_ASKS = re.compile(r"\?[\"'”’)]*$")
_PERSONAL = re.compile(r"[\"“‘']?(?:I|She|He|My|Our team|We (?:hired|paid|had|were|went))\b")
_FORBIDS = re.compile(r"(?:Do not|Don['’]t|Never|Please) (?!n)[a-z]+\b")
_TO_YOU = re.compile(r"(?:If|When|Once|Before|Unless|Should) you\b")
_IS_ONE = re.compile(
    r"\s*(?:\([^)]{1,60}\)\s*)?(?:,[^,]{1,60},\s*)?is (?:an?|someone|somebody|the person)\b"
    r"(?!(?: \w+)? (?:rare|hot|better|worse|good|best|sought|must|growing|scarce|well|highly)\b)"
)
_THING = re.compile(
    r"[A-Z][\w.+#-]*(?: [A-Z][\w.+#-]*){0,2} (?:is|was) an? (?:\w+[ -]){0,3}(?:language|library|"
    r"framework|tool|engine|broker|scheduler|database|platform|service|company|program|analyser|"
    r"format|protocol|vendor|project|start-?up)\b"
)
_MYTH = re.compile(r"^(?:Myth|Fiction|Wrong|False)\b", re.IGNORECASE)
_QUESTION_WORD = re.compile(r"(?:why|how|what|which|who|where|when|should)\b", re.IGNORECASE)


def asks(said: str) -> bool:
    """Whether it is a question."""
    return _ASKS.search(said) is not None


def heading_states(said: str) -> bool:
    """Whether a heading is a statement, and no question or title."""
    return (
        not asks(said)
        and words("finite").search(said) is not None
        and not (_QUESTION_WORD.match(said))
    )


def advises(said: str) -> bool:
    """Whether a sentence gives advice or an opinion, or only speaks of the article."""
    opening = re.match(
        rf"(?:{spelled('imperative')})\s+(?!(?:is|are|was|does|engineers?|developers?)\b)", said
    )
    claimed = re.search(r"[£$€]\s?\d|\d\s?%", said)
    advice = phrase(r"(?<!\w)(?:<advice>)(?!\w)").search(said)
    told = _TO_YOU.match(said) and not re.search(r"[£$€]\s?\d|\d\s?%", said)
    return bool((opening and not claimed) or _FORBIDS.match(said) or told or advice)


def personal(said: str) -> bool:
    """Whether a sentence begins to tell of one person."""
    return _PERSONAL.match(said) is not None


def defines(said: str, named: int) -> bool:
    """Whether a sentence says what a role is; `named`: where the name at its beginning ends."""
    figure = re.search(r"[£$€]\s?\d|\d\s?%", said)
    return _IS_ONE.match(said, named) is not None and not figure


def tells(said: str) -> bool:
    """Whether a sentence tells of one person, even where it names a role."""
    return pattern("asserting_story").search(said) is not None


def introduces(said: str) -> bool:
    """Whether it only leads to a list: "Bakers:"."""
    return said.endswith(":") and not words("finite").search(said)


def denied(said: str, after: str) -> bool:
    """Whether a sentence is called a myth, or is denied by the one `after` it."""
    return _MYTH.match(said) is not None or words("denial").search(after) is not None


def faults(said: str, leading: int, told: Sequence[object]) -> tuple[str, ...]:
    """What makes a sentence no claim: `leading` = where the role named at its beginning ends."""
    found = {
        "advises": advises(said),
        "introduces": introduces(said),
        "tells": tells(said),
        "personal": personal(said),
        "personal of no role": personal(said) and not told,
        "defines": leading > 0 and defines(said, leading),
        "defines a thing": not told and _THING.match(said) is not None,
        "exclaims": said.endswith("!"),
    }
    return tuple(name for name, wrong in found.items() if wrong)


def silences(wrong: Collection[str]) -> bool:
    """Whether no rule is to read a sentence with these faults."""
    return bool({"advises", "introduces", "tells", "personal of no role", "defines"} & {*wrong})
