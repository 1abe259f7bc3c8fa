"""The demonstration's people have confirmed their addresses: they come back with a code alone."""

from datetime import datetime

from bluelamp.foundation.notifications.confirmed_addresses import (
    PERSON,
    AddressOwner,
    ConfirmedBy,
    confirm_address,
)
from bluelamp.records.people.models import Person
from bluelamp.services.requests.models import InformationRequest
from bluelamp.services.requests.rules import CODE_PURPOSE


def confirm_demo_addresses(*, at: datetime) -> None:
    """Confirm every address that the demonstration has, as part of loading it."""
    for person in Person.objects.all():
        for address in filter(None, (person.email, person.phone)):
            owner = AddressOwner(PERSON, person.id)
            confirm_address(owner, address, at=at, method=ConfirmedBy.AFTER_SENDING)
    for request in InformationRequest.objects.exclude(email=""):
        owner = AddressOwner(CODE_PURPOSE, request.id)
        confirm_address(owner, request.email, at=at, method=ConfirmedBy.AFTER_SENDING)
