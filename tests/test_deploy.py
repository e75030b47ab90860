"""How a server is set up: the files of `deploy/` and the page about them say what is so."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import settings_table
from nichiiki_ld.pool import Timing
from nichiiki_ld.settings import VARIABLES, Settings
from nichiiki_ld.web.observation import Observed, Observer
from requirements import needs

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "deploy" / "nichiiki-ld.service"
SITE = ROOT / "deploy" / "nginx.conf"


def directive(name: str) -> str:
    """Return the value of a directive that the site has once."""
    (value,) = re.findall(rf"^\s*{name} (.+);$", SITE.read_text(encoding="utf-8"), re.MULTILINE)
    return str(value)


def test_every_setting_is_described() -> None:
    assert settings_table.descriptions().keys() == set(VARIABLES.values())
    assert settings_table.written() == settings_table.table(), (
        "run 'python tests/settings_table.py', which writes the table"
    )


def test_files_and_variables_that_are_named_exist() -> None:
    page = settings_table.PAGE.read_text(encoding="utf-8")
    files = set(re.findall(r"\bdeploy/[\w.-]+", page))
    assert files == {"deploy/nginx.conf", "deploy/nichiiki-ld.service"}
    assert all((ROOT / name).is_file() for name in files)
    everything = [page, UNIT.read_text(encoding="utf-8"), SITE.read_text(encoding="utf-8")]
    named = {name for text in everything for name in re.findall(r"\bNICHIIKI_[A-Z_]+[A-Z]\b", text)}
    assert len(named) > 5
    assert named <= VARIABLES.keys()


def test_figures_and_lines_are_as_described() -> None:
    page = settings_table.PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"`(nichiiki_\w+)(?:\{([\w,]+)\})?`", page)
    described = {name.removesuffix("_total"): labels for name, labels in sorted(rows)}
    assert described == {
        each._name: ",".join(each._labelnames) for each in Observer().registry._collector_to_names
    }
    (line,) = re.findall(r'^\{.*"event": "query".*\}$', page, re.MULTILINE)
    told = {each.name for kind in (Observed, Timing) for each in dataclasses.fields(kind)}
    assert json.loads(line).keys() == {"time", "event"} | (told - {"timing", "client"})


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8")
    command = "/opt/nichiiki-ld/bin/nichiiki-ld serve"
    assert text.count(command) == 1
    unit = tmp_path / UNIT.name
    # The command has to exist, and here it does not.
    unit.write_text(text.replace(command, sys.executable), encoding="utf-8")
    verified = subprocess.run(
        [needs("systemd-analyze"), "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_proxy_is_no_stricter_than_the_server() -> None:
    settings = Settings()
    assert directive("client_max_body_size") == "1m"
    assert settings.max_query_bytes <= 1 << 20
    waits = settings.queue_seconds + settings.query_seconds + settings.service_seconds
    assert int(directive("proxy_read_timeout").removesuffix("s")) > waits


@pytest.mark.parametrize("reason", ["CI", ""])
def test_a_missing_program_is_no_excuse_in_ci(monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    monkeypatch.setenv("CI", "true" if reason else "")
    with pytest.raises(pytest.fail.Exception if reason else pytest.skip.Exception, match="is not installed"):
        needs("no-such-program")
