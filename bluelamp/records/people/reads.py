"""Rows of people for this domain's own lookups and commands.

Nothing here checks a permission or records an act, and everything here returns rows. So only
`bluelamp.records.people` may import it; other domains use `lookups`.
"""

from uuid import UUID

from django.db import connection

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.contact import normalise_email, normalise_phone
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.text import tokens
from bluelamp.records.people import policy
from bluelamp.records.people.models import Location, Person
from bluelamp.records.people.rules import PersonInput, name_keys

# Every report waits for this query. Written out it takes a third of the time that Django needs to
# put it together; a test compares it with the same query by the ORM.
_MATCH_PERSON_SQL = """
    SELECT id, given_name, family_name, business_name FROM people_person
    WHERE force = %(force)s AND name_keys = %(names)s::varchar[] AND (
        %(email)s <> '' AND email_key = %(email)s
        OR %(phone)s <> '' AND phone_key = %(phone)s
        OR born_on = %(born)s
        OR address_id = %(address)s
    )
    AND (%(email)s = '' OR email_key IN ('', %(email)s))
    AND (%(phone)s = '' OR phone_key IN ('', %(phone)s))
    AND (%(born)s::date IS NULL OR born_on IS NULL OR born_on = %(born)s)
    ORDER BY id LIMIT 20
"""


def find_person_row(*, actor: Actor, person_id: UUID) -> Person:
    """Return a person that the actor may see, with their address.

    Raises:
        NotFound: There is no such person, or another force has them.
    """
    people = policy.person_policy.queryset(actor).select_related("address")
    person = people.filter(id=person_id).first()
    if person is None:
        raise NotFound(policy.person_policy.not_found)
    return person


def find_matching_person(
    *, actor: Actor, details: PersonInput, address: Location | None = None
) -> Person | None:
    """Return the one person on record whom the details can mean, or None.

    They have the same name, and the same e-mail address, phone number or date of birth, and nothing
    in the details contradicts the record: two people may share a phone, or a name and a birthday. A
    business is also recognised by its name and `address`. The search is in the actor's force, for
    the public too, who may see nobody: none of the record is disclosed to them.
    """
    names = (details.given_name, details.family_name, details.business_name)
    # An address identifies a business. People of one name at one address may be father and son.
    is_business = not (details.given_name.strip() or details.family_name.strip())
    params = {
        "force": actor.force,
        "names": name_keys(*names),
        "email": normalise_email(details.email),
        "phone": normalise_phone(details.phone),
        "born": details.born_on,
        "address": address.id if address and is_business else None,
    }
    if not (params["email"] or params["phone"] or params["born"] or params["address"]):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_MATCH_PERSON_SQL, params)
        candidates = cursor.fetchall()
    # The keys are a set: "Ann Mary" has the keys of "Mary Ann". The order of the words decides.
    name = tokens(" ".join(names))
    for person_id, *candidate_names in candidates:
        if tokens(" ".join(candidate_names)) == name:
            return Person.objects.get(id=person_id)
    return None
