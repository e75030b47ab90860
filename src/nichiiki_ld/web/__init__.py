"""The web server: one release as pages, data, dumps and a SPARQL endpoint."""

from nichiiki_ld.web.application import create_app

__all__ = ["create_app"]
