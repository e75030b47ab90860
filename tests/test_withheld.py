"""What a document prints before its table is published; names of contact persons in it are not."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import ROOT, SOURCE_ID
from nichiiki_ld.crew import only_rows
from nichiiki_ld.errors import SourceError
from nichiiki_ld.model import BLOT, LEAD, Source
from nichiiki_ld.repository import Repository


def test_names_are_blotted_out_and_nothing_moves(source: Source) -> None:
    (names,) = source.withheld or ()
    published = source.published_lead
    assert not [each for each in ("酒井", "吉田", "山口") if each in published]
    assert published == source.lead.replace(names, BLOT * len(names))
    cells = [cell for cell in source.cells if cell.row == LEAD]
    assert len(cells) == 19
    for cell in cells:
        assert published[cell.start : cell.end] == cell.printed


def test_a_part_of_a_document_has_the_same_lead(source: Source) -> None:
    """Rows are built in batches; each knows the lead, whichever its rows are."""
    assert only_rows(source, frozenset({"14"})).published_lead == source.published_lead


def test_nothing_is_published_before_somebody_has_read_it(source: Source) -> None:
    assert replace(source, withheld=None).published_lead == ""
    assert replace(source, withheld=()).published_lead == source.lead


def test_words_that_are_not_there_stop_the_build(tmp_path: Path) -> None:
    folder = tmp_path / "data/sources" / SOURCE_ID
    shutil.copytree(ROOT / "data/sources" / SOURCE_ID, folder)
    description = folder / "source.toml"
    text = description.read_text(encoding="utf-8")
    assert text.count("吉田(正)") == 1
    description.write_text(text.replace("吉田(正)", "吉田（正）"), encoding="utf-8")
    with pytest.raises(SourceError, match="withheld"):
        Repository(tmp_path).source(SOURCE_ID)
