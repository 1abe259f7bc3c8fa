"""What is true of people, places and things however they were told: pure functions.

POLE = the police data standard, National Standards for POLE data, Data Dictionary 1.1 (30 July
2023).
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.reference.rules import compact, parse_postcode

CANNOT_BE_STORED = "This contains a character that cannot be stored. Remove it and try again."


class LinkRole(StrEnum):
    VICTIM = "victim"
    WITNESS = "witness"
    SUSPECT = "suspect"
    PERSON_REPORTING = "person-reporting"
    ON_BEHALF = "on-behalf"
    DAMAGED = "damaged"
    STOLEN = "stolen"
    USED = "used"
    INVOLVED = "involved"
    LINKED_PLACE = "linked-place"


class SubjectKind(StrEnum):
    REPORT = "report"
    CRIME = "crime"


class ObjectKind(StrEnum):
    VEHICLE = "vehicle"
    PHONE = "phone"
    BICYCLE = "bicycle"
    OTHER = "other"


class Contact(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    TEXT = "text"
    POST = "post"


class Gender(StrEnum):
    """The codes of the police-to-court message (SPI GenderCurrentType)."""

    NOT_KNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    NOT_SPECIFIED = "9"


# Section 38(3) of the Data Protection Act 2018: suspected; convicted; victims; witnesses and others
# who know something.
_OTHERS = "witness or other"
ROLE_CATEGORY: Mapping[LinkRole, str] = {
    **dict.fromkeys(LinkRole, _OTHERS),
    LinkRole.SUSPECT: "suspected",
    LinkRole.VICTIM: "victim",
}


def words(member: StrEnum) -> str:
    """Return a member's name as people write it."""
    return member.name.replace("_", " ").capitalize()


def storable(values: object, *, field: str = "") -> None:
    """Refuse text that the database cannot hold: NUL, or half of a surrogate pair, at any depth of
    `values`.

    Raises Refused at the key under which the text was found, else at `field`.
    """
    if isinstance(values, str):
        if _UNSTORABLE.search(values):
            raise Refused(CANNOT_BE_STORED, field=field)
    elif isinstance(values, Mapping):
        for name, value in values.items():
            storable(name, field=field)
            storable(value, field=str(name))
    elif isinstance(values, list | tuple):
        for value in values:
            storable(value, field=field)


def fits(text: str, *, limit: int, field: str, what: str) -> str:
    """Return the text without spaces at its ends. Raises Refused where it is too long or cannot be
    stored.
    """
    storable(text, field=field)
    text = text.strip()
    if len(text) > limit:
        raise Refused(
            f"{what} must be {limit:,} characters or fewer; this is {len(text):,}.", field=field
        )
    return text


def one_line(text: str) -> str:
    """Return a name without line ends, and without the marks that turn the direction of what is
    written after it.

    Letters written from right to left need no such mark (Unicode Standard Annex 9).
    """
    return " ".join(_TURNING.sub("", text).split())


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def fold(text: str) -> list[str]:
    """Return the words of a text as they are compared: no case, accents, apostrophes or hyphens."""
    plain = "".join(
        char
        for char in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(char)
    )
    return re.findall(r"\w+", re.sub(r"['’`]", "", plain))


def sounds_like(word: str) -> str:
    """Return the American Soundex of a folded word ("boateng" is B352), or an empty string if it
    has no letters a-z.

    Source: US National Archives, "The Soundex Indexing System".
    """
    letters = re.sub(r"[^a-z]", "", word)
    if not letters:
        return ""
    codes = {char: code for code, chars in _SOUNDEX.items() for char in chars}
    sound, last = letters[0].upper(), codes.get(letters[0], "")
    for char in letters[1:]:
        code = codes.get(char, "")
        if code and code != last:
            sound += code
        if char not in "hw":
            last = code
    return (sound + "000")[:4]


_SOUNDEX = {"1": "bfpv", "2": "cgjkqsxz", "3": "dt", "4": "l", "5": "mn", "6": "r"}


def name_keys(*names: str) -> list[str]:
    """Return what a name is found by: its folded words, and `~` with how each sounds."""
    keys = [word[:120] for name in names for word in fold(name)]
    return sorted({*keys, *(f"~{sound}" for word in keys if (sound := sounds_like(word)))})


def birth_error(born_on: date, *, today: date) -> str:
    """Say why a date of birth cannot be right (POLE: not today, not in the future, age 120 at
    most); "" if it can.
    """
    if born_on >= today:
        return "The date of birth must be in the past."
    return "Check the year of the date of birth." if today.year - born_on.year > 120 else ""


def email_key(email: str) -> str:
    """Return an e-mail address as it is compared."""
    return email.strip().casefold()[:254]


