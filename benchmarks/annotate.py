"""How fast postings are annotated on one core, and how others do on the same words.

    python benchmarks/annotate.py [--postings 4096] [--peers 512]

The corpus is the Ashby snapshot beside the repository. Times are processor time of this process
with one thread, best of three. The peers get text that is already in lower case and cut into
words, and only match; rolediff starts from the raw text.
"""

from __future__ import annotations

import argparse
import os
import resource
import runpy
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import polars as pl

from rolediff.annotate.arrays import Ints
from rolediff.annotate.batch import BEST_BATCH, annotate
from rolediff.annotate.skills import mentions, posting_skills
from rolediff.annotate.tokens import AMPERSAND, APOSTROPHE, BREAK, DOT, SLASH, SOFT, tokenise
from rolediff.annotate.vocabulary import Vocabulary, bundled
from rolediff.read.postings import all_postings

CORPUS = Path(__file__).resolve().parents[2] / "shared/data/ashby/postings_2025-10.jsonl.zst"
BETWEEN = {SOFT: "-", SLASH: "/", AMPERSAND: "&", DOT: ".", APOSTROPHE: "'", BREAK: "|"}
SIZE = 4096  # bytes of the posting in which speeds are stated

Found = list[Counter[str]]


@dataclass(frozen=True)
class Corpus:
    """Postings, and the same texts as words in lower case with a sign between each two."""

    frame: pl.DataFrame
    words: list[list[str]]

    @property
    def bytes(self) -> int:
        return int(self.frame["text"].str.len_bytes().sum())

    @property
    def padded(self) -> list[str]:
        """Each sign between two words has a blank on either side, so that no blank is shared."""
        return [f" {' '.join(words)} " for words in self.words]

    def head(self, rows: int) -> Corpus:
        return Corpus(self.frame.head(rows), self.words[:rows])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--postings", type=int, default=4096)
    parser.add_argument("--peers", type=int, default=512, help="postings for the slow peers")
    chosen = parser.parse_args()
    if not CORPUS.is_file():
        print(f"skipped: {CORPUS.name} is not at hand", file=sys.stderr)
        return 0
    postings = all_postings(CORPUS).postings
    everything(Corpus(postings, []))
    frame = postings.select("title", "text").head(chosen.postings)
    skills(Corpus(frame, cut(frame["text"].to_list())), bundled(), chosen.peers)
    return 0


