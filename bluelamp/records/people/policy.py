"""Who may see which people."""

from bluelamp.foundation.accounts.policy import Policy
from bluelamp.records.people.models import Person


class PersonPolicy(Policy[Person]):
    """People of the actor's force."""

    model = Person
    not_found = "There is no such person."


person_policy = PersonPolicy()
