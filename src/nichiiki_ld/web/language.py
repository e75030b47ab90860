"""In which language a page is: its address says so, or else what the client likes best.

`/ja/…` and `/en/…` are the pages in one language. The same address without the prefix is
the page in the language that `Accept-Language` prefers, Japanese first. Data have no
prefix: all their languages are in them.

Source: RFC 9110, section 12.5.4 (Accept-Language); RFC 4647 (Matching of Language Tags).
"""

from __future__ import annotations

import re

from babel.support import NullTranslations, Translations
from flask import Blueprint, Flask, g, request
from flask_babel import Babel, get_translations
from markupsafe import Markup

LANGUAGES = ("ja", "en")
"""Of the pages; the first is what a client gets that likes none of them better."""

OWN_NAMES = {"ja": "日本語", "en": "English"}
"""What each is called in itself."""


_JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")


def said() -> str:
    """Return the language that the address of the current request says, or the empty text."""
    first = request.path.split("/", 2)[1]
    return first if first in LANGUAGES else ""


def current() -> str:
    """Return the language of the current page."""
    if "language" not in g:
        g.language = said() or _preferred()
    return str(g.language)


def spoken_in(tag: str, text: str) -> Markup:
    """Return the attribute that says what language words of a page are in, where it is not the page's own.

    Words without a tag are taken for Japanese if they have kana or kanji.

    Source: Web Content Accessibility Guidelines 2.2, success criterion 3.1.2.
    """
    spoken = tag or ("ja" if _JAPANESE.search(text) else "")
    return Markup(' lang="{}"').format(spoken) if spoken and spoken != current() else Markup()


def _preferred() -> str:
    """Return what the client likes best; en-GB is English (RFC 4647, section 3.4)."""
    for tag, quality in request.accept_languages:
        first = tag.partition("-")[0].lower()
        if quality and first in LANGUAGES:
            return first
    return LANGUAGES[0]


def prefix(language: str) -> str:
    """Return what addresses in a language begin with, after the root; empty for no language in particular."""
    return f"{language}/" if language else ""


def here(language: str) -> str:
    """Return the address of the current page in a language, or without one."""
    own = request.path.removeprefix("/").removeprefix(prefix(said()))
    query = request.query_string.decode("latin-1")
    return f"{request.script_root}/{prefix(language)}{own}" + (f"?{query}" if query else "")


def register(app: Flask, pages: Blueprint) -> None:
    """Let an application answer for pages at their addresses without and with a language."""
    app.register_blueprint(pages)
    for each in LANGUAGES:
        app.register_blueprint(pages, url_prefix=f"/{each}", name=f"{pages.name}-{each}")


def speak(app: Flask) -> None:
    """Let templates of an application translate by its catalogues."""
    Babel(app, locale_selector=current, default_locale=LANGUAGES[0])
    # The extension looks for the catalogue at each of the hundred words of a page.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension that Babel added
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, more, number: _catalogue().ungettext(one, more, number),
        newstyle=True,
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        npgettext=lambda context, one, more, number: _catalogue().unpgettext(context, one, more, number),
    )


def _catalogue() -> Translations | NullTranslations:
    """Return the catalogue of the current page's language."""
    if "catalogue" not in g:
        g.catalogue = get_translations()
    found: Translations | NullTranslations = g.catalogue
    return found
