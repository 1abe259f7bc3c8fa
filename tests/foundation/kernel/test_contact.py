import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.foundation.kernel.contact import (
    check_email,
    check_mobile,
    check_phone,
    choose_address,
    clean_email,
    clean_phone,
    is_mobile,
    mask_address,
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
        ("07700\u2011900\u2011123", "+447700900123", True),
        ("\u202a07700 900123\u202c", "+447700900123", True),
        ("07700\u00a0900123\ufeff", "+447700900123", True),
        ("tel:+447700900123", "+447700900123", True),
        ("+44 (0)7700 900 123", "+447700900123", True),
        ("020 7946 0000 ext 12", "+442079460000x12", False),
        ("020 7946 0000, ext. 12", "+442079460000x12", False),
        ("020 7946 0000 extension 12", "+442079460000x12", False),
        ("07700 900123 x12", "+447700900123x12", False),
        ("070 1234 5678", "+447012345678", False),
        ("07624 900123", "+447624900123", True),
        ("0909 879 0000", "+449098790000", False),
        ("0845 46 47", "+448454647", False),
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
        "xxxx1234567",
        "00000000000",
        "0770090032",
        "+44+7700900123",
        "7946 0000",
        "+07700 900123",
        "12 x34 x56",
        "020 7946",
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
    sentence = "We cannot text this number. Enter a UK mobile phone number, like 07700 900 982"
    assert problem.text == sentence
    assert check_mobile("07700 900123") is None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("07700\u2011900\u2011000", "07700-900-000"),
        ("\u202a07700 900000\u202c", "07700 900000"),
        ("tel:+447700900000", "+447700900000"),
        ("020 7946 0000 ext 12", "020 7946 0000 x12"),
        ("０７７００ ٩٠٠١٢٣", "07700 900123"),
        ("  07700\u200b 900\u2013000\u00ad ", "07700 900-000"),
        ("not a number", "not a number"),
    ],
)
def test_a_phone_number_is_stored_in_plain_characters(typed: str, stored: str) -> None:
    assert clean_phone(typed) == stored
    assert clean_phone(stored) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "\u200ba@example.com",
        "a@example.com\u200b",
        "mailto:a@example.com",
        "\u202aa@example.com\u202c",
        "a\u00ad@example.com",
        "ａ@example.com",
        "a@example\ufeff.com",
    ],
)
def test_an_email_address_is_stored_in_plain_characters(typed: str) -> None:
    assert parse_email(typed) == clean_email(typed) == "a@example.com"


@pytest.mark.parametrize("apostrophe", "'’‘ʼ′´`")
def test_a_curly_apostrophe_is_put_right(apostrophe: str) -> None:
    assert parse_email(f"o{apostrophe}neill@example.com") == "o'neill@example.com"


@pytest.mark.parametrize(
    ("is_safe", "prefers_text", "email", "phone", "expected"),
    [
        (True, False, "esi@example.com", "07700 900456", "esi@example.com"),
        (True, True, "esi@example.com", "07700 900456", "07700 900456"),
        (True, True, "esi@example.com", "020 7946 0000", "esi@example.com"),
        (True, True, "esi@example.com", "+1 202 555 0100", "esi@example.com"),
        (True, True, "esi@example.com", "", "esi@example.com"),
        (True, False, "", "07700 900456", "07700 900456"),
        (True, True, "", "020 7946 0000", "020 7946 0000"),
        (True, False, "", "", ""),
        (None, True, "esi@example.com", "07700 900456", ""),
        (False, True, "esi@example.com", "07700 900456", ""),
    ],
)
def test_where_to_write(
    is_safe: bool | None, prefers_text: bool, email: str, phone: str, expected: str
) -> None:
    address = choose_address(is_safe=is_safe, prefers_text=prefers_text, email=email, phone=phone)
    assert address == expected


def test_a_masked_address_is_known_only_to_its_owner() -> None:
    assert mask_address("+44 (0)7700 900 321") == "321"
    assert mask_address("020 7946 0123 x12") == "123"
    assert mask_address("esi.mensah@example.com") == "e…@example.com"


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
