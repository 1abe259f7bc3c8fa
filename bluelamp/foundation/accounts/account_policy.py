"""Which accounts somebody may manage."""

from django.db.models import Q

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.policy import EVERYTHING, Policy
from bluelamp.foundation.kernel.actor import Actor, OrganisationKind


class AccountPolicy(Policy[User]):
    """A person of a force manages its accounts; the system also those of no force."""

    model = User
    not_found = "There is no such account."

    def visible_to(self, actor: Actor) -> Q:
        """Return the condition for accounts that the actor may manage."""
        if actor.is_from(OrganisationKind.SYSTEM):
            # the console opens the prosecutors' accounts too, who are of no force
            return EVERYTHING
        return super().visible_to(actor)


account_policy = AccountPolicy()
