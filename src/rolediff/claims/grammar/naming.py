"""Which roles a piece of an article names: in full, shortened, joined, or made up."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rolediff.annotate.roles import Catalogue
from rolediff.claims.grammar.calling import (
    initialled,
    initials,
    key,
    noun_of,
    runs_on,
    singular,
    tokens_of,
)
from rolediff.claims.grammar.invented import called_like_a_job, invented_in_title, professions_in
from rolediff.claims.grammar.words import names, pattern
from rolediff.results.claims import Article

_CERTIFIED = re.compile(r"\b(?:Certified|Professional|Associate|certified)\s+$")
_JOINS = frozenset({"and", "or", "nor", "vs", "v", "versus"})
Token = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Role:
    """What a role is called: in the catalogue (`known`), or as the article does."""

    label: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Mention:
    """Where `roles` are named; `how` = "name", or a kind of pronoun."""

    start: int
    end: int
    roles: tuple[Role, ...]
    how: str = "name"


class Namer:
    """The names of roles in one article; `pair` are the two it is about, where it has two."""

    def __init__(self, article: Article, catalogue: Catalogue) -> None:
        self._by_key = {
            key(name): role.label
            for role in catalogue.roles
            for name in (role.id, *role.aliases, role.plural, role.label)
        }
        self._short = _abbreviations(catalogue)
        called = [name for role in catalogue.roles for name in (role.label, *role.aliases)]
        self._heads = {name.split()[-1].lower() for name in called if " " in name} | names("heads")
        self._modifiers: dict[str, Role] = {}
        self._bare: dict[str, Role] = {}
        self.title = article.title
        self.pair: tuple[Role, ...] = ()
        self._titles = _titles(article)
        self._invented = invented_in_title(self._titles, self._by_key)
        self._invented |= professions_in(_headings(article), self._by_key)
        self.pair = self._most_named(list(self._named(article.text)))
        self._shorten()
        self._mentions = list(self._named(article.text))
        self._starts = [m.start for m in self._mentions]

    def named(self, start: int, end: int) -> list[Mention]:
        """The roles named in `text[start:end]`, in order; none overlaps another."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [m for m in self._mentions[first:last] if m.end <= end]

    def in_label(self, label: str) -> tuple[Role, ...]:
        """The roles that a heading, lead or label of a row names."""
        found = [role for m in self._named(label) for role in m.roles]
        if not found:
            bare = key(re.sub(r"[:.?]+$", "", label).strip())
            one = self._modifiers.get(bare) or self._bare.get(bare.removesuffix("s"))
            found = [one] if one else []
        if not found and re.search(r"\b(?:both|shared|in common)\b", label, re.IGNORECASE):
            found = list(self.pair)
        return tuple(dict.fromkeys(found))

    def unnamed(self, label: str) -> str:
        """A label without the roles it names."""
        for mention in reversed(list(self._named(label))):
            label = label[: mention.start] + label[mention.end :]
        return label

    def _named(self, text: str) -> Iterator[Mention]:
        tokens = tokens_of(text)
        done = 0
        for number, token in enumerate(tokens):
            mention = self._at(text, tokens, number, done) if token[0] >= done else None
            if mention is not None and not _CERTIFIED.search(text[: mention.start][-24:]):
                done = mention.end
                yield mention

    def _at(self, text: str, tokens: list[Token], number: int, done: int) -> Mention | None:
        start, end, word = tokens[number]
        made = self._made_up(text, tokens, number)
        if made is not None and made.end > end:
            return made
        low = singular(word)
        if low in self._heads or noun_of(low) != low:
            found = self._headed(text, tokens, number, done)
            if found is not None:
                return found
        if word in self._short:
            return Mention(start, end, (Role(self._short[word]),))
        return made or self._modified(text, tokens, number)

    def _is_head(self, token: Token) -> bool:
        return singular(token[2]) in self._heads

    def _made_up(self, text: str, tokens: list[Token], number: int) -> Mention | None:
        """A name that only the title gives to a role: "unicorn groomers"."""
        for last in range(number + 3, number - 1, -1):
            if last >= len(tokens) or not self._invented or not runs_on(text, tokens, number, last):
                continue
            start, end = tokens[number][0], tokens[last][1]
            called = key(text[start : tokens[last][0]]) + singular(tokens[last][2])
            label = self._invented.get(called) or self._invented.get(key(text[start:end]))
            if label is not None:
                return Mention(start, end, (Role(label, False),))
        return None

    def _headed(self, text: str, tokens: list[Token], number: int, done: int) -> Mention | None:
        """A name that ends in a word such as "engineer", with those joined to it in front."""
        head, end = singular(tokens[number][2]), tokens[number][1]
        noun = noun_of(head)
        for before in range(5, -1, -1):
            first = number - before
            if first < 0 or tokens[first][0] < done or not runs_on(text, tokens, first, number):
                continue
            start = tokens[first][0]
            called = key(text[start : tokens[number][0]]) + noun
            if called in self._invented:
                return Mention(start, end, (Role(self._invented[called], False),))
            label = self._by_key.get(called)
            if label is None or (noun != head and Role(label) not in self.pair):
                continue
            joined = self._joined(text, tokens, first, done, noun)
            roles = dict.fromkeys([*(role for _, role in joined), Role(label)])
            return Mention(joined[0][0] if joined else start, end, tuple(roles))
        return self._unknown(text, tokens, number, done) if noun == head else None

    def _joined(
        self, text: str, tokens: list[Token], first: int, done: int, noun: str
    ) -> list[tuple[int, Role]]:
        """The roles of "AI and" in front of "ML engineers", with where each begins."""
        found: list[tuple[int, Role]] = []
        while first > 0:
            last = first - 1
            between = text[tokens[last][1] : tokens[first][0]]
            if tokens[last][2].lower() in _JOINS:
                last -= 1
            elif not re.fullmatch(r"\s*[,/&]\s*", between):
                break
            one = self._elliptic(text, tokens, last, done, noun)
            if one is None:
                break
            first = one[0]
            found.insert(0, (tokens[first][0], one[1]))
        return found

    def _elliptic(
        self, text: str, tokens: list[Token], last: int, done: int, noun: str
    ) -> tuple[int, Role] | None:
        for first in range(last - 2, last + 1):
            if first < 0 or tokens[first][0] < done or not runs_on(text, tokens, first, last):
                continue
            label = self._by_key.get(key(text[tokens[first][0] : tokens[last][1]]) + noun)
            if label is not None:
                return first, Role(label)
        return None

    def _unknown(self, text: str, tokens: list[Token], number: int, done: int) -> Mention | None:
        """A phrase that is called like a job and names none that is known, or a bare "analyst"."""
        end = tokens[number][1]
        role = self._bare.get(singular(tokens[number][2]))
        found = called_like_a_job(text, tokens, number, done)
        if found is not None:
            called = key(found[1])
            alike = [role for role in self.pair if key(role.label).endswith(called)]
            return Mention(found[0], end, (alike[0] if alike else Role(found[1], False),))
        return Mention(tokens[number][0], end, (role,)) if role else None

    def _modified(self, text: str, tokens: list[Token], number: int) -> Mention | None:
        """ "DevOps" in "DevOps adverts" or "backend pays more", of a role the article is about."""
        for last in range(number + 2, number - 1, -1):
            if last >= len(tokens) or not runs_on(text, tokens, number, last):
                continue
            start, end = tokens[number][0], tokens[last][1]
            called = key(text[start:end])
            role = self._modifiers.get(called)
            if role is None or (last + 1 < len(tokens) and self._is_head(tokens[last + 1])):
                continue
            if called not in names("themselves") and pattern("naming_freely").match(text, end):
                return Mention(start, end, (role,))
            led = pattern("naming_led").search(text[max(0, start - 12) : start])
            if pattern("naming_follows").match(text, end) or (
                led and pattern("naming_ends").match(text, end)
            ):
                return Mention(start, end, (role,))
        return None

    def _most_named(self, mentions: list[Mention]) -> tuple[Role, ...]:
        """The first two roles of the title, else the two named most, in order of the text."""
        for title in self._titles:
            found = list(dict.fromkeys(role for m in self._named(title) for role in m.roles))
            if len(found) >= 2:
                return tuple(found[:2])
        every = [role for m in mentions for role in m.roles]
        common = [role for role, _ in Counter(every).most_common(2)]
        return tuple(sorted(common, key=every.index))

    def _shorten(self) -> None:
        """Names without their last word, and last words alone, where only one of the pair fits."""
        heads = Counter(role.label.split()[-1].lower() for role in self.pair)
        self._short = initialled([role.label for role in self.pair if role.known]) | self._short
        for role in self.pair:
            head = role.label.split()[-1].lower()
            if heads[head] == 1 and len(self.pair) == 2 and role.known:
                self._bare[head] = role
            for spelling in (role.label, *(a for a in initials(role.label))):
                modifier = " ".join(spelling.split()[:-1])
                for shorter in (modifier, modifier.split()[-1] if modifier else ""):
                    if shorter and shorter.lower() not in names("broad"):
                        self._modifiers.setdefault(key(shorter), role)


def _headings(article: Article) -> list[str]:
    return [article.text[b.start : b.end] for b in article.blocks if b.kind == "heading"]


def _titles(article: Article) -> list[str]:
    return [article.title, *_headings(article)[:3]]


def _abbreviations(catalogue: Catalogue) -> dict[str, str]:
    """Aliases such as "SRE", and their plurals, with the role each stands for."""
    short = {
        alias: role.label
        for role in catalogue.roles
        for alias in role.aliases
        if " " not in alias and alias.isupper() and len(alias) > 2
    }
    return short | {f"{alias}s": label for alias, label in short.items()}
