"""Get or create locations."""

from collections.abc import Iterable

from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database.fast_sql import (
    get_or_none,
    insert_or_ignore,
)
from bluelamp.foundation.kernel.text import clean_text, reject_unstorable
from bluelamp.records.people.models import Location
from bluelamp.records.people.rules import (
    LocationInput,
    location_key,
)
from bluelamp.records.reference.lookups import find_postcode
from bluelamp.records.reference.rules import (
    MapPosition,
    alphanumeric_upper,
    normalise_postcode,
    resolve_position,
)

MAX_DESCRIPTION = 400


def get_or_create_location(*, actor: Actor, details: LocationInput) -> Location | None:
    """Return the one row of a location, created if it is new; None where none was given.

    A new location with a postcode or a device's position gets its grid reference.

    Raises:
        Refused: The address is too long, or the position is none.
    """
    require_command()
    address = clean_text(
        details.address,
        max_length=MAX_DESCRIPTION,
        field="address",
        label="people.address_label",
    )
    reject_unstorable(details.postcode, field="postcode")
    postcode = normalise_postcode(details.postcode)
    position = resolve_position(
        easting=details.easting,
        northing=details.northing,
        latitude=details.latitude,
        longitude=details.longitude,
    )
    key = location_key(
        address=address,
        postcode=postcode,
        easting=position.easting,
        northing=position.northing,
    )
    if not key:
        return None
    # First without a lock: most places are on record already.
    if location := get_or_none(Location, force=actor.force, location_key=key):
        return location
    if position.easting is None:
        position = _position_of_postcode(postcode) or position
    location = Location(
        force=actor.force,
        address=address,
        postcode=postcode,
        easting=position.easting,
        northing=position.northing,
        latitude=position.latitude,
        longitude=position.longitude,
        accuracy_m=details.accuracy_m,
        location_key=key,
    )
    # The insert waits for whoever creates the same location at this moment, and does nothing if
    # they do: then theirs is the one row.
    if insert_or_ignore(location):
        return location
    return Location.objects.get(force=actor.force, location_key=key)


def _position_of_postcode(postcode: str) -> MapPosition | None:
    place = find_postcode(postcode)
    # `find_postcode` forgives O for 0. Only the very postcode puts a location on the map.
    if place is None or alphanumeric_upper(place.postcode) != alphanumeric_upper(postcode):
        return None
    return MapPosition(
        easting=place.easting,
        northing=place.northing,
        latitude=place.latitude,
        longitude=place.longitude,
    )


def get_or_create_locations(*, actor: Actor, locations: Iterable[LocationInput | None]) -> None:
    """Create several locations where they are new, always in the same order.

    Two transactions that create the same two would otherwise each wait for the other.
    """
    given = [location for location in locations if location]
    for details in sorted(
        given,
        key=lambda details: location_key(address=details.address, postcode=details.postcode),
    ):
        get_or_create_location(actor=actor, details=details)
