"""schema.org `JobPosting` in JSON-LD: alone, in a graph, in a list, or inside a page of HTML.

https://schema.org/JobPosting; links in the data are not followed, scripts are not run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rolediff.read.html import HtmlBomb, as_text, scripts
from rolediff.read.json_cells import Json, Raw, figure, word
from rolediff.read.posting_shape import BadPosting

LONGEST_PAGE = 20_000_000
"""Characters of a page of HTML; a longer one is set aside."""
MOST_NODES = 200_000
"""Objects and lists walked through in one document; the rest is not searched."""

_KIND = "application/ld+json"
_REMOTE = "telecommute"


def in_page(html: str) -> Iterator[Json | BadPosting]:
    """Every posting in the JSON-LD scripts of a page, in order; what is broken as `BadPosting`."""
    try:
        found = scripts(html, _KIND, LONGEST_PAGE)
    except HtmlBomb as bomb:
        yield BadPosting(str(bomb))
        return
    for script in found:
        content = script.strip().removeprefix("<!--").removesuffix("-->")
        try:
            yield from postings_in(json.loads(content, strict=False))
        except (ValueError, RecursionError) as error:
            yield BadPosting(f"broken JSON-LD ({str(error)[:80]})", script.strip()[:80])


def postings_in(document: object) -> list[Json]:
    """Every `JobPosting` in a parsed document, in order, its references by `@id` filled in."""
    nodes = list(_nodes(document))
    named = {
        node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1
    }
    found = [node for node in nodes if is_posting(node)]
    return [{key: _resolved(value, named) for key, value in node.items()} for node in found]


def is_posting(node: Json) -> bool:
    """Whether the type of an object, or one of its types, is `JobPosting`."""
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return any(
        isinstance(x, str) and x.split("/")[-1].split(":")[-1] == "JobPosting" for x in listed
    )


def jsonld(posting: Json) -> Raw:
    """A `JobPosting` as a row of `RAW`."""
    places = [place for place in _many(posting.get("jobLocation")) if place]
    required = [x for x in _many(posting.get("applicantLocationRequirements")) if x]
    names = [name for place in places if (name := _place(place))]
    remote = (word(posting.get("jobLocationType")) or "").casefold() == _REMOTE
    description = word(posting.get("description"))
    return {
        "id": _identifier(posting),
        "title": word(posting.get("title")) or word(posting.get("name")),
        "employer": word(_first(posting.get("hiringOrganization"))),
        "country": _country([_address(x) for x in places] or required),
        "location": names[0] if names else None,
        "also_in": names[1:] or None,
        "employment_type": word(_first(posting.get("employmentType"))),
        "remote": "remote" if remote else None,
        "industry": word(_first(posting.get("industry"))),
        "education": _education(posting.get("educationRequirements")),
        "experience_years": _experience(posting.get("experienceRequirements")),
        "posted": word(posting.get("datePosted")),
        "expires": word(posting.get("validThrough")),
        "text": as_text(description) if description else None,
        "url": word(posting.get("url")),
        "board": "jsonld",
        **_pay(posting),
    }


def _pay(posting: Json) -> Raw:
    """`baseSalary` in any of its forms: a figure, a text, an amount, a range, or several."""
    amounts = [_amount(x) for x in _many(posting.get("baseSalary")) if x is not None]
    first = next((x for x in amounts if x["pay_low"] or x["pay_high"] or x["pay"]), None)
    if first is None:
        return {}
    currency = first["pay_currency"] or word(posting.get("salaryCurrency"))
    return {**first, "pay_currency": currency, "pay_basis": "base"}


def _amount(stated: object) -> Raw:
    outer = stated if isinstance(stated, Mapping) else {"value": stated}
    value = _first(outer.get("value"))
    inner = value if isinstance(value, dict) else {"value": value}
    single = figure(_first(inner.get("value")))
    low, high = (figure(inner.get(end, outer.get(end))) for end in ("minValue", "maxValue"))
    return {
        "pay_low": low,
        "pay_high": high,
        "pay": None if low or high else single,
        "pay_currency": word(outer.get("currency")) or word(inner.get("currency")),
        "pay_interval": word(inner.get("unitText")) or word(outer.get("unitText")),
    }


def _place(place: object) -> str | None:
    if isinstance(place, str):
        return place
    address = _address(place)
    if not isinstance(address, Mapping):
        return word(address) or word(place)
    keys = ("addressLocality", "addressRegion", "addressCountry")
    parts = [name for key in keys if (name := word(_first(address.get(key))))]
    return ", ".join(dict.fromkeys(parts)) or word(address) or word(place)


def _address(place: object) -> object:
    return _first(place.get("address")) if isinstance(place, Mapping) else place


def _country(places: list[Any]) -> str | None:
    """The country of all places, if it is the same one."""
    if not all(isinstance(place, Mapping) for place in places):
        return None
    stated = (word(_first(place.get("addressCountry", place.get("name")))) for place in places)
    named = {name for name in stated if name}
    return named.pop() if len(named) == 1 else None


def _education(stated: object) -> str | None:
    found = [
        word(x.get("credentialCategory")) if isinstance(x, dict) else word(x) for x in _many(stated)
    ]
    return "; ".join(name for name in found if name and name != "no requirements") or None


def _experience(stated: object) -> str | None:
    """Years, from the months of an `OccupationalExperienceRequirements`; a prose form is left."""
    first = _first(stated)
    months = first.get("monthsOfExperience") if isinstance(first, Mapping) else None
    try:
        return str(float(str(months)) / 12) if months is not None else None
    except ValueError:
        return None


def _identifier(posting: Json) -> str | None:
    given = _first(posting.get("identifier"))
    value = word(given.get("value")) if isinstance(given, Mapping) else word(given)
    return value or word(posting.get("url")) or word(posting.get("@id"))


def _nodes(document: object) -> Iterator[Json]:
    """Every object in a document in the order it is written, without recursion."""
    waiting, seen = [document], 0
    while waiting and seen < MOST_NODES:
        node = waiting.pop()
        seen += 1
        if isinstance(node, Mapping):
            yield node
        inside = (
            node.values() if isinstance(node, Mapping) else node if isinstance(node, list) else ()
        )
        waiting.extend(x for x in reversed(list(inside)) if isinstance(x, Mapping | list))


def _resolved(value: Any, named: Mapping[str, Json]) -> Any:
    """A reference, or each reference in a list, as the object it refers to."""
    if isinstance(value, list):
        return [named.get(_reference(x), x) for x in value]
    return named.get(_reference(value), value)


def _reference(value: object) -> str:
    is_one = isinstance(value, dict) and value.keys() == {"@id"}
    return str(value["@id"]) if is_one and isinstance(value, dict) else ""


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _first(value: Any) -> Any:
    return next((x for x in value if x), None) if isinstance(value, list) else value
