"""schema.org JobPosting: every shape it comes in, and pages that are broken."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rolediff.errors import UnreadableError
from rolediff.read.jsonld import in_page, jsonld, postings_in
from rolediff.read.posting_shape import BadPosting, PostingBatch
from rolediff.read.postings import all_postings

DAY = "2026-11-23"
JOB: dict[str, Any] = {
    "@context": "https://schema.org/",
    "@type": "JobPosting",
    "title": "AI Engineer",
    "description": "<p>Build <b>agents</b>.</p><ul><li>Python</li></ul>",
    "identifier": {"@type": "PropertyValue", "name": "Acme", "value": "AE-1"},
    "hiringOrganization": {"@type": "Organization", "name": "Acme"},
    "datePosted": "2026-11-01",
    "validThrough": "2026-12-31T00:00",
    "employmentType": ["FULL_TIME", "CONTRACTOR"],
    "jobLocation": {
        "@type": "Place",
        "address": {
            "@type": "PostalAddress",
            "addressLocality": "Berlin",
            "addressRegion": "BE",
            "addressCountry": {"@type": "Country", "name": "Germany"},
        },
    },
    "baseSalary": {
        "@type": "MonetaryAmount",
        "currency": "EUR",
        "value": {
            "@type": "QuantitativeValue",
            "minValue": 90000,
            "maxValue": 110000.0,
            "unitText": "YEAR",
        },
    },
    "educationRequirements": {"credentialCategory": "bachelor degree"},
    "experienceRequirements": {"monthsOfExperience": 36},
    "industry": "Software",
    "url": "https://acme.example/jobs/1",
}


def page(*scripts: str) -> str:
    tags = (f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return (
        f"<!doctype html><html><head><title>Jobs</title>{''.join(tags)}</head><body>x</body></html>"
    )


def reading(tmp_path: Path, content: str, name: str = "job.html") -> PostingBatch:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return all_postings(path, retrieved=DAY)


def read_job(tmp_path: Path, **changes: Any) -> dict[str, Any]:
    batch = reading(tmp_path, json.dumps(JOB | changes), "job.json")
    return batch.postings.row(0, named=True)


WANTED = {
    "id": "AE-1",
    "title": "AI Engineer",
    "employer": "Acme",
    "country": "DE",
    "location": "Berlin, BE, Germany",
    "employment_type": "full-time",
    "industry": "Software",
    "education": "bachelor degree",
    "experience": 3.0,
    "posted": date(2026, 11, 1),
    "expires": date(2026, 12, 31),
    "pay_low": 90_000.0,
    "pay_high": 110_000.0,
    "pay_currency": "EUR",
    "pay_interval": "year",
    "pay_basis": "base",
    "text": "Build agents.\n\n  - Python",
    "url": "https://acme.example/jobs/1",
}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (json.dumps(JOB), "job.json"),
        (json.dumps(JOB, indent=2), "job.json"),
        (json.dumps([JOB]), "job.json"),
        (json.dumps(JOB) + "\n" + json.dumps(JOB), "job.jsonl"),
        (page(json.dumps(JOB)), "job.html"),
        (page(json.dumps(JOB)), "job"),
        (page(json.dumps({"@type": "WebSite"}), json.dumps([JOB])), "job.html"),
        (page(json.dumps({"@context": "x", "@graph": [{"@type": "WebSite"}, JOB]})), "job.html"),
        (page(json.dumps({"@type": "ItemList", "itemListElement": [{"item": JOB}]})), "job.html"),
        (page(json.dumps(JOB | {"@type": ["Thing", "schema:JobPosting"]})), "job.html"),
        (page(json.dumps(JOB | {"@type": "http://schema.org/JobPosting"})), "job.html"),
        (page("<!--" + json.dumps(JOB) + "-->"), "job.html"),
        (page(json.dumps(JOB).replace("<p>", "<p>\n")), "job.html"),
    ],
)
def test_every_shape_gives_the_same_posting(tmp_path: Path, content: str, name: str) -> None:
    row = reading(tmp_path, content, name).postings.row(0, named=True)
    assert {key: row[key] for key in WANTED} == WANTED


@pytest.mark.parametrize(
    ("salary", "wanted"),
    [
        (50_000, (50_000, 50_000, None, "year")),
        ("$120,000 - $150,000 a year", (120_000, 150_000, None, "year")),
        ({"currency": "GBP", "value": 60_000}, (60_000, 60_000, "GBP", "year")),
        (
            {"currency": "GBP", "value": {"value": "45.5", "unitText": "HOUR"}},
            (45.5, 45.5, "GBP", "hour"),
        ),
        (
            {"currency": "USD", "minValue": "100000", "maxValue": 120000},
            (1e5, 1.2e5, "USD", "year"),
        ),
        (
            {"currency": "USD", "value": [{"minValue": 1e5, "unitText": "YEAR"}]},
            (1e5, 1e5, "USD", "year"),
        ),
        (
            [{"currency": "USD", "value": {"minValue": 5e3, "unitText": "MONTH"}}],
            (5e3, 5e3, "USD", "month"),
        ),
        ({"currency": "USD", "value": {}}, (None, None, None, None)),
        (None, (None, None, None, None)),
    ],
)
def test_forms_of_base_salary(tmp_path: Path, salary: Any, wanted: tuple[Any, ...]) -> None:
    row = read_job(tmp_path, baseSalary=salary)
    assert tuple(row[f"pay_{key}"] for key in ("low", "high", "currency", "interval")) == wanted


def test_currency_beside_the_salary(tmp_path: Path) -> None:
    assert read_job(tmp_path, baseSalary=50_000, salaryCurrency="EUR")["pay_currency"] == "EUR"


def test_telecommuting_and_where_one_may_live(tmp_path: Path) -> None:
    row = read_job(
        tmp_path,
        jobLocation=None,
        jobLocationType="TELECOMMUTE",
        applicantLocationRequirements={"@type": "Country", "name": "USA"},
    )
    assert (row["remote"], row["country"], row["location"]) == ("remote", "US", None)


def test_several_locations(tmp_path: Path) -> None:
    def place(city: str, country: str) -> dict[str, Any]:
        return {"address": {"addressLocality": city, "addressCountry": country}}

    row = read_job(tmp_path, jobLocation=[place("Berlin", "DE"), place("Munich", "DE")])
    assert (row["country"], row["location"], row["also_in"]) == ("DE", "Berlin, DE", ["Munich, DE"])
    assert (
        read_job(tmp_path, jobLocation=[place("Berlin", "DE"), place("Paris", "FR")])["country"]
        != "FR"
    )
    assert read_job(tmp_path, jobLocation="Lyon, France")["country"] == "FR"


def test_references_are_followed_inside_the_document() -> None:
    graph = {
        "@graph": [
            JOB | {"hiringOrganization": {"@id": "#org"}, "jobLocation": [{"@id": "#hq"}]},
            {"@id": "#org", "@type": "Organization", "name": "Beta"},
            {"@id": "#hq", "address": {"addressLocality": "Graz", "addressCountry": "AT"}},
        ]
    }
    (found,) = postings_in(graph)
    row = jsonld(found)
    assert (row["employer"], row["location"], row["country"]) == ("Beta", "Graz, AT", "AT")


def test_escaped_descriptions(tmp_path: Path) -> None:
    escaped = "&lt;p&gt;Build &amp;amp; ship&lt;/p&gt;"
    assert read_job(tmp_path, description=escaped)["text"] == "Build & ship"


def test_a_broken_script_does_not_hide_the_next(tmp_path: Path) -> None:
    batch = reading(tmp_path, page('{"@type": "JobPosting", ', json.dumps(JOB), "[" * 5_000))
    assert batch.counts["postings"] == 1
    assert batch.quarantine["row"].to_list() == [1, 3]
    assert batch.quarantine["reason"].str.starts_with("broken JSON-LD").all()


def test_control_characters_inside_strings_are_no_reason_to_refuse(tmp_path: Path) -> None:
    script = json.dumps(JOB).replace("agents", "agents\n\tand tools")
    assert "agents" in reading(tmp_path, page(script)).postings["text"].item()


@pytest.mark.parametrize(
    "content",
    ["<html><body>no data</body></html>", page("{}"), page('{"@type": "WebSite"}'), "<"],
)
def test_a_page_without_postings_is_unreadable(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnreadableError, match="no posting could be read"):
        reading(tmp_path, content)


def test_a_page_bomb_is_set_aside(tmp_path: Path) -> None:
    (found,) = in_page("<div>" * 50_000 + page(json.dumps(JOB)))
    assert isinstance(found, BadPosting)
    assert "nested" in found.reason
    (tmp_path / "good.html").write_text(page(json.dumps(JOB)), encoding="utf-8")
    (tmp_path / "bomb.html").write_text("<div>" * 50_000 + page(json.dumps(JOB)), encoding="utf-8")
    batch = all_postings(tmp_path)
    assert (batch.counts["postings"], batch.counts["quarantined"]) == (1, 1)


def test_pages_in_a_declared_encoding(tmp_path: Path) -> None:
    job = json.dumps(JOB | {"title": "Ingénieur IA"}, ensure_ascii=False)
    latin = page(job).replace("<head>", '<head><meta charset="iso-8859-1">').encode("latin-1")
    (tmp_path / "job.html").write_bytes(latin)
    assert all_postings(tmp_path / "job.html").postings["title"].item() == "Ingénieur IA"
    (tmp_path / "job.html").write_bytes(page(job).encode("latin-1"))
    with pytest.raises(UnreadableError, match="UTF-8"):
        all_postings(tmp_path / "job.html")
