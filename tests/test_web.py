"""Pages, descriptions and dumps: one row for each rule of HTTP that they keep."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, parse

from nichiiki_ld.errors import ReleaseError
from nichiiki_ld.formats import HTML, JSON_LD, TURTLE, Format
from nichiiki_ld.iri import page_of
from nichiiki_ld.web.linking import REPRESENTATIONS
from nichiiki_ld.web.site import Site
from nichiiki_ld.writing import engine_format

PROJECT = "/project/2024-2-10"
ROW = "/document/2025-07-01-mlit/row/10"
THINGS = [
    PROJECT,
    "/consortium/2024-2-10",
    "/call/2024-2",
    "/call/2024-2/decision",
    "/programme/leading-projects",
    "/municipality/016331",
    "/prefecture/010006",
    "/organization/2000012100001",
    "/document/2025-07-01-mlit",
    ROW,
    f"{ROW}/theme/travel-cost",
    f"{ROW}/correction/name-5",
    "/document/2025-07-01-mlit/contradiction/fiscal-year",
    "/theme",
    "/theme/telework",
    "/ontology",
    "/dataset",
    "/dataset/1.0.0",
]
GRAPHS = [each for each in REPRESENTATIONS if each is not HTML]


# --- things and their descriptions ----------------------------------------------------


@pytest.mark.parametrize("path", THINGS)
def test_a_thing_is_no_document(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/turtle"})
    assert response.status_code == 303
    assert response.headers["Location"] == f"{path}.ttl"
    assert "Accept" in response.vary
    assert client.get(f"{path}.ttl").status_code == 200


@pytest.mark.parametrize("each", REPRESENTATIONS, ids=lambda each: each.name)
def test_accept_chooses_the_description(client: FlaskClient, each: Format) -> None:
    response = client.get(PROJECT, headers={"Accept": f"image/png, {each.media_type};q=0.5"})
    assert response.headers["Location"] == f"{PROJECT}.{each.extension}"
    described = client.get(response.headers["Location"])
    assert described.status_code == 200
    assert described.headers["Content-Type"] == each.content_type


@pytest.mark.parametrize("each", GRAPHS, ids=lambda each: each.name)
@pytest.mark.parametrize("path", [PROJECT, "/ontology", "/municipality/016331"])
def test_every_format_says_the_same(client: FlaskClient, path: str, each: Format) -> None:
    reference = parse(client.get(f"{path}.nt").data, format=RdfFormat.N_TRIPLES)
    described = parse(client.get(f"{path}.{each.extension}").data, format=engine_format(each))
    assert {q.triple for q in described} == {q.triple for q in reference}


@pytest.mark.parametrize(("each", "name"), [(TURTLE, "turtle"), (JSON_LD, "json-ld")])
def test_another_library_reads_it(client: FlaskClient, each: Format, name: str) -> None:
    graph = rdflib.Graph().parse(data=client.get(f"{PROJECT}.{each.extension}").data, format=name)
    project = rdflib.URIRef(f"https://w3id.org/nichiiki{PROJECT}")
    areas = set(graph.objects(project, rdflib.URIRef("https://w3id.org/nichiiki/ontology#area")))
    assert len(areas) == 7
    assert rdflib.URIRef("https://w3id.org/nichiiki/municipality/016331") in areas


def test_the_thing_comes_first(client: FlaskClient) -> None:
    blocks = client.get(f"{PROJECT}.ttl").text.split("\n\n")
    assert blocks[1].startswith("<project/2024-2-10> a nichiiki:Project")


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/nope.html",
        "/project",
        "/project/",
        f"{PROJECT}/",
        f"{PROJECT}.nope",
        f"{PROJECT}.nq",
        "/プロ",
    ],
)
def test_unknown_names_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_version_is_no_extension(client: FlaskClient) -> None:
    assert client.get("/dataset/1.0.0").status_code == 303
    assert client.get("/dataset/1.0.0.ttl").status_code == 200


def test_what_is_not_available(client: FlaskClient) -> None:
    response = client.get(PROJECT, headers={"Accept": "image/png, application/problem+json;q=0.1"})
    assert response.status_code == 406
    assert response.json
    assert response.json["available"] == [each.media_type for each in REPRESENTATIONS]
    assert "Accept" in response.vary
    plain = client.get(PROJECT, headers={"Accept": "image/png"})
    assert plain.status_code == 406
    assert plain.mimetype == "application/problem+json"
    assert "text/turtle" in plain.text


def test_links_to_the_neighbours(client: FlaskClient) -> None:
    thing = client.get(PROJECT).headers["Link"]
    described = client.get(f"{PROJECT}.ttl").headers["Link"]
    for each in REPRESENTATIONS:
        assert f'<{PROJECT}.{each.extension}>; rel="describedby"; type="{each.media_type}"' in thing
        alternate = f'<{PROJECT}.{each.extension}>; rel="alternate"; type="{each.media_type}"'
        assert (alternate in described) is (each is not TURTLE)
    assert f'<https://w3id.org/nichiiki{PROJECT}>; rel="describes"' in described
    assert f'<https://w3id.org/nichiiki{PROJECT}.ttl>; rel="canonical"' in described
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in described


# --- caches -----------------------------------------------------------------------------


def test_the_tag_is_of_the_bytes(client: FlaskClient) -> None:
    response = client.get(f"{PROJECT}.ttl")
    assert response.headers["ETag"] == f'"{hashlib.sha256(response.data).hexdigest()[:32]}"'
    assert response.headers["Last-Modified"]
    assert response.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    ("field", "status"),
    [
        pytest.param("{tag}", 304, id="the same"),
        pytest.param("W/{tag}", 304, id="compared weakly"),
        pytest.param('"a", {tag}', 304, id="one of a list"),
        pytest.param("*", 304, id="any"),
        pytest.param('"a"', 200, id="another"),
    ],
)
@pytest.mark.parametrize("path", [f"{PROJECT}.ttl", f"{PROJECT}.html", "/", "/dumps/", "/dumps/nichiiki.ttl"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_if_none_match(client: FlaskClient, method: str, path: str, field: str, status: int) -> None:
    tag = client.get(path).headers["ETag"]
    response = client.open(path, method=method, headers={"If-None-Match": field.format(tag=tag)})
    assert response.status_code == status
    assert response.headers["ETag"] == tag
    if status == 304:
        assert response.data == b""
        assert "Content-Length" not in response.headers
        assert response.headers["Cache-Control"]


def test_if_modified_since(client: FlaskClient) -> None:
    date = client.get(f"{PROJECT}.ttl").headers["Last-Modified"]
    assert client.get(f"{PROJECT}.ttl", headers={"If-Modified-Since": date}).status_code == 304
    old = {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}
    assert client.get(f"{PROJECT}.ttl", headers=old).status_code == 200
    both = {"If-Modified-Since": date, "If-None-Match": '"a"'}
    assert client.get(f"{PROJECT}.ttl", headers=both).status_code == 200


# --- CORS and security ------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", PROJECT, f"{PROJECT}.ttl", "/dumps/nichiiki.ttl", "/nope", "/sparql"])
def test_everybody_may_read(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Origin": "https://example.com"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert {"ETag", "Link", "Content-Length"} <= set(
        response.headers["Access-Control-Expose-Headers"].split(", ")
    )


@pytest.mark.parametrize(
    ("path", "methods"), [(PROJECT, "GET, HEAD, OPTIONS"), ("/sparql", "GET, HEAD, OPTIONS, POST, QUERY")]
)
def test_preflight(client: FlaskClient, path: str, methods: str) -> None:
    response = client.options(path, headers={"Access-Control-Request-Method": "GET"})
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Methods"] == methods
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("path", ["/", f"{PROJECT}.html", "/nope", "/sparql"])
def test_nothing_on_a_page_may_run(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html"})
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'; ")
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r'<script(?! type="application/ld\+json">)(?![^>]* src=)', response.text)
    assert not re.search(r'\s(?:style|on\w+)="', response.text)


def test_the_style_sheet_is_kept_for_good(client: FlaskClient) -> None:
    address = re.search(r'href="(/assets/nichiiki\.[0-9a-f]{12}\.css)"', client.get("/").text)
    assert address
    response = client.get(address[1])
    assert response.mimetype == "text/css"
    assert "immutable" in response.headers["Cache-Control"]
    assert client.get("/assets/nichiiki.css").status_code == 404


# --- problems ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        pytest.param("text/html", "text/html", id="a person"),
        pytest.param(None, "application/problem+json", id="no field"),
        pytest.param("application/json", "application/problem+json", id="JSON"),
        pytest.param(
            "application/sparql-results+json", "application/problem+json", id="JSON of another kind"
        ),
        pytest.param(
            "text/turtle", "application/problem+json", id="something else: problem details all the same"
        ),
    ],
)
def test_a_problem_is_told_as_the_client_likes(
    client: FlaskClient, accept: str | None, expected: str
) -> None:
    response = client.get("/nope", headers={"Accept": accept} if accept else {})
    assert response.status_code == 404
    assert response.mimetype == expected
    assert "Accept" in response.vary


def test_problem_details(client: FlaskClient) -> None:
    response = client.get("/nope", headers={"Accept": "application/problem+json"})
    assert response.json
    assert {"title", "status", "detail", "hint"} <= response.json.keys()
    assert response.json["status"] == 404


@pytest.mark.parametrize("path", [PROJECT, f"{PROJECT}.ttl", "/", "/dumps/nichiiki.ttl"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_methods_that_are_not_there(client: FlaskClient, method: str, path: str) -> None:
    response = client.open(path, method=method)
    assert response.status_code == 405
    assert {"GET", "HEAD"} <= set(response.headers["Allow"].split(", "))


def test_a_bug_is_told_without_its_text(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(
        "nichiiki_ld.web.things.read_page", lambda *_: (_ for _ in ()).throw(RuntimeError("secret"))
    )
    # With a query a page is made anew, not taken from those that were kept.
    response = app.test_client().get(f"{PROJECT}.html?anew", headers={"Accept": "application/json"})
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert "secret" in caplog.text


def test_our_own_error_is_no_404(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ReleaseError("the disk is gone")

    monkeypatch.setattr("nichiiki_ld.web.things.read_page", broken)
    assert app.test_client().get(f"{PROJECT}.html?anew").status_code == 500


# --- pages ------------------------------------------------------------------------------


class Links(HTMLParser):
    """The links, anchors and open elements of a page."""

    VOID = frozenset({"meta", "link", "br", "input", "img", "hr"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in self.VOID:
            self.open.append(tag)
        # What a page calls its own address is no link to anywhere.
        is_link = given.get("rel") != "canonical"
        self.links += [given[name] or "" for name in ("href", "src", "action") if is_link and name in given]
        self.anchors += [given["id"] or ""] if "id" in given else []

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.fixture(scope="module")
def pages(app: Flask, site: Site) -> dict[str, Links]:
    """Every page but most of the municipalities, which are alike."""
    client = app.test_client()
    names = [page.removeprefix(site.base) for page in site.catalog.pages()]
    chosen = [name for name in names if not name.startswith("municipality/") or name.endswith("1")]
    assert len(chosen) > 200
    return {name: Links(client.get(f"/{name}.html").text) for name in chosen} | {
        "": Links(client.get("/").text),
        "dumps/": Links(client.get("/dumps/").text),
        "sparql": Links(client.get("/sparql", headers={"Accept": "text/html"}).text),
    }


def test_every_page_is_well_formed(pages: dict[str, Links]) -> None:
    assert not {name: page.wrong or page.open for name, page in pages.items() if page.wrong or page.open}


def test_anchors_are_unique(pages: dict[str, Links]) -> None:
    twice = {name for name, page in pages.items() if len(page.anchors) != len(set(page.anchors))}
    assert not twice


def test_every_part_can_be_linked_to(pages: dict[str, Links], site: Site) -> None:
    missing = []
    for name, page in pages.items():
        if f"{site.base}{name}" in site.catalog:
            parts = {p.value.partition("#")[2] for p in site.catalog.describe(f"{site.base}{name}").parts}
            missing += [f"{name}#{part}" for part in parts - set(page.anchors)]
    assert not missing


def test_no_link_leads_nowhere(app: Flask, pages: dict[str, Links]) -> None:
    client = app.test_client()
    targets = {page_of(link) for page in pages.values() for link in page.links if link.startswith("/")}
    assert len(targets) > 1000
    html = {"Accept": "text/html, */*;q=0.1"}
    lost = {target for target in targets if client.head(target, headers=html).status_code >= 400}
    assert not lost


def test_links_to_ourselves_stay_on_this_server(pages: dict[str, Links]) -> None:
    absolute = {
        link
        for page in pages.values()
        for link in page.links
        if link.startswith("https://w3id.org/nichiiki/") and not link.endswith(".html")
    }
    assert absolute <= {"https://w3id.org/nichiiki/"}


def test_the_page_of_a_project(client: FlaskClient) -> None:
    page = client.get(f"{PROJECT}.html").text
    assert '<html lang="ja">' in page
    assert "<ruby" in page
    assert "かみしほろちょう" in page
    assert "<del>北海道士幌町</del>" in page
    assert "<ins>北海道上士幌町</ins>" in page
    assert "実施地域" in page
    assert f'href="{ROW}#name-5"' in page
    assert page.index("北海道上士幌町") > page.index('href="/municipality/016331"')


def test_the_page_of_a_row(client: FlaskClient) -> None:
    page = client.get(f"{ROW}.html").text
    assert re.search(r'<span class="cell" id="name-5"><a[^>]*><del>北海道士幌町</del></a></span>', page)
    assert "<ins>北海道上士幌町</ins>" in page


def test_the_home_page_lists_the_projects(client: FlaskClient, site: Site) -> None:
    page = client.get("/").text
    for project in site.catalog.instances(NamedNode(site.own("Project"))):
        assert f'href="/{project.value.removeprefix(site.base)}"' in page
    assert f"{site.manifest['counts']['triples']:,}" in page


def test_home_leads_programs_to_the_dataset(client: FlaskClient) -> None:
    response = client.get("/", headers={"Accept": "text/turtle"})
    assert response.status_code == 303
    assert response.headers["Location"] == "/dataset.ttl"


def test_below_another_path(app: Flask) -> None:
    page = app.test_client().get(f"{PROJECT}.html", environ_overrides={"SCRIPT_NAME": "/lod"}).text
    assert 'href="/lod/municipality/016331"' in page
    assert 'href="/municipality/' not in page


# --- dumps ------------------------------------------------------------------------------


def test_every_file_of_the_manifest_is_served(client: FlaskClient, site: Site) -> None:
    files = site.manifest["files"]
    assert len(files) > 20
    for name, entry in files.items():
        response = client.get(f"/dumps/{name}")
        assert hashlib.sha256(response.data).hexdigest() == entry["sha256"], name
        assert response.mimetype == entry["mediaType"], name
        assert response.headers["ETag"] == f'"{entry["sha256"][:32]}"', name


def test_the_list_of_files(client: FlaskClient, site: Site) -> None:
    page = client.get("/dumps/", headers={"Accept": "text/html"}).text
    for name, entry in site.manifest["files"].items():
        assert f'href="/dumps/{name}"' in page
        assert entry["sha256"] in page
    assert client.get("/dumps").headers["Location"].endswith("/dumps/")
    assert client.get("/dumps/", headers={"Accept": "application/json"}).json == site.manifest
    assert client.get("/dumps/manifest.json").json == site.manifest
    assert "nichiiki.ttl" in client.get("/dumps/SHA256SUMS").text


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/../manifest.json",
        "/dumps/%2e%2e/manifest.json",
        "/dumps/tables/../store/CURRENT",
        "/dumps/store/CURRENT",
        "/dumps//etc/passwd",
        "/dumps/tables",
        "/dumps/nichiiki.ttl/",
    ],
)
def test_only_files_of_the_manifest(client: FlaskClient, path: str) -> None:
    assert client.get(path, follow_redirects=True).status_code == 404


DUMP = "/dumps/nichiiki.nt"


@pytest.mark.parametrize(
    ("field", "status", "part"),
    [
        pytest.param("bytes=0-9", 206, slice(0, 10), id="the first ten"),
        pytest.param("bytes=10-", 206, slice(10, None), id="from an offset to the end"),
        pytest.param("bytes=-10", 206, slice(-10, None), id="the last ten"),
        pytest.param("bytes=0-99999999999", 206, slice(0, None), id="beyond the end: to the end"),
        pytest.param("bytes=0-1,4-5", 200, slice(0, None), id="several ranges: a server may ignore them"),
        pytest.param("lines=0-9", 200, slice(0, None), id="another unit"),
        pytest.param("bytes=9-0", 200, slice(0, None), id="backwards: no range"),
        pytest.param("nonsense", 200, slice(0, None), id="malformed: ignored"),
    ],
)
def test_ranges(client: FlaskClient, site: Site, field: str, status: int, part: slice) -> None:
    content = (site.release.folder / "nichiiki.nt").read_bytes()
    response = client.get(DUMP, headers={"Range": field})
    assert response.status_code == status
    assert response.data == content[part]
    assert response.headers["Accept-Ranges"] == "bytes"
    if status == 206:
        start = part.indices(len(content))[0]
        assert (
            response.headers["Content-Range"]
            == f"bytes {start}-{start + len(response.data) - 1}/{len(content)}"
        )


def test_a_range_beyond_the_end(client: FlaskClient, release_folder: Path) -> None:
    response = client.get(DUMP, headers={"Range": "bytes=99999999999-"})
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{(release_folder / 'nichiiki.nt').stat().st_size}"


def test_if_range(client: FlaskClient) -> None:
    tag = client.get(DUMP).headers["ETag"]
    assert client.get(DUMP, headers={"Range": "bytes=0-9", "If-Range": tag}).status_code == 206
    assert client.get(DUMP, headers={"Range": "bytes=0-9", "If-Range": '"old"'}).status_code == 200


def test_a_range_of_head_is_ignored(client: FlaskClient) -> None:
    assert client.head(DUMP, headers={"Range": "bytes=0-9"}).status_code == 200


def test_gzip_is_sent_as_it_lies_there(client: FlaskClient, release_folder: Path) -> None:
    coded = client.get(DUMP, headers={"Accept-Encoding": "gzip"})
    plain = client.get(DUMP)
    assert coded.headers["Content-Encoding"] == "gzip"
    assert coded.data == (release_folder / "nichiiki.nt.gz").read_bytes()
    assert coded.headers["Content-Type"] == plain.headers["Content-Type"]
    assert coded.headers["ETag"] != plain.headers["ETag"]
    assert "Content-Disposition" not in coded.headers
    assert "Accept-Encoding" in coded.vary
    assert "Accept-Encoding" in plain.vary
    assert "Content-Encoding" not in plain.headers


def test_a_range_is_of_the_plain_bytes(client: FlaskClient, release_folder: Path) -> None:
    response = client.get(DUMP, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    assert response.status_code == 206
    assert "Content-Encoding" not in response.headers
    assert response.data == (release_folder / "nichiiki.nt").read_bytes()[:10]


@pytest.mark.parametrize(
    "path", ["/", "/project/2024-2-10.html", "/project/2024-2-10.ttl", "/context.jsonld"]
)
def test_pages_and_descriptions_are_compressed(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    coded = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert coded.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(coded.data) == plain.data
    assert coded.headers["Content-Type"] == plain.headers["Content-Type"]
    assert coded.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in coded.vary
    assert "Accept-Encoding" in plain.vary
    again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": coded.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


# --- vocabulary -------------------------------------------------------------------------


def test_the_context_is_the_one_in_the_data(client: FlaskClient) -> None:
    response = client.get("/context.jsonld")
    assert response.headers["Content-Type"] == "application/ld+json"
    inline = json.loads(client.get(f"{PROJECT}.jsonld").data)["@context"]
    assert json.loads(response.data)["@context"] == inline


def test_the_shapes(client: FlaskClient) -> None:
    assert client.get("/shapes").headers["Location"] == "/shapes.ttl"
    assert client.get("/shapes", headers={"Accept": "image/png"}).status_code == 406
    shapes = client.get("/shapes.ttl")
    assert shapes.mimetype == "text/turtle"
    assert sum(1 for _ in parse(shapes.data, format=RdfFormat.TURTLE)) > 100


def test_the_ontology_has_every_term(client: FlaskClient, release_folder: Path) -> None:
    source = {
        q.triple for q in parse((release_folder / "ontology.ttl").read_bytes(), format=RdfFormat.TURTLE)
    }
    described = {q.triple for q in parse(client.get("/ontology.ttl").data, format=RdfFormat.TURTLE)}
    assert source <= described
