"""What is always true of people, locations and objects: pure functions.

POLE is the police data standard: National Standards for POLE data, Data Dictionary 1.1 (30 July
2023).
"""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import jellyfish

from bluelamp.foundation.forms.rules import QuestionSet, list_facts, read_answers
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import tokens
from bluelamp.records.reference.rules import alphanumeric_upper


class LinkRole(StrEnum):
    """What somebody or something is to a report or a crime."""

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
    """What a link's subject is."""

    REPORT = "report"
    CRIME = "crime"


class ObjectKind(StrEnum):
    """What kind of thing an object is."""

    VEHICLE = "vehicle"
    PHONE = "phone"
    BICYCLE = "bicycle"
    OTHER = "other"


class ContactMethod(StrEnum):
    """How somebody would like to be contacted."""

    EMAIL = "email"
    PHONE = "phone"
    TEXT = "text"
    POST = "post"


class SafeContact(StrEnum):
    """How somebody whom it is not safe to contact may be reached."""

    TIME = "time"
    OTHER = "other"
    NEVER = "never"


class Gender(StrEnum):
    """The codes of the police-to-court message (SPI GenderCurrentType)."""

    NOT_KNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    NOT_SPECIFIED = "9"


# Section 38(3) of the Data Protection Act 2018 tells four categories apart: suspected; convicted;
# victims; witnesses and others who know something.
_WITNESS_OR_OTHER = "witness or other"
ROLE_CATEGORY: Mapping[LinkRole, str] = {
    **dict.fromkeys(LinkRole, _WITNESS_OR_OTHER),
    LinkRole.SUSPECT: "suspected",
    LinkRole.VICTIM: "victim",
}

MAX_AGE_YEARS = 120  # POLE
MAX_TOKEN_LENGTH = 120
# The Metaphone of a long name is cut, so that a difference at its end doesn't matter: Nwachukwu is
# found as Nwachuku.
PHONETIC_LENGTH = 4


def label_of(member: StrEnum) -> str:
    """Return a member's name as people write it.

    >>> label_of(LinkRole.PERSON_REPORTING)
    'Person reporting'
    """
    return member.name.replace("_", " ").capitalize()


def phonetic_key(token: str) -> str:
    """Return how a token sounds, by Metaphone; "" if it has no letters a to z.

    Names that sound the same in English have the same key, whatever their first letter.

    >>> phonetic_key("smith"), phonetic_key("smyth"), phonetic_key("mohammed")
    ('SM0', 'SM0', 'MHMT')
    """
    letters = re.sub(r"[^a-z]", "", token)
    return jellyfish.metaphone(letters)[:PHONETIC_LENGTH] if letters else ""


def name_keys(*names: str) -> list[str]:
    """Return the keys that names are found by: each token, and "~" with how it sounds.

    >>> name_keys("Kwame Boateng")
    ['boateng', 'kwame', '~BTNK', '~KWM']
    """
    name_tokens = [token[:MAX_TOKEN_LENGTH] for name in names for token in tokens(name)]
    sounds = {f"~{sound}" for token in name_tokens if (sound := phonetic_key(token))}
    # Sorted: the same names give the same keys, so an unchanged record is not written again.
    return sorted({*name_tokens, *sounds})


def check_birth_date(born_on: date, *, today: date, field: str = "born_on") -> Problem | None:
    """Return why a date of birth cannot be right, None if it can.

    POLE: not today, not in the future, and at most 120 years ago.
    """
    if born_on >= today:
        return Problem("people.birth_date_not_past", field)
    # Whole years are exact enough here: it is a check on typing, not somebody's age.
    if today.year - born_on.year > MAX_AGE_YEARS:
        return Problem("people.birth_date_too_early", field)
    return None


_ABBREVIATIONS = {
    "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "sq": "square", "ct": "court",
    "gdns": "gardens", "cl": "close", "cres": "crescent", "ter": "terrace", "pl": "place",
    "dr": "drive", "gr": "grove", "pk": "park", "apt": "flat", "apartment": "flat",
    "est": "estate", "hse": "house", "bldg": "building", "bldgs": "buildings",
}  # fmt: skip
_IGNORED_WORDS = frozenset({"london", "uk", "england", "united", "kingdom", "gb"})
MAX_LOCATION_KEY = 200


