"""What lies on the desk of whoever reviews documents: the register, the programmes and the themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nichiiki_ld import iri
from nichiiki_ld.files import read_text
from nichiiki_ld.graph import labels_below, parse_turtle
from nichiiki_ld.model import Decision, Doubt, Programme, Source
from nichiiki_ld.places import Gazetteer
from nichiiki_ld.repository import Repository
from nichiiki_ld.review import programme_of, review
from nichiiki_ld.settlement import Settlement, settle
from nichiiki_ld.suggestions import Suggester, Suggestion
from nichiiki_ld.translations import translations_by_row


@dataclass(frozen=True, slots=True)
class Desk:
    """What documents are compared with."""

    gazetteer: Gazetteer
    programmes: Mapping[str, Programme]
    suggester: Suggester
    theme_labels: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, repository: Repository) -> Desk:
        """Read it from a checkout.

        Raises:
            TableError: One of its files cannot be read.
            GraphError: The themes are no Turtle.
        """
        base = repository.publication().base
        path = repository.root / "ontology/themes.ttl"
        scheme = parse_turtle(read_text(path), where=str(path), base=base)
        prefix = base + iri.theme("")
        return cls(
            Gazetteer(repository.register(), repository.former_areas()),
            repository.programmes(),
            Suggester(scheme, prefix),
            labels_below(scheme, prefix),
        )

    def review(
        self, source: Source, decisions: Sequence[Decision] | None = None
    ) -> tuple[Settlement, list[Doubt]]:
        """Return a document's settled cells, and what is left to decide.

        Args:
            decisions: Taken instead of those that the document has, if given.

        Raises:
            ReviewError: A decision or a translation does not fit what is printed, or the
                programme is not described.
        """
        if decisions is not None:
            source = replace(source, decisions=tuple(decisions))
        programme = programme_of(source, self.programmes)
        where = f"data/sources/{source.id}/decisions.csv"
        settlement = settle(source.cells, source.decisions, where=where)
        translations_by_row(source, settlement)
        doubts = review(settlement, self.gazetteer, programme=programme.name["ja"], stated=source.stated)
        return settlement, doubts

    def suggestions(self, source: Source, settlement: Settlement) -> list[Suggestion]:
        """Return the themes that rows suggest by their words, but for rows that were given themes already."""
        given = {choice.row for choice in source.themes}
        return [
            suggestion
            for row in settlement.rows
            if row not in given
            for suggestion in self.suggester.suggest(settlement, row)
        ]
