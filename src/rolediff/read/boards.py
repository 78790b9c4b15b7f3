"""Raw JSON of the public job boards of Ashby, Greenhouse and Lever: one object a posting.

Each adapter takes the object of one posting to a row of `RAW`, or to None where the board itself
does not list it. What a board leaves out (Ashby and Lever never name the employer) is read from
the address of the posting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from rolediff.read import values
from rolediff.read.columns import plain
from rolediff.read.html import as_text, html_text
from rolediff.read.json_cells import Json, Raw, figure, object_or_empty, objects_in, word

_HOSTED = re.compile(r"(?:^|\.)(?:ashbyhq\.com|greenhouse\.io|lever\.co)$")
_LEVER_INTERVAL = re.compile(r"^per-(\w+)-(?:salary|wage)$")


def board_of(posting: Json) -> str | None:
    """ "ashby", "greenhouse" or "lever" by the keys of one posting, or None."""
    keys = posting.keys()
    if "jobUrl" in keys and keys & {"descriptionPlain", "descriptionHtml", "isListed"}:
        return "ashby"
    if "absolute_url" in keys and "title" in keys:
        return "greenhouse"
    if "hostedUrl" in keys or {"text", "categories"} <= keys:
        return "lever"
    return "ashby" if keys >= {"isListed", "title"} else None


def ashby(posting: Json) -> Raw | None:
    """A posting of Ashby's public API, or of a file of such with the board's name as `board`."""
    if posting.get("isListed") is False:
        return None
    url = word(posting.get("jobUrl"))
    elsewhere = objects_in(posting.get("secondaryLocations"))
    address = [_country(posting), *(_country(place) for place in elsewhere)]
    return {
        "id": _id("ashby", posting.get("id")),
        "title": word(posting.get("title")),
        "employer": word(posting.get("board")) or employer_in(url),
        "country": _only(address),
        "location": word(posting.get("location")),
        "also_in": [x for place in elsewhere if (x := word(place.get("location")))] or None,
        "employment_type": word(posting.get("employmentType")),
        "remote": word(posting.get("workplaceType")) or word(posting.get("isRemote")),
        "department": word(posting.get("department")) or word(posting.get("team")),
        "posted": word(posting.get("publishedAt")),
        "text": _text(posting, "descriptionPlain", "descriptionHtml"),
        "url": url,
        "board": "ashby",
        **_ashby_pay(object_or_empty(posting.get("compensation"))),
    }


def greenhouse(posting: Json) -> Raw:
    """A posting of Greenhouse's job board API; its `content` is HTML with its tags escaped."""
    url = word(posting.get("absolute_url"))
    departments = objects_in(posting.get("departments"))
    ranges = objects_in(posting.get("pay_input_ranges"))
    return {
        "id": _id("greenhouse", posting.get("id")),
        "title": word(posting.get("title")),
        "employer": word(posting.get("company_name")) or employer_in(url),
        "location": word(posting.get("location")),
        "department": next((name for x in departments if (name := word(x))), None),
        "posted": word(posting.get("first_published")),
        "text": _text(posting, "content"),
        "url": url,
        "board": "greenhouse",
        **_greenhouse_pay(ranges),
    }


def lever(posting: Json) -> Raw:
    """A posting of Lever's postings API; its text comes in an opening, lists and a closing."""
    url = word(posting.get("hostedUrl")) or word(posting.get("applyUrl"))
    kinds = object_or_empty(posting.get("categories"))
    location = word(kinds.get("location"))
    everywhere = kinds.get("allLocations")
    places = [word(x) for x in everywhere] if isinstance(everywhere, list) else []
    return {
        "id": _id("lever", posting.get("id")),
        "title": word(posting.get("text")),
        "employer": employer_in(url),
        "country": word(posting.get("country")),
        "location": location,
        "also_in": [place for place in places if place and place != location] or None,
        "employment_type": word(kinds.get("commitment")),
        "remote": word(posting.get("workplaceType")),
        "department": word(kinds.get("department")) or word(kinds.get("team")),
        "posted": word(posting.get("createdAt")),
        "text": _lever_text(posting),
        "url": url,
        "board": "lever",
        **_lever_pay(object_or_empty(posting.get("salaryRange"))),
    }


