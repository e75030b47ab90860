"""Sets of positions in a list, each as one whole number: bit n says whether position n is in it.

What two sets have in common is `&`, what is in either `|`, how many are in one `bit_count()`:
each takes microseconds for a list of a hundred thousand things.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence

Positions = int
"""A set of positions, counted from 0."""


def pack(positions: Iterable[int], length: int) -> Positions:
    """Return the set of some positions of a list."""
    octets = bytearray(-(-length // 8))
    for each in positions:
        octets[each >> 3] |= 1 << (each & 7)
    return int.from_bytes(octets, "little")


def unpack(positions: Positions) -> Iterator[int]:
    """Yield the positions of a set, the lowest first."""
    # The search for a character runs in C; to take bit after bit off the number would copy it each time.
    digits = f"{positions:b}"[::-1]
    found = digits.find("1")
    while found >= 0:
        yield found
        found = digits.find("1", found + 1)


def shared(sets: Sequence[Positions]) -> Iterator[Positions]:
    """Yield the positions that are in all of some sets, then those in all but one, and so on to those in one.

    Takes time with the square of the number of sets.
    """
    # at_least[n] has what is in n of the sets so far, or in more.
    at_least = [0] * (len(sets) + 1)
    for each in sets:
        for number in range(len(sets), 1, -1):
            at_least[number] |= at_least[number - 1] & each
        if sets:
            at_least[1] |= each
    more = 0
    for each in reversed(at_least[1:]):
        yield each & ~more
        more |= each


def to_bytes(positions: Positions) -> bytes:
    """Return a set as bytes, the lowest positions first."""
    return positions.to_bytes(-(-positions.bit_length() // 8), "little")


def from_bytes(octets: bytes) -> Positions:
    """Return the set that `to_bytes` wrote."""
    return int.from_bytes(octets, "little")


def numbers_to_bytes(numbers: Iterable[int]) -> bytes:
    """Return whole numbers below 2³² as bytes, four each."""
    return _in_file_order(array("I", numbers)).tobytes()


def numbers_from_bytes(octets: bytes) -> Sequence[int]:
    """Return the numbers that `numbers_to_bytes` wrote."""
    numbers = array("I")
    numbers.frombytes(octets)
    return _in_file_order(numbers)


def _in_file_order(numbers: array[int]) -> array[int]:
    """Turn numbers of this machine into little-endian ones, or back."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
