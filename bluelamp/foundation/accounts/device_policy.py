"""Who may see which devices: those of their own force, and supervisors those of their unit."""

from django.db.models import Q

from bluelamp.foundation.accounts.device_models import Device
from bluelamp.foundation.accounts.policy import EVERYTHING, Policy
from bluelamp.foundation.kernel.actor import Actor


class DevicePolicy(Policy[Device]):
    """Devices of the officers of the actor's force.

    Whoever does not manage devices sees those of their own unit, and their own.
    """

    model = Device
    not_found = "There is no such device"

    def for_unit(self, actor: Actor) -> Q:
        """Return the condition on the unit of the device's officer."""
        if actor.may("device.manage"):
            return EVERYTHING
        own = Q(officer_id=actor.id)
        # Somebody without a unit would else see everybody who has none.
        return own | Q(officer__unit=actor.unit) if actor.unit else own


device_policy = DevicePolicy()
