"""Makes values fit the fields of the message: the letters that each takes, and its length.

In this order: accents are removed and letters without an English counterpart are spelt out (ß
becomes ss); a character that still does not fit becomes a question mark; a value that is too long
is cut at a word and ends in three dots. Each change is a warning. Warnings and missing values are
codes; their sentences are in `casefiles/messages.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bluelamp.casework.casefiles.case_data import Address
from bluelamp.foundation.kernel.contact import format_national
from bluelamp.records.reference.rules import parse_postcode

RESTRICTED = re.compile(r"""[A-Za-z0-9\s~!"@#$%&'()*+,\-./:;<=>?\[\\\]_{}^£€]""")
"""CommonSimpleTypes-v1-3.xsd, RestrictedStringType: the characters that a name may have."""
EMAIL = re.compile(r"[0-9A-Za-z'.\-_]{1,127}@[0-9A-Za-z'.\-_]{1,127}")
POSTCODE = re.compile(r"[A-Z]{1,2}[0-9R][0-9A-Z]? [0-9][A-Z]{2}")
# The ranges are the schema's own, and odd: "0-Z" also takes the signs : ; < = > ? @.
BUILDING_TEXT = re.compile(r"[0-Z%-+a-z ]")
# Letters that Unicode does not take apart into a base letter and a mark.
_SPELT_OUT = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
        "ı": "i", "ħ": "h", "Ħ": "H",
        "ŋ": "ng", "’": "'", "‘": "'", "ʻ": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-",
        "‑": "-", "…": "...", "\u00a0": " ",
    }
)  # fmt: skip
# XML 1.0, section 2.2, Char: no other character may be there, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Field(StrEnum):
    """A field of the message that a warning can be about."""

    TITLE = "title"
    GIVEN_NAME = "given-name"
    FAMILY_NAME = "family-name"
    ORGANISATION_NAME = "organisation-name"
    FLAT = "flat"
    BUILDING = "building"
    STREET = "street"
    LOCALITY = "locality"
    TOWN = "town"
    AREA = "area"
    POSTCODE = "postcode"
    PHONE = "phone"
    WORK_PHONE = "work-phone"
    HOME_PHONE = "home-phone"
    MOBILE_PHONE = "mobile-phone"
    EMAIL = "email"
    RANK = "rank"
    COLLAR_NUMBER = "collar-number"
    UNIT_CODE = "unit-code"
    OCCUPATION = "occupation"
    CRO_NUMBER = "cro-number"
    WORDING = "wording"
    OFFENCE_PLACE = "offence-place"
    COURT_CODE = "court-code"
    ORGANISATION_CODE = "organisation-code"
    PROSECUTOR_CODE = "prosecutor-code"