BOARDS: dict[str, Callable[[Json], Raw | None]] = {
    "ashby": ashby,
    "greenhouse": greenhouse,
    "lever": lever,
}
"""Name of the board to its adapter."""


def employer_in(url: str | None) -> str | None:
    """The board's name in the address of a posting it hosts, else the host of the address."""
    try:
        parts = urlsplit(url or "")
        host = parts.hostname or ""
    except ValueError:  # an address of no known form names nobody
        return None
    path = [part for part in parts.path.split("/") if part]
    if _HOSTED.search(host):
        return path[0] if path else None
    return host.removeprefix("www.") or None


def band(ends: Iterable[tuple[Any, Any]]) -> Raw:
    """The least lower and the greatest upper end of several ranges."""
    pairs = list(ends)
    lows = [low for low, _ in pairs if isinstance(low, int | float) and not isinstance(low, bool)]
    highs = [top for _, top in pairs if isinstance(top, int | float) and not isinstance(top, bool)]
    return {
        "pay_low": figure(min(lows, default=None)),
        "pay_high": figure(max(highs, default=None)),
    }


def _ashby_pay(compensation: Json) -> Raw:
    """All salary bands, over locations and levels, of the currency and interval named first."""
    tiers = objects_in(compensation.get("compensationTiers"))
    parts = [x for tier in tiers for x in objects_in(tier.get("components"))]
    parts = parts or objects_in(compensation.get("summaryComponents"))
    salaries = [x for x in parts if x.get("compensationType") == "Salary"]
    if not salaries:
        summary = word(compensation.get("compensationTierSummary")) or ""
        return {"pay": summary.split("•")[0].strip() if re.search(r"\d", summary) else None}
    unit = salaries[0].get("currencyCode"), salaries[0].get("interval")
    alike = [x for x in salaries if (x.get("currencyCode"), x.get("interval")) == unit]
    return {
        **band((x.get("minValue"), x.get("maxValue")) for x in alike),
        "pay_currency": word(unit[0]),
        "pay_interval": word(unit[1]),
        "pay_basis": "base",
    }


def _greenhouse_pay(ranges: list[Json]) -> Raw:
    """Greenhouse gives cents and no interval."""
    currency = word(ranges[0].get("currency_type")) if ranges else None
    alike = [x for x in ranges if word(x.get("currency_type")) == currency]
    return {
        **band((_cents(x.get("min_cents")), _cents(x.get("max_cents"))) for x in alike),
        "pay_currency": currency,
    }


def _lever_pay(salary: Json) -> Raw:
    interval = word(salary.get("interval")) or ""
    found = _LEVER_INTERVAL.match(interval)
    return {
        "pay_low": figure(salary.get("min")),
        "pay_high": figure(salary.get("max")),
        "pay_currency": word(salary.get("currency")),
        "pay_interval": (found[1] if found else interval) or None,
        "pay_basis": "base",
    }


def _lever_text(posting: Json) -> str:
    lists = [
        f"<h3>{word(x.get('text')) or ''}</h3><ul>{word(x.get('content')) or ''}</ul>"
        for x in objects_in(posting.get("lists"))
    ]
    parts = [
        _text(posting, "descriptionPlain", "description"),
        html_text("".join(lists)) if lists else None,
        _text(posting, "additionalPlain", "additional"),
        _text(posting, "salaryDescriptionPlain", "salaryDescription"),
    ]
    return "\n\n".join(part for part in parts if part)


def _text(posting: Json, key: str, html: str = "") -> str | None:
    """The plain text if there is one, else the HTML as text."""
    body = word(posting.get(key)) or word(posting.get(html))
    return as_text(body) if body else None


def _country(place: Json) -> str | None:
    address = object_or_empty(object_or_empty(place.get("address")).get("postalAddress"))
    return word(address.get("addressCountry"))


def _only(countries: Iterable[str | None]) -> str | None:
    """The country that is named, if it is one: of several none is *the* country."""
    named = {plain(name): name for name in countries if name}
    same = {values.countries().get(key, key) for key in named}
    return next(iter(named.values())) if len(same) == 1 else None


def _id(board: str, given: object) -> str | None:
    name = word(given)
    return f"{board}:{name}" if name else None


def _cents(value: object) -> float | None:
    return value / 100 if isinstance(value, int | float) and not isinstance(value, bool) else None
