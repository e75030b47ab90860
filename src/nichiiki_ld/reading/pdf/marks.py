"""What a page has on it: glyphs and straight rules, in points, counted from its upper left corner."""

from __future__ import annotations

from dataclasses import dataclass, field

ASCENT = 0.88
DESCENT = 0.12
"""Of the square that a Japanese glyph is set in, above and below the base line. What fonts
say of themselves differs from one program to the next, so nobody is asked.

Source: JIS X 4051; the same are the vertical metrics of most Japanese OpenType fonts.
"""

MIDDLE = (ASCENT - DESCENT) / 2
"""Of the same square, above the base line."""


@dataclass(slots=True, eq=False)
class Glyph:
    """A glyph, in its place.

    Attributes:
        text: What it stands for: mostly one character, more for a ligature or a variant.
        x0, x1: Left and right end of its advance.
        baseline: Distance from the upper edge of the page.
        size: Of the font, as it appears on the page.
    """

    text: str
    x0: float
    x1: float
    baseline: float
    size: float

    @property
    def top(self) -> float:
        """Upper edge of its square."""
        return self.baseline - ASCENT * self.size

    @property
    def bottom(self) -> float:
        """Lower edge of its square."""
        return self.baseline + DESCENT * self.size

    @property
    def middle(self) -> float:
        """Half way between upper and lower edge."""
        return self.baseline - MIDDLE * self.size

    @property
    def centre(self) -> float:
        """Half way between left and right end."""
        return (self.x0 + self.x1) / 2

    @property
    def blank(self) -> bool:
        """Whether it is a space."""
        return self.text.isspace()


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight rule, horizontal or vertical.

    Attributes:
        at: Its distance from the upper edge of the page, or from the left one.
        start, end: Along it.
        shade: It is the edge of a coloured area, nothing that is drawn.
    """

    at: float
    start: float
    end: float
    shade: bool = False

    @property
    def length(self) -> float:
        """From end to end."""
        return self.end - self.start


@dataclass(slots=True)
class Marks:
    """All that a page has on it.

    Attributes:
        number: Of the page, counted from 1.
        horizontals, verticals: Rules, and edges of coloured areas.
        pictures: How many images.
        pictured_area: Of the images as far as they are on the page, in square points.
        recognised: Text is printed invisibly, as programs do that recognise the text of an image.
        turned: How many characters run in another direction than from left to right;
            they are not among the glyphs.
        unknown: How many glyphs the file does not say the character of; they stand as U+FFFD.
        shared: The file names characters in place of others that look the same.
        crowded: So many lines are drawn that they cannot be the rules of a table; there
            are none among the rules.
    """

    number: int
    width: float = 0
    height: float = 0
    glyphs: list[Glyph] = field(default_factory=list)
    horizontals: list[Rule] = field(default_factory=list)
    verticals: list[Rule] = field(default_factory=list)
    pictures: int = 0
    pictured_area: float = 0
    recognised: bool = False
    turned: int = 0
    unknown: int = 0
    shared: bool = False
    crowded: bool = False
