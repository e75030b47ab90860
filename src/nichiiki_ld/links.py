"""Links to other data sets, as SSSOM tables hold them.

Source: SSSOM 1.0, "The SSSOM/TSV format", embedded mode: commented YAML metadata, then tab-separated mappings.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import yaml

from nichiiki_ld.errors import TableError
from nichiiki_ld.model import Link, Linkset

_REQUIRED_SLOTS = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_REQUIRED_METADATA = ("curie_map", "license", "mapping_set_title", "mapping_set_id")


def parse_sssom(text: str, *, id_: str, where: str) -> Linkset:
    """Return the links of an SSSOM/TSV text, with prefixes expanded.

    Args:
        id_: Id of the linkset.
        where: The file, for messages.

    Raises:
        TableError: The metadata or a column is missing, a line has another number of
            columns, or a prefix is not declared. The message has the line.
    """
    lines = text.splitlines()
    commented = sum(1 for line in lines if line.startswith("#"))
    meta = _metadata(lines[:commented], where)
    reader = csv.reader(io.StringIO("\n".join(lines[commented:])), delimiter="\t", quoting=csv.QUOTE_NONE)
    heading = next(reader, [])
    if missing := [slot for slot in _REQUIRED_SLOTS if slot not in heading]:
        raise TableError(f"lacks the column {missing[0]}", where=f"{where}:{commented + 1}", hint="add it")
    links = []
    for number, record in enumerate(reader, start=commented + 2):
        here = f"{where}:{number}"
        if len(record) != len(heading):
            raise TableError(f"has {len(record)} columns instead of {len(heading)}", where=here)
        row = dict(zip(heading, record, strict=True))
        subject, predicate, object_, justification = (
            _expand(row[slot], meta["curie_map"], here) for slot in _REQUIRED_SLOTS
        )
        links.append(
            Link(
                subject=subject,
                predicate=predicate,
                object=object_,
                justification=justification,
                object_label=row.get("object_label", ""),
                comment=row.get("comment", ""),
                refused=row.get("predicate_modifier") == "Not",
            )
        )
    return Linkset(
        id=id_, title={"en": meta["mapping_set_title"]}, licence=meta["license"], links=tuple(links)
    )


def _metadata(lines: list[str], where: str) -> dict[str, Any]:
    try:
        meta = yaml.safe_load("\n".join(line.removeprefix("#") for line in lines))
    except yaml.YAMLError as error:
        raise TableError(
            f"has no readable SSSOM metadata: {error}", where=where, hint="mend its head"
        ) from None
    for key in _REQUIRED_METADATA:
        if not isinstance(meta, dict) or key not in meta:
            raise TableError(f"its SSSOM metadata lack '{key}'", where=where, hint="add it to the head")
    assert isinstance(meta, dict)
    return meta


def _expand(curie: str, prefixes: dict[str, str], where: str) -> str:
    prefix, _, local = curie.partition(":")
    if prefix in prefixes:
        return prefixes[prefix] + local
    if local.startswith("//"):
        return curie
    raise TableError(f"the prefix of {curie} is not in the curie_map", where=where, hint="declare it")
