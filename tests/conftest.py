"""What many tests share: the checkout, and one real release of it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from playwright.sync_api import Browser
from werkzeug.test import TestResponse

from browser import open_browser
from nichiiki_ld.build import Built, build
from nichiiki_ld.model import Source
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.repository import Repository
from nichiiki_ld.settings import Settings
from nichiiki_ld.web import create_app
from nichiiki_ld.web.site import EXTENSION, Site, open_site

ROOT = Path(__file__).parent.parent
SOURCE_ID = "2025-07-01-mlit"


def silent(_stage: str, _done: int, _total: int) -> None:
    """Take a build's progress and show nothing."""


# Speed is measured in benchmarks: a shared machine may let one example wait.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")


@pytest.fixture(scope="module", autouse=True)
def _nothing_left_for_other_threads() -> Iterator[None]:
    """Collect what a module's failed calls hold in cycles: the engine's results may be dropped by their own thread only."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def repository() -> Repository:
    return Repository(ROOT)


@pytest.fixture(scope="session")
def source(repository: Repository) -> Source:
    return repository.source(SOURCE_ID)


@pytest.fixture(scope="session")
def gazetteer(repository: Repository) -> Gazetteer:
    return Gazetteer(repository.register())


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for releases, with the real one in it once `built` was asked for."""
    return tmp_path_factory.mktemp("dist")


@pytest.fixture(scope="session")
def built(repository: Repository, dist: Path) -> Built:
    """The release of this checkout."""
    return build(repository, dist, workers=2, progress=silent)


@pytest.fixture(scope="session")
def release_folder(built: Built) -> Path:
    """The folder of the real release."""
    return built.folder.resolve()


class Client(FlaskClient):
    """A client that reads every answer to its end, as a server does, so that files are closed."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **kwargs})


@pytest.fixture(scope="session")
def app(release_folder: Path) -> Flask:
    site = open_site(Settings(dist=release_folder))
    app = create_app(site, site.store.evaluate)
    app.test_client_class = Client
    return app


@pytest.fixture(scope="session")
def site(app: Flask) -> Site:
    found = app.extensions[EXTENSION]
    assert isinstance(found, Site)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one module: its driver's loop would be in the way of commands that run one of their own."""
    with open_browser() as opened:
        yield opened


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
