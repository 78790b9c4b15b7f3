"""The Market: records as mergeable counts, small enough to ship and exact enough to cite."""

from rolediff.market.ads import each, once
from rolediff.market.background import PANEL
from rolediff.market.compress import compress, compress_postings, merge
from rolediff.market.load import Loaded, load, load_files
from rolediff.market.model import Market
from rolediff.market.options import ReadOptions
from rolediff.market.store import bundled, is_market, open_market, save
from rolediff.market.tables import KEYS, POSTINGS
from rolediff.market.where import Where

__all__ = [
    "KEYS",
    "PANEL",
    "POSTINGS",
    "Loaded",
    "Market",
    "ReadOptions",
    "Where",
    "bundled",
    "compress",
    "compress_postings",
    "each",
    "is_market",
    "load",
    "load_files",
    "merge",
    "once",
    "open_market",
    "save",
]
