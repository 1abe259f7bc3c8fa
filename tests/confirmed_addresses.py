"""Addresses that are known to be their owners', so that one-time codes go there."""

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.notifications.confirmed_addresses import (
    PERSON,
    AddressOwner,
    record_confirmed_address,
)
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.models import SavedApplication
from bluelamp.services.firearms.rules.saved import SAVED
from bluelamp.services.requests.models import InformationRequest
from bluelamp.services.requests.rules import CODE_PURPOSE

STAFF = Actor.system("confirmed addresses", permissions={"notification.send"})


def confirm_everybody() -> None:
    """Confirm every e-mail address and phone number that is on record now."""
    for person in Person.objects.all():
        for address in filter(None, (person.email, person.phone)):
            _confirm(AddressOwner(PERSON, person.id), address)
    for saved in SavedApplication.objects.exclude(email=""):
        _confirm(AddressOwner(SAVED, saved.id), saved.email)
    for request in InformationRequest.objects.exclude(email=""):
        _confirm(AddressOwner(CODE_PURPOSE, request.id), request.email)


def _confirm(owner: AddressOwner, address: str) -> None:
    record_confirmed_address(
        actor=STAFF, at=now(), owner=owner, address=address, reference="a test"
    )
