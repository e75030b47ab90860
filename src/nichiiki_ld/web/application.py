"""The application: a release, opened once, and the parts that answer for it."""

from __future__ import annotations

from flask import Flask
from jinja2 import BytecodeCache, StrictUndefined
from jinja2.bccache import Bucket

from nichiiki_ld.web import (
    assets,
    completions,
    discovery,
    dumps,
    endpoint,
    fields,
    home,
    language,
    linking,
    lists,
    maps,
    meta,
    problems,
    quality,
    search,
    terms,
    things,
    vocabulary,
)
from nichiiki_ld.web.endpoint import Evaluate
from nichiiki_ld.web.site import EXTENSION, Site


class _Compiled(BytecodeCache):
    """Templates that this process has compiled: each release it serves has an application of its own."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what a template was compiled to, if it was."""
        if code := self._code.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a template was compiled to."""
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def compile_templates(app: Flask) -> None:
    """Compile all templates, so that the first to ask for a page does not wait for it."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def create_app(site: Site, evaluate: Evaluate | None = None) -> Flask:
    """Return an application that serves one release.

    Args:
        evaluate: Evaluates the queries that come to `/sparql`; the gateway does it itself.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = site.settings.max_query_bytes
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of the provider that Flask starts with
    app.jinja_env.bytecode_cache = _COMPILED
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[EXTENSION] = site
    app.extensions[endpoint.EVALUATE] = evaluate
    app.jinja_env.filters["short"] = site.compactor.shorten
    app.context_processor(meta.for_templates)
    app.context_processor(maps.for_templates)
    app.context_processor(lambda: {"asset": assets.address, **linking.for_templates()})
    app.after_request(fields.add_to_every_answer)
    problems.register(app)
    language.speak(app)
    for part in (assets.bp, completions.bp, discovery.bp, vocabulary.bp, dumps.files, lists.files):
        app.register_blueprint(part)
    for part in (home.bp, dumps.bp, endpoint.bp, terms.bp, quality.bp, lists.bp, search.bp, things.bp):
        language.register(app, part)
    return app
