"""What is made once for a release, when somebody first asks for it, and kept as long as the release is served."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request
from markupsafe import Markup

from nichiiki_ld.web import language
from nichiiki_ld.web.site import Site

Made = TypeVar("Made")

_KEPT = "nichiiki-once"


def once_per_release(read: Callable[[Site], Made]) -> Callable[[Site], Made]:
    """Let a function of a release be computed once, by the application that serves it.

    Two requests may compute it at the same time; the results are the same.
    """
    name = f"{read.__module__}.{read.__qualname__}"

    @functools.wraps(read)
    def kept(site: Site) -> Made:
        found: dict[str, Any] = current_app.extensions.setdefault(_KEPT, {})
        if name not in found:
            found[name] = read(site)
        made: Made = found[name]
        return made

    return kept


def once_per_language(render: Callable[[Site], Markup]) -> Callable[[Site], Markup]:
    """Let a part of a page be rendered once for each language, with its links as the current address has them."""
    name = f"{render.__module__}.{render.__qualname__}"

    @functools.wraps(render)
    def kept(site: Site) -> Markup:
        found: dict[Any, Markup] = current_app.extensions.setdefault(f"{_KEPT}-parts", {})
        key = (name, request.script_root, language.said(), language.current())
        if key not in found:
            found[key] = render(site)
        return found[key]

    return kept
