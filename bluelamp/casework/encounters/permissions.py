"""The permissions that encounters define."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("encounter.record", "record a stop and search, or another encounter at the scene"),
    Permission("encounter.view", "see the encounters and assessments that they recorded"),
    Permission(
        "encounter.view_all", "see every encounter at the scene of the force, and return them"
    ),
    Permission("encounter.read_copy", "read the record of one's own search", is_public=True),
    Permission("encounter.publish", "download the month's stop and searches for publication"),
    Permission("risk.assess", "assess the risk to a victim"),
    Permission("risk.view_all", "see every risk assessment of the force"),
)
