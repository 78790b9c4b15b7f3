"""The Market: records as mergeable counts, small enough to ship and exact enough to cite."""

from rolediff.market.compress import compress, merge
from rolediff.market.load import Loaded, ReadOptions, load, load_files
from rolediff.market.model import KEYS, Market
from rolediff.market.store import bundled, open_market, save
from rolediff.market.where import Where

__all__ = [
    "KEYS",
    "Loaded",
    "Market",
    "ReadOptions",
    "Where",
    "bundled",
    "compress",
    "load",
    "load_files",
    "merge",
    "open_market",
    "save",
]
