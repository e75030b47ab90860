"""The data about the data: the dataset, its release, its distributions, its parts.

Source: DCAT 3, sections 6.6 (Dataset) and 6.8 (Distribution); VoID, sections 2 and 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nichiiki_ld import iri
from nichiiki_ld.formats import DUMPS
from nichiiki_ld.model import Linkset, Publication

DUMP_NAME = "nichiiki"
"""Name of the dumps, before the extension."""


def dataset_records(publication: Publication, linksets: Sequence[Linkset]) -> Iterator[dict[str, Any]]:
    """Yield the records of the graph `dataset`."""
    release = iri.release(publication.version)
    described: dict[str, Any] = {
        "title": dict(publication.title),
        "label": dict(publication.title),
        "description": dict(publication.description),
        "license": publication.licence,
        "attribution": dict(publication.attribution),
        "publisher": iri.PUBLISHER,
        "issued": publication.issued.isoformat(),
        "version": publication.version,
    }
    distributions = [f"{iri.DATASET}#{format_.name}" for format_ in DUMPS]
    yield {
        "id": iri.DATASET,
        "type": ["dcat:Dataset", "void:Dataset", "schema:Dataset"],
        **described,
        "dcat:landingPage": {"id": publication.homepage},
        "dcat:hasCurrentVersion": {"id": release},
        "void:sparqlEndpoint": {"id": publication.base + iri.SPARQL},
        "void:uriSpace": publication.base,
        "void:vocabulary": {"id": iri.ONTOLOGY},
        "void:subset": [{"id": name} for name in _parts(linksets)],
        "distribution": distributions,
    }
    yield {"id": release, "type": "dcat:Dataset", **described, "dcat:isVersionOf": {"id": iri.DATASET}}
    yield {"id": iri.PUBLISHER, "type": "org:Organization", "label": dict(publication.publisher)}
    for format_, distribution in zip(DUMPS, distributions, strict=True):
        yield {
            "id": distribution,
            "type": "dcat:Distribution",
            "title": {"en": f"All data as {format_.label}", "ja": f"全データ（{format_.label}）"},
            "downloadURL": f"{publication.base}dumps/{DUMP_NAME}.{format_.extension}",
            "mediaType": format_.media_type,
            "license": publication.licence,
        }
    yield {
        "id": iri.REGISTER,
        "type": "void:Dataset",
        "title": {"ja": "都道府県・市区町村の登録簿", "en": "Register of prefectures and municipalities"},
        "label": {"ja": "都道府県・市区町村の登録簿", "en": "Register of prefectures and municipalities"},
        "license": publication.licence,
    }
    for linkset in linksets:
        yield {
            "id": iri.linkset(linkset.id),
            "type": ["void:Linkset", "void:Dataset"],
            "title": dict(linkset.title),
            "label": dict(linkset.title),
            "license": linkset.licence,
        }


def _parts(linksets: Sequence[Linkset]) -> list[str]:
    return [iri.REGISTER, *(iri.linkset(linkset.id) for linkset in linksets)]
