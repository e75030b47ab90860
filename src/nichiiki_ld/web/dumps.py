"""The files of the release: listed, whole, in ranges, and compressed where the client takes it.

Source: RFC 9110, sections 8.4 (Content-Encoding) and 14 (Range Requests).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response, request, send_file
from flask_babel import gettext
from werkzeug.exceptions import NotFound, RequestedRangeNotSatisfiable

from nichiiki_ld.formats import DUMPS, FORMATS, HTML, Format, Kind
from nichiiki_ld.iri import DATASET
from nichiiki_ld.negotiation import accepts_gzip, negotiate
from nichiiki_ld.publication import DUMP_NAME
from nichiiki_ld.store import digest
from nichiiki_ld.web import linking
from nichiiki_ld.web.fields import add_links, keep, represent, show
from nichiiki_ld.web.problems import NotAcceptable
from nichiiki_ld.web.site import Site, current_site

bp = Blueprint("dumps", __name__)
files = Blueprint("files", __name__)

MANIFEST = Format("manifest", "json", "application/json", Kind.PAGE, "JSON")
_ABOUT_FILES = {"manifest.json": "application/json", "SHA256SUMS": "text/plain; charset=utf-8"}
"""Files that the manifest cannot list: its own, and the digests of all."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the release.

    Attributes:
        name: Relative to the release, with `/` between folders.
        compressed: The same file as `.gz`, or None.
    """

    name: str
    size_bytes: int
    sha256: str
    media_type: str
    label: str
    compressed: File | None = None


def files_of(manifest: Mapping[str, Mapping[str, Mapping[str, str]]]) -> list[File]:
    """Return the files that a manifest lists, each with its compressed twin, sorted by name."""
    listed = manifest["files"]
    labels = {each.media_type: each.label for each in FORMATS if each.kind is not Kind.RESULTS}

    def file(name: str) -> File:
        entry, twin = listed[name], f"{name}.gz"
        return File(
            name=name,
            size_bytes=int(entry["bytes"]),
            sha256=entry["sha256"],
            media_type=entry["mediaType"],
            label=labels.get(entry["mediaType"], name.rpartition(".")[2].upper()),
            compressed=file(twin) if twin in listed else None,
        )

    return [file(name) for name in sorted(listed)]


@bp.get("/dumps/")
def dumps() -> Response:
    """Answer with the list of files, as a page or as the manifest."""
    site = current_site()
    chosen = negotiate(request.headers.get("Accept"), (HTML, MANIFEST))
    if chosen is None:
        raise NotAcceptable((HTML, MANIFEST))
    if chosen is MANIFEST:
        text = json.dumps(site.manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        links = [linking.link(linking.path("dumps/"), "alternate", HTML.media_type), linking.licence()]
        return represent(text, MANIFEST.content_type, links=links, negotiated=True)
    listed = [each for each in files_of(site.manifest) if not each.name.endswith(".gz")]
    graphs = [each for each in listed if each.name.startswith("nichiiki.")]
    others = [each for each in listed if each not in graphs]
    links = [
        linking.link(linking.path("dumps/manifest.json"), "alternate", MANIFEST.media_type),
        linking.licence(),
    ]
    return show(
        "dumps.html", links=links, negotiated=True, groups=_groups(graphs, others), about=_ABOUT_FILES
    )


def _groups(graphs: list[File], others: list[File]) -> list[tuple[str, list[File]]]:
    def below(folder: str) -> list[File]:
        return [each for each in others if each.name.startswith(f"{folder}/")]

    rest = [each for each in others if "/" not in each.name]
    groups = [
        (gettext("グラフ全体"), graphs),
        (gettext("表"), below("tables")),
        (gettext("外部へのリンク"), below("links")),
        (gettext("問い合わせの例"), below("queries")),
        (gettext("そのほか"), rest),
    ]
    return [group for group in groups if group[1]]


@files.get("/dumps/<path:name>")
def dump(name: str) -> Response:
    """Answer with a file. Only names of the manifest are looked for on disk."""
    site = current_site()
    if name in _ABOUT_FILES:
        return represent((site.release.folder / name).read_bytes(), _ABOUT_FILES[name])
    file = next((each for each in files_of(site.manifest) if each.name == name), None)
    if file is None:
        raise NotFound
    return _send(site, file)


def _send(site: Site, file: File) -> Response:
    """Send a file; a range is always one of the plain bytes."""
    _drop_range_to_ignore()
    twin = file.compressed
    coded = (
        twin
        if accepts_gzip(request.headers.get("Accept-Encoding")) and "HTTP_RANGE" not in request.environ
        else None
    )
    sent = coded or file
    response = send_file(
        site.release.folder / sent.name, mimetype=file.media_type, conditional=False, etag=False
    )
    response.content_type = _content_type(file.media_type)
    # It would name the compressed file after what a client gets once it has undone the coding.
    response.headers.pop("Content-Disposition", None)
    response.set_etag(digest_of(sent))
    response.cache_control.clear()
    keep(response)
    add_links(response, [*_twins(file), _collection(site, file), linking.licence()])
    if twin:
        response.vary.add("Accept-Encoding")
    if coded:
        response.content_encoding = "gzip"
    try:
        response.make_conditional(request, accept_ranges=coded is None, complete_length=sent.size_bytes)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    if request.method == "HEAD" or response.status_code == HTTPStatus.NOT_MODIFIED:
        # Nobody is going to read the file that was opened for it.
        response.close()
    return response


def digest_of(file: File) -> str:
    """Return the entity tag of a file, as `fields.digest` would make it of the bytes."""
    return file.sha256[: len(digest(b""))]


def _drop_range_to_ignore() -> None:
    """Leave out a `Range` that a server may ignore: of another unit or method, of several ranges, or malformed."""
    ranges = request.range
    if request.method != "GET" or ranges is None or ranges.units != "bytes" or len(ranges.ranges) != 1:
        request.environ.pop("HTTP_RANGE", None)


def _content_type(media_type: str) -> str:
    return next((each.content_type for each in FORMATS if each.media_type == media_type), media_type)


def _collection(site: Site, file: File) -> str:
    """Return the link from a dump to the page of the data that it is an item of, or nothing."""
    dumps = {f"{DUMP_NAME}.{each.extension}" for each in DUMPS}
    if file.name not in dumps or f"{site.base}{DATASET}" not in site.catalog:
        return ""
    return linking.link(linking.path(f"{DATASET}.{HTML.extension}"), "collection", HTML.media_type)


def _twins(file: File) -> list[str]:
    return (
        [linking.link(linking.path(f"dumps/{file.compressed.name}"), "alternate", file.compressed.media_type)]
        if file.compressed
        else []
    )