def email_error(email: str) -> str:
    """Say why nothing can be sent to an email address; "" if it can.

    As GOV.UK Notify decides it (alphagov/notifications-utils, `validate_email_address`): what it
    would refuse is said to the person while they can mend it.
    """
    local, _, host = email.rpartition("@")
    try:
        parts = host.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        parts = []
    good = (
        len(email) <= 254
        and ".." not in email
        and _LOCAL_PART.fullmatch(local)
        and len(parts) > 1
        and all(len(part) <= 63 and _HOST_PART.fullmatch(part) for part in parts)
        and _TOP_PART.fullmatch(parts[-1])
    )
    return "" if good else "Enter an email address in the form name@example.com."


_LOCAL_PART = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+", re.IGNORECASE | re.ASCII)
_HOST_PART = re.compile(r"(xn|[a-z0-9]+)(-?-[a-z0-9]+)*", re.IGNORECASE | re.ASCII)
_TOP_PART = re.compile(r"[a-z]{2,63}|xn--([a-z0-9]+-)*[a-z0-9]+", re.IGNORECASE | re.ASCII)


def phone_key(phone: str) -> str:
    """Return a telephone number as it is compared: digits, with +44 said as 0."""
    digits = "".join(char for char in phone if char.isascii() and char.isdigit())
    if phone.strip().startswith("+44") or digits.startswith("0044"):
        digits = "0" + digits.removeprefix("00").removeprefix("44").removeprefix("0")
    return digits[:40]


def phone_error(phone: str) -> str:
    """Say why this cannot be a telephone number; "" if it can (ITU-T E.164: 15 digits at most)."""
    digits = sum(char.isdigit() for char in phone)
    good = (
        7 <= digits <= 17
        and re.fullmatch(r"[\d\s()+./x-]+", phone, re.IGNORECASE)
        and len(phone) <= 40
    )
    return "" if good else "Enter a phone number, like 020 7946 0000 or 07700 900 000."


def vrm(text: str) -> str:
    """Return a vehicle registration as POLE stores it: 1 to 11 capitals and digits, no spaces.
    Refused otherwise.
    """
    squeezed = compact(text)
    if not 1 <= len(squeezed) <= 11:
        raise Refused("A registration number has 1 to 11 letters and digits.", field="vrm")
    return squeezed


_SHORT = {
    "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "sq": "square", "ct": "court",
    "gdns": "gardens", "cl": "close", "cres": "crescent", "ter": "terrace", "pl": "place", "dr": "drive",
    "gr": "grove", "pk": "park", "apt": "flat", "apartment": "flat", "est": "estate", "hse": "house",
    "bldg": "building", "bldgs": "buildings",
}  # fmt: skip
_NOT_SAID = frozenset({"london", "uk", "england", "united", "kingdom", "gb"})


def postcode_or_text(text: str) -> str:
    """Return a postcode as it is written, or what was typed in capitals where it is not one (at
    most 8).
    """
    return parse_postcode(text) or " ".join(text.upper().split())[:8]


def place_key(
    *, address: str, postcode: str, easting: int | None = None, northing: int | None = None
) -> str:
    """Return an address written one way, so that the same address is the same row; "" where there
    is no place at all.

    Case, accents, commas, the usual abbreviations, "London" and a postcode repeated in the address
    do not matter. "St" is read as "street" at the end of a part only: elsewhere it may be a saint.
    Without address and postcode the position is the place, to the metre.
    """
    code = compact(postcode)
    parts = [fold(part) for part in re.split(r"[,\n;]", address)]
    said: list[str] = []
    for part in parts:
        if part and part[-1] == "st":
            part[-1] = "street"
        said.extend(_SHORT.get(word, word) for word in part if word not in _NOT_SAID)
    text = " ".join(said)
    if code and len(code) > 3:
        text = text.replace(f"{code[:-3]} {code[-3:]}".casefold(), "").replace(code.casefold(), "")
    text = " ".join(text.split())
    if text or code:
        key = f"{code}|{text}"
        return key if len(key) <= 200 else f"{key[:135]}#{hashlib.sha256(key.encode()).hexdigest()}"
    return f"@{easting},{northing}" if easting is not None and northing is not None else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceDetails:
    """A place as told. Eastings and northings are metres on the National Grid, latitudes degrees
    (WGS84).
    """

    address: str = ""
    postcode: str = ""
    easting: int | None = None
    northing: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonDetails:
    """A person as told. `gender` is a code of Gender; "" or None where it was not told."""

    given_name: str = ""
    family_name: str = ""
    business_name: str = ""
    born_on: date | None = None
    gender: str = Gender.NOT_KNOWN
    phone: str = ""
    email: str = ""
    preferred_contact: str = ""
    is_safe_to_contact: bool = True
    language: str = ""
    occupation: str = ""
    address: PlaceDetails | None = None


def searchable(q: str) -> str:
    """Return what was typed in a search box, without what cannot be in the database anyway, at most
    200 characters.
    """
    return re.sub(r"[\x00\ud800-\udfff]", "", q)[:200].strip()
