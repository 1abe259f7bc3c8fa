"""Who may see which crimes, crime numbers and leases: those of their own force."""

from bluelamp.casework.crimes.models import Crime, CrimeItem, CrimeNumber, NumberLease
from bluelamp.foundation.accounts.policy import Policy


class CrimePolicy(Policy[Crime]):
    """Crimes of the actor's force."""

    model = Crime
    not_found = "There is no such crime"


class CrimeItemPolicy(Policy[CrimeItem]):
    """Items of the crimes of the actor's force."""

    model = CrimeItem
    force_field = "crime__force"
    not_found = "There is no such item"


class CrimeNumberPolicy(Policy[CrimeNumber]):
    """Crime numbers of the actor's force."""

    model = CrimeNumber
    not_found = "There is no such number"


class NumberLeasePolicy(Policy[NumberLease]):
    """Number leases of the actor's force."""

    model = NumberLease
    not_found = "There is no such lease"


crime_policy = CrimePolicy()
crime_item_policy = CrimeItemPolicy()
crime_number_policy = CrimeNumberPolicy()
number_lease_policy = NumberLeasePolicy()