class SubjectKind(StrEnum):
    """Whose field it is. A defendant has a name; a charge has its number as the name."""

    CASE = "case"
    OFFICER = "officer"
    DEFENDANT = "defendant"
    VICTIM = "victim"
    CHARGE = "charge"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose field it is, for a warning: the person, the charge or the case."""

    kind: SubjectKind
    name: str = ""


CASE = Subject(SubjectKind.CASE)
OFFICER = Subject(SubjectKind.OFFICER)
VICTIM = Subject(SubjectKind.VICTIM)


class WarningCode(StrEnum):
    SPELT_IN_OTHER_LETTERS = "spelt-in-other-letters"
    SHORTENED = "shortened"
    LEFT_OUT = "left-out"
    NOT_A_POSTCODE = "not-a-postcode"
    VICTIM_WITHOUT_ADDRESS = "victim-without-address"
    ORGANISATION_NAME_LEFT_OUT = "organisation-name-left-out"


class MissingCode(StrEnum):
    """What the court must have and the case does not."""

    CHARGE = "charge"
    URN = "urn"
    ORGANISATION_CODE = "organisation-code"
    HEARING = "hearing"
    OFFICER_RANK = "officer-rank"
    OFFICER_COLLAR_NUMBER = "officer-collar-number"
    OFFICER_UNIT_CODE = "officer-unit-code"
    FAMILY_NAME = "family-name"
    ORGANISATION_NAME = "organisation-name"
    ADDRESS = "address"
    DEFENDANT = "defendant"
    ARREST_SUMMONS_NUMBER = "arrest-summons-number"
    ARREST_SUMMONS_NUMBER_CHECK = "arrest-summons-number-check"
    SEQUENCE = "sequence"
    OFFENCE_CODE = "offence-code"
    WORDING = "wording"
    DATE_CODE = "date-code"
    OFFENCE_DATE = "offence-date"
    SECOND_DATE = "second-date"
    CHARGE_DATE = "charge-date"
    VALID_MESSAGE = "valid-message"


@dataclass(frozen=True, kw_only=True)
class MissingFact:
    """A value that the court must have and the case does not.

    `params` fill the sentence: `subject` (a `SubjectKind`), `name` and `text`.
    """

    code: str
    params: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class FieldWarning:
    """A value that had to change to fit.

    `params` fill the sentence: `field` (a `Field`), `subject` (a `SubjectKind`), `name` and `text`.
    """

    code: str
    params: Mapping[str, str]


@dataclass(kw_only=True)
class Sanitiser:
    """Makes values fit while a message is made, and collects warnings and missing values."""

    warnings: list[FieldWarning] = field(default_factory=list)
    missing: list[MissingFact] = field(default_factory=list)

    def note_missing(self, code: MissingCode, *, subject: Subject = CASE, text: str = "") -> None:
        """Record a value without which the message cannot be sent. Each is recorded once."""
        params = {"subject": str(subject.kind), "name": subject.name, "text": text}
        fact = MissingFact(code=str(code), params=params)
        if fact not in self.missing:
            self.missing.append(fact)

    def warn(
        self,
        code: WarningCode,
        *,
        field: Field | None = None,
        subject: Subject = CASE,
        text: str = "",
    ) -> None:
        """Record a value that is not sent as it is in the record."""
        params = {
            "field": str(field or ""),
            "subject": str(subject.kind),
            "name": subject.name,
            "text": text,
        }
        self.warnings.append(FieldWarning(code=str(code), params=params))

    def free_text(self, value: str, *, field: Field, subject: Subject, max_length: int) -> str:
        """Return text in any letters, without control characters."""
        clean = _NOT_XML.sub("", value).strip()
        return self._shorten(clean, field=field, subject=subject, max_length=max_length)

    def restricted_text(
        self, value: str, *, field: Field, subject: Subject, max_length: int
    ) -> str:
        """Return text in the characters of RestrictedStringType."""
        # NFC first, so that é from a phone (e and a mark) is one letter as it is from a keyboard.
        normalised = unicodedata.normalize("NFC", _NOT_XML.sub("", value)).translate(_SPELT_OUT)
        letters: list[str] = []
        for letter in normalised:
            if RESTRICTED.fullmatch(letter):
                letters.append(letter)
                continue
            bare = "".join(
                c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c)
            )
            letters.append(bare if bare and all(RESTRICTED.fullmatch(c) for c in bare) else "?")
        text = " ".join("".join(letters).split())
        if text != " ".join(value.split()):
            self.warn(WarningCode.SPELT_IN_OTHER_LETTERS, field=field, subject=subject, text=text)
        return self._shorten(text, field=field, subject=subject, max_length=max_length)

    def email(self, value: str, *, subject: Subject) -> str:
        """Return an email address, or nothing if the message cannot carry it."""
        if value and not EMAIL.fullmatch(value):
            self.warn(WarningCode.LEFT_OUT, field=Field.EMAIL, subject=subject, text=value)
            return ""
        return value

    def phone(self, value: str, *, field: Field, subject: Subject) -> str:
        """Return digits, spaces and hyphens, at most 20. `+44` becomes the leading 0."""
        national = format_national(value)
        number = " ".join(re.sub(r"[^0-9 \-]", "", national).split()) if national.isascii() else ""
        if value and (not number or len(number) > 20):
            self.warn(WarningCode.LEFT_OUT, field=field, subject=subject, text=value)
            return ""
        return number

    def postcode(self, value: str, *, subject: Subject) -> str:
        """Return a postcode in capitals with one space, or nothing if it is not a postcode."""
        postcode = parse_postcode(value) or ""
        if value and not POSTCODE.fullmatch(postcode):
            self.warn(WarningCode.NOT_A_POSTCODE, field=Field.POSTCODE, subject=subject, text=value)
            return ""
        return postcode if value else ""

    def format_building(self, value: str, *, field: Field, subject: Subject) -> str:
        """Return a building or a flat in the fixed columns of BS 7666.

        Four columns for the number, one for its suffix letter, four and one for a second number,
        then the name: `14` is `␠␠14␠`, `3A` is `␠␠␠3A`, `12-14` is `␠␠12␠␠␠14␠`, and a name without
        a number comes after ten spaces (BS7666-v1-3.xsd, PAONtype).
        """
        match = re.fullmatch(
            r"\s*(\d{1,4})\s*([A-Za-z]?)(?:\s*-\s*(\d{1,4})\s*([A-Za-z]?))?(?:[\s,]+(\D.*))?\s*",
            value,
        )
        if match is None:
            name = value
            # The two numbers with their suffixes, 4 + 1 + 4 + 1 columns, all empty.
            columns = " " * 10
        else:
            number, suffix, second, second_suffix, name = (part or "" for part in match.groups())
            columns = f"{number:>4}{suffix.upper() or ' '}"
            if second or name:
                columns += f"{second:>4}{second_suffix.upper() or ' '}"
        text = (
            self.restricted_text(name, field=field, subject=subject, max_length=90) if name else ""
        )
        # The pattern takes fewer characters than RestrictedStringType does.
        text = "".join(letter if BUILDING_TEXT.fullmatch(letter) else " " for letter in text)
        if text.strip():
            return columns + " ".join(text.split())
        return columns if match else " " * 5

    def _shorten(self, value: str, *, field: Field, subject: Subject, max_length: int) -> str:
        if len(value) <= max_length:
            return value
        # Room for the three dots.
        cut = value[: max_length - 3]
        # Drop the last, possibly broken word, unless it is the only one.
        at_word = cut.rsplit(None, 1)[0] if len(cut.split()) > 1 else cut
        self.warn(WarningCode.SHORTENED, field=field, subject=subject, text=str(max_length))
        return at_word.rstrip() + "..."


def street_line(address: Address) -> str:
    """Return the street, or the description of the place if there is no street."""
    return address.street or address.text
