"""Which column of a table is what."""

from __future__ import annotations

from collections.abc import Sequence

from nichiiki_ld.extract.contents import Content, looks_like
from nichiiki_ld.extract.header import Heading
from nichiiki_ld.extract.headings import IGNORED, Meaning

_LESS = 3
"""How many ranks a column loses whose cells do not bear its heading out."""

_WITHOUT_HEADING = ((Content.NUMBERING, "number"), (Content.PREFECTURES, "prefecture"))


def assign(headings: Sequence[Heading], samples: Sequence[Sequence[str]]) -> list[str]:
    """Return the role of each column; an empty text where it is not known.

    What somebody stated holds. Of the others each role goes to one column: the one whose
    heading tells it best, and of equals the one further left. The rest are ignored.
    Prefectures without another column of places are the places.

    Args:
        samples: Some of the cells of each column.
    """
    roles = [heading.stated for heading in headings]
    taken = set(roles) - {"", IGNORED}
    wanted = sorted(
        (meaning.rank, column, meaning.role)
        for column, (heading, cells) in enumerate(zip(headings, samples, strict=True))
        if not heading.stated
        for meaning in _admissible(heading, cells)
    )
    for _, column, role in wanted:
        if not roles[column] and (role == IGNORED or role not in taken):
            roles[column] = role
            taken.add(role)
    for _, column, _ in wanted:
        roles[column] = roles[column] or IGNORED
    if "places" not in roles and "prefecture" in roles:
        roles[roles.index("prefecture")] = "places"
    return roles


def _admissible(heading: Heading, cells: Sequence[str]) -> list[Meaning]:
    if not heading.text:
        return [Meaning(role, 9) for content, role in _WITHOUT_HEADING if looks_like(content, cells)]
    found = []
    for meaning in heading.meanings:
        if meaning.if_content and not looks_like(meaning.if_content, cells):
            continue
        rank = meaning.rank
        if meaning.role == "places" and looks_like(Content.PREFECTURES, cells):
            # One heading can stand above two columns, the prefecture and the town.
            found.append(Meaning("prefecture", rank + 1))
            rank += _LESS
        elif meaning.role == "places" and not looks_like(Content.PLACES, cells):
            rank += _LESS
        found.append(Meaning(meaning.role, rank))
    return found