def everything(corpus: Corpus) -> None:
    """The whole annotator on all postings, but for de-duplication, which is no part of it."""
    rows = corpus.frame.height
    print(f"everything: {rows} postings, {corpus.bytes / 1e6:.1f} MB")
    for size in (1_024, BEST_BATCH // 2, BEST_BATCH, rows):
        parts = [corpus.frame[at : at + size] for at in range(0, rows, size)]
        seconds, _ = best(lambda parts=parts: [annotate(part) for part in parts])
        line(f"batches of {size:,}", corpus, seconds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  highest memory {peak:,.0f} MB, the corpus included")


def skills(corpus: Corpus, known: Vocabulary, sample: int) -> None:
    """The skills engine, then its matching alone, then the peers."""
    print(
        f"skills: {len(known.concepts)} concepts, {known.forms} forms; "
        f"{corpus.frame.height} postings, {corpus.bytes / 1e6:.1f} MB"
    )
    seconds, table = best(lambda: mentions(corpus.frame, known))
    line("mentions, with all rules", corpus, seconds)
    seconds, _ = best(lambda: posting_skills(table, corpus.frame.height))
    line("posting_skills", corpus, seconds)
    concepts = table.filter("asked")["concept"].n_unique()
    print(f"  {table.height} mentions, {concepts} concepts asked for")
    seconds, own = best(lambda: matched(corpus, known))
    line("rolediff, matching only", corpus, seconds)
    phrases = sorted({" ".join(words) for words in cut(list(known.spellings))})
    reference = as_strings(corpus, own)
    for name, make in PEERS.items():
        try:
            run = make(phrases)
        except ImportError:
            print(f"  {name:26} is not installed")
            continue
        part = corpus.head(sample) if name in SLOW else corpus
        seconds, found = best(lambda run=run, part=part: run(part))
        line(name, part, seconds, agreement(reference, found))


def best(run: Callable[[], object], times: int = 3) -> tuple[float, object]:
    """The least processor time of some runs, and what the last returned."""
    least = float("inf")
    for _ in range(times):
        start = time.process_time()
        result = run()
        least = min(least, time.process_time() - start)
    return least, result


def line(name: str, corpus: Corpus, seconds: float, note: str = "") -> None:
    speed = corpus.bytes / seconds
    print(f"  {name:26}{speed / SIZE:9,.0f} postings of 4 KB/s {speed / 1e6:7.1f} MB/s  {note}")


def cut(texts: list[str]) -> list[list[str]]:
    """The words of each text in lower case, with the sign for what stands between two of them."""
    tokens = tokenise(texts)
    plain, firsts = tokens.plain.tobytes(), tokens.firsts.tolist()
    spans = list(zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True))
    words = [plain[a:b].decode() for a, b in spans]
    signs = [BETWEEN[gap] for gap in tokens.gaps.tolist()]
    return [list(_woven(words[a:b], signs[a:b])) for a, b in pairwise(firsts)]


def _woven(words: list[str], signs: list[str]) -> Iterator[str]:
    for at, (word, sign) in enumerate(zip(words, signs, strict=True)):
        if at:
            yield sign
        yield word


def matched(corpus: Corpus, known: Vocabulary) -> list[tuple[Ints, Ints, Ints]]:
    """Leftmost-longest matches without any rule: text, first token, one past the last."""
    found = []
    for at in range(0, corpus.frame.height, 256):
        tokens = tokenise(corpus.frame["text"][at : at + 256])
        hits = known.trie.walk(known.trie.words_of(tokens), "text")
        hits = hits.take(hits.phrase < known.forms).longest()
        text = tokens.text_of(tokens.starts[hits.first])
        first = tokens.firsts[text]
        found.append((text + at, hits.first - first, hits.stop - first))
    return found


def as_strings(corpus: Corpus, found: object) -> Found:
    """Those matches as strings like those of the peers, counted by posting."""
    counts: Found = [Counter() for _ in corpus.words]
    assert isinstance(found, list)
    for texts, firsts, stops in found:
        for text, first, stop in zip(texts.tolist(), firsts.tolist(), stops.tolist(), strict=True):
            words = corpus.words[text][2 * first : 2 * stop - 1]
            counts[text][" ".join(words)] += 1
    return counts


def agreement(reference: Found, found: object) -> str:
    """Share of all matches, of either side, that both have."""
    assert isinstance(found, list)
    both = either = 0
    for mine, theirs in zip(reference, found, strict=False):
        counted = Counter(" ".join(match.split()) for match in theirs)
        ours = Counter({" ".join(match.split()): n for match, n in mine.items()})
        both += (ours & counted).total()
        either += (ours | counted).total()
    return f"{both / either:.2%} of matches agree"


def aho(phrases: list[str]) -> Callable[[Corpus], object]:
    import ahocorasick_rs

    kind = ahocorasick_rs.MatchKind.LeftmostLongest
    machine = ahocorasick_rs.AhoCorasick([f" {phrase} " for phrase in phrases], matchkind=kind)
    return lambda corpus: [machine.find_matches_as_strings(text) for text in corpus.padded]


def extract_many(phrases: list[str]) -> Callable[[Corpus], object]:
    padded = pl.Series([f" {phrase} " for phrase in phrases])

    def run(corpus: Corpus) -> object:
        texts = pl.Series("text", corpus.padded).to_frame()
        # Polars has leftmost-first: among patterns that begin alike the longer come first.
        order = padded.gather(padded.str.len_bytes().arg_sort(descending=True)).implode()
        return texts.select(pl.col("text").str.extract_many(order, leftmost=True))["text"].to_list()

    return run


def flashtext(phrases: list[str]) -> Callable[[Corpus], object]:
    from flashtext import KeywordProcessor

    processor = KeywordProcessor(case_sensitive=True)
    processor.non_word_boundaries.update("+#./&'|-")
    for phrase in phrases:
        processor.add_keyword(phrase, phrase)
    return lambda corpus: [processor.extract_keywords(text) for text in corpus.padded]


def phrase_matcher(phrases: list[str]) -> Callable[[Corpus], object]:
    import spacy
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc
    from spacy.util import filter_spans

    vocab = spacy.blank("en").vocab
    matcher = PhraseMatcher(vocab)
    matcher.add("skill", [Doc(vocab, words=phrase.split(" ")) for phrase in phrases])

    def run(corpus: Corpus) -> object:
        docs = [Doc(vocab, words=words) for words in corpus.words]
        return [[s.text for s in filter_spans(matcher(doc, as_spans=True))] for doc in docs]

    return run


def skill_extractor(phrases: list[str]) -> Callable[[Corpus], object]:
    """Its gazetteer alone, without the network that judges what it finds; FlashText in Python."""
    found = find_spec("skill_extractor")
    if found is None or not found.submodule_search_locations:
        raise ImportError("skill_extractor")
    place = Path(found.submodule_search_locations[0], "matcher.py")
    matcher = runpy.run_path(str(place))["KeywordMatcher"](phrases)
    return lambda corpus: [[m[0] for m in matcher.extract(text)] for text in corpus.padded]


PEERS: dict[str, Callable[[list[str]], Callable[[Corpus], object]]] = {
    "ahocorasick_rs": aho,
    "Polars extract_many": extract_many,
    "spaCy PhraseMatcher": phrase_matcher,
    "flashtext": flashtext,
    "skill-extractor": skill_extractor,
}
SLOW = ("spaCy PhraseMatcher", "flashtext", "skill-extractor")

if __name__ == "__main__":
    sys.exit(main())
