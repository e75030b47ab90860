"""The nouns: what the program handles before anything becomes a graph.

All are frozen values. Texts are as printed unless a name says otherwise; offsets
count Unicode code points of the decoded original, from 0, end exclusive.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

LEAD = "lead"
"""The row name of everything that a document prints outside its table."""

ROW = "row"
"""The field of a cell that is a whole row."""

PAGE_BREAK = "page-break"
"""The field of a cell that quotes the beginning of a row which may have been cut wrongly where a page ends."""

OF_THE_CUT = frozenset({ROW, PAGE_BREAK})
"""Fields that tell how a row was cut, not what it says: quoted only where a decision speaks of them."""

PHRASE_FIELDS = ("summary", "title", "applicant")
"""Where the phrase for a theme may stand in a row; it is looked for in this order."""

BLOT = "■"
"""Stands for a character that is not published."""


class AreaKind(StrEnum):
    """What kind of area a local-government code stands for."""

    PREFECTURE = "prefecture"
    DESIGNATED_CITY = "designated-city"
    CITY = "city"
    TOWN = "town"
    VILLAGE = "village"
    SPECIAL_WARD = "special-ward"
    WARD = "ward"


@dataclass(frozen=True, slots=True)
class Area:
    """A prefecture, municipality or ward of the register.

    Attributes:
        code: Local-government code, six digits with the check digit.
        name: Without prefecture and district: 士幌町.
        reading: The name in hiragana: しほろちょう.
        prefecture: Code of the prefecture it lies in; None for a prefecture.
        district: 郡, or empty.
        corporate_number: 法人番号, thirteen digits; empty for a ward of a designated city.
        latitude, longitude: Town hall, decimal degrees (WGS 84) as the source prints them, or empty.
        website: Official site, or empty.
        english: The name in English without its kind, where the register gives it: that of a
            prefecture, and one that its reading alone does not tell; or empty.
        english_name: English name with the kind: Kitami City. Empty until it was made by the rule.
        iso3166_2: ISO 3166-2 code of a prefecture, or empty.
    """

    code: str
    kind: AreaKind
    name: str
    reading: str
    prefecture: str | None = None
    district: str = ""
    corporate_number: str = ""
    latitude: str = ""
    longitude: str = ""
    website: str = ""
    english: str = ""
    english_name: str = ""
    iso3166_2: str = ""


@dataclass(frozen=True, slots=True)
class FormerArea:
    """A municipality or ward that there is no longer, as `data/registers/former.csv` tells it.

    Attributes:
        name: Without prefecture and district: 浜松市中区.
        reading: The name in hiragana.
        prefecture: Code of the prefecture it lay in.
        until: The day from which it was no more.
        successors: Codes of the areas of the register that it became, or became part of.
    """

    name: str
    reading: str
    prefecture: str
    until: datetime.date
    successors: tuple[str, ...]


def kind_of_field(field: str) -> str:
    """Return the field without the ordinal of a repeated one: `name-5` is a `name`.

    Not what two fields have in common: `fiscal-year` is one, and not of a `fiscal`.
    """
    kind, _, ordinal = field.rpartition("-")
    return kind if kind and ordinal.isascii() and ordinal.isdecimal() else field


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text exactly as printed, and where.

    Attributes:
        row: The number of the table row, or `lead`.
        field: What the text is: `summary`, `name-5`, `fiscal-year-2`.
        start, end: Offsets into the decoded original.
    """

    row: str
    field: str
    printed: str
    start: int
    end: int

    @property
    def base_field(self) -> str:
        """The field without the ordinal of a repeated one."""
        return kind_of_field(self.field)

    @property
    def ordinal(self) -> int:
        """The ordinal of a repeated field, counted from 1; 0 for a field that stands once."""
        tail = self.field.rpartition("-")[2]
        return int(tail) if tail.isdigit() else 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says about a cell, quoting it.

    Attributes:
        printed: The text the decision corrects or chooses from, as printed.
        value: What the data say instead.
        reason, reason_en: Why, in Japanese and in English.
        evidence: IRIs, absolute or below the base, that bear the reason out.
        line: Line of decisions.csv, counted from 1.
    """

    row: str
    field: str
    printed: str
    value: str
    reason: str
    reason_en: str
    evidence: tuple[str, ...]
    reviewer: str
    date: datetime.date
    line: int = 0


@dataclass(frozen=True, slots=True)
class ThemeChoice:
    """A theme that a person gives a row, with the phrase that supports it."""

    row: str
    theme: str
    phrase: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Translation:
    """What a person says a cell means in another language, quoting it.

    It is nobody's words but the translator's: the document has none in that language.

    Attributes:
        printed: The text that is translated, as printed. Where it is a misprint, `text` says
            what is right.
        language: BCP 47 tag of `text`.
        line: Line of translations.csv, counted from 1.
    """

    row: str
    field: str
    printed: str
    language: str
    text: str
    translator: str
    date: datetime.date
    line: int = 0


@dataclass(frozen=True, slots=True)
class Agency:
    """A public body that runs programmes or publishes documents."""

    corporate_number: str
    name: Mapping[str, str]
    website: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """A funding programme, as `data/programmes/<id>.toml` describes it.

    Attributes:
        call_prefix: What stands before the fiscal year in the names of its calls: `wakamono-`
            makes `call/wakamono-2026`. No two programmes have the same.
    """

    id: str
    name: Mapping[str, str]
    description: Mapping[str, str]
    agency: Agency
    website: str = ""
    call_prefix: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An official document, as `data/sources/<id>/source.toml` describes it.

    Attributes:
        programme: Id of the programme whose call it reports.
        sha256: Digest of the original's bytes, lower-case hexadecimal.
        withheld: Words before the table that are not published: names of contact persons.
            None when nobody has said which; then what is printed there is not published
            but for what is quoted.
        columns: Heading as printed → role, for headings that are not recognised by themselves.
        stated: Field of the lead → what we say, for facts that the document does not print;
            written as a document would print it.
        text: The decoded original if that is plain text, else its transcription.
        page_ends: Offsets of the form feeds in the text, sorted; none where it tells of no pages.
        cells: What `rows.csv` holds.
    """

    id: str
    programme: str
    original: str
    sha256: str
    licence: str
    attribution: str
    publisher: str
    related: tuple[str, ...] = ()
    withheld: tuple[str, ...] | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    stated: Mapping[str, str] = field(default_factory=dict)
    text: str = field(default="", repr=False)
    page_ends: tuple[int, ...] = field(default=(), repr=False)
    cells: tuple[Cell, ...] = field(default=(), repr=False)
    decisions: tuple[Decision, ...] = field(default=(), repr=False)
    themes: tuple[ThemeChoice, ...] = field(default=(), repr=False)
    translations: tuple[Translation, ...] = field(default=(), repr=False)

    def with_text(self, text: str) -> Source:
        """Return the document with its text, and with what that tells of its pages."""
        page_ends = tuple(match.start() for match in re.finditer("\f", text))
        return replace(self, text=text, page_ends=page_ends)

    def page_of(self, offset: int) -> int | None:
        """Return the page on which a character stands, counted from 1; None where the text tells of no pages."""
        return bisect_right(self.page_ends, offset) + 1 if self.page_ends else None

    @property
    def lead(self) -> str:
        """What is printed before the first row of the table."""
        # A prefecture or a unit can stand further up, in the heading of the table.
        return self.text[: min((cell.start for cell in self.cells if cell.field == ROW), default=None)]

    @property
    def published_lead(self) -> str:
        """What is printed before the table, as it may be published; empty when nobody has said what is withheld.

        Each character that is withheld is one of `BLOT`, and the end of a page is the end of a line, so
        that all others keep their places.
        """
        if self.withheld is None:
            return ""
        # XML has no way to write a form feed.
        lead = self.lead.replace("\f", "\n")
        for words in self.withheld:
            lead = lead.replace(words, BLOT * len(words))
        return lead


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something a doubtful cell might have meant, and why.

    Attributes:
        field: The cell that would change.
        value: The text it would change to; `dropped` for a row that would become no record.
        code: Local-government code that this leads to, or empty.
        why, why_ja: The evidence, in one sentence in English and in Japanese.
        evidence: IRIs below the base that bear it out.
    """

    field: str
    value: str
    code: str
    why: str
    why_ja: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """A cell that only a person can settle.

    Attributes:
        field: What a decision would name; for a fact that is not printed, what it is called.
        kind: `misprint` for a place, `contradiction` for cells that disagree with each other or
            with the table, `count` for numbers that do not run, `missing` for what is not printed,
            `repeated` for what is printed twice, `total` for a line that sums others up,
            `page-break` for a row that a page may have cut.
        why: What is wrong, in one sentence.
        line: Line of rows.csv, counted from 1.
    """

    row: str
    field: str
    printed: str
    kind: str
    why: str
    candidates: tuple[Candidate, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another data set: one line of an SSSOM table, prefixes expanded.

    Attributes:
        refused: The table says `Not`: somebody looked, and these are not the same.
        justification: IRI of the SEMAPV term that says how the link was found.
    """

    subject: str
    predicate: str
    object: str
    justification: str
    object_label: str = ""
    comment: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Linkset:
    """The links to one target, as `data/links/<id>.sssom.tsv` holds them."""

    id: str
    title: Mapping[str, str]
    licence: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published, as `data/publication.toml` says it.

    Attributes:
        base: Base IRI of everything, with the final slash.
        version: Version of the data, the name of the release's folder.
        issued: Day of publication. It is written, not read from a clock, so that a
            release is a function of the checkout.
    """

    base: str
    version: str
    issued: datetime.date
    title: Mapping[str, str]
    description: Mapping[str, str]
    publisher: Mapping[str, str]
    licence: str
    attribution: Mapping[str, str]
    homepage: str
