"""A printed text, cut where marks begin and end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nichiiki_ld.passages import Mark, Stretch, cut


def test_marks_may_overlap() -> None:
    """As in row 5 of the release: one phrase supports a theme, and a longer one another."""
    text = "離島での特定居住者を証明制度で明確化し"
    marks = [Mark(1, 0, 9), Mark(2, 4, 18), Mark(3, 10, 18)]
    assert cut(text, marks) == (
        Stretch("離島での", (1,), (1,), ()),
        Stretch("特定居住者", (1, 2), (2,), (1,)),
        Stretch("を", (2,), (), ()),
        Stretch("証明制度で明確化", (3, 2), (3,), (3, 2)),
        Stretch("し"),
    )


def test_a_text_without_marks_is_one_stretch() -> None:
    assert cut("文", []) == (Stretch("文"),)
    assert cut("", []) == ()


@given(
    st.text(max_size=30),
    st.lists(st.tuples(st.integers(-5, 40), st.integers(-5, 40)), max_size=8),
)
def test_nothing_is_lost(text: str, spans: list[tuple[int, int]]) -> None:
    marks = [Mark(number, start, end) for number, (start, end) in enumerate(spans)]
    stretches = cut(text, marks)
    assert "".join(each.text for each in stretches) == text
    for mark in marks:
        own = "".join(each.text for each in stretches if mark.number in each.marks)
        inside = 0 <= mark.start < mark.end <= len(text)
        assert own == (text[mark.start : mark.end] if inside else "")
        assert sum(mark.number in each.begins for each in stretches) == inside
        assert sum(mark.number in each.ends for each in stretches) == inside
