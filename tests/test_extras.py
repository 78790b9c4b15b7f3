"""A library that is not installed is asked for by the extra that brings it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rolediff.errors import MissingExtraError
from rolediff.read.html import html_text
from rolediff.read.postings import all_postings


def test_html_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resiliparse", None)
    monkeypatch.setitem(sys.modules, "resiliparse.extract.html2text", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rolediff\[postings\]'"):
        html_text("<p>One</p>")


def test_zstd_names_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("backports", "backports.zstd", "compression.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    path = tmp_path / "jobs.jsonl.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(20))
    with pytest.raises(Exception, match="postings") as caught:
        all_postings([path])
    assert "pip install" in str(caught.value)
