import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.foundation.kernel.contact import (
    check_email,
    check_mobile,
    check_phone,
    is_mobile,
    normalise_email,
    normalise_phone,
    parse_email,
    parse_phone,
)


@pytest.mark.parametrize(
    ("typed", "number", "mobile"),
    [
        ("07700 900123", "+447700900123", True),
        ("+44 7700 900123", "+447700900123", True),
        ("0044 7700 900 123", "+447700900123", True),
        ("+44 (0)7700 900123", "+447700900123", True),
        ("(07700) 900-123", "+447700900123", True),
        ("07700.900.123", "+447700900123", True),
        ("7700900123", "+447700900123", True),
        ("447700900123", "+447700900123", True),
        ("０７７００ ９００１２３", "+447700900123", True),
        ("٠٧٧٠٠ ٩٠٠١٢٣", "+447700900123", True),
        ("020 7946 0000", "+442079460000", False),
        ("020 7946 0000 x12", "+442079460000x12", False),
        ("0800 1111", "+448001111", False),
        ("+1 202 555 0100", "+12025550100", False),
        ("7946 0000", "79460000", False),
    ],
)
def test_it_works(typed: str, number: str, mobile: bool) -> None:
    assert parse_phone(typed) == normalise_phone(typed) == number
    assert check_phone(typed) is None
    assert is_mobile(typed) is mobile


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "1",
        "call me",
        "0" * 40,
        "07700 900123; drop",
        "07700 90012",
        "07700 9001234",
        "+44 7700",
        "+1234567890123456",
    ],
)
def test_what_is_no_phone_number(wrong: str) -> None:
    assert parse_phone(wrong) is None
    assert not is_mobile(wrong)
    problem = check_phone(wrong)
    assert problem
    assert (
        problem.text
        == "Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192"
    )


def test_a_landline_cannot_be_texted() -> None:
    problem = check_mobile("020 7946 0000")
    assert problem
    assert problem.text == "Enter a UK mobile phone number, like 07700 900 982"
    assert check_mobile("07700 900123") is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_readers(text: str) -> None:
    number = parse_phone(text)
    assert number is None or number == normalise_phone(text)
    assert len(normalise_phone(text)) <= 40
    email = parse_email(text)
    assert email is None or normalise_email(email) == normalise_email(text)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("Esi.Mensah+police@example.co.uk", True),
        (" esi@example.com ", True),
        ("esi@exämple.com", True),
        ("o'neill_{x}@sub.example.police.uk", True),
        ("é@example.com", False),
        ("a@[127.0.0.1]", False),
        ("a@127.0.0.1", False),
        ("a@b..uk", False),
        ("a..b@example.com", False),
        ("a@-example.com", False),
        ("a@example.c", False),
        (f"a@{'x' * 64}.com", False),
        (f"{'a' * 250}@b.uk", False),
        ("a@b@example.com", False),
        ("a@.com", False),
        ("esi@", False),
        ("a b@c.d", False),
        ("a@b", False),
    ],
)
def test_email_addresses(text: str, good: bool) -> None:
    problem = check_email(text)
    assert (problem is None) is good
    assert parse_email(text) == (text.strip() if good else None)
    if problem:
        sentence = "Enter an email address in the correct format, like name@example.com"
        assert problem.text == sentence
    assert normalise_email(f" {text.upper()} ") == normalise_email(text)
    assert len(normalise_email("ﬃ" * 254)) <= 254
