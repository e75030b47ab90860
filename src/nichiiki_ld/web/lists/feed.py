"""The corrections as a feed: who reads it learns of each new one.

Its identifiers are the IRIs of the corrections, its dates those of the decisions. It is in
Japanese; `?lang=en` asks for English. The filters of the list work here too.

Source: RFC 4287 (The Atom Syndication Format).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from flask import Response, request
from flask_babel import force_locale, gettext

from nichiiki_ld.listing import LANGUAGES
from nichiiki_ld.lists import CORRECTIONS
from nichiiki_ld.web import linking
from nichiiki_ld.web.fields import represent
from nichiiki_ld.web.language import prefix
from nichiiki_ld.web.lists.corrections import Fix, fixes_of
from nichiiki_ld.web.lists.downloads import files, refusal_of
from nichiiki_ld.web.lists.members import lists_of
from nichiiki_ld.web.lists.selection import Selection, read_selection
from nichiiki_ld.web.naming import Naming
from nichiiki_ld.web.site import Site, current_site
from nichiiki_ld.web.takeaway import here
from nichiiki_ld.web.things import thing_or_description

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
MOST_ENTRIES = 100
"""The latest corrections; the list has all."""

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@files.get("/corrections.atom")
def feed() -> Response:
    """Answer with the latest corrections."""
    site = current_site()
    lists = lists_of(site)
    if not lists.exist:
        return thing_or_description("corrections.atom")
    selection = read_selection(lists, CORRECTIONS, request.args)
    language = request.args.get("lang", LANGUAGES[0])
    if refused := refusal_of(selection, language):
        return refused
    latest = lists.latest(CORRECTIONS, selection.choice, MOST_ENTRIES)
    naming = Naming(site, language)
    with force_locale(language):
        body = write_feed(site, selection, language, fixes_of(site, naming, latest))
    links = [linking.link(linking.path(selection.address()), "alternate", "text/html"), linking.licence()]
    return represent(body, f"{MEDIA_TYPE}; charset=utf-8", links=links)


def write_feed(site: Site, selection: Selection, language: str, fixes: Sequence[Fix]) -> bytes:
    """Return the feed, in XML."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})
    own = selection.address(extension="atom")
    own += f"{'&' if '?' in own else '?'}lang={language}" if language != LANGUAGES[0] else ""
    page = here(linking.path(prefix(language) + selection.address()))
    _text(root, "id", f"{site.base}{own}")
    _text(root, "title", gettext("原資料の誤植と訂正"))
    _text(root, "subtitle", str(site.manifest["title"][language]))
    _link(root, "self", here(linking.path(own)), MEDIA_TYPE)
    _link(root, "alternate", page, "text/html")
    _text(root, "updated", max((_moment(each.decided, site) for each in fixes), default=_moment("", site)))
    author = ET.SubElement(root, f"{{{ATOM}}}author")
    _text(author, "name", "Nichiiki-LD")
    if site.manifest["licence"]:
        _link(root, "license", str(site.manifest["licence"]))
    for fix in fixes:
        _entry(ET.SubElement(root, f"{{{ATOM}}}entry"), fix, page, site)
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _entry(entry: ET.Element, fix: Fix, page: str, site: Site) -> None:
    moment = _moment(fix.decided, site)
    _text(entry, "id", fix.iri)
    _text(entry, "title", f"{fix.printed_text} → {fix.right_text}")
    _text(entry, "updated", moment)
    _text(entry, "published", moment)
    if fix.reviewer:
        _text(ET.SubElement(entry, f"{{{ATOM}}}author"), "name", fix.reviewer)
    _link(entry, "alternate", f"{page}#{fix.anchor}", "text/html")
    for href in [fix.context.href] if fix.context else [href for _, href in fix.quotes if href]:
        _link(entry, "related", here(href))
    for each in fix.evidence:
        _link(entry, "via", each.iri)
    named = (fix.context.document, fix.context.name) if fix.context else (fix.document,)
    told = {
        gettext("印刷"): fix.printed_text,
        gettext("正"): fix.right_text,
        gettext("理由"): fix.reason.text if fix.reason else "",
        gettext("所在"): " ".join(each.text for each in named if each),
    }
    lines = [f"{title}: {text}" for title, text in told.items() if text]
    _text(entry, "content", "\n".join(lines), type="text")


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = _NOT_IN_XML.sub("\ufffd", text)


def _link(parent: ET.Element, relation: str, href: str, media_type: str = "") -> None:
    attributes = {"rel": relation, "href": _NOT_IN_XML.sub("\ufffd", href)}
    ET.SubElement(parent, f"{{{ATOM}}}link", attributes | ({"type": media_type} if media_type else {}))


def _moment(day: str, site: Site) -> str:
    """Return the beginning of a day in Japan, where the decisions are made; of the release's day without one."""
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        date = site.issued.date() if site.issued else datetime.date(1970, 1, 1)
    return f"{date.isoformat()}T00:00:00+09:00"
