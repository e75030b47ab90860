"""The two numbers that name a Japanese local government, and their check digits.

A prefecture or municipality has a 6-digit local-government code, and, being a
corporation, a 13-digit corporate number that is computed from it.
"""

from __future__ import annotations

import re

# [0-9], not \d: full-width digits count as \d and are not allowed in a code.
_FIVE_DIGITS = re.compile(r"[0-9]{5}")
_SIX_DIGITS = re.compile(r"[0-9]{6}")
_THIRTEEN_DIGITS = re.compile(r"[0-9]{13}")

_PREFECTURES = range(1, 48)
_CODE_WEIGHTS = (6, 5, 4, 3, 2)

# Second to seventh digit of the corporate number of every local government.
_LOCAL_GOVERNMENT = "000020"


def check_digit(five_digits: str) -> str:
    """Return the check digit that completes a local-government code.

    The specification states sums below 11 as a case of their own (11 minus the
    sum). One expression serves both: such a sum is its own remainder.

    Args:
        five_digits: Prefecture (2 digits) and municipality (3 digits; 000 for the
            prefecture itself), with leading zeros.

    Raises:
        ValueError: Not five ASCII digits.

    Source:
        JIS X 0401 and JIS X 0402 for the five digits; 全国地方公共団体コード仕様
        (総務省) for the sixth.
    """
    if not _FIVE_DIGITS.fullmatch(five_digits):
        raise ValueError(f"not five digits: {five_digits!r}")
    weighted = sum(int(digit) * weight for digit, weight in zip(five_digits, _CODE_WEIGHTS, strict=True))
    return str((11 - weighted % 11) % 10)


def is_local_government_code(code: str) -> bool:
    """Say whether a text is a well-formed local-government code.

    Six ASCII digits, a prefecture from 01 to 47, and the right check digit. It is
    not said that the code is, or ever was, assigned.

    Source:
        全国地方公共団体コード仕様 (総務省).
    """
    return (
        _SIX_DIGITS.fullmatch(code) is not None
        and int(code[:2]) in _PREFECTURES
        and check_digit(code[:5]) == code[5]
    )


def corporate_number(local_government_code: str) -> str:
    """Return the corporate number (法人番号) of the local government with a code.

    Only a corporation has one: prefectures, municipalities and the special wards
    of Tokyo do; the wards of designated cities do not, and this function cannot
    tell them apart.

    Args:
        local_government_code: 6 digits, check digit included.

    Returns:
        13 digits: check digit, ``000020``, the 6-digit code.

    Raises:
        ValueError: Not a well-formed local-government code.

    Source:
        法人番号の指定等に関する省令 (平成26年財務省令第70号).
    """
    if not is_local_government_code(local_government_code):
        raise ValueError(f"not a local-government code: {local_government_code!r}")
    twelve_digits = _LOCAL_GOVERNMENT + local_government_code
    return _corporate_check_digit(twelve_digits) + twelve_digits


def is_corporate_number(number: str) -> bool:
    """Say whether a text is a well-formed corporate number.

    Thirteen ASCII digits of which the first checks the others; any kind of
    corporation. It is not said that the number is assigned.

    Source:
        法人番号の指定等に関する省令 (平成26年財務省令第70号).
    """
    return _THIRTEEN_DIGITS.fullmatch(number) is not None and _corporate_check_digit(number[1:]) == number[0]


def _corporate_check_digit(twelve_digits: str) -> str:
    # Counted from the right: odd places weigh 1, even places 2.
    weighted = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(twelve_digits)))
    return str(9 - weighted % 9)
