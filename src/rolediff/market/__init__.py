"""The Market: records as mergeable counts, small enough to ship and exact enough to cite."""

from rolediff.market.compress import compress, merge
from rolediff.market.model import KEYS, Market
from rolediff.market.store import bundled, open_market, save
from rolediff.market.where import Where

__all__ = ["KEYS", "Market", "Where", "bundled", "compress", "merge", "open_market", "save"]
