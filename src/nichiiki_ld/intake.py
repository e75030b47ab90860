"""A document that nobody has described yet: what it is, as far as it tells.

Nothing is guessed. What the document does not say is left for a person, with the place
to write it and a comment that says what belongs there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from nichiiki_ld import printed
from nichiiki_ld.errors import SourceError
from nichiiki_ld.joints import one_line
from nichiiki_ld.model import LEAD, Cell, Programme
from nichiiki_ld.review.lead import NEEDED

PUBLIC_DATA_LICENSE = "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0"

_EXAMPLES = {
    "published-date": "令和8年3月26日",
    "title": "…の採択結果について",
    "fiscal-year": "令和8年度",
    "round": "2次募集",
    "office": "国土政策局地方政策課",
}
"""Facts that may be stated in place of the document, as one would print them."""

_STATE = re.compile(r"\d000012\d{6}")
"""Corporate numbers of ministries and agencies: 000012 after the check digit."""

_SECOND_LEVEL = frozenset({"ac", "ad", "co", "ed", "go", "gr", "lg", "ne", "or"})
"""Domains below .jp that organizations of a kind share."""

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Intake:
    """A new document.

    Attributes:
        original: What its file is called here.
        address: Where it was fetched from, or empty.
        called: What the file says its title is, or empty; nobody may have printed it.
        columns: Heading → role, as a person said them.
    """

    programme: Programme
    original: str
    sha256: str
    cells: Sequence[Cell] = field(repr=False)
    address: str = ""
    called: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

    def told(self, fact: str) -> str | None:
        """Return the first printing of a fact of the lead, or None."""
        return next((c.printed for c in self.cells if c.row == LEAD and c.base_field == fact), None)

    @property
    def licence(self) -> str:
        """The licence under which such documents are published as a rule; empty where there is no rule."""
        return PUBLIC_DATA_LICENSE if _STATE.fullmatch(self.programme.agency.corporate_number) else ""

    @property
    def attribution(self) -> str:
        """The line that names title, agency and day."""
        title, day = self.told("title"), self.told("published-date")
        # Quotation marks within quotation marks are double ones in Japanese.
        inner = str.maketrans("「」", "『』")
        what = (
            f"「{_one_line(one_line(title)).translate(inner)}」"
            if title
            else f"「{self.programme.name['ja']}」の公表資料"
        )
        who = "、".join(filter(None, [self.programme.agency.name["ja"], _one_line(day or "")]))
        return f"{what}（{who}）を加工して作成"

    def proposed_id(self) -> str | None:
        """Return an id made of the day and the publisher's name on the web; None where either is not known."""
        try:
            day = printed.date(self.told("published-date") or "")
        except ValueError:
            return None
        name = publisher_name(self.programme.agency.website) or publisher_name(self.address)
        return f"{day.isoformat()}-{name}" if name else None


def publisher_name(address: str) -> str:
    """Return what an organization is called in the address of its site: mlit for https://www.mlit.go.jp/; or nothing."""
    try:
        labels = (urlsplit(address).hostname or "").split(".")
    except ValueError:
        return ""
    if len(labels) < 2 or labels[-1].isdigit():  # noqa: PLR2004 - a host with a domain
        return ""
    labels.pop()
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels.pop()
    return labels[-1] if _NAME.fullmatch(labels[-1]) else ""


def programme_named(text: str, cells: Iterable[Cell], programmes: Mapping[str, Programme]) -> Programme:
    """Return the programme whose Japanese name a text prints, however spaced and in whatever width.

    Raises:
        SourceError: It names none that is described, or several. The hint has what to write
            for a new one.
    """
    plain = printed.plain(text)
    names = {each: printed.plain(programme.name["ja"]) for each, programme in programmes.items()}
    found = {each: name for each, name in names.items() if name in plain}
    # A name that is part of another one is not named by it.
    found = {
        each: name
        for each, name in found.items()
        if name in _without(plain, [other for other in found.values() if name != other and name in other])
    }
    if len(found) == 1:
        return programmes[next(iter(found))]
    known = ", ".join(sorted(found or programmes)) or "none yet"
    if found:
        raise SourceError(f"the document names {len(found)} programmes", hint=f"say --programme: {known}")
    raise SourceError(
        "the document names no programme that is described",
        hint=f"say --programme (known: {known}), or describe a new one, and import again:\n\n"
        f"{programme_template(_named_in(cells))}",
    )


