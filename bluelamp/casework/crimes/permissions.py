"""The permissions that crimes define."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("crime.record", "record a crime"),
    Permission("crime.view", "see a crime of the force"),
    Permission("crime.search", "search the force's crimes"),
    Permission("crime.lease_numbers", "take crime numbers ahead for a device"),
    Permission("crime.reclassify", "reclassify a crime"),
    Permission("crime.link", "link crimes"),
)
