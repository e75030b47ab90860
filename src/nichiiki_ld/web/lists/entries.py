"""What a page tells of each thing of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from nichiiki_ld.listing import Choice
from nichiiki_ld.lists import PROJECTS
from nichiiki_ld.namespaces import DCTERMS, SKOS
from nichiiki_ld.web import linking
from nichiiki_ld.web.lists.selection import Selection
from nichiiki_ld.web.naming import Naming, Value
from nichiiki_ld.web.pages.project import in_yen
from nichiiki_ld.web.pages.view import Source, phrases_of
from nichiiki_ld.web.site import Site

MOST_CHARACTERS = {"ja": 100, "en": 200}
"""Of a summary, in a list."""


@dataclass(frozen=True, slots=True)
class ListedProject:
    """A project.

    Attributes:
        amount: In yen, as the language writes it; empty where no document prints it.
        summary: Its first words.
        unofficial: Whether the summary is a translation that the source does not have.
        applicant_translation: Likewise, or None.
        phrases: The printed words by which it has the themes that the list is filtered by.
    """

    name: Value
    number: str
    areas: tuple[Value, ...]
    themes: tuple[Value, ...]
    applicant: Value | None
    applicant_translation: Value | None
    amount: str
    summary: Value | None
    unofficial: bool
    phrases: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ListedConsortium:
    """A consortium."""

    name: Value
    translation: Value | None
    projects: tuple[Value, ...]
    areas: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ListedArea:
    """An area.

    Attributes:
        count: Projects that agree with the filters.
        projects: The first of all its projects.
    """

    name: Value
    prefecture: Value | None
    count: int
    projects: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ListedTheme:
    """A theme.

    Attributes:
        count: Projects that agree with the filters.
        href: The list of its projects.
    """

    name: Value
    definition: Value | None
    broader: tuple[Value, ...]
    count: int
    href: str


MOST_PROJECTS = 5
"""Projects of an area that are named beside it."""


class Entries:
    """Tells of the things of a list, for a page in a language."""

    def __init__(
        self, site: Site, naming: Naming, selection: Selection, counts: Mapping[NamedNode, int]
    ) -> None:
        """Tell in a language.

        Args:
            counts: How many projects of a thing agree with the filters, where they are counted.
        """
        self._site = site
        self._selection = selection
        self._naming = naming
        self._counts = counts
        self._around = site.around
        self._told: Mapping[str, Callable[[NamedNode], object]] = {
            "projects": self.project,
            "consortia": self.consortium,
            "areas": self.area,
            "themes": self.theme,
        }

    def tell(self, entries: Iterable[NamedNode]) -> list[object]:
        """Return what is told of some things of the list."""
        return [self._told[self._selection.listing.name](each) for each in entries]

    def project(self, project: NamedNode) -> ListedProject:
        """Tell of a project."""
        naming, own = self._naming, self._site.own
        summary = naming.text(project, own("summary"))
        translated = None
        if summary is None or summary.language != naming.language:
            translated = naming.translation(project)
        applicant = next(iter(self._site.catalog.objects(project, own("applicant"))), None)
        number = naming.text(project, f"{DCTERMS}identifier")
        amount = naming.text(project, own("amount"))
        return ListedProject(
            name=naming.name(project),
            number=number.text if number else "",
            areas=naming.mention(self._around.areas(project)),
            themes=naming.mention(self._around.themes(project)),
            applicant=naming.name(applicant) if applicant else None,
            applicant_translation=naming.translation(applicant) if applicant else None,
            amount=in_yen(amount.text) if amount else "",
            summary=first_words(translated or summary),
            unofficial=translated is not None,
            phrases=tuple(
                phrase
                for theme in self._selection.choice.values.get("theme", ())
                for phrase in phrases_of(self._site, naming, project, NamedNode(theme))
            ),
        )

    def consortium(self, consortium: NamedNode) -> ListedConsortium:
        """Tell of a consortium."""
        projects = self._around.projects(consortium)
        areas = {each: None for project in projects for each in self._around.areas(project)}
        return ListedConsortium(
            name=self._naming.name(consortium),
            translation=self._naming.translation(consortium),
            projects=self._naming.mention(projects),
            areas=self._naming.mention(areas),
        )

    def area(self, area: NamedNode) -> ListedArea:
        """Tell of an area."""
        name = self._naming.name(area)
        top = self._around.top(area)
        return ListedArea(
            name=name,
            prefecture=self._naming.name(top) if top != area else None,
            count=self._counts.get(area, 0),
            projects=self._naming.mention(self._around.projects(area)[:MOST_PROJECTS]),
        )

    def theme(self, theme: NamedNode) -> ListedTheme:
        """Tell of a theme."""
        # The same filters: as many projects as the number says.
        choice = Choice({**self._selection.choice.values, "theme": (theme.value,)})
        return ListedTheme(
            name=self._naming.name(theme),
            definition=self._naming.text(theme, f"{SKOS}definition"),
            broader=self._naming.mention(self._site.catalog.objects(theme, f"{SKOS}broader")),
            count=self._counts.get(theme, 0),
            href=linking.page(Selection(PROJECTS, choice).address()),
        )


def first_words(text: Value | None) -> Value | None:
    """Return a text, or its beginning with an ellipsis."""
    if text is None:
        return None
    most = MOST_CHARACTERS.get(text.language, max(MOST_CHARACTERS.values()))
    return text if len(text.text) <= most else Value(f"{text.text[:most].rstrip()}…", language=text.language)
