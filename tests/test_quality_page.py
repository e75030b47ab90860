"""The page of the quality: the report of the validation as it is, and numbers that hold."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from conftest import Client
from nichiiki_ld.findings import MOST_FINDINGS, read_report
from nichiiki_ld.namespaces import RDF_TYPE, SH, SKOS
from nichiiki_ld.report import report_turtle
from nichiiki_ld.settings import Settings
from nichiiki_ld.shapes import Result
from nichiiki_ld.web import create_app
from nichiiki_ld.web.quality import completeness_of
from nichiiki_ld.web.site import Site, open_site

BASE = "https://w3id.org/nichiiki/"
HTML = {"Accept": "text/html"}


def result(
    focus: str, severity: str = "Warning", check: str = "Project-has-theme", value: str = ""
) -> Result:
    return Result(
        focus=focus if focus.startswith("_:") else f"{BASE}{focus}",
        path=f"{BASE}ontology#theme",
        value=value,
        shape=f"{BASE}shapes#{check}",
        constraint="",
        component=f"{SH}MinCountConstraintComponent",
        severity=f"{SH}{severity}",
        messages=(("en", f"<b>{severity}</b>"), ("ja", f"<i>指摘</i>{severity}")),
    )


@contextmanager
def with_report(folder: Path, work: Path, results: list[Result]) -> Iterator[Client]:
    """Serve the release with another report."""
    copy = work / "release"
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).symlink_to(path)
    (copy / "validation-report.ttl").unlink()
    (copy / "validation-report.ttl").write_bytes(report_turtle(results, BASE))
    app = create_app(open_site(Settings(dist=copy)))
    app.test_client_class = Client
    client = app.test_client()
    assert isinstance(client, Client)
    yield client


def words(text: str) -> str:
    main = text[text.index("<main") : text.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


# --- reports --------------------------------------------------------------------------


def test_a_report_is_read_as_it_was_written() -> None:
    results = [
        result("project/2024-2-01"),
        result("project/2024-2-02", value='"x"@ja'),
        result("project/2024-2-03", "Violation"),
        result("_:b0", "Info", value="<http://example.org/>"),
    ]
    found = read_report(report_turtle(results, BASE))
    assert not found.conforms
    assert sum(found.counts.values()) == len(found.kept) == 4
    assert [found.of_severity(each) for each in ("Violation", "Warning", "Info")] == [1, 2, 1]
    assert {each.message("ja") for each in found.kept} == {
        f"<i>指摘</i>{s}" for s in ("Violation", "Warning", "Info")
    }
    assert all(each.path == f"{BASE}ontology#theme" for each in found.kept)
    assert read_report(report_turtle([], BASE)).conforms


def test_a_long_report_is_counted_and_cut() -> None:
    results = [result(f"project/{number}") for number in range(3 * MOST_FINDINGS)]
    found = read_report(report_turtle(results, BASE))
    assert found.of_severity("Warning") == 3 * MOST_FINDINGS
    assert len(found.kept) == MOST_FINDINGS


# --- the page -------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_of_the_release(client: FlaskClient, site: Site, language: str) -> None:
    response = client.get(f"/{language}/quality")
    assert response.status_code == 200
    assert response.headers["Content-Language"] == language
    text = words(response.text)
    assert site.manifest["version"] in text
    assert site.manifest["issued"] in text
    for name in ("Statement", "Quotation", "Correction", "ThemeAssignment"):
        assert f"{site.manifest['counts'][name]:,}" in text
    assert 'href="/dumps/validation-report.ttl"' in response.text
    assert f'href="/{language}/shapes.html"' in response.text
    for graph, number in site.manifest["graphs"].items():
        if "/linkset/" in graph:
            assert f'href="/{language}/{graph.removeprefix(BASE)}"' in response.text
            assert f"{number:,}" in text
    assert "--" not in text


def test_the_page_says_what_the_report_says(client: FlaskClient, release_folder: Path) -> None:
    found = read_report((release_folder / "validation-report.ttl").read_bytes())
    text = words(client.get("/ja/quality").text)
    assert ("適合: 指摘はありません。" in text) is found.conforms
    for severity, name in (("Violation", "違反"), ("Warning", "警告"), ("Info", "情報")):
        assert f"{found.of_severity(severity):,} {name}" in text


def test_findings_are_shown(site: Site, release_folder: Path, tmp_path: Path) -> None:
    results = [
        result("project/2024-2-01", value='"</script>"'),
        result("_:b0"),
        result("nothing/here", "Info"),
    ]
    towns = sorted(
        each.value.removeprefix(BASE) for each in site.catalog.instances(NamedNode(site.own("Municipality")))
    )
    results += [result(each, check="many") for each in towns[: MOST_FINDINGS + 20]]
    with with_report(release_folder, tmp_path, results) as client:
        page = client.get("/ja/quality").text
        text = words(page)
        assert "指摘があります" in text
        assert f"{MOST_FINDINGS + 22:,} 警告" in text
        assert "1 情報" in text
        assert 'href="/ja/project/2024-2-01"' in page
        assert "&lt;i&gt;指摘&lt;/i&gt;Warning" in page
        assert "<i>" not in page
        assert "</script>" not in page[page.index("<main") : page.index("</main>")]
        assert 'href="/ja/shapes.html#Project-has-theme"' in page
        assert "最初の" in text
        assert page.count('href="/ja/municipality/') == MOST_FINDINGS
        assert "&lt;b&gt;Info&lt;/b&gt;" in client.get("/en/quality").text


def test_every_condition_is_named(client: FlaskClient) -> None:
    shapes = client.get("/ja/shapes.html").text
    quality = client.get("/ja/quality").text
    targets = set(re.findall(r'href="/ja/shapes.html#([^"]+)"', quality))
    assert len(targets) > 100
    assert targets <= set(re.findall(r'id="([^"]+)"', shapes))


def test_what_is_missing(app: Flask, site: Site) -> None:
    """Counted again, thing by thing."""
    with app.app_context():
        found = completeness_of(site)
    areas: dict[str, set[NamedNode]] = {
        kind: set(site.catalog.instances(NamedNode(site.own(kind))))
        for kind in ("Prefecture", "Municipality", "Ward")
    }
    assert {kind: found.totals[kind] for kind in areas} == {kind: len(each) for kind, each in areas.items()}
    assert found.totals["Prefecture"] == 47
    lacking: Counter[tuple[str, str]] = Counter()
    for kind, members in areas.items():
        for each in members:
            facts = site.catalog.about([each])
            matches = [
                str(o) for p in ("exactMatch", "closeMatch") for o in facts.objects(each, f"{SKOS}{p}")
            ]
            lacking["latitude", kind] += not facts.objects(each, site.own("latitude"))
            lacking["www.wikidata.org", kind] += not any("wikidata.org" in match for match in matches)
            lacking["data.e-stat.go.jp", kind] += not any("e-stat.go.jp" in match for match in matches)
    for (what, kind), number in lacking.items():
        assert found.totals[kind] - found.having[what][kind] == number, (what, kind)
    projects = site.store.triples(None, NamedNode(RDF_TYPE), NamedNode(site.own("Project")))
    taking_part = {
        t.object
        for project in projects
        for t in site.store.triples(project.subject, NamedNode(site.own("area")))
    }
    assert found.totals["area"] == len(taking_part)


def test_other_releases_are_named(release_folder: Path, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    folders = {
        version: _write_release(dist, release_folder, version, "", results)
        for version, results in (("0.9.0", [result("project/2024-2-01")]), ("1.0.0", []))
    }
    (dist / "current").symlink_to("1.0.0")
    (dist / "broken").symlink_to("nowhere")
    page = create_app(open_site(Settings(dist=dist))).test_client().get("/ja/quality").text
    section = page[page.index('id="earlier"') :]
    assert re.search(r'<th scope="row">0\.9\.0</th>', section)
    assert re.findall(r'<td class="number">(\d+)</td>', section.partition("</table>")[0]) == ["0", "1", "0"]
    shutil.rmtree(folders["0.9.0"])
    page = create_app(open_site(Settings(dist=dist))).test_client().get("/ja/quality").text
    assert 'id="earlier"' not in page


def test_since_when_a_finding_is_there(release_folder: Path, tmp_path: Path) -> None:
    """By check and focus, whatever else changed; and only of releases that came before."""
    always, again, new = result("project/2024-2-01"), result("project/2024-2-02"), result("project/2024-2-03")
    other = replace(new, shape=f"{BASE}shapes#other")
    releases = {
        "0.1.0": ("2025-01-01", [replace(always, value='"old"'), again]),
        "0.2.0": ("2025-02-01", [always, other]),
        "0.3.0": ("2025-03-01", [always, again]),
        "0.4.0": ("2025-04-01", [always, again, new]),
        "0.5.0": ("2025-05-01", [new]),
    }
    dist = tmp_path / "dist"
    for version, (issued, results) in releases.items():
        _write_release(dist, release_folder, version, issued, results)
    (dist / "current").symlink_to("0.4.0")
    text = words(create_app(open_site(Settings(dist=dist))).test_client().get("/ja/quality").text)
    said = re.findall(r"</i>Warning (版[\d.]+から \( \S+ \)|この版から)", text)
    assert sorted(said) == ["この版から", "版0.1.0から ( 2025-01-01 )", "版0.3.0から ( 2025-03-01 )"]
    for version in ("0.1.0", "0.2.0", "0.3.0"):
        (dist / version).unlink()
    text = words(create_app(open_site(Settings(dist=dist))).test_client().get("/ja/quality").text)
    assert "比べられる以前の版がここにはない" in text
    assert "この版から" not in text


def _write_release(
    dist: Path, release_folder: Path, version: str, issued: str, results: list[Result]
) -> Path:
    """Write a release like the real one, of another day and with another report."""
    folder = dist / ".releases" / version
    folder.mkdir(parents=True)
    for path in release_folder.iterdir():
        if path.name not in ("manifest.json", "validation-report.ttl"):
            (folder / path.name).symlink_to(path)
    manifest = json.loads((release_folder / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"version": version, "issued": issued or manifest["issued"]}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "validation-report.ttl").write_bytes(report_turtle(results, BASE))
    (dist / version).symlink_to(Path(".releases") / version)
    return folder


def test_without_javascript_and_without_styles(client: FlaskClient) -> None:
    page = client.get("/ja/quality").text
    assert not re.search(r'\s(?:style|on\w+)="', page)
    assert len(page.encode()) < 100_000
