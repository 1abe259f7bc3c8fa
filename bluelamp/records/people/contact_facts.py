"""What only somebody who gave us an address told us too: their name, and another detail.

With these facts they can have a one-time code before the address is confirmed. They are compared by
keyed hashes, so that what people type is stored nowhere, not even while a job waits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.crypto import salted_hmac

from bluelamp.foundation.kernel.contact import is_mobile
from bluelamp.foundation.kernel.datetime_input import parse_date_parts
from bluelamp.foundation.kernel.jobs.queues import enqueue
from bluelamp.foundation.kernel.text import tokens
from bluelamp.foundation.notifications.confirmed_addresses import hash_browser_secret
from bluelamp.records.people.lookups import PersonDetail
from bluelamp.records.people.rules import name_keys, phonetic_key
from bluelamp.records.reference.rules import alphanumeric_upper

# Names are long in some cultures; but nobody may try hundreds of them at once.
MAX_NAME_TOKENS = 8
MAX_TYPED_LENGTH = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactFacts:
    """What is on record of whoever gave an address.

    Attributes:
        given_name: Their first names.
        family_name: Their last name, or the name of a business, or the only name.
        details: What else only they told us: postcodes, a date of birth (2026-03-04), a vehicle's
            registration.
    """

    given_name: str = ""
    family_name: str = ""
    details: tuple[str, ...] = ()


def to_contact_facts(person: PersonDetail, *, postcodes: Iterable[str] = ()) -> ContactFacts:
    """Return what is on record of a person.

    Args:
        postcodes: Of other places that they told us of, such as where it happened.
    """
    home = person.address.postcode if person.address else ""
    born_on = person.born_on.isoformat() if person.born_on else ""
    return ContactFacts(
        # Of somebody with one name it is the last name, and there is no other.
        given_name=person.given_name if person.family_name or person.business_name else "",
        family_name=person.family_name or person.business_name or person.given_name,
        details=tuple(text for text in (home, *postcodes, born_on) if text),
    )


def enqueue_code(
    job_name: str, *, reference: str, force: str, name: str, detail: str, browser_secret: str
) -> None:
    """Queue the job that sends a one-time code, as part of a command.

    It is as fast for a reference that nobody has. The queue has only hashes of what was typed.

    Args:
        job_name: The job, which takes `reference`, `force`, `facts` and `browser_hash`.
        reference: What the code opens, as somebody typed it.
        force: Whose reference it is.
        name: As they typed it.
        detail: The same.
        browser_secret: What only the browser that asks has.
    """
    enqueue(
        job_name,
        reference=reference,
        force=force,
        facts=hash_typed_facts(name=name, detail=detail),
        browser_hash=hash_browser_secret(browser_secret),
    )


def hash_typed_facts(*, name: str, detail: str) -> list[str]:
    """Return the hashes of a name and a detail as somebody typed them; none where both are empty.

    However they are spelt: capitals, accents and spaces do not count, and a name need only sound
    the same.
    """
    name_tokens = tokens(name[:MAX_TYPED_LENGTH])[:MAX_NAME_TOKENS]
    keys = name_keys(*name_tokens)
    # A double name is one or two words, with a hyphen or without.
    keys += [f"{first}{second}" for first, second in pairwise(name_tokens)]
    if detail_key := _to_detail_key(detail[:MAX_TYPED_LENGTH]):
        keys.append(f"={detail_key}")
    return sorted({_hash_key(key) for key in keys})


def do_facts_match(hashes: Sequence[str], facts: ContactFacts, *, address: str) -> bool | None:
    """Return whether typed facts are those on record; None where nothing was typed.

    It takes the last name and one of the details. Where we have no detail, it takes first and last
    name, and only for a text: an e-mail address often says its owner's name, and somebody with
    nearly the same address may have the same name.
    """
    if not hashes:
        return None
    typed = set(hashes)
    details = {_to_detail_key(detail) for detail in facts.details} - {""}
    has_family_name = _is_name_among(facts.family_name, typed)
    if details:
        has_detail = any(_hash_key(f"={detail}") in typed for detail in details)
        return has_detail and has_family_name
    return is_mobile(address) and has_family_name and _is_name_among(facts.given_name, typed)


def _is_name_among(name: str, typed: set[str]) -> bool:
    """Return whether each word of a name was typed, or one that sounds the same."""
    words = tokens(name)
    return bool(words) and (
        all(_is_token_among(word, typed) for word in words) or _hash_key("".join(words)) in typed
    )


def _is_token_among(token: str, typed: set[str]) -> bool:
    sound = phonetic_key(token)
    return _hash_key(token) in typed or (bool(sound) and _hash_key(f"~{sound}") in typed)


def _to_detail_key(text: str) -> str:
    """Return a postcode, a registration or a date as it is compared."""
    parts = text.replace("/", " ").replace("-", " ").replace(".", " ").split()
    if len(parts) == 3:
        # As it is stored, 1980-04-03, or as people type it, 3 4 1980.
        day_first = parts if len(parts[2]) == 4 else parts[::-1]
        born_on = parse_date_parts(day_first[0], day_first[1], day_first[2])
        if born_on:
            return born_on.isoformat()
    return alphanumeric_upper(text)


def _hash_key(key: str) -> str:
    return salted_hmac("bluelamp.contact_facts", key, algorithm="sha256").hexdigest()[:32]
