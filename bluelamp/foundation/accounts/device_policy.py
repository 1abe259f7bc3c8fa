"""Who may see which devices: those of their own force."""

from bluelamp.foundation.accounts.device_models import Device
from bluelamp.foundation.accounts.policy import Policy


class DevicePolicy(Policy[Device]):
    """Devices of the officers of the actor's force."""

    model = Device
    not_found = "There is no such device"


device_policy = DevicePolicy()