def _without(text: str, names: Iterable[str]) -> str:
    for name in names:
        text = text.replace(name, "\n")
    return text


def _named_in(cells: Iterable[Cell]) -> str:
    return next((_one_line(c.printed) for c in cells if c.row == LEAD and c.base_field == "programme"), "")


def programme_template(name: str) -> str:
    """Return what `data/programmes/<id>.toml` holds, to fill in.

    Args:
        name: What a document calls it, or empty.
    """
    return f"""\
# data/programmes/<id>.toml, with an id of lower-case letters, digits and hyphens
website = ""

[name]
ja = {toml_text(name)}
en = ""

[description]
ja = ""
en = ""

[agency]
corporate_number = ""  # 法人番号, 13 digits
website = ""

[agency.name]
ja = ""
en = ""
"""


def describe(intake: Intake) -> str:
    """Return the text of `source.toml`."""
    agency = intake.programme.agency
    text_name = "" if intake.original.endswith(".txt") else " (its text is in text.txt)"
    lines = [
        f"# What the document is. What it prints is in {intake.original}{text_name}; what we say of it is in decisions.csv and themes.csv.",
        f"programme = {toml_text(intake.programme.id)}",
        f"original = {toml_text(intake.original)}",
        f"sha256 = {toml_text(intake.sha256)}",
        f"publisher = {toml_text(agency.corporate_number)}  # {_one_line(agency.name['ja'])}",
    ]
    if intake.licence:
        lines += [
            "# A proposal, to be checked: ministries publish under the Public Data License 1.0 unless a document says otherwise.",
            f"licence = {toml_text(intake.licence)}",
        ]
    else:
        lines += [
            "# The licence is not known: look how the publisher licenses its documents, and give its address.",
            '# licence = "https://…"',
        ]
    lines.append(f"attribution = {toml_text(intake.attribution)}")
    if intake.address:
        lines += ["# Where it was fetched from.", f"related = [{toml_text(intake.address)}]"]
    lines += [
        "# Read what stands before the table, and quote here the names of contact persons: they are not published.",
        "# An empty list says that there are none. Without this line only what is quoted is published.",
        '# withheld = ["…"]',
        "",
        *_facts(intake),
        *_stated(intake),
    ]
    if intake.columns:
        lines += [
            "",
            "# Headings that are not recognised by themselves, and what their columns are.",
            "[columns]",
        ]
        lines += [f"{toml_text(heading)} = {toml_text(role)}" for heading, role in intake.columns.items()]
    return "\n".join(lines) + "\n"


def _facts(intake: Intake) -> list[str]:
    facts = [cell for cell in intake.cells if cell.row == LEAD]
    if not facts:
        return ["# Outside of its table the document prints no fact that was recognised."]
    return [
        "# What was recognised outside of its table:",
        *(f"#   {cell.field} = {_one_line(cell.printed)}" for cell in facts),
    ]


def _stated(intake: Intake) -> list[str]:
    lines = [
        "",
        "# What the document does not print, and we say: written as a document would print it. No quotation supports it.",
        "[stated]",
    ]
    for fact, example in _EXAMPLES.items():
        if intake.told(fact) is None:
            need = "needed" if fact in NEEDED else "if there is one"
            value = intake.called if fact == "title" and intake.called else example
            lines.append(f"# {fact} = {toml_text(_one_line(value))}  # {need}")
    return lines if len(lines) > 3 else []  # noqa: PLR2004 - the heading alone


def toml_text(text: str) -> str:
    """Return a text as a basic string of TOML 1.0."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _one_line(text: str) -> str:
    """Return a text that can stand in a comment: on one line, without control characters."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
