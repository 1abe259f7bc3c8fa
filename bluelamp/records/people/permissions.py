"""The permissions that people and places define."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("person.view", "see a person's record"),
    Permission("person.correct", "correct a person's record"),
)
