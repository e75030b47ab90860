"""The application: a release, opened once, and the parts that answer for it."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined

from nichiiki_ld.settings import Settings
from nichiiki_ld.web import assets, dumps, endpoint, fields, home, linking, problems, things, vocabulary
from nichiiki_ld.web.site import EXTENSION, open_site


def create_app(settings: Settings) -> Flask:
    """Return a WSGI application that serves the current release.

    The release is opened here and stays the same until the application ends, also when
    a build replaces it meanwhile.

    Raises:
        ReleaseError: There is no release.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_query_bytes
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of the provider that Flask starts with
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    site = app.extensions[EXTENSION] = open_site(settings)
    app.jinja_env.filters["short"] = site.compactor.shorten
    app.context_processor(lambda: {"asset": assets.address, **linking.for_templates()})
    app.after_request(fields.add_to_every_answer)
    problems.register(app)
    for part in (home.bp, assets.bp, vocabulary.bp, dumps.bp, endpoint.bp, things.bp):
        app.register_blueprint(part)
    return app
