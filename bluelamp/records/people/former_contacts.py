"""How somebody could be reached before their record was corrected."""

from dataclasses import dataclass
from uuid import UUID

from bluelamp.foundation.audit.acts import read_within_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.people.models import Link, PersonCorrection
from bluelamp.records.people.rules import LinkRole


@dataclass(frozen=True, kw_only=True, slots=True)
class FormerContact:
    """An e-mail address and a phone number that were replaced; "" for one that was not.

    `is_safe` is what is on record about writing to them; False too where it was false before.
    `roles` are all those that they have in reports and crimes.
    """

    email: str
    phone: str
    is_safe: bool | None
    roles: frozenset[str]

    @property
    def is_suspect(self) -> bool:
        """Return whether they are a suspect, who must not learn what we found out about them."""
        return LinkRole.SUSPECT in self.roles

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return those that were replaced."""
        return tuple(address for address in (self.email, self.phone) if address)


@read_within_act
def get_former_contact(*, actor: Actor, correction_id: UUID) -> FormerContact:
    """Return how somebody could be reached before a correction."""
    correction = PersonCorrection.objects.select_related("person").get(
        id=correction_id, person__force=actor.force
    )
    person, before = correction.person, correction.before
    return FormerContact(
        email=_replaced(before.get("email", ""), person.email),
        phone=_replaced(before.get("phone", ""), person.phone),
        # They may have said so in this correction, or have taken it back in it.
        is_safe=False if "is_safe_to_contact" in before else person.is_safe_to_contact,
        roles=frozenset(Link.objects.filter(person=person).values_list("role", flat=True)),
    )


def _replaced(former: str, current: str) -> str:
    """Return an address, "" where it counts again by now."""
    return former if former != current else ""
