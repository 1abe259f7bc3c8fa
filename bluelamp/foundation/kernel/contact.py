"""How to reach somebody: the one reader of phone numbers and e-mail addresses.

Forms, both APIs, the records of people and the message sender all use these functions, so that a
number which passes a form is one that the sender can use, or is known not to be textable.
"""

import re
import unicodedata

from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import plain_characters

MAX_PHONE_LENGTH = 40
# RFC 5321 allows paths of 256 characters, two of which are the angle brackets.
MAX_EMAIL_LENGTH = 254

_PHONE_CHARACTERS = re.compile(r"\+?[\d\s()./-]+(x\s*\d+\s*)?", re.IGNORECASE | re.ASCII)
_EXTENSION = re.compile(r"x\s*(\d+)\s*$", re.IGNORECASE | re.ASCII)
_EXTENSION_WORD = re.compile(r"[\s,;]*(?:extension|extn|ext|x)[\s.:]*(?=\d+\s*$)", re.IGNORECASE)
_LINK_PREFIX = re.compile(r"^(?:tel|sms|mailto):\s*", re.IGNORECASE)
# Curly apostrophes and backticks that phones type for the one that an e-mail address can have.
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u2032\u00b4`]")
# National numbers begin after "+44". They have 9 or 10 digits, but for two helplines: Childline's
# 0800 1111 and the old NHS Direct, 0845 46 4x (Ofcom, National Telephone Numbering Plan).
_UK_NUMBER = re.compile(r"\+44(7[0-9]{9}|[1-689][0-9]{8,9}|8001111|845464[0-9])")
# 070 is for personal numbers that forward calls at a premium, 076 for pagers; only 07624, in the
# Isle of Man, is for mobiles (Ofcom, as above).
_UK_MOBILE = re.compile(r"\+447([1-57-9][0-9]{8}|624[0-9]{6})")

_LOCAL_PART = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+", re.IGNORECASE | re.ASCII)
_HOST_PART = re.compile(r"(xn|[a-z0-9]+)(-?-[a-z0-9]+)*", re.IGNORECASE | re.ASCII)
_TOP_LEVEL = re.compile(r"[a-z]{2,63}|xn--([a-z0-9]+-)*[a-z0-9]+", re.IGNORECASE | re.ASCII)


def clean_phone(text: str) -> str:
    """Return a phone number as it is stored: in plain characters, spaced as it was typed.

    >>> clean_phone("tel:+447700900000"), clean_phone("020 7946 0000 ext. 12")
    ('+447700900000', '020 7946 0000 x12')
    """
    text = _LINK_PREFIX.sub("", _to_ascii_digits(text))
    return " ".join(_EXTENSION_WORD.sub(" x", text).split())


def normalise_phone(text: str) -> str:
    """Return a phone number in its one form, as it is compared: "" if there is no digit in it.

    Numbers of the United Kingdom and those with a country code are written as E.164 has them. A
    number without its area code stays as its digits. An extension is kept after an "x".

    >>> normalise_phone("+44 (0)7700 900123"), normalise_phone("07700 900123")
    ('+447700900123', '+447700900123')
    >>> normalise_phone("020 7946 0000 x12"), normalise_phone("7946 0000")
    ('+442079460000x12', '79460000')
    """
    text = clean_phone(text)
    extension = _EXTENSION.search(text)
    if extension:
        text = text[: extension.start()]
    digits = "".join(char for char in text if char.isascii() and char.isdigit())
    if not digits:
        return ""
    if text.startswith("+"):
        number = f"+{digits}"
    elif digits.startswith("00"):
        number = f"+{digits[2:]}"
    elif digits.startswith("0"):
        number = f"+44{digits[1:]}"
    elif re.fullmatch(r"7[0-9]{9}", digits):
        # Spreadsheets drop the leading 0 of a mobile number.
        number = f"+44{digits}"
    else:
        # Nobody's number without an area code is as long as this.
        number = f"+{digits}" if len(digits) >= 11 else digits
    # "+44 (0)20": the 0 is only for calls inside the country.
    number = re.sub(r"^\+440+", "+44", number)
    number = number if extension is None else f"{number}x{extension[1]}"
    return number[:MAX_PHONE_LENGTH]


def parse_phone(text: str) -> str | None:
    """Return a phone number in its one form, or None if nobody could dial it.

    It has an area code or a country code, and at most 15 digits (ITU-T E.164).
    """
    cleaned = clean_phone(text)
    if len(cleaned) > MAX_PHONE_LENGTH or not _PHONE_CHARACTERS.fullmatch(cleaned):
        return None
    number = normalise_phone(cleaned)
    main = number.partition("x")[0]
    if not main.startswith("+") or not 7 <= len(main.removeprefix("+")) <= 15:
        return None
    # No country code begins with 0 (ITU-T E.164).
    if main.startswith("+0") or (main.startswith("+44") and not _UK_NUMBER.fullmatch(main)):
        return None
    return number


def format_national(text: str) -> str:
    """Return a phone number as it is dialled inside the United Kingdom, spaced as it was typed.

    >>> format_national("+44 (0)20 7946 0999"), format_national("07700 900123")
    ('020 7946 0999', '07700 900123')
    """
    return re.sub(r"^(?:\+|00)44\s*(?:\(0\)|0)?\s*", "0", _to_ascii_digits(text).strip())


def is_mobile(text: str) -> bool:
    """Return whether a text message can be sent to a number: a UK mobile, as GOV.UK Notify has it.

    Landlines, numbers of other countries, premium numbers and numbers with an extension are not.
    """
    number = parse_phone(text)
    return number is not None and _UK_MOBILE.fullmatch(number) is not None


def choose_address(*, is_safe: bool | None, prefers_text: bool, email: str, phone: str) -> str:
    """Return where to write to somebody, or "" where it is not known to be safe, or nowhere.

    It is a text message only where they prefer one or gave no e-mail address, and only where the
    number can be texted. Otherwise it is the e-mail address. A number that cannot be texted is
    returned where there is nothing else, so that the caller learns of it when sending fails.
    """
    if is_safe is not True:
        return ""
    if is_mobile(phone) and (prefers_text or not email):
        return phone
    return email or phone


def mask_address(address: str) -> str:
    """Return enough of an address for its owner to know it, and for nobody else to use it.

    >>> mask_address("07700 900 321"), mask_address("esi.mensah@example.com")
    ('321', 'e…@example.com')
    """
    if "@" in address:
        local, _, host = address.rpartition("@")
        return f"{local[:1]}…@{host}"
    digits = normalise_phone(address).partition("x")[0]
    # Enough to tell one's own numbers apart.
    return digits[-3:]


def check_phone(text: str, *, field: str = "phone") -> Problem | None:
    """Return what is wrong with a phone number, None if nothing is."""
    return None if parse_phone(text) else Problem("kernel.phone_invalid", field)


def check_mobile(text: str, *, field: str = "phone") -> Problem | None:
    """Return why no text message can be sent to a number, None if one can."""
    return None if is_mobile(text) else Problem("kernel.mobile_invalid", field)


def clean_email(text: str) -> str:
    """Return an e-mail address as it is stored: in plain characters, without `mailto:`."""
    return _LINK_PREFIX.sub("", plain_characters(_APOSTROPHES.sub("'", text)))


def normalise_email(text: str) -> str:
    """Return an e-mail address as it is compared: cleaned, and in lower case."""
    return clean_email(text).casefold()[:MAX_EMAIL_LENGTH]


def parse_email(text: str) -> str | None:
    """Return an e-mail address as it is stored, or None if nothing can be sent to it.

    By the rule of GOV.UK Notify (alphagov/notifications-utils, `validate_email_address`), so that
    people are told about what Notify would refuse while they can still correct it.
    """
    email = clean_email(text)
    local, _, host = email.rpartition("@")
    try:
        # Names in other scripts have an ASCII form, which is what the length limits are about.
        parts = host.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        return None
    is_valid = (
        len(email) <= MAX_EMAIL_LENGTH
        and ".." not in email
        and _LOCAL_PART.fullmatch(local)
        and len(parts) > 1
        and all(len(part) <= 63 and _HOST_PART.fullmatch(part) for part in parts)
        and _TOP_LEVEL.fullmatch(parts[-1])
    )
    return email if is_valid else None


def check_email(text: str, *, field: str = "email") -> Problem | None:
    """Return what is wrong with an e-mail address, None if nothing is."""
    return None if parse_email(text) else Problem("kernel.email_invalid", field)


def _to_ascii_digits(text: str) -> str:
    """Return a text in plain characters, with other scripts' digits as ASCII."""
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char
        for char in plain_characters(text)
    )
