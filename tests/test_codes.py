"""Check digits of local-government codes and corporate numbers."""

from __future__ import annotations

import pytest

from nichiiki_ld.codes import check_digit, corporate_number, is_corporate_number, is_local_government_code


@pytest.mark.parametrize(
    ("five_digits", "expected"),
    [
        pytest.param("13000", "1", id="a prefecture"),
        pytest.param("01633", "1", id="a town, leading zero"),
        pytest.param("01100", "2", id="weighted sum 9: below 11, stated as a case of its own"),
        pytest.param("01400", "1", id="remainder 10: the difference is 1"),
        pytest.param("09000", "0", id="remainder 1: the difference is 10, its last digit counts"),
        pytest.param("00000", "1", id="remainder 0: the difference is 11, its last digit counts"),
    ],
)
def test_check_digit(five_digits: str, expected: str) -> None:
    assert check_digit(five_digits) == expected


@pytest.mark.parametrize("malformed", ["", "1300", "130001", "1300a", " 1300", "13000\n", "１３０００"])
def test_check_digit_of_something_else(malformed: str) -> None:
    with pytest.raises(ValueError, match="five digits"):
        check_digit(malformed)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("012084", True, id="北見市"),
        pytest.param("012085", False, id="wrong check digit"),
        pytest.param("12084", False, id="leading zero lost"),
        pytest.param("０１２０８４", False, id="full-width digits"),
        pytest.param("012084\n", False, id="a line end is not part of a code"),
        pytest.param("000001", False, id="right check digit, but prefecture 00"),
        pytest.param("480002", False, id="right check digit, but prefecture 48"),
    ],
)
def test_is_local_government_code(code: str, expected: bool) -> None:
    assert is_local_government_code(code) is expected


def test_no_other_check_digit_is_accepted() -> None:
    assert [digit for digit in "0123456789" if is_local_government_code("01208" + digit)] == ["4"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("130001", "8000020130001", id="東京都"),
        pytest.param("010006", "7000020010006", id="北海道"),
        pytest.param("182079", "4000020182079", id="鯖江市"),
    ],
)
def test_corporate_number(code: str, expected: str) -> None:
    assert corporate_number(code) == expected
    assert is_corporate_number(expected)


@pytest.mark.parametrize("malformed", ["", "13000", "130002", "8000020130001"])
def test_corporate_number_of_something_else(malformed: str) -> None:
    with pytest.raises(ValueError, match="not a local-government code"):
        corporate_number(malformed)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param("2000012100001", True, id="国土交通省: a corporation, not a local government"),
        pytest.param("3000012100001", False, id="wrong check digit"),
        pytest.param("000012100001", False, id="check digit missing"),
        pytest.param("２０００012100001", False, id="full-width digits"),
    ],
)
def test_is_corporate_number(number: str, expected: bool) -> None:
    assert is_corporate_number(number) is expected