def location_key(
    *, address: str, postcode: str, easting: int | None = None, northing: int | None = None
) -> str:
    """Return an address in one spelling, so that the same address is the same row.

    Case, accents, commas, the usual abbreviations, "London" and a postcode repeated in the address
    do not matter. Without address and postcode the position is the location, to the metre.

    Returns:
        The key, at most 200 characters; "" where there is no location at all.
    """
    code = alphanumeric_upper(postcode)
    words: list[str] = []
    for part in re.split(r"[,\n;]", address):
        part_words = tokens(part)
        # "St" is "street" only at the end of a part: anywhere else it may be a saint.
        if part_words and part_words[-1] == "st":
            part_words[-1] = "street"
        words.extend(
            _ABBREVIATIONS.get(word, word) for word in part_words if word not in _IGNORED_WORDS
        )
    text = " ".join(words)
    # A postcode of 3 characters or fewer is only the half that could also be a word of the address.
    if len(code) > 3:
        text = text.replace(f"{code[:-3]} {code[-3:]}".casefold(), "").replace(code.casefold(), "")
    text = " ".join(text.split())
    if text or code:
        key = f"{code}|{text}"
        if len(key) <= MAX_LOCATION_KEY:
            return key
        # Long descriptions often begin alike: the hash of the whole keeps them apart.
        return f"{key[:135]}#{hashlib.sha256(key.encode()).hexdigest()}"
    return f"@{easting},{northing}" if easting is not None and northing is not None else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocationInput:
    """A location as given to us.

    Eastings and northings are metres on the National Grid, latitude and longitude degrees (WGS84).
    """

    address: str = ""
    postcode: str = ""
    easting: int | None = None
    northing: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonInput:
    """A person as given to us: "" or None where something was not given.

    `gender` is a code of Gender. Nothing is sent to somebody unless `is_safe_to_contact` is True:
    None is that nobody answered. Where it is False, `safe_contact` (a SafeContact, or "") and
    `safe_contact_detail` say how they may be reached.
    """

    given_name: str = ""
    family_name: str = ""
    business_name: str = ""
    born_on: date | None = None
    gender: str = Gender.NOT_KNOWN
    phone: str = ""
    email: str = ""
    preferred_contact: str = ""
    is_safe_to_contact: bool | None = None
    safe_contact: str = ""
    safe_contact_detail: str = ""
    language: str = ""
    occupation: str = ""
    address: LocationInput | None = None


_IS_SAFE = {"yes": True, "no": False}
_TEXT_FACTS = {field.name for field in fields(PersonInput) if field.type is str} - {"gender"}


def with_facts(person: PersonInput, facts: Mapping[str, Any]) -> PersonInput:
    """Return a person's details with what the answers to a form say about them.

    Args:
        person: What is known so far.
        facts: By the names that `becomes` has in question sets: a date as text, yes and no, and
            `address` and `postcode` for where they live. "" takes away what was known.
    """
    changes: dict[str, Any] = {
        name: value or "" for name, value in facts.items() if name in _TEXT_FACTS
    }
    if "gender" in facts:
        changes["gender"] = facts["gender"] or Gender.NOT_KNOWN
    if "born_on" in facts:
        changes["born_on"] = date.fromisoformat(facts["born_on"]) if facts["born_on"] else None
    if "is_safe_to_contact" in facts:
        changes["is_safe_to_contact"] = _IS_SAFE.get(facts["is_safe_to_contact"])
        if changes["is_safe_to_contact"] is not False:
            changes |= {"safe_contact": "", "safe_contact_detail": ""}
    if "address" in facts or "postcode" in facts:
        home = person.address or LocationInput()
        address = facts.get("address", home.address) or ""
        postcode = facts.get("postcode", home.postcode) or ""
        # Without its position, which is that of the address before.
        changes["address"] = (
            LocationInput(address=address, postcode=postcode) if address or postcode else None
        )
    return replace(person, **changes)


def find_changed_facts(
    question_set: QuestionSet,
    texts: Mapping[str, str],
    sources: Mapping[str, tuple[str, str]],
    *,
    things: Collection[str],
    at: datetime,
) -> dict[str, Any]:
    """Return the facts about a person that are not what a form had filled in, for `with_facts`.

    What stayed as it was filled in is left out: the record may have been corrected since then.

    Args:
        question_set: The questions.
        texts: What was typed in each field.
        sources: For each field that was filled in: the text, and where it is from.
        things: What the set calls the person and where they live.
        at: The present instant.
    """
    filled_in = {field: text for field, (text, _source) in sources.items()}
    before = _read_facts(question_set, filled_in, things, at)
    after = _read_facts(question_set, texts, things, at)
    return {
        name: after.get(name, "")
        for name in {**after, **before}
        if after.get(name, "") != before.get(name, "")
    }


def _read_facts(
    question_set: QuestionSet, texts: Mapping[str, str], things: Collection[str], at: datetime
) -> dict[str, Any]:
    values = read_answers(question_set, texts, at=at).all_values
    facts: dict[str, Any] = {}
    for fact in list_facts(question_set, values, today=london_date(at)):
        if fact.thing in things:
            facts |= fact.fields
    return facts
