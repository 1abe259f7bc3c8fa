"""The names of a force's streets, for a program that looks them up without us."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from bluelamp.records.reference.lookups import tables
from bluelamp.records.reference.models import Street


class StreetName(NamedTuple):
    """A street's name, and the first halves of the postcodes near each street of that name."""

    name: str
    outwards: tuple[str, ...]


def list_street_names(force_code: str) -> Sequence[StreetName]:
    """Return the names of the streets that a force polices, each once, in order.

    Args:
        force_code: The PNC code of the force.
    """

    @cache
    def is_policed(borough: str) -> bool:
        force = tables.find_policing(borough).force
        return force is not None and force.code == force_code

    names: defaultdict[str, set[str]] = defaultdict(set)
    for name, borough, outward in Street.objects.values_list("name", "borough", "outward"):
        if name and is_policed(borough):
            names[name].add(outward)
    return [
        StreetName(name, tuple(sorted(filter(None, outwards))))
        for name, outwards in sorted(names.items())
    ]
