"""Example queries: ready questions to the data, each with a title and an explanation in every language.

A file `data/queries/<name>.rq` begins with a head of comments; the query follows it:

    # ja: テーマ別のプロジェクト数
    # en: Projects by theme
    # group: themes
    # ja> テーマごとにプロジェクトを数える。
    # en> Counts the projects of each theme.
    # en> A project may have several themes.
    PREFIX nichiiki: <https://w3id.org/nichiiki/ontology#>

    SELECT …

`# <language>: ` gives the title, on one line. `# <language>> ` gives the explanation, a
sentence or two; its lines are joined. `# group: ` says what it is about. The head ends with the first line that is no
comment; comments further down belong to the query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from nichiiki_ld.errors import QueryError

LANGUAGES: Mapping[str, str] = {"ja": "", "en": " "}
"""Language → what its lines are joined with."""

GROUPS = ("projects", "areas", "themes", "evidence", "links", "data")
"""What examples are about, in the order in which they are shown."""

_GROUP = re.compile(rf"# group: (?P<group>{'|'.join(GROUPS)})")
_LINE = re.compile(rf"# (?P<language>{'|'.join(LANGUAGES)})(?P<part>[:>]) (?P<text>\S(?:.*\S)?)")
_HINT = "begin the file with '# ja: 題名', '# en: Title', '# ja> 説明。' and '# en> An explanation.'"


@dataclass(frozen=True, slots=True)
class Example:
    """An example query as `data/queries/<name>.rq` defines it.

    Attributes:
        title, explanation: By language.
        query: SPARQL text below the head; it is not checked here.
        group: One of `GROUPS`, or empty.
    """

    name: str
    title: Mapping[str, str]
    explanation: Mapping[str, str]
    query: str
    group: str = ""

    @classmethod
    def parse(cls, name: str, text: str) -> Example:
        """Return the example that a query file defines.

        Raises:
            QueryError: A comment at the head is neither title nor explanation, a
                language lacks one of them or has two titles, or no query follows.
        """
        titles: dict[str, str] = {}
        explanations: dict[str, list[str]] = {}
        group = ""
        lines = text.split("\n")
        head = list(takewhile(lambda line: line.startswith("#"), lines))
        for number, line in enumerate(head, start=1):
            where = f"{name}:{number}"
            if (about := _GROUP.fullmatch(line)) and not group:
                group = about["group"]
                continue
            if (match := _LINE.fullmatch(line)) is None:
                raise QueryError("is neither a title nor an explanation", where=where, hint=_HINT)
            language = match["language"]
            if match["part"] == ">":
                explanations.setdefault(language, []).append(match["text"])
            elif language in titles:
                raise QueryError(f"is a second title in '{language}'", where=where, hint=_HINT)
            else:
                titles[language] = match["text"]
        for part, found in (("title", titles), ("explanation", explanations)):
            for language in LANGUAGES:
                if language not in found:
                    raise QueryError(f"has no {part} in '{language}'", where=name, hint=_HINT)
        query = "\n".join(lines[len(head) :]).strip()
        if not query:
            raise QueryError("has no query", where=name, hint="write the query below the head")
        return cls(
            name,
            title={language: titles[language] for language in LANGUAGES},
            explanation={language: glue.join(explanations[language]) for language, glue in LANGUAGES.items()},
            query=f"{query}\n",
            group=group,
        )
