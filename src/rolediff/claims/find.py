"""Finding the claims of an article: block by block, sentence by sentence, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from rolediff.annotate.roles import Catalogue
from rolediff.claims.grammar.asserting import (
    advises,
    asks,
    denied,
    faults,
    heading_states,
    silences,
)
from rolediff.claims.grammar.cells import labelled_claims
from rolediff.claims.grammar.clause import Clause, subject
from rolediff.claims.grammar.evidence import evidence
from rolediff.claims.grammar.gap import words_of_pay
from rolediff.claims.grammar.items import LABEL, Leads, label_of, lists, told_of
from rolediff.claims.grammar.naming import Namer, Role
from rolediff.claims.grammar.pronouns import mentions_in
from rolediff.claims.grammar.reason import explains, reason_claim
from rolediff.claims.grammar.rules import ELLIPTIC, RULES
from rolediff.claims.grammar.sentences import Span, clauses, sentences
from rolediff.claims.grammar.setting import Setting, setting_of, topic_of
from rolediff.claims.grammar.shares_listed import shares_listed
from rolediff.claims.grammar.stating import stated
from rolediff.claims.grammar.weights import heaviest
from rolediff.claims.grammar.words import Topic, words
from rolediff.results.claims import Amount, Article, Block, Claim, ClaimKind

_ANSWER = re.compile(r"(?:A\d{0,2}|Answer)[.:]\s+")
_WHY = re.compile(r"(?:so |but |and )?why\b", re.IGNORECASE)
_NO_REASONS = (
    "trend", "demand", "skill", "tool", "industry", "country", "education", "certification",
    "unread",
)  # fmt: skip
_IN_LIST = ("industry", "country", "skill", "tool", "education", "certification", "reason", "trend")


Weigh = Callable[[Clause, frozenset[str]], ClaimKind | None]
"""What names the kind of claim that a clause of these traits makes, or None."""


def find_claims(
    article: Article, catalogue: Catalogue, weigh: Weigh = heaviest
) -> tuple[Claim, ...]:
    """Every claim about roles in `article`, in the order of the text; their spans do not overlap.

    Roles are known by the names in `catalogue`. What looks like a claim and is not understood has
    the kind "unread". Code, questions and advice are passed over.
    """
    return tuple(_Finder(article, catalogue, weigh).claims())


class _Finder:
    """The article and what carries from one sentence to the next."""

    def __init__(self, article: Article, catalogue: Catalogue, weigh: Weigh) -> None:
        self.article = article
        self._weigh = weigh
        self.text = article.text
        self.namer = Namer(article, catalogue)
        self._last: tuple[Role, ...] = ()
        self._compared: tuple[Role, ...] = ()
        self._claimed: tuple[ClaimKind, ...] = ()
        self._question = ""
        self._block: Block = Block("paragraph", 0, 0)
        self._above: tuple[str, ...] = ()  # the leads over its lead
        self._label = ""  # of the block itself: "Pay: ..."
        self._why = False  # whether it was asked, a few words before, why pay differs
        self._sum: Amount | None = None
        self._leads = Leads(article)
        self._before: Claim | None = None

    def claims(self) -> Iterator[Claim]:
        following = [*(block.lead for block in self.article.blocks[1:]), ""]
        for block, lead in zip(self.article.blocks, following, strict=True):
            if block.kind == "code":
                continue
            said = self.text[block.start : block.end]
            if block.kind == "item" and lead and said[: len(lead)] == lead:
                self._leads.over(block)
                continue
            self._above = self._leads.over(block)
            setting = setting_of(block, self.namer, self._above)
            self._block, self._label = block, ""
            self._begin(setting, block)
            yield from self._apart(self._of_block(block, setting))

    def _apart(self, found: Iterator[Claim]) -> Iterator[Claim]:
        done = -1
        for claim in found:
            if claim.start >= done and claim.end > claim.start:
                done = claim.end
                yield claim

    def _begin(self, setting: Setting, block: Block) -> None:
        """Forget what does not carry into `block`; a paragraph goes on from the one before."""
        asked = self._question if asks(self._question) else ""
        self._question = (asked if block.kind == "paragraph" else "") or setting.question
        self._why = False
        if block.kind != "paragraph":
            self._claimed, self._before = (), None
        if block.kind != "paragraph" or setting.roles:
            self._last = setting.roles
        if block.kind == "heading":
            self._compared = ()

    def _of_block(self, block: Block, setting: Setting) -> Iterator[Claim]:
        if block.kind == "cell":
            if block.row or self.namer.in_label(block.column):
                clause = self._clause(
                    block, Span(block.start, block.end), Span(block.start, block.end), setting
                )
                yield from self._labelled(clause, setting.label)
        elif block.kind == "item":
            yield from self._of_item(block, setting)
        elif block.kind == "heading":
            yield from self._of_heading(block, setting)
        else:
            answer = _ANSWER.match(self.text, block.start, block.end)
            start = answer.end() if answer else block.start
            label = label_of(self.text, start, block.end)
            if label is not None and not self.namer.in_label(label[1]):
                start, topic = label.end(), topic_of(label[1])
                self._label = label[1]
                setting = replace(setting, topic=topic or setting.topic)
            said = self.text[start : block.end]
            phrase = lists(said, setting.topic, False) and not words("finite").search(said)
            if phrase and said[-1:] not in ".:!":
                whole = Span(start, block.end)
                clause = self._clause(block, whole, whole, setting)
                yield from self._labelled(clause, setting.label)
            else:
                yield from self._sentences(block, start, setting)

    def _of_heading(self, block: Block, setting: Setting) -> Iterator[Claim]:
        said = self.text[block.start : block.end]
        label = LABEL.match(said)
        if label and setting.roles and topic_of(self.namer.unnamed(label[1])):
            yield from self._of_item(block, setting)
        elif heading_states(said):
            for claim in self._sentences(block, block.start, setting):
                if claim.kind in ("gap", "growth", "pay", "demand") and self._says_who(claim):
                    yield claim

    def _says_who(self, claim: Claim) -> bool:
        return (
            bool(claim.roles or claim.invented) and words("finite").search(claim.text) is not None
        )

    def _of_item(self, block: Block, setting: Setting) -> Iterator[Claim]:
        """An item: under a label of its own, part of a list that is announced, or sentences."""
        label = LABEL.match(self.text, block.start, block.end)
        start = block.start
        named: tuple[Role, ...] = ()
        if label:
            self._label = label[1]
            named, topic = self.namer.in_label(label[1]), topic_of(self.namer.unnamed(label[1]))
            if named or (topic and topic != setting.topic) or setting.topic == "pay":
                start = label.end()
                setting = Setting(
                    topic or setting.topic, named or setting.roles, setting.question, label[1]
                )
                self._last = setting.roles
        said = self.text[start : block.end]
        whole = Span(start, block.end)
        roles = setting.roles or (self.namer.pair if setting.topic in _IN_LIST else ())
        clause = self._clause(
            block, whole, whole, Setting(setting.topic, roles, setting.question, setting.label)
        )
        if setting.topic == "reason" and explains(clause) and not advises(said):
            yield from self._weighed(clause, [reason_claim(clause, said)])
            return
        shares = list(self._shares(block, whole, setting))
        if shares:
            yield from shares
            return
        listed = lists(said, setting.topic, label is not None)
        if not listed or told_of(clause):
            found = list(self._sentences(block, start, setting))
            yield from found
            listed = listed and not found
        if listed:
            yield from self._labelled(clause, setting.label)

    def _shares(self, block: Block, span: Span, setting: Setting) -> Iterator[Claim]:
        """The claims of a list of things and percentages, one each."""
        setting = replace(setting, roles=setting.roles or self.namer.pair)
        for one in shares_listed(self.text, span.start, span.end):
            clause = self._clause(block, one, one, setting)
            yield from self._labelled(clause, setting.label)

    def _labelled(self, clause: Clause, label: str) -> list[Claim]:
        return self._weighed(clause, labelled_claims(clause, label), label=label)

    def _sentences(self, block: Block, start: int, setting: Setting) -> Iterator[Claim]:
        found = list(sentences(self.text, start, block.end))
        for number, sentence in enumerate(found):
            said = self.text[sentence.start : sentence.end]
            if asks(said):
                self._question = said
                of_pay = bool(self._compared) or words_of_pay(said)
                self._why = _WHY.match(said) is not None and of_pay
                continue
            after = found[number + 1] if number + 1 < len(found) else None
            told = self.namer.named(sentence.start, sentence.end)
            leading = told[0].end - sentence.start if told else 0
            if told and told[0].start - sentence.start > 4:
                leading = 0
            no = denied(said, self.text[after.start : after.end] if after else "")
            yield from self._of_sentence(block, sentence, setting, no, faults(said, leading, told))
            self._question = setting.question if not said.endswith("?") else self._question

    def _of_sentence(
        self,
        block: Block,
        sentence: Span,
        setting: Setting,
        no: bool,
        wrong: tuple[str, ...],
    ) -> Iterator[Claim]:
        if "tells" in wrong:
            return
        shares = list(self._shares(block, sentence, setting))
        if shares:
            yield from shares
            return
        silent = silences(wrong)
        for span in clauses(self.text, sentence):
            clause = self._clause(block, span, sentence, setting, no)
            found: list[Claim] = []
            elliptic = [] if silent else [c for rule in ELLIPTIC for c in rule(clause)]
            if elliptic:
                yield from self._kept(elliptic[:1])
                self._last = subject(clause) or self._last
                continue
            for rule in () if silent else RULES:
                found = rule(clause)
                if found:
                    break
            if found and clause.reasoned and found[0].kind != "reason":
                found = []
            if found and clause.topic == "reason" and found[0].kind in _NO_REASONS:
                found = []
            if not found and clause.topic == "reason" and explains(clause) and clause.mentions:
                found = [reason_claim(clause, clause.text)]
            yield from self._weighed(clause, found, wrong)
            self._last = subject(clause) or self._last

    def _weighed(
        self,
        clause: Clause,
        found: list[Claim],
        wrong: tuple[str, ...] = (),
        label: str = "",
    ) -> list[Claim]:
        """The claims of the kind for which most speaks in `clause`: those found, or another's."""
        read = found[0].kind if found else ""
        kind = self._weigh(clause, evidence(clause, read, self._labels(), wrong))
        if kind is None:
            return self._kept([])
        return self._kept(found if kind == read else stated(clause, kind, label))

    def _labels(self) -> list[str]:
        """What the block stands under, nearest first, without the roles that are named there."""
        block = self._block
        cells = [f"{block.row} | {block.column}"] if block.kind == "cell" else []
        over = [self._label, *cells, block.lead, *self._above, *reversed(block.headings)]
        told = (self.namer.unnamed(label).strip(" :|.-") for label in over)
        return list(dict.fromkeys(label for label in told if re.search(r"\w{2}", label)))

    def _kept(self, found: list[Claim]) -> list[Claim]:
        """Remember what was claimed, for the sentences that go on from it."""
        if found:
            kinds = tuple(claim.kind for claim in found)
            self._claimed = (*kinds, *self._claimed)[:4]
            self._before = found[-1]
            for claim in found:
                if claim.kind == "gap":
                    invented = [Role(label, False) for label in claim.invented]
                    self._compared = (*map(Role, claim.roles), *invented)
            self._sum = next((c.amount for c in found if c.kind == "pay"), self._sum)
        return found

    def _clause(
        self, block: Block, span: Span, sentence: Span, setting: Setting, no: bool = False
    ) -> Clause:
        mentions, subject_stands = mentions_in(self.text, span, self.namer, self._last)
        topical = self.namer.pair if setting.topic else ()
        return Clause(
            article=self.text,
            start=span.start,
            end=span.end,
            first=sentence.start,
            last=sentence.end,
            line=block.line,
            link=span.link,
            mentions=mentions,
            carried=self._last or setting.roles or topical,
            pair=self.namer.pair,
            topic="reason" if self._why else setting.topic or self._asked(),
            claimed=self._claimed,
            denied=no,
            question=self._question,
            compared=self._compared,
            sum=self._sum,
            subject=subject_stands,
            before=self._before,
            block=block.kind,
        )

    def _asked(self) -> Topic:
        """What the question is about that was asked last."""
        return topic_of(self.namer.unnamed(self._question)) if self._question else ""
